"""Several lists, one cut: an EDL holds one picture track, so a turnover is one list for each track."""

from collections import Counter
from fractions import Fraction

from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.terms.cuts import Clip, CutReading, EffectsVisible, Track, Transition


def assemble(readings: list[CutReading], *, name: str) -> CutReading:
    """One cut of the *readings*, the first at the bottom of the picture and sound tracks each; all on one record timecode.

    The cut starts at the earliest start of all. Effects are visible only when they are in every reading.
    Raises InputError: ``cut.none`` (nothing given), ``rate.unknown``, ``rate.conflict`` (they count differently),
    ``cut.apart`` (two of them have no frame in common with the rest, so they are probably different reels).
    """
    if not readings:
        raise InputError("cut.none", "no reading was given to assemble", "Give at least one list")
    if len(readings) == 1:
        return replace(readings[0], name=name)
    _one_rate(readings)
    _one_record_clock(readings)
    start = min(reading.start for reading in readings)
    order = sorted(
        ((track.kind, source, index) for source, r in enumerate(readings) for index, track in enumerate(r.tracks)),
        key=lambda each: (("picture", "sound", "other").index(each[0]), each[1], each[2]),
    )
    place = {(source, index): position for position, (_, source, index) in enumerate(order)}
    shifts = [Fraction(reading.start - start) for reading in readings]
    moved = [(source, reading, shifts[source]) for source, reading in enumerate(readings)]
    return CutReading(
        name=name,
        format=readings[0].format,
        reader=readings[0].reader,
        rate=readings[0].rate,
        drop_frame=readings[0].drop_frame,
        start=start,
        frames=max(reading.start - start + reading.frames for reading in readings),
        tracks=_told_apart([replace(readings[source].tracks[index], source=source) for _, source, index in order]),
        clips=tuple(_clip(c, source, by, place) for source, reading, by in moved for c in reading.clips),
        transitions=tuple(_mix(t, source, by, place) for source, reading, by in moved for t in reading.transitions),
        diagnostics=tuple(problem for reading in readings for problem in reading.diagnostics),
        effects_visible=EffectsVisible.YES
        if all(reading.effects_visible is EffectsVisible.YES for reading in readings)
        else EffectsVisible.NO,
        inputs=tuple(digest for reading in readings for digest in reading.inputs),
    )


def _one_rate(readings: list[CutReading]) -> None:
    if any(reading.rate is None for reading in readings):
        unknown = next(reading for reading in readings if reading.rate is None)
        raise InputError("rate.unknown", f"the rate of {unknown.name} is not settled", "Give the rate of the cut")
    ways = {(reading.rate, reading.drop_frame) for reading in readings}
    if len(ways) > 1:
        spoken = " and ".join(sorted({reading.rate.spoken for reading in readings if reading.rate}))
        raise InputError(
            "rate.conflict",
            f"the lists count differently ({spoken} frames a second, or drop-frame in some)",
            "Give the rate of the cut, or export all lists alike",
        )


def _one_record_clock(readings: list[CutReading]) -> None:
    """Lists of one cut overlap on the record side; a list all by itself is another reel."""
    for reading in readings:
        end = reading.start + reading.frames
        others = [other for other in readings if other is not reading and other.frames]
        if reading.frames and others and not any(o.start < end and reading.start < o.start + o.frames for o in others):
            raise InputError(
                "cut.apart",
                f"{reading.name} has no record frame in common with the other lists",
                "Add it as a reel of its own",
            )


def _told_apart(tracks: list[Track]) -> tuple[Track, ...]:
    """Picture and sound tracks of one name (every list calls its picture V) are numbered: V1 the lowest, as the lists were given."""
    letters = {"picture": "V", "sound": "A"}
    counts = Counter((track.kind, track.name) for track in tracks)
    clashing = {kind for (kind, _), count in counts.items() if count > 1 and kind in letters}
    numbers: Counter[str] = Counter()
    named = []
    for track in tracks:
        numbers[track.kind] += 1
        name = f"{letters[track.kind]}{numbers[track.kind]}" if track.kind in clashing else track.name
        named.append(replace(track, name=name))
    return tuple(named)


def _clip(clip: Clip, source: int, by: Fraction, place: dict[tuple[int, int], int]) -> Clip:
    path = (place[source, clip.path[0]], *clip.path[1:])
    return replace(clip, path=path, record_in=clip.record_in + by, record_out=clip.record_out + by)


def _mix(mix: Transition, source: int, by: Fraction, place: dict[tuple[int, int], int]) -> Transition:
    return replace(
        mix,
        track=place[source, mix.track],
        record_in=mix.record_in + by,
        record_out=mix.record_out + by,
    )
