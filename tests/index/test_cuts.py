"""Cuts in the index: found by name or id, clips as they were read, what is on screen at a frame, what answers say of clips."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from edgecode.errors import InputError, NotFoundError
from edgecode.events.cut_facts import cut_added
from edgecode.index.cuts import clip_answers, clips, cut_named, cuts, range_at, ranges
from edgecode.index.cuts import reading as read_back
from edgecode.index.uses import clips_using
from edgecode.terms.evidence import AiUse, Visibility
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import ai_of, classes_of
from edgecode.terms.steps import StepKind
from index.cut_of import ROOTS, add_cut, clip, reading
from index.small_show import Show, id_of


def test_a_cut_is_found_by_its_name_and_by_its_id() -> None:
    show = Show()
    cut, _ = add_cut(show, clip("a.mov"))
    store = show.index()

    assert (cut_named(store, "Cut 1").key, cut_named(store, cut).key) == (cut, cut)


def test_a_name_means_the_reading_that_nothing_supersedes() -> None:
    show = Show()
    old, _ = add_cut(show, clip("a.mov"))
    new, _ = add_cut(show, clip("b.mov"), supersedes=old)
    store = show.index()

    assert (cut_named(store, "Cut 1").key, cut_named(store, old).superseded, [cut.key for cut in cuts(store)]) == (
        new,
        True,
        [old, new],
    )


def test_two_cuts_of_one_name_are_not_guessed_between() -> None:
    show = Show()
    add_cut(show, clip("a.mov"))
    add_cut(show, clip("b.mov"))
    with pytest.raises(InputError) as raised:
        cut_named(show.index(), "Cut 1")

    assert raised.value.code == "cut.ambiguous"


def test_a_cut_that_nobody_added_is_unknown() -> None:
    with pytest.raises(NotFoundError) as raised:
        cut_named(Show().index(), "Cut 9")

    assert raised.value.code == "cut.unknown"


def test_clips_come_back_as_they_were_read() -> None:
    show = Show()
    one, other = clip("a.mov", targets=("/mnt/show/a.mov",), codes=("x",)), clip("b.mov", source_in=None, scale=None)
    cut, ids = add_cut(show, one, other)
    store = show.index()
    rows = clips(store, cut_named(store, cut))

    assert ([row.key for row in rows], [row.clip for row in rows]) == (ids, list(reading(one, other).clips))


def test_comments_never_enter_the_index() -> None:
    show = Show()
    told = reading(clip("a.mov"))
    told = replace(told, clips=tuple(replace(one, comments=("* a person's name",)) for one in told.clips))
    cut, first = show.new(), show.new()
    show.events.append(cut_added(told, cut=cut, clip_ids=[first]))
    store = show.index()

    assert [one.comments for one in read_back(store, cut_named(store, cut)).clips] == [()]


def test_what_is_on_screen_at_a_frame_is_what_the_sweep_says() -> None:
    show = Show()
    cut, _ = add_cut(show, clip("a.mov", frames=10), clip("b.mov", frames=5))
    store = show.index()
    row = cut_named(store, cut)

    assert [
        [(one.start, one.end, one.seen) for one in range_at(store, row, frame)] for frame in (0, 9, 10, 14, 15)
    ] == [
        [(Fraction(0), Fraction(10), ((0, Visibility.CERTAIN),))],
        [(Fraction(0), Fraction(10), ((0, Visibility.CERTAIN),))],
        [(Fraction(10), Fraction(15), ((1, Visibility.CERTAIN),))],
        [(Fraction(10), Fraction(15), ((1, Visibility.CERTAIN),))],
        [],
    ]


def test_looking_up_every_frame_finds_the_same_ranges_as_reading_them_all() -> None:
    show = Show()
    lengths = [Fraction(7, 2), Fraction(1), Fraction(13, 3), Fraction(6)]
    told = [clip(f"{i}.mov", frames=length) for i, length in enumerate(lengths)]  # type: ignore[arg-type]
    cut, _ = add_cut(show, *told)
    store = show.index()
    row = cut_named(store, cut)
    everything = ranges(store, row)

    assert [range_at(store, row, frame) for frame in range(16)] == [
        [one for one in everything if one.start < frame + 1 and one.end > frame] for frame in range(16)
    ]


def test_answers_about_clips_hold_until_they_are_withdrawn() -> None:
    show = Show()
    cut, (first, second, third) = add_cut(show, clip("a.mov"), clip("b.mov"), clip("c.mov"))
    show.answer(StepKind.CAMERA, clips=[first])
    show.answer(StepKind.GENERATE, clips=[first], ai=AiUse.GENERATIVE)
    show.withdraw(show.answer(StepKind.CAMERA, clips=[second]))
    show.answer(StepKind.COMP, clips=[third], about="effects")
    store = show.index()
    told = clip_answers(store, cut_named(store, cut))

    assert ({i: (classes_of(one), ai_of(one)) for i, one in told.making.items()}, told.plain_effects) == (
        {0: ("G", AiUse.GENERATIVE)},
        frozenset({2}),
    )


def uses(show: Show, *versions: RecordId) -> list[tuple[str, int, tuple[int, ...], bool]]:
    store = show.index()
    found = clips_using(store, [id_of(store, key) for key in versions], roots=ROOTS)
    return [(use.cut.name, use.clip.index, use.sources, use.is_possible) for use in found]


def test_where_used_finds_clips_of_everything_made_from_a_version() -> None:
    show = Show()
    scan, lora, made = show.file("scan.png"), show.file("lora.bin"), show.video("made.mov", 20)
    show.step(StepKind.GENERATE, lora, [scan])
    show.step(StepKind.GENERATE, made, [lora])
    add_cut(show, clip("other.mov"), clip("made.mov"))
    store = show.index()

    assert uses(show, scan) == [("Cut 1", 1, (id_of(store, scan),), False)]


def test_an_ambiguous_clip_is_a_possible_use() -> None:
    show = Show()
    one = show.video("x/a.mov", 20)
    show.video("y/a.mov", 20)
    add_cut(show, clip("a.mov"))
    store = show.index()

    assert uses(show, one) == [("Cut 1", 0, (id_of(store, one),), True)]


def test_superseded_cuts_are_not_searched() -> None:
    show = Show()
    one = show.video("a.mov", 20)
    old, _ = add_cut(show, clip("a.mov"))
    add_cut(show, clip("b.mov"), supersedes=old)

    assert uses(show, one) == []
