"""Hands a file to the door that a user would use for it, and says how it ended there; a hang is an end of its own."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from edgecode.errors import EdgecodeError
from edgecode.ingest.alone import read_alone
from edgecode.ingest.doors import HEAD_BYTES
from edgecode.ingest.mhl.history import CHAIN, FOLDER, history_of
from edgecode.ingest.mhl.manifest import read_chain, read_manifest
from edgecode.ingest.step_record import StepRecord
from edgecode.production.doors.cut_files import is_cut_file, read_cuts
from edgecode.production.doors.readers import step_readers, steps_in, table_readers
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.timebase import Rate

SECONDS_AT_MOST = 120


class Outcome(NamedTuple):
    """*door*: cut, steps, table, history, media or none. *code*: of a refusal, "" when it was read. *found*: how much was in it."""

    door: str
    code: str = ""
    found: int = 0
    said: tuple[Diagnostic, ...] = ()

    @property
    def row_missing(self) -> set[str]:
        return {one.code for one in self.said if one.effect == "row-missing"}


class Hung(Exception):
    """A file that no door was done with in time."""


@contextmanager
def in_time(seconds: int = SECONDS_AT_MOST) -> Iterator[None]:
    def late(number: int, frame: FrameType | None) -> None:
        raise Hung(f"not done within {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def handed_over(path: Path, *, rate: Rate | None = None) -> Outcome:
    """How the file ends at its door. Whatever is no `EdgecodeError` comes through: it is a crash."""
    door, read = door_of(path, rate=rate)
    try:
        with in_time():
            found, said = read()
    except EdgecodeError as refused:
        assert refused.code and refused.sentence and refused.remedy
        return Outcome(door, refused.code)
    return Outcome(door, "", found, tuple(said))


Read = Callable[[], tuple[int, list[Diagnostic]]]


def door_of(path: Path, *, rate: Rate | None = None) -> tuple[str, Read]:
    """The first door whose readers say that the file is for them; a file for none is handed to the last that a user would try."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if path.suffix == ".mhl" or path.name == CHAIN:
        return "history", lambda: _history(path)
    if is_cut_file(path):
        return "cut", lambda: _cuts(path, rate)
    if any(reader.recognises(head, name=path.name) for reader in step_readers()):
        return "steps", lambda: _steps(path)
    if any(reader.recognises(head, name=path.name) for reader in table_readers()):
        return "table", lambda: _table(path, head)
    if (media := _media(path)) is not None:
        return "media", lambda: media
    is_xml = head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<")
    return "none", lambda: _cuts(path, rate) if is_xml else _steps(path)


def _history(path: Path) -> tuple[int, list[Diagnostic]]:
    if path.parent.name != FOLDER:
        if path.name == CHAIN:
            return len(read_chain(path.read_bytes(), name=path.name)), []
        return len(read_manifest(path.read_bytes(), name=path.name).files), []
    history = history_of(path.parent.parent)
    return len(history.generations), list(history.problems)


def _cuts(path: Path, rate: Rate | None) -> tuple[int, list[Diagnostic]]:
    cuts = read_cuts([path], rate=rate)
    return sum(len(cut.clips) for cut in cuts), [said for cut in cuts for said in cut.diagnostics]


def _steps(path: Path) -> tuple[int, list[Diagnostic]]:
    _, found = steps_in(path)
    said = list(found)
    return sum(isinstance(one, StepRecord) for one in said), [one for one in said if isinstance(one, Diagnostic)]


def _table(path: Path, head: bytes) -> tuple[int, list[Diagnostic]]:
    reader = next(reader for reader in table_readers() if reader.recognises(head, name=path.name))
    table = reader.read(path.read_bytes(), name=path.name)
    return len(table.rows), list(table.diagnostics)


def _media(path: Path) -> tuple[int, list[Diagnostic]] | None:
    """As `edgecode inspect` reads it; None for what is neither media nor carries a record of generation."""
    with in_time():
        seen, said = read_alone([path])
    if seen is None:
        return (0, said) if said else None
    is_told_by_its_name_alone = seen.facts.media_type in ("", "application/json")
    return None if is_told_by_its_name_alone and seen.generation is None and not said else (1, said)
