"""A file seen through bounded reads: no length that a file claims is ever trusted with memory or time."""

import re
from pathlib import Path
from types import TracebackType

from edgecode.errors import InputError
from edgecode.ingest.regular_files import opened_regular

HEAD_BYTES = 65_536
"""What is read at once when a file is opened; most headers end inside it."""

HEADER_BUDGET_BYTES = 8 << 20
"""The most that reading a header may read from one file."""

VALUE_CHARACTERS = 200
"""The most characters kept of one header value."""

_A_PATH = re.compile(r"(?:^|[\s=:\"'(])(?:[A-Za-z]:[\\/]|\\\\|/[^\s/]|~/|\.\.?/|file:)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class Window:
    """Reads of one open file by absolute position, at most *budget* bytes beyond the head altogether.

    Short reads mean the end of the file. Raises InputError ``media.header_too_large`` when the budget is used up.
    """

    def __init__(self, path: Path, *, budget: int = HEADER_BUDGET_BYTES) -> None:
        self._file = opened_regular(path)
        try:
            self._budget = budget
            self.head = self._file.read(HEAD_BYTES)
            self.size = len(self.head) if len(self.head) < HEAD_BYTES else self._file.seek(0, 2)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> "Window":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def read(self, at: int, count: int) -> bytes:
        """Up to *count* bytes from byte *at*; fewer only at the end of the file."""
        end = at + count
        if end <= len(self.head) or len(self.head) == self.size:
            return self.head[at:end]
        count = min(count, self.size - at)
        if count <= 0:
            return b""
        self._budget -= count
        if self._budget < 0:
            raise InputError("media.header_too_large", "its headers are larger than this reader will read")
        self._file.seek(at)
        pieces = []
        while count and (piece := self._file.read(count)):
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)

    def exactly(self, at: int, count: int, what: str) -> bytes:
        """*count* bytes from byte *at*. Raises InputError ``media.truncated`` naming *what* is cut short."""
        data = self.read(at, count)
        if len(data) != count:
            raise truncated(what)
        return data


def truncated(what: str) -> InputError:
    """The error for a file that ends inside *what*."""
    return InputError("media.truncated", f"the file ends inside its {what}", "Copy the file again from its source")


def malformed(sentence: str) -> InputError:
    """The error for a header that contradicts its own format."""
    return InputError("media.malformed", sentence, "Copy the file again from its source")


def technical(value: bytes | str) -> str:
    """A header value as one printable line of at most 200 characters; empty for anything that names a path."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    text = _CONTROL.sub(" ", text.split("\0", 1)[0]).strip()
    text = text.encode("utf-8", "replace").decode()
    return "" if _A_PATH.search(text) else text[:VALUE_CHARACTERS]


def program(value: bytes | str) -> str:
    """The name and version of a program from a software field: a command line written after ``" : "`` is left out."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return technical(re.split(r"\s:\s|\s+--?\w|\s+\(?https?:", text.split("\0", 1)[0], maxsplit=1)[0])


def device(make: str, model: str) -> str:
    """Make and model of a device as people say it: the make is not said twice."""
    make, model = make.strip(), model.strip()
    first = make.split(" ", 1)[0].lower()
    return model if first and model.lower().startswith(first) else f"{make} {model}".strip()


def number(value: float) -> str:
    """A decimal as short text that reads back to the same value, without an exponent where that is short."""
    return f"{value:.6g}" if abs(value) < 1e15 else repr(value)
