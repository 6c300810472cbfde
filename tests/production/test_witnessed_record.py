"""A production and its witnesses: what WITNESSED needs, what freezes a log, and what is carried by hand where there is no network."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from edgecode.drivers.key_files import create_key_file, open_key_file
from edgecode.drivers.witness_client import HttpWitness, Reply
from edgecode.drivers.witness_folder import watch
from edgecode.drivers.witness_server import Witness
from edgecode.drivers.world import World
from edgecode.errors import DivergedError, InputError, InvalidError, NotFoundError, UnverifiableError
from edgecode.events.kinds import MediaFacts, PlaceSection, VersionBytes, VersionFact, VersionSeen
from edgecode.ledger.evidence import verify_evidence
from edgecode.ledger.notes import Checkpoint, VerifierKey
from edgecode.ledger.policy import Policy
from edgecode.ledger.verify import Verdict
from edgecode.ledger.witness import Request
from edgecode.production import Production, audit_of, witnessing
from edgecode.production.keys import retire_key, rotate_key
from edgecode.settings import read_settings, write_settings
from witness_samples import SECONDS, policy_text, served, signed_note, witness_in

WORLD = World()


def seen(digest: str) -> VersionSeen:
    return VersionSeen(
        VersionFact(WORLD.new_id(), MediaFacts("still")),
        VersionBytes(digest * 64, 1),
        PlaceSection("r-1", f"{digest}.png", f"{digest}.png"),
    )


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """A production with two entries, closed."""
    with Production.create(tmp_path / "show", title="A Show", domain="studio.example") as production:
        production.append([seen("a")])
    return tmp_path / "show"


def key_of(show: Path) -> VerifierKey:
    return VerifierKey.parse((show / ".edgecode" / "log.vkey").read_text().strip())


def trusting(show: Path, witnesses: dict[str, VerifierKey | str], quorum: str) -> None:
    """Write a policy and name it in the settings."""
    (show / "policy.txt").write_bytes(policy_text([], witnesses, quorum))
    write_settings(show, structs.replace(read_settings(show), policy="policy.txt"))


@pytest.fixture
def guild(show: Path, tmp_path: Path) -> Iterator[Witness]:
    made = witness_in(tmp_path / "guild", key_of(show))
    yield made
    made.store.close()


@pytest.fixture
def asked(show: Path, guild: Witness) -> Iterator[Path]:
    """The production with a policy that asks the guild, which is served."""
    with served(guild) as url:
        trusting(show, {"w1": f"{guild.cosigner.key} {url}"}, "quorum w1")
        yield show


def record(show: Path, *digests: str) -> None:
    with Production.open(show) as production:
        production.append([seen(digest) for digest in digests])


def submitted(show: Path) -> witnessing.Submitted:
    with Production.open(show) as production:
        return witnessing.submit(production)


# ------------------------------------------------------------------------------------------ the word


def test_a_head_that_the_quorum_has_signed_is_witnessed_and_a_later_entry_is_not_yet(asked: Path) -> None:
    came = submitted(asked)
    audit, _ = audit_of(asked)
    record(asked, "b", "c")
    later, _ = audit_of(asked)

    assert came == (2, (True, ("guild.example",), 1), (("w1", "guild.example", "", ""),))
    assert (audit.verdict, audit.witnessed, audit.report.quorum.organisations) == (
        Verdict.WITNESSED,
        2,
        ("guild.example",),
    )
    assert (later.verdict, later.witnessed, later.report.entries) == (Verdict.UNWITNESSED, 2, 4)
    assert submitted(asked).quorum.reached and audit_of(asked)[0].verdict is Verdict.WITNESSED


def test_without_a_policy_nobody_is_asked_and_nothing_is_witnessed(show: Path) -> None:
    with pytest.raises(InputError, match=r"witness\.no_policy"):
        submitted(show)
    assert audit_of(show)[0].verdict is Verdict.UNWITNESSED


def test_a_witness_of_the_studios_own_organisation_witnesses_nothing(show: Path, tmp_path: Path) -> None:
    own = witness_in(tmp_path / "own", key_of(show), name="studio.example/w1")
    with served(own) as url:
        trusting(show, {"own": f"{own.cosigner.key} {url}"}, "quorum own")
        came = submitted(show)
        with Production.open(show) as production:
            standing = witnessing.standing(production)
    own.store.close()

    assert came.outcomes == (("own", "studio.example", "", ""),)
    assert came.quorum == (False, (), 1)
    assert (standing.witnessed, standing.reachable) == (0, False)
    assert audit_of(show)[0].verdict is Verdict.UNWITNESSED


def test_a_witness_that_is_away_holds_up_nobody_and_comes_later(asked: Path, guild: Witness, tmp_path: Path) -> None:
    estate = witness_in(tmp_path / "estate", key_of(asked), name="estate.example/w1")
    policy = (asked / "policy.txt").read_bytes()
    both = policy.replace(b"quorum w1\n", b"") + policy_text(
        [], {"e": f"{estate.cosigner.key} http://127.0.0.1:1"}, "group g all w1 e\nquorum g"
    )
    (asked / "policy.txt").write_bytes(both)
    alone = submitted(asked)
    with served(estate) as url:
        (asked / "policy.txt").write_bytes(both.replace(b"http://127.0.0.1:1", url.encode()))
        together = submitted(asked)
    estate.store.close()

    assert [(one.witness, one.code) for one in alone.outcomes] == [("w1", ""), ("e", "witness.unreachable")]
    assert alone.quorum == (False, ("guild.example",), 2)
    assert together.quorum == (True, ("estate.example", "guild.example"), 2)


def test_the_status_counts_what_came_since_the_last_quorum(asked: Path) -> None:
    submitted(asked)
    record(asked, "b", "c", "d")
    with Production.open(asked) as production:
        standing = witnessing.standing(production)

    assert (standing.size, standing.witnessed, standing.quorum) == (5, 2, (False, (), 1))
    assert [(seen.line.name, seen.size, seen.seconds) for seen in standing.seen] == [("w1", 2, SECONDS)]


def test_the_checkpoint_that_is_shown_carries_the_cosignatures_of_its_size(asked: Path, guild: Witness) -> None:
    submitted(asked)
    with Production.open(asked) as production:
        cosigned, plain = witnessing.best_head(production), production.log.checkpoint()
        production.append([seen("b")])
        later = witnessing.best_head(production)

        assert cosigned.startswith(plain) and b"guild.example/w1" in cosigned
        assert later == production.log.checkpoint()


def test_a_policy_that_is_gone_is_not_taken_for_none(asked: Path) -> None:
    (asked / "policy.txt").unlink()

    with pytest.raises(NotFoundError, match=r"policy\.absent"):
        audit_of(asked)


def test_a_cosignature_that_was_changed_in_the_store_is_invalid(asked: Path) -> None:
    submitted(asked)
    with Production.open(asked) as production:
        (size, note), *_ = production.ledger.cosigned()
        production.ledger.keep_cosigned(size, note[:-9] + bytes([note[-9] ^ 1]) + note[-8:])

    assert audit_of(asked)[0].verdict is Verdict.INVALID


# ------------------------------------------------------------------------------------------ another history


def copied(show: Path, to: Path) -> Path:
    shutil.copytree(show, to)
    return to


def test_a_production_put_back_to_an_older_state_is_frozen_by_its_witness(asked: Path, tmp_path: Path) -> None:
    submitted(asked)
    older = copied(asked, tmp_path / "older")
    record(asked, "b", "c")
    submitted(asked)

    with pytest.raises(DivergedError, match=r"a witness has seen 4 entries .* \[ledger\.rolled_back\]"):
        submitted(older)
    with pytest.raises(DivergedError, match=r"ledger\.frozen"):
        record(older, "d")
    assert len(list((older / ".edgecode" / "evidence").iterdir())) == 1
    audit, _ = audit_of(older)
    assert (audit.verdict, [finding.code for finding in audit.report.findings]) == (Verdict.DIVERGED, ["ledger.frozen"])


def test_two_histories_shown_to_one_witness_become_evidence_that_anybody_can_check(asked: Path, tmp_path: Path) -> None:
    submitted(asked)
    other = copied(asked, tmp_path / "other")
    record(asked, "b", "c")
    submitted(asked)
    record(other, "d", "e", "f")

    with pytest.raises(DivergedError, match=r"\[ledger\.rolled_back\]"):
        submitted(other)
    (file,) = (other / ".edgecode" / "evidence").glob("*.evidence.json")
    report = verify_evidence(file.read_bytes(), Policy.of_keys(key_of(asked)))
    assert report.verdict is Verdict.DIVERGED
    key = key_of(asked).id.hex()
    said = f"signed heads of 4 entries (key {key}) and of 5 entries (key {key}) that cannot belong to one history"
    assert str(report.findings[0]).endswith(said)
    assert submitted(asked).quorum.reached


def test_heads_of_one_size_and_two_roots_are_evidence_too(asked: Path, tmp_path: Path) -> None:
    submitted(asked)
    other = copied(asked, tmp_path / "other")
    record(asked, "b")
    submitted(asked)
    record(other, "c")

    with pytest.raises(DivergedError):
        submitted(other)
    (file,) = (other / ".edgecode" / "evidence").glob("*.evidence.json")
    assert verify_evidence(file.read_bytes(), Policy.of_keys(key_of(asked))).verdict is Verdict.DIVERGED


class Liar:
    """A witness that claims a size and shows *shown* for it."""

    def __init__(self, size: int, shown: bytes | None) -> None:
        self.size, self.shown = size, shown

    def add_checkpoint(self, data: bytes) -> Reply:
        return Reply(409, f"{self.size}\n".encode(), "text/x.tlog.size")

    def latest(self, origin: str) -> bytes | None:
        return self.shown


@pytest.mark.parametrize("shown", ["nothing", "a head that the log never signed"])
def test_a_witness_that_only_says_so_freezes_nothing(asked: Path, shown: str) -> None:
    with Production.open(asked) as production:
        forged = production.log.checkpoint().replace(b"\n2\n", b"\n9\n", 1)
        liar = Liar(9, None if shown == "nothing" else forged)
        came = witnessing.submit(production, ask=lambda url: liar)

        assert came.outcomes[0].code == ("witness.contradicts" if shown == "nothing" else "note.signature")
        assert production.ledger.frozen() is None
    record(asked, "b")


def test_a_head_signed_with_a_stolen_retired_key_freezes_nothing(asked: Path) -> None:
    stolen = open_key_file(asked / ".edgecode" / "signing.key")
    create_key_file(asked / ".edgecode" / "second.key")
    rotate_key(asked, "file:.edgecode/second.key")
    retired, _ = retire_key(asked)
    with Production.open(asked) as production:
        forged = signed_note(Checkpoint(retired.name, 99, bytes(32)), retired, stolen)
        came = witnessing.submit(production, ask=lambda url: Liar(99, forged))

        assert (came.outcomes[0].code, production.ledger.frozen()) == ("witness.retired_key", None)


def test_a_log_that_changed_its_key_goes_on_being_witnessed(asked: Path, guild: Witness, tmp_path: Path) -> None:
    submitted(asked)
    create_key_file(asked / ".edgecode" / "second.key")
    new = rotate_key(asked, "file:.edgecode/second.key")
    both = submitted(asked)
    retire_key(asked)
    unknown = submitted(asked)
    watch(tmp_path / "guild", [new])
    known = submitted(asked)

    assert (both.quorum.reached, [one.code for one in unknown.outcomes]) == (True, ["witness.refused"])
    assert known.quorum.reached and audit_of(asked)[0].verdict is Verdict.WITNESSED


def test_a_head_that_another_process_submitted_meanwhile_is_no_other_history(asked: Path) -> None:
    with Production.open(asked) as slow:
        ahead = _Interrupting(HttpWitness(_url(asked)), lambda: (record(asked, "b"), submitted(asked)))
        came = witnessing.submit(slow, ask=lambda url: ahead)

        assert (came.outcomes, slow.ledger.frozen()) == ((("w1", "guild.example", "", ""),), None)
    assert audit_of(asked)[0].verdict is Verdict.WITNESSED


class _Interrupting:
    """Does something before it asks the first time."""

    def __init__(self, witness: HttpWitness, do: object) -> None:
        self.witness, self.do = witness, do

    def add_checkpoint(self, data: bytes) -> Reply:
        do, self.do = self.do, None
        if callable(do):
            do()
        return self.witness.add_checkpoint(data)

    def latest(self, origin: str) -> bytes | None:
        return self.witness.latest(origin)


def _url(show: Path) -> str:
    return (show / "policy.txt").read_text().split()[3]


# ------------------------------------------------------------------------------------------ by hand


def test_a_guild_without_a_network_signs_what_is_carried_to_it(show: Path, guild: Witness) -> None:
    trusting(show, {"w1": guild.cosigner.key}, "quorum w1")
    with Production.open(show) as production:
        carried = witnessing.request(production)
        production.append([seen("b")])
        answer = guild.add_checkpoint(carried)
        lines = witnessing.accept(production, answer.body, asked=carried)
        note = witnessing.accept(production, answer.latest or b"")
        further = Request.parse(witnessing.request(production, witness="guild.example"))

        assert lines == note == (2, (True, ("guild.example",), 1), (("w1", "guild.example", "", ""),))
        assert (further.old, guild.add_checkpoint(further.encode()).status) == (2, 200)
        assert witnessing.standing(production).witnessed == 2


def test_what_no_witness_of_the_policy_has_signed_is_not_accepted(show: Path, guild: Witness, tmp_path: Path) -> None:
    trusting(show, {"w1": guild.cosigner.key}, "quorum w1")
    stranger = witness_in(tmp_path / "stranger", key_of(show), name="stranger.example/w")
    with Production.open(show) as production:
        carried = witnessing.request(production)
        by_stranger, by_guild = (one.add_checkpoint(carried).body for one in (stranger, guild))
        damaged = by_guild[:-9] + bytes([by_guild[-9] ^ 1]) + by_guild[-8:]

        with pytest.raises(InputError, match=r"witness\.nothing_signed"):
            witnessing.accept(production, by_stranger, asked=carried)
        with pytest.raises(InvalidError, match=r"note\.signature|note\.malformed"):
            witnessing.accept(production, damaged, asked=carried)
        assert production.ledger.cosigned() == []
    stranger.store.close()


def test_a_cosigned_checkpoint_of_another_production_is_not_ours(show: Path, guild: Witness, tmp_path: Path) -> None:
    trusting(show, {"w1": guild.cosigner.key}, "quorum w1")
    with Production.create(tmp_path / "second", title="Another") as second:
        other = witnessing.best_head(second)
    with Production.open(show) as production, pytest.raises(UnverifiableError, match=r"note\.other_log"):
        witnessing.accept(production, other)


def test_a_witness_is_named_where_there_are_several(show: Path, guild: Witness, tmp_path: Path) -> None:
    estate = witness_in(tmp_path / "estate", key_of(show), name="estate.example/w1")
    trusting(show, {"g": guild.cosigner.key, "e": estate.cosigner.key}, "group a all g e\nquorum a")
    with Production.open(show) as production:
        for wrong in ("", "nobody"):
            with pytest.raises(NotFoundError, match=r"Give one of: g, e"):
                witnessing.request(production, witness=wrong)
        with pytest.raises(InputError, match=r"witness\.old_size"):
            witnessing.request(production, witness="e", old=3)
        assert Request.parse(witnessing.request(production, witness="e", old=1)).old == 1
    estate.store.close()
