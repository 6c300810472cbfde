"""What read_generation says: ComfyUI graphs of both kinds, the other tools, what is taken out, what is hostile."""

import json
import re
from pathlib import Path

import media_writers as make
import pytest

from edgecode.ingest.generation import read_generation
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import Generation, InputRole, ModelUse, NamedInput, NamedText, StepKind

Body = dict[str, object]
SHA = "ab" * 32


def node(kind: str, **inputs: object) -> Body:
    return {"class_type": kind, "inputs": inputs}


def text_to_image() -> dict[str, Body]:
    return {
        "4": node("CheckpointLoaderSimple", ckpt_name="film.safetensors"),
        "5": node("EmptyLatentImage", width=1024, height=576, batch_size=1),
        "6": node("CLIPTextEncode", text="a harbor at night", clip=["4", 1]),
        "7": node("CLIPTextEncode", text="text, watermark", clip=["4", 1]),
        "3": node(
            "KSampler",
            seed=18446744073709551615,
            steps=20,
            cfg=7.5,
            sampler_name="euler",
            scheduler="normal",
            denoise=1.0,
            model=["4", 0],
            positive=["6", 0],
            negative=["7", 0],
            latent_image=["5", 0],
        ),
        "8": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
        "9": node("SaveImage", filename_prefix="shot", images=["8", 0]),
    }


def image_to_image() -> dict[str, Body]:
    graph = text_to_image()
    graph["10"] = node("LoadImage", image="plate.png") | {"is_changed": [SHA]}
    graph["11"] = node("VAEEncode", pixels=["10", 0], vae=["4", 2])
    graph["3"]["inputs"]["latent_image"] = ["11", 0]  # type: ignore[index]
    del graph["5"]
    return graph


def written(folder: Path, data: bytes, name: str = "a.png") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def read(folder: Path, data: bytes, name: str = "a.png") -> Generation:
    generation, _ = read_generation(written(folder, data, name))
    assert generation is not None
    return generation


def of_graph(folder: Path, graph: object, **more: object) -> Generation:
    texts = {"prompt": graph} | more
    return read(folder, make.png(*(make.png_text(key, json.dumps(value)) for key, value in texts.items())))


def of_parameters(folder: Path, text: str) -> Generation:
    return read(folder, make.png(make.png_text("parameters", text)))


# -------------------------------------------------------------------------------------------------------- ComfyUI graphs


def test_a_text_to_image_graph_is_indexed_with_node_ids_and_exact_numbers(tmp_path: Path) -> None:
    generation = of_graph(tmp_path, text_to_image())

    assert (generation.tool, generation.kind, generation.ai) == ("comfyui", StepKind.GENERATE, AiUse.GENERATIVE)
    assert generation.models == (ModelUse("film.safetensors", "checkpoint", node="4"),)
    assert generation.seeds == ("18446744073709551615",)
    assert generation.texts == (
        NamedText("a harbor at night", "positive", "6"),
        NamedText("text, watermark", "negative", "7"),
    )
    assert (generation.settings["3.cfg"], generation.settings["3.denoise"], generation.settings["5.width"]) == (
        "7.5",
        "1.0",
        "1024",
    )


def test_a_picture_that_feeds_the_sampler_makes_it_a_generative_edit_with_the_pictures_digest(tmp_path: Path) -> None:
    generation = of_graph(tmp_path, image_to_image())

    assert generation.kind is StepKind.GENERATIVE_EDIT
    assert generation.inputs == (NamedInput("plate.png", InputRole.PICTURE, SHA, "10"),)


def test_a_mask_and_a_control_picture_are_controls_and_leave_it_a_generation(tmp_path: Path) -> None:
    graph = text_to_image()
    graph["20"] = node("LoadImage", image="depth.png") | {"is_changed": [SHA]}
    graph["21"] = node("ControlNetLoader", control_net_name="depth.safetensors")
    graph["22"] = node("ControlNetApply", conditioning=["6", 0], control_net=["21", 0], image=["20", 0], strength=1.0)
    graph["3"]["inputs"]["positive"] = ["22", 0]  # type: ignore[index]

    generation = of_graph(tmp_path, graph)

    assert generation.kind is StepKind.GENERATE
    assert generation.inputs == (NamedInput("depth.png", InputRole.CONTROL, SHA, "20"),)
    assert generation.texts[0] == NamedText("a harbor at night", "positive", "6")


def test_a_style_picture_is_a_reference(tmp_path: Path) -> None:
    graph = text_to_image()
    graph["20"] = node("LoadImage", image="style.png")
    graph["21"] = node("CLIPVisionEncode", clip_vision=["4", 0], image=["20", 0])
    graph["22"] = node("unCLIPConditioning", conditioning=["6", 0], clip_vision_output=["21", 0], strength=1.0)
    graph["3"]["inputs"]["positive"] = ["22", 0]  # type: ignore[index]

    assert of_graph(tmp_path, graph).inputs == (NamedInput("style.png", InputRole.REFERENCE, "", "20"),)


def test_only_enlarging_with_a_model_is_assistive(tmp_path: Path) -> None:
    graph = {
        "1": node("LoadImage", image="plate.png"),
        "2": node("UpscaleModelLoader", model_name="4x.pth"),
        "3": node("ImageUpscaleWithModel", upscale_model=["2", 0], image=["1", 0]),
        "4": node("SaveImage", filename_prefix="x", images=["3", 0]),
    }

    generation = of_graph(tmp_path, graph)

    assert (generation.kind, generation.ai) == (StepKind.UPSCALE, AiUse.ASSISTIVE)
    assert generation.models == (ModelUse("4x.pth", "upscale", node="2"),)


def test_a_graph_of_unknown_nodes_without_a_sampler_is_unknown_and_not_harmless(tmp_path: Path) -> None:
    graph = {
        "1": node("LoadImage", image="plate.png"),
        "2": node("SomebodysNode", image=["1", 0]),
        "3": node("SaveImage", filename_prefix="x", images=["2", 0]),
    }

    generation = of_graph(tmp_path, graph)

    assert (generation.kind, generation.ai) == (StepKind.IMPORT, AiUse.UNKNOWN)


@pytest.mark.parametrize(
    "kind",
    [
        "KlingTextToVideoNode",
        "OpenAIGPTImage1",
        "FluxProUltraImageNode",
        "Veo3VideoGenerationNode",
        "WanVideoSampler",
        "KSampler (Efficient)",
        "FaceDetailer",
        "UltimateSDUpscale",
        "SamplerCustomAdvanced",
    ],
)
def test_samplers_and_hosted_services_generate(tmp_path: Path, kind: str) -> None:
    graph = {"1": node(kind, prompt="a harbor", seed=5), "2": node("SaveVideo", filename_prefix="x", video=["1", 0])}

    assert of_graph(tmp_path, graph).ai is AiUse.GENERATIVE


@pytest.mark.parametrize("kind", ["KSamplerSelect", "ModelSamplingSD3", "SamplerEulerAncestral", "BasicScheduler"])
def test_settings_of_a_sampler_are_no_sampler(tmp_path: Path, kind: str) -> None:
    graph = {"1": node(kind), "2": node("SaveImage", filename_prefix="x", images=["1", 0])}

    assert of_graph(tmp_path, graph).ai is AiUse.UNKNOWN


def test_a_branch_that_leads_to_no_output_is_left_out_and_said(tmp_path: Path) -> None:
    graph = text_to_image() | {
        "30": node("LoadImage", image="unused.png"),
        "31": node("LoraLoader", lora_name="unused.safetensors", model=["4", 0]),
    }
    graph["32"] = node("VAEEncode", pixels=["30", 0], vae=["4", 2])

    path = written(tmp_path, make.png(make.png_text("prompt", json.dumps(graph))))
    generation, diagnostics = read_generation(path)

    assert generation is not None
    assert (generation.inputs, [model.name for model in generation.models]) == ((), ["film.safetensors"])
    assert [item.code for item in diagnostics] == ["generation.unused_nodes"]


def test_an_unknown_sink_may_be_an_output_so_its_branch_stays(tmp_path: Path) -> None:
    graph = text_to_image() | {
        "30": node("LoadImage", image="used.png"),
        "31": node("SomebodysUploader", image=["30", 0]),
    }

    assert [item.name for item in of_graph(tmp_path, graph).inputs] == ["used.png"]


def test_links_into_value_holders_are_followed_to_seeds_models_and_texts(tmp_path: Path) -> None:
    graph = text_to_image() | {
        "40": node("PrimitiveInt", value=123),
        "41": node("Reroute", **{"": ["40", 0]}),
        "42": node("PrimitiveString", value="other.safetensors"),
        "43": node("PrimitiveStringMultiline", value="a street at dawn"),
        "44": node("PrimitiveString", value="next.png"),
        "45": node("LoadImage", image=["44", 0]),
        "46": node("PreviewImage", images=["45", 0]),
    }
    graph["3"]["inputs"]["seed"] = ["41", 0]  # type: ignore[index]
    graph["4"]["inputs"]["ckpt_name"] = ["42", 0]  # type: ignore[index]
    graph["6"]["inputs"]["text"] = ["43", 0]  # type: ignore[index]

    generation = of_graph(tmp_path, graph)

    assert generation.seeds == ("123",)
    assert generation.models[0] == ModelUse("other.safetensors", "checkpoint", node="4")
    assert "a street at dawn" in [text.text for text in generation.texts]
    assert [item.name for item in generation.inputs] == ["next.png"]


def test_stacked_loras_that_are_switched_off_were_not_used(tmp_path: Path) -> None:
    graph = text_to_image() | {
        "50": node(
            "Power Lora Loader (rgthree)",
            model=["4", 0],
            lora_1={"on": True, "lora": "on.safetensors", "strength": 0.8},
            lora_2={"on": False, "lora": "off.safetensors", "strength": 1},
        ),
        "51": node(
            "LoRA Stacker",
            lora_count=1,
            lora_name_1="first.safetensors",
            lora_wt_1=0.5,
            lora_name_2="second.safetensors",
            lora_wt_2=1.0,
        ),
        "52": node(
            "CR LoRA Stack",
            switch_1="Off",
            lora_name_1="cr.safetensors",
            switch_2="On",
            lora_name_2="None",
            model_weight_2=1.0,
        ),
    }
    graph["3"]["inputs"]["model"] = ["50", 0]  # type: ignore[index]
    graph["3"]["inputs"]["optional_lora_stack"] = ["51", 0]  # type: ignore[index]
    graph["51"]["inputs"]["lora_stack"] = ["52", 0]  # type: ignore[index]

    loras = {model.name: model.strength for model in of_graph(tmp_path, graph).models if model.kind == "lora"}

    assert loras == {"on.safetensors": "0.8", "first.safetensors": "0.5"}


def test_models_that_a_prompt_calls_are_models(tmp_path: Path) -> None:
    graph = text_to_image()
    graph["6"]["inputs"]["text"] = "harbor <lora:film grain:0.7>, embedding:EasyNegative, blue"  # type: ignore[index]

    models = of_graph(tmp_path, graph).models

    assert ModelUse("film grain", "lora", strength="0.7", node="6") in models
    assert ModelUse("EasyNegative", "embedding", node="6") in models


def test_change_marks_that_are_no_digest_of_the_content_are_not_taken_for_one(tmp_path: Path) -> None:
    graph = image_to_image()
    graph["10"] = node("VHS_LoadVideo", video="plate.mp4") | {"is_changed": SHA}

    assert of_graph(tmp_path, graph).inputs == (NamedInput("plate.mp4", InputRole.PICTURE, "", "10"),)


def test_nan_and_long_fractions_are_read(tmp_path: Path) -> None:
    text = (
        json.dumps(text_to_image())
        .replace("7.5", "7.500000000000000000001")
        .replace('"class_type"', '"is_changed": [NaN], "class_type"', 1)
    )

    generation = read(tmp_path, make.png(make.png_text("prompt", text)))

    assert generation.settings["3.cfg"] == "7.500000000000000000001"
    assert generation.graph[0].data == text.encode()


# ------------------------------------------------------------------------------------------------------------- containers


def containers() -> dict[str, bytes]:
    graph, workflow = json.dumps(text_to_image()), json.dumps({"nodes": [{"id": 1, "type": "SaveImage"}], "links": []})
    tagged = make.exif({0x0110: b"prompt:" + graph.encode(), 0x010F: b"workflow:" + workflow.encode()})
    comment = make.exif(
        {},
        user_comment=b"ASCII\0\0\0"
        + json.dumps({"prompt": json.loads(graph), "workflow": json.loads(workflow)}).encode(),
    )
    attribute = graph.replace("&", "&amp;").replace('"', "&quot;")
    return {
        "text.png": make.png(make.png_text("prompt", graph)),
        "packed.png": make.png(make.png_packed_text("prompt", graph.encode())),
        "international.png": make.png(make.png_international_text("prompt", graph, packed=True)),
        "after.png": make.png(after=[make.png_text("prompt", graph)]),
        "animated.png": make.animated_png(2, numerator=1, denominator=24, comf={"prompt": graph, "workflow": workflow}),
        "exif.webp": make.webp((b"EXIF", tagged), frames=2),
        "prefixed.webp": make.webp((b"EXIF", b"Exif\0\0" + tagged)),
        "big endian.webp": make.webp((b"EXIF", make.exif({0x0110: b"prompt:" + graph.encode()}, order=">"))),
        "exif.jpg": make.jpeg(make.exif_segment(tagged)),
        "comment.jpg": make.jpeg(make.exif_segment(comment)),
        "element.jpg": make.jpeg(make.xmp_segment(f"<rdf:li><c:prompt>{graph}</c:prompt></rdf:li>")),
        "attribute.jpg": make.jpeg(make.xmp_segment(f'<rdf:Description c:prompt="{attribute}"/>')),
        "keys.mp4": make.movie(keys={"prompt": graph, "workflow": workflow}, brand=b"isom"),
        "tags.webm": make.matroska(tags={"PROMPT": graph, "WORKFLOW": workflow}),
        "comment.mkv": make.matroska(
            tags={"COMMENT": json.dumps({"prompt": graph, "workflow": json.loads(workflow)})}, unknown=True
        ),
        "latent.latent": make.safetensors({"prompt": graph}, tensors=("latent_tensor",)),
        "api.json": graph.encode(),
    }


@pytest.mark.parametrize("name", sorted(containers()))
def test_every_container_gives_the_same_graph(tmp_path: Path, name: str) -> None:
    generation = read(tmp_path, containers()[name], name)

    assert (generation.seeds, [model.name for model in generation.models]) == (
        ("18446744073709551615",),
        ["film.safetensors"],
    )


def test_a_picture_without_records_has_no_generation(tmp_path: Path) -> None:
    assert read_generation(written(tmp_path, make.png(make.png_text("Software", "GIMP")))) == (None, [])


# -------------------------------------------------------------------------------------------------------------- UI graphs


def ui_node(
    identity: int,
    kind: str,
    *,
    mode: int = 0,
    inputs: object = (),
    outputs: object = (),
    widgets: object = (),
    **more: object,
) -> Body:
    return {
        "id": identity,
        "type": kind,
        "mode": mode,
        "inputs": list(inputs),
        "outputs": list(outputs),
        "widgets_values": widgets,
    } | more  # type: ignore[call-overload]


def test_a_workflow_that_stands_alone_skips_muted_nodes_and_passes_through_bypassed_ones(tmp_path: Path) -> None:
    workflow = {
        "nodes": [
            ui_node(
                1,
                "UNETLoader",
                outputs=[{"type": "MODEL"}],
                widgets=["base.safetensors", "default"],
                properties={
                    "models": [
                        {
                            "name": "base.safetensors",
                            "directory": "diffusion_models",
                            "hash": SHA,
                            "hash_type": "SHA256",
                        }
                    ]
                },
            ),
            ui_node(
                2,
                "LoraLoaderModelOnly",
                mode=4,
                inputs=[{"name": "model", "type": "MODEL", "link": 1}],
                outputs=[{"type": "MODEL"}],
                widgets=["bypassed.safetensors", 1],
            ),
            ui_node(
                3,
                "KSampler",
                inputs=[{"name": "model", "type": "MODEL", "link": 2}],
                outputs=[{"type": "LATENT"}],
                widgets=[987, "randomize", 20, 8, "euler", "normal", 1],
            ),
            ui_node(4, "SaveImage", inputs=[{"name": "images", "type": "IMAGE", "link": 3}], widgets=["x"]),
            ui_node(5, "LoadImage", mode=2, widgets=["muted.png", "image"]),
            ui_node(6, "Note", widgets=["call Jane about this"]),
        ],
        "links": [[1, 1, 0, 2, 0, "MODEL"], [2, 2, 0, 3, 0, "MODEL"], [3, 3, 0, 4, 0, "IMAGE"]],
    }

    generation = of_graph(tmp_path, None, workflow=workflow)

    assert generation.models == (ModelUse("base.safetensors", "unet", {"sha256": SHA}, node="1"),)
    assert (generation.seeds, generation.settings["3.steps"], generation.inputs) == (("987",), "20", ())
    assert "Jane" not in repr(generation.texts)


def test_subgraphs_are_opened_with_the_values_given_to_them(tmp_path: Path) -> None:
    workflow = {
        "nodes": [
            ui_node(
                10,
                "sub-1",
                inputs=[{"name": "text", "type": "STRING", "widget": {"name": "text"}, "link": None}],
                outputs=[{"type": "IMAGE"}],
                widgets=["a harbor from outside"],
            ),
            ui_node(11, "SaveImage", inputs=[{"name": "images", "type": "IMAGE", "link": 1}], widgets=["x"]),
        ],
        "links": [[1, 10, 0, 11, 0, "IMAGE"]],
        "definitions": {
            "subgraphs": [
                {
                    "id": "sub-1",
                    "inputs": [{"name": "text", "type": "STRING"}],
                    "outputs": [{"name": "IMAGE", "type": "IMAGE"}],
                    "nodes": [
                        ui_node(
                            1,
                            "CLIPTextEncode",
                            inputs=[{"name": "text", "type": "STRING", "widget": {"name": "text"}, "link": 5}],
                            outputs=[{"type": "CONDITIONING"}],
                            widgets=["inside"],
                        ),
                        ui_node(
                            2,
                            "KSampler",
                            inputs=[{"name": "positive", "type": "CONDITIONING", "link": 6}],
                            outputs=[{"type": "IMAGE"}],
                            widgets=[42, "fixed", 20, 8, "euler", "normal", 1],
                        ),
                    ],
                    "links": [
                        {
                            "id": 5,
                            "origin_id": -10,
                            "origin_slot": 0,
                            "target_id": 1,
                            "target_slot": 0,
                            "type": "STRING",
                        },
                        {
                            "id": 6,
                            "origin_id": 1,
                            "origin_slot": 0,
                            "target_id": 2,
                            "target_slot": 0,
                            "type": "CONDITIONING",
                        },
                        {
                            "id": 7,
                            "origin_id": 2,
                            "origin_slot": 0,
                            "target_id": -20,
                            "target_slot": 0,
                            "type": "IMAGE",
                        },
                    ],
                }
            ]
        },
    }

    generation = of_graph(tmp_path, None, workflow=workflow)

    assert (generation.seeds, generation.ai) == (("42",), AiUse.GENERATIVE)
    assert generation.texts == (NamedText("a harbor from outside", "positive", "10:1"),)


def test_a_subgraph_that_contains_itself_ends(tmp_path: Path) -> None:
    inner = {"id": "s", "nodes": [ui_node(1, "s"), ui_node(2, "s")], "links": []}
    workflow = {"nodes": [ui_node(1, "s")], "links": [], "definitions": {"subgraphs": [inner]}}

    generation, _ = read_generation(written(tmp_path, make.png(make.png_text("workflow", json.dumps(workflow)))))

    assert generation is None or generation.ai is AiUse.UNKNOWN


# ------------------------------------------------------------------------------------------------------------ other tools


def test_infotext_gives_models_with_the_hashes_that_the_tool_claims(tmp_path: Path) -> None:
    generation = of_parameters(
        tmp_path,
        "a harbor, <lora:film grain:0.7>\nsecond line\nNegative prompt: blurry\nSteps: 28, Sampler: DPM++ 2M, Schedule type: Karras, "
        "CFG scale: 7, Seed: 2895438046, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned, VAE hash: 735e4c3a44, "
        "VAE: vae.safetensors, "
        'ADetailer model: face_yolov8n.pt, ADetailer prompt: "sharp, \\"eyes\\"", Lora hashes: "film grain: 0123456789ab", '
        'TI hashes: "EasyNegative: 66a7279a88dd", Hires upscale: 2, Hires upscaler: R-ESRGAN 4x+, '
        "Denoising strength: 0.4, User: jane, Version: v1.10.1",
    )

    assert (generation.tool, generation.tool_version, generation.kind, generation.seeds) == (
        "a1111",
        "v1.10.1",
        StepKind.GENERATE,
        ("2895438046",),
    )
    assert generation.models == (
        ModelUse("v1-5-pruned", "checkpoint", {"autov2": "6ce0161689"}),
        ModelUse("vae.safetensors", "vae", {"autov2": "735e4c3a44"}),
        ModelUse("R-ESRGAN 4x+", "upscale"),
        ModelUse("face_yolov8n.pt", "other"),
        ModelUse("film grain", "lora", {"autov3": "0123456789ab"}, "0.7"),
        ModelUse("EasyNegative", "embedding", {"autov3": "66a7279a88dd"}),
    )
    assert generation.texts == (
        NamedText("a harbor, <lora:film grain:0.7>\nsecond line", "positive"),
        NamedText("blurry", "negative"),
        NamedText('sharp, "eyes"', "ADetailer prompt"),
    )
    assert "User" not in generation.settings


def test_image_to_image_of_the_a1111_family_has_an_unnamed_source(tmp_path: Path) -> None:
    generation = of_parameters(
        tmp_path,
        "x\nSteps: 20, Seed: 1, Model: m, Denoising strength: 0.75, Init image hash: 0123456789abcdef, Mask blur: 4",
    )

    assert (generation.kind, generation.inputs) == (
        StepKind.GENERATIVE_EDIT,
        (NamedInput("init image", InputRole.PICTURE),),
    )


def test_forge_is_told_by_its_version_and_names_its_modules(tmp_path: Path) -> None:
    generation = of_parameters(
        tmp_path, "x\nSteps: 20, Seed: 1, Model: flux, Version: f2.0.1v1.10.1, Module 1: ae, Module 2: clip_l"
    )

    assert generation.tool == "forge"
    assert generation.models == (ModelUse("flux", "checkpoint"), ModelUse("ae", "vae"), ModelUse("clip_l", "clip"))


def test_civitai_resources_are_models(tmp_path: Path) -> None:
    listed = '[{"type":"checkpoint","modelVersionId":290640},{"type":"lora","weight":0.8,"modelVersionId":135867,"modelName":"Detail"}]'
    generation = of_parameters(tmp_path, f"x\nSteps: 20, Seed: 1, Civitai resources: {listed}, Civitai metadata: {{}}")

    assert generation.models == (ModelUse("civitai:290640", "checkpoint"), ModelUse("Detail", "lora", strength="0.8"))


def test_the_extras_tab_only_enlarges(tmp_path: Path) -> None:
    generation = read(
        tmp_path,
        make.png(make.png_text("postprocessing", "Postprocess upscale by: 4, Postprocess upscaler: R-ESRGAN 4x+")),
    )

    assert (generation.kind, generation.ai, generation.models) == (
        StepKind.UPSCALE,
        AiUse.ASSISTIVE,
        (ModelUse("R-ESRGAN 4x+", "upscale"),),
    )


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_a_user_comment_is_read_in_either_byte_order(tmp_path: Path, order: str) -> None:
    comment = b"UNICODE\0" + "a harbor\nSteps: 20, Seed: 7, Model: m".encode(order)

    generation = read(tmp_path, make.jpeg(make.exif_segment(make.exif({}, user_comment=comment))), "a.jpg")

    assert (generation.seeds, generation.texts[0].text) == (("7",), "a harbor")


@pytest.mark.parametrize("filter_kind", range(5))
@pytest.mark.parametrize(("packed", "in_alpha"), [(True, True), (False, True), (True, False), (False, False)])
def test_text_hidden_in_pixels_is_read_through_every_filter(
    tmp_path: Path, packed: bool, in_alpha: bool, filter_kind: int
) -> None:
    data = make.stealth_png(
        "a harbor\nSteps: 20, Seed: 7, Model: m", packed=packed, in_alpha=in_alpha, filter_kind=filter_kind
    )

    assert read(tmp_path, data).seeds == ("7",)


def test_invokeai_six_names_models_by_blake3_and_reference_pictures(tmp_path: Path) -> None:
    document = {
        "app_version": "6.0.0",
        "generation_mode": "flux_img2img",
        "positive_prompt": "a harbor",
        "seed": 3293022630,
        "steps": 30,
        "model": {"key": "0001", "hash": "blake3:" + SHA, "name": "FLUX Dev", "base": "flux", "type": "main"},
        "loras": [
            {
                "model": {"key": "2", "hash": "blake3:" + SHA, "name": "grain", "base": "flux", "type": "lora"},
                "weight": 0.75,
            }
        ],
        "ref_images": [
            {"id": "r", "isEnabled": True, "config": {"image": {"original": {"image": {"image_name": "ref.png"}}}}}
        ],
        "canvas_v2_metadata": {
            "rasterLayers": [{"isEnabled": True, "objects": [{"type": "image", "image": {"image_name": "base.png"}}]}]
        },
    }

    generation = read(tmp_path, make.png(make.png_international_text("invokeai_metadata", json.dumps(document))))

    assert (generation.tool, generation.tool_version, generation.kind) == (
        "invokeai",
        "6.0.0",
        StepKind.GENERATIVE_EDIT,
    )
    assert generation.models == (
        ModelUse("FLUX Dev", "checkpoint", {"blake3": SHA}),
        ModelUse("grain", "lora", {"blake3": SHA}, "0.75"),
    )
    assert generation.inputs == (NamedInput("ref.png", InputRole.REFERENCE), NamedInput("base.png", InputRole.PICTURE))


def test_swarmui_gives_full_digests(tmp_path: Path) -> None:
    document = {
        "sui_image_params": {
            "prompt": "a harbor",
            "negativeprompt": "fog",
            "model": "sdxl/base",
            "seed": 5,
            "steps": 20,
            "cfgscale": 7.0,
            "loras": ["grain"],
            "loraweights": ["0.65"],
            "wildcardseed": -1,
            "swarm_version": "0.9.6",
        },
        "sui_models": [
            {"name": "sdxl/base.safetensors", "param": "model", "hash": "0x" + SHA},
            {"name": "grain.safetensors", "param": "loras", "hash": "0x" + SHA},
        ],
    }

    generation = of_parameters(tmp_path, json.dumps(document))

    assert (generation.tool, generation.tool_version, generation.seeds) == ("swarmui", "0.9.6", ("5",))
    assert generation.models == (
        ModelUse("sdxl/base.safetensors", "checkpoint", {"sha256": SHA}),
        ModelUse("grain.safetensors", "lora", {"sha256": SHA}, "0.65"),
    )


def test_novelai_hidden_in_the_alpha_channel_is_read_with_its_characters(tmp_path: Path) -> None:
    comment = {
        "prompt": "a harbor",
        "uc": "fog",
        "seed": 99,
        "steps": 28,
        "sampler": "k_euler",
        "request_type": "NativeInfillingRequest",
        "v4_prompt": {"caption": {"base_caption": "a harbor", "char_captions": [{"char_caption": "a sailor"}]}},
    }
    hidden = {"Software": "NovelAI", "Source": "NovelAI Diffusion V4 37442FCA", "Comment": json.dumps(comment)}

    generation = read(tmp_path, make.stealth_png(json.dumps(hidden), packed=True, in_alpha=True))

    assert (generation.tool, generation.kind, generation.seeds) == ("novelai", StepKind.GENERATIVE_EDIT, ("99",))
    assert [text.text for text in generation.texts] == ["a harbor", "fog", "a sailor"]


def test_midjourney_gives_job_and_flags_and_not_the_author(tmp_path: Path) -> None:
    text = "a harbor at night --ar 16:9 --v 6.1 --seed 12 --no fog Job ID: 8d6e6b0c-6c0c-4c3c-8d8e-0a1b2c3d4e5f"

    generation = read(tmp_path, make.png(make.png_text("Description", text), make.png_text("Author", "jane")))

    assert (generation.tool, generation.seeds, generation.settings["ar"]) == ("midjourney", ("12",), "16:9")
    assert generation.texts == (NamedText("a harbor at night", "positive"), NamedText("fog", "negative"))
    assert "jane" not in repr(generation)


def test_fooocus_draw_things_and_easy_diffusion_are_known(tmp_path: Path) -> None:
    fooocus = {
        "base_model": "juggernaut",
        "base_model_hash": "aeb7e9e689",
        "prompt": "x",
        "seed": "69",
        "sampler": "s",
        "version": "Fooocus v2.5.5",
        "loras": [["grain", 0.5, "0123456789"]],
        "lora_combined_1": "grain : 0.5",
    }
    drawn = {
        "c": "a harbor",
        "uc": "fog",
        "model": "flux.ckpt",
        "sampler": "Euler",
        "seed": 11,
        "steps": 8,
        "strength": 1,
        "lora": [{"model": "l.ckpt", "weight": 0.6}],
    }
    easy = {
        "prompt": "a harbor",
        "seed": "12",
        "use_stable_diffusion_model": "sd-v1-5",
        "use_vae_model": "None",
        "num_inference_steps": "25",
    }
    packet = f"<exif:UserComment><rdf:Alt><rdf:li>{json.dumps(drawn).replace(chr(34), '&quot;')}</rdf:li></rdf:Alt></exif:UserComment>"

    found = [
        read(
            tmp_path,
            make.png(make.png_text("fooocus_scheme", "fooocus"), make.png_text("parameters", json.dumps(fooocus))),
        ),
        read(tmp_path, make.png(make.png_international_text("XML:com.adobe.xmp", packet))),
        read(tmp_path, make.png(*(make.png_text(key, value) for key, value in easy.items()))),
    ]

    assert [(generation.tool, generation.seeds) for generation in found] == [
        ("fooocus", ("69",)),
        ("drawthings", ("11",)),
        ("easydiffusion", ("12",)),
    ]
    assert found[0].models == (
        ModelUse("juggernaut", "checkpoint", {"autov2": "aeb7e9e689"}),
        ModelUse("grain", "lora", {"autov2": "0123456789"}, "0.5"),
    )
    assert found[1].models == (ModelUse("flux.ckpt", "checkpoint"), ModelUse("l.ckpt", "lora", strength="0.6"))
    assert found[2].models == (ModelUse("sd-v1-5", "checkpoint"),)


def test_texts_of_prompts_are_never_among_the_settings(tmp_path: Path) -> None:
    for generation in (
        of_graph(tmp_path, text_to_image()),
        of_parameters(tmp_path, 'x harbor\nSteps: 2, Seed: 1, Hires prompt: "a harbor", Model: m'),
    ):
        assert not re.search("harbor", json.dumps(generation.settings))


def test_an_efficient_loader_gives_its_lora_its_texts_and_an_embedding_with_a_file_ending(tmp_path: Path) -> None:
    graph = {
        "1": node(
            "Efficient Loader",
            ckpt_name="SDXL\\film.safetensors",
            vae_name="Baked VAE",
            lora_name="grain.safetensors",
            lora_model_strength=0.8,
            positive="a harbor",
            negative="blurry, embedding:bad.pt",
            token_normalization="length+mean",
        ),
        "2": node(
            "KSampler (Efficient)", seed=42, model=["1", 0], positive=["1", 1], negative=["1", 2], latent_image=["1", 3]
        ),
        "3": node("SaveImage", filename_prefix="x", images=["2", 5]),
    }

    generation = of_graph(tmp_path, graph)

    assert generation.models == (
        ModelUse("SDXL\\film.safetensors", "checkpoint", node="1"),
        ModelUse("grain.safetensors", "lora", strength="0.8", node="1"),
        ModelUse("bad.pt", "embedding", node="1"),
    )
    assert [(text.name, text.text) for text in generation.texts] == [
        ("positive", "a harbor"),
        ("negative", "blurry, embedding:bad.pt"),
    ]
    assert generation.scrubbed == ()


def test_an_infotext_whose_lines_were_joined_is_still_read(tmp_path: Path) -> None:
    control = (
        'ControlNet 0: "Module: canny, Model: control_v11p_sd15_canny [d14c016b], Weight: 1.0, Pixel Perfect: False"'
    )
    generation = of_parameters(
        tmp_path, f"a harbor Negative prompt: fog Steps: 18, Sampler: Euler, Seed: 7, Model: m, {control}"
    )

    assert [text.text for text in generation.texts] == ["a harbor", "fog"]
    assert generation.models == (
        ModelUse("m", "checkpoint"),
        ModelUse("control_v11p_sd15_canny", "controlnet", {"autov1": "d14c016b"}),
    )
    assert generation.inputs == (NamedInput("ControlNet 0 image", InputRole.CONTROL),)


def test_a_picture_saved_outside_depends_on_what_lies_two_subgraphs_deep(tmp_path: Path) -> None:
    inner = {
        "id": "in",
        "nodes": [ui_node(1, "KSampler", outputs=[{"type": "IMAGE"}], widgets=[77, "fixed", 20])],
        "links": [[1, 1, 0, -20, 0, "IMAGE"]],
    }
    outer = {
        "id": "out",
        "nodes": [ui_node(5, "in", outputs=[{"type": "IMAGE"}])],
        "links": [[1, 5, 0, -20, 0, "IMAGE"]],
    }
    workflow = {
        "nodes": [
            ui_node(2, "SaveImage", inputs=[{"name": "images", "type": "IMAGE", "link": 1}], widgets=["x"]),
            ui_node(9, "out"),
        ],
        "links": [[1, 9, 0, 2, 0, "IMAGE"]],
        "definitions": {"subgraphs": [outer, inner]},
    }

    generation = of_graph(tmp_path, None, workflow=workflow)

    assert (generation.seeds, generation.ai) == (("77",), AiUse.GENERATIVE)


@pytest.mark.parametrize(
    "kind", ["ImageGeneratorX", "VideoDiffusionRefine", "ImageStyleMagic", "ReplaceBackground", "AudioModelSong"]
)
def test_a_node_with_a_plain_beginning_is_not_taken_for_plain(tmp_path: Path, kind: str) -> None:
    graph = {
        "1": node("LoadImage", image="plate.png"),
        "2": node(kind, image=["1", 0]),
        "3": node("SaveImage", filename_prefix="x", images=["2", 0]),
    }

    assert of_graph(tmp_path, graph).ai is AiUse.UNKNOWN
