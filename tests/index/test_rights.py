"""What the index keeps of rights: whole events with their person, nothing of an erased one, and the same rows however they came."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgecode.drivers.postgres_index import PostgresIndex
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.events.kept_kinds import personal_sections
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import NoteFact, PersonNoted, PersonSection
from edgecode.events.registry import KINDS, Opaque
from edgecode.events.rights_kinds import (
    RIGHTS_KINDS,
    AgreementFact,
    AgreementMoved,
    AgreementMoveFact,
    AgreementRecorded,
    AgreementTerms,
    DocumentKept,
    PaymentRecorded,
    StandingFact,
    StandingStated,
    UseDeclared,
)
from edgecode.index.dump import dump
from edgecode.index.persons import entries_of, erased_counts, persons
from edgecode.index.projector import project, unread
from edgecode.index.rights import person_fields, record_in, rights, rights_about
from edgecode.index.store import IndexStore
from index.desk_events import CLASSES, Desk, as_recorded, erasure_of
from index.small_show import record, recorded
from postgres_server import PostgresServer

ROOT = b"\x07" * 32
MINA = PersonSection("p-a", "P-01")


def filled(events: list[Event], store: IndexStore | None = None) -> IndexStore:
    store = store or SqliteIndex(":memory:")
    project(store, as_recorded(events), size=len(events), root=ROOT)
    return store


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.sets(st.sampled_from(CLASSES)), st.integers(0, 12))
def test_an_index_that_saw_everything_equals_one_made_from_what_an_erasure_left(
    seed: int, held: set, later: int
) -> None:
    desk = Desk(seed).fill(30)
    before = desk.events[:]
    if not persons(filled(before)):
        return
    grown = filled(before)
    gone = erasure_of(grown, persons(grown)[0].ref, before, held)
    events = [*before, gone, *Desk(seed + 1).fill(later).events[:later]]
    project(grown, as_recorded(events)[len(before) :], size=len(events), root=ROOT)
    again = SqliteIndex(":memory:")
    project(again, as_recorded(events, gone.fact.erased), size=len(events), root=ROOT)

    assert dump(grown) == dump(again)


def test_a_postgres_index_keeps_the_same_rows(postgres: PostgresServer) -> None:
    events = Desk(11).fill(200).events
    grown, there = filled(events), filled(events, PostgresIndex(postgres.database()))
    gone = erasure_of(grown, persons(grown)[0].ref, events, {"claim"})
    whole = [*events, gone]
    for store in (grown, there):
        project(store, as_recorded(whole)[len(events) :], size=len(whole), root=ROOT)

    assert (dump(there), rights(there), person_fields(there)) == (dump(grown), rights(grown), person_fields(grown))


def test_after_a_whole_erasure_nothing_of_the_desk_leads_to_the_person() -> None:
    events = Desk(3).fill(80).events
    store = filled(events)
    (mine,) = [one for one in persons(store) if one.ref == "p-a"]
    gone = erasure_of(store, "p-a", events, ())
    project(store, [as_recorded([*events, gone])[-1]], size=len(events) + 1, root=ROOT)
    erased = {one.event for one in gone.fact.erased}
    left = [kept for kept in rights(store) if kept.id in erased]

    assert [one.ref for one in persons(store)] == ["p-b"]
    assert [kept for kept in rights(store) if kept.person == mine.id] == []
    assert [one for one in person_fields(store) if one.person == mine.id] == []
    assert all(
        getattr(kept.event, "terms", None) is None and getattr(kept.event, "recipe", None) is None for kept in left
    )
    assert sum(erased_counts(store).values()) > 0 and all(
        kept.of_person for kept in left if kept.event.TYPE.startswith("ses")
    )


def test_what_an_erasure_covers_is_told_from_what_no_key_opens_any_more() -> None:
    events = Desk(3).fill(80).events
    store = filled(events)
    gone = erasure_of(store, "p-a", events, ())
    unopened = filled([])
    project(unopened, as_recorded(events, gone.fact.erased), size=len(events), root=ROOT)
    lost = {kept.id for kept in rights(unopened) if kept.of_person and kept.person is None}
    covered_before = {kept.id for kept in rights(unopened) if kept.erased}
    project(unopened, [as_recorded([*events, gone])[-1]], size=len(events) + 1, root=ROOT)

    assert (len(lost) > 0, covered_before) == (True, set())
    assert {kept.id for kept in rights(unopened) if kept.of_person and kept.erased} == lost


def test_what_happens_to_an_agreement_is_about_its_person_and_so_is_an_answer_about_its_standing() -> None:
    agreement, standing = record(1), record(2)
    events: list[Event] = [
        AgreementRecorded(AgreementFact(agreement, "consent"), AgreementTerms(agreement), MINA),
        AgreementMoved(AgreementMoveFact(agreement, "revoked", "2026-02-01")),
        StandingStated(StandingFact(standing, agreement, 7)),
    ]
    store = filled(events)
    (mina,) = persons(store)

    assert [(entry.what, entry.holds) for entry in entries_of(store, mina.id)] == [
        ("right", "agreement"),
        ("right-move", "agreement"),
        ("right-move", "agreement"),
    ]
    assert [(kept.event.TYPE, kept.person) for kept in rights_about(store, agreement)] == [
        ("agreement.recorded/1", mina.id),
        ("agreement.moved/1", mina.id),
    ]
    assert [kept.event.TYPE for kept in rights_about(store, standing)] == ["standing.stated/1"]


def test_what_happens_to_a_license_is_about_nobody() -> None:
    agreement = record(1)
    events: list[Event] = [
        AgreementRecorded(AgreementFact(agreement, "license"), AgreementTerms(agreement)),
        AgreementMoved(AgreementMoveFact(agreement, "granted", "2026-02-01")),
    ]
    store = filled(events)

    assert persons(store) == []
    assert [(kept.person, kept.of_person) for kept in rights(store)] == [(None, False), (None, False)]


def test_events_come_back_whole_but_for_words_and_names_in_the_order_of_the_log() -> None:
    events = Desk(5).fill(60).events
    expected = [
        msgspec.structs.replace(event, **{name: None for name in ("person", "text") if hasattr(event, name)})
        for event in events
        if isinstance(event, RIGHTS_KINDS)
    ]

    assert [kept.event for kept in rights(filled(events))] == expected
    only = [event for event in expected if isinstance(event, AgreementMoved)]
    assert [kept.event for kept in rights(filled(events), AgreementMoved)] == only


def test_a_note_that_corrects_another_takes_back_what_rules_read_of_it_though_it_says_nothing_of_the_sort() -> None:
    first, second = record(1), record(2)
    said = PersonNoted(NoteFact(first, "other"), PersonSection("p-a", "P-01", {"guilds": "SAG-AFTRA", "name": "x"}))
    store = filled([said])
    (before,) = person_fields(store)
    store = filled([said, PersonNoted(NoteFact(second, "other", first), MINA)])

    assert (before.values, person_fields(store)) == ({"guilds": "SAG-AFTRA"}, [])


def test_a_kind_of_a_later_release_is_counted_as_unread_and_never_kept_as_a_right() -> None:
    store = SqliteIndex(":memory:")
    project(store, recorded([Opaque("agreement.moved/9", {})]), size=1, root=ROOT)

    assert (unread(store), rights(store)) == ({"agreement.moved/9": 1}, [])


@pytest.mark.parametrize("kind", RIGHTS_KINDS, ids=lambda kind: kind.TYPE)
def test_every_kind_names_its_own_record_first(kind: type[Event]) -> None:
    fact = next(field for field in msgspec.structs.fields(kind) if field.name == "fact").type
    first = msgspec.structs.fields(fact)[0]

    assert (first.type, first.required) == (msgspec.structs.fields(StandingFact)[0].type, True)
    assert KINDS[kind.TYPE] is kind
    assert record_in(kind(fact(*_examples(fact)))) == record(1)


def _examples(fact: type) -> list[object]:
    """A value for every field that has to be given."""
    return [record(1), *("x" for field in msgspec.structs.fields(fact)[1:] if field.required)]


def test_sections_that_are_a_persons_are_all_of_theirs_that_no_other_key_than_their_own_or_their_agreements_seals() -> (
    None
):
    assert {
        kind.TYPE: personal_sections(_bare(kind))
        for kind in (DocumentKept, UseDeclared, PaymentRecorded, AgreementMoved)
    } == {
        "document.kept/1": ("person", "text", "bytes", "place"),
        "use.declared/1": ("person", "text", "recipe"),
        "payment.recorded/1": ("person", "text", "recipe"),
        "agreement.moved/1": ("person", "text", "terms"),
    }


def _bare(kind: type[Event]) -> Event:
    fact = next(field for field in msgspec.structs.fields(kind) if field.name == "fact").type
    return kind(fact(*_examples(fact)))
