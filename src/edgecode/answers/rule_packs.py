"""The list of packs of rules as a contract (packs/1), and what a pack and one of its rules say, as text."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from edgecode.answers.layout.columns import printable, width, wrapped
from edgecode.checks.pack_states import Cap, PackState, Stand
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.cel import reads
from edgecode.checks.rules.compiled import text_of, windows_of
from edgecode.checks.rules.pack import Pack, Requirement, Rule, severity_of
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue


class PackLine(Struct, frozen=True):
    """One pack. *state*: ``watch`` never judges; ``not_checked``: nobody has said whether it applies. *signed*: keys or aliases whose
    signature beside the file holds; *unproven*: key ids of signatures that nothing here can check. *own*: from the production's folder."""

    pack: str
    version: str
    digest: str
    title: str
    tier: str
    draft: bool
    own: bool
    rules: int
    state: Stand
    by: str
    why: str
    adopted: bool
    cap: Cap
    decision: RecordId
    decided_by: str
    parameters: dict[str, FactValue]
    last_verified: str | None
    verified_by: str | None
    signed: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()


class PacksAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.packs/1"):
    """Every pack of the production, shipped ones first; those that are not run are there too. *facts*: the vocabulary."""

    facts: str
    packs: tuple[PackLine, ...]


class PackSigned(Struct, frozen=True):
    """Who signed a pack, as far as can be told here."""

    signed: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()


def packs_answer(
    states: Sequence[PackState], signatures: Mapping[str, PackSigned], *, own: frozenset[str], facts: str
) -> PacksAnswer:
    """The answer. *signatures*: by pack; *own*: packs of the production's own folder."""
    return PacksAnswer(
        facts, tuple(_line(one, signatures.get(one.pack.id, PackSigned()), own=one.pack.id in own) for one in states)
    )


def _line(one: PackState, signed: PackSigned, *, own: bool) -> PackLine:
    header = one.pack.header
    return PackLine(
        pack=header.pack,
        version=header.version,
        digest=one.pack.digest,
        title=header.title,
        tier=header.tier,
        draft=header.draft,
        own=own,
        rules=len(one.pack.rules),
        state=one.state,
        by=one.by,
        why=one.why,
        adopted=one.adopted,
        cap=one.cap,
        decision=one.decision,
        decided_by=one.decided_by,
        parameters=dict(one.parameters),
        last_verified=header.last_verified,
        verified_by=header.verified_by,
        signed=signed.signed,
        unproven=signed.unproven,
    )


_SET_IN = 13
"""Under its name stands what hangs on a pack."""


def packs_text(answer: PacksAnswer, *, columns: int | None = None) -> Iterator[str]:
    """The list for people: state, pack, version, tier, rules, why; and what hangs on it. *columns*: of a terminal, None for no limit."""
    for one in answer.packs:
        state = one.state.replace("_", " ")
        rules = f"{one.rules:>3} {'rule ' if one.rules == 1 else 'rules'}"
        head = f"{state:<12} {one.pack:<30} {one.version:<14} {one.tier:<11}"
        whole = f"{head} {rules}   {printable(one.why)}"
        notes = []
        if columns is None or width(whole) <= columns:
            yield whole
        else:
            yield head.rstrip()
            notes.append(f"{rules.strip()}; {printable(one.why)}")
        if one.cap == "undecided" and one.state == "on":
            notes.append(
                "rules of less than high confidence are softened, and nobody has decided on that: adopt or keep-cap"
            )
        if one.cap in ("kept", "adopted") and one.state == "on":
            notes.append(
                "softened rules are kept as they are" if one.cap == "kept" else "adopted: its rules bite in full"
            )
        if one.parameters:
            notes.append(
                f"parameters: {', '.join(f'{name} = {_shown(value)}' for name, value in sorted(one.parameters.items()))}"
            )
        notes.append(_signatures(one))
        for note in notes:
            room = columns - _SET_IN if columns is not None else None
            yield from (" " * _SET_IN + line for line in wrapped(note, room))


def _signatures(one: PackLine) -> str:
    if one.signed:
        return f"signed by {', '.join(one.signed)}"
    if one.unproven:
        return f"signed by {', '.join(one.unproven)}, a key that is not known here"
    return "unsigned" if one.own else "unsigned, as shipped"


def pack_text(pack: Pack) -> Iterator[str]:
    """A pack: whose words it transcribes, who verified it, what is open, its parameters and its rules."""
    header = pack.header
    yield f"{header.pack} {header.version}{' (draft)' if header.draft else ''}: {header.title}"
    yield f"  {header.tier}; {header.authority.kind}: {header.authority.issuer}, {header.authority.instrument}; edition {header.edition}"
    days = f"{header.in_force.since or 'not established'} to {header.in_force.until or '…'}"
    yield f"  jurisdiction {', '.join(header.jurisdiction)}; in force {days}"
    yield f"  sources opened: {f'{header.last_verified}, {header.verified_by}' if header.last_verified else 'by nobody yet'}"
    yield f"  digest {pack.digest}"
    for name, listed in (
        ("verify first", header.must_verify),
        ("known gap", header.known_gaps),
        ("source", header.sources),
    ):
        for text in listed:
            yield f"  {name}: {text}"
    for parameter in pack.parameters:
        yield f"  parameter {parameter.name} = {_shown(parameter.default)}: {parameter.say}"
    for rule in pack.rules:
        severity, capped = severity_of(rule, header, adopted=False)
        softened = f" (softened from {rule.severity})" if capped else ""
        yield f"  {rule.id:<12} {severity}{softened} at {', '.join(rule.gates)}: {rule.title}"


def rule_text(pack: Pack, rule: Rule) -> Iterator[str]:
    """One rule in full: what it rests on, when it applies, what it requires, which facts it reads and what they mean."""
    header = pack.header
    severity, capped = severity_of(rule, header, adopted=False)
    yield f"{rule.id} {rule.number} {rule.code}: {rule.title}"
    yield f"  rests on: {rule.citation} (basis {rule.basis}, confidence {rule.confidence})"
    yield f"  quote: {rule.quote.text or 'nobody has filled in the words of the source'}"
    softened = (
        f"; the author says {rule.severity}, softened by the confidence cap until the pack is adopted" if capped else ""
    )
    yield f"  severity: {severity}{softened}; asked of every {rule.about} at {', '.join(rule.gates)}"
    guards = [expression for expression in (header.scope, *windows_of(pack, rule), rule.when) if expression]
    yield f"  applies when: {' and '.join(guards) or 'always'}"
    for required in rule.require:
        yield from _requirement(required)
    waivable = (
        f"by {', '.join(rule.waivable.by)}, for at most {rule.waivable.max_days} days" if rule.waivable else "by nobody"
    )
    yield f"  waivable: {waivable}{'; always on' if rule.always else ''}"
    yield f"  fix: {rule.fix}"
    if rule.note:
        yield f"  note: {rule.note}"
    read = {name for text in (*guards, *(text_of(one) for one in rule.require)) for name in reads(text)}
    for name in sorted(read & set(CATALOGUE)):
        fact = CATALOGUE[name]
        yield f"  reads {name} ({fact.world}): {fact.meaning}"


def _requirement(required: Requirement) -> Iterator[str]:
    yield f"  requires: {required.say}"
    if not required.over:
        yield f"    {required.that}"
        return
    yield f"    one of the {required.over} of this use, called {required.variable}, meets all of:"
    for condition in required.where:
        yield f"    - {condition.say}: {condition.that}"


def _shown(value: FactValue) -> str:
    return (
        ", ".join(value) if isinstance(value, tuple) else str(value).lower() if isinstance(value, bool) else str(value)
    )
