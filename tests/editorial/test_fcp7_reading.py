"""Final Cut Pro 7 XML: every place computed by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InputError
from edgecode.ingest.doors import CutReader
from edgecode.ingest.editorial import read_cut
from edgecode.ingest.editorial.exchange_readers import Fcp7Reader
from edgecode.terms.cuts import Clip, CutReading
from edgecode.terms.timebase import Rate
from edgecode.testing.reader_suites import CutReaderSuite, Samples
from exchange_samples import DISSOLVED, xmeml, xmeml_clip, xmeml_file, xmeml_mix, xmeml_sequence, xmeml_speed


class TestFcp7Reader(CutReaderSuite):
    @pytest.fixture
    def reader(self) -> CutReader:
        return Fcp7Reader()

    @pytest.fixture
    def samples(self) -> Samples:
        return {"reel 1.xml": DISSOLVED}


def only(data: bytes) -> CutReading:
    [cut] = read_cut(data, name="cut.xml")
    return cut


def places(cut: CutReading) -> list[tuple[str, Fraction, Fraction, Fraction | None, Fraction | None]]:
    return [(clip.name, clip.record_in, clip.record_out, clip.source_in, clip.source_scale) for clip in cut.clips]


def one(*more: str, start: int = 0, end: int = 20, first: float = 0, out: float = 20) -> Clip:
    [clip] = only(xmeml(xmeml_sequence([xmeml_clip("a.mov", start, end, first, out, *more)]))).clips
    return clip


def test_minus_one_beside_a_dissolve_means_that_both_clips_are_seen_over_all_of_it() -> None:
    assert places(only(DISSOLVED)) == [
        ("a.mov", 0, 60, 10, 1),
        ("b.mov", 48, 100, 20, 1),
        ("c.mov", 30, 40, 0, 1),
        ("a.wav", 0, 50, 0, 1),
    ]


def test_the_cut_starts_where_its_timecode_says_and_ends_with_its_last_clip() -> None:
    cut = only(DISSOLVED)

    assert (cut.name, cut.rate, cut.start, cut.frames) == ("Reel 1", Rate(24), 86400, 100)
    assert [(track.kind, track.enabled) for track in cut.tracks] == [
        ("picture", True),
        ("picture", True),
        ("sound", True),
    ]
    assert [(mix.record_in, mix.record_out, mix.seen) for mix in cut.transitions] == [(48, 60, "plain")]


def test_a_clip_whose_start_lies_inside_the_dissolve_is_seen_from_the_dissolves_start() -> None:
    track = xmeml_clip("a.mov", 0, 54, 0, 54) + xmeml_mix(48, 60) + xmeml_clip("b.mov", 54, 100, 30, 76)
    cut = only(xmeml(xmeml_sequence([track])))

    assert places(cut) == [("a.mov", 0, 60, 0, 1), ("b.mov", 48, 100, 24, 1)]


def test_the_source_counts_on_the_files_own_timecode() -> None:
    clip = one(xmeml_file("a.mov", tc=86400), first=5, out=25)

    assert (clip.source_in, clip.media.available_first, clip.media.available_end) == (86405, 86400, 86600)


def test_in_and_out_at_another_rate_than_the_cuts_are_seconds_of_the_same_source() -> None:
    track = xmeml_clip("a.mov", 0, 40, 12, 32, xmeml_file("a.mov", base=24), base=12)
    [clip] = only(xmeml(xmeml_sequence([track]))).clips

    assert (clip.record_out, clip.source_in, clip.source_scale) == (40, 24, 1)


@pytest.mark.parametrize(
    ("speed", "first", "source", "scale"),
    [
        (xmeml_speed(200), 10, 20, 2),
        (xmeml_speed(50), 10, 5, Fraction(1, 2)),
        # Backwards, in counts from the file's end: frame 0 of the clip is the last of 200.
        (xmeml_speed(100, reverse=True), 0, 199, -1),
        (xmeml_speed(200, reverse=True), 10, 178, -2),
    ],
)
def test_in_counts_after_the_clips_speed(speed: str, first: int, source: int, scale: Fraction) -> None:
    clip = one(xmeml_file("a.mov"), speed, first=first, out=first + 20)

    assert (clip.source_in, clip.source_scale) == (source, scale)


def test_a_speed_that_follows_a_curve_leaves_the_source_uncertain() -> None:
    clip = one(xmeml_file("a.mov"), xmeml_speed(100, curve=True))

    assert (clip.source_in, clip.source_scale) == (None, None)


def test_a_nested_sequence_is_trimmed_by_the_clip_that_shows_it() -> None:
    inner = xmeml_sequence(
        [xmeml_clip("x.mov", 0, 30, 0, 30) + xmeml_clip("y.mov", 30, 60, 5, 35)], name="scene", ident="in"
    )
    cut = only(xmeml(xmeml_sequence([xmeml_clip("scene", 100, 140, 10, 50, inner)])))

    assert places(cut) == [("x.mov", 100, 120, 10, 1), ("y.mov", 120, 140, 5, 1)]
    assert {clip.nest for clip in cut.clips} == {("scene",)}


def test_what_premiere_calls_a_slug_is_black_only_by_the_name_of_its_own_signals() -> None:
    slug = '<file id="s"><name>Slug</name><mediaSource>Slug</mediaSource></file>'
    track = xmeml_clip("Black Video", 0, 10, 0, 10, slug) + xmeml_clip("main title", 10, 20, 0, 10, slug)

    assert [clip.kind for clip in only(xmeml(xmeml_sequence([track]))).clips] == ["black", "generator"]


def test_an_edge_code_in_a_marker_counts() -> None:
    clip = one(
        xmeml_file("a.mov"),
        "<marker><name>x</name><comment>EDGECODE: 01890000-0000-7000-8000-000000000001</comment></marker>",
    )

    assert clip.media.codes == ("01890000-0000-7000-8000-000000000001",)


def test_switched_off_clips_are_listed_as_off() -> None:
    assert one(xmeml_file("a.mov"), "<enabled>FALSE</enabled>").enabled is False


def test_a_filter_that_nobody_knows_is_unknown() -> None:
    clip = one(
        xmeml_file("a.mov"), "<filter><effect><name>Wonder</name><effectid>Wonder 3</effectid></effect></filter>"
    )

    assert [(effect.name, effect.seen) for effect in clip.effects] == [("Wonder 3", "unknown")]


def test_clips_that_overlap_without_a_transition_both_stay() -> None:
    cut = only(xmeml(xmeml_sequence([xmeml_clip("a.mov", 0, 50, 0, 50) + xmeml_clip("b.mov", 40, 60, 0, 20)])))

    assert [clip.record_in for clip in cut.clips] == [0, 40]
    assert [problem.code for problem in cut.diagnostics] == ["record.overlap"]


def test_a_clip_without_a_place_is_said_to_be_missing() -> None:
    cut = only(xmeml(xmeml_sequence([xmeml_clip("a.mov", -1, -1, 0, 50)])))

    assert [(problem.code, problem.effect) for problem in cut.diagnostics][:1] == [
        ("position.unreadable", "row-missing")
    ]


def test_a_file_of_clips_alone_is_no_cut() -> None:
    with pytest.raises(InputError, match="holds no sequence"):
        read_cut(xmeml(xmeml_clip("a.mov", 0, 1, 0, 1)), name="clips.xml")


ENTITIES = b'<!DOCTYPE xmeml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (
            b'<?xml version="1.0"?>' + ENTITIES + b"<xmeml><sequence><name>&b;</name></sequence></xmeml>",
            "entity.refused",
        ),
        (b'<!DOCTYPE xmeml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xmeml>&x;</xmeml>', "entity.refused"),
        (b"<xmeml>" + b"<bin>" * 5000, "schema.too_deep"),
        (b"<xmeml><sequence>", "xml.malformed"),
        (b"<xmeml></sequence>", "xml.malformed"),
    ],
)
def test_hostile_xml_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_cut(data, name="hostile.xml")

    assert refused.value.code == code


def test_a_sequence_that_shows_itself_ends_in_a_diagnostic() -> None:
    itself = '<sequence id="seq"/>'
    cut = only(xmeml(xmeml_sequence([xmeml_clip("again", 0, 10, 0, 10, itself)])))

    assert [(problem.code, problem.effect) for problem in cut.diagnostics if problem.code != "cut.empty"] == [
        ("ref.circular", "row-missing")
    ]


def test_a_track_of_clips_on_one_another_without_end_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        read_cut(xmeml(xmeml_sequence([xmeml_clip("a.mov", 0, 10, 0, 10) * 200])), name="heap.xml")

    assert refused.value.code == "cut.too_many_clips"


def test_a_small_file_that_asks_for_a_million_clips_is_refused() -> None:
    levels = 8
    inner = xmeml_sequence([xmeml_clip("x.mov", 0, 30, 0, 30)], ident="level0")
    for level in range(1, levels):
        first = xmeml_clip("n", 0, 1, 0, 1, inner)
        more = "".join(xmeml_clip("n", n, n + 1, 0, 1, f'<sequence id="level{level - 1}"/>') for n in range(1, 10))
        inner = xmeml_sequence([first + more], ident=f"level{level}")

    with pytest.raises(InputError) as refused:
        read_cut(xmeml(inner), name="bomb.xml")

    assert refused.value.code == "cut.too_many_clips"


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 90), st.integers(0, 12)), min_size=1, max_size=8))
def test_any_row_of_clips_and_gaps_lies_where_it_was_written(items: list[tuple[int, int, int]]) -> None:
    written, track, position = [], "", 0
    for number, (length, first, gap) in enumerate(items):
        position += gap
        written.append((f"{number}.mov", position, position + length, first, 1))
        track += xmeml_clip(f"{number}.mov", position, position + length, first, first + length)
        position += length

    assert places(only(xmeml(xmeml_sequence([track])))) == written


def multiclip(*angles: tuple[str, str]) -> str:
    inside = "".join(
        f"<angle><activevideoangle>{on}</activevideoangle><clip><name>{name}</name><media><video><track><clipitem>{xmeml_file(name)}"
        "</clipitem></track></video></media></clip></angle>"
        for name, on in angles
    )
    head = "<name>Multi</name><enabled>TRUE</enabled><start>0</start><end>20</end><in>5</in><out>25</out>"
    return f"<clipitem>{head}<multiclip>{inside}</multiclip></clipitem>"


def test_the_angle_of_a_multiclip_that_is_on_is_what_it_shows_from_a_frame_that_nobody_knows() -> None:
    cut = only(xmeml(xmeml_sequence([multiclip(("a.mov", "FALSE"), ("b.mov", "TRUE"))])))
    (clip,) = cut.clips

    assert [name.rpartition("/")[2] for name in clip.media.targets] == ["b.mov"]
    assert (clip.record_in, clip.record_out, clip.source_scale) == (0, 20, None)
    assert [problem.code for problem in cut.diagnostics] == ["angle.unsynced", "effect.time_without_scalar"]


@pytest.mark.parametrize("switches", [("FALSE", "FALSE"), ("TRUE", "TRUE")])
def test_a_multiclip_that_names_no_angle_or_two_shows_nothing_that_anybody_knows(switches: tuple[str, str]) -> None:
    cut = only(xmeml(xmeml_sequence([multiclip(("a.mov", switches[0]), ("b.mov", switches[1]))])))
    (clip,) = cut.clips

    assert (clip.media.targets, len(clip.media.others)) == ((), 2)
    assert [problem.code for problem in cut.diagnostics] == ["angle.missing", "effect.time_without_scalar"]


@pytest.mark.parametrize("encoding", ["UTF-9", "base64", "idna", "utf-7", "euc-jp", "punycode"])
def test_xml_in_an_encoding_that_is_not_read_is_refused(encoding: str) -> None:
    data = DISSOLVED.replace(b'encoding="UTF-8"', f'encoding="{encoding}"'.encode())
    with pytest.raises(InputError) as refused:
        read_cut(data, name="a.xml")

    assert (data != DISSOLVED, refused.value.code) == (True, "xml.malformed")
