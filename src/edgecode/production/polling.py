"""Records what a ComfyUI ran by asking it, where nothing may be installed: its history, and the bytes of the files it made.

The history is in the host's memory alone and lost when it stops, so ask often. Each run is written to a spool in the production's state
folder before it is recorded: what was seen once is not lost with the program.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from edgecode.drivers.comfyui_client import ComfyUi
from edgecode.ingest.comfyui_history import Entry, SeenFile, entry_of, line_of
from edgecode.ingest.comfyui_lines import FORMAT
from edgecode.ingest.comfyui_run import milliseconds
from edgecode.settings import STATE_FOLDER
from edgecode.terms.cuts import Diagnostic

LATE_AFTER_SECONDS = 60.0
"""Bytes that were fetched so long after the run had ended may be others by then."""
_PAGE = 64
_REMEMBERED_AT_MOST = 20_000
_STATE = "polled.json"


class Polled(Struct, frozen=True):
    """What one look brought. *folder*: the spool that holds it; *runs*: new runs in it; *waiting*: prompts that run or wait now."""

    folder: Path
    runs: int
    waiting: int
    said: tuple[Diagnostic, ...] = ()


class _Known(Struct):
    """What was seen before: ids of runs that are in the spool, prompts seen in the queue (id to seconds)."""

    done: list[str] = []
    queued: dict[str, float] = {}
    is_empty: bool = False
    """Whether the history was empty at the last look: that it was forgotten has been said."""


class _Bytes(NamedTuple):
    """What was fetched of a run's files by name. *rewritten*: those whose bytes are another run's, or were written since; *is_undated*:
    of some the host does not tell when they were written."""

    digests: dict[SeenFile, str]
    rewritten: frozenset[SeenFile]
    is_undated: bool


class Poller:
    """Looks at one ComfyUI for the production in *production*; what it saw before is remembered there, by the host's address."""

    def __init__(self, host: ComfyUi, url: str, *, production: Path) -> None:
        self._host = host
        self.folder = production / STATE_FOLDER / "polled" / sha256(url.encode()).hexdigest()[:16]
        self._modules: dict[str, str] = {}
        self._version: str | None = None

    def look(self, *, now_seconds: float) -> Polled:
        """Write what is new to the spool. Raises UnavailableError ``comfyui.unreachable``; what was written until then stays."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = self._remembered()
        waiting = self._host.waiting()
        if self._version is None:
            self._version = self._host.version()
        done, runs, rewritten, said = set(known.done), 0, 0, list[Diagnostic]()
        last = self._host.history(most=_PAGE)
        if done and len(last) < _PAGE and not any(prompt_id in done for prompt_id in last) and not known.is_empty:
            said.append(_restarted())
        makers = self._makers(last, done)
        for prompt_id, value in self._new(last, done):
            entry = entry_of(prompt_id, value)
            if entry is None:
                said.append(_unread())
            else:
                line, less = self._line(entry, makers, now_seconds)
                self._write(line)
                runs, rewritten = runs + 1, rewritten + less
            known.done = [*known.done, prompt_id][-_REMEMBERED_AT_MOST:]
            known.queued.pop(prompt_id, None)
            self._remember(known)
        known.is_empty = not last
        said += [_rewritten(rewritten)] if rewritten else []
        said += self._lost(known, {prompt_id for _, prompt_id in waiting}, now_seconds)
        known.queued |= {each: now_seconds for _, each in waiting if each not in known.queued}
        self._remember(known)
        return Polled(self.folder, runs, len(waiting), tuple(said))

    def _new(self, last: Mapping[str, object], done: set[str]) -> Iterator[tuple[str, object]]:
        """Entries that were not seen, oldest first."""
        return ((prompt_id, value) for prompt_id, value in self._entries(last, done) if prompt_id not in done)

    def _makers(self, last: Mapping[str, object], done: set[str]) -> dict[str, str]:
        """Place of a file -> the last run that made one there: the bytes that are there now can be no other run's."""
        entries = (entry_of(prompt_id, value) for prompt_id, value in self._entries(last, done))
        return {each.place: entry.prompt_id for entry in entries if entry is not None for each in _made(entry)}

    def _entries(self, last: Mapping[str, object], done: set[str]) -> Iterator[tuple[str, object]]:
        """The *last* entries, oldest first, or all when none of those was known."""
        if len(last) < _PAGE or any(prompt_id in done for prompt_id in last):
            yield from last.items()
            return
        offset = 0
        while page := self._host.history(most=_PAGE, offset=offset):
            yield from page.items()
            offset += len(page)
            if len(page) < _PAGE:
                return

    def _lost(self, known: _Known, waiting: set[str], now_seconds: float) -> list[Diagnostic]:
        """Prompts that left the queue and are in no history: how they ended is not known, which is not that they failed."""
        gone = [prompt_id for prompt_id in known.queued if prompt_id not in waiting]
        unknown = [prompt_id for prompt_id in gone if self._host.history_of(prompt_id) is None]
        for prompt_id in unknown:
            line = {"spool": FORMAT, "event": "queued", "seen_by": "poller", "prompt_id": prompt_id}
            self._write(msgspec.json.encode({**line, "t": known.queued.pop(prompt_id)}) + b"\n")
        if not unknown:
            return []
        text = f"{len(unknown)} prompts left the queue without an end that ComfyUI tells: how they ended is not known"
        return [Diagnostic("poll.unknown_end", text, effect="approximate")]

    def _line(self, entry: Entry, makers: Mapping[str, str], now_seconds: float) -> tuple[bytes, int]:
        """The line, and of how many files the bytes are others by now."""
        clock = self._host.host_seconds() or now_seconds
        ended = entry.ended if milliseconds(entry.ended * 1000) else 0.0
        started = entry.started_milliseconds / 1000 if milliseconds(entry.started_milliseconds) else ended
        made = [(each, makers.get(each.place, entry.prompt_id) == entry.prompt_id) for each in _made(entry)]
        outputs = self._fetched([each for each, is_last in made if is_last], at=ended)
        # Whatever lies in the input folder was put there before the run, or is not what it was given.
        inputs = self._fetched(entry.inputs, at=started)
        rewritten = outputs.rewritten | inputs.rewritten | {each for each, is_last in made if not is_last}
        is_undated = outputs.is_undated or inputs.is_undated
        line = line_of(
            entry,
            outputs=outputs.digests,
            inputs=inputs.digests,
            rewritten=rewritten,
            modules={each: module for each in entry.classes if (module := self._module(each))},
            version=self._version or "",
            # Judged by the host's own clock: ours may be another.
            is_late=is_undated or not ended or abs(clock - ended) > LATE_AFTER_SECONDS,
            now_seconds=now_seconds,
        )
        return line, len(rewritten)

    def _fetched(self, files: Iterable[SeenFile], *, at: float) -> _Bytes:
        """*at*: when the bytes in question were there, by the host's clock; what was written in a later second is not those."""
        digests, rewritten, is_undated = dict[SeenFile, str](), set[SeenFile](), False
        for each in files:
            found = self._host.fetched(each.filename, subfolder=each.subfolder, kind=each.kind)
            if found is None:
                continue
            is_undated = is_undated or not found.modified_seconds
            if at and found.modified_seconds > at:
                rewritten.add(each)
            else:
                digests[each] = found.sha256
        return _Bytes(digests, frozenset(rewritten), is_undated)

    def _module(self, node_class: str) -> str:
        if node_class not in self._modules:
            self._modules[node_class] = self._host.module_of(node_class)
        return self._modules[node_class]

    def _write(self, line: bytes) -> None:
        path = self.folder / "comfyui-polled.jsonl"
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # A line whose end was never written must not swallow this one.
            end = os.lseek(file, 0, os.SEEK_END)
            begun = end > 0 and os.pread(file, 1, end - 1) != b"\n"
            os.write(file, (b"\n" if begun else b"") + line)
            os.fsync(file)
        finally:
            os.close(file)

    def _remembered(self) -> _Known:
        try:
            return msgspec.json.decode((self.folder / _STATE).read_bytes(), type=_Known)
        except (OSError, msgspec.DecodeError):
            return _Known()

    def _remember(self, known: _Known) -> None:
        temporary = self.folder / f".{_STATE}.new"
        temporary.write_bytes(msgspec.json.encode(known))
        temporary.replace(self.folder / _STATE)


def _made(entry: Entry) -> list[SeenFile]:
    """The files that a run made: neither what came from the cache, nor an input that a node shows."""
    return [each for each in entry.outputs if each.node not in entry.cached and each.kind != "input"]


def _rewritten(count: int) -> Diagnostic:
    text = f"{count} files that runs name had been written again when they were fetched: what those runs made or used has a name alone"
    return Diagnostic("poll.rewritten", text, effect="approximate")


def _unread() -> Diagnostic:
    text = "an entry of ComfyUI's history has a shape that this release does not know"
    return Diagnostic("poll.unread", text, effect="row-missing")


def _restarted() -> Diagnostic:
    text = (
        "ComfyUI has forgotten its history (started again, or cleared): runs since the last look may be missing;"
        " scan its output folder, where files still carry their graphs"
    )
    return Diagnostic("poll.restarted", text, effect="approximate")
