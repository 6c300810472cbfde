"""What the desk keeps of a person goes with the person, stays where a hold keeps it, and is handed over when they ask."""

import json
from contextlib import closing
from pathlib import Path

import apsw
import msgspec
import pytest

from edgecode.answers.desk.persons import persons_answer
from edgecode.answers.packs.disclosure import OwnRecord
from edgecode.drivers.sealed_letters import create_reader_key, open_reader_key, open_with_key, seal_to_key
from edgecode.errors import RefusedError
from edgecode.events.kinds import TextSection
from edgecode.events.paper_kinds import ContestFact, StatementContested, StatementFact, StatementIssued
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import RIGHTS_KINDS, DocumentBytes, DocumentKept
from edgecode.index.persons import erasures, person_called, persons
from edgecode.index.rights import rights
from edgecode.ledger.packs import ANSWER, verify_pack
from edgecode.ledger.policy import Policy
from edgecode.ledger.verify import Verdict
from edgecode.ledger.zips import read_zip
from edgecode.production import audit_of
from edgecode.production.erasing.again import erase_again
from edgecode.production.erasing.certificates import certificate_pack
from edgecode.production.erasing.lost import plan_lost
from edgecode.production.erasing.ordering import approve, erase_person, plan
from edgecode.production.log.recovering import recover
from edgecode.production.packs.disclosing import disclose, own_record
from edgecode.production.packs.making import cut_pack
from edgecode.production.persons.noting import add_person, person_of, place_hold
from postgres_server import PostgresServer
from production.desk_secrets import Planted, desk_events
from production.erased_person import REQUEST, VOICE_PATH, Film, holding, make_film


@pytest.fixture
def planted() -> Planted:
    return Planted()


@pytest.fixture
def film(tmp_path: Path, planted: Planted) -> Film:
    return _with_desk(make_film(tmp_path / "film"), planted)


def _with_desk(film: Film, planted: Planted) -> Film:
    with film.open() as production:
        (person,) = persons(production.index)
        ids = {"version": film.ids["voice"], "cut": film.ids["cut"]}
        events = desk_events(person.ref, person.alias, new=film.world.new_id, planted=planted, **ids)
        assert {type(event) for event in events} == set(RIGHTS_KINDS)
        production.append(events)
    return film


def forms(word: str) -> list[str]:
    """A secret as it is, as digests, and as percent-encoded places hold it."""
    return [word, word.encode().hex(), word.encode().hex().upper(), "".join(f"%{byte:02x}" for byte in word.encode())]


def test_nothing_of_the_desks_records_of_a_person_is_left_after_their_erasure(film: Film, planted: Planted) -> None:
    with film.open() as production:
        erase_person(production, film.order(production, also_text=[film.ids["step"]]))
        number = erasures(production.index)[0].erasure
        data, given = certificate_pack(production, number)
        grown = production.index_dump()
        production.rebuild_index()

        assert production.index_dump() == grown
        assert persons(production.index) == []
        assert (given.complete, verify_pack(data, Policy.of_keys(production.log.key)).findings) == (True, ())
        assert [kept for kept in rights(production.index) if kept.person is not None] == []
    assert holding(film.folder, *(form.encode() for word in planted.of_the_person() for form in forms(word))) == []
    assert (audit_of(film.folder)[0].verdict, audit_of(film.folder)[0].report.findings) == (Verdict.UNWITNESSED, ())


def test_the_digest_and_the_words_of_a_statement_go_with_its_payee(film: Film) -> None:
    digest = "5e" * 32
    with film.open() as production:
        person = person_called(production.index, film.alias)
        payee = PersonSection(person.ref, person.alias)
        statement, contested = film.world.new_id(), film.world.new_id()
        production.append(
            [
                StatementIssued(
                    StatementFact(statement, 1, (film.ids["cut"],), 9, "ab" * 32), DocumentBytes(digest, 5), payee
                ),
                StatementContested(
                    ContestFact(contested, statement, "dispute", "2026-11-24", 2),
                    TextSection((("reason", "Zanzibar was counted twice"),)),
                    payee,
                ),
            ]
        )
        erase_person(production, film.order(production))
        kept = rights(production.index, StatementIssued, StatementContested)

        assert [(one.erased, getattr(one.event, "bytes", None)) for one in kept] == [(True, None), (True, None)]
    assert holding(film.folder, digest.encode(), bytes.fromhex(digest), b"Zanzibar was counted twice") == []


def test_keys_of_agreements_go_with_the_person_and_those_of_licenses_stay(film: Film) -> None:
    with film.open() as production:
        before = [key for key in production.keys.key_ids() if key.startswith("a:")]
        erase_person(production, film.order(production))
        after = [key for key in production.keys.key_ids() if key.startswith("a:")]

    # A consent, a representation and a license.
    assert (len(before), len(after)) == (3, 1)


def test_a_hold_on_agreements_keeps_them_whole_and_lets_the_rest_go(film: Film, planted: Planted) -> None:
    with film.open() as production:
        place_hold(production, film.alias, "dispute", ["agreement"])
        kept = plan(production, film.alias, REQUEST).order.fact.kept
        erase_person(production, film.order(production))
        again = {right.kind for right in person_of(production, film.alias).rights}
        grown = production.index_dump()
        production.rebuild_index()

        assert ([one.holds for one in kept], production.index_dump() == grown) == (["agreement", "other"], True)
        assert again == {
            "agreement.recorded",
            "agreement.moved",
            "approval.given",
            "document.kept",
            "representation.recorded",
            "standing.stated",
        }
        assert all(
            one.event.terms is not None for one in rights(production.index) if one.event.TYPE == "agreement.recorded/1"
        )
    assert audit_of(film.folder)[0].report.findings == ()


def test_an_order_lists_the_papers_whose_files_are_not_touched(film: Film, planted: Planted) -> None:
    with film.open() as production:
        (paper,) = (one.event for one in rights(production.index, DocumentKept))
        files = plan(production, film.alias, REQUEST).files

    assert isinstance(paper, DocumentKept) and paper.place is not None
    assert files == (paper.place.text, VOICE_PATH)


def test_erasing_what_the_desk_keeps_on_postgresql_leaves_nothing_that_can_be_read(
    tmp_path: Path, postgres: PostgresServer, planted: Planted
) -> None:
    stores = {name: postgres.database() for name in ("ledger", "keys", "index")}
    film = _with_desk(make_film(tmp_path / "film", stores=stores), planted)
    with film.open() as production:
        erase_person(production, film.order(production))
        grown = production.index_dump()
        production.rebuild_index()

        assert (persons(production.index), production.index_dump() == grown) == ([], True)
    assert audit_of(film.folder)[0].report.findings == ()


def test_a_person_is_handed_everything_that_the_desk_keeps_of_them_and_nothing_else(
    film: Film, planted: Planted, tmp_path: Path
) -> None:
    public = create_reader_key(tmp_path / "reader.key")
    with film.open() as production:
        sealed = own_record(production, film.alias, seal=lambda data: seal_to_key(data, public))
        data = open_with_key(sealed, open_reader_key(tmp_path / "reader.key"))
        report = verify_pack(data, Policy.of_keys(production.log.key))
    answer = msgspec.json.decode(read_zip(data).members[ANSWER], type=OwnRecord)
    said = json.dumps([msgspec.to_builtins(one) for one in answer.rights])

    assert report.findings == ()
    assert [word for word in planted.of_the_person() if not any(form in said for form in forms(word))] == []
    assert [word for word in planted.words if word not in planted.of_the_person() and word in said] == []
    assert not any(word.encode() in sealed for word in planted.words)


def test_a_list_of_persons_counts_what_the_desk_keeps_by_class(film: Film) -> None:
    with film.open() as production:
        (line,) = persons_answer(production.index, today="2026-11-23").persons

    assert line.classes == {
        "agreement": 6,
        "claim": 1,
        "contact": 1,
        "identity": 2,
        "likeness": 4,
        "other": 5,
        "session": 1,
    }


def test_terms_and_words_about_a_person_are_opened_to_a_reader_only(film: Film, tmp_path: Path) -> None:
    public = create_reader_key(tmp_path / "reader.key")
    with film.open() as production:
        sections = {
            (entry.leaf.type, name): entry.index for entry in production.recorded(0) for name in entry.leaf.commitments
        }
        refused = []
        for (type_, name), index in sections.items():
            try:
                disclose(production, index, name)
            except RefusedError:
                refused.append((type_, name))
        opened = disclose(
            production, sections["agreement.recorded/1", "terms"], "terms", seal=lambda data: seal_to_key(data, public)
        )

    assert {
        ("agreement.recorded/1", "terms"),
        ("payment.recorded/1", "recipe"),
        ("determination.made/1", "text"),
    } <= set(refused)
    assert {name for _, name in refused} == {"person", "terms", "text", "recipe", "bytes", "place"}
    assert open_with_key(opened, open_reader_key(tmp_path / "reader.key"))


def test_a_pack_of_a_cut_takes_nothing_of_the_desk_along(film: Film, planted: Planted) -> None:
    with film.open() as production:
        data, _ = cut_pack(production, "reel1")
        members = read_zip(data).members

        assert verify_pack(data, Policy.of_keys(production.log.key)).findings == ()
    assert [word for word in planted.words if any(word.encode() in part for part in members.values())] == []
    own = [kind.TYPE.encode() for kind in RIGHTS_KINDS]
    assert [name for name, part in members.items() if name.endswith("leaf") and any(kind in part for kind in own)] == []


def test_an_erasure_of_a_session_that_a_hold_keeps_is_a_finding_whatever_made_it(
    film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    with film.open() as production:
        place_hold(production, film.alias, "legal-hold", ["session"], until="2027-03-31")
        monkeypatch.setattr("edgecode.production.erasing.ordering.holds_in_force", lambda record, person, today: [])
        erase_person(production, film.order(production))

    assert [one.code for one in audit_of(film.folder)[0].report.findings] == ["erasure.held"]


def test_the_terms_of_a_lost_person_in_a_former_ledger_go_with_them(film: Film, tmp_path: Path) -> None:
    planted = Planted()
    with film.open() as production:
        size, first = production.log.size, set(production.keys.key_ids())
        late = add_person(production, identity={"name": "Late"}, contact={})
        ref = person_called(production.index, late).ref
        production.append(
            desk_events(
                ref, late, new=film.world.new_id, planted=planted, version=film.ids["shot"], cut=film.ids["cut"]
            )
        )
    with closing(apsw.Connection(str(film.state / "ledger.db"))) as ledger:
        # What comes behind the altered entry is in no successor.
        for (trigger,) in ledger.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            ledger.execute(f"drop trigger {trigger}")
        altered = "update entry set leaf = cast(replace(cast(leaf as text), 'k:', 'k;') as blob) where pk = ?"
        ledger.execute(altered, (size,))
    recover(film.folder, force="damaged", world=film.world)
    with film.open() as production:
        order = plan_lost(production, late, REQUEST).order
        for signer in film.signers:
            order = approve(production, order, signer)
        erase_again(production, order.fact)
        left = {key for key in production.keys.key_ids() if key.startswith(("a:", "s:"))} - first

    # A license is nobody's.
    assert len(left) == 1
