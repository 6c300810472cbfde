"""Every reader there is here, shipped or plugged in, and taking in the files that they read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from edgecode import plugins
from edgecode.drivers.apart import CutsApart, StepsApart, TablesApart
from edgecode.errors import InputError
from edgecode.ingest import shipped
from edgecode.ingest.doors import HEAD_BYTES, CutReader, StepReader, TableReader
from edgecode.ingest.editorial.exchange_readers import AafReader
from edgecode.ingest.editorial.readers import SHIPPED
from edgecode.ingest.intake import Intake
from edgecode.ingest.regular_files import FILE_BYTES_AT_MOST, regular_bytes
from edgecode.ingest.step_record import StepRecord
from edgecode.ingest.tables.readers import AvidBinReader
from edgecode.ingest.usd import UsdLayers
from edgecode.terms.cuts import CutReading, Diagnostic
from edgecode.terms.timebase import Rate

RecordLines = Callable[..., Intake]


LARGE_BYTES = 4 << 20
"""A text of more bytes is read apart: a million elements of four bytes take 300 bytes of memory each, and 10 seconds."""


class LargeApart:
    """*here* for files of ordinary size, *apart* (the same reader in a process with limits of time and memory) for larger ones."""

    def __init__(self, here: CutReader, apart: CutReader) -> None:
        self._here = here
        self._apart = apart

    @property
    def name(self) -> str:
        return self._here.name

    @property
    def version(self) -> str:
        return self._here.version

    def recognises(self, head: bytes, *, name: str) -> bool:
        """As the reader itself."""
        return self._here.recognises(head, name=name)

    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        """As the reader itself; of a large file InputError ``reader.timeout`` or ``reader.crashed`` as well."""
        reader = self._here if len(data) <= LARGE_BYTES else self._apart
        return reader.read(data, name=name, rate=rate)


def cut_readers() -> tuple[CutReader, ...]:
    """Readers of cuts: ours first, so that no package takes a format from them unseen. AAF, and whatever is large, is read in a
    process of its own."""
    return (*map(_guarded, SHIPPED), *plugins.cut_readers().readers)


def _guarded(one: CutReader) -> CutReader:
    apart = CutsApart(one, entry=f"{type(one).__module__}:{type(one).__qualname__}")
    return apart if isinstance(one, AafReader) else LargeApart(one, apart)


def step_readers() -> tuple[StepReader, ...]:
    """Readers of records of making, ours first. USD is read in a process of its own: a layer that is nested deeply ends its library."""
    entry = f"{UsdLayers.__module__}:{UsdLayers.__qualname__}"
    ours = (StepsApart(one, entry=entry) if isinstance(one, UsdLayers) else one for one in shipped.STEPS)
    return (*ours, *plugins.step_readers().readers)


def table_readers() -> tuple[TableReader, ...]:
    """Readers of tables that join names, ours first. Avid bins are read in a process of their own."""
    entry = f"{AvidBinReader.__module__}:{AvidBinReader.__qualname__}"
    ours = (TablesApart(one, entry=entry) if isinstance(one, AvidBinReader) else one for one in shipped.TABLES)
    return (*ours, *plugins.table_readers().readers)


def problems() -> list[Diagnostic]:
    """Installed readers that could not be loaded."""
    groups = plugins.cut_readers(), plugins.step_readers(), plugins.table_readers()
    return [problem for group in groups for problem in group.problems]


def read_bytes(path: Path) -> bytes:
    """A file for a reader. Raises InputError ``ingest.unreadable``, ``ingest.too_large`` and ``file.not_regular``."""
    try:
        return regular_bytes(path, at_most=FILE_BYTES_AT_MOST)
    except InputError as error:
        if error.code != "file.too_large":
            raise
        size = f"{FILE_BYTES_AT_MOST >> 20} MiB"
        raise InputError(
            "ingest.too_large", f"{path.name} is larger than {size}", "Split it, or record its steps"
        ) from error
    except OSError as error:
        raise InputError(
            "ingest.unreadable", f"{path.name} cannot be read ({error.strerror})", "Give the path of a file"
        ) from error


def step_reader_for(data: bytes, *, name: str) -> StepReader:
    """The reader that a file is for. Raises InputError ``ingest.format_unknown``."""
    for reader in step_readers():
        if reader.recognises(data[:HEAD_BYTES], name=name):
            return reader
    known = ", ".join(reader.name for reader in step_readers())
    raise InputError(
        "ingest.format_unknown",
        f"{name} is of no format that says how something was made ({known})",
        "List the readers: edgecode readers; media is read by edgecode scan, a cut by edgecode cut add",
    )


def steps_in(path: Path) -> tuple[StepReader, Iterator[StepRecord | Diagnostic]]:
    """The acts of making that a file tells; relative paths start from the file's own folder where it says no other.

    Raises what `read_bytes` and `step_reader_for` raise, and, while it is read, what its reader raises.
    """
    data = read_bytes(path)
    reader = step_reader_for(data, name=path.name)
    here = str(path.resolve().parent)
    found = (
        msgspec.structs.replace(one, folder=one.folder or here) if isinstance(one, StepRecord) else one
        for one in reader.read(data, name=path.name)
    )
    return reader, found


def take_in_files(paths: Sequence[Path], *, record: RecordLines) -> Intake:
    """Record what files of other programs say of making. *record*: `Production.record_lines` or a writer's. A file that cannot be
    read is said (``row-missing``), and the others are taken in."""
    total = Intake()
    for path in paths:
        said: list[Diagnostic] = []
        try:
            reader, found = steps_in(path)
            taken = record(_lines(found, said), source=reader.name)
        except InputError as error:
            taken = Intake()
            said.append(Diagnostic(error.code, error.sentence, path=path.name, effect="row-missing"))
        named = (msgspec.structs.replace(one, path=one.path or path.name) for one in (*said, *taken.diagnostics))
        total = _together(total, msgspec.structs.replace(taken, diagnostics=tuple(named)))
    return total


def _lines(found: Iterable[StepRecord | Diagnostic], said: list[Diagnostic]) -> Iterator[bytes]:
    for one in found:
        if isinstance(one, Diagnostic):
            said.append(one)
        else:
            yield msgspec.json.encode(one)


def _together(one: Intake, other: Intake) -> Intake:
    return Intake(*(getattr(one, name) + getattr(other, name) for name in Intake.__struct_fields__))
