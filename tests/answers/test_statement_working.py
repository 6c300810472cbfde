"""The arithmetic of a usage statement: exact, from its inputs alone, and never more than what was recorded."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edgecode.answers.statement.rate_card import Rate, parse_rate_card
from edgecode.answers.statement.working import Inputs, Said, UsedLine, Working, amount_text, exact, frames_once, worked
from edgecode.errors import InputError

LINE = UsedLine(
    1, "cut 13", "2", "sh0430", "replica use", "sound", 0, 299, "24/1", "01:04:40:00", "01:04:52:11", "C-07", "yes",
    "u1", "p07-v2", "2M8PA 0WXRE", "signed", "41",
)  # fmt: skip
SECOND = Rate("seconds_on_screen", 4000, "EUR", "C-07", rounding="up", clause="C-07 §3")
INPUTS = Inputs(
    payee="P-07", production="The Last Verse", origin="o", size=50, root="ab" * 32, day="2026-11-24", since="", until="",
    cuts=("cut 13",), lines=(LINE,), said=(), unknown=(), rates=(SECOND,), training=(),
)  # fmt: skip


def test_a_finished_second_is_rounded_as_its_clause_says_and_shown_exactly() -> None:
    (money,) = worked(INPUTS).money

    assert money.quantity == "299/24"
    assert money.arithmetic == "299/24 -> 13 (up) × 40.00 EUR = 520.00 EUR"
    assert money.proposed == 52000


def test_a_frame_with_a_face_and_a_voice_is_paid_once() -> None:
    face = replace(LINE, line=2, medium="picture", first=200, end=310, use="u2")

    assert frames_once([LINE, face]) == 310
    assert frames_once([LINE, replace(face, cut="trailer")]) == 299 + 110


def test_what_no_agreement_gives_is_in_no_amount() -> None:
    outside = replace(LINE, line=2, first=400, end=800, covered="no")
    unsettled = replace(outside, line=3, covered="unknown")

    assert worked(replace(INPUTS, lines=(LINE, outside, unsettled))).money == worked(INPUTS).money


def test_days_that_nobody_stated_for_every_use_are_a_question_and_not_zero() -> None:
    days = Rate("days", 100_00, "USD", "C-07", 15, 2, clause="rider 4")
    two = (LINE, replace(LINE, line=2, use="u2"))
    open_, settled = (
        worked(replace(INPUTS, lines=two, rates=(days,), said=said)).money[0]
        for said in ((Said("C-07", "u1", "days", 2),), (Said("C-07", "u1", "days", 2), Said("C-07", "u2", "days", 1)))
    )

    assert (open_.proposed, open_.quantity) == (None, "")
    assert settled.arithmetic == "3 × 100.00 USD × 15/2 = 2250.00 USD"


def test_a_rate_for_one_agreement_beats_the_one_for_all() -> None:
    common = Rate("seconds_on_screen", 1, "EUR", clause="house")

    assert [one.clause for one in worked(replace(INPUTS, rates=(common, SECOND))).money] == ["C-07 §3"]
    assert [one.clause for one in worked(replace(INPUTS, rates=(common,))).money] == ["house"]


@given(st.fractions(min_value=0, max_denominator=10_000))
def test_an_exact_number_reads_back_as_itself(number: Fraction) -> None:
    assert Fraction(exact(number)) == number


def test_currencies_have_their_own_minor_units() -> None:
    assert [amount_text(1234, one) for one in ("EUR", "JPY", "KWD")] == ["12.34 EUR", "1234 JPY", "1.234 KWD"]


def test_a_working_reads_back_and_gives_the_same_amounts_again() -> None:
    made = worked(INPUTS)

    read = msgspec.json.decode(msgspec.json.encode(made), type=Working)

    assert read == made
    assert worked(read.inputs) == made


def test_a_rate_that_would_take_for_ever_to_compute_is_refused() -> None:
    hostile = msgspec.json.encode(worked(INPUTS)).replace(b'"24/1"', b'"1e1000000000"')

    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(hostile, type=Working)


CARD = """title = "House rates"
citation = "Deal memo 4"
[[rate]]
unit = "seconds_on_screen"
amount = 4000
currency = "EUR"
clause = "3"
"""


def test_a_rate_card_is_read_as_it_is_written() -> None:
    (rate,) = parse_rate_card(CARD.encode(), name="rates.toml").rates

    assert rate == Rate("seconds_on_screen", 4000, "EUR", clause="3")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("seconds_on_screen", "fortnights"),
        ('"EUR"', '"Euro"'),
        ("4000", "-1"),
        ("4000", "40.5"),
        ('clause = "3"', 'clause = ""'),
        ('clause = "3"', 'clause = "3"\nsince = "2026-13-01"'),
        ('clause = "3"', 'clause = "3"\nsince = "2026-12-01"\nuntil = "2026-11-01"'),
        ('clause = "3"\n', 'clause = "3"\n' + CARD[CARD.index("[[") :]),
    ],
)
def test_what_is_no_rate_is_refused_with_the_name_of_its_file(old: str, new: str) -> None:
    with pytest.raises(InputError, match=r"rates\.toml is no rate card") as refused:
        parse_rate_card(CARD.replace(old, new).encode(), name="rates.toml")

    assert refused.value.code == "statement.rate_card"
