"""The ledgers that recoveries left beside the present one: evidence that stays, and a place where an erasure has to reach too."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.settings import STATE_FOLDER, Settings


def former_ledgers(folder: Path, settings: Settings) -> list[Path]:
    """Their files; none for ledgers in PostgreSQL, whose databases are their keeper's."""
    present = folder / settings.ledger.partition(":")[2]
    places = {folder / STATE_FOLDER, present.parent}
    return sorted(path for place in places for path in place.glob("ledger.*.db") if path != present)


def erase_in_former_ledgers(folder: Path, settings: Settings, sections: Mapping[bytes, Sequence[str]]) -> None:
    """Remove sections there as `LogStore.erase_forever` does. *sections*: their names by event id, which no recovery changes."""
    for path in former_ledgers(folder, settings):
        with closing(SqliteLedger(path)) as ledger:
            there = ledger.indexes_of(list(sections))
            ledger.erase_forever(sorted((index, name) for event, index in there.items() for name in sections[event]))
