"""Is an export good enough to be matched? What is wrong with it, for how many clips, and the choice in the program that mends it.

Red: clips of it cannot be matched, or the cut is not whole. Yellow: it can be matched, and some answers will be weaker.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from edgecode.ingest.editorial.export_choices import MENDING, MENDING_OF_FORMAT, Program
from edgecode.terms.cuts import Clip, CutReading, EffectsVisible

Colour = Literal["red", "yellow"]
_HOLDS_PATHS = ("otio", "fcpxml", "fcp7", "aaf")
_LONG_CUT_SECONDS = 20


class ExportFinding(Struct, frozen=True):
    """One thing that is wrong with an export. *count* of *of* clips (0 of 0: it is about the whole cut). *mend*: what to choose."""

    code: str
    colour: Colour
    text: str
    mend: str
    count: int = 0
    of: int = 0


class _Rule(Struct, frozen=True):
    """*wrong*: the clips that are; every one of *among* counts as asked. *all_of_them*: said only where every clip is."""

    code: str
    colour: Colour
    text: str
    wrong: Callable[[Clip, CutReading], bool]
    all_of_them: bool = False
    only: tuple[str, ...] = ()
    at_least: int = 1


def _has_reel(clip: Clip) -> bool:
    return bool(clip.media.reel_full or (clip.media.reel and not clip.media.reel_is_truncated))


def _without_identity(clip: Clip, cut: CutReading) -> bool:
    media = clip.media
    return not (media.targets or media.umids or media.codes or (_has_reel(clip) and clip.source_in is not None))


def _beyond(clip: Clip, cut: CutReading) -> bool:
    low, high = clip.media.available_first, clip.media.available_end
    if low is None or high is None or clip.source_in is None or clip.source_out is None:
        return False
    first, end = sorted((clip.source_in, clip.source_out))
    return first < low - 1 or end > high + 1


def _without_handles(clip: Clip, cut: CutReading) -> bool:
    low, high = clip.media.available_first, clip.media.available_end
    if cut.format == "imf" or low is None or high is None or clip.source_in is None or clip.source_out is None:
        return False
    first, end = sorted((clip.source_in, clip.source_out))
    return abs(first - low) < 1 and abs(end - high) < 1


_RULES = (
    _Rule(
        "export.no_identity",
        "red",
        "say neither path, unique id nor reel with timecode: only a name is left",
        _without_identity,
    ),
    _Rule(
        "export.reels_cut_short",
        "red",
        "have a reel of 8 (or 32) characters that may be cut short",
        lambda clip, cut: clip.media.reel_is_truncated and not clip.media.reel_full,
    ),
    _Rule(
        "export.no_reels",
        "yellow",
        "name no reel",
        lambda clip, cut: not (clip.media.reel or clip.media.reel_full),
        only=("edl", "aaf", "fcp7", "otio"),
    ),
    _Rule("export.no_paths", "yellow", "name no media file", lambda clip, cut: not clip.media.targets),
    _Rule(
        "export.offline",
        "red",
        "show no media at all: they were offline when the cut was exported",
        lambda clip, cut: clip.media.kind == "none" and not (clip.media.targets or clip.media.umids),
        only=_HOLDS_PATHS,
    ),
    _Rule(
        "export.no_source_range",
        "red",
        "do not say which frames of the source they show",
        # The text of a Pro Tools session has no source positions, whatever is chosen.
        lambda clip, cut: clip.source_in is None and cut.format != "protools",
    ),
    _Rule(
        "export.from_zero",
        "yellow",
        "begin at frame 0 of their source, all of them: no source timecode came along, or every shot was rendered",
        # The track files of a delivered package are read from their first frame, and are made so.
        lambda clip, cut: clip.source_in == 0 and cut.format != "imf",
        all_of_them=True,
        at_least=3,
    ),
    _Rule(
        "export.uncertain_speed",
        "yellow",
        "run at a speed that the file does not say, so all of their source counts",
        lambda clip, cut: clip.source_in is not None and clip.source_scale is None,
    ),
    _Rule(
        "export.mixed_rates",
        "yellow",
        "count their source at another rate than the cut",
        lambda clip, cut: clip.source_rate is not None and cut.rate is not None and clip.source_rate != cut.rate,
    ),
    _Rule("export.beyond_media", "red", "show more than their media has", _beyond),
    _Rule(
        "export.no_handles",
        "yellow",
        "use all of their media: it was trimmed without handles",
        _without_handles,
        all_of_them=True,
        at_least=3,
    ),
)


def checked(readings: Iterable[CutReading], *, program: Program = "any") -> list[ExportFinding]:
    """Everything wrong with the cuts of an export, red before yellow. No finding: it is good."""
    found: dict[str, ExportFinding] = {}
    for reading in readings:
        for one in _about(reading, program):
            before = found.get(one.code)
            count, of = (before.count, before.of) if before else (0, 0)
            found[one.code] = ExportFinding(one.code, one.colour, one.text, one.mend, one.count + count, one.of + of)
    return sorted(found.values(), key=lambda one: (one.colour != "red", -one.count, one.code))


def _about(cut: CutReading, program: Program) -> list[ExportFinding]:
    def finding(code: str, colour: Colour, text: str, count: int = 0, of: int = 0) -> ExportFinding:
        mend = MENDING_OF_FORMAT.get((cut.format, code)) or MENDING[code].get(program) or MENDING[code]["any"]
        return ExportFinding(code, colour, text, mend, count, of)

    found: list[ExportFinding] = []
    if cut.rate is None:
        return [finding("export.no_rate", "red", "nothing says how many frames a second the cut counts")]
    missing = sum(problem.effect == "row-missing" for problem in cut.diagnostics)
    if missing:
        found.append(finding("export.rows_missing", "red", "things in the file could not be placed", missing))
    clips = [
        clip for clip in cut.clips if clip.kind in ("picture", "sound", "other") and clip.media.kind != "generator"
    ]
    if not clips:
        return [*found, finding("export.empty", "red", "the cut shows no clip of any media")]
    for rule in _RULES:
        wrong = sum(rule.wrong(clip, cut) for clip in clips)
        is_said = wrong == len(clips) if rule.all_of_them else wrong > 0
        if is_said and wrong >= rule.at_least and cut.format in (rule.only or (cut.format,)):
            found.append(finding(rule.code, rule.colour, rule.text, wrong, len(clips)))
    if _is_flattened(cut, [clip for clip in clips if clip.kind == "picture"]):
        found.append(
            finding("export.flattened", "red", "the picture is one file from beginning to end: a rendered film, no cut")
        )
    if cut.effects_visible is EffectsVisible.NO:
        found.append(
            finding("export.effects_unseen", "yellow", "the format cannot show what the program did to the picture")
        )
    return found


def _is_flattened(cut: CutReading, pictures: Sequence[Clip]) -> bool:
    """One clip over nearly all of a cut; or several of one source, one after the other as they lie in it."""
    if cut.rate is None or cut.frames < _LONG_CUT_SECONDS * cut.rate.nominal or not pictures:
        return False
    longest = max(clip.frames for clip in pictures)
    if longest * 100 >= cut.frames * 95:
        return True
    sources = {clip.media.targets or (clip.media.reel,) for clip in pictures}
    offsets = {clip.source_in - clip.record_in for clip in pictures if clip.source_in is not None}
    shown = sum((clip.frames for clip in pictures), Fraction(0))
    return len(pictures) > 2 and len(sources) == len(offsets) == 1 and shown * 100 >= cut.frames * 95


def program_of(data: bytes, form: str) -> Program:
    """The editing program that an export looks like it came from; ``any`` where nothing tells."""
    head = data[: 1 << 16]
    if form == "fcpxml":
        return "resolve" if b"DaVinci" in head else "final-cut"
    if b"Resolve_OTIO" in data or b"DaVinci Resolve" in head:
        return "resolve"
    if b"PProTicks" in head or b"Premiere" in head or b"PremierePro" in data[: 1 << 20]:
        return "premiere"
    if (
        form == "aaf"
        or b">>> SOURCE" in data
        or b"AVX2 EFFECT" in head
        or (b"* TO CLIP NAME" in head and b"AVID" in head.upper())
    ):
        return "avid"
    return "any"
