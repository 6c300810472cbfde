"""safetensors headers: eight bytes of length, then JSON; modelspec and training facts, without authors and paths."""

import json
from struct import unpack

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.media.window import Window, malformed, technical, truncated
from edgecode.terms.cuts import Diagnostic

HEADER_BYTES_AT_MOST = 32 << 20
_KEPT_TRAINING = frozenset(
    [
        "format",
        "ss_base_model_version",
        "ss_sd_model_hash",
        "ss_new_sd_model_hash",
        "ss_network_module",
        "ss_network_dim",
        "ss_network_alpha",
        "ss_num_train_images",
        "ss_num_reg_images",
        "ss_steps",
        "ss_epoch",
        "ss_resolution",
        "ss_output_name",
        "ss_sd_scripts_commit_hash",
        "sshs_model_hash",
        "sshs_legacy_hash",
    ]
)
_LEFT_OUT = frozenset(("modelspec.author", "modelspec.thumbnail", "modelspec.description", "modelspec.usage_hint"))


def looks_like(head: bytes, size: int) -> bool:
    """Whether the first bytes can be a safetensors header: a length inside the file, then an opening brace."""
    return len(head) > 9 and head[8:9] == b"{" and unpack("<Q", head[:8])[0] + 8 <= size


def metadata(window: Window) -> tuple[dict[str, str], int]:
    """(the ``__metadata__`` texts, how many tensors). Raises InputError ``media.*``."""
    texts, tensors, _ = _said(window)
    return texts, tensors


def _said(window: Window) -> tuple[dict[str, str], int, int]:
    """The same, and where the last tensor ends in the file."""
    length: int = unpack("<Q", window.exactly(0, 8, "length"))[0]
    if length > HEADER_BYTES_AT_MOST:
        raise malformed("its header claims more than 32 MB")
    data = window.read(8, length)
    if len(data) < length:
        raise truncated("header")
    try:
        header = json.loads(data)
    except (ValueError, RecursionError):
        raise malformed("its header is no JSON") from None
    if not isinstance(header, dict):
        raise malformed("its header is no JSON object")
    texts = header.pop("__metadata__", None)
    kept = (
        {str(key): value for key, value in texts.items() if isinstance(value, str)} if isinstance(texts, dict) else {}
    )
    ends = [each.get("data_offsets") for each in header.values() if isinstance(each, dict)]
    last = max((one[1] for one in ends if isinstance(one, list) and len(one) == 2 and type(one[1]) is int), default=0)
    return kept, len(header), 8 + length + last


def facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """A file of weights; ComfyUI's latents use the same container and are other media."""
    texts, tensors, end = _said(window)
    latent = b'"latent_tensor"' in window.head
    header = {"tensors": str(tensors)}
    for key in sorted(texts):
        is_spec = key.startswith("modelspec.") and key not in _LEFT_OUT
        if (is_spec or key in _KEPT_TRAINING) and (value := technical(texts[key])):
            header[key] = value
    software = "ComfyUI" if latent and "prompt" in texts else ""
    return FileFacts(
        media_class="other" if latent else "model",
        media_type="application/x-safetensors",
        software=software,
        header_key=software or header.get("modelspec.architecture", header.get("ss_base_model_version", "")),
        header=header,
    ), [
        Diagnostic("media.truncated", "the file ends inside its tensors", effect="approximate")
    ] if end > window.size else []
