"""What a gap is called and asked: the frames that a version lacks, and the question that settles one clip's gap."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from edgecode.answers.cuts.accounts import medium_of, version_frames
from edgecode.answers.cuts.figures import GapRun, clip_name
from edgecode.answers.cuts.view import CutView
from edgecode.index.accounts import Piece
from edgecode.index.lineage import united
from edgecode.terms.evidence import Reason
from edgecode.terms.origins import classes_of, unaccounted

Frames = tuple[tuple[int, int], ...]
"""Half open ranges of a version's own frame numbers, in order."""

_OUTSIDE = unaccounted(Reason.RANGE_OUTSIDE)
_SHOWN = 6


class GapGroup(Struct, frozen=True):
    """Every stretch of the cut in which one clip is unaccounted for one reason. *clip* -1: a row that could not be read."""

    clip: int
    reason: Reason
    spans: tuple[tuple[int, int], ...]

    @property
    def first(self) -> int:
        """The first unaccounted frame."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """The frame after the last unaccounted one."""
        return self.spans[-1][1]

    @property
    def frames(self) -> int:
        """How many frames are unaccounted; fewer than from *first* to *end* where the clip is known in between."""
        return sum(end - first for first, end in self.spans)


class Lacking(Struct, frozen=True):
    """Frames that the cut uses and a version does not have: *holes* inside it, *beyond* its ends. *is_shot*: it is an original
    of a camera or sound recorder, of which there may be more but never a longer render."""

    holes: Frames
    beyond: Frames
    is_shot: bool


def gap_groups(gaps: Iterable[GapRun]) -> list[GapGroup]:
    """Gaps joined by clip and reason, by the first frame; rows that could not be read stay apart."""
    spans: dict[tuple[int, Reason, int], list[tuple[int, int]]] = {}
    for gap in sorted(gaps, key=lambda gap: (gap.first, gap.clip, gap.end)):
        apart = gap.first if gap.clip < 0 else -1
        spans.setdefault((gap.clip, gap.reason, apart), []).append((gap.first, gap.end))
    return [GapGroup(clip, reason, tuple(ranges)) for (clip, reason, _), ranges in spans.items()]


def lacking(view: CutView, clip: int, spans: Iterable[tuple[int, int]]) -> Lacking | None:
    """What a clip's version lacks of the frames *spans* of the cut; None where no version or no frame numbers are known."""
    match = view.match_of.get(clip)
    if match is None or match.version is None:
        return None
    pieces = view.pieces.get(match.version, ())
    holes: list[tuple[int, int]] = []
    beyond: list[tuple[int, int]] = []
    for first, end in spans:
        shown = version_frames(view.clips[clip], match, Fraction(first), Fraction(end))
        if shown is None:
            return None
        for piece in pieces:
            if piece.account == _OUTSIDE and (part := _shared(piece, shown)) is not None:
                (beyond if piece.first is None or piece.end is None else holes).append(part)
    inside = [piece for piece in pieces if piece.account != _OUTSIDE]
    shot = bool(inside) and all(classes_of(piece.account) == "C" for piece in inside)
    return Lacking(united(holes), united(beyond), shot)


def gap_question(view: CutView, group: GapGroup) -> str:
    """The question that settles a gap, in words that are true of this clip."""
    if group.clip < 0:
        return "What does the row that could not be read show?"
    if group.reason is not Reason.RANGE_OUTSIDE:
        return group.reason.question
    return lacking_question(
        clip_name(view.clips[group.clip]),
        lacking(view, group.clip, group.spans),
        is_sound=medium_of(view.clips[group.clip], view.tracks) == "sound",
    )


def lacking_question(name: str, lacks: Lacking | None, *, is_sound: bool = False) -> str:
    """What to ask about frames that a version does not have."""
    if lacks is None:
        return f"Is there more of {name}?"
    if lacks.holes and not lacks.beyond:
        many = frames_in(lacks.holes) > 1
        what = f"{'Frames' if many else 'Frame'} {frames_text(lacks.holes)} {'are' if many else 'is'} missing"
        return f"{what}: {'copy' if lacks.is_shot else 'render'} {'them' if many else 'it'} again?"
    if not lacks.beyond:
        return f"Which input of {name} lacks these frames?"
    if lacks.is_shot or is_sound:
        return f"Is there more of {name}?"
    return f"Is there a longer render, with frames {frames_text(lacks.beyond)}?"


def frames_in(ranges: Iterable[tuple[int, int]]) -> int:
    """How many frames ranges hold."""
    return sum(end - first for first, end in ranges)


def frames_text(ranges: Sequence[tuple[int, int]]) -> str:
    """Frame numbers as people write them, last one included: ``23-24, 30``; of very many the first ones and how many more."""
    shown = [str(first) if end == first + 1 else f"{first}-{end - 1}" for first, end in ranges[:_SHOWN]]
    more = frames_in(ranges[_SHOWN:])
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def places_text(view: CutView, group: GapGroup) -> str:
    """A sentence that says where in the cut a gap of several stretches lies, by record timecode; "" for a single one."""
    if len(group.spans) < 2:
        return ""
    shown = [f"{view.clock.label(first)} ({end - first:,})" for first, end in group.spans[:_SHOWN]]
    more = len(group.spans) - len(shown)
    return f" In {len(group.spans):,} places: {', '.join(shown)}" + (f" and {more:,} more." if more else ".")


def _shared(piece: Piece, shown: tuple[int, int]) -> tuple[int, int] | None:
    first = shown[0] if piece.first is None else max(piece.first, shown[0])
    end = shown[1] if piece.end is None else min(piece.end, shown[1])
    return (first, end) if first < end else None
