"""Erasing a person: nothing of them stays in any file, nothing else changes, and whatever interrupts it is carried on."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.answers.coverage.answer import Coverage
from edgecode.answers.matchback.answer import matchback
from edgecode.answers.matchback.people_seen import PersonSeen
from edgecode.answers.matchback.text import matchback_text
from edgecode.drivers.key_files import FileSigner
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.errors import HeldError, InputError, NotFoundError, RefusedError, UnavailableError
from edgecode.events.codec import parse_leaf
from edgecode.events.person_kinds import NoteFact, PersonNoted, PersonSection
from edgecode.index.catalogue import edge_code, resolve_edge_code, version
from edgecode.index.persons import next_alias, persons
from edgecode.index.store import IndexStore
from edgecode.ledger.verify import Verdict
from edgecode.production import Production, audit_of
from edgecode.production.erasing.ordering import Order, Request, approve, erase_person, plan
from edgecode.production.persons.noting import (
    add_person,
    depict,
    lift_hold,
    name_approver,
    note_person,
    person_of,
    place_hold,
    retire_approver,
)
from edgecode.terms.identity import EdgeCode
from production.erased_person import (
    FEE,
    MAIL,
    NAME,
    PROMPT,
    REQUEST,
    VOICE_PATH,
    Film,
    another_cut,
    digest_of,
    holding,
    make_film,
)


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return make_film(tmp_path / "film")


def coverage(production: Production) -> Coverage:
    """Coverage of the reel, without the state of the ledger that it was given from."""
    found = production.coverage(production.view("reel1"))
    return msgspec.structs.replace(found, ledger=msgspec.structs.replace(found.ledger, size=0, root=""))


def people(production: Production, frame: str) -> list[PersonSeen]:
    answer = matchback(production.index, production.view("reel1"), frame)
    return [person for one in answer.on_screen for person in one.people]


def secrets(production: Production) -> list[bytes]:
    """What must be gone: words, contacts, prices, prompts, the ref, the key, digests of the capture and the place of its file."""
    (person,) = persons(production.index)
    key = production.keys.key(f"s:{person.ref}")
    digest = digest_of("voice")
    assert key is not None
    return [
        *(text.encode() for text in (NAME, MAIL, FEE, PROMPT, person.ref, digest)),
        key,
        bytes.fromhex(digest),
        f"{VOICE_PATH}".encode(),
    ]


def erase(film: Film, production: Production, request: Request = REQUEST) -> int:
    return erase_person(production, film.order(production, request, also_text=[film.ids["step"]]))


def verdict(film: Film) -> tuple[Verdict, list[str]]:
    found, _ = audit_of(film.folder)
    return found.verdict, [finding.code for finding in found.report.findings]


# ------------------------------------------------------------------------------------------ residue


def test_an_erasure_leaves_no_byte_of_the_person_in_any_file(film: Film) -> None:
    with film.open() as production:
        wanted = secrets(production)
        production.publish()
        before = [holding(film.folder, one) for one in wanted]
        erase(film, production)
        production.publish()
        during = holding(film.folder, *wanted[:-1])

    # What cuts call their media is theirs and stays; the certificate says so.
    assert (during, holding(film.folder, *wanted[:-1])) == ([], [])
    assert holding(film.folder, wanted[-1]) == [".edgecode/index.db"]
    assert [bool(found) for found in before] == [False, False, False, False, True, True, True, True, True]


def test_the_search_would_have_found_what_a_careless_deletion_leaves(tmp_path: Path) -> None:
    with closing(apsw.Connection(str(tmp_path / "careless.db"))) as database:
        database.pragma("secure_delete", 0)
        database.execute("create table payload(pk integer primary key, data blob)")
        database.execute("insert into payload values (1, ?), (2, ?)", (NAME.encode(), b"other"))
        database.execute("delete from payload where pk = 1")

    assert holding(tmp_path, NAME.encode()) == ["careless.db"]


def test_an_erasure_changes_no_proof_no_root_and_no_entry(film: Film) -> None:
    with film.open() as production:
        size, root, head = production.log.size, production.log.root, production.log.checkpoint()

        def proofs() -> list[tuple[bytes, bytes]]:
            return [
                (entry.leaf, production.log.proof(entry.index, checkpoint=head))
                for entry in production.log.entries(0, size)
            ]

        before = proofs()
        erase(film, production)

        assert (production.log.root_at(size), proofs(), len(before)) == (root, before, size)


def test_the_coverage_of_a_cut_stays_what_it_was_and_a_match_by_path_stays_one(film: Film) -> None:
    with film.open() as production:
        before = coverage(production)
        erase(film, production)

        assert coverage(production) == before
        assert before.by_conform["content"] == 96
        assert before.audio is not None


def test_matchback_says_erased_where_it_said_an_alias(film: Film) -> None:
    with film.open() as production:
        before = people(production, "10")
        erase(film, production)
        after = people(production, "10")
        text = matchback_text(matchback(production.index, production.view("reel1"), "10"))

    assert {(one.alias, one.how, one.state) for one in before} == {
        ("P-01", "heard", "recorded"),
        ("P-01", "likeness-source", "recorded"),
    }
    assert {(one.alias, one.how, one.state, one.erased_on) for one in after} == {
        (None, "heard", "erased", "2026-11-23"),
        (None, "likeness-source", "erased", "2026-11-23"),
    }
    assert "people: a person, erased 2026-11-23" in text


def test_only_the_frames_that_need_somebody_name_them(film: Film) -> None:
    with film.open() as production:
        outside = [one.how for one in people(production, "60")]

        assert outside == ["likeness-source"]


def test_an_erased_record_verifies_and_says_what_is_erased(film: Film) -> None:
    with film.open() as production:
        erase(film, production)
    found, _ = audit_of(film.folder)

    assert (found.verdict, found.report.findings) == (Verdict.UNWITNESSED, ())
    assert found.sections["erased"] == 10


def test_an_index_made_again_equals_the_one_after_the_erasure(film: Film) -> None:
    with film.open() as production:
        erase(film, production)
        note_person(production, add_person(production, identity={"name": "B"}, contact={}), "claim", {"a": "b"})
        grown = production.index_dump()
        production.rebuild_index()

        assert production.index_dump() == grown


def test_the_edge_code_of_a_declared_capture_is_the_same_after_its_erasure(film: Film) -> None:
    with film.open() as production:
        shown = version(production.index, film.ids["voice"])
        assert shown is not None
        old = edge_code(production.index, shown)
        erase(film, production)
        again = version(production.index, film.ids["voice"])
        assert again is not None and old is not None
        new = edge_code(production.index, again)
        assert new is not None

        assert (again.sha256, again.places, new.digits) == (None, (), old.digits)
        assert [row.key for row in resolve_edge_code(production.index, new)] == [film.ids["voice"]]
        assert (
            resolve_edge_code(production.index, EdgeCode.of_digest(digest_of("voice"), origin="P"), retired=True) == []
        )


def test_an_old_copy_of_the_ledger_cannot_be_read_with_the_keys_of_today(film: Film, tmp_path: Path) -> None:
    shutil.copy(film.state / "ledger.db", tmp_path / "old.db")
    with film.open() as production:
        erase(film, production)
    with (
        closing(apsw.Connection(str(tmp_path / "old.db"))) as old,
        closing(SqliteKeys(film.state / "keys.db", read_only=True)) as keys,
    ):
        rows = old.execute("select pk, key_id from payload where key_id like 's:%'").fetchall()
        assert len(rows) >= 5

        assert [keys.key(key) for _, key in rows] == [None] * len(rows)
        assert all(keys.is_destroyed(key) for _, key in rows)


def test_an_alias_is_never_given_twice(film: Film) -> None:
    with film.open() as production:
        erase(film, production)

        assert add_person(production, identity={"name": "Somebody Else"}, contact={}) == "P-02"


# ------------------------------------------------------------------------------------------ interrupted


class Stop(Exception):
    """The power goes."""


STEPS: list[tuple[str, Callable[[Production], object], str]] = [
    ("before the remembered files", lambda production: production.cache, "forget_forever"),
    ("before what stays is resealed", lambda production: production.keys, "key_ids"),
    ("before the keys", lambda production: production.keys, "destroy_forever"),
    ("before the sections", lambda production: production.ledger, "erase_forever"),
    ("before the index", lambda production: production.index, "forget_forever"),
    ("before the index is made again", lambda production: production, "catch_up"),
]


@pytest.mark.parametrize(("when", "of", "name"), STEPS, ids=[step[0] for step in STEPS])
@pytest.mark.parametrize("after", [False, True], ids=["not done", "done and not acknowledged"])
def test_an_interrupted_erasure_is_carried_on_when_the_production_opens(
    film: Film,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
    of: Callable[[Production], object],
    name: str,
    *,
    after: bool,
) -> None:
    with film.open() as production:
        wanted = secrets(production)
        order = film.order(production, also_text=[film.ids["step"]])
        before = coverage(production)
        target, calls = of(production), 0
        real = getattr(target, name)

        def stopped(*arguments: object, **named: object) -> object:
            nonlocal calls
            calls += 1
            # `append` catches up as well, before anything is destroyed, and holds no waiting keys.
            if name == "catch_up" and calls == 1:
                return real(*arguments, **named)
            if after:
                real(*arguments, **named)
            raise Stop

        monkeypatch.setattr(target, name, stopped)
        with pytest.raises(Stop):
            erase_person(production, order)
        monkeypatch.undo()

    with film.open() as production:
        grown = production.index_dump()

        assert (people(production, "10")[0].state, coverage(production) == before) == ("erased", True)
        production.rebuild_index()
        assert production.index_dump() == grown
    assert holding(film.folder, *wanted[:-1]) == []
    assert verdict(film) == (Verdict.UNWITNESSED, [])


def test_an_erasure_that_was_recorded_and_not_carried_out_is_a_finding(film: Film) -> None:
    with film.open() as production:
        order = film.order(production)
        production.ledger.erase_forever = _stop  # type: ignore[method-assign,assignment]
        with pytest.raises(Stop):
            erase_person(production, order)

    unfinished = verdict(film)
    film.open().close()

    assert unfinished[0] is Verdict.INVALID
    assert set(unfinished[1]) == {"erasure.unfinished"}
    assert verdict(film) == (Verdict.UNWITNESSED, [])


def test_somebody_who_reads_holds_an_erasure_up_and_no_work(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgecode.drivers.sqlite_erasing.READERS_MILLISECONDS", 50)
    with film.open() as production:
        wanted = secrets(production)[:-1]
        order = film.order(production, also_text=[film.ids["step"]])
        before = coverage(production)
    with closing(apsw.Connection(str(film.state / "index.db"))) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from version").fetchall()
        with film.open() as production, pytest.raises(UnavailableError, match=r"ledger\.residue"):
            erase_person(production, order)
        with film.open() as production:
            assert (coverage(production), persons(production.index)) == (before, [])
        held_up = holding(film.folder, *wanted)

    film.open().close()
    assert ([name.partition("-")[0] for name in held_up[:1]], holding(film.folder, *wanted)) == (
        [".edgecode/index.db"],
        [],
    )


def test_a_section_that_is_gone_without_an_erasure_stays_a_finding(film: Film) -> None:
    with closing(apsw.Connection(str(film.state / "ledger.db"))) as database:
        database.execute(
            "delete from payload where section = 'person' and pk = (select max(pk) from payload where section = 'person')"
        )

    assert verdict(film) == (Verdict.UNVERIFIABLE, ["section.missing"])


def _stop(*_: object) -> None:
    raise Stop


# ------------------------------------------------------------------------------------------ who may


def test_an_order_needs_two_different_approvers(film: Film) -> None:
    with film.open() as production:
        order = plan(production, film.alias, REQUEST).order
        once = approve(production, order, film.signers[0])

        with pytest.raises(HeldError, match=r"erasure\.unapproved"):
            erase_person(production, once)
        with pytest.raises(RefusedError, match=r"erasure\.approved_twice"):
            approve(production, once, film.signers[0])
        with pytest.raises(RefusedError, match=r"erasure\.not_approver"):
            approve(production, once, FileSigner(Ed25519PrivateKey.generate()))


def test_an_approval_given_twice_by_hand_is_refused(film: Film) -> None:
    with film.open() as production:
        once = approve(production, plan(production, film.alias, REQUEST).order, film.signers[0])
        fact = msgspec.structs.replace(once.fact, approvals=once.fact.approvals * 2)

        with pytest.raises(RefusedError, match=r"erasure\.bad_approval"):
            erase_person(production, Order(fact))


def test_one_key_is_one_approver(film: Film) -> None:
    with film.open() as production, pytest.raises(RefusedError, match=r"approver\.known"):
        name_approver(production, film.signers[0].public.hex())


def test_a_retired_approver_counts_no_more(film: Film) -> None:
    with film.open() as production:
        order = film.order(production)
        retire_approver(production, order.fact.approvals[0].approver)

        with pytest.raises(RefusedError, match=r"erasure\.bad_approval"):
            erase_person(production, order)
        with pytest.raises(RefusedError, match=r"erasure\.not_approver"):
            approve(production, plan(production, film.alias, REQUEST).order, film.signers[0])


def test_an_approval_is_of_exactly_one_order(film: Film) -> None:
    with film.open() as production:
        order = film.order(production)
        other = msgspec.structs.replace(order.fact, ground="objection")

        with pytest.raises(RefusedError, match=r"erasure\.bad_approval"):
            erase_person(production, Order(other))


def test_an_altered_order_file_is_refused(film: Film) -> None:
    with film.open() as production:
        data = film.order(production).encode()

    assert Order.parse(data).encode() == data
    for altered in (data + b"\n", data.replace(b'"scope":"whole"', b'"scope":"all"'), b"{}", b"\xff"):
        with pytest.raises(InputError, match=r"erasure\.order_unreadable"):
            Order.parse(altered)


@pytest.mark.parametrize("change", ["note", "depiction", "hold", "cut"])
def test_an_order_is_outdated_by_whatever_changes_what_it_says(film: Film, change: str) -> None:
    with film.open() as production:
        order = film.order(production)
        if change == "note":
            note_person(production, film.alias, "claim", {"owed": "two days"})
        if change == "depiction":
            depict(production, film.alias, film.ids["plain"], how="depicted")
        if change == "hold":
            place_hold(production, film.alias, "dispute", ["agreement"])
        if change == "cut":
            production.append([another_cut(film)])

        with pytest.raises(RefusedError, match=r"erasure\.order_outdated"):
            erase_person(production, order)


def test_an_erasure_happens_once(film: Film) -> None:
    with film.open() as production:
        order = film.order(production)
        erase_person(production, order)

        with pytest.raises(RefusedError, match=r"erasure\.done"):
            erase_person(production, order)
        with pytest.raises(NotFoundError, match=r"person\.unknown"):
            plan(production, film.alias, REQUEST)


def test_nobody_asks_for_somebody_else_on_their_own_word(film: Film) -> None:
    asking = msgspec.structs.replace(REQUEST, requester="representative", verified="in-person")
    with film.open() as production, pytest.raises(RefusedError, match=r"erasure\.unverified"):
        plan(production, film.alias, asking)


def test_nothing_new_is_recorded_of_a_person_whose_key_is_destroyed(film: Film) -> None:
    with film.open() as production:
        (person,) = persons(production.index)
        erase(film, production)

        with pytest.raises(RefusedError, match=r"people\.key_destroyed"):
            production.append([PersonNoted(NoteFact(film.world.new_id(), "claim"), PersonSection(person.ref, "P-01"))])


# ------------------------------------------------------------------------------------------ holds


def test_a_hold_limits_an_erasure_to_what_must_go(film: Film) -> None:
    with film.open() as production:
        wanted = secrets(production)
        place_hold(production, film.alias, "unpaid-statement", ["agreement"], until="2027-03-31", note="invoice 7")
        order = film.order(production, also_text=[film.ids["step"]])
        erase_person(production, order)
        kept = [(one.holds, one.why, one.sections, one.until) for one in order.fact.kept]
        (person,) = persons(production.index)
        left = person_of(production, film.alias)

        assert (order.fact.scope, person.alias) == ("limited", "P-01")
        assert kept == [
            ("agreement", "unpaid-statement", 1, "2027-03-31"),
            ("other", "unpaid-statement", 2, "2027-03-31"),
        ]
        assert [(note.holds, note.values) for note in left.notes] == [("agreement", {"fee": FEE})]
        assert {one.state for one in people(production, "10")} == {"erased"}
        assert production.keys.key(f"s:{person.ref}") is None
    # The ref is in what stays, sealed; in clear it stands in the index alone.
    gone = [one for one in wanted[:-1] if one != person.ref.encode()]
    assert holding(film.folder, *gone) == []
    assert verdict(film) == (Verdict.UNWITNESSED, [])


def test_a_hold_is_over_on_the_day_after_its_last_and_the_rest_can_go(film: Film) -> None:
    with film.open() as production:
        wanted = secrets(production)
        place_hold(production, film.alias, "unpaid-statement", ["agreement"], until="2027-03-31")
        erase_person(production, film.order(production, also_text=[film.ids["step"]]))
    film.clock.day = "2027-03-31"
    with film.open() as production:
        assert film.order(production).fact.scope == "limited"
    film.clock.day = "2027-04-01"
    with film.open() as production:
        order = film.order(production)
        erase_person(production, order)

        assert (order.fact.scope, persons(production.index)) == ("whole", [])
    assert holding(film.folder, *wanted[:-1]) == []
    assert verdict(film) == (Verdict.UNWITNESSED, [])


def test_a_hold_that_was_lifted_keeps_nothing(film: Film) -> None:
    with film.open() as production:
        hold = place_hold(production, film.alias, "legal-hold", ["likeness"], note="letter of counsel")
        held = film.order(production).fact
        lift_hold(production, hold, note="settled")
        erase(film, production)

        assert [one.holds for one in held.kept] == ["likeness", "other"]
        assert persons(production.index) == []
    assert verdict(film) == (Verdict.UNWITNESSED, [])


def test_a_reason_keeps_at_most_what_the_retention_table_lets_it(film: Film) -> None:
    with film.open() as production, pytest.raises(RefusedError, match=r"hold\.keeps_too_much"):
        place_hold(production, film.alias, "unpaid-statement", ["agreement", "likeness"])


@pytest.mark.parametrize("name", ["reseal", "erase_forever"])
def test_an_interrupted_limited_erasure_loses_nothing_that_must_stay(
    film: Film, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with film.open() as production:
        place_hold(production, film.alias, "dispute", ["agreement", "identity"])
        order = film.order(production)
        real = getattr(production.ledger, name)

        def stopped(*arguments: object) -> None:
            real(*arguments)
            raise Stop

        monkeypatch.setattr(production.ledger, name, stopped)
        with pytest.raises(Stop):
            erase_person(production, order)
        monkeypatch.undo()

    with film.open() as production:
        left = person_of(production, film.alias)

        assert [note.values for note in left.notes] == [{"name": NAME}, {"fee": FEE}]
    assert verdict(film) == (Verdict.UNWITNESSED, [])


# ------------------------------------------------------------------------------------------ what is noted


def test_a_bare_hash_of_an_address_is_refused(film: Film) -> None:
    with film.open() as production, pytest.raises(RefusedError, match=r"person\.bare_hash"):
        note_person(production, film.alias, "contact", {"email": f"sha256:{digest_of(MAIL)}"})


def test_a_scan_declared_biometric_is_sealed_with_its_persons_key(film: Film) -> None:
    with film.open() as production:
        (person,) = persons(production.index)
        sealed = {
            (entry.index, section.name): section.key_id
            for entry in production.log.entries(0, production.log.size)
            if parse_leaf(entry.leaf).type == "version.seen/1" and film.ids["voice"].encode() in entry.leaf
            for section in entry.sections
            if section.name != "fact"
        }

        assert set(sealed.values()) == {f"s:{person.ref}"}
        assert {name for _, name in sealed} == {"bytes", "place"}


def test_names_stand_in_no_leaf_and_no_plain_section(film: Film) -> None:
    with film.open() as production:
        plain = [
            section.data
            for entry in production.log.entries(0, production.log.size)
            for section in entry.sections
            if not section.key_id
        ]
        leaves = [entry.leaf for entry in production.log.entries(0, production.log.size)]
        (person,) = persons(production.index)

        assert not any(
            word.encode() in data for word in (NAME, MAIL, FEE, person.ref, "P-01") for data in (*plain, *leaves)
        )


def test_two_writers_who_give_one_alias_at_once_end_with_two(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = next_alias, list[str]()

    def overtaken(store: IndexStore) -> str:
        alias = real(store)
        asked.append(alias)
        if len(asked) == 1:
            with film.open() as other:
                add_person(other, identity={"name": "Somebody Else"}, contact={})
        return alias

    monkeypatch.setattr("edgecode.production.persons.noting.next_alias", overtaken)
    with film.open() as production:
        alias = add_person(production, identity={"name": "A Third"}, contact={"agent": "x"})

        assert [person.alias for person in persons(production.index)] == ["P-01", "P-02", "P-03"]
        assert (asked[0], alias) == ("P-02", "P-03")
