"""Readers that other packages bring through entry points. A broken one is said and left out; what a good one says is marked as its own.

Groups: ``edgecode.cut_readers``, ``edgecode.step_readers``, ``edgecode.table_readers``; each entry names a reader (or a callable without
arguments that gives one) of the protocol in `edgecode.ingest.doors`. Decided in docs/decisions/0017-doors.md.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.doors import CutReader, StepReader, Table, TableReader
from edgecode.ingest.foreign import as_promised, cut_as_promised
from edgecode.ingest.step_record import StepRecord
from edgecode.terms.cuts import CutReading, Diagnostic
from edgecode.terms.timebase import Rate

CUT_READERS, STEP_READERS, TABLE_READERS = "edgecode.cut_readers", "edgecode.step_readers", "edgecode.table_readers"

_Reader = TypeVar("_Reader", CutReader, StepReader, TableReader)


class PluggedIn(Struct, Generic[_Reader], frozen=True):
    """The readers of one group in order of their names, and what is wrong with those that could not be loaded."""

    readers: tuple[_Reader, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


@cache
def cut_readers() -> PluggedIn[CutReader]:
    """Readers of cuts that installed packages bring."""
    return cut_readers_of(entry_points(group=CUT_READERS))


@cache
def step_readers() -> PluggedIn[StepReader]:
    """Readers of records of making that installed packages bring."""
    return step_readers_of(entry_points(group=STEP_READERS))


@cache
def table_readers() -> PluggedIn[TableReader]:
    """Readers of tables that installed packages bring."""
    return table_readers_of(entry_points(group=TABLE_READERS))


def cut_readers_of(entries: Iterable[EntryPoint]) -> PluggedIn[CutReader]:
    """The readers of cuts behind these entry points."""
    return _loaded(entries, _ForeignCuts)


def step_readers_of(entries: Iterable[EntryPoint]) -> PluggedIn[StepReader]:
    """The readers of records of making behind these entry points."""
    return _loaded(entries, _ForeignSteps)


def table_readers_of(entries: Iterable[EntryPoint]) -> PluggedIn[TableReader]:
    """The readers of tables behind these entry points."""
    return _loaded(entries, _ForeignTables)


def _loaded(entries: Iterable[EntryPoint], marked: "Callable[[str, object], _Reader]") -> PluggedIn[_Reader]:
    readers: list[_Reader] = []
    problems: list[Diagnostic] = []
    for entry in sorted(entries, key=lambda one: (one.dist.name if one.dist else "", one.name)):
        package = entry.dist.name if entry.dist is not None else "unknown"
        # Somebody else's package may fail in any way while it loads, and must not take the program with it.
        try:
            found = entry.load()
            reader = found() if isinstance(found, type) or not hasattr(found, "recognises") else found
            _wants(reader)
            readers.append(marked(package, reader))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            text = f"the reader {entry.name!r} of the package {package!r} cannot be used ({type(error).__name__})"
            problems.append(Diagnostic("reader.not_loaded", text))
    return PluggedIn(tuple(readers), tuple(problems))


def _wants(reader: object) -> None:
    if not isinstance(getattr(reader, "name", None), str) or not isinstance(getattr(reader, "version", None), str):
        raise TypeError("a reader needs a name and a version")
    if not all(callable(getattr(reader, word, None)) for word in ("recognises", "read")):
        raise TypeError("a reader needs recognises and read")


class _Foreign:
    """A reader of somebody else's: its name says whose it is, and whatever it raises becomes a refusal of that file."""

    def __init__(self, package: str, reader: object) -> None:
        self._reader = cast(CutReader, reader)
        self._package = package

    @property
    def name(self) -> str:
        return f"{self._package}:{self._reader.name}"

    @property
    def version(self) -> str:
        return self._reader.version

    def recognises(self, head: bytes, *, name: str) -> bool:
        # Another package's mistake about one file must not keep the others' readers from it.
        try:
            return bool(self._reader.recognises(head, name=name))
        except KeyboardInterrupt:
            raise
        except BaseException:
            return False

    @contextmanager
    def _answering(self, name: str) -> Iterator[None]:
        """Within it somebody else's code runs, which may raise anything, SystemExit too."""
        try:
            yield
        except (InputError, KeyboardInterrupt):
            raise
        except BaseException as error:
            raise self._failed(name, f"failed ({type(error).__name__})") from error

    @contextmanager
    def _judging(self, name: str, why: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise self._failed(name, why) from error

    def _failed(self, name: str, why: str) -> InputError:
        return InputError(
            "reader.failed",
            f"{name} was not read: the reader {self.name} {self.version} {why}",
            f"Tell the makers of {self._package}; without that package the file is refused or read by another reader",
        )


class _ForeignCuts(_Foreign):
    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        with self._answering(name):
            found: object = self._reader.read(data, name=name, rate=rate)
        with self._judging(name, "gave no list of cuts, or a cut that cannot be one"):
            if not isinstance(found, list):
                raise TypeError
            cuts = [cut_as_promised(one) for one in found]
        return [replace(one, format=self.name, reader=f"{self.name} {self.version}") for one in cuts]


class _ForeignSteps(_Foreign):
    def read(self, data: bytes, *, name: str) -> Iterator[StepRecord | Diagnostic]:
        with self._answering(name):
            given: Iterator[object] = iter(cast(StepReader, self._reader).read(data, name=name))
        end = object()
        while True:
            with self._answering(name):
                one = next(given, end)
            if one is end:
                return
            with self._judging(name, "gave something that is no act of making"):
                said: StepRecord | Diagnostic = (
                    as_promised(one, Diagnostic) if isinstance(one, Diagnostic) else as_promised(one, StepRecord)
                )
            yield said


class _ForeignTables(_Foreign):
    def read(self, data: bytes, *, name: str) -> Table:
        with self._answering(name):
            found: object = cast(TableReader, self._reader).read(data, name=name)
        with self._judging(name, "gave no table"):
            table = as_promised(found, Table)
        return replace(table, format=self.name)


def said_of(*groups: "PluggedIn[CutReader] | PluggedIn[StepReader] | PluggedIn[TableReader]") -> Sequence[Diagnostic]:
    """What is wrong with the readers of these groups."""
    return [problem for group in groups for problem in group.problems]
