"""One clip of an xmeml track: what it shows, from which source frame on, how fast, and what is done to it."""

from fractions import Fraction
from typing import NamedTuple
from xml.etree.ElementTree import Element

from edgecode.errors import InputError
from edgecode.ingest.editorial.exact import Exact
from edgecode.ingest.editorial.fcp7_effects import effects_of
from edgecode.ingest.editorial.fcp7_words import Piece, is_on, number, rate_of
from edgecode.ingest.editorial.otio_json import JsonObject
from edgecode.ingest.editorial.parts import Shown, clip, span
from edgecode.ingest.editorial.xml_tree import text_at
from edgecode.terms.cuts import Diagnostic, TrackKind
from edgecode.terms.timebase import Rate, frame_of_label, label_says_drop_frame

_NOTES = (
    "description",
    "scene",
    "shottake",
    "lognote",
    "mastercomment1",
    "mastercomment2",
    "mastercomment3",
    "mastercomment4",
)
_MAX_NOTE = 10_000


class Window(NamedTuple):
    """What of a source a clip shows: its first frame at *rate* (None: nobody can say), counted from the source's own first frame."""

    first: Exact | None
    rate: Rate
    effects: list[JsonObject]


class Document:
    """The files and sequences that a document defines once and names by id everywhere else."""

    def __init__(self, root: Element) -> None:
        self._files = _fullest(root, "file")
        self._sequences = _fullest(root, "sequence")
        self.problems = [*_twice(root, "file", self._files), *_twice(root, "sequence", self._sequences)]
        """Ids under which a document describes two things, so that programs may read it differently."""

    def file_of(self, item: Element) -> Element | None:
        """The file that a clip shows, wherever it is described."""
        written = item.find("file")
        if written is None or _told(written):
            return written
        return self._files.get(written.get("id", ""), written)

    def sequence_of(self, item: Element) -> Element | None:
        """The sequence that a clip shows."""
        written = item.find("sequence")
        return None if written is None else self._sequences.get(written.get("id", ""), written)

    def window(self, piece: Piece, rate: Rate, where: str) -> tuple[Window, list[Diagnostic]]:
        """Which frames of its source a clip shows first, and its effects with its speed.

        In and out count after the clip's speed, so the source is at in times speed. Backwards, in counts from the source's end.
        """
        item = piece.item
        own = rate_of(item) or rate
        written, out = number(item, "in"), number(item, "out")
        file = self.file_of(item)
        long = number(item, "duration") or Fraction(0)
        made = effects_of(item, where)
        if (doubt := _unread_offset(item, file)) and made.scale != 0:
            problem = Diagnostic("start.missing", doubt, path=where, effect="approximate")
            return Window(None, own, [*made.effects]), [*made.problems, problem]
        length = (piece.body_end - piece.first) * own.fraction / rate.fraction
        if written is None or written < 0:
            # The other edge says it: in and out are as far apart as what is seen.
            seen = (piece.end - piece.first - piece.lead) * own.fraction / rate.fraction
            written = None if out is None or out < 0 else out - seen
        if written is None:
            problem = Diagnostic(
                "range.unreadable",
                "a clip does not say where in its source it starts",
                path=where,
                effect="approximate",
            )
            return Window(None, own, [*made.effects]), [*made.problems, problem]
        shown = written - piece.lead * own.fraction / rate.fraction
        if made.scale is None:
            return Window(shown, own, made.effects), made.problems
        if made.scale >= 0:
            return Window(shown * (made.scale or 1), own, made.effects), made.problems
        whole = long * -made.scale if file is None or number(file, "duration") is None else _file_frames(file, own)
        # Frame t of the clip shows source frame (whole - t * speed), counted down; a range that plays backwards starts at its low end.
        return Window(whole - (shown + length) * -made.scale, own, made.effects), made.problems


def _file_frames(file: Element, rate: Rate) -> Fraction:
    own = rate_of(file) or rate
    return (number(file, "duration") or Fraction(0)) * rate.fraction / own.fraction


def _unread_offset(item: Element, file: Element | None) -> str:
    """What a clip says of its source's frames that no document explains well enough to count with; "" where it says nothing such."""
    if number(item, "subclipinfo/startoffset"):
        return "a subclip is moved against its source, and by which count is not read: any of the source may be seen"
    is_still = text_at(item, "stillframe").upper() == "TRUE" or bool(number(item, "stillframeoffset"))
    of_a_still = file is not None and text_at(file, "media/video/stillframe").upper() == "TRUE"
    if is_still and not of_a_still:
        return "a clip is one still frame of its source, and which is not read: any of the source may be seen"
    return ""


def _told(element: Element) -> str:
    """What a description names: the file's path, else its name; of a sequence its name and length. "" of a mere reference."""
    if element.tag == "file":
        return text_at(element, "pathurl") or text_at(element, "name")
    return f"{text_at(element, 'name')}/{text_at(element, 'duration')}" if element.find("media") is not None else ""


def _twice(root: Element, tag: str, fullest: dict[str, Element]) -> list[Diagnostic]:
    told: dict[str, set[str]] = {}
    for element in root.iter(tag):
        if element.get("id", "") in fullest and _told(element):
            told.setdefault(element.get("id", ""), set()).add(_told(element))
    text = f"two different elements {tag} have one id: programs may read the file differently"
    return [
        Diagnostic("resource.twice", text, path=tag, effect="row-missing") for each in told.values() if len(each) > 1
    ]


def _fullest(root: Element, tag: str) -> dict[str, Element]:
    """By id, the element of that id that says the most: the others only name it."""
    found: dict[str, Element] = {}
    for element in root.iter(tag):
        name = element.get("id", "")
        if name and (name not in found or len(element) > len(found[name])):
            found[name] = element
    return found


def clip_part(
    piece: Piece, document: Document, kind: TrackKind, rate: Rate, where: str
) -> tuple[JsonObject, list[Diagnostic]]:
    """The use of a source that a clip or generator makes."""
    item = piece.item
    file = document.file_of(item)
    window, problems = document.window(piece, rate, where)
    if file is None and item.find("multiclip") is not None:
        file = _angle(item, document, kind)
        # Angles are moved against one another until they are in sync, and by how much stands nowhere that all programs write.
        window = window._replace(first=None)
        text = (
            "a multiclip does not say which of its angles is shown; all of them are hints"
            if file is None
            else "the angle of a multiclip that is shown is known, and not where in its source it starts"
        )
        code = "angle.missing" if file is None else "angle.unsynced"
        problems.append(Diagnostic(code, text, path=where, effect="approximate"))
    clock, said = _clock(file, window.rate, where)
    shown = _shown(item, file, clock)
    first: Exact = 0 if window.first is None else window.first
    length = piece.body_end - piece.first
    offset = clock.first * window.rate.fraction / clock.rate.fraction
    part = clip(
        text_at(item, "name") or next(iter(shown.names), ""),
        shown,
        span((first + offset) * clock.rate.fraction / window.rate.fraction, clock.rate, length, rate),
        enabled=is_on(item),
        effects=window.effects if window.first is not None else [*window.effects, {"OTIO_SCHEMA": "TimeEffect.1"}],
        event=item.get("id", ""),
        comments=_comments(item),
        markers=_markers(item),
    )
    return part, [*problems, *said]


def _angle(item: Element, document: Document, kind: TrackKind) -> Element | None:
    """The file of the one angle that is switched on (Final Cut Pro XML, elements multiclip and angle); None where it is not one."""
    switch = "activeaudioangle" if kind == "sound" else "activevideoangle"
    active = [each for each in item.findall("multiclip/angle") if text_at(each, switch).upper() == "TRUE"]
    files = {
        id(found): found for each in active[:1] for one in each.iter() if (found := document.file_of(one)) is not None
    }
    return next(iter(files.values())) if len(active) == 1 and len(files) == 1 else None


class _Clock(NamedTuple):
    """The source's own clock: the timecode of its first frame, at its own rate."""

    first: Fraction
    rate: Rate


def _clock(file: Element | None, rate: Rate, where: str) -> tuple[_Clock, list[Diagnostic]]:
    if file is None:
        return _Clock(Fraction(0), rate), []
    own = rate_of(file) or rate
    written = file.find("timecode")
    if written is None:
        return _Clock(Fraction(0), own), []
    counts = rate_of(written) or own
    label = text_at(written, "string")
    frame = number(written, "frame")
    problems = []
    if frame is None and label:
        drop = text_at(written, "displayformat").upper() == "DF" or label_says_drop_frame(label)
        try:
            frame = Fraction(frame_of_label(label, counts, drop_frame=drop and counts.nominal % 30 == 0))
        except InputError:
            text = "the timecode of a file does not exist at its rate; counted from its first frame"
            problems.append(Diagnostic("timecode.invalid", text, path=where, effect="approximate"))
    return _Clock((frame or Fraction(0)) * own.fraction / counts.fraction, own), problems


def _shown(item: Element, file: Element | None, clock: _Clock) -> Shown:
    if item.tag == "generatoritem":
        kind = text_at(item, "effect/effectid") or text_at(item, "effect/name")
        return Shown(generator=kind, rate=clock.rate)
    if file is None:
        paths = [(each.text or "").strip() for each in item.iter("pathurl")]
        return Shown(others=tuple(dict.fromkeys(path for path in paths if path)), rate=clock.rate)
    path, source = text_at(file, "pathurl"), text_at(file, "mediaSource")
    long = number(file, "duration")
    names = (text_at(file, "name"), text_at(item, "logginginfo/originalvideofilename"))
    return Shown(
        targets=(path,) if path else (),
        names=tuple(dict.fromkeys(name for name in names if name)),
        reel=text_at(file, "timecode/reel/name") if not source else "",
        # Premiere writes "Slug" for all that the format has no word for: only the clip's name says what it is.
        generator=None if path or not source else "" if source == "Slug" else source,
        available=None if long is None or long <= 0 else (clock.first, long),
        rate=clock.rate,
    )


def _comments(item: Element) -> list[str]:
    found = [text_at(item, f"logginginfo/{key}") for key in _NOTES] + [
        text_at(item, f"comments/{key}") for key in _NOTES
    ]
    return [text[:_MAX_NOTE] for text in found if text]


def _markers(item: Element) -> list[str]:
    found = [text_at(marker, key) for marker in item.findall("marker") for key in ("name", "comment")]
    return [text[:_MAX_NOTE] for text in found if text]
