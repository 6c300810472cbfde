"""How a spool stands, and clearing away of it what was taken in: reads the spool and the production's marks, opens no store."""

from collections import Counter
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

from edgecode.answers.intake.line_answers import SpoolAnswer
from edgecode.drivers.spool_writer import COUNTS, LINES, PREFIX, DropCounts, drops_in, is_held
from edgecode.errors import InputError, NotFoundError
from edgecode.ingest.regular_files import opened_regular, regular_bytes
from edgecode.production.spools.running import SPOOL_FOLDER
from edgecode.production.spools.taking import MARKS, FolderMarks, read_marks, taken_of, unread, write_marks
from edgecode.settings import STATE_FOLDER

_COUNTS_BYTES_AT_MOST = 1 << 20
_BLOCK_BYTES = 1 << 20


def spool_of(production: Path) -> Path:
    """The spool in the production's own folder."""
    return production / STATE_FOLDER / SPOOL_FOLDER


def spool_status(folder: Path, *, production: Path) -> SpoolAnswer:
    """Counts of the spool in *folder*. Raises NotFoundError ``spool.absent``, UnavailableError ``spool.unreadable``."""
    folder = _there(folder)
    marks = read_marks(production / STATE_FOLDER / MARKS).get(str(folder), FolderMarks())
    waiting: Counter[str] = Counter()
    for new in unread(folder, marks):
        waiting[new.name] += new.lines
    taken = sum(marks.taken.values())
    refused = sum(marks.refused.values())
    dropped, uncounted = _dropped(folder, marks)
    files = sum(1 for path in folder.iterdir() if path.suffix in (LINES, ".jsonl"))
    return SpoolAnswer(taken - refused, waiting.total(), refused, dropped, files, uncounted)


def clear_spool(folder: Path, *, production: Path) -> int:
    """Delete files of `SpoolWriter` that are taken in to their end, of which no line was refused and whose writer has ended. Returns how
    many. What was counted of them stays in the marks. Raises like `spool_status`, and UnavailableError ``spool.marks_unwritten``."""
    folder = _there(folder)
    path = production / STATE_FOLDER / MARKS
    every = read_marks(path)
    marks = every.get(str(folder), FolderMarks())
    cleared = 0
    for counts in sorted(folder.glob(f"{PREFIX}*{COUNTS}")):
        lines = [one for one in folder.glob(f"{counts.stem}*{LINES}") if _is_of(one, counts)]
        if any(map(is_held, (counts, *lines))) or not all(_is_done(one, marks) for one in lines):
            continue
        found = _counts_in(counts)
        if found is None:
            continue
        marks.dropped[counts.name] = found.by_reason()
        every[str(folder)] = marks
        # First the marks: a count that is still in its file too is counted once, by its name.
        write_marks(path, every)
        for one in (*lines, counts):
            with suppress(OSError):
                one.unlink()
        cleared += len(lines)
    return cleared


def _there(folder: Path) -> Path:
    folder = folder.resolve()
    if not folder.is_dir():
        raise NotFoundError("spool.absent", f"there is no folder {folder.name}", "Give the folder that holds the spool")
    return folder


def _dropped(folder: Path, marks: FolderMarks) -> tuple[dict[str, int], int]:
    """Drops by reason, and of how many files they cannot be read."""
    by_name = dict(marks.dropped)
    uncounted = 0
    for path in folder.glob(f"*{COUNTS}"):
        found = _counts_in(path)
        if found is None:
            uncounted += 1
        else:
            by_name[path.name] = found.by_reason()
    total = Counter(DropCounts().by_reason())
    for counts in by_name.values():
        total.update(counts)
    return dict(total), uncounted


def _is_of(lines: Path, counts: Path) -> bool:
    rest = lines.stem.removeprefix(counts.stem)
    return not rest or (rest[0] == "-" and rest[1:].isdecimal())


def _is_done(lines: Path, marks: FolderMarks) -> bool:
    """A last line without its end was never acknowledged, and keeps nothing back."""
    if marks.refused.get(lines.name, 0):
        return False
    try:
        with BufferedReader(opened_regular(lines, links=False)) as file:
            taken, _ = taken_of(file, lines.name, marks)
            file.seek(taken)
            return not any(b"\n" in block for block in iter(lambda: file.read(_BLOCK_BYTES), b""))
    except (OSError, InputError):
        return False


def _counts_in(path: Path) -> DropCounts | None:
    try:
        return drops_in(regular_bytes(path, at_most=_COUNTS_BYTES_AT_MOST, links=False))
    except (OSError, InputError):
        return None
