"""The words of ComfyUI graphs: which inputs name models, pictures, seeds and texts, and what classes of nodes do."""

import re

MODEL_ENDINGS = (
    ".safetensors",
    ".sft",
    ".ckpt",
    ".pt",
    ".pt2",
    ".pth",
    ".bin",
    ".gguf",
    ".onnx",
    ".engine",
    ".pkl",
    ".torchscript",
)
PICTURE_ENDINGS = (
    ".png", ".jpg", ".jpeg", ".webp", ".exr", ".tif", ".tiff", ".bmp", ".gif", ".hdr", ".dpx", ".psd", ".tga", ".avif", ".heic",
    ".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v", ".mxf", ".latent", ".glb", ".gltf", ".obj", ".fbx", ".ply", ".stl", ".usdz",
)  # fmt: skip
SOUND_ENDINGS = (".wav", ".mp3", ".flac", ".ogg", ".m4a", ".aac", ".opus", ".aif", ".aiff")

SEED_KEY = re.compile(
    r"(?:^|[_\s.])(?:rand_|noise_|var_|variation_|sub)?seed(?:_?num|_value|_override|\d{0,2})?$", re.IGNORECASE
)
CONTROLS = ("fixed", "increment", "decrement", "randomize")
"""What the seed widget's companion says; it stands right after the seed in a UI graph."""

TEXT_KEY = re.compile(
    r"(?:^|[_\s.])(?:text|texts|prompt|prompts|string|tags|lyrics|caption|instruct|instruction|positive|negative|wildcard|populated"
    r"|description|system|user|message|t5xxl|clip_[lg]|llama|bert|mt5xl|concat)(?:$|[_\s.\d])",
    re.IGNORECASE,
)
NOT_TEXT_KEY = re.compile(
    r"path|filename|file|prefix|suffix|directory|folder|model|sampler|scheduler|mode|method|format|type|device|encoder|delimiter|separator"
    r"|interpretation|normali[sz]ation|color|colour|font|align|style_name|preset|template_name",
    re.IGNORECASE,
)
_MODEL_KEY = re.compile(
    r"(?:^|[_.])(?:ckpt|checkpoint|unet|lora|vae|clip|control_net|controlnet|style_model|gligen|hypernetwork|upscale_model|model"
    r"|text_encoder|audio_encoder|ipadapter|instantid|pulid|motion|embedding|refiner|base|diffusion_model|photomaker|latent_upscale)"
    r"(?:_name|_file|_path|_model|_ckpt)?_?\d*$|^(?:model_name|ipadapter_file|lora|repo_id|pulid_file|t5_model|sam_model)$",
    re.IGNORECASE,
)
NOT_A_NAME = frozenset(
    ("", "none", "null", "default", "baked vae", "undefined", "auto", "disabled", "off", "[none]", "no lora")
)

_KINDS_BY_KEY = (
    ("lora", "lora"),
    ("lyco", "lora"),
    ("control", "controlnet"),
    ("t2i", "controlnet"),
    ("clip_vision", "clip"),
    ("vae", "vae"),
    ("upscale", "upscale"),
    ("hypernetwork", "hypernetwork"),
    ("embedding", "embedding"),
    ("unet", "unet"),
    ("diffusion_model", "unet"),
    ("ckpt", "checkpoint"),
    ("checkpoint", "checkpoint"),
    ("text_encoder", "clip"),
    ("t5", "clip"),
    ("clip", "clip"),
)
_KINDS_BY_CLASS = (
    ("lora", "lora"),
    ("controlnet", "controlnet"),
    ("ultralytics", "other"),
    ("upscale", "upscale"),
    ("clipvision", "clip"),
    ("vae", "vae"),
    ("textencoder", "clip"),
    ("cliploader", "clip"),
    ("hypernetwork", "hypernetwork"),
    ("checkpoint", "checkpoint"),
    ("unet", "unet"),
    ("diffusionmodel", "unet"),
    ("videomodel", "unet"),
    ("modelloader", "unet"),
    ("loader", "other"),
)
KIND_BY_FOLDER = {
    "checkpoints": "checkpoint", "diffusion_models": "unet", "unet": "unet", "loras": "lora", "controlnet": "controlnet", "vae": "vae",
    "vae_approx": "vae", "text_encoders": "clip", "clip": "clip", "clip_vision": "clip", "upscale_models": "upscale",
    "embeddings": "embedding", "hypernetworks": "hypernetwork", "latent_upscale_models": "upscale",
}  # fmt: skip


def is_model_key(key: str, kind: str) -> bool:
    """Whether an input of this name on a loader holds a model's name even without a file ending."""
    return "loader" in kind.lower().replace(" ", "") and bool(_MODEL_KEY.search(key))


def model_kind(key: str, kind: str) -> str:
    """Checkpoint, unet, lora, controlnet, vae, clip, upscale, embedding, hypernetwork or other, from input and node class."""
    low, node = key.lower(), kind.lower().replace(" ", "").replace("_", "")
    if low.rsplit(".", 1)[-1] in ("model_name", "model", "file"):
        low = ""
    for part, named in _KINDS_BY_KEY:
        if part in low:
            return named
    return next((named for part, named in _KINDS_BY_CLASS if part in node), "other")


HOLDER = re.compile(
    r"primitive|integer|^int$|^float$|^string$|constant|number|seed|reroute|literal|^text$|text[ _]?multiline|multiline|string_?literal"
    r"|simple ?text|value|^jwint|^jwstring|^cr (?:seed|text|prompt)|showtext|getnode|setnode|show ?any|text ?box|^ttn text|selector",
    re.IGNORECASE,
)
"""Classes whose only work is to hold or to hand on a value."""

HELD_KEY = re.compile(
    r"^(?:value|int|integer|float|number|string|text|seed|noise_seed|prompt|val|input|any|boolean)$", re.IGNORECASE
)

OUTPUT = re.compile(
    r"^save|save(?:image|video|audio|webm|webp|latent|exr|png|file|\d)|image ?save|save ?image|save_|_save|combine$|preview|^display|^show"
    r"|imagesend|send ?image|websocket|export|write|image ?saver|saver|^audio ?save|output$|viewer|compare|animated",
    re.IGNORECASE,
)
NEVER_OUTPUT = re.compile(
    r"(?<!up)loader(?!.*save)|^load|^(?:dual|triple|quadruple)?clip|textencode|^k?sampler|^vae(?:de|en)code|^empty|^conditioning|^controlnet"
    r"|primitive|^note$|markdownnote|^reroute|^latent|^imagescale|^imagepad|^modelsampling|^modelmerge|guider$|^randomnoise|scheduler$"
    r"|^unclip|^stylemodel|^fluxguidance|^ksampler|^getimagesize|^canny$|^imageblend|^imageinvert|^imagebatch|^ipadapter|^lora|^imageto|^maskto|^growmask|^stringre|^jsonex",
    re.IGNORECASE,
)
"""Classes that cannot be outputs: nothing was saved from a branch that ends in one of them."""

SHOWS_TEXT = re.compile(r"previewany|show|display|text|string|compare|console|print", re.IGNORECASE)
"""Outputs that may show a word or a number: a graph that has only these may have been saved some other way."""

HIDDEN_KEYS = frozenset(
    ("videopreview", "preview", "previews", "audioUI", "image_upload", "upload", "choose file to upload", "previewUI")
)
SETTING_KEY = re.compile(
    r"^(?:steps|cfg|cfg_scale|sampler|sampler_name|scheduler|denoise|guidance|shift|max_shift|base_shift|width|height|length|num_frames|frames"
    r"|frame_rate|fps|batch_size|add_noise|start_at_step|end_at_step|return_with_leftover_noise|upscale_method|scale_by|upscale_by|megapixels"
    r"|stop_at_clip_layer|strength|strength_model|strength_clip|start_percent|end_percent|weight_dtype|model|model_name|duration|resolution"
    r"|aspect_ratio|motion_bucket_id|augmentation_level|quality|mode|lossless|blend_factor|blend_mode|noise_aug_strength)$"
)
