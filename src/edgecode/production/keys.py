"""Changing the key that signs a production's log: the new one comes in beside the old, both sign, then the old one is retired.

Each change is an event of the log; edgecode.toml and `.edgecode/log.vkey` follow it. What was interrupted is done by running it again.
"""

from contextlib import closing
from pathlib import Path
from typing import Literal

import msgspec

from edgecode.drivers.world import World
from edgecode.errors import HeldError, InputError, NotFoundError, RefusedError, UnavailableError
from edgecode.events.record_kinds import KeyRetired, KeyRetirement, KeyRotated
from edgecode.ledger.log import verifier_key
from edgecode.ledger.notes import VerifierKey
from edgecode.ledger.rotation import KeyHistory, rotation
from edgecode.ledger.store import MovedError
from edgecode.production.corridor import Production
from edgecode.production.log.key_events import key_history
from edgecode.production.log.public_keys import keep_keys, kept_keys, refuse_other_log
from edgecode.production.log.stores import open_ledger
from edgecode.settings import STATE_FOLDER, read_settings, write_settings

Why = Literal["rotated", "lost", "exposed"]
_ATTEMPTS = 20


def keys_of(folder: Path) -> KeyHistory:
    """Every key of a production's log with what the log says of it. Needs no private key and no right to write."""
    settings = read_settings(folder)
    kept = kept_keys(folder / STATE_FOLDER)
    if not kept:
        raise NotFoundError(
            "key.none_kept", "log.vkey, the list of the log's public keys, is not there", "Open the production once"
        )
    refuse_other_log(settings, kept)
    with closing(open_ledger(settings, folder, read_only=True)) as ledger, ledger.reading():
        return key_history(ledger, origin=settings.origin, first=kept)


def rotate_key(folder: Path, uri: str, *, world: World | None = None) -> VerifierKey:
    """From now on the key at *uri* signs the log's heads, and the one before it signs along until `retire_key`.

    Raises HeldError ``key.rotation_open`` while an earlier change is not finished, and RefusedError ``key.used_before``.
    """
    world = world or World()
    settings = read_settings(folder)
    new_signer = world.open_signer(uri, folder)
    if settings.signer_before:
        raise HeldError(
            "key.rotation_open", "the key before this one still signs along", "Retire it first: edgecode key retire"
        )
    with Production.open(folder, world=world) as production:
        origin, old = production.log.origin, production.log.key
        new = verifier_key(origin, new_signer)
        state = key_history(production.ledger, origin=origin, first=production.log.keys).state(new)
        if new == old or (state is not None and state.trusted_until is not None):
            raise RefusedError("key.used_before", "this key has signed for this log before", "Make a new one")
        # Recorded already: edgecode.toml was not written before it was interrupted.
        if state is None or state.after != old:
            keep_keys(folder / STATE_FOLDER, dict.fromkeys((*kept_keys(folder / STATE_FOLDER), new)))
            fact = rotation(origin, old, new, sign={old: production.signer.sign, new: new_signer.sign})
            production.log.sign_with(new_signer, beside=[production.signer])
            production.append([KeyRotated(fact)])
        write_settings(folder, msgspec.structs.replace(settings, signer=uri, signer_before=settings.signer))
    return new


def retire_key(
    folder: Path, *, why: Why = "rotated", to: str = "", world: World | None = None
) -> tuple[VerifierKey, int]:
    """The key before the current one signs no more; returns it and how many entries its signature alone is good for.

    *why* "lost": it cannot sign any more, so it is not opened. *to*: with it, the key at that URI takes the place of the *current* one,
    which was lost before it could be changed; only the new key signs this, which proves nothing to whoever holds the old one alone.
    Raises NotFoundError ``key.none_to_retire``.
    """
    world = world or World()
    if to:
        return _replace_lost(folder, to, why=why, world=world)
    settings = read_settings(folder)
    if not settings.signer_before:
        raise NotFoundError(
            "key.none_to_retire",
            "one key signs this log, and a log needs one",
            "Change it first: edgecode key rotate --to URI; or, if it is lost: edgecode key retire --why lost --to URI",
        )
    alone = msgspec.structs.replace(settings, signer_before="")
    with Production(folder, settings if why != "lost" else alone, world=world) as production:
        told = key_history(production.ledger, origin=settings.origin, first=production.log.keys)
        current = told.state(production.log.key)
        before = None if current is None or current.after is None else told.state(current.after)
        if before is None:
            raise InputError(
                "settings.other_log", "the log does not tell of the key before this one", "Bring back log.vkey"
            )
        # Recorded already: edgecode.toml was not written before it was interrupted.
        trusted = before.trusted_until
        if trusted is None:
            trusted = _retire(production, before.key, why)
    write_settings(folder, alone)
    return before.key, trusted


def _replace_lost(folder: Path, uri: str, *, why: Why, world: World) -> tuple[VerifierKey, int]:
    if why != "lost":
        raise InputError(
            "key.not_lost",
            "a key that can still sign says so itself",
            "Run: edgecode key rotate --to URI, then edgecode key retire",
        )
    settings, state = read_settings(folder), folder / STATE_FOLDER
    kept = kept_keys(state)
    new = verifier_key(settings.origin, world.open_signer(uri, folder))
    if not kept:
        raise NotFoundError(
            "key.none_kept", "log.vkey is not there, so it cannot be told what was lost", "Bring it back"
        )
    refuse_other_log(settings, kept)
    keep_keys(state, dict.fromkeys((*kept, new)))
    changed = msgspec.structs.replace(settings, signer=uri, signer_before="")
    with Production(folder, changed, world=world) as production:
        told = key_history(production.ledger, origin=settings.origin, first=production.log.keys)
        trusted = {one.key: one.trusted_until for one in told.keys}
        lost = [key for key in production.log.keys if key != new]
        for key in lost:
            if trusted.get(key) is None:
                trusted[key] = _retire(production, key, why if key == kept[-1] else "rotated")
    write_settings(folder, changed)
    return lost[-1], trusted[lost[-1]] or 0


def _retire(production: Production, key: VerifierKey, why: Why) -> int:
    """Record that *key* signs no more and sign on without it; returns how many entries it is trusted for, which are those before this."""
    production.log.sign_with(production.signer)
    for _ in range(_ATTEMPTS):
        size = production.log.refresh()
        try:
            production.append([KeyRetired(KeyRetirement(str(key), size, why))], at=size)
        except MovedError:
            continue
        return size
    raise UnavailableError("ledger.moved", "others record all the time", "Let them stop for a moment, then try again")
