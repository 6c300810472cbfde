"""What editing programs do to picture and sound, by name: effects, transitions and generators as far as we know them.

A name is *plain* when the program only moves, mixes, colours, blurs or retimes what is there; *generative* when a model makes
content; everything else is *unknown*, which makes the AI use of its range unknown (FORMATS, "What a frame is made of"). Names
are compared without case, punctuation and vendor prefix, in the forms that Resolve, Premiere, Avid, Final Cut and OTIO write.
Where a thing has several names, one that we do not know is enough to make it unknown: a known name never covers for another.
Where a thing has several names, one that we do not know is enough to make it unknown: a known name never covers for another.
"""

import re

from edgecode.terms.cuts import ClipKind, SeenEffect


def _names(joined: str) -> frozenset[str]:
    return frozenset(joined.split("|"))


GENERATIVE_PHRASES: tuple[str, ...] = (
    "generative",
    "generated fill",
    "content aware fill",
    "content aware patch",
    "object removal",
    "object remover",
    "object eraser",
    "remove object",
    "inpaint",
    "outpaint",
    "voice isolation",
    "isolate voice",
    "vocal isolation",
    "enhance speech",
    "speech enhance",
    "voice convert",
    "voice clone",
    "text to speech",
    "speech to speech",
    "text to video",
    "image to video",
    "set extender",
    "music remixer",
    "dialogue separator",
    "dialog separator",
    "stem separation",
    "face swap",
    "lip sync",
    "visual dub",
    "deepfake",
    "style transfer",
    "stable diffusion",
    "firefly",
    "runway",
)
"""A name that holds one of these phrases as whole words (or words beginning with it) is done by a model that makes content."""

PLAIN_EFFECTS: frozenset[str] = _names(
    # moving and framing
    "transform|motion|basic motion|geometric transform|resize|reformat|scale|zoom|position|rotate|rotation|crop|cropping|flip|flop|"
    "flip flop|mirror|pan zoom|pan and zoom|dynamic zoom|picture in picture|3d warp|3d pip|corner pin|distort|basic 3d|"
    "lens correction|lens distortion|stabilization|stabilize|warp stabilizer|stabilizer|input sizing|edit sizing|spatial adapter|"
    "retime and scaling|retime scaling|spatial conform|trim|"
    # time
    "speed|speed change|constant speed|time remap|time remapping|timewarp|time warp|lineartimewarp|linear time warp|freezeframe|"
    "freeze frame|freeze|motion effect|strobe motion|posterize time|reverse|timeeffect|time effect|retime|rate stretch|"
    # mixing and keying
    "opacity|composite|blend|blend mode|blending|superimpose|matte key|matte|luma key|lumakey|chroma key|chromakey|ultra key|keyer|"
    "keying|track matte|track matte key|set matte|alpha|alpha output|image mask|mask|mask shape|garbage matte|animatte|submaster|"
    "drop shadow|vignette|border|"
    # colour
    "color correction|colour correction|color corrector|color corrector 3 way|color correct|color|colour|color board|color wheels|"
    "color curves|hue saturation|hue saturation curves|hue sat|saturation|saturate|brightness|brightness contrast|contrast|exposure|"
    "levels|curves|lumetri|lumetri color|lut|custom lut|cdl|asc cdl|color space transform|color transform|colorspace|colorconvert|"
    "color convert|colormap|color map|invert|gamma|pow|premult|unpremult|tint|black white|broadcast safe|broadcast colors|"
    "video limiter|color effect|spectramatte|proc amp|procamp|white balance|aces transform|tone mapping|"
    # blur and sharpen
    "blur|gaussian blur|gaussian blur 2|box blur|fast blur|directional blur|directional|radial blur|lens blur|defocus|blur effect|"
    "mosaic|mosaic blur|mosaic effect|pixelate|sharpen|unsharp mask|unsharpmask|glow|film grain|grain|"
    # drawing and type
    "text|title|titler|rich text|shape|box|line|timecode|timecode burn in|data burn in|burn in|letterbox|blanking|video fades|"
    # fades
    "fade|fade in|fade out|fade to color|dip to color|video faders|fade handles|film fade|"
    # sound
    "volume|channel volume|audio volume|audio levels|audio gain|gain|level|levels audio|mute|pan|panner|audio pan|panprocessor|"
    "audiofader|internal volume stereo|internal volume mono|internal volume|balance|fill left|fill right|swap channels|"
    "equalizer|equaliser|equalizer band|fairlight equaliser band|fairlight equalizer band|eq|parametric equalizer|audiosuite eq|"
    "highpass|lowpass|high pass|low pass|compressor|limiter|audio dissolve|pitch|audio pitch|reverb|delay|fairlight fade|"
    "audio crossfade|constant gain|constant power"
)
"""Names of effects that add nothing to the origin of a frame."""

PLAIN_TRANSITIONS: frozenset[str] = _names(
    "smpte dissolve|dissolve|cross dissolve|crossdissolve|crossfade|cross fade|video dissolve|film dissolve|additive dissolve|"
    "non additive dissolve|blur dissolve|dip to color|dip to color dissolve|dip to black|dip to white|dip|fade|fade in|fade out|"
    "fade to black|fade to color|fade from black|wipe|edge wipe|clock wipe|barn door|barn doors|push|slide|iris|star iris|"
    "fade up|fade down|horizontal wipe|horizontalwipe|vertical wipe|verticalwipe|smpte wipe|luma|lumawipe|cut|key|key in|key out|"
    "key background|cross fade 0 db|cross fade 3 db|cross fade 0db|cross fade 3db|constant gain|constant power|"
    "exponential fade|audio dissolve|audio crossfade|audio cross fade|blend dissolve|d|w|k|kb|ko"
)
"""Names of transitions that only mix or slide two pictures or sounds."""

_BLACK = _names(
    "black|black video|blackvideo|slug|bl|blk|bars|smptebars|smpte bars|smpte color bar|smpte color bars|color bars|colour bars|"
    "bars and tone|hd bars and tone|ebu color bar|ebu bars|pal bars|solid color|solid colour|solidcolor|solid|color matte|"
    "colour matte|color|colour|fill|constant|checkers|checkerboard|gradient|grey scale|gray scale|four color gradient|window|noise|"
    "transparent video|counting leader|universal counting leader|custom solid|vivid|pinwheel|10 step|100mv steps"
)
"""Kinds of generators that make a plain signal."""

_TITLES = _names(
    "text|title|text plus|basic title|rich text|scroll|lower third|lower 3rd|left lower third|middle lower third|"
    "right lower third|subtitle|caption|captions|titler|outline text|crawl|scrolling text|typewriter|credits|titler pro|titletool"
)
"""Kinds of generators that set type and nothing else. A "graphic" may hold anything, so it is none of them."""

_SIGNALS_BY_NAME = _names(
    "black video|slug|smpte bars|color bars|colour bars|bars and tone|hd bars and tone|color matte|colour matte|solid color|"
    "solid colour|transparent video|counting leader|universal counting leader"
)
"""What editing programs call their own signals where the clip's name is all that a format keeps: no word that a shot would have."""

_BLACK_BY_NAME = _SIGNALS_BY_NAME | _names("black|bars|bl|blk")
_TITLES_BY_NAME = _names(
    "text|title|text plus|basic title|rich text|scroll|lower third|subtitle|caption|captions|titler|crawl|titler pro|titletool"
)
_SAYS_NOTHING = re.compile(
    r"(?:resolve |custom )?(?:effect|transition|generator|generator item|generatoritem|fx)? ?\d*|t ?\d+"
)
"""Names that a program gives to anything of the kind, and numbers: neither known nor unknown."""

_MODEL_WORDS = re.compile(
    r"(?:ai|genai|neural|diffusion|generated|sora|kling|veo|midjourney|dall e|dalle|pika|hailuo|seedance|comfyui)"
)
_FILE_NAME = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}\s*$|[/\\]", re.ASCII)


def _plain_name(name: str) -> str:
    """A name without case, ASCII punctuation and the vendor's prefix (``AE.ADBE Motion`` and ``toucan:Blur`` lose theirs).

    Only prefixes that we know are taken off, and letters of any script stay: ``AI: Blur`` is no blur.
    """
    text = re.sub(r"^(?:toucan:|(?:ae\.)?(?:adbe|pr\.adbe|ae\.) )", "", name.strip().casefold())
    return re.sub(r"[\x00-/:-@\[-`{-\x7f]+", " ", text).strip()


def effect_seen(*names: str, label: str = "") -> SeenEffect:
    """What an effect under these *names* (the program's own, its schema included) does: generative wins, then unknown, then plain.

    *label*: what a user called it, beside the program's own name; it can only make the answer worse.
    """
    if _says_generative((*names, label)):
        return "generative"
    return "unknown" if _says_model(label) else _all_known(names, PLAIN_EFFECTS)


def transition_seen(*names: str) -> SeenEffect:
    """The same for a transition: *names* are its kind and its name. Wipes may carry their SMPTE number (``W001``)."""
    if _says_generative(names):
        return "generative"
    wipes = frozenset(plain for plain in map(_plain_name, names) if re.fullmatch(r"w\d{1,3}|smpte wipe \d+", plain))
    return _all_known(names, PLAIN_TRANSITIONS | wipes)


def worse(one: SeenEffect, other: SeenEffect) -> SeenEffect:
    """The one of two judgments that holds more back: generative, unknown, plain."""
    order: tuple[SeenEffect, ...] = ("generative", "unknown", "plain")
    return min(one, other, key=order.index)


def generator_clip(generator: str, name: str = "") -> ClipKind:
    """The kind of clip that a generator makes: black (a plain signal), title, or generator when nothing is known of it.

    The *generator* decides; the clip's *name* only where no generator is named, and a name can always make it worse: a file
    name or a model's name on something called black is no black.
    """
    if _says_generative((generator, name)) or _says_model(name) or _FILE_NAME.search(name):
        return "generator"
    kind = _plain_name(generator)
    if not generator.strip() or (kind and _SAYS_NOTHING.fullmatch(kind)):
        kind, blacks, titles = _plain_name(name), _BLACK_BY_NAME, _TITLES_BY_NAME
    else:
        blacks, titles = _BLACK, _TITLES
    return "black" if kind in blacks else "title" if kind in titles else "generator"


def is_signal_name(name: str) -> bool:
    """Whether a clip's name alone says that it is a signal of the editing program (``Black Video``, ``Bars and Tone``)."""
    return _plain_name(name) in _SIGNALS_BY_NAME


def is_black_name(name: str) -> bool:
    """Whether a name beside a reel of black says no more than the reel does (``BL``, ``Slug``)."""
    return _plain_name(name) in _BLACK_BY_NAME


def _all_known(names: tuple[str, ...], known: frozenset[str]) -> SeenEffect:
    """Plain when something is said and all that is said is known."""
    said = [_plain_name(name) for name in names if name.strip()]
    # A name of nothing but signs says something that we do not know.
    telling = [plain for plain in said if plain in known or not plain or not _SAYS_NOTHING.fullmatch(plain)]
    return "plain" if telling and all(plain in known for plain in telling) else "unknown"


def _says_model(label: str) -> bool:
    return any(_MODEL_WORDS.fullmatch(word) for word in _plain_name(label).split())


def _says_generative(names: tuple[str, ...]) -> bool:
    spoken = " ".join(f" {_plain_name(name)}" for name in names)
    return any(f" {phrase}" in spoken for phrase in GENERATIVE_PHRASES)
