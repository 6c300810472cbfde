"""Consents and licenses for many at once, from a CSV or YAML: read against the record line by line, then recorded all or none."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.register import Agreement, AgreementVersion, Move, Register
from edgecode.errors import EdgecodeError, InputError, NotFoundError, RefusedError
from edgecode.events.kinds import Event
from edgecode.events.rights_kinds import AgreementRecorded, AgreementTerms
from edgecode.index.persons import person_called
from edgecode.ingest.agreement_fields import QUANTITIES, AgreementField, fields_of
from edgecode.ingest.agreement_form import Misread, day, terms_of, words_in
from edgecode.ingest.desk_sheets import Column, Row, Sheet, SheetProblem, read_sheet
from edgecode.production.agreements.moves import MoveDraft, Why, move_events
from edgecode.production.agreements.recording import (
    AgreementDraft,
    Kind,
    Labels,
    agreement_events,
    as_written,
    territory_problems,
)
from edgecode.production.desk.about import version_of_desk
from edgecode.production.documents import Evidence, PaperFile
from edgecode.production.persons.noting import aliases_by_name, append_judged, folded_name, today
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import AgreementMove

STATES: Mapping[str, tuple[AgreementMove, ...]] = {
    "draft": (),
    "requested": ("requested",),
    "notified": ("notified",),
    "negotiating": ("negotiating",),
    "refused": ("refused",),
    "granted": ("granted",),
    "active": ("granted",),
    "suspended": ("granted", "suspended"),
    "revoked": ("granted", "revoked"),
    "exhausted": ("granted", "exhausted"),
    "terminated": ("granted", "terminated"),
}
"""What happened to an agreement that stands so."""
_WHYS: tuple[Why, ...] = get_args(Why)
_COMMENTS = re.compile(rb'\A(?:\xef\xbb\xbf)?(?:[ \t]*"?#[^\n]*\n)+')
_COLUMN_OF = {
    "agreement.label": "label",
    "agreement.label_taken": "label",
    "agreement.no_person": "person",
    "agreement.representation": "representation",
    "desk.may_not_decide": "by",
    "document.absent": "documents",
    "document.unknown": "documents",
    "member.unknown": "by",
    "person.ambiguous": "person",
    "person.unknown": "person",
    "version.ambiguous": "covers",
    "version.unknown": "covers",
}
"""Where in a row what refuses it stands."""
_OF_THE_ROW = {
    "agreement.unsigned": "Fill in signed_on, or a state before granted",
    "agreement.vague": "Fill in acts and description, or a state before granted",
    "agreement.form": "Fill in form, or a state before granted",
    "agreement.minor": "Fill in representation: the guardian's",
    "agreement.deceased": "Fill in representation: of the estate",
}
"""What to do about a row whose agreement is not recorded yet, so that nothing can be amended."""


class PlannedLine(Struct, frozen=True):
    """What becomes of one row. *what*: it is a new agreement, is recorded already, or is and something happened to it since."""

    line: int
    label: str
    person: str
    what: Literal["new", "known", "moved"]
    moves: tuple[AgreementMove, ...]


class Plan(Struct, frozen=True):
    """What recording a sheet would do; with *problems* nothing of it is recorded."""

    lines: tuple[PlannedLine, ...]
    problems: tuple[SheetProblem, ...]
    events: tuple[Event, ...]


def columns_of(kind: Kind) -> tuple[Column, ...]:
    """The columns of a sheet of consents or licenses: the fields of one, and what leads to its person, papers and state."""
    whose = Column("person", also=("alias", "name", "performer"), required=kind == "consent")
    beside = (
        Column("label"),
        Column("state", also=("status",)),
        Column("state_on", also=("effective",)),
        Column("why"),
        Column("kept"),
        Column("representation", also=("signed_by",)),
        Column("covers", also=("asset", "assets", "versions", "material")),
        Column("documents", also=("document", "evidence", "document_path")),
        Column("by", also=("recorded_by", "answered_by")),
    )
    counted = tuple(Column(f"maxima.{name}", also=(f"scope.maxima.{name}", f"max.{name}")) for name in QUANTITIES)
    return (whose, *beside, *(_column(field) for field in fields_of(kind)), *counted)


def _column(field: AgreementField) -> Column:
    nested = {
        "agreement": (),
        "scope": (f"scope.{field.key}",),
        "terms": (f"terms.{field.key}",),
        "revocation": (f"terms.revocation.{field.key}", f"revocation.{field.key}"),
    }[field.part]
    return Column(field.name, also=nested)


def template(kind: Kind) -> str:
    """An empty CSV with its headings, and above them what each column takes."""
    explained = [
        "# Lists are separated by semicolons. Where there is none, commas separate works, roles, scenes and tools, and spaces the codes of",
        "# all other lists. Leave empty what the agreement does not say.",
        "# representation: who signed, by the id that edgecode person represent printed; several of heirs, separated by semicolons",
        "# person: an alias (P-07), or the name under which somebody is noted",
        f"# state: one of {', '.join(STATES)}; state_on: the day from which it stands so",
        "# kept: here or elsewhere; documents: files below the folder of this sheet, or ids of documents",
        "# by: the alias of the member who answers for the signature; a consent given after another was taken back needs both",
    ]
    for field in fields_of(kind):
        words = f" One of: {', '.join(field.choices)}." if field.choices else ""
        explained.append(f"# {field.name}: {field.meaning}{words}")
    names = [column.name for column in columns_of(kind) if not column.name.startswith("maxima.")]
    return "\n".join([*explained, ",".join(names)]) + "\n"


def plan_agreements(record: Record, data: bytes, *, name: str, kind: Kind, folder: Path) -> Plan:
    """What recording the sheet *data* would do, and everything that is wrong with it. *name*: of its file; *folder*: where documents lie.

    Raises UnavailableError ``extra.missing``.
    """
    record.catch_up()
    return _Planner(record, kind, folder).planned(_sheet(data, name, kind))


def import_agreements(record: Record, data: bytes, *, name: str, kind: Kind, folder: Path) -> Plan:
    """Record everything in the sheet *data* in one append, or nothing when anything in it is wrong; returns what was planned.

    Raises UnavailableError ``extra.missing``.
    """
    sheet = _sheet(data, name, kind)
    found: list[Plan] = []

    def judged() -> Sequence[Event]:
        found[:] = [_Planner(record, kind, folder).planned(sheet)]
        return found[0].events if not found[0].problems else ()

    append_judged(record, judged)
    return found[0]


def _sheet(data: bytes, name: str, kind: Kind) -> Sheet:
    # The comments of our own template stay lines, so that the numbers of those below are right.
    comments = _COMMENTS.match(data)
    if comments is not None:
        data = b"\n" * comments[0].count(b"\n") + data[comments.end() :]
    return read_sheet(data, name=name, columns=columns_of(kind))


class _Planner:
    """One reading of a sheet against the record as it is."""

    def __init__(self, record: Record, kind: Kind, folder: Path) -> None:
        self._record = record
        self._kind = kind
        self._folder = folder
        self._register = Register.read(record.index, origin=record.log.origin)
        self._labels = Labels(self._register, kind)
        self._known_labels = {one.label: one for one in self._register.agreements.values() if one.kind == kind}
        self._evidence = Evidence(record)
        self._names: dict[str, list[str]] | None = None
        self._written: dict[tuple[str, bytes, tuple[str, ...]], int] = {}
        self._lines: list[PlannedLine] = []
        self._problems: list[SheetProblem] = []
        self._mislabelled: set[int] = set()
        self._events: list[Event] = []

    def planned(self, sheet: Sheet) -> Plan:
        """What the whole sheet comes to."""
        self._problems += sheet.problems
        self._take_labels(sheet.rows)
        for row in sheet.rows:
            before = len(self._problems)
            draft, terms = self._draft(row)
            if len(self._problems) == before and row.line not in self._mislabelled:
                self._take(row, draft, terms)
        return Plan(tuple(self._lines), tuple(sorted(self._problems)), tuple(self._events))

    def _take_labels(self, rows: Sequence[Row]) -> None:
        """Labels that rows name come before those that are given, and stay theirs."""
        for row in rows:
            label = row.values.get("label", "")
            if label and label not in self._known_labels:
                self._mislabelled.add(row.line)
                try:
                    self._labels.take(label)
                    self._mislabelled.discard(row.line)
                except RefusedError:
                    self._problems.append(row.problem("label", "a label that no other line has", "Leave it empty"))
                except InputError as error:
                    self._problems.append(row.problem("label", f"{self._kind[0].upper()}- and a number", error.remedy))

    # ------------------------------------------------------------------------------------------ reading a row

    def _draft(self, row: Row) -> tuple[AgreementDraft, AgreementTerms]:
        """What a row says, with everything that cannot be read of it among the problems."""
        written = self._fields(row)
        terms, problems = terms_of(written, agreement="", kind=self._kind)
        for problem in (*problems, *territory_problems(terms)):
            self._problems.append(row.problem(problem.field, problem.expected))
        if terms.signed_on > today(self._record):
            self._problems.append(row.problem("signed_on", "the day of a signature, and none which lies ahead"))
        signers = tuple(words_in(row.values.get("representation", "")))
        signer, beside = "".join(signers[:1]), signers[1:]
        draft = AgreementDraft(
            self._kind,
            written,
            self._person(row),
            row.values.get("label", ""),
            "elsewhere" if self._word(row, "kept", ("here", "elsewhere")) == "elsewhere" else "here",
            signer,
            tuple(words_in(row.values.get("covers", ""))),
            self._papers(row),
            beside,
            row.values.get("by", ""),
        )
        self._word(row, "state", tuple(STATES))
        self._word(row, "why", _WHYS[1:])
        self._day(row)
        return draft, replace(terms, representation=signer, signed_beside=beside)

    def _fields(self, row: Row) -> dict[str, str]:
        names = {field.name for field in fields_of(self._kind)}
        written = {name: value for name, value in row.values.items() if name in names}
        counted = [f"{name}={row.values[f'maxima.{name}']}" for name in QUANTITIES if f"maxima.{name}" in row.values]
        if counted:
            written["maxima"] = " ".join([*filter(None, [written.get("maxima", "")]), *counted])
        return written

    def _person(self, row: Row) -> str:
        """The alias that a row means, by alias or by name. A name is never repeated."""
        called = row.values.get("person", "")
        if not called or re.fullmatch(r"P-\d+", called):
            return called
        if self._names is None:
            self._names = aliases_by_name(self._record)
        aliases = self._names.get(folded_name(called), [])
        if len(aliases) == 1:
            return aliases[0]
        if aliases:
            self._problems.append(
                row.problem("person", f"an alias, for {len(aliases)} have that name: {', '.join(aliases)}")
            )
        else:
            remedy = "Note them first: edgecode person add, or edgecode person import"
            self._problems.append(row.problem("person", "somebody who is noted here, by alias or name", remedy))
        return ""

    def _papers(self, row: Row) -> tuple[str | PaperFile, ...]:
        found: list[str | PaperFile] = []
        for written in words_in(row.values.get("documents", ""), phrases=True):
            try:
                found.append(self._evidence.read(written, folder=self._folder, only_below=True))
            except NotFoundError:
                expected = "files that can be read below the folder of this sheet, or ids of documents"
                self._problems.append(row.problem("documents", expected))
        return tuple(found)

    def _word(self, row: Row, column: str, choices: Sequence[str]) -> str:
        word = row.values.get(column, "")
        if word and word not in choices:
            self._problems.append(row.problem(column, f"one of: {', '.join(choices)}"))
        return word

    def _day(self, row: Row) -> None:
        try:
            _ = day(row.values["state_on"]) if "state_on" in row.values else ""
        except Misread as misread:
            self._problems.append(row.problem("state_on", str(misread)))

    # ------------------------------------------------------------------------------------------ against the record

    def _take(self, row: Row, draft: AgreementDraft, terms: AgreementTerms) -> None:
        try:
            covers = tuple(version_of_desk(self._record.index, one) for one in draft.covers)
            there = self._there(row, draft, terms, covers)
            if there is None:
                self._add(row, draft, self._once(row, draft, terms, covers))
            else:
                self._moved(row, draft, there)
        except _Refused:
            return
        except EdgecodeError as error:
            self._refuse(row, error)

    def _there(
        self, row: Row, draft: AgreementDraft, terms: AgreementTerms, covers: tuple[RecordId, ...]
    ) -> Agreement | None:
        """The agreement that a row says again."""
        person = person_called(self._record.index, draft.person).id if draft.person else None
        labelled = self._known_labels.get(draft.label)
        among = [labelled] if labelled is not None else [] if draft.label else list(self._known_labels.values())
        for one in among:
            if one.person == person and any(_says(version, terms, covers) for version in one.versions):
                return one
        if labelled is not None:
            remedy = f"An agreement is amended: edgecode {self._kind} amend {labelled.label} …"
            self._problems.append(row.problem("label", "the person and terms of the agreement that has it", remedy))
            raise _Refused
        return None

    def _once(self, row: Row, draft: AgreementDraft, terms: AgreementTerms, covers: tuple[RecordId, ...]) -> str:
        """The label of a new agreement; the same without a label of its own may stand in a sheet once."""
        if draft.label:
            return draft.label
        said = self._written.setdefault((draft.person, msgspec.json.encode(terms), covers), row.line)
        if said != row.line:
            expected = f"something else than line {said} says"
            self._problems.append(row.problem("", expected, "Leave it out, or give it a label of its own"))
            raise _Refused
        return self._labels.next()

    def _add(self, row: Row, draft: AgreementDraft, label: str) -> None:
        events, _ = agreement_events(self._record, self._register, draft, label=label, evidence=self._evidence)
        recorded = events[-1]
        assert isinstance(recorded, AgreementRecorded)
        moves, moved = self._moves(row, as_written(self._record, self._kind, recorded))
        self._events += [*events, *moved]
        self._lines.append(PlannedLine(row.line, label, draft.person, "new", moves))

    def _moved(self, row: Row, draft: AgreementDraft, there: Agreement) -> None:
        moves, moved = self._moves(row, there)
        self._events += moved
        self._lines.append(PlannedLine(row.line, there.label, draft.person, "moved" if moves else "known", moves))

    def _moves(self, row: Row, agreement: Agreement) -> tuple[tuple[AgreementMove, ...], list[Event]]:
        """What happened to an agreement, by a row, that is not recorded yet."""
        state = row.values.get("state", "draft")
        events: list[Event] = []
        moves: list[AgreementMove] = []
        for move in STATES[state]:
            draft = self._move(row, agreement, move, is_last=move == STATES[state][-1])
            if _is_recorded(agreement, draft, row):
                continue
            events += move_events(self._record, self._register, agreement, draft, evidence=self._evidence)
            agreement = replace(agreement, moves=(*agreement.moves, _as_recorded(agreement, draft)))
            moves.append(move)
        return tuple(moves), events

    def _move(self, row: Row, agreement: Agreement, move: AgreementMove, *, is_last: bool) -> MoveDraft:
        """A move of a row: a grant counts from the signature, the state that the row names from its own day."""
        terms = agreement.latest.terms
        signed = terms.signed_on if terms is not None else ""
        named = row.values.get("state_on", "") if is_last else ""
        return MoveDraft(
            move,
            named or (signed if move == "granted" else "") or today(self._record),
            next((why for why in _WHYS if why == row.values.get("why") and move != "granted"), ""),
        )

    def _refuse(self, row: Row, error: EdgecodeError) -> None:
        column = _COLUMN_OF.get(error.code, "state")
        # Sentences of errors name labels and aliases at most; what a row says stays out all the same where it names a version.
        said = "what names one version here" if column == "covers" else f"what can be recorded ({error.sentence})"
        is_here = row.values.get("label", "") in self._known_labels
        remedy = error.remedy if is_here or error.code not in _OF_THE_ROW else _OF_THE_ROW[error.code]
        self._problems.append(row.problem(column, said, remedy))


class _Refused(Exception):
    """A row cannot be recorded, and its problem is said."""


def _says(version: AgreementVersion, terms: AgreementTerms, covers: tuple[RecordId, ...]) -> bool:
    if version.terms is None:
        return False
    return replace(version.terms, agreement="", label="") == terms and set(version.covers) == set(covers)


def _is_recorded(agreement: Agreement, draft: MoveDraft, row: Row) -> bool:
    """A grant is recorded once; anything else once for the day that the row names, or once where it names none."""
    same = [move for move in agreement.moves if move.move == draft.move]
    if draft.move == "granted" or "state_on" not in row.values:
        return bool(same)
    return any(move.effective == draft.on for move in same)


def _as_recorded(agreement: Agreement, draft: MoveDraft) -> Move:
    """A move as the register would hold it, so that the next one is judged behind it."""
    latest = agreement.latest
    at = max([latest.log_index, *(move.log_index for move in agreement.moves)]) + 1
    return Move("", latest.agreement, at, latest.ts, draft.move, draft.on, draft.why)
