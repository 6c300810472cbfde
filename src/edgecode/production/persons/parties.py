"""Parties of a production: what rules read of a person, who may sign for whom, and in which roles people work here."""

import re
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import get_args

from msgspec import Struct

from edgecode.checks.deciding import MAY_AGE, MAY_DECIDE, role_deciding
from edgecode.checks.desk_rows import ADULT, Member, PersonInfo, Representation, said_otherwise
from edgecode.checks.register import Register
from edgecode.errors import InputError, NotFoundError, RefusedError, UsageError
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import NoteFact, PersonNoted, PersonSection
from edgecode.events.rights_kinds import MemberFact, MemberNamed, RepresentationFact, RepresentationRecorded
from edgecode.events.rights_kinds import RepresentationSection as Section
from edgecode.index.persons import PersonRow, person_called, persons
from edgecode.production.documents import Evidence, PaperFile
from edgecode.production.persons.noting import append_judged, refuse_signing_key, require_day, today
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import ALL, PERSON_FIELDS, SAID_BY, Act, Capacity, Decision, PartyKind, Role

ACTS: tuple[Act, ...] = get_args(Act)
CAPACITIES: tuple[Capacity, ...] = get_args(Capacity)
ROLES: tuple[Role, ...] = get_args(Role)
DECISIONS: tuple[Decision, ...] = get_args(Decision)
_OF_THE_DEAD = frozenset({"executor", "heir"})
SHARING = frozenset({"executor", "heir", "rights_manager"})
_KEY = re.compile(r"[0-9a-f]{64}")
_EXPECTED: Mapping[str, tuple[str, re.Pattern[str]]] = {
    "kind": (", ".join(get_args(PartyKind)), re.compile("|".join(get_args(PartyKind)))),
    "status": ("living or deceased", re.compile("living|deceased")),
    "gdpr_subject": ("yes or no", re.compile("yes|no")),
    "domicile_at_death": ("a country or state as in US-CA", re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")),
    "birth_year_bucket": ("years as in 1990-1999", re.compile(r"[12][0-9]{3}-[12][0-9]{3}")),
    "guilds": ("short names of guilds, as in SAG-AFTRA", re.compile(r"[\w.&+/-]{1,40}(?: [\w.&+/-]{1,40})*")),
    "member_of": ("short names, as in SAG-AFTRA", re.compile(r"[\w.&+/-]{1,40}(?: [\w.&+/-]{1,40})*")),
}
_DAYS = ("deceased_on", "minor_until")


class RepresentationDraft(Struct, frozen=True):
    """Who signs for whom, as somebody says it. *share*: an heir's part. *acts*: what they may sign; None: nobody said, so nothing.

    Days ``YYYY-MM-DD``, both included; *until* "*": without end. *documents*: ids, or files that were read.
    """

    capacity: Capacity
    share: Fraction | None = None
    decision: Decision | None = None
    acts: tuple[Act, ...] | None = None
    since: str = ""
    until: str = ""
    negotiated: bool | None = None
    registered_claim: str = ""
    searched: str = ""
    documents: tuple[str | PaperFile, ...] = ()


# ------------------------------------------------------------------------------------------ what rules read of a person


def field_problem(name: str, value: str) -> str | None:
    """What was expected of a field of a person, which never repeats what was written; None when it is right. "" takes a field back."""
    if name not in PERSON_FIELDS:
        return f"one of {', '.join(sorted(PERSON_FIELDS))}"
    if not value:
        return None
    if name in _DAYS:
        if name == "minor_until" and value == ADULT:
            return None
        try:
            require_day(value)
        except UsageError:
            return "a day as in 2031-05-17" + (f", or {ADULT}" if name == "minor_until" else "")
        return None
    expected, pattern = _EXPECTED[name]
    return None if pattern.fullmatch(value) else expected


def plain_field(name: str, value: str) -> str:
    """A value as it is recorded: words of a list stand apart by one space, whatever was typed between."""
    value = value.strip()
    return " ".join(re.split(r"[\s,;|]+", value)).strip() if name in ("guilds", "member_of") else value


def set_fields(record: Record, alias: str, written: Mapping[str, str], *, by: str = "") -> RecordId:
    """Note what rules read of a person (`terms.rights.PERSON_FIELDS`), sealed with their key; returns the note's id. "" takes one back.

    *by*: the member whose word it is, needed where what is on record and protects somebody is said otherwise (`said_otherwise`). Raises
    NotFoundError ``person.unknown`` and ``member.unknown``, InputError ``party.field`` and ``party.contradiction``, RefusedError
    ``party.minor_by`` and ``party.said_by``.
    """
    values = checked_fields(written)
    identity = record.world.new_id()

    def judged() -> list[Event]:
        person = person_called(record.index, alias)
        register = Register.read(record.index, origin=record.log.origin)
        known = register.persons[person.id].fields
        refuse_contradiction({**known, **values}, today=today(record))
        member = register.member_called(by) if by else None
        changed = said_otherwise(known, values)
        may_say = member is not None and member.person != person.id and bool(set(member.roles) & set(MAY_AGE))
        if changed - {"minor_until"} and not may_say:
            raise RefusedError(
                "party.said_by",
                f"another {min(changed - {'minor_until'})} of {person.alias} is on record, and nobody who may say otherwise does",
                f"Name somebody else in {' or '.join(MAY_AGE)}: --by ALIAS",
            )
        if changed and not may_say:
            raise RefusedError(
                "party.minor_by",
                f"{person.alias} is on record as a minor for longer, and nobody who may say otherwise does",
                f"Name somebody else in {' or '.join(MAY_AGE)}: --by ALIAS",
            )
        return [fields_noted(identity, person, {**values, **({SAID_BY: member.id} if member is not None else {})})]

    append_judged(record, judged)
    return identity


def fields_noted(identity: RecordId, person: PersonRow, values: Mapping[str, str]) -> PersonNoted:
    """The note that says them."""
    return PersonNoted(NoteFact(identity, "other"), PersonSection(person.ref, person.alias, dict(values)))


def checked_fields(written: Mapping[str, str]) -> dict[str, str]:
    """Fields as they are recorded; a day of death says that somebody is deceased. Raises InputError ``party.field``."""
    values = {name: plain_field(name, value) for name, value in written.items()}
    for name, value in values.items():
        expected = field_problem(name, value)
        if expected is not None:
            thing = f"the field {name}" if name in PERSON_FIELDS else "a field of a person"
            raise InputError(
                "party.field", f"{thing} takes {expected}", "As in: edgecode person set P-07 status=living"
            )
    if values.get("deceased_on") and "status" not in values:
        values["status"] = "deceased"
    if not values:
        raise UsageError(
            "party.nothing", "nothing is said of the person", "As in: edgecode person set P-07 kind=estate"
        )
    return values


def refuse_contradiction(fields: Mapping[str, str], *, today: str) -> None:
    """Raises InputError ``party.contradiction`` for somebody who lives and has died, or who dies on a day to come."""
    died = fields.get("deceased_on", "")
    if died and fields.get("status") == "living":
        raise _contradiction("a living person has a day of death", "Take one back: deceased_on= or status=deceased")
    if died > today:
        raise _contradiction("the day of death lies ahead", "Correct it: edgecode person set ALIAS deceased_on=DAY")
    if fields.get("domicile_at_death") and fields.get("status") == "living":
        raise _contradiction("a living person has a domicile at death", "Take it back: domicile_at_death=")
    if fields.get("minor_until") and fields.get("kind") not in (None, "", "natural_person"):
        raise _contradiction("only a natural person is a minor", "Take it back: minor_until=")


def _contradiction(what: str, remedy: str) -> InputError:
    return InputError("party.contradiction", what, remedy)


# ------------------------------------------------------------------------------------------ who signs for whom


def represent(record: Record, principal: str, agent: str, draft: RepresentationDraft) -> RecordId:
    """Note that *agent* may sign for *principal* (aliases); returns the representation's id.

    Raises NotFoundError ``person.unknown``, UsageError ``person.date``, RefusedError ``party.self``, ``party.ends_first``,
    ``party.minor_agent``, ``party.share``, ``party.shares``, ``party.decision``, ``party.not_deceased`` and ``party.no_minor``.
    """
    identity = record.world.new_id()
    evidence = Evidence(record)

    def judged() -> list[Event]:
        evidence.anew()
        register = Register.read(record.index, origin=record.log.origin)
        sides = person_called(record.index, principal), person_called(record.index, agent)
        refuse_representation(register, sides[0], sides[1], draft, today=today(record))
        papers, documents = evidence.events(draft.documents, kind="power_of_attorney", person=sides[0])
        return [*papers, *representation_events(identity, sides[0], sides[1], draft, documents)]

    append_judged(record, judged)
    return identity


def representation_events(
    identity: RecordId,
    principal: PersonRow,
    agent: PersonRow,
    draft: RepresentationDraft,
    documents: tuple[RecordId, ...] = (),
) -> list[Event]:
    """Both sides. What was agreed stands with the principal alone, so that it goes with them and not with the agent."""
    share = (draft.share.numerator, draft.share.denominator) if draft.share is not None else None
    section = Section(
        identity,
        draft.capacity,
        share,
        draft.decision,
        draft.acts,
        draft.since,
        draft.until,
        draft.negotiated,
        draft.registered_claim,
        draft.searched,
        documents,
    )
    return [
        RepresentationRecorded(
            RepresentationFact(identity, "principal"), section, PersonSection(principal.ref, principal.alias)
        ),
        RepresentationRecorded(RepresentationFact(identity, "agent"), None, PersonSection(agent.ref, agent.alias)),
    ]


def end_representation(record: Record, representation: RecordId) -> None:
    """From here on the agent signs no more by it. Raises NotFoundError ``party.representation_unknown``."""

    def judged() -> list[Event]:
        register = Register.read(record.index, origin=record.log.origin)
        known = register.representations.get(representation)
        row = next(
            (one for one in persons(record.index) if known is not None and one.id == known.principal.person), None
        )
        if known is None or known.ended or row is None:
            raise NotFoundError(
                "party.representation_unknown",
                "no representation that stands has this id",
                "List them: edgecode person show ALIAS",
            )
        fact = RepresentationFact(representation, "principal", ended=True)
        return [RepresentationRecorded(fact, None, PersonSection(row.ref, row.alias))]

    append_judged(record, judged)


def refuse_representation(
    register: Register, principal: PersonRow, agent: PersonRow, draft: RepresentationDraft, *, today: str
) -> None:
    """Raises what `represent` raises of the draft itself and of what is on record beside it."""
    if principal.id == agent.id:
        raise RefusedError("party.self", "nobody represents themselves", "Name who signs for them as AGENT")
    require_day(draft.since, empty=True)
    if draft.until != ALL:
        require_day(draft.until, empty=True)
        if draft.until and draft.until < draft.since:
            raise RefusedError(
                "party.ends_first",
                f"the representation ends on {draft.until}, before it begins on {draft.since}",
                "Give its first day with --since, its last with --until",
            )
    fields = register.persons[principal.id].fields if principal.id in register.persons else {}
    if lacks_death(draft.capacity, fields):
        raise RefusedError(
            "party.not_deceased",
            f"{draft.capacity} is a capacity for somebody deceased or an estate, and {principal.alias} is not noted as one",
            f"Note it first: edgecode person set {principal.alias} deceased_on=DAY, or kind=estate",
        )
    if lacks_minority(draft.capacity, fields):
        raise RefusedError(
            "party.no_minor",
            f"a guardian signs for a minor, and it is not noted until when {principal.alias} is one",
            f"Note it first: edgecode person set {principal.alias} minor_until=DAY; a court's choice is court_appointed",
        )
    if signs_as_a_minor(
        draft.capacity, register.persons[agent.id].fields if agent.id in register.persons else {}, today
    ):
        raise RefusedError(
            "party.minor_agent",
            f"{agent.alias} is a minor, who signs for nobody but as an heir, through a guardian of their own",
            "Name an adult; of an heir who is a minor, their guardian: edgecode person represent HEIR GUARDIAN",
        )
    _refuse_share(register, principal, draft, today=today)


def signs_as_a_minor(capacity: Capacity, agent: Mapping[str, str], today: str) -> bool:
    """Whether a minor would sign for somebody. An heir may be one: they hold their share, and their guardian signs."""
    return capacity != "heir" and PersonInfo(0, "", agent).was_minor(today) is True


def lacks_death(capacity: Capacity, fields: Mapping[str, str]) -> bool:
    """Whether somebody would sign for a dead person or an estate who is not noted as one."""
    return capacity in _OF_THE_DEAD and fields.get("status") != "deceased" and fields.get("kind") != "estate"


def lacks_minority(capacity: Capacity, fields: Mapping[str, str]) -> bool:
    """Whether a guardian would sign for somebody of whom no minority is noted."""
    return capacity == "guardian" and fields.get("minor_until", ADULT) in ("", ADULT)


def _refuse_share(register: Register, principal: PersonRow, draft: RepresentationDraft, *, today: str) -> None:
    if draft.share is None and draft.decision is None:
        return
    if draft.capacity not in SHARING or (draft.share is not None and not 0 < draft.share <= 1):
        raise RefusedError(
            "party.share",
            "a share is an heir's, an executor's or a rights manager's, above nothing and at most the whole",
            "As in: --capacity heir --share 1/2",
        )
    beside = [one for one in standing(register, principal, today=today) if one.section is not None]
    given = [Fraction(*one.section.share) for one in beside if one.section is not None and one.section.share]
    total = sum(given, draft.share or Fraction(0))
    if total > 1:
        raise RefusedError(
            "party.shares",
            f"with this the shares of {principal.alias} add up to {total}, more than the whole",
            "End the one that this takes the place of: edgecode person represent --end ID",
        )
    decisions = {one.section.decision for one in beside if one.section is not None and one.section.decision}
    if draft.decision is not None and decisions - {draft.decision}:
        raise RefusedError(
            "party.decision",
            f"the others who represent {principal.alias} decide {' and '.join(sorted(decisions))}",
            "All of them decide in one way; end the others first: edgecode person represent --end ID",
        )


def standing(register: Register, principal: PersonRow, *, today: str) -> list[Representation]:
    """Representations of somebody that have not ended."""
    return [
        one
        for one in register.representations.values()
        if one.principal.person == principal.id
        and not one.ended
        and not (one.section is not None and one.section.until not in ("", ALL) and one.section.until < today)
    ]


def share_of(written: str) -> Fraction:
    """``1/2`` as a fraction. Raises UsageError ``party.share_unread``."""
    try:
        if not re.fullmatch(r"\d{1,9}(/\d{1,9})?", written.strip()):
            raise ValueError("no fraction")
        return Fraction(written.strip())
    except (ValueError, ZeroDivisionError) as error:
        raise UsageError("party.share_unread", "this is no share", "Write it as a fraction: 1/2") from error


# ------------------------------------------------------------------------------------------ roles


def name_member(
    record: Record, alias: str, roles: Sequence[Role], *, key: str = "", retire: bool = False, by: str = ""
) -> RecordId:
    """Give somebody roles in the production, in place of those they had; returns the member's id. No roles: they stay as they were.

    *key*: their Ed25519 public key, 64 hexadecimal characters; "" leaves it. *retire*: from here on they decide nothing. *by*: the member
    who gives a role that decides and that somebody had before them. Raises NotFoundError ``person.unknown`` and ``member.unknown``,
    UsageError ``member.no_role`` and ``desk.by``, InputError ``member.key``, RefusedError ``member.key_taken``, ``approver.signing_key``,
    ``desk.may_not_decide``, ``desk.needs_legal`` and ``desk.own_matter``.
    """
    key = key.strip().lower()
    if key:
        if not _KEY.fullmatch(key):
            raise InputError(
                "member.key", "this is no Ed25519 public key", "Give its 64 hexadecimal characters, or FILE"
            )
        refuse_signing_key(record, key)
    new = record.world.new_id()
    named: list[RecordId] = []

    def judged() -> list[Event]:
        person = person_called(record.index, alias)
        register = Register.read(record.index, origin=record.log.origin)
        event = member_event(register, person, roles, key=key, retire=retire, new=new, by=by)
        named[:] = [event.fact.member]
        return [event]

    append_judged(record, judged)
    return named[0]


def member_event(
    register: Register,
    person: PersonRow,
    roles: Sequence[Role],
    *,
    new: RecordId,
    key: str = "",
    retire: bool = False,
    by: str = "",
) -> MemberNamed:
    """What is recorded of a member; *new*: their id when they are none yet. Raises what `name_member` raises."""
    known = member_of(register, person)
    if retire and known is None:
        raise NotFoundError("member.unknown", f"{person.alias} has no role to give up", "edgecode person list")
    wanted = tuple(dict.fromkeys(roles)) or (known.roles if known is not None else ())
    if not wanted:
        raise UsageError("member.no_role", "no role is given", f"One or more of: {', '.join(ROLES)}")
    taken = [one for one in register.members.values() if key and one.key == key and not one.retired and one != known]
    if taken:
        raise RefusedError(
            "member.key_taken", f"this key is {taken[0].alias}'s in this production", "One person has one key"
        )
    identity, before = (known.id, known.key) if known is not None else (new, "")
    had = set(known.roles) if known is not None and not known.retired else set[Role]()
    kept = set[Role]() if retire else set(wanted)
    giver = register.member_called(by) if by else None
    _refuse_giving(register, person, kept - had, giver)
    if known is not None:
        _refuse_taking(register, known, had - kept, giver, decides_on=bool(kept & set(MAY_DECIDE)))
    fact = MemberFact(identity, wanted, key or before, retire, giver.id if giver is not None else "")
    return MemberNamed(fact, PersonSection(person.ref, person.alias))


def _refuse_taking(
    register: Register, known: Member, taken: Collection[Role], giver: Member | None, *, decides_on: bool
) -> None:
    """Refuse to take a role that decides from somebody, unless a member who decides says so, and from the last who has one: nobody could
    name another."""
    if not set(taken) & set(MAY_DECIDE):
        return
    if giver is None:
        raise UsageError(
            "desk.by", f"that {known.alias} decides no more is the word of a member who does", "Name them: --by ALIAS"
        )
    role_deciding(giver.roles, "who gives up a role that decides")
    others = [one for one in register.members.values() if one.id != known.id and not one.retired]
    if not decides_on and not any(set(one.roles) & set(MAY_DECIDE) for one in others):
        raise RefusedError(
            "desk.last_decider",
            f"{known.alias} is the last who decides for this production, and nobody else could name another",
            "Give somebody else the role first",
        )
    if "legal" in taken and "legal" not in giver.roles:
        raise RefusedError("desk.needs_legal", "the role legal is counsel's to give up", "Name them: --by ALIAS")


def _refuse_giving(register: Register, person: PersonRow, gained: Collection[Role], giver: Member | None) -> None:
    """Refuse to give a role that decides and that somebody has or had, unless a member who decides gives it; legal is counsel's to give
    while there is one. The first of a role is anybody's word, or no production could begin."""
    standing = [one for one in register.members.values() if not one.retired]
    had = {role for one in register.memberships for role in one.roles}
    given = sorted(role for role in gained if role in MAY_DECIDE and role in had)
    if not given:
        return
    if giver is None:
        raise UsageError(
            "desk.by",
            f"somebody is {' and '.join(given)} here already, so another one is named by a member who decides",
            "Name who gives the role: --by ALIAS",
        )
    role_deciding(giver.roles, "who gets a role that decides")
    if giver.person == person.id:
        raise RefusedError("desk.own_matter", "nobody gives themselves a role", "Let another member who decides do it")
    if "legal" in given and "legal" not in giver.roles and any("legal" in one.roles for one in standing):
        raise RefusedError(
            "desk.needs_legal", "the role legal is given by counsel while there is one", "Name them: --by ALIAS"
        )


def member_of(register: Register, person: PersonRow) -> Member | None:
    """The member that somebody is, who is not retired."""
    return next((one for one in register.members.values() if one.person == person.id and not one.retired), None)
