"""Lines of an EDL: events, motion lines, comments and everything between, in the CMX 3600 family as programs really write it.

A line with four timecodes is an event, whatever else is on it. Nothing is thrown away: what is no event is kept as a comment of
the event it follows (SMPTE 258M calls them notes; every program has its own).
"""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from edgecode.ingest.editorial.texts import decoded, recordable
from edgecode.terms.cuts import Diagnostic

_LABEL = r"\d{1,3}[:;.,]\d{2}[:;.,]\d{2}[:;.,]\d{2,3}"
_SIDE = rf"(?:({_LABEL})\s+({_LABEL})|(?<!\S)(\d{{1,9}})\s+(\d{{1,9}}))"
"""The source side: two timecodes, or the numbers of two frames, as lists of image sequences have them."""
_EVENT = re.compile(rf"^(\d{{1,6}}[A-Za-z]?)\s+(.*?)\s*{_SIDE}\s+({_LABEL})\s+({_LABEL})(?!\S)\s*(.*)$", re.ASCII)
_HAS_LABEL = re.compile(rf"(?<!\S){_LABEL}", re.ASCII)
_NUMBERED = re.compile(r"^\d{3,6}[A-Za-z]?\s+\S", re.ASCII)
_KIND = re.compile(r"C(?:UT)?|D(?:ISS?)?|W(?:\d{1,3})?|K[BIO]?", re.ASCII)
_CHANNELS = re.compile(r"NONE|B|[AV0-9/&+]*[AV][AV0-9/&+]*", re.ASCII)
_MOTION = re.compile(
    rf"^M2\s+(.*?)\s*(?<![\d.:;,])([-+]?\d{{1,5}}(?:\.\d{{1,4}})?)(?:\s+({_LABEL}))?$", re.ASCII | re.IGNORECASE
)
_SOURCE = re.compile(r"^>>>\s*SOURCE\s+(\S.*)$", re.IGNORECASE)
_AUDIO = re.compile(r"^AUD((?:\s+\d{1,2})+)$", re.ASCII | re.IGNORECASE)
_FCM = re.compile(r"^FCM\s*:?\s*(.*)$", re.IGNORECASE)
_COMMENTED_OUT = re.compile(rf"^[*#;/]+\s*\d{{1,6}}[A-Za-z]?\s+\S.*?(?:\s{_LABEL}){{4}}(?!\S)", re.ASCII)
_NAMES_A_CLIP = re.compile(r"^\**\s*(?:(?:FROM|TO|KEY) (?:CLIP|FILE)|SOURCE FILE|EDGE[ _-]?CODE\b)", re.IGNORECASE)
_KNOWN_NOTES = re.compile(
    r"^(?:\*|M2\b|GPI\b|M/S\b|SWM\b|PEG|%|SPLIT\b|DLEDL\b|EFFECTS? NAME|FROM |TO |KEY |FINAL CUT PRO REEL|ASC_|LOC\b|"
    r"SOURCE FILE|REEL\b|TAPE\b|COMMENT|BLEND\b|AVX\b|BLK\b|FORMAT\b|CLIP\b|EDGECODE\b|LTC\b|SPEED\b|REM\b|ADD\b|AUD\b)",
    re.IGNORECASE,
)


class Comment(NamedTuple):
    """A line that is no event. *table*: it belongs to the list of sources at the end, not to the event before it."""

    line: int
    text: str
    table: bool = False


class Motion(NamedTuple):
    """An M2 line: source frames per second (0 a freeze, negative backwards) from the label *entry* on ("" where it is missing).

    *speed* None: the line says that the speed is changed, and not how.
    """

    reel: str
    speed: Fraction | None
    entry: str
    line: int


@dataclass(slots=True)
class EventLine:
    """One line with four timecodes: *labels* are source in, source out, record in, record out. The first two may be numbers of frames.

    *kind*: C, D, W001, K, KB, KO …; *frames*: length of the transition; *drop*: what the FCM line before it says.
    *sounds*: further sound channels that an AUD line names. *lengthless*: a dissolve or wipe that does not say how long it is.
    """

    number: str
    reel: str
    channels: str
    kind: str
    frames: int
    labels: tuple[str, str, str, str]
    line: int
    drop: bool | None
    sounds: list[int] = field(default_factory=list)
    lengthless: bool = False

    @property
    def is_background(self) -> bool:
        """Whether the line is what a key lies over."""
        return self.kind == "KB"

    @property
    def mixes(self) -> bool:
        """Whether the line brings a picture or sound in over another (a dissolve, wipe or key)."""
        return self.kind[0] in "DWK" and self.kind != "KB"


@dataclass(slots=True)
class Event:
    """Lines of one event number that follow one another, what is noted *before* them (headers, SPLIT) and below them."""

    lines: list[EventLine]
    before: list[Comment] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    motions: list[Motion] = field(default_factory=list)


@dataclass(slots=True)
class EdlText:
    """A whole list as read. *sources*: cut-short reel to (full name, id), from an Avid's table of sources."""

    title: str = ""
    events: list[Event] = field(default_factory=list)
    sources: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    lost: int = 0
    """Lines that were meant as events and hold none."""


def looks_like_edl(data: bytes) -> bool:
    """Whether the bytes hold an event, or start as an EDL does."""
    text = decoded(data[: 1 << 20])[0]
    lines = [line.strip(" \t\0\x1a") for line in re.split(r"\r\n|\r|\n", text)]
    return any(_EVENT.match(line) or re.match(r"^(?:TITLE\s*:|FCM\s*:)", line, re.IGNORECASE) for line in lines)


def parse_edl(data: bytes) -> EdlText:
    """Every line of an EDL in its place; lines that look like events and are none become ``event.unparsed``."""
    text, encoding = decoded(data)
    reader = _Reader()
    if encoding not in ("utf-8", "cp1252"):
        reader.edl.problems.append(
            Diagnostic("text.encoding", f"the list is not plain text; it was read as {encoding}")
        )
    lines = re.split(r"\r\n|\r|\n", text)
    for number, line in enumerate(lines, 1):
        stripped = recordable(line).strip(" \t\x0b\x0c\x1a\u00a0")
        if stripped:
            reader.read(number, stripped, last=number == len(lines))
    return reader.edl


class _Reader:
    """Where the reading of a list stands: the frame count mode, the open event, notes that wait for the next one."""

    def __init__(self) -> None:
        self.edl = EdlText()
        self.drop: bool | None = None
        self.waiting: list[Comment] = []
        self.in_table = False
        self.numbered = False

    def read(self, number: int, line: str, *, last: bool) -> None:
        """Take one line (without line end, not empty)."""
        event = _EVENT.match(line)
        fcm = _FCM.match(line)
        if event:
            self._event(number, event)
        elif line[:6].upper().replace(" ", "") == "TITLE:" and not self.edl.events and not self.edl.title:
            self.edl.title = line.partition(":")[2].strip()
        elif fcm:
            self._frame_count_mode(number, fcm[1])
        elif motion := _MOTION.match(line):
            self._motion(number, Motion(motion[1].strip(), Fraction(motion[2]), motion[3] or "", number))
        elif re.match(r"^M2\b", line, re.IGNORECASE):
            self._problem("motion.unparsed", "a motion line that names no speed", number, "approximate")
            self._motion(number, Motion("", None, "", number))
            self._note(number, line)
        elif source := _SOURCE.match(line):
            self._source(source[1])
            self._note(number, line)
        elif audio := _AUDIO.match(line):
            self._audio([int(channel) for channel in audio[1].split()])
        elif _COMMENTED_OUT.match(line):
            text = "an event that is marked as a comment: nobody can say whether the cut shows it"
            self._problem("event.commented_out", text, number, "row-missing")
            self._note(number, line)
        elif self._was_meant_as_event(line, last=last):
            self._problem("event.unparsed", "a line that starts as an event does not hold one", number, "row-missing")
            self.edl.lost += 1
        else:
            self._note(number, line)

    def _event(self, number: int, match: re.Match[str]) -> None:
        head = _head_of(match[2])
        if head.problem:
            self._problem("event.head", head.problem, number, "approximate")
        if match[5] and not self.numbered:
            self.numbered = True
            text = "sources are named by numbers of frames and not by timecode; they count as the media's own numbers"
            self._problem("source.frame_numbers", text, number, "none")
        line = EventLine(
            number=match[1],
            reel=head.reel,
            channels=head.channels,
            kind=head.kind,
            frames=head.frames or 0,
            labels=(match[3] or match[5], match[4] or match[6], match[7], match[8]),
            line=number,
            drop=self.drop,
            lengthless=head.frames is None,
        )
        self.in_table = False
        events = self.edl.events
        open_event = events[-1] if events and not events[-1].comments and not events[-1].motions else None
        if open_event is not None and open_event.lines[-1].number == line.number and not self.waiting:
            open_event.lines.append(line)
        else:
            events.append(Event([line], self.waiting))
            self.waiting = []
        if match[9]:
            events[-1].comments.append(Comment(number, match[9]))

    def _frame_count_mode(self, number: int, words: str) -> None:
        plain = re.sub(r"[^A-Z]", "", words.upper())
        modes = {"DROPFRAME": True, "DROP": True, "NONDROPFRAME": False, "NONDROP": False, "NDF": False, "DF": True}
        if plain in modes:
            self.drop = modes[plain]
        else:
            self._problem("fcm.unknown", "a frame count mode that is neither drop nor non-drop", number, "none")

    def _motion(self, number: int, motion: Motion) -> None:
        if self.edl.events:
            self.edl.events[-1].motions.append(motion)
        else:
            self._problem("event.unparsed", "a motion line before the first event", number, "none")

    def _source(self, words: str) -> None:
        """``>>> SOURCE full-name short-name id``: an Avid says which reel it cut short, and the source's unique id."""
        self.in_table = True
        parts = words.split()
        if len(parts) >= 2:
            unique = parts[-1] if len(parts) >= 3 else ""
            short = parts[-2] if unique else parts[-1]
            full = " ".join(parts[: -2 if unique else -1])
            self.edl.sources.setdefault(short, (full, unique))
            self.edl.sources.setdefault(full, (full, unique))

    def _audio(self, channels: list[int]) -> None:
        if self.edl.events:
            self.edl.events[-1].lines[-1].sounds += channels

    def _note(self, number: int, line: str) -> None:
        if not _KNOWN_NOTES.match(line) and not self.in_table and not _SOURCE.match(line):
            self._problem("comment.unknown", "a line that is no event, command or comment we know", number, "none")
        if not self.edl.events and not self.in_table and _NAMES_A_CLIP.match(line):
            text = "a note that names a clip before any event: nobody can say which event it means"
            self._problem("note.before_event", text, number, "row-missing")
        if re.match(r"^SPLIT\b", line, re.IGNORECASE):
            text = "a split edit: picture and sound are placed as the events say, without its delay"
            self._problem("split.unread", text, number, "approximate")
        note = Comment(number, line, self.in_table)
        before_event = not self.edl.events or re.match(r"^SPLIT\b", line, re.IGNORECASE)
        (self.waiting if before_event else self.edl.events[-1].comments).append(note)

    @staticmethod
    def _was_meant_as_event(line: str, *, last: bool) -> bool:
        if not _NUMBERED.match(line):
            # Whatever a line starts with: two timecodes in a line that is no note we know were meant to place something.
            return len(_HAS_LABEL.findall(line)) > 1 and not _KNOWN_NOTES.match(line) and not _SOURCE.match(line)
        words = line.upper().split()[1:]
        pairs = pairwise(words)
        has_head = any(_CHANNELS.fullmatch(a) and _KIND.fullmatch(b) for a, b in pairs)
        return bool(_HAS_LABEL.search(line)) or has_head or last

    def _problem(self, code: str, text: str, line: int, effect: str) -> None:
        settled = effect if effect in ("approximate", "row-missing") else "none"
        self.edl.problems.append(Diagnostic(code, text, line=line, effect=settled))  # type: ignore[arg-type]


def _ends_in_kind(words: list[str]) -> bool:
    """Whether words end in a kind of edit; a key may be written ``K B``, ``K O``."""
    last = words[-1].upper()
    return bool(_KIND.fullmatch(last)) or (len(words) > 1 and last in ("B", "O", "I") and words[-2].upper() == "K")


class _Head(NamedTuple):
    reel: str
    channels: str
    kind: str
    frames: int | None
    problem: str


def _head_of(text: str) -> _Head:
    """What stands between event number and timecodes, read from the right: [frames] kind channels, and the rest is the reel."""
    words = text.split()
    frames: int | None = 0
    if len(words) > 1 and re.fullmatch(r"\d{1,4}", words[-1], re.ASCII) and _ends_in_kind(words[:-1]):
        frames = int(words.pop())
    if len(words) > 1 and words[-1].upper() in ("B", "O", "I") and words[-2].upper() == "K":
        words[-2:] = ["K" + words[-1].upper()]
    if not words or not _KIND.fullmatch(words[-1].upper()):
        return _Head(text.strip(), "NONE", "C", 0, "an event without a kind of edit: taken as a cut on no channel")
    kind = words.pop().upper()
    kind = {"CUT": "C", "DIS": "D", "DISS": "D"}.get(kind, kind)
    if kind[0] in "DW" and not re.search(rf"\b{kind[0]}\S*\s+\d{{1,4}}\s*$", text.upper(), re.ASCII):
        frames = None
    if not words or not _CHANNELS.fullmatch(words[-1].upper()):
        return _Head(" ".join(words) or "AX", "V", kind, frames, "an event without channels: taken as picture")
    channels = words.pop().upper()
    # A reel may look like a channel (``A1``): with nothing left to its left, the word was the reel and channels are missing.
    if not words:
        reel = "BL" if channels in ("BL",) else "AX"
        return _Head(reel, channels, kind, frames, "")
    return _Head(" ".join(words), channels, kind, frames, "")
