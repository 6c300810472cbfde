"""What is known of models, datasets and tools beyond their bytes: parents, training sources, items with their releases, terms."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import msgspec
from msgspec import Struct

from edgecode.checks.register import Register
from edgecode.errors import InputError, NotFoundError, RefusedError, UsageError
from edgecode.events.kinds import DatasetFact, DatasetKnown, Event, ModelFact, ModelKnown, NameSection
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import (
    Basis,
    DatasetDescribed,
    DatasetDescription,
    DatasetItem,
    DatasetRights,
    DocumentBytes,
    ModelDescribed,
    ModelDescription,
    ModelTerms,
    ToolTermsFact,
    ToolTermsSection,
    ToolTermsSeen,
)
from edgecode.index.persons import person_called
from edgecode.index.rights import rights
from edgecode.ingest.agreement_form import Misread, one_of, yes_or_no
from edgecode.ingest.desk_sheets import Column, Row, SheetProblem, read_sheet
from edgecode.production.desk_about import version_of_desk
from edgecode.production.documents import read_paper
from edgecode.production.persons import append_judged, require_day, today
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId


class ModelDraft(Struct, frozen=True):
    """What somebody says of a model. *version*, *parents*, *trained_on* as people name versions; None: they did not say, () nothing."""

    version: str
    parents: tuple[str, ...] | None = None
    trained_on: tuple[str, ...] | None = None
    undisclosed: bool = False
    one_person: bool | None = None
    placed_on_market: str = ""
    person: str = ""
    terms: ModelTerms = ModelTerms()


class DatasetDraft(Struct, frozen=True):
    """What somebody says of a dataset. *items* replace those that were listed before; None: they did not say."""

    version: str
    third_party: bool | None = None
    likeness: bool | None = None
    minors: bool | None = None
    reserved: bool | None = None
    complete: bool = False
    items: tuple[DatasetItem, ...] | None = None
    reservations: tuple[tuple[str, str, str], ...] = ()
    collected: str = ""
    card: dict[str, str] = {}


class ItemsRead(Struct, frozen=True):
    """A list of a dataset's items, and every line that cannot be read; with problems nothing of it is to be recorded."""

    items: tuple[DatasetItem, ...]
    problems: tuple[SheetProblem, ...]


_ITEM_COLUMNS = (
    Column("item", also=("file", "range", "name"), required=True),
    Column("basis", required=True),
    Column("release", also=("license", "consent", "agreement")),
    Column("version"),
    Column("likeness"),
)


def name_model(record: Record, name: str) -> RecordId:
    """Record a model by its name alone, as of a service that hands out no weights; returns its version."""
    version = record.world.new_id()
    record.append([ModelKnown(ModelFact(version), NameSection(name))])
    return version


def name_dataset(record: Record, name: str) -> RecordId:
    """Record a dataset by its name alone; returns its version."""
    version = record.world.new_id()
    record.append([DatasetKnown(DatasetFact(version), NameSection(name))])
    return version


def describe_model(record: Record, draft: ModelDraft) -> RecordId:
    """Record what is known of a model; the latest description counts, so what it does not say is not known. Returns its id.

    Raises NotFoundError ``version.unknown`` and ``person.unknown``, InputError ``version.ambiguous`` and ``desk.own_parent``, UsageError
    ``desk.undisclosed`` and ``person.date``.
    """
    require_day(draft.placed_on_market, empty=True)
    if draft.undisclosed and draft.trained_on:
        raise UsageError(
            "desk.undisclosed", "what it was trained on is named, so it is not undisclosed", "Give the one or the other"
        )
    identity = record.world.new_id()

    def judged() -> list[Event]:
        version = version_of_desk(record.index, draft.version)
        parents, trained_on = _versions(record, draft.parents), _versions(record, draft.trained_on)
        if version in (*(parents or ()), *(trained_on or ())):
            raise InputError("desk.own_parent", "a model is not made of itself", "Name what it was made of")
        known = (draft.undisclosed, draft.one_person, draft.placed_on_market)
        fact = ModelDescription(identity, version, parents, trained_on, *known)
        person = person_called(record.index, draft.person) if draft.person else None
        section = PersonSection(person.ref, person.alias) if person is not None else None
        return [ModelDescribed(fact, draft.terms, section)]

    append_judged(record, judged)
    return identity


def _versions(record: Record, written: Sequence[str] | None) -> tuple[RecordId, ...] | None:
    if written is None:
        return None
    return tuple(dict.fromkeys(version_of_desk(record.index, one) for one in written))


def describe_dataset(record: Record, draft: DatasetDraft) -> RecordId:
    """Record what is known of the rights in a dataset; the latest description counts. Returns its id.

    Without *items* those of the description before stay. Raises NotFoundError ``version.unknown``, InputError ``version.ambiguous``.
    """
    identity = record.world.new_id()

    def judged() -> list[Event]:
        version = version_of_desk(record.index, draft.version)
        before = Register.read(record.index).datasets.get(version)
        items = draft.items if draft.items is not None else (before.items or () if before is not None else ())
        known = (draft.third_party, draft.likeness, draft.minors, draft.reserved, draft.complete)
        rights_here = DatasetRights(items, draft.reservations, draft.collected, dict(draft.card))
        return [DatasetDescribed(DatasetDescription(identity, version, *known), rights_here)]

    append_judged(record, judged)
    return identity


def read_items(record: Record, data: bytes, *, name: str) -> ItemsRead:
    """The items of a dataset from a CSV or YAML (*name* tells which) with the release of each, as people name agreements.

    Raises UnavailableError ``extra.missing``.
    """
    sheet = read_sheet(data, name=name, columns=_ITEM_COLUMNS)
    problems, items = list(sheet.problems), []
    register = Register.read(record.index)
    for row in sheet.rows:
        found = _item(record, register, row)
        if isinstance(found, DatasetItem):
            items.append(found)
        else:
            problems += found
    return ItemsRead(tuple(items), tuple(sorted(problems)))


def _item(record: Record, register: Register, row: Row) -> DatasetItem | list[SheetProblem]:
    problems: list[SheetProblem] = []
    found: dict[str, object] = {"item": row.values["item"]}
    for column, read, expected in (
        ("basis", lambda word: one_of(word, get_args(Basis)), f"one of: {', '.join(get_args(Basis))}"),
        ("likeness", yes_or_no, "yes or no"),
        (
            "release",
            lambda label: register.agreement_called(label).latest.agreement,
            "an agreement that is recorded here",
        ),
        ("version", lambda name: version_of_desk(record.index, name), "what names one version here"),
    ):
        try:
            if column in row.values:
                found[column] = read(row.values[column])
        except (Misread, InputError, NotFoundError):
            problems.append(row.problem(column, expected))
    return problems or msgspec.convert(found, DatasetItem)


def see_tool_terms(record: Record, section: ToolTermsSection, *, snapshot: Path | None, seen: str = "") -> RecordId:
    """Record the terms of a tool and plan as somebody read them, with the bytes they were read from; returns the snapshot's id.

    It supersedes the terms of the same tool and plan that were seen before, and is linked to them by their digest. *seen* "": today.
    Raises NotFoundError ``document.absent``, UsageError ``person.date``, RefusedError ``desk.terms_same``.
    """
    require_day(seen, empty=True)
    require_day(section.since, empty=True)
    paper = read_paper(record, snapshot) if snapshot is not None else None
    identity = record.world.new_id()

    def judged() -> list[Event]:
        before = _terms_before(record, section)
        fact = ToolTermsFact(identity, seen or today(record), before.fact.snapshot if before is not None else "")
        digest = before.bytes.sha256 if before is not None and before.bytes is not None else ""
        content = DocumentBytes(paper.sha256, paper.size, digest) if paper is not None else None
        is_same = before is not None and before.recipe == section and (paper is None or digest == paper.sha256)
        if is_same and before is not None and before.fact.seen == fact.seen:
            raise RefusedError(
                "desk.terms_same", "these terms are recorded for that day already", "Nothing has to be done"
            )
        return [ToolTermsSeen(fact, content, section)]

    append_judged(record, judged)
    return identity


def _terms_before(record: Record, section: ToolTermsSection) -> ToolTermsSeen | None:
    withdrawn = Register.read(record.index).withdrawn
    wanted, found = (section.tool, section.plan), None
    for row in rights(record.index, ToolTermsSeen):
        event = row.event
        if not isinstance(event, ToolTermsSeen) or event.fact.snapshot in withdrawn or event.recipe is None:
            continue
        found = event if (event.recipe.tool, event.recipe.plan) == wanted else found
    return found
