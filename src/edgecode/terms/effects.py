"""What editing programs do to picture and sound, by name: effects, transitions and generators as far as we know them.

A name is *plain* when the program only moves, mixes, colours, blurs or retimes what is there; *generative* when a model makes
content; everything else is *unknown*, which makes the AI use of its range unknown (FORMATS, "What a frame is made of"). Names
are compared without case, punctuation and vendor prefix, in the forms that Resolve, Premiere, Avid, Final Cut and OTIO write.
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
    "lens correction|lens distortion|stabilization|stabilize|warp stabilizer|stabilizer|input sizing|edit sizing|"
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
    "horizontal wipe|horizontalwipe|vertical wipe|verticalwipe|smpte wipe|luma|lumawipe|cut|key|key in|key out|key background|"
    "cross fade 0 db|cross fade 3 db|cross fade 0db|cross fade 3db|constant gain|constant power|exponential fade|audio dissolve|"
    "audio crossfade|audio cross fade|blend dissolve|d|w|k|kb|ko"
)
"""Names of transitions that only mix or slide two pictures or sounds."""

_BLACK = _names(
    "black|black video|blackvideo|slug|bl|blk|bars|smptebars|smpte bars|smpte color bar|smpte color bars|color bars|colour bars|"
    "bars and tone|hd bars and tone|ebu color bar|ebu bars|pal bars|solid color|solid colour|solidcolor|solid|color matte|"
    "colour matte|color|colour|fill|constant|checkers|checkerboard|gradient|grey scale|gray scale|four color gradient|window|noise|"
    "transparent video|counting leader|universal counting leader|custom solid|vivid|pinwheel|10 step|100mv steps"
)
_TITLES = _names(
    "text|title|text plus|basic title|rich text|scroll|lower third|lower 3rd|left lower third|middle lower third|"
    "right lower third|subtitle|caption|captions|titler|graphic|essential graphics|outline text|crawl|scrolling text|"
    "typewriter|credits|titler pro|titletool"
)


def _plain_name(name: str) -> str:
    """A name without case, punctuation and the vendor's prefix (``AE.ADBE Motion`` and ``toucan:Blur`` lose theirs)."""
    text = name.rpartition(":")[2].casefold()
    text = re.sub(r"^(?:ae\.)?(?:adbe|pr\.adbe|ae\.) ", "", text)
    return re.sub(r"[^a-z0-9]+", " ", text).strip()


def effect_seen(*names: str) -> SeenEffect:
    """What an effect under these *names* (the program's own, most exact first) does: generative wins, then plain, else unknown."""
    known = [plain for plain in map(_plain_name, names) if plain]
    if _says_generative(names):
        return "generative"
    return "plain" if any(name in PLAIN_EFFECTS for name in known) else "unknown"


def transition_seen(*names: str) -> SeenEffect:
    """The same for a transition: *names* are its kind and its name. Wipes may carry their SMPTE number (``W001``)."""
    known = [plain for plain in map(_plain_name, names) if plain]
    if _says_generative(names):
        return "generative"
    mixes = any(name in PLAIN_TRANSITIONS or re.fullmatch(r"w\d{1,3}|smpte wipe \d+", name) for name in known)
    return "plain" if mixes else "unknown"


def generator_clip(generator: str, name: str = "") -> ClipKind:
    """The kind of clip that a generator makes: black (a plain signal), title, or generator when nothing is known of it."""
    known = [plain for plain in (_plain_name(generator), _plain_name(name)) if plain]
    if _says_generative((generator, name)):
        return "generator"
    if known and known[0] in _BLACK:
        return "black"
    return "title" if any(plain in _TITLES for plain in known) else "generator"


def _says_generative(names: tuple[str, ...]) -> bool:
    spoken = " ".join(f" {_plain_name(name)}" for name in names)
    return any(f" {phrase}" in spoken for phrase in GENERATIVE_PHRASES)
