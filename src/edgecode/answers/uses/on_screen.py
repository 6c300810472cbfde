"""Where clips show their versions: stretches of the cut, and the marks that reach them, frame by frame of the cut."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.cuts.accounts import (
    MEDIA,
    Medium,
    effects_account,
    medium_of_track,
    seen_account,
    touched,
    version_frames,
)
from edgecode.answers.cuts.view import CutView
from edgecode.answers.uses.likeness import Mark, altered_by
from edgecode.answers.uses.reaching import ALL, Marks, cut_out, shared
from edgecode.checks.uses import Span
from edgecode.index.conform import Match
from edgecode.index.lineage import Ranges
from edgecode.terms.evidence import AiUse, Visibility
from edgecode.terms.origins import Account, ai_of, letter_of


class Stretch(Struct, frozen=True):
    """Frames of the cut in which a clip counts. *account*: everything that it is made of there."""

    clip: int
    first: int
    end: int
    medium: Medium
    visibility: Visibility
    account: Account


def stretches(view: CutView) -> dict[int, list[Stretch]]:
    """By clip where it is seen or heard, certainly or possibly, in the order of the cut."""
    found: dict[int, list[Stretch]] = {}
    for medium in MEDIA:
        for run in view.runs(medium):
            for one in run.contributors:
                listed = found.setdefault(one.clip, [])
                last = listed[-1] if listed else None
                if last is not None and (last.end, last.visibility, last.medium) == (run.first, one.visibility, medium):
                    listed[-1] = replace(last, end=run.end, account=last.account | one.account)
                else:
                    listed.append(Stretch(one.clip, run.first, run.end, medium, one.visibility, one.account))
    return found


def versions_shown(match: Match | None) -> tuple[int, ...]:
    """The versions (dense ids) that a clip shows; of one that nobody settled every candidate."""
    if match is None:
        return ()
    return (match.version,) if match.version is not None else tuple(dict.fromkeys(match.candidates))


def is_placed(view: CutView, match: Match) -> bool:
    """Whether the frames of its version that a clip shows are known."""
    is_exact = view.clips[match.clip].placed == "exact"
    return match.version is not None and match.first is not None and match.scale is not None and is_exact


def worked_on(view: CutView, clip: int) -> list[tuple[int, int, AiUse]]:
    """Frames of the cut in which the editing program's own visible effects on a clip are more than plain ones."""
    one = view.clips[clip]
    said = ai_of(effects_account(one, effects_visible=True, declared_plain=clip in view.told.plain_effects) | _CLASS)
    found: list[tuple[int, int, AiUse]] = []
    if said is not AiUse.NONE:
        found.append((floor(one.record_in), ceil(one.record_out), said))
    medium = medium_of_track(view.tracks, one.path[0]) if one.path else "picture"
    for transition in view.transitions:
        is_here = one.path[:1] == (transition.track,) and medium == medium_of_track(view.tracks, transition.track)
        if transition.seen != "plain" and is_here:
            low, high = max(transition.record_in, one.record_in), min(transition.record_out, one.record_out)
            said = ai_of(seen_account(transition.seen) | _CLASS)
            found += [(floor(low), ceil(high), said)] if low < high else []
    return found


_CLASS: Account = 1
"""Any class of origin: an account without one is unknown altogether."""


def marks_on_screen(
    view: CutView, clip: int, shown: Iterable[Stretch], marks: "Marks[Mark]", *, is_whole: bool
) -> Iterator[tuple[Mark, Span]]:
    """The frames of the cut in which *marks* of a clip's version are on screen. *is_whole*: nobody knows which frames it shows."""
    listed, work = list(shown), worked_on(view, clip)
    in_cut: dict[Mark, Ranges] = {}
    known: dict[Ranges, Ranges] = {ALL: ALL}
    for mark, ranges in marks.items():
        if not is_whole and ranges not in known:
            known[ranges] = _in_cut(view, clip, ranges)
        in_cut[mark] = ALL if is_whole else known[ranges]
    if work:
        in_cut = _after_effects(in_cut, work)
    candidates = versions_shown(view.match_of.get(clip))
    for stretch in listed:
        certain = stretch.visibility is Visibility.CERTAIN and len(candidates) == 1
        visibility = Visibility.CERTAIN if certain else Visibility.POSSIBLE
        for mark, ranges in in_cut.items():
            for first, end in shared(ranges, [(stretch.first, stretch.end)]):
                yield mark, Span(first, end, clip, track_of(view, clip), stretch.medium, visibility)


def track_of(view: CutView, clip: int) -> int:
    """The number of a clip's outermost track."""
    path = view.clips[clip].path
    return path[0] if path else 0


def _in_cut(view: CutView, clip: int, ranges: Ranges) -> Ranges:
    match, one = view.match_of[clip], view.clips[clip]
    spans = (touched(one, match, first, end) for first, end in ranges)
    return tuple(span for span in spans if span is not None)


def _after_effects(marks: Mapping[Mark, Ranges], work: Iterable[tuple[int, int, AiUse]]) -> dict[Mark, Ranges]:
    """The same after what the editing program's effects did, which are steps like others."""
    found = dict(marks)
    for first, end, ai in work:
        before = dict(found)
        for mark, ranges in before.items():
            here = shared(ranges, [(first, end)])
            if mark.sort not in ("person", "material") or not here:
                continue
            state = altered_by(mark.state, ai)
            if state != mark.state:
                found[mark] = cut_out(found[mark], here)
                after = Mark(mark.sort, mark.subject, state)
                found[after] = (*found.get(after, ()), *here)
        persons = [span for mark, part in found.items() if mark.sort in ("person", "synthetic") for span in part]
        own = {
            AiUse.GENERATIVE: Mark("generated", 0, "unstated"),
            AiUse.ASSISTIVE: Mark("assisted", 0, "unstated"),
            AiUse.UNKNOWN: Mark("unclear", 0),
        }[ai]
        left = ((first, end),) if ai is AiUse.UNKNOWN else cut_out(((first, end),), persons)
        found[own] = (*found.get(own, ()), *left)
    return {mark: ranges for mark, ranges in found.items() if ranges}


def is_open(shown: Iterable[Stretch]) -> bool:
    """Whether any of it is unaccounted."""
    return any(letter_of(one.account) == "U" for one in shown)


def shown_frames(view: CutView, spans: Iterable[Span]) -> tuple[tuple[int, int], ...]:
    """For each stretch of *spans* the frames of the version that it shows, ``(-1, frames)`` where nobody knows; in order."""
    found = []
    for clip, first, end in _runs(spans):
        match = view.match_of.get(clip) if clip >= 0 else None
        known = match is not None and match.version is not None
        frames = version_frames(view.clips[clip], match, Fraction(first), Fraction(end)) if match and known else None
        found.append(frames or (-1, end - first))
    return tuple(sorted(found))


def _runs(spans: Iterable[Span]) -> list[tuple[int, int, int]]:
    """Stretches by clip, certain and possible ones as one."""
    found: list[tuple[int, int, int]] = []
    for span in sorted(spans, key=lambda one: (one.clip, one.first)):
        if found and found[-1][0] == span.clip and found[-1][2] == span.first:
            found[-1] = span.clip, found[-1][1], span.end
        else:
            found.append((span.clip, span.first, span.end))
    return found
