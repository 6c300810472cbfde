"""What a hook would run out of a production's own folder, as digests: leave to run is given to code, not to its name."""

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

_CODE = {
    "",
    ".py",
    ".pyz",
    ".sh",
    ".bash",
    ".zsh",
    ".js",
    ".mjs",
    ".rb",
    ".pl",
    ".php",
    ".ps1",
    ".bat",
    ".cmd",
    ".exe",
    ".jar",
}


def own_code(folder: Path, *, command: Sequence[str], entry: str) -> dict[str, str]:
    """SHA-256 in hexadecimal by path, of every file below *folder* that a hook names or may import; "" for one that cannot be read.

    Of a command: each word that names a program or script below *folder*, by its suffix or because it may be executed: a log that
    the hook writes is none. Of a function (``module:function``), which is looked for in *folder* first:
    its module or package there, and every other module that lies directly in *folder*. What these read or run themselves is not followed,
    nor is a program or package of the machine's.
    """
    home = folder.resolve()
    found = {path for word in command if (path := _below(home, word)) is not None}
    if entry:
        top = home / entry.partition(":")[0].partition(".")[0]
        found |= {*home.glob("*.py"), *top.rglob("*.py")}
    return {path.relative_to(home).as_posix(): _digest(path) for path in sorted(found)}


def _below(home: Path, word: str) -> Path | None:
    """The file that a word of a command names, where it lies below *home*."""
    # A word may be anything, such as a text that no file system takes for a name.
    try:
        path = (home / word).resolve()
        is_code = path.is_file() and (path.suffix.lower() in _CODE or os.access(path, os.X_OK))
        return path if is_code and path.is_relative_to(home) else None
    except (OSError, ValueError):
        return None


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
