"""The public keys of a production's log, in `.edgecode/log.vkey`: oldest first, one a line. The record is verified with them."""

from collections.abc import Iterable
from pathlib import Path

from edgecode.drivers.published import write_durably
from edgecode.errors import InputError, UnavailableError
from edgecode.ledger.notes import VerifierKey
from edgecode.settings import KEY_FILE, Settings


def kept_keys(state: Path) -> tuple[VerifierKey, ...]:
    """The keys that are kept; none when the file is not there. Raises what `VerifierKey.parse` raises."""
    try:
        text = (state / KEY_FILE).read_text("utf-8", "replace")
    except FileNotFoundError:
        return ()
    return tuple(dict.fromkeys(VerifierKey.parse(line) for line in text.strip().split("\n")))


def keep_keys(state: Path, keys: Iterable[VerifierKey], *, name: str = KEY_FILE) -> None:
    """Write them to the file *name*, on disk when this returns. Raises UnavailableError ``keys.unkept``."""
    try:
        write_durably(state / name, "".join(f"{key}\n" for key in keys).encode())
    except OSError as error:
        raise UnavailableError(
            "keys.unkept", f"{name} cannot be written ({error.strerror})", "Make room on the disk, then try again"
        ) from error


def require_own(state: Path, keys: tuple[VerifierKey, ...]) -> None:
    """Whoever verifies this folder without the private key needs the public ones: *keys*, those that sign, must be among the kept.

    Where none are kept they are written. Raises InputError ``settings.other_log``.
    """
    kept = kept_keys(state)
    if not kept:
        keep_keys(state, keys)
    elif not set(keys) <= set(kept):
        raise InputError(
            "settings.other_log",
            f"{KEY_FILE} does not hold the public key of the log that lies here",
            "Bring back the file that edgecode init made; a key that replaces one that was lost: edgecode key retire --why lost --to URI",
        )


def refuse_other_log(settings: Settings, keys: Iterable[VerifierKey]) -> None:
    """Raises InputError ``settings.other_log`` unless all *keys* are of the log that the settings name."""
    for key in keys:
        if key.name != settings.origin:
            raise InputError(
                "settings.other_log",
                "production.origin in edgecode.toml is not the name of the log that lies here",
                f'Put it back: origin = "{key.name}"',
            )
