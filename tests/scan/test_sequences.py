"""Grouping names into sequences, and the tokens that programs write for the frame number."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scan_samples import lay, scanned

from edgecode.errors import InputError
from edgecode.ingest.sequence_tokens import SequencePath, TokenDialect, read_token, sequence_key, with_view, written
from edgecode.ingest.sequences import Grouping, NameSequence, group
from edgecode.terms.cuts import Diagnostic


def grouped(*names: str) -> tuple[set[tuple[str, tuple[int, ...]]], tuple[str, ...]]:
    found = group(names)
    return {(sequence.label, sequence.frames) for sequence in found.sequences}, found.singles


def test_two_frames_make_a_sequence() -> None:
    assert group(["a.1001.exr", "a.1002.exr"]) == Grouping((NameSequence("a.", ".exr", 4, (1001, 1002)),), ())


def test_one_numbered_file_is_a_still() -> None:
    assert group(["a.1001.exr"]) == Grouping((), ("a.1001.exr",))


@pytest.mark.parametrize(
    "names",
    [
        ("comp_v002.exr", "comp_v003.exr"),
        ("comp.V002.exr", "comp.V003.exr"),
        ("compV002.exr", "compV003.exr"),
        ("v001.png", "v002.png"),
        ("comp_ver1.png", "comp_ver2.png"),
        ("comp_rev002.png", "comp_rev003.png"),
    ],
)
def test_versions_are_never_frames(names: tuple[str, ...]) -> None:
    assert grouped(*names) == (set(), names)


def test_versions_with_frames_are_sequences_of_their_own() -> None:
    names = [f"comp_v00{version}.{frame}.exr" for version in (2, 3) for frame in (1001, 1002)]

    assert grouped(*names) == ({("comp_v002.%04d.exr", (1001, 1002)), ("comp_v003.%04d.exr", (1001, 1002))}, ())


def test_a_word_that_ends_in_v_is_no_version() -> None:
    assert grouped("mov0001.png", "mov0002.png") == ({("mov%04d.png", (1, 2))}, ())


def test_frame_10000_follows_9999_in_a_padded_sequence() -> None:
    assert grouped("x.0001.exr", "x.9999.exr", "x.10000.exr") == ({("x.%04d.exr", (1, 9999, 10000))}, ())


def test_unpadded_numbers_stay_unpadded() -> None:
    assert grouped("p_9.dpx", "p_10.dpx", "p_11.dpx") == ({("p_%d.dpx", (9, 10, 11))}, ())


def test_negative_frames_come_before_zero() -> None:
    found = group(["b.-002.exr", "b.-001.exr", "b.0000.exr", "b.0001.exr", "b.-0001.exr"])

    assert [(s.label, s.frames) for s in found.sequences] == [("b.%04d.exr", (-1, 0, 1))]
    assert found.singles == ("b.-001.exr", "b.-002.exr")


def test_a_dash_after_a_word_is_no_minus() -> None:
    assert grouped("fx-101.exr", "fx-102.exr") == ({("fx-%03d.exr", (101, 102))}, ())


def test_views_are_sequences_of_their_own() -> None:
    names = [f"s.{frame}.{view}.exr" for frame in (1, 2) for view in ("left", "right")]

    assert grouped(*names) == ({("s.%d.left.exr", (1, 2)), ("s.%d.right.exr", (1, 2))}, ())


def test_numbered_sound_and_video_files_are_no_sequence() -> None:
    assert grouped("take_01.wav", "take_02.wav", "a_1.mov", "a_2.mov")[0] == set()


def test_names_that_only_happen_to_hold_numbers_stay_single() -> None:
    names = ("2019.png", "2024.png", "DSC17.png", "DSC18.png", "seed_1234567890.png", "seed_1234567891.png")

    assert grouped(*names) == (set(), tuple(sorted(names)))


def test_comfyui_counters_are_stills() -> None:
    assert grouped("ComfyUI_00001_.png", "ComfyUI_00002_.png")[0] == set()


def test_holes_are_said_as_ranges() -> None:
    found = group(["a.1.exr", "a.2.exr", "a.5.exr", "a.7.exr"])

    assert found.sequences[0].missing == ((3, 4), (6, 6))
    assert found.diagnostics == (Diagnostic("sequence.frames_missing", "a.%d.exr lacks frames 3-4, 6"),)


def test_one_frame_under_two_paddings_is_said_and_both_files_are_kept() -> None:
    found = group(["a.001.exr", "a.0001.exr", "a.0002.exr"])

    assert found.sequences == (NameSequence("a.", ".exr", 4, (1, 2)),)
    assert found.singles == ("a.001.exr",)
    assert [said.code for said in found.diagnostics] == ["sequence.duplicate_frame"]


def test_names_that_differ_only_in_case_or_spelling_are_said() -> None:
    found = group(["A.0001.EXR", "a.0001.exr", "caf\u00e9.png", "cafe\u0301.png"])

    assert [said.code for said in found.diagnostics] == ["names.fold_together"] * 2
    assert len(found.singles) == 4
    assert [said.text.partition(";")[0] for said in found.diagnostics] == [
        "a.0001.exr and A.0001.EXR differ only in case or Unicode spelling",
        "cafe\u0301.png is there twice, one decomposed and one composed (Unicode spells its accents in two ways)",
    ]


def test_what_is_said_of_a_folder_s_names_says_which_folder(tmp_path: Path) -> None:
    lay(tmp_path, {"sh010/a.1.exr": b"1", "sh010/a.3.exr": b"3"})

    assert [item.text for item in scanned(tmp_path) if isinstance(item, Diagnostic)] == [
        "in sh010: a.%d.exr lacks frames 2"
    ]


def test_undecodable_names_group_like_others() -> None:
    names = ["\udcff.0001.exr", "\udcff.0002.exr"]

    found = group(names)

    assert found.sequences[0].names == names
    assert found.sequences[0].label == "\ufffd.%04d.exr"


def test_digits_of_other_scripts_are_no_frame_numbers() -> None:
    assert grouped("a.\u0661\u0662.exr", "a.\u0661\u0663.exr")[0] == set()


def test_ten_thousand_names_are_grouped_in_a_fifth_of_a_second() -> None:
    names = [f"sh{shot:03d}_plate_v001.{frame:04d}.exr" for shot in range(20) for frame in range(1001, 1501)]
    began = time.process_time()

    found = group(names)

    assert (len(found.sequences), found.singles, time.process_time() - began < 0.2) == (20, (), True)


_parts = st.sampled_from(["a.", "a", "", "sh010_", "v", "x_v", "-", "A.", "\udcff", "é_"])
_numbers = st.one_of(st.integers(-20, 20), st.integers(98, 104), st.sampled_from([9999, 10000, 10**9, 10**12]))
_names = st.builds(
    lambda before, number, width, after: f"{before}{number:0{width}d}{after}",
    _parts,
    _numbers,
    st.integers(1, 5),
    st.sampled_from([".exr", ".EXR", ".left.exr", ".png", ".wav", "", ".jp2"]),
)


@given(st.sets(_names, max_size=40))
def test_every_name_comes_back_exactly_once(names: set[str]) -> None:
    found = group(names)
    back = [name for sequence in found.sequences for name in sequence.names] + list(found.singles)

    assert sorted(back) == sorted(names)
    assert len({(sequence.before, sequence.after) for sequence in found.sequences}) == len(found.sequences)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/m/a.%04d.exr", SequencePath("/m/a.", ".exr", 4)),
        ("a.%d.exr", SequencePath("a.", ".exr", 1)),
        ("a.####.exr", SequencePath("a.", ".exr", 4)),
        ("a.@@@.exr", SequencePath("a.", ".exr", 3)),
        ("a.$F4.exr", SequencePath("a.", ".exr", 4)),
        ("a.$F.exr", SequencePath("a.", ".exr", 1)),
        ("a.[1001-1020].exr", SequencePath("a.", ".exr", 4, 1001, 1020)),
        ("Z:\\show\\a.[-005-0020].exr", SequencePath("Z:\\show\\a.", ".exr", 3, -5, 20)),
        ("take#2.####.exr", SequencePath("take#2.", ".exr", 4)),
    ],
)
def test_tokens_are_read(text: str, path: SequencePath) -> None:
    assert read_token(text) == path


@pytest.mark.parametrize("text", ["a.1001.exr", "a.exr", "a.[20-10].exr", "100%.exr"])
def test_a_name_without_a_token_names_no_sequence(text: str) -> None:
    assert read_token(text) is None


_plain = st.text(st.sampled_from("ab._-/% #@$F[]0159dé\udcff"), max_size=12)


@given(
    _plain, _plain, st.integers(1, 9), st.integers(-50, 2000), st.integers(0, 2000), st.sampled_from(list(TokenDialect))
)
def test_a_written_token_reads_back_or_is_refused(
    before: str, after: str, padding: int, first: int, length: int, dialect: TokenDialect
) -> None:
    path = SequencePath(before, after, padding, first, first + length)
    try:
        text = written(path, dialect)
    except InputError as error:
        assert error.code == "sequence.token_unwritable"
        return
    back = read_token(text)

    assert back is not None
    assert [back.name(frame) for frame in (first, first + length)] == [
        path.name(frame) for frame in (first, first + length)
    ]


def test_a_token_and_a_frame_of_it_have_one_key() -> None:
    assert sequence_key("a.%04d.exr") == sequence_key("a.1001.exr") == "a.*.exr"


def test_views_fill_their_tokens() -> None:
    assert with_view("s_%V.%04d.exr", "left") == "s_left.%04d.exr"
