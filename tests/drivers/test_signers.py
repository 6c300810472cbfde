"""Signers by scheme: key files with and without a passphrase, and others that plug in, fail, lie or sign wrongly."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.drivers.key_files import PASSPHRASE, PASSPHRASE_FILE, create_key_file, open_key_file
from edgecode.drivers.signers import create_signer, schemes, signer_at
from edgecode.drivers.world import World
from edgecode.errors import InputError, NotFoundError, RefusedError, UnavailableError, UsageError
from edgecode.ledger.store import Signer
from edgecode.production import Production
from edgecode.production.keys import rotate_key
from edgecode.testing.signer_suite import SignerSuite

PLUGIN = """
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

class Held:
    def __init__(self, uri, folder):
        self.key = Ed25519PrivateKey.from_private_bytes(bytes(32))
        self.fault = uri.partition(":")[2]
        if self.fault == "absent":
            raise OSError("no such token, and its path")
        self.public = b"short" if self.fault == "short" else self.key.public_key().public_bytes_raw()
        self.actor = "k:invented"

    def sign(self, message):
        if self.fault == "wrong":
            return bytes(64)
        if self.fault == "empty":
            return b""
        if self.fault == "gone":
            raise RuntimeError("a secret in a message")
        return self.key.sign(message)
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed distribution with the schemes ``card:`` and ``broken:``."""
    place = tmp_path / "site"
    info = place / "card_signer-1.0.dist-info"
    info.mkdir(parents=True)
    (place / "card_signer.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: card-signer\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[edgecode.signers]\ncard = card_signer:Held\nbroken = card_signer:Nothing\n"
    )
    monkeypatch.syspath_prepend(place)
    yield
    sys.modules.pop("card_signer", None)


class TestKeyFile(SignerSuite):
    @pytest.fixture
    def signer(self, tmp_path: Path) -> Signer:
        return create_signer("file:one.key", folder=tmp_path)


class TestLockedKeyFile(SignerSuite):
    @pytest.fixture
    def signer(self, tmp_path: Path) -> Signer:
        create_signer("file:one.key", folder=tmp_path, passphrase="open sesame")
        return signer_at("file:one.key", folder=tmp_path, ask=lambda name: "open sesame")


class TestPluggedIn(SignerSuite):
    @pytest.fixture
    def signer(self, plugin: None, tmp_path: Path) -> Signer:
        return signer_at("card:slot-1", folder=tmp_path)


# ------------------------------------------------------------------------------------------ passphrases


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    create_key_file(tmp_path / "log.key", passphrase="grün & 7")
    return tmp_path / "log.key"


def test_a_passphrase_comes_from_the_environment_then_a_file_then_a_person(
    locked: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def ask(name: str) -> str:
        asked.append(name)
        return "grün & 7"

    public = open_key_file(locked, ask=ask).public
    (tmp_path / "phrase").write_bytes("grün & 7\n".encode())
    (tmp_path / "phrase").chmod(0o600)
    monkeypatch.setenv(PASSPHRASE_FILE, str(tmp_path / "phrase"))
    assert open_key_file(locked, ask=ask).public == public
    monkeypatch.setenv(PASSPHRASE, "wrong")
    with pytest.raises(InputError, match=r"key\.passphrase_wrong"):
        open_key_file(locked, ask=ask)
    monkeypatch.setenv(PASSPHRASE, "grün & 7")

    assert open_key_file(locked, ask=ask).public == public
    assert asked == ["log.key"]


def test_without_anybody_to_ask_a_locked_key_is_refused_and_says_how(locked: Path) -> None:
    with pytest.raises(RefusedError, match=rf"{PASSPHRASE_FILE}.*key\.passphrase_absent"):
        open_key_file(locked)


def test_a_passphrase_that_others_may_read_is_refused(
    locked: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "phrase").write_text("grün & 7")
    monkeypatch.setenv(PASSPHRASE_FILE, str(tmp_path / "phrase"))

    with pytest.raises(RefusedError, match=r"phrase may be read"):
        open_key_file(locked)
    monkeypatch.setenv(PASSPHRASE_FILE, str(tmp_path / "none"))
    with pytest.raises(NotFoundError, match=r"secret\.absent"):
        open_key_file(locked)


def test_no_passphrase_is_none_and_an_empty_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"key\.passphrase_empty"):
        create_key_file(tmp_path / "log.key", passphrase="")
    assert not (tmp_path / "log.key").exists()


def test_a_locked_key_file_does_not_hold_the_key_in_the_open(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, "grün & 7")
    key = open_key_file(locked)._key.private_bytes_raw()

    assert b"ENCRYPTED" in locked.read_bytes()
    assert key not in locked.read_bytes()


# ------------------------------------------------------------------------------------------ others


def test_an_unknown_scheme_is_refused_with_those_that_are_known(plugin: None, tmp_path: Path) -> None:
    assert schemes() == ["file", "broken", "card"]
    with pytest.raises(UsageError) as refused:
        signer_at("awskms:alias/film", folder=tmp_path)

    assert str(refused.value) == (
        "keys of the kind awskms: are not known here; known: file:, broken:, card:. "
        "docs/reference/signers.md says how others plug in. [key.scheme]"
    )


@pytest.mark.parametrize("uri", ["log.key", "file:", ":x", ""])
def test_what_is_no_uri_is_refused(tmp_path: Path, uri: str) -> None:
    with pytest.raises(UsageError, match=r"key\.scheme"):
        signer_at(uri, folder=tmp_path)
    with pytest.raises(UsageError, match=r"key\.scheme"):
        create_signer(uri, folder=tmp_path)


def test_a_key_of_a_plug_in_is_not_made_here(plugin: None, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"key\.not_ours"):
        create_signer("card:slot-1", folder=tmp_path)


@pytest.mark.parametrize(
    ("uri", "what"),
    [
        ("card:absent", "failed with OSError"),
        ("card:short", "failed with ValueError"),
        ("card:wrong", "gave a signature that does not hold"),
        ("card:empty", "gave a signature that does not hold"),
        ("card:gone", "failed with RuntimeError"),
        ("broken:x", "failed with AttributeError"),
    ],
)
def test_a_plug_in_that_fails_lies_or_signs_wrongly_is_said_without_its_own_words(
    plugin: None, tmp_path: Path, uri: str, what: str
) -> None:
    with pytest.raises(UnavailableError) as refused:
        signer_at(uri, folder=tmp_path).sign(b"message")

    assert refused.value.code == "key.plugin"
    assert refused.value.sentence == f"the signer for {uri.partition(':')[0]}: {what}; nothing was acknowledged"


def test_a_production_changes_to_a_key_that_is_plugged_in(plugin: None, tmp_path: Path) -> None:
    with Production.create(tmp_path / "show", title="A Show"):
        pass
    rotate_key(tmp_path / "show", "card:slot-1")

    with Production.open(tmp_path / "show") as production:
        public = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
        assert production.log.key.public == public
        assert production.signer.actor != "k:invented"


def test_the_world_says_where_signers_come_from(tmp_path: Path) -> None:
    create_key_file(tmp_path / "log.key")

    assert World().open_signer("file:log.key", tmp_path).public == open_key_file(tmp_path / "log.key").public


def test_the_passphrase_is_no_argument_of_any_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "edgecode", "key", "create", "--help"], capture_output=True, text=True, check=True
    )

    assert "--passphrase  " in done.stdout  # a flag: it takes no value
