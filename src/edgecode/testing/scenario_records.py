"""The facts of a scenario as events of a record: what says each fact, in the order in which a desk would write it down.

Profile facts are said by the production's profile, classifications by determinations, derived facts by a declared use. What stands about
consents, licenses and representations is what whoever keeps those agreements says of the use, now, exactly as given; notices, approvals,
disclosures, attestations and payments are small records, there when true.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from edgecode.checks.deciding import NEEDS_CLAUSE
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.events.desk_kinds import (
    ApprovalGiven,
    AttestationMade,
    DeterminationFact,
    DeterminationMade,
    DisclosureMade,
    NoticeGiven,
    Paper,
    PaperFact,
    PaymentRecorded,
)
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import NoteFact, PersonNoted, PersonSection
from edgecode.events.rights_kinds import (
    AgreementFact,
    AgreementRecorded,
    AgreementTerms,
    MemberFact,
    MemberNamed,
    ProductionProfiled,
    ProfileFact,
    ProfileSection,
    StandingFact,
    StandingSection,
    StandingStated,
    UseDeclared,
    UseFact,
    UseSection,
)
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue

PAPERS: Mapping[str, type[Paper]] = {
    "notice": NoticeGiven,
    "approval": ApprovalGiven,
    "disclosure": DisclosureMade,
    "attest": AttestationMade,
    "payment": PaymentRecorded,
}
"""The kind of small record behind each group of facts."""

NOT_SAYABLE = frozenset(
    {
        "tool.terms_archived",
        "person.state",
        "use.replica_overdue",
        "consent.scope_why",
        "consent.on_record",
        "consent.reaches",
        "consent.approval_per_use",
        "approval.person_per_use",
        "person.filmed",
        "tool.terms_limit",
        "tool.terms_allow",
    }
)
"""Facts that are computed from other records than a scenario can make; no file may state them."""

_SOMEBODY = ("living", "deceased")
_STATUS_OF_PERSON = "person.status"
_LEGAL_RELEASE = "approval.legal_release_after_revocation"
_OF_A_LOSS = (_LEGAL_RELEASE, "determination.post_release_case")
"""What counsel says of a consent, citing its clause."""
_EU_CLASSIFIED = "determination.eu_classified"
_BOTH_OF_EU = {"use.deepfake", "use.evidently_artistic"}


class Declared(Struct, frozen=True):
    """*use*: the declared use that all of it is about. *events*: what to append, in order."""

    use: RecordId
    events: tuple[Event, ...]


def declare(
    facts: Mapping[str, FactValue], *, person: str, new_id: Callable[[], RecordId], now: int, today: str
) -> Declared:
    """The events that say *facts*, which are facts of the catalogue. *person*: a fresh ref for whom the use depicts, if it is somebody.

    *now*: milliseconds since 1970, *today*: the day of it.
    """
    return _Declaring(facts, person, new_id, now, today).declared()


class _Declaring:
    """One declaration: facts become events about one use."""

    def __init__(
        self, facts: Mapping[str, FactValue], person: str, new_id: Callable[[], RecordId], now: int, today: str
    ) -> None:
        self.facts, self.new_id, self.now, self.today = facts, new_id, now, today
        self.use, self.consent, self.lawyer = new_id(), new_id(), new_id()
        # What counsel says is said of somebody's consent, so it needs somebody even where the facts depict nobody.
        is_somebody = facts.get(_STATUS_OF_PERSON) in _SOMEBODY or self._is_decided
        self.whom = PersonSection(person, "P-01") if is_somebody else None

    def declared(self) -> Declared:
        events: list[Event] = []
        if profile := self._of_world("profile"):
            events.append(ProductionProfiled(ProfileFact(self.new_id()), ProfileSection(dict(profile))))
        if self.whom is not None:
            events.append(PersonNoted(NoteFact(self.new_id(), "identity"), self.whom))
        events.append(UseDeclared(UseFact(self.use), UseSection(self._of_world("derived")), self.whom))
        events += self._agreements()
        events += self._determinations()
        events += (self._paper(name) for name, value in self.facts.items() if value is True and _is_paper(name))
        return Declared(self.use, tuple(events))

    def _of_world(self, world: str) -> dict[str, FactValue]:
        return {name: value for name, value in self.facts.items() if CATALOGUE[name].world == world}

    # ------------------------------------------------------------------------------------------ agreements

    def _agreements(self) -> Iterator[Event]:
        """What whoever keeps the agreements says of the use now. Only what counsel says of a loss needs an agreement whose clause it cites;
        then the same is said of that one."""
        stated = {**self._of_world("record"), **self._of_world("status")}
        of_consent, of_license = _stated(stated, "consent", "representation"), _stated(stated, "license")
        consent = self.consent
        if self.whom is not None and self._is_decided:
            yield AgreementRecorded(
                AgreementFact(consent, "consent", "elsewhere"), AgreementTerms(consent, "C-01"), self.whom
            )
            yield self._standing(consent, of_consent, sealed_with=consent)
            yield from self._counsel(consent)
        else:
            of_license |= of_consent
        if of_license:
            yield self._standing(self.use, of_license, sealed_with=self.new_id())

    @property
    def _is_decided(self) -> bool:
        return any(self.facts.get(name) is True for name in _OF_A_LOSS)

    def _standing(self, about: RecordId, values: dict[str, bool], *, sealed_with: RecordId) -> StandingStated:
        return StandingStated(StandingFact(self.new_id(), about, self.now), StandingSection(sealed_with, values))

    def _counsel(self, consent: RecordId) -> Iterator[Event]:
        """A named lawyer, and their release under the clause of the consent, which is what makes that fact true."""
        yield MemberNamed(MemberFact(self.lawyer, ("legal",)))
        if self.facts.get(_LEGAL_RELEASE) is True:
            yield self._determined(_LEGAL_RELEASE.partition(".")[2], "yes", clause=consent)

    # ------------------------------------------------------------------------------------------ judgments and papers

    def _determinations(self) -> Iterator[DeterminationMade]:
        classified = self._of_world("classification")
        for name, value in classified.items():
            yield self._determined(name, {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value))
        for name, value in self.facts.items():
            root, _, word = name.partition(".")
            if root == "determination" and value is True:
                yield self._determined(word, "yes", clause=self.consent if name in NEEDS_CLAUSE else "")
        if set(classified) >= _BOTH_OF_EU and self.facts.get(_EU_CLASSIFIED) is not True:
            # Both answers together count as the classification; that it was not made all the same has to be said.
            yield self._determined(_EU_CLASSIFIED.partition(".")[2], "")

    def _determined(self, question: str, answer: str, *, clause: RecordId = "") -> DeterminationMade:
        # Where there is a consent, what a lawyer alone may say of it is said by one, or it would not come back.
        by: RecordId = self.lawyer if self._is_decided else ""
        role: Literal["", "legal"] = "legal" if self._is_decided else ""
        fact = DeterminationFact(
            self.new_id(), question, answer, by, role, about=(self.use,), at=self.today, clause=clause
        )
        return DeterminationMade(fact)

    def _paper(self, name: str) -> Paper:
        group, _, word = name.partition(".")
        return PAPERS[group](PaperFact(self.new_id(), word, about=(self.use,), at=self.today))


def _is_paper(name: str) -> bool:
    return name.partition(".")[0] in PAPERS and name != _LEGAL_RELEASE


def _stated(facts: Mapping[str, FactValue], *roots: str) -> dict[str, bool]:
    return {name: value for name, value in facts.items() if name.partition(".")[0] in roots and isinstance(value, bool)}
