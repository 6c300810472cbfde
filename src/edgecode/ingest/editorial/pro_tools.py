"""The sound cut of a mix: a Pro Tools session as its text export tells it, a track of sound for every track of the session.

The export names each clip, its place and its file, and not the frame of the file that it starts from: all of the file counts as
used. Fades are rows of their own in it; they are given to the clips that they fade.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from math import ceil

from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.editorial.edge_codes import code_in, settled_code
from edgecode.ingest.editorial.limits import refuse_large_file, refuse_many_uses
from edgecode.ingest.editorial.parts import without_rate
from edgecode.ingest.editorial.pro_tools_text import Row, SessionText, SessionTrack, parse_session
from edgecode.ingest.editorial.pro_tools_time import SessionClock, says_whole_seconds, session_rate
from edgecode.terms.cuts import Clip, CutReading, Diagnostic, Effect, EffectsVisible, Media, Track, Transition
from edgecode.terms.effects import effect_seen, transition_seen
from edgecode.terms.timebase import Rate

FORMAT = "protools"
READER = "edgecode.protools/1"
_FADES = ("(fade in)", "(fade out)", "(cross fade)", "(crossfade)")
_LONGEST_NAME = 200
_FORM_OF_PLUG_IN = re.compile(
    r"\s*\((?:mono|stereo|multi[- ]?mono|[\d.]+|lcrs?|quad|[^()]*channel[^()]*)[^()]*\)$", re.IGNORECASE
)


def read_session(data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
    """The one cut of a session's text. *rate* overrules the timecode format that the file says.

    Raises InputError: ``cut.too_large``, ``cut.none`` (exported without its tracks), ``cut.too_many_clips``.
    """
    refuse_large_file(data, name)
    text = parse_session(data)
    digest = sha256(data).hexdigest()
    if not text.tracks:
        raise InputError(
            "cut.none",
            f"{name} is a Pro Tools text export without a list of tracks",
            "Export the session info again with 'Include Track EDL(s)'",
        )
    title = text.header.get("SESSION NAME", "") or name
    told, drop = session_rate(text.header.get("TIMECODE FORMAT", "") or text.header.get("TIME CODE FORMAT", ""))
    settled = rate or told
    if settled is None:
        return [without_rate(title, text.problems, form=FORMAT, reader=READER, digest=digest)]
    session = _Session(text, SessionClock.of(text.header, settled, drop_frame=drop), name=name)
    if rate is not None and told is not None and rate != told:
        sentence = f"the file counts {told.spoken} frames a second and was read at {rate.spoken}"
        session.problems.append(Diagnostic("rate.conflict", sentence, effect="approximate"))
    return [session.reading(title, digest)]


class _Session:
    def __init__(self, text: SessionText, clock: SessionClock, *, name: str) -> None:
        self.text = text
        self.clock = clock
        self.name = name
        self.problems: list[Diagnostic] = [*text.problems, *clock.problems]
        self.clips: list[Clip] = []
        self.transitions: list[Transition] = []
        self._unlisted: set[str] = set()
        self._coarse = False

    def reading(self, title: str, digest: str) -> CutReading:
        for index, track in enumerate(self.text.tracks):
            self._track(index, track)
            refuse_many_uses(len(self.clips), self.name)
        self._say_what_is_missing()
        on = [clip.record_out for clip in self.clips if clip.enabled and _is_on(self.text.tracks[clip.path[0]])]
        shows = all(track.plug_ins is not None for track in self.text.tracks)
        return CutReading(
            name=title,
            format=FORMAT,
            reader=READER,
            rate=self.clock.rate,
            drop_frame=self.clock.drop_frame,
            start=self.clock.start,
            frames=ceil(max(on, default=Fraction(0))),
            tracks=tuple(Track(track.name, "sound", _is_on(track)) for track in self.text.tracks),
            clips=tuple(self.clips),
            transitions=tuple(self.transitions),
            diagnostics=tuple(self.problems),
            effects_visible=EffectsVisible.YES if shows else EffectsVisible.NO,
            inputs=(digest,),
        )

    def _say_what_is_missing(self) -> None:
        counted = self.text.header.get("# OF AUDIO TRACKS", "")
        if counted.isdecimal() and int(counted) > len(self.text.tracks):
            text = f"the session has {int(counted)} tracks of sound and the export lists {len(self.text.tracks)}"
            self.problems.append(Diagnostic("tracks.missing", text, effect="row-missing"))
        if any("SOLO" in track.states for track in self.text.tracks):
            text = "a track is soloed, which is a matter of listening: no other track was taken as muted for it"
            self.problems.append(Diagnostic("track.solo", text))
        if self._unlisted:
            text = f"{len(self._unlisted)} clips have no source file in the export: export with the lists of clips and files"
            self.problems.append(Diagnostic("file.unlisted", text, effect="approximate"))
        if self._coarse:
            text = "times are minutes and whole seconds: clips lie up to a second beside their places; export with timecode"
            self.problems.append(Diagnostic("time.whole_seconds", text, effect="approximate"))
        if not self.clips:
            self.problems.append(Diagnostic("cut.empty", "the timeline shows no clip at all"))

    # ------------------------------------------------------------------------------------------------ one track

    def _track(self, index: int, track: SessionTrack) -> None:
        effects = tuple(_plug_ins(track.plug_ins or ()))
        channels: dict[str, list[tuple[Row, Fraction, Fraction]]] = {}
        for row in track.rows:
            window = self._window(row)
            if window is not None:
                channels.setdefault(row.told("CHANNEL"), []).append((row, *window))
        for channel, events in channels.items():
            self._channel(index, channel, sorted(events, key=lambda each: each[1:]), effects)

    def _window(self, row: Row) -> tuple[Fraction, Fraction] | None:
        """Where an event lies, in frames of the cut."""
        first = self.clock.position(row.told("START TIME"))
        end = self.clock.position(row.told("END TIME"))
        if first is None or end is None:
            text = "the times of a clip cannot be read (bars and beats say no time): export with timecode or samples"
            self.problems.append(Diagnostic("timecode.invalid", text, line=row.line, effect="row-missing"))
            return None
        end = end + self.clock.day if end < first else end
        if says_whole_seconds(row.told("START TIME")):
            self._coarse = True
            end = max(end, first + self.clock.rate.fraction)
        if end == first:
            text = "a clip lasts no time at all"
            self.problems.append(Diagnostic("record.empty", text, line=row.line, effect="row-missing"))
            return None
        return first, end

    def _channel(
        self, index: int, channel: str, events: list[tuple[Row, Fraction, Fraction]], effects: tuple[Effect, ...]
    ) -> None:
        """The clips of one channel of a track, each with the fades beside it."""
        placed: list[Clip] = []
        waiting: Transition | None = None
        for row, first, end in events:
            name = row.told("CLIP NAME", "REGION NAME")
            if name.lower() in _FADES:
                fade = Transition(
                    name.strip("()"), name.strip("()"), index, first, end, transition_seen(name.strip("()"))
                )
                self.transitions.append(fade)
                joined = bool(placed) and placed[-1].record_out == first
                if joined and "in" not in name.lower().split():
                    placed[-1] = replace(placed[-1], record_out=end, side="out")
                if "out)" not in name.lower().split():
                    waiting = fade
                elif not joined:
                    self._alone(row)
                continue
            low, side = first, ""
            if waiting is not None and waiting.record_out == first:
                low, side = waiting.record_in, "in"
            waiting = None
            clip = self._clip(row, name, index, channel, effects)
            placed.append(replace(clip, record_in=low, record_out=end, side="in" if side else ""))
        if waiting is not None and not (placed and placed[-1].record_out == waiting.record_out):
            self._alone(events[-1][0])
        self.clips += placed

    def _alone(self, row: Row) -> None:
        text = "a fade stands beside no clip: what is heard there has no row"
        self.problems.append(Diagnostic("fade.alone", text, line=row.line, effect="row-missing"))

    def _clip(self, row: Row, name: str, index: int, channel: str, effects: tuple[Effect, ...]) -> Clip:
        return Clip(
            name=name,
            kind="sound",
            path=(index,),
            record_in=Fraction(0),
            record_out=Fraction(0),
            media=self._media(name),
            source_rate=self.clock.rate,
            source_in=None,
            source_scale=None,
            enabled=row.told("STATE").upper() != "MUTED",
            event=f"{channel}/{row.told('EVENT')}",
            source_label=row.told("TIMESTAMP"),
            effects=effects,
        )

    def _media(self, name: str) -> Media:
        """What the lists of clips and files say of a clip by its name."""
        file = self.text.sources.get(name, name if name in self.text.files else "")
        if not file:
            self._unlisted.add(name)
        location = self.text.files.get(file, "")
        path = joined_path(location, file) if location else ""
        code = settled_code(code_in(name) or "") if code_in(name) else None
        return Media(
            kind="file",
            targets=(path,) if path else (),
            names=tuple(dict.fromkeys(each for each in (file, name) if each)),
            codes=(code,) if code else (),
        )


def joined_path(location: str, file: str) -> str:
    """A file's path from its folder as Pro Tools writes it: ``Disk:Folder:Audio Files:`` becomes ``Disk/Folder/Audio Files/…``."""
    if "/" in location or "\\" in location or not location.strip(":"):
        joint = "" if location.endswith(("/", "\\")) else "\\" if "\\" in location else "/"
        return location if location.endswith(file) else f"{location}{joint}{file}"
    parts = location.strip(":").split(":")
    return "/".join(parts if parts[-1] == file else [*parts, file])


def _is_on(track: SessionTrack) -> bool:
    return not track.states & {"MUTED", "INACTIVE"}


def _plug_ins(names: tuple[str, ...]) -> Iterator[Effect]:
    """Plug-ins of a track reach every clip on it. Which of them are models nobody can say but by their names."""
    for written in names:
        name = _FORM_OF_PLUG_IN.sub("", written[:_LONGEST_NAME])
        yield Effect(name=name, schema="plug-in", seen=effect_seen(name), inherited="track")
