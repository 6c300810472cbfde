"""The file that goes out with a turnover: what is asked, the form, and evidence that the asker's log holds the request.

A zip in the one form of packs (`ledger.zips`), so that the same turnover is the same bytes. (docs/reference/turnovers.md)
"""

from collections.abc import Mapping
from hashlib import sha256

import msgspec
from msgspec import Struct

from edgecode.answers.layout.sheets import sheet_csv
from edgecode.answers.turnover.form_page import form_page
from edgecode.answers.turnover.request import TurnoverRequest, request_sheet
from edgecode.answers.turnover.timeline import request_timeline
from edgecode.errors import InputError, InvalidError
from edgecode.events.codec import parse_leaf
from edgecode.ledger import merkle
from edgecode.ledger.notes import Checkpoint, Proof, open_checkpoint
from edgecode.ledger.packs import opened
from edgecode.ledger.policy import Policy
from edgecode.ledger.zips import read_zip, write_zip
from edgecode.production.packs.making import head_over
from edgecode.production.record import Record
from edgecode.production.witnessing import policy_for

REQUEST, LIST, TIMELINE, PAGE, SHEET, README = (
    "request.json",
    "cut-list.csv",
    "request.otio",
    "return-form.html",
    "return-form.xlsx",
    "readme.txt",
)
LEAF, FACT, BYTES, PROOF, POLICY = (
    "evidence/leaf",
    "evidence/fact",
    "evidence/bytes",
    "evidence/proof",
    "evidence/policy",
)


class SliceRead(Struct, frozen=True):
    """A slice that was read. *checkpoint*: the head under which its request is proved."""

    request: TurnoverRequest
    checkpoint: Checkpoint
    index: int


def request_bytes(request: TurnoverRequest) -> bytes:
    """The request as it is handed over and committed to."""
    return msgspec.json.format(msgspec.json.encode(request), indent=1)


def slice_of(
    record: Record, request: TurnoverRequest, *, index: int, sheet: bytes | None, pictures: Mapping[int, bytes]
) -> bytes:
    """The zip for the request that entry *index* of the log holds. *sheet*: the form as XLSX; *pictures*: by row."""
    (stored,) = record.log.entries(index, index + 1)
    plain = {section.name: section.salt.hex().encode() + b"\n" + section.data for section in stored.sections}
    members = {
        README: _README.encode(),
        REQUEST: request_bytes(request),
        LIST: sheet_csv(request_sheet(request)).encode(),
        TIMELINE: request_timeline(request),
        PAGE: form_page(request).encode(),
        **({SHEET: sheet} if sheet is not None else {}),
        **{f"pictures/{row:04d}.{_suffix(data)}": data for row, data in sorted(pictures.items())},
        LEAF: stored.leaf,
        FACT: plain["fact"],
        BYTES: plain["bytes"],
        PROOF: record.log.proof(index, checkpoint=head_over(record, index + 1)),
        POLICY: policy_for(record).encode(),
    }
    return write_zip(members)


def read_slice(data: bytes, *, policy: Policy | None = None) -> SliceRead:
    """What a slice asks, once its evidence holds: the request is what the log committed to, and the log signed it.

    *policy*: whose keys count; None: those in the slice, which prove only that it is of one piece. Raises InputError
    ``turnover.slice_unreadable``, InvalidError ``turnover.slice_altered``, and what `open_checkpoint` raises.
    """
    read = read_zip(data)
    members = read.members
    if not {REQUEST, LEAF, FACT, BYTES, PROOF, POLICY} <= members.keys():
        raise InputError(
            "turnover.slice_unreadable", "this is no whole turnover", "Ask whoever sent it to send it again"
        )
    if read.findings:
        raise _altered(str(read.findings[0]))
    leaf = parse_leaf(members[LEAF])
    fact, committed = opened(members[FACT], leaf, "fact"), opened(members[BYTES], leaf, "bytes")
    proof = Proof.parse(members[PROOF])
    head = open_checkpoint(proof.checkpoint, policy or Policy.parse(members[POLICY])).checkpoint
    try:
        request = msgspec.json.decode(members[REQUEST], type=TurnoverRequest)
    except msgspec.DecodeError as error:
        raise _altered("the request cannot be read") from error
    holds = merkle.inclusion_holds(
        merkle.leaf_hash(members[LEAF]), index=proof.index, size=head.size, proof=proof.hashes, root=head.root
    )
    said = fact.get("turnover") if isinstance(fact, dict) else None
    digest = committed.get("sha256") if isinstance(committed, dict) else None
    if leaf.type != "turnover.sent/1" or said != request.turnover or request.origin != head.origin:
        raise _altered("the entry of the log is about something else")
    if digest != sha256(members[REQUEST]).hexdigest():
        raise _altered("the request is not the one that was recorded")
    if not holds:
        raise _altered("the proof does not lead from the entry to the signed root")
    return SliceRead(request, head, proof.index)


def _altered(why: str) -> InvalidError:
    return InvalidError(
        "turnover.slice_altered", f"this turnover was altered: {why}", "Ask for it again, from its sender"
    )


def _suffix(data: bytes) -> str:
    return "png" if data[:4] == b"\x89PNG" else "webp" if data[:4] == b"RIFF" else "jpg"


_README = """What is asked of you
====================

cut-list.csv       the shots and frames that we ask about
request.json       the same for programs; request.otio the same as a timeline
return-form.html   open it in any browser, without a network; fill it in, press Save answers, send the saved file back
return-form.xlsx   the same as a spreadsheet (where it was made)
evidence/          proof that this request stands in our log: edgecode turnover show FILE.zip

A row for each shot: how it was made, with which tools and models, from which inputs, showing whom, under which terms, who signs.
You may answer some of it now and the rest in a second return. What you leave out stays open. Names and terms are kept sealed.

If you keep a record with edgecode yourselves: edgecode cut add request.otio; edgecode pack "turnover NUMBER" --out return.zip
and send return.zip instead of the form. It holds proofs and frames, no prompts.
"""
