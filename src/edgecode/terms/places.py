"""Where bytes were seen: a media root and a path below it, kept as the file system gave it. Only ever in a `place` section."""

from pathlib import PurePosixPath
from urllib.parse import quote_from_bytes, unquote_to_bytes

from msgspec import Struct

_UNESCAPED = "/!$&'()+,;=:@-._~ #[]"


class Place(Struct, frozen=True):
    """A path below a media root: *path* is percent-encoded bytes (no Unicode folding), *text* is for people to read.

    A sequence's path has one bare ``*`` where the frame number stands; a ``*`` in a real file name is escaped.
    """

    root: str
    path: str
    text: str

    @classmethod
    def of(cls, root: str, relative: str) -> "Place":
        """The place of a path relative to its root, as Python's file functions give it (undecodable bytes as surrogates)."""
        return cls(root, escaped(relative), readable(relative))

    @classmethod
    def of_sequence(cls, root: str, before: str, after: str) -> "Place":
        """The place of an image sequence: what stands before and after the frame number in each member's relative path."""
        return cls(root, f"{escaped(before)}*{escaped(after)}", readable(f"{before}#{after}"))

    @property
    def relative(self) -> bytes:
        """The path below the root as the file system's own bytes (a sequence keeps its ``*``)."""
        return unquote_to_bytes(self.path)

    @property
    def name(self) -> str:
        """The last part of the path, for people."""
        return PurePosixPath(self.text).name


def escaped(relative: str) -> str:
    """Percent-encoded bytes of a relative path with forward slashes."""
    return quote_from_bytes(relative.encode("utf-8", "surrogateescape"), safe=_UNESCAPED)


def readable(relative: str) -> str:
    """The same path as text that can always be printed: undecodable bytes become U+FFFD."""
    return relative.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
