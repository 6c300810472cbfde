"""An answer to a finding is bound to what its rule says: the rule's own fields open it again, whatever else stands in the pack does not."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from msgspec.structs import fields, replace

from edgecode.checks.desk_questions import UNCLEAR
from edgecode.checks.desk_rows import FindingAnswer, Member
from edgecode.checks.findings import Finding, answered, bound_of, finding_of
from edgecode.checks.pack_questions import Cards
from edgecode.checks.pack_states import PackState
from edgecode.checks.register import Register
from edgecode.checks.rules.pack import CONFIDENCES, SEVERITIES, ActivePack, Effective, Pack, Quote, Rule, Waivable
from edgecode.checks.rules.pack_reading import read_pack
from edgecode.checks.rules.rule_digests import rule_digest, used_parameters
from edgecode.checks.rules.subjects import Subject, Verdict
from edgecode.checks.uses import Use
from edgecode.terms.rights import FactValue
from packs_that_ship import shipped
from rule_samples import SAMPLE

LEGAL, DAY = "01990000-0000-7000-8000-0000000000b1", "2026-11-23"
TUNED = SAMPLE.replace(
    "rules:\n",
    'parameters:\n  days: { type: int, default: 30, say: "days" }\n  other: { type: int, default: 5, say: "other days" }\nrules:\n',
    1,
)
TUNED = TUNED.replace(
    "use.kind == 'replica_use' && use.final", "use.kind == 'replica_use' && use.final && parameters.days > 3"
)
TUNED = TUNED.replace("use.incidental || consent.use", "use.incidental || approval.commissioner")


def found(pack: Pack, *, adopted: bool = False, parameters: Mapping[str, FactValue] = {}) -> Finding:
    """The finding of the rule FLAT on one use, as a check makes it."""
    state = PackState(pack, "on", "tier", adopted, parameters, "")
    use = Use("k", "replica_use", person_state="none", shown=((10, 60),))
    rule = pack.rule("FLAT")
    assert rule is not None
    verdict = Verdict("k", pack.id, pack.header.version, pack.digest, "FLAT", "fail", rule.severity, rule.gates)
    return finding_of(verdict, Cards([state]).card(pack.id, "FLAT"), use, Subject("k", "use", {}))


def read(text: str) -> Pack:
    return read_pack(text.encode(), name="sample.yaml")


def state(now: Finding, bound: str) -> str:
    """What a waiver that was bound so comes to for the finding as it is now."""
    given = FindingAnswer(
        "01990000-0000-7000-8000-0000000000d1", now.key, now.verdict.pack, "FLAT", "waived", LEGAL, "legal", bound,
        DAY, 9, 0, until=DAY,
    )  # fmt: skip
    members = {LEGAL: Member(LEGAL, "P-01", ("legal",))}
    return answered(now, Register(members=members, answers=(given,)), today=DAY).answered.state


# ------------------------------------------------------------------------------------------ in a pack's text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rules:\n", "# somebody's remark\nrules:\n"),
        ("title: Two rules", "title: Two rules and a better title"),
        ("version: 1.0.0", "version: 1.0.1"),
        ("must_verify: []", 'must_verify: ["the date"]'),
        ("title: A rule over records", "title: Another rule says something else"),
        ("c.status == 'active' }", "c.status != 'revoked' }"),
        ("default: 5", "default: 7"),
        ("name: incidental,", "name: called otherwise,"),
    ],
)
def test_a_remark_another_rule_or_a_test_opens_no_waiver_again(old: str, new: str) -> None:
    assert old in TUNED
    before, after = read(TUNED), read(TUNED.replace(old, new, 1))

    assert before.digest != after.digest
    assert state(found(after), found(before).bound) == "waived"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: A flat rule", "title: A flatter rule"),
        ("gate: [publish, deliver]", "gate: [deliver]"),
        ("severity: block", "severity: approve"),
        ("confidence: high", "confidence: medium"),
        ("use.final && parameters.days > 3", "parameters.days > 3"),
        ("that: use.incidental || approval.commissioner", "that: use.incidental"),
        ("it is incidental (", "it must be incidental ("),
        ("max_days: 30", "max_days: 31"),
        ("by: [legal], max_days: 30", "by: [legal, producer], max_days: 30"),
        ("scope: null", "scope: production.kind == 'documentary'"),
        ("default: 30", "default: 29"),
    ],
)
def test_whatever_the_rule_itself_says_opens_its_waiver_again(old: str, new: str) -> None:
    assert old in TUNED
    before, after = read(TUNED), read(TUNED.replace(old, new, 1))

    assert state(found(after), found(before).bound) == "reopened"


def test_the_days_in_which_its_pack_is_in_force_are_what_a_rule_says() -> None:
    dated = TUNED.replace('fact: null, note: "none"', 'fact: production.release_date, note: "none"')
    before, after = (read(dated.replace("from: null", f"from: '{day}'")) for day in ("2026-01-01", "2026-07-01"))

    assert state(found(after), found(before).bound) == "reopened"


def test_a_named_condition_is_what_the_rules_that_name_it_say() -> None:
    named = "conditions:\n  stands:\n    - { say: \"is active\", that: c.status == 'active' }\nrules:\n"
    inline = "          - { say: \"is active (it is {c.status})\", that: c.status == 'active' }\n"
    first = SAMPLE.replace("rules:\n", named, 1).replace(inline, "          - { conditions: stands }\n")
    before, after = (read(text) for text in (first, first.replace("'active' }", "'revoked' }", 1)))

    assert [_digest(pack, "FLAT") for pack in (before, after)] == [_digest(before, "FLAT")] * 2
    assert _digest(before, "SOME") != _digest(after, "SOME")


def _digest(pack: Pack, rule: str) -> str:
    written = pack.rule(rule)
    assert written is not None
    return rule_digest(ActivePack(pack), written)


# ------------------------------------------------------------------------------------------ what people decided


@pytest.mark.parametrize(
    ("parameters", "expected"), [({"days": 31}, "reopened"), ({"other": 31}, "waived"), ({"days": 30}, "waived")]
)
def test_a_parameter_that_somebody_sets_opens_only_what_reads_it(
    parameters: dict[str, FactValue], expected: str
) -> None:
    pack = read(TUNED)

    assert state(found(pack, parameters=parameters), found(pack).bound) == expected


def test_adopting_a_pack_opens_only_the_rules_that_the_cap_had_softened() -> None:
    softened = read(TUNED.replace("confidence: high", "confidence: low", 1))
    hard = read(TUNED)

    assert state(found(softened, adopted=True), found(softened).bound) == "reopened"
    assert state(found(hard, adopted=True), found(hard).bound) == "waived"


# ------------------------------------------------------------------------------------------ older answers


def test_a_waiver_that_was_bound_to_the_text_of_its_pack_counts_until_that_text_changes() -> None:
    before, after = read(TUNED), read(TUNED + "# a remark\n")
    was = found(before)
    bound = bound_of(was.use, was.verdict, Subject("k", "use", {}))

    assert [state(found(pack), bound) for pack in (before, after)] == ["waived", "reopened"]


def test_an_answer_bound_to_nothing_counts_for_nothing() -> None:
    hooked = replace(found(read(TUNED)), bound_before=None)

    assert [state(found(read(TUNED)), ""), state(hooked, "")] == ["reopened", "reopened"]


# ------------------------------------------------------------------------------------------ every rule that ships

_OTHER: Mapping[str, Any] = {
    "effective": Effective("production.release_date", "2026-01-01", "2031-05-05"),
    "waivable": Waivable(("supervisor",), 3),
    "quote": Quote("other words"),
    "gates": ("ingest",),
    "require": (),
}
_WORDS: Mapping[str, tuple[Any, ...]] = {"confidence": CONFIDENCES, "severity": SEVERITIES}


def _changed(rule: Rule) -> Iterator[tuple[str, Rule]]:
    for field in fields(rule):
        if field.name == "always":
            yield field.name, replace(rule, always=not rule.always)
        elif field.name in _WORDS:
            listed = _WORDS[field.name]
            yield field.name, replace(rule, **{field.name: listed[listed.index(getattr(rule, field.name)) - 1]})
        elif field.name != "line":
            yield field.name, replace(rule, **{field.name: _OTHER.get(field.name, "other words than before")})


@pytest.mark.parametrize("pack", shipped(), ids=lambda pack: pack.id)
def test_every_field_of_every_rule_that_ships_opens_its_waivers_again_and_its_line_does_not(pack: Pack) -> None:
    active, same, moved = ActivePack(pack), list[str](), list[str]()
    for rule in pack.rules:
        said = rule_digest(active, rule)
        same += [f"{rule.id} {name}" for name, other in _changed(rule) if rule_digest(active, other) == said]
        moved += [rule.id] if rule_digest(active, replace(rule, line=rule.line + 7)) != said else []

    assert (same, moved) == ([], [])


def test_no_two_rules_that_ship_say_the_same() -> None:
    said = [rule_digest(ActivePack(pack), rule) for pack in shipped() for rule in pack.rules]

    assert len(set(said)) == len(said)


def test_the_parameters_that_a_rule_reads_are_found_wherever_it_names_them() -> None:
    pack = next(one for one in shipped() if one.id == "edgecode-desk")
    reading = [rule.id for rule in pack.rules if used_parameters(ActivePack(pack), rule)]
    rule = replace(pack.rules[0], when=None, require=(replace(pack.rules[0].require[0], that="parameters['x']"),))

    assert "DESK-02" in reading
    assert used_parameters(ActivePack(pack), rule) == {one.name: one.default for one in pack.parameters}


def test_the_desks_own_questions_are_bound_to_what_they_ask() -> None:
    asked = replace(UNCLEAR, title="Something else").card.digest

    assert (UNCLEAR.card.digest == replace(UNCLEAR).card.digest, asked == UNCLEAR.card.digest) == (True, False)
