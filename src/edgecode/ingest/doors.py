"""The doors of the loading dock: what a reader of other tools' files is, shipped or plugged in.

Three kinds of files come in: cuts, records of making, and tables that join names. Each kind has one protocol. A reader gets
bytes and a name, opens nothing, and gives the same answer for the same bytes; what it could not read it says as Diagnostics.
How a package of somebody else's offers one: docs/how-to/add-a-reader.md. Decided in docs/decisions/0017-doors.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from edgecode.ingest.step_record import StepRecord
from edgecode.terms.cuts import CutReading, Diagnostic
from edgecode.terms.timebase import Rate

HEAD_BYTES = 8192
"""How much of a file's beginning `recognises` is shown."""


class CutReader(Protocol):
    """Reads cuts. *name*: the format's word (``fcpxml``), *version*: of the reader; both stand in the record of what it read."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def recognises(self, head: bytes, *, name: str) -> bool:
        """Whether a file is for this reader, by its first `HEAD_BYTES` bytes; its name may settle what these leave open."""
        ...

    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        """The cuts in a file. *rate*: what somebody said the cut runs at, where the file cannot say.

        Raises InputError with a stable code for a file that holds no cut; everything less is a Diagnostic in a reading.
        """
        ...


class StepReader(Protocol):
    """Reads files that say how something was made (a script of a compositing program, a spool, a take sheet) as lines of step/1."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def recognises(self, head: bytes, *, name: str) -> bool:
        """As in `CutReader`."""
        ...

    def read(self, data: bytes, *, name: str) -> Iterable[StepRecord | Diagnostic]:
        """The acts of making that a file tells, in its order, each with an id that is the same whenever the file is read again.

        Paths stay as written; relative ones start from the record's *folder*. Raises InputError for a file that is none of its kind.
        """
        ...


class Row(Struct, frozen=True):
    """One line of a table that joins names: *line* in the file from 1, and what its columns say, by the file's own headings."""

    line: int
    values: Mapping[str, str]


class Table(Struct, frozen=True):
    """A log of clips, takes or camera rolls. *format*: ``ale``, ``avb``, ``csv``. *columns* in the file's order; *header*: its own settings
    (an ALE's FPS and video format)."""

    format: str
    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    header: Mapping[str, str] = {}
    diagnostics: tuple[Diagnostic, ...] = ()


class TableReader(Protocol):
    """Reads tables that join names: which tape and timecode a clip has, which take is circled."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def recognises(self, head: bytes, *, name: str) -> bool:
        """As in `CutReader`."""
        ...

    def read(self, data: bytes, *, name: str) -> Table:
        """The table. Raises InputError for a file that is none."""
        ...
