"""Making packs: binds an answer to the record with an event, and puts it with the events behind it and their proofs into one file."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.cuts.loading import load_cut, production_title
from edgecode.answers.packs.evidence import PackAnswer, evidence_of
from edgecode.answers.packs.evidence_events import PERSONAL_KEY
from edgecode.answers.packs.evidence_text import evidence_text
from edgecode.answers.packs.limits import PackKind, limits_text
from edgecode.answers.packs.made import PackMadeAnswer
from edgecode.answers.verify_page import verify_page
from edgecode.errors import EdgecodeError, HeldError, InputError, NotFoundError, RefusedError
from edgecode.events.codec import parse_leaf, strict
from edgecode.events.record_kinds import PackBytes, PackFact, PackMade
from edgecode.index.roots import root_names
from edgecode.ledger.evidence import signers_of
from edgecode.ledger.notes import Checkpoint, Note, Proof, open_checkpoint
from edgecode.ledger.packs import (
    ANSWER,
    CONSISTENCY,
    HEAD,
    KEEPERS_POLICY,
    LIMITS,
    MADE,
    MANIFEST,
    PAGE,
    PROGRAM,
    SEALED,
    TEXT,
    Manifest,
    judge_content,
    listed,
    rank,
    verify_pack,
)
from edgecode.ledger.policy import Policy
from edgecode.ledger.verify import Finding
from edgecode.ledger.zips import MAX_BYTES, TooLargeError, read_zip, write_zip
from edgecode.people.sealing import open_section
from edgecode.production.fresh_index import fresh_index
from edgecode.production.noting import notes_in_pack
from edgecode.production.packs.verifier_program import verifier_program
from edgecode.production.record import Record
from edgecode.production.witnessing import policy_for
from edgecode.terms.identity import RecordId

DEFAULT_SECTIONS = ("fact", "bytes")
"""What a pack opens unless more is asked for: plain beside the log, without names, paths, words and persons."""
_HEADERS = 76
"""Bytes that a zip adds to a member, beside its name twice."""


def make_pack(
    record: Record,
    *,
    kind: PackKind,
    about: RecordId,
    answer: bytes,
    text: str,
    events: Mapping[int, Sequence[str]],
) -> bytes:
    """A pack of *answer* (canonical JSON with the record's state as ``ledger``), of *text* for people, and of *events*: for each
    index the sections to open. Sections that an event does not have, that are a person's, or that cannot be opened any more are left out.

    Records that the pack was made; its proofs are under the head that covers this event. Raises RefusedError
    ``pack.person_section`` for a personal section in anything but a disclosure, and ``pack.too_large``.
    """
    _refuse_wrong_answer(record, answer)
    point = record.ledger_point()
    members = {
        ANSWER: answer,
        TEXT: text.encode(),
        LIMITS: limits_text(kind).encode(),
        PAGE: verify_page(),
        PROGRAM: verifier_program(),
        KEEPERS_POLICY: policy_for(record).encode(),
    }
    for index, sections in events.items():
        members |= _event(record, index, sections, kind=kind)
    if sum(_HEADERS + 2 * len(name) + len(data) for name, data in members.items()) > MAX_BYTES:
        raise _too_large()  # before it is recorded that a pack was made
    identity = record.world.new_id()
    content = listed(_ordered(members))
    manifest = Manifest(kind, identity, about, point.origin, point.size, bytes.fromhex(point.root), content)
    members[MANIFEST] = manifest.encode()
    _refuse_wrong(judge_content(members, manifest))
    digest = sha256(members[MANIFEST]).hexdigest()
    (made,) = record.append([PackMade(PackFact(identity, kind, about), PackBytes(digest))])
    data = _sealed(record, members, made=made, point=point.size)
    _refuse_wrong(verify_pack(data, policy_for(record)).findings)
    return data


def cut_pack(
    record: Record, name: str, *, also_open: Sequence[str] = (), is_named: bool = False
) -> tuple[bytes, PackAnswer]:
    """A pack about the cut *name*, and its answer. *also_open*: sections to open beside `DEFAULT_SECTIONS`. *is_named*: it says what
    the cut is called.

    Raises what `load_cut` and `make_pack` raise.
    """
    point = record.ledger_point()
    with fresh_index(record) as index:
        view = load_cut(index, name, roots=root_names(index))
        found = evidence_of(
            index,
            view,
            entries=record.log.entries,
            production=production_title(index),
            ledger=point,
            open_sections=(*DEFAULT_SECTIONS, *also_open),
            is_named=is_named,
            notes=notes_in_pack(record, index, view, is_opened="recipe" in also_open),
        )
    answer, text = found.answer.encode(), evidence_text(found.answer)
    data = make_pack(record, kind="cut", about=view.cut, answer=answer, text=text, events=found.events)
    return data, found.answer


def renew_pack(record: Record, data: bytes) -> bytes:
    """The same pack with new proofs under the latest head: one that the quorum of the production's own policy has cosigned if there
    is one that covers the pack, else the plain one. Nothing outside ``seal/`` changes.

    Raises InputError ``pack.unreadable`` and ``pack.other_log``.
    """
    read = read_zip(data)
    if read.findings or not {*MADE, MANIFEST} <= read.members.keys():
        raise InputError("pack.unreadable", "this is no whole pack", "Make it again: edgecode pack CUT")
    manifest = Manifest.parse(read.members[MANIFEST])
    made = Proof.parse(read.members[MADE[3]]).index
    own = next(record.log.entries(made, made + 1), None)
    if manifest.origin != record.log.origin or own is None or own.leaf != read.members[MADE[0]]:
        raise InputError("pack.other_log", "this pack was made from another record", "Renew it where it was made")
    kept = {name: member for name, member in read.members.items() if not name.startswith(SEALED)}
    return _sealed(record, kept, made=made, point=manifest.size)


def pack_made(record: Record, data: bytes, *, file: str) -> PackMadeAnswer:
    """What is told of a pack that was just made or renewed; *file*: its name."""
    report = verify_pack(data, policy_for(record))
    head = report.checkpoint
    assert head is not None
    return PackMadeAnswer(
        file,
        sha256(data).hexdigest(),
        len(data),
        report.pack,
        report.entries,
        LedgerPoint(head.origin, head.size, head.root.hex()),
        report.quorum.organisations,
        report.quorum.reached,
    )


def _refuse_wrong(findings: Sequence[Finding]) -> None:
    """A pack that any verifier would call altered is handed to nobody, and where possible not recorded."""
    if findings:
        raise RefusedError(
            "pack.contradicts",
            f"the pack would be refused, for {findings[0]}"
            + (f" and {len(findings) - 1} more" if findings[1:] else ""),
            "Run edgecode log verify; where it finds nothing this is a defect of ours",
        )


def _refuse_wrong_answer(record: Record, answer: bytes) -> None:
    point = record.ledger_point()
    read = strict(answer)
    said = read.get("ledger") if isinstance(read, dict) else None
    if said != {"origin": point.origin, "size": point.size, "root": point.root}:
        raise HeldError("pack.stale", "the record has grown since this answer was given", "Ask again")


def _event(record: Record, index: int, sections: Sequence[str], *, kind: PackKind) -> dict[str, bytes]:
    """The members of one event."""
    stored = next(record.log.entries(index, index + 1), None)
    if stored is None:
        raise NotFoundError(
            "ledger.no_entry", f"the log has no entry {index}", f"Give a number below {record.log.size}"
        )
    if "person" in sections and kind != "disclosure":
        raise RefusedError(
            "pack.person_section",
            "what is recorded of a person is opened to one reader, never in a pack",
            "Disclose the section to its reader",
        )
    members = {f"events/{index:012d}/leaf": stored.leaf}
    leaf = parse_leaf(stored.leaf)
    for section in stored.sections:
        is_personal = section.key_id.startswith(PERSONAL_KEY) and kind != "disclosure"
        if section.name in sections and not is_personal:
            plain = open_section(leaf, section, keys=record.keys)
            if plain is not None:
                members[f"events/{index:012d}/{section.name}"] = _opening(section.salt, plain)
    return members


def _sealed(record: Record, members: Mapping[str, bytes], *, made: int, point: int) -> bytes:
    """The pack of *members* with everything under ``seal/``, for the event *made* and an answer given at *point* entries."""
    note = head_over(record, made + 1)
    size = _checkpoint(note).size
    (stored,) = record.log.entries(made, made + 1)
    salts = {section.name: section for section in stored.sections}
    sealed = {
        HEAD: note,
        CONSISTENCY: _consistency(record.log.consistency(point, size)),
        MADE[0]: stored.leaf,
        MADE[1]: _opening(salts["fact"].salt, salts["fact"].data),
        MADE[2]: _opening(salts["bytes"].salt, salts["bytes"].data),
        MADE[3]: record.log.proof(made, checkpoint=note),
    }
    for name in members:
        if name.endswith("/leaf"):
            number = name.split("/")[1]
            sealed[f"seal/proofs/{number}.tlog-proof"] = record.log.proof(int(number), checkpoint=note)
    try:
        return write_zip(_ordered({**members, **sealed}))
    except TooLargeError as error:
        raise _too_large() from error


def _too_large() -> RefusedError:
    return RefusedError(
        "pack.too_large",
        "the pack would have 2 GiB or more, and verifiers hold a pack whole in memory",
        "Record the cut reel by reel (edgecode cut add) and pack each, or open fewer sections",
    )


def head_over(record: Record, size: int) -> bytes:
    """The signed head that covers *size* entries: the largest that reached the own policy's quorum, else the largest that anybody
    cosigned, else the log's own. One that retired keys alone have signed is passed over: nobody is told to trust them."""
    policy = policy_for(record)
    covering = [note for known, note in record.ledger.cosigned() if known >= size and signers_of(note, policy)]
    reached = [note for note in covering if _reached(note, policy)]
    return (reached or covering or [record.log.checkpoint()])[-1]


def _reached(note: bytes, policy: Policy) -> bool:
    try:
        opened = open_checkpoint(note, policy)
    except EdgecodeError:
        return False
    return policy.judge(opened.cosigned, origin=opened.checkpoint.origin).reached


def _consistency(proof: list[bytes]) -> bytes:
    return "".join(f"{item.hex()}\n" for item in proof).encode()


def _opening(salt: bytes, plain: bytes) -> bytes:
    return salt.hex().encode() + b"\n" + plain


def _ordered(members: Mapping[str, bytes]) -> dict[str, bytes]:
    return dict(sorted(members.items(), key=lambda member: rank(member[0]) or (9, 0, 0)))


def _checkpoint(note: bytes) -> Checkpoint:
    return Checkpoint.parse(Note.parse(note).text)
