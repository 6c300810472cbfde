"""What somebody who is handed a pack, or who keeps its log, could try: each attempt is refused and its object named."""

import random
from collections.abc import Callable

import pytest

from edgecode.events.codec import Json, canonical, strict
from edgecode.ledger.notes import Checkpoint, Proof, VerifierKey
from edgecode.ledger.packs import ANSWER, CONSISTENCY, HEAD, KEEPERS_POLICY, LIMITS, MANIFEST, Manifest, verify_pack
from edgecode.ledger.policy import Policy
from edgecode.ledger.verify import Verdict
from edgecode.ledger.zips import write_zip
from pack_samples import Packed, rewritten, with_answer
from witness_samples import signed_note, signer

FACT = "events/000000000002/fact"
LEAF = "events/000000000002/leaf"
PROOF = "seal/proofs/000000000002.tlog-proof"


def judged(pack: Packed, data: bytes, *, outside: bool = True) -> tuple[str, set[tuple[str, str]]]:
    report = verify_pack(data, pack.policy if outside else None)
    return report.verdict.name, {(finding.code, finding.object) for finding in report.findings}


def flipped(data: bytes, bit: int) -> bytes:
    damaged = bytearray(data)
    damaged[bit >> 3] ^= 1 << (bit & 7)
    return bytes(damaged)


# ------------------------------------------------------------------------------------------ the words


def test_a_pack_under_a_cosigned_head_is_witnessed_by_whoever_trusts_the_witness(tiny: Packed) -> None:
    report = verify_pack(tiny.data, tiny.policy)

    assert (report.verdict, report.findings, report.quorum.organisations) == (Verdict.WITNESSED, (), ("guild.example",))


def test_the_policy_in_a_pack_is_trusted_by_nobody(tiny: Packed) -> None:
    forged = rewritten(tiny, {KEEPERS_POLICY: tiny.policy.encode()})

    assert verify_pack(tiny.data).verdict is Verdict.UNWITNESSED
    assert not verify_pack(forged).quorum.reached


def test_the_key_of_another_log_tells_nothing(tiny: Packed) -> None:
    policy = Policy.parse(f"log {_log_key('other.example/edgecode/x', 3)}\nquorum none\n".encode())

    report = verify_pack(tiny.data, policy)

    assert (report.verdict, {finding.code for finding in report.findings}) == (Verdict.UNVERIFIABLE, {"note.other_log"})


def _log_key(name: str, seed: int) -> str:
    return str(VerifierKey(name, 1, signer(seed).public))


def test_a_key_of_the_same_log_that_did_not_sign_makes_it_unverifiable(tiny: Packed) -> None:
    policy = Policy.parse(f"log {_log_key(tiny.key.name, 3)}\nquorum none\n".encode())

    report = verify_pack(tiny.data, policy)

    assert (report.verdict, [finding.code for finding in report.findings]) == (Verdict.UNVERIFIABLE, ["note.key"])


def test_a_pack_of_a_later_form_is_not_called_altered(tiny: Packed) -> None:
    later = tiny.members[MANIFEST].replace(b"edgecode.pack/1", b"edgecode.pack/2")
    report = verify_pack(rewritten(tiny, {MANIFEST: later}, relist=False), tiny.policy)

    assert ("pack.version", MANIFEST) in {(finding.code, finding.object) for finding in report.findings}


# ------------------------------------------------------------------------------------------ every bit


def test_every_flipped_bit_is_refused_and_something_named(tiny: Packed, request: pytest.FixtureRequest) -> None:
    bits = range(len(tiny.data) * 8)
    if not request.config.getoption("--slow"):
        bits = random.Random(4).sample(bits, 1_500)
    accepted, nameless = [], []
    for bit in bits:
        report = verify_pack(flipped(tiny.data, bit), tiny.policy)
        if report.verdict in (Verdict.WITNESSED, Verdict.UNWITNESSED):
            accepted.append(bit)
        if not all(finding.object for finding in report.findings):
            nameless.append(bit)
    print(f"\nflips of a pack of {len(tiny.data):,} bytes: {len(bits):,}, accepted {len(accepted)}")

    assert (accepted, nameless) == ([], [])


def test_flipped_bits_of_a_member_name_that_member(tiny: Packed) -> None:
    unnamed = []
    for name, data in tiny.members.items():
        start = tiny.data.index(data) if data else -1
        if start >= 0:
            report = verify_pack(flipped(tiny.data, start * 8 + 3), tiny.policy)
            if name not in {finding.object for finding in report.findings}:
                unnamed.append(name)

    assert unnamed == []


def test_a_pack_cut_off_anywhere_is_refused(tiny: Packed) -> None:
    lengths = random.Random(6).sample(range(len(tiny.data)), 60)

    assert [one for one in lengths if judged(tiny, tiny.data[:one])[0] != "INVALID"] == []


# ------------------------------------------------------------------------------------------ the zip


def test_bytes_before_behind_and_between_members_are_found(tiny: Packed) -> None:
    members = tiny.members
    end = tiny.data.rindex(b"PK\x05\x06")
    packs = {
        "in front": b"#!/bin/sh\n" + tiny.data,
        "behind": tiny.data + b"\0",
        "second end": tiny.data + tiny.data[end:],
        "comment": tiny.data[:-2] + b"\x05\x00hello",
        "reordered": write_zip(dict(reversed(members.items()))),
        "two first": tiny.data[: tiny.data.index(b"PK\x03\x04", 4)] + tiny.data,
    }

    assert {what: judged(tiny, data)[0] for what, data in packs.items()} == dict.fromkeys(packs, "INVALID")


def test_a_member_that_is_not_of_a_pack_or_missing_is_named(tiny: Packed) -> None:
    assert judged(tiny, rewritten(tiny, {"extra": b"x"}, relist=False))[1] >= {("pack.member", "extra")}
    assert judged(tiny, rewritten(tiny, {LIMITS: None}, relist=False))[1] >= {("pack.member", LIMITS)}
    assert judged(tiny, rewritten(tiny, {PROOF: None}))[1] == {("pack.member", PROOF)}
    assert judged(tiny, rewritten(tiny, {LEAF: None}))[1] >= {("pack.member", LEAF), ("pack.member", PROOF)}


# ------------------------------------------------------------------------------------------ the content


Change = Callable[[dict[str, Json]], None]


def changed_answer(pack: Packed, change: Change) -> bytes:
    answer = strict(pack.members[ANSWER])
    assert isinstance(answer, dict)
    change(answer)
    return rewritten(pack, {ANSWER: canonical(answer)})


def _fewer_unaccounted(answer: dict) -> None:
    answer["coverage"]["unaccounted"] = 0


def _camera_for_generated(answer: dict) -> None:
    answer["ranges"][1]["origin"] = "C"


def _shorter_range(answer: dict) -> None:
    answer["ranges"][0]["out"] -= 1


def _other_digest(answer: dict) -> None:
    answer["versions"][0]["sha256"] = "c" * 64


def _cites_nothing(answer: dict) -> None:
    answer["steps"][0]["ledger"] = []


def _cites_what_is_not_there(answer: dict) -> None:
    answer["steps"][0]["ledger"] = [4_000]


def _cites_another_kind(answer: dict) -> None:
    answer["steps"][0]["ledger"] = [answer["versions"][0]["ledger"][0]]


def _cites_another_record(answer: dict) -> None:
    first, second = answer["steps"]
    first["ledger"], second["ledger"] = second["ledger"], first["ledger"]


def _other_making(answer: dict) -> None:
    answer["steps"][1]["kind"] = "camera"


def _unlisted_version(answer: dict) -> None:
    answer["ranges"][0]["shown"][0]["version"] = "0" * 36


def _other_state(answer: dict) -> None:
    answer["ledger"]["size"] -= 1


def _no_gaps(answer: dict) -> None:
    answer["coverage"]["gaps"] = []


def _not_an_answer(answer: dict) -> None:
    del answer["coverage"]


LIES = [
    _fewer_unaccounted,
    _camera_for_generated,
    _shorter_range,
    _other_digest,
    _cites_nothing,
    _cites_what_is_not_there,
    _cites_another_kind,
    _cites_another_record,
    _other_making,
    _unlisted_version,
    _other_state,
    _no_gaps,
    _not_an_answer,
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__.strip("_"))
def test_an_answer_that_its_own_pack_contradicts_is_refused_for_itself(tiny: Packed, lie: Change) -> None:
    """Also where the keeper of the log made the pack so: what the event that bound it says is left aside."""
    report = verify_pack(changed_answer(tiny, lie), tiny.policy)

    codes = {finding.code for finding in report.findings if finding.code != "pack.made"}
    assert codes and codes <= {"pack.answer", "pack.cited"}


def test_another_answer_in_a_sound_zip_with_a_fitting_list_is_not_what_was_bound(tiny: Packed) -> None:
    answer = strict(tiny.members[ANSWER])
    assert isinstance(answer, dict)
    six = {**answer["six"], "persons": "0 persons"}  # type: ignore[dict-item]

    assert judged(tiny, with_answer(tiny, {"six": six})) == (
        "INVALID",
        {("pack.made", MANIFEST), ("pack.answer", ANSWER)},
    )


def test_an_answer_in_another_spelling_is_refused(tiny: Packed) -> None:
    spaced = tiny.members[ANSWER].replace(b'","', b'", "', 1)

    assert ("record.not_canonical", ANSWER) in judged(tiny, rewritten(tiny, {ANSWER: spaced}))[1]


def test_an_event_that_the_answer_cites_cannot_be_left_out(tiny: Packed) -> None:
    gone = {name: None for name in tiny.members if "000000000002" in name}

    assert judged(tiny, rewritten(tiny, gone))[1] >= {("pack.cited", "entry 2"), ("pack.made", MANIFEST)}


def test_an_event_cannot_be_replaced_by_another_with_its_own_valid_proof(tiny: Packed) -> None:
    other = {name: data for name, data in tiny.members.items() if "000000000001" in name}
    moved: dict[str, bytes | None] = {
        name.replace("000000000001", "000000000002"): data for name, data in other.items()
    }

    found = judged(tiny, rewritten(tiny, moved))[1]

    assert found >= {("pack.proof", PROOF), ("pack.cited", "entry 2")}


def test_an_opened_section_that_was_not_committed_to_is_named(tiny: Packed) -> None:
    changed = tiny.members[FACT].replace(b"video", b"still")

    assert ("pack.opening", FACT) in judged(tiny, rewritten(tiny, {FACT: changed}))[1]


def test_a_section_of_another_event_opens_nothing_here(tiny: Packed) -> None:
    other = tiny.members["events/000000000001/fact"]

    assert ("pack.opening", FACT) in judged(tiny, rewritten(tiny, {FACT: other}))[1]


# ------------------------------------------------------------------------------------------ the seal


def test_proofs_under_another_head_are_not_mixed_in(tiny: Packed) -> None:
    proof = Proof.parse(tiny.members[PROOF])
    plain = Proof(proof.index, proof.hashes, proof.checkpoint.split(b"\n\xe2\x80\x94 guild")[0] + b"\n")

    assert judged(tiny, rewritten(tiny, {PROOF: plain.encode()})) == ("INVALID", {("pack.proof", PROOF)})


def test_words_beside_a_proof_are_refused(tiny: Packed) -> None:
    proof = Proof.parse(tiny.members[PROOF])
    more = Proof(proof.index, proof.hashes, proof.checkpoint, b"camera, honestly")

    assert judged(tiny, rewritten(tiny, {PROOF: more.encode()})) == ("INVALID", {("pack.proof", PROOF)})


def test_two_histories_that_one_key_signed_are_called_diverged(tiny: Packed) -> None:
    log, proof = signer(11), Proof.parse(tiny.members[PROOF])
    key = VerifierKey(tiny.key.name, 1, log.public)
    note, other = (signed_note(Checkpoint(key.name, 7, bytes([byte]) * 32), key, log) for byte in (1, 2))
    members: dict[str, bytes | None] = {HEAD: note, PROOF: Proof(proof.index, proof.hashes, other).encode()}
    report = verify_pack(rewritten(tiny, members), Policy.of_keys(key))

    assert ("checkpoint.diverged", PROOF, Verdict.DIVERGED) in {(f.code, f.object, f.verdict) for f in report.findings}


def test_a_list_that_speaks_of_another_log_or_another_state_is_refused(tiny: Packed) -> None:
    manifest = Manifest.parse(tiny.members[MANIFEST])
    lies = [
        manifest._replace(origin="other.example/edgecode/x"),
        manifest._replace(size=manifest.size - 1),
        manifest._replace(size=1_000),
        manifest._replace(root=bytes(32)),
        manifest._replace(kind="erasure"),
    ]
    words = [judged(tiny, rewritten(tiny, {MANIFEST: lie.encode()}, relist=False)) for lie in lies]

    assert [word for word, _ in words] == ["INVALID"] * len(lies)
    assert all(
        found & {("pack.point", MANIFEST), ("pack.point", CONSISTENCY), ("pack.made", "seal/pack/fact")}
        for _, found in words
    )


def test_a_list_with_more_than_its_fields_is_refused(tiny: Packed) -> None:
    said = strict(tiny.members[MANIFEST])
    assert isinstance(said, dict)
    more = canonical({**said, "note": "x"})

    assert ("pack.malformed", MANIFEST) in judged(tiny, rewritten(tiny, {MANIFEST: more}, relist=False))[1]


def test_bytes_that_are_no_pack_at_all_are_refused_at_once() -> None:
    report = verify_pack(b"%PDF-1.7 ...")

    assert (report.verdict, [finding.object for finding in report.findings]) == (Verdict.INVALID, ["byte 0"])
