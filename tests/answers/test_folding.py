"""Lines folded to a terminal: at the gaps between parts first, then between words, and nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from edgecode.answers.layout.columns import folded, width

WORDS = st.lists(st.text("abcé漢", min_size=1, max_size=12), min_size=1, max_size=12)
PARTS = st.lists(WORDS.map(" ".join), min_size=1, max_size=6).map("   ".join)


def test_a_line_breaks_between_its_parts_before_it_breaks_in_one() -> None:
    assert folded("notice   given to the guild   by P-02", 24) == [
        "notice",
        "      given to the guild",
        "      by P-02",
    ]


def test_a_part_that_is_longer_alone_breaks_between_its_words_and_a_word_stays_whole() -> None:
    assert folded("  why: one two three-and-more", 12, hang=2) == ["  why: one", "    two", "    three-and-more"]


@given(PARTS, st.integers(20, 60))
def test_no_word_is_lost_and_a_line_is_too_long_only_for_one_word(line: str, columns: int) -> None:
    lines = folded(line, columns)

    assert " ".join(lines).split() == line.split()
    assert all(width(one) <= columns or len(one.split()) == 1 for one in lines)
