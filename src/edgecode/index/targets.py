"""The paths, URLs and file names that a cut writes, and the one folded form in which they are compared with known places.

A place is compared by its parts from the last to the first, each followed by a slash, case folded and in Unicode NFC:
``plates/SH010/a.1001.exr`` of a sequence is ``a.*.exr/sh010/plates/``. The place itself keeps its own bytes.
"""

import re
import unicodedata
from urllib.parse import unquote, unquote_to_bytes

from msgspec import Struct

_DRIVE = re.compile(r"^/?([A-Za-z]):[\\/]")
_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+):(//)?")
_TOKEN = re.compile(r"%0?[1-9]?d|#+|@+|\$F[1-9]?|\[-?[0-9]{1,9}-{1,2}[0-9]{1,9}\]")
_PERCENT_TOKEN = re.compile(r"%(?=0[1-9]d)|(?<=[._-])%(?=[1-9]?d\.[A-Za-z][A-Za-z0-9]*$)")
_NUMBER = re.compile(r"(?<![vV0-9])(?:(?<=[._ ])-)?[0-9]+(?=\.[^./]*$|$)")
_SUFFIX = re.compile(r"\.(?!v[0-9]+$)[A-Za-z][A-Za-z0-9]{0,4}$", re.IGNORECASE)
_BETWEEN = " ._-"
_SHARES = ("smb", "cifs", "nfs", "afp")
"""Schemes of file servers: host and share are the first parts, as in ``\\\\server\\share``."""


class Target(Struct, frozen=True):
    """One thing that a cut names: *parts* folded, first to last; *exact* the same as written; *absolute*: it starts at a root.

    *numbered*: the last part is a sequence (``*`` where the frame number stands); *literal*: what is written there, which may be the name
    of one file.
    """

    parts: tuple[str, ...]
    exact: tuple[str, ...]
    absolute: bool
    numbered: bool
    literal: str = ""

    @property
    def readings(self) -> "tuple[Target, ...]":
        """What it may mean: the file of this very name, and the sequence that the name is a pattern of."""
        if not self.literal:
            return (self,)
        parts, exact = (*self.parts[:-1], folded(self.literal)), (*self.exact[:-1], self.literal)
        return Target(parts, exact, self.absolute, False), self

    @property
    def backwards(self) -> str:
        """The folded form that places are indexed by."""
        return "".join(f"{part}/" for part in reversed(self.parts))

    @property
    def stem(self) -> str:
        """The last part without frame number and suffix."""
        return stem_of(self.parts[-1]) if self.parts else ""


def folded(text: str) -> str:
    """Text as names are compared: NFC, case folded."""
    return unicodedata.normalize("NFC", text).casefold()


def backwards_of_place(path: str) -> str:
    """The folded parts of a place's percent-encoded path, last first, each followed by a slash."""
    text = folded(unquote_to_bytes(path).decode("utf-8", "replace"))
    return "".join(f"{part}/" for part in reversed([part for part in text.split("/") if part]))


def stem_of(name: str) -> str:
    """A folded file name without its suffix and without the ``*`` of a sequence; "" when nothing else is left."""
    name = _SUFFIX.sub("", name)
    return name.replace("*", "").rstrip(_BETWEEN) if "*" in name else name


def with_number_out(name: str) -> str | None:
    """A frame's file name with its last run of digits as ``*``; None when it has none (a number after a v is a version)."""
    return _last_out(_NUMBER, name)


def frame_in(name: str) -> int | None:
    """The frame number that `with_number_out` takes out of a file name."""
    found = list(_NUMBER.finditer(name))
    return int(found[-1][0]) if found else None


def target(written: str) -> Target:
    """Read a path, URL or name as a cut writes it: ``file://``, percent-encoding, drive letters, UNC, sequence tokens."""
    path, absolute = _as_path(written.strip())
    pieces = [part for part in path.split("/") if part not in ("", ".")]
    exact = tuple(_resolved(pieces))
    last = _token_out(exact[-1]) if exact else None
    literal = exact[-1] if last is not None else ""
    exact = (*exact[:-1], last) if last is not None else exact
    return Target(tuple(folded(part) for part in exact), exact, absolute, last is not None, literal)


def frame_target(one: Target) -> Target | None:
    """The sequence that a single frame's path belongs to; None when its name has no frame number."""
    one = one.readings[0]
    last = with_number_out(one.exact[-1]) if one.exact and not one.numbered else None
    if last is None:
        return None
    return Target((*one.parts[:-1], folded(last)), (*one.exact[:-1], last), one.absolute, True)


def below(one: Target, root: Target) -> Target | None:
    """What is left of *one* below a root it lies under; None when it does not. Case counts only where nothing else matches."""
    size = len(root.parts)
    if not one.absolute or len(one.parts) <= size or one.parts[:size] != root.parts:
        return None
    return Target(one.parts[size:], one.exact[size:], False, one.numbered, one.literal)


def _as_path(written: str) -> tuple[str, bool]:
    if _DRIVE.match(written):
        return written.lstrip("/").replace("\\", "/"), True
    scheme = _SCHEME.match(written)
    if scheme and (scheme[2] or scheme[1].lower() == "file"):
        return _url_path(written[scheme.end() :], scheme[1].lower())
    if written.startswith("\\\\"):
        return written.replace("\\", "/"), True
    if "\\" in written and "/" not in written:
        written = written.replace("\\", "/")
    return written, written.startswith("/")


def _url_path(rest: str, scheme: str) -> tuple[str, bool]:
    # Nothing is named with the control characters that %01 to %09 stand for: %04d in a URL is a frame number, written as it is.
    rest = _PERCENT_TOKEN.sub("%25", rest.replace("\\", "/"))
    host, _, tail = rest.partition("/")
    path = unquote(tail, errors="surrogateescape")
    if scheme not in ("file", *_SHARES):
        # Another machine's file: it is never the local one of this path, whatever its last parts are called.
        return f"{host}/{path}", False
    if scheme == "file" and _DRIVE.match(f"{path}/"):
        return path, True
    if scheme == "file" and host.lower() in ("", "localhost"):
        return f"/{path}", True
    if _DRIVE.match(f"{unquote(host)}/"):
        return f"{unquote(host)}/{path}", True
    return f"/{host}/{path}", True


def _resolved(pieces: list[str]) -> list[str]:
    found: list[str] = []
    for part in pieces:
        if part == ".." and found and found[-1] != "..":
            found.pop()
        else:
            found.append(part)
    return found


def _token_out(name: str) -> str | None:
    return _last_out(_TOKEN, name)


def _last_out(pattern: re.Pattern[str], name: str) -> str | None:
    found = list(pattern.finditer(name))
    return f"{name[: found[-1].start()]}*{name[found[-1].end() :]}" if found else None
