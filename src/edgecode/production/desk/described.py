"""What is known of models, datasets and tools beyond their bytes: parents, training sources, items with their releases, terms."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.naming import targets_named
from edgecode.checks.deciding import role_deciding
from edgecode.checks.register import DatasetInfo, ModelInfo, Register, Whom
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
from edgecode.index.persons import PersonRow, person_called, persons
from edgecode.index.rights import rights, rights_about
from edgecode.ingest.agreement_form import Misread, one_of, yes_or_no
from edgecode.ingest.desk_sheets import Column, Row, SheetProblem, read_sheet
from edgecode.production.desk.about import version_of_desk
from edgecode.production.documents import Evidence, PaperFile, read_paper
from edgecode.production.persons.noting import append_judged, require_day, today
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId


class ModelDraft(Struct, frozen=True):
    """What somebody says of a model. *version*, *parents*, *trained_on* as people name versions; None: they did not say, () nothing.

    *anew*: what was said before and is not said again is taken back; else it stays. *by*: the member who answers for it, *documents*: the
    papers that show it; without both, what was said before and holds a use back still counts (`checks.described_again`).
    """

    version: str
    parents: tuple[str, ...] | None = None
    trained_on: tuple[str, ...] | None = None
    undisclosed: bool = False
    one_person: bool | None = None
    placed_on_market: str = ""
    person: str = ""
    terms: ModelTerms = ModelTerms()
    anew: bool = False
    by: str = ""
    documents: tuple[str | PaperFile, ...] = ()


class DatasetDraft(Struct, frozen=True):
    """What somebody says of a dataset. *items* replace those that were listed before; None: they did not say.
    *anew*, *by* and *documents* as in `ModelDraft`."""

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
    anew: bool = False
    by: str = ""
    documents: tuple[str | PaperFile, ...] = ()


class ItemsRead(Struct, frozen=True):
    """A list of a dataset's items, and every line that cannot be read; with problems nothing of it is to be recorded."""

    items: tuple[DatasetItem, ...]
    problems: tuple[SheetProblem, ...]


_ITEM_COLUMNS = (
    Column("item", also=("file", "range", "name"), required=True),
    Column("basis", required=True),
    Column("release", also=("consent", "agreement")),
    Column("license"),
    Column("holder"),
    Column("version"),
    Column("likeness"),
)


def name_model(record: Record, name: str) -> RecordId:
    """Record a model by its name alone, as of a service that hands out no weights; returns its version. Raises RefusedError
    ``desk.name_taken``."""
    _require_new(record, name)
    version = record.world.new_id()
    record.append([ModelKnown(ModelFact(version), NameSection(name))])
    return version


def name_dataset(record: Record, name: str) -> RecordId:
    """Record a dataset by its name alone; returns its version. Raises RefusedError ``desk.name_taken``."""
    _require_new(record, name)
    version = record.world.new_id()
    record.append([DatasetKnown(DatasetFact(version), NameSection(name))])
    return version


def _require_new(record: Record, name: str) -> None:
    try:
        targets_named(record.index, name)
    except NotFoundError:
        return
    raise RefusedError(
        "desk.name_taken",
        "something here has that name already",
        "Leave --new out to describe it, or give another name",
    )


def describe_model(record: Record, draft: ModelDraft) -> RecordId:
    """Record what is known of a model, with what was said before and is not said again. Returns the description's id.

    Raises NotFoundError ``version.unknown``, ``person.unknown`` and ``member.unknown``, InputError ``version.ambiguous`` and
    ``desk.own_parent``, RefusedError ``desk.may_not_decide``, UsageError ``desk.undisclosed`` and ``person.date``.
    """
    require_day(draft.placed_on_market, empty=True)
    if draft.undisclosed and draft.trained_on:
        raise UsageError(
            "desk.undisclosed", "what it was trained on is named, so it is not undisclosed", "Give the one or the other"
        )
    identity, evidence = record.world.new_id(), Evidence(record)

    def judged() -> list[Event]:
        evidence.anew()
        version = version_of_desk(record.index, draft.version)
        parents, trained_on = _versions(record, draft.parents), _versions(record, draft.trained_on)
        if version in (*(parents or ()), *(trained_on or ())):
            raise InputError("desk.own_parent", "a model is not made of itself", "Name what it was made of")
        before, whom = (None, None) if draft.anew else _model_before(record, version)
        person = person_called(record.index, draft.person) if draft.person else whom
        section = PersonSection(person.ref, person.alias) if person is not None else None
        fact = ModelDescription(
            identity, version, parents, trained_on, draft.undisclosed, draft.one_person, draft.placed_on_market
        )
        by = _who_answers(record, draft.by)
        papers, documents = evidence.events(draft.documents, kind="other", person=None)
        if before is None:
            return [*papers, ModelDescribed(replace(fact, by=by, documents=documents), draft.terms, section)]
        merged = with_earlier(fact, replace(before.fact, description=identity))
        if trained_on:
            merged = replace(merged, undisclosed=False)
        elif draft.undisclosed:
            merged = replace(merged, trained_on=None)
        merged = replace(merged, by=by, documents=documents)
        return [*papers, ModelDescribed(merged, with_earlier(draft.terms, before.recipe or ModelTerms()), section)]

    append_judged(record, judged)
    return identity


def _who_answers(record: Record, by: str) -> RecordId:
    """The member who answers for a description, in a role that decides for the production; "" for nobody."""
    if not by:
        return ""
    member = Register.read(record.index, origin=record.log.origin).member_called(by)
    role_deciding(member.roles, "what is known of a model or a dataset")
    return member.id


def is_held_to_before(record: Record, description: RecordId) -> bool:
    """Whether something that an earlier description held against a use still counts beside this one, the last of its model or dataset."""
    register = Register.read(record.index, origin=record.log.origin)
    for row in rights_about(record.index, description):
        if isinstance(row.event, ModelDescribed):
            alone = ModelInfo.of(row.event, Whom())
            return replace(register.models[alone.version], whom=Whom()) != alone
        if isinstance(row.event, DatasetDescribed):
            return register.datasets[row.event.fact.version] != DatasetInfo.of(row.event)
    return False


_Said = TypeVar("_Said", bound=Struct)


def with_earlier(said: _Said, before: _Said) -> _Said:
    """*said* with what only *before* says: of a field that is None, empty, or a mark that is not set."""
    empty: tuple[object, ...] = (None, "", ())
    left = [
        name
        for name in said.__struct_fields__
        if getattr(said, name) in empty or (name in _MARKS and not getattr(said, name))
    ]
    return replace(
        said, **{name: getattr(before, name) for name in left if not (name in _NOTHING and getattr(said, name) == ())}
    )


_MARKS = frozenset({"undisclosed"})
"""Fields that are set or not, and are not said to be unset."""
_NOTHING = frozenset({"parents", "trained_on", "allowed_works", "fields", "marking"})
"""Fields of which an empty list says that there is nothing."""


def _model_before(record: Record, version: RecordId) -> tuple[ModelDescribed | None, PersonRow | None]:
    """The description of a model that counts now, and whose likeness it says the model was built for."""
    withdrawn = Register.read(record.index, origin=record.log.origin).withdrawn
    here = {one.id: one for one in persons(record.index)}
    found: tuple[ModelDescribed | None, PersonRow | None] = None, None
    for row in rights(record.index, ModelDescribed):
        event = row.event
        if (
            isinstance(event, ModelDescribed)
            and event.fact.version == version
            and event.fact.description not in withdrawn
        ):
            found = event, here.get(row.person) if row.person is not None else None
    return found


def _dataset_before(record: Record, version: RecordId) -> DatasetDescribed | None:
    withdrawn = Register.read(record.index, origin=record.log.origin).withdrawn
    events = [row.event for row in rights(record.index, DatasetDescribed)]
    known = [
        one
        for one in events
        if isinstance(one, DatasetDescribed) and one.fact.version == version and one.fact.description not in withdrawn
    ]
    return known[-1] if known else None


def _versions(record: Record, written: Sequence[str] | None) -> tuple[RecordId, ...] | None:
    if written is None:
        return None
    return tuple(dict.fromkeys(version_of_desk(record.index, one) for one in written))


def describe_dataset(record: Record, draft: DatasetDraft) -> RecordId:
    """Record what is known of the rights in a dataset, with what was said before and is not said again. Returns the description's id.

    That the list of items is complete is said of one list and does not stay with another. Raises NotFoundError ``version.unknown`` and
    ``member.unknown``, InputError ``version.ambiguous``, RefusedError ``desk.may_not_decide``.
    """
    identity, evidence = record.world.new_id(), Evidence(record)

    def judged() -> list[Event]:
        evidence.anew()
        by = _who_answers(record, draft.by)
        papers, documents = evidence.events(draft.documents, kind="other", person=None)
        version = version_of_desk(record.index, draft.version)
        before = None if draft.anew else _dataset_before(record, version)
        known = (draft.third_party, draft.likeness, draft.minors, draft.reserved, draft.complete)
        fact = DatasetDescription(identity, version, *known)
        said = DatasetRights(draft.items or (), draft.reservations, draft.collected, dict(draft.card))
        if before is None:
            return [*papers, DatasetDescribed(replace(fact, by=by, documents=documents), said)]
        kept = before.recipe or DatasetRights()
        is_same_list = draft.items is None and before.recipe is not None
        fact = with_earlier(fact, replace(before.fact, description=identity))
        said = DatasetRights(
            kept.items if draft.items is None else draft.items,
            tuple(dict.fromkeys((*kept.reservations, *draft.reservations))),
            draft.collected or kept.collected,
            {**kept.card, **draft.card},
        )
        is_whole = draft.complete or (before.fact.complete and is_same_list)
        return [*papers, DatasetDescribed(replace(fact, complete=is_whole, by=by, documents=documents), said)]

    append_judged(record, judged)
    return identity


def read_items(record: Record, data: bytes, *, name: str) -> ItemsRead:
    """The items of a dataset from a CSV or YAML (*name* tells which) with the release of each, as people name agreements.

    Raises UnavailableError ``extra.missing``.
    """
    sheet = read_sheet(data, name=name, columns=_ITEM_COLUMNS)
    problems, items = list(sheet.problems), []
    register = Register.read(record.index, origin=record.log.origin)
    for row in sheet.rows:
        found = _item(record, register, row)
        if isinstance(found, DatasetItem):
            items.append(found)
        else:
            problems += found
    return ItemsRead(tuple(items), tuple(sorted(problems)))


def _item(record: Record, register: Register, row: Row) -> DatasetItem | list[SheetProblem]:
    problems: list[SheetProblem] = []
    found: dict[str, object] = {"item": row.values["item"], "holder": row.values.get("holder", "")}
    for column, read, expected in (
        ("basis", lambda word: one_of(word, get_args(Basis)), f"one of: {', '.join(get_args(Basis))}"),
        ("likeness", yes_or_no, "yes or no"),
        (
            "release",
            lambda label: register.agreement_called(label).latest.agreement,
            "an agreement that is recorded here",
        ),
        (
            "license",
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

    It supersedes the terms of the same tool and plan that were seen before, and is linked to them by their digest. What was read before and
    is not said again stays where the page is the same or none is given; of another page nobody has read it yet. *seen* "": today.
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
        said, is_page = section, paper is None or digest == paper.sha256
        if before is not None and before.recipe is not None and is_page:
            said = with_earlier(section, before.recipe)
        is_same = before is not None and before.recipe == said and is_page
        if is_same and before is not None and before.fact.seen == fact.seen:
            raise RefusedError(
                "desk.terms_same", "these terms are recorded for that day already", "Nothing has to be done"
            )
        return [ToolTermsSeen(fact, content, said)]

    append_judged(record, judged)
    return identity


def _terms_before(record: Record, section: ToolTermsSection) -> ToolTermsSeen | None:
    withdrawn = Register.read(record.index, origin=record.log.origin).withdrawn
    wanted, found = (section.tool, section.plan), None
    for row in rights(record.index, ToolTermsSeen):
        event = row.event
        if not isinstance(event, ToolTermsSeen) or event.fact.snapshot in withdrawn or event.recipe is None:
            continue
        found = event if (event.recipe.tool, event.recipe.plan) == wanted else found
    return found
