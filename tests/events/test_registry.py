"""Events to sections and back: every kind goes round, old kinds are lifted, unknown ones stay as they came."""

from typing import get_args, get_type_hints

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgecode.errors import InputError
from edgecode.events import codec
from edgecode.events.kinds import Event, MediaFacts, VersionFact, VersionSeen
from edgecode.events.registry import KINDS, Opaque, read_event, sections_of

ID = "01890000-0000-7000-8000-000000000001"
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
NAMES = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=6)


def values(kind: msgspec.inspect.Type) -> st.SearchStrategy[object]:
    """Anything that fits a field of this type, within the canonical profile."""
    simple: dict[type, st.SearchStrategy[object]] = {
        msgspec.inspect.IntType: st.integers(-(2**53) + 1, 2**53 - 1),
        msgspec.inspect.StrType: WORDS,
        msgspec.inspect.BoolType: st.booleans(),
        msgspec.inspect.NoneType: st.none(),
    }
    if type(kind) in simple:
        return simple[type(kind)]
    match kind:
        case msgspec.inspect.LiteralType():
            return st.sampled_from(kind.values)
        case msgspec.inspect.EnumType():
            return st.sampled_from(list(kind.cls))
        case msgspec.inspect.StructType():
            return st.builds(kind.cls, **{field.name: values(field.type) for field in kind.fields})
        case msgspec.inspect.TupleType():
            return st.tuples(*map(values, kind.item_types))
        case msgspec.inspect.VarTupleType():
            return st.lists(values(kind.item_type), max_size=2).map(tuple)
        case msgspec.inspect.DictType():
            return st.dictionaries(NAMES, values(kind.value_type), max_size=2)
        case msgspec.inspect.UnionType():
            return st.one_of(*map(values, kind.types))
    raise TypeError(f"no example for {kind}")


def events(kind: type[Event]) -> st.SearchStrategy[object]:
    return values(msgspec.inspect.type_info(kind))


@pytest.mark.parametrize("type_", KINDS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_kind_goes_into_sections_and_comes_back(type_: str, data: st.DataObject) -> None:
    event = data.draw(events(KINDS[type_]))
    sections = sections_of(event)

    assert set(sections) <= set(codec.SECTIONS)
    assert all(codec.canonical(codec.strict(section)) == section for section in sections.values())
    assert read_event(type_, sections) == event


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_section_but_the_fact_may_be_erased(kind: type[Event]) -> None:
    optional = {name for name, hint in get_type_hints(kind).items() if type(None) in get_args(hint)}
    own = {field.name for field in msgspec.structs.fields(kind)}

    assert own - optional == {"fact"}


def test_an_old_kind_is_lifted_step_by_step_to_the_kind_of_this_release() -> None:
    def first_to_second(sections: dict) -> tuple[str, dict]:
        return "file.seen/2", {"fact": {"version": sections["fact"]["asset"], "media": {"media_class": "still"}}}

    def second_to_now(sections: dict) -> tuple[str, dict]:
        return "version.seen/1", sections

    upcasts = {"file.seen/1": first_to_second, "file.seen/2": second_to_now}
    old = {"fact": codec.canonical({"asset": ID})}

    assert read_event("file.seen/1", old, upcasts) == VersionSeen(VersionFact(ID, MediaFacts("still")))


@given(st.dictionaries(st.sampled_from(codec.SECTIONS), st.binary(max_size=40)))
def test_an_unknown_kind_stays_byte_for_byte_what_came(sections: dict[str, bytes]) -> None:
    assert read_event("from.the-future/7", sections) == Opaque("from.the-future/7", sections)


def test_an_event_whose_fact_is_gone_is_kept_and_not_guessed_at() -> None:
    rest = {"bytes": codec.canonical({"sha256": "0" * 64, "size": 1})}

    assert read_event("version.seen/1", rest) == Opaque("version.seen/1", rest)


def test_a_field_of_a_later_release_is_dropped_on_reading_and_not_refused() -> None:
    later = {"fact": codec.canonical({"version": ID, "media": {"media_class": "still"}, "mood": "blue"})}

    assert read_event("version.seen/1", later) == VersionSeen(VersionFact(ID, MediaFacts("still")))


def test_a_known_kind_that_does_not_fit_is_refused_without_its_contents() -> None:
    wrong = {"fact": codec.canonical({"version": ID, "media": {"media_class": "a secret"}})}

    with pytest.raises(InputError, match=r"event\.malformed") as refused:
        read_event("version.seen/1", wrong)
    assert "secret" not in str(refused.value)


def test_a_leaf_is_a_frozen_value() -> None:
    leaf = codec.Leaf(ID, 1, "version.seen/1", "k:0123456789abcdef", (), {})

    with pytest.raises(AttributeError):
        leaf.ts = 2  # type: ignore[misc]
