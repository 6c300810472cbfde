"""Every parser of the record reads any bytes or refuses them as an EdgecodeError, ends, and gives back what it accepts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parsers import KEY, PARSERS, Parser, judged

from edgecode.ledger.notes import MalformedError, VerifierKey

Change = Callable[[bytes], bytes]

SPELLINGS = [
    b"\n",
    b"\n\n",
    b" ",
    b"\t",
    b"+",
    b"=",
    b"0",
    b"-1",
    b"\x00",
    b"\xff",
    b"\r\n",
    "\u2014".encode(),
    b"\xed\xa0\x80",
]
SPELLINGS += [
    b"\xe2\x80\xa8",
    b'"',
    b"\\",
    b"\\u0000",
    b"{",
    b"}",
    b"[" * 40,
    b"1e9",
    b"9" * 40,
    b",",
    b"PK\x01\x02",
    b"group a any w1\n",
]


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Bytes replaced, put in, taken out, doubled, or cut off at one place."""
    where = draw(st.floats(0, 1, exclude_max=True))
    length = draw(st.integers(0, 40))
    piece = draw(st.one_of(st.sampled_from(SPELLINGS), st.binary(max_size=6)))
    kind = draw(st.sampled_from(["replace", "insert", "delete", "double", "cut", "bit"]))

    def change(data: bytes) -> bytes:
        at = int(where * (len(data) + 1))
        if kind == "bit" and data:
            at = min(at, len(data) - 1)
            return data[:at] + bytes([data[at] ^ 1 << length % 8]) + data[at + 1 :]
        return {
            "replace": data[:at] + piece + data[at + len(piece) :],
            "insert": data[:at] + piece + data[at:],
            "delete": data[:at] + data[at + length :],
            "double": data[:at] + data[at : at + length] + data[at:],
        }.get(kind, data[:at])

    return change


def of_valid_ones(parser: Parser) -> st.SearchStrategy[bytes]:
    """Valid bytes with up to four changes."""

    def changed(data: bytes, many: list[Change]) -> bytes:
        for change in many:
            data = change(data)
        return data

    return st.builds(changed, st.sampled_from(parser.valid), st.lists(changes(), max_size=4))


def wrong_with(parser: Parser, *, examples: int) -> list[str]:
    found: list[str] = []

    # Two seconds for one input is an answer to "never hangs" that a busy machine can keep.
    @settings(
        max_examples=examples,
        deadline=timedelta(seconds=2),
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(of_valid_ones(parser), of_valid_ones(parser), st.binary(max_size=400)))
    def take(data: bytes) -> None:
        wrong = judged(parser, data)
        assert wrong is None, wrong

    take()
    return found


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_valid_is_accepted_and_written_as_it_was(name: str) -> None:
    parser = PARSERS[name]
    written = [parser.write(parser.read(data)) for data in parser.valid]
    again = [parser.write(parser.read(data)) for data in written]

    assert again == (list(parser.valid) if parser.keeps_bytes else written)


@pytest.mark.parametrize("name", PARSERS)
def test_any_bytes_are_read_back_as_they_are_or_refused(name: str) -> None:
    assert wrong_with(PARSERS[name], examples=150) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", PARSERS)
def test_thousands_of_changed_bytes_are_read_back_as_they_are_or_refused(name: str) -> None:
    assert wrong_with(PARSERS[name], examples=4_000) == []


@pytest.mark.parametrize("name", PARSERS)
def test_large_input_is_refused_or_read_in_time_that_grows_with_it(name: str) -> None:
    parser = PARSERS[name]
    for piece in (b"\n", b"a" * 64 + b"\n", b"[", b'{"a":', b"\x00\x00", parser.valid[0]):
        wrong = judged(parser, piece * (1_000_000 // len(piece)))
        assert wrong is None, wrong[:200]


def test_a_key_whose_name_is_no_text_is_malformed() -> None:
    # As the command line hands over bytes that are not UTF-8.
    with pytest.raises(MalformedError):
        VerifierKey.parse(str(KEY).replace("example", "ex\udcffmple"))
