"""A record that was altered, rolled back or robbed of its keys is refused or named, and never answered from."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from msgspec import structs

from edgecode.drivers.scan_cache import ScanCache
from edgecode.drivers.sqlite import connect
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.world import World
from edgecode.errors import (
    DivergedError,
    InputError,
    InvalidError,
    NotFoundError,
    UnavailableError,
    UnverifiableError,
)
from edgecode.events.codec import commitment
from edgecode.events.kinds import (
    MediaFacts,
    PlaceSection,
    Recipe,
    RootFact,
    RootNamed,
    RootPlace,
    StepFact,
    StepPerformed,
    TextSection,
    VersionBytes,
    VersionFact,
    VersionSeen,
)
from edgecode.events.registry import Opaque
from edgecode.ingest.digests import Mark
from edgecode.ingest.stat_cache import CachedFile
from edgecode.ledger.verify import Verdict
from edgecode.production import Production, audit_of
from edgecode.settings import read_settings, write_settings
from edgecode.terms.evidence import Grade
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import StepKind

WORLD = World()


def seen(digest: str) -> VersionSeen:
    return VersionSeen(
        VersionFact(WORLD.new_id(), MediaFacts("still")),
        VersionBytes(digest * 64, 1),
        PlaceSection("r-1", f"{digest}.png", f"{digest}.png"),
    )


def step(kind: StepKind, version: RecordId) -> StepPerformed:
    fact = StepFact(WORLD.new_id(), kind, "record", Grade.LOGGED, (version,))
    return StepPerformed(fact, recipe=Recipe(seeds=("1",)), text=TextSection((("note", "a word"),)))


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """A production with a version (entry 1) and the step that made it (entry 2), closed."""
    with Production.create(tmp_path / "show", title="A Show") as production:
        one = seen("a")
        production.append([one, step(StepKind.GENERATE, one.fact.version)])
    return tmp_path / "show"


def state(show: Path) -> Path:
    return show / ".edgecode"


def forget_index(show: Path) -> None:
    for path in state(show).glob("index.db*"):
        path.unlink()


def ledger_says(show: Path, statement: str, *values: object) -> None:
    with closing(apsw.Connection(str(state(show) / "ledger.db"))) as database:
        database.execute(statement, values)


def codes(show: Path) -> tuple[Verdict, list[str]]:
    found, _ = audit_of(show)
    return found.verdict, [finding.code for finding in found.report.findings]


# ------------------------------------------------------------------------------------------ an older ledger put back


@pytest.fixture
def rolled_back(show: Path, tmp_path: Path) -> Path:
    """The same production after more was recorded and published, and then an older ledger.db was put back."""
    shutil.copy(state(show) / "ledger.db", tmp_path / "older.db")
    with Production.open(show) as production:
        production.append([seen("b")])
        production.publish()
    shutil.copy(tmp_path / "older.db", state(show) / "ledger.db")
    return show


@pytest.mark.parametrize("left", ["high-water", "index.db", "published"])
def test_an_older_ledger_is_refused_by_whatever_saw_the_newer_one(rolled_back: Path, left: str) -> None:
    for path in [*state(rolled_back).glob("index.db*"), state(rolled_back) / "high-water"]:
        if not path.name.startswith(left):
            path.unlink()
    if left != "published":
        shutil.rmtree(state(rolled_back) / "published")

    with pytest.raises(DivergedError, match=r"ledger\.rolled_back"):
        Production.open(rolled_back)
    assert codes(rolled_back)[0] is Verdict.DIVERGED


def test_a_ledger_that_went_on_after_it_was_rolled_back_is_refused_too(rolled_back: Path, tmp_path: Path) -> None:
    for path in (*state(rolled_back).glob("index.db*"), state(rolled_back) / "high-water"):
        path.rename(tmp_path / path.name)
    (state(rolled_back) / "published").rename(tmp_path / "published")
    with Production.open(rolled_back) as production:
        production.append([seen("c"), seen("d")])
    for path in tmp_path.glob("published/checkpoint"):
        (state(rolled_back) / "published").mkdir()
        shutil.copy(path, state(rolled_back) / "published" / "checkpoint")

    with pytest.raises(DivergedError, match=r"published/checkpoint has seen 4 entries"):
        Production.open(rolled_back)


def test_the_newest_copy_brought_back_is_taken_again(show: Path, tmp_path: Path) -> None:
    shutil.copy(state(show) / "ledger.db", tmp_path / "older.db")
    with Production.open(show) as production:
        production.append([seen("b")])
        point = production.ledger_point()
    (state(show) / "ledger.db").rename(tmp_path / "newest.db")
    shutil.copy(tmp_path / "older.db", state(show) / "ledger.db")
    with pytest.raises(DivergedError):
        Production.open(show)
    (tmp_path / "newest.db").rename(state(show) / "ledger.db")

    with Production.open(show) as production:
        assert production.ledger_point() == point


def test_nothing_is_published_over_a_state_that_the_ledger_does_not_continue(rolled_back: Path, tmp_path: Path) -> None:
    elsewhere = (state(rolled_back) / "published").rename(tmp_path / "published")
    (state(rolled_back) / "high-water").unlink()
    forget_index(rolled_back)
    before = (elsewhere / "checkpoint").read_bytes()
    with Production.open(rolled_back) as production:
        elsewhere.rename(state(rolled_back) / "published")
        with pytest.raises(DivergedError, match=r"ledger\.rolled_back"):
            production.publish()

    assert (state(rolled_back) / "published" / "checkpoint").read_bytes() == before


def test_a_partial_tile_that_differs_is_written_again(show: Path) -> None:
    with Production.open(show) as production:
        production.publish()
        tile = state(show) / "published" / "tile" / "0" / "000.p" / "3"
        right = tile.read_bytes()
        tile.write_bytes(bytes(len(right)))
        production.publish()

        assert tile.read_bytes() == right


def test_a_ledger_that_is_not_there_is_not_begun_anew(show: Path) -> None:
    (state(show) / "ledger.db").unlink()

    for open_it in (Production.open, audit_of):
        with pytest.raises(NotFoundError, match=r"ledger\.absent"):
            open_it(show)
    assert not (state(show) / "ledger.db").exists()


# ------------------------------------------------------------------------------------------ altered rows


@pytest.mark.parametrize(
    ("statement", "section"),
    [
        (
            "update payload set data = cast(replace(data, 'generate', 'camera') as blob) where pk = 2 and section = 'fact'",
            "fact",
        ),
        ("insert into payload values (2, 'bytes', zeroblob(32), '', cast('{}' as blob))", "bytes"),
        ("update payload set key_id = '' where pk = 2 and section = 'recipe'", "recipe"),
    ],
)
def test_no_answer_is_given_from_a_section_that_its_entry_does_not_commit_to(
    show: Path, statement: str, section: str
) -> None:
    ledger_says(show, statement)
    forget_index(show)

    with pytest.raises(InvalidError, match=rf"section {section} of entry 2 .*people\.section_altered"):
        Production.open(show)
    assert codes(show)[0] is Verdict.INVALID


@pytest.mark.parametrize("more", [0, 300])
def test_no_answer_is_given_from_an_entry_that_was_rewritten_with_its_section(show: Path, more: int) -> None:
    with Production.open(show) as production:
        # With 300 more the entry lies under a full tile, which opening the log does not read again.
        production.append(seen("b") for _ in range(more))
        fact = next(section for section in production.entry(2)[0].sections if section.name == "fact")
        leaf = production.entry(2)[0].leaf
    forged = fact.data.replace(b"generate", b"camera")
    committed = (commitment(fact.salt, data).encode() for data in (fact.data, forged))
    ledger_says(show, "drop trigger entry_is_fixed")
    ledger_says(show, "update entry set leaf = ? where pk = 2", leaf.replace(*committed))
    ledger_says(show, "update payload set data = ? where pk = 2 and section = 'fact'", forged)
    forget_index(show)

    with pytest.raises((InvalidError, DivergedError), match=r"ledger\.altered|ledger\.state"):
        Production.open(show)


@pytest.mark.parametrize("section", ["fact", "recipe"])
def test_an_event_without_a_section_that_could_decide_something_is_counted_as_unread(show: Path, section: str) -> None:
    ledger_says(show, "delete from payload where pk = 2 and section = ?", section)
    forget_index(show)

    with Production.open(show) as production:
        assert isinstance(next(production.recorded(2)).event, Opaque)
        assert production.index.rows("unread") == [("step.performed/1", 1)]
    assert codes(show) == (Verdict.UNVERIFIABLE, ["section.missing"])


def test_an_event_without_its_note_says_what_it_said(show: Path) -> None:
    with Production.open(show) as production:
        recorded = next(production.recorded(2)).event
    ledger_says(show, "delete from payload where pk = 2 and section = 'text'")

    with Production.open(show) as production:
        assert isinstance(recorded, StepPerformed)
        assert next(production.recorded(2)).event == StepPerformed(recorded.fact, recipe=recorded.recipe)


def test_an_index_that_was_edited_is_found_by_verification(show: Path) -> None:
    assert codes(show) == (Verdict.UNWITNESSED, [])
    with closing(apsw.Connection(str(state(show) / "index.db"))) as database:
        database.execute("update step set kind = 'camera'")
    found, _ = audit_of(show)

    assert (found.verdict, [finding.code for finding in found.report.findings]) == (Verdict.INVALID, ["index.differs"])
    assert str(found.report.findings[0]).startswith("index: step: not what the ledger says")


def test_an_index_that_is_behind_is_no_finding(show: Path) -> None:
    with Production.open(show) as production:
        shutil.copytree(state(show), show / "behind")
        production.append([seen("b")])
    forget_index(show)
    for path in (show / "behind").glob("index.db*"):
        shutil.copy(path, state(show) / path.name)

    assert codes(show) == (Verdict.UNWITNESSED, [])


# ------------------------------------------------------------------------------------------ keys that are lost


def test_lost_keys_are_said_and_never_made_anew(show: Path, tmp_path: Path) -> None:
    kept = (state(show) / "keys.db").rename(tmp_path / "keys.db")
    with pytest.raises(UnavailableError, match=r"keys\.absent"):
        Production.open(show)
    verdict, found = codes(show)
    kept.rename(state(show) / "keys.db")

    assert (verdict, found) == (Verdict.UNVERIFIABLE, ["keys.absent"])
    with Production.open(show) as production:
        assert codes(show) == (Verdict.UNWITNESSED, [])
        assert production.log.size == 3


def test_the_keys_of_another_production_or_time_are_refused(show: Path, tmp_path: Path) -> None:
    Production.create(tmp_path / "other", title="Other").close()
    shutil.copy(state(tmp_path / "other") / "keys.db", state(show) / "keys.db")

    with pytest.raises(UnavailableError, match=r"keys\.incomplete"):
        Production.open(show)


def test_an_older_copy_of_the_keys_strengthens_nothing(show: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(state(show) / "keys.db")) as database, database:
        database.execute("delete from subject_key where key_id like 't:%'")
    forget_index(show)

    with pytest.raises(UnverifiableError, match=r"section text of entry 2 .*people\.key_absent"):
        Production.open(show)


def test_a_key_that_was_destroyed_on_purpose_leaves_the_rest_readable(show: Path) -> None:
    with closing(SqliteKeys(state(show) / "keys.db")) as keys, closing(sqlite3.connect(state(show) / "keys.db")) as raw:
        for (key_id,) in raw.execute("select key_id from subject_key where key_id like 't:%'").fetchall():
            keys.destroy_forever(key_id)
    forget_index(show)

    with Production.open(show) as production:
        event = next(production.recorded(2)).event
        assert isinstance(event, StepPerformed)
        assert (event.text, event.recipe) == (None, Recipe(seeds=("1",)))
        assert production.gone(2) == ["text"]


# ------------------------------------------------------------------------------------------ settings decide nothing


def test_a_name_of_a_media_root_counts_once_it_is_recorded(show: Path, tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    with Production.open(show) as production:
        root = production.add_root(media).id
        settings = production.settings
        assert production.root_names() == {root: (str(media),)}
    write_settings(show, structs.replace(settings, roots={root: (str(media), "/vfx")}))

    with Production.open(show) as production:
        size = production.log.size
        assert production.root_names() == {root: (str(media),)}
        assert production.unrecorded_names() == {root: ("/vfx",)}
        production.scan()
        assert production.root_names() == {root: (str(media), "/vfx")}
        named = RootNamed(RootFact(root), RootPlace((str(media), "/vfx")))
        assert [recorded.event for recorded in production.recorded(size)] == [named]
        assert production.unrecorded_names() == {}
        grown = production.index_dump()
        production.rebuild_index()
        assert grown == production.index_dump()


def test_a_file_that_is_not_there_is_named_without_its_folder(show: Path, tmp_path: Path) -> None:
    media = tmp_path / "media" / "private name"
    media.mkdir(parents=True)
    with Production.open(show) as production:
        production.add_root(media.parent)
        names = ("gone.png", "gone.%04d.png")
        line = {
            "schema": "edgecode.step/1",
            "kind": "paint",
            "outputs": [{"path": str(media / name)} for name in names],
        }
        said = production.record_lines([json.dumps(line).encode()]).diagnostics

    assert [item.code for item in said] == ["record.file_unreadable", "record.file_missing"]
    assert not [item for item in said if "private name" in item.text + item.path]


def test_recorded_names_stay_when_the_settings_of_a_machine_lack_them(show: Path, tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    with Production.open(show) as production:
        root = production.add_root(media).id
    write_settings(show, structs.replace(read_settings(show), roots={root: ("/elsewhere",)}))

    with Production.open(show) as production:
        assert (production.root_names(), production.media_roots()) == ({root: (str(media),)}, [])


def test_settings_that_name_another_log_are_refused(show: Path) -> None:
    path = show / "edgecode.toml"
    path.write_text(path.read_text("utf-8").replace('origin = "log', 'origin = "other'), "utf-8")

    for open_it in (Production.open, audit_of):
        with pytest.raises(InputError, match=r"settings\.other_log"):
            open_it(show)


def test_the_public_key_of_another_log_is_refused(show: Path, tmp_path: Path) -> None:
    Production.create(tmp_path / "other", title="Other").close()
    shutil.copy(state(tmp_path / "other") / "log.vkey", state(show) / "log.vkey")

    for open_it in (Production.open, audit_of):
        with pytest.raises(InputError, match=r"settings\.other_log"):
            open_it(show)


# ------------------------------------------------------------------------------------------ reading without rights


def test_verification_needs_no_private_key(show: Path) -> None:
    (state(show) / "signing.key").unlink()

    assert codes(show) == (Verdict.UNWITNESSED, [])


def test_verification_leaves_the_folder_as_it_was(show: Path) -> None:
    def files() -> dict[str, bytes]:
        # SQLite's own lock files may stay behind, empty.
        return {
            path.name: path.read_bytes() for path in state(show).iterdir() if path.suffix not in (".db-shm", ".db-wal")
        }

    before = files()
    audit_of(show)

    assert files() == before
    assert all(path.stat().st_size == 0 for path in state(show).glob("*-wal"))


@pytest.fixture
def handed(show: Path) -> Iterator[Path]:
    """The production in a folder that everybody may read and nobody but its owner may write or unlock."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "show"
        shutil.copytree(show, copy)
        for path in (Path(folder), copy, *copy.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        for name in ("signing.key", "keys.db"):
            (state(copy) / name).chmod(0o600)
        yield copy


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs the right to become somebody else")
def test_somebody_who_may_only_read_can_verify_and_is_told_why_not_more(handed: Path, show: Path) -> None:
    def tried() -> list[object]:
        found, _ = audit_of(handed)
        with pytest.raises(UnavailableError) as refused:
            Production.open(handed)
        return [found.verdict.name, found.report.findings, found.sections["sealed"], refused.value.code]

    audit_of(show)  # what is imported late is imported while it may be read
    assert as_nobody(tried) == repr(["UNWITNESSED", (), 3, "secret.unreadable"])


def as_nobody(asked: Callable[[], object]) -> str:
    """What *asked* returns, printed, in a process that has lost every right of ours."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        try:
            os.setgid(65534)
            os.setuid(65534)
            os.write(writing, repr(asked()).encode())
        except BaseException as error:
            os.write(writing, repr(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as file:
        return file.read()


def test_a_database_is_read_from_a_folder_that_cannot_be_written(show: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)

    with closing(connect(state(show) / "ledger.db", durable=True, read_only=True)) as database:
        assert database.execute("select count(*) from entry").get == 3
        with pytest.raises(apsw.ReadOnlyError):
            database.execute("delete from payload")
    assert codes(show) == (Verdict.UNWITNESSED, [])


# ------------------------------------------------------------------------------------------ a full disk


def test_a_full_disk_in_the_index_is_said_and_not_our_bug(tmp_path: Path) -> None:
    index = SqliteIndex(tmp_path / "index.db")
    index._connection.pragma("max_page_count", int(index._connection.pragma("page_count")))

    with pytest.raises(UnavailableError, match=r"index\.storage_failed"), index.transaction():
        index.run_many("add_root_name", (("r", number, "x" * 1_000, 1) for number in range(1_000)))


def test_a_full_disk_in_the_scans_memory_is_said_and_not_our_bug(tmp_path: Path) -> None:
    cache = ScanCache.open(tmp_path / "cache.db")
    cache._connection.pragma("max_page_count", int(cache._connection.pragma("page_count")))
    entry = CachedFile(Mark(1, 2, 3, 4, 5), 6, bytes(32), bytes(16), b"x" * 1_000, "", False)

    with pytest.raises(UnavailableError, match=r"scan_cache\.storage_failed"):
        cache.remember("r", ((str(number).encode(), entry) for number in range(1_000)))
