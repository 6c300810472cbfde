"""Red and green: good and bad exports of every editing program, what is said of them and which choice mends it."""

from pathlib import Path

import pytest

from edgecode.errors import InputError
from edgecode.ingest.editorial import read_cut
from edgecode.ingest.editorial.export_check import ExportFinding, checked, program_of
from edgecode.ingest.editorial.export_choices import MENDING, PROGRAMS, Program
from edgecode.production.doors.cut_files import read_cuts
from edgecode.terms.cuts import CutReading
from edgecode.terms.timebase import Rate
from exchange_samples import xmeml, xmeml_clip, xmeml_file, xmeml_sequence
from fcpxml_parts import document
from otio_parts import clip, gap, span, timeline, track
from shared_data import DATA, needs_shared_data

TIMELINES = DATA / "timelines"
FILES = sorted(
    path
    for path in TIMELINES.rglob("*")
    if path.suffix in (".edl", ".otio", ".fcpxml", ".xml", ".aaf") and path.is_file()
)
REAL_BUT_REFUSED = {"cut.none", "otio.malformed", "aaf.malformed", "cut.format_unknown", "cut.format_unsupported"}


def event(number: int, reel: str, source: str, *notes: str, seconds: int = 2) -> str:
    first = 3600 + (number - 1) * seconds

    def label(at: int) -> str:
        return f"{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}:00"

    hours = int(source[:2]) * 3600 + int(source[3:5]) * 60 + int(source[6:8])
    labels = f"{label(hours)} {label(hours + seconds)} {label(first)} {label(first + seconds)}"
    return f"{number:03d}  {reel} V C {labels}\n" + "".join(f"* {note}\n" for note in notes)


FILM = Rate(24)


def codes(data: bytes, *, name: str = "cut", rate: Rate | None = FILM, program: Program = "any") -> dict[str, str]:
    return {one.code: one.colour for one in checked(read_cut(data, name=name, rate=rate), program=program)}


UNSEEN = {"export.effects_unseen": "yellow"}
GOOD_LIST = "".join(
    event(n, f"A00{n}C001_LONG", f"0{n}:00:10:00", f"FROM CLIP NAME: shot {n}", f"SOURCE FILE: /media/A00{n}.mov")
    for n in (1, 2, 3)
).encode()
GOOD_TIMELINE = timeline(
    track(*(clip(f"A00{n}", 86_400 * n, 48, metadata={"Resolve_OTIO": {"Reel Name": f"A00{n}"}}) for n in (1, 2, 3))),
    start=86_400,
)
GOOD_XML = xmeml(
    xmeml_sequence(
        [
            xmeml_clip(f"a{n}.mov", 50 * n, 50 * n + 50, 10, 60, xmeml_file(f"a{n}.mov", tc=86_400 * n, reel=f"A{n}"))
            for n in (1, 2, 3)
        ]
    )
)
GOOD_FCPXML = document(
    '<asset-clip ref="av" offset="3600s" start="10s" duration="30s"/>' * 1
    + '<asset-clip ref="av" offset="3630s" start="60s" duration="30s"/>'
)


def test_a_good_list_is_only_told_that_it_shows_no_effects() -> None:
    assert codes(GOOD_LIST) == UNSEEN


@pytest.mark.parametrize("data", [GOOD_TIMELINE, GOOD_XML, GOOD_FCPXML], ids=["resolve", "premiere", "final-cut"])
def test_a_good_export_of_a_program_is_green(data: bytes) -> None:
    assert codes(data) == {}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"".join(event(n, "AX", "00:00:01:00", f"FROM CLIP NAME: {n}").encode() for n in (1, 2)), {
            "export.no_identity": "red", "export.no_reels": "yellow", "export.no_paths": "yellow",
        }),
        (event(1, "ZZ100_50", "01:00:00:00", "FROM CLIP NAME: a").encode(), {
            "export.no_identity": "red", "export.reels_cut_short": "red", "export.no_paths": "yellow",
        }),
        (b"".join(event(n, f"R{n}", "00:00:00:00", f"SOURCE FILE: /a/{n}.mov").encode() for n in (1, 2, 3)), {
            "export.from_zero": "yellow",
        }),
        (event(1, "FILM", "01:00:00:00", "SOURCE FILE: /a/film.mov", seconds=60).encode(), {"export.flattened": "red"}),
        (b"".join(event(n, "FILM", f"01:00:{10 * n:02d}:00", "SOURCE FILE: /a/film.mov", seconds=10).encode() for n in (1, 2, 3)), {
            "export.flattened": "red",
        }),
        (event(1, "A1", "01:00:00:00", "SOURCE FILE: /a/1.mov").encode() + b"002  A2 V C 01:00:00:00 what\n", {
            "export.rows_missing": "red",
        }),
    ],
    ids=["no reels", "truncated reels", "no source timecode", "one file", "a film cut into scenes", "a broken event"],
)  # fmt: skip
def test_a_bad_list_says_what_is_wrong(data: bytes, expected: dict[str, str]) -> None:
    assert codes(data) == UNSEEN | expected


def test_a_list_whose_rate_nobody_knows_is_red() -> None:
    assert codes(event(1, "A1", "01:00:00:00").encode(), rate=None) == {"export.no_rate": "red"}


def test_an_offline_clip_of_resolve_is_red() -> None:
    data = timeline(
        track(
            clip("a", 86_400, 48),
            clip("b", 86_400, 48, media_references={"DEFAULT_MEDIA": {"OTIO_SCHEMA": "MissingReference.1"}}),
        )
    )
    found = codes(data)

    assert (found["export.offline"], found["export.no_identity"]) == ("red", "red")


def test_a_clip_that_shows_more_than_its_media_is_red_and_media_without_handles_is_noted() -> None:
    def media(first: int, length: int) -> dict[str, object]:
        reference = {
            "OTIO_SCHEMA": "ExternalReference.1",
            "target_url": "a.mov",
            "available_range": span(first, length),
        }
        return {"media_references": {"DEFAULT_MEDIA": reference}, "metadata": {"reel": "A1"}}

    short = timeline(track(clip("a", 100, 48, **media(100, 20)), gap(5)))
    trimmed = timeline(track(*(clip("a", 100 * n, 48, **media(100 * n, 48)) for n in (1, 2, 3))))

    assert codes(short) == {"export.beyond_media": "red"}
    assert codes(trimmed) == {"export.no_handles": "yellow"}


def test_a_timeline_of_titles_alone_is_empty() -> None:
    title = {"DEFAULT_MEDIA": {"OTIO_SCHEMA": "GeneratorReference.1", "generator_kind": "Text"}}

    assert codes(timeline(track(clip("a", 0, 48, media_references=title)))) == {"export.empty": "red"}


def test_mixed_rates_and_uncertain_speeds_of_final_cut_are_yellow() -> None:
    mixed = document(
        '<asset-clip ref="av" offset="3600s" start="10s" duration="30s"/><asset-clip ref="v" offset="3630s" start="20s" duration="30s"/>'
    )

    assert codes(mixed)["export.mixed_rates"] == "yellow"


def test_the_choice_that_mends_it_is_the_program_s_own() -> None:
    def mend(program: Program) -> str:
        found: list[ExportFinding] = checked(
            read_cut(event(1, "ZZ100_50", "01:00:00:00").encode(), name="a", rate=Rate(24)), program=program
        )
        return next(one.mend for one in found if one.code == "export.reels_cut_short")

    assert "File_129" in mend("avid")
    assert "32 Character Names" in mend("premiere")
    assert "--table" in mend("any")
    assert len({mend(program) for program in PROGRAMS}) == len(PROGRAMS)


def test_every_finding_has_a_choice_for_every_program() -> None:
    assert [code for code, choices in MENDING.items() if not choices.get("any")] == []
    assert [code for code, choices in MENDING.items() if set(choices) != set(PROGRAMS)] == []


@pytest.mark.parametrize(
    ("data", "form", "program"),
    [
        (GOOD_FCPXML, "fcpxml", "final-cut"),
        (GOOD_TIMELINE, "otio", "resolve"),
        (b'<xmeml><sequence MZ.PProTicks="1">', "fcp7", "premiere"),
        (b"\xd0\xcf\x11\xe0", "aaf", "avid"),
        (b">>> SOURCE A A 1", "edl", "avid"),
        (b"001", "edl", "any"),
    ],
)
def test_a_file_tells_which_program_it_looks_like(data: bytes, form: str, program: str) -> None:
    assert program_of(data, form) == program


def _read(path: Path) -> list[CutReading]:
    try:
        return read_cuts([path])
    except InputError as error:
        assert error.code in REAL_BUT_REFUSED | {"rate.conflict"}, error
        return []


@needs_shared_data
@pytest.mark.parametrize("form", ["edl", "otio", "fcpxml", "xml", "aaf"])
def test_every_real_file_is_judged_and_no_more_clips_are_wrong_than_there_are(form: str) -> None:
    files = [path for path in FILES if path.suffix == f".{form}" and (form != "aaf" or path.stat().st_size < 200_000)][
        :20
    ]
    found = [one for path in files for one in checked(_read(path))]

    assert files
    assert [one for one in found if one.code not in MENDING or (one.of and one.count > one.of)] == []
