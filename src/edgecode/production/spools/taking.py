"""Takes what connectors spooled into a production: new whole lines of every file in a folder, each once, however often it is asked.

How far each file was read is kept in the production's state folder and written after the lines are recorded. If that is lost, or the
program stops in between, lines are read again and are the same steps: every step has the id that its writer gave it.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgecode.errors import InputError, NotFoundError, UnavailableError
from edgecode.ingest.comfyui_spool import ComfyUiSpool, still_open
from edgecode.ingest.doors import HEAD_BYTES
from edgecode.ingest.intake import Intake
from edgecode.ingest.records import LINE_BYTES_AT_MOST
from edgecode.ingest.regular_files import opened_regular
from edgecode.ingest.step_record import StepRecord
from edgecode.production.lines import RecordLines
from edgecode.settings import STATE_FOLDER
from edgecode.terms.cuts import Diagnostic

MARKS = "spools.json"
BATCH_BYTES = 128 << 20
"""Read at once of one file; a longer one is read in several turns."""
_SKIPPED_BYTES = 1 << 20
_SEALED_BYTES = 64 << 10
_SUFFIXES = (".jsonl", ".ndjson")


class FolderMarks(Struct):
    """How far the files of one folder were read (name to bytes), and lines of prompts whose end may yet be told.

    *taken*: lines up to there, *refused*: those of them that were no steps, both by name, written together with the offset. *dropped*:
    lines that the writers of files which were cleared away had dropped, by reason, by name. *seals*: SHA-256 over the first and the last
    64 KiB of what was taken of a file, by name: a file that was replaced, or cut short, does not begin and go on as it did.
    """

    offsets: dict[str, int] = {}
    waiting: list[str] = []
    taken: dict[str, int] = {}
    refused: dict[str, int] = {}
    dropped: dict[str, dict[str, int]] = {}
    seals: dict[str, str] = {}

    def counted(self, name: str, *, start: int, end: int, lines: int, refused: int, seal: str) -> None:
        """Note that a file was read from *start* to *end*; from its beginning where another file took its name."""
        before = (self.taken.get(name, 0), self.refused.get(name, 0)) if start else (0, 0)
        self.offsets[name], self.seals[name] = end, seal
        self.taken[name], self.refused[name] = before[0] + lines, before[1] + refused


class Unread(Struct, frozen=True):
    """New whole lines of a file, from byte *start* to *end*. *seal*: of the file up to there. *is_other*: it is not the file that was read
    before, or no longer all of it, so that it is read from its beginning; then there may be no line."""

    name: str
    data: bytes
    start: int
    seal: str
    is_other: bool = False
    skipped: int = 0
    """Bytes of one line that is longer than is ever read at once, its end with it; then there is no *data*."""

    @property
    def end(self) -> int:
        """Where the lines end."""
        return self.start + len(self.data) + self.skipped

    @property
    def lines(self) -> int:
        """How many lines there are that are not empty."""
        return lines_in(self.data) + (self.skipped > 0)


class SpoolTaken(Struct, frozen=True):
    """What a turn brought. *files*: spool files that had something new."""

    intake: Intake
    files: int


def take_spool(
    folder: Path, *, production: Path, record: RecordLines, now_seconds: float, again: bool = False
) -> SpoolTaken:
    """Record the new lines of every spool file in *folder*: ComfyUI's spool, and lines of step/1. *production*: its folder.

    *again*: read everything from the beginning; what is recorded already is not recorded twice. Raises NotFoundError ``spool.absent``,
    UnavailableError ``spool.unreadable``, and what *record* raises; what was recorded until then is remembered.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        raise NotFoundError("spool.absent", f"there is no folder {folder.name}", "Give the folder that holds the spool")
    path = production / STATE_FOLDER / MARKS
    all_marks = read_marks(path)
    marks = (
        FolderMarks(dropped=all_marks.get(str(folder), FolderMarks()).dropped)
        if again
        else all_marks.get(str(folder), FolderMarks())
    )
    all_marks[str(folder)] = marks
    intakes: list[Intake] = []
    files: set[str] = set()
    for new in unread(folder, marks):
        refused = 0
        if new.is_other:
            intakes.append(Intake(diagnostics=(_replaced(new.name),)))
        if new.data:
            taken, refused = _take(folder, new.name, new.data, marks, record)
            intakes.append(taken)
            files.add(new.name)
        if new.skipped:
            intakes.append(Intake(diagnostics=(_too_long(new.name),)))
            refused += 1
            files.add(new.name)
        marks.counted(new.name, start=new.start, end=new.end, lines=new.lines, refused=refused, seal=new.seal)
        write_marks(path, all_marks)
    waiting = [line.encode() for line in marks.waiting]
    if waiting:
        asked = b"".join(line + b"\n" for line in waiting) + _clock(now_seconds)
        intakes.append(_recorded(ComfyUiSpool().read(asked, name=folder.name), record, folder=folder, name="")[0])
        marks.waiting = [line.decode() for line in still_open(asked)]
        write_marks(path, all_marks)
    return SpoolTaken(joined(intakes), len(files))


def has_news(folder: Path, *, production: Path, now_seconds: float) -> bool:
    """Whether `take_spool` would record anything, told without opening the production's stores. Raises like it."""
    folder = folder.resolve()
    marks = read_marks(production / STATE_FOLDER / MARKS).get(str(folder), FolderMarks())
    if next(unread(folder, marks), None) is not None:
        return True
    asked = b"".join(line.encode() + b"\n" for line in marks.waiting)
    return bool(asked) and len(still_open(asked + _clock(now_seconds))) < len(marks.waiting)


def _clock(now_seconds: float) -> bytes:
    """The time as a line, so that a reader says the same of the same bytes."""
    return msgspec.json.encode({"event": "taken", "t": now_seconds}) + b"\n"


def unread(folder: Path, marks: FolderMarks) -> Iterator[Unread]:
    """What is new in each file, oldest first: nothing of a file that has nothing new.

    Raises UnavailableError ``spool.unreadable``; for what is no plain file only after all others were given.
    """
    odd: list[InputError] = []
    try:
        found = [(path.lstat().st_mtime_ns, path.name) for path in folder.iterdir() if path.suffix in _SUFFIXES]
        for _, name in sorted(found):
            try:
                opened = opened_regular(folder / name, links=False)
            except InputError as error:
                odd.append(error)
                continue
            with opened:
                yield from _unread_of(BufferedReader(opened), name, marks)
    except OSError as error:
        raise _unreadable(error.strerror or "input/output error") from error
    if odd:
        raise _unreadable(odd[0].sentence) from odd[0]


def _unreadable(why: str) -> UnavailableError:
    return UnavailableError(
        "spool.unreadable",
        f"the spool cannot be read ({why})",
        "Read it as the user who wrote it, or give this one the right to; take out of it what is no file of lines",
    )


def _unread_of(file: BinaryIO, name: str, marks: FolderMarks) -> Iterator[Unread]:
    start, is_other = taken_of(file, name, marks)
    while True:
        file.seek(start)
        data = file.read(BATCH_BYTES)
        whole = data.rfind(b"\n") + 1
        skipped = _line_skipped(file, len(data)) if not whole and len(data) == BATCH_BYTES else 0
        if not (whole or skipped or is_other):
            return
        new = Unread(name, data[:whole], start, _seal(file, start + whole + skipped), is_other, skipped)
        yield new
        start, is_other = new.end, False


def _line_skipped(file: BinaryIO, read: int) -> int:
    """How many bytes the line has whose first *read* bytes were read, its end with it; 0: its end is not written yet."""
    while block := file.read(_SKIPPED_BYTES):
        end = block.find(b"\n") + 1
        if end:
            return read + end
        read += len(block)
    return 0


def taken_of(file: BinaryIO, name: str, marks: FolderMarks) -> tuple[int, bool]:
    """Up to which byte a file was taken, and whether it is another one than was read under its name: then that is 0."""
    taken = marks.offsets.get(name, 0)
    size = file.seek(0, os.SEEK_END)
    # Marks of earlier releases have no seal.
    if size < taken or (taken and name in marks.seals and _seal(file, taken) != marks.seals[name]):
        return 0, True
    return taken, False


def _seal(file: BinaryIO, end: int) -> str:
    file.seek(0)
    first = file.read(min(end, _SEALED_BYTES))
    file.seek(max(0, end - _SEALED_BYTES))
    return sha256(first + file.read(min(end, _SEALED_BYTES))).hexdigest()


def _too_long(name: str) -> Diagnostic:
    text = f"a line is longer than {LINE_BYTES_AT_MOST >> 20} MiB; what stands behind it is read"
    return Diagnostic("record.too_long", text, path=name, effect="row-missing")


def _replaced(name: str) -> Diagnostic:
    text = "the file is not the one that was read before, or no longer all of it: it was read from its beginning"
    return Diagnostic("spool.replaced", text, path=name, effect="approximate")


def _take(folder: Path, name: str, data: bytes, marks: FolderMarks, record: RecordLines) -> tuple[Intake, int]:
    """What the lines *data* brought, and how many of them were no steps."""
    reader = ComfyUiSpool()
    if not reader.recognises(data[:HEAD_BYTES], name=name):
        answers: Counter[str] = Counter()
        taken = record(data.split(b"\n"), told=lambda answer: answers.update([answer.answer]))
        return _relabelled(taken, name), answers["refused"]
    shown = b"".join(line.encode() + b"\n" for line in marks.waiting) + data
    try:
        read = _recorded(reader.read(shown, name=name), record, folder=folder, name=name)
    except InputError as error:
        said = Diagnostic(error.code, error.sentence, path=name, effect="row-missing")
        return Intake(diagnostics=(said,)), lines_in(data)
    marks.waiting = [line.decode() for line in still_open(shown)]
    return read


def _recorded(
    read: Iterable[StepRecord | Diagnostic], record: RecordLines, *, folder: Path, name: str
) -> tuple[Intake, int]:
    said: list[Diagnostic] = []
    answers: Counter[str] = Counter()

    def lines() -> Iterator[bytes]:
        for item in read:
            if isinstance(item, Diagnostic):
                said.append(item)
            else:
                # As edgecode ingest has it of the same file: a step that comes by both roads is one.
                yield msgspec.json.encode(replace(item, folder=item.folder or str(folder)))

    taken = record(lines(), told=lambda answer: answers.update([answer.answer]))
    unread = sum(item.effect == "row-missing" for item in said)
    return _relabelled(replace(taken, diagnostics=(*said, *taken.diagnostics)), name), answers["refused"] + unread


def _relabelled(intake: Intake, name: str) -> Intake:
    """With the file's name for a line's number: numbers count within what was read this time."""
    named = tuple(replace(item, line=0, path=item.path or name) for item in intake.diagnostics)
    return replace(intake, diagnostics=named)


def joined(intakes: Iterable[Intake]) -> Intake:
    """Several intakes as one."""
    total, said = Intake(), list[Diagnostic]()
    for one in intakes:
        sums = {
            field: getattr(total, field) + getattr(one, field)
            for field in Intake.__struct_fields__
            if field != "diagnostics"
        }
        total = replace(total, **sums)
        said += one.diagnostics
    return replace(total, diagnostics=tuple(said))


def lines_in(data: bytes) -> int:
    """How many lines there are that are not empty."""
    return sum(1 for line in data.split(b"\n") if line.strip())


def read_marks(path: Path) -> dict[str, FolderMarks]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, FolderMarks])
    except (OSError, msgspec.DecodeError):
        return {}


def write_marks(path: Path, marks: Mapping[str, FolderMarks]) -> None:
    """Raises UnavailableError ``spool.marks_unwritten``: what was recorded stays, and is read again next time."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        temporary.write_bytes(msgspec.json.encode(marks))
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise UnavailableError(
            "spool.marks_unwritten",
            f"how far the spool was read cannot be written down ({error.strerror or 'input/output error'})",
            "Make room in .edgecode; what was recorded stays, and lines that are read again are the same steps",
        ) from error
