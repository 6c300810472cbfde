"""Packs of rules as values: header, parameters, rules with what they require, and the pack's own tests. `pack_reading` makes them."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from edgecode.checks.rules.fact_values import Fact
from edgecode.terms.rights import FactValue, Gate, Severity

Tier = Literal["maintained", "template", "watch"]
Confidence = Literal["low", "medium", "high"]
About = Literal["use", "model", "cut"]
Expected = Literal["pass", "fail", "unknown", "not_applicable"]
ParameterType = Literal["bool", "int", "string", "date", "strings"]

CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")
SEVERITIES: tuple[Severity, ...] = ("info", "warn", "disclose", "approve", "block")
"""From mildest to worst."""

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
"""A value as a pack's test writes it; numbers are whole."""


class Authority(Struct, frozen=True):
    """Whose words the rules transcribe."""

    kind: str
    issuer: str
    instrument: str


class InForce(Struct, frozen=True):
    """Days, both included; None: not established, or without end."""

    since: str | None = None
    until: str | None = None
    note: str | None = None


class EffectiveTest(Struct, frozen=True):
    """Which date of the picture decides whether the pack is in force. *fact*: None where no fact of the catalogue is that date, so that
    only people can tell."""

    fact: str | None = None
    note: str | None = None


class ConfidenceCap(Struct, frozen=True):
    """A rule whose confidence is lower than *below* is at most *max_severity* unless the production adopts the pack."""

    below: Confidence
    max_severity: Severity


class Quote(Struct, frozen=True):
    """Verbatim words of the source; None where nobody has filled them in."""

    text: str | None = None
    locator: str | None = None
    read_on: str | None = None


class Header(Struct, frozen=True):
    """Who and what a pack is. *scope*, *agreement*: expressions; None: always, and no agreement. *schema*: the vocabulary of facts.

    *last_verified*, *verified_by*: None while nobody has opened the sources. *always_on*: nobody switches it off.
    """

    pack: str
    title: str
    version: str
    draft: bool
    schema: str
    tier: Tier
    authority: Authority
    edition: str
    jurisdiction: tuple[str, ...]
    in_force: InForce
    effective_test: EffectiveTest
    scope: str | None
    enabled_by_default: bool
    transcribed_on: str
    last_verified: str | None
    verified_by: str | None
    confidence_cap: ConfidenceCap | None
    must_verify: tuple[str, ...] = ()
    known_gaps: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    agreement: str | None = None
    always_on: bool = False


class Parameter(Struct, frozen=True):
    """A value that a production may override. *say*: what it is."""

    name: str
    type: ParameterType
    default: FactValue
    say: str

    @property
    def fact(self) -> Fact:
        """It as a fact, which says what its values may be."""
        return Fact(f"parameters.{self.name}", self.type, "profile", self.say)


class Condition(Struct, frozen=True):
    """*that*: an expression; *say*: what is so when it holds, with facts in braces. *line*: of the expression in the file."""

    say: str
    that: str
    line: int = 0


class Requirement(Struct, frozen=True):
    """Either *that* holds, or some candidate of the list *over*, called *variable*, meets every condition of *where*."""

    say: str
    that: str = ""
    over: Literal["", "consents", "licenses"] = ""
    variable: str = ""
    where: tuple[Condition, ...] = ()
    line: int = 0


class Effective(Struct, frozen=True):
    """The rule bites only where the date *fact* lies in these days, both included; None: without that end."""

    fact: str
    since: str | None = None
    until: str | None = None


class Waivable(Struct, frozen=True):
    """*by*: roles that may; *max_days*: how long at most; *needs*: what the waiver must say."""

    by: tuple[str, ...]
    max_days: int
    needs: Literal["reason"] = "reason"


class Rule(Struct, frozen=True):
    """It fires where scope, window and *when* hold and not every requirement does. *waivable*: None: by nobody.

    *code*: dotted and stable; *number*: as printed, ``R410``. *always*: never waived nor switched off. *line*: where it begins.
    """

    id: str
    title: str
    citation: str
    basis: str
    confidence: Confidence
    about: About
    gates: tuple[Gate, ...]
    severity: Severity
    require: tuple[Requirement, ...]
    fix: str
    when: str | None = None
    effective: Effective | None = None
    waivable: Waivable | None = None
    quote: Quote = Quote()
    note: str | None = None
    authority: str | None = None
    code: str = ""
    number: str = ""
    always: bool = False
    line: int = 0


class PackTest(Struct, frozen=True):
    """One test of a rule: *given* is a JSON merge patch over the pack's base, so that null removes. *says*: part of the explanation."""

    name: str
    rule: str
    expect: Expected
    given: Mapping[str, Json] = {}
    says: str = ""
    line: int = 0


class Pack(Struct, frozen=True):
    """*name*: of the file. *digest*: SHA-256 of its bytes, hexadecimal. *base*: facts of the tests, nested by root."""

    name: str
    digest: str
    header: Header
    rules: tuple[Rule, ...]
    parameters: tuple[Parameter, ...] = ()
    base: Mapping[str, Json] = {}
    tests: tuple[PackTest, ...] = ()

    @property
    def id(self) -> str:
        """What the pack is called in verdicts and commands."""
        return self.header.pack

    def rule(self, identity: str) -> Rule | None:
        """The rule of this id, None when there is none."""
        return next((rule for rule in self.rules if rule.id == identity), None)


class ActivePack(Struct, frozen=True):
    """A pack that judges. *adopted*: its capped rules bite in full. *parameters*: overridden values, by name."""

    pack: Pack
    adopted: bool = False
    parameters: Mapping[str, FactValue] = {}


def severity_of(rule: Rule, header: Header, *, adopted: bool) -> tuple[Severity, bool]:
    """The severity after the confidence cap, and whether the cap softened it."""
    cap = header.confidence_cap
    if adopted or cap is None or CONFIDENCES.index(rule.confidence) >= CONFIDENCES.index(cap.below):
        return rule.severity, False
    if SEVERITIES.index(rule.severity) <= SEVERITIES.index(cap.max_severity):
        return rule.severity, False
    return cap.max_severity, True
