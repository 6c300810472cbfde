"""Beginning a production: its stores, keys and first event are there before edgecode.toml names them, so that no half of one is ever used.

What was interrupted is taken up by the next beginning in the same folder: `.edgecode/beginning` remembers what it was going to be.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import msgspec

from edgecode import __version__
from edgecode.drivers.key_files import create_key_file
from edgecode.drivers.private_files import require_own_folder
from edgecode.drivers.world import World
from edgecode.errors import InputError
from edgecode.events.kinds import ProductionFact, ProductionOpened
from edgecode.ledger.log import Log, verifier_key
from edgecode.ledger.store import LogStore, Signer
from edgecode.people.sealing import seal
from edgecode.people.store import KEY_BYTES, KeyStore
from edgecode.production.log.history import refuse_index_of_another
from edgecode.production.log.public_keys import keep_keys
from edgecode.production.log.stores import open_index, open_keys, open_ledger, refuse_occupied
from edgecode.settings import FILE_NAME, STATE_FOLDER, Settings, read_settings, write_settings
from edgecode.terms.identity import RecordId

BEGINNING = "beginning"
"""A folder in the state folder, there from the start of a beginning to its end; it holds the edgecode.toml that will be."""


def first_event(settings: Settings) -> ProductionOpened:
    """The event that every log of a production begins with."""
    return ProductionOpened(ProductionFact(settings.production, settings.title, f"edgecode {__version__}"))


def begin(folder: Path, wanted: Settings, *, first_keys: Callable[[RecordId], Iterable[str]], world: World) -> Settings:
    """Make everything that *wanted* names, with the keys that *first_keys* names, and the log's first event; then write edgecode.toml.
    Returns what it says.

    Nothing is kept of a database that cannot be used: all three are opened before anything is made. Raises RefusedError
    ``store.occupied``, ``secret.exists``, ``secret.folder`` and ``index.not_ours``, and what the stores raise.
    """
    state, before = folder / STATE_FOLDER, _begun_before(folder / STATE_FOLDER)
    require_own_folder(state)
    settings = wanted
    if before is not None and before.ledger == wanted.ledger:
        settings = msgspec.structs.replace(wanted, production=before.production, origin=before.origin)
    with ExitStack() as opened:
        ledger = opened.enter_context(closing(open_ledger(settings, folder, create=True)))
        head = ledger.head()
        if before is not None and head is not None and head.origin == before.origin:
            settings = before if head.size else settings
        else:
            refuse_occupied(ledger)
        keys = opened.enter_context(closing(open_keys(settings, folder, create=True)))
        with closing(open_index(settings, folder)) as index:
            refuse_index_of_another(index, settings.production)
        _remember(state, settings, is_new=before is None)
        signer = _signer(state, settings, world=world, folder=folder)
        _write(ledger, keys, signer, settings, first_keys=first_keys, world=world)
    keep_keys(state, [verifier_key(settings.origin, signer)])
    write_settings(folder, settings)
    (state / BEGINNING / FILE_NAME).unlink()
    (state / BEGINNING).rmdir()
    return settings


def _begun_before(state: Path) -> Settings | None:
    with suppress(InputError):
        return read_settings(state / BEGINNING)
    return None


def _remember(state: Path, settings: Settings, *, is_new: bool) -> None:
    if is_new and (state / "signing.key").exists():
        create_key_file(state / "signing.key")  # says that it is there: somebody's, and no beginning's of ours
    (state / BEGINNING).mkdir(mode=0o700, exist_ok=True)
    write_settings(state / BEGINNING, settings)


def _signer(state: Path, settings: Settings, *, world: World, folder: Path) -> Signer:
    if (state / "signing.key").exists():
        return world.open_signer(settings.signer, folder)
    return create_key_file(state / "signing.key")


def _write(
    ledger: LogStore,
    keys: KeyStore,
    signer: Signer,
    settings: Settings,
    *,
    first_keys: Callable[[RecordId], Iterable[str]],
    world: World,
) -> None:
    with keys.together():
        # Made now and never again: a key that is missing later was lost, and a new one under its name would hide that.
        for key_id in first_keys(settings.production):
            keys.create(key_id, world.randomness(KEY_BYTES))
    log = Log.create(ledger, signer, origin=settings.origin)
    if log.size:
        return
    with keys.together():
        sealed = seal(
            first_event(settings),
            id=world.new_id(),
            ts=world.milliseconds(),
            actor=signer.actor,
            keys=keys,
            production=settings.production,
            randomness=world.randomness,
        )
    log.append([sealed], at=0)
