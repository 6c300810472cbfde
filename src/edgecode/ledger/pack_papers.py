"""Judging certificates of erasure and disclosures in packs: they say what the opened events behind them say, and nothing else.

Beside the trusted path: cryptography for the approvers' signatures, no input or output.
"""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edgecode.events.codec import Json, canonical
from edgecode.ledger.pack_facts import Packed, kind_of, wrong
from edgecode.ledger.pack_forms import misfit
from edgecode.ledger.verify import Finding

_Row = Mapping[str, Any]
_SAME = ("requested", "requester", "verified", "ground", "scope", "record_copy", "keys")
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{86}==")
_ORDER = b"edgecode erasure order v1\n"
_HEADS = {"edgecode.disclosure/1": "#disclosure", "edgecode.own-record/1": "#own"}


def judge_erasure(answer: Json, about: str, events: Mapping[int, Packed]) -> Iterator[Finding]:
    """A certificate says what the event of the erasure says, two people approved exactly that, and the entries it names are there."""
    unfit = misfit(answer, "#erasure")
    if unfit is not None or not isinstance(answer, dict):
        yield wrong(f"it is not in the form of its schema, at {unfit}")
        return
    said: Mapping[str, Any] = answer
    fact = _fact(events, said["entry"], "person.erased")
    if fact is None or not about == said["number"] == fact["erasure"]:
        yield Finding("pack.cited", f"entry {said['entry']}", "it is not the erasure that the certificate is of")
        return
    kept = [{"until": "", **one} for one in fact.get("kept", [])]
    if any(said[name] != fact[name] for name in _SAME) or [dict(one) for one in said["kept"]] != kept:
        yield wrong("it says something else than the event of the erasure")
    gone = [(one["event"], one["sections"]) for one in fact["erased"]]
    named = [(events[one["ledger"]].leaf, one) for one in said["records"] if one["ledger"] in events]
    if len(named) != len(said["records"]) or [(leaf.id, one["sections"]) for leaf, one in named] != gone:
        yield wrong("the entries that it names are not those of the erasure")
    if any(leaf.type != one["type"] for leaf, one in named):
        yield wrong("an entry is of another type than it says")
    if (said["before"]["size"], said["after"]["size"]) != (said["entry"], said["entry"] + 1):
        yield wrong("the record before and after is not that around its entry")
    yield from _judge_approvals(said, fact, events)


def _judge_approvals(said: _Row, fact: _Row, events: Mapping[int, Packed]) -> Iterator[Finding]:
    """Two approvers with two keys, named before and not retired, have signed the fact without its approvals."""
    keys: dict[str, str] = {}
    for index in sorted(index for index in events if index < said["entry"]):
        named = _fact(events, index, "approver.named")
        if named is not None:
            keys[named["approver"]] = "" if named.get("retired", False) else named["key"]
    approvals = fact.get("approvals", [])
    if [dict(one) for one in said["approvals"]] != [
        {"approver": one["approver"], "key": keys.get(one["approver"], "")} for one in approvals
    ]:
        yield wrong("its approvers are not those of the erasure, named before it")
    statement = _ORDER + canonical({name: value for name, value in fact.items() if name != "approvals"})
    signed = {
        keys[one["approver"]]
        for one in approvals
        if _signed(keys.get(one["approver"], ""), one["signature"], statement)
    }
    if len(signed) < max(2, len(approvals)):
        yield wrong("two approvers have not signed what the event of the erasure says")


def _signed(key: str, signature: str, statement: bytes) -> bool:
    if not key or not _SIGNATURE.fullmatch(signature):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(b64decode(signature), statement)
    except (InvalidSignature, ValueError):
        return False
    return True


def judge_disclosure(answer: Json, about: str, events: Mapping[int, Packed]) -> Iterator[Finding]:
    """A disclosure names exactly the section that is opened; a person's own record exactly the entries, and their notes."""
    form = _HEADS.get(str(answer.get("schema")), "#disclosure") if isinstance(answer, dict) else "#disclosure"
    unfit = misfit(answer, form)
    if unfit is not None or not isinstance(answer, dict):
        yield wrong(f"it is not in the form of its schema, at {unfit}")
        return
    said: Mapping[str, Any] = answer
    opened = {index: sorted(event.sections) for index, event in events.items()}
    if form == "#own":
        if said["entries"] != sorted(opened):
            yield wrong("the entries that it names are not those of the pack")
        if any(not _says(events.get(note["ledger"]), note) for note in said["notes"]):
            yield wrong("a note is not what its event says")
        return
    told = [index for index in events if kind_of(events[index]) == "section.disclosed"]
    fact = _fact(events, told[0], "section.disclosed") if len(told) == 1 else None
    source = events.get(said["entry"])
    if fact is None or source is None:
        yield wrong("the entry that it opens, or the event that says so, is not in the pack")
        return
    fields = (fact["disclosure"], fact["event"], fact["section"], fact.get("reader", ""))
    if fields != (about, said["event"], said["section"], said["reader"]) or said["disclosure"] != about:
        yield wrong("it says something else than the event of the disclosure")
    if (source.leaf.id, source.leaf.type) != (said["event"], said["type"]):
        yield wrong("the entry that it names is another event")
    if opened != {said["entry"]: [said["section"]], told[0]: ["fact"]}:
        yield wrong("it opens more or less than it names")


def _says(event: Packed | None, note: _Row) -> bool:
    if event is None or kind_of(event) != "person.noted":
        return False
    fact, person = event.sections.get("fact"), event.sections.get("person")
    if not isinstance(fact, dict) or not isinstance(person, dict):
        return False
    return bool(fact.get("holds") == note["holds"] and person.get("values", {}) == note["values"])


def _fact(events: Mapping[int, Packed], index: int, kind: str) -> _Row | None:
    """The opened fact of an event of this kind, in its form."""
    event = events.get(index)
    fact = event.sections.get("fact") if event is not None and kind_of(event) == kind else None
    return fact if isinstance(fact, dict) and misfit(fact, f"#{kind}") is None else None
