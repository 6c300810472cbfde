"""What `edgecode run` records of a command: the files that were there, the files it made, how it ended. Its environment never."""

import glob
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from edgecode.ingest.digests import Mark
from edgecode.ingest.media_kinds import media_class_of
from edgecode.ingest.scrubbing import command_without_secrets
from edgecode.ingest.step_record import (
    SCHEMA,
    RecordedFile,
    RecordedInput,
    RecordedText,
    RecordedTool,
    StepRecord,
)
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.identity import RecordId
from edgecode.terms.places import readable
from edgecode.terms.steps import InputRole, StepKind

COMMAND_TEXT = "command"
"""The name of the sealed text that holds the command line as a JSON array."""


class RunStory(Struct, frozen=True):
    """How a command went. *before* and *after*: absolute paths of files matching its patterns with their marks.

    Times in milliseconds since 1970. *inputs* are what matched ``--in`` before it started; *read_before*: the versions of those
    that were looked up before the start, the only ones that can be told when the command writes over them.
    """

    run: RecordId
    command: tuple[str, ...]
    inputs: tuple[str, ...]
    before: dict[str, Mark]
    after: dict[str, Mark]
    exit_status: int
    started: int
    ended: int
    kind: StepKind = StepKind.COMMAND
    ai: AiUse | None = None
    read_before: dict[str, RecordId] = {}


def files_matching(patterns: Iterable[str], folder: Path) -> dict[str, Mark]:
    """Regular files that match any of the globs (``**`` crosses folders; hidden names need a written dot), with their marks.

    Relative patterns start from *folder*. A file that vanishes while it is looked at is passed over.
    """
    found: dict[str, Mark] = {}
    for pattern in patterns:
        whole = pattern if Path(pattern).is_absolute() else f"{glob.escape(str(folder))}{os.sep}{pattern}"
        for name in glob.iglob(whole, recursive=True):  # noqa: PTH207 - Path.glob takes no absolute pattern
            try:
                path = os.path.normpath(name)
                if Path(path).is_file():
                    found[path] = Mark.of(Path(path).stat())
            except OSError:
                continue
    return dict(sorted(found.items()))


def new_or_changed(before: Mapping[str, Mark], after: Mapping[str, Mark]) -> list[str]:
    """Files in *after* that were not there before, or whose size, times or inode moved."""
    return [path for path, mark in after.items() if before.get(path) != mark]


def record_of_run(story: RunStory) -> tuple[StepRecord, list[Diagnostic]]:
    """The run as a step/1 record, to be taken like every other, and what was odd about it.

    An input that the command wrote over can no longer be read: without a version read before, it is left out and said
    (``run.changed_in_place``), so that its output stays open rather than being its own origin. Nothing made and no failure is
    ``run.no_outputs``: there is no step to record.
    """
    outputs = new_or_changed(story.before, story.after)
    made = set(outputs)
    lost = [path for path in story.inputs if path in made and path not in story.read_before]
    said = [
        Diagnostic("run.changed_in_place", f"{readable(path)} was changed in place; what it was before is not known")
        for path in lost
    ]
    command = command_without_secrets(story.command)
    if command.where:
        text = f"{len(command.where)} arguments that look like secrets were taken out before recording"
        said.append(Diagnostic("run.secret_removed", text))
    failed = story.exit_status != 0
    if not outputs and not failed:
        said.append(
            Diagnostic("run.no_outputs", "the command changed no file that --out matches, so nothing is recorded of it")
        )
    record = StepRecord(
        schema=SCHEMA,
        id=story.run,
        kind=story.kind,
        ai=story.ai,
        grade="logged",
        tool=RecordedTool(tool_name(story.command)),
        status="failed" if failed else "done",
        started=story.started,
        ended=story.ended,
        inputs=tuple(_input(path, story.read_before.get(path, "")) for path in story.inputs if path not in lost),
        outputs=tuple(RecordedFile(path) for path in outputs),
        settings={"exit_status": str(story.exit_status)},
        texts=(RecordedText(command.texts[0], COMMAND_TEXT),),
    )
    return record, said


def _input(path: str, version: RecordId) -> RecordedInput:
    return RecordedInput(path, version=version, role=role_of(path))


def tool_name(command: Sequence[str]) -> str:
    """The program's name without its folder or ``.exe``; its version is not known."""
    name = command[0].replace("\\", "/").rstrip("/").rpartition("/")[2] if command else ""
    return readable(name[:-4] if name.lower().endswith(".exe") else name)


def role_of(path: str) -> InputRole:
    """What a file is to a command by its suffix: sound, weights, training material, else picture."""
    roles = {"audio": InputRole.SOUND, "model": InputRole.WEIGHTS, "dataset": InputRole.TRAINING}
    return roles.get(media_class_of(path) or "", InputRole.PICTURE)
