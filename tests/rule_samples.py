"""A pack of two rules that tests change line by line, and how they read and judge it."""

from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack, Pack
from edgecode.checks.rules.pack_reading import pack_or_problems, read_pack
from edgecode.checks.rules.subjects import Candidate, Subject, Verdict
from edgecode.terms.rights import FactValue

TODAY = "2026-11-23"
HEADER = """\
pack: sample
title: Two rules
version: 1.0.0
draft: true
schema: edgecode-facts/1
tier: maintained
authority: { kind: own_design, issuer: the tests, instrument: own policy }
edition: "1"
jurisdiction: [any]
in_force: { from: null, until: null }
effective_test: { fact: null, note: "none" }
scope: null
enabled_by_default: true
transcribed_on: "2026-11-23"
last_verified: null
verified_by: null
confidence_cap: { below: high, max_severity: approve }
must_verify: []
known_gaps: []
sources: []
"""
RULES = """\
rules:
  - id: FLAT
    title: A flat rule
    citation: own
    basis: design
    confidence: high
    about: use
    gate: [publish, deliver]
    severity: block
    when: use.kind == 'replica_use' && use.final
    require:
      - { say: "it is incidental ({use.incidental})", that: use.incidental || consent.use }
    waivable: { by: [legal], max_days: 30, needs: reason }
    fix: Ask.
  - id: SOME
    title: A rule over records
    citation: own
    basis: design
    confidence: medium
    about: use
    gate: [deliver]
    severity: block
    when: use.kind == 'dub'
    require:
      - some: { c: consents }
        say: a consent covers this dub
        where:
          - { say: "is active (it is {c.status})", that: c.status == 'active' }
          - { say: "reaches {production.release_date} (ends {c.until})", that: c.until >= production.release_date }
    waivable: false
    fix: Ask.
"""
TESTS = """\
base:
  today: "2026-11-23"
  production: { release_date: "2027-03-01" }
  use: { kind: replica_use, final: true }
  consents: [ { id: C-1, status: active, until: "2028-01-01" } ]
tests:
  - { name: incidental, rule: FLAT, given: { use: { incidental: true } }, expect: pass }
  - { name: story, rule: FLAT, given: { use: { incidental: false } }, expect: fail, says: "incidental (no)" }
  - { name: undecided, rule: FLAT, expect: unknown, says: "incidental (NOT RECORDED)" }
  - { name: covered, rule: SOME, given: { use: { kind: dub } }, expect: pass }
  - { name: nobody, rule: SOME, given: { use: { kind: dub }, consents: [] }, expect: fail, says: nothing on file }
  - { name: open end, rule: SOME, given: { use: { kind: dub }, consents: [ { id: C-1, status: active } ] }, expect: unknown,
      says: "UNKNOWN whether it reaches 2027-03-01 (ends NOT RECORDED)" }
"""
SAMPLE = HEADER + RULES + TESTS


def sample(old: str = "", new: str = "") -> Pack:
    """The sample pack with one piece of its text replaced."""
    assert old in SAMPLE
    return read_pack(SAMPLE.replace(old, new, 1).encode(), name="sample.yaml")


def problems(old: str, new: str) -> list[str]:
    """What is wrong with the sample once *old* reads *new*."""
    assert old in SAMPLE
    return pack_or_problems(SAMPLE.replace(old, new, 1).encode(), name="sample.yaml")[1]


def line_of(text: str, within: str = SAMPLE) -> int:
    """The line in which *text* first stands."""
    return within[: within.index(text)].count("\n") + 1


def one_rule(*, when: str, that: str, more: str = "") -> Pack:
    """A pack of one rule over these expressions, with tests that nobody runs."""
    text = f"""\
rules:
  - id: ONE
    title: One
    citation: own
    basis: design
    confidence: high
    about: use
    gate: [deliver]
    severity: block
    when: {_quoted(when)}
    require: [ {{ say: "it holds", that: {_quoted(that)} }} ]
    waivable: false
    fix: Ask.
{more}
tests:
  - {{ name: a, rule: ONE, expect: pass }}
  - {{ name: b, rule: ONE, expect: fail }}
  - {{ name: c, rule: ONE, expect: unknown }}
"""
    return read_pack((HEADER + text).encode(), name="one.yaml")


def judged(
    pack: Pack,
    rule: str,
    facts: dict[str, FactValue],
    *,
    consents: list[dict[str, FactValue]] | None = None,
    adopted: bool = False,
) -> Verdict:
    """What one rule says of a use with these facts."""
    subject = Subject("u-1", "use", facts, [Candidate(one) for one in consents or []])
    return Judge([ActivePack(pack, adopted)]).verdict(subject, pack=pack.id, rule=rule, today=TODAY)


def _quoted(expression: str) -> str:
    return "'" + expression.replace("'", "''") + "'"
