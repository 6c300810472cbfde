"""Uses derived from lineage: who, in which frames of the cut, and how, computed by hand."""

from fractions import Fraction

import pytest
from msgspec.structs import replace
from people_in_film import PeopledFilm
from recorded_film import ROOTS, shown

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.loading import load_cut
from edgecode.answers.uses.derived import Derived, derived
from edgecode.checks.register import Register
from edgecode.checks.uses import Use
from edgecode.events.kinds import FrameMap
from edgecode.events.rights_kinds import DatasetItem
from edgecode.terms.cuts import Clip, Effect
from edgecode.terms.evidence import AiUse
from edgecode.terms.rights import Scope
from edgecode.terms.steps import InputRole, ModelUse, StepKind

PICTURE, SOUND, WEIGHTS = InputRole.PICTURE, InputRole.SOUND, InputRole.WEIGHTS
REFERENCE, TRAINING = InputRole.REFERENCE, InputRole.TRAINING


def everything(film: PeopledFilm, cut: str = "Cut") -> Derived:
    store = film.index()
    return derived(load_cut(store, cut, roots=ROOTS), Chains(store), Register.read(store))


def uses(film: PeopledFilm, cut: str = "Cut") -> list[Use]:
    return list(everything(film, cut).uses)


def told(found: list[Use]) -> list[tuple[str, str, list[tuple[int, int]]]]:
    """Kind, alias and frames of every use."""
    return [(use.kind, use.alias, [(span.first, span.end) for span in use.spans]) for use in found]


def plate(film: PeopledFilm, name: str = "plate.mov", frames: int = 100) -> str:
    film.file(name, frames=frames)
    film.step(StepKind.CAMERA, [name])
    return name


def show(film: PeopledFilm, name: str, first: int = 0, end: int = 50, *, source: int = 0, track: int = 0) -> Clip:
    return shown(name, f"/mnt/show/{name}", first, end, source=source, track=track)


# ------------------------------------------------------------------------------------------ frames


def test_a_depiction_is_used_in_exactly_the_frames_of_the_cut_that_show_it() -> None:
    film = PeopledFilm()
    plate(film)
    film.depict("P-01", "plate.mov", 30, 40)
    film.cut("Cut", [show(film, "plate.mov", 10, 60, source=5)])

    # Frame 30 of the plate is seen at 10 + (30 - 5) = 35, frame 39 at 44.
    assert told(uses(film)) == [("performance", "P-01", [(35, 45)])]


@pytest.mark.parametrize(("source", "frames"), [(29, [(0, 1)]), (30, []), (28, [(0, 2)])])
def test_moving_a_clip_by_one_frame_over_the_edge_of_a_depiction_changes_one_frame(
    source: int, frames: list[tuple[int, int]]
) -> None:
    film = PeopledFilm()
    plate(film)
    film.depict("P-01", "plate.mov", 20, 30)
    film.cut("Cut", [show(film, "plate.mov", 0, 10, source=source)])

    assert [spans for _, _, spans in told(uses(film))] == ([frames] if frames else [])


def test_a_frame_map_narrows_who_is_behind_a_comp() -> None:
    film = PeopledFilm()
    plate(film)
    film.depict("P-01", "plate.mov", 40, 50)
    film.file("comp.mov", frames=60)
    film.make(StepKind.COMP, "comp.mov", [("plate.mov", PICTURE, (FrameMap("same", 0, 60, 35),))])
    film.cut("Cut", [show(film, "comp.mov", 100, 150)])

    # Frame n of the comp is frame n + 35 of the plate: 5 to 15 of the comp, 105 to 115 of the cut.
    assert told(uses(film)) == [("performance", "P-01", [(105, 115)])]


def test_a_clip_that_may_be_covered_counts_as_used() -> None:
    film = PeopledFilm()
    plate(film)
    plate(film, "above.mov")
    film.depict("P-01", "plate.mov")
    film.cut("Cut", [show(film, "plate.mov"), show(film, "above.mov", 20, 30, track=1)])

    (use,) = uses(film)

    assert sorted({span.visibility.value for span in use.spans}) == ["certain", "possible"]
    assert use.frames == 50


def test_every_candidate_of_an_ambiguous_clip_counts_as_used() -> None:
    film = PeopledFilm()
    plate(film, "a/T1.mov")
    plate(film, "b/T1.mov")
    film.depict("P-01", "a/T1.mov")
    film.depict("P-02", "b/T1.mov")
    film.cut("Cut", [replace(shown("T1", "T1.mov", 0, 20), source_in=Fraction(0))])

    found = uses(film)

    assert sorted(told(found)) == [("performance", "P-01", [(0, 20)]), ("performance", "P-02", [(0, 20)])]
    assert all(use.facts["use.possible"] is True for use in found)


def test_an_unmatched_clip_gives_no_use() -> None:
    film = PeopledFilm()
    film.cut("Cut", [shown("insert", "", 0, 20)])

    assert uses(film) == []


def test_one_version_in_two_clips_is_one_use() -> None:
    film = PeopledFilm()
    plate(film)
    film.depict("P-01", "plate.mov")
    film.cut("Cut", [show(film, "plate.mov", 0, 10), show(film, "plate.mov", 30, 40, source=50)])

    (use,) = uses(film)

    assert [(span.first, span.end, span.clip) for span in use.spans] == [(0, 10, 0), (30, 40, 1)]
    assert (use.frames, use.quantities, use.shown) == (20, {"frames": 20}, ((0, 10), (50, 60)))


# ------------------------------------------------------------------------------------------ kinds


@pytest.mark.parametrize(
    ("kind", "ai", "role", "expected"),
    [
        (StepKind.GRADE, None, PICTURE, "performance"),
        (StepKind.DENOISE, AiUse.ASSISTIVE, PICTURE, "alteration"),
        (StepKind.GENERATIVE_EDIT, None, PICTURE, "alteration"),
        (StepKind.GENERATIVE_EDIT, None, REFERENCE, "replica_use"),
        (StepKind.GENERATE, None, REFERENCE, "replica_use"),
        (StepKind.GENERATE, None, PICTURE, "alteration"),
        (StepKind.COMP, AiUse.GENERATIVE, PICTURE, "alteration"),
    ],
)
def test_what_a_step_does_with_a_person_makes_the_kind_of_use(
    kind: StepKind, ai: AiUse | None, role: InputRole, expected: str
) -> None:
    film = PeopledFilm()
    plate(film)
    film.depict("P-01", "plate.mov")
    film.file("made.mov", frames=100)
    film.make(kind, "made.mov", [("plate.mov", role, ())], ai=ai)
    film.cut("Cut", [show(film, "made.mov")])

    assert [use.kind for use in uses(film) if use.alias == "P-01"] == [expected]


def test_a_generated_picture_after_a_still_of_somebody_is_a_replica_of_them() -> None:
    film = PeopledFilm()
    film.file("portrait.png", media_class="still")
    film.step(StepKind.CAMERA, ["portrait.png"])
    film.depict("P-01", "portrait.png")
    film.file("walk.mov", frames=50)
    film.step(StepKind.GENERATE, ["walk.mov"], [("portrait.png", PICTURE)])
    film.cut("Cut", [show(film, "walk.mov")])

    assert told(uses(film)) == [("replica_use", "P-01", [(0, 50)])]


def test_whatever_the_weights_of_somebody_made_is_a_replica_of_them() -> None:
    film = PeopledFilm()
    film.weights("voice.safetensors")
    film.replica("R-1", "P-01", ("voice.safetensors",))
    film.file("line.wav", media_class="audio")
    film.step(StepKind.GENERATE, ["line.wav"], [("voice.safetensors", WEIGHTS)])
    film.cut("Cut", [shown("line", "/mnt/show/line.wav", 5, 25, track=2)])

    (use,) = uses(film)

    assert (use.kind, use.alias, use.facts["use.audio_only"]) == ("replica_use", "P-01", True)
    assert {film.id("R-1"), film.id("voice.safetensors"), film.id("line.wav")} <= use.about


def test_a_model_that_was_trained_on_somebody_makes_replicas_of_them() -> None:
    film = PeopledFilm()
    plate(film, "rushes.mov")
    film.depict("P-01", "rushes.mov")
    film.weights("face.lora")
    film.model("face.lora", trained_on=("rushes.mov",))
    film.file("gen.mov", frames=50)
    film.step(StepKind.GENERATE, ["gen.mov"], [("face.lora", WEIGHTS)])
    film.cut("Cut", [show(film, "gen.mov")])

    assert sorted(told(uses(film))) == [("replica_use", "P-01", [(0, 50)]), ("train", "P-01", [(0, 50)])]


THIS, OTHER = "the production itself", "Another Film"


@pytest.mark.parametrize(
    ("works", "base", "expected"),
    [
        (None, None, None),
        ((THIS,), None, True),
        ((THIS, OTHER), None, None),
        (("*",), None, None),
        ((OTHER,), None, None),
        ((THIS,), "described", True),
        ((THIS,), "undescribed", None),
        ((THIS,), "by name", None),
        ((THIS,), "of them", None),
    ],
)
def test_a_model_is_for_this_picture_where_its_terms_name_it_and_nothing_else_can_be_them(
    works: tuple[str, ...] | None, base: str | None, expected: bool | None
) -> None:
    film = PeopledFilm()
    for name in ("tapes.wav", "others.wav"):
        film.file(name, media_class="audio")
    film.depict("P-01", "tapes.wav", how="heard")
    for name in ("voice.ckpt", "base.ckpt"):
        film.weights(name)
    called = tuple(film.id("production") if one == THIS else one for one in works) if works else works
    film.model("voice.ckpt", trained_on=("tapes.wav",), alias="P-01", allowed_works=called)
    if base in ("described", "of them"):
        film.model("base.ckpt", trained_on=("tapes.wav" if base == "of them" else "others.wav",))
    film.file("line.wav", media_class="audio")
    inputs = [("voice.ckpt", WEIGHTS), *([("base.ckpt", WEIGHTS)] if base and base != "by name" else [])]
    film.step(StepKind.GENERATE, ["line.wav"], inputs, models=(ModelUse("a base"),) if base == "by name" else ())
    film.cut("Cut", [shown("line", "/mnt/show/line.wav", 5, 25, track=2)])

    (use,) = [use for use in uses(film) if use.kind == "replica_use"]

    assert use.facts.get("use.same_picture") is expected


def test_a_scan_in_a_render_is_a_replica_made_from_a_scan_for_this_picture() -> None:
    film = PeopledFilm()
    film.file("scan.obj", media_class="model")
    film.step(StepKind.CAPTURE, ["scan.obj"])
    film.session("S-1", "P-01", "scan_photogrammetry", ("scan.obj",))
    film.file("double.mov", frames=50)
    film.step(StepKind.RENDER, ["double.mov"], [("scan.obj", REFERENCE)])
    film.cut("Cut", [show(film, "double.mov")])

    (use,) = uses(film)

    assert (use.kind, use.facts["use.source"], use.facts["use.same_picture"]) == ("replica_use", "scan", True)


def test_footage_that_a_replica_was_made_from_stays_a_performance_where_it_is_shown() -> None:
    film = PeopledFilm()
    plate(film)
    film.depict("P-01", "plate.mov")
    film.session("S-1", "P-01", "on_set_photography", ("plate.mov",))
    film.cut("Cut", [show(film, "plate.mov")])

    assert [use.kind for use in uses(film)] == ["performance"]


def test_a_synthetic_performer_is_nobody() -> None:
    film = PeopledFilm()
    film.file("extra.mov", frames=50)
    film.step(StepKind.GENERATE, ["extra.mov"])
    film.replica("R-9", "", ("extra.mov",), kind="synthetic")
    film.cut("Cut", [show(film, "extra.mov")])

    assert [(use.kind, use.person_state) for use in uses(film)] == [("synthetic_performer", "none")]


def test_an_effect_of_the_editing_program_that_generates_alters_who_is_in_the_clip() -> None:
    film = PeopledFilm()
    plate(film)
    film.depict("P-01", "plate.mov")
    clip = replace(show(film, "plate.mov"), effects=(Effect("Generative Extend", seen="generative"),))
    film.cut("Cut", [clip])

    assert told(uses(film)) == [("alteration", "P-01", [(0, 50)])]


def test_a_step_that_says_nothing_of_models_leaves_it_unclear_and_not_untouched() -> None:
    film = PeopledFilm()
    plate(film)
    film.depict("P-01", "plate.mov")
    film.file("boxed.mov", frames=100)
    film.step(StepKind.COMMAND, ["boxed.mov"], [("plate.mov", PICTURE)])
    film.cut("Cut", [show(film, "boxed.mov")])

    found = everything(film)

    assert told(list(found.uses)) == [("performance", "P-01", [(0, 50)])]
    assert "use.ai_generated" not in found.uses[0].facts
    assert [(one.version, [(s.first, s.end) for s in one.spans]) for one in found.unclear] == [
        (film.id("boxed.mov"), [(0, 50)])
    ]


# ------------------------------------------------------------------------------------------ nobody, and nobody knows


def generated(film: PeopledFilm) -> None:
    film.file("sky.mov", frames=50)
    film.step(StepKind.GENERATE, ["sky.mov"])
    film.cut("Cut", [show(film, "sky.mov")])


def test_of_generated_picture_nobody_has_said_who_is_in_it() -> None:
    film = PeopledFilm()
    generated(film)

    assert [(use.kind, use.person_state) for use in uses(film)] == [("ai_element", "unstated")]


def test_somebody_may_say_that_nobody_is_in_a_generated_picture() -> None:
    film = PeopledFilm()
    generated(film)
    film.declare(("sky.mov",), {"person.status": "none"})

    assert [(use.kind, use.person_state) for use in uses(film)] == [("ai_element", "none")]


def test_that_nobody_is_in_some_frames_says_nothing_of_the_others() -> None:
    film = PeopledFilm()
    generated(film)
    film.declare(("sky.mov",), {"person.status": "none"}, first=0, end=49)

    assert [(use.kind, use.person_state) for use in uses(film)] == [("ai_element", "unstated")]


def test_a_person_in_some_frames_leaves_the_others_an_element_of_nobody_knows_whom() -> None:
    film = PeopledFilm()
    generated(film)
    film.depict("P-01", "sky.mov", 0, 20)

    assert told(uses(film)) == [("ai_element", "", [(20, 50)]), ("replica_use", "P-01", [(0, 20)])] or told(
        uses(film)
    ) == [("replica_use", "P-01", [(0, 20)]), ("ai_element", "", [(20, 50)])]


def test_a_recording_that_a_model_cleaned_asks_who_is_in_it() -> None:
    film = PeopledFilm()
    plate(film)
    film.file("clean.mov", frames=100)
    film.make(StepKind.DENOISE, "clean.mov", [("plate.mov", PICTURE, ())], ai=AiUse.ASSISTIVE)
    film.cut("Cut", [show(film, "clean.mov")])

    assert [(use.kind, use.person_state) for use in uses(film)] == [("alteration", "unstated")]


def test_somebody_noted_in_a_comp_of_plate_and_generated_picture_may_be_either() -> None:
    film = PeopledFilm()
    plate(film)
    film.file("sky.mov", frames=100)
    film.step(StepKind.GENERATE, ["sky.mov"])
    film.file("comp.mov", frames=100)
    film.step(StepKind.COMP, ["comp.mov"], [("plate.mov", PICTURE), ("sky.mov", PICTURE)])
    film.depict("P-01", "comp.mov")
    film.cut("Cut", [show(film, "comp.mov")])

    (use,) = [use for use in uses(film) if use.alias == "P-01"]

    assert (use.kind, use.facts["use.recorded_making"]) == ("performance", False)


@pytest.mark.parametrize(("by", "expected"), [("", False), ("decider", True)])
def test_only_a_deciding_members_word_settles_what_lineage_leaves_open(by: str, expected: bool) -> None:
    film = PeopledFilm()
    plate(film)
    film.file("sky.mov", frames=100)
    film.step(StepKind.GENERATE, ["sky.mov"])
    film.file("comp.mov", frames=100)
    film.step(StepKind.COMP, ["comp.mov"], [("plate.mov", PICTURE), ("sky.mov", PICTURE)])
    film.depict("P-01", "comp.mov")
    film.declare(("comp.mov",), {"use.kind": "performance"}, alias="P-01", by=by)
    film.cut("Cut", [show(film, "comp.mov")])

    (use,) = [use for use in uses(film) if use.alias == "P-01"]

    assert (use.kind, use.facts["use.recorded_making"]) == ("performance", expected)


def test_that_nobody_is_in_it_is_nobodys_word_without_a_member() -> None:
    film = PeopledFilm()
    film.file("sky.mov", frames=100)
    film.step(StepKind.GENERATE, ["sky.mov"])
    film.declare(("sky.mov",), {"person.status": "none"}, by="")
    film.cut("Cut", [show(film, "sky.mov")])

    assert [(use.kind, use.person_state) for use in uses(film)] == [("ai_element", "unstated")]


def test_somebody_noted_in_the_plate_is_the_same_somebody_in_the_comp() -> None:
    film = PeopledFilm()
    plate(film)
    film.depict("P-01", "plate.mov")
    film.file("sky.mov", frames=100)
    film.step(StepKind.GENERATE, ["sky.mov"])
    film.file("comp.mov", frames=100)
    film.step(StepKind.COMP, ["comp.mov"], [("plate.mov", PICTURE), ("sky.mov", PICTURE)])
    film.depict("P-01", "comp.mov")
    film.cut("Cut", [show(film, "comp.mov")])

    (use,) = [use for use in uses(film) if use.alias == "P-01"]

    assert (use.kind, use.facts["use.recorded_making"]) == ("performance", True)


# ------------------------------------------------------------------------------------------ a clock that nobody can tell


def unplaced(clip: Clip) -> Clip:
    """The same clip of an EDL whose source timecode says nothing of its version's frames."""
    return replace(clip, source_scale=None)


@pytest.mark.parametrize("missing", [(), (1010, 1011)])
def test_of_camera_frames_it_is_known_that_somebody_was_filmed_whichever_of_them_are_shown(
    missing: tuple[int, ...],
) -> None:
    film = PeopledFilm()
    film.sequence("cam/A001.", ".exr", 1001, 1048, missing=missing)
    film.step(StepKind.CAMERA, ["cam/A001.*.exr"])
    film.depict("P-01", "cam/A001.*.exr")
    film.file("still.png", media_class="still")
    film.step(StepKind.COMP, ["still.png"], [("cam/A001.*.exr", PICTURE)])
    film.cut("Cut", [unplaced(shown("a", "/mnt/show/cam/A001.1001.exr", 0, 24)), show(film, "still.png", 24, 30)])

    found = everything(film)
    said = [(*row, use.facts["use.recorded_making"]) for row, use in zip(told(uses(film)), found.uses, strict=True)]

    assert said == [("performance", "P-01", [(0, 24)], True), ("performance", "P-01", [(24, 30)], True)]
    assert found.doubtful == {}


def test_somebody_in_a_version_that_is_partly_made_may_be_either_whichever_frames_are_shown() -> None:
    film = PeopledFilm()
    plate(film)
    film.file("sky.mov", frames=100)
    film.step(StepKind.GENERATE, ["sky.mov"])
    film.file("comp.mov", frames=100)
    only_the_last = (FrameMap("same", 99, 100, 0),)
    film.make(StepKind.COMP, "comp.mov", [("plate.mov", PICTURE, ()), ("sky.mov", PICTURE, only_the_last)])
    film.depict("P-01", "comp.mov")
    film.cut("Cut", [unplaced(show(film, "comp.mov"))])

    found = everything(film)

    assert [use.facts["use.recorded_making"] for use in found.uses if use.alias == "P-01"] == [False]
    assert [[(one.first, one.end) for one in spans] for spans in found.doubtful.values()] == [[(0, 50)]]


def test_a_version_in_every_frame_of_which_somebody_is_known_hides_nobody_else() -> None:
    film = PeopledFilm()
    film.file("walk.mov", frames=50)
    film.step(StepKind.GENERATE, ["walk.mov"])
    film.depict("P-01", "walk.mov", 0, 50)
    film.cut("Cut", [unplaced(show(film, "walk.mov"))])

    assert told(uses(film)) == [("replica_use", "P-01", [(0, 50)])]


# ------------------------------------------------------------------------------------------ material and models


def test_archive_material_is_licensed_material_and_altered_by_a_model_an_alteration_too() -> None:
    film = PeopledFilm()
    film.file("super8.mov", frames=100)
    film.step(StepKind.TRANSFER, ["super8.mov"])
    film.file("restored.mov", frames=100)
    film.make(StepKind.RESTORE, "restored.mov", [("super8.mov", PICTURE, ())], ai=AiUse.ASSISTIVE)
    film.cut("Cut", [show(film, "super8.mov", 0, 10), show(film, "restored.mov", 10, 20)])

    found = [(use.kind, use.material, [(s.first, s.end) for s in use.spans]) for use in uses(film) if use.material]

    assert sorted(found) == [
        ("archival_alteration", (film.id("super8.mov"),), [(10, 20)]),
        ("licensed_material", (film.id("super8.mov"),), [(0, 10)]),
        ("licensed_material", (film.id("super8.mov"),), [(10, 20)]),
    ]


def test_an_alteration_of_somebody_in_archive_material_names_the_archive_beside_the_model() -> None:
    film = PeopledFilm()
    for name in ("super8.mov", "news.mov"):
        film.file(name, frames=100)
        film.step(StepKind.TRANSFER, [name])
    film.depict("P-01", "super8.mov")
    film.weights("restore.ckpt")
    film.file("restored.mov", frames=100)
    models = ("restore.ckpt", WEIGHTS, ())
    film.make(StepKind.RESTORE, "restored.mov", [("super8.mov", PICTURE, ()), models], ai=AiUse.ASSISTIVE)
    film.file("comp.mov", frames=100)
    film.make(StepKind.COMP, "comp.mov", [("restored.mov", PICTURE, ()), ("news.mov", PICTURE, ())])
    film.cut("Cut", [show(film, "comp.mov")])
    super8, news, restore = map(film.id, ("super8.mov", "news.mov", "restore.ckpt"))

    assert {(use.kind, use.material, use.archive) for use in uses(film)} == {
        ("alteration", (restore,), (super8,)),
        ("archival_alteration", (super8,), (super8,)),
        ("licensed_material", (super8,), ()),
        ("licensed_material", (news,), ()),
    }


def test_what_a_license_is_for_is_material_of_others() -> None:
    film = PeopledFilm()
    plate(film)
    film.license("L-01", ("plate.mov",))
    film.cut("Cut", [show(film, "plate.mov")])

    assert [(use.kind, use.material) for use in uses(film)] == [("licensed_material", (film.id("plate.mov"),))]


def test_a_model_is_one_use_of_training_for_each_set_of_material_wherever_it_was_used() -> None:
    film = PeopledFilm()
    film.weights("base.ckpt")
    film.weights("set A")
    film.weights("set B")
    film.model("base.ckpt", trained_on=("set A", "set B"))
    film.dataset("set A", third_party=True, likeness=False)
    film.dataset("set B", (DatasetItem("1-10", "owned", likeness=False),), complete=True)
    for name in ("one.mov", "two.mov"):
        film.file(name, frames=50)
        film.step(StepKind.GENERATE, [name], [("base.ckpt", WEIGHTS)])
    film.cut("Cut", [show(film, "one.mov", 0, 10), show(film, "two.mov", 10, 30)])

    found = {use.material: use for use in uses(film) if use.kind == "train"}

    assert {key: use.frames for key, use in found.items()} == {(film.id("set A"),): 30, (film.id("set B"),): 30}
    assert found[film.id("set A"),].facts["dataset.contains_third_party"] is True
    assert found[film.id("set B"),].facts["dataset.contains_third_party"] is False
    assert "dataset.reserved" not in found[film.id("set A"),].facts


# ------------------------------------------------------------------------------------------ what people declare


def voiced(film: PeopledFilm) -> None:
    film.weights("voice.safetensors")
    film.replica("R-1", "P-01", ("voice.safetensors",))
    film.file("fr.wav", media_class="audio")
    film.step(StepKind.GENERATE, ["fr.wav"], [("voice.safetensors", WEIGHTS)])
    film.cut("Cut", [shown("line", "/mnt/show/fr.wav", 5, 25, track=2)])


def test_a_declared_dub_says_more_exactly_what_a_replica_is_used_for() -> None:
    film = PeopledFilm()
    voiced(film)
    film.declare(
        ("fr.wav",), {"use.kind": "dub"}, alias="P-01", scope=Scope(languages=("fr",)), quantities={"lines": 12}
    )

    (use,) = uses(film)

    assert (use.kind, use.facts["use.kind"], use.needs.languages) == ("dub", "dub", ("fr",))
    assert use.quantities == {"frames": 20, "lines": 12}


def test_a_declaration_overrules_nothing_that_lineage_shows() -> None:
    film = PeopledFilm()
    voiced(film)
    film.declare(("fr.wav",), {"use.kind": "performance", "use.ai_generated": False}, alias="P-01")

    found = {use.kind: use for use in uses(film)}

    assert found["replica_use"].facts["use.ai_generated"] is True


def test_a_declared_use_of_the_whole_production_has_no_place_in_the_cut() -> None:
    film = PeopledFilm()
    plate(film)
    film.cut("Cut", [show(film, "plate.mov")])
    film.declare((), {"use.kind": "script"})

    assert told(uses(film)) == [("script", "", [])]


def test_the_key_of_a_use_is_the_same_in_every_cut_that_shows_it() -> None:
    film = PeopledFilm()
    plate(film)
    film.depict("P-01", "plate.mov")
    film.cut("Cut", [show(film, "plate.mov", 0, 20)])
    film.cut("Later", [show(film, "plate.mov", 40, 90, source=30)])
    film.index()

    assert [use.key for use in uses(film)] == [use.key for use in uses(film, "Later")]
