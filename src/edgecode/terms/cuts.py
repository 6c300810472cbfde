"""A cut as the editing room handed it over: tracks, clips (one row per use of a source), transitions, effects, problems.

All times of a clip are exact fractions of frames: record times in frames of the cut from its first frame, source times in
frames of the source's own rate on the source's own clock. Ranges are half open.
"""

from enum import StrEnum
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from edgecode.terms.timebase import Rate

TrackKind = Literal["picture", "sound", "other"]
ClipKind = Literal["picture", "sound", "title", "generator", "black", "other"]
MediaKind = Literal["file", "sequence", "generator", "none"]
SeenEffect = Literal["plain", "generative", "unknown"]


class Diagnostic(Struct, frozen=True, omit_defaults=True):
    """A problem found while reading: stable dotted code, line or path in the file, one sentence, and what it did to the rows.

    *effect*: none, approximate, row-missing (a missing row is a gap in the record and must be looked at).
    """

    code: str
    text: str
    line: int = 0
    path: str = ""
    effect: Literal["none", "approximate", "row-missing"] = "none"


class Media(Struct, frozen=True, omit_defaults=True):
    """What the file says a clip shows. Everything is a claim; matching it to a version is the conform's work.

    *targets*: paths or URLs as written, of the one reference that the cut shows; an image sequence's is a pattern with ``%04d``
    where the frame number stands. *others*: paths, URLs or names of references that the cut holds and does not show (proxies,
    high resolution twins): a hint at most. *names*: other names for what is shown (clip name comments, file names). *reel*:
    source reel as written (``AX`` and ``BL`` name no reel and are left out); *reel_full*: the long name when the file says which
    one was cut short; *reel_is_truncated*: it may be cut short (8 or 32 characters), so it never matches alone.
    *codes*: edge codes or edgecode ids found in metadata or comments. *umids*: SMPTE UMIDs or other unique ids.
    *available_first*, *available_end*: the media's range on its own clock, in frames at *source_rate* of the clip, half open.
    *generator*: the kind of generator as written. *sequence_*: parts of an image sequence's name; *sequence_first* is the number
    of the frame that lies at *available_first*.
    """

    kind: MediaKind = "none"
    targets: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    reel: str = ""
    reel_full: str = ""
    reel_is_truncated: bool = False
    codes: tuple[str, ...] = ()
    umids: tuple[str, ...] = ()
    available_first: Fraction | None = None
    available_end: Fraction | None = None
    generator: str = ""
    sequence_prefix: str = ""
    sequence_suffix: str = ""
    sequence_first: int = 0
    sequence_step: int = 1
    sequence_padding: int = 0


class Effect(Struct, frozen=True, omit_defaults=True):
    """Something the editing program does to a clip, a track or a nested cut: *schema* and *name* as written, what we make of it.

    A clip carries the effects of the nested cuts and tracks around it after its own; *inherited* says which: ``nest``, or
    ``track`` for those of its outermost track or of the whole cut. A disabled effect is `plain`.
    """

    name: str
    schema: str = ""
    seen: SeenEffect = "unknown"
    parameters: str = ""
    """The file's own parameters as JSON text, at most 64 KiB (longer ones are left out, with a diagnostic)."""

    enabled: bool = True
    inherited: Literal["", "nest", "track"] = ""


class Transition(Struct, frozen=True, omit_defaults=True):
    """A dissolve, wipe or key between two clips of a track: where both are seen, in frames of the cut.

    *kind* as written. *track*: index of the outermost track. *seen*: whether the program only mixes the two, as for an effect.
    """

    name: str
    kind: str
    track: int
    record_in: Fraction
    record_out: Fraction
    seen: SeenEffect = "plain"


class Clip(Struct, frozen=True):
    """One use of one source in the cut.

    *kind* ``black`` is black, colour, bars: a plain signal that the editing program makes; ``other``: a channel that says neither.
    *path* is the way from the outermost track down through nested cuts: (track), or (track, item, layer) for a clip of a nested
    cut, or (track, item, layer, item, layer) and so on. Tracks and layers count from the bottom, so a later one is higher;
    *item* is the nested cut's place along its track (gaps not counted), and two items of one track are neighbours, neither above the other.
    *record_in*, *record_out*: what is seen, in frames of the cut from 0, transitions' overlaps included.
    *source_in*: the source frame seen at record_in, in frames at *source_rate* on the source's own clock; None: not computable.
    *source_scale*: source frames (at *source_rate*) per frame of the cut; 0 is a freeze, negative plays backwards; None means
    the range is uncertain, so the whole available range counts as used.
    *enabled*: its own switch and those of the nested cuts around it; the outermost track has its own.
    *side*: the incoming or outgoing side of a transition. *comments*: every comment line, in order (may name people).
    *placed* ``somewhere``: a nested cut around it is retimed by a curve, so it is seen at some time within its record range.
    """

    name: str
    kind: ClipKind
    path: tuple[int, ...]
    record_in: Fraction
    record_out: Fraction
    media: Media
    source_rate: Rate | None = None
    source_in: Fraction | None = None
    source_scale: Fraction | None = Fraction(1)
    enabled: bool = True
    side: Literal["", "in", "out"] = ""
    event: str = ""
    source_label: str = ""
    effects: tuple[Effect, ...] = ()
    nest: tuple[str, ...] = ()
    """Names of the nested cuts around it, outermost first."""
    comments: tuple[str, ...] = ()
    placed: Literal["exact", "somewhere"] = "exact"

    @property
    def frames(self) -> Fraction:
        """Length on the record side, in frames of the cut."""
        return self.record_out - self.record_in

    @property
    def source_out(self) -> Fraction | None:
        """The source position at record_out (half open), or None where it is not computable."""
        if self.source_in is None or self.source_scale is None:
            return None
        return self.source_in + self.frames * self.source_scale


class Track(Struct, frozen=True):
    """One track of the cut, bottom first."""

    name: str
    kind: TrackKind
    enabled: bool = True
    source: int = 0
    """Which of the cut's input files it came from (an EDL holds one picture track)."""


class EffectsVisible(StrEnum):
    """Whether a format can show what the editing program did to the picture."""

    YES = "yes"
    NO = "no"


class CutReading(Struct, frozen=True):
    """One cut as read: *start* is the record timecode of its first frame in frames, *frames* its length; both at *rate*.

    *rate* is None when the file cannot say and nobody did (diagnostic ``rate.unknown``): then *clips* is empty, *start* and
    *frames* are 0, and *labels* holds what was read: (track index, event, name, reel, source in, source out, record in, record
    out), all as text.
    """

    name: str
    format: str
    reader: str
    rate: Rate | None
    drop_frame: bool
    start: int
    frames: int
    tracks: tuple[Track, ...]
    clips: tuple[Clip, ...]
    transitions: tuple[Transition, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    effects_visible: EffectsVisible = EffectsVisible.YES
    labels: tuple[tuple[str, ...], ...] = ()
    inputs: tuple[str, ...] = ()
    """SHA-256 of every file it was read from, in order."""
