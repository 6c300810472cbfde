"""Every kind of pack says what it does not prove, and nothing of what other kinds are about."""

import pytest

from edgecode.answers.packs.limits import LIMITS_OF, PackKind, limits_text


@pytest.mark.parametrize("kind", list(LIMITS_OF))
def test_every_kind_says_that_it_is_no_legal_advice_and_whose_word_the_times_are(kind: PackKind) -> None:
    said = limits_text(kind)

    assert all(words in said for words in ("not legal advice", "Times are claimed", "one organization counts once"))


def test_a_certificate_of_erasure_names_what_an_erasure_does_not_reach() -> None:
    said = limits_text("erasure")
    named = (
        "trained weights",
        "released copies",
        "papers kept by others",
        "Files of media",
        "a path in a cut",
        "Copies of the data",
    )

    assert [words for words in named if words not in said] == []
    assert [words for words in ("this cut", "Residuals", "consent") if words in said] == []


def test_a_disclosure_says_that_it_opens_one_thing_to_one_reader() -> None:
    said = limits_text("disclosure")

    assert "one section" in said
    assert "made for one reader" in said
    assert [words for words in ("this cut", "Residuals", "Erasure removes") if words in said] == []
