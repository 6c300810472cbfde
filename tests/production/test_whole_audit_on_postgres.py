"""The audit of a production whose ledger, keys and index lie in PostgreSQL."""

from pathlib import Path

from edgecode.drivers.world import World
from edgecode.events.kinds import MediaFacts, PlaceSection, VersionBytes, VersionFact, VersionSeen
from edgecode.ledger.verify import Finding, Verdict
from edgecode.production import Production
from edgecode.production.audit.differences import audit_whole
from postgres_server import PostgresServer

LEDGER, INDEX = "edgecode_ledger", "edgecode_index"


def told(folder: Path) -> tuple[Verdict, list[str]]:
    found: list[Finding] = []
    record = audit_whole(folder, tell=found.append)
    return record.verdict, [f"{finding.object} [{finding.code}]" for finding in found]


def test_an_audit_names_what_differs_in_each_database(tmp_path: Path, postgres: PostgresServer) -> None:
    stores = {name: postgres.database() for name in ("ledger", "keys", "index")}
    world, folder = World(), tmp_path / "show"
    with Production.create(folder, title="Show", stores=stores, world=world) as production:
        production.append(
            VersionSeen(
                VersionFact(world.new_id(), MediaFacts("still")),
                VersionBytes(world.randomness(32).hex(), 1),
                PlaceSection("r", f"plate.{place}.exr"),
            )
            for place in range(599)
        )
        production.publish()
    untouched = told(folder)
    names = {name: url.partition("?")[0].rpartition("/")[2] for name, url in stores.items()}
    for statement in (
        f"insert into {LEDGER}.payload(pk, section, salt, key_id, data) values (999, 'fact', '', '', '')",
        # As the owner of the database can: the triggers that hold tiles are off in the session of a replica.
        "set session_replication_role = replica; "
        f"update {LEDGER}.tile set root = decode(repeat('00', 32), 'hex') where level = 0 and number = 1",
    ):
        postgres.command(statement, database=names["ledger"])
    postgres.command(f"update {INDEX}.version set name = 'another' where id = 1", database=names["index"])

    assert untouched == (Verdict.UNWITNESSED, [])
    assert told(folder) == (
        Verdict.INVALID,
        ["tile 1/0 [tile.hash]", "section fact of entry 999 [section.stray]", "index, version [index.differs]"],
    )
