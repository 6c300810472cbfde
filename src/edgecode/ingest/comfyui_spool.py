"""Reads the spool of the ComfyUI capture node, or of the poller, as steps: one for each run that made something or broke off."""

from collections.abc import Iterator
from hashlib import sha256

import msgspec
from msgspec import Struct

from edgecode.errors import InputError
from edgecode.ingest.comfyui_lines import FORMAT, Line
from edgecode.ingest.comfyui_run import milliseconds, step_of_run
from edgecode.ingest.generation.records import json_of
from edgecode.ingest.step_record import SCHEMA, RecordedTool, StepRecord
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import StepKind

NAME, VERSION = "comfyui-spool", "1"
LINE_BYTES_AT_MOST = 64 << 20
UNKNOWN_AFTER_SECONDS = 86_400
"""A prompt that was queued so long ago and of which nothing more was heard: how it ended is not known."""
_EVENTS = ("queued", "refused", "finished", "faults", "taken")


class _Numbered(Struct, frozen=True):
    number: int
    data: bytes
    line: Line


class ComfyUiSpool:
    """A step reader (`doors.StepReader`)."""

    name = NAME
    version = VERSION

    def recognises(self, head: bytes, *, name: str) -> bool:
        """By the format's own word in the first line, or by the shape of its first event."""
        first = head.lstrip().partition(b"\n")[0]
        return first[:1] == b"{" and (FORMAT.encode() in head or (b'"event"' in first and b'"prompt_id"' in first))

    def read(self, data: bytes, *, name: str) -> Iterator[StepRecord | Diagnostic]:
        """The steps in the file's order, ids from the captures' own. The newest time in the file tells which prompts are overdue.

        A last line without its end is not read: its writer is at it. Raises InputError ``spool.not_one`` for a file without a line of
        a spool.
        """
        lines, bad = _lines(data)
        if not lines and data.strip() and b'"event"' not in data:
            raise InputError(
                "spool.not_one",
                "the file is no spool of ComfyUI runs",
                "Give the folder that edgecode hook comfyui named",
            )
        yield from bad
        try:
            yield from _finished(lines)
        finally:
            json_of.cache_clear()
        yield from _overdue(lines)
        yield from _said_of(lines)


def still_open(data: bytes) -> list[bytes]:
    """The ``queued`` lines of prompts whose end may yet be told: a taker shows them again together with what is written next."""
    lines, _ = _lines(data)
    now = _newest(lines)
    return [each.data for each in _unended(lines) if not _is_overdue(each.line, now)]


def _lines(data: bytes) -> tuple[list[_Numbered], list[Diagnostic]]:
    lines: list[_Numbered] = []
    bad: list[Diagnostic] = []
    for number, raw in enumerate(data.split(b"\n")[:-1], start=1):
        if not raw.strip():
            continue
        try:
            if len(raw) > LINE_BYTES_AT_MOST:
                raise msgspec.DecodeError("too long")
            line = msgspec.json.decode(raw, type=Line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            text = "the line is no line of a ComfyUI spool"
            bad.append(Diagnostic("spool.malformed", text, line=number, effect="row-missing"))
            continue
        if line.event not in _EVENTS:
            text = "the line tells an event that this release does not know"
            bad.append(Diagnostic("spool.unknown_event", text, line=number, effect="approximate"))
        else:
            lines.append(_Numbered(number, raw, line))
    return lines, bad


def _finished(lines: list[_Numbered]) -> Iterator[StepRecord | Diagnostic]:
    for each in lines:
        if each.line.event != "finished":
            continue
        if not each.line.own_id:
            text = "a run has neither the id of its capture nor of its prompt"
            yield Diagnostic("spool.malformed", text, line=each.number, effect="row-missing")
            continue
        read_by = {
            "edgecode_reader": f"{NAME}/{VERSION}",
            "edgecode_line_sha256": sha256(each.data.strip()).hexdigest(),
        }
        read = step_of_run(each.line, number=each.number, settings=read_by)
        yield from read.said
        if read.step is not None:
            yield read.step


def _unended(lines: list[_Numbered]) -> list[_Numbered]:
    ended: set[str] = set()
    for each in lines:
        if each.line.event in ("finished", "refused"):
            ended |= {one for one in (each.line.own_id, each.line.prompt_id) if one}
    waiting: dict[str, _Numbered] = {}
    for each in lines:
        line = each.line
        if line.event == "queued" and line.own_id and not {line.own_id, line.prompt_id} & ended:
            waiting.setdefault(line.own_id, each)
    return list(waiting.values())


def _newest(lines: list[_Numbered]) -> float:
    return max((told for each in lines if (told := _told_at(each.line))), default=0.0)


def _told_at(line: Line) -> float:
    """When a line was written, in seconds since 1970; 0 where it says no time, or none that can be."""
    return (milliseconds((line.t or 0) * 1000) or 0) / 1000


def _is_overdue(line: Line, now: float) -> bool:
    return line.t is not None and now - _told_at(line) >= UNKNOWN_AFTER_SECONDS


def _overdue(lines: list[_Numbered]) -> Iterator[StepRecord]:
    """A step of status unknown for each prompt that was queued and never heard of again; it explains nothing."""
    now = _newest(lines)
    for each in _unended(lines):
        if _is_overdue(each.line, now):
            yield StepRecord(
                schema=SCHEMA,
                kind=StepKind.IMPORT,
                outputs=(),
                # Not the run's own id: should its end be told after all, that is a step beside this one.
                id=f"comfyui:{each.line.own_id}:queued",
                tool=RecordedTool("ComfyUI"),
                ai=AiUse.UNKNOWN,
                grade="logged",
                status="unknown",
                started=milliseconds((each.line.t or 0) * 1000) or 0,
            )


def _said_of(lines: list[_Numbered]) -> Iterator[Diagnostic]:
    refused = sum(1 for each in lines if each.line.event == "refused")
    if refused:
        text = f"{refused} {'prompt was' if refused == 1 else 'prompts were'} refused before running; nothing was made"
        yield Diagnostic("spool.refused", text)
    for each in lines:
        if each.line.event == "faults" and each.line.counts:
            counts = ", ".join(f"{hook} {count}" for hook, count in sorted(each.line.counts.items()))
            text = f"the capture failed inside ComfyUI (counted since it started: {counts}); runs of that time may be missing"
            yield Diagnostic("spool.faults", text, line=each.number, effect="approximate")
