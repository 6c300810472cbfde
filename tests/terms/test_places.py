"""Places keep the file system's own bytes, and always print."""

from hypothesis import given
from hypothesis import strategies as st

from edgecode.terms.places import Place, escaped, readable


@given(st.binary(min_size=1, max_size=40).filter(lambda raw: b"\0" not in raw))
def test_any_bytes_of_a_path_come_back(raw: bytes) -> None:
    place = Place.of("r1", raw.decode("utf-8", "surrogateescape"))

    assert place.relative == raw
    assert place.path.isascii()
    place.text.encode("utf-8")


def test_names_are_not_folded() -> None:
    composed, decomposed = Place.of("r1", "caf\u00e9.mov"), Place.of("r1", "cafe\u0301.mov")

    assert composed.path != decomposed.path
    assert (composed.name, decomposed.name) == ("caf\u00e9.mov", "cafe\u0301.mov")


def test_a_sequence_has_one_bare_star_and_a_star_in_a_name_is_escaped() -> None:
    sequence = Place.of_sequence("r1", "shots/a*b.", ".exr")

    assert (sequence.path, sequence.text) == ("shots/a%2Ab.*.exr", "shots/a*b.#.exr")


def test_undecodable_bytes_print_as_replacement_characters() -> None:
    assert readable("a\udcff.mov") == "a\ufffd.mov"
    assert escaped("a\udcff.mov") == "a%FF.mov"
