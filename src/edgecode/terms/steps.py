"""Acts of making: kinds of step, the roles of their inputs, recipes of models and settings."""

from enum import StrEnum

from msgspec import Struct

from edgecode.terms.evidence import AiUse


class StepKind(StrEnum):
    """What was done. What each kind adds to the origin of a frame is the table in `terms.origins`."""

    CAMERA = "camera"
    SOUND_RECORDING = "sound-recording"
    CAPTURE = "capture"
    PAINT = "paint"
    MODEL = "model"
    ANIMATE = "animate"
    TYPE = "type"
    DRAW = "draw"
    COMPOSE = "compose"
    RENDER = "render"
    GENERATE = "generate"
    GENERATIVE_EDIT = "generative-edit"
    TRANSFER = "transfer"
    GRADE = "grade"
    KEY = "key"
    ROTO = "roto"
    RETIME = "retime"
    DENOISE = "denoise"
    UPSCALE = "upscale"
    RESTORE = "restore"
    TRANSCODE = "transcode"
    CONFORM = "conform"
    COMP = "comp"
    MIX = "mix"
    VENDOR = "vendor"
    COMMAND = "command"
    IMPORT = "import"


class InputRole(StrEnum):
    """What an input was to its step. Coverage follows picture, sound and reference; the others are rights questions."""

    PICTURE = "picture"
    SOUND = "sound"
    REFERENCE = "reference"
    CONTROL = "control"
    WEIGHTS = "weights"
    TRAINING = "training"
    TOOL = "tool"

    @property
    def carries_origin(self) -> bool:
        """Whether coverage follows this input."""
        return self in (InputRole.PICTURE, InputRole.SOUND, InputRole.REFERENCE)


class ModelUse(Struct, frozen=True, omit_defaults=True):
    """One file of weights that a step used: its name as the tool wrote it, its kind and the digests that are known.

    *kind*: checkpoint, unet, lora, controlnet, vae, clip, upscale, embedding, hypernetwork, voice, other.
    *hashes* maps the dialect (sha256, autov2, autov3, blake3, …) to what the tool claims or we computed.
    *strength* is a decimal string.
    """

    name: str
    kind: str = "other"
    hashes: dict[str, str] = {}
    strength: str = ""
    node: str = ""


class NamedInput(Struct, frozen=True, omit_defaults=True):
    """A picture, sound or control file that a foreign record names: a file name or path as written, a digest when it gives one."""

    name: str
    role: InputRole = InputRole.PICTURE
    sha256: str = ""
    node: str = ""


class NamedText(Struct, frozen=True, omit_defaults=True):
    """A prompt, negative prompt or note. Always in the sealed `text` section, never printed without being asked for."""

    text: str
    name: str = ""
    node: str = ""


class GraphPart(Struct, frozen=True):
    """One foreign document as received, secrets scrubbed: its key in the file, its media type, its bytes."""

    name: str
    media_type: str
    data: bytes


class Generation(Struct, frozen=True):
    """What a generative tool wrote into a file about how it made it. Numbers stay decimal strings.

    *tool* is comfyui, a1111, forge, invokeai, fooocus, novelai, midjourney, or as the file names it. *kind* and *ai*: what the
    record shows that was done (a graph without a sampler may only upscale: kind upscale, ai assistive; unclear is unknown).
    """

    tool: str
    kind: StepKind = StepKind.GENERATE
    ai: AiUse = AiUse.GENERATIVE
    tool_version: str = ""
    models: tuple[ModelUse, ...] = ()
    seeds: tuple[str, ...] = ()
    settings: dict[str, str] = {}
    inputs: tuple[NamedInput, ...] = ()
    texts: tuple[NamedText, ...] = ()
    graph: tuple[GraphPart, ...] = ()
    scrubbed: tuple[str, ...] = ()
    """Where a secret was taken out: the key's path, never its value."""
    beside: bool = False
    """Whether it stands in a picture of the same name beside the file and not in the file: a weaker claim."""
    declared: bool = False
    """Whether it is taken as somebody's word only, because nobody knows how the file came where it was found."""
