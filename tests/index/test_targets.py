"""Paths and names as cuts write them, read into the one form in which places are compared."""

import pytest

from edgecode.index.targets import backwards_of_place, below, frame_target, stem_of, target, with_number_out
from edgecode.terms.places import Place


@pytest.mark.parametrize(
    ("written", "backwards", "absolute"),
    [
        ("/mnt/show/a.mov", "a.mov/show/mnt/", True),
        ("file:///mnt/show/a.mov", "a.mov/show/mnt/", True),
        ("file://localhost/mnt/show/a%20b.mov", "a b.mov/show/mnt/", True),
        ("file:/mnt/show/a.mov", "a.mov/show/mnt/", True),
        ("Z:\\Show\\A.MOV", "a.mov/show/z:/", True),
        ("file:///Z:/Show/A.MOV", "a.mov/show/z:/", True),
        ("file:///Z%3A/Show/A.MOV", "a.mov/show/z:/", True),
        ("\\\\Server\\Show\\A.MOV", "a.mov/show/server/", True),
        ("file://Server/Show/A.MOV", "a.mov/show/server/", True),
        ("/Volumes/Show/a.mov", "a.mov/show/volumes/", True),
        ("media/a.mov", "a.mov/media/", False),
        ("..\\media\\a.mov", "a.mov/media/../", False),
        ("a.[1001-1020].exr", "a.*.exr/", False),
        ("a.%04d.exr", "a.*.exr/", False),
        ("a.####.exr", "a.*.exr/", False),
        ("s3://bucket/show/a.mov", "a.mov/show/bucket/", False),
        ("caf\u00e9.mov", "caf\u00e9.mov/", False),
        ("cafe\u0301.mov", "caf\u00e9.mov/", False),
        ("", "", False),
    ],
)
def test_a_path_is_read_whoever_wrote_it(written: str, backwards: str, absolute: bool) -> None:
    one = target(written)

    assert (one.backwards, one.absolute) == (backwards, absolute)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.1001.exr", "a.*.exr"),
        ("a_v002.1001.exr", "a_v002.*.exr"),
        ("a_1001.exr", "a_*.exr"),
        ("a.-5.exr", "a.*.exr"),
        ("take-1001.exr", "take-*.exr"),
        ("comp_v002.exr", None),
        ("comp.exr", None),
    ],
)
def test_a_version_number_is_no_frame_number(name: str, expected: str | None) -> None:
    assert with_number_out(name) == expected


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a001.mov", "a001"),
        ("comp_v003.*.exr", "comp_v003"),
        ("comp_v003_*.exr", "comp_v003"),
        ("comp.v003", "comp.v003"),
        ("*.exr", ""),
        ("no suffix", "no suffix"),
    ],
)
def test_a_stem_keeps_the_version_and_drops_suffix_and_frame(name: str, stem: str) -> None:
    assert stem_of(name) == stem


def test_a_place_and_a_path_below_its_root_meet_in_one_form() -> None:
    place = Place.of_sequence("media", "sh010/Caf\u00e9 100%.", ".exr")
    rest = below(target("Z:\\Show\\SH010\\CAFE\u0301 100%.####.exr"), target("z:/show"))
    assert rest is not None

    assert rest.backwards == backwards_of_place(place.path)


@pytest.mark.parametrize("written", ["/mnt/showreel/a.mov", "/other/a.mov", "a.mov", "/mnt/show"])
def test_a_path_beside_a_root_is_not_below_it(written: str) -> None:
    assert below(target(written), target("/mnt/show")) is None


def test_one_frame_s_path_leads_to_its_sequence_and_a_sequence_s_to_nothing_further() -> None:
    frame = frame_target(target("/m/a.1001.exr"))
    assert frame is not None

    assert (frame.backwards, frame_target(target("/m/a.####.exr"))) == ("a.*.exr/m/", None)
