"""Names of effects, transitions and generators as editing programs write them."""

import pytest

from edgecode.terms.effects import (
    GENERATIVE_PHRASES,
    PLAIN_EFFECTS,
    PLAIN_TRANSITIONS,
    effect_seen,
    generator_clip,
    transition_seen,
)


@pytest.mark.parametrize(
    "name",
    [
        "Transform", "Cropping", "Composite", "Dynamic Zoom", "Retime and Scaling", "Video Faders", "AE.ADBE Motion",
        "AE.ADBE Opacity", "AE.ADBE Gaussian Blur 2", "Lumetri Color", "Warp Stabilizer", "toucan:Blur", "LinearTimeWarp",
        "FreezeFrame", "Basic Motion", "COLOR CORRECTOR 3-WAY", "3D Warp", "Flip-Flop", "Timewarp", "AudioFader",
        "PanProcessor", "Fairlight Equaliser Band", "Custom LUT", "Drop Shadow", "Timecode Burn-In",
    ],
)  # fmt: skip
def test_what_only_moves_mixes_or_colours_is_plain(name: str) -> None:
    assert effect_seen(name) == "plain"


@pytest.mark.parametrize(
    "name",
    [
        "Generative Extend", "Generative Expand", "Object Removal", "Content-Aware Fill", "Voice Isolation", "Enhance Speech",
        "AI Voice Convert", "AI Set Extender", "Magic Mask Inpainting", "Face Swap", "Lip Sync", "Style Transfer", "Text to Speech",
    ],
)  # fmt: skip
def test_what_a_model_makes_is_generative(name: str) -> None:
    assert effect_seen(name) == "generative"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Vendor Magic 9",
        "Super Scale",
        "Speed Warp",
        "Magic Mask",
        "Relight",
        "Face Refinement",
        "Noise Reduction",
        "fx",
    ],
)
def test_everything_else_is_unknown(name: str) -> None:
    assert effect_seen(name) == "unknown"


def test_one_generative_name_outweighs_plain_ones() -> None:
    assert effect_seen("Transform", "Generative Extend") == "generative"


def test_no_plain_name_holds_a_generative_phrase() -> None:
    assert [name for name in PLAIN_EFFECTS if effect_seen(name) != "plain"] == []
    assert [name for name in PLAIN_TRANSITIONS if transition_seen(name) != "plain"] == []
    assert [phrase for phrase in GENERATIVE_PHRASES if effect_seen(phrase) != "generative"] == []


@pytest.mark.parametrize(
    "kind",
    [
        "SMPTE_Dissolve",
        "Cross Dissolve",
        "CROSS DISSOLVE",
        "W001",
        "W12",
        "D",
        "K",
        "Dip to Color Dissolve",
        "toucan:HorizontalWipe",
        "Constant Power",
    ],
)
def test_dissolves_and_wipes_are_plain(kind: str) -> None:
    assert transition_seen(kind) == "plain"


@pytest.mark.parametrize("kind", ["Custom_Transition", "Morph Cut", "Smooth Cut", "FluidMorph", ""])
def test_transitions_that_may_make_frames_are_unknown(kind: str) -> None:
    assert transition_seen(kind) == "unknown"


@pytest.mark.parametrize(
    ("generator", "kind"),
    [
        ("black", "black"), ("Slug", "black"), ("SMPTEBars", "black"), ("SMPTE Color Bar", "black"), ("Solid Color", "black"),
        ("toucan:Fill", "black"), ("Bars and Tone", "black"), ("Text+", "title"), ("Lower Third", "title"),
        ("Fusion Composition", "generator"), ("Generative Background", "generator"), ("", "generator"),
    ],
)  # fmt: skip
def test_generators_are_plain_signals_titles_or_unknown(generator: str, kind: str) -> None:
    assert generator_clip(generator) == kind


@pytest.mark.parametrize(
    "names",
    [
        ("AIReplace", "Blur"), ("Blur", "SuperAI Replace"), ("AI: Blur",), ("Blur 生成",), ("???", "Blur"), ("Opacity", "Deckkraft 2"),
    ],
)  # fmt: skip
def test_a_known_name_never_covers_for_an_unknown_one(names: tuple[str, ...]) -> None:
    assert effect_seen(*names) == "unknown"


@pytest.mark.parametrize(
    ("label", "seen"), [("my blur", "plain"), ("AI blur", "unknown"), ("Generative Fill", "generative")]
)
def test_a_users_label_can_only_make_an_effect_worse(label: str, seen: str) -> None:
    assert effect_seen("AE.ADBE Opacity", label=label) == seen


@pytest.mark.parametrize(
    ("names", "seen"),
    [
        (("AI_Morph", "Cross Dissolve"), "unknown"),
        (("SMPTE_Dissolve", "AI Morph"), "unknown"),
        (("SMPTE_Dissolve", "Transition 3"), "plain"),
        (("SMPTE_Dissolve", "t0"), "plain"),
        (("Custom_Transition", "Cross Dissolve"), "plain"),
        (("Cross Dissolve", "Generative Morph"), "generative"),
    ],
)
def test_a_transition_is_plain_when_its_kind_and_its_name_both_are(names: tuple[str, ...], seen: str) -> None:
    assert transition_seen(*names) == seen


@pytest.mark.parametrize(
    ("generator", "name"),
    [
        ("SuperAI Video", "Title"), ("Sora", "Graphic"), ("Midjourney", "Text"), ("???", "Color"), ("Kling", "lower third"),
        ("AI Text", "x"), ("Black", "ai_city.mov"), ("", "Graphic"), ("", "Noise"), ("Text", "Sora take 3"), ("Text to video", "Title"),
    ],
)  # fmt: skip
def test_a_clips_name_makes_no_generator_a_title_or_black(generator: str, name: str) -> None:
    assert generator_clip(generator, name) == "generator"


@pytest.mark.parametrize(
    ("generator", "name", "kind"),
    [
        ("", "Black Video", "black"),
        ("Generator", "Title", "title"),
        ("Slug", "test_title", "black"),
        ("Text+", "Ann", "title"),
    ],
)
def test_a_name_counts_where_no_generator_is_named(generator: str, name: str, kind: str) -> None:
    assert generator_clip(generator, name) == kind
