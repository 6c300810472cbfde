"""What a clip of an FCPXML file shows: its asset's files and ids, reels and roles, notes and the edge codes in them."""

from fractions import Fraction
from typing import NamedTuple

from msgspec.structs import replace

from edgecode.ingest.editorial.edge_codes import code_in, settled_code
from edgecode.ingest.editorial.fcpxml_document import Element
from edgecode.ingest.editorial.fcpxml_resources import Resources
from edgecode.ingest.editorial.fcpxml_time import seconds
from edgecode.terms.cuts import Diagnostic, Media
from edgecode.terms.timebase import Rate

_REEL = ".studio.reel"
_KEPT = (".studio.scene", ".studio.shot", ".studio.angle", ".mio.cameraname", ".mio.ingestdate")
_CODE_KEYS = ("edgecode", "edge_code")
_MARKERS = ("marker", "chapter-marker")
_ROLES = ("role", "audioRole", "videoRole")


class Source(NamedTuple):
    """An asset: *rate* None where it has no frames (a sound, a still). *halves*: which of picture and sound it holds."""

    media: Media
    rate: Rate | None
    still: bool
    halves: frozenset[str]
    comments: tuple[str, ...]


class Words(NamedTuple):
    """What is noted on an element: every line, the edge codes among them, its reel."""

    comments: tuple[str, ...]
    codes: tuple[str, ...]
    reel: str
    problems: tuple[Diagnostic, ...]


NO_WORDS = Words((), (), "", ())


class Sources:
    """The assets of a document as media, each read once, with times at *cut_rate* where it has no rate of its own."""

    def __init__(self, resources: Resources, cut_rate: Rate) -> None:
        self._resources = resources
        self._cut_rate = cut_rate
        self._known: dict[str, Source] = {}

    def of(self, asset: Element) -> Source:
        """What the asset is."""
        key = asset.says("id")
        if key not in self._known:
            self._known[key] = self._source(asset)
        return self._known[key]

    def _source(self, asset: Element) -> Source:
        rate = self._resources.rate_of(asset)
        halves = {half for half, word in (("picture", "hasVideo"), ("sound", "hasAudio")) if asset.says(word) == "1"}
        if not asset.says("hasVideo") and not asset.says("hasAudio"):
            halves = {"picture", "sound"}
        length, start = seconds(asset, "duration"), seconds(asset, "start") or Fraction(0)
        # Final Cut gives a still no length and a format without a rate.
        still = halves == {"picture"} and (
            length == 0 or (rate is None and self._resources.of(asset, "format") is not None)
        )
        counted = (rate or self._cut_rate).fraction
        shown, others, ids = _files(asset)
        words = words_on(asset)
        media = Media(
            kind="file",
            targets=shown,
            others=others,
            names=tuple(name for name in (asset.says("name"),) if name),
            reel=words.reel,
            codes=words.codes,
            umids=tuple(dict.fromkeys(each for each in (asset.says("uid"), *ids) if each)),
            available_first=Fraction(0) if still else None if length is None else start * counted,
            available_end=Fraction(1) if still else None if length is None else (start + length) * counted,
        )
        return Source(media, rate, still, frozenset(halves), words.comments)


def _files(asset: Element) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The files that are shown, those that stand in for them (proxies), and the ids that Final Cut gave the shown ones."""
    shown = [asset.says("src")]
    others: list[str] = []
    ids: list[str] = []
    for file in asset.all("media-rep"):
        proxy = file.says("kind") == "proxy-media"
        (others if proxy else shown).append(file.says("src"))
        ids += [] if proxy else [file.says("sig")]
        others.append("" if proxy else file.says("suggestedFilename"))
    return tuple(each for each in dict.fromkeys(shown) if each), tuple(filter(None, others)), tuple(ids)


def words_on(element: Element) -> Words:
    """Notes, markers, roles and metadata of an element, in the order of the file."""
    if not element.children and not any(role in element.attributes for role in _ROLES):
        return NO_WORDS
    lines = [f"{role}: {element.says(role)}" for role in _ROLES if element.says(role)]
    codes: list[str] = []
    problems: list[Diagnostic] = []
    reel = ""
    for child in element.children:
        if child.tag == "note":
            lines.append(child.text.strip())
        elif child.tag in _MARKERS:
            lines += [child.says("value"), child.says("note")]
        elif child.tag == "audio-channel-source" and child.says("role"):
            lines.append(f"role: {child.says('role')}")
        elif child.tag == "text":
            lines.append("".join(part.text for part in child.within()).strip())
        elif child.tag == "metadata":
            for entry in child.all("md"):
                key, value = entry.says("key"), entry.says("value")
                if key.lower().endswith(_REEL):
                    reel = value.strip() or reel
                elif key.lower().endswith(_KEPT) and value:
                    lines.append(f"{key}: {value}")
                elif key.lower() in _CODE_KEYS or key.lower().endswith(".edgecode"):
                    lines.append(f"EDGECODE: {value}")
    said = tuple(line for line in dict.fromkeys(lines) if line)
    for written in (code for line in said if (code := code_in(line)) is not None):
        settled = settled_code(written)
        if settled is None:
            text = "something given as an edge code is none"
            problems.append(Diagnostic("edge_code.invalid", text, element.line, element.where))
        else:
            codes.append(settled)
    return Words(said, tuple(dict.fromkeys(codes)), reel, tuple(problems))


def told_by(media: Media, words: Words) -> Media:
    """*media* with what the clip itself says of it: its own reel and edge codes before the asset's."""
    if not words.reel and not words.codes:
        return media
    codes = tuple(dict.fromkeys((*words.codes, *media.codes)))
    return replace(media, reel=words.reel or media.reel, codes=codes)
