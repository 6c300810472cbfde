"""An older store put back is frozen whatever saw the newer one, and a successor keeps what is left, however often it is interrupted."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

import edgecode.production.log.recovering as recovering
from edgecode.cli.verify import main as verify_main
from edgecode.drivers.key_files import create_key_file
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.drivers.world import World
from edgecode.errors import DivergedError, EdgecodeError, HeldError, InvalidError, RefusedError, UnavailableError
from edgecode.events.codec import leaf_id
from edgecode.events.kinds import MediaFacts, PlaceSection, VersionBytes, VersionFact, VersionSeen
from edgecode.events.record_kinds import LogRecovered
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.notes import Checkpoint, Note, open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.production import Production, audit_of
from edgecode.production.keys import keys_of, rotate_key
from edgecode.production.log.former import erase_in_former_ledgers, former_ledgers
from edgecode.production.log.public_keys import kept_keys
from edgecode.production.log.recovering import plan_recovery, recover
from edgecode.settings import read_settings, write_settings

WORLD = World()


def seen(digest: str) -> VersionSeen:
    return VersionSeen(
        VersionFact(WORLD.new_id(), MediaFacts("still")),
        VersionBytes(digest * 64, 1),
        PlaceSection("r-1", f"{digest}.png", f"{digest}.png"),
    )


def state(show: Path) -> Path:
    return show / ".edgecode"


def codes(show: Path) -> list[str]:
    return [finding.code for finding in audit_of(show)[0].report.findings]


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """A production of three entries with its high-water mark on another disk; published."""
    (tmp_path / "disk").mkdir()
    with Production.create(tmp_path / "show", title="A Show") as production:
        production.append([seen("a"), seen("b")])
        production.publish()
    outside = str(tmp_path / "disk" / "show.high-water")
    write_settings(tmp_path / "show", structs.replace(read_settings(tmp_path / "show"), high_water=outside))
    return tmp_path / "show"


def grow(show: Path, *digests: str) -> Checkpoint:
    with Production.open(show) as production:
        production.append([seen(digest) for digest in digests])
        return Checkpoint.parse(Note.parse(production.log.checkpoint()).text)


def put_back(show: Path, older: Path) -> None:
    for path in state(show).glob("ledger.db*"):
        path.unlink()
    shutil.copy(older, state(show) / "ledger.db")


@pytest.fixture
def older(show: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(state(show) / "ledger.db", tmp_path / "older.db"))


@pytest.fixture
def rolled_back(show: Path, older: Path) -> Path:
    """Two entries were recorded after the copy that lies there now."""
    grow(show, "c", "d")
    put_back(show, older)
    return show


# ------------------------------------------------------------------------------------------ frozen


def only(*kept: str) -> Callable[[Path], None]:
    """Take away what saw the newer log, apart from these."""

    def take_away(show: Path) -> None:
        for name, paths in {
            "inside": [state(show) / "high-water"],
            "outside": [show.parent / "disk" / "show.high-water"],
            "published": [state(show) / "published" / "checkpoint"],
            "index": list(state(show).glob("index.db*")),
        }.items():
            for path in paths if name not in kept else []:
                path.unlink(missing_ok=True)

    return take_away


@pytest.mark.parametrize("left", ["inside", "outside", "published", "index"])
def test_an_older_ledger_is_frozen_by_any_one_that_saw_the_newer(show: Path, older: Path, left: str) -> None:
    with Production.open(show) as production:
        production.append([seen("c")])
        production.publish()
    put_back(show, older)
    only(left)(show)

    for _ in range(2):
        with pytest.raises(DivergedError, match=r"ledger\.(rolled_back|frozen)] ?|edgecode log recover") as refused:
            Production.open(show)
        assert "edgecode log recover" in refused.value.remedy
    with closing(SqliteLedger(state(show) / "ledger.db")) as ledger:
        assert (ledger.frozen() is not None) == (left != "index")


def test_a_whole_folder_put_back_is_frozen_by_the_mark_on_another_disk(show: Path, tmp_path: Path) -> None:
    shutil.copytree(show, tmp_path / "backup")
    grow(show, "c")
    shutil.rmtree(show)
    (tmp_path / "backup").rename(show)

    with pytest.raises(DivergedError, match=r"show\.high-water has seen 4 entries .*ledger\.rolled_back"):
        Production.open(show)


def test_a_mark_that_cannot_be_read_is_not_taken_for_none(show: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").rename(tmp_path / "not mounted")

    with pytest.raises(UnavailableError, match=r"high_water\.unread"):
        Production.open(show)
    assert codes(show) == ["high_water.unread"]


def test_a_log_that_was_frozen_stays_frozen_when_what_saw_the_newer_is_gone(rolled_back: Path) -> None:
    with pytest.raises(DivergedError, match=r"ledger\.rolled_back"):
        Production.open(rolled_back)
    only()(rolled_back)

    with pytest.raises(DivergedError, match=r"ledger\.frozen"):
        Production.open(rolled_back)


def test_a_process_that_had_the_log_open_writes_nothing_once_it_is_frozen(show: Path) -> None:
    with Production.open(show) as production:
        with closing(SqliteLedger(state(show) / "ledger.db")) as ledger:
            ledger.freeze(b"a witness has seen more\n\n")
        with pytest.raises(DivergedError, match=r"ledger\.frozen"):
            production.append([seen("c")])
        assert production.ledger.entry_end() == 3


def test_the_newest_copy_brought_back_needs_no_recovery(show: Path, older: Path, tmp_path: Path) -> None:
    head = grow(show, "c")
    newest = shutil.copy(state(show) / "ledger.db", tmp_path / "newest.db")
    put_back(show, older)
    with pytest.raises(DivergedError):
        Production.open(show)
    put_back(show, Path(newest))

    with Production.open(show) as production:
        assert production.log.root == head.root
    with pytest.raises(RefusedError, match=r"recover\.not_needed"):
        plan_recovery(show)


# ------------------------------------------------------------------------------------------ recovered


def test_the_plan_says_what_is_kept_and_lost_and_changes_nothing(rolled_back: Path) -> None:
    before = {path.name: path.read_bytes() for path in state(rolled_back).iterdir() if path.is_file()}
    plan = plan_recovery(rolled_back)

    assert (plan.why, plan.stands, plan.kept, plan.furthest.size, plan.lost) == ("rolled-back", 3, 3, 5, 2)
    assert {path.name: path.read_bytes() for path in state(rolled_back).iterdir() if path.name in before} == before


def test_a_successor_holds_the_old_entries_byte_for_byte_and_commits_to_the_furthest_head(
    show: Path, older: Path
) -> None:
    head = grow(show, "c", "d")
    old_key = kept_keys(state(show))[-1]
    put_back(show, older)
    with closing(SqliteLedger(older)) as store:
        entries = [(entry.leaf, entry.sections) for entry in store.entries(0, 9)]
    published = (state(show) / "published" / "checkpoint").read_bytes()
    done = recover(show)
    with Production.open(show) as production:
        _, *rest = production.log.entries()
        event = next(production.recorded()).event
        production.append([seen("e")])
        production.publish()
        assert production.log.origin == done.origin != old_key.name

    assert [(entry.leaf, entry.sections) for entry in rest] == entries
    assert isinstance(event, LogRecovered)
    assert (event.fact.origin, event.fact.size, event.fact.root) == (old_key.name, 5, head.root.hex())
    assert event.fact.kept == 3
    assert {open_checkpoint(note.encode(), Policy.of_keys(old_key)).checkpoint for note in event.fact.evidence} == {
        head
    }
    assert (state(show) / "published" / "checkpoint").read_bytes() == published
    assert codes(show) == []
    assert [path.name for path in former_ledgers(show, read_settings(show))] == [done.old_ledger]
    tail = old_key.name.rpartition("/")[2]
    assert done.old_ledger == f"ledger.{tail}.db"
    assert {path.name for path in show.parent.joinpath("disk").iterdir()} == {
        "show.high-water",
        f"show.high-water.{tail}",
    }
    new_key = kept_keys(state(show))[-1]
    folder = state(show) / "published" / done.origin.rpartition("/")[2]
    assert verify_main([str(folder), "--key", str(new_key), "--allow-unwitnessed"]) == 0


def test_the_old_log_cannot_be_gone_on_with_after_a_recovery(rolled_back: Path) -> None:
    old = read_settings(rolled_back)
    done = recover(rolled_back)
    write_settings(rolled_back, structs.replace(old, ledger=f"sqlite:.edgecode/{done.old_ledger}"))

    with pytest.raises(EdgecodeError, match=r"ledger\.(rolled_back|frozen)"):
        Production.open(rolled_back)


def test_a_recovered_log_that_is_rolled_back_is_recovered_again(rolled_back: Path, tmp_path: Path) -> None:
    first = recover(rolled_back)
    ledger = state(rolled_back) / f"ledger.{first.origin.rpartition('/')[2]}.db"
    shutil.copy(ledger, tmp_path / "older.db")
    grow(rolled_back, "e")
    shutil.copy(tmp_path / "older.db", ledger)
    with pytest.raises(DivergedError):
        Production.open(rolled_back)
    second = recover(rolled_back)

    with Production.open(rolled_back) as production:
        kinds = [type(recorded.event) for recorded in production.recorded()]
        settings = production.settings
    assert kinds[:2] == [LogRecovered, LogRecovered]
    assert (second.kept, codes(rolled_back)) == (4, [])
    assert len(former_ledgers(rolled_back, read_settings(rolled_back))) == 2
    assert settings.publish_to == f".edgecode/published/{second.origin.rpartition('/')[2]}"


def test_a_recovery_may_take_a_new_key_and_ends_a_change_of_keys(show: Path, older: Path) -> None:
    create_key_file(state(show) / "second.key")
    create_key_file(state(show) / "third.key")
    rotate_key(show, "file:.edgecode/second.key")
    grow(show, "c")
    put_back(show, older)
    done = recover(show, signer="file:.edgecode/third.key")

    (key,) = keys_of(show).keys
    assert (key.key.name, key.key) == (done.origin, kept_keys(state(show))[0])
    assert read_settings(show).signer_before == ""
    assert codes(show) == []


def test_events_that_were_accepted_and_not_yet_in_the_log_wait_in_the_successor(rolled_back: Path) -> None:
    with Production.create(rolled_back.parent / "other", title="Other") as other:
        other.append([seen("f")])
        waiting = [SealedEvent(entry.leaf, entry.sections) for entry in other.log.entries()]
    with closing(SqliteLedger(state(rolled_back) / "ledger.db")) as ledger:
        ledger.accept(waiting)
    recover(rolled_back)

    with Production.open(rolled_back) as production:
        assert [event for _, event in production.ledger.waiting(10)] == waiting


def test_a_damaged_ledger_is_kept_as_far_as_it_was_signed_and_only_on_somebodys_word(show: Path) -> None:
    with Production.open(show) as production:
        production.publish()  # 3 entries are under a signed head
        production.append([seen(digest) for digest in "cde"])
    with closing(SqliteLedger(state(show) / "ledger.db")) as ledger:
        ledger._connection.execute("drop trigger entry_is_fixed; update entry set leaf = zeroblob(9) where pk = 4")
    with pytest.raises(InvalidError, match=r"recover\.damaged.*|only the first 3 of 6"):
        plan_recovery(show)
    plan = plan_recovery(show, force="damaged")
    recover(show, force="damaged")

    assert (plan.kept, plan.furthest.size, plan.why) == (3, 6, "damaged")
    assert codes(show) == []


def test_a_sound_log_is_recovered_only_when_its_newest_entries_are_known_to_be_lost(show: Path) -> None:
    with pytest.raises(RefusedError, match=r"recover\.not_needed"):
        recover(show)
    recover(show, force="lost")

    with Production.open(show) as production:
        event = next(production.recorded()).event
    assert isinstance(event, LogRecovered)
    assert (event.fact.why, event.fact.size, event.fact.kept) == ("lost", 3, 3)


def test_what_is_erased_after_a_recovery_is_gone_from_the_old_ledger_too(rolled_back: Path) -> None:
    done = recover(rolled_back)
    with Production.open(rolled_back) as production:
        stored, _ = production.entry(2)
        event = leaf_id(stored.leaf)
        sizes = {section.name: section.data for section in stored.sections}
    old = state(rolled_back) / done.old_ledger
    assert sizes["bytes"] in old.read_bytes()
    erase_in_former_ledgers(rolled_back, read_settings(rolled_back), {event: ["bytes"], bytes(16): ["bytes"]})

    assert sizes["bytes"] not in b"".join(path.read_bytes() for path in old.parent.glob(f"{old.name}*"))
    assert sizes["place"] in old.read_bytes()


# ------------------------------------------------------------------------------------------ interrupted


class Interrupted(Exception):
    """The power went."""


STEPS = [
    "_planned",
    "evidence_of",
    "_successor",
    "open_ledger",
    "_keep_marker",
    "open_keys",
    "seal",
    "_compare",
    "write_settings",
    "_finished",
    "keep_keys",
    "keep_high_water",
    "open_index",
    "_put_aside",
    "flush_folder",
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_recovery_interrupted_anywhere_is_run_again_to_the_same_end(
    rolled_back: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    with closing(SqliteLedger(state(rolled_back) / "ledger.db")) as store:
        leaves = store.leaves(0, 9)
    number = 0
    while True:
        number += 1
        with monkeypatch.context() as patched:
            if not interrupted(patched, step, number=number, after=after, run=lambda: recover(rolled_back)):
                break
        with pytest.raises((DivergedError, HeldError)):
            Production.open(rolled_back)
            raise DivergedError("done", "it was finished already", "") if finished(rolled_back) else AssertionError
        if finished(rolled_back):
            break
    if not finished(rolled_back):
        recover(rolled_back)

    with Production.open(rolled_back) as production:
        assert production.ledger.leaves(1, 9) == leaves
        assert production.index.rows("production") != []
    assert codes(rolled_back) == []
    assert not (state(rolled_back) / "recovering").exists()
    assert len(list(state(rolled_back).glob("ledger*.db"))) == 2


def finished(show: Path) -> bool:
    try:
        plan_recovery(show)
    except RefusedError:
        return not (state(show) / "recovering").exists()
    return False


def interrupted(
    monkeypatch: pytest.MonkeyPatch, step: str, *, number: int, after: bool, run: Callable[[], object]
) -> bool:
    """Whether *run* was stopped at the *number*-th call of *step*; if not it went to its end."""
    real, calls = getattr(recovering, step), [0]

    def stopping(*arguments: object, **named: object) -> object:
        calls[0] += 1
        if calls[0] == number and not after:
            raise Interrupted
        result = real(*arguments, **named)
        if calls[0] == number:
            if hasattr(result, "close"):
                result.close()
            raise Interrupted
        return result

    monkeypatch.setattr(recovering, step, stopping)
    try:
        run()
    except Interrupted:
        return True
    return False


def test_a_recovery_that_is_not_finished_is_said_at_every_opening(
    rolled_back: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovering, "_put_aside", lambda *_: (_ for _ in ()).throw(Interrupted))
    with pytest.raises(Interrupted):
        recover(rolled_back)

    with pytest.raises(HeldError, match=r"recover\.unfinished"):
        Production.open(rolled_back)


def test_no_file_of_another_log_is_taken_away_as_an_unfinished_successor(rolled_back: Path) -> None:
    with Production.create(rolled_back.parent / "other", title="Other"):
        pass
    other = state(rolled_back.parent / "other") / "ledger.db"
    with pytest.raises(RefusedError, match=r"store\.occupied"):
        recover(rolled_back, to=f"sqlite:{other}")
    settings = read_settings(rolled_back)
    marker = recovering._Marker(settings.origin, settings.ledger, "another/edgecode/log", f"sqlite:{other}", "")
    (state(rolled_back) / "recovering").write_bytes(msgspec.json.encode(marker))
    recover(rolled_back)

    assert other.exists()


def test_the_plan_names_everything_that_has_seen_more(rolled_back: Path) -> None:
    plan = plan_recovery(rolled_back)

    assert {(trace.where, trace.size) for trace in plan.seen} == {
        ("high-water", 5),
        ("show.high-water", 5),
        ("index.db", 5),
    }
