"""Real files of the trade: ComfyUI against an independent reading, the other tools against sd-parsers and readings by hand."""

import hashlib
import json
from pathlib import Path

import pytest

from edgecode.ingest.generation import read_generation
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import InputRole, ModelUse, NamedInput, StepKind
from shared_data import DATA, needs_shared_data

pytestmark = needs_shared_data
READINGS = DATA / "expected" / "readings.json"
# The independent reading lists every node. In this file two pictures are encoded and then lead nowhere: nobody used them.
LEADS_NOWHERE = "comfyui/examples-thin/flux2/flux2_example.png"


def readings() -> dict[str, dict[str, object]]:
    if not READINGS.is_file():
        return {}
    return {name: reading for name, reading in json.loads(READINGS.read_text()).items() if reading["kind"] == "comfyui"}


@pytest.mark.parametrize("name", [name for name, reading in readings().items() if "nodes" in reading])
def test_a_comfyui_file_is_read_as_the_independent_reading_says(name: str) -> None:
    reading = readings()[name]
    unused = name == LEADS_NOWHERE
    generation, _ = read_generation(DATA / name)
    assert generation is not None
    texts = {part.name: hashlib.sha256(part.data).hexdigest() for part in generation.graph}

    assert {
        "models": sorted({model.name for model in generation.models}),
        "seeds": sorted({int(seed) for seed in generation.seeds}),
        "input_images": sorted({item.name for item in generation.inputs}),
        "input_sha256": sorted({item.sha256 for item in generation.inputs if item.sha256}),
        "prompt_sha256": texts["prompt"],
        "workflow_sha256": texts.get("workflow"),
    } == {
        "models": sorted(set(reading["models"])),  # type: ignore[call-overload]
        "seeds": sorted(set(reading["seeds"])),  # type: ignore[call-overload]
        "input_images": [] if unused else sorted(set(reading["input_images"])),  # type: ignore[call-overload]
        "input_sha256": [] if unused else sorted(set(reading["input_sha256"])),  # type: ignore[call-overload]
        "prompt_sha256": reading["prompt_sha256"],
        "workflow_sha256": reading.get("workflow_sha256"),
    }


def test_every_comfyui_file_of_the_examples_is_generative_and_our_own_run_only_enlarged() -> None:
    unclear = []
    for name in readings():
        generation, _ = read_generation(DATA / name)
        assert generation is not None
        expected = AiUse.ASSISTIVE if "own-run" in name else AiUse.GENERATIVE
        if generation.ai is not expected:
            unclear.append((name, generation.kind, generation.ai))

    assert unclear == []


def test_one_run_is_read_the_same_from_every_container_it_wrote() -> None:
    first = [
        DATA / "comfyui" / "own-run" / name
        for name in (
            "img_00001_.png",
            "apng_00001_.png",
            "anim_00001_.webp",
            "webm_00001_.webm",
            "vid_00001_.mp4",
            "lat_00001_.latent",
        )
    ]
    found = [read_generation(path)[0] for path in first]
    plate = hashlib.sha256((DATA / "comfyui/own-run/input/plate.png").read_bytes()).hexdigest()
    assert found[0] is not None

    assert [(g.models, g.seeds, g.inputs) for g in found if g] == [
        (found[0].models, found[0].seeds, found[0].inputs)
    ] * 6
    assert found[0].inputs == (NamedInput("plate.png", InputRole.PICTURE, plate, found[0].inputs[0].node),)


def test_files_without_metadata_have_no_generation() -> None:
    found = [
        path.name for path in (DATA / "comfyui" / "no-metadata").rglob("*.png") if read_generation(path) != (None, [])
    ]

    assert found == []


@pytest.mark.parametrize(
    "path", sorted((DATA / "comfyui" / "examples-workflow-json").rglob("*.json")), ids=lambda path: path.stem
)
def test_a_workflow_file_names_the_models_that_its_widgets_and_properties_name(path: Path) -> None:
    generation, _ = read_generation(path)
    document = json.loads(path.read_text())
    live = [node for node in document["nodes"] if node.get("mode") not in (2, 4)]
    written = {
        widget
        for node in live
        for widget in node.get("widgets_values") or []
        if isinstance(widget, str) and widget.endswith((".safetensors", ".pth"))
    }

    assert generation is not None
    assert {model.name for model in generation.models} == written


def test_a_graph_in_the_xmp_of_an_avif_is_found() -> None:
    generation, _ = read_generation(DATA / "generated-images/image-metahub/avif/comfy-xmp.avif")

    assert generation is not None
    assert (generation.tool, generation.seeds, [text.text for text in generation.texts]) == (
        "comfyui",
        ("42",),
        ["AVIF fixture prompt", "fixture negative"],
    )


# ----------------------------------------------------------------------------------------------------- the other tools

SD_PARSERS = DATA / "generated-images" / "sd-parsers"


@pytest.mark.parametrize("path", sorted((SD_PARSERS / "parsers").rglob("*.*")), ids=lambda path: path.name)
def test_sd_parsers_names_nothing_that_we_miss(path: Path) -> None:
    """sd-parsers as second reader: its seed, models and prompts must be among ours; where ours say more, the next test says why."""
    from sd_parsers import ParserManager

    second = ParserManager().parse(path)
    generation, _ = read_generation(path)
    assert generation is not None
    if second is None:
        assert path.name == "automatic1111_stealth.png"
        return
    stems = {
        model.name.rsplit(".", 1)[0] if model.name.endswith((".ckpt", ".safetensors")) else model.name
        for model in generation.models
    }
    texts = " ".join(text.text for text in generation.texts)

    assert {str(sampler.parameters["seed"]) for sampler in second.samplers if "seed" in sampler.parameters} <= set(
        generation.seeds
    )
    assert {
        (model.name or "").rsplit(".ckpt", 1)[0].rsplit(".safetensors", 1)[0] for model in second.models if model.name
    } <= stems
    assert all(prompt.value.strip() in texts for prompt in second.prompts)


# Read by hand from the records themselves, where sd-parsers says less or nothing:
BY_HAND = [
    # It names neither hash dialects nor the face restorer and enlarger of `postprocessing`.
    (
        "InvokeAI/invokeai_sdmeta1.png",
        "invokeai",
        "2.3.0",
        ("2980747362",),
        (
            ModelUse(
                "deliberateForInvoke_v08",
                "checkpoint",
                {"sha256": "56d1442a0feefd64836a19ac8e3527ec71c884fc962e246ddf67b03e42921272"},
            ),
            ModelUse("codeformer", "upscale"),
            ModelUse("esrgan", "upscale"),
        ),
    ),
    # It skips the VAE and the IP adapter.
    (
        "InvokeAI/invokeai_imeta1.png",
        "invokeai",
        "",
        ("3293022630",),
        (
            ModelUse("juggernautXL", "checkpoint"),
            ModelUse("VAEFix", "vae"),
            ModelUse("ip-adapter-plus_sdxl_vit-h", "controlnet", strength="0.45"),
        ),
    ),
    # It has no reader for text hidden in the alpha channel of an A1111 picture (the file came without a text chunk).
    (
        "AUTOMATIC1111/automatic1111_stealth.png",
        "a1111",
        "v1.9.4-169-ga30b19dd",
        ("2015833630",),
        (ModelUse("realisticVisionV51_v51VAE", "checkpoint", {"autov2": "15012c538f"}),),
    ),
    # It names no model for NovelAI; `Source` says which, with the service's own hash.
    (
        "NovelAI/novelai1_cropped.png",
        "novelai",
        "",
        ("2253955223",),
        (ModelUse("Stable Diffusion", "checkpoint", {"novelai": "1d44365e"}),),
    ),
    (
        "Fooocus/fooocus1_cropped.png",
        "fooocus",
        "Fooocus v2.4.3",
        ("6952411511246973023",),
        (ModelUse("juggernautXL_v8Rundiffusion", "checkpoint", {"autov2": "aeb7e9e689"}),),
    ),
]


@pytest.mark.parametrize(("name", "tool", "version", "seeds", "models"), BY_HAND, ids=[row[0] for row in BY_HAND])
def test_readings_by_hand_hold(
    name: str, tool: str, version: str, seeds: tuple[str, ...], models: tuple[ModelUse, ...]
) -> None:
    generation, diagnostics = read_generation(SD_PARSERS / "parsers" / name)

    assert generation is not None
    assert (generation.tool, generation.tool_version, generation.seeds, generation.models, diagnostics) == (
        tool,
        version,
        seeds,
        models,
        [],
    )


def test_an_old_novelai_picture_with_a_strength_was_made_from_another_picture() -> None:
    """Only image to image wrote `strength` and `noise` before requests were named (2022)."""
    generation, _ = read_generation(SD_PARSERS / "parsers/NovelAI/novelai1_cropped.png")

    assert generation is not None
    assert (generation.kind, generation.inputs) == (
        StepKind.GENERATIVE_EDIT,
        (NamedInput("source picture", InputRole.PICTURE),),
    )


def test_broken_pictures_are_read_as_far_as_they_go() -> None:
    found = {path.name: read_generation(path)[0] for path in sorted((SD_PARSERS / "bad_images").iterdir())}

    assert {name: generation.seeds for name, generation in found.items() if generation} == {
        "text_after_idat.png": ("235284042",)
    }
