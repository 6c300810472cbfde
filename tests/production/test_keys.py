"""Changing the key of a log: both sign, then one; nothing is acknowledged unsigned, and who holds only the old key can follow."""

from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from edgecode.drivers.key_files import FileSigner, create_key_file, open_key_file
from edgecode.drivers.signers import signer_at
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.drivers.world import World
from edgecode.errors import (
    EdgecodeError,
    HeldError,
    InputError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    UnverifiableError,
)
from edgecode.events.kinds import MediaFacts, PlaceSection, VersionBytes, VersionFact, VersionSeen
from edgecode.events.record_kinds import KeyRetired, KeyRetirement, KeyRotated
from edgecode.ledger.log import KeysChangedError, verifier_key
from edgecode.ledger.notes import ED25519, Checkpoint, Note, Signature, VerifierKey, open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.ledger.rotation import history, rotation
from edgecode.ledger.store import Signer
from edgecode.production import Production, audit_of
from edgecode.production.keys import keys_of, retire_key, rotate_key
from edgecode.production.log.key_events import key_events
from edgecode.production.log.public_keys import kept_keys
from edgecode.production.witnessing import policy_ever, policy_for
from edgecode.settings import read_settings

WORLD = World()
ORIGIN = "example.org/edgecode/keys"


def seen(digest: str) -> VersionSeen:
    return VersionSeen(
        VersionFact(WORLD.new_id(), MediaFacts("still")),
        VersionBytes(digest * 64, 1),
        PlaceSection("r-1", f"{digest}.png", f"{digest}.png"),
    )


def state(show: Path) -> Path:
    return show / ".edgecode"


def new_key(show: Path, name: str = "second") -> str:
    create_key_file(state(show) / f"{name}.key")
    return f"file:.edgecode/{name}.key"


def signers_of(note: bytes) -> set[bytes]:
    return {line.key_id for line in Note.parse(note).signatures}


def codes(show: Path) -> list[str]:
    return [finding.code for finding in audit_of(show)[0].report.findings]


@pytest.fixture
def show(tmp_path: Path) -> Path:
    with Production.create(tmp_path / "show", title="A Show") as production:
        production.append([seen("a")])
    return tmp_path / "show"


# ------------------------------------------------------------------------------------------ the road from one key to the next


def test_a_retired_key_stands_in_no_policy_that_is_handed_over(show: Path) -> None:
    (old,) = kept_keys(state(show))
    thief = open_key_file(state(show) / "signing.key")
    told = []
    with Production.open(show) as production:
        told.append(policy_for(production).log_keys(production.log.origin))
    new = rotate_key(show, new_key(show))
    with Production.open(show) as production:
        told.append(policy_for(production).log_keys(production.log.origin))
    retire_key(show, why="exposed")
    with Production.open(show) as production:
        head = Checkpoint(production.log.origin, production.log.size, bytes(32))
        forged = Note(head.text, (Signature(old.name, old.id, thief.sign(head.text.encode())),)).encode()
        told.append(policy_for(production).log_keys(production.log.origin))
        ever = policy_ever(production).log_keys(production.log.origin)
        with pytest.raises(EdgecodeError, match=r"note\.key"):
            open_checkpoint(forged, policy_for(production))

    assert (told, ever) == ([(old,), (old, new), (new,)], (old, new))


def test_both_keys_sign_every_head_until_the_old_one_is_retired(show: Path) -> None:
    (old,) = kept_keys(state(show))
    new = rotate_key(show, new_key(show))
    with Production.open(show) as production:
        production.append([seen("b")])
        both = production.log.checkpoint()
        actor = next(production.recorded(3)).leaf.actor
        assert (actor, production.log.key) == (production.signer.actor, new)
    retired, trusted = retire_key(show)
    with Production.open(show) as production:
        alone = production.log.checkpoint()

    assert (signers_of(both), signers_of(alone)) == ({old.id, new.id}, {new.id})
    assert (retired, trusted) == (old, 4)
    assert kept_keys(state(show)) == (old, new)
    assert [(one.key, one.since, one.trusted_until) for one in keys_of(show).keys] == [(old, 0, 4), (new, 3, None)]
    assert codes(show) == []


def test_whoever_holds_the_old_key_alone_is_led_to_the_new_one(show: Path) -> None:
    (old,) = kept_keys(state(show))
    new = rotate_key(show, new_key(show))
    with Production.open(show) as production:
        assert open_checkpoint(production.log.checkpoint(), Policy.of_keys(old)).checkpoint.size == 3
    retire_key(show)
    with closing(SqliteLedger(state(show) / "ledger.db")) as ledger:
        followed = history(old.name, [old], key_events(ledger))

    assert [one.key for one in followed.keys if one.trusted_until is None] == [new]


def test_a_larger_head_that_the_retired_key_signed_alone_is_a_finding(show: Path) -> None:
    old_signer = open_key_file(state(show) / "signing.key")
    rotate_key(show, new_key(show))
    retire_key(show)
    with Production.open(show) as production:
        head = Checkpoint(production.log.origin, production.log.size, production.log.root)
    old = verifier_key(head.origin, old_signer)
    line = Signature(head.origin, old.id, old_signer.sign(head.text.encode()))
    (state(show) / "high-water").write_bytes(Note(head.text, (line,)).encode())

    (finding,) = audit_of(show)[0].report.findings
    assert (finding.code, finding.object) == ("checkpoint.retired_key", "checkpoint of 4 entries")
    assert finding.what == "signed by retired keys alone, which are trusted up to 3 entries"


def test_a_key_that_is_lost_is_replaced_on_the_word_of_the_new_one_alone(show: Path) -> None:
    (old,) = kept_keys(state(show))
    (state(show) / "signing.key").unlink()
    with pytest.raises(NotFoundError, match=r"secret\.absent"):
        Production.open(show)
    retired, trusted = retire_key(show, why="lost", to=new_key(show))
    new = kept_keys(state(show))[-1]
    with Production.open(show) as production:
        note = production.log.checkpoint()
        (event,) = (recorded.event for recorded in production.recorded(2))
    with closing(SqliteLedger(state(show) / "ledger.db")) as ledger:
        followed = history(old.name, [old], key_events(ledger))

    assert (retired, trusted, event) == (old, 2, KeyRetired(KeyRetirement(str(old), 2, "lost")))
    assert codes(show) == []
    with pytest.raises(UnverifiableError, match=r"note\.key"):
        open_checkpoint(note, Policy.of_keys(old))
    assert open_checkpoint(note, Policy.of_keys(new)).checkpoint.size == 3
    assert [one.key for one in followed.keys if one.trusted_until is None] == []


def test_the_old_key_lost_between_the_change_and_its_end_is_retired_without_it(show: Path) -> None:
    rotate_key(show, new_key(show))
    (state(show) / "signing.key").unlink()
    with pytest.raises(NotFoundError):
        Production.open(show)
    retire_key(show, why="lost")

    with Production.open(show) as production:
        production.append([seen("b")])
    assert codes(show) == []


def test_what_cannot_be_done_with_keys_is_said(show: Path) -> None:
    with pytest.raises(NotFoundError, match=r"key\.none_to_retire"):
        retire_key(show)
    with pytest.raises(RefusedError, match=r"key\.used_before"):
        rotate_key(show, "file:.edgecode/signing.key")
    with pytest.raises(InputError, match=r"key\.not_lost"):
        retire_key(show, to=new_key(show))
    rotate_key(show, "file:.edgecode/second.key")
    with pytest.raises(HeldError, match=r"key\.rotation_open"):
        rotate_key(show, new_key(show, "third"))
    retire_key(show)
    with pytest.raises(RefusedError, match=r"key\.used_before"):
        rotate_key(show, "file:.edgecode/signing.key")


@pytest.mark.parametrize("after", range(1, 4))
def test_a_change_that_was_interrupted_is_finished_by_running_it_again(
    show: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    steps = ["keep_keys", "write_settings"]
    uri = new_key(show)
    for name in steps[: (after + 1) // 2]:
        stop_at(monkeypatch, name, after_it=after % 2 == 0)
        with pytest.raises(Interrupted):
            rotate_key(show, uri)
        monkeypatch.undo()
    if read_settings(show).signer_before == "":
        rotate_key(show, uri)
    stop_at(monkeypatch, "write_settings", after_it=False)
    with pytest.raises(Interrupted):
        retire_key(show)
    monkeypatch.undo()
    with Production.open(show) as production:
        production.append([seen("c")])
    _, trusted = retire_key(show)

    assert trusted == 3
    assert [one.trusted_until for one in keys_of(show).keys] == [3, None]
    assert codes(show) == []
    with Production.open(show) as production:
        kinds = [recorded.leaf.type for recorded in production.recorded()]
        assert (kinds.count(KeyRotated.TYPE), kinds.count(KeyRetired.TYPE)) == (1, 1)


class Interrupted(Exception):
    """The power went."""


def stop_at(monkeypatch: pytest.MonkeyPatch, name: str, *, after_it: bool) -> None:
    import edgecode.production.keys as module

    real = getattr(module, name)

    def stopped(*arguments: object, **named: object) -> None:
        if after_it:
            real(*arguments, **named)
        raise Interrupted

    monkeypatch.setattr(module, name, stopped)


# ------------------------------------------------------------------------------------------ processes that had it open


def test_a_process_that_had_the_log_open_signs_nothing_with_a_key_that_was_replaced(show: Path) -> None:
    with Production.open(show) as stale:
        rotate_key(show, new_key(show))
        for _ in range(2):
            with pytest.raises(KeysChangedError):
                stale.append([seen("b")])
            retire_key(show) if read_settings(show).signer_before else None
        with pytest.raises(KeysChangedError):
            stale.log.refresh()
        stale._keep_high_water = lambda note, flush: None  # type: ignore[method-assign]

    with Production.open(show) as production:
        assert production.log.size == 4
    assert codes(show) == []


class Failing:
    """A signer whose key goes away at some point."""

    def __init__(self, signer: Signer, *, after: int) -> None:
        self.signer, self.left = signer, after
        self.public, self.actor = signer.public, signer.actor

    def sign(self, message: bytes) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise UnavailableError("key.plugin", "the key is gone", "Bring it back")
        return self.signer.sign(message)


@pytest.mark.parametrize("which", ["new", "old"])
def test_no_acknowledgment_lacks_a_signature_when_a_key_goes_away_mid_batch(show: Path, which: str) -> None:
    rotate_key(show, new_key(show))
    gone = "second.key" if which == "new" else "signing.key"

    def opened(uri: str, folder: Path) -> Signer:
        signer = signer_at(uri, folder=folder)
        return Failing(signer, after=1) if uri.endswith(gone) else signer

    with Production(show, read_settings(show), world=World(open_signer=opened)) as production:
        production.append([seen("b")])
        acknowledged = production.log.size
        with pytest.raises(UnavailableError):
            production.append([seen("c"), seen("d")])
        assert production.log.size == acknowledged

    with Production.open(show) as production:
        assert production.log.size == acknowledged + 2
        assert signers_of(production.log.checkpoint()) == {key.id for key in kept_keys(state(show))}
    assert codes(show) == []


# ------------------------------------------------------------------------------------------ chains of changes


def signers(count: int) -> list[FileSigner]:
    return [FileSigner(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)) for number in range(1, count + 1)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["rotate", "retire", "forged", "elsewhere"]), max_size=12))
def test_a_chain_leads_to_the_keys_that_sign_whatever_else_stands_between(steps: list[str]) -> None:
    chain = signers(15)
    keys = [verifier_key(ORIGIN, signer) for signer in chain]
    at, waiting, trusted = 0, list[int](), dict[VerifierKey, int]()
    events: list[tuple[int, object]] = []
    forged = 0
    for index, step in enumerate(steps):
        if step == "rotate":
            fact = rotation(ORIGIN, keys[at], keys[at + 1], sign={keys[n]: chain[n].sign for n in (at, at + 1)})
            events.append((index, KeyRotated(fact)))
            waiting.append(at)
            at += 1
        elif step == "retire" and waiting:
            gone = waiting.pop()
            trusted[keys[gone]] = index
            events.append((index, KeyRetired(KeyRetirement(str(keys[gone]), index))))
        elif step == "forged":
            forged += 1
            fact = rotation(ORIGIN, keys[at], keys[-1], sign={keys[at]: chain[at - 1].sign, keys[-1]: chain[-1].sign})
            events.append((index, KeyRotated(fact)))
        elif step == "elsewhere":
            other = [VerifierKey(f"{ORIGIN}2", ED25519, chain[n].public) for n in (at, at + 1)]
            fact = rotation(f"{ORIGIN}2", *other, sign={other[n]: chain[at + n].sign for n in (0, 1)})
            events.append((index, KeyRotated(fact)))
    found = history(ORIGIN, [keys[0]], events)

    assert [one.key for one in found.keys] == keys[: at + 1]
    assert {one.key: one.trusted_until for one in found.keys if one.trusted_until is not None} == trusted
    assert [finding.code for finding in found.findings] == ["key.rotation"] * forged


@pytest.mark.parametrize("field", ["old", "new", "old_signature", "new_signature"])
def test_no_changed_letter_of_a_change_is_accepted(field: str) -> None:
    one, two = signers(2)
    old, new = verifier_key(ORIGIN, one), verifier_key(ORIGIN, two)
    fact = rotation(ORIGIN, old, new, sign={old: one.sign, new: two.sign})
    text = getattr(fact, field)
    for place in range(len(ORIGIN) if field in ("old", "new") else 0, len(text) - 2):
        letter = "A" if text[place] != "A" else "B"
        changed = structs.replace(fact, **{field: text[:place] + letter + text[place + 1 :]})

        assert [one.key for one in history(ORIGIN, [old], [(5, KeyRotated(changed))]).keys] == [old]
