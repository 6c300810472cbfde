"""Secrets never come through, and no file, however it is made, stops or fills the reader."""

import json
import struct
import time
import tracemalloc
import zlib
from pathlib import Path

import media_writers as make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgecode.answers.inspection.media import generation_inspection, generation_lines
from edgecode.ingest.generation import read_generation
from edgecode.ingest.generation.secrets import names_a_secret
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import Generation

TOKEN = "Zq7pLm9xVt2cRk4wHs8d"


def written(folder: Path, data: bytes, name: str = "a.png") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def node(kind: str, **inputs: object) -> dict[str, object]:
    return {"class_type": kind, "inputs": inputs}


def graph_with(**inputs: object) -> dict[str, object]:
    return {"1": node("KSampler", seed=1, **inputs), "2": node("SaveImage", filename_prefix="x", images=["1", 0])}


def everything(generation: Generation | None) -> str:
    """All that would be kept or shown, escapes undone, so that nothing hides."""
    assert generation is not None
    shown = json.dumps(generation_inspection(generation, reveal=True)) + "\n".join(
        generation_lines(generation, reveal=True)
    )
    return (
        repr(generation)
        + shown
        + "".join(part.data.decode("utf-8", "replace").replace("\\", "") for part in generation.graph)
    )


# --------------------------------------------------------------------------------------------------------------- secrets

PLANTED: dict[str, dict[str, str]] = {
    "account token": {"prompt": json.dumps(graph_with()), "extra": json.dumps({"auth_token_comfy_org": TOKEN})},
    "account key": {"prompt": json.dumps(graph_with(api_key_comfy_org=TOKEN))},
    "key in an input": {"prompt": json.dumps(graph_with(my_api_key_2=TOKEN))},
    "token in an input": {"prompt": json.dumps(graph_with(civitai_token=TOKEN))},
    "authorization": {"prompt": json.dumps(graph_with(headers={"Authorization": f"Bearer {TOKEN}"}))},
    "bearer in a text": {"prompt": json.dumps(graph_with(text=f"curl -H 'Authorization: Bearer {TOKEN}'"))},
    "nested under a secret name": {
        "prompt": json.dumps(graph_with(credentials={"user": "x", "deep": [{"value": TOKEN}]}))
    },
    "json inside json": {"prompt": json.dumps(graph_with(config=json.dumps({"api_key": TOKEN, "other": "kept"})))},
    "json inside json inside json": {
        "prompt": json.dumps(graph_with(config=json.dumps({"inner": json.dumps({"api_key": TOKEN})})))
    },
    "spelled with escapes": {
        "prompt": json.dumps(graph_with(api_key=TOKEN)).replace(TOKEN, "".join(f"\\u{ord(c):04x}" for c in TOKEN))
    },
    "key spelled with escapes": {"prompt": json.dumps(graph_with(api_key=TOKEN)).replace("api_key", "api\\u005fkey")},
    "twice, the second wins": {
        "prompt": json.dumps(graph_with()).replace('"seed"', f'"api_key": "{TOKEN}", "api_key": "other-secret", "seed"')
    },
    "repeated in the workflow's widgets": {
        "prompt": json.dumps(graph_with(api_key=TOKEN)),
        "workflow": json.dumps({"nodes": [{"id": 1, "type": "X", "widgets_values": ["a", TOKEN]}], "links": []}),
    },
    "a widget named as a key": {
        "workflow": json.dumps(
            {
                "nodes": [
                    {"id": 1, "type": "KSampler", "widgets_values": [5, "fixed", 20], "inputs": []},
                    {
                        "id": 2,
                        "type": "OpenAI",
                        "widgets_values": ["a", TOKEN],
                        "inputs": [{"name": "api_key", "widget": {"name": "api_key"}}],
                    },
                ],
                "links": [],
            }
        ),
    },
    "in the address of a model": {
        "prompt": json.dumps(graph_with(url=f"https://civitai.com/api/download/1?type=Model&token={TOKEN}"))
    },
    "login in an address": {"prompt": json.dumps(graph_with(url=f"https://jane:{TOKEN}@host.example/x.png"))},
    "shaped like a service key": {"prompt": json.dumps(graph_with(text=f"use sk-proj-{TOKEN}{TOKEN} here"))},
    "infotext": {"parameters": f"x\nSteps: 20, Seed: 1, Model: m, API key: {TOKEN}, Version: v1"},
    "infotext of json": {"parameters": f'x {{"secret": "{TOKEN}"}}\nSteps: 20, Seed: 1, Model: m'},
    "broken json": {"prompt": json.dumps(graph_with()), "workflow": f'{{"nodes": [{{"password": "{TOKEN}", '},
    "number": {"prompt": json.dumps(graph_with(session_key=987654321987654321))},
}


@pytest.mark.parametrize("case", sorted(PLANTED))
def test_a_planted_secret_appears_nowhere(tmp_path: Path, case: str) -> None:
    path = written(tmp_path, make.png(*(make.png_text(key, text) for key, text in PLANTED[case].items())))

    generation, diagnostics = read_generation(path)

    kept = everything(generation) + repr(diagnostics)
    assert TOKEN not in kept
    assert "987654321987654321" not in kept
    assert generation is not None
    assert generation.scrubbed != ()


def test_the_rest_of_the_graph_stays_as_received(tmp_path: Path) -> None:
    text = json.dumps(graph_with(api_key=TOKEN, text="a harbor  é"), ensure_ascii=True, separators=(", ", " : "))

    generation, _ = read_generation(written(tmp_path, make.png(make.png_text("prompt", text))))

    assert generation is not None
    assert generation.graph[0].data == text.replace(TOKEN, "[removed]").encode()
    assert generation.scrubbed == ("prompt.1.inputs.api_key",)


@pytest.mark.parametrize(
    "key",
    [
        "token_normalization",
        "max_tokens",
        "Token merging ratio",
        "tokenizer",
        "author",
        "keyframes",
        "monkey",
        "tokens",
    ],
)
def test_words_that_only_look_like_secrets_are_kept(key: str) -> None:
    assert not names_a_secret(key)


@pytest.mark.parametrize(
    "key",
    [
        "api_key",
        "apiKey",
        "API Key",
        "auth_token_comfy_org",
        "hf_token",
        "TOKEN",
        "Authorization",
        "client_secret",
        "password",
    ],
)
def test_names_of_secrets_are_known(key: str) -> None:
    assert names_a_secret(key)


# --------------------------------------------------------------------------------------------------------- hostile files


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt"])
def test_a_text_that_inflates_to_gigabytes_stops_at_64_megabytes(tmp_path: Path, kind: bytes) -> None:
    engine = zlib.compressobj(9)
    block = bytes(1 << 24)
    packed = b"".join(engine.compress(block) for _ in range(64)) + engine.flush()  # 1 GiB
    head = b"workflow\0\0" if kind == b"zTXt" else b"workflow\0\1\0\0\0"
    path = written(tmp_path, make.png((kind, head + packed)))

    tracemalloc.start()
    generation, diagnostics = read_generation(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (generation, [item.code for item in diagnostics]) == (None, ["generation.text_too_large"])
    assert peak < 200 << 20


def test_what_stands_before_a_bomb_is_still_read(tmp_path: Path) -> None:
    bomb = (b"zTXt", b"x\0\0" + zlib.compress(bytes((64 << 20) + 1)))
    path = written(tmp_path, make.png(make.png_text("prompt", json.dumps(graph_with())), bomb))

    generation, diagnostics = read_generation(path)

    assert generation is not None
    assert (generation.seeds, [item.code for item in diagnostics]) == (("1",), ["generation.text_too_large"])


def test_a_hidden_text_that_inflates_without_end_is_left(tmp_path: Path) -> None:
    data = make.stealth_png("\0" * (65 << 20), packed=True, in_alpha=True, width=1024, height=1024)

    assert read_generation(written(tmp_path, data)) == (None, [])


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '{"1":{"class_type":"A","inputs":{"x":' + "[" * 900 + "]" * 900 + "}}}"]
)
def test_json_nested_without_end_is_no_traceback(tmp_path: Path, text: str) -> None:
    generation, _ = read_generation(written(tmp_path, make.png(make.png_text("prompt", text))))

    assert generation is None or generation.ai is AiUse.UNKNOWN


@pytest.mark.parametrize("nodes", [100_001, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_a_graph_of_very_many_nodes_is_kept_but_not_walked(tmp_path: Path, nodes: int) -> None:
    body = ",".join(f'"{i}":{{"class_type":"A","inputs":{{}}}}' for i in range(nodes))
    path = written(tmp_path, f"{{{body}}}".encode(), "a.json")

    begun = time.monotonic()
    generation, diagnostics = read_generation(path)

    assert generation is not None
    assert (generation.ai, [item.code for item in diagnostics]) == (AiUse.UNKNOWN, ["generation.graph_too_large"])
    assert time.monotonic() - begun < 60


def test_a_long_chain_and_a_ring_of_nodes_end(tmp_path: Path) -> None:
    chain = {str(i): node("Reroute", value=[str(i + 1), 0]) for i in range(20_000)}
    ring = {
        "a": node("Reroute", value=["b", 0]),
        "b": node("Reroute", value=["a", 0]),
        "c": node("SaveImage", images=["a", 0], filename_prefix="x"),
    }

    generation, _ = read_generation(written(tmp_path, json.dumps(chain | ring).encode(), "a.json"))

    assert generation is not None


def containers() -> dict[str, bytes]:
    graph = json.dumps(graph_with(text="a harbor"))
    tagged = make.exif(
        {0x0110: b"prompt:" + graph.encode()}, user_comment=b"UNICODE\0" + "x\nSteps: 1, Seed: 2".encode("utf-16-le")
    )
    return {
        "a.png": make.png(
            make.png_packed_text("prompt", graph.encode()), make.png_international_text("workflow", "{}", packed=True)
        ),
        "b.png": make.stealth_png("x\nSteps: 1, Seed: 2", packed=True, in_alpha=True),
        "a.webp": make.webp((b"EXIF", tagged), frames=2),
        "a.jpg": make.jpeg(make.exif_segment(tagged), make.xmp_segment(f"<c:prompt>{graph}</c:prompt>")),
        "a.mp4": make.movie(keys={"prompt": graph}),
        "a.webm": make.matroska(tags={"PROMPT": graph}, unknown=True),
        "a.latent": make.safetensors({"prompt": graph}),
        "a.json": graph.encode(),
        "b.json": json.dumps(
            {"nodes": [{"id": 1, "type": "KSampler", "widgets_values": [1, "fixed"]}], "links": [[1, 1, 0, 1, 0, "X"]]}
        ).encode(),
    }


def misread(path: Path) -> list[str]:
    """What is wrong with how a file is read: something that is no reading, a problem of no code of ours or that names the file, or another
    reading the next time."""
    generation, diagnostics = read_generation(path)
    wrong = [] if generation is None or isinstance(generation, Generation) else [repr(generation)]
    wrong += [item.code for item in diagnostics if not item.code.startswith(("media.", "generation."))]
    wrong += [item.text for item in diagnostics if str(path.parent) in item.text or path.name in item.text]
    return wrong if read_generation(path) == (generation, diagnostics) else [*wrong, "read otherwise the second time"]


@pytest.mark.parametrize("name", sorted(containers()))
def test_a_file_cut_at_any_sixteenth_is_read_or_diagnosed(tmp_path: Path, name: str) -> None:
    data = containers()[name]
    found = [misread(written(tmp_path, data[: len(data) * part // 16], name)) for part in range(17)]

    assert found == [[]] * 17


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(containers())), data=st.data())
def test_no_mutation_makes_the_reader_raise(tmp_path: Path, name: str, data: st.DataObject) -> None:
    body = bytearray(containers()[name])
    for _ in range(data.draw(st.integers(1, 10))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))

    assert misread(written(tmp_path, bytes(body), name)) == []


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["1", "2", "KSampler", "x.safetensors", "a.png"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "1",
                    "2",
                    "class_type",
                    "inputs",
                    "nodes",
                    "id",
                    "type",
                    "links",
                    "mode",
                    "widgets_values",
                    "definitions",
                    "subgraphs",
                    "seed",
                    "text",
                    "properties",
                    "models",
                    "name",
                    "lora",
                    "image",
                    "token",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)
KEYS = [
    "prompt",
    "workflow",
    "parameters",
    "invokeai_metadata",
    "sd-metadata",
    "Dream",
    "fooocus_scheme",
    "Comment",
    "Software",
    "Description",
    "use_stable_diffusion_model",
    "UserComment",
    "comment",
    "stealth",
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    key=st.sampled_from(KEYS),
    value=JSON
    | st.dictionaries(
        st.sampled_from(
            [
                "sui_image_params",
                "sui_models",
                "c",
                "model",
                "sampler",
                "image",
                "loras",
                "v4_prompt",
                "ref_images",
                "base_model",
                "seed",
                "version",
                "prompt",
                "nodes",
                "links",
            ]
        ),
        JSON,
    ),
)
def test_no_document_of_any_shape_makes_the_reader_raise(tmp_path: Path, key: str, value: object) -> None:
    texts = [make.png_text("Software", "NovelAI")] if key == "Comment" else []
    path = written(tmp_path, make.png(make.png_text(key, json.dumps(value)), *texts))

    assert misread(path) == []


PIECES = [*'aB ,:"\\{}[]()<>\n-0', "Steps: 1", "Negative prompt:", "Lora hashes", "-S ", "Job ID: "]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(st.sampled_from(PIECES), max_size=100).map("".join))
def test_no_infotext_makes_the_reader_raise_or_stall(tmp_path: Path, text: str) -> None:
    began = time.perf_counter()
    found = [
        misread(written(tmp_path, make.png(make.png_text(key, text + "\nSteps: 1, " + text))))
        for key in ("parameters", "Dream")
    ]

    assert (found, time.perf_counter() - began < 5) == ([[], []], True)


@pytest.mark.parametrize(
    "text",
    [
        'Steps: 1, a: "' + "\\" * 50_000,
        "Steps: 1, " + "{" * 50_000,
        "Steps: 1, " + "a" * 200_000,
        "<" * 100_000 + "\nSteps: 1",
        "embedding:" * 20_000 + "\nSteps: 1",
        "Steps: 1, Civitai resources: " + "[" * 50_000,
        "sk-" + "a-" * 50_000 + "\nSteps: 1",
        "--a b " * 20_000 + "Job ID: 8d6e6b0c-6c0c-4c3c-8d8e-0a1b2c3d4e5f",
    ],
)
def test_texts_that_make_bad_patterns_crawl_are_read_at_once(tmp_path: Path, text: str) -> None:
    begun = time.monotonic()
    for key in ("parameters", "Description", "Dream"):
        read_generation(written(tmp_path, make.png(make.png_text(key, text))))

    assert time.monotonic() - begun < 10


def test_an_exif_directory_that_points_at_itself_ends(tmp_path: Path) -> None:
    ring = b"II*\0" + struct.pack("<I", 8) + struct.pack("<HHHII", 1, 0x8769, 4, 1, 8) + struct.pack("<I", 8)

    assert read_generation(written(tmp_path, make.webp((b"EXIF", ring)), "a.webp")) == (None, [])


def test_subgraphs_nested_with_hundreds_of_inputs_do_not_multiply(tmp_path: Path) -> None:
    wide = range(300)
    subgraphs = [
        {
            "id": f"s{level}",
            "inputs": [{"name": f"i{n}"} for n in wide],
            "nodes": [{"id": 1, "type": f"s{level + 1}", "inputs": [{"name": f"i{n}", "link": n} for n in wide]}],
            "links": [{"id": n, "origin_id": -10, "origin_slot": n, "target_id": 1, "target_slot": n} for n in wide],
        }
        for level in range(12)
    ]
    document = {"nodes": [{"id": 1, "type": "s0"}], "links": [], "definitions": {"subgraphs": subgraphs}}

    begun = time.monotonic()
    read_generation(written(tmp_path, json.dumps(document).encode(), "a.json"))

    assert time.monotonic() - begun < 10
