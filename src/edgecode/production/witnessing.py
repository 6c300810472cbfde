"""A production and its witnesses: what they are asked, what they have signed, and what happens when one has seen another history."""

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from edgecode.answers.intake.acknowledged import Acknowledged
from edgecode.drivers.published import write_durably
from edgecode.drivers.witness_client import Asked, Forked, HttpWitness, lines_for
from edgecode.errors import DivergedError, EdgecodeError, InputError, NotFoundError, UnavailableError, UnverifiableError
from edgecode.ledger.evidence import Evidence, evidence_against, signers_of
from edgecode.ledger.notes import Checkpoint, Note, VerifierKey, open_checkpoint
from edgecode.ledger.policy import Policy, Quorum, WitnessLine, organisation
from edgecode.ledger.witness import Request, joined_notes, newest_witnessed, with_lines
from edgecode.production.log.history import CODE, Trace, refuse_rolled_back
from edgecode.production.log.key_events import key_history
from edgecode.production.log.public_keys import kept_keys
from edgecode.production.record import Record
from edgecode.settings import STATE_FOLDER, Settings

EVIDENCE_FOLDER = "evidence"
MAX_POLICY_BYTES = 1 << 20


class Outcome(NamedTuple):
    """What asking one witness came to. *code* and *sentence* say why it did not sign; "" when it did."""

    witness: str
    organisation: str
    code: str = ""
    sentence: str = ""


class Submitted(NamedTuple):
    """A head that witnesses were asked to sign, how far they have come for it, and what each of them said now."""

    size: int
    quorum: Quorum
    outcomes: tuple[Outcome, ...]


class Seen(NamedTuple):
    """The newest head that one witness has signed, as far as it is known here: *size* 0 and *seconds* 0 for none."""

    line: WitnessLine
    size: int = 0
    seconds: int = 0


class Standing(NamedTuple):
    """How far the witnesses are. *witnessed*: entries under the newest head that the policy's quorum has signed, 0 for none.

    *reachable*: whether as many organisations as needed are named beside the log's own.
    """

    size: int
    witnessed: int
    quorum: Quorum
    reachable: bool
    seen: tuple[Seen, ...]


def policy_of(settings: Settings, folder: Path, keys: tuple[VerifierKey, ...]) -> Policy:
    """Whom a production trusts: the keys of its log, and the witnesses and the quorum of the file that `[witness] policy` names.

    Raises NotFoundError ``policy.absent`` and PolicyError.
    """
    if not settings.policy:
        return Policy.of_keys(*keys)
    try:
        with (folder / settings.policy).open("rb") as file:
            data = file.read(MAX_POLICY_BYTES)
    except OSError as error:
        raise NotFoundError(
            "policy.absent",
            "the policy that edgecode.toml names cannot be read",
            'Bring it back, or name another: [witness] policy = "policy.txt"',
        ) from error
    return Policy.parse(data).of_logs(*keys)


def policy_ever(record: Record) -> Policy:
    """`policy_of` an open production with every key that ever signed for its log: for heads that lie here, whose size can be judged."""
    kept = (key for key in kept_keys(record.folder / STATE_FOLDER) if key.name == record.log.origin)
    return policy_of(record.settings, record.folder, tuple(dict.fromkeys((*kept, *record.log.keys))))


def policy_for(record: Record) -> Policy:
    """Whom others are told to trust from now on: the keys that sign the log's heads now, the witnesses and the quorum.

    A retired key is not among them. A policy cannot say up to which size a key is good (c2sp.org/tlog-policy), and whoever holds an
    exposed one could sign a whole forged pack with it.
    """
    policy, note = policy_ever(record), record.log.checkpoint()
    return policy.of_logs(*(signers_of(note, policy) or policy.log_keys(record.log.origin)))


def best_head(record: Record) -> bytes:
    """The latest signed head, with the cosignatures that are known for it."""
    note = record.log.checkpoint()
    size, cosigned = _head(note), record.ledger.cosigned()
    known = next((one for at, one in reversed(cosigned) if at == size.size), None)
    return joined_notes([note, known], policy_ever(record)) if known is not None and _head(known) == size else note


def standing(record: Record) -> Standing:
    """How far the witnesses are, from what is stored here; nobody is asked."""
    policy, cosigned = policy_ever(record), record.ledger.cosigned()
    newest = {line.key.label: Seen(line) for line in policy.witnesses}
    quorum = policy.judge({}, origin=record.log.origin)
    for size, note in cosigned:
        with suppress(EdgecodeError):
            head, times = open_checkpoint(note, policy)
            newest |= {label: newest[label]._replace(size=size, seconds=seconds) for label, seconds in times.items()}
            if size == record.log.size:
                quorum = policy.judge(times, origin=head.origin)
    everybody = policy.judge(dict.fromkeys(newest, 1), origin=record.log.origin)
    witnessed = newest_witnessed(cosigned, policy)
    return Standing(record.log.size, witnessed, quorum, everybody.reached, tuple(newest.values()))


def acknowledged(record: Record) -> Acknowledged:
    """How far everything in the log has come: sealed, or witnessed when the policy's quorum has signed its newest head."""
    with suppress(EdgecodeError):
        if standing(record).quorum.reached:
            return Acknowledged("witnessed", record.ledger_point())
    # A policy that cannot be read takes nothing from what the log itself has signed.
    return Acknowledged("sealed", record.ledger_point())


def submit(record: Record, *, ask: Callable[[str], Asked] = HttpWitness) -> Submitted:
    """Ask every witness of the policy that has a URL to sign the latest head, and keep what they sign.

    A witness that gives no answer is an outcome and holds up nobody. Raises InputError ``witness.no_policy``, and DivergedError
    ``ledger.rolled_back`` when a witness shows a head of this log that the ledger does not continue: the log is frozen then, and what
    shows it lies in `.edgecode/evidence`.
    """
    policy = _asked_policy(record)
    record.log.refresh()
    size, note = record.log.size, record.log.checkpoint()
    outcomes = []
    for line in policy.witnesses:
        outcome = Outcome(line.name, organisation(line.key.name))
        try:
            if line.url is None:
                raise UnavailableError(
                    "witness.no_url", "the policy gives no URL", "Carry a file: edgecode witness request"
                )
            _ask_one(record, policy, line, ask(line.url), note)
        except DivergedError:
            raise
        except EdgecodeError as error:
            outcome = outcome._replace(code=error.code, sentence=str(error))
        outcomes.append(outcome)
    return Submitted(size, _quorum_at(record, policy, size), tuple(outcomes))


def request(record: Record, *, witness: str = "", old: int | None = None) -> bytes:
    """The add-checkpoint file to carry to a witness: from what it has signed last, as far as it is known here, to the latest head.

    *witness*: its name in the policy or its organisation, needed where the policy has several. *old*: what it says instead. Raises
    NotFoundError ``witness.unknown``, InputError ``witness.old_size``.
    """
    record.log.refresh()
    size = record.log.size
    if old is None:
        old = _believed(record, _one_of(_asked_policy(record), witness).key)
    if not 0 <= old <= size:
        raise InputError(
            "witness.old_size", f"the log has {size} entries", "Give the size that the witness signed last"
        )
    return Request(old, tuple(record.log.consistency(old, size)), record.log.checkpoint()).encode()


def accept(record: Record, data: bytes, *, asked: bytes | None = None) -> Submitted:
    """Keep what a witness has signed: a cosigned checkpoint, or its lines alone for the request *asked* that they answer.

    Raises InputError ``witness.nothing_signed`` when no witness of the policy has signed it, UnverifiableError ``witness.not_ours``,
    what `open_checkpoint` raises, and DivergedError like `submit`.
    """
    policy = _asked_policy(record)
    note = data if asked is None else with_lines(Request.parse(asked).checkpoint, data, policy)
    head, times = open_checkpoint(note, policy)
    if not times:
        raise InputError(
            "witness.nothing_signed", "no witness of the policy has signed this", "Check the policy's keys"
        )
    _learn(record, policy, note)
    labels = {line.key.label: line for line in policy.witnesses}
    outcomes = tuple(Outcome(labels[label].name, organisation(label)) for label in times)
    return Submitted(head.size, _quorum_at(record, policy, head.size), outcomes)


def compare(record: Record, one: bytes, other: bytes) -> Evidence | None:
    """`evidence_against` two heads of this production's log, with the production's own history where the sizes differ."""
    record.log.refresh()
    return evidence_against(
        one, other, policy_ever(record), root_at=record.log.root_at, consistency=record.log.consistency
    )


def _ask_one(record: Record, policy: Policy, line: WitnessLine, witness: Asked, note: bytes) -> None:
    size = _head(note).size
    known = _believed(record, line.key)
    got = lines_for(
        witness, note, size=size, known=min(known, size), proof=lambda old: record.log.consistency(old, size)
    )
    if isinstance(got, bytes):
        joined = with_lines(note, got, policy)
        if line.key.label not in open_checkpoint(joined, policy).cosigned:
            raise UnverifiableError(
                "witness.other_key",
                "the witness signed with another key than the policy's",
                "Ask its keeper for the key",
            )
        _keep(record, policy, joined)
        return
    # It says that it has signed something else. What it says alone says nothing: only a head that this log's key has signed does.
    shown = witness.latest(record.log.origin)
    if shown is None or _head(shown).size < got.size:
        raise UnverifiableError(
            "witness.contradicts",
            f"the witness says it has signed {got.size} entries of another history, and shows no signed head",
            "Ask its keeper for the checkpoint, then: edgecode witness accept FILE",
        )
    _learn(record, policy, shown)
    if isinstance(got, Forked):
        raise UnverifiableError(
            "witness.contradicts",
            f"the witness refuses the proof from {got.size} entries, and shows a head that this log continues",
            "Ask its keeper to look",
        )


def _learn(record: Record, policy: Policy, note: bytes) -> None:
    """Keep a head of this log that somebody showed; freeze the log when the ledger does not continue it."""
    head, times = open_checkpoint(note, policy)
    if head.origin != record.log.origin:
        raise UnverifiableError(
            "witness.not_ours", "this is a checkpoint of another log", "Give it to that one's keeper"
        )
    own = policy.log_keys(head.origin)
    if len(own) > 1 and key_history(record.ledger, origin=head.origin, first=own).refused(note) is not None:
        # Or whoever holds a key that was lost or stolen could stop the log with a head of his own.
        what = f"a head of {head.size} entries is signed by retired keys alone, which are not trusted for so many"
        raise UnverifiableError("witness.retired_key", what, "Find out who still signs with them; the log goes on")
    # Read before the ledger's head: another process may have recorded, and asked the witness, in between.
    trace = Trace("a witness", head.size, head.root, note)
    record.log.refresh()
    try:
        refuse_rolled_back(record.ledger, [trace])
    except DivergedError as error:
        names = _write_evidence(record, policy, note)
        raise DivergedError(CODE, f"{error.sentence}. What shows it: {names}", error.remedy) from error
    if times:
        _keep(record, policy, note)


def _keep(record: Record, policy: Policy, note: bytes) -> None:
    """Store a cosigned head with what is stored of this size already."""
    head = _head(note)
    there = [one for size, one in record.ledger.cosigned() if size == head.size and _head(one) == head]
    record.ledger.keep_cosigned(head.size, joined_notes([*there, note], policy))


def _write_evidence(record: Record, policy: Policy, note: bytes) -> str:
    """Write what a witness showed, and the evidence file when two histories can be proven; says where."""
    files = {f"{sha256(note).hexdigest()[:16]}.checkpoint": note}
    ours = record.log.checkpoint()
    with suppress(EdgecodeError):
        found = compare(record, note, ours)
        if found is not None:
            data = found.encode()
            files[f"{sha256(data).hexdigest()[:16]}.evidence.json"] = data
    folder = record.folder / STATE_FOLDER / EVIDENCE_FOLDER
    try:
        for name, data in files.items():
            write_durably(folder / name, data)
    except OSError as error:
        return f"in the store only, for {EVIDENCE_FOLDER} cannot be written ({error.strerror})"
    return ", ".join(f"{STATE_FOLDER}/{EVIDENCE_FOLDER}/{name}" for name in files)


def _asked_policy(record: Record) -> Policy:
    policy = policy_ever(record)
    if not policy.witnesses:
        raise InputError(
            "witness.no_policy",
            "no witness is known here",
            'Write a policy with witnesses and name it in edgecode.toml: [witness] policy = "policy.txt"',
        )
    return policy


def _one_of(policy: Policy, name: str) -> WitnessLine:
    found = [
        line for line in policy.witnesses if not name or name in (line.name, organisation(line.key.name), line.key.name)
    ]
    if len(found) != 1:
        raise NotFoundError(
            "witness.unknown",
            "the policy has several witnesses" if found else "the policy has no witness of this name",
            f"Give one of: {', '.join(ascii(line.name)[1:-1] for line in policy.witnesses)}",
        )
    return found[0]


def _believed(record: Record, key: VerifierKey) -> int:
    """The size of the newest head here that the witness with *key* has signed; 0 for none."""
    for size, note in reversed(record.ledger.cosigned()):
        if size <= record.log.size and any(
            (one.name, one.key_id) == (key.name, key.id) for one in Note.parse(note).signatures
        ):
            return size
    return 0


def _quorum_at(record: Record, policy: Policy, size: int) -> Quorum:
    for at, note in reversed(record.ledger.cosigned()):
        if at == size:
            head, times = open_checkpoint(note, policy)
            return policy.judge(times, origin=head.origin)
    return policy.judge({}, origin=record.log.origin)


def _head(note: bytes) -> Checkpoint:
    return Checkpoint.parse(Note.parse(note).text)
