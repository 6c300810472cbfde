"""What a rule answers is what Kleene's logic says of it, for expressions that nobody thought of."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack
from edgecode.checks.rules.subjects import Subject
from rule_samples import one_rule

Tree = tuple  # ("fact", name) | ("not", a) | ("and", a, b) | ("or", a, b) | ("is", name, word)
OPEN = ("use.final", "use.incidental", "person.minor")
RECORD = ("notice.scan_48h", "consent.create")
KINDS = ("dub", "train")

leaves = st.one_of(
    st.sampled_from([("fact", name) for name in (*OPEN, *RECORD)]),
    st.sampled_from([("is", "use.kind", word) for word in KINDS]),
)
trees = st.recursive(
    leaves,
    lambda below: st.one_of(
        st.tuples(st.just("not"), below),
        st.tuples(st.just("and"), below, below),
        st.tuples(st.just("or"), below, below),
    ),
    max_leaves=7,
)
worlds = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.booleans() for name in (*OPEN, *RECORD)},
        "use.kind": st.sampled_from(KINDS),
    },
)


def written(tree: Tree) -> str:
    if tree[0] == "fact":
        return tree[1]
    if tree[0] == "is":
        return f"{tree[1]} == '{tree[2]}'"
    if tree[0] == "not":
        return f"!({written(tree[1])})"
    return f"({written(tree[1])}) {'&&' if tree[0] == 'and' else '||'} ({written(tree[2])})"


def kleene(tree: Tree, world: dict[str, object]) -> bool | None:
    if tree[0] == "fact":
        return world.get(tree[1], False if tree[1] in RECORD else None)  # type: ignore[return-value]
    if tree[0] == "is":
        return None if tree[1] not in world else world[tree[1]] == tree[2]
    if tree[0] == "not":
        inner = kleene(tree[1], world)
        return None if inner is None else not inner
    sides = {kleene(tree[1], world), kleene(tree[2], world)}
    deciding = tree[0] == "or"
    if deciding in sides:
        return deciding
    return None if None in sides else not deciding


def expected(when: Tree, that: Tree, world: dict[str, object]) -> str:
    applies, holds = kleene(when, world), kleene(that, world)
    if applies is False:
        return "not_applicable"
    if holds is True:
        return "pass"
    return "fail" if applies is True and holds is False else "unknown"


@settings(max_examples=150, deadline=None)
@given(when=trees, that=trees, seen=st.lists(worlds, min_size=1, max_size=12))
def test_a_rule_answers_as_a_table_of_three_values_does(when: Tree, that: Tree, seen: list[dict[str, object]]) -> None:
    judge = Judge([ActivePack(one_rule(when=written(when), that=written(that)))])

    found = [judge.verdicts(Subject("u", "use", world), today="2026-11-23")[0].outcome for world in seen]  # type: ignore[arg-type]

    assert found == [expected(when, that, world) for world in seen]


@settings(max_examples=60, deadline=None)
@given(when=trees, that=trees, world=worlds)
def test_what_is_forgotten_of_an_open_world_makes_of_a_failure_at_most_an_unknown(
    when: Tree, that: Tree, world: dict[str, object]
) -> None:
    judge = Judge([ActivePack(one_rule(when=written(when), that=written(that)))])
    before = judge.verdicts(Subject("u", "use", world), today="2026-11-23")[0].outcome  # type: ignore[arg-type]

    for name in (name for name in world if name not in RECORD):
        less = {key: value for key, value in world.items() if key != name}
        after = judge.verdicts(Subject("u", "use", less), today="2026-11-23")[0].outcome  # type: ignore[arg-type]

        assert not (before in ("fail", "unknown") and after in ("pass", "not_applicable", "fail") and before != after)


@pytest.mark.parametrize(("left", "right"), list(product([True, False, None], repeat=2)))
def test_both_tables_are_those_of_the_book(left: bool | None, right: bool | None) -> None:
    world = {name: value for name, value in (("use.final", left), ("use.incidental", right)) if value is not None}
    both, either = (
        ("and", ("fact", "use.final"), ("fact", "use.incidental")),
        ("or", ("fact", "use.final"), ("fact", "use.incidental")),
    )

    assert kleene(both, world) == (False if False in (left, right) else None if None in (left, right) else True)
    assert kleene(either, world) == (True if True in (left, right) else None if None in (left, right) else False)
