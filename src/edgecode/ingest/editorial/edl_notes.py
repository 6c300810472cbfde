"""What the comments of an EDL event say of its clips: names, files, reels, edge codes, effects, colour decisions."""

import re
from dataclasses import dataclass, field

from edgecode.ingest.editorial.edge_codes import code_in, settled_code
from edgecode.ingest.editorial.edl_lines import Event
from edgecode.terms.cuts import Diagnostic, Effect
from edgecode.terms.effects import effect_seen, transition_seen

_NOTE = re.compile(r"^\**\s*([A-Z][A-Z0-9 _/-]*?)\s*(?::|\bIS\b|,)\s*(.*)$", re.IGNORECASE)
_CDL = re.compile(r"^\**\s*ASC[_ ](SOP|SAT)\b\s*:?\s*(.*)$", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_FCP_REEL = re.compile(r"^\**\s*FINAL CUT PRO REEL\s*:\s*(.+?)\s+REPLACED BY\s*:?\s*(.*)$", re.IGNORECASE)
_REEL_IS_CLIP = re.compile(r"^\**\s*REEL\s+(\S+)\s+IS\s+CLIP\s+(.+)$", re.IGNORECASE)
_GENERATOR = re.compile(r"^\**\s*(FROM|TO|KEY)?\s*CLIP IS A (GENERATOR|STILL)\b", re.IGNORECASE)
_EMPTY = ("", "(NULL)", "NULL", "(NONE)")
_EFFECT_KEYS = ("CLIP FILTER", "AVX2 EFFECT", "AVX EFFECT", "EFFECT", "FILTER", "TIMEWARP EFFECT", "AUDIO FILTER")


@dataclass(slots=True)
class SideNotes:
    """What is noted of one side of an event. *names*: clip names first, then file names. *targets*: paths and URLs."""

    names: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    reel_full: str = ""
    codes: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    generator: bool = False

    @property
    def says_something(self) -> bool:
        """Whether anything is noted that a clip could be known by."""
        return bool(self.names or self.targets or self.codes or self.reel_full or self.generator)


@dataclass(slots=True)
class Notes:
    """*incoming* belongs to the event's own clip, *outgoing* to the one that a transition leaves or a key lies over.

    *partner*: what a plain cut notes of a second clip (``TO CLIP NAME``, ``KEY CLIP NAME``), for which it has no row.
    """

    incoming: SideNotes = field(default_factory=SideNotes)
    outgoing: SideNotes = field(default_factory=SideNotes)
    partner: SideNotes = field(default_factory=SideNotes)
    transition: str = ""
    problems: list[Diagnostic] = field(default_factory=list)


def notes_of(event: Event) -> Notes:
    """Read an event's comments in order: on a transition ``FROM CLIP NAME`` starts the notes of the outgoing side."""
    notes = Notes()
    mixes = any(line.mixes or line.is_background for line in event.lines)
    reader = _NoteReader(notes, event, mixes=mixes)
    for comment in event.comments:
        if not comment.table:
            reader.read(comment.text, comment.line)
    if notes.transition and not mixes:
        # Named beside a cut it is done to the clip: it changes nothing between two of them.
        seen = effect_seen(notes.transition)
        seen = transition_seen(notes.transition) if seen == "unknown" else seen
        notes.incoming.effects.append(Effect(notes.transition, "edl", seen))
    return notes


class _NoteReader:
    def __init__(self, notes: Notes, event: Event, *, mixes: bool) -> None:
        self.notes = notes
        self.mixes = mixes
        self.side = notes.incoming
        self.noted = False
        """Whether a plain cut has named its clip (FROM): what a TO or KEY note names after that is another one."""

        self.reels = {
            line.reel: (notes.incoming if line.mixes or not mixes else notes.outgoing) for line in event.lines
        }

    def read(self, text: str, line: int) -> None:
        """Take one comment."""
        code = code_in(text)
        cdl = _CDL.match(text)
        if code is not None:
            self._code(code, line)
        elif cdl:
            self._colour(cdl[1].upper(), cdl[2], line)
        elif reel := _FCP_REEL.match(text):
            self._side_of(reel[2]).reel_full = reel[1]
        elif clip := _REEL_IS_CLIP.match(text):
            self.side.names.append(clip[2].strip())
            self.side.reel_full = clip[1]
        elif still := _GENERATOR.match(text):
            if still[2].upper() == "GENERATOR":
                self._turn(still[1] or "").generator = True
        elif note := _NOTE.match(text):
            self._note(re.sub(r"\s+", " ", note[1]).strip().upper(), note[2].strip())

    def _note(self, key: str, value: str) -> None:
        if key in ("EFFECTS NAME", "EFFECT NAME", "BLEND"):
            self.notes.transition = self.notes.transition or value
        elif key in _EFFECT_KEYS:
            self.side.effects.append(Effect(value, "edl", effect_seen(value)))
        elif value.upper() in _EMPTY:
            if key in ("FROM CLIP NAME", "TO CLIP NAME", "KEY CLIP NAME"):
                self._turn(key)
        elif key in ("FROM CLIP NAME", "TO CLIP NAME", "KEY CLIP NAME", "CLIP NAME"):
            self._turn(key).names.insert(0, value)
        elif key in ("FROM CLIP", "TO CLIP", "FROM FILE", "TO FILE", "SOURCE FILE", "FILE", "SOURCE FILE PATH"):
            self._file(self._turn(key) if key.startswith(("FROM", "TO")) else self.side, value)
        elif key in ("REEL", "TAPE", "REEL NAME", "TAPE NAME"):
            self.side.reel_full = value

    def _turn(self, key: str) -> SideNotes:
        """The side that a FROM, TO or KEY note starts; without a transition there is only one."""
        if self.mixes and key.upper().startswith("FROM"):
            self.side = self.notes.outgoing
        elif self.mixes and key.upper().startswith(("TO", "KEY")):
            self.side = self.notes.incoming
        elif key.upper().startswith("FROM"):
            self.side, self.noted = self.notes.incoming, True
        elif self.noted and key.upper().startswith(("TO", "KEY")):
            self.side = self.notes.partner
        return self.side

    def _file(self, side: SideNotes, value: str) -> None:
        if self.mixes:
            side = self._side_of(value, otherwise=side)
        if "/" in value or "\\" in value:
            side.targets.append(value)
        else:
            side.names.append(value)

    def _side_of(self, reel: str, otherwise: SideNotes | None = None) -> SideNotes:
        """The side whose reel a name begins with; short reels like AX prove nothing."""
        if reel.strip() in self.reels:
            return self.reels[reel.strip()]
        for known, side in self.reels.items():
            if len(known) >= 6 and reel.upper().startswith(known.upper()):
                return side
        return otherwise or self.side

    def _code(self, written: str, line: int) -> None:
        code = settled_code(written)
        if code is None:
            text = "something given as an edge code is none"
            self.notes.problems.append(Diagnostic("edge_code.invalid", text, line=line))
        else:
            self.side.codes.append(code)

    def _colour(self, part: str, value: str, line: int) -> None:
        """ASC CDL v1.2: nine numbers of slope, offset, power, or one saturation; slopes and saturation not negative, powers above 0."""
        numbers = [float(number) for number in _NUMBER.findall(value)]
        rest = re.sub(r"[()\s,]", "", _NUMBER.sub("", value))
        valid = not rest and len(numbers) == (9 if part == "SOP" else 1)
        if valid and part == "SOP":
            valid = min(numbers[:3]) >= 0 and min(numbers[6:]) > 0
        elif valid:
            valid = numbers[0] >= 0
        if not valid:
            text = f"an ASC {part} line that is no colour decision; kept as a comment"
            self.notes.problems.append(Diagnostic("cdl.invalid", text, line=line))
