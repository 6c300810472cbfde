"""The proofs in a pack hold for verifiers that other people wrote: Go's sumdb, sigstore (Python, JavaScript) and tlog-scales."""

import json
import shutil
import sys
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ledger"))
import oracles
from oracles import needs_go, needs_sigstore_node, needs_sigstore_python, needs_tlog_scales

from edgecode.cli.verify import main
from edgecode.drivers.published import publish
from edgecode.ledger.merkle import leaf_hash
from edgecode.ledger.notes import Checkpoint, Note, Proof
from edgecode.production import Production
from edgecode.production.packs.making import cut_pack


@dataclass
class Handed:
    """What an outsider is handed: the parts of a pack as `edgecode-verify --extract` writes them, and the published tiles."""

    parts: Path
    published: Path
    cases: dict


@pytest.fixture(scope="module")
def handed(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Handed:
    folder = tmp_path_factory.mktemp("outsider")
    shutil.copytree(demo_folder / ".edgecode", folder / "demo" / ".edgecode")
    shutil.copy(demo_folder / "edgecode.toml", folder / "demo" / "edgecode.toml")
    with Production.open(folder / "demo") as production:
        (folder / "pack.zip").write_bytes(cut_pack(production, "cut13")[0])
        publish(production.log, folder / "published")
        key = str(production.log.key)
    assert (
        main([str(folder / "pack.zip"), "--key", key, "--allow-unwitnessed", "--extract", str(folder / "parts")]) == 0
    )
    note = (folder / "parts" / "checkpoint").read_text("utf-8")
    inclusion = []
    for path in sorted((folder / "parts").glob("*.tlog-proof")):
        proof = Proof.parse(path.read_bytes())
        leaf = path.with_suffix(".leaf").read_bytes()
        inclusion.append({"index": proof.index, "leaf": text(leaf), "hashes": [text(item) for item in proof.hashes]})
    head = Checkpoint.parse(Note.parse(note.encode()).text)
    cases = {"vkey": key, "checkpoint": note, "root": text(head.root), "inclusion": inclusion, "consistency": []}
    return Handed(folder / "parts", folder / "published", cases)


def text(data: bytes) -> str:
    return b64encode(data).decode()


@needs_go
def test_the_go_reference_accepts_every_proof_of_a_pack(handed: Handed, tmp_path: Path) -> None:
    (tmp_path / "cases.json").write_text(json.dumps(handed.cases))
    said = oracles.said_by(oracles.go_program(tmp_path), tmp_path / "cases.json", handed.published)
    print(f"\nGo sumdb: {said[1]}")

    size = Checkpoint.parse(Note.parse(handed.cases["checkpoint"].encode()).text).size
    assert said == ("", f"entries {size} inclusion {len(handed.cases['inclusion'])} consistency 0 flips 0")


@needs_sigstore_python
def test_sigstore_accepts_every_proof_of_a_pack_and_no_damaged_one(handed: Handed) -> None:
    errors, said = oracles.sigstore_python(given=json.dumps(handed.cases))
    print(f"\nsigstore-python: {said}")

    assert (errors, said.split(" ", 2)[2]) == ("", f"good {len(handed.cases['inclusion'])} bad 0")


@needs_sigstore_node
def test_sigstore_js_accepts_every_proof_of_a_pack(handed: Handed, tmp_path: Path) -> None:
    (tmp_path / "cases.json").write_text(json.dumps(handed.cases))
    errors, said = oracles.sigstore_node("published", tmp_path / "cases.json")
    print(f"\n@sigstore/verify: {said}")

    assert (errors, f"inclusion {len(handed.cases['inclusion'])} other head 0" in said) == ("", True)


@needs_tlog_scales
def test_tlog_scales_accepts_the_signed_head_and_every_proof_of_a_pack_and_no_damaged_one(handed: Handed) -> None:
    from tlog_scales.signing import Vkey, VkeySet
    from tlog_scales.tlog import Checkpoint as TheirCheckpoint
    from tlog_scales.tlog import InclusionProof, InclusionProofInvalid

    head = TheirCheckpoint.from_text(handed.cases["checkpoint"])
    valid = VkeySet(Vkey.from_string(handed.cases["vkey"])).verify(head.signatures, head)
    accepted = refused = 0
    for one in handed.cases["inclusion"]:
        proof = InclusionProof(one["index"], head.size, [b64decode(item) for item in one["hashes"]])
        leaf = leaf_hash(b64decode(one["leaf"]))
        proof.check(leaf, head.root_hash)
        accepted += 1
        try:
            proof.check(leaf, bytes(32))
        except InclusionProofInvalid:
            refused += 1
    print(f"\ntlog-scales: head and {accepted} proofs")

    assert (len(valid), accepted, refused) == (1, len(handed.cases["inclusion"]), len(handed.cases["inclusion"]))
