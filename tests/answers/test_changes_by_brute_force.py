"""Change lists of random edits against a comparison of the two cuts frame by frame."""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st
from made_cuts import CAMERA, GENERATED, V1, V2, made_clip, matched, view, whole
from msgspec.structs import replace

from edgecode.answers.cuts.view import CutView
from edgecode.answers.listing.pairing import Pair, UsedClip, paired
from edgecode.answers.listing.used_clips import generated_difference, used_clips
from edgecode.terms.timebase import Rate

VERSIONS = {1: whole(CAMERA), 2: whole(GENERATED), 3: whole(GENERATED), 4: whole(CAMERA)}
Piece = tuple[int, int, int, int]
"""Version, first source frame, frames, track."""


class _Chains:
    """What pairing asks of chains: versions, each with content of its own."""

    def read(self, versions: Iterable[int]) -> None:
        pass

    def row(self, version: int) -> SimpleNamespace:
        return SimpleNamespace(content=version)


pieces = st.tuples(
    st.sampled_from(sorted(VERSIONS)), st.integers(0, 30), st.integers(1, 12), st.sampled_from((0, 0, 0, 1))
)
cuts = st.lists(pieces, min_size=1, max_size=9)


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[Piece], list[Piece]]:
    """A cut and what an editor made of it: clips taken out, put in, trimmed, slipped and moved."""
    old = draw(cuts)
    new = list(old)
    for kind in draw(st.lists(st.sampled_from(("out", "in", "trim", "slip", "move")), max_size=5)):
        at = draw(st.integers(0, len(new) - 1))
        version, first, frames, track = new[at]
        if kind == "out" and len(new) > 1:
            del new[at]
        elif kind == "in":
            new.insert(at, draw(pieces))
        elif kind == "trim":
            new[at] = version, first, max(1, frames + draw(st.integers(-4, 4))), track
        elif kind == "slip":
            new[at] = version, max(0, first + draw(st.integers(-5, 5))), frames, track
        elif kind == "move":
            new.insert(draw(st.integers(0, len(new) - 1)), new.pop(at))
    return old, new


def made(edit: Sequence[Piece], *, rate: Rate | None = None) -> CutView:
    """One after the other on each track, from the first frame."""
    at = Counter[int]()
    clips, matches = [], []
    for number, (version, first, frames, track) in enumerate(edit):
        clip = made_clip(f"shot{version}_v{version:03}", at[track], at[track] + frames, track=track)
        clips.append(replace(clip, source_in=Fraction(first)))
        matches.append(matched(number, version, first=first))
        at[track] += frames
    return view(clips, matches, VERSIONS, frames=max(at.values()), tracks=(V1, V2), rate=rate)


def used(cut: CutView, rate: Fraction | None = None) -> dict[int, UsedClip]:
    return {one.number: one for one in used_clips(cut, _Chains(), rate=rate or cut.clock.rate.fraction)}  # type: ignore[arg-type]


def shown_frame_by_frame(cut: CutView, edit: Sequence[Piece]) -> Counter[tuple[int, int]]:
    """Every generated source frame that may be seen, by looking at each frame; what lies under another clip counts as possible."""
    found = Counter[tuple[int, int]]()
    for frame in range(cut.clock.frames):
        for number, clip in enumerate(cut.clips):
            version, first, _, _ = edit[number]
            if clip.record_in <= frame < clip.record_out and VERSIONS[version] == whole(GENERATED):
                found[version, first + frame - int(clip.record_in)] += 1
    return found


@given(edits())
def test_generated_frames_in_out_and_kept_are_those_of_a_comparison_frame_by_frame(
    cut: tuple[list[Piece], list[Piece]],
) -> None:
    old, new = made(cut[0]), made(cut[1])
    before, after = shown_frame_by_frame(old, cut[0]), shown_frame_by_frame(new, cut[1])

    found = generated_difference(old, new, used(old), used(new))

    assert (found.came, found.went, found.stayed) == (
        (after - before).total(),
        (before - after).total(),
        (before & after).total(),
    )


@given(edits())
def test_every_clip_stands_on_one_line_and_the_differences_sum_up_to_that_of_the_cuts(
    cut: tuple[list[Piece], list[Piece]],
) -> None:
    old, new = used(made(cut[0])), used(made(cut[1]))

    pairs = paired(list(old.values()), list(new.values()))

    assert sorted(pair.old.number for pair in pairs if pair.old) == sorted(old)
    assert sorted(pair.new.number for pair in pairs if pair.new) == sorted(new)
    frames = [sum(one.frames for one in side.values()) for side in (old, new)]
    assert sum(pair.difference for pair in pairs) == frames[1] - frames[0]
    assert all(
        pair.head + pair.tail == pair.difference for pair in pairs if pair.head is not None and pair.tail is not None
    )


@given(cuts)
def test_a_cut_does_not_differ_from_itself(edit: list[Piece]) -> None:
    one = made(edit)

    pairs = paired(list(used(one).values()), list(used(one).values()))
    found = generated_difference(one, one, used(one), used(one))

    assert [pair.words for pair in pairs if pair.words] == []
    assert (found.came, found.went) == (0, 0)


@given(edits())
def test_the_list_read_backwards_turns_in_into_out(cut: tuple[list[Piece], list[Piece]]) -> None:
    old, new = made(cut[0]), made(cut[1])

    forth = generated_difference(old, new, used(old), used(new))
    back = generated_difference(new, old, used(new), used(old))

    assert (forth.came, forth.went, forth.stayed) == (back.went, back.came, back.stayed)


def changed(old: list[Piece], new: list[Piece]) -> list[tuple[str, object, object]]:
    pairs = paired(list(used(made(old)).values()), list(used(made(new)).values()))
    return [(" + ".join(pair.words), pair.head, pair.tail) for pair in pairs if pair.words]


BASE: list[Piece] = [(1, 0, 10, 0), (2, 0, 10, 0), (4, 5, 10, 0)]


def test_a_trim_ripples_and_only_the_trimmed_clip_is_listed() -> None:
    assert changed(BASE, [(1, 0, 10, 0), (2, 2, 11, 0), (4, 5, 10, 0)]) == [("lengthened", -2, 3)]


def test_a_slip_keeps_its_length() -> None:
    assert changed(BASE, [(1, 0, 10, 0), (2, 3, 10, 0), (4, 5, 10, 0)]) == [("slipped", -3, 3)]


def test_a_clip_that_changes_its_order_is_moved_and_its_neighbours_are_not() -> None:
    assert changed(BASE, [(4, 5, 10, 0), (1, 0, 10, 0), (2, 0, 10, 0)]) == [("moved", 0, 0)]


def test_a_clip_put_on_another_track_is_moved() -> None:
    assert [words for words, _, _ in changed(BASE, [(1, 0, 10, 0), (2, 0, 10, 0), (4, 5, 10, 1)])] == ["moved"]


def test_another_version_of_a_shot_is_a_new_version_and_not_one_gone_and_one_come() -> None:
    old, new = used(made(BASE)), used(made(BASE))
    new[1] = replace(new[1], shows="content 99")

    assert [pair.words for pair in paired(list(old.values()), list(new.values())) if pair.words] == [("new version",)]


def test_an_equal_name_with_other_bytes_is_a_change_and_another_name_with_equal_bytes_is_none() -> None:
    old, renamed = used(made(BASE)), used(made(BASE))
    renamed[1] = replace(renamed[1], shot="relinked")

    assert [pair.words for pair in paired(list(old.values()), list(renamed.values())) if pair.words] == []


def test_a_changed_rate_maps_before_comparing() -> None:
    old = made([(1, 0, 24, 0)], rate=Rate.of(24))
    new = made([(1, 0, 25, 0)], rate=Rate.of(25))
    rate = new.clock.rate.fraction

    pairs = paired(list(used(old, rate).values()), list(used(new, rate).values()))

    assert [pair.difference for pair in pairs] == [0]


def test_what_was_removed_stands_behind_what_it_followed() -> None:
    pairs: list[Pair] = paired(list(used(made(BASE)).values()), list(used(made([BASE[0], BASE[2]])).values()))

    assert [pair.words for pair in pairs] == [(), ("removed",), ()]
