"""Channels of an EDL event: ``V``, ``A2``, ``AA/V``, ``B``, ``A1234V``, ``NONE`` … as tracks of the cut."""

import re
from itertools import pairwise
from typing import NamedTuple

from edgecode.ingest.editorial.edl_lines import EventLine
from edgecode.terms.cuts import TrackKind


class Channel(NamedTuple):
    """One track that an event writes to; sorts in track order (picture, sound, other; then by number)."""

    rank: int
    number: int

    @property
    def kind(self) -> TrackKind:
        """Picture, sound, or other (the event names no channel)."""
        kinds: tuple[TrackKind, TrackKind, TrackKind] = ("picture", "sound", "other")
        return kinds[self.rank]

    @property
    def name(self) -> str:
        """``V``, ``V2``, ``A1``, ``NONE``."""
        if self.rank == 0:
            return "V" if self.number == 1 else f"V{self.number}"
        return f"A{self.number}" if self.rank == 1 else "NONE"


def channels_of(line: EventLine, *, wide: bool) -> tuple[Channel, ...]:
    """The tracks that an event line writes to, in track order.

    *wide*: the list numbers channels beyond four one by one, so ``A12`` is channel twelve and not channels one and two.
    """
    found = {Channel(1, number) for number in line.sounds}
    text = re.sub(r"[/&+]", "", line.channels)
    if text == "B":
        found |= {Channel(0, 1), Channel(1, 1)}
    elif text != "NONE":
        found |= _spelled(text, wide=wide)
    return tuple(sorted(found)) or (Channel(2, 0),)


def numbers_widely(lines: list[EventLine]) -> bool:
    """Whether any line names a sound channel that can only be one number (``A7``, ``A10``)."""
    return any(
        re.fullmatch(r"A(?:[5-9]|1\d|2\d)", line.channels) and line.channels not in ("A12", "A13", "A14", "A23", "A24")
        for line in lines
    )


def _spelled(text: str, *, wide: bool) -> set[Channel]:
    found: set[Channel] = set()
    leading = re.match(r"\d+", text)  # Sony writes the digits first: 12V is A1, A2 and V
    if leading:
        found |= {Channel(1, int(digit)) for digit in leading[0] if digit != "0"}
        text = text[leading.end() :]
    doubled = 0
    for letter, digits in re.findall(r"([AV])(\d*)", text):
        if letter == "V":
            found.add(Channel(0, int(digits[:2]) if digits not in ("", "0") else 1))
        elif not digits:
            doubled += 1
            found.add(Channel(1, doubled))
        else:
            found |= {Channel(1, number) for number in _sounds(digits, wide=wide)}
    return found


def _sounds(digits: str, *, wide: bool) -> set[int]:
    rising = all(a < b for a, b in pairwise(digits)) and "0" not in digits
    if len(digits) == 1 or (len(digits) == 2 and (wide or not rising)):
        return {int(digits)} if int(digits) else {1}
    return {int(digit) for digit in digits if digit != "0"}
