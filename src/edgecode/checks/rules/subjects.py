"""What a rule is asked about, and what it answers: values that the engine, the builder of facts and the findings share."""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from edgecode.terms.rights import FactValue, Gate, Severity

Outcome = Literal["pass", "fail", "unknown", "not_applicable", "error"]


class Candidate(Struct, frozen=True):
    """An agreement that might cover a use, for rules with ``some:`` over ``consents`` or ``licenses``.

    *values*: by name: ``id`` (its label), ``status``, ``acts``, ``given_by``, ``since``, ``until``, and ``works_ok``,
    ``territories_ok`` … for each dimension of a scope; what is not known is absent.
    """

    values: Mapping[str, FactValue]


class Subject(Struct, frozen=True):
    """*facts*: by the catalogue's dotted name; absent: nobody has established it. *key*: the use's, model's or cut's.

    *open*: record facts that are on file but cannot be settled (a scope of which a dimension is not known), so that they are **not**
    completed with false: what depends on them is unknown.
    """

    key: str
    about: Literal["use", "model", "cut"]
    facts: Mapping[str, FactValue]
    consents: Sequence[Candidate] = ()
    licenses: Sequence[Candidate] = ()
    open: frozenset[str] = frozenset()


class Verdict(Struct, frozen=True):
    """What one rule says of one subject. *severity*: after the confidence cap; *capped*: whether the cap softened it.

    *why*: a sentence that a lawyer can read; "" for pass and not applicable. *missing*: facts that were read and are not known.
    *used*: every fact that the rule reads, with its value as text where there is one, for the explanation and for the digest.
    """

    subject: str
    pack: str
    version: str
    digest: str
    rule: str
    outcome: Outcome
    severity: Severity
    gates: tuple[Gate, ...]
    why: str = ""
    missing: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    capped: bool = False
