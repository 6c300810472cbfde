"""Small cuts to conform: clips one after the other on one picture track, as a reader would hand them over."""

from fractions import Fraction

from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.events.cut_facts import cut_added
from edgecode.index.conform import Match, conform
from edgecode.index.cuts import clips as clip_rows
from edgecode.index.cuts import cut_named
from edgecode.terms.cuts import Clip, CutReading, Media, Track
from edgecode.terms.identity import RecordId
from edgecode.terms.timebase import Rate
from index.small_show import Show

FILM = Rate(24)
ROOTS = {"media": ("/mnt/show", "Z:\\show", "\\\\server\\show")}


def clip(
    name: str = "",
    *,
    frames: int = 10,
    source_in: int | Fraction | None = 0,
    scale: Fraction | None = Fraction(1),
    rate: Rate | None = FILM,
    kind: str = "picture",
    **media: object,
) -> Clip:
    """One clip of so many frames; *media* are fields of `terms.cuts.Media`."""
    source = None if source_in is None else Fraction(source_in)
    return Clip(
        name=name,
        kind=kind,  # type: ignore[arg-type]
        path=(0,),
        record_in=Fraction(0),
        record_out=Fraction(frames),
        media=Media(**{"kind": "file", **media}),  # type: ignore[arg-type]
        source_rate=rate,
        source_in=source,
        source_scale=scale,
    )


def reading(*clips: Clip, name: str = "Cut 1") -> CutReading:
    """A cut of these clips in a row."""
    placed, at = [], Fraction(0)
    for one in clips:
        placed.append(
            Clip(
                name=one.name, kind=one.kind, path=one.path, record_in=at, record_out=at + one.frames, media=one.media,
                source_rate=one.source_rate, source_in=one.source_in, source_scale=one.source_scale, enabled=one.enabled,
            )
        )  # fmt: skip
        at += one.frames
    tracks = (Track("V1", "picture"),)
    return CutReading(name, "test", "test/1", Rate(24), False, 86_400, int(at), tracks, tuple(placed))


def add_cut(
    show: Show, *clips: Clip, name: str = "Cut 1", supersedes: RecordId = ""
) -> tuple[RecordId, list[RecordId]]:
    """A cut was handed over; its id and its clips' ids."""
    cut, ids = show.new(), [show.new() for _ in clips]
    show.events.append(cut_added(reading(*clips, name=name), cut=cut, clip_ids=ids, supersedes=supersedes))
    return cut, ids


def matches(store: SqliteIndex, cut: RecordId) -> list[Match]:
    """The conform of a cut."""
    row = cut_named(store, cut)
    return conform(store, row, clip_rows(store, row), roots=ROOTS)


def match_of(show: Show, one: Clip) -> Match:
    """The conform of a cut that holds this one clip."""
    cut, _ = add_cut(show, one)
    (match,) = matches(show.index(), cut)
    return match
