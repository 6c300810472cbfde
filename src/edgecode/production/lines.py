"""From lines of steps to what is kept of them: shared by whoever signs the log and by writers without a key."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from msgspec.structs import astuple

from edgecode.answers.intake.line_answers import LineAnswer
from edgecode.errors import InputError, RefusedError
from edgecode.events.kinds import Event, StepPerformed
from edgecode.index.steps import refuse_cycle
from edgecode.index.store import IndexStore
from edgecode.ingest.intake import Intake, Tally
from edgecode.ingest.known import Known
from edgecode.ingest.records import RecordedStep, Refusal
from edgecode.ingest.walk import MediaRoot
from edgecode.people.store import KeyStore
from edgecode.settings import Settings
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import RecordId

Told = Callable[[LineAnswer], object]
"""Hears what became of a line."""


class RecordLines(Protocol):
    """Records lines of step/1, as `Production.record_lines` and `LineWriter.record_lines` do."""

    def __call__(self, lines: Iterable[bytes], *, told: Told = ...) -> Intake: ...


def take_lines(
    read: Iterable[RecordedStep | Diagnostic],
    *,
    before: Known,
    index: IndexStore,
    keep: Callable[[Sequence[Event]], object],
    told: Told = lambda answer: None,
) -> Intake:
    """Keep the events of every line in turn, apart from those of a step that would be made from itself.

    *before*: what was known before each line; *keep* brings it up to date. Whatever was kept stays kept when *read* ends early. *told*
    hears what became of each line, after it is durable and before the next one is read.
    """
    tally = Tally()
    for item in read:
        if isinstance(item, Diagnostic):
            tally.diagnostics.append(Diagnostic(*astuple(item)))
            if isinstance(item, Refusal):
                told(LineAnswer(item.line, "refused", code=item.code, text=item.text))
            continue
        try:
            for event in item.events:
                if isinstance(event, StepPerformed):
                    refuse_cycle(index, event.fact)
        except InputError as error:
            tally.diagnostics.append(Diagnostic(error.code, error.sentence, item.line, effect="row-missing"))
            told(LineAnswer(item.line, "refused", code=error.code, text=error.sentence))
            continue
        tally.events(item.events, before)
        keep(item.events)
        told(LineAnswer(item.line, "accepted" if item.events else "duplicate", item.step))
    return tally.finished()


def line_secret(keys: KeyStore, production: RecordId) -> bytes:
    """32 bytes of a production that make ids of recorded lines repeatable and unguessable."""
    secret = keys.key(f"i:{production}")
    if secret is None:
        raise RefusedError("people.key_destroyed", "the key that names recorded lines was destroyed", "Restore keys.db")
    return secret


def mounted_roots(settings: Settings, recorded: Mapping[str, Sequence[str]]) -> list[MediaRoot]:
    """The media roots that are mounted here, each with the other names that settings and record have for it."""
    roots = []
    for identity, names in settings.roots.items():
        here = next((name for name in names if Path(name).is_dir()), None)
        if here is not None:
            others = dict.fromkeys(name for name in (*names, *recorded.get(identity, ())) if name != here)
            roots.append(MediaRoot(identity, Path(here), tuple(others)))
    return roots
