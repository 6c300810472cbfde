"""Finding the events behind the answer about a cut: the index says which entries may be among them, their leaves and plain `fact`
sections say which are."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

import msgspec
from msgspec import Struct

from edgecode.events.codec import parse_leaf
from edgecode.events.kinds import AnswerFact, ConformFact, StepFact
from edgecode.index.entries import (
    entries_of_cut,
    entries_of_versions,
    further_entries,
    known_versions,
    making_entries,
)
from edgecode.index.store import IndexStore
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
    """What the log holds about a cut. *personal*: those of its versions whose digests are sealed with a person's key. *stored*: for each
    entry the names of its sections that are still there and are no person's."""

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


Entries = Callable[[int, int], Iterable[StoredEntry]]
"""Entries of the log from an index up to, not including, another."""


def candidates(
    store: IndexStore, entries: Entries, *, size: int, cut: RecordId, versions: Collection[int]
) -> list[StoredEntry]:
    """The entries below *size* that may be behind *cut* and *versions* (dense ids), in order, by what the index says of them: what
    `events_behind` finds among them it would find in the whole log."""
    makings = sorted(making_entries(store, versions))
    told = EventsFound()
    for entry in _read(entries, makings, size):
        _take(told, entry)
    steps = [one.fact for one in told.steps.values()]
    named = {
        *chain.from_iterable(fact.outputs for fact in steps),
        *(one.version for fact in steps for one in fact.inputs),
    }
    found = entries_of_cut(store, cut) | entries_of_versions(store, known_versions(store, named).union(versions))
    for entry in _read(entries, sorted(found), size):
        _take(told, entry)
    found |= further_entries(store, [cut, *told.steps, *told.answers])
    return list(_read(entries, sorted(found.union(makings)), size))


def _read(entries: Entries, indexes: Iterable[int], size: int) -> Iterator[StoredEntry]:
    """The entries at *indexes*, which are in order, read in runs: reading on over a few others is cheaper than beginning again."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and index - runs[-1][-1] <= _READ_ON:
            runs[-1].append(index)
        elif index < size:
            runs.append([index])
    for run in runs:
        wanted = set(run)
        yield from (entry for entry in entries(run[0], min(run[-1] + 1, size)) if entry.index in wanted)


_READ_ON = 4


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
    found = EventsFound(cuts={cut: everything.cuts[cut]})
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
    found.personal = everything.personal & wanted
    found.stored = {index: everything.stored[index] for index in found.indexes()}
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
        elif subject.step in found.steps or subject.answer in found.answers:
            found.withdrawn[subject.step or subject.answer] = entry.index


_OTHERS = frozenset(
    {"step.performed", "answer.given", "conform.decided", "cut.added", "step.withdrawn", "answer.withdrawn"}
)
KINDS = SEEN | _OTHERS
"""Kinds of events that the answer about a cut may rest on."""
