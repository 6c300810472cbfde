"""Histories of copies: what is written the reference tool accepts, what it writes is read, and what is wrong is named."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InputError, NotFoundError
from edgecode.ingest.mhl.formats import FORMATS, bytes_of, c4_of, hashes_of, text_of
from edgecode.ingest.mhl.history import read_histories
from edgecode.ingest.mhl.ignoring import Ignoring
from edgecode.ingest.mhl.manifest import (
    Author,
    Creator,
    FileEntry,
    FileHash,
    FolderEntry,
    Manifest,
    Reference,
    earliest,
    is_inside,
    read_chain,
    read_manifest,
    write_manifest,
)
from edgecode.ingest.mhl.writing import write_packing_list
from mhl.copied import card, manifests, needs_reference, reference, wanted, write
from shared_data import DATA, needs_shared_data

XSD = DATA / "asc-mhl" / "schema" / "ASCMHL.xsd"
SCENARIOS = DATA / "asc-mhl" / "scenarios"


def test_a_c4_is_the_one_of_the_published_examples() -> None:
    # SMPTE ST 2114:2017, test vectors of its reference implementation: the empty string and "a".
    assert c4_of(b"") == "c459dsjfscH38cYeXXYogktxf4Cd9ibshE3BHUo6a58hBXmRQdZrAkZzsWcbWtDg5oQstpDuni4Hirj75GEmTc1sFT"


@given(st.binary(min_size=64, max_size=64))
def test_a_c4_reads_back_to_its_digest(digest: bytes) -> None:
    assert bytes_of("c4", text_of("c4", digest)) == digest


def test_one_read_gives_every_format(tmp_path: Path) -> None:
    path = tmp_path / "a.mov"
    path.write_bytes(b"bytes of a clip")
    read = hashes_of(path, FORMATS)

    assert (list(read.texts), read.size, read.texts["c4"]) == (list(FORMATS), 15, c4_of(b"bytes of a clip"))


@needs_reference
@pytest.mark.parametrize("formats", [("xxh128",), ("c4",), ("md5", "sha1"), ("c4", "xxh128")])
def test_the_reference_tool_accepts_what_is_written_and_goes_on_from_there(
    tmp_path: Path, formats: tuple[str, ...]
) -> None:
    folder = card(tmp_path)
    write(folder, *formats)
    assert [reference("info", folder), reference("diff", folder), reference("verify", folder, debug=True)] == [0, 0, 0]
    assert reference("create", folder, "-h", "xxh64") == 0

    (history,) = read_histories(folder)
    assert [(one.number, one.chain, len(one.manifest.files)) for one in history.generations] == [
        (1, "matches", 6),
        (2, "matches", 6),
    ]
    assert history.problems == ()
    assert {hash_.action for one in history.generations[1].manifest.files for hash_ in one.hashes} == {"verified"}


@needs_reference
def test_hashes_of_folders_are_those_of_the_reference_tool(tmp_path: Path) -> None:
    ours = card(tmp_path / "ours")
    theirs = tmp_path / "theirs" / "A001"
    shutil.copytree(ours, theirs)
    write(ours, "c4", "md5", "sha1", "xxh128")
    assert reference("create", theirs, *(word for one in ("c4", "md5", "sha1", "xxh128") for word in ("-h", one))) == 0

    mine, other = (read_histories(one)[0].generations[0].manifest for one in (ours, theirs))
    assert mine.root is not None
    assert other.root is not None
    assert (mine.root.content, mine.root.structure) == (other.root.content, other.root.structure)
    assert _folders(mine) == _folders(other)
    assert earliest([mine]) == earliest([other])


@needs_reference
def test_histories_below_get_a_generation_and_are_referred_to(tmp_path: Path) -> None:
    top = tmp_path / "Reels"
    for name in ("A001", "A002"):
        write(card(top, name), "xxh128")
    (top / "note.txt").write_bytes(b"two cards")
    written = write(top, "xxh128", minute=5)
    assert [(one.path, one.files) for one in written] == [("A001", 6), ("A002", 6), ("", 1)]
    assert [reference("diff", top), reference("verify", top, debug=True), reference("create", top)] == [0, 0, 0]

    histories = read_histories(top)
    assert [(one.path, len(one.generations), one.problems) for one in histories] == [
        ("", 2, ()),
        ("A001", 3, ()),
        ("A002", 3, ()),
    ]


@needs_reference
def test_a_changed_file_fails_in_what_is_written_and_the_reference_tool_finds_it_too(tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "c4")
    (folder / "Clips" / "A001C000.mov").write_bytes(b"another take")
    (written,) = write(folder, "xxh128", minute=1)

    last = read_histories(folder)[0].generations[-1].manifest
    assert written.failed == ("Clips/A001C000.mov",)
    assert [one.path for one in last.files if one.is_failed] == ["Clips/A001C000.mov"]
    assert reference("verify", folder, debug=True) != 0


@needs_reference
def test_what_the_reference_tool_says_was_renamed_is_read_as_renamed(tmp_path: Path) -> None:
    folder = card(tmp_path)
    assert reference("create", folder) == 0
    (folder / "Clips" / "A001C000.mov").rename(folder / "Clips" / "slate.mov")
    assert reference("create", folder, "-dr") == 0

    (history,) = read_histories(folder)
    assert [(one.previous, one.path) for one in history.generations[1].manifest.files if one.previous] == [
        ("Clips/A001C000.mov", "Clips/slate.mov")
    ]
    assert history.missing == ()


@needs_reference
@pytest.mark.parametrize("formats", [("xxh128", "xxh128"), ("c4", "xxh128"), ("xxh128", "md5")])
def test_a_renamed_file_is_written_as_renamed_and_the_reference_tool_agrees(
    tmp_path: Path, formats: tuple[str, str]
) -> None:
    folder = card(tmp_path)
    write(folder, formats[0])
    (folder / "Clips" / "A001C000.mov").rename(folder / "Clips" / "slate.mov")
    (folder / "empty.txt").rename(folder / "nothing.txt")
    (folder / "Clips" / "new.mov").write_bytes(b"a clip of its own")
    (written,) = write(folder, formats[1], minute=1)
    (history,) = read_histories(folder)
    last = {one.path: one for one in history.generations[1].manifest.files}

    assert {path: one.previous for path, one in last.items() if one.previous} == {
        "Clips/slate.mov": "Clips/A001C000.mov"
    }
    assert {each.action for each in last["Clips/slate.mov"].hashes} == {"verified"}
    assert {each.format for each in last["Clips/new.mov"].hashes} == {formats[1]}
    assert (written.missing, history.missing) == (("empty.txt",), ("empty.txt",))
    (folder / "empty.txt").write_bytes(b"")
    assert reference("diff", folder) == 0


def test_of_two_lost_files_of_the_same_bytes_none_is_taken_for_the_new_one(tmp_path: Path) -> None:
    folder = card(tmp_path)
    for name in ("one.mov", "two.mov"):
        (folder / name).write_bytes(b"the same bytes twice")
    write(folder, "xxh128")
    (folder / "one.mov").rename(folder / "three.mov")
    (folder / "two.mov").unlink()
    (written,) = write(folder, "xxh128", minute=1)

    assert written.missing == ("one.mov", "two.mov")


@needs_reference
def test_the_packing_list_is_one_that_the_reference_tool_verifies(tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "c4")
    write(folder, "xxh128", minute=1)
    packed = write_packing_list(folder, tmp_path / "out", wanted("xxh128", minute=2))
    path = tmp_path / "out" / "collection_2026-03-01" / packed.name

    manifest = read_manifest(path.read_bytes(), name=path.name)
    assert (packed.files, manifest.process) == (6, "flatten")
    assert {tuple(sorted(each.format for each in one.hashes)) for one in manifest.files} == {("c4", "xxh128")}
    assert [one.path for one in read_chain((path.parent / "ascmhl_collection.xml").read_bytes(), name="c")] == [
        path.name
    ]
    assert reference("verify", "-pl", path, folder, debug=True) == 0


@needs_reference
@pytest.mark.skipif(not XSD.is_file(), reason="the schema is not in the folder of real files")
def test_what_is_written_fits_the_published_schema(tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "c4", "xxh128")
    write(folder, "sha1", minute=1, ignore=("*.tmp",))
    packed = write_packing_list(folder, tmp_path / "out", wanted("xxh128", minute=2))
    paths = [*manifests(folder), next((tmp_path / "out").rglob(packed.name))]

    assert [reference("xsd-schema-check", path, "-xsd", XSD, debug=True) for path in paths] == [0, 0, 0]


def test_an_ignored_file_is_neither_written_nor_missing(tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "xxh128")
    (folder / "Clips" / "cache.tmp").write_bytes(b"x")
    write(folder, "xxh128", minute=1, ignore=("*.tmp", "empty.txt"))
    (folder / "empty.txt").unlink()

    (history,) = read_histories(folder)
    assert [len(one.manifest.files) for one in history.generations] == [6, 5]
    assert (history.missing, history.ignore[-2:]) == ((), ("*.tmp", "empty.txt"))


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "xxh128")
    (folder / "Clips" / "A001C002.mov").unlink()
    (written,) = write(folder, "xxh128", minute=1)

    assert (written.missing, read_histories(folder)[0].missing) == (("Clips/A001C002.mov",),) * 2


def test_a_changed_manifest_breaks_the_chain_and_nothing_is_written_behind_it(tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "xxh128")
    (path,) = manifests(folder)
    path.write_bytes(path.read_bytes().replace(b'size="1100"', b'size="1101"'))

    (history,) = read_histories(folder)
    assert [one.code for one in history.problems] == ["mhl.chain_differs"]
    with pytest.raises(InputError, match="nothing was written"):
        write(folder, "xxh128", minute=1)
    assert len(manifests(folder)) == 1


def test_a_generation_that_the_chain_lists_and_that_is_gone_is_named(tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "xxh128")
    manifests(folder)[0].unlink()

    assert [one.code for one in read_histories(folder)[0].problems] == ["mhl.generation_missing"]


def test_a_folder_without_a_history_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no ASC MHL history"):
        read_histories(card(tmp_path))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "mhl.unreadable"),
        (b"<hashlist", "mhl.unreadable"),
        (b'<hashlist version="1.1"></hashlist>', "mhl.version"),
        (b'<x xmlns="urn:ASC:MHL:v2.0"/>', "mhl.unreadable"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><hashlist xmlns="urn:ASC:MHL:v2.0">&a;</hashlist>', "mhl.unreadable"),
    ],
)
def test_what_is_no_manifest_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_manifest(data, name="0001_x.mhl")
    assert caught.value.code == code


@pytest.mark.parametrize("path", ["../a.mov", "/etc/passwd", "a/../../b", "C:/x", "", "a//b", "./a"])
def test_a_path_that_leads_out_of_the_folder_is_left_out_and_said(path: str) -> None:
    made = Manifest(Creator("2026-03-01T12:00:00+00:00"), "in-place", (FileEntry(path, (FileHash("md5", "0" * 32),)),))
    read = read_manifest(write_manifest(made), name="m")

    assert not is_inside(path)
    assert (read.entries, [one.effect for one in read.problems]) == ((), ["row-missing"])


@pytest.mark.parametrize("size", ["\u00b2", "-1", "9" * 20, "9007199254740992", ""])
def test_a_size_that_is_none_is_not_said(size: str) -> None:
    made = Manifest(
        Creator("2026-03-01T12:00:00+00:00"), "in-place", (FileEntry("a.mov", (FileHash("md5", "0" * 32),), 7),)
    )
    (entry,) = read_manifest(write_manifest(made).replace(b'size="7"', f'size="{size}"'.encode()), name="m").files

    assert entry.size is None


NAMES = st.from_regex(r"[A-Za-zÄ&<>\"' _.-]{1,12}", fullmatch=True).filter(
    lambda one: one == one.strip() and one not in (".", "..")
)
HEX = st.integers(0, 16**32 - 1).map(lambda one: f"{one:032x}")
ENTRIES = st.one_of(
    st.builds(
        FileEntry,
        NAMES,
        st.tuples(
            st.builds(
                FileHash, st.just("md5"), HEX, st.sampled_from(("original", "verified", "failed", "")), st.just("")
            ),
            st.builds(FileHash, st.just("xxh128"), HEX, st.just("verified"), st.just("2026-03-01T12:00:00+00:00")),
        ),
        st.none() | st.integers(0, 2**53 - 1),
        previous=st.just("") | NAMES,
        sha256=st.just("") | HEX,
    ),
    st.builds(lambda name, one: FolderEntry(name, {"md5": one}, {"md5": one}), NAMES, HEX),
)


@given(
    st.builds(
        Manifest,
        st.builds(
            Creator,
            st.just("2026-03-01T12:00:00+00:00"),
            NAMES,
            NAMES,
            NAMES,
            st.just(()) | st.tuples(st.builds(Author, NAMES, st.just("a@b.c"), NAMES, NAMES)),
            st.just("") | NAMES,
            st.just("") | NAMES,
        ),
        st.sampled_from(("in-place", "transfer", "flatten")),
        st.lists(ENTRIES, max_size=5).map(tuple),
        st.none() | st.builds(lambda one: FolderEntry("", {"md5": one}, {"md5": one}), HEX),
        st.lists(NAMES, max_size=3).map(tuple),
        st.just(()) | st.builds(lambda name: (Reference(name, c4_of(name.encode())),), NAMES),
    )
)
def test_what_is_written_reads_back_the_same(manifest: Manifest) -> None:
    sound = all(is_inside(one.path) for one in manifest.entries if ":" not in one.path)
    assert not sound or read_manifest(write_manifest(manifest), name="m") == manifest


@pytest.mark.parametrize(
    ("pattern", "path", "is_folder", "expected"),
    [
        (".DS_Store", "a/b/.DS_Store", False, True),
        ("ascmhl/", "ascmhl", True, True),
        ("ascmhl/", "ascmhl", False, False),
        ("*.tmp", "a/b.tmp", False, True),
        ("/*.tmp", "a/b.tmp", False, False),
        ("a/*.tmp", "a/b.tmp", False, True),
        ("a/*.tmp", "x/a/b.tmp", False, False),
        ("**/cache", "x/y/cache", True, True),
        ("a/**", "a/b/c", False, True),
        ("a/**", "a", True, False),
        ("a/**/d", "a/b/c/d", False, True),
        ("a/**/d", "a/d", False, True),
        ("?.mov", "ab.mov", False, False),
        ("[ab].mov", "b.mov", False, True),
        ("\\#x", "#x", False, True),
        ("# a comment", "# a comment", False, False),
        ("", "a", False, False),
    ],
)
def test_patterns_mean_what_they_mean_to_git(pattern: str, path: str, is_folder: bool, expected: bool) -> None:
    assert Ignoring([pattern]).leaves_out(path, is_folder=is_folder) is expected


def test_the_last_pattern_that_fits_decides() -> None:
    assert [Ignoring(["*.mov", "!keep.mov"]).leaves_out(one, is_folder=False) for one in ("a.mov", "keep.mov")] == [
        True,
        False,
    ]


def test_a_hostile_pattern_costs_no_time() -> None:
    assert not Ignoring(["**/" * 40 + "*a" * 40 + "b"]).leaves_out("/".join(["a" * 60] * 40), is_folder=False)


PATTERNS = st.text("ab*/!?", min_size=1, max_size=8)
PATHS = st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=3).map("/".join)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(PATTERNS, PATHS)
def test_patterns_fit_as_in_the_library_of_the_reference_tool(pattern: str, path: str) -> None:
    pathspec = pytest.importorskip("pathspec")
    try:
        spec = pathspec.PathSpec.from_lines("gitwildmatch", [pattern])
    except ValueError:
        return
    parents = ["/".join(path.split("/")[:n]) for n in range(1, path.count("/") + 1)]
    ours = Ignoring([pattern])

    # The library tells of a file whether it or a folder around it is left out; ours is asked on the way down.
    found = any(ours.leaves_out(one, is_folder=True) for one in parents) or ours.leaves_out(path, is_folder=False)
    assert found == spec.match_file(path) or "!" in pattern or "**" in pattern.replace("/**/", "") or "//" in pattern


@needs_shared_data
@pytest.mark.parametrize("number", range(1, 6))
def test_the_published_scenarios_are_read_whole(number: int) -> None:
    folders = sorted(one.parent for one in (SCENARIOS / f"scenario_0{number}").rglob("ascmhl") if one.is_dir())
    histories = [history for folder in folders for history in read_histories(folder)]
    generations = [one for history in histories for one in history.generations]

    assert generations
    assert {one.chain for one in generations} == {"matches"}
    assert {history.problems for history in histories} == {()}
    failed = [one.path for generation in generations for one in generation.manifest.files if one.is_failed]
    assert failed == (["Sidecar.txt"] if number == 4 else [])


@needs_shared_data
def test_the_example_of_the_specification_is_read() -> None:
    path = next((DATA / "asc-mhl" / "schema" / "examples").glob("*.mhl"))
    read = read_manifest(path.read_bytes(), name=path.name)

    assert (bool(read.files), [one.code for one in read.problems]) == (True, [])


def _folders(manifest: Manifest) -> dict[str, tuple[object, object]]:
    return {one.path: (one.content, one.structure) for one in manifest.entries if isinstance(one, FolderEntry)}
