"""FCPXML that is broken or meant to hurt ends in a sentence, soon."""

import time

import pytest

from edgecode.errors import InputError
from edgecode.ingest.editorial import read_cut
from fcpxml_parts import DISSOLVE, compound, document, multicam


def refusal(data: bytes) -> InputError:
    with pytest.raises(InputError) as refused:
        read_cut(data, name="x.fcpxml")
    assert refused.value.remedy
    return refused.value


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY l0 "ha">' + LAUGHS,
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY % x SYSTEM "http://example.invalid/x.dtd"> %x;',
    ],
)
def test_entities_are_refused_before_anything_is_made_of_them(declared: str) -> None:
    started = time.monotonic()
    said = refusal(f'<?xml version="1.0"?><!DOCTYPE fcpxml [{declared}]><fcpxml version="1.10"/>'.encode())

    assert said.code == "entity.refused"
    assert time.monotonic() - started < 1


def test_a_document_type_somewhere_else_is_never_fetched() -> None:
    data = document("<gap offset='3600s' duration='1s'/>").replace(
        b"<!DOCTYPE fcpxml>", b'<!DOCTYPE fcpxml SYSTEM "http://example.invalid/fcpxml.dtd">'
    )

    assert len(read_cut(data, name="x")) == 1


@pytest.mark.parametrize("tag", ["spine", "clip", "param", "whatever"])
def test_a_million_elements_inside_one_another_are_refused(tag: str) -> None:
    data = b'<fcpxml version="1.10">' + f"<{tag}>".encode() * 1_000_000

    assert refusal(data).code == "schema.too_deep"


def test_clips_inside_clips_stop_at_the_limit() -> None:
    body = '<clip offset="3600s" duration="1s">' + '<clip offset="0s" duration="1s">' * 79 + "</clip>" * 80

    assert refusal(document(body)).code == "schema.too_deep"


def test_clips_inside_clips_that_say_no_length_are_a_missing_row() -> None:
    [cut] = read_cut(document("<clip>" * 200 + "</clip>" * 200), name="x")

    assert (cut.diagnostics[0].code, cut.diagnostics[0].effect) == ("clip.no_duration", "row-missing")


def test_a_compound_clip_that_holds_itself_is_refused() -> None:
    media = compound("c", '<ref-clip ref="c" offset="0s" duration="1s"/>')

    assert (
        refusal(document('<ref-clip ref="c" offset="3600s" duration="1s"/>', resources=media)).code == "schema.too_deep"
    )


def test_ten_of_ten_of_ten_compound_clips_are_counted_and_not_walked() -> None:
    uses = "".join(f'<ref-clip ref="{{}}" offset="{n}s" duration="1s"/>' for n in range(10))
    media = compound("c0", '<asset-clip ref="v" offset="0s" duration="1s"/>')
    media += "".join(compound(f"c{n}", uses.replace("{}", f"c{n - 1}")) for n in range(1, 20))
    started = time.monotonic()

    assert (
        refusal(document('<ref-clip ref="c19" offset="3600s" duration="1s"/>', resources=media)).code
        == "cut.too_many_clips"
    )
    assert time.monotonic() - started < 2


def test_times_that_no_clock_has_are_refused_or_taken_as_none() -> None:
    primes = [n for n in range(10**6, 10**6 + 6000) if all(n % k for k in range(2, 1010))]
    body = "".join(f'<asset-clip ref="v" offset="{3600 * p + 1}/{p}s" duration="1/{p}s"/>' for p in primes)
    far = '<asset-clip ref="v" offset="99999999999999999999999s" duration="5s"/>'
    [cut] = read_cut(document(far), name="x")

    assert refusal(document(body)).code == "time.too_fine"
    assert (cut.diagnostics[0].code, cut.diagnostics[0].effect) == ("time.unreadable", "row-missing")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE fcpxml>', "xml.malformed"),
        (b'<?xml version="1.0" encoding="no-such"?><fcpxml/>', "xml.malformed"),
        (b"<other><fcpxml/></other>", "xml.malformed"),
        (b'<fcpxml version="1.10"><library><event name="clips"/></library></fcpxml>', "cut.none"),
        (b'<fcpxml version="1.10"><project name="empty"/></fcpxml>', "cut.none"),
    ],
)
def test_what_holds_no_cut_is_a_sentence_with_a_code(data: bytes, code: str) -> None:
    assert refusal(data).code == code


@pytest.mark.parametrize("sixteenth", range(16))
def test_a_document_cut_short_anywhere_is_refused(sixteenth: int) -> None:
    data = document(
        f'<ref-clip ref="c" offset="3600s" duration="4s"/><transition offset="3603s" duration="2s">{DISSOLVE}</transition>'
        '<mc-clip ref="m" offset="3604s" duration="4s"><mc-source angleID="a"/></mc-clip>',
        resources=compound("c", '<asset-clip ref="v" offset="0s" duration="9s"/>')
        + multicam("m", ("a", '<asset-clip ref="v" offset="0s" duration="9s"/>')),
    )

    assert refusal(data[: len(data) * sixteenth // 16]).code in (
        "xml.malformed",
        "cut.empty_file",
        "cut.format_unsupported",
    )
