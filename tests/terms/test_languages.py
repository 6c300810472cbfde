"""Languages are named by tags, because a word that is none matches no consent; a word that names one says which it is."""

import pytest

from edgecode.errors import InputError
from edgecode.terms.languages import require_languages


@pytest.mark.parametrize("words", [None, (), ("*",), ("de", "pt-BR", "zh-Hant-TW", "yue")])
def test_tags_and_nothing_said_are_taken(words: tuple[str, ...] | None) -> None:
    refused = False
    try:
        require_languages(words)
    except InputError:
        refused = True

    assert not refused


@pytest.mark.parametrize(
    ("word", "remedy"),
    [("german", "german is written de"), ("Deutsch", "Deutsch is written de"), ("klingonese", "As in: de, pt-BR")],
)
def test_a_word_that_is_no_tag_is_refused_with_the_tag_where_it_names_a_language(word: str, remedy: str) -> None:
    with pytest.raises(InputError) as refused:
        require_languages(("fr", word))

    assert (refused.value.code, refused.value.remedy) == ("language.tag", remedy)
