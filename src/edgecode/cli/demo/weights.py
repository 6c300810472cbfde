"""Files of weights for the demo: tiny true safetensors with the headers that real ones carry. Source: safetensors format."""

import json
import struct
from random import Random

VOICE_MODEL = "verse_voice_v2.safetensors"


def _safetensors(name: str, title: str, license_name: str, values: int) -> bytes:
    """One tensor of *values* halves, and a header with ``modelspec.*`` as model makers write it."""
    data = Random(name).randbytes(values * 2)  # noqa: S311 - nobody will run these weights
    header = {
        "__metadata__": {
            "modelspec.sai_model_spec": "1.0.1",
            "modelspec.title": title,
            "modelspec.license": license_name,
            "modelspec.architecture": "invented-for-a-demo",
        },
        "weight": {"dtype": "F16", "shape": [values], "data_offsets": [0, len(data)]},
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


CHECKPOINT_BYTES = _safetensors("checkpoint", "Meadowlight XL v3", "Example Community License", 16_384)
LORA_BYTES = _safetensors("lora", "Garden of Verses v2", "Owned by the production", 4_096)
VOICE_BYTES = _safetensors("voice", "Verse Voice v2", "Licensed from the estate for this film", 8_192)
"""Three models that do nothing."""
