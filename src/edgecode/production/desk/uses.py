"""Declared uses, who made what, where a cut stands, and taking a record of the desk back."""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from edgecode.checks.deciding import MAY_DECIDE, MAY_RELEASE, role_deciding
from edgecode.checks.declaring import is_settling
from edgecode.checks.register import Register
from edgecode.checks.rules.catalogue import fact_named
from edgecode.checks.rules.written_facts import read_fact
from edgecode.checks.standing_consents import consent_stands
from edgecode.errors import InputError, NotFoundError, RefusedError, UsageError
from edgecode.events.door_kinds import ReviewNoted, TakeNoted
from edgecode.events.kinds import Event
from edgecode.events.rights_kinds import (
    AgreementMoved,
    AgreementRecorded,
    ApprovalGiven,
    CutMoved,
    CutMoveFact,
    DeterminationMade,
    DocumentKept,
    FindingAnswered,
    MakerNamed,
    MakingFact,
    Paper,
    PaperEndFact,
    PaperSection,
    PaperWithdrawn,
    ReplicaRecorded,
    RepresentationRecorded,
    SessionRecorded,
    UseDeclared,
    UseFact,
    UseSection,
)
from edgecode.index.cuts import cut_named
from edgecode.index.persons import day_of
from edgecode.index.rights import Kept, rights_about
from edgecode.production.desk.about import About, about_meant, version_of_desk
from edgecode.production.desk.own_matters import require_others_matter
from edgecode.production.desk.records import worded
from edgecode.production.persons.noting import append_judged, judged_at, require_day, today
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId, is_record_id
from edgecode.terms.rights import CutState, FactValue, Role, Scope

_TAKEN_BACK = (
    Paper,
    DeterminationMade,
    UseDeclared,
    DocumentKept,
    SessionRecorded,
    ReplicaRecorded,
    RepresentationRecorded,
    FindingAnswered,
    MakerNamed,
    TakeNoted,
    ReviewNoted,
)
"""What can have been noted in error and is then taken back; everything else is said anew, or ends by what happens to it."""


class UseDraft(Struct, frozen=True):
    """A use as somebody says it: *kind* is ``use.kind``, *facts* other derived facts as written, *about* as people name it.

    *first*, *end*: frames of the one version that it is about, half open. *quantities*: what no machine counts. *by*: the member whose
    word it is, in *role*, with a *reason*: needed where it settles something (`checks.declaring`), and for a use to be another kind or to
    need less than lineage and the profile say.
    """

    kind: str
    about: tuple[str, ...] = ()
    facts: Mapping[str, str] = {}
    first: int | None = None
    end: int | None = None
    scope: Scope = Scope()
    quantities: Mapping[str, int] = {}
    by: str = ""
    role: str = ""
    reason: str = ""


def declare_use(record: Record, draft: UseDraft) -> RecordId:
    """Record that a likeness, a work, a dataset or a model is used so; returns the use's id. Nothing in it overrules what lineage shows.

    Raises InputError ``facts.unknown``, ``facts.value``, ``desk.not_derived``, UsageError ``desk.use_about``, ``desk.frames``,
    ``desk.by`` and ``desk.reason``, RefusedError ``desk.may_not_decide``, ``desk.own_matter`` and what `about_meant` raises.
    """
    identity = record.world.new_id()
    append_judged(record, lambda: [declared_use(record, draft, identity)])
    return identity


def declared_use(record: Record, draft: UseDraft, identity: RecordId) -> UseDeclared:
    """The event of a declared use under an id, as the record is now. Raises what `declare_use` raises."""
    values = {"use.kind": read_fact("use.kind", draft.kind), **_stated(draft.facts)}
    about = about_meant(record.index, Register.read(record.index, origin=record.log.origin), draft.about)
    if len(about.cuts) > 1 or about.uses or len(about.records) > len(about.cuts) + len(about.versions):
        raise UsageError(
            "desk.use_about",
            "a use is of versions, of one cut or of a person",
            "Give these with --about, as often as needed",
        )
    if draft.first is not None or draft.end is not None:
        _require_frames(draft, versions=len(about.versions))
    cut = about.cuts[0] if about.cuts else ""
    by, role = _speaker(record, Register.read(record.index, origin=record.log.origin), draft, about, values)
    fact = UseFact(identity, about.versions, cut, draft.first, draft.end, by, role)
    said = UseSection(values, draft.scope, dict(draft.quantities))
    return UseDeclared(fact, said, about.section, worded("reason", draft.reason))


def _speaker(
    record: Record, register: Register, draft: UseDraft, about: About, values: Mapping[str, FactValue]
) -> tuple[RecordId, Role | Literal[""]]:
    """Whose word it is and in which role."""
    is_settling_now = is_settling(draft.kind, values)
    if not draft.by:
        if is_settling_now:
            raise UsageError(
                "desk.by", "such a use settles something, so it is a named member's word", "Name them: --by ALIAS"
            )
        return "", ""
    member = register.member_called(draft.by)
    role = role_deciding(member.roles, "a declared use", wanted=draft.role)
    if not draft.reason.strip():
        raise UsageError(
            "desk.reason",
            "a member's word settles what is declared, so it has a reason; it is kept sealed",
            "Give it: --reason '…'",
        )
    require_others_matter(record, register, member, about)
    return member.id, role


def _stated(facts: Mapping[str, str]) -> dict[str, FactValue]:
    for name in facts:
        if fact_named(name).world != "derived":
            raise InputError(
                "desk.not_derived",
                f"{name} is not for a declared use to say",
                "A judgment is a determination, a paper a record of its own: edgecode desk determination, approval, notice …",
            )
    return {name: read_fact(name, written) for name, written in facts.items()}


def _require_frames(draft: UseDraft, *, versions: int) -> None:
    if draft.first is None or draft.end is None or draft.end <= draft.first or versions != 1:
        raise UsageError(
            "desk.frames",
            "frames are of one version, and these hold nothing",
            "Give one version, --in and the frame after the last",
        )


def name_maker(record: Record, member: str, versions: Sequence[str]) -> RecordId:
    """Record that a member made versions, so that they clear no finding on them; returns the record's id.

    Raises NotFoundError ``member.unknown`` and ``version.unknown``, InputError ``version.ambiguous``.
    """
    identity = record.world.new_id()

    def judged() -> list[Event]:
        made = tuple(dict.fromkeys(version_of_desk(record.index, one) for one in versions))
        return [
            MakerNamed(
                MakingFact(
                    identity, Register.read(record.index, origin=record.log.origin).member_called(member).id, made
                )
            )
        ]

    append_judged(record, judged)
    return identity


def move_cut(
    record: Record,
    name: str,
    state: CutState,
    *,
    on: str = "",
    territories: Sequence[str] = (),
    media: Sequence[str] = (),
    undone: bool = False,
    by: str = "",
    role: str = "",
) -> None:
    """Record that a cut was locked, delivered or released, or with *undone* that it no longer is. *on* "": today. *by*: the member whose
    word it is, in *role*: needed unless it is about a lock.

    Raises NotFoundError ``cut.unknown``, InputError ``cut.ambiguous`` and ``facts.value``, UsageError ``desk.by``, RefusedError
    ``desk.may_not_decide``, and ``desk.cut_state`` for an undoing of what the cut is not.
    """
    if not by and state != "locked":
        raise UsageError(
            "desk.by", "that a cut was delivered or released is a named member's word", "Name them: --by ALIAS"
        )
    require_day(on, empty=True)
    read_fact("production.territories", " ".join(territories) or "none")
    values = {"territories": " ".join(territories), "media": " ".join(media)}
    said = {name: words for name, words in values.items() if words}

    def judged() -> list[Event]:
        cut = cut_named(record.index, name)
        day = on or today(record)
        register = Register.read(record.index, origin=record.log.origin)
        stands = register.states_of_cut(cut.key, on=day) | register.open_states_of_cut(cut.key, on=day)
        if undone and state not in stands:
            raise RefusedError(
                "desk.cut_state",
                f"{cut.name} is not {state} on that day",
                "edgecode desk list shows where each cut stands",
            )
        member = register.member_called(by) if by else None
        among = MAY_DECIDE if state == "locked" else MAY_RELEASE
        acting = role_deciding(member.roles, f"that a cut is {state}", wanted=role, among=among) if member else ""
        fact = CutMoveFact(cut.key, state, day, undone, member.id if member else "", acting)
        return [CutMoved(fact, PaperSection(said) if said else None)]

    append_judged(record, judged)


def withdraw_record(record: Record, identity: RecordId, *, reason: str, by: str = "") -> None:
    """Take back what was noted in error: a small record, determination, use, document, session, replica, representation, standing or
    answer to a finding. The entry stays in the log. *by*: the member who takes it back; needed for who made what, where it is a deciding
    member's who is not the maker, for a session or replica of somebody whose consent is missing or lost, where it is legal's, and for what
    a member decided, where it is theirs or legal's.

    Raises UsageError ``desk.reason`` and ``desk.by``, RefusedError ``desk.may_not_decide``, ``desk.needs_legal`` and ``desk.own_matter``,
    NotFoundError ``member.unknown``, NotFoundError ``desk.unknown``, RefusedError ``desk.not_withdrawable`` and ``desk.withdrawn``.
    """
    if not reason.strip():
        raise UsageError(
            "desk.reason", "taking a record back needs a reason; it is kept sealed", "Give it: --reason '…'"
        )

    def judged() -> list[Event]:
        kept = rights_about(record.index, identity) if is_record_id(identity) else []
        if not kept:
            raise NotFoundError("desk.unknown", "no record of the desk has this id", "List them: edgecode desk list")
        if any(isinstance(one.event, AgreementRecorded | AgreementMoved) for one in kept):
            raise RefusedError(
                "desk.not_withdrawable",
                "an agreement is never taken back, because a revocation would go with it",
                "Amend it, or end it: edgecode consent terminate …",
            )
        if not all(isinstance(one.event, (*_TAKEN_BACK, PaperWithdrawn)) for one in kept):
            raise RefusedError(
                "desk.not_withdrawable", "such a record is not taken back; what is said later counts", "Say it anew"
            )
        if any(isinstance(one.event, PaperWithdrawn) for one in kept):
            raise RefusedError("desk.withdrawn", "that record is taken back already", "Nothing has to be done")
        who = _who_takes_back(record, kept, by)
        return [PaperWithdrawn(PaperEndFact(identity, who), worded("reason", reason))]

    append_judged(record, judged)


def _who_takes_back(record: Record, kept: Sequence[Kept], by: str) -> RecordId:
    """The member who takes a record back, if anybody has to answer for it."""
    register = Register.read(record.index, origin=record.log.origin)
    makers = {one.event.fact.member for one in kept if isinstance(one.event, MakerNamed)}
    on = day_of(judged_at(record, register))
    deciders = {one.event.fact.by for one in kept if isinstance(one.event, DeterminationMade | ApprovalGiven)} - {""}
    lost = [
        one
        for one in kept
        if isinstance(one.event, SessionRecorded | ReplicaRecorded | TakeNoted)
        and one.of_person
        and not consent_stands(register, one.person, on)
    ]
    if not by and (makers or lost or deciders):
        raise UsageError("desk.by", "taking this back is a named member's decision", "Name them: --by ALIAS")
    if not by:
        return ""
    member = register.member_called(by)
    if lost and "legal" not in member.roles:
        raise RefusedError(
            "desk.needs_legal",
            "the consent of whose it is is missing or lost, so that taking it back is left to counsel",
            "Name a member with that role: edgecode person role ALIAS --role legal",
        )
    if deciders and member.id not in deciders and "legal" not in member.roles:
        raise RefusedError(
            "desk.needs_legal",
            "somebody else decided that, so taking it back is left to them or to counsel",
            "Let them take it back, or a member with that role: edgecode person role ALIAS --role legal",
        )
    if makers:
        role_deciding(member.roles, "who made what")
    if member.id in makers or any(one.person is not None and one.person == member.person for one in lost):
        raise RefusedError("desk.own_matter", "it is their own matter", "Let another member do it")
    return member.id
