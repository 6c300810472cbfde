"""What `edgecode-verify --json` prints (verification/1). The program itself uses the standard library; this is the contract it keeps."""

from msgspec import Struct

from edgecode.answers.record.verdict import VerdictFinding
from edgecode.terms.identity import RecordId


class QuorumAnswer(Struct, frozen=True):
    """*organisations* have cosigned and count; *needed*: how many there must be, 0 where no witness is asked for."""

    reached: bool
    organisations: tuple[str, ...]
    needed: int


class PackJudged(Struct, frozen=True):
    """*outside*: the policy came from elsewhere than the pack. *made*: the entry that binds the pack to the log, *given*: the
    entries that the log had when the answer was given; -1 when unknown."""

    id: RecordId
    kind: str
    outside: bool
    made: int
    given: int


class VerificationAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.verification/1"):
    """One verdict word with everything it rests on. *root*: 64 hexadecimal characters. *entries*: how many were judged. *signed_by*: the
    log's keys that signed the head, ``name+id``, among those that were given. *cosigned*: when each known witness signed by its own clock,
    seconds since 1970. *keeper_known*: whether the log's name says whose it is. *pack*: None when it was a log or a proof."""

    verdict: str
    findings: tuple[VerdictFinding, ...]
    origin: str | None
    size: int | None
    root: str | None
    entries: int
    signed_by: tuple[str, ...]
    cosigned: dict[str, int]
    keeper_known: bool
    quorum: QuorumAnswer
    pack: PackJudged | None
