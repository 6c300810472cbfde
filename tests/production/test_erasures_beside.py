"""An erasure reaches what recoveries, moves and other machines left beside; what it cannot reach is named."""

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from edgecode.drivers.scan_cache import ScanCache
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.index.persons import erasures
from edgecode.ledger.verify import Verdict
from edgecode.people.store import id_hash
from edgecode.production import audit_of
from edgecode.production.audit.differences import audit_whole
from edgecode.production.erasing.certificates import certificate_pack, erasure_certificate
from edgecode.production.erasing.destroying import finish_erasures
from edgecode.production.erasing.ordering import erase_person
from edgecode.production.log.moving import copy_stores, stores_of
from edgecode.production.log.recovering import recover
from edgecode.production.persons.noting import add_person
from production.erased_person import NAME, Film, digest_of, holding, make_film

VOICE = digest_of("voice").encode()


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return make_film(tmp_path / "film")


@pytest.fixture
def recovered(film: Film) -> tuple[Film, Path]:
    """The film with a former ledger beside."""
    done = recover(film.folder, force="lost", world=film.world)
    return film, film.state / done.old_ledger


def findings(film: Film) -> list[tuple[str, str, Verdict]]:
    return [(one.code, one.object, one.verdict) for one in audit_of(film.folder)[0].report.findings]


class Stop(Exception):
    """The power goes."""


def _stop(*_: object) -> None:
    raise Stop


def test_an_erasure_stopped_before_the_former_ledgers_is_carried_on_although_the_index_was_deleted(
    recovered: tuple[Film, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    film, former = recovered
    with film.open() as production:
        order = film.order(production, also_text=[film.ids["step"]])
        monkeypatch.setattr("edgecode.production.erasing.destroying.erase_in_former_ledgers", _stop)
        with pytest.raises(Stop):
            erase_person(production, order)
        monkeypatch.undo()
        unfinished = erasure_certificate(production, order.fact.erasure).complete
    for path in film.state.glob("index.db*"):
        path.unlink()
    before, told = holding(film.folder, VOICE), findings(film)
    with film.open() as production:
        given = erasure_certificate(production, order.fact.erasure)

    assert (before, [one[:2] for one in told]) == (
        [f".edgecode/{former.name}"],
        [("erasure.unfinished", former.name)],
    )
    assert (unfinished, given.complete, holding(film.folder, VOICE), findings(film)) == (False, True, [], [])


@pytest.mark.parametrize("damage", ["a page", "everything"])
def test_a_damaged_former_ledger_holds_no_erasure_up_and_is_named_until_it_is_gone(
    recovered: tuple[Film, Path], damage: str
) -> None:
    film, former = recovered
    data = bytearray(former.read_bytes())
    data[slice(100, 200) if damage == "a page" else slice(None)] = os.urandom(100 if damage == "a page" else len(data))
    if damage == "a page":
        data[8192:12288] = os.urandom(4096)
    former.write_bytes(data)
    with film.open() as production:
        order = film.order(production, also_text=[film.ids["step"]])
        erase_person(production, order)
        said = list(production.notices)
        _, given = certificate_pack(production, order.fact.erasure)
        settled = [row.settled for row in erasures(production.index)]
    elsewhere = [name for name in holding(film.folder, VOICE) if name != f".edgecode/{former.name}"]
    with film.open() as production:
        again, resumed = list(production.notices), finish_erasures(production, index_is_new=False)
    told = findings(film)
    codes = audit_whole(film.folder, tell=lambda finding: None).differences
    former.unlink()
    with film.open() as production:
        after = erasure_certificate(production, order.fact.erasure)

    assert (elsewhere, settled, resumed) == ([], [True], 0)
    assert [former.name in sentence for sentence in (*said, *again, *given.remains)] == [True] * 3
    assert (given.complete, told) == (False, [("erasure.unfinished", former.name, Verdict.UNVERIFIABLE)])
    assert codes == {"erasure.unfinished": 1}
    assert (after.complete, after.remains, findings(film)) == (True, (), [])


def test_an_erasure_does_not_make_the_index_again_at_every_opening(film: Film) -> None:
    with film.open() as production:
        other = add_person(production, identity={"name": "Somebody Else"}, contact={})
        erase_person(production, film.order(production))
        film.alias = other
        erase_person(production, film.order(production))
    with film.open() as production:
        assert [row.settled for row in erasures(production.index)] == [True, True]
        assert finish_erasures(production, index_is_new=False) == 0


def test_keys_that_come_back_with_an_older_copy_are_destroyed_again_and_it_is_said(film: Film, tmp_path: Path) -> None:
    shutil.copy(film.state / "keys.db", tmp_path / "keys.db")
    with film.open() as production:
        order = film.order(production)
        erase_person(production, order)
    shutil.copy(tmp_path / "keys.db", film.state / "keys.db")
    told = findings(film)
    with film.open() as production:
        (said,) = production.notices
        left = [key for key in production.keys.key_ids() if id_hash(key).hex() in order.fact.keys]
        remembered = {bytes.fromhex(one) for one in order.fact.keys} <= set(production.keys.destroyed_hashes())
    with film.open() as production:
        silent = production.notices

    assert told == [("erasure.unfinished", "keys", Verdict.INVALID)]
    assert ("older copy" in said, left, remembered, silent, findings(film)) == (True, [], True, [], [])


def test_another_machine_forgets_the_files_when_it_sees_the_erasure(film: Film, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    shutil.copy(film.state / "scan-cache.db", there)
    with film.open() as production:
        order = film.order(production)
        erase_person(production, order)
    # What the other machine has in its own folder, beside stores that both share.
    shutil.copy(there, film.state / "scan-cache.db")
    before = holding(film.folder, bytes.fromhex(digest_of("voice")))
    film.open().close()
    with closing(ScanCache.open(film.state / "scan-cache.db")) as cache:
        kept = cache.count("media")

    assert before == [".edgecode/scan-cache.db"]
    assert (holding(film.folder, bytes.fromhex(digest_of("voice"))), kept) == ([], 1)


def test_stores_that_a_move_left_in_the_folder_lose_what_an_erasure_takes(film: Film, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    to = {name: f"sqlite:{elsewhere / name}.db" for name in ("ledger", "keys", "index")}
    copy_stores(film.folder, to, switch=True, told=lambda done, of: None, world=film.world)
    with film.open() as production:
        ref = next(key for key in production.keys.key_ids() if key.startswith("s:"))
        key = production.keys.key(ref)
        assert key is not None
        before = holding(film.folder, VOICE, bytes.fromhex(digest_of("voice")), key)
        order = film.order(production)
        erase_person(production, order)
        given = erasure_certificate(production, order.fact.erasure)

    assert before == [f".edgecode/{name}.db" for name in ("index", "keys", "ledger", "scan-cache")]
    assert holding(film.folder, VOICE, bytes.fromhex(digest_of("voice")), key, NAME.encode()) == []
    assert [one for one in given.remains if "keys.db" in one] != []
    assert [one for store in stores_of(film.folder).stores for one in store.remains if "keys.db" in one] != []
    with closing(SqliteKeys(film.state / "keys.db")) as left:
        assert left.is_destroyed(ref)


def test_a_certificate_names_commands_that_wait_unsealed_to_be_recorded(film: Film) -> None:
    spool = film.state / "spool"
    spool.mkdir(exist_ok=True)
    (spool / "one.ndjson").write_text("{}\n", "utf-8")
    with film.open() as production:
        order = film.order(production)
        erase_person(production, order)
        given = erasure_certificate(production, order.fact.erasure)

    assert [one for one in given.remains if "edgecode/spool" in one] == [
        "1 file of steps in .edgecode/spool, as they were written and not sealed: record what is there, then delete it or run "
        "edgecode spool clear"
    ]
