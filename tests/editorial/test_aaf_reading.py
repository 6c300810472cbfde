"""AAF: mobs, tapes, transitions, effects and what is broken; made files, every place computed by hand."""

import pytest

from aaf_samples import AafBuilder, aaf_bytes, reel
from edgecode.drivers.apart import CutsApart
from edgecode.errors import InputError
from edgecode.ingest.doors import CutReader
from edgecode.ingest.editorial.aaf import read_aaf
from edgecode.ingest.editorial.aaf_objects import text_of, value_of
from edgecode.ingest.editorial.exchange_readers import AafReader
from edgecode.terms.cuts import Clip, CutReading
from edgecode.terms.timebase import Rate
from edgecode.testing.reader_suites import CutReaderSuite, Samples

ENTRY = "edgecode.ingest.editorial.exchange_readers:AafReader"


@pytest.mark.slow
class TestAafReader(CutReaderSuite):
    OPENS_NOTHING = False

    @pytest.fixture
    def reader(self) -> CutReader:
        return CutsApart(AafReader(), entry=ENTRY, timeout_seconds=20)

    @pytest.fixture
    def samples(self) -> Samples:
        return {"reel 1.aaf": aaf_bytes(reel)}


def only(build: object = reel) -> CutReading:
    [cut] = read_aaf(aaf_bytes(build), name="reel.aaf")  # type: ignore[arg-type]
    return cut


def places(cut: CutReading) -> list[tuple[object, ...]]:
    return [(clip.name, clip.record_in, clip.record_out, clip.source_in, clip.source_scale) for clip in cut.clips]


def test_a_transition_overlaps_its_neighbours_and_both_are_seen_over_all_of_it() -> None:
    cut = only()

    assert (cut.name, cut.rate, cut.start, cut.frames) == ("Reel 1", Rate(24), 86400, 100)
    assert places(cut) == [
        ("a", 0, 60, 86400 + 100 + 10, 1),
        ("b", 48, 100, 20, 1),
        ("line 12", 10, 40, 5, 1),
    ]
    assert [(mix.name, mix.record_in, mix.record_out, mix.seen) for mix in cut.transitions] == [
        ("Video Dissolve", 48, 60, "plain")
    ]


def test_a_clip_leads_to_its_file_its_tape_and_an_id_for_every_level() -> None:
    media = only().clips[0].media

    assert media.targets == ("file:///media/a.mxf",)
    assert media.reel == "A001"
    assert (media.available_first, media.available_end) == (86500, 86700)
    assert len(media.umids) == 2
    assert len(media.others) == 1  # the tape's own id names the tape, not what is on the screen


def test_comments_of_the_mobs_are_kept_and_a_path_in_them_is_a_hint() -> None:
    def build(builder: AafBuilder) -> None:
        a = builder.clip("a")
        a.comments["UNC Path"] = "\\\\server\\show\\a.dpx"
        a.comments["EDGECODE"] = "01890000-0000-7000-8000-000000000001"
        builder.track(builder.use(a, 0, 10))

    clip = only(build).clips[0]

    assert "UNC Path: \\\\server\\show\\a.dpx" in clip.comments
    assert clip.media.others == ("\\\\server\\show\\a.dpx",)
    assert clip.media.codes == ("01890000-0000-7000-8000-000000000001",)


def one(build: object) -> Clip:
    [clip] = only(build).clips
    return clip


@pytest.mark.parametrize(
    ("points", "source", "scale"),
    [
        ([(0, 0), (10, 20)], 5, 2),
        ([(0, 3), (10, 3)], 8, 0),
        ([(0, 19), (10, 9)], 24, -1),
        ([(0, 0), (5, 1), (10, 20)], None, None),
    ],
)
def test_a_time_warp_is_followed_where_its_curve_is_a_line(
    points: list[tuple[int, int]], source: int | None, scale: int | None
) -> None:
    def build(builder: AafBuilder) -> None:
        a = builder.clip("a")
        group = builder.operation("Motion Control", 10, builder.use(a, 5, 20), warps=True)
        create, dictionary = builder.file.create, builder.file.dictionary
        from aaf2.auid import AUID

        curve = create.ParameterDef(
            AUID("00000000-0000-4000-8000-0000000000aa"),
            "PARAM_SPEED_OFFSET_MAP_U",
            "",
            dictionary.lookup_typedef("Rational"),
        )
        dictionary.register_def(curve)
        line = create.InterpolationDef(AUID("00000000-0000-4000-8000-0000000000bb"), "Linear", "")
        dictionary.register_def(line)
        varying = create.VaryingValue(curve, line)
        for time, value in points:
            point = create.ControlPoint()
            point["ControlPointSource"].value = 2
            point["Time"].value = time
            point["Value"].value = value
            varying["PointList"].append(point)
        group.parameters.value = [varying]
        builder.track(group)

    clip = one(build)

    assert (clip.record_out, clip.source_in, clip.source_scale) == (10, source, scale)


def test_an_effect_that_nobody_knows_is_unknown() -> None:
    def build(builder: AafBuilder) -> None:
        builder.track(builder.operation("WonderMorph_2", 10, builder.use(builder.clip("a"), 0, 10)))

    assert [(effect.name, effect.seen) for effect in one(build).effects] == [("Wonder Morph", "unknown")]


def test_layers_that_an_effect_puts_together_are_all_rows() -> None:
    def build(builder: AafBuilder) -> None:
        a, b = builder.clip("a"), builder.clip("b")
        builder.track(builder.operation("Title_2", 10, builder.use(a, 0, 10), builder.use(b, 3, 10)))

    assert [(clip.name, clip.path) for clip in only(build).clips] == [("a", (0, 0, 0)), ("b", (0, 0, 1))]


def test_a_selector_without_a_choice_is_a_clip_that_is_switched_off() -> None:
    def build(builder: AafBuilder) -> None:
        selector = builder.file.create.Selector("picture", 10)
        selector["Selected"].value = builder.filler(10)
        selector["Alternates"].value = [builder.use(builder.clip("a"), 0, 10)]
        builder.track(selector)

    assert (one(build).name, one(build).enabled) == ("a", False)


def test_a_composition_inside_a_composition_is_trimmed_by_the_clip_that_shows_it() -> None:
    def build(builder: AafBuilder) -> None:
        inner = builder.file.create.CompositionMob("scene")
        builder.file.content.mobs.append(inner)
        slot = inner.create_empty_sequence_slot(24, media_kind="picture")
        slot.segment.components.extend([builder.use(builder.clip("a"), 0, 30), builder.use(builder.clip("b"), 7, 30)])
        slot.segment.length = 60
        builder.track(
            builder.filler(100), inner.create_source_clip(slot.slot_id, start=10, length=40, media_kind="picture")
        )

    assert places(only(build)) == [("a", 100, 120, 10, 1), ("b", 120, 140, 7, 1)]


def test_a_clip_of_a_mob_that_is_not_in_the_file_keeps_its_id() -> None:
    def build(builder: AafBuilder) -> None:
        from aaf2.mobid import MobID

        lost = builder.file.create.SourceClip(start=0, length=10, mob_id=MobID.new(), slot_id=1, media_kind="picture")
        builder.track(lost)

    cut = only(build)

    assert len(cut.clips[0].media.umids) == 1
    assert [(problem.code, problem.effect) for problem in cut.diagnostics] == [("ref.dangling", "approximate")]


def test_sound_that_is_cut_at_samples_lies_between_frames() -> None:
    def build(builder: AafBuilder) -> None:
        builder.track(builder.filler(10))
        slot = builder.composition.create_empty_sequence_slot(48000, media_kind="sound")
        line = builder.use(builder.clip("line", kind="sound"), 0, 1000, "sound")
        slot.segment.components.extend([builder.filler(1000, "sound"), line])
        slot.segment.length = 2000

    clip = one(build)

    assert (clip.record_in, clip.record_out) == (clip.record_out / 2, 1)


class _Broken:
    """An object as the library leaves it where a property is missing."""

    def getvalue(self, key: str, default: object = None) -> object:
        raise KeyError(key)


def test_a_property_that_cannot_be_read_is_no_property() -> None:
    assert (value_of(_Broken(), "DescribedSlots"), text_of(_Broken(), "Name")) == (None, "")


def test_a_file_without_a_composition_is_refused() -> None:
    def build(builder: AafBuilder) -> None:
        builder.file.content.mobs.pop(builder.composition.mob_id)
        builder.clip("a")

    with pytest.raises(InputError) as refused:
        only(build)

    assert refused.value.code == "cut.none"


@pytest.mark.parametrize("sixteenth", range(1, 16, 3))
def test_a_file_cut_short_is_refused_or_read_as_far_as_it_goes(sixteenth: int) -> None:
    whole = aaf_bytes(reel)
    try:
        [cut] = read_aaf(whole[: len(whole) * sixteenth // 16], name="short.aaf")
    except InputError as refused:
        assert refused.code in ("aaf.malformed", "cut.none")
    else:
        assert len(cut.clips) <= 3
