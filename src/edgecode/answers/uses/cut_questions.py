"""What the desk asks of a cut itself: frames that are not accounted for, effects that its format hides, models that nobody speaks of."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.accounts import MEDIA
from edgecode.answers.cuts.figures import clip_name, gap_runs
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import counted
from edgecode.answers.uses.declared import WHOLE_CUT
from edgecode.answers.uses.derived import Derived
from edgecode.answers.uses.derived import derived as derive
from edgecode.answers.uses.on_screen import shown_frames, track_of
from edgecode.answers.uses.places import joined
from edgecode.answers.uses.reaching import cut_out
from edgecode.answers.uses.taken_back import NOBODY_NAMED, ByHand
from edgecode.answers.uses.taken_from_lost import released_versions, versions_barred
from edgecode.checks.desk_questions import (
    DOUBTFUL,
    EMPTY,
    GAPS,
    HIDDEN,
    MAKING_TAKEN,
    RECORD_TAKEN,
    ROWS_MISSING,
    UNCLEAR,
    UNREAD,
    Cast,
    asked,
)
from edgecode.checks.findings import Finding, answered
from edgecode.checks.register import Register
from edgecode.checks.standing_consents import consent_is_lost, consent_stands
from edgecode.checks.uses import NOBODY_KNOWS, Span, Use
from edgecode.events.rights_kinds import FindingAnswered
from edgecode.index.catalogue import version_rows
from edgecode.index.persons import day_of
from edgecode.index.rights import rights
from edgecode.index.store import IndexStore
from edgecode.terms.evidence import Visibility
from edgecode.terms.identity import RecordId
from edgecode.terms.timebase import FrameRange

Casts = Mapping[RecordId, Cast]


def cut_findings(
    view: CutView, derived: Derived, store: IndexStore, register: Register, *, today: str
) -> list[Finding]:
    """Every question about the cut that has no good answer, in a stable order."""
    casts = casts_of(view, derived, register, today=today)
    gaps = list(_gaps(view, store, casts))
    return [
        *gaps,
        *_of_the_cut(view),
        *_unclear(view, derived, casts),
        *_doubtful(view, derived, casts, gaps),
        *_taken_back(view, derived, casts, register, today=today),
    ]


def _doubtful(view: CutView, derived: Derived, casts: Casts, gaps: Iterable[Finding]) -> Iterator[Finding]:
    """Of somebody on screen nobody knows whether they were filmed or made, in frames that are accounted for: the others are a gap."""
    open_spans: dict[tuple[int, str], list[Span]] = {}
    for gap in gaps:
        for span in gap.use.spans:
            open_spans.setdefault((span.clip, span.medium), []).append(span)
    for use in derived.uses:
        is_open = use.kind == "performance" and use.facts.get("use.recorded_making") is False
        doubtful = derived.doubtful.get(use.key, ()) if is_open and use.person_state != "unstated" else ()
        spans = tuple(
            part for span in doubtful for part in _outside(span, open_spans.get((span.clip, span.medium), ()))
        )
        if spans:
            why = f"{use.alias or 'somebody'} is noted in a version that is partly recorded and partly made, and nobody says in which part"
            yield asked(
                DOUBTFUL,
                why,
                cut=view.cut,
                spans=spans,
                shown=shown_frames(view, spans),
                version=use.version,
                subject=use.key,
                use=use,
                cast=casts.get(use.version or use.key),
            )


def _taken_back(view: CutView, derived: Derived, casts: Casts, register: Register, *, today: str) -> Iterator[Finding]:
    """What was taken back and left a version without the person, or without the model's hand in them, to which it had led."""
    met: set[tuple[str, RecordId]] = set()
    barred = versions_barred(view, derived, register, today=today)
    released = released_versions(view, derived, register, today=today)
    for one in derived.taken_back:
        if one.version in released:
            continue
        lost = _unconsented(one.persons, register, today)
        missed = one.softened | _unconsented(one.left_out, register, today)
        if one.by_hand == "picked":
            # To pick one of several is how a cut is settled; only what was taken back keeps the question.
            missed = frozenset(who for who in one.softened | one.left_out if consent_is_lost(register, who, today))
        asks = []
        if one.is_step and register.persons:
            asks.append(
                (MAKING_TAKEN, "the step that made something in it was taken back, and none was recorded in its place")
            )
        elif missed:
            step = "a step that made something in it was taken back, and what was recorded in its place"
            why = _BY_HAND[one.by_hand] or step
            asks.append((MAKING_TAKEN, f"{why} says less of {_called(missed, register)}"))
        if lost:
            why = f"a replica or session of {_called(lost, register)}, whose consent is missing or lost, was taken back"
            asks.append((RECORD_TAKEN, why))
        for rule, why in asks:
            if (rule.id, one.version) in met:
                continue
            met.add((rule.id, one.version))
            cast = casts.get(one.version, Cast())
            cast = replace(cast, persons=cast.persons | lost | missed, is_lost=one.version in barred)
            shown = shown_frames(view, one.spans)
            yield asked(rule, why, cut=view.cut, spans=one.spans, shown=shown, version=one.version, cast=cast)


_BY_HAND: Mapping[ByHand, str] = {
    "": "",
    "said": "a clip was said to show it, which by the cut itself or by what was said before shows something else, and what it shows now",
    "picked": "it was picked of several versions that the cut leaves open, and what it shows",
}


def _unconsented(persons: Iterable[int], register: Register, today: str) -> frozenset[int]:
    """Those whose consent is missing or lost; of one who cannot be told it is."""
    return frozenset(
        who for who in persons if not consent_stands(register, None if who == NOBODY_NAMED else who, today)
    )


def _called(persons: Iterable[int], register: Register) -> str:
    return ", ".join(sorted(register.persons[who].alias if who in register.persons else "somebody" for who in persons))


def _outside(span: Span, taken: Iterable[Span]) -> Iterator[Span]:
    for first, end in cut_out(((span.first, span.end),), [(one.first, one.end) for one in taken]):
        yield replace(span, first=first, end=end)


def casts_of(view: CutView, derived: Derived, register: Register, *, today: str) -> Casts:
    """Who is in each version on screen, by its record id."""
    by_version: dict[str, list[Use]] = {}
    for use in derived.uses:
        if use.version and use.kind != "train":
            by_version.setdefault(use.version, []).append(use)
    behind = derived.behind
    stands: dict[int | None, bool] = {}
    barred = versions_barred(view, derived, register, today=today)
    found: dict[str, Cast] = {}
    for version in {*by_version, *behind, *barred}:
        uses = by_version.get(version, [])
        persons = frozenset(one for use in uses for one in use.beside)
        known = {one if one != NOBODY_KNOWS else None for one in persons}
        for one in known - stands.keys():
            stands[one] = consent_stands(register, one, today)
        names = frozenset(use.alias or use.person_state for use in uses if use.person_state in _SOMEBODY)
        about = behind.get(version, frozenset()).union(*(use.about for use in uses))
        found[version] = Cast(persons, names, about, version in barred or not all(stands[one] for one in known))
    return found


_SOMEBODY = ("recorded", "erased", "unknown")


def waived_frames(view: CutView, store: IndexStore, *, now: int) -> list[FrameRange]:
    """Frames of the picture whose gaps a member waived or cleared, by answers that count on the day of *now* (milliseconds since 1970), or
    on that of the newest entry where it is later."""
    if not rights(store, FindingAnswered):
        return []
    register = Register.read(store)
    today = day_of(max(now, register.newest))
    casts = casts_of(view, derive(view, Chains(store), register), register, today=today)
    settled = [
        one for one in _gaps(view, store, casts) if answered(one, register, today=today).answered.state in _SETTLED
    ]
    spans = [span for one in settled for span in one.use.spans if span.medium == "picture"]
    return [FrameRange(span.first, span.end) for span in spans]


_SETTLED = ("waived", "cleared")


def _of_the_cut(view: CutView) -> Iterator[Finding]:
    if not view.clock.frames:
        yield asked(EMPTY, "the cut has no frames", cut=view.cut, outcome="fail")
    if view.told.rows_missing:
        why = f"{counted(view.told.rows_missing, 'row')} of the cut could not be read, so it may be longer"
        yield asked(ROWS_MISSING, why, cut=view.cut)
    if view.unread:
        why = f"{view.unread:,} entries of the record cannot be read here, and may say otherwise"
        yield asked(UNREAD, why, cut=view.cut)
    hidden = [
        Span(run.first, run.end, WHOLE_CUT, WHOLE_CUT, "picture", Visibility.CERTAIN)
        for run in view.runs()
        if run.effects_hidden
    ]
    if hidden:
        spans = joined(_touching(hidden))
        frames = sum(span.frames for span in spans)
        why = f"effects are not visible in this format: {frames:,} frames"
        yield asked(HIDDEN, why, cut=view.cut, spans=spans)


def _touching(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for span in spans:
        if found and found[-1].end == span.first:
            last = found.pop()
            span = Span(last.first, span.end, span.clip, span.track, span.medium, span.visibility)
        found.append(span)
    return found


def _gaps(view: CutView, store: IndexStore, casts: Casts) -> Iterator[Finding]:
    """One finding for each version, or clip without one, and reason."""
    grouped: dict[tuple[int | None, int, str], list[Span]] = {}
    for medium in MEDIA:
        for gap in gap_runs(view.runs(medium)):
            match = view.match_of.get(gap.clip)
            version = match.version if match is not None else None
            key = version, (-1 if version is not None else gap.clip), gap.reason.value
            track = track_of(view, gap.clip) if gap.clip >= 0 else WHOLE_CUT
            span = Span(gap.first, gap.end, gap.clip, track, medium, Visibility.CERTAIN)
            grouped.setdefault(key, []).append(span)
    rows = version_rows(store, {version for version, _, _ in grouped if version is not None}, places=False)
    for (version, clip, reason), spans in grouped.items():
        rule = next(rule for one, rule in GAPS.items() if one.value == reason)
        question = next(one for one in GAPS if one.value == reason).question
        what = clip_name(view.clips[spans[0].clip]) if spans[0].clip >= 0 else "a row that could not be read"
        yield asked(
            rule,
            f"{what}: {question}",
            cut=view.cut,
            spans=joined(spans),
            shown=shown_frames(view, spans),
            version=rows[version].key if version is not None else "",
            clip=view.keys[clip] if version is None and clip >= 0 else "",
            cast=casts.get(rows[version].key) if version is not None else None,
        )


def _unclear(view: CutView, derived: Derived, casts: Casts) -> Iterator[Finding]:
    seen: dict[RecordId, list[str]] = {}
    for use in derived.uses:
        if use.alias:
            seen.setdefault(use.version, []).append(use.alias)
    for one in derived.unclear:
        who = ", ".join(sorted(set(seen.get(one.version, [])))) if one.version else ""
        why = "nobody says whether a model had a hand in it" + (f"; {who} is in it" if who else "")
        clip = view.keys[one.spans[0].clip] if not one.version else ""
        yield asked(
            UNCLEAR,
            why,
            cut=view.cut,
            spans=one.spans,
            shown=shown_frames(view, one.spans),
            version=one.version,
            clip=clip,
            cast=casts.get(one.version),
        )
