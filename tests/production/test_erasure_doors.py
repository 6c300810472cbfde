"""Erasures and everybody else: what others hold, what comes back later, and who may approve, at every door."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import msgspec
import pytest

from edgecode.drivers.key_files import create_key_file
from edgecode.errors import HeldError, InputError, RefusedError
from edgecode.events.kinds import MediaFacts, StepBytes, StepFact, StepPerformed, VersionSeen
from edgecode.events.person_kinds import NoteFact, PersonErased, PersonNoted, PersonSection
from edgecode.index.persons import erasures, holds, persons
from edgecode.production import Production, audit_of
from edgecode.production.audit.differences import audit_whole
from edgecode.production.audit.stated_erasures import clock_findings
from edgecode.production.captures import takes_beside
from edgecode.production.erasing.ordering import Order, approve, erase_person, plan
from edgecode.production.inbox.sequencing import InboxWriter, sequence
from edgecode.production.keys import retire_key, rotate_key
from edgecode.production.persons.noting import (
    add_person,
    declare_takes,
    depict,
    lift_hold,
    name_approver,
    note_person,
    place_hold,
    rename_person,
)
from edgecode.terms.evidence import Grade
from edgecode.terms.steps import StepKind
from postgres_server import PostgresServer
from production.erased_person import REQUEST, VOICE_PATH, Film, _seen, digest_of, holding, make_film

VOICE = MediaFacts("audio", samples=96_000, sample_rate=48_000)


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return make_film(tmp_path / "film")


def second_person(production: Production, film: Film) -> str:
    """Somebody else in the same voice capture."""
    other = add_person(production, identity={"name": "Somebody Else"}, contact={})
    depict(production, other, film.ids["voice"], how="heard", biometric=True)
    return other


def sections_with(production: Production, digest: str) -> list[tuple[str, str]]:
    """(kind of event, prefix of the key) of every `bytes` section that opens to say this digest."""
    found = []
    for entry in production.recorded():
        named = getattr(entry.event, "bytes", None)
        stored, _ = production.entry(entry.index)
        keys = {section.name: section.key_id[:2] for section in stored.sections}
        if named is not None and digest.encode() in msgspec.json.encode(named):
            found.append((entry.leaf.type, keys["bytes"]))
    return found


# ------------------------------------------------------------------------------------------ several people in one capture


def test_what_somebody_elses_hold_keeps_of_a_shared_capture_survives_an_erasure(film: Film) -> None:
    with film.open() as production:
        other = second_person(production, film)
        hold = place_hold(production, other, "legal-hold", ["likeness", "identity"])
        made = plan(production, film.alias, REQUEST)
        erase_person(production, film.order(production))

        assert made.shared == {other: True}
        assert [(one.holds, one.hold, one.sections) for one in made.order.fact.kept] == [("likeness", hold, 4)]
        assert sections_with(production, digest_of("voice")) == [("version.seen/1", "s:"), ("step.performed/1", "")]
        assert [person.alias for person in persons(production.index)] == [other]

        lift_hold(production, hold)
        film.alias = other
        erase_person(production, film.order(production))

    assert holding(film.folder, digest_of("voice").encode(), bytes.fromhex(digest_of("voice"))) == []


def test_the_dry_run_names_others_whose_capture_goes_along(film: Film) -> None:
    with film.open() as production:
        other = second_person(production, film)

        assert plan(production, film.alias, REQUEST).shared == {other: False}


def test_an_older_take_at_the_same_place_is_asked_about_and_can_be_taken_along(film: Film) -> None:
    with film.open() as production:
        take = production.world.new_id()
        older = msgspec.structs.replace(
            _seen(film, "plain", VOICE_PATH, VOICE), fact=_seen(film, "voice", "", VOICE).fact
        )
        older = msgspec.structs.replace(older, fact=msgspec.structs.replace(older.fact, version=take))
        production.append([older])
        before = plan(production, film.alias, REQUEST)
        declare_takes(production, film.alias, before.takes)
        after = plan(production, film.alias, REQUEST)

        assert (before.takes, after.takes) == ((take,), ())
        assert takes_beside(production.index, [take]) == [film.ids["voice"]]
        assert len(after.order.fact.erased) > len(before.order.fact.erased)


# ------------------------------------------------------------------------------------------ what comes in between, and later


def test_a_hold_that_is_acknowledged_while_an_erasure_runs_stops_it(
    film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    with film.open() as production:
        order, asked = film.order(production), list[str]()

        def overtaken(record: object, fact: object) -> None:
            if not asked:
                with film.open() as other:
                    asked.append(place_hold(other, film.alias, "legal-hold", ["identity", "likeness"]))

        monkeypatch.setattr("edgecode.production.erasing.ordering._refuse_waiting", overtaken)
        with pytest.raises(RefusedError) as refused:
            erase_person(production, order)

        assert refused.value.code == "erasure.order_outdated"
        assert [hold.hold for hold in holds(production.index)] == asked
        assert [person.alias for person in persons(production.index)] == [film.alias]


def test_one_order_is_recorded_once_however_many_carry_it_out(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    with film.open() as production:
        order, done = film.order(production), list[int]()

        def overtaken(record: object, fact: object) -> None:
            if not done:
                done.append(-1)
                with film.open() as other:
                    done.append(erase_person(other, order))

        monkeypatch.setattr("edgecode.production.erasing.ordering._refuse_waiting", overtaken)
        with pytest.raises(RefusedError) as refused:
            erase_person(production, order)

        assert refused.value.code == "erasure.done"
        assert [one.log_index for one in erasures(production.index)] == done[1:]


def test_nothing_is_promised_about_somebody_who_was_erased_meanwhile(film: Film) -> None:
    with film.open() as late:
        with film.open() as production:
            erase_person(production, film.order(production))
        with pytest.raises(Exception, match="nobody here has that alias"):
            place_hold(late, film.alias, "legal-hold", ["identity"])


def test_what_another_process_knew_of_an_erased_capture_does_not_come_back(film: Film) -> None:
    with film.open() as late:
        with film.open() as production:
            erase_person(production, film.order(production))
        size = late.log.refresh()
        claimed = StepPerformed(
            StepFact(late.world.new_id(), StepKind.GENERATE, "record", Grade.LOGGED, (film.ids["shot"],)),
            StepBytes({film.ids["voice"]: digest_of("voice")}),
        )
        for event in (_seen(film, "voice", VOICE_PATH, VOICE), claimed):
            with pytest.raises(RefusedError) as refused:
                late.append([event])
            assert refused.value.code == "erasure.comes_back"

        assert late.log.refresh() == size
    assert holding(film.folder, digest_of("voice").encode(), bytes.fromhex(digest_of("voice"))) == []


def test_what_waits_in_the_inbox_about_a_capture_stops_its_erasure_and_is_refused_after_it(film: Film) -> None:
    with film.open() as production, InboxWriter(film.folder, world=film.world) as writer:
        order = film.order(production)
        writer.accept([_seen(film, "voice", "capture2/copy.wav", VOICE)])
        with pytest.raises(HeldError) as held:
            erase_person(production, order)
        sequence(production)
        assert ("version.seen/1", "") not in sections_with(production, digest_of("voice"))

        erase_person(production, film.order(production))
        writer.accept([_seen(film, "voice", "capture3/copy.wav", VOICE)])
        done = sequence(production)

        assert (held.value.code, done.sealed, done.refused) == ("erasure.inbox_waiting", 0, 1)


def test_a_copy_that_is_seen_after_the_declaration_is_sealed_with_the_persons_key(film: Film) -> None:
    with film.open() as production:
        copy = _seen(film, "voice", "capture/a_copy.wav", VOICE)
        production.append(
            [msgspec.structs.replace(copy, fact=msgspec.structs.replace(copy.fact, version=film.world.new_id()))]
        )

        assert sections_with(production, digest_of("voice")) == [
            ("version.seen/1", "s:"),
            ("step.performed/1", ""),
            ("version.seen/1", "s:"),
        ]
        assert isinstance(next(production.recorded(production.log.size - 1)).event, VersionSeen)


# ------------------------------------------------------------------------------------------ two people, at every door


def findings(film: Film) -> list[str]:
    found, _ = audit_of(film.folder)
    told: list[str] = []
    audit_whole(film.folder, tell=lambda finding: told.append(finding.code))
    codes = [finding.code for finding in found.report.findings]
    assert set(codes) == set(told)
    return codes


def test_an_erasure_that_nobody_approved_erases_nothing_and_is_a_finding(film: Film) -> None:
    with film.open() as production:
        production.append([PersonErased(plan(production, film.alias, REQUEST).order.fact)])
    with film.open() as production:
        production.rebuild_index()

        assert [person.alias for person in persons(production.index)] == [film.alias]
        assert ("version.seen/1", "s:") in sections_with(production, digest_of("voice"))
    assert findings(film) == ["erasure.unapproved"]


def test_a_key_that_signs_the_log_or_did_once_approves_nothing(film: Film) -> None:
    with film.open() as production:
        first = production.signer
        order = approve(production, plan(production, film.alias, REQUEST).order, film.signers[0])
        with pytest.raises(RefusedError) as named:
            name_approver(production, first.public.hex())
        with pytest.raises(RefusedError) as signed:
            approve(production, order, first)
    create_key_file(film.state / "second.key")
    rotate_key(film.folder, "file:.edgecode/second.key", world=film.world)
    retire_key(film.folder, world=film.world)
    with film.open() as production, pytest.raises(RefusedError) as later:
        name_approver(production, first.public.hex())

    assert {one.value.code for one in (named, signed, later)} == {"approver.signing_key"}


def test_the_logs_own_key_as_an_approver_on_record_makes_an_erasure_unapproved(
    film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("persons.noting", "erasing.ordering"):
        monkeypatch.setattr(f"edgecode.production.{module}.refuse_signing_key", lambda record, key: None)
    with film.open() as production:
        name_approver(production, production.signer.public.hex())
        order = plan(production, film.alias, REQUEST).order
        for signer in (film.signers[0], production.signer):
            order = approve(production, order, signer)
        with pytest.raises(RefusedError) as refused:
            erase_person(production, Order(order.fact))
        production.append([PersonErased(order.fact)])

    assert refused.value.code == "erasure.bad_approval"
    assert findings(film) == ["erasure.unapproved"]


# ------------------------------------------------------------------------------------------ ids, aliases, clocks


@pytest.mark.parametrize("row", [2, 5])
def test_an_altered_table_of_ids_hides_no_section_from_an_erasure(film: Film, row: int) -> None:
    with film.open() as production:
        order = film.order(production, also_text=[film.ids["step"]])
    altered = apsw.Connection(str(film.state / "ledger.db"))
    altered.execute("update event_id set id = zeroblob(16) where pk = ?", (row,))
    altered.close()
    with film.open() as production:
        erase_person(production, order)

    assert holding(film.folder, digest_of("voice").encode(), bytes.fromhex(digest_of("voice"))) == []


def test_two_persons_of_one_alias_are_told_apart_by_what_was_noted_first(film: Film) -> None:
    with film.open() as production:
        fact = note_fact(production)
        production.append([PersonNoted(fact, PersonSection("p-" + "0" * 32, film.alias, {"name": "x"}))])
        with pytest.raises(InputError) as ambiguous:
            note_person(production, film.alias, "other", {"a": "b"})
        given = rename_person(production, fact.note)

        assert (ambiguous.value.code, fact.note in ambiguous.value.sentence) == ("person.ambiguous", True)
        assert {person.alias for person in persons(production.index)} == {film.alias, given}
        assert given != film.alias


@pytest.mark.parametrize("place", ["sqlite", "postgres"])
def test_persons_who_are_noted_at_the_same_time_each_get_an_alias(
    tmp_path: Path, place: str, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres") if place == "postgres" else None
    stores = {name: server.database() for name in ("ledger", "keys", "index")} if server is not None else None
    Production.create(tmp_path / "show", title="A Show", stores=stores).close()

    def note(_: int) -> list[str]:
        with Production.open(tmp_path / "show") as production:
            return [add_person(production, identity={"name": "x"}, contact={}) for _ in range(3)]

    with ThreadPoolExecutor(4) as pool:
        given = [alias for found in pool.map(note, range(4)) for alias in found]

    with Production.open(tmp_path / "show") as production:
        assert [person.alias for person in persons(production.index)] == sorted(given)
    assert len(set(given)) == 12


def test_a_shared_capture_under_a_hold_survives_an_erasure_on_postgresql_too(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    film = make_film(tmp_path / "film", stores={name: postgres.database() for name in ("ledger", "keys", "index")})
    with film.open() as production:
        place_hold(production, second_person(production, film), "legal-hold", ["likeness"])
        made = plan(production, film.alias, REQUEST)
        erase_person(production, film.order(production))

        assert made.takes == ()
        assert sections_with(production, digest_of("voice")) == [("version.seen/1", "s:"), ("step.performed/1", "")]


def note_fact(production: Production) -> NoteFact:
    return NoteFact(production.world.new_id(), "identity")


def test_a_clock_that_was_put_forward_to_end_a_hold_is_said(film: Film) -> None:
    with film.open() as production:
        place_hold(production, film.alias, "legal-hold", ["identity", "likeness"], until="2027-03-31")
    film.clock.day = "2028-01-01"
    with film.open() as production:
        erase_person(production, film.order(production))
    film.clock.day = "2026-11-24"
    with film.open() as production:
        add_person(production, identity={"name": "z"}, contact={})
        said = list(clock_findings(production.ledger))

    assert [entry for entry, _ in said] == [production.log.size - 1]


def test_an_erasure_of_what_a_hold_keeps_is_a_finding_whatever_made_it(
    film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    with film.open() as production:
        place_hold(production, film.alias, "legal-hold", ["identity", "likeness"], until="2027-03-31")
        monkeypatch.setattr("edgecode.production.erasing.ordering.holds_in_force", lambda record, person, today: [])
        erase_person(production, film.order(production))

    assert findings(film) == ["erasure.held"]
