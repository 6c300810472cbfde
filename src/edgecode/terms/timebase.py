"""Exact time: rates as fractions, timecode labels, frame ranges, feet and frames. No float and no rounded rate anywhere.

A timecode is a label for a frame, not a time: 23.976 counts 24 labels a second, drop-frame skips labels and never frames.
Sources: SMPTE ST 12-1 (labels, drop-frame); 35 mm film, 16 frames a foot at four perforations.
"""

import re
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

from edgecode.errors import InputError

_WHOLE = (12, 15, 24, 25, 30, 48, 50, 60, 72, 90, 96, 100, 120)
_PULLED_DOWN = (24, 30, 48, 60, 72, 90, 96, 120)
KNOWN_RATES: tuple[Fraction, ...] = (
    *(Fraction(n) for n in _WHOLE),
    *(Fraction(n * 1000, 1001) for n in _PULLED_DOWN),
)
"""Frame rates of the trade, in frames per second. A written rate within 0.01 of one of them means that one."""

_SNAP = Fraction(1, 100)
_WRITTEN = re.compile(r"\d{1,12}(?:\.\d{0,30})?(?:/\d{1,12}(?:\.0*)?)?")
_LABEL = re.compile(r"^(\d{1,3})([:;.,])(\d{2})([:;.,])(\d{2})([:;.,])(\d{2,3})$", re.ASCII)


class Rate(Struct, frozen=True, order=True):
    """Frames per second as an exact fraction: 23.976 is 24000/1001."""

    numerator: int
    denominator: int = 1

    def __post_init__(self) -> None:
        if self.numerator <= 0 or self.denominator <= 0:
            raise InputError(
                "rate.invalid",
                f"{self.numerator}/{self.denominator} is no frame rate",
                "Give frames per second as 24, 23.976 or 24000/1001",
            )

    @classmethod
    def of(cls, written: str | int | float | Fraction) -> "Rate":
        """The rate that *written* means: ``23.98``, ``23.976``, ``"30000/1001"``, ``59.94``; unknown rates stay as written.

        Raises InputError ``rate.invalid`` for what is no positive number below 10,000.
        """
        return _rate_of(written if isinstance(written, Fraction) else str(written).strip())

    @property
    def fraction(self) -> Fraction:
        """Frames per second."""
        return Fraction(self.numerator, self.denominator)

    @property
    def nominal(self) -> int:
        """Timecode labels per second: 24 for 24000/1001."""
        return -(-self.numerator // self.denominator)

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"

    @property
    def spoken(self) -> str:
        """As people write it: ``24``, ``23.976``, ``29.97``."""
        if self.denominator == 1:
            return str(self.numerator)
        return f"{float(self.fraction):.3f}".rstrip("0")


@lru_cache(maxsize=256)
def _rate_of(written: str | Fraction) -> Rate:
    exact = _positive(written)
    if not 0 < exact < 10_000:
        raise InputError(
            "rate.invalid",
            f"{str(written)[:40]!r} is no frame rate",
            "Give frames per second as 24, 23.976 or 24000/1001",
        )
    nearest = min(KNOWN_RATES, key=lambda known: abs(known - exact))
    exact = nearest if abs(nearest - exact) < _SNAP else exact.limit_denominator(1_000_000)
    return Rate(exact.numerator, exact.denominator)


def _positive(written: str | Fraction) -> Fraction:
    """The number that *written* says; 0 for anything else. Exponents are refused: ``1e999999999`` would never end."""
    if isinstance(written, Fraction):
        return written
    if not _WRITTEN.fullmatch(written):
        return Fraction(0)
    over, _, under = written.partition("/")
    return Fraction(over) / Fraction(under) if under and Fraction(under) else Fraction(0 if under else over)


def label_says_drop_frame(label: str) -> bool:
    """Whether the separators of a timecode label (``;`` ``.`` ``,``) say drop-frame."""
    match = _LABEL.match(label.strip())
    return match is not None and any(match[i] in ";.," for i in (2, 4, 6))


def frame_of_label(label: str, rate: Rate, *, drop_frame: bool = False) -> int:
    """Frames from 00:00:00:00 to the frame that *label* names (one to three digits of hours, no sign).

    Raises InputError ``timecode.invalid`` for a label that names no frame (minutes above 59, a frame field at or above the
    nominal rate, a label that drop-frame skips) and ``timecode.drop_at_rate`` for drop-frame at a rate that has none.
    """
    nominal = rate.nominal
    match = _LABEL.match(label.strip())
    if not match:
        raise InputError("timecode.invalid", f"{label[:40]!r} is no timecode", "Write it as HH:MM:SS:FF")
    hours, minutes, seconds, frames = (int(match[i]) for i in (1, 3, 5, 7))
    if minutes > 59 or seconds > 59 or frames >= nominal:
        raise InputError(
            "timecode.invalid",
            f"timecode {label} does not exist at {nominal} labels a second",
            "Check the rate of the file",
        )
    count = ((hours * 60 + minutes) * 60 + seconds) * nominal + frames
    if not drop_frame:
        return count
    skipped = _labels_skipped_a_minute(nominal)
    if minutes % 10 and seconds == 0 and frames < skipped:
        raise InputError(
            "timecode.invalid",
            f"drop-frame timecode skips the label {label}",
            "Check whether the list is really drop-frame",
        )
    whole_minutes = hours * 60 + minutes
    return count - skipped * (whole_minutes - whole_minutes // 10)


def label_of_frame(frame: int, rate: Rate, *, drop_frame: bool = False) -> str:
    """The timecode label of *frame* (frames from 00:00:00:00, not negative); hours do not wrap at 24. Inverse of frame_of_label."""
    if frame < 0:
        return "-" + label_of_frame(-frame, rate, drop_frame=drop_frame)
    nominal = rate.nominal
    count, separator = frame, ":"
    if drop_frame:
        skipped = _labels_skipped_a_minute(nominal)
        tens, rest = divmod(frame, nominal * 600 - 9 * skipped)
        count += skipped * 9 * tens
        if rest > skipped:
            count += skipped * ((rest - skipped) // (nominal * 60 - skipped))
        separator = ";"
    seconds, frames = divmod(count, nominal)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{separator}{frames:02d}"


def day_length(rate: Rate, *, drop_frame: bool = False) -> int:
    """Frames from one midnight to the next, as timecode counts them."""
    labels = 86_400 * rate.nominal
    return labels - (1440 - 144) * _labels_skipped_a_minute(rate.nominal) if drop_frame else labels


def _labels_skipped_a_minute(nominal: int) -> int:
    if nominal % 30:
        raise InputError(
            "timecode.drop_at_rate",
            f"drop-frame timecode does not exist at {nominal} labels a second",
            "Use non-drop-frame",
        )
    return nominal // 15


def feet_and_frames(frame: int, *, frames_per_foot: int = 16) -> str:
    """Print footage of *frame* (frames from the start), as ``0183+06``; 16 frames a foot is 35 mm at four perforations."""
    feet, frames = divmod(frame, frames_per_foot)
    return f"{feet:04d}+{frames:02d}"


def frame_of_feet(written: str, *, frames_per_foot: int = 16) -> int:
    """The frame that ``feet+frames`` names, counted from the start. Raises InputError ``footage.invalid``."""
    match = re.fullmatch(r"\s*(\d{1,7})\s*\+\s*(\d{1,3})\s*", written)
    if not match or int(match[2]) >= frames_per_foot:
        raise InputError(
            "footage.invalid",
            f"{written[:40]!r} is no footage",
            f"Write feet+frames with fewer than {frames_per_foot} frames",
        )
    return int(match[1]) * frames_per_foot + int(match[2])


class FrameRange(Struct, frozen=True, order=True):
    """Frames from *first* up to, not including, *end*."""

    first: int
    end: int

    def __post_init__(self) -> None:
        if self.end <= self.first:
            raise InputError(
                "range.empty", f"frames {self.first}-{self.end} hold nothing", "Give an end after the first frame"
            )

    @property
    def frames(self) -> int:
        """How many frames the range holds."""
        return self.end - self.first

    def __contains__(self, frame: int) -> bool:
        return self.first <= frame < self.end

    def shared(self, other: "FrameRange") -> "FrameRange | None":
        """The frames in both; None when there are none."""
        first, end = max(self.first, other.first), min(self.end, other.end)
        return FrameRange(first, end) if first < end else None


def exact_number(value: Fraction) -> int | str:
    """A fraction as JSON without floats: an integer where it is whole, else ``"num/den"``."""
    return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def fraction_of(number: int | str) -> Fraction:
    """The inverse of exact_number."""
    return Fraction(number)
