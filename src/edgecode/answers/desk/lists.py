"""Lists of the desk as contracts: agreements/1, agreement/1, desk/1, profile/1 and documents/1. Terms and words only where revealed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.paper_notes.releases import ReleaseNote, notes_citing
from edgecode.checks.desk_rows import Whom
from edgecode.checks.lifecycle import disputed, revoked_acts, stand_of, state_of_version
from edgecode.checks.register import Agreement, AgreementVersion, Register
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.written_facts import written_fact
from edgecode.checks.signatures import signatures_missing
from edgecode.index.cuts import CutRow
from edgecode.index.persons import day_of
from edgecode.ingest.agreement_form import written_fields
from edgecode.terms.identity import RecordId
from edgecode.terms.programs import plain_name

ERASED = "erased"


class AgreementLine(Struct, frozen=True):
    """One agreement on the day of the answer. *person* null: it is nobody's; ``erased``: whose it was is gone. *since*: of its state.

    *unmet*: how many conditions nobody has said are met. *terms* null: not revealed, or erased. *signatures_missing*: which heirs, by
    alias, have to sign before it counts; until then its state is granted_conditional. *acts_revoked*: taken back for these acts alone.
    """

    label: str
    agreement: RecordId
    person: str | None
    state: str
    since: str
    disputed: bool
    kept: Literal["here", "elsewhere"]
    versions: int
    unmet: int
    terms: dict[str, str] | None = None
    signatures_missing: tuple[str, ...] = ()
    acts_revoked: tuple[str, ...] = ()


class AgreementsAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.agreements/1"):
    """Every consent or every license, in the order in which they were written down."""

    kind: Literal["consent", "license"]
    on: str
    agreements: tuple[AgreementLine, ...]


class VersionLine(Struct, frozen=True):
    """One wording of an agreement. *state* on the day of the answer; *terms* null: not revealed, or erased."""

    agreement: RecordId
    recorded: str
    state: str
    covers: tuple[RecordId, ...]
    documents: tuple[RecordId, ...]
    terms: dict[str, str] | None = None


class MoveLine(Struct, frozen=True):
    """Something that happened to an agreement. *effective*: from which day it counts; *condition*: revealed only."""

    move: str
    effective: str
    recorded: str
    why: str
    acts: tuple[str, ...]
    documents: tuple[RecordId, ...]
    condition: str | None = None


class StandingLine(Struct, frozen=True):
    """What the keeper of an agreement answered. *as_of*: milliseconds since 1970."""

    standing: RecordId
    as_of: int
    values: dict[str, bool]


class AgreementAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.agreement/1"):
    """One agreement with all its versions, what happened to it and what its keeper said, oldest first; and what legal released citing
    its clause, whatever that counts for now."""

    kind: Literal["consent", "license"]
    on: str
    agreement: AgreementLine
    versions: tuple[VersionLine, ...]
    moves: tuple[MoveLine, ...]
    standings: tuple[StandingLine, ...]
    releases: tuple[ReleaseNote, ...] = ()


class DeskLine(Struct, frozen=True):
    """One record of the desk. *what*: its kind; *word*: its word among those. *about*: record ids, *uses*: keys; both empty and no
    *person*: the whole production. *by*: the member's alias. *person* as in `AgreementLine`. *values*: what its sealed sections say,
    names, amounts, conditions, items, terms; null where it is not revealed."""

    record: RecordId
    what: str
    word: str
    about: tuple[RecordId, ...] = ()
    uses: tuple[str, ...] = ()
    person: str | None = None
    by: str = ""
    at: str = ""
    until: str = ""
    due: str = ""
    answer: str = ""
    documents: tuple[RecordId, ...] = ()
    values: dict[str, str] | None = None


class CutLine(Struct, frozen=True):
    """Where a cut stands on the day of the answer: locked, delivered, released."""

    cut: RecordId
    name: str
    states: tuple[str, ...]


class DeskAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.desk/1"):
    """Every record of the desk that nobody took back, and where cuts stand. Agreements have lists of their own."""

    on: str
    records: tuple[DeskLine, ...]
    cuts: tuple[CutLine, ...]


class ProfileLine(Struct, frozen=True):
    """One fact of the production's profile. *value* null: unset. *asked_by*: packs of rules that read it."""

    name: str
    value: str | None
    meaning: str
    asked_by: tuple[str, ...]


class ProfileAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.profile/1"):
    """What kind of production it is, by every fact that a profile may say."""

    facts: tuple[ProfileLine, ...]


class DocumentLine(Struct, frozen=True):
    """How the file of a document compares with what was kept. *name*: the file's; null where it is not revealed."""

    document: RecordId
    state: Literal["same", "changed", "missing", "erased"]
    kind: str = "other"
    name: str | None = None


class DocumentsAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.documents/1"):
    """Every document that nothing supersedes, compared with its file."""

    documents: tuple[DocumentLine, ...]


def agreements_answer(
    register: Register, kind: Literal["consent", "license"], *, on: str, reveal: bool
) -> AgreementsAnswer:
    """Every agreement of a kind as it stands on a day."""
    here = [one for one in register.agreements.values() if one.kind == kind]
    return AgreementsAnswer(kind, on, tuple(_line(one, register, on=on, reveal=reveal) for one in here))


def agreement_answer(agreement: Agreement, register: Register, *, on: str, reveal: bool) -> AgreementAnswer:
    """One agreement as it stands on a day."""
    moves = tuple(
        MoveLine(
            move.move,
            move.effective,
            day_of(move.ts),
            move.why,
            move.acts,
            move.documents,
            move.condition if reveal else None,
        )
        for move in agreement.moves
    )
    standings = tuple(StandingLine(one.id, one.as_of, dict(one.values)) for one in agreement.standings)
    versions = tuple(_version(agreement, one, on=on, reveal=reveal) for one in agreement.versions)
    return AgreementAnswer(
        agreement.kind,
        on,
        _line(agreement, register, on=on, reveal=reveal),
        versions,
        moves,
        standings,
        tuple(notes_citing(register, agreement)),
    )


def desk_answer(
    register: Register, cuts: Sequence[CutRow], *, on: str, revealed: Mapping[RecordId, dict[str, str]] | None = None
) -> DeskAnswer:
    """Every record of the desk on a day. *revealed*: what sealed sections say, by record; None: nothing of it is shown."""
    stands = ((cut, _states(register, cut, on=on)) for cut in cuts)
    standing = tuple(CutLine(cut.key, cut.name, states) for cut, states in stands if states)
    lines = _desk_lines(register)
    if revealed is not None:
        lines = (replace(one, values=revealed.get(one.record, {})) for one in lines)
    return DeskAnswer(on, tuple(lines), standing)


def _states(register: Register, cut: CutRow, *, on: str) -> tuple[str, ...]:
    """Where a cut stands, in words."""
    known, claimed = register.states_of_cut(cut.key, on=on), register.open_states_of_cut(cut.key, on=on)
    return (*sorted(known), *(f"{state}: nobody who may say it answers for that" for state in sorted(claimed)))


def profile_answer(register: Register, asked_by: Mapping[str, Sequence[str]]) -> ProfileAnswer:
    """The production's profile. *asked_by*: packs that read a fact, by its name."""
    facts = [fact for fact in CATALOGUE.values() if fact.world == "profile"]
    return ProfileAnswer(
        tuple(
            ProfileLine(
                fact.name,
                written_fact(register.profile[fact.name]) if fact.name in register.profile else None,
                fact.meaning,
                tuple(asked_by.get(fact.name, ())),
            )
            for fact in facts
        )
    )


def _line(agreement: Agreement, register: Register, *, on: str, reveal: bool) -> AgreementLine:
    stand = stand_of(agreement, on)
    shown = stand.version or agreement.latest
    missing = signatures_missing(register, agreement, shown, on=on) if stand.version is not None else ()
    return AgreementLine(
        agreement.label,
        agreement.id,
        _whose(agreement.whom),
        "granted_conditional" if missing and stand.state == "active" else stand.state,
        stand.since,
        disputed(agreement, on),
        agreement.kept,
        len(agreement.versions),
        len(stand.unmet),
        _terms(shown) if reveal else None,
        missing,
        tuple(sorted(revoked_acts(agreement, on))),
    )


def _version(agreement: Agreement, version: AgreementVersion, *, on: str, reveal: bool) -> VersionLine:
    return VersionLine(
        version.agreement,
        day_of(version.ts),
        state_of_version(agreement, version, on),
        version.covers,
        version.documents,
        _terms(version) if reveal else None,
    )


def _terms(version: AgreementVersion) -> dict[str, str] | None:
    return written_fields(version.terms, only_said=False) if version.terms is not None else None


def _whose(whom: Whom) -> str | None:
    if whom.lost:
        return ERASED
    return whom.alias or None


def _desk_lines(register: Register) -> Iterator[DeskLine]:
    member = {one.id: one.alias or ERASED for one in register.members.values()}
    for paper in register.papers:
        what = "attestation" if paper.family == "attest" else paper.family
        yield DeskLine(
            *(paper.id, what, paper.kind, paper.about, paper.uses, _whose(paper.whom), member.get(paper.by, "")),
            *(paper.at, paper.until, paper.due, paper.answer, paper.documents),
        )
    for one in register.determinations:
        yield DeskLine(
            *(one.id, "determination", one.question, one.about, one.uses, _whose(one.whom), member.get(one.by, "")),
            *(one.at, one.until, "", one.answer, one.documents),
        )
    for use in register.uses.values():
        about = (*use.versions, *((use.cut,) if use.cut else ()))
        yield DeskLine(
            use.id, "use", str(use.values.get("use.kind", "")), about, person=_whose(use.whom), at=day_of(use.ts)
        )
    for document in register.documents.values():
        before = (document.supersedes,) if document.supersedes else ()
        yield DeskLine(document.id, "document", document.kind, documents=before, person=_whose(document.whom))
    for model in register.models.values():
        yield DeskLine(model.version, "model", "undisclosed" if model.undisclosed else "", person=_whose(model.whom))
    for dataset in register.datasets.values():
        yield DeskLine(dataset.version, "dataset", "complete" if dataset.complete else "")
    for terms in register.tool_terms:
        # Of a tool that is not well known the name may be its maker's.
        yield DeskLine(terms.snapshot, "tool-terms", plain_name(terms.tool), at=terms.seen)
    for making in register.makings:
        yield DeskLine(making.id, "maker", "", making.versions, by=member.get(making.member, ""))
