"""Hypothesis strategies for cuts: clips, readings, and flat cuts that an OTIO or an EDL can hold."""

from fractions import Fraction

from hypothesis import strategies as st

from edgecode.terms.cuts import Clip, CutReading, Diagnostic, Effect, EffectsVisible, Media, Track, Transition
from edgecode.terms.timebase import KNOWN_RATES, Rate

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
rates = st.sampled_from(KNOWN_RATES).map(Rate.of)
positions = st.fractions(-10_000, 10_000, max_denominator=1001)


@st.composite
def media(draw: st.DrawFn) -> Media:
    first = draw(st.none() | positions)
    return Media(
        kind=draw(st.sampled_from(("file", "sequence", "generator", "none"))),
        targets=tuple(draw(st.lists(words, max_size=2))),
        others=tuple(draw(st.lists(words, max_size=2))),
        names=tuple(draw(st.lists(words, max_size=2))),
        reel=draw(words),
        reel_full=draw(words),
        reel_is_truncated=draw(st.booleans()),
        codes=tuple(draw(st.lists(words, max_size=2))),
        umids=tuple(draw(st.lists(words, max_size=1))),
        available_first=first,
        available_end=None if first is None else first + draw(st.integers(0, 500)),
        generator=draw(words),
        sequence_prefix=draw(words),
        sequence_suffix=draw(words),
        sequence_first=draw(st.integers(-5, 100_000)),
        sequence_step=draw(st.integers(1, 3)),
        sequence_padding=draw(st.integers(0, 8)),
    )


effects = st.builds(
    Effect,
    name=words,
    schema=words,
    seen=st.sampled_from(("plain", "generative", "unknown")),
    parameters=st.sampled_from(("", '{"a":1}', '{"b":[2,"x"]}')),
    enabled=st.booleans(),
    inherited=st.sampled_from(("", "nest", "track")),
)


@st.composite
def any_clip(draw: st.DrawFn, tracks: int, *, frames: int = 60, whole: bool = False) -> Clip:
    """A clip anywhere: any path, any switch, edges on frames when *whole*."""
    edge = st.integers(0, frames) if whole else st.fractions(0, frames, max_denominator=5)
    first, end = sorted((Fraction(draw(edge)), Fraction(draw(edge))))
    nest = draw(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), max_size=2))
    return Clip(
        name=draw(words),
        kind=draw(st.sampled_from(("picture", "picture", "picture", "sound", "title", "generator", "black", "other"))),
        path=(draw(st.integers(0, tracks - 1)), *(step for pair in nest for step in pair)),
        record_in=first,
        record_out=end,
        media=draw(media()),
        source_rate=draw(st.none() | rates),
        source_in=draw(st.none() | positions),
        source_scale=draw(st.none() | st.fractions(-4, 4, max_denominator=30)),
        enabled=draw(st.sampled_from((True, True, True, False))),
        side=draw(st.sampled_from(("", "in", "out"))),
        event=draw(words),
        source_label=draw(words),
        effects=tuple(draw(st.lists(effects, max_size=3))),
        nest=tuple(draw(st.lists(words, max_size=2))),
        comments=tuple(draw(st.lists(words, max_size=3))),
        placed=draw(st.sampled_from(("exact", "exact", "exact", "somewhere"))),
    )


def track_lists(count: int) -> st.SearchStrategy[tuple[Track, ...]]:
    kinds = st.sampled_from(("picture", "picture", "sound", "other"))
    one = st.builds(
        Track, name=words, kind=kinds, enabled=st.sampled_from((True, True, False)), source=st.integers(0, 2)
    )
    return st.lists(one, min_size=count, max_size=count).map(tuple)


@st.composite
def readings(draw: st.DrawFn) -> CutReading:
    """Any reading at all, for recording."""
    count = draw(st.integers(1, 3))
    transition = st.builds(
        Transition,
        name=words,
        kind=words,
        track=st.integers(0, count - 1),
        record_in=positions,
        record_out=positions,
        seen=st.sampled_from(("plain", "generative", "unknown")),
    )
    problem = st.builds(
        Diagnostic,
        code=words,
        text=words,
        line=st.integers(0, 9),
        path=words,
        effect=st.sampled_from(("none", "approximate", "row-missing")),
    )
    return CutReading(
        name=draw(words),
        format=draw(words),
        reader=draw(words),
        rate=draw(st.none() | rates),
        drop_frame=draw(st.booleans()),
        start=draw(st.integers(0, 10**7)),
        frames=draw(st.integers(0, 10**6)),
        tracks=draw(track_lists(count)),
        clips=tuple(draw(st.lists(any_clip(count), max_size=4))),
        transitions=tuple(draw(st.lists(transition, max_size=2))),
        diagnostics=tuple(draw(st.lists(problem, max_size=2))),
        effects_visible=draw(st.sampled_from(EffectsVisible)),
        labels=tuple(draw(st.lists(st.tuples(words, words), max_size=2))),
        inputs=tuple(draw(st.lists(st.sampled_from(("a" * 64, "b" * 64)), max_size=2))),
    )


@st.composite
def flat_cuts(draw: st.DrawFn) -> CutReading:
    """A cut of one picture and one sound track as an editing room makes them: clips, gaps, speeds, dissolves between neighbours."""
    rate = draw(st.sampled_from((Rate(24), Rate(25), Rate(24000, 1001), Rate(30000, 1001))))
    clips: list[Clip] = []
    mixes: list[Transition] = []
    for track, kind in enumerate(("picture", "sound")):
        position = 0
        before: Clip | None = None
        for number in range(draw(st.integers(1, 6))):
            hole = draw(st.sampled_from((0, 0, 0, 7)))
            length = draw(st.integers(12, 60))
            scale = draw(st.sampled_from((1, 1, 1, 2, Fraction(1, 2), -1, 0)))
            use = Clip(
                name=f"{kind} {number}",
                kind="picture" if kind == "picture" else "sound",
                path=(track,),
                record_in=Fraction(position + hole),
                record_out=Fraction(position + hole + length),
                media=Media(kind="file", targets=(f"/show/{kind}/{number}.mov",), reel=f"R{number}"),
                source_rate=rate,
                source_in=Fraction(draw(st.integers(1000, 90000))),
                source_scale=Fraction(scale),
            )
            if before is not None and not hole and draw(st.booleans()):
                use, before = _dissolved(use, before, clips, mixes, draw(st.integers(1, 6)))
            clips.append(use)
            before = use
            position = int(use.record_out)
    return CutReading(
        name="a cut",
        format="otio",
        reader="edgecode.otio/1",
        rate=rate,
        drop_frame=False,
        start=draw(st.sampled_from((0, 86400, 1234))),
        frames=max(int(use.record_out) for use in clips),
        tracks=(Track("V", "picture"), Track("A1", "sound")),
        clips=tuple(clips),
        transitions=tuple(mixes),
    )


def _dissolved(use: Clip, before: Clip, clips: list[Clip], mixes: list[Transition], length: int) -> tuple[Clip, Clip]:
    """The clip before goes on under the new one for *length* frames."""
    from msgspec.structs import replace

    end = use.record_in + length
    longer = replace(before, record_out=end, side=before.side or "out")
    clips[clips.index(before)] = longer
    mixes.append(Transition("Cross Dissolve", "SMPTE_Dissolve", use.path[0], use.record_in, end))
    return replace(use, side="in"), longer
