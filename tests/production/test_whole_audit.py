"""`edgecode log audit` compares the published files, the heads that are kept, the keys and the index with the entries, and lists it all."""

import json
import shutil
from pathlib import Path

import apsw
import pytest

from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.world import World
from edgecode.events.kinds import MediaFacts, PlaceSection, VersionBytes, VersionFact, VersionSeen
from edgecode.ledger.verify import Finding, Verdict
from edgecode.production import Production, audit_of
from edgecode.production.audit.differences import audit_whole
from running import run_command

ENTRIES = 300


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audited") / "show"
    world = World()
    with Production.create(folder, title="Show", world=world) as production:
        production.append(
            VersionSeen(
                VersionFact(world.new_id(), MediaFacts("still")),
                VersionBytes(world.randomness(32).hex(), 1),
                PlaceSection("r", f"plate.{place}.exr"),
            )
            for place in range(ENTRIES - 1)
        )
        production.publish()
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "show"))


def told(folder: Path) -> tuple[Verdict, list[str]]:
    found: list[Finding] = []
    record = audit_whole(folder, tell=found.append)
    assert list((folder / ".edgecode").glob(".audit-*")) == []
    assert sum(record.differences.values()) == len(found)
    return record.verdict, [f"{finding.object} [{finding.code}]" for finding in found]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_an_untouched_production_differs_nowhere(folder: Path) -> None:
    assert told(folder) == (Verdict.UNWITNESSED, [])


def test_every_published_file_that_was_changed_or_taken_away_is_named(folder: Path) -> None:
    tiles = folder / ".edgecode" / "published" / "tile"
    flip(tiles / "0" / "000")
    flip(tiles / "entries" / "000")
    (tiles / "entries" / "001.p" / "44").unlink()
    (tiles / "1" / "000.p" / "1").unlink()

    assert told(folder) == (
        Verdict.INVALID,
        [
            "published tile 0/0 [tile.hash]",
            "published tile/1/000.p/1 [tile.missing]",
            "published tile/entries/000 [bundle.differs]",
            "published tile/entries/001.p/44 [bundle.missing]",
        ],
    )


def test_a_kept_head_that_was_changed_is_named_by_its_file(folder: Path) -> None:
    kept = folder / ".edgecode" / "high-water"
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:])

    verdict, found = told(folder)

    assert (verdict, [one.partition(" ")[0] for one in found]) == (Verdict.INVALID, ["high-water"])


def test_rows_of_the_index_that_the_ledger_does_not_say_are_counted_by_table(folder: Path) -> None:
    index = apsw.Connection(str(folder / ".edgecode" / "index.db"))
    index.execute("update version set name = 'another' where id in (select id from version order by id limit 3)")
    index.close()

    assert told(folder) == (Verdict.INVALID, ["index, version [index.differs]"])


def test_a_key_that_was_destroyed_without_a_word_in_the_log_is_named_by_no_name(folder: Path) -> None:
    keys = SqliteKeys(folder / ".edgecode" / "keys.db")
    keys.create("t:spare", bytes(32))
    keys.destroy_forever("t:spare")
    keys.close()
    verdict, (found,) = told(folder)

    assert (verdict, found.rpartition(" ")[2], "spare" in found) == (Verdict.UNVERIFIABLE, "[key.unexplained]", False)


def test_the_command_prints_a_line_for_each_difference_and_the_verdict_as_exit_status(folder: Path) -> None:
    flip(folder / ".edgecode" / "published" / "tile" / "entries" / "000")
    run = run_command("log", "audit", "--json", cwd=folder)
    lines = [json.loads(line) for line in run.out.splitlines()]

    assert (run.status, [line["schema"] for line in lines]) == (30, ["edgecode.difference/1", "edgecode.audit/1"])
    assert (lines[0]["object"], lines[1]["verdict"], lines[1]["differences"]) == (
        "published tile/entries/000",
        "INVALID",
        {"bundle.differs": 1},
    )


def test_a_good_record_ends_as_unwitnessed_unless_that_is_allowed(folder: Path) -> None:
    runs = [run_command("log", "audit", *more, cwd=folder) for more in ([], ["--allow-unwitnessed"])]

    assert [run.status for run in runs] == [31, 0]
    assert runs[0].out.splitlines()[1] == "  differences: none"


def test_a_row_of_the_inbox_that_nobody_wrote_is_listed_and_the_rest_is_judged(folder: Path) -> None:
    with apsw.Connection(str(folder / ".edgecode" / "ledger.db")) as connection:
        connection.execute("insert into inbox(event) values (x'00')")
    flip(folder / ".edgecode" / "published" / "tile" / "entries" / "000")

    verdict, found = told(folder)

    assert (verdict, found) == (
        Verdict.INVALID,
        ["inbox [ledger.inbox_unreadable]", "published tile/entries/000 [bundle.differs]"],
    )


def test_a_key_that_somebody_destroyed_by_hand_is_named_by_log_verify_too(tmp_path: Path) -> None:
    world = World()
    with Production.create(tmp_path / "show", title="Show", world=world) as production:
        text = PlaceSection("r", "plate.exr")
        seen = VersionFact(world.new_id(), MediaFacts("still")), VersionBytes(world.randomness(32).hex(), 1), text
        production.append([VersionSeen(*seen)])
    keys = SqliteKeys(tmp_path / "show" / ".edgecode" / "keys.db")
    for key_id in keys.key_ids():
        keys.destroy_forever(key_id)
    keys.close()

    found, _ = audit_of(tmp_path / "show")

    assert found.verdict is Verdict.UNVERIFIABLE
    assert found.sections.get("erased", 0) == 0
    assert "key.unexplained" in {finding.code for finding in found.report.findings}
