"""What a second scan reads again, and what it does not."""

import os
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from scan_samples import Readers, codes_in, lay, options, scanned, seen_in

from edgecode.drivers.scan_cache import ScanCache
from edgecode.errors import UnavailableError
from edgecode.ingest import file_reading
from edgecode.ingest.digests import Digests, Mark, digests
from edgecode.ingest.file_reading import Trust
from edgecode.ingest.scan import scan
from edgecode.ingest.stat_cache import CachedFile
from edgecode.ingest.walk import MediaRoot
from edgecode.terms.cuts import Diagnostic


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of files whose bytes were read."""
    names: list[str] = []

    def counting(path: Path, advance: object = None) -> Digests:
        names.append(path.name)
        return digests(path)

    monkeypatch.setattr(file_reading, "digests", counting)
    return names


@pytest.fixture
def cache() -> ScanCache:
    return ScanCache.open(":memory:")


def test_an_unchanged_tree_is_neither_hashed_nor_parsed_again(
    tmp_path: Path, cache: ScanCache, hashed: list[str]
) -> None:
    lay(tmp_path, {"a.png": b"1", "b.1.exr": b"2", "b.2.exr": b"3"})
    first = scanned(tmp_path, cache)
    hashed.clear()
    readers = Readers()

    again = scanned(tmp_path, cache, readers)

    assert again == first
    assert (hashed, readers.asked) == ([], [])


def test_a_changed_file_alone_is_read_again(tmp_path: Path, cache: ScanCache, hashed: list[str]) -> None:
    lay(tmp_path, {"a.png": b"1", "b.png": b"2"})
    scanned(tmp_path, cache)
    hashed.clear()
    lay(tmp_path, {"b.png": b"3"})

    found = seen_in(scanned(tmp_path, cache))

    assert (hashed, [seen.digest for seen in found][1]) == (["b.png"], sha256(b"3").hexdigest())


def test_a_preserved_mtime_does_not_hide_a_change(tmp_path: Path, cache: ScanCache, hashed: list[str]) -> None:
    lay(tmp_path, {"a.png": b"1"})
    os.utime(tmp_path / "a.png", ns=(1, 1))
    scanned(tmp_path, cache)
    hashed.clear()
    lay(tmp_path, {"a.png": b"2"})
    os.utime(tmp_path / "a.png", ns=(1, 1))

    (seen,) = seen_in(scanned(tmp_path, cache))

    assert (hashed, seen.digest) == (["a.png"], sha256(b"2").hexdigest())


def test_a_file_touched_within_two_seconds_of_its_reading_is_read_again(
    tmp_path: Path, cache: ScanCache, hashed: list[str]
) -> None:
    lay(tmp_path, {"a.png": b"1"})
    touched = (tmp_path / "a.png").stat().st_ctime_ns
    scanned(tmp_path, cache, now_ns=lambda: touched + 1_900_000_000)
    scanned(tmp_path, cache, now_ns=lambda: touched + 2_100_000_000)
    scanned(tmp_path, cache)

    assert hashed == ["a.png", "a.png"]


def test_verify_reads_everything_and_names_bytes_that_changed_unseen(
    tmp_path: Path, cache: ScanCache, hashed: list[str]
) -> None:
    lay(tmp_path, {"a.png": b"1", "b.png": b"2"})
    scanned(tmp_path, cache)
    hashed.clear()
    entry = cache.known("media", b"b.png")
    assert entry is not None
    cache.remember("media", [(b"b.png", CachedFile(entry.mark, entry.read_at_ns, bytes(32), entry.xxh128))])

    items = scanned(tmp_path, cache, trust=Trust(lambda: 0.99, verify=True))

    assert (sorted(hashed), codes_in(items)) == (["a.png", "b.png"], ["file.changed_unseen"])


def test_weak_marks_trust_size_and_mtime_and_one_file_in_a_hundred_is_read_again(
    tmp_path: Path, cache: ScanCache, hashed: list[str]
) -> None:
    root = MediaRoot("media", tmp_path, weak_marks=True)
    lay(tmp_path, {f"{number:03d}x.png": b"1" for number in range(100)})
    luck = iter([*[0.5] * 42, 0.009, *[0.01] * 57])
    list(scan([root], cache=cache, options=options(Readers())))
    hashed.clear()
    for path in tmp_path.iterdir():
        path.chmod(0o600)  # moves ctime only

    list(scan([root], cache=cache, options=options(Readers(), trust=Trust(lambda: next(luck)))))

    assert hashed == ["042x.png"]


def test_a_killed_scan_goes_on_where_it_was(tmp_path: Path, hashed: list[str]) -> None:
    media, store = tmp_path / "media", tmp_path / "cache.db"
    lay(media, {f"{name}.png": name.encode() for name in "abcdefgh"})
    cache = ScanCache.open(store)
    items = scan([MediaRoot("media", media)], cache=cache, options=options(Readers(), threads=1))
    for _ in range(3):
        next(items)
    items.close()
    read_before = list(hashed)
    hashed.clear()

    found = seen_in(scanned(media, ScanCache.open(store)))

    assert len(found) == 8
    assert len(read_before) >= 3
    assert not set(read_before[:3]) & set(hashed)


def test_a_making_that_is_settled_is_not_read_again_and_an_open_one_is(tmp_path: Path, cache: ScanCache) -> None:
    lay(tmp_path, {"a.png": b"model:x "})
    scanned(tmp_path, cache)
    settled, open_ = Readers(), Readers()

    (first,) = seen_in(scanned(tmp_path, cache, settled, settled=lambda digest: True))
    (second,) = seen_in(scanned(tmp_path, cache, open_))

    assert (settled.asked, first.generation) == ([], None)
    assert open_.asked == ["a.png"] and second.generation is not None


def test_another_release_reads_headers_anew_and_hashes_nothing(
    tmp_path: Path, cache: ScanCache, hashed: list[str]
) -> None:
    lay(tmp_path, {"a.png": b"1"})
    scanned(tmp_path, cache, readers=Readers())
    hashed.clear()
    readers = Readers()

    list(scan([MediaRoot("media", tmp_path)], cache=cache, options=options(readers, readers="9.9")))

    assert (hashed, readers.asked) == ([], ["a.png"])


def test_the_cache_holds_no_prompt(tmp_path: Path) -> None:
    store = tmp_path / "cache.db"
    lay(tmp_path / "m", {"a.png": b"model:x "})
    cache = ScanCache.open(store)
    scanned(tmp_path / "m", cache)
    cache.close()

    assert not any(b"lighthouse" in path.read_bytes() for path in tmp_path.glob("cache.db*"))


def test_files_that_are_gone_are_forgotten(tmp_path: Path, cache: ScanCache) -> None:
    lay(tmp_path, {"a.png": b"1", "b.png": b"2"})
    scanned(tmp_path, cache)
    (tmp_path / "a.png").unlink()
    scanned(tmp_path, cache)

    assert cache.known("media", b"a.png") is None


def test_entries_come_back_as_they_were_kept(cache: ScanCache) -> None:
    entry = CachedFile(Mark(2**64 - 1, 2**127, 5, -1, 2), 3, b"s" * 32, b"x" * 16, b"{}", "1.0", True)
    bare = CachedFile(Mark(1, 2, 3, 4, 5), 6)
    cache.remember("media", [(b"\xff.png", entry), (b"b", bare)])

    assert [cache.known("media", b"\xff.png"), cache.known("media", b"b"), cache.known("other", b"b")] == [
        entry,
        bare,
        None,
    ]


def test_a_damaged_cache_is_replaced_by_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    path.write_bytes(b"this is no database, and it is longer than a header " * 200)

    cache = ScanCache.open(path)

    assert cache.known("media", b"a") is None


def test_a_cache_without_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        ScanCache.open(tmp_path / "nowhere" / "cache.db")


def test_a_sequence_takes_the_making_that_all_its_frames_carry(tmp_path: Path) -> None:
    lay(tmp_path, {"a.1.png": b"model:x 1", "a.2.png": b"model:x 2"})

    (found,) = seen_in(scanned(tmp_path))

    assert found.generation is not None and found.generation.models[0].name == "sdxl\\x"


def test_a_sequence_with_a_frame_that_tells_nothing_takes_the_making_of_the_others(tmp_path: Path) -> None:
    lay(tmp_path, {"a.1.png": b"model:x 1", "a.2.png": b"painted over"})

    items = scanned(tmp_path)

    (found,) = seen_in(items)
    assert found.generation is not None and found.made == ((1, 2),)  # type: ignore[union-attr]
    assert codes_in(items) == ["sequence.making_in_part"]


def test_frames_made_by_different_models_name_all_of_them(tmp_path: Path, cache: ScanCache) -> None:
    lay(tmp_path, {"a.1.png": b"model:x 1", "a.2.png": b"model:y 2"})

    items = scanned(tmp_path, cache)
    again = scanned(tmp_path, cache)

    for found in (seen_in(items)[0], seen_in(again)[0]):
        assert found.generation is not None
        assert [model.name for model in found.generation.models] == ["sdxl\\x", "sdxl\\y"]
    assert codes_in(items) == codes_in(again) == ["sequence.records_differ"]


def test_files_that_are_gone_are_said_once_and_as_the_assets_they_were(tmp_path: Path, cache: ScanCache) -> None:
    lay(tmp_path, {"ocf/a.png": b"1", "sh/b.1001.exr": b"2", "sh/b.1002.exr": b"3", "keep.png": b"4"})
    scanned(tmp_path, cache)
    shutil.rmtree(tmp_path / "ocf")
    shutil.rmtree(tmp_path / "sh")

    said = [item.text for item in scanned(tmp_path, cache) if isinstance(item, Diagnostic)]

    assert said == [
        "ocf/a.png is no longer there; what was recorded of it stays known",
        "sh/b.%04d.exr (2 frames) is no longer there; what was recorded of it stays known",
    ]
    assert codes_in(scanned(tmp_path, cache)) == []


def test_a_root_that_is_suddenly_empty_is_asked_about_and_not_forgotten(
    tmp_path: Path, cache: ScanCache, hashed: list[str]
) -> None:
    root = tmp_path / "root"
    lay(root, {"a.png": b"1"})
    first = scanned(root, cache)
    root.rename(tmp_path / "elsewhere")
    root.mkdir()

    assert codes_in(scanned(root, cache)) == ["scan.root_empty"]

    root.rmdir()
    (tmp_path / "elsewhere").rename(root)
    hashed.clear()

    assert (scanned(root, cache), hashed) == (first, [])
