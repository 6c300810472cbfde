"""The film lists: cut list (event to origin), missing elements, where used; as sheets for CSV and people."""

from collections.abc import Sequence
from fractions import Fraction

from edgecode.answers.agreements.relied import RelyingOn, relied_text
from edgecode.answers.chain import Chains, LineageStep, VersionRef, answer_row
from edgecode.answers.cuts.accounts import MEDIA, Medium, capped, version_frames
from edgecode.answers.cuts.explained import told_apart
from edgecode.answers.cuts.figures import UNREAD, clip_name, gap_runs, track_name
from edgecode.answers.cuts.gap_words import GapGroup, gap_groups, gap_question, places_text
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import counted
from edgecode.answers.layout.sheets import LAST_COLUMNS, Sheet, cell
from edgecode.answers.matchback.answer import grade_text, origin_text
from edgecode.answers.matchback.people_seen import PersonSeen, people_behind, people_text
from edgecode.answers.matchback.text import made_by, model_text
from edgecode.answers.matchback.where_used import Use
from edgecode.terms.cuts import Clip
from edgecode.terms.evidence import Reason
from edgecode.terms.origins import Account, letter_of, reasons_of
from edgecode.terms.timebase import exact_number, label_of_frame

CUT_LIST_COLUMNS = (
    "Event",
    "Reel",
    "Track",
    "Clip",
    "Record in",
    "Record out",
    "Frames",
    "Source in",
    "Source out",
    "Version",
    "Origin",
    "Maker",
    "Persons",
    "Consents / licenses",
    "Open findings",
    *LAST_COLUMNS,
)
MISSING_COLUMNS = (
    "Gap",
    "Reel",
    "Record in",
    "Record out",
    "Frames",
    "Event",
    "Clip",
    "Source file / reel",
    "Reason",
    "Best candidate",
    "Question that settles it",
    "Owner",
    "Status",
    "Waived by / until",
    *LAST_COLUMNS,
)
WHERE_USED_COLUMNS = (
    "No.",
    "Cut",
    "Reel",
    "Track",
    "Clip",
    "Record in",
    "Record out",
    "Frames",
    "Version",
    "How",
    "Seen",
    "Origin",
    *LAST_COLUMNS,
)


def cut_list(view: CutView, chains: Chains, *, production: str = "", relying: RelyingOn | None = None) -> Sheet:
    """Every event of the cut with its origin, in record order; hidden clips are listed and never counted. *relying*: which consents and
    licenses frames rely on."""
    accounts = _accounts(view)
    chains.read(match.version for match in view.matches if match.version is not None)
    order = sorted(range(len(view.clips)), key=lambda n: (view.clips[n].record_in, view.clips[n].path, n))
    rows = [
        _cut_row(view, number, event, accounts.get(number), chains, relying) for event, number in enumerate(order, 1)
    ]
    hidden = sum(1 for number in order if number not in accounts)
    foot = f"{counted(len(rows), 'event')}, {hidden:,} of them hidden (listed, not counted)"
    return Sheet(_title("CUT LIST", view, production), CUT_LIST_COLUMNS, tuple(rows), foot=(foot,))


def missing_elements(view: CutView, chains: Chains, *, production: str = "") -> Sheet:
    """Everything unaccounted, one row for each clip and reason, picture first; the question says where, when it is in pieces."""
    found: list[tuple[Medium, GapGroup]] = [
        (medium, group) for medium in MEDIA for group in gap_groups(gap_runs(view.runs(medium)))
    ]
    rows = [_missing_row(view, gap, number, chains) for number, (_, gap) in enumerate(found, 1)]
    head = []
    for medium in MEDIA:
        frames = sum(run.frames for run in view.runs(medium) if letter_of(run.account) == "U")
        gaps = sum(len(group.spans) for kind, group in found if kind == medium)
        head.append(f"{medium}: {counted(frames, 'frame')} in {counted(gaps, 'gap')}")
    return Sheet(_title("MISSING ELEMENTS", view, production), MISSING_COLUMNS, tuple(rows), head=tuple(head))


def where_used(found: Sequence[Use], chains: Chains, *, what: str) -> Sheet:
    """Every use of something in every cut; zero uses are said, not left out."""
    chains.read(use.version for use in found)
    rows = [_use_row(use, number, chains) for number, use in enumerate(found, 1)]
    cuts = len({use.view.cut for use in found})
    frames = counted(sum(use.end - use.first for use in found), "frame")
    foot = (
        f"{counted(len(rows), 'use')} in {counted(cuts, 'cut')}, {frames}"
        if rows
        else "0 uses in the cuts of this production"
    )
    return Sheet(f"WHERE USED  {what}", WHERE_USED_COLUMNS, tuple(rows), foot=(foot,))


def _title(paper: str, view: CutView, production: str) -> str:
    named = f'"{production}"  ' if production else ""
    return f"{paper}  {named}{view.name}   {view.clock.rate.spoken} fps   {counted(view.clock.frames, 'frame')}"


def _accounts(view: CutView) -> dict[int, Account]:
    """What every clip that is seen or heard is made of, over all its frames."""
    found: dict[int, Account] = {}
    for medium in MEDIA:
        for run in view.runs(medium):
            for one in run.contributors:
                found[one.clip] = found.get(one.clip, 0) | capped(one.account, effects_visible=view.effects_visible)
    return found


def _cut_row(
    view: CutView, number: int, event: int, account: Account | None, chains: Chains, relying: RelyingOn | None
) -> tuple[str, ...]:
    clip, match = view.clips[number], view.match_of.get(number)
    version = match.version if match is not None else None
    first, end = record_frames(clip)
    step = _standing(view, number, chains, version, account)
    return (
        cell(clip.event or str(event)),
        _reel(view, first),
        track_name(clip, view.tracks),
        clip_name(clip),
        view.clock.label(first),
        view.clock.label(end),
        cell(end - first),
        _source(clip, out=False),
        _source(clip, out=True),
        cell(chains.ref(version).name if version is not None else None),
        origin_text(account) if account is not None else "hidden",
        _maker(clip, step, account),
        cell(people_text(_people(view, number, chains, version))),
        cell(relied_text(relying(view, number, first, end)) if relying is not None and account is not None else None),
        _findings(account),
        *_evidence(chains, version, account, step),
    )


def _people(view: CutView, number: int, chains: Chains, version: int | None) -> tuple[PersonSeen, ...]:
    """Who is noted in the frames that a clip shows, through everything that these were made from."""
    if version is None:
        return ()
    clip = view.clips[number]
    first, end = record_frames(clip)
    shown = version_frames(clip, view.match_of[number], Fraction(first), Fraction(end))
    return people_behind(chains, version, shown if chains.row(version).first is not None else None)


def _missing_row(view: CutView, gap: GapGroup, number: int, chains: Chains) -> tuple[str, ...]:
    clip = view.clips[gap.clip] if gap.clip >= 0 else None
    match = view.match_of.get(gap.clip)
    version = match.version if match is not None else None
    step = _first_step(chains, version)
    return (
        str(number),
        _reel(view, gap.first),
        view.clock.label(gap.first),
        view.clock.label(gap.end),
        cell(gap.frames),
        cell(clip.event if clip is not None else None),
        clip_name(clip) if clip is not None else UNREAD,
        cell(_source_file(clip)),
        gap.reason.value,
        _candidate(view, gap, chains),
        _question(view, gap, chains) + places_text(view, gap),
        cell(None),
        "open",
        "not waived",
        *_evidence(chains, version, None, step),
    )


def _use_row(use: Use, number: int, chains: Chains) -> tuple[str, ...]:
    view = use.view
    account = capped(use.account, effects_visible=view.effects_visible)
    version = chains.ref(use.version).name
    how = "shown" if use.direct else f"made from {chains.ref(use.target).name}"
    how = f"one of several that fit: {how}" if use.is_candidate else how
    return (
        str(number),
        view.name,
        _reel(view, use.first),
        track_name(view.clips[use.clip], view.tracks),
        clip_name(view.clips[use.clip]),
        view.clock.label(use.first),
        view.clock.label(use.end),
        cell(use.end - use.first),
        version,
        how,
        use.visibility.value,
        origin_text(account),
        *_evidence(chains, use.version, account, _first_step(chains, use.version)),
    )


def record_frames(clip: Clip) -> tuple[int, int]:
    """The whole frames of the cut that a clip touches, half open."""
    return clip.record_in.__floor__(), clip.record_out.__ceil__()


def _evidence(
    chains: Chains, version: int | None, account: Account | None, step: LineageStep | None
) -> tuple[str, str, str]:
    code = chains.ref(version).edge_code if version is not None else ""
    grade = grade_text(account) if account is not None else "none"
    ledger = str(step.ledger) if step is not None else ""
    said = "unaccounted" if grade == "none" else grade
    return cell(code), said, cell(ledger)


def _first_step(chains: Chains, version: int | None) -> LineageStep | None:
    return chains.first_step(version) if version is not None else None


def _standing(
    view: CutView, clip: int, chains: Chains, version: int | None, account: Account | None
) -> LineageStep | None:
    """What says how a clip's version was made; where nothing does and the clip is accounted for, the answer about the clip itself."""
    step, given = _first_step(chains, version), view.told.given.get(clip)
    if given is None or account is None or letter_of(account) == "U" or (step is not None and step.kind is not None):
        return step
    return answer_row(given, VersionRef(name=clip_name(view.clips[clip])))


def _maker(clip: Clip, step: LineageStep | None, account: Account | None) -> str:
    if step is not None and (step.kind is not None or step.attempts):
        return " · ".join((made_by(step), *map(model_text, step.models)))
    if account is None or letter_of(account) == "U":
        return cell(None)
    return "edit decision" if clip.kind in ("black", "title", "generator") else "somebody's word"


def _findings(account: Account | None) -> str:
    if account is None:
        return "none"
    return ", ".join(reason.value for reason in reasons_of(account)) or "none"


def _source(clip: Clip, *, out: bool) -> str:
    """A source position as a label at the source's own rate; frame numbers of sequences and parts of frames as exact numbers."""
    at = clip.source_out if out else clip.source_in
    if at is None:
        return cell(None)
    if clip.source_rate is None or at.denominator != 1 or at < 0 or clip.media.kind == "sequence":
        return str(exact_number(at))
    return label_of_frame(at.numerator, clip.source_rate)


def _source_file(clip: Clip | None) -> str:
    if clip is None:
        return ""
    media = clip.media
    return next(iter((*media.targets, *media.names)), "") or media.reel_full or media.reel


def _reel(view: CutView, frame: int) -> str:
    return next((name for name, span in view.reels if frame in span), "1")


def _candidate(view: CutView, gap: GapGroup, chains: Chains) -> str:
    match = view.match_of.get(gap.clip)
    if match is None:
        return "none"
    candidates = match.candidates if match.version is None else (match.version,)
    names = ", ".join(told_apart(map(chains.row, candidates[:3])).values())
    more = f" and {len(candidates) - 3:,} more" if len(candidates) > 3 else ""
    return f"{names}{more} ({match.why})" if names else match.why or "none"


def _question(view: CutView, gap: GapGroup, chains: Chains) -> str:
    """The reason's question, about the version behind the clip that it is really about."""
    match = view.match_of.get(gap.clip)
    if match is not None and match.version is not None and gap.reason in (Reason.NO_STEP, Reason.DANGLING_PARENT):
        names = [unknown.what for unknown in chains.unknowns(match.version, None) if unknown.reason == gap.reason.value]
        if names:
            more = f" (and {len(names) - 1:,} more)" if len(names) > 1 else ""
            return f"{gap.reason.question.rstrip('?').replace(' it', '')} {names[0]}{more}?"
    return gap_question(view, gap)
