"""Readers of strangers' binary files in a process of their own: with a time limit, a memory limit, and no way to take ours along.

The process gets the bytes on stdin and answers on stdout; it opens nothing of ours and ends with its answer (`apart_entry`).
"""

import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from edgecode.errors import EdgecodeError, InputError, UnavailableError
from edgecode.ingest.doors import CutReader, StepReader, Table, TableReader
from edgecode.ingest.step_record import StepRecord
from edgecode.terms.cuts import CutReading, Diagnostic
from edgecode.terms.timebase import Rate

TIMEOUT_SECONDS = 60
MEMORY_BYTES_AT_MOST = 4 << 30

_Answer = TypeVar("_Answer")
_Reader = TypeVar("_Reader", bound="CutReader | StepReader | TableReader")


class Request(Struct, frozen=True):
    """What the process is asked, before the file's bytes: the reader (``module:name``), the file's name, a rate if somebody gave one."""

    reader: str
    name: str
    rate: Rate | None = None


class Refusal(Struct, frozen=True):
    """An error of ours, as the process says it. *kind*: ``input`` for the file's fault, ``unavailable`` for a missing library."""

    kind: str
    code: str
    sentence: str
    remedy: str


class Told(Struct, frozen=True):
    """One thing that a step reader gives: an act of making, or a problem."""

    step: StepRecord | None = None
    problem: Diagnostic | None = None


def encoded(answer: object) -> bytes:
    """An answer as JSON; fractions as text."""
    return msgspec.json.encode(answer, enc_hook=str)


def decoded(data: bytes, of: type[_Answer]) -> _Answer:
    """The inverse of `encoded`. Raises msgspec.MsgspecError for what is none."""
    return msgspec.json.decode(data, type=of, dec_hook=_fraction)


def _fraction(of: type, written: object) -> object:
    if of is Fraction:
        return Fraction(str(written))
    raise NotImplementedError


class _Apart(Generic[_Reader]):
    """*reader* is asked here whether a file is for it, and reads in the process. *entry*: where the process finds it."""

    def __init__(self, reader: _Reader, *, entry: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._reader = reader
        self._entry = entry
        self._timeout_seconds = timeout_seconds

    @property
    def name(self) -> str:
        return self._reader.name

    @property
    def version(self) -> str:
        return self._reader.version

    def recognises(self, head: bytes, *, name: str) -> bool:
        """As the reader itself."""
        return self._reader.recognises(head, name=name)


class CutsApart(_Apart[CutReader]):
    """A reader of cuts that reads in a process of its own."""

    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        """As the reader itself; InputError ``reader.timeout`` or ``reader.crashed`` where the process gave no answer."""
        request = Request(self._entry, name, rate)
        return _asked(request, data, list[CutReading], timeout_seconds=self._timeout_seconds)


class TablesApart(_Apart[TableReader]):
    """A reader of tables that reads in a process of its own."""

    def read(self, data: bytes, *, name: str) -> Table:
        """As the reader itself; InputError ``reader.timeout`` or ``reader.crashed`` where the process gave no answer."""
        return _asked(Request(self._entry, name), data, Table, timeout_seconds=self._timeout_seconds)


class StepsApart(_Apart[StepReader]):
    """A reader of records of making that reads in a process of its own: all that a file tells, or a refusal."""

    def read(self, data: bytes, *, name: str) -> Iterator[StepRecord | Diagnostic]:
        """As the reader itself; InputError ``reader.timeout`` or ``reader.crashed`` where the process gave no answer."""
        for one in _asked(Request(self._entry, name), data, list[Told], timeout_seconds=self._timeout_seconds):
            if (said := one.step or one.problem) is not None:
                yield said


def read_apart(
    entry: str, data: bytes, of: type[_Answer], *, name: str, timeout_seconds: float = TIMEOUT_SECONDS
) -> _Answer:
    """What *entry* (``module:name`` of something with a `read`) gives for *data*, in a process of its own. Raises like `CutsApart.read`."""
    return _asked(Request(entry, name), data, of, timeout_seconds=timeout_seconds)


def _asked(request: Request, data: bytes, of: type[_Answer], *, timeout_seconds: float) -> _Answer:
    # -P: what happens to lie in the current folder is never imported in place of a library.
    command = [sys.executable, "-P", "-m", "edgecode.drivers.apart_entry"]
    stdin = msgspec.json.encode(request) + b"\n" + data
    try:
        ended = subprocess.run(  # noqa: S603 - our own program, with a file's bytes on its stdin
            command,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise InputError(
            "reader.timeout",
            f"{request.name} was not read within {timeout_seconds:g} seconds",
            "Give it in parts; a cut can be exported reel by reel, or as OTIO",
        ) from late
    except OSError as error:
        raise UnavailableError(
            "reader.process", f"no process could be started to read {request.name} ({error.strerror})", "Try again"
        ) from error
    if ended.returncode:
        raise InputError(
            "reader.crashed",
            f"the reader of {request.name} ended without an answer (status {ended.returncode})",
            "Save or export it again; a cut can be exported as OTIO",
        )
    head, _, rest = ended.stdout.partition(b"\n")
    if head == b"refused":
        raise _refused(decoded(rest, Refusal))
    return decoded(rest, of)


def _refused(refusal: Refusal) -> EdgecodeError:
    kind = UnavailableError if refusal.kind == "unavailable" else InputError
    return kind(refusal.code, refusal.sentence, refusal.remedy)
