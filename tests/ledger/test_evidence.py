"""Evidence files: they show two histories to anybody who has the log's key, and nothing else passes for one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from edgecode.cli.verify import main
from edgecode.drivers.published import publish
from edgecode.drivers.published_tree import PublishedTree
from edgecode.errors import InputError, InvalidError, UnverifiableError
from edgecode.ledger.evidence import Evidence, evidence_against, verify_evidence
from edgecode.ledger.notes import ED25519, Checkpoint, Note, Signature, VerifierKey
from edgecode.ledger.policy import Policy
from edgecode.ledger.reader import Reader
from edgecode.ledger.verify import Verdict
from sample_log import Production, new_production
from witness_samples import cosigner_named, policy, signed_note, signer


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Production:
    production = new_production(tmp_path_factory.mktemp("log"))
    production.log.append(production.events(700))
    return production


def honest(log: Production, size: int) -> bytes:
    return signed_note(Checkpoint(log.log.origin, size, log.log.root_at(size)), log.log.key, log.signer)


def forked(log: Production, size: int) -> bytes:
    return signed_note(Checkpoint(log.log.origin, size, bytes(32)), log.log.key, log.signer)


def against(log: Production, one: bytes, other: bytes) -> Evidence | None:
    trust = Policy.of_keys(log.log.key)
    return evidence_against(one, other, trust, root_at=log.log.root_at, consistency=log.log.consistency)


def verdict(log: Production, data: bytes) -> tuple[Verdict, list[str]]:
    report = verify_evidence(data, Policy.of_keys(log.log.key))
    return report.verdict, [finding.code for finding in report.findings]


@pytest.mark.parametrize(("old", "new"), [(1, 2), (255, 256), (256, 257), (512, 700), (300, 300), (699, 700), (3, 512)])
def test_two_heads_of_two_histories_are_shown_to_be_that(log: Production, old: int, new: int) -> None:
    found = against(log, honest(log, new), forked(log, old))

    assert found is not None
    assert Evidence.parse(found.encode()) == found
    assert verdict(log, found.encode()) == (Verdict.DIVERGED, ["evidence.diverged"])


@pytest.mark.parametrize(("old", "new"), [(0, 5), (1, 2), (256, 700), (700, 700)])
def test_two_heads_of_one_history_are_no_evidence(log: Production, old: int, new: int) -> None:
    assert against(log, honest(log, old), honest(log, new)) is None


def test_a_published_folder_serves_as_the_history(log: Production, tmp_path: Path) -> None:
    publish(log.log, tmp_path / "published")
    reader = Reader(PublishedTree(tmp_path / "published"))
    sizes = [1, 2, 255, 256, 257, 511, 512, 513, 700]

    assert [reader.root(size) for size in sizes] == [log.log.root_at(size) for size in sizes]
    assert [reader.consistency(size, 700) for size in sizes] == [log.log.consistency(size, 700) for size in sizes]


def test_a_history_that_is_not_the_larger_heads_cannot_tell(log: Production) -> None:
    with pytest.raises(UnverifiableError, match=r"evidence\.no_history"):
        against(log, honest(log, 100), forked(log, 200))


def test_heads_that_the_log_did_not_sign_are_no_evidence_of_anything(log: Production, tmp_path: Path) -> None:
    other = new_production(tmp_path, seed=2)
    stranger = signed_note(Checkpoint(log.log.origin, 9, bytes(32)), log.log.key, other.signer)

    with pytest.raises(InvalidError, match=r"note\.signature"):
        against(log, stranger, honest(log, 700))
    found = Evidence(stranger, honest(log, 9))
    assert verdict(log, found.encode()) == (Verdict.INVALID, ["note.signature"])


def test_an_evidence_file_that_shows_nothing_is_invalid(log: Production) -> None:
    proof = tuple(log.log.consistency(300, 700))
    nothing = [
        Evidence(honest(log, 300), honest(log, 300)),
        Evidence(honest(log, 300), honest(log, 700)),
        Evidence(forked(log, 300), honest(log, 700)),
        Evidence(honest(log, 300), honest(log, 700), log.log.root_at(300), proof),
        Evidence(forked(log, 300), honest(log, 700), log.log.root_at(300), proof[:-1]),
        Evidence(forked(log, 300), honest(log, 700), log.log.root_at(299), proof),
        Evidence(forked(log, 300), honest(log, 700), bytes(32), proof),
        Evidence(honest(log, 700), forked(log, 300), log.log.root_at(300), proof),
        Evidence(forked(log, 300), honest(log, 300), log.log.root_at(300), ()),
    ]

    assert [verdict(log, one.encode()) for one in nothing] == [(Verdict.INVALID, ["evidence.nothing"])] * len(nothing)


def shown(log: Production) -> bytes:
    found = against(log, honest(log, 700), forked(log, 300))
    assert found is not None
    return found.encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\n",
        lambda data: data.replace(b",", b", ", 1),
        lambda data: data.replace(b"evidence/1", b"evidence/2"),
        lambda data: data.replace(b'"proof":[', b'"proof":["",', 1),
        lambda data: data.replace(b'{"notes"', b'{"more":1,"notes"'),
        lambda data: b"[]",
        lambda data: b"",
    ],
)
def test_the_file_has_one_form(log: Production, change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InputError, match=r"evidence\.malformed"):
        Evidence.parse(change(shown(log)))


def test_no_flip_of_a_bit_of_an_evidence_file_shows_anything(log: Production) -> None:
    data, accepted = shown(log), []
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit >> 3] ^= 1 << (bit & 7)
        try:
            if verdict(log, bytes(flipped))[0] is Verdict.DIVERGED:
                accepted.append(bit)
        except InputError:
            continue

    assert accepted == []


def test_edgecode_verify_says_diverged_and_33_of_an_evidence_file(
    log: Production, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "evidence.json").write_bytes(shown(log))
    status = main([str(tmp_path / "evidence.json"), "--key", str(log.log.key)])

    assert (status, capsys.readouterr().out.splitlines()[:2]) == (
        33,
        [
            "DIVERGED",
            f"  log {log.log.origin}: signed heads of 300 entries (key {log.log.key.id.hex()}) and of 700 entries (key "
            f"{log.log.key.id.hex()}) that cannot belong to one history  [evidence.diverged]",
        ],
    )


def test_cosignatures_do_not_hinder_evidence(log: Production) -> None:
    note = Note.parse(forked(log, 300))
    more = note._replace(signatures=(*note.signatures, note.signatures[0]._replace(name="guild.example/w")))

    assert against(log, more.encode(), honest(log, 700)) is not None


def test_a_bad_line_in_a_known_witnesss_name_does_not_spoil_a_true_accusation(log: Production) -> None:
    witness = cosigner_named("guild.example/w", 5)
    spoiled = Note.parse(forked(log, 300))
    bad = Signature(witness.name, witness.key.id, bytes(72))
    trust = policy([log.log.key], {"w": witness.key}, "quorum w")
    found = evidence_against(
        Note(spoiled.text, (*spoiled.signatures, bad)).encode(),
        honest(log, 700),
        trust,
        root_at=log.log.root_at,
        consistency=log.log.consistency,
    )

    assert found is not None
    assert bad in Note.parse(found.smaller).signatures
    assert verify_evidence(found.encode(), trust).verdict is Verdict.DIVERGED


def test_evidence_says_which_key_signed_each_head_and_that_none_signed_both(log: Production, tmp_path: Path) -> None:
    thief = signer(77)
    retired = VerifierKey(log.log.origin, ED25519, thief.public)
    accused = Evidence(honest(log, 300), signed_note(Checkpoint(log.log.origin, 300, bytes(32)), retired, thief))
    trust = Policy.of_keys(retired, log.log.key)
    (finding,) = verify_evidence(accused.encode(), trust).findings

    assert finding.what == (
        f"signed heads of 300 entries (key {log.log.key.id.hex()}) and of 300 entries (key {retired.id.hex()}) that cannot belong "
        "to one history. No key has signed both: if one of them was retired or exposed, whoever holds it can have made its head"
    )
