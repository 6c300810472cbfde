"""The sweep against a look at every frame, and the laws it must keep (pipeline page, section 13)."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cut_strategies import any_clip, track_lists
from edgecode.index.sweep import SweptRange, ranges
from edgecode.ingest.editorial import read_cut
from edgecode.terms.cuts import Clip, Track
from edgecode.terms.evidence import Visibility
from look_at_frames import ranges_frame_by_frame, spread_over_frames
from otio_parts import clip, dissolve, span, stack, timeline, track, warp

CERTAIN, POSSIBLE, HIDDEN = Visibility.CERTAIN, Visibility.POSSIBLE, Visibility.HIDDEN
Cut = tuple[list[Clip], tuple[Track, ...]]


@st.composite
def random_cuts(draw: st.DrawFn, *, whole: bool = False) -> Cut:
    count = draw(st.integers(1, 4))
    return draw(st.lists(any_clip(count, whole=whole), max_size=10)), draw(track_lists(count))


@given(random_cuts(whole=True))
def test_the_sweep_says_the_same_as_a_look_at_every_frame(cut: Cut) -> None:
    clips, tracks = cut

    assert spread_over_frames(ranges(clips, tracks), 60) == ranges_frame_by_frame(clips, tracks, 60)


@given(random_cuts())
def test_ranges_are_in_order_and_never_empty_or_overlapping(cut: Cut) -> None:
    swept = ranges(*cut)

    assert all(each.start < each.end and each.seen for each in swept)
    assert all(a.end <= b.start for a, b in pairwise(swept))


@given(random_cuts())
def test_the_lengths_of_the_ranges_of_a_clip_sum_to_the_clip(cut: Cut) -> None:
    clips, tracks = cut
    lengths: Counter[int] = Counter()
    for each in ranges(clips, tracks):
        for index, _ in each.seen:
            lengths[index] += each.end - each.start  # type: ignore[assignment]

    assert dict(lengths) == {i: each.frames for i, each in enumerate(clips) if each.frames}


@given(random_cuts(), st.fractions(-500, 500, max_denominator=7))
def test_moving_a_cut_moves_every_range_by_as_much(cut: Cut, by: Fraction) -> None:
    clips, tracks = cut
    moved = [replace(each, record_in=each.record_in + by, record_out=each.record_out + by) for each in clips]

    assert ranges(moved, tracks) == [SweptRange(a + by, b + by, seen) for a, b, seen in ranges(clips, tracks)]


@given(random_cuts(), st.data())
def test_switching_a_clip_off_hides_it_and_never_hides_another(cut: Cut, data: st.DataObject) -> None:
    clips, tracks = cut
    if not clips:
        return
    chosen = data.draw(st.integers(0, len(clips) - 1))
    off = [*clips[:chosen], replace(clips[chosen], enabled=False), *clips[chosen + 1 :]]
    order = [HIDDEN, POSSIBLE, CERTAIN]

    for before, after in zip(ranges(clips, tracks), ranges(off, tracks), strict=True):
        assert (before.start, before.end) == (after.start, after.end)
        now = dict(after.seen)
        for index, seen in before.seen:
            assert now[index] == HIDDEN if index == chosen else order.index(now[index]) >= order.index(seen)


def nested_alike(parts: list[dict[str, object]]) -> tuple[list[SweptRange], list[SweptRange]]:
    """The ranges of a one-track cut, and those of the same cut inside another."""
    [plain] = read_cut(timeline(track(*parts)), name="plain")
    [nested] = read_cut(timeline(track(stack(track(*parts)))), name="nested")
    return ranges(plain.clips, plain.tracks), ranges(nested.clips, nested.tracks)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9), st.booleans()), min_size=1, max_size=6))
def test_nesting_a_cut_changes_no_range(parts: list[tuple[int, int, bool]]) -> None:
    children: list[dict[str, object]] = []
    for number, (length, overlap, joined) in enumerate(parts):
        if joined and number:
            children.append(dissolve(min(overlap, 2), min(overlap, 3)))
        children.append(clip(f"c{number}", 100 * number, length))
    plain, nested = nested_alike(children)

    assert nested == plain


def seen(*tracks: dict[str, object]) -> list[tuple[int, int, dict[str, Visibility]]]:
    [cut] = read_cut(timeline(*tracks), name="x")
    swept = ranges(cut.clips, cut.tracks)
    return [(int(a), int(b), {cut.clips[i].name: how for i, how in live}) for a, b, live in swept]


def test_what_lies_under_another_picture_is_only_possible() -> None:
    low, high = track(clip("low", 0, 10)), track(clip("high", 0, 4))

    assert seen(low, high) == [(0, 4, {"low": POSSIBLE, "high": CERTAIN}), (4, 10, {"low": CERTAIN})]


def test_both_sides_of_a_dissolve_are_only_possible() -> None:
    assert seen(track(clip("a", 0, 4), dissolve(1, 1), clip("b", 5, 4))) == [
        (0, 3, {"a": CERTAIN}),
        (3, 5, {"a": POSSIBLE, "b": POSSIBLE}),
        (5, 8, {"b": CERTAIN}),
    ]


def test_a_dissolve_between_nested_cuts_makes_both_of_them_only_possible() -> None:
    one = stack(track(clip("one", 0, 9)), source_range=span(0, 4))
    two = stack(track(clip("under", 0, 9)), track(clip("over", 0, 9)), source_range=span(2, 4))

    assert seen(track(one, dissolve(1, 1), two)) == [
        (0, 3, {"one": CERTAIN}),
        (3, 5, {"one": POSSIBLE, "under": POSSIBLE, "over": POSSIBLE}),
        (5, 8, {"under": POSSIBLE, "over": CERTAIN}),
    ]


def test_what_is_switched_off_is_hidden_and_hides_nothing() -> None:
    low, high = track(clip("low", 0, 4)), track(clip("high", 0, 4, enabled=False))
    muted = track(clip("muted", 0, 4), enabled=False)

    assert seen(low, high, muted) == [(0, 4, {"low": CERTAIN, "high": HIDDEN, "muted": HIDDEN})]


def test_every_sound_that_is_on_is_certain() -> None:
    picture = track(clip("picture", 0, 4))
    sounds = [track(clip(name, 0, 4), kind="Audio") for name in ("a1", "a2")]

    assert seen(picture, *sounds) == [(0, 4, {"picture": CERTAIN, "a1": CERTAIN, "a2": CERTAIN})]


def test_what_a_curve_retimes_is_possible_and_lets_the_picture_below_be_possible() -> None:
    curve = stack(track(clip("ramp", 0, 4)), effects=[{"OTIO_SCHEMA": "TimeEffect.1"}])

    assert seen(track(clip("low", 0, 4)), track(curve)) == [(0, 4, {"low": POSSIBLE, "ramp": POSSIBLE})]


def test_ranges_off_the_frame_grid_are_exact() -> None:
    third = stack(track(clip("a", 0, 1), clip("b", 0, 1)), effects=[warp(3)], source_range=span(0, 1))
    [cut] = read_cut(timeline(track(third)), name="x")

    assert [(each.start, each.end) for each in ranges(cut.clips, cut.tracks)] == [
        (Fraction(0), Fraction(1, 3)),
        (Fraction(1, 3), Fraction(2, 3)),
    ]


def test_an_empty_cut_has_no_range() -> None:
    assert ranges([], ()) == []
