"""IMF composition playlists: the delivered cut, every virtual track a track, every resource a use of a track file.

Source: SMPTE ST 2067-3 (Composition Playlist): positions of a resource count at its own edit rate; SourceDuration frames from
EntryPoint on are played RepeatCount times; a virtual track goes on through all segments under one TrackId.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from math import ceil
from typing import NamedTuple
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.editorial.limits import MAX_FRAMES, MAX_REPEATED_USES, refuse_large_file
from edgecode.ingest.editorial.parts import without_rate
from edgecode.ingest.editorial.xml_tree import parse_xml, text_at
from edgecode.terms.cuts import Clip, ClipKind, CutReading, Diagnostic, Media, Track, TrackKind
from edgecode.terms.timebase import Rate, frame_of_label

FORMAT = "imf"
READER = "edgecode.imf/1"
_KINDS: dict[str, TrackKind] = {
    "MainImageSequence": "picture",
    "MainAudioSequence": "sound",
    "IABSequence": "sound",
    "MGASADMSignalSequence": "sound",
    "CommentarySequence": "sound",
}
_NAMES = {"picture": "Image", "sound": "Audio", "other": "Data"}
_NO_ESSENCE = ("MarkerSequence",)


def read_cpl(data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
    """The one cut of a composition playlist. *rate* overrules its edit rate.

    Raises InputError: ``cut.too_large``, ``xml.malformed``, ``entity.refused``, ``schema.too_deep``, ``cut.none`` (no segment: a
    playlist of digital cinema, or none at all), ``cut.too_many_clips``.
    """
    refuse_large_file(data, name)
    tree = parse_xml(data, name=name)
    segments = tree.root.findall("SegmentList/Segment")
    if tree.root.tag != "CompositionPlaylist" or not segments:
        raise InputError(
            "cut.none",
            f"{name} is no composition playlist of IMF (ST 2067-3) with segments",
            "Give the CPL of the IMF package; playlists of digital cinema packages are not read",
        )
    digest = sha256(data).hexdigest()
    title = text_at(tree.root, "ContentTitle") or name
    told = _edit_rate(tree.root)
    problems = list(tree.problems)
    settled = rate or told
    if settled is None:
        return [without_rate(title, problems, form=FORMAT, reader=READER, digest=digest)]
    if rate is not None and told is not None and rate != told:
        text = f"the file counts {told.spoken} frames a second and was read at {rate.spoken}"
        problems.append(Diagnostic("rate.conflict", text, effect="approximate"))
    playlist = _Playlist(settled, problems, name=name)
    for index, segment in enumerate(segments):
        playlist.segment(segment, f"segment {index + 1}")
    start, drop = playlist.start(tree.root)
    return [playlist.reading(title, digest, start=start, drop_frame=drop)]


class _Lane(NamedTuple):
    """A virtual track: its name and kind, in the order in which playlists list them."""

    name: str
    kind: TrackKind


class _Playlist:
    def __init__(self, rate: Rate, problems: list[Diagnostic], *, name: str) -> None:
        self.rate = rate
        self.problems = problems
        self.name = name
        self.lanes: list[_Lane] = []
        self._index: dict[str, int] = {}
        self._counts = Counter[TrackKind]()
        self.clips: list[Clip] = []
        self.end = Fraction(0)

    def segment(self, segment: Element, where: str) -> None:
        """Place the sequences of a segment one beside the other, after the segments before."""
        first, lengths = self.end, []
        for written in segment.findall("SequenceList/*"):
            if written.tag in _NO_ESSENCE:
                continue
            lengths.append(self._sequence(written, first, f"{where}/{written.tag}"))
        if len(set(lengths)) > 1:
            text = "the tracks of a segment are not equally long; the next one starts after the longest"
            self.problems.append(Diagnostic("length.mismatch", text, path=where, effect="approximate"))
        self.end = first + max(lengths, default=Fraction(0))

    def _sequence(self, written: Element, first: Fraction, where: str) -> Fraction:
        kind = _KINDS.get(written.tag, "other")
        if not written.tag.endswith("Sequence"):
            text = "something in a list of sequences that is called none; read as data"
            self.problems.append(Diagnostic("schema.unknown", text, path=where, effect="approximate"))
        track_id = text_at(written, "TrackId") or where
        if track_id not in self._index:
            self._counts[kind] += 1
            self._index[track_id] = len(self.lanes)
            self.lanes.append(_Lane(f"{_NAMES[kind]} {self._counts[kind]}", kind))
        index = self._index[track_id]
        position = first
        for place, resource in enumerate(written.findall("ResourceList/Resource")):
            position = self._resource(resource, kind, index, position, f"{where}/{place}")
        return position - first

    def _resource(self, resource: Element, kind: TrackKind, index: int, position: Fraction, where: str) -> Fraction:
        """The uses of one resource, and where the next one starts."""
        eye = resource.find("LeftEye")
        if eye is not None:
            return position + self._stereo(eye, where)
        own = _edit_rate(resource) or self.rate
        whole, entry, length = _extent(resource)
        repeats = _count(resource, "RepeatCount")
        repeats = 1 if repeats is None else repeats
        if length is None or length <= 0 or repeats <= 0:
            text = "a resource does not say how long it is: what follows it lies too early"
            self.problems.append(Diagnostic("clip.no_duration", text, path=where, effect="row-missing"))
            return position
        if whole is not None and entry + length > whole:
            text = "a resource plays more than its track file holds"
            self.problems.append(Diagnostic("length.mismatch", text, path=where, effect="approximate"))
        seen = length * self.rate.fraction / own.fraction
        # Sample rates are no frame rates: the source is counted in frames of the cut.
        counts = own if own.fraction <= 1000 else self.rate
        scale = counts.fraction / self.rate.fraction
        per_unit = counts.fraction / own.fraction
        media = _media(resource, None if whole is None else whole * per_unit)
        shown: ClipKind = "picture" if kind == "picture" else "sound" if kind == "sound" else "other"
        for turn in range(repeats):
            self._room_for_one_more()
            self.clips.append(
                Clip(
                    name=text_at(resource, "Annotation") or next(iter(media.umids), ""),
                    kind=shown,
                    path=(index,),
                    record_in=position,
                    record_out=position + seen,
                    media=media,
                    source_rate=counts,
                    source_in=entry * per_unit,
                    source_scale=scale,
                    event=f"{turn + 1}/{repeats}" if repeats > 1 else "",
                )
            )
            position += seen
        return position

    def _stereo(self, eye: Element, where: str) -> Fraction:
        """How long a picture for each eye is seen, as the left one says."""
        own = _edit_rate(eye) or self.rate
        length, repeats = _extent(eye)[2], _count(eye, "RepeatCount")
        text = "a stereo resource (a picture for each eye) is not read: it has no row"
        self.problems.append(Diagnostic("schema.unknown", text, path=where, effect="row-missing"))
        return max(length or 0, 0) * max(1 if repeats is None else repeats, 0) * self.rate.fraction / own.fraction

    def _room_for_one_more(self) -> None:
        """A count of repeats is one number, and a hostile one can be any."""
        if len(self.clips) >= MAX_REPEATED_USES:
            raise InputError(
                "cut.too_many_clips",
                f"{self.name} shows more than {MAX_REPEATED_USES} clips",
                "Check the repeat counts of the playlist",
            )

    def start(self, root: Element) -> tuple[int, bool]:
        """The timecode of the first frame, and whether its labels drop; 0 where the playlist says none."""
        written = root.find("CompositionTimecode")
        label = "" if written is None else text_at(written, "TimecodeStartAddress")
        if written is None or not label:
            return 0, False
        drop = text_at(written, "TimecodeDropFrame").lower() in ("true", "1") and self.rate.nominal % 30 == 0
        try:
            return frame_of_label(label, self.rate, drop_frame=drop), drop
        except InputError:
            text = "the timecode that the composition starts with does not exist at its rate; taken as zero"
            self.problems.append(Diagnostic("timecode.invalid", text, path="CompositionTimecode", effect="approximate"))
            return 0, drop

    def reading(self, title: str, digest: str, *, start: int, drop_frame: bool) -> CutReading:
        """The cut, picture tracks first and each kind in the order of the playlist."""
        order = sorted(
            range(len(self.lanes)), key=lambda i: (("picture", "sound", "other").index(self.lanes[i].kind), i)
        )
        place = {index: position for position, index in enumerate(order)}
        if not self.clips:
            self.problems.append(Diagnostic("cut.empty", "the timeline shows no clip at all"))
        return CutReading(
            name=title,
            format=FORMAT,
            reader=READER,
            rate=self.rate,
            drop_frame=drop_frame,
            start=start,
            frames=ceil(max((clip.record_out for clip in self.clips), default=Fraction(0))),
            tracks=tuple(Track(self.lanes[index].name, self.lanes[index].kind) for index in order),
            clips=tuple(_moved(self.clips, place)),
            diagnostics=tuple(self.problems),
            inputs=(digest,),
        )


def _moved(clips: list[Clip], place: dict[int, int]) -> Iterator[Clip]:

    for clip in clips:
        yield replace(clip, path=(place[clip.path[0]],))


def _extent(resource: Element) -> tuple[int | None, int, int | None]:
    """How much the track file has, where it is entered, and how much of it is played, in its own units; None: nobody says."""
    whole, entry = _count(resource, "IntrinsicDuration"), _count(resource, "EntryPoint") or 0
    length = _count(resource, "SourceDuration")
    return whole, entry, length if length is not None else None if whole is None else whole - entry


def _edit_rate(element: Element) -> Rate | None:
    """An edit rate: two whole numbers, numerator and denominator."""
    parts = text_at(element, "EditRate").split()
    if not parts or len(parts) > 2 or not all(part.isascii() and part.isdecimal() and len(part) < 12 for part in parts):
        return None
    over, under = int(parts[0]), int(parts[1]) if len(parts) > 1 else 1
    if not over or not under:
        return None
    exact = Fraction(over, under)
    return Rate.of(exact) if exact < 10_000 else Rate(exact.numerator, exact.denominator)


def _count(element: Element, tag: str) -> int | None:
    text = text_at(element, tag)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 and int(text) < MAX_FRAMES else None


def _media(resource: Element, length: Fraction | None) -> Media:
    track_file = text_at(resource, "TrackFileId")
    return Media(
        kind="file" if track_file else "none",
        umids=(track_file,) if track_file else (),
        available_first=None if length is None else Fraction(0),
        available_end=length,
    )
