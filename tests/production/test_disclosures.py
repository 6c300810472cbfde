"""Certificates of erasure, a person's own record and opened sections: packs that verify, and that hold nothing they should not."""

from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edgecode.answers.packs.disclosure import Disclosure, OwnRecord
from edgecode.answers.packs.erasure import ErasureCertificate
from edgecode.drivers.sealed_letters import create_reader_key, open_reader_key, open_with_key, reader_id, seal_to_key
from edgecode.errors import NotFoundError, RefusedError
from edgecode.events.codec import parse_leaf
from edgecode.events.person_kinds import ApproverNamed, PersonErased, erasure_statement
from edgecode.events.record_kinds import SectionDisclosed
from edgecode.index.persons import erasures, persons
from edgecode.ledger.packs import ANSWER, TEXT, verify_pack
from edgecode.ledger.policy import Policy
from edgecode.ledger.verify import Verdict
from edgecode.ledger.zips import read_zip
from edgecode.production import Production
from edgecode.production.erasing.certificates import certificate_pack, erasure_certificate
from edgecode.production.erasing.ordering import erase_person
from edgecode.production.packs.disclosing import disclose, own_record
from edgecode.production.persons.noting import note_person, place_hold
from production.erased_person import FEE, MAIL, NAME, PROMPT, VOICE_PATH, Film, digest_of, make_film


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return make_film(tmp_path / "film")


@pytest.fixture
def letter(tmp_path: Path) -> tuple[Callable[[bytes], bytes], Callable[[bytes], bytes], str]:
    """To seal, to open, and what the record says of the reader."""
    public = create_reader_key(tmp_path / "reader.key")
    key = open_reader_key(tmp_path / "reader.key")
    return (lambda data: seal_to_key(data, public)), (lambda data: open_with_key(data, key)), reader_id(public)


def erased(film: Film, production: Production) -> str:
    erase_person(production, film.order(production, also_text=[film.ids["step"]]))
    return erasures(production.index)[0].erasure


def parts_of(pack: bytes) -> dict[str, bytes]:
    return dict(read_zip(pack).members)


def policy_of(production: Production) -> Policy:
    return Policy.of_keys(production.log.key)


# ------------------------------------------------------------------------------------------ certificates


def test_a_certificate_verifies_and_says_what_was_destroyed(film: Film) -> None:
    with film.open() as production:
        number = erased(film, production)
        data, given = certificate_pack(production, number)
        report = verify_pack(data, policy_of(production))
        answer = msgspec.json.decode(parts_of(data)[ANSWER], type=ErasureCertificate)

        assert (report.verdict, report.findings) == (Verdict.UNWITNESSED, ())
        assert (answer, given.complete, given.scope, given.person) == (given, True, "whole", "")
        assert (given.executed, given.requested) == ("2026-11-23", "2026-11-20")
        assert sum(len(one.sections) for one in given.records) == 10
        assert len(given.keys) == 2
        assert (given.before.size, given.after.size) == (given.entry, given.entry + 1)
        assert production.log.root_at(given.before.size).hex() == given.before.root


def test_a_certificate_names_what_an_erasure_does_not_reach(film: Film) -> None:
    with film.open() as production:
        given = erasure_certificate(production, erased(film, production))

        assert {(one.version, one.how) for one in given.not_reached} == {
            (film.ids["voice"], "likeness-source"),
            (film.ids["shot"], "heard"),
        }
        assert given.remains == ()


def test_a_certificate_holds_nothing_of_the_person(film: Film) -> None:
    with film.open() as production:
        (person,) = persons(production.index)
        data, _ = certificate_pack(production, erased(film, production))
        secret = (NAME, MAIL, FEE, PROMPT, person.ref, VOICE_PATH, digest_of("voice"), "P-01")

        assert [word for word in secret if word.encode() in data] == []


def test_the_alias_stands_on_the_persons_own_copy_alone(film: Film) -> None:
    with film.open() as production:
        data, _ = certificate_pack(production, erased(film, production), person="P-01")

        assert b"P-01 (on this copy only)" in parts_of(data)[TEXT]
        assert film.alias.encode() not in b"".join(entry.leaf for entry in production.log.entries())


def test_the_approvals_can_be_checked_from_the_pack_alone(film: Film) -> None:
    with film.open() as production:
        data, given = certificate_pack(production, erased(film, production))
    parts = parts_of(data)
    facts = {}
    for name, member in parts.items():
        if name.endswith("/fact") and name.startswith("events/"):
            index = int(name.split("/")[1])
            facts[index] = (parse_leaf(parts[f"events/{index:012d}/leaf"]).type, member.partition(b"\n")[2])
    kind, fact = facts.pop(given.entry)
    erasure = msgspec.json.decode(b'{"fact":' + fact + b"}", type=PersonErased).fact
    keys = {
        (named := msgspec.json.decode(b'{"fact":' + plain + b"}", type=ApproverNamed).fact).approver: named.key
        for _, plain in facts.values()
    }
    for approval in erasure.approvals:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[approval.approver]))
        key.verify(b64decode(approval.signature), erasure_statement(erasure))

    assert (kind, len(keys)) == ("person.erased/1", 2)


def test_a_limited_erasure_lists_what_stays_and_until_when(film: Film) -> None:
    with film.open() as production:
        place_hold(production, film.alias, "dispute", ["agreement"], until="2027-06-30")
        given = erasure_certificate(production, erased(film, production))
        data, _ = certificate_pack(production, given.number)

        assert [(one.holds, one.why, one.until) for one in given.kept] == [
            ("agreement", "dispute", "2027-06-30"),
            ("other", "dispute", "2027-06-30"),
        ]
        assert b"1 section of class agreement, dispute" in parts_of(data)[TEXT]
        assert FEE.encode() not in data


def test_an_unknown_erasure_has_no_certificate(film: Film) -> None:
    with film.open() as production, pytest.raises(NotFoundError, match=r"erasure\.unknown"):
        erasure_certificate(production, film.ids["voice"])


# ------------------------------------------------------------------------------------------ a person's own record


def test_a_persons_own_record_holds_everything_and_opens_for_them_alone(
    film: Film, letter: tuple[Callable[[bytes], bytes], Callable[[bytes], bytes], str]
) -> None:
    seal, opened, _ = letter
    with film.open() as production:
        sealed = own_record(production, film.alias, seal=seal)
        data = opened(sealed)
        report = verify_pack(data, policy_of(production))
        answer = msgspec.json.decode(parts_of(data)[ANSWER], type=OwnRecord)

        assert (report.verdict, report.findings) == (Verdict.UNWITNESSED, ())
        assert [(note.holds, note.values) for note in answer.notes] == [
            ("identity", {"name": NAME}),
            ("contact", {"email": MAIL}),
            ("agreement", {"fee": FEE}),
        ]
        assert [(one.how, one.frames, one.biometric) for one in answer.depictions] == [
            ("likeness-source", None, True),
            ("heard", (0, 48), False),
        ]
        assert all(word.encode() in data for word in (NAME, MAIL, FEE, VOICE_PATH, digest_of("voice")))
        assert not any(word.encode() in sealed for word in (NAME, MAIL, FEE))


def test_a_corrected_note_is_shown_as_corrected(
    film: Film, letter: tuple[Callable[[bytes], bytes], Callable[[bytes], bytes], str]
) -> None:
    seal, opened, _ = letter
    with film.open() as production:
        first = note_person(production, film.alias, "claim", {"days": "3"})
        note_person(production, film.alias, "claim", {"days": "4"}, replaces=first)
        answer = msgspec.json.decode(
            parts_of(opened(own_record(production, film.alias, seal=seal)))[ANSWER], type=OwnRecord
        )

        claims = [(note.values["days"], note.corrected) for note in answer.notes if note.holds == "claim"]
        assert claims == [("4", False), ("3", True)]


# ------------------------------------------------------------------------------------------ one section for one reader


def entry_of(production: Production, kind: str) -> int:
    return next(entry.index for entry in production.log.entries() if parse_leaf(entry.leaf).type == kind)


def test_a_prompt_is_opened_to_one_reader_and_nothing_else_is(
    film: Film, letter: tuple[Callable[[bytes], bytes], Callable[[bytes], bytes], str]
) -> None:
    seal, opened, reader = letter
    with film.open() as production:
        entry = entry_of(production, "step.performed/1")
        sealed = disclose(production, entry, "text", reader=reader, seal=seal)
        data = opened(sealed)
        parts = parts_of(data)
        answer = msgspec.json.decode(parts[ANSWER], type=Disclosure)

        assert verify_pack(data, policy_of(production)).findings == ()
        assert PROMPT.encode() in parts[f"events/{entry:012d}/text"]
        assert sorted(name for name in parts if name.startswith(f"events/{entry:012d}/")) == [
            f"events/{entry:012d}/leaf",
            f"events/{entry:012d}/text",
        ]
        assert (answer.reader, answer.section, PROMPT.encode() in sealed) == (reader, "text", False)


def test_that_a_section_was_opened_is_on_the_record(
    film: Film, letter: tuple[Callable[[bytes], bytes], Callable[[bytes], bytes], str]
) -> None:
    seal, _, reader = letter
    with film.open() as production:
        entry = entry_of(production, "step.performed/1")
        disclose(production, entry, "text", reader=reader, seal=seal)
        told = [one.event for one in production.recorded() if isinstance(one.event, SectionDisclosed)]

        assert [(one.fact.section, one.fact.reader) for one in told] == [("text", reader)]


def test_what_is_recorded_of_a_person_leaves_sealed_or_not_at_all(
    film: Film, letter: tuple[Callable[[bytes], bytes], Callable[[bytes], bytes], str]
) -> None:
    seal, opened, reader = letter
    with film.open() as production:
        entry, size = entry_of(production, "person.noted/1"), production.log.size

        with pytest.raises(RefusedError, match=r"disclosure\.unsealed"):
            disclose(production, entry, "person")
        assert production.log.size == size
        assert NAME.encode() in opened(disclose(production, entry, "person", reader=reader, seal=seal))


def test_an_erased_section_cannot_be_opened(film: Film) -> None:
    with film.open() as production:
        entry = entry_of(production, "person.noted/1")
        erased(film, production)

        with pytest.raises(NotFoundError, match=r"disclosure\.no_section"):
            disclose(production, entry, "person")
