"""Files that hold secrets: created for their owner alone, refused when anybody else may read them."""

import os
import stat
from pathlib import Path

from edgecode.errors import NotFoundError, RefusedError, UnavailableError

_MODES_MEAN_SOMETHING = os.name == "posix"


def create_private(path: Path, data: bytes = b"") -> None:
    """Write a new file that only its owner may read and write; on disk, name and all, when this returns.

    Raises RefusedError ``secret.exists`` when there is one, UnavailableError ``secret.unwritten``.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise RefusedError(
            "secret.exists", f"{path.name} is there already", "Move it away first if it is not needed"
        ) from error
    except OSError as error:
        raise UnavailableError("secret.unwritten", f"{path.name} cannot be created", "Check the folder") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    flush_folder(path.parent)


def require_private(path: Path) -> None:
    """Refuse a secret that others on this machine may read. Raises RefusedError ``secret.readable``, NotFoundError ``secret.absent``,
    UnavailableError ``secret.unreadable``."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError as error:
        raise NotFoundError(
            "secret.absent", f"{path.name} is not there", "Bring it back from where it is kept"
        ) from error
    except OSError as error:
        raise unreadable(path, error) from error
    if _MODES_MEAN_SOMETHING and mode & 0o077:
        raise RefusedError(
            "secret.readable",
            f"{path.name} may be read or written by others (mode {mode:o}), so what it guards is not safe",
            f"Run: chmod 600 {path.name}, and think about who could have read it",
        )


def require_own_folder(folder: Path) -> None:
    """Refuse a folder of secrets that others on this machine may write to: they could put another key or another ledger in place of ours.

    Raises RefusedError ``secret.folder``.
    """
    mode = stat.S_IMODE(folder.stat().st_mode) if folder.is_dir() else 0
    if _MODES_MEAN_SOMETHING and mode & 0o022:
        raise RefusedError(
            "secret.folder",
            f"{folder.name} may be written to by others (mode {mode:o}), who could put other keys and another record in place of these",
            f"Run: chmod 700 {folder.name}, and think about who could have written there",
        )


def unreadable(path: Path, error: OSError) -> UnavailableError:
    """What callers see when a secret may not be read here."""
    return UnavailableError(
        "secret.unreadable",
        f"{path.name} cannot be read ({error.strerror})",
        "Run this as the user who keeps the production; edgecode log verify needs no private key",
    )


def flush_folder(folder: Path) -> None:
    """Put the names of new files in *folder* on disk. Does nothing where folders cannot be flushed."""
    if not _MODES_MEAN_SOMETHING:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
