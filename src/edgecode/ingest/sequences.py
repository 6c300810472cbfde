"""Groups the file names of one folder into image sequences; every name comes back exactly once.

The last run of digits is the frame number, directly before the extension (``a.1001.exr``) or before one more word
(``a.1001.left.exr``). A run after ``v`` is a version and never a frame, so ``comp_v002.exr`` and ``comp_v003.exr`` stay two
stills. Two frames or more make a sequence; one numbered file is a still until somebody declares it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from unicodedata import normalize

from msgspec import Struct

from edgecode.ingest.media_kinds import can_be_frame
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.places import readable

MOST_DIGITS = 9
"""A longer run of digits is a time stamp, a seed or a hash, not a frame number."""

_NAME = re.compile(r"(?s)(?P<before>.*?)(?P<frame>-?[0-9]+)(?P<after>(?:\.[A-Za-z][A-Za-z0-9]{0,15}){1,2})\Z")
_VERSION = re.compile(r"(?:(?:^|[^A-Za-z])(?:[vV]|[vV]er|[vV]ersion|[rR]ev)|[a-z0-9]V)\Z")
_SAID_AT_MOST = 8

Span = tuple[int, int]


class FrameName(Struct, frozen=True):
    """A file name taken apart at its frame number: *digits* is the number as written, a leading minus included."""

    before: str
    digits: str
    after: str

    @property
    def frame(self) -> int:
        """The frame number; may be negative."""
        return int(self.digits)

    @property
    def width(self) -> int:
        """How many digits are written, the sign not counted."""
        return len(self.digits.lstrip("-"))

    @property
    def is_padded(self) -> bool:
        """Whether zeros lead the number."""
        bare = self.digits.lstrip("-")
        return len(bare) > 1 and bare[0] == "0"


class NameSequence(Struct, frozen=True):
    """Names of one sequence: what stands before and after the number, digits it is padded to (1: not padded), frames ascending."""

    before: str
    after: str
    padding: int
    frames: tuple[int, ...]

    def name(self, frame: int) -> str:
        """The file name of *frame*."""
        return frame_name(self.before, self.after, frame, padding=self.padding)

    @property
    def names(self) -> list[str]:
        """Every member's file name in frame order."""
        return [self.name(frame) for frame in self.frames]

    @property
    def missing(self) -> tuple[Span, ...]:
        """Frame numbers absent between the first and the last, as ranges with both ends included."""
        return holes(self.frames)

    @property
    def label(self) -> str:
        """The sequence as people write it: ``a.%04d.exr``, always printable."""
        token = f"%0{self.padding}d" if self.padding > 1 else "%d"
        return readable(f"{self.before}{token}{self.after}")


class Grouping(Struct, frozen=True):
    """What one folder's names are: sequences, single files, and what was odd about them."""

    sequences: tuple[NameSequence, ...]
    singles: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def frame_name(before: str, after: str, frame: int, *, padding: int) -> str:
    """A member's file name; the sign stands before the padding zeros (``b.-002.exr``)."""
    return f"{before}{'-' if frame < 0 else ''}{abs(frame):0{padding}d}{after}"


def taken_apart(name: str) -> FrameName | None:
    """*name* at its frame number; None for versions, long numbers, suffixes that are no frames, and names without a number."""
    match = _NAME.match(name) if can_be_frame(name) else None
    if match is None:
        return None
    before, digits, after = match["before"], match["frame"], match["after"]
    if digits[0] == "-" and before and before[-1] not in "._ ":
        before, digits = before + "-", digits[1:]  # a dash after a word is a separator, not a sign
    if len(digits.lstrip("-")) > MOST_DIGITS or _VERSION.search(before) or (digits[0] == "-" and not int(digits)):
        return None
    return FrameName(before, digits, after)


def holes(frames: Sequence[int]) -> tuple[Span, ...]:
    """The numbers absent between neighbours of ascending *frames*, as ranges with both ends included."""
    return tuple((a + 1, b - 1) for a, b in pairwise(frames) if b - a > 1)


def group(names: Iterable[str]) -> Grouping:
    """Sequences and singles among the names of one folder (no slashes), in the order of their first name.

    Diagnostics: ``sequence.frames_missing``, ``sequence.duplicate_frame`` (one number under two paddings or spellings),
    ``sequence.padding_mixed``, ``names.fold_together``.
    """
    ordered = sorted(names)
    buckets: dict[tuple[str, str], list[FrameName]] = defaultdict(list)
    singles: list[str] = []
    for name in ordered:
        parts = taken_apart(name)
        if parts is None:
            singles.append(name)
        else:
            buckets[parts.before, parts.after].append(parts)
    sequences: list[NameSequence] = []
    diagnostics: list[Diagnostic] = []
    for (before, after), members in buckets.items():
        found, left = _sequence_among(before, after, members)
        singles += (f"{part.before}{part.digits}{part.after}" for part in left)
        if found is not None:
            sequences.append(found)
            diagnostics += _odd_members(found, left)
    diagnostics += folded_together(ordered)
    return Grouping(tuple(sequences), tuple(sorted(singles)), tuple(diagnostics))


def _sequence_among(before: str, after: str, members: list[FrameName]) -> tuple[NameSequence | None, list[FrameName]]:
    """The one sequence among names with the same text around the number, and the names that do not belong to it."""
    if len(members) < 2 or not _numbers_mean_frames(before, members):
        return None, members
    by_padding = _by_padding(members)
    # One place (text before and after) names one sequence, or two would take each other's place at every scan.
    padding = max(by_padding, key=lambda width: (len(by_padding[width]), width))
    chosen = by_padding.pop(padding)
    left = [part for parts in by_padding.values() for part in parts]
    if len(chosen) < 2:
        return None, members
    return NameSequence(before, after, padding, tuple(sorted(part.frame for part in chosen))), left


def _numbers_mean_frames(before: str, members: list[FrameName]) -> bool:
    """Whether the number is a frame. After a separator it is; after a letter or alone (``take1``, ``2024``) the company decides."""
    if before and not before[-1].isalpha():
        return True
    frames = [part.frame for part in members]
    return max(frames) - min(frames) < 2 * len(frames) and max(part.width for part in members) >= 3


def _by_padding(members: list[FrameName]) -> dict[int, list[FrameName]]:
    """Members by the padding they are written with. 9999 and 10000 both belong to four digits; 100 does not."""
    groups: dict[int, list[FrameName]] = {part.width: [] for part in members if part.is_padded}
    padded = sorted(groups, reverse=True)
    loose = [part for part in members if not part.is_padded]
    for part in members:
        if part.is_padded:
            groups[part.width].append(part)
    widths = {part.width for part in loose}
    # Numbers of one width and no zeros anywhere: the width is the padding (1001-1500 is %04d).
    unpadded = widths.pop() if len(widths) == 1 and not padded else 1
    for part in loose:
        fitting = next((width for width in padded if width <= part.width), unpadded)
        groups.setdefault(fitting, []).append(part)
    return groups


def _odd_members(found: NameSequence, left: list[FrameName]) -> list[Diagnostic]:
    frames = set(found.frames)
    said = []
    if found.missing:
        said.append(
            Diagnostic("sequence.frames_missing", f"{found.label} lacks frames {spoken(found.missing)}", effect="none")
        )
    doubled = sorted({part.frame for part in left if part.frame in frames})
    if doubled:
        text = (
            f"{found.label} has frames {_few(doubled)} a second time with other padding; those files are kept as stills"
        )
        said.append(Diagnostic("sequence.duplicate_frame", text))
    elif left:
        text = f"{found.label} has {len(left)} numbered neighbours with other padding; they are kept as stills"
        said.append(Diagnostic("sequence.padding_mixed", text))
    return said


def folded_together(names: Sequence[str]) -> list[Diagnostic]:
    """Names that are one file where case or Unicode spelling does not count (Windows, macOS): one diagnostic per pair."""
    first_seen: dict[str, str] = {}
    said = []
    for name in names:
        folded = name.lower() if name.isascii() else normalize("NFC", name).casefold()
        other = first_seen.setdefault(folded, name)
        if other != name:
            said.append(Diagnostic("names.fold_together", _spoken_apart(other, name)))
    return said


def _spoken_apart(one: str, other: str) -> str:
    """Two names that print alike: in words what tells them apart."""
    if normalize("NFC", one) != normalize("NFC", other):
        return f"{readable(other)} and {readable(one)} differ only in case or Unicode spelling; both are kept"
    forms = " and ".join(f"one {_form(name)}" for name in (one, other))
    return f"{readable(one)} is there twice, {forms} (Unicode spells its accents in two ways); both are kept"


def _form(name: str) -> str:
    composed, decomposed = name == normalize("NFC", name), name == normalize("NFD", name)
    return "composed" if composed else "decomposed" if decomposed else "partly composed"


def spoken(spans: Sequence[Span]) -> str:
    """Frame ranges for people: ``1004-1005, 1010`` and how many more."""
    return _few([str(first) if first == last else f"{first}-{last}" for first, last in spans])


def _few(items: Sequence[object]) -> str:
    shown = ", ".join(str(item) for item in items[:_SAID_AT_MOST])
    return f"{shown} and {len(items) - _SAID_AT_MOST} more" if len(items) > _SAID_AT_MOST else shown
