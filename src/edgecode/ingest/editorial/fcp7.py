"""Final Cut Pro 7 XML (xmeml), as Final Cut, Premiere, Resolve and Hiero write it: every sequence a cut.

Source: Final Cut Pro XML Interchange Format (Apple, versions 1 to 5). Places of clips are absolute, in frames at the rate of the
sequence; a place of -1 means that the transition beside the clip says it. In and out of a clip count at the clip's own rate, from
its first frame, after its speed.
"""

from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from xml.etree.ElementTree import Element

from edgecode.errors import InputError
from edgecode.ingest.editorial.exact import Exact
from edgecode.ingest.editorial.fcp7_clip import Document, clip_part
from edgecode.ingest.editorial.fcp7_track import laid_out
from edgecode.ingest.editorial.fcp7_words import Piece, is_on, number, rate_of
from edgecode.ingest.editorial.limits import MAX_NESTING, MAX_REPEATED_USES, refuse_large_file
from edgecode.ingest.editorial.otio_json import JsonObject
from edgecode.ingest.editorial.parts import Opening, gap, mix, nest, placed, span, track, without_rate
from edgecode.ingest.editorial.xml_tree import parse_xml, text_at
from edgecode.terms.cuts import CutReading, Diagnostic, TrackKind
from edgecode.terms.timebase import Rate, frame_of_label, label_says_drop_frame

FORMAT = "fcp7"
READER = "edgecode.fcp7/1"
_ITEMS = ("clipitem", "generatoritem", "transitionitem")
_MEDIA: tuple[tuple[str, TrackKind], ...] = (("video", "picture"), ("audio", "sound"))


def read_fcp7(data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
    """Every sequence of an xmeml file that no other one holds, in file order. *rate* overrules the file's own.

    Raises InputError: ``cut.too_large``, ``xml.malformed``, ``entity.refused``, ``schema.too_deep``, ``cut.none``,
    ``cut.too_many_clips``.
    """
    refuse_large_file(data, name)
    tree = parse_xml(data, name=name)
    document = Document(tree.root)
    digest = sha256(data).hexdigest()
    found = [
        _Sequence(document, name=name).cut(each, [*tree.problems, *document.problems], rate=rate, digest=digest)
        for each in _outermost(tree.root)
    ]
    if not found:
        raise InputError(
            "cut.none",
            f"{name} is Final Cut Pro 7 XML but holds no sequence",
            "Export the sequence itself, not a clip or a bin",
        )
    return found


def _outermost(element: Element) -> Iterator[Element]:
    """Sequences with content that stand in no other sequence."""
    if element.tag == "sequence":
        if element.find("media") is not None or element.find("rate") is not None:
            yield element
        return
    for child in element:
        yield from _outermost(child)


class _Sequence:
    """Says one outermost sequence in parts. Nested ones are said once and shared by all clips that show them."""

    def __init__(self, document: Document, *, name: str) -> None:
        self.document = document
        self.name = name
        self.problems: list[Diagnostic] = []
        self._open: list[str] = []
        self._uses = 0
        self._said: dict[tuple[str, TrackKind, Rate], tuple[list[JsonObject], int]] = {}

    def cut(self, sequence: Element, problems: list[Diagnostic], *, rate: Rate | None, digest: str) -> CutReading:
        """The sequence as a cut."""
        told = rate_of(sequence)
        title = text_at(sequence, "name") or self.name
        if rate is not None and told is not None and rate != told:
            text = f"the file counts {told.spoken} frames a second and was read at {rate.spoken}"
            problems.append(Diagnostic("rate.conflict", text, effect="approximate"))
        settled = rate or told
        if settled is None:
            return without_rate(title, problems, form=FORMAT, reader=READER, digest=digest)
        opening = self._opening(sequence, title, settled)
        tracks = [each for _, kind in _MEDIA for each in self.tracks(sequence, kind, settled, where="sequence")]
        return placed(
            tracks,
            opening,
            [*problems, *self.problems],
            form=FORMAT,
            reader=READER,
            digest=digest,
            file_name=self.name,
        )

    def _opening(self, sequence: Element, title: str, rate: Rate) -> Opening:
        """Name, start and counting of a sequence; its timecode is at a rate of its own where it says one."""
        written = sequence.find("timecode")
        if written is None:
            return Opening(title, rate)
        label = text_at(written, "string")
        drop = text_at(written, "displayformat").upper() == "DF" or label_says_drop_frame(label)
        counted = number(written, "frame")
        own = rate_of(written) or rate
        if counted is None and label:
            try:
                counted = Fraction(frame_of_label(label, own, drop_frame=drop and own.nominal % 30 == 0))
            except InputError:
                self._say("timecode.invalid", "the timecode that the sequence starts with does not exist", "timecode")
        start = (counted or Fraction(0)) * rate.fraction / own.fraction
        if start.denominator != 1:
            self._say("start.off_grid", "the cut starts between two frames", "timecode")
        return Opening(title, rate, int(start), drop and rate.nominal % 30 == 0)

    def tracks(self, sequence: Element, kind: TrackKind, rate: Rate, *, where: str) -> list[JsonObject]:
        """The sequence's tracks of one kind, the lowest first."""
        word = next(tag for tag, each in _MEDIA if each == kind)
        tracks = []
        for index, written in enumerate(sequence.findall(f"media/{word}/track")):
            place = f"{where}/{word}/{index}"
            lanes = self._lanes(written, kind, rate, place)
            name = written.get("MZ.TrackName") or text_at(written, "name")
            tracks += [track(lane, kind=kind, name=name, enabled=is_on(written)) for lane in lanes or [[]]]
        return tracks

    def _lanes(self, written: Element, kind: TrackKind, rate: Rate, place: str) -> list[list[JsonObject]]:
        """What stands on a track, one after another; more than one lane where clips overlap that nothing mixes."""
        items = [child for child in written if child.tag in _ITEMS]
        lanes, problems = laid_out(items, place, rate)
        self.problems += problems
        if len(lanes) > 1:
            self._say("record.overlap", "clips of one track lie over one another", place, effect="none")
        return [self._children(lane, kind, rate, place) for lane in lanes]

    def _children(self, lane: list[Piece], kind: TrackKind, rate: Rate, place: str) -> list[JsonObject]:
        children: list[JsonObject] = []
        position = Fraction(0)
        for piece in lane:
            if piece.first > position:
                children.append(gap(piece.first - position, rate))
            if piece.is_transition:
                name, effect_id = text_at(piece.item, "effect/name"), text_at(piece.item, "effect/effectid")
                children.append(mix(name, effect_id, piece.end - piece.first, rate))
                position = max(position, piece.first)
                continue
            children.append(self._item(piece, kind, rate, f"{place}/{piece.place}"))
            position = piece.body_end
        return children

    def _item(self, piece: Piece, kind: TrackKind, rate: Rate, where: str) -> JsonObject:
        inner = self.document.sequence_of(piece.item)
        if inner is None:
            part, problems = clip_part(piece, self.document, kind, rate, where)
            self.problems += problems
            self._count(1)
            return part
        return self._nested(piece, inner, kind, rate, where)

    def _nested(self, piece: Piece, sequence: Element, kind: TrackKind, rate: Rate, where: str) -> JsonObject:
        """A clip that shows another sequence of the file."""
        key = sequence.get("id", "") or str(id(sequence))
        source, problems = self.document.window(piece, rate, where)
        self.problems += problems
        length = piece.body_end - piece.first
        name = text_at(piece.item, "name") or text_at(sequence, "name")
        if key in self._open or len(self._open) >= MAX_NESTING:
            if key not in self._open:
                raise InputError(
                    "schema.too_deep",
                    f"{self.name} nests more than {MAX_NESTING} cuts inside one another",
                    "Flatten the innermost cuts before exporting",
                )
            text = "a sequence shows itself: what it shows there has no row"
            self._say("ref.circular", text, where, effect="row-missing")
            return gap(length, rate)
        tracks = self._shared(key, sequence, kind, rate, where)
        first: Exact = 0 if source.first is None else source.first
        return nest(
            name,
            tracks,
            span(first, source.rate, length, rate),
            enabled=is_on(piece.item),
            effects=source.effects if source.first is not None else [*source.effects, {"OTIO_SCHEMA": "TimeEffect.1"}],
        )

    def _shared(self, key: str, sequence: Element, kind: TrackKind, rate: Rate, where: str) -> list[JsonObject]:
        own = rate_of(sequence) or rate
        known = self._said.get((key, kind, own))
        if known is not None:
            self._count(known[1])
            return known[0]
        before = self._uses
        self._open.append(key)
        tracks = self.tracks(sequence, kind, own, where=where)
        self._open.pop()
        self._said[key, kind, own] = (tracks, self._uses - before)
        return tracks

    def _count(self, uses: int) -> None:
        """A file of a few kilobytes can show one sequence in another a million times over."""
        self._uses += uses
        if self._uses > MAX_REPEATED_USES:
            raise InputError(
                "cut.too_many_clips",
                f"{self.name} shows more than {MAX_REPEATED_USES} clips",
                "Export the reels one by one",
            )

    def _say(self, code: str, text: str, path: str, *, effect: str = "approximate") -> None:
        missing = effect == "row-missing"
        said = Diagnostic(code, text, path=path, effect="row-missing" if missing else "approximate")
        self.problems.append(Diagnostic(code, text, path=path) if effect == "none" else said)
