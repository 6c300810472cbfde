"""The answer to "may this be used so?" as the contract ask/1: a word, what comes nearest, what holds, who acts, what is not known."""

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from edgecode.answers.ask.asked_use import Question
from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.paper_notes.cut import NO_NOTES, CutNotes
from edgecode.checks.considered import Considered
from edgecode.checks.findings import Finding
from edgecode.checks.gates import Held
from edgecode.checks.register import Register
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.pack import Rule
from edgecode.checks.rules.sentences import readable
from edgecode.checks.signers import Actor, actors_for
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Gate

Word = Literal["YES", "SIGN", "UNKNOWN", "NO"]
"""NO: a rule that blocks fails. UNKNOWN: a fact is missing. SIGN: all is known, and somebody has to act. YES: nothing holds."""

WORDS: tuple[Word, ...] = ("YES", "SIGN", "UNKNOWN", "NO")
"""From best to worst."""


class AskedAbout(Struct, frozen=True):
    """What was asked. Of what is null nobody said anything, and the profile of the production counts. *person*: an alias, "" for nobody.

    *said*: what whoever asked stated of the use. *on*: the day on which it would be made and judged. *use*: key of the one that stands in
    the cut and is asked about, "" where nothing of it exists.
    """

    act: str
    kind: str
    person: str
    modalities: tuple[str, ...] | None
    media: tuple[str, ...] | None
    languages: tuple[str, ...] | None
    territories: tuple[str, ...] | None
    scenes: tuple[str, ...] | None
    roles: tuple[str, ...] | None
    tools: tuple[str, ...] | None
    training: str | None
    quantities: dict[str, int]
    material: tuple[RecordId, ...]
    model: RecordId
    dataset: RecordId
    replica: RecordId
    cut: RecordId
    on: str
    said: tuple[str, ...]
    use: str = ""


class NearestAgreement(Struct, frozen=True):
    """A consent or license that comes into question, the nearest first. *covers*: yes, no, unknown. *lacks*: sentences: what speaks
    against it, then what is not known. *state* "": nobody knows. *given_by*: "" where nobody knows."""

    kind: Literal["consent", "license"]
    label: str
    agreement: RecordId
    state: str
    covers: Literal["yes", "no", "unknown"]
    acts: tuple[str, ...]
    given_by: str
    lacks: tuple[str, ...]


class AskedRule(Struct, frozen=True):
    """A rule that does not simply pass. *held*: what it does at the gate: open, held, refused."""

    number: str
    code: str
    rule: str
    pack: str
    pack_version: str
    title: str
    severity: str
    verdict: str
    held: str
    description: str
    missing: tuple[str, ...]
    fix: str
    citation: str
    confidence: str
    capped: bool


class WhoActs(Struct, frozen=True):
    """Somebody who has to act. *part*: in which place (person, guardian, heir, estate, union, licensor, member, keeper, production …).
    *who*: an alias, "" where the record names nobody. *of*: the alias of whom they sign for. *rules*: because of which. *certain*: one of
    these fails, or asks for a fact that is missing; else it is not known whether any of them asks for this."""

    part: str
    who: str
    of: str
    decision: str
    share: str
    roles: tuple[str, ...]
    how: str
    rules: tuple[str, ...]
    certain: bool


class MissingFact(Struct, frozen=True):
    """A fact that nobody has established. *by*: places in which somebody may answer it; *how*: what they do."""

    fact: str
    meaning: str
    by: tuple[str, ...]
    how: str


class Ask(Struct, frozen=True, tag_field="schema", tag="edgecode.ask/1"):
    """The answer, exactly as ``edgecode ask --json`` prints it (docs/reference/ask-json.md). Nothing of it is recorded. *notes*: what legal
    released of the use that is asked about, and what was decided on the profile and the rules."""

    production: str
    answer: Word
    gate: Gate
    today: str
    ledger: LedgerPoint
    asked: AskedAbout
    nearest: tuple[NearestAgreement, ...]
    rules: tuple[AskedRule, ...]
    who: tuple[WhoActs, ...]
    missing: tuple[MissingFact, ...]
    not_checked: tuple[str, ...]
    engine: str
    facts: str
    notes: CutNotes = NO_NOTES


def word_for(findings: Iterable[Finding], gate: Gate) -> Word:
    """The word over what rules say of a use that nobody has answered for."""
    words: list[Word] = ["YES"]
    for one in findings:
        held: Held = one.held(gate)
        if held == "refused":
            words.append("NO")
        elif held == "held":
            unknown = one.verdict.outcome == "unknown" and bool(one.verdict.missing)
            words.append("UNKNOWN" if unknown else "SIGN")
    return max(words, key=WORDS.index)


def asked_about(question: Question, kind: str, *, on: str, said: Sequence[str], use: str = "") -> AskedAbout:
    """The question as it was understood. *use*: the key of the one that stands in the cut, "" where nothing of it exists."""
    needs = question.needs
    return AskedAbout(
        act=question.act,
        kind=kind,
        person=question.alias,
        modalities=needs.modalities,
        media=needs.media,
        languages=needs.languages,
        territories=needs.territories,
        scenes=needs.scenes,
        roles=needs.roles,
        tools=needs.tools,
        training=needs.training,
        quantities=dict(question.quantities),
        material=question.material,
        model=question.model,
        dataset=question.dataset,
        replica=question.replica,
        cut=question.cut,
        on=on,
        said=tuple(said),
        use=use,
    )


def nearest_agreement(one: Considered) -> NearestAgreement:
    """An agreement as it stands for the question."""
    covers: Literal["yes", "no", "unknown"] = "unknown" if one.covers is None else "yes" if one.covers else "no"
    lacks = list(one.match.sentences)
    if one.acts_ok is False:
        lacks.insert(0, "does not permit this act")
    elif one.acts_ok is None:
        lacks.append("nobody can say whether it permits this act")
    if not one.granted:
        lacks.insert(0, f"is {one.state}" if one.state and one.state != "active" else "was not given so that it counts")
    return NearestAgreement(
        kind=one.agreement.kind,
        label=one.agreement.label,
        agreement=one.agreement.id,
        state=one.state or "",
        covers=covers,
        acts=tuple(sorted(one.terms.acts)),
        given_by=one.given_by or "",
        lacks=tuple(lacks),
    )


def asked_rule(finding: Finding, gate: Gate) -> AskedRule:
    """What one rule says."""
    verdict, card = finding.verdict, finding.card
    return AskedRule(
        number=card.number,
        code=card.code,
        rule=verdict.rule,
        pack=verdict.pack,
        pack_version=verdict.version,
        title=card.title,
        severity=finding.quality,
        verdict=verdict.outcome,
        held=finding.held(gate),
        description=verdict.why,
        missing=verdict.missing,
        fix=card.fix,
        citation=card.citation,
        confidence=card.confidence,
        capped=verdict.capped,
    )


class Blame(Struct, frozen=True):
    """A finding that holds, with the facts on which it rests. *facts*: what would have to become true or known."""

    finding: Finding
    facts: tuple[str, ...]


def facts_behind(finding: Finding, rule: Rule | None, reads: Sequence[str]) -> tuple[str, ...]:
    """The facts that somebody would have to settle. *reads*: of everything that the rule requires.

    What is missing first, then what is required and does not hold; the consent or license where the rule asks for one without naming it.
    """
    holds = {name for name in reads if f"{name} = {readable(True)}" in finding.verdict.used}
    found = list(finding.verdict.missing) if finding.verdict.outcome == "unknown" else []
    found += [name for name in reads if name in CATALOGUE and not _is_fixed(name) and name not in holds]
    if rule is not None and any(one.over == "consents" for one in rule.require):
        found.append("consent.scope_ok")
    if rule is not None and any(one.over == "licenses" for one in rule.require):
        found.append("license.scope_ok")
    return tuple(dict.fromkeys(found))


def _is_fixed(name: str) -> bool:
    """Whether a fact is what is asked about, or what a law looks at, so that nobody settles it."""
    meant = CATALOGUE[name]
    return meant.world in ("derived", "profile", "status") and meant.root in (
        "use",
        "person",
        "production",
        "consent",
        "tool",
        "dataset",
    )


def who_acts(
    blames: Iterable[Blame], register: Register, question: Question, *, on: str
) -> tuple[tuple[WhoActs, ...], tuple[MissingFact, ...]]:
    """Everybody who has to act, once each with their rules, and what is missing."""
    rules: dict[Actor, dict[str, None]] = {}
    certain: set[Actor] = set()
    missing: dict[str, MissingFact] = {}
    for blame in blames:
        name = blame.finding.verdict.rule
        for fact in blame.facts:
            found = actors_for(fact, register, person=question.person, acts=[question.act], on=on)
            for actor in found:
                rules.setdefault(actor, {})[name] = None
                if blame.finding.verdict.outcome != "unknown" or fact in blame.finding.verdict.missing:
                    certain.add(actor)
            if fact in blame.finding.verdict.missing and fact not in missing:
                meaning = CATALOGUE[fact].meaning if fact in CATALOGUE else "of the agreement that comes nearest"
                places = tuple(dict.fromkeys(actor.part for actor in found))
                missing[fact] = MissingFact(fact, meaning, places, found[0].how if found else "")
    people = [_acting(actor, tuple(named), certain=actor in certain) for actor, named in rules.items()]
    return tuple(sorted(people, key=_signing_first)), tuple(missing.values())


_LATE = ("keeper", "member", "production")


def _signing_first(one: WhoActs) -> tuple[bool, int, str, str, str]:
    return not one.certain, (_LATE.index(one.part) + 1 if one.part in _LATE else 0), one.part, one.who, one.how


def _acting(actor: Actor, rules: tuple[str, ...], *, certain: bool) -> WhoActs:
    return WhoActs(actor.part, actor.who, actor.of, actor.decision, actor.share, actor.roles, actor.how, rules, certain)
