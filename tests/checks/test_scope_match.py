"""What a use needs, held against a scope: inside, outside or unknown, dimension by dimension, each with its values."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.territories import EU_MEMBERS
from edgecode.checks.scopes import DIMENSIONS, PROHIBITED_FACTS, Answer, Dimension, Shown, match_scope
from edgecode.terms.rights import ALL, Field, Modality, Prohibited, Scope, Training

WORDS: dict[str, tuple[str, ...]] = {
    "works": ("show-1", "10.5240/AAAA"),
    "roles": ("Nora", "Nils"),
    "scenes": ("12", "14A"),
    "languages": ("de", "de-AT", "fr"),
    "territories": ("EU", "DE", "US", "US-CA", "JP"),
    "media": get_args(Field),
    "modalities": get_args(Modality),
    "tools": ("Comfy", "other"),
}
DAYS = ("2026-01-01", "2026-06-30", "2027-12-31")
COUNTED = ("seconds", "lines", "uses")


def words(name: str) -> st.SearchStrategy[tuple[str, ...] | None]:
    listed = st.lists(st.sampled_from(WORDS[name]), unique=True, max_size=3).map(tuple)
    return st.none() | st.just((ALL,)) | listed


scopes = st.builds(
    Scope,
    **{name: words(name) for name in WORDS},  # type: ignore[arg-type]
    since=st.sampled_from(("", *DAYS)),
    until=st.sampled_from(("", ALL, *DAYS)),
    maxima=st.dictionaries(st.sampled_from(COUNTED), st.integers(0, 9), max_size=2),
    prohibited=st.none() | st.lists(st.sampled_from(get_args(Prohibited)), unique=True, max_size=3).map(tuple),
    training=st.none() | st.sampled_from(get_args(Training)),
)
needs = st.builds(
    Scope,
    **{name: words(name) for name in WORDS},  # type: ignore[arg-type]
    since=st.sampled_from(("", *DAYS)),
    until=st.sampled_from(("", ALL, *DAYS)),
    training=st.none() | st.sampled_from(get_args(Training)),
)
quantities = st.dictionaries(st.sampled_from(COUNTED), st.integers(0, 12))
contents = st.dictionaries(st.sampled_from(sorted(set(PROHIBITED_FACTS.values()))), st.booleans())


def answers(
    scope: Scope, needed: Scope, counted: dict[str, int], content: dict[str, bool], shown: Shown = ""
) -> dict[str, Answer]:
    match = match_scope(scope, needed, quantities=counted, content=content, shown=shown)
    return {part.dimension: part.answer for part in match.parts}


def wider(scope: Scope) -> list[Scope]:
    """The same scope, one dimension wider each."""
    found = []
    for name in WORDS:
        has = getattr(scope, name)
        if has is not None:
            found += [replace(scope, **{name: (*has, word)}) for word in (*WORDS[name], ALL)]
    if scope.since:
        found.append(replace(scope, since="2020-01-01"))
    if scope.until:
        found += [replace(scope, until=until) for until in ("2099-12-31", ALL) if scope.until != ALL]
    found += [replace(scope, maxima=dict.fromkeys(scope.maxima, 99)), replace(scope, maxima={})]
    if scope.prohibited is not None:
        found.append(replace(scope, prohibited=scope.prohibited[1:]))
    if scope.training is not None:
        found.append(replace(scope, training="general"))
    return found


@given(scopes, needs, quantities, contents)
def test_widening_a_scope_never_puts_outside_what_was_inside(
    scope: Scope, needed: Scope, counted: dict[str, int], content: dict[str, bool]
) -> None:
    before = answers(scope, needed, counted, content)

    assert [
        (name, other)
        for other in wider(scope)
        for name, after in answers(other, needed, counted, content).items()
        if before[name] == "inside" and after != "inside"
    ] == []


def forgotten(needed: Scope) -> list[Scope]:
    """The same needs, one of them not known each."""
    named = [replace(needed, **{name: None}) for name in (*WORDS, "training") if getattr(needed, name) is not None]
    return named + [replace(needed, **{name: ""}) for name in ("since", "until")]


@given(scopes, needs, quantities, contents)
def test_forgetting_what_is_needed_never_puts_anything_inside(
    scope: Scope, needed: Scope, counted: dict[str, int], content: dict[str, bool]
) -> None:
    before = answers(scope, needed, counted, content)
    poorer: list[tuple[Scope, dict[str, int], dict[str, bool]]] = [(one, counted, content) for one in forgotten(needed)]
    poorer += [(needed, {k: n for k, n in counted.items() if k != name}, content) for name in counted]
    poorer += [(needed, counted, {k: v for k, v in content.items() if k != name}) for name in content]

    assert [
        (name, one)
        for one in poorer
        for name, after in answers(scope, *one).items()
        if before[name] != "inside" and after == "inside"
    ] == []


@given(scopes, needs, quantities, contents)
def test_forgetting_what_a_scope_says_never_puts_anything_inside(
    scope: Scope, needed: Scope, counted: dict[str, int], content: dict[str, bool]
) -> None:
    before = answers(scope, needed, counted, content)
    poorer = [replace(scope, **{name: None}) for name in (*WORDS, "prohibited", "training")]
    poorer += [replace(scope, **{name: ""}) for name in ("since", "until")]

    assert [
        (name, one)
        for one in poorer
        for name, after in answers(one, needed, counted, content).items()
        if before[name] != "inside" and after == "inside"
    ] == []


SAID = Scope(
    works=("show-1",),
    roles=("Nora",),
    scenes=("12",),
    languages=("de",),
    territories=("EU", "US-CA"),
    media=("film",),
    modalities=("face",),
    since="2026-01-01",
    until="2026-12-31",
    maxima={"seconds": 90},
    prohibited=("nudity",),
    tools=("Comfy",),
    training="this_production_only",
)
ASKED = replace(SAID, territories=("DE",), since="2026-06-01", until="2026-06-01", maxima={}, prohibited=None)


def answer(
    dimension: Dimension, *, scope: Scope = SAID, counted: int | None = 90, nude: bool | None = False, **asked: Any
) -> str:
    match = match_scope(
        scope,
        replace(ASKED, **asked),
        quantities={} if counted is None else {"seconds": counted},
        content={} if nude is None else {"use.nude_or_sex": nude},
    )
    return match.of(dimension).answer


def test_what_is_asked_inside_every_dimension_is_inside() -> None:
    match = match_scope(SAID, ASKED, quantities={"seconds": 90}, content={"use.nude_or_sex": False})

    assert ([part.dimension for part in match.parts], match.answer, match.sentences) == (list(DIMENSIONS), "inside", [])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("DE", "FR", "EU"), "inside"),
        (("US-CA",), "inside"),
        (("US-NY",), "outside"),
        (("US",), "outside"),
        (("GB",), "outside"),
        (("DE-BY",), "inside"),
        (("*",), "outside"),
        ((), "inside"),
        (None, "unknown"),
    ],
)
def test_a_scope_of_the_eu_and_california_reaches_their_parts_and_nothing_else(
    asked: tuple[str, ...] | None, expected: str
) -> None:
    assert answer("territories", territories=asked) == expected


def test_a_country_covers_its_states_and_all_members_together_cover_the_eu() -> None:
    country, members = replace(SAID, territories=("US",)), replace(SAID, territories=tuple(sorted(EU_MEMBERS)))

    assert [
        answer("territories", scope=country, territories=("US-NY",)),
        answer("territories", scope=members, territories=("EU",)),
        answer("territories", scope=replace(members, territories=("DE", "FR")), territories=("EU",)),
    ] == ["inside", "inside", "outside"]


def test_a_language_covers_its_regional_forms_and_not_the_other_way() -> None:
    austrian = replace(SAID, languages=("de-AT",))

    assert [answer("languages", languages=("de-AT",)), answer("languages", scope=austrian, languages=("de",))] == [
        "inside",
        "outside",
    ]


def test_a_window_includes_its_last_day() -> None:
    assert [
        answer("window", since=day, until=day) for day in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01", "")
    ] == ["outside", "inside", "inside", "outside", "unknown"]


def test_maxima_are_held_against_the_sum_and_what_nobody_counted_is_unknown() -> None:
    assert [answer("maxima", counted=counted) for counted in (90, 91, None)] == ["inside", "outside", "unknown"]


def test_what_is_prohibited_is_decided_by_a_human() -> None:
    assert [answer("prohibited", nude=nude) for nude in (False, True, None)] == ["inside", "outside", "unknown"]


def test_training_reaches_as_far_as_it_says() -> None:
    asked: tuple[Training | None, ...] = ("none", "this_production_only", "named_model", "general", None)

    assert [answer("training", training=one) for one in asked] == ["inside", "inside", "outside", "outside", "unknown"]


def test_a_picture_shows_face_and_body_and_a_sound_voice_and_singing() -> None:
    face, both = replace(SAID, modalities=("face",)), replace(SAID, modalities=("face", "full_body"))
    unsaid = replace(ASKED, modalities=None)
    found = [
        match_scope(scope, unsaid, quantities={}, shown=shown).of("modalities").answer
        for scope in (face, both)
        for shown in ("picture", "sound", "both")
    ]

    assert found == ["unknown", "outside", "unknown", "inside", "outside", "unknown"]


def test_what_speaks_against_a_match_is_said_first_and_with_its_values() -> None:
    match = match_scope(
        SAID, replace(ASKED, territories=("JP",), roles=None), quantities={}, content={"use.nude_or_sex": False}
    )

    assert match.sentences == [
        "does not cover the territories JP (has EU, US-CA)",
        "nobody said which roles the use needs (has 1 named, sealed)",
        "nobody counted seconds (at most 90)",
    ]


def test_everything_that_an_agreement_may_prohibit_is_a_classification_of_the_catalogue() -> None:
    worlds = {CATALOGUE[fact].world for fact in PROHIBITED_FACTS.values()}

    assert (set(PROHIBITED_FACTS), worlds) == (set(get_args(Prohibited)), {"classification"})


def test_every_dimension_of_a_scope_is_matched() -> None:
    named = set(asdict(Scope())) - {"since", "until"} | {"window"}

    assert named == set(DIMENSIONS)
