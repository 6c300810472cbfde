"""Exact time: rates, timecode with and without drop-frame, footage, ranges. Drop-frame tables after SMPTE ST 12-1."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InputError
from edgecode.terms.timebase import (
    KNOWN_RATES,
    FrameRange,
    Rate,
    day_length,
    exact_number,
    feet_and_frames,
    fraction_of,
    frame_of_feet,
    frame_of_label,
    label_of_frame,
    label_says_drop_frame,
)

NTSC, NTSC_60 = Rate(30000, 1001), Rate(60000, 1001)


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("23.976", (24000, 1001)),
        ("23.98", (24000, 1001)),
        (23.976023976023978, (24000, 1001)),
        ("24000/1001", (24000, 1001)),
        (29.97, (30000, 1001)),
        ("29.97002997", (30000, 1001)),
        ("47.952", (48000, 1001)),
        (59.94, (60000, 1001)),
        ("119.88", (120000, 1001)),
        (24, (24, 1)),
        (25.0, (25, 1)),
        ("50", (50, 1)),
        (" 120 ", (120, 1)),
        ("12.5", (25, 2)),
        (18, (18, 1)),
        (Fraction(24000, 1001), (24000, 1001)),
    ],
)
def test_a_written_rate_means_one_exact_rate(written: str | float | Fraction, exact: tuple[int, int]) -> None:
    assert Rate.of(written) == Rate(*exact)


@pytest.mark.parametrize(
    "written", ["", "x", "-24", "0", "24/0", "nan", "inf", "1e999999999", "24fps", "10000", "9" * 99, "1/2/3"]
)
def test_what_is_no_rate_is_refused_at_once(written: str) -> None:
    with pytest.raises(InputError) as refused:
        Rate.of(written)

    assert refused.value.code == "rate.invalid"


@pytest.mark.parametrize("known", KNOWN_RATES)
def test_known_rates_survive_being_printed_as_decimals(known: Fraction) -> None:
    rate = Rate.of(known)

    assert Rate.of(float(known)) == Rate.of(rate.spoken) == Rate.of(str(rate)) == rate


@pytest.mark.parametrize(
    ("rate", "labels"), [(Rate(24000, 1001), 24), (NTSC, 30), (NTSC_60, 60), (Rate(25), 25), (Rate(120000, 1001), 120)]
)
def test_timecode_counts_the_nominal_rate(rate: Rate, labels: int) -> None:
    assert (rate.nominal, frame_of_label("00:00:01:00", rate)) == (labels, labels)


@pytest.mark.parametrize(
    ("label", "rate", "frame"),
    [
        ("00:00:59;29", NTSC, 1799),
        ("00:01:00;02", NTSC, 1800),
        ("00:10:00;00", NTSC, 17982),
        ("01:00:00;00", NTSC, 107892),
        ("23:59:59;29", NTSC, 2589407),
        ("00:01:00;04", NTSC_60, 3600),
        ("01:00:00;00", NTSC_60, 215784),
    ],
)
def test_drop_frame_skips_labels_and_no_frames(label: str, rate: Rate, frame: int) -> None:
    assert frame_of_label(label, rate, drop_frame=True) == frame
    assert label_of_frame(frame, rate, drop_frame=True) == label


@pytest.mark.parametrize("rate", [NTSC, NTSC_60, Rate(120000, 1001)])
def test_every_drop_frame_label_of_ten_minutes_and_of_midnight_goes_round(rate: Rate) -> None:
    day = day_length(rate, drop_frame=True)
    ten_minutes = day // 144

    for frame in (*range(ten_minutes + 200), *range(day - 2000, day + 10)):
        assert frame_of_label(label_of_frame(frame, rate, drop_frame=True), rate, drop_frame=True) == frame


@given(st.integers(0, 999 * 3600 * min(KNOWN_RATES).numerator - 1), st.sampled_from(KNOWN_RATES), st.booleans())
def test_any_frame_has_one_label_and_any_label_one_frame(frame: int, exact: Fraction, drop: bool) -> None:
    rate = Rate.of(exact)
    drop_frame = drop and rate.nominal in (30, 60, 120)
    label = label_of_frame(frame, rate, drop_frame=drop_frame)

    assert frame_of_label(label, rate, drop_frame=drop_frame) == frame
    assert label_says_drop_frame(label) == drop_frame


@pytest.mark.parametrize(
    ("label", "rate", "drop", "code"),
    [
        ("00:01:00;00", NTSC, True, "timecode.invalid"),
        ("00:01:00;03", NTSC_60, True, "timecode.invalid"),
        ("00:00:00:24", Rate(24), False, "timecode.invalid"),
        ("00:60:00:00", Rate(24), False, "timecode.invalid"),
        ("00:00:60:00", Rate(24), False, "timecode.invalid"),
        ("1:2:3", Rate(24), False, "timecode.invalid"),
        ("٠٠:٠٠:٠٠:٠٠", Rate(24), False, "timecode.invalid"),
        ("00:00:00;00", Rate(25), True, "timecode.drop_at_rate"),
        ("00:00:00;00", Rate(24000, 1001), True, "timecode.drop_at_rate"),
    ],
)
def test_a_label_that_names_no_frame_is_refused(label: str, rate: Rate, drop: bool, code: str) -> None:
    with pytest.raises(InputError) as refused:
        frame_of_label(label, rate, drop_frame=drop)

    assert refused.value.code == code


def test_a_frame_before_zero_prints_with_a_sign() -> None:
    assert label_of_frame(-25, Rate(24)) == "-00:00:01:01"


@given(st.integers(0, 10**7), st.sampled_from((16, 20, 40)))
def test_footage_goes_round(frame: int, frames_per_foot: int) -> None:
    written = feet_and_frames(frame, frames_per_foot=frames_per_foot)

    assert frame_of_feet(written, frames_per_foot=frames_per_foot) == frame


def test_footage_of_35_mm_has_sixteen_frames_a_foot() -> None:
    assert (feet_and_frames(183 * 16 + 6), frame_of_feet("0183+06")) == ("0183+06", 2934)


@pytest.mark.parametrize("written", ["183+16", "183", "+6", "a+b", "-1+0"])
def test_what_is_no_footage_is_refused(written: str) -> None:
    with pytest.raises(InputError) as refused:
        frame_of_feet(written)

    assert refused.value.code == "footage.invalid"


def test_a_range_holds_its_first_frame_and_not_its_end() -> None:
    frames = FrameRange(10, 20)

    assert (10 in frames, 19 in frames, 20 in frames, frames.frames) == (True, True, False, 10)
    assert frames.shared(FrameRange(15, 40)) == FrameRange(15, 20)
    assert frames.shared(FrameRange(20, 40)) is None
    with pytest.raises(InputError):
        FrameRange(5, 5)


@given(st.fractions())
def test_exact_numbers_go_round_without_floats(number: Fraction) -> None:
    written = exact_number(number)

    assert isinstance(written, int) == (number.denominator == 1)
    assert fraction_of(written) == number
