"""Between what edgecode says of an asset and traits: which ones an asset has, what they hold, and three words of our own."""

from fractions import Fraction

from openassetio.errors import InputValidationException
from openassetio.trait import TraitsData
from openassetio.utils import FileUrlPathConverter
from openassetio_mediacreation.traits.audio import AudioTrait_v1 as AudioTrait
from openassetio_mediacreation.traits.content import LocatableContentTrait_v1 as LocatableContentTrait
from openassetio_mediacreation.traits.identity import DisplayNameTrait_v1 as DisplayNameTrait
from openassetio_mediacreation.traits.lifecycle import StableTrait_v1 as StableTrait
from openassetio_mediacreation.traits.lifecycle import VersionTrait_v1 as VersionTrait
from openassetio_mediacreation.traits.relationship import SingularTrait_v1 as SingularTrait
from openassetio_mediacreation.traits.relationship import UnboundedTrait_v1 as UnboundedTrait
from openassetio_mediacreation.traits.timeDomain import FrameRangedTrait_v1 as FrameRangedTrait
from openassetio_mediacreation.traits.twoDimensional import ImageCollectionTrait_v1 as ImageCollectionTrait
from openassetio_mediacreation.traits.twoDimensional import ImageTrait_v1 as ImageTrait
from openassetio_mediacreation.traits.twoDimensional import PixelBasedTrait_v1 as PixelBasedTrait
from openassetio_mediacreation.traits.usage import EntityTrait_v1 as EntityTrait
from openassetio_mediacreation.traits.usage import RelationshipTrait_v1 as RelationshipTrait

MAKING = "edgecode:lineage.Making"
"""What a host says of how something was made. Properties, all text: `kind` (comp, render, generate …), `ai`, `tool`, `toolVersion`, and,
each with references or paths a line, `picture`, `sound`, `reference`, `control`: what it was made from; `models`: names, a line each."""
MADE_FROM = "edgecode:lineage.MadeFrom"
"""A relationship to what something was made from in its last step. Property `role`: only inputs of these roles, a comma between them."""
MADE_INTO = "edgecode:lineage.MadeInto"
"""A relationship to what was made from something in one step. Property `role` as above."""

ROLES = ("picture", "sound", "reference", "control")
KINDS = frozenset(
    "camera sound-recording capture paint model animate type draw compose render generate generative-edit transfer grade key roto retime"
    " denoise upscale restore transcode conform comp mix vendor command".split()
)
AI = frozenset({"", "none", "assistive", "generative", "unknown"})

_FAMILIES = {
    "still": {ImageTrait.kId, PixelBasedTrait.kId},
    "sequence": {ImageCollectionTrait.kId, PixelBasedTrait.kId, FrameRangedTrait.kId},
    "video": {ImageCollectionTrait.kId, PixelBasedTrait.kId, FrameRangedTrait.kId},
    "audio": {AudioTrait.kId},
}
READABLE = {EntityTrait.kId, LocatableContentTrait.kId, DisplayNameTrait.kId, VersionTrait.kId}.union(
    *_FAMILIES.values()
)
"""Every trait that an asset of ours may have."""
TO_PUBLISH = {EntityTrait.kId, LocatableContentTrait.kId}
"""What something that is published must have."""

_RELATIONS = {RelationshipTrait.kId, SingularTrait.kId, UnboundedTrait.kId, StableTrait.kId}
_URLS = FileUrlPathConverter()


def traits_of(asset):
    """The traits that an asset has. What nobody knows of it it has not."""
    found = {EntityTrait.kId, DisplayNameTrait.kId, VersionTrait.kId} | _FAMILIES.get(asset.get("kind", ""), set())
    if "path" in asset:
        found.add(LocatableContentTrait.kId)
    if "first" not in asset:
        found.discard(FrameRangedTrait.kId)
    return found


def to_publish(reference):
    """The traits that a publish to a reference says; of a sequence also its frames."""
    return TO_PUBLISH | ({FrameRangedTrait.kId} if "*" in reference else set())


def traits_data(asset, wanted):
    """An asset's data for those of the *wanted* traits that it has."""
    data = TraitsData(traits_of(asset) & wanted)
    if LocatableContentTrait.isImbuedTo(data):
        locate(data, asset)
    if DisplayNameTrait.isImbuedTo(data):
        DisplayNameTrait(data).setName(asset.get("name", ""))
        DisplayNameTrait(data).setQualifiedName(
            "%s (%s)" % (asset.get("name", ""), asset.get("edge_code") or asset["version"])
        )
    if VersionTrait.isImbuedTo(data):
        VersionTrait(data).setStableTag(asset["version"])
        VersionTrait(data).setSpecifiedTag(asset["version"])
    if PixelBasedTrait.isImbuedTo(data) and asset.get("width") and asset.get("height"):
        PixelBasedTrait(data).setDisplayWindowWidth(asset["width"])
        PixelBasedTrait(data).setDisplayWindowHeight(asset["height"])
    if FrameRangedTrait.isImbuedTo(data):
        FrameRangedTrait(data).setStartFrame(asset["first"])
        FrameRangedTrait(data).setEndFrame(asset["last"])
        if asset.get("rate"):
            FrameRangedTrait(data).setFramesPerSecond(float(Fraction(asset["rate"])))
    return data


def locate(data, asset):
    """Say where an asset lies; a sequence with a variable for its frame number."""
    trait = LocatableContentTrait(data)
    path = asset["path"]
    if len(path) > 1:
        number = "{frame:0%dd}" % asset["padding"] if asset.get("padding") else "{frame:d}"
        location = number.join(part.replace("{", "{{").replace("}", "}}") for part in path)
        trait.setIsTemplated(True)
    else:
        (location,) = path
        trait.setIsTemplated(False)
    trait.setLocation(_URLS.pathToUrl(location))


def path_in(data):
    """The path that somebody's data names, a sequence as step/1 writes it; "" for none. Raises ValueError for what is no file."""
    trait = LocatableContentTrait(data)
    location = trait.getLocation(defaultValue="") if trait.isImbued() else ""
    if not location:
        return ""
    try:
        path = _URLS.pathFromUrl(location)
    except InputValidationException:
        raise ValueError("its location is no file:// URL") from None
    if not trait.getIsTemplated(defaultValue=False):
        return path
    frames = FrameRangedTrait(data)
    first, last = (frames.getStartFrame(), frames.getEndFrame()) if frames.isImbued() else (None, None)
    return sequence_token(path, first=first, last=last)


def sequence_token(path, first=None, last=None):
    """``a.{frame:04d}.exr`` as ``a.%04d.exr``, or as ``a.[1001-1003].exr`` where its frames are said. Raises ValueError for other
    variables."""
    before, brace, rest = path.replace("{{", "\0").replace("}}", "\1").partition("{")
    if not brace:
        return path.replace("{{", "{").replace("}}", "}")
    variable, _, after = rest.partition("}")
    name, _, shape = variable.partition(":")
    if name != "frame" or "{" in after or not (shape in ("", "d") or (shape.endswith("d") and shape[:-1].isdigit())):
        raise ValueError("its location has other variables than the frame number")
    digits = shape.rstrip("d")
    token = "%%%sd" % digits if digits else "%d"
    if first is not None and last is not None and 0 <= first <= last:
        token = "[%s-%s]" % (token % first, token % last)
    return (before + token + after).replace("\0", "{").replace("\1", "}")


def text_of(data, trait, name):
    """A property as text; "" where it is not there or is none."""
    value = data.getTraitProperty(trait, name) if data.hasTrait(trait) else None
    return value if isinstance(value, str) else ""


def relation_of(data):
    """Which way a relationship leads: ``made-from``, ``made-into``, ``versions``, ``stable``, or None for one that we do not know."""
    named = set(data.traitSet()) - _RELATIONS
    ways = {
        frozenset({MADE_FROM}): "made-from",
        frozenset({MADE_INTO}): "made-into",
        frozenset({VersionTrait.kId}): "versions",
    }
    if not named and data.hasTrait(StableTrait.kId):
        return "stable"
    return ways.get(frozenset(named))
