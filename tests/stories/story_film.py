"""The files of a story: frames, stills, sounds, weights and papers written to disk, and the cut that uses them, as OTIO or EDL.

Every file is a real one that the readers of edgecode open: OpenEXR, PNG (with a ComfyUI graph where the story says so), Broadcast Wave,
safetensors. Pictures are one color each, so that no two frames of a story are equal.
"""

import json
import struct
from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

from PIL import Image

from edgecode.cli.demo.exr import exr, rational_attribute, text_attribute, timecode_attribute
from edgecode.cli.demo.graphs import texts_of
from edgecode.cli.demo.pictures import png
from edgecode.cli.demo.sound import wave
from edgecode.ingest.editorial.edl_writer import edl_bytes
from edgecode.ingest.editorial.otio_writer import otio_bytes
from edgecode.terms.cuts import Clip, CutReading, Media, Track
from edgecode.terms.timebase import Rate, frame_of_label, label_of_frame

FIRST = 1001
"""What the first frame of every image sequence is called in its file names."""

_SIZE = (8, 4)
_CHECKPOINT = "meadowlight_xl_v3.safetensors"


def write_files(folder: Path, files: Mapping[str, Mapping[str, Any]], *, rate: int) -> None:
    """Write every file of a story below *folder*. ``#`` in a path stands for the frame number.

    *frames*: of a sequence or a sound, *camera* and *reel* go into EXR headers, *graph* (a LoRA's name) makes a PNG ComfyUI's own,
    *words* is the text of a paper.
    """
    for path, said in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if "#" in path:
            before, _, after = target.name.partition("#")
            for number in range(FIRST, FIRST + said["frames"]):
                target.with_name(f"{before}{number:04d}{after}").write_bytes(_picture(path, number, said, rate))
        else:
            target.write_bytes(_file(path, said, rate))


def _file(path: str, said: Mapping[str, Any], rate: int) -> bytes:
    ending = path.rpartition(".")[2]
    if ending == "wav":
        return wave("voice", said["frames"], described=path)
    if ending == "safetensors":
        return _weights(path)
    if ending == "txt":
        return str(said["words"]).encode()
    return _picture(path, 0, said, rate)


def _picture(path: str, number: int, said: Mapping[str, Any], rate: int) -> bytes:
    color = sha256(f"{path} {number}".encode()).digest()
    image = Image.new("RGB", _SIZE, (color[0], color[1], color[2]))
    image.putpixel((0, 0), (color[3], color[4], color[5]))
    if path.endswith(".png"):
        graph = _graph(said["graph"]) if "graph" in said else None
        return png(image, texts_of(graph) if graph is not None else None)
    attributes = [rational_attribute("framesPerSecond", rate, 1)]
    if "camera" in said:
        make, _, model = str(said["camera"]).partition(" ")
        attributes += [text_attribute("cameraMake", make), text_attribute("cameraModel", model)]
    if "reel" in said:
        attributes.append(text_attribute("reelName", said["reel"]))
    if "start" in said:
        clock = frame_of_label(said["start"], Rate(rate)) + number - FIRST
        attributes.append(timecode_attribute(label_of_frame(clock, Rate(rate))))
    return exr(image, compression="none", attributes=b"".join(attributes))


def _graph(lora: str) -> dict[str, dict[str, object]]:
    """A text-to-image graph as ComfyUI writes it, with one LoRA."""

    def node(kind: str, **inputs: object) -> dict[str, object]:
        return {"inputs": inputs, "class_type": kind, "_meta": {"title": kind}}

    return {
        "4": node("CheckpointLoaderSimple", ckpt_name=_CHECKPOINT),
        "11": node("LoraLoader", lora_name=lora, strength_model=0.8, strength_clip=0.8, model=["4", 0], clip=["4", 1]),
        "6": node("CLIPTextEncode", text="a harbor at dawn, film still", clip=["11", 1]),
        "7": node("CLIPTextEncode", text="text, watermark", clip=["11", 1]),
        "5": node("EmptyLatentImage", width=8, height=4, batch_size=1),
        "3": node(
            "KSampler", seed=4711, steps=28, cfg=6.5, sampler_name="dpmpp_2m", scheduler="karras", denoise=1.0,
            model=["11", 0], positive=["6", 0], negative=["7", 0], latent_image=["5", 0],
        ),
        "8": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
        "9": node("SaveImage", filename_prefix="story", images=["8", 0]),
    }  # fmt: skip


def _weights(name: str) -> bytes:
    data = sha256(name.encode()).digest()
    header = {
        "__metadata__": {"modelspec.title": name},
        "weight": {"dtype": "F16", "shape": [16], "data_offsets": [0, 32]},
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


# ------------------------------------------------------------------------------------------ the cut


def write_cut(
    target: Path, cut: Mapping[str, Any], *, media: Path, files: Mapping[str, Mapping[str, Any]], rate: int
) -> None:
    """Write the cut of a story. A clip: *shows* a file, *at* [first, end) frames of the cut, *from* the file's own frame, *track*."""
    names = cut.get("tracks", ["V1", "V2", "A1"])
    tracks = tuple(Track(name, "sound" if name.startswith("A") else "picture") for name in names)
    clips = tuple(_clip(one, media, files, names, rate) for one in cut["clips"])
    length = cut.get("frames", max(int(clip.record_out) for clip in clips))
    form = "edl" if target.suffix == ".edl" else "otio"
    reading = CutReading(cut["name"], form, "story", Rate(rate), False, 86_400, length, tracks, clips)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(edl_bytes(reading)[0] if form == "edl" else otio_bytes(reading))


def _clip(
    said: Mapping[str, Any], media: Path, files: Mapping[str, Mapping[str, Any]], names: list[str], rate: int
) -> Clip:
    first, end = said["at"]
    track = names.index(said.get("track", "V1"))
    path = said["shows"]
    kind = "sound" if names[track].startswith("A") else "picture"
    source = Fraction(said.get("from", FIRST if "#" in path else 0))
    shown = _media(path, media, files.get(path, {})) if path else Media("none", reel=said["reel"])
    return Clip(
        said.get("name", Path(path).name), kind, (track,), Fraction(first), Fraction(end), shown, Rate(rate), source
    )


def _media(path: str, media: Path, said: Mapping[str, Any]) -> Media:
    frames = Fraction(said.get("frames", 1))
    if "#" not in path:
        return Media("file", (str(media / path),), available_first=Fraction(0), available_end=frames)
    before, _, after = Path(path).name.partition("#")
    target = str(media / path.replace("#", "%04d"))
    return Media(
        "sequence", (target,), available_first=Fraction(FIRST), available_end=FIRST + frames,
        sequence_prefix=before, sequence_suffix=after, sequence_first=FIRST, sequence_padding=4,
    )  # fmt: skip
