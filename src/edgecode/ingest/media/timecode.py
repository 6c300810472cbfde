"""Start timecodes of media: from labels, SMPTE 12M words or counted units to a label and a frame number at a rate."""

from fractions import Fraction

from edgecode.errors import InputError
from edgecode.terms.timebase import Rate, frame_of_label, label_of_frame, label_says_drop_frame


def rate_text(value: Fraction | float | str) -> str:
    """A frame rate as ``"num/den"``, snapped to the trade's rates; empty when it is none or above 1,000."""
    try:
        rate = Rate.of(value)
    except (InputError, OverflowError, ValueError):
        return ""
    return str(rate) if Fraction(1, 100) <= rate.fraction <= 1000 else ""


def of_words(word: int) -> tuple[str, bool]:
    """The label and the drop-frame flag of a SMPTE 12M time word with frames in its low byte (TV60 packing of OpenEXR)."""

    def two_digits(shift: int, bits: int) -> int:
        value = word >> shift & (1 << bits) - 1
        return (value >> 4) * 10 + (value & 15)

    drop = bool(word >> 6 & 1)
    hours, minutes, seconds = two_digits(24, 6), two_digits(16, 7), two_digits(8, 7)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{';' if drop else ':'}{two_digits(0, 6):02d}", drop


def start_of(label: str, rate: str, *, drop_frame: bool | None = None) -> tuple[int | None, bool]:
    """(frame number of *label* at *rate*, drop-frame); the number is None when the label does not exist at that rate."""
    drop = label_says_drop_frame(label) if drop_frame is None else drop_frame
    if not label or not rate:
        return None, drop
    try:
        return frame_of_label(label.replace(";", ":"), Rate.of(rate), drop_frame=drop), drop
    except InputError:
        return None, drop


def label_of(frame: int, rate: str, *, drop_frame: bool) -> str:
    """The label of a frame number; empty when the rate has none."""
    try:
        return label_of_frame(frame, Rate.of(rate), drop_frame=drop_frame)
    except InputError:
        return ""
