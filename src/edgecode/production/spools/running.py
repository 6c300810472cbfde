"""Running a command for `edgecode run`: it starts whatever becomes of the record, and what cannot be recorded is kept for later."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from edgecode.drivers.processes import CommandRun, run_command
from edgecode.drivers.world import World
from edgecode.ingest.commands import RunStory, files_matching, record_of_run
from edgecode.ingest.step_record import StepRecord
from edgecode.settings import STATE_FOLDER
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import StepKind

SPOOL_FOLDER = "spool"
"""Below the state folder: one file of one step/1 line for each command that could not be recorded."""

LookUp = Callable[[Iterable[str]], Mapping[str, RecordId]]
"""The versions of files as they are now; raises nothing."""


def performed(
    command: Sequence[str],
    *,
    inputs: Sequence[str],
    outputs: Sequence[str],
    kind: StepKind,
    ai: AiUse | None,
    world: World,
    look_up: LookUp,
) -> tuple[CommandRun, StepRecord | None, list[Diagnostic]]:
    """Run *command* to its end and say what it read and made: how it ended, its step (None: nothing to record), what was odd.

    *look_up* is asked for the files that the command may write over: what they were can only be told before it starts.
    """
    here, run = Path.cwd(), world.new_id()
    read, before = files_matching(inputs, here), files_matching(outputs, here)
    looked = look_up(path for path in read if path in before)
    missed = [pattern for pattern in inputs if not files_matching([pattern], here)]
    done = run_command(command, run=run, now_milliseconds=world.milliseconds)
    story = RunStory(
        run=run,
        command=tuple(command),
        inputs=tuple(read),
        before=before,
        after=files_matching(outputs, here),
        exit_status=done.exit_status,
        started=done.started,
        ended=done.ended,
        kind=kind,
        ai=ai,
        read_before=dict(looked),
    )
    record, said = record_of_run(story)
    said += [
        Diagnostic(
            "run.no_inputs", f"no file matched --in {pattern!r} when the command started: no input is known by it"
        )
        for pattern in missed
    ]
    is_step = done.did_start and bool(record.outputs or record.status == "failed")
    return done, record if is_step else None, said


def spooled(folder: Path, step: StepRecord) -> Path:
    """Keep *step* as a line of step/1 in the production in *folder* until it can be recorded. Returns the file, readable by its owner
    alone: the command line in it is not sealed yet. Raises OSError."""
    spool = folder / STATE_FOLDER / SPOOL_FOLDER
    spool.mkdir(mode=0o700, exist_ok=True)
    path = spool / f"{step.id}.ndjson"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.encode(step) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return path


def steps_kept_for_later(folder: Path) -> int:
    """How many files of steps lie in the production's own spool in *folder*, recorded since or not: nothing in them is sealed."""
    return sum(1 for _ in (folder / STATE_FOLDER / SPOOL_FOLDER).glob("*.ndjson"))
