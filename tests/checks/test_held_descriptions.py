"""What is described again: no later word that nobody shows takes back what an earlier one held against a use."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edgecode.checks.described_again import Described, standing_datasets, standing_models, standing_terms
from edgecode.checks.desk_rows import DatasetInfo, ModelInfo, ToolTerms, Whom
from edgecode.events.rights_kinds import DatasetItem, ModelTerms, ToolTermsSection

SAID = st.sampled_from([None, False, True])
WORKS = st.none() | st.sampled_from([("*",), ("this",), ("another",), ("this", "another"), ()])
MODELS = st.builds(
    ModelInfo,
    version=st.just("m"),
    parents=st.sampled_from([None, (), ("p",), ("q",)]),
    trained_on=st.sampled_from([None, (), ("d",), ("e", "d")]),
    one_person=SAID,
    terms=st.none() | st.builds(ModelTerms, allowed_works=WORKS, restricts_av=SAID),
    whom=st.sampled_from([Whom(), Whom(1, "P-01", True), Whom(2, "P-02", True)]),
)
ITEMS = st.builds(
    DatasetItem,
    item=st.sampled_from(["a", "b"]),
    basis=st.sampled_from(["owned", "licensed", "reserved", "unknown"]),
    release=st.sampled_from(["", "c1"]),
    likeness=SAID,
)
DATASETS = st.builds(
    DatasetInfo,
    version=st.just("d"),
    third_party=SAID,
    likeness=SAID,
    minors=SAID,
    reserved=SAID,
    items=st.lists(ITEMS, max_size=2).map(tuple),
)


def stands(model: ModelInfo, *, whom: set[int]) -> dict[str, bool]:
    """What a model holds against a use, by name."""
    terms = model.terms or ModelTerms()
    works = terms.allowed_works
    return {
        "restricts": terms.restricts_av is True,
        "one person": model.one_person is True,
        "not this": works is not None and not {"*", "this"} & set(works),
        **{f"of {one}": one in whom for one in (1, 2)},
        **{f"from {one}": one in (model.trained_on or ()) for one in ("d", "e")},
        **{f"made of {one}": one in (model.parents or ()) for one in ("p", "q")},
    }


def whose(model: ModelInfo) -> set[int]:
    return {one.person for one in (model.whom, *model.also_of) if one.person is not None}


@given(st.lists(MODELS, min_size=1, max_size=4))
def test_a_model_never_gets_milder_by_typing(said: list[ModelInfo]) -> None:
    counts = standing_models(map(Described, said))["m"]
    held = stands(counts, whom=whose(counts))

    assert all(held[name] for one in said for name, is_so in stands(one, whom=whose(one)).items() if is_so)


@given(st.lists(MODELS, max_size=3), MODELS)
def test_what_is_shown_is_all_that_counts_of_a_model(said: list[ModelInfo], shown: ModelInfo) -> None:
    assert standing_models([*map(Described, said), Described(shown, is_shown=True)]) == {"m": shown}


@given(st.lists(DATASETS, min_size=1, max_size=4), st.data())
def test_a_dataset_never_gets_milder_by_typing_or_by_being_taken_back(
    said: list[DatasetInfo], data: st.DataObject
) -> None:
    gone = data.draw(st.lists(st.booleans(), min_size=len(said), max_size=len(said)))
    entries = [Described(one, is_withdrawn=was) for one, was in zip(said, gone, strict=True)]
    counts = standing_datasets(entries).get("d", DatasetInfo("d"))

    for name in ("third_party", "likeness", "minors", "reserved"):
        assert getattr(counts, name) is True or not any(getattr(one, name) for one in said)
    asked = {item for one in said for item in one.items or () if item.release or item.basis == "reserved"}
    assert asked <= set(counts.items or ())
    known = [one for one, was in zip(said, gone, strict=True) if not was]
    assert known or counts.minors is not False


@given(DATASETS)
def test_what_is_said_once_counts_as_it_is(said: DatasetInfo) -> None:
    assert standing_datasets([Described(said)]) == {"d": said}


def read(log_index: int, seen: str = "2026-11-01", **says: object) -> ToolTerms:
    section = ToolTermsSection("a service", **says)  # type: ignore[arg-type]
    return ToolTerms(f"t{log_index}", seen, log_index, section)


def test_terms_of_a_tool_are_lifted_by_another_page_and_not_by_reading_the_same_one_again() -> None:
    strict = read(1, trains_on_inputs=True, enterprise=False, fields=("film",))
    kind = read(2, trains_on_inputs=False, enterprise=True, fields=("film", "game"), indemnity=True)
    held = replace(kind, section=replace(kind.section, trains_on_inputs=True, enterprise=False, fields=("film",)))

    assert standing_terms([(strict, "page"), (kind, "page")]) == (strict, held)
    assert standing_terms([(strict, "page"), (kind, "")]) == (strict, held)
    assert standing_terms([(strict, ""), (kind, "another")]) == (strict, kind)
    assert standing_terms([(strict, "page"), (read(2), "another"), (kind, "page")])[2] == kind


def test_terms_under_another_plan_are_held_to_what_the_tool_was_read_to_do() -> None:
    strict = read(1, trains_on_inputs=True)
    other = read(2, plan="pro", trains_on_inputs=False)

    (_, counts) = standing_terms([(strict, "page"), (other, "")])
    assert counts.section is not None and counts.section.trains_on_inputs is True
