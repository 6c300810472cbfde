"""Noting fifty performers in one go from a sheet: who is new, who is here already, what is wrong; then all in one append, or nothing.

No name leaves here: a problem says line and column, a plan says what kind of thing is noted.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal, cast

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.register import Register
from edgecode.errors import EdgecodeError, NotFoundError, UsageError
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import NoteFact, PersonalClass, PersonNoted, PersonSection
from edgecode.index.persons import PersonRow, next_alias, person_called, persons
from edgecode.ingest.desk_sheets import Column, Row, Sheet, SheetProblem, read_sheet
from edgecode.people.register import refuse_bare_hash
from edgecode.production.documents import Evidence, PaperFile
from edgecode.production.persons.noting import aliases_by_name, append_judged, folded_name, person_of, today
from edgecode.production.persons.parties import (
    ACTS,
    CAPACITIES,
    DECISIONS,
    ROLES,
    SHARING,
    RepresentationDraft,
    field_problem,
    fields_noted,
    lacks_death,
    lacks_minority,
    member_event,
    member_of,
    plain_field,
    refuse_contradiction,
    representation_events,
    share_of,
    signs_as_a_minor,
    standing,
)
from edgecode.production.record import Record
from edgecode.terms.rights import PERSON_FIELDS, Act, Capacity, Decision, Role

IDENTIFIERS = ("isni", "hand", "eidr_party", "imdb")
"""Schemes by which a party is known elsewhere (consent.md 3.1); noted with who they are."""
CONTACTS = ("email", "phone", "address", "contact")
COLUMNS: tuple[Column, ...] = (
    Column("name", ("full name", "performer", "performer name", "artist"), required=True),
    Column("kind", ("party kind",)),
    Column("status"),
    Column("deceased_on", ("date of death",)),
    Column("minor_until", ("minor till", "is minor until")),
    Column("gdpr_subject", ("gdpr",)),
    Column("domicile_at_death", ("domicile",)),
    Column("guilds", ("guild", "union", "unions")),
    Column("member_of"),
    Column("email", ("e-mail", "mail", "contact.email")),
    Column("phone", ("telephone", "mobile", "contact.phone")),
    Column("address", ("contact.address",)),
    Column("contact"),
    Column("agent", ("agent name", "agency", "representative", "agent.name")),
    Column("capacity", ("agent capacity", "agent.capacity")),
    Column("agent_acts", ("agent acts", "may sign", "agent.acts")),
    Column("agent_since", ("agent from", "agent.since")),
    Column("agent_until", ("agent to", "agent.until")),
    Column("agent_email", ("agent e-mail", "agent.email")),
    Column("share", ("heir's share", "agent share", "agent.share")),
    Column("decision", ("heirs decide", "agent decision", "agent.decision")),
    Column("documents", ("authority", "power of attorney", "agent documents", "agent.documents")),
    Column("roles", ("role",)),
    Column("another"),
    *(Column(one) for one in IDENTIFIERS),
)
"""What a sheet of people may say. *another*: ``yes`` for a second person of one name in the same sheet. Another line of one name says who
else signs for them."""

_OF_AGENTS = (
    "capacity",
    "agent_acts",
    "agent_since",
    "agent_until",
    "agent_email",
    "share",
    "decision",
    "documents",
)
_VOWELS = frozenset({"agent", "attorney", "executor", "heir"})
"""Capacities that "an" stands before."""
_YES = {"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no"}


class PlannedPerson(Struct, frozen=True):
    """What becomes of one line. *aliases*: who it is, of somebody who is here. *notes*: kinds of things, never their values.

    *differs*: columns of which the record says something else, so that nothing of them is noted. ``more``: of the person of a line above.
    """

    line: int
    what: Literal["new", "here", "agent", "more"]
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.what in ("here", "more"):
            where = "of the person above" if self.what == "more" else f"here already as {', '.join(self.aliases)}"
            noted = f"; new: {', '.join(self.notes)}" if self.notes else ""
            differs = f"; its {', '.join(self.differs)} differs: edgecode person set" if self.differs else ""
            return f"line {self.line}: {where}{noted}{differs}"
        alias = f" {self.aliases[0]}" if self.aliases else ""
        new = "new, who signs for somebody:" if self.what == "agent" else "new:"
        return f"line {self.line}:{alias} {new} {', '.join(self.notes)}"


class PeoplePlan(Struct, frozen=True):
    """What a sheet would do, or did; with *problems* nothing is recorded."""

    people: tuple[PlannedPerson, ...] = ()
    problems: tuple[SheetProblem, ...] = ()

    @property
    def new(self) -> int:
        """How many parties are noted, agents among them."""
        return sum(one.what in ("new", "agent") for one in self.people)

    @property
    def added(self) -> int:
        """Of how many who are here already something new is noted."""
        return sum(one.what == "here" and bool(one.notes) for one in self.people)


def plan_people(record: Record, data: bytes, *, name: str, folder: Path | None = None) -> PeoplePlan:
    """What the sheet *data* would note, today. *name*: of its file; *folder*: below which its documents lie. Nothing is recorded.

    Raises UnavailableError ``extra.missing``.
    """
    record.catch_up()
    plan, _ = _Planner(record, folder or record.folder).planned(read_sheet(data, name=name, columns=COLUMNS))
    # An alias is given when somebody is recorded, not before.
    people = (replace(one, aliases=one.aliases if one.what == "here" else ()) for one in plan.people)
    return replace(plan, people=tuple(people))


def import_people(record: Record, data: bytes, *, name: str, folder: Path | None = None) -> PeoplePlan:
    """Note everybody in the sheet *data* in one append, or nobody when anything in it is wrong. Of who is here already what is new is
    noted, and nothing that the record says otherwise.

    Raises UnavailableError ``extra.missing``, HeldError ``record.overtaken``.
    """
    sheet = read_sheet(data, name=name, columns=COLUMNS)
    found: list[PeoplePlan] = []

    def judged() -> Sequence[Event]:
        plan, events = _Planner(record, folder or record.folder).planned(sheet)
        found[:] = [plan]
        return [] if plan.problems else events

    append_judged(record, judged)
    return found[0]


class _Party(Struct):
    """Somebody of whom a line says something: here already (*row*), or to be noted."""

    row: PersonRow
    is_new: bool
    fields: dict[str, str]
    parts: list[tuple[Fraction, str]] = []


class _Planner:
    """One sheet against one state of the record."""

    def __init__(self, record: Record, folder: Path) -> None:
        self._record = record
        self._folder = folder
        self._evidence = Evidence(record)
        self._above: set[int] = set()
        self._register = Register.read(record.index, origin=record.log.origin)
        self._here = aliases_by_name(record)
        self._problems: list[SheetProblem] = []
        self._people: list[PlannedPerson] = []
        self._events: list[Event] = []
        self._parties: dict[str, list[_Party]] = {}
        self._taken = {person.alias for person in persons(record.index)}
        self._next = next_alias(record.index)

    def planned(self, sheet: Sheet) -> tuple[PeoplePlan, list[Event]]:
        """The plan and what it comes to."""
        self._problems += sheet.problems
        checked = [(row, self._fields(row)) for row in sheet.rows]
        for row, _ in checked:
            self._judge(row)
        self._refuse_twice(sheet.rows)
        # Performers first: an agent who is one of them is then no party of their own.
        noted = [(row, self._performer(row, fields)) for row, fields in checked]
        for row, party in noted:
            self._agent(row, party)
        people = sorted(self._people, key=lambda one: one.line)
        return PeoplePlan(tuple(people), tuple(sorted(set(self._problems)))), self._events

    # ------------------------------------------------------------------------------------------ what is wrong

    def _fields(self, row: Row) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in sorted(PERSON_FIELDS & row.values.keys()):
            value = plain_field(name, row.values[name])
            if name in ("kind", "status"):
                value = value.casefold().replace(" ", "_").replace("-", "_")
            if name == "gdpr_subject":
                value = _YES.get(value.casefold(), value)
            expected = field_problem(name, value)
            if expected is not None:
                self._wrong(row, name, expected)
            found[name] = value
        if found.get("deceased_on") and "status" not in found:
            found["status"] = "deceased"
        try:
            refuse_contradiction(found, today=today(self._record))
        except EdgecodeError as error:
            self._wrong(row, "", f"what can be so; {error.sentence}")
        return found

    def _judge(self, row: Row) -> None:
        self._one_of(row, "roles", ROLES)
        self._one_of(row, "capacity", CAPACITIES)
        self._one_of(row, "agent_acts", (*ACTS, "all"))
        for column in ("agent_since", "agent_until"):
            if row.values.get(column, "*") != "*" and field_problem("deceased_on", row.values[column]) is not None:
                self._wrong(row, column, "a day as in 2026-01-31")
        since, until = row.values.get("agent_since", ""), row.values.get("agent_until", "*")
        if until != "*" and until < since:
            self._wrong(row, "agent_until", "a day that is not before agent_since")
        if "agent" in row.values and "capacity" not in row.values:
            self._wrong(row, "capacity", f"as what the agent signs: {', '.join(CAPACITIES)}")
        self._judge_share(row)
        for column in _OF_AGENTS:
            if column in row.values and "agent" not in row.values:
                self._wrong(row, "agent", "who signs, since it says how", "Write their name, or leave the rest empty")
                break
        if row.values.get("another", "yes").casefold() not in _YES:
            self._wrong(row, "another", "yes, or nothing")
        if "agent" in row.values and folded_name(row.values["agent"]) == folded_name(row.values["name"]):
            self._wrong(row, "agent", "somebody else than the person", "Leave it empty when they sign for themselves")
        for column in ("name", "agent", *CONTACTS, "agent_email", *IDENTIFIERS):
            try:
                refuse_bare_hash("identity", [row.values.get(column, "")])
            except EdgecodeError:
                self._wrong(row, column, "the thing itself, not a hash of it", "A hash leads back to whom it is of")
                continue
            if column in ("email", "agent_email") and row.values.get(column, "@").count("@") != 1:
                self._wrong(row, column, "an address with one @", "Leave it empty when nobody knows it")

    def _judge_share(self, row: Row) -> None:
        self._one_of(row, "decision", DECISIONS)
        if _word(row.values.get("capacity", "")) not in SHARING:
            for column in ("share", "decision"):
                if column in row.values and "capacity" in row.values:
                    self._wrong(row, column, f"nothing: only {', '.join(sorted(SHARING))} share and decide together")
        try:
            share = share_of(row.values["share"]) if "share" in row.values else Fraction(1)
        except EdgecodeError:
            share = Fraction(0)
        if not 0 < share <= 1:
            self._wrong(row, "share", "a fraction above nothing and at most the whole, as in 1/2")

    def _one_of(self, row: Row, column: str, words: Sequence[str]) -> None:
        written = row.words(column) or ()
        if any(_word(one) not in words for one in written):
            self._wrong(row, column, f"one of {', '.join(words)}")
        elif column == "capacity" and len(written) > 1:
            self._wrong(row, column, "one capacity")

    def _refuse_twice(self, rows: Sequence[Row]) -> None:
        first: dict[str, int] = {}
        said: dict[str, dict[str, str]] = {}
        signers: dict[str, set[str]] = {}
        for row in rows:
            name, signer = folded_name(row.values["name"]), folded_name(row.values.get("agent", ""))
            of_agent = ("agent", "name", *_OF_AGENTS)
            beside = {column: value for column, value in row.values.items() if column not in of_agent}
            known = signers.setdefault(name, set())
            if name in first and signer and signer not in known and beside.items() <= said[name].items():
                self._above.add(row.line)
            known.add(signer)
            if row.line in self._above:
                continue
            said[name] = beside
            if name in first and _YES.get(row.values.get("another", "").casefold()) != "yes":
                what = f"each person once; line {first[name]} has the same name"
                self._wrong(
                    row,
                    "name",
                    what,
                    "For another person write yes into the column another; for who else signs for them, only name and agent",
                )
            first.setdefault(name, row.line)

    def _wrong(self, row: Row, column: str, expected: str, remedy: str = "") -> None:
        self._problems.append(row.problem(column, expected, remedy))

    # ------------------------------------------------------------------------------------------ what is noted

    def _performer(self, row: Row, fields: Mapping[str, str]) -> _Party:
        name = folded_name(row.values["name"])
        same = self._parties.setdefault(name, [])
        if row.line in self._above and same:
            self._people.append(PlannedPerson(row.line, "more", (), _represented(row)))
            return same[-1]
        here = self._here.get(name, [])
        if len(same) < len(here):
            party = self._known(here[len(same)])
            same.append(party)
            self._people.append(self._more(row, party, fields))
            return party
        party = _Party(self._new(), True, dict(fields))
        same.append(party)
        who = {column: row.values[column] for column in ("name", *IDENTIFIERS) if column in row.values}
        contact = {column: row.values[column] for column in CONTACTS if column in row.values}
        self._note(party.row, "identity", who)
        notes = ["identity", *self._noted(row, party, contact, fields, _roles(row)), *_represented(row)]
        self._people.append(PlannedPerson(row.line, "new", (party.row.alias,), tuple(notes)))
        return party

    def _more(self, row: Row, party: _Party, fields: Mapping[str, str]) -> PlannedPerson:
        """What a line says of somebody who is here already that the record does not, and what it says otherwise."""
        known: dict[str, set[str]] = {}
        for note in person_of(self._record, party.row.alias).notes:
            for column, value in note.values.items():
                known.setdefault(column, set()).add(value)
        said = {column: row.values[column] for column in (*CONTACTS, *IDENTIFIERS) if column in row.values}
        differs = [column for column, value in said.items() if column in known and value not in known[column]]
        differs += [name for name, value in fields.items() if party.fields.get(name) and party.fields[name] != value]
        fresh = {name: value for name, value in fields.items() if not party.fields.get(name)}
        try:
            refuse_contradiction({**party.fields, **fresh}, today=today(self._record))
        except EdgecodeError as error:
            self._wrong(row, "", f"what can be so beside the record; {error.sentence}")
        identifiers = {name: said[name] for name in IDENTIFIERS if name in said and name not in known}
        if identifiers:
            self._note(party.row, "identity", identifiers)
        member, roles = member_of(self._register, party.row), _roles(row)
        if member is not None and set(roles) - set(member.roles):
            differs.append("roles")
        contact = {name: said[name] for name in CONTACTS if name in said and name not in known}
        notes = self._noted(row, party, contact, fresh, roles if member is None else ())
        party.fields |= fresh
        signer = _represented(row) if "agent" in row.values and not self._signs_already(row, party) else ()
        identity = (f"identity ({', '.join(identifiers)})",) if identifiers else ()
        return PlannedPerson(row.line, "here", (party.row.alias,), (*identity, *notes, *signer), tuple(differs))

    def _noted(
        self, row: Row, party: _Party, contact: Mapping[str, str], fields: Mapping[str, str], roles: Sequence[Role]
    ) -> list[str]:
        """Note what is given; returns what kinds of things that is."""
        notes = []
        if contact:
            self._note(party.row, "contact", contact)
            notes.append(f"contact ({', '.join(contact)})")
        if fields:
            self._events.append(fields_noted(self._record.world.new_id(), party.row, fields))
            notes.append(f"fields ({', '.join(fields)})")
        if roles and set(roles) <= set(ROLES):
            try:
                self._events.append(member_event(self._register, party.row, roles, new=self._record.world.new_id()))
            except UsageError:
                only = "roles that nobody has here yet"
                self._wrong(row, "roles", only, "Others are given one by one: edgecode person role ALIAS --by ALIAS")
                return notes
            notes.append(f"roles ({', '.join(roles)})")
        return notes

    def _signs_already(self, row: Row, principal: _Party) -> bool:
        """Whether the agent of a line represents its person on record, in that capacity."""
        aliases = set(self._here.get(folded_name(row.values.get("agent", "")), []))
        return any(
            one.principal.person == principal.row.id
            and one.agent.alias in aliases
            and not one.ended
            and one.section is not None
            and one.section.capacity == _word(row.values.get("capacity", ""))
            for one in self._register.representations.values()
        )

    def _agent(self, row: Row, principal: _Party) -> None:
        capacity = cast(Capacity, _word(row.values.get("capacity", "")))
        if "agent" not in row.values or capacity not in CAPACITIES or self._signs_already(row, principal):
            return
        if lacks_death(capacity, principal.fields):
            self._wrong(row, "capacity", "deceased_on, or kind estate, beside this capacity")
        if lacks_minority(capacity, principal.fields):
            self._wrong(row, "capacity", "minor_until beside a guardian", "For an adult it is court_appointed")
        agent = self._signer(row)
        if agent is None:
            return
        if signs_as_a_minor(capacity, agent.fields, today(self._record)):
            self._wrong(row, "agent", "somebody of age", "A minor signs for nobody; an heir may be one")
        acts = tuple(_word(one) for one in row.words("agent_acts") or ())
        share, decision = self._part(row, principal)
        draft = RepresentationDraft(
            capacity,
            share,
            decision,
            acts=cast("tuple[Act, ...]", ACTS if "all" in acts else acts) or None,
            since=row.values.get("agent_since", ""),
            until=row.values.get("agent_until", ""),
        )
        papers, ids = self._evidence.events(self._papers(row), kind="power_of_attorney", person=principal.row)
        identity = self._record.world.new_id()
        self._events += [*papers, *representation_events(identity, principal.row, agent.row, draft, ids)]

    def _part(self, row: Row, principal: _Party) -> tuple[Fraction | None, Decision | None]:
        """An heir's share and how they decide, held against the shares of the others."""
        if not principal.parts:
            beside = standing(self._register, principal.row, today=today(self._record))
            sections = [one.section for one in beside if one.section is not None]
            principal.parts = [
                (Fraction(*one.share) if one.share else Fraction(0), one.decision or "") for one in sections
            ]
        try:
            share = share_of(row.values["share"]) if "share" in row.values else None
        except EdgecodeError:
            share = None
        decision = cast("Decision | None", _word(row.values.get("decision", "")) or None)
        principal.parts.append((share or Fraction(0), decision or ""))
        if sum((part for part, _ in principal.parts), Fraction(0)) > 1:
            self._wrong(row, "share", "shares that add up to the whole at most")
        if len({how for _, how in principal.parts} - {""}) > 1:
            self._wrong(row, "decision", "one way to decide for all who share")
        return share, decision

    def _papers(self, row: Row) -> list[str | PaperFile]:
        found: list[str | PaperFile] = []
        for one in row.words("documents") or ():
            try:
                found.append(self._evidence.read(one, folder=self._folder, only_below=True))
            except NotFoundError:
                self._wrong(
                    row, "documents", "files that can be read below the folder of this sheet, or ids of documents"
                )
        return found

    def _signer(self, row: Row) -> _Party | None:
        """Who signs for the person of a line: another line's, somebody here, or somebody new whom several lines may name."""
        name = folded_name(row.values["agent"])
        known = self._parties.get(name) or [self._known(alias) for alias in self._here.get(name, [])]
        if len(known) > 1:
            self._wrong(
                row, "agent", "one person", f"{len(known)} have that name; note it apart: edgecode person represent"
            )
            return None
        if known:
            return known[0]
        party = _Party(self._new(), True, {})
        self._parties[name] = [party]
        self._note(party.row, "identity", {"name": row.values["agent"]})
        notes = ["identity"]
        if "agent_email" in row.values:
            self._note(party.row, "contact", {"email": row.values["agent_email"]})
            notes.append("contact (email)")
        self._people.append(PlannedPerson(row.line, "agent", (party.row.alias,), tuple(notes)))
        return party

    def _known(self, alias: str) -> _Party:
        row = person_called(self._record.index, alias)
        info = self._register.persons.get(row.id)
        return _Party(row, False, dict(info.fields) if info is not None else {})

    def _note(self, row: PersonRow, holds: PersonalClass, values: Mapping[str, str]) -> None:
        fact = NoteFact(self._record.world.new_id(), holds)
        self._events.append(PersonNoted(fact, PersonSection(row.ref, row.alias, dict(values))))

    def _new(self) -> PersonRow:
        """A fresh person who is not in the index yet, under the next alias."""
        alias = self._next
        self._taken.add(alias)
        self._next = next(one for one in _aliases_after(alias) if one not in self._taken)
        return PersonRow(-len(self._taken), f"p-{self._record.world.randomness(16).hex()}", alias)


def _roles(row: Row) -> tuple[Role, ...]:
    return cast("tuple[Role, ...]", tuple(_word(one) for one in row.words("roles") or ()))


def _represented(row: Row) -> tuple[str, ...]:
    capacity = _word(row.values.get("capacity", ""))
    if "agent" not in row.values or capacity not in CAPACITIES:
        return ()
    return (f"represented by {'an' if capacity in _VOWELS else 'a'} {capacity}",)


def _aliases_after(alias: str) -> Iterator[str]:
    count = int(alias.removeprefix("P-"))
    while True:
        count += 1
        yield f"P-{count:02d}"


def _word(written: str) -> str:
    return written.strip().casefold().replace(" ", "_").replace("-", "_")
