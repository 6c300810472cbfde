"""Frames of a cut and their timecode labels, both ways, with midnight; the arithmetic is `terms.timebase`."""

import re

from msgspec import Struct

from edgecode.errors import InputError, NotFoundError
from edgecode.terms.timebase import Rate, day_length, frame_of_label, label_of_frame, label_says_drop_frame

_LABEL = re.compile(r"\d{1,2}[:;.,]\d{2}[:;.,]\d{2}[:;.,]\d{2,3}")


class CutClock(Struct, frozen=True):
    """How frames of a cut are labeled: *start* is the label of its first frame in frames from 00:00:00:00, *frames* its length."""

    rate: Rate
    start: int
    frames: int
    drop_frame: bool = False

    def label(self, frame: int) -> str:
        """The timecode of *frame*, counted from the start of the cut; labels begin again at midnight."""
        day = day_length(self.rate, drop_frame=self.drop_frame)
        return label_of_frame((self.start + frame) % day, self.rate, drop_frame=self.drop_frame)

    def frame(self, label: str) -> int:
        """The frame that a record timecode names, counted from the start of the cut.

        Raises InputError for a label that names no frame, NotFoundError ``cut.no_such_frame`` outside the cut.
        """
        dropping = self.drop_frame or (label_says_drop_frame(label) and self.rate.nominal % 30 == 0)
        day = day_length(self.rate, drop_frame=self.drop_frame)
        return self.inside((frame_of_label(label, self.rate, drop_frame=dropping) - self.start) % day, said=label)

    def inside(self, frame: int, *, said: str = "") -> int:
        """*frame* when the cut has it. Raises NotFoundError ``cut.no_such_frame``."""
        if 0 <= frame < self.frames:
            return frame
        last = self.label(self.frames - 1) if self.frames else "nothing"
        raise NotFoundError(
            "cut.no_such_frame",
            f"{said or frame} lies outside the cut, which runs from {self.label(0)} to {last}",
            "Give a record timecode of this cut or a frame number from 0",
        )

    def seconds(self, frames: int) -> str:
        """A length in seconds with two decimals, cut off, never rounded up."""
        hundredths = frames * 100 * self.rate.denominator // self.rate.numerator
        return f"{hundredths // 100}.{hundredths % 100:02d}"


def is_label(text: str) -> bool:
    """Whether *text* is written like a timecode."""
    return _LABEL.fullmatch(text.strip()) is not None


def frame_number(text: str) -> int | None:
    """The frame number in *text* when it is a plain number (spaces and thousands separators allowed), else None."""
    plain = text.strip().replace(",", "").replace("_", "")
    if not plain.isascii() or not plain.isdigit():
        return None
    if len(plain) > 12:
        raise InputError("frame.invalid", "this number is no frame of any film", "Give a frame number from 0")
    return int(plain)
