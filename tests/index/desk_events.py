"""Events of the desk for tests of the index: a few persons, agreements and what happens to them, as opened entries of a log."""

from collections.abc import Collection, Sequence
from random import Random
from typing import cast

import msgspec

from edgecode.events.codec import Leaf
from edgecode.events.kept_kinds import personal_sections
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import (
    ErasedSections,
    ErasureFact,
    NoteFact,
    PersonalClass,
    PersonErased,
    PersonNoted,
    PersonSection,
)
from edgecode.events.registry import Recorded
from edgecode.events.rights_kinds import (
    AgreementFact,
    AgreementMoved,
    AgreementMoveFact,
    AgreementRecorded,
    AgreementTerms,
    MoveTerms,
    PaperEndFact,
    PaperFact,
    PaperSection,
    PaperWithdrawn,
    PaymentRecorded,
    ReplicaFact,
    ReplicaMoved,
    ReplicaMoveFact,
    ReplicaRecorded,
    RepresentationFact,
    RepresentationRecorded,
    RepresentationSection,
    SessionFact,
    SessionRecorded,
    StandingFact,
    StandingSection,
    StandingStated,
    UseDeclared,
    UseFact,
    UseSection,
)
from edgecode.index.persons import entries_of, persons
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId
from index.small_show import record

MAKINGS = ("note", "fields", "agreement", "license", "representation", "session", "replica", "payment", "use")
MOVES = ("moved", "standing", "replica-moved", "withdrawn", "correction", "ended")


class Desk:
    """Makes events in a random order that a production could have recorded."""

    def __init__(self, seed: int) -> None:
        self._chance, self._number = Random(seed), 0
        self._notes: list[tuple[RecordId, str]] = []
        self._about: dict[str, list[RecordId]] = {name: [] for name in ("agreement", "replica", "paper", "sides")}
        self.events: list[Event] = []

    def fill(self, count: int) -> "Desk":
        """Add *count* events at least."""
        while len(self.events) < count:
            kind = self._chance.choice(MAKINGS + MOVES)
            self.events += self._made(kind, self._chance.choice("ab"))
        return self

    def _new(self) -> RecordId:
        self._number += 1
        return record(self._number)

    def _any(self, name: str) -> list[RecordId]:
        known = self._about[name]
        return [self._chance.choice(known)] if known else []

    def _made(self, kind: str, ref: str) -> Sequence[Event]:
        who, new = PersonSection(f"p-{ref}", f"P-{ref}"), self._new()
        match kind:
            case "note" | "fields":
                self._notes.append((new, ref))
                values = {"guilds": "SAG-AFTRA"} if kind == "fields" else {"name": "x"}
                return [PersonNoted(NoteFact(new, "identity"), PersonSection(f"p-{ref}", f"P-{ref}", values))]
            case "correction":
                mine = [note for note, whose in self._notes if whose == ref]
                renamed = PersonSection(f"p-{ref}", f"P-{ref}{self._number}")
                corrected = [PersonNoted(NoteFact(new, "other", note), renamed) for note in mine[-1:]]
                self._notes += [(new, ref)] if corrected else []
                return corrected
            case "agreement" | "license":
                self._about["agreement"].append(new)
                terms = AgreementTerms(new, description="d")
                whose = who if kind == "agreement" else None
                return [AgreementRecorded(AgreementFact(new, "consent" if whose else "license"), terms, whose)]
            case "representation":
                self._about["sides"].append(new)
                other = PersonSection("p-a" if ref == "b" else "p-b", "")
                terms = RepresentationSection(new, "agent")
                return [
                    RepresentationRecorded(RepresentationFact(new, "principal"), terms, who),
                    RepresentationRecorded(RepresentationFact(new, "agent"), None, other),
                ]
            case "session":
                self._about["paper"].append(new)
                return [SessionRecorded(SessionFact(new, "mocap"), who)]
            case "replica":
                self._about["replica"].append(new)
                return [ReplicaRecorded(ReplicaFact(new, "background", "visual"), who)]
            case "payment":
                self._about["paper"].append(new)
                return [PaymentRecorded(PaperFact(new, "scan_day"), PaperSection({"amount": "1"}), None, who)]
            case "use":
                self._about["paper"].append(new)
                return [UseDeclared(UseFact(new), UseSection({"use.nudity": True}), who)]
        return self._happened(kind, new)

    def _happened(self, kind: str, new: RecordId) -> Sequence[Event]:
        match kind:
            case "moved":
                fact = [AgreementMoveFact(one, "granted", "2026-01-01") for one in self._any("agreement")]
                return [AgreementMoved(one, MoveTerms(one.agreement, note="n")) for one in fact]
            case "standing":
                section = {one: StandingSection(one, {"consent.revoked": False}) for one in self._any("agreement")}
                return [StandingStated(StandingFact(new, one, 5), terms) for one, terms in section.items()]
            case "replica-moved":
                return [ReplicaMoved(ReplicaMoveFact(one, "deleted", "2026-01-01")) for one in self._any("replica")]
            case "withdrawn":
                return [PaperWithdrawn(PaperEndFact(one)) for one in self._any("paper")]
        return [RepresentationRecorded(RepresentationFact(one, "principal", ended=True)) for one in self._any("sides")]


def as_recorded(events: Sequence[Event], erased: Sequence[ErasedSections] = ()) -> list[Recorded]:
    """Events in their places in a log, without the sections that are gone; their leaves commit to these all the same."""
    gone = {one.event: one.sections for one in erased}
    found = []
    for index, event in enumerate(events):
        names = [name for name in event.__struct_fields__ if getattr(event, name) is not None]
        leaf = Leaf(record(10**9 + index), index, event.TYPE, "k:00000000", (), dict.fromkeys(names, "0" * 64))
        left = msgspec.structs.replace(event, **dict.fromkeys(gone.get(leaf.id, ()), None))
        found.append(Recorded(index, leaf, left))
    return found


def erasure_of(store: IndexStore, ref: str, events: Sequence[Event], held: Collection[PersonalClass]) -> PersonErased:
    """The erasure that an order would name: everything of the person but classes that are held."""
    person = next(one.id for one in persons(store) if one.ref == ref)
    gone = []
    for entry in entries_of(store, person):
        event = events[entry.log_index]
        if entry.holds not in held:
            there = [name for name in personal_sections(event) if getattr(event, name, None) is not None]
            gone.append(ErasedSections(entry.event, tuple(sorted(there))))
    scope = "limited" if held else "whole"
    words = ("2026-11-20", "person", "in-person", "objection", scope, "declined")
    return PersonErased(ErasureFact(record(5), *words, tuple(gone), ()))  # type: ignore[arg-type]


CLASSES = cast(Sequence[PersonalClass], ("identity", "likeness", "session", "agreement", "claim", "other"))
