"""FCPXML files into cuts: every project of a document, at its own rate, from its own timecode on.

Versions 1.8 to 1.14 of Apple's document type; others are read and said. A bundle (.fcpxmld) keeps the same document as Info.fcpxml.
"""

import re
from fractions import Fraction
from hashlib import sha256
from math import ceil, floor

from edgecode.errors import InputError
from edgecode.ingest.editorial.fcpxml_document import Element, parse_fcpxml
from edgecode.ingest.editorial.fcpxml_resources import STORY, Resources
from edgecode.ingest.editorial.fcpxml_rows import Row, TrackKey
from edgecode.ingest.editorial.fcpxml_time import seconds
from edgecode.ingest.editorial.fcpxml_walk import Walk
from edgecode.ingest.editorial.limits import MAX_FRAMES, refuse_fine_clock, refuse_large_file
from edgecode.terms.cuts import Clip, CutReading, Diagnostic, Track, Transition
from edgecode.terms.timebase import Rate

FORMAT = "fcpxml"
READER = "edgecode.fcpxml/1"
_FIRST, _LAST = (1, 8), (1, 14)


def read_fcpxml(data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
    """Every project of an FCPXML document as a cut, in file order. *rate* overrules the sequence's own.

    Raises InputError: ``cut.too_large``, ``xml.malformed``, ``entity.refused``, ``schema.too_deep``, ``cut.too_many_clips``,
    ``cut.none`` (clips and events, no project), ``time.too_fine``.
    """
    refuse_large_file(data, name)
    root = parse_fcpxml(data, name=name)
    resources = Resources(root)
    projects = [each for each in root.within() if each.tag == "project" and each.first("sequence") is not None]
    if not projects:
        raise InputError(
            "cut.none",
            f"{name} is FCPXML but holds no project: clips and events are no cut",
            "Export the project (File, Export XML with the project selected), not an event or a clip",
        )
    problems = [*_version(root), *resources.problems]
    digest = sha256(data).hexdigest()
    return [_Cut(project, resources, name, rate).reading(problems, digest) for project in projects]


def _version(root: Element) -> list[Diagnostic]:
    written = root.says("version")
    match = re.fullmatch(r"(\d{1,3})\.(\d{1,3})", written)
    if match is not None and _FIRST <= (int(match[1]), int(match[2])) <= _LAST:
        return []
    text = f"the document type is {written[:12] or 'not said'}; it was read as 1.8 to 1.14 are"
    return [Diagnostic("schema.version", text, root.line)]


class _Cut:
    """One project while it is read."""

    def __init__(self, project: Element, resources: Resources, name: str, rate: Rate | None) -> None:
        sequence = project.first("sequence")
        assert sequence is not None, "only projects with a sequence come here"
        self.sequence = sequence
        self.title = project.says("name") or name
        self.name = name
        self.told = resources.rate_of(sequence)
        self.rate = rate or self.told
        self.resources = resources
        self.start = seconds(sequence, "tcStart") or Fraction(0)
        self._frames_a_second = Fraction(1) if self.rate is None else self.rate.fraction

    def reading(self, problems: list[Diagnostic], digest: str) -> CutReading:
        """The cut, with everything that is to be said of it."""
        self.resources.refuse_endless(self.sequence, self.name)
        if self.rate is None:
            return self._unsettled(problems, digest)
        walk = Walk(self.resources, self.rate, name=self.name)
        walk.walk(self.sequence, self.start)
        tracks = walk.scope.tracks()
        place = {key: index for index, key in enumerate(tracks)}
        refuse_fine_clock((edge for row in walk.scope.rows for edge in (row.low, row.high)), self.name)
        clips = sorted((self._clip(row, place) for row in walk.scope.rows), key=_along)
        diagnostics = [*problems, *self._doubts(), *walk.said()]
        frames = self._frames(walk.scope.rows, diagnostics)
        if not clips:
            diagnostics.append(Diagnostic("cut.empty", "the project shows no clip at all"))
        return CutReading(
            name=self.title,
            format=FORMAT,
            reader=READER,
            rate=self.rate,
            drop_frame=self.sequence.says("tcFormat") == "DF" and self.rate.nominal % 30 == 0,
            start=floor(self.start * self.rate.fraction),
            frames=frames,
            tracks=tuple(Track(_track_name(key), "sound" if key[0] else "picture") for key in tracks),
            clips=tuple(clips),
            transitions=tuple(
                Transition(mix.name, mix.kind, place[mix.key], self._frame(mix.low), self._frame(mix.high), mix.seen)
                for mix in walk.scope.mixes
            ),
            diagnostics=tuple(diagnostics),
            inputs=(digest,),
        )

    def _frame(self, moment: Fraction) -> Fraction:
        """A moment of the sequence in frames of the cut from its first."""
        return (moment - self.start) * self._frames_a_second

    def _clip(self, row: Row, place: dict[TrackKey, int]) -> Clip:
        return Clip(
            name=row.name,
            kind=row.kind,
            path=(place[row.key], *row.path),
            record_in=self._frame(row.low),
            record_out=self._frame(row.high),
            media=row.media,
            source_rate=row.source_rate,
            source_in=row.source_in,
            source_scale=row.source_scale,
            enabled=row.enabled,
            side=row.side,
            effects=row.effects,
            nest=row.nest,
            comments=row.comments,
            placed=row.placed,
        )

    def _doubts(self) -> list[Diagnostic]:
        """What is to be said of the sequence itself."""
        found: list[Diagnostic] = []
        line, where = self.sequence.line, self.sequence.where
        if self.told is not None and self.rate != self.told and self.rate is not None:
            text = f"the file counts {self.told.spoken} frames a second and was read at {self.rate.spoken}"
            found.append(Diagnostic("rate.conflict", text, line, where, effect="approximate"))
        for attribute in ("tcStart", "duration"):
            if attribute in self.sequence.attributes and seconds(self.sequence, attribute) is None:
                text = f"the {attribute} of the sequence cannot be read"
                found.append(Diagnostic("time.unreadable", text, line, where, effect="row-missing"))
        if self.rate is not None:
            if (self.start * self.rate.fraction).denominator != 1:
                text = "the cut starts between two frames"
                found.append(Diagnostic("start.off_grid", text, line, where, effect="approximate"))
            if self.sequence.says("tcFormat") == "DF" and self.rate.nominal % 30:
                text = f"drop-frame at {self.rate.spoken} frames a second, which has none; read as non-drop"
                found.append(Diagnostic("timecode.drop_at_rate", text, line, where, effect="approximate"))
        spine = self.sequence.first("spine")
        if spine is None or any(child.tag in STORY and child is not spine for child in self.sequence.children):
            text = "the sequence does not hold one storyline; what lies beside it has no row"
            found.append(Diagnostic("children.unreadable", text, line, where, effect="row-missing"))
        return found

    def _frames(self, rows: list[Row], diagnostics: list[Diagnostic]) -> int:
        """The cut's length: what the sequence says, and no less than what is shown of it.

        Sound off the frame grid may end within the frame after the last; that makes the cut no longer.
        """
        told = self.resources.length(self.sequence) or Fraction(0)
        stated = ceil(self._frame(self.start + told)) if told > 0 else 0
        ends = [(self._frame(row.high), row.kind == "sound") for row in rows if row.enabled]
        shown = max((ceil(end) for end, sound in ends if not sound), default=0)
        heard = max((end for end, sound in ends if sound), default=Fraction(0))
        reach = max(shown, ceil(heard) if heard >= max(stated, shown) + 1 else 0)
        if reach > stated and "duration" in self.sequence.attributes:
            text = f"clips reach {reach - stated} frames beyond the length that the sequence says; the cut was taken as long as they are"
            where = self.sequence.where
            diagnostics.append(Diagnostic("cut.length", text, self.sequence.line, where, effect="approximate"))
        return min(max(stated, reach), MAX_FRAMES)

    def _unsettled(self, problems: list[Diagnostic], digest: str) -> CutReading:
        """A sequence whose format says no frame rate, where nobody gave one: labels as read and no clip."""
        text = "the format of the sequence says no frame rate"
        said = Diagnostic("rate.unknown", text, self.sequence.line, self.sequence.where, effect="row-missing")
        items = [each for each in self.sequence.within() if each.tag in STORY and each.tag not in ("gap", "spine")]
        return CutReading(
            name=self.title,
            format=FORMAT,
            reader=READER,
            rate=None,
            drop_frame=False,
            start=0,
            frames=0,
            tracks=(),
            clips=(),
            diagnostics=(*problems, said),
            labels=tuple(
                ("0", "", each.says("name"), "", each.says("start"), each.says("duration"), each.says("offset"), "")
                for each in items
            ),
            inputs=(digest,),
        )


def _along(clip: Clip) -> tuple[int, Fraction]:
    return clip.path[0], clip.record_in


def _track_name(key: TrackKey) -> str:
    """As Final Cut speaks of it: the primary storyline, and lanes above and below it."""
    sound, lane = key
    name = "Lane " + ".".join(map(str, lane)) if lane else "Primary"
    return f"{name} sound" if sound else name
