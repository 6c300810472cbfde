"""Finding the events behind the answer about a cut: one pass over the log's entries, which reads leaves and plain `fact` sections only."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
from msgspec import Struct

from edgecode.events.codec import parse_leaf
from edgecode.events.kinds import AnswerFact, ConformFact, StepFact
from edgecode.ledger.store import StoredEntry
from edgecode.terms.identity import RecordId

SEEN = frozenset({"version.seen", "sequence.seen", "model.known", "dataset.known"})
PERSONAL_KEY = "s:"
"""Begins the id of a person's key: what is sealed with one goes into no pack about a cut."""


class _Subject(Struct, frozen=True):
    version: RecordId = ""
    cut: RecordId = ""
    step: RecordId = ""
    answer: RecordId = ""


class StepFound(Struct, frozen=True):
    """A recorded step about versions of the cut and its entry."""

    index: int
    fact: StepFact


class AnswerFound(Struct, frozen=True):
    """Somebody's answer about the cut or its versions and its entry."""

    index: int
    fact: AnswerFact


class DecisionFound(Struct, frozen=True):
    """A person's decision which versions clips of the cut show: its entry and the event's own id."""

    index: int
    event: RecordId
    fact: ConformFact


@dataclass
class EventsFound:
    """What the log holds about a cut. *personal*: versions whose digests are sealed with a person's key. *stored*: for each entry the
    names of its sections that are still there and are no person's."""

    cuts: dict[RecordId, int] = field(default_factory=dict)
    seen: dict[RecordId, list[int]] = field(default_factory=dict)
    steps: dict[RecordId, StepFound] = field(default_factory=dict)
    answers: dict[RecordId, AnswerFound] = field(default_factory=dict)
    decisions: list[DecisionFound] = field(default_factory=list)
    withdrawn: dict[RecordId, int] = field(default_factory=dict)
    personal: set[RecordId] = field(default_factory=set)
    stored: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def steps_with_personal(self) -> set[int]:
        """Entries of steps that used or made what is a person's: digests and names that they claim are that person's too."""
        return {
            one.index
            for one in self.steps.values()
            if self.personal.intersection((*one.fact.outputs, *(used.version for used in one.fact.inputs)))
        }

    def indexes(self) -> list[int]:
        """The entries of everything found, in order."""
        found = {*self.cuts.values(), *self.withdrawn.values(), *(one.index for one in self.decisions)}
        found |= {index for indexes in self.seen.values() for index in indexes}
        found |= {one.index for one in self.steps.values()} | {one.index for one in self.answers.values()}
        return sorted(found)


def events_behind(
    entries: Iterable[StoredEntry], *, cut: RecordId, versions: Collection[RecordId], clips: Collection[RecordId]
) -> EventsFound:
    """Every event about *cut*, its *clips* and *versions*, and about the inputs of steps that say they made one of these: also steps
    that failed, that others outrank, and that were taken back."""
    everything = EventsFound()
    wanted = set(versions)
    shown = set(clips)
    for entry in entries:
        _take(everything, entry)
    found = EventsFound(cuts={cut: everything.cuts[cut]}, personal=everything.personal, stored=everything.stored)
    found.steps = {key: one for key, one in everything.steps.items() if wanted.intersection(one.fact.outputs)}
    wanted |= {used.version for one in found.steps.values() for used in one.fact.inputs}
    wanted |= {version for one in found.steps.values() for version in one.fact.outputs}
    found.seen = {version: everything.seen[version] for version in everything.seen if version in wanted}
    found.answers = {
        key: one
        for key, one in everything.answers.items()
        if one.fact.cut == cut or wanted.intersection(one.fact.versions) or shown.intersection(one.fact.clips)
    }
    found.decisions = [one for one in everything.decisions if one.fact.cut == cut]
    known: Mapping[RecordId, object] = {**found.steps, **found.answers}
    found.withdrawn = {key: index for key, index in everything.withdrawn.items() if key in known}
    return found


def _take(found: EventsFound, entry: StoredEntry) -> None:
    leaf = parse_leaf(entry.leaf)
    kind = leaf.type.partition("/")[0]
    fact = next((section.data for section in entry.sections if section.name == "fact" and not section.key_id), None)
    if fact is None or (kind not in SEEN and kind not in _OTHERS):
        return
    mine = [section.name for section in entry.sections if not section.key_id.startswith(PERSONAL_KEY)]
    found.stored[entry.index] = tuple(mine)
    if kind in SEEN:
        version = msgspec.json.decode(fact, type=_Subject).version
        found.seen.setdefault(version, []).append(entry.index)
        if any(section.name == "bytes" and section.name not in mine for section in entry.sections):
            found.personal.add(version)
    elif kind == "step.performed":
        step = msgspec.json.decode(fact, type=StepFact)
        found.steps.setdefault(step.step, StepFound(entry.index, step))
    elif kind == "answer.given":
        answer = msgspec.json.decode(fact, type=AnswerFact)
        found.answers.setdefault(answer.answer, AnswerFound(entry.index, answer))
    elif kind == "conform.decided":
        found.decisions.append(DecisionFound(entry.index, leaf.id, msgspec.json.decode(fact, type=ConformFact)))
    else:
        subject = msgspec.json.decode(fact, type=_Subject)
        if kind == "cut.added":
            found.cuts[subject.cut] = entry.index
        else:
            found.withdrawn[subject.step or subject.answer] = entry.index


_OTHERS = frozenset(
    {"step.performed", "answer.given", "conform.decided", "cut.added", "step.withdrawn", "answer.withdrawn"}
)
