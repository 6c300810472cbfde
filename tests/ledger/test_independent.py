"""Verifiers that other people wrote accept our log, build the same proofs from our files, and refuse what is damaged."""

import json
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from random import Random

import oracles
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from oracles import needs_go, needs_sigstore_node, needs_sigstore_python, needs_tlog_scales

from edgecode.drivers.published import publish
from edgecode.ledger import notes
from edgecode.ledger.notes import Checkpoint, Note, Proof, Signature, VerifierKey
from sample_log import ORIGIN, new_production

ENTRIES = 2_345
COSIGNED_AT = 1_795_000_000


@dataclass
class Published:
    folder: Path
    cases: dict


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("independent")
    production = new_production(folder)
    events, sizes, random = production.events(ENTRIES), [], Random(5)
    while production.log.size < ENTRIES:
        begin = production.log.size
        sizes.append(production.log.append(events[begin : begin + random.choice([1, 7, 100, 300])]).size)
    publish(production.log, folder / "published")
    places = sorted({0, 1, 255, 256, 511, 512, ENTRIES - 1, *random.sample(range(ENTRIES), 200)})
    cases = {
        "vkey": str(production.log.key),
        "checkpoint": production.log.checkpoint().decode(),
        "root": text(production.log.root),
        "inclusion": [
            {"index": i, "leaf": text(events[i].leaf), "hashes": texts(Proof.parse(production.log.proof(i)).hashes)}
            for i in places
        ],
        "consistency": [
            {
                "old": size,
                "root": text(production.log.root_at(size)),
                "hashes": texts(production.log.consistency(size, ENTRIES)),
            }
            for size in sizes
        ],
    }
    production.close()
    return Published(folder, cases)


def text(data: bytes) -> str:
    return b64encode(data).decode()


def texts(items: tuple[bytes, ...] | list[bytes]) -> list[str]:
    return [text(item) for item in items]


@needs_go
def test_the_go_reference_accepts_our_log_and_builds_the_same_proofs_from_our_tiles(published: Published) -> None:
    cases = published.folder / "cases.json"
    cases.write_text(json.dumps(published.cases))
    said = oracles.said_by(oracles.go_program(published.folder), cases, published.folder / "published")
    print(f"\nGo sumdb: {said[1]}")

    counts = f"inclusion {len(published.cases['inclusion'])} consistency {len(published.cases['consistency'])}"
    assert said == ("", f"entries {ENTRIES} {counts} flips 0")


@needs_sigstore_python
def test_sigstore_accepts_every_inclusion_proof_and_no_damaged_one(published: Published) -> None:
    said = oracles.sigstore_python(given=json.dumps(published.cases))
    print(f"\nsigstore-python: {said[1]}")

    assert said == ("", f"{ORIGIN} {ENTRIES} good {len(published.cases['inclusion'])} bad 0")


@needs_sigstore_node
def test_sigstore_js_accepts_our_signed_head_and_every_inclusion_proof_under_it(published: Published) -> None:
    cases = published.folder / "cases_for_node.json"
    cases.write_text(json.dumps(published.cases))
    said = oracles.sigstore_node("published", cases)
    print(f"\n@sigstore/verify: {said[1]}")

    assert said == ("", f"head {ENTRIES} inclusion {len(published.cases['inclusion'])} other head 0")


@needs_tlog_scales
def test_tlog_scales_reads_our_folder_and_builds_the_same_root_proofs_and_entries(published: Published) -> None:
    from tlog_scales.backend import make_backend
    from tlog_scales.reader import TilesReader

    reader = TilesReader(make_backend(str(published.folder / "published")))
    head = reader.get_checkpoint()
    inclusion = [
        (reader.get_entry(one["index"]), reader.get_inclusion_proof(one["index"], head.size).node_hashes)
        for one in published.cases["inclusion"]
    ]
    consistency = [
        reader.get_consistency_proof(one["old"], head.size).node_hashes for one in published.cases["consistency"]
    ]
    print(f"\ntlog-scales: entries and inclusion {len(inclusion)} consistency {len(consistency)} from our tiles")

    assert (head.size, text(reader.calculate_root_hash())) == (ENTRIES, published.cases["root"])
    assert [(text(leaf), texts(path)) for leaf, path in inclusion] == [
        (one["leaf"], one["hashes"]) for one in published.cases["inclusion"]
    ]
    assert list(map(texts, consistency)) == [one["hashes"] for one in published.cases["consistency"]]


def cosigned(published: Published) -> tuple[str, list[VerifierKey]]:
    """Our signed head with cosignatures of the kinds 4 and 6 that we made, and the three keys."""
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    note = Note.parse(published.cases["checkpoint"].encode())
    keys = [VerifierKey.parse(published.cases["vkey"])]
    signers = {notes.COSIGNATURE_ED25519: Ed25519PrivateKey.generate()}
    signers[notes.COSIGNATURE_ML_DSA_44] = MLDSA44PrivateKey.generate()
    lines = list(note.signatures)
    for kind, signer in signers.items():
        key = VerifierKey(f"guild-{kind}.example/w", kind, signer.public_key().public_bytes_raw())
        signed = signer.sign(notes.cosigned_message(key, note.text, seconds=COSIGNED_AT))
        lines.append(Signature(key.name, key.id, COSIGNED_AT.to_bytes(8, "big") + signed))
        keys.append(key)
    return Note(note.text, tuple(lines)).encode().decode(), keys


@needs_tlog_scales
def test_tlog_scales_accepts_our_signatures_of_the_kinds_1_4_and_6(published: Published) -> None:
    from tlog_scales.signing import Vkey, VkeySet
    from tlog_scales.tlog import Checkpoint as TheirCheckpoint

    note, keys = cosigned(published)
    theirs = TheirCheckpoint.from_text(note)
    valid = VkeySet(*(Vkey.from_string(str(key)) for key in keys)).verify(theirs.signatures, theirs)

    assert sorted((key.name, key.sig_type) for key, _ in valid) == sorted((key.name, key.kind) for key in keys)
    assert [Vkey.from_string(str(key)).serialize() for key in keys] == [str(key) for key in keys]


@needs_tlog_scales
def test_we_accept_signatures_of_the_kinds_1_4_and_6_that_tlog_scales_made(published: Published) -> None:
    from tlog_scales import signing
    from tlog_scales.tlog import Checkpoint as TheirCheckpoint

    head = Checkpoint.parse(Note.parse(published.cases["checkpoint"].encode()).text)
    log = signing.PlainEd25519Signer(head.origin, bytes([1] * 32))
    quantum = signing.MLDSA44CosignatureSigner("guild-6.example/w", bytes([3] * 32))
    theirs = TheirCheckpoint.make_signed(head.origin, head.size, head.root, [log, quantum]).serialize()
    note = Note.parse(theirs.encode())
    keys = [
        VerifierKey(head.origin, notes.ED25519, log.key.public_key().public_bytes_raw()),
        VerifierKey("guild-6.example/w", notes.COSIGNATURE_ML_DSA_44, quantum.key.public_key().public_bytes_raw()),
    ]

    assert note.encode().decode() == theirs
    assert [(line.name, line.key_id) for line in note.signatures] == [(key.name, key.id) for key in keys]
    assert all(
        key.holds(note.text, line.signature) is not None for key, line in zip(keys, note.signatures, strict=True)
    )
