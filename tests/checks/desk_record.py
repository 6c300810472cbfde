"""A real production whose desk records consents: events appended to a ledger, read back as the register reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

from msgspec.structs import replace

from edgecode.checks.considered import totals_of
from edgecode.checks.facts import subject_of
from edgecode.checks.register import Agreement, Register
from edgecode.checks.rules.subjects import Subject
from edgecode.checks.uses import Use, use_key
from edgecode.drivers.world import World
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import NoteFact, PersonNoted, PersonSection
from edgecode.events.rights_kinds import (
    AgreementFact,
    AgreementMoved,
    AgreementMoveFact,
    AgreementRecorded,
    AgreementTerms,
    CutMoved,
    CutMoveFact,
    DocumentBytes,
    DocumentFact,
    DocumentKept,
    MemberFact,
    MemberNamed,
    MoveTerms,
    ProductionProfiled,
    ProfileFact,
    ProfileSection,
    StandingFact,
    StandingSection,
    StandingStated,
)
from edgecode.index.persons import persons
from edgecode.production import Production
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Act, AgreementMove, CutState, FactValue, Gate, Role, Scope, Terms

TODAY, NOW = "2026-11-23", 1_795_392_000_000
"""2026-11-23T00:00Z, in milliseconds as well."""
DAY_MILLISECONDS = 86_400_000
NO_TERMS = Terms()
MARA, OTTO = "p-mara", "p-otto"
EVERYTHING = Scope(
    works=("*",),
    roles=("*",),
    scenes=("*",),
    languages=("*",),
    territories=("*",),
    media=("*",),
    modalities=("*",),
    until="*",
    prohibited=(),
    tools=("*",),
    training="none",
)
PROFILE: Mapping[str, FactValue] = {
    "production.release_date": "2027-03-01",
    "production.territories": ("DE", "FR"),
    "production.media": ("film",),
    "production.pp_start": "2026-02-01",
}


def at(day: str) -> int:
    """Noon of a day in milliseconds, for what happened on it."""
    return int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp() * 1000)


@dataclass
class Desk:
    """Events for the desk of one production, and what is appended of them."""

    production: Production
    events: list[Event] = field(default_factory=list)
    alias: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path, *, profile: Mapping[str, FactValue] = PROFILE) -> Self:
        desk = cls(Production.create(folder, title="A Show", world=World(milliseconds=lambda: NOW)))
        desk.add(ProductionProfiled(ProfileFact(desk.new_id()), ProfileSection(dict(profile))))
        return desk

    def new_id(self) -> RecordId:
        return self.production.world.new_id()

    def add(self, *events: Event) -> None:
        """Note events; `register` appends them."""
        self.events += events

    def person(self, ref: str = MARA, **fields: str) -> PersonSection:
        """Note somebody; returns the section by which others name them."""
        alias = self.alias.setdefault(ref, f"P-{len(self.alias) + 1:02d}")
        self.add(PersonNoted(NoteFact(self.new_id(), "identity"), PersonSection(ref, alias, fields)))
        return PersonSection(ref, alias)

    def released(
        self, cut: RecordId, on: str, *, undone: bool = False, state: CutState = "released", role: Role = "producer"
    ) -> None:
        """Note that a cut was released, or no longer is, by a member in this role."""
        somebody = self.new_id()
        self.add(
            MemberNamed(MemberFact(somebody, (role,)), PersonSection("p-release", "P-90")),
            CutMoved(CutMoveFact(cut, state, on, undone, somebody, role)),
        )

    def whom(self, ref: str = MARA) -> PersonSection:
        return PersonSection(ref, self.alias[ref])

    def consent(
        self,
        *acts: Act,
        ref: str = MARA,
        label: str = "C-01",
        scope: Scope = EVERYTHING,
        terms: Terms = NO_TERMS,
        signed_on: str = "2026-01-10",
        granted_on: str = "2026-01-10",
        supersedes: RecordId = "",
        kept: str = "here",
        shown: bool = False,
        **said: object,
    ) -> RecordId:
        """Record a consent, and grant it unless *granted_on* is ""; returns its id. *shown*: with a paper and a member."""
        identity = self.new_id()
        written = {"form": "separate_writing", "description": "as the rider says", **said}
        section = AgreementTerms(
            identity,
            label,
            acts=acts,
            signed_on=signed_on,
            scope=scope,
            terms=terms,
            **written,  # type: ignore[arg-type]
        )
        papers, by = self.evidence() if shown else ((), "")
        fact = AgreementFact(identity, "consent", kept, (), papers, supersedes, by)  # type: ignore[arg-type]
        self.add(AgreementRecorded(fact, section, self.whom(ref)))
        if granted_on and kept == "here":
            self.move(identity, "granted", granted_on)
        return identity

    def evidence(self) -> tuple[tuple[RecordId, ...], RecordId]:
        """A paper that the desk keeps, and a member who may answer for it."""
        paper, by = self.new_id(), self.new_id()
        self.add(DocumentKept(DocumentFact(paper, "contract"), DocumentBytes(sha256(paper.encode()).hexdigest(), 10)))
        self.add(MemberNamed(MemberFact(by, ("clearance",)), PersonSection("p-answers", "P-91")))
        return (paper,), by

    def move(
        self,
        agreement: RecordId,
        move: AgreementMove,
        on: str,
        *,
        acts: tuple[Act, ...] = (),
        condition: str = "",
        why: str = "",
        shown: bool = False,
    ) -> None:
        said = MoveTerms(agreement, condition, "somebody") if condition else None
        papers, by = self.evidence() if shown else ((), "")
        fact = AgreementMoveFact(agreement, move, on, why, acts, papers, by)  # type: ignore[arg-type]
        self.add(AgreementMoved(fact, said))

    def standing(self, about: RecordId, values: Mapping[str, bool], *, as_of: int = NOW - 60_000) -> None:
        identity = self.new_id()
        self.add(StandingStated(StandingFact(identity, about, as_of), StandingSection(about, dict(values))))

    def register(self) -> Register:
        """Append what was noted, and read the register."""
        events, self.events = self.events, []
        if events:
            self.production.append(events)
        self.production.catch_up()
        return Register.read(self.production.index)

    def agreement(self, identity: RecordId) -> Agreement:
        return self.register().agreements[identity]

    def number(self, ref: str = MARA) -> int:
        self.register()
        return next(one.id for one in persons(self.production.index) if one.ref == ref)

    def use(self, kind: str = "replica_use", *, ref: str = MARA, made_on: str = "2026-06-01", **said: object) -> Use:
        """A use on screen, made for this picture."""
        version = self.new_id()
        use = Use(
            use_key(kind, version=version, subject=ref),
            kind,  # type: ignore[arg-type]
            version=version,
            about=frozenset({version}),
            person=self.number(ref),
            person_state="recorded",
            made=at(made_on) if made_on else 0,
            facts={"use.same_picture": True},
        )
        return replace(use, **said)

    def subject(
        self, use: Use, *, today: str = TODAY, now: int = NOW, gate: Gate | None = None, uses: Iterable[Use] = ()
    ) -> Subject:
        register = self.register()
        totals = totals_of([use, *uses], register, today=today, now=now, gate=gate)
        return subject_of(use, register, today=today, now=now, gate=gate, totals=totals)

    def facts(
        self, use: Use, *names: str, today: str = TODAY, now: int = NOW, gate: Gate | None = None
    ) -> dict[str, FactValue]:
        """The named facts that are known."""
        known = self.subject(use, today=today, now=now, gate=gate).facts
        return {name: known[name] for name in names if name in known}
