"""What a scan finds in trees good and bad; nothing ends it."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from scan_samples import Readers, codes_in, lay, modes_stop_us, options, said, scanned, seen_in

from edgecode.drivers.scan_cache import ScanCache
from edgecode.errors import NotFoundError
from edgecode.events.file_facts import FileFacts
from edgecode.ingest.inspection import inspector
from edgecode.ingest.scan import scan
from edgecode.ingest.seen import FileSeen, SequenceFound, Sighting
from edgecode.ingest.walk import MediaRoot
from edgecode.ingest.wanted import Wanted
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import sequence_root
from edgecode.terms.places import Place

ROW_MISSING = "row-missing"


def test_a_still_is_seen_with_its_place_and_digest(tmp_path: Path) -> None:
    lay(tmp_path, {"art/poster.png": b"pixels"})

    (seen,) = scanned(tmp_path)

    assert isinstance(seen, FileSeen)
    assert (seen.place, seen.digest) == (Place.of("media", "art/poster.png"), sha256(b"pixels").hexdigest())


def test_frames_are_one_sequence_with_its_root(tmp_path: Path) -> None:
    lay(tmp_path, {f"sh010/a.{frame}.exr": b"%d" % frame for frame in (1001, 1002, 1004)})

    items = scanned(tmp_path)

    (found,) = seen_in(items)
    frames = [(frame, sha256(b"%d" % frame).digest()) for frame in (1001, 1002, 1004)]
    assert found == SequenceFound(
        Place.of_sequence("media", "sh010/a.", ".exr"),
        "sh010/a.",
        ".exr",
        4,
        tuple((frame, digest, 4) for frame, digest in frames),
        sequence_root(frames),
        FileFacts("sequence", frames=3, first_frame=1001),
        ((1003, 1003),),
    )
    assert codes_in(items) == ["sequence.frames_missing"]


def test_every_kind_of_bad_file_is_named_once_and_the_rest_is_read(tmp_path: Path) -> None:
    lay(tmp_path, {"good.png": b"1", "empty.exr": b"", "notes.txt": b"x", "sub/good.wav": b"2"})
    (tmp_path / "loop.png").symlink_to("pool.png")
    (tmp_path / "pool.png").symlink_to("loop.png")
    (tmp_path / "gone.png").symlink_to("nowhere.png")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.png")

    items = scanned(tmp_path)

    assert {item.place.path for item in seen_in(items)} == {"good.png", "sub/good.wav"}
    assert sorted(codes_in(items)) == [
        "file.empty",
        "scan.folder_link",
        "scan.ignored",
        "scan.link_broken",
        "scan.link_loop",
        "scan.link_loop",
        "scan.not_a_file",
    ]
    assert said(items, "file.empty") == "empty.exr has no bytes"
    assert said(items, "scan.folder_link") == "again is a link to a folder and was not followed"
    assert said(items, "scan.ignored") == "1 files are no media and were left alone: 1 .txt"


def test_a_linked_file_is_read_as_what_it_points_to(tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": b"same"})
    (tmp_path / "b.png").symlink_to("a.png")

    assert [seen.digest for seen in seen_in(scanned(tmp_path))] == [sha256(b"same").hexdigest()] * 2


def test_names_that_are_no_utf8_keep_their_bytes(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    try:
        (tmp_path / name).write_bytes(b"1")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")

    (seen,) = seen_in(scanned(tmp_path))

    assert (seen.place.path, seen.place.relative, seen.place.text) == ("caf%E9.png", b"caf\xe9.png", "caf\ufffd.png")


def test_both_unicode_spellings_of_one_name_are_two_files(tmp_path: Path) -> None:
    lay(tmp_path, {"caf\u00e9.png": b"1", "cafe\u0301.png": b"2"})
    items = scanned(tmp_path)

    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this file system folds Unicode")
    assert len(seen_in(items)) == 2
    assert codes_in(items) == ["names.fold_together"]
    (twice,) = [item for item in items if isinstance(item, Diagnostic)]
    assert "one composed and one decomposed" in twice.text or "one decomposed and one composed" in twice.text


@pytest.mark.skipif(not modes_stop_us(), reason="file modes do not stop the superuser")
def test_an_unreadable_frame_is_named_and_counts_as_missing(tmp_path: Path) -> None:
    lay(tmp_path, {f"a.{frame}.exr": b"%d" % frame for frame in (1, 2, 3)})
    (tmp_path / "a.2.exr").chmod(0)

    items = scanned(tmp_path)

    assert seen_in(items)[0].missing == ((2, 2),)
    assert codes_in(items) == ["file.unreadable", "sequence.frames_unread"]


@pytest.mark.skipif(not modes_stop_us(), reason="file modes do not stop the superuser")
def test_a_folder_that_cannot_be_listed_is_named_and_its_memory_is_kept(tmp_path: Path) -> None:
    lay(tmp_path, {"shut/a.png": b"1", "open/b.png": b"2"})
    cache = ScanCache.open(":memory:")
    scanned(tmp_path, cache)
    (tmp_path / "shut").chmod(0)
    try:
        items = scanned(tmp_path, cache)
    finally:
        (tmp_path / "shut").chmod(0o755)

    assert [seen.place.path for seen in seen_in(items)] == ["open/b.png"]
    assert codes_in(items) == ["scan.folder_unreadable"]
    assert cache.known("media", b"shut/a.png") is not None


def test_a_frame_that_vanishes_during_the_scan_is_named_and_counts_as_missing(tmp_path: Path) -> None:
    lay(tmp_path, {f"a.{frame}.exr": b"%d" % frame for frame in (1, 2, 3)})

    class Sweeping(Readers):
        def __call__(self, path: Path):  # type: ignore[no-untyped-def]
            (tmp_path / "a.2.exr").unlink(missing_ok=True)
            return super().__call__(path)

    items = scanned(tmp_path, readers=Sweeping())

    (found,) = seen_in(items)
    assert isinstance(found, SequenceFound)
    assert (found.missing, [frame for frame, _, _ in found.frames]) == (((2, 2),), [1, 3])
    assert codes_in(items) == ["file.unreadable", "sequence.frames_unread"]


def test_an_empty_frame_is_a_hole_in_its_sequence(tmp_path: Path) -> None:
    lay(tmp_path, {"a.1.exr": b"1", "a.2.exr": b"", "a.3.exr": b"3"})

    items = scanned(tmp_path)

    assert seen_in(items)[0].missing == ((2, 2),)
    assert codes_in(items) == ["file.empty", "sequence.frames_missing"]


def test_a_crash_in_a_reader_names_the_file_and_keeps_its_bytes(tmp_path: Path) -> None:
    lay(tmp_path, {"bad.png": b"1", "good.png": b"2"})

    def header(path: Path) -> tuple[FileFacts, list[Diagnostic]]:
        if path.name == "bad.png":
            raise ZeroDivisionError
        return FileFacts("still", width=2), []

    items = scanned(tmp_path, inspect=inspector(header, lambda path, facts: (None, [])))

    assert [seen.facts.width for seen in seen_in(items)] == [0, 2]
    assert said(items, "header.reader_failed").startswith("the header of bad.png could not be read (ZeroDivisionError)")


def test_one_problem_of_many_frames_is_said_once_and_counted(tmp_path: Path) -> None:
    lay(tmp_path, {f"s/a.{frame}.exr": b"%d" % frame for frame in (1, 2, 3)})

    def header(path: Path) -> tuple[FileFacts, list[Diagnostic]]:
        return FileFacts("still"), [Diagnostic("media.truncated", "the file ends before its pixels")]

    items = scanned(tmp_path, inspect=inspector(header, lambda path, facts: (None, [])))

    assert said(items, "media.truncated") == "s/a.1.exr: the file ends before its pixels (and 2 more of a.%d.exr)"


def test_our_own_folder_and_checksum_manifests_are_not_media(tmp_path: Path) -> None:
    lay(tmp_path, {".edgecode/a.png": b"1", "ascmhl/b.png": b"2", "._c.png": b"3", ".DS_Store": b"4", "d.png": b"5"})

    assert [seen.place.path for seen in seen_in(scanned(tmp_path))] == ["d.png"]


def test_a_read_only_tree_is_scanned_and_nothing_in_it_changes(tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": b"1", "sub/b.png": b"2"})
    before = {path: path.lstat()[:9] for path in tmp_path.rglob("*")}
    for path in (tmp_path / "sub", tmp_path):
        path.chmod(0o555)
    modes = {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")}
    try:
        items = scanned(tmp_path)
    finally:
        for path in (tmp_path, tmp_path / "sub"):
            path.chmod(0o755)

    assert len(seen_in(items)) == 2
    assert {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")} == modes
    assert before.keys() == modes.keys()


def test_a_root_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="media root media is no folder here"):
        scanned(tmp_path / "nowhere")


def test_what_the_cut_uses_is_read_before_the_rest(tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": b"1", "b.png": b"2", "wanted_v001.1001.exr": b"3", "wanted_v001.1002.exr": b"4"})
    wanted = Wanted(names=frozenset({"wanted_v001.*.exr"}))

    found = list(
        scan(
            [MediaRoot("media", tmp_path)], cache=ScanCache.open(":memory:"), wanted=wanted, options=options(Readers())
        )
    )

    assert [seen.place.text for seen in seen_in(found)] == ["wanted_v001.#.exr", "a.png", "b.png"]


def test_everything_is_sighted_before_anything_is_hashed(tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": b"model:x ", "b.1.exr": b"1", "b.3.exr": b"3"})

    items = [item for item in scanned(tmp_path, sightings=True) if not isinstance(item, Diagnostic)]

    assert [type(item) for item in items] == [Sighting, Sighting, SequenceFound, FileSeen]
    sequence, still = items[0], items[1]
    assert isinstance(sequence, Sighting) and isinstance(still, Sighting)
    assert (sequence.frames, sequence.missing, sequence.is_known) == ((1, 3), ((2, 2),), False)
    assert still.generation is not None


def test_progress_counts_every_file_and_byte(tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": b"12345", "b.png": b"678"})
    heard = []

    scanned(tmp_path, progress=heard.append)

    last = heard[-1]
    assert (last.files_done, last.files, last.bytes_done, last.bytes, last.phase, last.seconds_left) == (
        2,
        2,
        8,
        8,
        "done",
        0,
    )
    assert [each.phase for each in heard][-4:] == ["headers", "wanted", "rest", "done"]


def test_a_scan_that_is_told_to_stop_ends_and_keeps_what_was_read(tmp_path: Path) -> None:
    lay(tmp_path, {f"{name}.png": name.encode() for name in "abcdefghij"})
    cache = ScanCache.open(":memory:")
    taken = []
    stopped = []
    for item in scan(
        [MediaRoot("media", tmp_path)], cache=cache, options=options(Readers(), threads=1, stop=lambda: bool(stopped))
    ):
        taken.append(item)
        if len(seen_in(taken)) == 3:
            stopped.append(True)
    again = Readers()

    assert 3 <= len(seen_in(taken)) < 10
    assert len(seen_in(scanned(tmp_path, cache, again))) == 10
