"""The keys of a log and how one came after the other, as the contract keys/1 and as lines of text."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from edgecode.ledger.rotation import KeyHistory, KeyState


class ListedKey(Struct, frozen=True):
    """One key. *since*: from how many entries on it was announced to sign. *trusted_until*: the largest head that its signature alone is
    good for; None while it signs. *state*: ``signs`` (the current one), ``signs along``, ``retired``."""

    key: str
    state: Literal["signs", "signs along", "retired"]
    since: int
    trusted_until: int | None
    why: str


class ListedChange(Struct, frozen=True):
    """One change of keys, signed by both over ``edgecode key rotation v1``, origin, old and new, a line each: whoever trusts *old* can
    check it and then trust *new*."""

    entry: int
    old: str
    new: str
    old_signature: str
    new_signature: str


class KeysAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.keys/1"):
    """Every key of a log, oldest first, with the changes between them. *wrong*: what the log says of its keys and does not hold."""

    origin: str
    keys: tuple[ListedKey, ...]
    changes: tuple[ListedChange, ...]
    wrong: tuple[str, ...]


def keys_answer(found: KeyHistory) -> KeysAnswer:
    """The contract from what the log tells of its keys."""
    current = next((one.key for one in reversed(found.keys) if one.trusted_until is None), None)
    return KeysAnswer(
        found.origin,
        tuple(_listed(one, is_current=one.key == current) for one in found.keys),
        tuple(ListedChange(index, c.old, c.new, c.old_signature, c.new_signature) for index, c in found.changes),
        tuple(f"{finding} [{finding.code}]" for finding in found.findings),
    )


def key_lines(answer: KeysAnswer) -> Iterator[str]:
    """One line for each key, and one for each thing that is wrong."""
    for one in answer.keys:
        state: str = one.state
        if one.trusted_until is not None:
            state = f"retired ({one.why}); alone good for heads of at most {one.trusted_until:,} entries"
        yield f"{one.key}\n  {state}, since {one.since:,} entries"
    yield from (f"  {line}" for line in answer.wrong)


def _listed(one: KeyState, *, is_current: bool) -> ListedKey:
    state: Literal["signs", "signs along", "retired"] = "signs" if is_current else "signs along"
    if one.trusted_until is not None:
        state = "retired"
    return ListedKey(str(one.key), state, one.since, one.trusted_until, one.why)
