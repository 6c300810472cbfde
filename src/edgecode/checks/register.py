"""The register of rights: what the desk's events leave standing, read once from the index and handed to whoever judges.

`Register.read` folds the events in ledger order: what was withdrawn is out, the latest of a record counts, amendments are versions of one
agreement. It decides nothing; states are of `checks.lifecycle`, facts of `checks.facts`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.agreement_rows import Agreement, AgreementVersion, Move
from edgecode.checks.deciding import MAY_AGE, MAY_DECIDE, MAY_RELEASE
from edgecode.checks.described_again import Described, standing_datasets, standing_models, standing_terms
from edgecode.checks.desk_rows import (
    CutMove,
    DatasetInfo,
    DeclaredUse,
    Determination,
    DocumentRow,
    FindingAnswer,
    Making,
    Member,
    ModelInfo,
    PackDecision,
    PaperFamily,
    PaperRow,
    PersonInfo,
    Replica,
    ReplicaMoveRow,
    Representation,
    Session,
    Standing,
    ToolTerms,
    Whom,
    said_otherwise,
)
from edgecode.checks.keepers_word import held_to_losses
from edgecode.checks.kept_since import answers_for, is_kept_since, member_at
from edgecode.checks.profile import Profile, ProfileEntry, folded, signature_of
from edgecode.errors import InputError, NotFoundError
from edgecode.events.kinds import Event
from edgecode.events.rights_kinds import (
    RIGHTS_KINDS,
    AgreementMoved,
    AgreementRecorded,
    ApprovalGiven,
    AttestationMade,
    CutMoved,
    CutMoveFact,
    DatasetDescribed,
    DeterminationMade,
    DisclosureMade,
    DocumentKept,
    FindingAnswered,
    MakerNamed,
    MemberNamed,
    ModelDescribed,
    NoticeGiven,
    PackDecided,
    Paper,
    PaperWithdrawn,
    PaymentRecorded,
    ProductionProfiled,
    ReplicaMoved,
    ReplicaRecorded,
    RepresentationRecorded,
    SessionRecorded,
    StandingStated,
    ToolTermsSeen,
    UseDeclared,
)
from edgecode.index.directed import Take, takes
from edgecode.index.keys import record_of
from edgecode.index.persons import day_of, persons
from edgecode.index.projector import unread
from edgecode.index.rights import Kept, person_fields, record_in, rights
from edgecode.index.rows import data
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId, as_given
from edgecode.terms.rights import SAID_BY, FactValue

__all__ = [
    "Agreement",
    "AgreementVersion",
    "CutMove",
    "DatasetInfo",
    "DeclaredUse",
    "Determination",
    "DocumentRow",
    "FindingAnswer",
    "Making",
    "Member",
    "ModelInfo",
    "Move",
    "PackDecision",
    "PaperFamily",
    "PaperRow",
    "PersonInfo",
    "Register",
    "Replica",
    "ReplicaMoveRow",
    "Representation",
    "Session",
    "Standing",
    "ToolTerms",
    "Whom",
]

_Event = TypeVar("_Event", bound=Event)
_PAPERS: Mapping[type[Paper], PaperFamily] = {
    NoticeGiven: "notice",
    ApprovalGiven: "approval",
    DisclosureMade: "disclosure",
    AttestationMade: "attest",
    PaymentRecorded: "payment",
}


class Register(Struct, frozen=True, dict=True):
    """Everything that the desk holds, as of the index's watermark. *withdrawn*: records that were taken back and appear nowhere else.

    *unreadable*: the log holds events that this release cannot read, or moves of an agreement that nobody recorded, so that nobody can
    say that something was **not** taken back. *persons*: by dense id, erased ones are not there. *members* by id as they are now,
    *memberships* as they came to be, in ledger order. *profiled*: how the *profile* came to be, with its changes. *newest*: when its newest
    entry was written, milliseconds since 1970.
    """

    production: RecordId = ""
    profile: Mapping[str, FactValue] = {}
    profiled: Profile = Profile()
    persons: Mapping[int, PersonInfo] = {}
    members: Mapping[RecordId, Member] = {}
    memberships: tuple[Member, ...] = ()
    makings: tuple[Making, ...] = ()
    representations: Mapping[RecordId, Representation] = {}
    sessions: Mapping[RecordId, Session] = {}
    replicas: Mapping[RecordId, Replica] = {}
    documents: Mapping[RecordId, DocumentRow] = {}
    agreements: Mapping[RecordId, Agreement] = {}
    standings: tuple[Standing, ...] = ()
    models: Mapping[RecordId, ModelInfo] = {}
    datasets: Mapping[RecordId, DatasetInfo] = {}
    tool_terms: tuple[ToolTerms, ...] = ()
    uses: Mapping[RecordId, DeclaredUse] = {}
    papers: tuple[PaperRow, ...] = ()
    determinations: tuple[Determination, ...] = ()
    cut_moves: Mapping[RecordId, tuple[CutMove, ...]] = {}
    pack_decisions: tuple[PackDecision, ...] = ()
    answers: tuple[FindingAnswer, ...] = ()
    withdrawn: frozenset[RecordId] = frozenset()
    unreadable: bool = False
    newest: int = 0

    @classmethod
    def read(cls, store: IndexStore, *, origin: str = "") -> "Register":
        """The register at the index's watermark. *origin*: of the log, for members' signatures; without it none of them counts."""
        return _Reading(store, rights(store, *RIGHTS_KINDS), origin).register()

    @cached_property
    def _determined(self) -> dict[str, list[Determination]]:
        return _by_what_they_name(self.determinations)

    @cached_property
    def _papered(self) -> dict[str, list[PaperRow]]:
        return _by_what_they_name(self.papers)

    def determinations_naming(self, names: Iterable[str]) -> list[Determination]:
        """Determinations that name one of these records or keys of uses, and those of the whole production, in ledger order."""
        return _naming(self._determined, names)

    def papers_naming(self, names: Iterable[str]) -> list[PaperRow]:
        """Small records that name one of these records or keys of uses, and those of the whole production, in ledger order."""
        return _naming(self._papered, names)

    @cached_property
    def _covering(self) -> dict[RecordId, list[Agreement]]:
        found: dict[RecordId, list[Agreement]] = defaultdict(list)
        for one in self.agreements.values():
            covered = (record for version in one.versions for record in version.covers)
            for record in dict.fromkeys(covered) if one.kind == "license" else ():
                found[record].append(one)
        return dict(found)

    def agreements_of(self, person: int) -> list[Agreement]:
        """Every consent of a person, oldest first."""
        return [one for one in self.agreements.values() if one.kind == "consent" and one.whom.person == person]

    def licenses_of(self, material: RecordId) -> list[Agreement]:
        """Every license that is for one version, dataset or model in any of its wordings, oldest first."""
        return list(self._covering.get(material, ()))

    def agreement_called(self, called: str) -> Agreement:
        """The agreement of a label (``C-07``) or of the id of any of its versions.

        Raises NotFoundError ``agreement.unknown``, InputError ``agreement.ambiguous``.
        """
        found = [
            one
            for one in self.agreements.values()
            if called in {one.label, one.id, *(version.agreement for version in one.versions)}
        ]
        if not found:
            raise NotFoundError(
                "agreement.unknown",
                f"{as_given(called)} names no agreement here",
                "List them: edgecode consent list, edgecode license list",
            )
        if len(found) > 1:
            ids = ", ".join(one.id for one in found)
            raise InputError(
                "agreement.ambiguous", f"{as_given(called)} names {len(found)} agreements: {ids}", "Give an id"
            )
        return found[0]

    def member_called(self, alias: str) -> Member:
        """The member of an alias who is not retired. Raises NotFoundError ``member.unknown``."""
        for member in self.members.values():
            if not member.retired and alias and alias in {member.alias, member.id}:
                return member
        raise NotFoundError(
            "member.unknown",
            f"{as_given(alias)} has no role in this production",
            "Give the alias of a member, P-07; give them a role: edgecode person role ALIAS --role …",
        )

    def member_at(self, member: RecordId, log_index: int) -> Member | None:
        """What a member was when an entry was written; None for nobody of that id, and for one who had retired."""
        return member_at(self.memberships, member, log_index)

    def makers_of(self, versions: Iterable[RecordId]) -> frozenset[RecordId]:
        """The members who made any of these versions."""
        asked = set(versions)
        return frozenset(making.member for making in self.makings if asked & set(making.versions))

    def states_of_cut(self, cut: RecordId, *, on: str, among: "AmongMoves | None" = None) -> frozenset[str]:
        """Which of locked, delivered and released a cut is on a day; the latest word on each counts, if somebody answers for it.

        *among*: which entries count at all; None: every one.
        """
        return frozenset(state for state, holds in self._said_of_cut(cut, on, among).items() if holds)

    def open_states_of_cut(self, cut: RecordId, *, on: str, among: "AmongMoves | None" = None) -> frozenset[str]:
        """Which of delivered and released a cut may be on a day: nobody who may say it answers for the latest word, so nobody knows."""
        return frozenset(state for state, holds in self._said_of_cut(cut, on, among).items() if holds is None)

    def _said_of_cut(self, cut: RecordId, on: str, among: "AmongMoves | None") -> dict[str, bool | None]:
        said: dict[str, bool | None] = {}
        for move in sorted(self.cut_moves.get(cut, ()), key=lambda one: (one.on, one.log_index)):
            if move.on <= on and (among is None or among(move)):
                holds = not move.undone
                # A word that changes nothing needs nobody who answers for it.
                is_known = move.vouched or said.get(move.state, False) is holds
                said[move.state] = holds if is_known else None
        return said

    def terms_of_tool(self, tool: str, *, plan: str = "") -> ToolTerms | None:
        """The terms of a tool that were seen last; of a plan, where one is named."""
        found = [one for one in self.tool_terms if one.tool == tool and (not plan or one.plan == plan)]
        return max(found, key=lambda one: (one.seen, one.log_index), default=None)


def _may_age(members: Sequence[Member], by: RecordId, log_index: int, person: int) -> bool:
    """Whether a member in one of `MAY_AGE` said it, and not of themselves."""
    known = [one for one in members if one.id == by and one.log_index <= log_index] if by else []
    return (
        bool(known)
        and not known[-1].retired
        and bool(set(known[-1].roles) & set(MAY_AGE))
        and known[-1].person != person
    )


AmongMoves = Callable[[CutMove], bool]

_Row = TypeVar("_Row", bound=Determination | PaperRow)
_WHOLE = ""


def _by_what_they_name(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        named: tuple[str, ...] = (*row.about, *row.uses)
        for name in dict.fromkeys(named or (_WHOLE,)):
            found[name].append(row)
    return dict(found)


def _naming(rows: Mapping[str, list[_Row]], names: Iterable[str]) -> list[_Row]:
    listed: dict[int, _Row] = {}
    for name in {*names, _WHOLE}:
        listed |= {one.log_index: one for one in rows.get(name, [])}
    return [listed[index] for index in sorted(listed)]


def _amends(kind: Literal["consent", "license"], whom: Whom, known: Agreement) -> bool:
    """Whether words may be another version of an agreement: of its kind, and of its person; of two that are erased nobody can tell."""
    if kind != known.kind or whom.stated != known.whom.stated:
        return False
    return whom.person == known.whom.person or whom.lost or known.whom.lost


class _Reading:
    """One reading of the desk's events."""

    def __init__(self, store: IndexStore, kept: list[Kept], origin: str) -> None:
        self._store, self._origin = store, origin
        self._kept: dict[type[Event], list[Kept]] = defaultdict(list)
        for row in kept:
            self._kept[type(row.event)].append(row)
        self._alias = {person.id: person.alias for person in persons(store)}
        self._withdrawn: frozenset[RecordId] = frozenset()
        self._takes: list[Take] | None = None
        # An agreement is never withdrawn: its revocation would go with it. It is terminated, or amended.
        recorded = {event.fact.agreement for _, event in self._of(AgreementRecorded)}
        ended = {event.fact.record for _, event in self._of(PaperWithdrawn)}
        self._withdrawn = frozenset(ended - recorded)

    def register(self) -> Register:
        """Everything, folded."""
        documents = [DocumentRow.of(event, self._whom(row), row.log_index) for row, event in self._of(DocumentKept)]
        members = [Member.of(row, event, self._whom(row)) for row, event in self._of(MemberNamed)]
        kept = {one.id: one for one in documents}
        standings = self._standings(kept, members)
        agreements, orphans = self._agreements(standings)
        sessions = [self._with_takes(Session.of(event, self._whom(row))) for row, event in self._of(SessionRecorded)]
        uses = [DeclaredUse.of(row, event, self._whom(row)) for row, event in self._of(UseDeclared)]
        profile = self._profile(members)
        opened = self._store.rows("production")
        return Register(
            production=record_of(data(opened[0][0])) if opened else "",
            profile=profile.values,
            profiled=profile,
            persons=self._persons(members),
            members={one.id: one for one in members},
            memberships=tuple(members),
            makings=tuple(Making.of(event) for _, event in self._of(MakerNamed)),
            representations=self._representations(),
            sessions={one.id: one for one in sessions},
            replicas=self._replicas(),
            documents=kept,
            models=standing_models(self._described(ModelDescribed, kept, members)),
            datasets=standing_datasets(self._described(DatasetDescribed, kept, members)),
            agreements=agreements,
            standings=standings,
            tool_terms=standing_terms(
                (ToolTerms.of(row, event), event.bytes.sha256 if event.bytes is not None else "")
                for row, event in self._of(ToolTermsSeen)
            ),
            uses={one.id: one for one in uses},
            papers=self._papers(),
            determinations=tuple(
                Determination.of(row, event, self._whom(row)) for row, event in self._of(DeterminationMade)
            ),
            cut_moves=self._cut_moves(),
            pack_decisions=tuple(PackDecision.of(row, event) for row, event in self._of(PackDecided)),
            answers=tuple(FindingAnswer.of(row, event) for row, event in self._of(FindingAnswered)),
            withdrawn=self._withdrawn,
            unreadable=orphans or bool(unread(self._store)),
            newest=max((row.ts for rows in self._kept.values() for row in rows), default=0),
        )

    def _of(self, kind: type[_Event]) -> list[tuple[Kept, _Event]]:
        """Events of a kind in ledger order whose own record nobody took back."""
        pairs = [(row, cast(_Event, row.event)) for row in self._kept[kind]]
        return [pair for pair in pairs if record_in(pair[1]) not in self._withdrawn]

    def _described(
        self,
        kind: type[ModelDescribed] | type[DatasetDescribed],
        documents: Mapping[RecordId, DocumentRow],
        members: Sequence[Member],
    ) -> Iterator[Described]:
        """Every description of a kind, those that were taken back too, and whether somebody shows it."""
        before: dict[RecordId, int] = {}
        for row in self._kept[kind]:
            event = cast(ModelDescribed | DatasetDescribed, row.event)
            fact = event.fact
            info = ModelInfo.of(event, self._whom(row)) if isinstance(event, ModelDescribed) else DatasetInfo.of(event)
            shown = answers_for(members, fact.by, row.log_index) and is_kept_since(
                documents, fact.documents, after=before.get(fact.version, -1)
            )
            yield Described(info, is_shown=shown, is_withdrawn=fact.description in self._withdrawn)
            before[fact.version] = row.log_index

    def _whom(self, row: Kept) -> Whom:
        alias = self._alias.get(row.person, "") if row.person is not None else ""
        return Whom(row.person if alias else None, alias, row.of_person, row.erased)

    def _with_takes(self, session: Session) -> Session:
        """A session with the files of the takes that were noted of it later."""
        if self._takes is None:
            self._takes = list(takes(self._store).values())
        later = (one for take in self._takes if session.id in take.sessions for one in take.versions)
        return replace(session, versions=tuple(dict.fromkeys((*session.versions, *later))))

    def _profile(self, members: Sequence[Member]) -> Profile:
        """What counts of what was said of the production; such an entry is never withdrawn, what is said later counts."""
        entries = []
        for row in self._kept[ProductionProfiled]:
            event = cast(ProductionProfiled, row.event)
            known = [one for one in members if one.id == event.fact.by and one.log_index <= row.log_index]
            member = known[-1] if known and event.fact.by else None
            may = member is not None and not member.retired and bool(set(member.roles) & set(MAY_DECIDE))
            alias = member.alias if member is not None else ""
            signature = signature_of(event, member, origin=self._origin)
            entries.append(ProfileEntry(event, row.log_index, event.fact.at or day_of(row.ts), alias, may, signature))
        return folded(entries)

    def _persons(self, members: Sequence[Member]) -> dict[int, PersonInfo]:
        """What notes say of persons, the latest of each field; what `said_otherwise` names stays as it was, unless a member in one of
        `MAY_AGE` says otherwise."""
        said: dict[int, dict[str, str]] = {person: {} for person in self._alias}
        for row in person_fields(self._store):
            if row.person not in said:
                continue
            values, known = dict(row.values), said[row.person]
            by = values.pop(SAID_BY, "")
            if (changed := said_otherwise(known, values)) and not _may_age(members, by, row.log_index, row.person):
                values = {name: value for name, value in values.items() if name not in changed}
            known |= values
        return {person: PersonInfo(person, self._alias[person], values) for person, values in said.items()}

    def _representations(self) -> dict[RecordId, Representation]:
        found: dict[RecordId, Representation] = {}
        for row, event in self._of(RepresentationRecorded):
            fact = event.fact
            known = found.get(fact.representation, Representation(fact.representation))
            section = event.terms or known.section
            sides = {"principal": known.principal, "agent": known.agent} | {fact.side: self._whom(row)}
            one = replace(known, **sides, section=section)
            if fact.ended and not known.ended:
                one = replace(one, ended=True, ended_on=day_of(row.ts), ended_at=row.log_index)
            found[fact.representation] = one
        return found

    def _replicas(self) -> dict[RecordId, Replica]:
        moves: dict[RecordId, list[ReplicaMoveRow]] = defaultdict(list)
        for _, event in self._of(ReplicaMoved):
            fact = event.fact
            moves[fact.replica].append(ReplicaMoveRow(fact.move, fact.on, fact.due, fact.documents))
        return {
            event.fact.replica: Replica.of(event, self._whom(row), tuple(moves[event.fact.replica]))
            for row, event in self._of(ReplicaRecorded)
        }

    def _papers(self) -> tuple[PaperRow, ...]:
        papers = [
            PaperRow.of(row, event, family, self._whom(row))
            for kind, family in _PAPERS.items()
            for row, event in self._of(kind)
        ]
        return tuple(sorted(papers, key=lambda paper: paper.log_index))

    def _cut_moves(self) -> dict[RecordId, tuple[CutMove, ...]]:
        moves: dict[RecordId, tuple[CutMove, ...]] = defaultdict(tuple)
        for row, event in self._of(CutMoved):
            fact = event.fact
            said = event.recipe.values if event.recipe is not None else {}
            vouched = fact.state == "locked" or self._may_release(fact, row.log_index)
            moves[fact.cut] += (CutMove(fact.state, fact.on, row.log_index, fact.undone, said, vouched, row.ts),)
        return dict(moves)

    def _may_release(self, fact: CutMoveFact, log_index: int) -> bool:
        """Whether the member whose word it is acted then in a role that says that a cut was delivered or released."""
        named = [
            event.fact
            for row, event in self._of(MemberNamed)
            if fact.by and event.fact.member == fact.by and row.log_index <= log_index
        ]
        if not named or named[-1].retired:
            return False
        acting = {fact.role} if fact.role else set(named[-1].roles)
        return bool(acting & set(named[-1].roles) & set(MAY_RELEASE))

    def _standings(self, documents: Mapping[RecordId, DocumentRow], members: Sequence[Member]) -> tuple[Standing, ...]:
        """What keepers said; such an answer is never taken back, for a loss would go with it."""

        def is_shown(one: Standing, after: int) -> bool:
            return answers_for(members, one.by, one.log_index) and is_kept_since(documents, one.documents, after=after)

        rows = [Standing.of(row, cast(StandingStated, row.event)) for row in self._kept[StandingStated]]
        return held_to_losses(rows, is_shown)

    def _agreements(self, standings: Iterable[Standing]) -> tuple[dict[RecordId, Agreement], bool]:
        """Agreements by the id of their first version, and whether there are moves of agreements that nobody recorded."""
        first_of: dict[RecordId, RecordId] = {}
        found: dict[RecordId, Agreement] = {}
        for row, event in self._of(AgreementRecorded):
            fact = event.fact
            first = first_of.get(fact.supersedes) or first_of.get(fact.agreement) or fact.agreement
            if first in found and not _amends(fact.kind, self._whom(row), found[first]):
                # Words of another kind or of somebody else are no version of it: they stand alone.
                first = row.id if fact.agreement in first_of else fact.agreement
            first_of.setdefault(fact.agreement, first)
            first_of[row.id] = first
            papers = (fact.covers, fact.documents, fact.by)
            version = AgreementVersion(row.id, fact.agreement, row.log_index, row.ts, fact.kept, event.terms, *papers)
            known = found.get(first) or Agreement(first, fact.kind, self._whom(row), ())
            found[first] = replace(known, versions=(*known.versions, version))
        orphans = False
        for move in self._moves():
            first = first_of.get(move.agreement, "")
            if first in found:
                found[first] = replace(found[first], moves=(*found[first].moves, move))
            orphans = orphans or first not in found
        for standing in standings:
            first = first_of.get(standing.about, "")
            if first in found:
                found[first] = replace(found[first], standings=(*found[first].standings, standing))
        return found, orphans

    def _moves(self) -> list[Move]:
        return [
            Move(
                row.id,
                event.fact.agreement,
                row.log_index,
                row.ts,
                event.fact.move,
                event.fact.effective,
                event.fact.why,
                event.fact.acts,
                event.terms.condition if event.terms is not None else None,
                event.fact.documents,
                event.fact.by,
            )
            for row, event in self._of(AgreementMoved)
        ]
