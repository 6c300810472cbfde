"""A log that went back to before an erasure gets it again from whatever shows what was approved; until then nobody is passed over."""

import shutil
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import apsw
import msgspec
import pytest

from edgecode.answers.matchback.answer import OnScreen, matchback
from edgecode.answers.matchback.text import matchback_text
from edgecode.drivers.left_behind import left_ledger
from edgecode.errors import HeldError, InputError, RefusedError
from edgecode.index.persons import erasures, persons
from edgecode.production import Production, audit_of
from edgecode.production.erasing.again import erase_again, erasure_in
from edgecode.production.erasing.certificates import certificate_pack, erasure_certificate
from edgecode.production.erasing.destroying import ORDERS
from edgecode.production.erasing.lost import lost_people, plan_lost
from edgecode.production.erasing.ordering import Order, approve, erase_person
from edgecode.production.log.recovering import recover
from edgecode.production.persons.noting import add_person, depict, note_person
from production.erased_person import REQUEST, Film, digest_of, holding, make_film

VOICE = digest_of("voice").encode()


class Lost:
    """A film whose log went back to before an erasure and was recovered: what is left of the erasure."""

    def __init__(self, film: Film, tmp_path: Path) -> None:
        self.film = film
        shutil.copy(film.state / "ledger.db", tmp_path / "before.db")
        with film.open() as production:
            self.order = film.order(production, also_text=[film.ids["step"]])
            erase_person(production, self.order)
            self.pack, _ = certificate_pack(production, self.order.fact.erasure)
            self.coverage = _coverage(production)
        for path in film.state.glob("ledger.db*"):
            path.unlink()
        shutil.copy(tmp_path / "before.db", film.state / "ledger.db")
        self.kept = tmp_path / "kept"
        shutil.move(film.state / ORDERS, self.kept)
        recover(film.folder, force="lost", world=film.world)


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return make_film(tmp_path / "film")


@pytest.fixture
def lost(film: Film, tmp_path: Path) -> Lost:
    return Lost(film, tmp_path)


def _coverage(production: Production) -> object:
    found = production.coverage(production.view("reel1"))
    return msgspec.structs.replace(found, ledger=msgspec.structs.replace(found.ledger, size=0, root="", origin=""))


def on_screen(production: Production) -> tuple[OnScreen, ...]:
    return matchback(production.index, production.view("reel1"), "10").on_screen


def states(production: Production) -> set[tuple[str, str]]:
    return {(person.how, person.state) for one in on_screen(production) for person in one.people}


def test_a_folder_that_kept_the_order_gives_it_back_to_the_log_when_it_is_opened(lost: Lost) -> None:
    shutil.move(lost.kept, lost.film.state / ORDERS)
    with lost.film.open() as production:
        said = production.notices
        again = _coverage(production)
        given = erasure_certificate(production, lost.order.fact.erasure)

    assert (again, given.complete, [lost.order.fact.erasure in one for one in said]) == (lost.coverage, True, [True])
    assert holding(lost.film.folder, VOICE, bytes.fromhex(digest_of("voice"))) == []
    assert [one.code for one in audit_of(lost.film.folder)[0].report.findings] == []


@pytest.mark.parametrize("source", ["the order", "the certificate"])
def test_an_order_and_a_certificate_give_it_back_as_well(lost: Lost, source: str) -> None:
    data = lost.order.encode() if source == "the order" else lost.pack
    with lost.film.open() as production:
        before = states(production)
        erase_again(production, erasure_in(data))
        again, after = _coverage(production), states(production)
        erase_again(production, erasure_in(data))
        entries = [row.erasure for row in erasures(production.index)]

    assert before == {("heard", "unknown"), ("likeness-source", "unknown")}
    assert after == {("heard", "erased"), ("likeness-source", "erased")}
    assert (again, entries) == (lost.coverage, [lost.order.fact.erasure])
    assert holding(lost.film.folder, VOICE) == []


def test_a_file_that_is_neither_order_nor_certificate_is_refused(lost: Lost) -> None:
    for data in (b"", b"{}", b"PK", lost.pack[:200], lost.order.encode()[:-1]):
        with pytest.raises(InputError, match=r"erasure\.order_unreadable"):
            erasure_in(data)


def test_nobody_erases_again_what_two_people_did_not_approve(lost: Lost) -> None:
    fact = msgspec.structs.replace(lost.order.fact, ground="objection")
    with lost.film.open() as production:
        for one in (fact, msgspec.structs.replace(lost.order.fact, approvals=lost.order.fact.approvals[:1])):
            with pytest.raises(HeldError, match=r"erasure\.unapproved"):
                erase_again(production, one)
        assert erasures(production.index) == []


def test_an_approver_who_is_lost_too_counts_again_once_the_key_is_named(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film")
    with film.open() as production:
        order = film.order(production)
        strangers = [msgspec.structs.replace(one, approver=film.world.new_id()) for one in order.fact.approvals]
        fact = msgspec.structs.replace(order.fact, approvals=tuple(strangers))
        erase_again(production, fact)

        assert [row.erasure for row in erasures(production.index)] == [fact.erasure]
        assert persons(production.index) == []


def test_an_erasure_that_covers_less_than_is_recorded_by_now_is_refused(film: Film) -> None:
    with film.open() as production:
        order: Order = film.order(production)
        note_person(production, film.alias, "claim", {"owed": "two days"})
        with pytest.raises(RefusedError, match=r"erasure\.order_outdated"):
            erase_again(production, order.fact)


# ------------------------------------------------------------------------------------------ nobody can tell who


def _key_destroyed(film: Film, ref: str) -> None:
    with closing(apsw.Connection(str(film.state / "keys.db"))) as keys:
        keys.execute("delete from subject_key where key_id = ?", (f"s:{ref}",))
        keys.execute("insert into destroyed_key values (?)", (sha256(f"s:{ref}".encode()).digest(),))


def _sections_deleted(film: Film, ref: str) -> None:
    with closing(apsw.Connection(str(film.state / "ledger.db"))) as ledger:
        ledger.execute("delete from payload where section = 'person'")


@pytest.mark.parametrize(("tamper", "unread"), [(_key_destroyed, 6), (_sections_deleted, 5)])
def test_somebody_whose_section_is_gone_without_an_erasure_is_somebody_unknown_and_no_answer_gets_better(
    film: Film, tamper: Callable[[Film, str], None], unread: int
) -> None:
    with film.open() as production:
        (person,) = persons(production.index)
        before = production.coverage(production.view("reel1"))
    tamper(film, person.ref)
    for path in film.state.glob("index.db*"):
        path.unlink()
    with film.open() as production:
        shown, after = on_screen(production), production.coverage(production.view("reel1"))
        text = matchback_text(matchback(production.index, production.view("reel1"), "10"))

    assert {(one.alias, one.state) for each in shown for one in each.people} == {(None, "unknown")}
    assert {one.reason for each in shown for one in each.unknowns} >= {"person"}
    assert "somebody, unknown (heard)" in text
    assert (before.events_unread, after.events_unread) == (0, unread)


# ------------------------------------------------------------------------------------------ people in lost entries


def test_somebody_in_entries_that_a_recovery_lost_can_be_erased_from_the_former_ledger(film: Film) -> None:
    with film.open() as production:
        size = production.log.size
        late = add_person(production, identity={"name": "Late Person"}, contact={})
        depict(production, late, film.ids["plain"], how="depicted", biometric=True)
    with closing(apsw.Connection(str(film.state / "ledger.db"))) as ledger:
        for (trigger,) in ledger.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            ledger.execute(f"drop trigger {trigger}")
        altered = "update entry set leaf = cast(replace(cast(leaf as text), 'k:', 'k;') as blob) where pk = ?"
        ledger.execute(altered, (size,))
    done = recover(film.folder, force="damaged", world=film.world)
    plain = digest_of("plain").encode()
    with film.open() as production:
        (one,) = lost_people(production)
        order = plan_lost(production, late, REQUEST).order
        for signer in film.signers:
            order = approve(production, order, signer)
        key = production.keys.key(one.keys[0])
        with left_ledger(film.state / done.old_ledger) as former:
            before = len(former.sections_under(one.keys[0]))
        erase_again(production, order.fact)
        with left_ledger(film.state / done.old_ledger) as former:
            after = len(former.sections_under(one.keys[0]))
        given, _ = certificate_pack(production, order.fact.erasure)
        left = (lost_people(production), [person.alias for person in persons(production.index)])

    assert (done.kept, one.alias, one.entries) == (size, late, 2)
    assert (before > 0, after, left, given != b"") == (True, 0, ([], ["P-01"]), True)
    assert key is not None and holding(film.folder, plain, key) == []


def test_what_no_key_opens_any_more_can_be_ordered_without_knowing_whose_it_is(lost: Lost) -> None:
    with lost.film.open() as production:
        order = plan_lost(production, "", REQUEST).order
        for signer in lost.film.signers:
            order = approve(production, order, signer)
        erase_again(production, order.fact)

        assert states(production) == {("heard", "erased"), ("likeness-source", "erased")}
        assert lost_people(production) == []
    assert [one.code for one in audit_of(lost.film.folder)[0].report.findings] == []
