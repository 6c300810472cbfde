"""Which productions' hooks may run on this machine: a file of the user's own, so that a folder that somebody hands over runs nothing.

One line for each production: its record id and the SHA-256 of what its hooks are. It is asked again when they change.
"""

import os
from pathlib import Path

from edgecode.terms.identity import RecordId


def allowed_file() -> Path:
    """``$EDGECODE_ALLOWED_HOOKS``, or ``edgecode/allowed-hooks`` in the user's configuration folder."""
    named = os.environ.get("EDGECODE_ALLOWED_HOOKS")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA")
    return (Path(base) if base else Path.home() / ".config") / "edgecode" / "allowed-hooks"


def is_allowed(production: RecordId, digest: str) -> bool:
    """Whether exactly these hooks of a production were allowed here."""
    return _read().get(production) == digest


def allow(production: RecordId, digest: str) -> None:
    """Let these hooks run here from now on; what was allowed of the production before is no more."""
    lines = {**_read(), production: digest}
    path = allowed_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text("".join(f"{one} {other}\n" for one, other in sorted(lines.items())), "ascii")
    temporary.chmod(0o600)
    temporary.replace(path)


def _read() -> dict[str, str]:
    try:
        lines = allowed_file().read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {line.split(" ", 1)[0]: line.split(" ", 1)[1] for line in lines if " " in line}
