"""Everything that is wrong with a pack is said before anything of it runs, all at once, each with its line."""

import pytest

from edgecode.checks.rules.pack_reading import pack_or_problems, read_pack
from edgecode.checks.rules.pack_testing import run_pack_tests
from edgecode.errors import InputError
from rule_samples import SAMPLE, line_of, problems, sample


def test_a_pack_that_is_right_is_read_and_its_tests_pass() -> None:
    pack = sample()

    assert ([rule.id for rule in pack.rules], len(pack.tests), run_pack_tests(pack)) == (["FLAT", "SOME"], 6, [])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "    severity: block\n    when: use.kind == 'dub'",
            "    severety: block\n    when: use.kind == 'dub'",
            "severety is no field",
        ),
        ("use.final\n", "use.finall\n", "use.finall is no fact of edgecode-facts/1 (near it: use.final"),
        ("use.incidental || consent.use }", "use.incidental == 'yes' }", "found no matching overload"),
        ("'replica_use' && ", "'replica_us' && ", "'replica_us' is no word of use.kind"),
        ("c.status == 'active'", "c.status == 'activ'", "'activ' is no word of consents.status"),
        ("c.status == 'active'", "c.state == 'active'", "c.state is no fact of edgecode-facts/1"),
        ("c.until >= production.release_date", "c.until >= 3", "found no matching overload"),
        ("use.final\n", "production.territories\n", "found no matching overload"),
        ("use.final\n", "'USA' in production.territories\n", "'USA' is no word of production.territories"),
        ("use.final\n", "production.pp_start > '2026-13-01'\n", "'2026-13-01' is no word of production.pp_start"),
        ("use.final\n", "has(use.final)\n", "has() turns 'nobody knows' into false"),
        ("use.final\n", "use.final?true:false\n", "?: decides by a fact that may be missing"),
        ("use.final\n", "consents.all(x, x.status == 'active')\n", "all() over an empty list is true"),
        ("use.final\n", "!consents.exists(x, x.status == 'revoked')\n", "consents is read with some: only"),
        ("use.final\n", "production.awards.map(x, x + x).size() > 1\n", "map() and filter() are not part of them"),
        ("use.final\n", "dyn(use).finall\n", "dyn() is not part of rules"),
        ("use.final\n", "use != null\n", "never null"),
        ("use.final\n", "use.final &&\n", "Syntax error"),
        ("{use.incidental}", "{use.incidentel}", "say: {use.incidentel} is no fact"),
        ("    about: use\n", "    about: clip\n", "about must be one of use, model, cut"),
        ("by: [legal]", "by: [leagl]", "waivable: by must be one of"),
        ("max_days: 30", 'max_days: "30"', "max_days must be a whole number"),
        (
            "gate: [publish, deliver]",
            "gate: [publish, delivery]",
            "gate must be one of ingest, publish, deliver, not delivery; near it: deliver",
        ),
        ("confidence: medium", "confidence: middling", "confidence must be one of low, medium, high"),
        (
            "tier: maintained",
            "tier: maintaned",
            "tier must be one of maintained, template, watch, not maintaned; near it: maintained",
        ),
        ("version: 1.0.0", "version: 1.0", "version must be a semantic version"),
        ("schema: edgecode-facts/1", "schema: edgecode-facts/2", "schema must be one of edgecode-facts/1"),
        ('transcribed_on: "2026-11-23"', "transcribed_on: 2026-11-31", "transcribed_on must be a day"),
        ("draft: true", "draft: yes", "draft must be true or false"),
        ("effective_test: { fact: null", "effective_test: { fact: the release", "fact must be a date of the catalogue"),
        (
            "use: { kind: replica_use, final: true }",
            "use: { kind: replica_use, finale: true }",
            "base: use.finale is no fact",
        ),
        (
            "given: { use: { incidental: true } }",
            'given: { use: { incidental: "true" } }',
            "use.incidental must be true or false",
        ),
        (
            "given: { use: { kind: dub } }, expect: pass",
            "given: { use: { kind: dubb } }, expect: pass",
            "use.kind must be one of",
        ),
        (
            "rule: SOME, given: { use: { kind: dub } }",
            "rule: SOMME, given: { use: { kind: dub } }",
            "rule must be one of FLAT, SOME",
        ),
        ("expect: pass }\n  - { name: story", "expect: passes }\n  - { name: story", "expect must be one of"),
        ("sources: []", "sources: []\nsources: []", "sources stands here a second time"),
        ("scope: null", "scope: *all", "an alias"),
        ("scope: null", "scope: !!str null", "a tag"),
        ("scope: null", "scope: &all null", "an anchor"),
    ],
)
def test_a_mistake_is_found_with_its_line_before_anything_runs(old: str, new: str, said: str) -> None:
    changed = SAMPLE.replace(old, new, 1)
    first_difference = next(n for n, (a, b) in enumerate(zip(SAMPLE, changed, strict=False)) if a != b)
    line = SAMPLE[:first_difference].count("\n") + 1

    found = problems(old, new)

    assert [one for one in found if said in one and one.startswith(f"sample.yaml:{line}: ")] != [], found


def test_a_pack_without_a_test_that_expects_unknown_is_refused() -> None:
    start = line_of("  - { name: undecided")
    text = "".join(line for n, line in enumerate(SAMPLE.splitlines(keepends=True), 1) if n != start)

    with pytest.raises(InputError) as refused:
        read_pack(text.encode(), name="sample.yaml")

    assert refused.value.code == "pack.invalid"
    assert f"sample.yaml:{line_of('  - id: FLAT')}: rule FLAT: no test expects unknown" in refused.value.sentence


def test_two_rules_of_one_id_are_refused_where_the_second_stands() -> None:
    assert (
        f"sample.yaml:{line_of('  - id: SOME')}: rules the id FLAT is that of the rule in line {line_of('  - id: FLAT')} already"
        in problems("id: SOME", "id: FLAT")
    )


def test_all_mistakes_are_said_at_once() -> None:
    text = (
        SAMPLE.replace("severity: block", "severity: blok")
        .replace("use.final\n", "use.finall\n")
        .replace("tier: maintained", "tier: best")
    )

    assert len(pack_or_problems(text.encode(), name="sample.yaml")[1]) >= 4


def test_norway_stays_a_country_and_a_day_stays_a_text() -> None:
    pack = sample('release_date: "2027-03-01"', "release_date: 2027-03-01, territories: [NO, DE]")

    assert pack.base["production"] == {"release_date": "2027-03-01", "territories": ["NO", "DE"]}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"- a\n- b\n",
        b"a: [",
        b"a: b\n---\nc: d\n",
        b"[" * 200_000,
        b"{a: " * 50_000,
        b"x" * 1_000_001,
        b"a: \x00",
    ],
)
def test_what_is_no_pack_is_said_and_nothing_else_happens(data: bytes) -> None:
    pack, found = pack_or_problems(data, name="x.yaml")

    assert pack is None and found != [] and all(one.startswith("x.yaml:") for one in found)


def test_a_bomb_of_aliases_never_grows() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]

    pack, found = pack_or_problems("\n".join(rows).encode(), name="bomb.yaml")

    assert (pack, len(found)) == (None, 1)
