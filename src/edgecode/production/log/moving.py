"""Moving a production between databases: copy, compare, and only then let edgecode.toml name the new places."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec

from edgecode.answers.record.stores import StoreCopyAnswer, StorePlace, StoresAnswer
from edgecode.drivers.world import World
from edgecode.errors import HeldError, NotFoundError, UsageError
from edgecode.ledger.growth import Growth, root_of
from edgecode.ledger.store import Batch, Head, LogStore, moved_away
from edgecode.people.store import KeyStore
from edgecode.production.log.copying import (
    CopiedKeys,
    CopiedLog,
    Told,
    copy_inbox,
    copy_keys,
    copy_log,
    refuse_moved_on,
)
from edgecode.production.log.former import left_keys_remain
from edgecode.production.log.history import refuse_index_of_another
from edgecode.production.log.projecting import bring_up
from edgecode.production.log.reading import Erasures, recorded
from edgecode.production.log.stores import facts_of, has_index, open_index, open_keys, open_ledger
from edgecode.settings import Settings, read_settings, without_password, write_settings

STORES = ("ledger", "keys", "index")


def stores_of(folder: Path) -> StoresAnswer:
    """Where the stores of the production in *folder* are, how large, how safe, and where what was erased may still lie."""
    settings = read_settings(folder)
    with ExitStack() as opened:
        ledger = opened.enter_context(closing(open_ledger(settings, folder, read_only=True)))
        keys = opened.enter_context(closing(open_keys(settings, folder, read_only=True)))
        head = ledger.head()
        remains = {
            "ledger": tuple(ledger.remains()),
            "keys": (*keys.remains(), *left_keys_remain(folder, settings)),
        }
        if has_index(settings, folder):
            index = opened.enter_context(closing(open_index(settings, folder, read_only=True)))
            remains["index"] = tuple(index.remains())
    if head is None:
        raise NotFoundError("ledger.absent", "there is no log here yet", "Run: edgecode init")
    places = []
    for name in STORES:
        size, said = facts_of(settings, folder, name)
        url = without_password(getattr(settings, name))
        places.append(StorePlace(name, url, size, said, remains.get(name, ())))
    return StoresAnswer(head.origin, head.size, tuple(places))


def copy_stores(
    folder: Path, to: Mapping[str, str], *, switch: bool, told: Told, world: World | None = None
) -> StoreCopyAnswer:
    """Copy stores of the production in *folder* to the URLs *to* (by ``ledger``, ``keys``, ``index``) and compare them.

    *switch*: edgecode.toml then names the new places, and in a moment in which nobody can record the old record is marked as moved, so
    that no machine whose edgecode.toml is older records there. The index is not copied but made again from what was copied. The old places
    stay as they are otherwise. Raises what `copy_log` and `copy_keys` raise, UsageError ``store.nothing`` and ``store.same``, HeldError
    ``store.in_use``, UnavailableError ``store.moved`` where the record went to another place than this one.
    """
    settings = read_settings(folder)
    _refuse_no_move(settings, to)
    moved = msgspec.structs.replace(settings, **to)
    with ExitStack() as opened:
        source = opened.enter_context(closing(open_ledger(settings, folder)))
        _refuse_moved_elsewhere(source, to)
        if not opened.enter_context(source.sequencing()):
            raise HeldError(
                "store.in_use",
                "another process is putting waiting events into this log",
                "Stop it (edgecode serve, or whatever runs the sequencer), then copy again",
            )
        keys = opened.enter_context(closing(open_keys(settings, folder)))
        log, ledger, size = None, source, _head(source).size
        if "ledger" in to:
            ledger = opened.enter_context(closing(open_ledger(moved, folder, create=True)))
            log = copy_log(source, ledger, random_below=_random_below(world or World()), told=told)
            size = log.size
        copied, old_keys = CopiedKeys(0, 0), keys
        if "keys" in to:
            keys = opened.enter_context(closing(open_keys(moved, folder, create=True)))
            copied = copy_keys(old_keys, keys)
        if "index" in to:
            _fill_index(moved, folder, ledger, keys, size)
        refuse_moved_on(source, size)
        if switch:
            _switch(source, ledger, size, lambda: write_settings(folder, moved), to=moved.ledger)
            _follow_writers(source, ledger, old_keys, keys)
    return _answer(settings, to, log, copied, switched=switch)


def _refuse_no_move(settings: Settings, to: Mapping[str, str]) -> None:
    if not to:
        raise UsageError("store.nothing", "there is nothing to copy", "Give --to-ledger, --to-keys or --to-index")
    for name, url in to.items():
        if getattr(settings, name) == url:
            raise UsageError("store.same", f"store.{name} is there already", "Give the URL of another place")


def _head(ledger: LogStore) -> Head:
    head = ledger.head()
    if head is None:
        raise NotFoundError("ledger.absent", "there is no log here yet", "Run: edgecode init")
    return head


def _random_below(world: World) -> Callable[[int], int]:
    return lambda end: int.from_bytes(world.randomness(8)) % end


def _fill_index(settings: Settings, folder: Path, ledger: LogStore, keys: KeyStore, size: int) -> None:
    """Proves by the way that the keys open what lies in the ledger."""
    with closing(open_index(settings, folder)) as index:
        refuse_index_of_another(index, settings.production)
        index.reset()
        erasures = Erasures(ledger)
        bring_up(
            index,
            lambda first: recorded(ledger.entries(first, size), keys, erasures=erasures),
            stands=0,
            size=size,
            root=root_of(_head(ledger).stack),
        )
        index.settle()


def _follow_writers(source: LogStore, ledger: LogStore, old_keys: KeyStore, keys: KeyStore) -> None:
    """Bring what writers without a signing key put into the old inbox until the switch; one that does so later is told (`InboxWriter`)."""
    if keys is not old_keys:
        copy_keys(old_keys, keys)
    if ledger is not source:
        copy_inbox(source, ledger)


def _refuse_moved_elsewhere(source: LogStore, to: Mapping[str, str]) -> None:
    """A switch that was interrupted behind its mark is finished by the same command; any other copy begins where the record is now."""
    note = source.marks().moved
    if note is not None and not ("ledger" in to and note.startswith(_moved_to(to["ledger"]))):
        raise moved_away(note)


def _moved_to(url: str) -> bytes:
    return f"moved to {without_password(url)} at ".encode()


def _switch(source: LogStore, ledger: LogStore, size: int, write: Callable[[], None], *, to: str) -> None:
    """End recording in *source*, then let it begin in *ledger*: what stops in between leaves no place to record in, never two."""

    def refuse(head: Head) -> None:
        refuse_moved_on(source, size)

    if ledger is source:
        _while_nobody_records(source, size, write)
        return
    source.retire(_moved_to(to) + f"{size:,} entries".encode(), refuse)
    if not ledger.reinstate(_head(source)):
        raise HeldError(
            "store.recorded_meanwhile",
            "somebody wrote to the new place while the record was copied to it",
            "Run the same command again",
        )
    write()


class _Done(Exception):
    """Ends the transaction that kept others from recording, with nothing written."""


def _while_nobody_records(ledger: LogStore, size: int, act: Callable[[], None]) -> None:
    def grow(head: Head) -> Growth:
        refuse_moved_on(ledger, size)
        act()
        raise _Done

    try:
        ledger.append(Batch((), (), ()), grow)
    except _Done:
        return


def _answer(
    settings: Settings, to: Mapping[str, str], log: CopiedLog | None, keys: CopiedKeys, *, switched: bool
) -> StoreCopyAnswer:
    old = {name: without_password(getattr(settings, name)) for name in STORES}
    left = []
    if "ledger" in to:
        left.append(f"The record also stays at {old['ledger']}; what is recorded from now on is in one place alone.")
    if "keys" in to:
        left.append(
            f"The keys also stay at {old['keys']}, and in its backups, until you delete them there: a key that is destroyed later in "
            "one place still opens what it sealed from the other."
        )
    return StoreCopyAnswer(
        {name: without_password(url) for name, url in to.items()},
        log.size if log else 0,
        log.root.hex() if log else "",
        len(log.sizes) if log else 0,
        log.sections if log else 0,
        keys.keys,
        keys.destroyed,
        log.cosigned if log else 0,
        log.waiting if log else 0,
        switched,
        tuple(left),
    )
