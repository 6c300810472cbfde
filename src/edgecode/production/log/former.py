"""The stores that recoveries and moves left beside the present ones: evidence that stays, and a place where an erasure has to reach too.

One that cannot be reached holds nothing else up; it is named wherever an erasure is spoken of.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from edgecode.drivers.left_behind import empty_left_index, left_keys, left_ledger, sections_under_hashes
from edgecode.errors import UnavailableError
from edgecode.people.store import KeyStore, id_hash
from edgecode.production.log.stores import is_postgres, sqlite_path
from edgecode.settings import STATE_FOLDER, Settings
from edgecode.terms.identity import RecordId


def former_ledgers(folder: Path, settings: Settings) -> list[Path]:
    """Their files: of the logs before a recovery, and of a ledger that was moved into another database."""
    present, places = _present(folder, settings, "ledger"), {folder / STATE_FOLDER}
    if present is not None:
        places.add(present.parent)
    found = {path for place in places for name in ("ledger.db", "ledger.*.db") for path in place.glob(name)}
    return sorted(path for path in found if path != present)


def left_key_files(folder: Path, settings: Settings) -> list[Path]:
    """The file of keys that a move into another database left in the state folder."""
    path = folder / STATE_FOLDER / "keys.db"
    return [path] if path != _present(folder, settings, "keys") and path.exists() else []


def erase_in_former_ledgers(
    folder: Path, settings: Settings, sections: Mapping[bytes, Sequence[str]], keys: Collection[str] = ()
) -> list[str]:
    """Remove sections there as `LogStore.erase_forever` does; returns the files that could not be reached.

    *sections*: their names by event id, which no recovery changes. *keys*: SHA-256 of ids of keys; what they seal goes too.
    """
    unreached = []
    for path in former_ledgers(folder, settings):
        try:
            with left_ledger(path) as ledger:
                there = ledger.indexes_of(list(sections))
                going = {(index, name) for event, index in there.items() for name in sections[event]}
                ledger.erase_forever(sorted(going | set(sections_under_hashes(ledger, frozenset(keys)))))
        except UnavailableError:
            unreached.append(path.name)
    return unreached


def destroy_left_keys(folder: Path, settings: Settings, hashes: Collection[str], keys: KeyStore) -> list[str]:
    """Destroy keys in the file that a move left behind, when it is of this production; returns the files that could not be reached."""
    unreached = []
    wanted = {bytes.fromhex(one) for one in hashes}
    for path in left_key_files(folder, settings):
        try:
            with left_keys(path) as left:
                if _is_of(settings.production, left, keys):
                    for key_id in [one for one in left.key_ids() if id_hash(one) in wanted]:
                        left.destroy_forever(key_id)
        except UnavailableError:
            unreached.append(path.name)
    return unreached


def empty_left_indexes(folder: Path, settings: Settings) -> list[str]:
    """Empty the index that a move left behind; returns the file if it could not be reached."""
    path = folder / STATE_FOLDER / "index.db"
    if path == _present(folder, settings, "index") or not path.exists():
        return []
    try:
        empty_left_index(path)
    except UnavailableError:
        return [path.name]
    return []


def unerased_in_former_ledgers(
    folder: Path, settings: Settings, sections: Mapping[bytes, Collection[str]]
) -> Iterator[tuple[str, int | None]]:
    """(file, how many of these sections are still there; None when it cannot be read), for those with any. *sections*: by event id."""
    for path in former_ledgers(folder, settings):
        try:
            with left_ledger(path, read_only=True) as ledger:
                there = {index: sections[event] for event, index in ledger.indexes_of(list(sections)).items()}
                count = sum(
                    section.name in there[index]
                    for index in there
                    for entry in ledger.entries(index, index + 1)
                    for section in entry.sections
                )
        except UnavailableError:
            yield path.name, None
        else:
            if count:
                yield path.name, count


def unerased_in_left_keys(
    folder: Path, settings: Settings, hashes: Collection[bytes]
) -> Iterator[tuple[str, int | None]]:
    """The same for keys by the SHA-256 of their ids."""
    for path in left_key_files(folder, settings):
        try:
            with left_keys(path, read_only=True) as left:
                count = sum(id_hash(key_id) in hashes for key_id in left.key_ids())
        except UnavailableError:
            yield path.name, None
        else:
            if count:
                yield path.name, count


def left_keys_remain(folder: Path, settings: Settings) -> list[str]:
    """A sentence on keys that a move left in the folder."""
    return [
        f"{path.name} in {STATE_FOLDER}, from before the keys were moved, still opens what its keys sealed: delete it"
        for path in left_key_files(folder, settings)
    ]


def _present(folder: Path, settings: Settings, store: str) -> Path | None:
    url = str(getattr(settings, store))
    return None if is_postgres(url, store) else sqlite_path(url, folder, store)


def _is_of(production: RecordId, left: KeyStore, keys: KeyStore) -> bool:
    """Whether keys are of this production: its own key is the same."""
    own = f"p:{production}"
    return left.key(own) is not None and left.key(own) == keys.key(own)
