"""What every frame of a cut is made of: the accounts of its visible clips, joined into runs that cover frames 0 … N-1 exactly.

Pure: it is handed the clips, the swept ranges, the matches and the accounts of versions, and computes runs of whole frames.
The rules are FORMATS, "What a frame is made of", told for people in docs/explanation/what-counts.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.cuts.given import Given
from edgecode.index.accounts import Piece
from edgecode.index.conform import Match as Match
from edgecode.index.sweep import SweptRange
from edgecode.terms.cuts import Clip, SeenEffect, Track, Transition
from edgecode.terms.evidence import AiUse, ConformMethod, Grade, Reason, Visibility
from edgecode.terms.origins import Account, grade_of, graded, letter_of, origin, reasons_of, unaccounted, used

Medium = Literal["picture", "sound"]
MEDIA: tuple[Medium, ...] = ("picture", "sound")


class Contributor(Struct, frozen=True):
    """One clip's part in a run: how surely it is seen, how it was matched, what it is made of."""

    clip: int
    visibility: Visibility
    method: ConformMethod
    account: Account


class Run(Struct, frozen=True):
    """Frames *first* up to *end* of the cut with one answer. No contributor: nothing is on the tracks here (black or silence).

    *method* is the weakest way in which a contributor was matched, NONE for unaccounted frames. *effects_hidden*: the format
    cannot show what the editing program did to a clip here, and nobody said that it was plain. *rests_on_word*: whatever the
    format can show, the answer rests on an inferred match or on somebody's word.
    """

    first: int
    end: int
    account: Account
    method: ConformMethod
    visibility: Visibility
    contributors: tuple[Contributor, ...] = ()
    effects_hidden: bool = False
    rests_on_word: bool = False

    @property
    def frames(self) -> int:
        """How many frames the run holds."""
        return self.end - self.first


class Told(Struct, frozen=True):
    """What people's answers and the reading of the cut add to the matches.

    *answered*: declared accounts of clips that no version is known for, *given*: the answers themselves. *plain_effects*: clips whose
    editing effects somebody declared to be plain ones. *rows_missing*: how many rows the reader had to leave out; then an empty
    track proves nothing, and the cut may be longer than what was read.
    """

    answered: Mapping[int, Account] = {}
    plain_effects: frozenset[int] = frozenset()
    rows_missing: int = 0
    given: Mapping[int, Given] = {}


class _Part(Struct, frozen=True):
    first: int
    end: int
    seen: Contributor


def medium_of(clip: Clip, tracks: Sequence[Track]) -> Medium:
    """Whether a clip belongs to the picture or the sound of a cut; a channel that says neither may be on screen, so it is picture."""
    if clip.kind == "sound" or (clip.path and medium_of_track(tracks, clip.path[0]) == "sound"):
        return "sound"
    return "picture"


def medium_of_track(tracks: Sequence[Track], number: int) -> Medium:
    """Whether a track belongs to the sound or, like every track that says nothing, to the picture."""
    return "sound" if number < len(tracks) and tracks[number].kind == "sound" else "picture"


def account_frames(
    clips: Sequence[Clip],
    ranges: Iterable[SweptRange],
    matches: Iterable[Match],
    pieces: Mapping[int, Sequence[Piece]],
    *,
    frames: int,
    effects_visible: bool,
    tracks: Sequence[Track] = (),
    transitions: Sequence[Transition] = (),
    medium: Medium = "picture",
    told: Told | None = None,
) -> list[Run]:
    """Runs in order that cover frames 0 … *frames* - 1 of the *medium* exactly once.

    Edges off the frame grid round outward: a clip counts in every frame that it touches. Hidden clips never count.
    """
    told = told or Told()
    matched = {match.clip: match for match in matches}
    wanted = {number for number, clip in enumerate(clips) if medium_of(clip, tracks) == medium}
    shown = _shown(ranges, wanted, frames)
    parts = [
        _Part(
            max(first, a), min(end, b), Contributor(number, visibility, _method(matched.get(number), account), account)
        )
        for number, presences in shown.items()
        for a, b, account in _clip_accounts(
            clips[number], matched.get(number), pieces, told, number=number, effects_visible=effects_visible
        )
        for first, end, visibility in presences
        if max(first, a) < min(end, b)
    ]
    mixed = [t for t in transitions if t.seen != "plain" and medium_of_track(tracks, t.track) == medium]
    frame = _Frame(clips, told, effects_visible, mixed)
    return list(_joined(frame.run(first, end, live) for first, end, live in _swept(parts, frames, mixed)))


EDIT_DECISION: Account = origin("H") | graded(Grade.LOGGED)
"""Black, silence, bars and plain titles: a person's decision in the edit, which the cut itself shows."""


def capped(account: Account, *, effects_visible: bool) -> Account:
    """A format that cannot show effects proves nothing better than a declaration."""
    return account if effects_visible else account | graded(Grade.DECLARED)


def effects_account(clip: Clip, *, effects_visible: bool, declared_plain: bool) -> Account:
    """What the editing program's own effects add to a clip: nothing, G, or AI use that nobody can tell."""
    account = 0
    for effect in clip.effects:
        if effect.seen == "unknown" and declared_plain:
            account |= graded(Grade.DECLARED)
        else:
            account |= seen_account(effect.seen)
    if not effects_visible and hides_effects(clip):
        account |= graded(Grade.DECLARED) if declared_plain else used(AiUse.UNKNOWN)
    return account


def seen_account(seen: SeenEffect) -> Account:
    """What an effect or a transition adds by what its name says of it."""
    if seen == "generative":
        return origin("G") | used(AiUse.GENERATIVE) | graded(Grade.LOGGED)
    return used(AiUse.UNKNOWN) if seen == "unknown" else 0


def hides_effects(clip: Clip) -> bool:
    """Whether a format without effects may hide one on this clip; black is an edit decision like an empty track."""
    return clip.kind != "black"


def version_frames(clip: Clip, match: Match, first: Fraction, end: Fraction) -> tuple[int, int] | None:
    """The version's frames (half open) that record positions *first* to *end* touch; None when they cannot be computed."""
    if match.first is None or match.scale is None or clip.placed != "exact":
        return None
    start = match.first + (max(first, clip.record_in) - clip.record_in) * match.scale
    stop = match.first + (min(end, clip.record_out) - clip.record_in) * match.scale
    if match.scale == 0:
        return floor(start), floor(start) + 1
    if match.scale > 0:
        return floor(start), max(ceil(stop), floor(start) + 1)
    return (floor(stop) + 1 if _on_grid(clip, match) else floor(stop)), ceil(start) + 1


def _on_grid(clip: Clip, match: Match) -> bool:
    numbers = (match.first, match.scale, clip.record_in)
    return all(number is not None and number.denominator == 1 for number in numbers)


def _clip_accounts(
    clip: Clip,
    match: Match | None,
    pieces: Mapping[int, Sequence[Piece]],
    told: Told,
    *,
    number: int,
    effects_visible: bool,
) -> Iterator[tuple[int, int, Account]]:
    """The clip's accounts over its record frames; several may touch one frame, and every one of them counts."""
    first, end = floor(clip.record_in), ceil(clip.record_out)
    extra = effects_account(clip, effects_visible=effects_visible, declared_plain=number in told.plain_effects)
    answer = told.answered.get(number)
    if match is not None and match.version is not None:
        known = pieces.get(match.version) or (_UNKNOWN,)
        extra |= graded(match.method.grade) | (unaccounted(match.reason) if match.reason is not None else 0)
        mapped = list(_mapped(clip, match, known))
        holes = ((a, b, unaccounted(Reason.RANGE_OUTSIDE)) for a, b in _holes(first, end, mapped))
        for a, b, account in (*mapped, *holes):
            if answer and account == unaccounted(Reason.NO_STEP):
                account = known_or_not(answer) | graded(Grade.DECLARED)
            yield a, b, account | extra
        if match.outside is not None:
            yield max(first, floor(match.outside)), end, unaccounted(Reason.RANGE_OUTSIDE) | extra
        return
    if answer and answer_stands(match, pieces):
        yield first, end, known_or_not(answer) | graded(Grade.DECLARED) | extra
    elif match is not None and match.method is ConformMethod.CONTENT and match.reason is None:
        yield first, end, EDIT_DECISION | extra
    else:
        reason = match.reason if match is not None and match.reason is not None else Reason.NO_MATCH
        yield first, end, unaccounted(reason) | extra


_UNKNOWN = Piece(None, None, unaccounted(Reason.NO_STEP))
"""The whole of a version that nothing is known about."""


def known_or_not(account: Account) -> Account:
    """The same account; one that holds no class gets its reason written, or it would vanish when it is joined with others."""
    return account | unaccounted(reasons_of(account)[0]) if letter_of(account) == "U" else account


def answer_stands(match: Match | None, pieces: Mapping[int, Sequence[Piece]]) -> bool:
    """Whether somebody's word about a clip without a version still counts: not where it may show a version that something is
    recorded of, for a recorded making always beats an answer."""
    if match is None or match.reason is not Reason.AMBIGUOUS:
        return True
    recorded = (piece.account for version in match.candidates for piece in pieces.get(version, ()))
    return all(account == unaccounted(Reason.NO_STEP) for account in recorded)


def _holes(first: int, end: int, covered: Iterable[tuple[int, int, Account]]) -> Iterator[tuple[int, int]]:
    """The frames from *first* to *end* that no piece covers: never silently black."""
    at = first
    for a, b, _ in sorted(covered):
        if at < a:
            yield at, a
        at = max(at, b)
    if at < end:
        yield at, end


def _mapped(clip: Clip, match: Match, pieces: Sequence[Piece]) -> Iterator[tuple[int, int, Account]]:
    """A version's pieces in frames of the cut, rounded outward; a range that cannot be computed joins everything available."""
    first, end = floor(clip.record_in), ceil(clip.record_out)
    if match.first is None or match.scale is None or clip.placed != "exact":
        yield first, end, whole_account(pieces)
        return
    for piece in pieces:
        if piece.first is None and piece.end is None:
            yield first, end, known_or_not(piece.account)
            continue
        span = _record_span(clip, match.first, match.scale, piece, on_grid=_on_grid(clip, match))
        if span is not None:
            yield *span, known_or_not(piece.account)


def whole_account(pieces: Sequence[Piece]) -> Account:
    """Everything that a version's available frames are made of; what lies before and after them is no part of it."""
    inside = [p for p in pieces if not ((p.first is None) != (p.end is None) and _only_outside(p.account))]
    account = 0
    for piece in inside or pieces:
        account |= known_or_not(piece.account)
    return account


def _only_outside(account: Account) -> bool:
    return reasons_of(account) == [Reason.RANGE_OUTSIDE]


def touched(clip: Clip, match: Match, first: int, end: int) -> tuple[int, int] | None:
    """The cut frames of a clip in which frames *first* up to *end* of its version are touched, `version_frames` turned round; None: in
    none. The whole clip where it cannot be computed."""
    if match.first is None or match.scale is None or clip.placed != "exact":
        return floor(clip.record_in), ceil(clip.record_out)
    return _record_span(clip, match.first, match.scale, Piece(first, end, 0), on_grid=_on_grid(clip, match))


def _record_span(
    clip: Clip, first: Fraction, scale: Fraction, piece: Piece, *, on_grid: bool
) -> tuple[int, int] | None:
    """The cut frames in which *piece* is touched."""
    low, high = clip.record_in, clip.record_out
    if scale == 0:
        shown = floor(first)
        if (piece.first is None or piece.first <= shown) and (piece.end is None or shown < piece.end):
            return floor(low), ceil(high)
        return None
    if scale > 0:
        if piece.first is not None:
            low = max(low, clip.record_in + (piece.first - first) / scale)
        if piece.end is not None:
            high = min(high, clip.record_in + (piece.end - first) / scale)
    else:
        # Backwards, frame n is shown while the position falls from n to n - 1; off the grid it may mix with its neighbours.
        if piece.end is not None:
            low = max(low, clip.record_in + (piece.end - (1 if on_grid else 0) - first) / scale)
        if piece.first is not None:
            high = min(high, clip.record_in + (piece.first - 1 - first) / scale)
    return (floor(low), ceil(high)) if low < high else None


def _shown(ranges: Iterable[SweptRange], wanted: set[int], frames: int) -> dict[int, list[tuple[int, int, Visibility]]]:
    shown: dict[int, list[tuple[int, int, Visibility]]] = {}
    for swept in ranges:
        first, end = max(floor(swept.start), 0), min(ceil(swept.end), frames)
        if first >= end:
            continue
        for number, visibility in swept.seen:
            if visibility is Visibility.HIDDEN or number not in wanted:
                continue
            presences = shown.setdefault(number, [])
            if presences and presences[-1][1] == first and presences[-1][2] is visibility:
                presences[-1] = (presences[-1][0], end, visibility)
            else:
                presences.append((first, end, visibility))
    return shown


def _swept(parts: list[_Part], frames: int, mixed: Sequence[Transition]) -> Iterator[tuple[int, int, list[_Part]]]:
    """Every stretch between two changes with the parts alive in it, from 0 to *frames* without a hole."""
    starts: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for number, part in enumerate(parts):
        starts.setdefault(part.first, []).append(number)
        ends.setdefault(part.end, []).append(number)
    edges = {edge for t in mixed for edge in (floor(t.record_in), ceil(t.record_out)) if 0 < edge < frames}
    marks = sorted({0, frames, *edges, *starts, *ends} if frames else set())
    live: dict[int, _Part] = {}
    for first, end in pairwise(marks):
        for number in ends.get(first, ()):
            live.pop(number, None)
        for number in starts.get(first, ()):
            live[number] = parts[number]
        yield first, end, list(live.values())


class _Frame(Struct, frozen=True):
    """What is the same for every frame of a cut."""

    clips: Sequence[Clip]
    told: Told
    effects_visible: bool
    mixed: Sequence[Transition]

    def run(self, first: int, end: int, live: list[_Part]) -> Run:
        """What stands for frames *first* up to *end* in which the same parts are on screen."""
        by_clip: dict[int, Contributor] = {}
        for part in live:
            by_clip[part.seen.clip] = _both(by_clip.get(part.seen.clip), part.seen)
        contributors = tuple(by_clip[number] for number in sorted(by_clip))
        account = self.joined(contributors, first, end)
        possible = any(one.visibility is Visibility.POSSIBLE for one in contributors)
        methods = [one.method for one in contributors] or [ConformMethod.CONTENT]
        return Run(
            first,
            end,
            capped(account, effects_visible=self.effects_visible),
            ConformMethod.NONE if letter_of(account) == "U" else weakest_method(methods),
            Visibility.POSSIBLE if possible else Visibility.CERTAIN,
            contributors,
            not self.effects_visible and any(self.hides(one) for one in contributors),
            grade_of(account) is Grade.DECLARED,
        )

    def joined(self, contributors: Sequence[Contributor], first: int, end: int) -> Account:
        if not contributors:
            return unaccounted(Reason.NO_MATCH) if self.told.rows_missing else EDIT_DECISION
        account = 0
        for one in contributors:
            account |= one.account
        for transition in self.mixed:
            if transition.record_in < end and first < transition.record_out:
                account |= seen_account(transition.seen)
        return account

    def hides(self, one: Contributor) -> bool:
        return hides_effects(self.clips[one.clip]) and one.clip not in self.told.plain_effects


def _both(one: Contributor | None, other: Contributor) -> Contributor:
    if one is None:
        return other
    visibility = Visibility.POSSIBLE if Visibility.POSSIBLE in (one.visibility, other.visibility) else one.visibility
    account = one.account | other.account
    return Contributor(one.clip, visibility, weakest_method((one.method, other.method)), account)


def weakest_method(methods: Iterable[ConformMethod]) -> ConformMethod:
    """The weakest of several ways of matching."""
    order = list(ConformMethod)
    return min(methods, key=order.index)


def _method(match: Match | None, account: Account) -> ConformMethod:
    """How a clip's answer was reached; an answer for a clip without a version is somebody's word."""
    if letter_of(account) == "U":
        return match.method if match is not None else ConformMethod.NONE
    if match is None or match.method is ConformMethod.NONE or (match.version is None and match.reason is not None):
        return ConformMethod.DECLARED
    return match.method


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours that say the same, as one run."""
    held: Run | None = None
    for run in runs:
        if held is not None and _says(held) == _says(run):
            held = replace(held, end=run.end)
            continue
        if held is not None:
            yield held
        held = run
    if held is not None:
        yield held


def _says(run: Run) -> tuple[object, ...]:
    return run.account, run.method, run.visibility, run.contributors, run.effects_hidden, run.rests_on_word
