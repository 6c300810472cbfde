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


Judge = Callable[[bytes, int], Sequence[RecordedStep | Diagnostic]]
"""What a line becomes, by its number, where what it is judged by stands now."""
Keep = Callable[[Callable[[], Sequence[Event]]], object]
"""Keeps the events that are made of what is known, and brings that up to date before it returns. It asks for them again when somebody
else recorded in between, so that nothing is kept that was judged by less than is there."""


class RecordLines(Protocol):
    """Records lines of step/1, as `Production.record_lines` and `LineWriter.record_lines` do."""

    def __call__(self, lines: Iterable[bytes], *, told: Told = ...) -> Intake: ...


def take_lines(
    lines: Iterable[bytes],
    *,
    judge: Judge,
    before: Known,
    index: IndexStore,
    keep: Keep,
    told: Told = lambda answer: None,
) -> Intake:
    """Keep the events of every line in turn, apart from those of a step that would be made from itself; empty lines are passed over.

    *before*: what was known before each line; *keep* brings it up to date. Whatever was kept stays kept when *lines* ends early. *told*
    hears what became of each line, after it is durable and before the next one is read.
    """
    tally = Tally()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            judged = _JudgedLine(line, number, judge=judge, before=before, index=index)
            keep(judged)
            tally.add(judged.tally)
            told(judged.answer)
    return tally.finished()


class _JudgedLine:
    """What one line becomes, each time anew: *answer* and *tally* are those of the last time."""

    def __init__(self, line: bytes, number: int, *, judge: Judge, before: Known, index: IndexStore) -> None:
        self._line, self._number = line, number
        self._judge, self._before, self._index = judge, before, index
        self.tally = Tally()
        self.answer = LineAnswer(number, "refused")

    def __call__(self) -> Sequence[Event]:
        """The events of the line; none when it is refused or was recorded before."""
        self.tally = Tally()
        events: Sequence[Event] = ()
        for item in self._judge(self._line, self._number):
            if isinstance(item, Diagnostic):
                self._say(item)
            elif self._is_possible(item):
                events = item.events
                self.tally.events(events, self._before)
                self.answer = LineAnswer(item.line, "accepted" if events else "duplicate", item.step)
        return events

    def _say(self, said: Diagnostic) -> None:
        self.tally.diagnostics.append(Diagnostic(*astuple(said)))
        if isinstance(said, Refusal):
            self.answer = LineAnswer(said.line, "refused", code=said.code, text=said.text)

    def _is_possible(self, step: RecordedStep) -> bool:
        try:
            for event in step.events:
                if isinstance(event, StepPerformed):
                    refuse_cycle(self._index, event.fact)
        except InputError as error:
            self._say(Refusal(error.code, error.sentence, step.line, effect="row-missing"))
            return False
        return True


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
