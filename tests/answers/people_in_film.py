"""People, replicas, sessions, models and declared uses in a recorded film, a line each."""

from recorded_film import RecordedFilm

from edgecode.events.kinds import FrameMap, StepFact, StepInput, StepPerformed, Tool
from edgecode.events.person_kinds import DepictionFact, PersonDepicted, PersonSection
from edgecode.events.rights_kinds import (
    AgreementFact,
    AgreementRecorded,
    AgreementTerms,
    DatasetDescribed,
    DatasetDescription,
    DatasetItem,
    DatasetRights,
    MemberFact,
    MemberNamed,
    ModelDescribed,
    ModelDescription,
    ModelTerms,
    ReplicaFact,
    ReplicaRecorded,
    SessionFact,
    SessionRecorded,
    UseDeclared,
    UseFact,
    UseSection,
)
from edgecode.terms.evidence import AiUse, Grade
from edgecode.terms.rights import FactValue, Scope
from edgecode.terms.steps import InputRole, StepKind


def person(alias: str) -> PersonSection:
    """The section of somebody; their ref follows from the alias."""
    return PersonSection(f"p-{alias}", alias, {})


class PeopledFilm(RecordedFilm):
    """A film that says who is in it. Versions go by the names that `file`, `sequence` and `weights` gave them."""

    def depict(
        self, alias: str, version: str, first: int | None = None, end: int | None = None, *, how: str = "depicted"
    ) -> None:
        fact = DepictionFact(self.id(f"depiction {len(self.events)}"), self.id(version), how, first, end, False)
        self.add(PersonDepicted(fact, person(alias)))

    def replica(self, name: str, alias: str, versions: tuple[str, ...], *, kind: str = "employment_based") -> None:
        fact = ReplicaFact(self.id(name), kind, "both", (), tuple(map(self.id, versions)))  # type: ignore[arg-type]
        self.add(ReplicaRecorded(fact, person(alias) if alias else None))

    def session(self, name: str, alias: str, kind: str, versions: tuple[str, ...]) -> None:
        fact = SessionFact(self.id(name), kind, tuple(map(self.id, versions)))  # type: ignore[arg-type]
        self.add(SessionRecorded(fact, person(alias)))

    def model(
        self,
        version: str,
        *,
        trained_on: tuple[str, ...] | None = None,
        alias: str = "",
        allowed_works: tuple[str, ...] | None = None,
    ) -> None:
        trained = tuple(map(self.id, trained_on)) if trained_on is not None else None
        fact = ModelDescription(self.id(f"described {version}"), self.id(version), None, trained)
        terms = ModelTerms(allowed_works=allowed_works) if allowed_works is not None else None
        self.add(ModelDescribed(fact, terms, person(alias) if alias else None))

    def dataset(self, version: str, items: tuple[DatasetItem, ...] = (), **said: bool) -> None:
        fact = DatasetDescription(self.id(f"described {version}"), self.id(version), **said)
        self.add(DatasetDescribed(fact, DatasetRights(items)))

    def declare(
        self,
        versions: tuple[str, ...],
        values: dict[str, FactValue],
        *,
        alias: str = "",
        scope: Scope | None = None,
        quantities: dict[str, int] | None = None,
        first: int | None = None,
        end: int | None = None,
        by: str = "decider",
    ) -> None:
        """*by* "": nobody's word."""
        if by:
            self.add(MemberNamed(MemberFact(self.id(by), ("clearance",))))
        use, role = self.id(f"use {len(self.events)}"), "clearance" if by else ""
        fact = UseFact(use, tuple(map(self.id, versions)), "", first, end, self.id(by) if by else "", role)  # type: ignore[arg-type]
        said = UseSection(values, scope or Scope(), quantities or {})
        self.add(UseDeclared(fact, said, person(alias) if alias else None))

    def license(self, name: str, covers: tuple[str, ...]) -> None:
        fact = AgreementFact(self.id(name), "license", "here", tuple(map(self.id, covers)))
        self.add(AgreementRecorded(fact, AgreementTerms(self.id(name), name)))

    def make(
        self,
        kind: StepKind,
        output: str,
        inputs: list[tuple[str, InputRole, tuple[FrameMap, ...]]],
        *,
        ai: AiUse | None = None,
        tool: str = "",
        ended: int = 0,
    ) -> None:
        """A step with frame maps and what it says of its AI use."""
        used = tuple(StepInput(self.id(source), role, maps) for source, role, maps in inputs)
        step = self.id(f"step {len(self.events)}")
        self.add(
            StepPerformed(
                StepFact(
                    step,
                    kind,
                    "record",
                    Grade.LOGGED,
                    (self.id(output),),
                    used,
                    Tool(tool) if tool else None,
                    ai=ai,
                    ended=ended,
                )
            )
        )
