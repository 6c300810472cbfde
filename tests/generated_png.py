"""Pictures that carry the graph of a generative tool, as ComfyUI writes it into a PNG."""

import json
import struct
import zlib
from typing import Any

from cli_png import picture

GRAPH: dict[str, dict[str, Any]] = {
    "3": {"class_type": "KSampler", "inputs": {"seed": 7, "steps": 20, "cfg": 7.0, "sampler_name": "euler", "scheduler": "normal",
          "denoise": 1.0, "model": ["4", 0], "positive": ["6", 0], "negative": ["6", 0], "latent_image": ["5", 0]}},
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "dream.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 8, "height": 8, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse", "clip": ["4", 1]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0], "filename_prefix": "x"}},
}  # fmt: skip


def generated(color: int, *, seed: int = 7) -> bytes:
    """A picture that carries the graph that made it."""
    plain = picture(color)
    graph = GRAPH | {"3": {**GRAPH["3"], "inputs": {**GRAPH["3"]["inputs"], "seed": seed}}}
    text = b"prompt\0" + json.dumps(graph).encode()
    chunk = struct.pack(">I", len(text)) + b"tEXt" + text + struct.pack(">I", zlib.crc32(b"tEXt" + text))
    return plain[:33] + chunk + plain[33:]
