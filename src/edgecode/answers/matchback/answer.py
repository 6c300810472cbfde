"""Matchback: from a frame, an edge code or a file to who or what made it, from what, and how well that is known (matchback/1)."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from edgecode.answers.agreements.relied import Relied, RelyingOn
from edgecode.answers.chain import Chains, LineageStep, Unknown, VersionRef, answer_row
from edgecode.answers.cuts.accounts import MEDIA, Contributor, Medium, capped, version_frames
from edgecode.answers.cuts.figures import clip_name, track_name
from edgecode.answers.cuts.gap_words import GapGroup, gap_question
from edgecode.answers.cuts.timecodes import frame_number, is_label
from edgecode.answers.cuts.view import CutView
from edgecode.answers.matchback.people_seen import PersonSeen, people_behind, unknown_people
from edgecode.answers.matchback.where_used import Use, uses
from edgecode.errors import InputError, NotFoundError
from edgecode.index.catalogue import VersionRow, frames_of_content, resolve_edge_code, versions_of_content
from edgecode.index.conform import Match
from edgecode.index.store import IndexStore
from edgecode.terms.evidence import Reason, Visibility
from edgecode.terms.identity import EdgeCode, Sha256, as_given, read_edge_code
from edgecode.terms.origins import Account, ai_of, classes_of, grade_of, letter_of, reasons_of, unaccounted

SCHEMA = "edgecode.matchback/1"
GoneSections = Callable[[int], Sequence[str]]
"""Names of sections that an entry of the ledger committed to and that cannot be opened any more (erased or sealed by others)."""


class Conform(Struct, frozen=True):
    """How the clip was matched to its version; *confidence* 0 to 100."""

    method: str
    confidence: int
    why: str = ""


class OnScreen(Struct, frozen=True):
    """One clip at the place asked about, with everything behind it.

    *frame*, *frames*: the record frame from the start of *cut*, and for how many this holds. *source_frame*: the version's own frame
    number, None where it has none or the retime cannot be computed. *origin*: the letter, a mixed one with its set. *grade* ``none``:
    unaccounted. *lineage*: an answer about the clip itself first, then the chain of its version. *agreements*: consents and licenses on
    file that come nearest for these frames.
    """

    cut: str
    frame: int
    tc: str
    frames: int
    clip: str
    track: str
    visibility: Visibility
    version: VersionRef | None
    source_frame: int | None
    conform: Conform
    origin: str
    ai: str
    grade: str
    lineage: tuple[LineageStep, ...]
    people: tuple[PersonSeen, ...]
    unknowns: tuple[Unknown, ...]
    medium: Medium = "picture"
    agreements: tuple[Relied, ...] = ()


class Matchback(Struct, frozen=True, tag_field="schema", tag=SCHEMA):
    """The answer. *origin* and *grade* are of everything on screen together: the weakest grade of the chains is the answer's.

    *found*: the versions that an edge code or a file names, each with its chain, whether a cut uses them or not; *people*: who is
    behind these.
    """

    at: str
    origin: str
    grade: str
    on_screen: tuple[OnScreen, ...]
    found: tuple[VersionRef, ...] = ()
    lineage: tuple[LineageStep, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    people: tuple[PersonSeen, ...] = ()


def matchback(
    store: IndexStore,
    view: CutView,
    at: str,
    *,
    others: Iterable[CutView] = (),
    gone: GoneSections | None = None,
    reveal: bool = False,
    relying: RelyingOn | None = None,
) -> Matchback:
    """The answer for a record timecode, a frame number from the start of the cut, or an edge code in any spelling.

    An edge code is followed into *view* and every one of *others*; *reveal* as in `matchback_code`. Raises InputError for what is none of
    these, NotFoundError ``cut.no_such_frame`` outside the cut and ``edge_code.unknown`` for a code that names nothing here.
    """
    reel, label = _reel_and_label(at)
    if reel:
        return matchback_frame(store, view, _in_reel(view, reel, label), asked=at, gone=gone, relying=relying)
    plain = frame_number(at)
    if plain is not None:
        return matchback_frame(store, view, view.clock.inside(plain), asked=at, gone=gone, relying=relying)
    if is_label(at):
        return matchback_frame(store, view, view.clock.frame(at.strip()), asked=at, gone=gone, relying=relying)
    return matchback_code(store, [view, *others], _code_at(at), gone=gone, reveal=reveal, relying=relying)


def _code_at(at: str) -> EdgeCode:
    try:
        return read_edge_code(at)
    except InputError as error:
        raise InputError(
            error.code,
            f"{as_given(at.strip())} is no timecode, frame number or edge code",
            "Give a record timecode (01:00:54:14), a frame number from 0, or an edge code",
        ) from error


def _reel_and_label(at: str) -> tuple[str, str]:
    """``R3 01:12:33:07`` as reel and label; ("", "") for anything else."""
    first, _, label = at.strip().partition(" ")
    if first[:1] in "Rr" and first[1:].isdigit() and is_label(label):
        return first[1:].lstrip("0"), label.strip()
    return "", ""


def _in_reel(view: CutView, reel: str, label: str) -> int:
    frame = view.clock.frame(label)
    if any(name == reel and frame in span for name, span in view.reels):
        return frame
    raise NotFoundError("cut.no_such_frame", f"reel {reel} of this cut has no frame {label}", "Leave the reel out")


def matchback_frame(
    store: IndexStore,
    view: CutView,
    frame: int,
    *,
    asked: str = "",
    gone: GoneSections | None = None,
    relying: RelyingOn | None = None,
) -> Matchback:
    """The chains of everything seen and heard at one frame of a cut, top of the picture first."""
    chains = Chains(store, gone=gone)
    found: list[OnScreen] = []
    together: Account = 0
    for medium in MEDIA:
        run = next((run for run in view.runs(medium) if run.first <= frame < run.end), None)
        if run is None:
            continue
        together |= run.account if medium == "picture" else 0
        found += [
            _on_screen(view, one, chains, frame, frame + 1, medium, relying) for one in reversed(run.contributors)
        ]
    at = f"{view.name} {view.clock.label(frame)}" + (f" ({asked.strip()})" if asked else "")
    return Matchback(at, origin_text(together), grade_text(together), tuple(found))


def matchback_code(
    store: IndexStore,
    views: Iterable[CutView],
    code: EdgeCode,
    *,
    gone: GoneSections | None = None,
    reveal: bool = False,
    relying: RelyingOn | None = None,
) -> Matchback:
    """Everything that an edge code names, and every use of it. *reveal*: also by a code that a declaration of somebody's scan, voice or
    capture retired. Raises NotFoundError ``edge_code.unknown``."""
    rows = resolve_edge_code(store, code, retired=reveal)
    if not rows:
        raise NotFoundError(
            "edge_code.unknown",
            f"no version here has the edge code {code}",
            "Check the code, or scan the media it was printed for",
        )
    framed = [(row, _frame_of(row, code.frame)) for row in rows]
    return _of_versions(store, views, framed, at=str(code), gone=gone, relying=relying)


def matchback_file(
    store: IndexStore,
    views: Iterable[CutView],
    digest: Sha256,
    *,
    at: str,
    gone: GoneSections | None = None,
    relying: RelyingOn | None = None,
) -> Matchback:
    """Every version with these bytes (a file's SHA-256, a sequence root, or one frame of a sequence), and every use of it.

    Raises NotFoundError ``file.unknown``.
    """
    rows: list[tuple[VersionRow, int | None]] = [(row, None) for row in versions_of_content(store, digest)]
    rows += list(frames_of_content(store, digest))
    if not rows:
        raise NotFoundError("file.unknown", "no version here has these bytes", "Scan the folder that holds this file")
    return _of_versions(store, views, rows, at=at, gone=gone, relying=relying)


def origin_text(account: Account) -> str:
    """The letter of an account; a mixed one with its set: ``M{C,G}``."""
    letter = letter_of(account)
    return f"M{{{','.join(classes_of(account))}}}" if letter == "M" else letter


def grade_text(account: Account) -> str:
    """The grade of an account, ``none`` where it is unaccounted."""
    grade = grade_of(account)
    return grade.value if grade is not None else "none"


def _of_versions(
    store: IndexStore,
    views: Iterable[CutView],
    rows: Sequence[tuple[VersionRow, int | None]],
    *,
    at: str,
    gone: GoneSections | None,
    relying: RelyingOn | None,
) -> Matchback:
    chains = Chains(store, gone=gone)
    targets: dict[int, tuple[int, int] | None] = {
        row.id: (frame, frame + 1) if frame is not None else None for row, frame in rows
    }
    together: Account = 0
    lineage: list[LineageStep] = []
    unknowns: list[Unknown] = []
    people: list[PersonSeen] = []
    for row, frame in rows:
        together |= chains.account_of(row.id, frame)
        span = (frame, frame + 1) if frame is not None else None
        lineage += chains.lineage(row.id, span)
        unknowns += chains.unknowns(row.id, span)
        people += people_behind(chains, row.id, span)
    return Matchback(
        at,
        origin_text(together),
        grade_text(together),
        tuple(_used(use, chains, relying) for use in uses(store, views, targets)),
        tuple(chains.ref(row.id, frame) for row, frame in rows),
        tuple(lineage),
        tuple(dict.fromkeys([*unknowns, *unknown_people(people)])),
        tuple(dict.fromkeys(people)),
    )


def _used(use: Use, chains: Chains, relying: RelyingOn | None) -> OnScreen:
    one = Contributor(use.clip, use.visibility, use.view.match_of[use.clip].method, use.account)
    return _on_screen(use.view, one, chains, use.first, use.end, use.medium, relying)


def _on_screen(
    view: CutView,
    one: Contributor,
    chains: Chains,
    first: int,
    end: int,
    medium: Medium,
    relying: RelyingOn | None,
) -> OnScreen:
    clip, match = view.clips[one.clip], view.match_of.get(one.clip)
    account = capped(one.account, effects_visible=view.effects_visible)
    shown = version_frames(clip, match, Fraction(first), Fraction(end)) if match is not None else None
    version = match.version if match is not None else None
    if version is not None and chains.row(version).first is None:
        shown = None
    answered = _answer_about(view, one, chains, version, shown)
    chain = chains.lineage(version, shown) if version is not None else []
    people = people_behind(chains, version, shown) if version is not None else ()
    return OnScreen(
        cut=view.name,
        frame=first,
        tc=view.clock.label(first),
        frames=end - first,
        clip=clip_name(clip),
        track=track_name(clip, view.tracks),
        visibility=one.visibility,
        version=chains.ref(version, shown[0] if shown else None) if version is not None else None,
        source_frame=shown[0] if shown else None,
        conform=_conform(match, one),
        origin=origin_text(account),
        ai=ai_of(account).value,
        grade=grade_text(account),
        lineage=(*answered, *chain),
        people=people,
        unknowns=(
            *_unknowns(view, one, chains, None if answered else version, shown, (first, end)),
            *unknown_people(people),
        ),
        medium=medium,
        agreements=relying(view, one.clip, first, end) if relying is not None else (),
    )


def _answer_about(
    view: CutView, one: Contributor, chains: Chains, version: int | None, shown: tuple[int, int] | None
) -> list[LineageStep]:
    """The answer about the clip itself, where coverage rests on it: no version is known, or nothing explains the one that is."""
    given, match = view.told.given.get(one.clip), view.match_of.get(one.clip)
    if given is None:
        return []
    if version is not None:
        is_used = chains.account_of(version, shown[0] if shown else None) == unaccounted(Reason.NO_STEP)
    else:
        is_used = match is None or match.reason not in reasons_of(one.account)
    if not is_used:
        return []
    return [answer_row(given, VersionRef(name=clip_name(view.clips[one.clip])))]


def _unknowns(
    view: CutView,
    one: Contributor,
    chains: Chains,
    version: int | None,
    shown: tuple[int, int] | None,
    span: tuple[int, int],
) -> tuple[Unknown, ...]:
    """What is open about a clip: its own match, then everything open behind its version."""
    behind = chains.unknowns(version, shown) if version is not None else []
    said = {unknown.reason for unknown in behind}
    name = clip_name(view.clips[one.clip])
    own = [
        Unknown(name, reason.value, gap_question(view, GapGroup(one.clip, reason, (span,))))
        for reason in reasons_of(one.account)
        if reason.value not in said
    ]
    return tuple(dict.fromkeys([*(own if letter_of(one.account) == "U" else []), *behind]))


def _conform(match: Match | None, one: Contributor) -> Conform:
    if match is None:
        return Conform(one.method.value, 0)
    return Conform(one.method.value, match.confidence, match.why)


def _frame_of(row: VersionRow, counted: int | None) -> int | None:
    """A version's own number of the frame that an edge code counts from zero."""
    return None if counted is None or row.first is None else row.first + counted
