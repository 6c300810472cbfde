"""Whether two people approved an erasure: judged from the log alone, at every door that an erasure could come through."""

from collections.abc import Collection, Mapping

from edgecode.checks.member_signatures import approves
from edgecode.drivers.key_files import actor_id
from edgecode.events.person_kinds import ErasureFact, erasure_statement
from edgecode.terms.identity import RecordId

APPROVALS = 2

Approvers = Mapping[RecordId, tuple[str, bool]]
"""Every approver: public key in hexadecimal, and whether its approvals count."""


def approving_keys(fact: ErasureFact, known: Approvers, *, signing: Collection[str]) -> frozenset[str] | None:
    """The different public keys that approved exactly *fact*; None when an approval is of nobody who may, is given twice, or is of
    something else.

    *signing*: the ids (``k:…``) of the keys that sign or signed this log. They are the machine's, so they approve nothing.
    """
    keys: set[str] = set()
    for approval in fact.approvals:
        public, counts = known.get(approval.approver, ("", False))
        if not counts or public in keys or is_signing_key(public, signing):
            return None
        if not approves(public, approval.signature, erasure_statement(fact)):
            return None
        keys.add(public)
    return frozenset(keys)


def is_approved(fact: ErasureFact, known: Approvers, *, signing: Collection[str]) -> bool:
    """Whether two people with two keys approved exactly *fact*."""
    return len(approving_keys(fact, known, signing=signing) or ()) >= APPROVALS


def is_signing_key(public: str, signing: Collection[str]) -> bool:
    """Whether a public key (hexadecimal) is one of those that sign the log."""
    return len(public) == 64 and actor_id(bytes.fromhex(public)) in signing
