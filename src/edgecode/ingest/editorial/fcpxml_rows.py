"""Rows of an FCPXML cut while it is read, and how lanes become tracks and layers.

A lane counts from what an element is connected to, so a place is a way of lanes; ways compare as if they went on with zeros:
lane -1 of a clip lies below it and lane 1 above, and what is connected to a clip of lane 1 lies above it and below lane 2.
"""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from edgecode.terms.cuts import ClipKind, Effect, Media, SeenEffect
from edgecode.terms.timebase import Rate

Lane: TypeAlias = tuple[int, ...]
TrackKey: TypeAlias = tuple[bool, Lane]
"""Whether it is sound, and the way of lanes: what becomes a track of the cut or a layer of a nested one."""


@dataclass(slots=True)
class Row:
    """One use of a source: [low, high) in seconds of the cut. *path*: the way below its track, empty for a clip of this scope."""

    name: str
    kind: ClipKind
    lane: Lane
    low: Fraction
    high: Fraction
    media: Media
    source_rate: Rate | None = None
    source_in: Fraction | None = None
    source_scale: Fraction | None = Fraction(1)
    enabled: bool = True
    side: Literal["", "in", "out"] = ""
    effects: tuple[Effect, ...] = ()
    nest: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    placed: Literal["exact", "somewhere"] = "exact"
    path: tuple[int, ...] = ()

    @property
    def key(self) -> TrackKey:
        return self.kind == "sound", self.lane


@dataclass(slots=True)
class Mix:
    """A transition as read, on a picture or a *sound* lane."""

    name: str
    kind: str
    sound: bool
    lane: Lane
    low: Fraction
    high: Fraction
    seen: SeenEffect

    @property
    def key(self) -> TrackKey:
        return self.sound, self.lane


@dataclass(slots=True)
class Scope:
    """The rows and transitions of one timeline: the cut's own, or a nested one's until it is put into the one around it."""

    rows: list[Row] = field(default_factory=list)
    mixes: list[Mix] = field(default_factory=list)
    _items: Counter[TrackKey] = field(default_factory=Counter)

    def place(self, key: TrackKey) -> int:
        """The number of the next item along a track."""
        self._items[key] += 1
        return self._items[key] - 1

    def add(self, row: Row) -> None:
        """A clip of this timeline."""
        self._items[row.key] += 1
        self.rows.append(row)

    def tracks(self) -> list[TrackKey]:
        """Picture from the bottom up, then sound: only those that hold a row or a transition."""
        keys = {row.key for row in self.rows} | {mix.key for mix in self.mixes}
        longest = max((len(lane) for _, lane in keys), default=0)
        return sorted(keys, key=lambda key: (key[0], key[1] + (0,) * (longest - len(key[1]))))

    def nest(self, inner: "Scope", lane: Lane) -> None:
        """Put *inner* in as one item of *lane*, its tracks the item's layers."""
        layers = {key: index for index, key in enumerate(inner.tracks())}
        items: dict[bool, int] = {}
        for row in inner.rows:
            sound, layer = row.key[0], layers[row.key]
            if sound not in items:
                items[sound] = self.place((sound, lane))
            row.path = (items[sound], layer, *row.path)
            row.lane = lane
        for mix in inner.mixes:
            mix.lane = lane
        self.rows += inner.rows
        self.mixes += inner.mixes

    def take(self, inner: "Scope", lane: Lane) -> None:
        """Put the clips of *inner* in as clips of *lane*: it is no more than a wrapping around one picture and its sounds."""
        for row in inner.rows:
            row.lane = lane
            self.add(row)
        for mix in inner.mixes:
            mix.lane = lane
        self.mixes += inner.mixes
