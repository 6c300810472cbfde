"""A cut is recorded and read back exactly, and what people wrote is in the sections that can be erased."""

import json

from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from cut_strategies import readings
from edgecode.events.cut_facts import cut_added, reading_of
from edgecode.events.kinds import CutAdded
from edgecode.events.registry import read_event, sections_of
from edgecode.terms.cuts import Clip, CutReading, Diagnostic, Effect, Media, Track
from edgecode.terms.identity import record_id
from edgecode.terms.timebase import Rate

CUT = record_id(1, bytes(10))


def ids(reading: CutReading) -> list[str]:
    return [record_id(2, bytes([number]) * 10) for number in range(len(reading.clips))]


@given(readings())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_reading_comes_back_from_its_event(reading: CutReading) -> None:
    assert reading_of(cut_added(reading, cut=CUT, clip_ids=ids(reading))) == reading


@given(readings())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_reading_comes_back_from_the_bytes_of_its_sections(reading: CutReading) -> None:
    event = cut_added(reading, cut=CUT, clip_ids=ids(reading), files=("R1.edl",), supersedes=record_id(3, bytes(10)))
    again = read_event(CutAdded.TYPE, sections_of(event))

    assert isinstance(again, CutAdded)
    assert (again, reading_of(again)) == (event, reading)


NOTED = CutReading(
    name="R1",
    format="otio",
    reader="edgecode.otio/1",
    rate=Rate(24),
    drop_frame=False,
    start=0,
    frames=10,
    tracks=(Track("V", "picture"),),
    clips=tuple(
        Clip(
            name=name,
            kind="picture",
            path=(0,),
            record_in=Rate(5).fraction,
            record_out=Rate(6).fraction,
            media=Media(kind="file", targets=("/home/ann/plate.mov",)),
            effects=(Effect("Title", parameters='{"text":"Directed by Ann Example"}'),),
            comments=("* as Ann said",),
        )
        for name in ("a", "b")
    ),
)


def test_words_and_paths_are_in_no_section_that_stays() -> None:
    sections = sections_of(cut_added(NOTED, cut=CUT, clip_ids=ids(NOTED)))

    assert b"Ann" not in sections["fact"] and b"ann" not in sections["fact"]
    assert b"/home/ann/plate.mov" in sections["place"]
    assert b"Directed by Ann Example" in sections["text"] and b"as Ann said" in sections["text"]


def test_parameters_that_clips_share_are_written_once() -> None:
    text = sections_of(cut_added(NOTED, cut=CUT, clip_ids=ids(NOTED)))["text"]

    assert text.count(b"Directed by Ann Example") == 1


def test_a_reading_without_its_erased_words_is_still_a_reading() -> None:
    sections = sections_of(cut_added(NOTED, cut=CUT, clip_ids=ids(NOTED)))
    del sections["text"], sections["place"]
    again = read_event(CutAdded.TYPE, sections)
    assert isinstance(again, CutAdded)
    left = reading_of(again)

    assert left.name == ""
    assert left.clips[0] == replace(
        NOTED.clips[0], name="", nest=(), media=Media(kind="file"), effects=(Effect(""),), comments=()
    )


def test_the_fact_is_canonical_json_without_floats() -> None:
    fact = sections_of(cut_added(NOTED, cut=CUT, clip_ids=ids(NOTED)))["fact"]

    assert (
        json.loads(fact, parse_float=lambda text: (_ for _ in ()).throw(AssertionError(text)))["format"] == NOTED.format
    )


def test_names_and_quoted_words_are_sealed_with_the_places() -> None:
    quoting = replace(
        NOTED, name="Ann's cut", diagnostics=(Diagnostic("comment.unknown", "“Ann, call me”", 3, "", "none"),)
    )
    sections = sections_of(cut_added(quoting, cut=CUT, clip_ids=ids(quoting)))

    assert [b"Ann" in sections[name] for name in ("fact", "place")] == [False, True]
    assert reading_of(cut_added(quoting, cut=CUT, clip_ids=ids(quoting))) == quoting
