"""Which generative program wrote a set of text keys, told from the keys alone, for grouping files by their maker."""

from collections.abc import Mapping

_BY_KEY = (
    ("invokeai_metadata", "InvokeAI"),
    ("invokeai_graph", "InvokeAI"),
    ("sd-metadata", "InvokeAI"),
    ("Dream", "InvokeAI"),
    ("fooocus_scheme", "Fooocus"),
    ("use_stable_diffusion_model", "Easy Diffusion"),
)


def program_of_keys(keys: Mapping[str, bytes]) -> str:
    """The program's name, or "" when the keys are nobody's. Values may be cut short or empty (compressed)."""
    for key, name in _BY_KEY:
        if key in keys:
            return name
    if keys.get("Software", b"").startswith(b"NovelAI"):
        return "NovelAI"
    if "parameters" in keys:
        value = keys["parameters"]
        return "SwarmUI" if b"sui_image_params" in value else "Stable Diffusion web UI"
    prompt = keys.get("prompt", b"").lstrip()
    if ("prompt" in keys and (not prompt or prompt.startswith(b"{"))) or keys.get("workflow", b"").lstrip().startswith(
        b"{"
    ):
        return "ComfyUI"
    if b"Job ID:" in keys.get("Description", b""):
        return "Midjourney"
    return ""
