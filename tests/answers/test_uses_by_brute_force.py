"""Derived uses against the slow and plain way: every frame of random cuts asked by itself."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from people_in_film import PeopledFilm
from recorded_film import ROOTS, shown

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.accounts import MEDIA, version_frames
from edgecode.answers.cuts.loading import load_cut
from edgecode.answers.cuts.view import CutView
from edgecode.answers.matchback.people_seen import people_behind
from edgecode.answers.uses.derived import derived_uses, uses_in_clip
from edgecode.answers.uses.on_screen import versions_shown
from edgecode.checks.register import Register
from edgecode.events.kinds import FrameMap
from edgecode.index.store import IndexStore
from edgecode.terms.steps import InputRole, StepKind

KINDS = st.sampled_from(
    [StepKind.COMP, StepKind.GRADE, StepKind.GENERATE, StepKind.RETIME, StepKind.RENDER, StepKind.GENERATIVE_EDIT]
)
ROLES = st.sampled_from(
    [InputRole.PICTURE, InputRole.PICTURE, InputRole.REFERENCE, InputRole.CONTROL, InputRole.WEIGHTS]
)
SCALES = st.sampled_from([Fraction(1), Fraction(1), Fraction(-1), Fraction(1, 2), Fraction(2), Fraction(0), None])
PEOPLE = st.sampled_from(["P-01", "P-02", "P-03"])


@st.composite
def maps(draw: st.DrawFn, frames: int) -> tuple[FrameMap, ...]:
    kind = draw(st.sampled_from(["same", "window", "any", ""]))
    if not kind:
        return ()
    first = draw(st.integers(0, frames - 1))
    end = draw(st.integers(first + 1, frames))
    low = draw(st.integers(-3, 8))
    high = low if kind == "same" else draw(st.integers(low, low + 6))
    return (FrameMap(kind, first, end, low, high if kind != "same" else 0),)  # type: ignore[arg-type]


@st.composite
def films(draw: st.DrawFn) -> PeopledFilm:
    """Up to six versions, each made of earlier ones, some of them stills, with people in some frames, and a cut of up to five clips."""
    film = PeopledFilm()
    lengths: list[int] = []
    names = [f"v{n}.mov" for n in range(draw(st.integers(2, 5)))]
    for n, name in enumerate(names):
        frames = draw(st.sampled_from([12, 12, 20, 8, 0]))
        lengths.append(frames)
        film.file(name, frames=frames, media_class="video" if frames else "still")
        sources = sorted(draw(st.sets(st.integers(0, n - 1), min_size=1, max_size=3))) if n else []
        used = [(names[source], draw(ROLES), draw(maps(max(frames, 1)))) for source in sources]
        film.make(draw(KINDS) if sources else StepKind.CAMERA, name, used)
        for _ in range(draw(st.integers(0 if n else 1, 2))):
            first = draw(st.one_of(st.integers(0, 10), st.none()))
            end = None if first is None else first + draw(st.integers(1, 8))
            film.depict(draw(PEOPLE), name, first, end)
    clips = []
    for n in range(draw(st.integers(1, 5))):
        name = draw(st.sampled_from(names[::-1]))
        first = draw(st.integers(0, 20))
        clip = shown(
            f"c{n}", f"/mnt/show/{name}", first, first + draw(st.integers(4, 20)), track=draw(st.integers(0, 1))
        )
        clips.append(replace(clip, source_in=Fraction(draw(st.integers(-3, 8))), source_scale=draw(SCALES)))
    film.cut("Cut", clips)
    return film


def by_brute_force(view: CutView, store: IndexStore) -> set[tuple[int, int, str]]:
    """(frame, clip, alias) of everybody behind what is on screen, asked frame by frame."""
    chains, found = Chains(store), set()
    for medium in MEDIA:
        for run in view.runs(medium):
            for frame in range(run.first, run.end):
                for one in run.contributors:
                    match = view.match_of[one.clip]
                    clip = view.clips[one.clip]
                    for version in versions_shown(match):
                        # A clip of another length than whole frames may leave a frame half covered: it counts.
                        shown_ = version_frames(clip, match, Fraction(frame), Fraction(frame + 1))
                        if chains.row(version).first is None:
                            shown_ = None
                        people = people_behind(chains, version, shown_)
                        found |= {(frame, one.clip, person.alias) for person in people}
    return found


@settings(max_examples=150, deadline=None)
@given(films())
def test_everybody_behind_a_frame_has_a_use_in_it_and_nobody_else(film: PeopledFilm) -> None:
    store = film.index()
    view = load_cut(store, "Cut", roots=ROOTS)

    found = {
        (frame, span.clip, use.alias)
        for use in derived_uses(view, Chains(store), Register.read(store))
        if use.alias and use.kind != "train"
        for span in use.spans
        for frame in range(span.first, span.end)
    }

    assert found == by_brute_force(view, store)


@settings(max_examples=60, deadline=None)
@given(films())
def test_no_use_is_longer_than_the_cut_and_no_clip_counts_a_frame_twice(film: PeopledFilm) -> None:
    store = film.index()
    view = load_cut(store, "Cut", roots=ROOTS)

    for use in derived_uses(view, Chains(store), Register.read(store)):
        each = [(span.clip, frame) for span in use.spans for frame in range(span.first, span.end)]

        assert len(each) == len(set(each))
        assert use.frames <= view.clock.frames
        assert all(0 <= span.first < span.end <= view.clock.frames for span in use.spans)


@settings(max_examples=100, deadline=None)
@given(films(), st.booleans())
def test_a_clip_by_itself_says_what_the_whole_cut_says_of_it(film: PeopledFilm, declares: bool) -> None:
    if declares:
        film.declare(("v0.mov",), {"use.kind": "dub"}, alias="P-01")
    store = film.index()
    view, register = load_cut(store, "Cut", roots=ROOTS), Register.read(store)
    whole = derived_uses(view, Chains(store), register)

    for clip in range(len(view.clips)):
        there = [use for use in whole if any(span.clip == clip for span in use.spans)]

        assert [use for use in uses_in_clip(view, Chains(store), register, clip) if use.kind != "train"] == [
            use for use in there if use.kind != "train"
        ]
