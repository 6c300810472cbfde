"""Noting fifty performers in one go from a sheet: who is new, who is here already, what is wrong; then all in one append, or nothing.

No name leaves here: a problem says line and column, a plan says what kind of thing is noted.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, cast

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.register import Register
from edgecode.errors import EdgecodeError
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import NoteFact, PersonalClass, PersonNoted, PersonSection
from edgecode.index.persons import PersonRow, next_alias, person_called, persons
from edgecode.ingest.desk_sheets import Column, Row, Sheet, SheetProblem, read_sheet
from edgecode.people.register import refuse_bare_hash
from edgecode.production.parties import (
    ACTS,
    CAPACITIES,
    ROLES,
    RepresentationDraft,
    field_problem,
    fields_noted,
    lacks_death,
    lacks_minority,
    member_event,
    plain_field,
    refuse_contradiction,
    representation_events,
)
from edgecode.production.persons import aliases_by_name, append_judged, folded_name, today
from edgecode.production.record import Record
from edgecode.terms.rights import PERSON_FIELDS, Act, Capacity, Role

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
    Column("roles", ("role",)),
    Column("another"),
)
"""What a sheet of people may say. *another*: ``yes`` for a second person of one name in the same sheet."""

MOST_EVENTS = 2_000
"""What one append takes, so that all of a sheet is recorded or nothing."""
_YES = {"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no"}


class PlannedPerson(Struct, frozen=True):
    """What becomes of one line. *aliases*: who it is, of somebody who is here. *notes*: kinds of things, never their values."""

    line: int
    what: Literal["new", "here", "agent"]
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.what == "here":
            differs = f"; its {', '.join(self.notes)} differs: edgecode person set" if self.notes else ""
            return f"line {self.line}: here already as {', '.join(self.aliases)}{differs}"
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
        return sum(one.what != "here" for one in self.people)


def plan_people(record: Record, data: bytes, *, name: str) -> PeoplePlan:
    """What the sheet *data* would note, today. *name*: of its file. Nothing is recorded.

    Raises UnavailableError ``extra.missing``.
    """
    record.catch_up()
    plan, _ = _Planner(record).planned(read_sheet(data, name=name, columns=COLUMNS))
    # An alias is given when somebody is recorded, not before.
    people = (replace(one, aliases=one.aliases if one.what == "here" else ()) for one in plan.people)
    return replace(plan, people=tuple(people))


def import_people(record: Record, data: bytes, *, name: str) -> PeoplePlan:
    """Note everybody in the sheet *data* in one append, or nobody when anything in it is wrong; who is here already is passed over.

    Raises UnavailableError ``extra.missing``, HeldError ``record.overtaken``.
    """
    sheet = read_sheet(data, name=name, columns=COLUMNS)
    found: list[PeoplePlan] = []

    def judged() -> Sequence[Event]:
        plan, events = _Planner(record).planned(sheet)
        found[:] = [plan]
        return [] if plan.problems else events

    append_judged(record, judged)
    return found[0]


class _Party(Struct):
    """Somebody of whom a line says something: here already (*row*), or to be noted."""

    row: PersonRow
    is_new: bool
    fields: dict[str, str]


class _Planner:
    """One sheet against one state of the record."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._register = Register.read(record.index)
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
        if len(self._events) > MOST_EVENTS:
            self._problems.append(
                SheetProblem(1, "", f"at most {MOST_EVENTS} things to note", "Give it in several files")
            )
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
            if row.values.get(column, "*") != "*" and field_problem("minor_until", row.values[column]) is not None:
                self._wrong(row, column, "a day as in 2026-01-31")
        since, until = row.values.get("agent_since", ""), row.values.get("agent_until", "*")
        if until != "*" and until < since:
            self._wrong(row, "agent_until", "a day that is not before agent_since")
        if "agent" in row.values and "capacity" not in row.values:
            self._wrong(row, "capacity", f"as what the agent signs: {', '.join(CAPACITIES)}")
        for column in ("capacity", "agent_acts", "agent_since", "agent_until", "agent_email"):
            if column in row.values and "agent" not in row.values:
                self._wrong(row, "agent", "who signs, since it says how", "Write their name, or leave the rest empty")
                break
        if row.values.get("another", "yes").casefold() not in _YES:
            self._wrong(row, "another", "yes, or nothing")
        if "agent" in row.values and folded_name(row.values["agent"]) == folded_name(row.values["name"]):
            self._wrong(row, "agent", "somebody else than the person", "Leave it empty when they sign for themselves")
        for column in ("name", "agent", *CONTACTS, "agent_email"):
            try:
                refuse_bare_hash("identity", [row.values.get(column, "")])
            except EdgecodeError:
                self._wrong(row, column, "the thing itself, not a hash of it", "A hash leads back to whom it is of")

    def _one_of(self, row: Row, column: str, words: Sequence[str]) -> None:
        written = row.words(column) or ()
        if any(_word(one) not in words for one in written):
            self._wrong(row, column, f"one of {', '.join(words)}")
        elif column == "capacity" and len(written) > 1:
            self._wrong(row, column, "one capacity")

    def _refuse_twice(self, rows: Sequence[Row]) -> None:
        first: dict[str, int] = {}
        for row in rows:
            name = folded_name(row.values["name"])
            if name in first and _YES.get(row.values.get("another", "").casefold()) != "yes":
                what = f"each person once; line {first[name]} has the same name"
                self._wrong(row, "name", what, "For another person of that name write yes into the column another")
            first.setdefault(name, row.line)

    def _wrong(self, row: Row, column: str, expected: str, remedy: str = "") -> None:
        self._problems.append(row.problem(column, expected, remedy))

    # ------------------------------------------------------------------------------------------ what is noted

    def _performer(self, row: Row, fields: Mapping[str, str]) -> _Party:
        name = folded_name(row.values["name"])
        same = self._parties.setdefault(name, [])
        here = self._here.get(name, [])
        if len(same) < len(here):
            party = self._known(here[len(same)])
            differs = [field for field, value in fields.items() if party.fields.get(field, "") != value]
            self._people.append(PlannedPerson(row.line, "here", (party.row.alias,), tuple(differs)))
            same.append(party)
            return party
        party = _Party(self._new(), True, dict(fields))
        same.append(party)
        contact = {column: row.values[column] for column in CONTACTS if column in row.values}
        self._note(party.row, "identity", {"name": row.values["name"]})
        notes = ["identity"]
        if contact:
            self._note(party.row, "contact", contact)
            notes.append(f"contact ({', '.join(contact)})")
        if fields:
            self._events.append(fields_noted(self._record.world.new_id(), party.row, fields))
            notes.append(f"fields ({', '.join(fields)})")
        roles = cast("tuple[Role, ...]", tuple(_word(one) for one in row.words("roles") or ()))
        if roles and set(roles) <= set(ROLES):
            self._events.append(member_event(self._register, party.row, roles, new=self._record.world.new_id()))
            notes.append(f"roles ({', '.join(roles)})")
        if "agent" in row.values and _word(row.values.get("capacity", "")) in CAPACITIES:
            notes.append(f"represented by a {_word(row.values['capacity'])}")
        self._people.append(PlannedPerson(row.line, "new", (party.row.alias,), tuple(notes)))
        return party

    def _agent(self, row: Row, principal: _Party) -> None:
        capacity = cast(Capacity, _word(row.values.get("capacity", "")))
        if "agent" not in row.values or capacity not in CAPACITIES or not principal.is_new:
            return
        if lacks_death(capacity, principal.fields):
            self._wrong(row, "capacity", "deceased_on, or kind estate, beside this capacity")
        if lacks_minority(capacity, principal.fields):
            self._wrong(row, "capacity", "minor_until beside a guardian", "For an adult it is court_appointed")
        agent = self._signer(row)
        if agent is None:
            return
        acts = tuple(_word(one) for one in row.words("agent_acts") or ())
        draft = RepresentationDraft(
            capacity,
            acts=cast("tuple[Act, ...]", ACTS if "all" in acts else acts) or None,
            since=row.values.get("agent_since", ""),
            until=row.values.get("agent_until", ""),
        )
        self._events += representation_events(self._record.world.new_id(), principal.row, agent, draft)

    def _signer(self, row: Row) -> PersonRow | None:
        """Who signs for the person of a line: another line's, somebody here, or somebody new whom several lines may name."""
        name = folded_name(row.values["agent"])
        known = self._parties.get(name) or [self._known(alias) for alias in self._here.get(name, [])]
        if len(known) > 1:
            self._wrong(
                row, "agent", "one person", f"{len(known)} have that name; note it apart: edgecode person represent"
            )
            return None
        if known:
            return known[0].row
        party = _Party(self._new(), True, {})
        self._parties[name] = [party]
        self._note(party.row, "identity", {"name": row.values["agent"]})
        notes = ["identity"]
        if "agent_email" in row.values:
            self._note(party.row, "contact", {"email": row.values["agent_email"]})
            notes.append("contact (email)")
        self._people.append(PlannedPerson(row.line, "agent", (party.row.alias,), tuple(notes)))
        return party.row

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


def _aliases_after(alias: str) -> Iterator[str]:
    count = int(alias.removeprefix("P-"))
    while True:
        count += 1
        yield f"P-{count:02d}"


def _word(written: str) -> str:
    return written.strip().casefold().replace(" ", "_").replace("-", "_")
