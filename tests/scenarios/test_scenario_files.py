"""Scenario files: what they may hold, and that whatever is wrong with one is said with its line."""

import pytest

from edgecode.errors import InputError
from edgecode.testing.scenario_files import Scenario, read_scenarios

RULES = {"consent-core": ["CONS-01", "CONS-02"], "wga": ["WGA-01"]}


def read(text: str) -> list[Scenario]:
    return read_scenarios(text.encode(), name="f.yaml", rules=RULES)


def problems(text: str | bytes) -> list[str]:
    """What is wrong with a file, without its name."""
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(InputError) as caught:
        read_scenarios(data, name="f.yaml", rules=RULES)
    assert (caught.value.code, caught.value.exit_status) == ("scenarios.invalid", 20)
    _, *lines = caught.value.sentence.splitlines()
    return [line.removeprefix("f.yaml:") for line in lines]


def with_fact(line: str) -> str:
    return f"scenarios:\n  - id: X\n    expect: allow\n    facts:\n      {line}\n"


def test_a_scenario_lies_over_the_base_and_unknown_takes_a_fact_away() -> None:
    found = read("""
base:
  use.final: true
  use.date: 2026-11-20
  person.status: none
scenarios:
  - id: A
    title: What somebody wrote about it
    why: never read
    facts: {use.final: false, person.status: __UNKNOWN__, use.deepfake: __UNKNOWN__, 'use.performance_fixed': "2026-10-01"}
    packs: [wga]
    must_fire: [WGA-01]
    expect: warn
""")

    facts = {"use.final": False, "use.date": "2026-11-20", "use.performance_fixed": "2026-10-01"}
    assert found == [Scenario("A", 7, "What somebody wrote about it", facts, "warn", "warn", ("wga",), ("WGA-01",))]


def test_a_file_may_leave_out_base_packs_and_every_list() -> None:
    assert read("scenarios: [{id: 7, facts: {}, expect: block, expect_uncapped: allow}]") == [
        Scenario("7", 1, "", {}, "block", "allow")
    ]


def test_no_pack_at_all_is_another_thing_than_packs_that_are_not_named() -> None:
    (none, every) = read("scenarios: [{id: a, packs: [], expect: allow}, {id: b, expect: allow}]")

    assert (none.packs, every.packs) == ((), None)


def test_norway_is_a_country() -> None:
    (found,) = read(with_fact("production.territories: [EU, NO, US-CA]"))

    assert found.facts == {"production.territories": ("EU", "NO", "US-CA")}


def test_members_of_another_mapping_can_be_taken_over() -> None:
    (found,) = read("""
x: &shared {use.final: true, use.public: true}
scenarios:
  - id: a
    expect: allow
    facts: {<<: *shared, use.public: false}
""")

    assert found.facts == {"use.final": True, "use.public": False}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("use.final: 'true'", "use.final must be true or false, not 'true'"),
        ("use.final: 1", "use.final must be true or false, not '1'"),
        ("use.final: ~", "use.final must be true or false, not '~'; what nobody knows is __UNKNOWN__"),
        ("use.final: [true]", "use.final must be true or false, not [true]"),
        ("use.date: 2026-13-01", "use.date must be a day, YYYY-MM-DD, not '2026-13-01'"),
        ("use.date: 2026-10-01T10:00:00Z", "use.date must be a day, YYYY-MM-DD, not '2026-10-01T10:00:00Z'"),
        ("production.hpf_tier: '2'", "production.hpf_tier must be a whole number from 1 to 3, not '2'"),
        ("production.hpf_tier: 2.0", "production.hpf_tier must be a whole number from 1 to 3, not '2.0'"),
        ("production.hpf_tier: 4", "production.hpf_tier must be a whole number from 1 to 3, not '4'"),
        ("production.hpf_tier: 0", "production.hpf_tier must be a whole number from 1 to 3, not '0'"),
        ("use.final: !x [a]", "a tag (!x) is not part of scenarios"),
        ("use.final: !!set {a, b}", "a tag (!set) is not part of scenarios"),
        ("use.final: !!omap [a: 1]", "a tag (!omap) is not part of scenarios"),
        ("use.final: !x true", "a tag (!x) is not part of scenarios"),
        ("production.awards: academy-99", "production.awards must be a list of texts, not 'academy-99'"),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_line(line: str, said: str) -> None:
    assert problems(with_fact(line)) == [f"5: {said}"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "production.territories: [UK]",
            "production.territories must be a list of territories (ISO 3166: DE, US-CA; EU), not [UK]",
        ),
        ("production.buyer: Netflix", "production.buyer is nearly netflix, which rules ask for"),
        ("production.awards: [academy99]", "production.awards is nearly academy-99, which rules ask for"),
        ("use.replica: EBDR", "use.replica must be one of none, ebdr, badr, icdr, not 'EBDR'"),
    ],
)
def test_a_word_outside_the_vocabulary_spoils_its_scenario_alone(line: str, said: str) -> None:
    found = read(with_fact(line) + "  - id: Y\n    expect: allow\n")

    assert [(one.id, one.slips) for one in found] == [("X", (f"line 5: {said}",)), ("Y", ())]


def test_a_word_outside_the_vocabulary_in_the_base_is_everybodys() -> None:
    assert problems("base: {production.territories: [UK]}\n" + with_fact("use.final: true")) == [
        "1: production.territories must be a list of territories (ISO 3166: DE, US-CA; EU), not [UK]"
    ]


def test_an_empty_second_verdict_is_the_first_one() -> None:
    (found,) = read("scenarios: [{id: a, expect: block, expect_uncapped: ~}]")

    assert (found.expect, found.expect_uncapped) == ("block", "block")


def test_every_problem_of_a_file_is_said_in_one_run() -> None:
    assert problems("""
base:
  production.kimd: fiction
scenarios:
  - id: A
    fact: {use.final: true}
    expect: blok
    packs: [wgga]
    must_fire: [WGA-99, WGA-01]
  - id: A
    facts: {use.final: true, use.final: false}
    expect: allow
  - {id: A, expect: allow}
  - title: nameless
""") == [
        "3: there is no fact 'production.kimd'; near: production.kind, production.media, production.dga",
        "6: fact is no field; facts is meant?",
        "7: expect: 'blok' is no verdict; one of allow, warn, disclose, require_approval, needs_info, block",
        "8: packs: there is no pack 'wgga'; near: wga",
        "9: must_fire: there is no rule of a shipped pack 'WGA-99'",
        "11: use.final stands here a second time; first in line 11",
        "13: scenario A stands here a second time; first in line 10",
        "14: expect is missing",
        "14: id is missing",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "1: there is nothing in it"),
        (b"[]", "1: a file of scenarios is a mapping with base and scenarios"),
        (b"base: {}", "1: scenarios is missing"),
        (b"scenarios: []", "1: scenarios is a list of at least one"),
        (b"scenarios: 3", "1: scenarios is a list of at least one"),
        (b"a: 1\nb: \xff", "2: this is not UTF-8"),
        (b"a: &a {<<: *a}", "1: values stand more than 24 deep in each other"),
        (b"scenarios:\n- 3", "2: a scenario is a mapping with id, facts and expect"),
    ],
)
def test_what_is_no_file_of_scenarios_is_refused(text: bytes, said: str) -> None:
    assert problems(text) == [said]


def test_what_is_no_yaml_is_refused_where_it_breaks() -> None:
    (said,) = problems("base:\n  a: [\n")

    assert said.startswith("3: this is no YAML: ")
