"""Times of a Pro Tools text export: timecode with or without subframes, samples, minutes and seconds, feet and frames.

Timecode counts from midnight; the other counts run from the start of the session.
"""

import re
from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct

from edgecode.errors import InputError
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.timebase import Rate, day_length, frame_of_label

_FORMAT = re.compile(r"^(\d{2,3}(?:\.\d{1,3})?)\b(.*)$")
_SUBFRAMES = re.compile(r"^(\d{1,2}[:;]\d{2}[:;]\d{2}[:;.]\d{2,3})(?:\.(\d{2,3}))?$")
_SAMPLES = re.compile(r"^\d{1,15}$")
_MINUTES = re.compile(r"^(\d{1,5}):(\d{2})(?:\.(\d{1,4}))?$")
_FEET = re.compile(r"^(\d{1,7})\+(\d{2})(?:\.(\d{2,3}))?$")
_SUBFRAMES_PER_FRAME = 100
"""A time just below a frame is written with .100 of the frame before, and counts so."""


def session_rate(written: str) -> tuple[Rate | None, bool]:
    """The rate of a timecode format (``29.97 Drop Frame``), and whether it drops; None for what is no format."""
    match = _FORMAT.match(written.strip())
    if not match:
        return None, False
    try:
        rate = Rate.of(match[1])
    except InputError:
        return None, False
    words = match[2].lower()
    return rate, "drop" in words and "non" not in words and rate.nominal % 30 == 0


class SessionClock(Struct, frozen=True):
    """Where the times of an export lie in the cut. *start*: the timecode of the session's first frame; *samples* a second."""

    rate: Rate
    drop_frame: bool
    start: int
    samples: Fraction | None
    problems: tuple[Diagnostic, ...] = ()

    @classmethod
    def of(cls, header: Mapping[str, str], rate: Rate, *, drop_frame: bool) -> "SessionClock":
        """The clock that the header of an export says."""
        drop = drop_frame and rate.nominal % 30 == 0
        problems: list[Diagnostic] = []
        start = 0
        label = header.get("SESSION START TIMECODE", "")
        match = _SUBFRAMES.match(label)
        try:
            start = frame_of_label(match[1], rate, drop_frame=drop) if match else 0
        except InputError:
            match = None
        if match is None:
            text = "the session's start is no timecode of its format; taken as 00:00:00:00"
            problems.append(Diagnostic("timecode.invalid", text, path="SESSION START TIMECODE", effect="approximate"))
        elif match[2] and int(match[2]):
            problems.append(Diagnostic("start.off_grid", "the cut starts between two frames", effect="approximate"))
        return cls(rate, drop, start, _samples(header.get("SAMPLE RATE", "")), tuple(problems))

    @property
    def day(self) -> int:
        """Frames from one midnight to the next."""
        return day_length(self.rate, drop_frame=self.drop_frame)

    def position(self, written: str) -> Fraction | None:
        """A time as frames from the start of the session; None for what says none (bars and beats, a label that does not exist)."""
        text = written.strip()
        if match := _SUBFRAMES.match(text):
            try:
                frame = frame_of_label(match[1], self.rate, drop_frame=self.drop_frame)
            except InputError:
                return None
            # Nothing lies before a session's start, so a smaller label is of the day after.
            after = frame - self.start if frame >= self.start else frame - self.start + self.day
            return after + Fraction(int(match[2] or 0), _SUBFRAMES_PER_FRAME)
        if _SAMPLES.match(text):
            return None if self.samples is None else Fraction(int(text)) * self.rate.fraction / self.samples
        if match := _MINUTES.match(text):
            part = Fraction(int(match[3] or 0), 10 ** len(match[3] or ""))
            return (int(match[1]) * 60 + int(match[2]) + part) * self.rate.fraction
        if match := _FEET.match(text):
            return int(match[1]) * 16 + int(match[2]) + Fraction(int(match[3] or 0), _SUBFRAMES_PER_FRAME)
        return None


def says_whole_seconds(written: str) -> bool:
    """Whether a time is minutes and seconds without a part: where in that second, it does not say."""
    match = _MINUTES.match(written.strip())
    return match is not None and match[3] is None


def _samples(written: str) -> Fraction | None:
    try:
        samples = Fraction(written.strip())
    except (ValueError, ZeroDivisionError):
        return None
    return samples if 1000 <= samples <= 1_000_000 else None
