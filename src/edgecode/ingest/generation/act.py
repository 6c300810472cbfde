"""What a ComfyUI graph did: generate, change a picture with a generative model, only enlarge one, or nobody can tell."""

import re
from collections.abc import Collection

from edgecode.ingest.generation.graph import Graph, Node, consumers, link, upstream
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import InputRole, NamedInput, StepKind

# Hosted services: classes of ComfyUI's partner nodes. The first begin with a maker's name that nothing else has.
_PARTNER = re.compile(
    r"^(?:kling|gemini|bria|beeble|elevenlabs|fishaudio|heygen|happyhorse|higgsfield|tencent|krea[23]|ltx_?v?api|quiver|wavespeed|clarity"
    r"|metamuse|mirelo|pruna|sonilo|sync(?:lipsync|talking)|veed|ideogram|openai|runway|pika|pixverse|recraft|luma(?!inance)|minimax|hailuo"
    r"|moonvalley|vidu|veo\d?|bytedance|seedream|seedance|rodin|tripo(?!splat)|openrouter|claude|freepik|magnific|meshy|grok|sora|imagen)"
    r"|^(?:flux|stability|stable(?:image|audio)|wan|hunyuan).*(?:node|api)\w{0,8}$|api(?:node)?(?:v?\d{1,2})?$",
    re.IGNORECASE,
)
_HOSTED_CLEANING = re.compile(r"audioisolation|cleanaudio|cleanvideoaudio|speechtotext", re.IGNORECASE)
_SAMPLER = re.compile(
    r"ksampler(?!select)|^samplercustom|(?<!model)sampler(?: ?v?\d+)?$|sampler[ _(]|detailer|ultimatesdupscale|supir|seedvr|_sample$"
    r"|diffusersampl|facerestore.*diff|generate(?:image|video|audio)?$|inpaint.*model$|texttoimage|imagetovideo.*sampl|flashvsr",
    re.IGNORECASE,
)
_SAMPLER_SETTINGS = re.compile(
    r"select|^sampler(?:euler|dpm|lms|lcm|er|sa|eulera|eulercfg)|^modelsampling|scheduler|preview|^samplers?$",
    re.IGNORECASE,
)
# Models that measure or carry a picture and make none: encoders, loaders, depth, pose and landmark estimates.
_MODELS_AT_WORK = (
    "^vae(?:de|en)code|loader|^cliptextencode|preprocessor|depthanything|^loadrife|^moge|^da3|sdpose|mediapipe"
    "|landmark|^sam3dbody"
)
_ASSISTING = (
    (StepKind.UPSCALE, re.compile(r"upscale.*model|topaz|realesrgan|^upscale|^hitpaw", re.IGNORECASE)),
    (StepKind.RETIME, re.compile(r"rife|film vfi|_vfi|gimm|frame ?interpolat", re.IGNORECASE)),
    (
        StepKind.ROTO,
        re.compile(
            r"rmbg|birefnet|rembg|segment|sam\d?(?:model|_detect|_video)|rtdetr|matting|groundingdino"
            r"|remove_? ?background|background_? ?remov",
            re.IGNORECASE,
        ),
    ),
    (StepKind.RESTORE, re.compile(r"restoreface|facerestore|codeformer|gfpgan|deblur|colorize", re.IGNORECASE)),
    (
        StepKind.DENOISE,
        re.compile(r"denoise(?!r?sampl)|audioisolation|cleanaudio|cleanvideoaudio", re.IGNORECASE),
    ),
    (StepKind.COMMAND, re.compile(_MODELS_AT_WORK, re.IGNORECASE)),
)
_PLAIN = re.compile(
    r"^(?:image|video|audio|mask)(?!.*(?:gen|diffus|paint|api|model|style|sampl|effect|magic|to_? ?(?:image|video)))"
    r"|^load|^save|^preview|^empty|^primitive|^reroute|^note|^createvideo|^getvideo|^getimage|^vhs_|^invertmask|^solidmask|^cropmask"
    r"|^growmask|^feathermask|^thresholdmask|^joinimage|^splitimage|^canny$|^rebatch|^repeat"
    r"|^trim|^float|^int|^string|^regex|^json|^comfy(?:math|switch|number)|^custom ?combo|^curveeditor|^colorto"
    r"|^batchimages|^drawbb|^createbound|^painter$|^glslshader$|^boolean|^resize|^crop|^flip|^blend|^math|^simplemath|^setnode|^getnode",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"clipvisionencode|stylemodel|ipadapter|unclip|redux|referencelatent|instantid|pulid|photomaker|textencode.*(?:edit|image|omni)"
    r"|faceid|reference|styletransfer",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"controlnet|t2iadapter|control.*apply|applycontrol|funcontrol|vace", re.IGNORECASE)
_MASK_KEY = re.compile(r"mask", re.IGNORECASE)


def generates(node: Node, graph: Graph) -> bool:
    """Whether a node runs a generative model: a sampler by name or by its inputs, a detailer, or a hosted service."""
    if _PARTNER.search(node.kind) and not _HOSTED_CLEANING.search(node.kind):
        return True
    if _SAMPLER_SETTINGS.search(node.kind) and "detailer" not in node.kind.lower():
        return False
    if _SAMPLER.search(node.kind):
        return True
    linked = {key for key, value in node.inputs.items() if link(value, graph)}
    return (
        bool({"model", "guider"} & linked)
        and bool({"latent_image", "latent", "samples", "latents"} & linked)
        and "positive" in linked
    )


def roles(graph: Graph, inputs: Collection[NamedInput]) -> list[NamedInput]:
    """The inputs with what they were to the graph, told from where their pictures flow; in doubt a picture."""
    users = consumers(graph)
    return [_with_role(item, graph, users) for item in inputs]


def _with_role(item: NamedInput, graph: Graph, users: dict[str, list[tuple[str, str, int]]]) -> NamedInput:
    if item.role is not InputRole.PICTURE or item.node not in graph:
        return item
    seen: set[str] = set()
    met: set[InputRole] = set()
    is_loader = graph[item.node].kind.startswith("LoadImage")
    waiting = [
        (item.node, InputRole.CONTROL if is_loader and slot == 1 else None, user)
        for user in users[item.node]
        for slot in (user[2],)
    ]
    while waiting:
        _, said, (identity, key, _) = waiting.pop()
        node = graph[identity]
        steers = _CONTROL.search(node.kind) and key not in ("start_image", "end_image", "reference_image")
        if said is InputRole.CONTROL or _MASK_KEY.search(key) or steers:
            met.add(InputRole.CONTROL)
        elif _REFERENCE.search(node.kind):
            met.add(InputRole.REFERENCE)
        elif generates(node, graph) or not users[identity]:
            met.add(InputRole.PICTURE)
        elif identity not in seen:
            seen.add(identity)
            waiting.extend((identity, None, user) for user in users[identity])
    for role in (InputRole.PICTURE, InputRole.REFERENCE, InputRole.CONTROL):
        if role in met:
            return NamedInput(item.name, role, item.sha256, item.node)
    return item


def what_was_done(graph: Graph, inputs: Collection[NamedInput]) -> tuple[StepKind, AiUse]:
    """The kind of step and its AI use, from the live nodes of a graph and its inputs with their roles.

    A graph without a sampler that holds a class nobody knows is *import*, use unknown: a custom node may do anything.
    """
    samplers = [node.id for node in graph.values() if generates(node, graph)]
    if samplers:
        feeding = upstream(graph, samplers)
        edited = any(item.role is InputRole.PICTURE and item.node in feeding for item in inputs)
        return (StepKind.GENERATIVE_EDIT if edited else StepKind.GENERATE), AiUse.GENERATIVE
    assisted: list[StepKind] = []
    for node in graph.values():
        kind = next((kind for kind, classes in _ASSISTING if classes.search(node.kind)), None)
        if kind is not None:
            assisted.append(kind)
        elif not _PLAIN.search(node.kind):
            return StepKind.IMPORT, AiUse.UNKNOWN
    if not graph or not inputs:
        return StepKind.IMPORT, AiUse.UNKNOWN
    if not assisted:
        return StepKind.COMMAND, AiUse.NONE
    return next(
        (kind for kind in (kind for kind, _ in _ASSISTING) if kind in assisted), StepKind.COMMAND
    ), AiUse.ASSISTIVE
