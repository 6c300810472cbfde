"""What comes through each format that is no cut: one made sample that says all it can, read by its reader, and what is there afterwards.

The tables of cuts are in `format_facts`. A format whose sample needs a library that is not installed is asked all the same, and fails.
"""

import json
import struct
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from capture_writers import bvh, c3d
from edgecode.events.file_facts import FileFacts
from edgecode.ingest.credential_marks import carried
from edgecode.ingest.credentials import Trust, read_credential
from edgecode.ingest.doors import StepReader, Table, TableReader
from edgecode.ingest.generation import read_generation
from edgecode.ingest.headers import read_header
from edgecode.ingest.mhl.history import History, read_histories
from edgecode.ingest.mhl.manifest import Author, Creator
from edgecode.ingest.mhl.writing import Wanted, write_generation
from edgecode.ingest.shipped import STEPS, TABLES
from edgecode.ingest.step_record import StepRecord
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import Generation
from exchange_samples import ALE, CAMERA_REPORT
from media import media_writers as make

_Read = TypeVar("_Read")
Facts = Mapping[str, Callable[[_Read], object]]


NOT_IN_SAMPLE = {
    ("Avid bin", "reels or tapes"),
    ("Avid bin", "timecode in and out"),
    ("DNG", "that the file was cut short"),
}
"""What a made sample does not say, and the reader reads where a bin does."""


def _table(answers: Mapping[str, Mapping[str, bool]]) -> str:
    """Answers by format and fact as Markdown."""
    facts = next(iter(answers.values()))

    def word(form: str, fact: str) -> str:
        return "(yes)" if (form, fact) in NOT_IN_SAMPLE else "yes" if answers[form][fact] else "no"

    lines = ["| | " + " | ".join(answers) + " |", "|---|" + "---|" * len(answers)]
    lines += [f"| {fact} | " + " | ".join(word(form, fact) for form in answers) + " |" for fact in facts]
    return "\n".join(lines)


def _asked(found: Mapping[str, _Read], facts: Facts[_Read]) -> dict[str, dict[str, bool]]:
    return {form: {fact: bool(test(read)) for fact, test in facts.items()} for form, read in found.items()}


# ------------------------------------------------------------------------------------------------------------- headers

OWNER = b"Jane Somebody"
_EXR = make.exr(
    make.exr_attribute("timeCode", "timecode", struct.pack("<II", 0x01020310, 0)),
    make.exr_attribute("framesPerSecond", "rational", struct.pack("<iI", 24, 1)),
    make.exr_attribute("reelName", "string", b"A001"),
    make.exr_attribute("cameraModel", "string", b"ARRI ALEXA 35"),
    make.exr_attribute("nuke/version", "string", b"15.1v3"),
    make.exr_attribute("owner", "string", OWNER),
)
_EXIF = make.exif({0x010F: b"Canon", 0x0110: b"Canon EOS R5", 0x013B: OWNER})
_DNG = [(0xC612, 1, 4, b"\1\4\0\0"), (0xC763, 1, 8, bytes([0x10, 3, 2, 1, 0, 0, 0, 0])), (0xC764, 10, 1, struct.pack("<ii", 24, 1)),
        (0xC789, 2, 5, b"A001\0")]  # fmt: skip
_IXML = "<BWFXML><TAPE>SD01</TAPE><SCENE>12A</SCENE><TAKE>3</TAKE><SPEED><TIMECODE_RATE>24/1</TIMECODE_RATE></SPEED></BWFXML>"
_KEYS = {
    "com.apple.quicktime.make": "ARRI",
    "com.apple.quicktime.model": "ALEXA 35",
    "com.apple.quicktime.software": "Resolve",
}

HEADERS: dict[str, tuple[str, bytes]] = {
    "EXR": ("a.exr", _EXR),
    "DPX": ("a.dpx", make.dpx(timecode=0x01020310, rate=24.0, device=b"ARRISCAN XT")),
    "PNG": ("a.png", make.animated_png(3, numerator=1, denominator=24, comf={"prompt": "{}"})),
    "JPEG": ("a.jpg", make.jpeg(make.exif_segment(_EXIF), width=40, height=30)),
    "WebP": ("a.webp", make.webp((b"EXIF", _EXIF), frames=2)),
    "DNG": ("a.dng", make.tiff(width=40, height=30, more=_DNG)),
    "MOV, MP4": ("a.mov", make.movie(start=89362, reel="A001", keys=_KEYS)),
    "WebM": ("a.webm", make.matroska(tags={"TIMECODE": "01:00:00:00", "REEL_NAME": "A001"})),
    "WAVE": ("a.wav", make.wave(reference=48000 * 3600, ixml=_IXML)),
    "C3D": ("a.c3d", c3d(subjects=(OWNER.decode(),))),
    "BVH": ("a.bvh", bvh(prefix=f"{OWNER.decode().replace(' ', '_')}:")),
    "safetensors": (
        "a.safetensors",
        make.safetensors({"modelspec.title": "Film look", "modelspec.author": OWNER.decode()}),
    ),
}

HEADER_FACTS: dict[str, Callable[[tuple[FileFacts, list[str]]], object]] = {
    "size of the picture": lambda read: read[0].width and read[0].height,
    "frames": lambda read: read[0].frames,
    "rate": lambda read: read[0].rate,
    "start timecode": lambda read: read[0].start_label,
    "reel": lambda read: read[0].reel,
    "camera or recorder": lambda read: read[0].camera,
    "program": lambda read: read[0].software,
    "sample rate and channels of sound": lambda read: read[0].sample_rate and read[0].channels,
    "scene and take": lambda read: {"scene", "take"} <= {key.lower() for key in read[0].header},
    "owner, author, subjects": lambda read: "jane" in repr(read[0]).lower(),
    "that the file was cut short": lambda read: read[1],
}


def headers() -> dict[str, dict[str, bool]]:
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for form, (name, data) in HEADERS.items():
            path = Path(folder) / name
            path.write_bytes(data[: len(data) * 3 // 5])
            short = [one.code for one in read_header(path)[1]]
            path.write_bytes(data)
            found[form] = (read_header(path)[0], short)
    return _asked(found, HEADER_FACTS)


# ---------------------------------------------------------------------------------------------- records of generation

GRAPH = json.dumps(
    {
        "3": {"class_type": "KSampler", "inputs": {"seed": 18446744073709551615, "model": ["4", 0],
              "positive": ["6", 0], "negative": ["6", 0],
              "latent_image": ["7", 0]}},
        "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "film.safetensors"}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse", "clip": ["4", 1]}},
        "7": {"class_type": "VAEEncode", "inputs": {"pixels": ["1", 0], "vae": ["4", 2]}},
        "1": {"class_type": "LoadImage", "inputs": {"image": "plate.png"}},
        "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
        "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "x", "images": ["8", 0]}},
    }
)  # fmt: skip
WORDS = "a lighthouse\nNegative prompt: fog\nSteps: 20, Sampler: Euler, Seed: 7, Size: 64x64, Model hash: 15012c538f, Model: film"

GENERATIONS: dict[str, tuple[str, bytes]] = {
    "ComfyUI, PNG": ("a.png", make.png(make.png_text("prompt", GRAPH))),
    "ComfyUI, animated PNG": ("a.png", make.animated_png(2, numerator=1, denominator=24, comf={"prompt": GRAPH})),
    "ComfyUI, WebP": ("a.webp", make.webp((b"EXIF", make.exif({0x0110: b"prompt:" + GRAPH.encode()})))),
    "ComfyUI, MP4": ("a.mp4", make.movie(keys={"prompt": GRAPH}, brand=b"isom")),
    "ComfyUI, WebM": ("a.webm", make.matroska(tags={"PROMPT": GRAPH})),
    "ComfyUI, latent": ("a.latent", make.safetensors({"prompt": GRAPH}, tensors=("latent_tensor",))),
    "A1111, PNG": ("a.png", make.png(make.png_text("parameters", WORDS))),
    "A1111, JPEG": ("a.jpg", make.jpeg(make.exif_segment(make.exif({}, user_comment=b"ASCII\0\0\0" + WORDS.encode())))),
}

GENERATION_FACTS: Facts[Generation] = {
    "which tool": lambda read: read.tool,
    "models by name": lambda read: any("film" in one.name for one in read.models),
    "digests of models": lambda read: any(one.hashes for one in read.models),
    "seeds, exact": lambda read: set(read.seeds) & {"18446744073709551615", "7"},
    "prompts (sealed)": lambda read: any("lighthouse" in one.text for one in read.texts),
    "pictures it was made from": lambda read: read.inputs,
    "that a model made it": lambda read: read.ai is AiUse.GENERATIVE,
    "the record whole, as received": lambda read: read.graph,
}


def generations() -> dict[str, dict[str, bool]]:
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for form, (name, data) in GENERATIONS.items():
            path = Path(folder) / name
            path.write_bytes(data)
            generation, _ = read_generation(path)
            assert generation is not None, form
            found[form] = generation
    return _asked(found, GENERATION_FACTS)


# ---------------------------------------------------------------------------------------------- records of making

_RUN: dict[str, Any] = {
    "event": "finished", "prompt_id": "p-1", "capture": {"capture_id": "c-1", "prompt_id": "p-1"}, "status": "success", "cached": [],
    "prompt": json.loads(GRAPH), "tool": {"name": "ComfyUI", "version": "0.3.64"},
    "files": [{"node": "1", "class": "LoadImage", "input": "image", "name": "plate.png", "folder": "input",
               "path": "/in/plate.png", "sha256": "a" * 64},
              {"node": "4", "class": "CheckpointLoaderSimple", "input": "ckpt_name", "name": "film.safetensors", "folder": "checkpoints",
               "path": "/m/film.safetensors", "sha256": "b" * 64}],
    "outputs": [{"node": "9", "kind": "images", "path": "/out/a.png", "sha256": "c" * 64, "made_here": True}],
    "started_at": 1795411873338, "finished_at": 1795411873.5, "t": 1795411873.5,
}  # fmt: skip
_FORM = (
    "file,sha256,service,service_version,model,model_version,job,seed,prompt,inputs,made,terms,note\n"
    f"a.mp4,{'c' * 64},Cloud Film,2,film,1.1,job-7,7,a lighthouse,plate.png,2026-03-01T12:00:00Z,paid,\n"
)
_SCRIPT = (
    "#! Nuke15.1v2 -nx\nversion 15.1 v2\nRoot {\n inputs 0\n}\nRead {\n inputs 0\n file plate.%04d.exr\n name Read1\n}\n"
    "Write {\n file out.%04d.exr\n name Write1\n}\n"
)
_LAYER = (
    '#usda 1.0\n(\n    defaultPrim = "Bunny"\n)\n\ndef "Bunny" (\n    prepend references = @mesh.usdc@\n)\n{\n'
    '    uniform string preliminaryAuthorship:gen:producer = "com.example.meshes"\n'
    '    uniform string preliminaryAuthorship:gen:version = "2.1"\n'
    '    uniform string preliminaryAuthorship:gen:digitalSourceType = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"\n'
    '    uniform string preliminaryAuthorship:gen:prompt = "a bunny"\n}\n'
)

RECORDS: dict[str, tuple[str, bytes]] = {
    "ComfyUI spool": ("spool.jsonl", json.dumps({"schema": "edgecode.comfyui/1", **_RUN}).encode() + b"\n"),
    "form for what nobody could record": ("form.csv", _FORM.encode()),
    "Nuke script": ("comp.nk", _SCRIPT.encode()),
    "USD layer": ("bunny.usda", _LAYER.encode()),
}

RECORD_FACTS: Facts[StepRecord] = {
    "that it was done (no plan)": lambda step: step.status == "done",
    "recorded as it happened": lambda step: step.grade == "logged",
    "program and version": lambda step: step.tool is not None and step.tool.version,
    "when": lambda step: step.ended,
    "outputs by path": lambda step: any(one.path for one in step.outputs),
    "outputs by digest": lambda step: any(one.sha256 for one in step.outputs),
    "inputs by path": lambda step: any(one.path for one in step.inputs),
    "inputs by digest": lambda step: any(one.sha256 for one in step.inputs),
    "models by name": lambda step: step.models,
    "models by digest": lambda step: any(one.hashes for one in step.models),
    "seeds": lambda step: step.seeds,
    "settings": lambda step: step.settings,
    "prompts (sealed)": lambda step: step.texts,
    "use of models": lambda step: step.ai is AiUse.GENERATIVE,
    "the record whole, as received": lambda step: step.graph,
}


def records() -> dict[str, dict[str, bool]]:
    found = {}
    for form, (name, data) in RECORDS.items():
        reader = _reader_of(STEPS, data, name)
        found[form] = next(one for one in reader.read(data, name=name) if isinstance(one, StepRecord))
    return _asked(found, RECORD_FACTS)


_Reader = TypeVar("_Reader", StepReader, TableReader)


def _reader_of(readers: Iterable[_Reader], data: bytes, name: str) -> _Reader:
    return next(reader for reader in readers if reader.recognises(data[:8192], name=name))


# ---------------------------------------------------------------------------------------------------------------- tables


def _bin() -> bytes:
    import avb

    file = avb.file.AVBFile()
    tape = file.create.Composition(mob_type="SourceMob")
    tape.name = "A001"
    clip = file.create.Composition(mob_type="MasterMob")
    clip.name = "12A-1"
    clip.attributes = file.create.Attributes()
    clip.attributes["_USER"] = file.create.Attributes()
    clip.attributes["_USER"]["Scene"] = "12A"
    for mob in (tape, clip):
        file.content.add_mob(mob)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.avb"
        file.write(str(path))
        return path.read_bytes()


def _column(*names: str) -> Callable[[Table], object]:
    return lambda table: any(row.values.get(name) for row in table.rows for name in names)


TABLE_FACTS: Facts[Table] = {
    "names of clips": _column("Name", "Clip"),
    "reels or tapes": _column("Tape", "Roll"),
    "timecode in and out": _column("End", "Start"),
    "scene": _column("Scene"),
    "unique ids": _column("MobID", "Mob ID", "UMID"),
    "columns of somebody's own": _column("Scene", "Notes"),
    "settings above the columns": lambda table: table.header,
    "line of each row": lambda table: len({row.line for row in table.rows}) == len(table.rows),
}


def tables() -> dict[str, dict[str, bool]]:
    samples = {"ALE": ("day.ale", ALE), "Avid bin": ("day.avb", _bin()), "CSV, TSV": ("report.csv", CAMERA_REPORT)}
    found = {form: _reader_of(TABLES, data, name).read(data, name=name) for form, (name, data) in samples.items()}
    return _asked(found, TABLE_FACTS)


# ------------------------------------------------------------------------------------------ histories and credentials


def actions(history: History) -> set[str]:
    """What the last generation says that it did with its files."""
    return {each.action for one in history.generations[-1].manifest.files for each in one.hashes}


MHL_FACTS: Facts[list[History]] = {
    "every generation and its chain": lambda read: [one.chain for one in read[0].generations] == ["matches", "matches"],
    "digests, as claims": lambda read: all(one.hashes for one in read[0].generations[-1].manifest.files),
    "which were verified or failed": lambda read: actions(read[0]) == {"verified"},
    "who and where (sealed)": lambda read: read[0].generations[0].manifest.creator.authors,
    "patterns that are left out": lambda read: read[0].ignore,
    "files that are missing now": lambda read: read[0].missing,
    "histories below": lambda read: len(read) > 1,
}  # fmt: skip


def histories() -> dict[str, dict[str, bool]]:
    with tempfile.TemporaryDirectory() as folder:
        card = Path(folder) / "A001"
        (card / "Clips").mkdir(parents=True)
        for name in ("a.mov", "b.mov", "Clips/c.mov"):
            (card / name).write_bytes(name.encode())
        author = (Author("Jane Somebody"),)
        for place in (card / "Clips", card, card):
            began = datetime(2026, 3, 1, 12, len(list(card.rglob("*.mhl"))), tzinfo=UTC)
            creator = Creator(began.isoformat(), "set", "edgecode", "0", author)
            write_generation(place, Wanted(("xxh128",), creator, ignore=("*.tmp",)))
        (card / "b.mov").unlink()
        return _asked({"ASC MHL": read_histories(card)}, MHL_FACTS)


def credentials() -> dict[str, dict[str, bool]]:
    """For each container: found inside, judged, and what it says of making; beside, and remote, for the one that is asked."""
    from credential_samples import Signer, firefly, picture

    studio = Signer()
    kinds = {"PNG": "image/png", "JPEG": "image/jpeg", "WebP": "image/webp", "TIFF": "image/tiff", "GIF": "image/gif"}
    found: dict[str, dict[str, bool]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "signed"
        for kind, media_type in {**kinds, "WAVE": "audio/wav"}.items():
            data = picture(kind.upper()) if kind in kinds else make.wave()
            path.write_bytes(studio.signed(data, firefly(), media_type)[0])
            inside = carried(path).where == "inside"
            with path.open("rb") as file:
                read = read_credential(file, media_type, trust=Trust(studio.anchor))
            altered = bytearray(path.read_bytes())
            altered[-1 if kind != "PNG" else altered.rfind(b"IDAT") + 6] ^= 1
            path.write_bytes(bytes(altered))
            with path.open("rb") as file:
                spoilt = read_credential(file, media_type, trust=Trust(studio.anchor))
            found[kind] = {
                "found by its container alone": inside,
                "signature of a trusted signer": read is not None and read.standing == "trusted",
                "bound to the very bytes": read is not None and read.binds,
                "source types and actions": read is not None and "trainedAlgorithmicMedia" in read.document,
                "one altered byte is noticed": spoilt is not None and spoilt.standing == "invalid",
            }
    return found


SECTIONS: dict[str, Callable[[], dict[str, dict[str, bool]]]] = {
    "Media headers": headers,
    "Records of generation inside files": generations,
    "Records of making": records,
    "Tables": tables,
    "Histories of copies": histories,
    "C2PA manifests": credentials,
}


def page() -> str:
    """Every table with its heading."""
    return "\n\n".join(f"## {name}\n\n{_table(answers())}" for name, answers in SECTIONS.items())
