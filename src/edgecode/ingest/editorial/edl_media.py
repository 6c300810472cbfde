"""What an EDL event claims to show: reel, names, files, image sequences; black and generators."""

import re

from edgecode.ingest.editorial.edl_channels import Channel
from edgecode.ingest.editorial.edl_lines import EventLine
from edgecode.ingest.editorial.edl_notes import SideNotes
from edgecode.terms.cuts import ClipKind, Media
from edgecode.terms.effects import generator_clip, is_black_name, is_signal_name

_NO_REEL = ("AX", "BL", "BLACK", "BARS", "GEN", "")
_BLACK_REELS = ("BL", "BLK", "BLACK", "BARS")
_SEQUENCE = re.compile(r"^(.*?)\[(\d{1,9})(?:-|\.\.)(\d{1,9})\](.*)$")
_CUT_LENGTHS = (8, 32)
"""Where programs cut reels short: CMX 3600 at eight characters, Avid's long form at 32."""


def kind_of(line: EventLine, channel: Channel, side: SideNotes) -> ClipKind:
    """Black, bars and the program's own plain signals are ``black``; a generator is what its name says."""
    if channel.kind == "sound":
        return "sound"
    reel = line.reel.upper()
    if _is_black(line, side):
        return "black"
    name = next(iter(side.names), "")
    if channel.kind == "other":
        return "other"
    filed = bool(side.targets or side.codes or side.reel_full or len(side.names) > 1)
    if side.generator or reel == "GEN":
        return "generator" if filed else generator_clip("", name)
    # Programs list their own signals under AX: their names are exact (``Black Video``, ``Bars and Tone``, ``Color Matte``).
    return "black" if reel == "AX" and is_signal_name(name) and not filed else "picture"


def _is_black(line: EventLine, side: SideNotes) -> bool:
    """Whether a reel of black (or bars) is all that is said: a file, a code or another name beside it is a claim to more."""
    claims = side.targets or side.codes or side.reel_full or not all(map(is_black_name, side.names))
    return line.reel.upper() in _BLACK_REELS and not claims


def media_of(line: EventLine, side: SideNotes, sources: dict[str, tuple[str, str]], kind: ClipKind) -> Media:
    """The claims of one side of an event. *sources*: the list's own table of reels that were cut short."""
    if _is_black(line, side):
        return Media()
    reel = "" if line.reel.upper() in (*_NO_REEL, *_BLACK_REELS) else line.reel
    full, unique = sources.get(reel, ("", "")) if reel else ("", "")
    full = side.reel_full or full or _full_name(reel, side)
    prefix, suffix, first, padding = _sequence(side)
    generated = kind in ("generator", "title", "black")
    named = bool(reel or side.names or side.targets or side.codes)
    return Media(
        kind="generator" if generated else "sequence" if padding else "file" if named else "none",
        targets=tuple(dict.fromkeys(side.targets)),
        names=tuple(dict.fromkeys(side.names)),
        reel=reel,
        reel_full=full if full != reel else "",
        reel_is_truncated=bool(reel) and full != reel and (len(reel) in _CUT_LENGTHS or full.startswith(reel)),
        codes=tuple(dict.fromkeys(side.codes)),
        umids=(unique,) if unique else (),
        generator=next(iter(side.names), "") if generated else "",
        sequence_prefix=prefix,
        sequence_suffix=suffix,
        sequence_first=first,
        sequence_padding=padding,
    )


def _full_name(reel: str, side: SideNotes) -> str:
    """A noted file name that the reel begins is what the reel was before it was cut short."""
    for name in side.names[1:] + side.names[:1]:
        stem = re.sub(r"\.[A-Za-z][A-Za-z0-9]{1,3}$", "", name)
        if len(reel) >= 6 and stem.upper().startswith(reel.upper().rstrip(".")) and " " not in stem:
            return stem
    return ""


def _sequence(side: SideNotes) -> tuple[str, str, int, int]:
    """Prefix, suffix, first frame and padding of a name like ``shot_[1001-1020].exr``; padding 0 when there is none."""
    for name in (*side.targets, *side.names):
        match = _SEQUENCE.match(name)
        if match:
            return match[1], match[4], int(match[2]), len(match[2])
    return "", "", 0, 0
