"""Which keys may sign for a log, and for how much of it: read from the events in which it changed its keys. No input or output.

A verifier that holds one key follows the changes from it: each is signed by the key it already trusts. A key that was lost signs nothing
any more, so no proof leads from it to the next one: that one has to be handed over by another way (docs/explanation/the-record.md).
"""

from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from edgecode.errors import EdgecodeError, InvalidError
from edgecode.events.record_kinds import KeyRetired, KeyRetirement, KeyRotated, KeyRotation, rotation_statement
from edgecode.ledger.notes import Checkpoint, Note, VerifierKey, base64_text
from edgecode.ledger.verify import Finding

_ASK = "Ask whoever keeps the log what happened to its keys"
KEY_EVENTS = (KeyRotated.TYPE, KeyRetired.TYPE)


class KeyState(NamedTuple):
    """One key of a log: from how many entries on it signs, up to how many it is trusted alone (None: it signs still), and why it ended.

    *after*: the key that it came to replace.
    """

    key: VerifierKey
    since: int
    trusted_until: int | None = None
    why: str = ""
    after: VerifierKey | None = None


@dataclass(frozen=True, slots=True)
class KeyHistory:
    """The keys of the log *origin*, oldest first, its changes of keys by index, and the events about keys that do not hold."""

    origin: str
    keys: tuple[KeyState, ...]
    changes: tuple[tuple[int, KeyRotation], ...] = ()
    findings: tuple[Finding, ...] = ()

    def state(self, key: VerifierKey) -> KeyState | None:
        """What is known of a key; None when nothing led to it."""
        return next((one for one in self.keys if one.key == key), None)

    def refused(self, note: bytes) -> Finding | None:
        """Why a signed head of this log is not taken although a known key has signed it: it is larger than what all of them, retired,
        are trusted for. None when it is. Heads whose signatures do not hold are not judged here."""
        try:
            parsed = Note.parse(note)
            head = Checkpoint.parse(parsed.text)
        except EdgecodeError:
            return None
        signed = {(line.name, line.key_id) for line in parsed.signatures}
        signers = [one for one in self.keys if (one.key.name, one.key.id) in signed]
        limits = [one.trusted_until for one in signers if one.trusted_until is not None]
        if head.origin != self.origin or not signers or len(limits) < len(signers) or head.size <= max(limits):
            return None
        what = f"signed by retired keys alone, which are trusted up to {max(limits)} entries"
        return Finding("checkpoint.retired_key", f"checkpoint of {head.size} entries", what)


def history(origin: str, first: Sequence[VerifierKey], events: Iterable[tuple[int, object]]) -> KeyHistory:
    """Follow the changes of keys in *events* (index, event) from the keys that are trusted already, oldest first.

    An event that does not hold is a finding ``key.rotation`` or ``key.retirement`` and changes nothing. Those about other logs, which a
    recovered log brings along, are passed over.
    """
    keys = {key: KeyState(key, 0) for key in first}
    changes: list[tuple[int, KeyRotation]] = []
    findings: list[Finding] = []
    for index, event in events:
        try:
            if isinstance(event, KeyRotated):
                if _rotate(keys, event.fact, origin=origin, index=index):
                    changes.append((index, event.fact))
            elif isinstance(event, KeyRetired):
                _retire(keys, event.fact, origin=origin, index=index)
        except EdgecodeError as error:
            findings.append(Finding(error.code, f"entry {index}", error.sentence))
    return KeyHistory(origin, tuple(keys.values()), tuple(changes), tuple(findings))


def rotation(
    origin: str, old: VerifierKey, new: VerifierKey, *, sign: Mapping[VerifierKey, Callable[[bytes], bytes]]
) -> KeyRotation:
    """The change from *old* to *new*, signed by both."""
    statement = rotation_statement(origin, str(old), str(new))
    signatures = [base64_text(sign[key](statement)) for key in (old, new)]
    return KeyRotation(str(old), str(new), *signatures)


def require_rotation(fact: KeyRotation, *, origin: str) -> tuple[VerifierKey, VerifierKey]:
    """The two keys of a change that both have signed. Raises InvalidError ``key.rotation``."""
    try:
        old, new = VerifierKey.parse(fact.old), VerifierKey.parse(fact.new)
        signatures = [_signature(text) for text in (fact.old_signature, fact.new_signature)]
    except (EdgecodeError, ValueError) as error:
        raise _unsound("is not in the one form") from error
    statement = rotation_statement(origin, fact.old, fact.new).decode()
    if old.name != origin or new.name != origin or old == new:
        raise _unsound("is not from one key of this log to another")
    if old.holds(statement, signatures[0]) is None or new.holds(statement, signatures[1]) is None:
        raise _unsound("is not signed by both keys")
    return old, new


def _rotate(keys: dict[VerifierKey, KeyState], fact: KeyRotation, *, origin: str, index: int) -> bool:
    """Take in a change; False when it is about another log."""
    if _name(fact.old) != origin:
        return False
    old, new = require_rotation(fact, origin=origin)
    before = keys.get(old)
    if before is None or before.trusted_until is not None:
        raise _unsound("comes from a key that does not sign for this log")
    known = keys.pop(new, KeyState(new, index + 1))
    if known.trusted_until is not None:
        raise _unsound("goes to a key that was retired")
    # Keys stay in the order in which they came to sign.
    keys[new] = known._replace(since=index + 1, after=old)
    return True


def _retire(keys: dict[VerifierKey, KeyState], fact: KeyRetirement, *, origin: str, index: int) -> None:
    if _name(fact.key) != origin:
        return
    key = VerifierKey.parse(fact.key)
    state = keys.get(key)
    if state is None or state.trusted_until is not None:
        raise InvalidError("key.retirement", "it retires a key that does not sign for this log", _ASK)
    if not 0 <= fact.trusted_until <= index:
        raise InvalidError("key.retirement", "it trusts a key for entries behind its own retirement", _ASK)
    keys[key] = state._replace(trusted_until=fact.trusted_until, why=fact.why)


def _signature(text: str) -> bytes:
    data = b64decode(text, validate=True)
    if base64_text(data) != text:
        raise ValueError("base64 in another spelling")
    return data


def _unsound(what: str) -> InvalidError:
    return InvalidError("key.rotation", f"the change of keys {what}", _ASK)


def _name(text: str) -> str:
    return text.partition("+")[0]
