"""What rests and what does not, by marks and a steady clock alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.ingest.digests import Mark
from edgecode.ingest.settling import Look, Patience, Settling, is_being_written
from edgecode.ingest.walk import FoundFile, FoundFolder, MediaRoot

ROOT = MediaRoot("r-0", Path("/nowhere"))


def folder(files: dict[str, int], *, is_whole: bool = True) -> FoundFolder:
    """Files by name, each with what tells its states apart."""
    found = tuple(FoundFile(ROOT, "sh", name, Mark(1, 1, 9, state, state)) for name, state in files.items())
    return FoundFolder(ROOT, "sh", found, is_whole=is_whole)


def names(look: Look) -> list[str]:
    return [one.name for each in look.resting for one in each.files]


def seen(watch: Settling, story: list[tuple[float, dict[str, int]]]) -> list[list[str]]:
    """What was found at rest at each look; it is taken at once."""
    told = []
    for now, files in story:
        look = watch.look([folder(files)], now=now)
        watch.taken(one for each in look.resting for one in each.files)
        told.append(names(look))
    return told


def test_a_file_rests_when_nothing_of_it_moved_for_the_settle_time() -> None:
    story = [(0.0, {"a.mov": 1}), (1.0, {"a.mov": 2}), (2.9, {"a.mov": 2}), (3.0, {"a.mov": 2}), (9.0, {"a.mov": 2})]

    assert seen(Settling(), story) == [[], [], [], ["a.mov"], []]


def test_a_file_that_changes_after_it_was_taken_is_taken_again() -> None:
    story = [(0.0, {"a.mov": 1}), (2.0, {"a.mov": 1}), (3.0, {"a.mov": 2}), (5.0, {"a.mov": 2})]

    assert seen(Settling(), story) == [[], ["a.mov"], [], ["a.mov"]]


def test_a_sequence_rests_as_a_whole_and_waits_four_times_its_longest_pause() -> None:
    frames = {f"c.{number}.exr": 1 for number in range(1001, 1005)}

    def upto(count: int) -> dict[str, int]:
        return dict(list(frames.items())[:count])

    story = [
        (0.0, {}),
        (10.0, upto(1)),
        (13.0, upto(2)),
        (16.0, upto(3)),
        (27.9, upto(3)),
        (28.0, upto(3)),
        (40.0, upto(4)),
        (135.9, upto(4)),
        (136.0, upto(4)),
    ]

    assert [len(one) for one in seen(Settling(), story)] == [0, 0, 0, 0, 0, 3, 0, 0, 4]


def test_no_sequence_waits_longer_than_it_may() -> None:
    story = [(0.0, {}), (1.0, {"c.1.exr": 1}), (90.0, {"c.1.exr": 1, "c.2.exr": 1})]
    watch = Settling(Patience(2.0, 30.0))
    told = seen(watch, [*story[:1], *story[1:2], *story[2:], (119.9, story[2][1]), (120.0, story[2][1])])

    assert told[-2:] == [[], ["c.1.exr", "c.2.exr"]]


def test_a_single_numbered_picture_waits_for_its_neighbours_and_other_files_do_not() -> None:
    files = {"c.1001.exr": 1, "cut.mov": 1, "v_v001.exr": 1}
    story = [(0.0, files), (2.0, files), (19.9, files), (20.0, files)]

    assert seen(Settling(), story) == [[], ["cut.mov", "v_v001.exr"], [], ["c.1001.exr"]]
    assert seen(Settling(Patience(once=True)), story[:2]) == [[], list(files)]


def test_names_that_files_have_while_they_are_written_are_never_at_rest() -> None:
    temporary = [".a.exr", "~a.exr", "a.exr~", "a.tmp.exr", "a.partial.mov", "a.exr.crdownload", "A.TMP.1001.exr"]
    usual = ["a.exr", "temp.exr", "a.temp.mov", "tmp_a.exr", "part.1.exr", "new.exr"]

    assert [name for name in (*temporary, *usual) if is_being_written(name)] == temporary
    assert seen(Settling(), [(0.0, {".a.exr": 1}), (99.0, {".a.exr": 1}), (100.0, {"a.exr": 1})]) == [[], [], []]


def test_a_file_that_went_is_told_once_and_one_that_cannot_be_seen_is_not_gone() -> None:
    watch = Settling()
    watch.look([folder({"a.mov": 1, "b.mov": 1})], now=0.0)
    unseen = watch.look([folder({}, is_whole=False)], now=1.0)
    gone = watch.look([folder({"a.mov": 1})], now=2.0)
    again = watch.look([folder({"a.mov": 1})], now=3.0)

    assert (unseen.gone, gone.gone, again.gone) == ((), (("r-0", "sh/b.mov"),), ())
    assert names(gone) == ["a.mov"]


looks = st.lists(
    st.tuples(
        st.floats(0.1, 9.0),
        st.dictionaries(st.sampled_from(["a.mov", "s.1.exr", "s.2.exr", "s.03.exr"]), st.integers(1, 3)),
    ),
    max_size=12,
)


@given(looks)
def test_nothing_is_taken_that_moved_within_the_settle_time_and_nothing_twice(
    story: list[tuple[float, dict[str, int]]],
) -> None:
    watch, now, since, taken = Settling(), 0.0, dict[str, tuple[int, float]](), dict[str, int]()
    for pause, files in story:
        now += pause
        since = {
            name: since[name] if since.get(name, (0,))[0] == state else (state, now) for name, state in files.items()
        }
        taken = {name: state for name, state in taken.items() if files.get(name) is not None}
        look = watch.look([folder(files)], now=now)
        for name in names(look):
            assert now - since[name][1] >= 2.0
        fresh = [name for name in names(look) if taken.get(name) != files[name]]
        # A sequence is taken whole, so a frame may come again with others; a file alone never does.
        assert "a.mov" not in names(look) or "a.mov" in fresh
        watch.taken(one for each in look.resting for one in each.files)
        taken |= {name: files[name] for name in names(look)}


@given(st.sets(st.sampled_from(["s.1.exr", "s.2.exr", "s.03.exr", "s.04.exr", "t.1.exr"]), min_size=1))
def test_everything_that_rests_long_enough_is_taken(files: set[str]) -> None:
    watch = Settling()
    watch.look([folder(dict.fromkeys(files, 1))], now=0.0)

    assert set(names(watch.look([folder(dict.fromkeys(files, 1))], now=1000.0))) == files


@pytest.mark.parametrize("once", [True, False])
def test_a_watch_that_is_begun_again_hands_out_everything_once(once: bool) -> None:
    story = [(0.0, {"a.mov": 1}), (2.0, {"a.mov": 1}), (4.0, {"a.mov": 1})]

    assert seen(Settling(Patience(once=once)), story) == seen(Settling(), story) == [[], ["a.mov"], []]


def test_a_long_look_shortens_no_rest() -> None:
    watch = Settling()
    watch.look([folder({"a.mov": 1})], now=0.0, ended=1.5)
    early = watch.look([folder({"a.mov": 1})], now=3.4, ended=5.0)
    late = watch.look([folder({"a.mov": 1})], now=3.5, ended=5.0)

    assert (names(early), names(late)) == ([], ["a.mov"])
