"""The published folder and `edgecode-verify`: what an outsider gets, and that nothing else of edgecode is needed to check it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.cli.verify import main
from edgecode.drivers.published import publish
from edgecode.errors import RefusedError
from edgecode.ledger import notes
from edgecode.ledger.export import bundles_of, encode_bundle, tiles_of
from edgecode.ledger.notes import Note, Signature, VerifierKey
from edgecode.ledger.tiles import TileName, decode_bundle, tile_path
from sample_log import ORIGIN, new_production
from witness_samples import cosigner_named

ROOT = Path(__file__).resolve().parents[2]
ONLY_THE_TRUSTED_PATH = """
import sys
from importlib.abc import MetaPathFinder

class Refuse(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in {"cryptography", "_cffi_backend", "edgecode"}:
            raise ImportError(f"not of the trusted path: {name}")

sys.meta_path.insert(0, Refuse())
sys.path.insert(0, sys.argv[1])
sys.argv = sys.argv[1:]
from edgecode.cli.verify import main
status = main()
print(sorted(name for name in sys.modules if name.startswith("edgecode.")), file=sys.stderr)
print(sys.modules["edgecode.ledger.verify"].__file__, file=sys.stderr)
sys.exit(status)
"""


@dataclass
class Handed:
    """What an outsider is handed."""

    folder: Path
    key: Path
    proof: Path
    leaf: Path


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Handed:
    folder = tmp_path_factory.mktemp("handed")
    production = new_production(folder)
    events = production.events(700)
    production.log.append(events[:400])
    publish(production.log, folder / "published")
    production.log.append(events[400:])
    publish(production.log, folder / "published")
    (folder / "vkey").write_text(f"{production.log.key}\n")
    (folder / "entry.tlog-proof").write_bytes(production.log.proof(555))
    (folder / "leaf").write_bytes(events[555].leaf)
    production.close()
    return Handed(folder / "published", folder / "vkey", folder / "entry.tlog-proof", folder / "leaf")


@pytest.fixture
def copy(handed: Handed, tmp_path: Path) -> Path:
    """A published folder that may be damaged."""
    for path in handed.folder.rglob("*"):
        if path.is_file():
            target = tmp_path / "copy" / path.relative_to(handed.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return tmp_path / "copy"


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[str]]:
    status = main([str(argument) for argument in arguments])
    return status, capsys.readouterr().out.splitlines()


def test_a_published_folder_has_every_tile_and_bundle_of_both_states(handed: Handed) -> None:
    files = {str(path.relative_to(handed.folder)) for path in handed.folder.rglob("*") if path.is_file()}
    wanted = {tile_path(name) for size in (400, 700) for name in (*tiles_of(size), *bundles_of(size))}

    assert files == {"checkpoint", *wanted}


def test_tile_paths_are_those_of_the_standard() -> None:
    paths = [
        tile_path(name)
        for name in (TileName(0, 1_234_067), TileName("entries", 0, 112), TileName(2, 999), TileName(1, 1000))
    ]
    partial = [name for name in tiles_of(70_000) if name.width < 256]

    assert paths == ["tile/0/x001/x234/067", "tile/entries/000.p/112", "tile/2/999", "tile/1/x001/000"]
    assert partial == [TileName(0, 273, 112), TileName(1, 1, 17), TileName(2, 0, 1)]


def test_a_bundle_reads_back_and_half_ones_are_refused() -> None:
    entries = [b"", b"a", b"x" * 65_535]
    data = encode_bundle(entries)

    assert decode_bundle(data, width=3) == entries
    for damaged, width in ((data, 2), (data[:-1], 3), (data + b"\0", 3), (b"", 1)):
        with pytest.raises(Exception, match=r"tiles\.bundle"):
            decode_bundle(damaged, width=width)


def test_a_published_log_is_unwitnessed_and_may_be_allowed_to_be(
    handed: Handed, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = said(capsys, handed.folder, "--key", handed.key)

    assert (status, lines[0]) == (31, "UNWITNESSED")
    assert main([str(handed.folder), "--key", str(handed.key), "--allow-unwitnessed"]) == 0


@pytest.mark.parametrize(
    ("seconds", "when"),
    [
        (1_600_000_000, "at 2020-09-13 12:26:40 UTC by its clock"),
        (0, "at a time that is left out (0); when it did, nothing here can tell"),
        (
            2**62,
            f"at a time that is in the future by this machine's clock ({2**62} seconds since 1970); when it did, nothing here can tell",
        ),
    ],
)
def test_the_verifier_says_which_key_signed_and_when_each_witness_says_it_did(
    copy: Path, handed: Handed, capsys: pytest.CaptureFixture[str], seconds: int, when: str
) -> None:
    witness, key = cosigner_named("guild.example/w", 5), VerifierKey.parse(handed.key.read_text().strip())
    other = VerifierKey(key.name, notes.ED25519, cosigner_named("x.example", 6).signer.public)
    note = Note.parse((copy / "checkpoint").read_bytes())
    signed = note._replace(signatures=(*note.signatures, witness.cosign(note.text, seconds=seconds)))
    (copy / "checkpoint").write_bytes(signed.encode())
    asked = [copy, "--key", key, "--key", other, "--witness", witness.key, "--quorum", 1]
    _, lines = said(capsys, *asked)
    _, told = said(capsys, *asked, "--json")
    answer = json.loads("".join(told))

    assert f"  guild.example/w signed {when}" in lines
    assert (
        f"signed with the log's key {key.id.hex()}, not with {other.id.hex()}: ask the log's owner which is retired, and since when"
    ) in lines
    assert (answer["signed_by"], answer["cosigned"]) == ([key.label], {witness.key.label: seconds})


def test_a_witnessed_log_exits_0(copy: Path, handed: Handed, capsys: pytest.CaptureFixture[str]) -> None:
    private = Ed25519PrivateKey.generate()
    key = VerifierKey("guild.example/w", notes.COSIGNATURE_ED25519, private.public_key().public_bytes_raw())
    note = Note.parse((copy / "checkpoint").read_bytes())
    signature = (1_795_000_000).to_bytes(8, "big") + private.sign(
        notes.cosigned_message(key, note.text, seconds=1_795_000_000)
    )
    (copy / "checkpoint").write_bytes(
        note._replace(signatures=(*note.signatures, Signature(key.name, key.id, signature))).encode()
    )

    assert said(capsys, copy, "--key", handed.key, "--witness", key, "--quorum", 1)[1][0] == "WITNESSED"
    assert main([str(copy), "--key", str(handed.key), "--witness", str(key), "--quorum", "1"]) == 0


def test_a_proof_holds_for_its_entry_and_for_no_other(
    handed: Handed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.write_bytes(handed.leaf.read_bytes().replace(b'"v":1', b'"v":2'))

    assert said(capsys, handed.proof, "--leaf", handed.leaf, "--key", handed.key)[0] == 31
    assert said(capsys, handed.proof, "--leaf", other, "--key", handed.key)[1][:2] == [
        "INVALID",
        "  entry 555: the proof does not lead from it to the signed root  [proof.inclusion]",
    ]


@pytest.mark.parametrize(
    ("file", "place", "status", "line"),
    [
        ("tile/entries/001", 3_000, 30, "  entry "),
        (
            "tile/entries/002.p/188",
            3_000,
            30,
            "  entry 519: its hash is not the one in tile 0/2",
        ),
        ("tile/0/001", 5 * 32, 30, "  tile 0/1: it differs at hash 5"),
        ("tile/0/002.p/188", 7 * 32, 30, "  tile 0/2: it differs at hash 7"),
        ("tile/1/000.p/2", 32, 30, "  tile 1/0: it differs at hash 1"),
        ("checkpoint", 3, 30, "  checkpoint: the signature of the key"),
    ],
)
def test_a_changed_byte_of_any_published_file_is_found_and_named(
    copy: Path, handed: Handed, capsys: pytest.CaptureFixture[str], file: str, place: int, status: int, line: str
) -> None:
    data = bytearray((copy / file).read_bytes())
    data[place] ^= 1
    (copy / file).write_bytes(data)
    told, lines = said(capsys, copy, "--key", handed.key)

    assert told == status
    assert any(one.startswith(line) for one in lines), lines


def test_a_file_that_was_not_handed_over_is_not_called_altered(
    copy: Path, handed: Handed, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / "tile/entries/001").unlink()
    (copy / "tile/0/000").unlink()
    status, lines = said(capsys, copy, "--key", handed.key)

    assert (status, lines[:3]) == (
        32,
        ["UNVERIFIABLE", "  tile/entries/001: not there  [bundle.missing]", "  tile 0/0: not there  [tile.missing]"],
    )


def signed_head(handed: Handed, size: int) -> bytes:
    """A checkpoint that says *size* entries, under the signature of the one that was handed over."""
    lines = (handed.folder / "checkpoint").read_text("utf-8").split("\n")
    return "\n".join([lines[0], str(size), *lines[2:]]).encode()


def test_a_size_that_nobody_signed_is_not_walked_to(
    copy: Path, handed: Handed, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / "checkpoint").write_bytes(signed_head(handed, 1 << 62))
    status, lines = said(capsys, copy, "--key", handed.key)

    assert (status, lines[0]) == (30, "INVALID")
    assert lines[1].startswith("  checkpoint: the signature of the key")


def test_a_signed_size_without_entries_ends_after_a_few_holes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    private = Ed25519PrivateKey.generate()
    key = VerifierKey(ORIGIN, notes.ED25519, private.public_key().public_bytes_raw())
    text = notes.Checkpoint(ORIGIN, 1 << 62, bytes(32)).text
    signature = Signature(ORIGIN, key.id, private.sign(text.encode()))
    (tmp_path / "checkpoint").write_bytes(Note(text, (signature,)).encode())
    status, lines = said(capsys, tmp_path, "--key", key)

    assert (status, sum("bundle.missing" in line for line in lines)) == (32, 64)


@pytest.mark.parametrize("file", ["checkpoint", "tile/entries/000", "tile/0/000"])
@pytest.mark.parametrize("put", ["link", "pipe"])
def test_a_link_or_a_pipe_in_a_published_folder_is_refused_and_not_read(
    copy: Path, handed: Handed, capsys: pytest.CaptureFixture[str], file: str, put: str
) -> None:
    path = copy / file
    path.unlink()
    if put == "link":
        path.symlink_to("/dev/zero")
    else:
        os.mkfifo(path)

    assert main([str(copy), "--key", str(handed.key)]) == 20
    assert "[verify.unreadable]" in capsys.readouterr().err


def test_a_file_that_is_too_large_is_not_read_whole(
    copy: Path, handed: Handed, capsys: pytest.CaptureFixture[str]
) -> None:
    with (copy / "tile/entries/000").open("r+b") as file:
        file.truncate(1 << 40)

    assert said(capsys, copy, "--key", handed.key)[0] == 30


def test_a_quorum_below_zero_is_wrong_usage(handed: Handed) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(handed.folder), "--key", str(handed.key), "--quorum", "-1"])

    assert ended.value.code == 2


def test_the_key_of_another_log_makes_it_unverifiable_and_so_does_an_unknown_key_of_this_log(
    handed: Handed, capsys: pytest.CaptureFixture[str]
) -> None:
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    other_log, other_key = VerifierKey("example.org/other", 1, public), VerifierKey(ORIGIN, 1, public)

    assert said(capsys, handed.folder, "--key", other_log)[0] == 32
    status, lines = said(capsys, handed.folder, "--key", other_key)
    assert (status, lines[0]) == (32, "UNVERIFIABLE")
    assert lines[1].startswith(
        f"  key: signed by a key that you were not given (id {VerifierKey.parse(handed.key.read_text().strip()).id.hex()}): ask whether"
    )


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["nowhere", "--key", "KEY", "--leaf", "LEAF"], 21),
        (["PROOF", "--key", "KEY"], 20),
        (["FOLDER", "--key", "no key"], 20),
        (["FOLDER"], 20),
        (["FOLDER", "--key", "KEY", "--quorum", "1"], 20),
    ],
)
def test_wrong_words_are_told_on_stderr_with_their_own_status(
    handed: Handed, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int
) -> None:
    real = {"KEY": handed.key, "LEAF": handed.leaf, "PROOF": handed.proof, "FOLDER": handed.folder}

    assert main([str(real.get(word, word)) for word in arguments]) == status
    assert capsys.readouterr().out == ""


def test_a_folder_of_another_log_is_not_written_over(handed: Handed, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    production = new_production(tmp_path / "new", seed=2)

    with pytest.raises(RefusedError, match=r"publish\.other_log"):
        publish(production.log, handed.folder)


def test_the_single_file_verifier_needs_the_standard_library_and_cryptography_alone(
    handed: Handed, tmp_path: Path
) -> None:
    pyz = tmp_path / "edgecode-verify.pyz"
    build(pyz)
    arguments = [str(handed.folder), "--key", str(handed.key)]
    done = subprocess.run(
        [sys.executable, "-I", "-c", ONLY_THE_TRUSTED_PATH, str(pyz), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    loaded, place = done.stderr.strip().splitlines()[-2:]

    assert (done.returncode, done.stdout.splitlines()[0]) == (31, "UNWITNESSED")
    assert place.startswith(str(pyz))
    assert loaded == str(
        [
            "edgecode.cli",
            "edgecode.cli.verify",
            "edgecode.errors",
            "edgecode.events",
            "edgecode.events.codec",
            "edgecode.ledger",
            "edgecode.ledger.evidence",
            "edgecode.ledger.merkle",
            "edgecode.ledger.notes",
            "edgecode.ledger.pack_answers",
            "edgecode.ledger.pack_facts",
            "edgecode.ledger.pack_forms",
            "edgecode.ledger.pack_papers",
            "edgecode.ledger.packs",
            "edgecode.ledger.policy",
            "edgecode.ledger.tiles",
            "edgecode.ledger.verify",
            "edgecode.ledger.zips",
        ]
    )


def test_the_single_file_verifier_is_the_same_bytes_every_time_and_starts_by_itself(
    handed: Handed, tmp_path: Path
) -> None:
    for name in ("one", "other"):
        build(tmp_path / name)
    arguments = [str(handed.proof), "--leaf", str(handed.leaf), "--key", str(handed.key)]
    done = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "one"), *arguments], capture_output=True, text=True, check=False
    )

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert (done.returncode, done.stdout.splitlines()[0]) == (31, "UNWITNESSED")


def build(target: Path) -> None:
    spec = spec_from_file_location("build_verifier", ROOT / "dev" / "build_verifier.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.build(target)
