"""Timecodes of an EDL as frames: drop-frame where it is said and possible, record ranges over midnight, and what cannot be."""

from typing import Literal, NamedTuple, TypeAlias

from edgecode.errors import InputError
from edgecode.ingest.editorial.edl_lines import Event, EventLine
from edgecode.ingest.editorial.edl_rate import PULLED_DOWN, drops_of, frame_at
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.timebase import Rate, day_length, label_says_drop_frame

Effect: TypeAlias = Literal["none", "approximate", "row-missing"]


class Times(NamedTuple):
    """An event line in frames: its record range, and its source range where the labels name one (else both None)."""

    record_in: int
    record_out: int
    source_in: int | None
    source: int | None
    """Length on the source side; negative when the labels run backwards."""

    drop_frame: bool
    """How the record side counts."""

    @property
    def record(self) -> int:
        """Length on the record side."""
        return self.record_out - self.record_in


class LabelClock:
    """Converts the labels of one list at one rate, and says what it could not take at its word."""

    def __init__(self, rate: Rate, events: list[Event]) -> None:
        self.rate = rate
        self.diagnostics: list[Diagnostic] = []
        self._after_midnight = 0
        lines = [line for event in events for line in event.lines]
        self._drops = rate.nominal in PULLED_DOWN
        if not self._drops and any(any(drops_of(line.labels, line.drop)) for line in lines):
            text = f"the list says drop-frame, which does not exist at {rate.spoken} frames a second: read as non-drop"
            self.diagnostics.append(Diagnostic("timecode.drop_at_rate", text, effect="approximate"))
        self._mode_holds = self._drops and self._mode_fits(lines)

    def _mode_fits(self, lines: list[EventLine]) -> bool:
        """Whether the frame count mode can be true: no label without a separator of its own is one that drop-frame skips."""
        for line in lines:
            if not line.drop or any(map(label_says_drop_frame, line.labels)):
                continue
            for label in line.labels:
                if self._frame(label, drop=True) is None and self._frame(label, drop=False) is not None:
                    text = "the list says drop-frame and holds labels that drop-frame skips: read as non-drop"
                    self.diagnostics.append(Diagnostic("fcm.contradicted", text, line=line.line, effect="approximate"))
                    return False
        return True

    def _frame(self, label: str, *, drop: bool) -> int | None:
        try:
            return frame_at(label, self.rate, drop_frame=drop)
        except InputError:
            return None

    def entry(self, label: str) -> int | None:
        """The frame that a motion line's label names; None when it names none."""
        return self._frame(label, drop=self._drops and label_says_drop_frame(label))

    def times(self, line: EventLine, *, scale_known: bool) -> Times | None:
        """The line's times; None (with a diagnostic) when its record side names no place.

        *scale_known*: a motion line says the speed, so unequal lengths prove nothing about midnight.
        """
        drops = drops_of(line.labels, line.drop if self._mode_holds else None) if self._drops else (False,) * 4
        frames = [self._frame(label, drop=drop) for label, drop in zip(line.labels, drops, strict=True)]
        a, b, c, d = frames
        day = day_length(self.rate, drop_frame=drops[2])
        if a is not None and b is not None and b < a and 0 < b + day - a <= day // 4:
            b += day  # a source tape that runs over midnight
        source = None if a is None or b is None else b - a
        long = max(source or 0, 0)
        placed = (c is not None and d is not None) or ((c is not None or d is not None) and long > 0)
        if None in frames:
            self._invalid(line, frames, placed=placed)
        if not placed:
            return None
        if c is None:
            c = max((d or 0) - long, 0)
        elif d is None:
            d = c + long
        if d is None:
            return None
        if d < c:
            d = self._mended(line, c, d, source or 0, day, scale_known=scale_known)
        elif self._after_midnight and c < day // 2:
            c, d = c + day, d + day
        return Times(c, d, a, source, drops[2])

    def _invalid(self, line: EventLine, frames: list[int | None], *, placed: bool) -> None:
        wrong = next(label for label, frame in zip(line.labels, frames, strict=True) if frame is None)
        text = f"event {line.number}: timecode {wrong} does not exist at {self.rate.spoken} frames a second"
        shown = line.labels[2] != line.labels[3]
        effect: Effect = "approximate" if placed else "row-missing" if shown else "none"
        self.diagnostics.append(Diagnostic("timecode.invalid", text, line=line.line, effect=effect))

    def _mended(self, line: EventLine, first: int, end: int, source: int, day: int, *, scale_known: bool) -> int:
        """The record out of an event whose record side runs backwards: the next day's, or as long as its source."""
        over = end + day - first
        if over == source or (scale_known and 0 < over <= self.rate.nominal * 3600):
            self._after_midnight += 1
            text = f"event {line.number} runs over midnight on the record side"
            self.diagnostics.append(Diagnostic("midnight", text, line=line.line))
            return end + day
        text = f"event {line.number} ends before it starts on the record side: placed with the length of its source"
        effect: Effect = "approximate" if source > 0 else "row-missing"
        self.diagnostics.append(Diagnostic("record.negative", text, line=line.line, effect=effect))
        return first + max(source, 0)
