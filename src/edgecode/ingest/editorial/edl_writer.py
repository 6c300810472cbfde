"""A reading as a CMX 3600 list: the printer beside the reader, for cuts that a list can hold.

A list holds whole frames, one use a line, cuts and dissolves between neighbours, speeds to four decimals; no nesting, effects
or switches. What it cannot hold is said, never dropped in silence. A list that we wrote reads the same after writing it again.
"""

import re
from fractions import Fraction
from math import ceil, floor

from edgecode.errors import InputError
from edgecode.ingest.editorial.edge_codes import code_in
from edgecode.terms.cuts import Clip, CutReading, Diagnostic, Track, Transition
from edgecode.terms.timebase import Rate, label_of_frame

_LONG_REEL = 32
_SAID_ANEW = re.compile(
    r"^\**\s*(?:(?:FROM |TO |KEY )?CLIP (?:NAME|IS A)|SOURCE FILE|FROM FILE|TO FILE|REEL|TAPE|EFFECTS? NAME|BLEND|"
    r"FINAL CUT PRO REEL|FREEZE FRAME)\b",
    re.IGNORECASE,
)
"""Comments that the writer makes itself from what the reading holds."""


def edl_bytes(reading: CutReading) -> tuple[bytes, list[Diagnostic]]:
    """The list in UTF-8 with CRLF line ends, and what it could not hold.

    Raises InputError ``rate.unknown`` for a reading without a rate.
    """
    if reading.rate is None:
        raise InputError("rate.unknown", f"the rate of {reading.name} is not settled", "Give the rate of the cut")
    return _Writer(reading, reading.rate).written()


class _Writer:
    def __init__(self, reading: CutReading, rate: Rate) -> None:
        self.reading = reading
        self.rate = rate
        self.lines: list[str] = []
        self.losses: list[Diagnostic] = []
        self._joins: dict[int, tuple[Transition, Clip | None]] = {}
        """Incoming clips (by identity) to the transition that brings them in, and the clip it leaves."""

        self._ends: dict[int, Fraction] = {}
        self._tails: set[int] = set()
        self._join()

    def _join(self) -> None:
        """Find both sides of every dissolve and wipe. Keys have no outgoing side in a list."""
        mixes = {(mix.track, mix.record_in): mix for mix in self.reading.transitions if mix.kind[:1].upper() != "K"}
        leaving: dict[tuple[tuple[int, ...], Fraction], list[Clip]] = {}
        for clip in self.reading.clips:
            if clip.side:
                leaving.setdefault((clip.path, clip.record_out), []).append(clip)
        for clip in self.reading.clips:
            mix = mixes.get((clip.path[0], clip.record_in)) if clip.side == "in" else None
            if mix is None or mix.record_out > clip.record_out:
                continue
            sides = leaving.get((clip.path, mix.record_out), [])
            found = [each for each in sides if each is not clip and each.record_in <= mix.record_in]
            tail = next((each for each in found if each.side == "out"), next(iter(found), None))
            self._joins[id(clip)] = (mix, tail)
            if tail is not None and tail.record_in < mix.record_in:
                self._ends[id(tail)] = mix.record_in
            elif tail is not None:
                self._tails.add(id(tail))

    def written(self) -> tuple[bytes, list[Diagnostic]]:
        mode = "DROP FRAME" if self.reading.drop_frame else "NON-DROP FRAME"
        self.lines += [f"TITLE: {_one_line(self.reading.name)}", f"FCM: {mode}", ""]
        rows = sorted(
            (clip for clip in self.reading.clips if id(clip) not in self._tails),
            key=lambda clip: (clip.record_in, clip.path, clip.record_out),
        )
        for number, clip in enumerate(rows, 1):
            self._event(f"{number:03d}", clip)
            self._losses(clip)
        return "\r\n".join([*self.lines, ""]).encode(), self.losses

    def _event(self, number: str, clip: Clip) -> None:
        mix, tail = self._joins.get(id(clip), (None, None))
        if mix is not None and tail is not None:
            source = self._label(self._source_frame(tail, mix.record_in))
            record = self._record(clip.record_in)
            self._line(number, tail, "C", (source, source, record, record))
        kind = "C" if mix is None else f"{_kind(mix.kind):<4} {int(mix.record_out - mix.record_in):03d}"
        end = self._end(clip)
        self._line(number, clip, kind, (*self._source(clip, end), self._record(clip.record_in), self._record(end)))
        if mix is not None and tail is not None:
            self._motion(tail, mix.record_in, mix.record_out)
        self._motion(clip, clip.record_in, end)
        self._notes(clip, mix, tail)

    def _end(self, clip: Clip) -> Fraction:
        """Where the clip's own event ends: what it goes on to show under a transition is that event's outgoing side."""
        return self._ends.get(id(clip), clip.record_out)

    def _record(self, moment: Fraction) -> str:
        return self._label(self.reading.start + floor(moment))

    def _label(self, frame: int) -> str:
        return label_of_frame(max(frame, 0), self.rate, drop_frame=self.reading.drop_frame)

    def _source(self, clip: Clip, end: Fraction) -> tuple[str, str]:
        """Source labels at the cut's rate: the first frame seen, and as many frames on as the clip uses up to *end*."""
        first = self._source_frame(clip, clip.record_in)
        length = floor(end) - floor(clip.record_in)
        used = 0 if clip.source_scale is None else max(ceil(length * abs(self._speed(clip))), 1)
        return self._label(first), self._label(first + used)

    def _source_frame(self, clip: Clip, at: Fraction) -> int:
        """The source frame seen at a record position, counted at the cut's rate."""
        rate = clip.source_rate or self.rate
        scale = clip.source_scale if clip.source_scale is not None else Fraction(0)
        seen = (clip.source_in or Fraction(0)) + (at - clip.record_in) * scale
        return floor(seen * self.rate.nominal / rate.nominal)

    def _speed(self, clip: Clip) -> Fraction:
        """Source frames for each frame of the cut, both as timecode counts them."""
        rate = clip.source_rate or self.rate
        return (clip.source_scale if clip.source_scale is not None else Fraction(1)) * self.rate.nominal / rate.nominal

    def _line(self, number: str, clip: Clip, kind: str, labels: tuple[str, str, str, str]) -> None:
        track = self.reading.tracks[clip.path[0]]
        channels = _channels(track)
        self.lines.append(f"{number}  {_reel(clip):<8} {channels:<5} {kind:<8} {' '.join(labels)}")
        if track.kind == "sound" and channels == "NONE":
            self.lines.append(f"AUD  {track.name.removeprefix('A')}")

    def _motion(self, clip: Clip, first: Fraction, end: Fraction) -> None:
        speed = self._speed(clip)
        if clip.source_scale is None or speed == 1:
            return
        length = floor(end) - floor(first)
        fps = round(speed * self.rate.nominal, 4)
        if fps != speed * self.rate.nominal and speed > 0 and (speed * length).denominator == 1:
            return  # four decimals cannot say it, and the two lengths say it exactly
        sign = "-" if fps < 0 else ""
        decimals = f"{float(abs(fps)):.4f}".rstrip("0")
        decimals = decimals + "0" if decimals.endswith(".") else decimals
        label = self._label(self._source_frame(clip, first))
        self.lines.append(f"M2   {_reel(clip):<8} {sign + decimals.zfill(5):>10} {label:>27}")

    def _notes(self, clip: Clip, mix: Transition | None, tail: Clip | None) -> None:
        """Names, files, reels and codes, then the comments about anything else."""
        notes: list[str] = []
        if mix is not None:
            if mix.name and mix.name != mix.kind:
                notes.append(f"EFFECTS NAME IS {_one_line(mix.name)}")
            if tail is not None:
                notes += _side_notes(tail, "FROM CLIP NAME")
            notes += _side_notes(clip, "TO CLIP NAME")
        else:
            notes += _side_notes(clip, "FROM CLIP NAME")
        notes += [comment for comment in clip.comments if not _SAID_ANEW.match(comment) and not code_in(comment)]
        self.lines += [_one_line(note) for note in notes] + [""]

    def _losses(self, clip: Clip) -> None:
        event = clip.name
        whole = clip.record_in.denominator == clip.record_out.denominator == 1
        told = {
            "edl.off_grid": not whole,
            "edl.nesting": len(clip.path) > 1,
            "edl.effects": any(effect.schema not in ("", "edl") for effect in clip.effects),
            "edl.switched_off": not clip.enabled,
            "edl.source_uncertain": clip.source_in is None or clip.source_scale is None,
        }
        self.losses += [
            Diagnostic(code, f"an EDL cannot hold this of a clip ({_LOSSES[code]})", path=event, effect="approximate")
            for code, lost in told.items()
            if lost
        ]


_LOSSES = {
    "edl.off_grid": "an edge between two frames",
    "edl.nesting": "that it lies in a nested cut",
    "edl.effects": "its effects",
    "edl.switched_off": "that it is switched off",
    "edl.source_uncertain": "that its source range is uncertain",
}


def _channels(track: Track) -> str:
    if track.kind == "picture":
        return track.name if track.name in ("V", "V2", "V3", "V4") else "V"
    number = track.name.removeprefix("A")
    if track.kind == "sound" and number.isdecimal() and 1 <= int(number) <= 9:
        return "A" if number == "1" else f"A{number}"
    return "NONE"


def _reel(clip: Clip) -> str:
    if clip.kind == "black":
        return "BL"
    if clip.kind in ("generator", "title"):
        return "GEN"
    reel = _one_line(clip.media.reel).strip()
    return reel[:_LONG_REEL] if reel else "AX"


def _kind(written: str) -> str:
    """A transition's kind as CMX writes it; every kind that is not of its own is a dissolve."""
    plain = written.upper()
    known = plain == "D" or (plain[:1] == "W" and plain[1:].isdigit() and len(plain) == 4)
    return plain if known else "W001" if "WIPE" in plain else "D"


def _side_notes(clip: Clip, key: str) -> list[str]:
    media = clip.media
    notes = [f"* {key}: {name}" for name in media.names[:1] or ((clip.name,) if clip.name else ())]
    notes += [f"* SOURCE FILE: {each}" for each in (*media.targets, *media.names[1:])]
    notes += [f"* REEL: {media.reel_full}"] if media.reel_full else []
    return notes + [f"* EDGECODE: {code}" for code in media.codes]


def _one_line(text: str) -> str:
    return " ".join(text.split())
