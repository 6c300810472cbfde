"""A master beside the cut: what its file says of itself, what its pictures say, and the word that follows."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from edgecode.answers.cuts.figures import clip_name
from edgecode.answers.cuts.timecodes import CutClock
from edgecode.answers.cuts.view import CutView
from edgecode.answers.delivering.judging import Judged, Seen
from edgecode.answers.delivering.plan import NO_CLIP, SourceFrame, Stretch
from edgecode.answers.layout.columns import counted

Outcome = Literal["same", "differs", "held"]
NOT_COMPARED = "picture not compared with the cut"


class Master(Struct, frozen=True):
    """A delivered file or folder. *span*: the frames of the cut that it must hold, half open. *rate* and *start* are "" where it says
    none; *is_regular*: whether every frame stands as long as the others; *sha256*: of the file, of a folder that of every frame's in order;
    *size*: bytes of the file, of a folder of all its frames.
    """

    name: str
    span: tuple[int, int]
    codec: str
    width: int
    height: int
    rate: str
    frames: int
    start: str
    sha256: str
    size: int
    is_regular: bool = True


class Difference(Struct, frozen=True):
    """The first frame of a stretch that shows something else. *seen*: what it is most like, in words."""

    judged: Judged
    at: Seen
    seen: str


class Comparison(Struct, frozen=True):
    """*facts*: what the file says of itself against the cut, each a sentence; *unsaid*: what it does not say."""

    cut: str
    masters: tuple[Master, ...]
    judged: tuple[Judged, ...]
    differences: tuple[Difference, ...]
    facts: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """``differs`` beats ``held``; ``same`` only where pictures were compared and nothing is open."""
        if self.differences or self.facts:
            return "differs"
        if self.open_frames or not self.pictures or not all(master.is_regular for master in self.masters):
            return "held"
        return "same"

    @property
    def pictures(self) -> int:
        """How many frames of clips were compared, black not counted."""
        return sum(one.compared for one in self.judged if one.stretch.clip != NO_CLIP)

    @property
    def open_frames(self) -> int:
        """Frames of stretches that somebody must act on before they can be compared."""
        return sum(one.stretch.end - one.stretch.first for one in self.judged if is_open(one))

    @property
    def left_frames(self) -> int:
        """Frames of stretches that are not compared at all, open ones among them."""
        return sum(one.stretch.end - one.stretch.first for one in self.judged if one.stretch.why or not one.compared)


def is_open(one: Judged) -> bool:
    """Whether a stretch should have been compared and could not be, in whole or in part."""
    return one.stretch.is_open or bool(one.changed) or any(seen.word == "no source" for seen in one.seen)


def facts_of(masters: Sequence[Master], clock: CutClock) -> tuple[list[str], list[str]]:
    """What differs between what files say of themselves and the cut, and what they do not say."""
    differs, unsaid = [], []
    for master in masters:
        wanted = master.span[1] - master.span[0]
        if master.frames != wanted:
            differs.append(f"{master.name} has {counted(master.frames, 'frame')}, the cut {counted(wanted, 'frame')}")
        if not master.rate:
            unsaid.append(f"{master.name} says no rate")
        elif master.rate != str(clock.rate):
            differs.append(f"{master.name} runs at {master.rate} frames a second, the cut at {clock.rate}")
        label = clock.label(master.span[0])
        if not master.start:
            unsaid.append(f"{master.name} says no start timecode")
        elif _digits(master.start) != _digits(label):
            differs.append(f"{master.name} starts at {master.start}, the cut at {label}")
        if not master.is_regular:
            unsaid.append(f"the frames of {master.name} do not follow one another evenly")
    return differs, unsaid


def _digits(label: str) -> str:
    return "".join(c for c in label if c.isdigit())


def difference_words(view: CutView, names: dict[int, str], one: Difference) -> str:
    """The difference as a sentence: where, which clip, what was expected, what was seen."""
    stretch, at = one.judged.stretch, one.at.expected.at
    place = "the first frame" if at == stretch.first else "the last frame" if at == stretch.end - 1 else "within"
    clip = clip_words(view, stretch)
    return f"{view.clock.label(at)}, {place} of {clip}: expected {source_words(names, one.at.expected.source)}; seen: {one.seen}"


def clip_words(view: CutView, stretch: Stretch) -> str:
    """The clip's name, or black."""
    return clip_name(view.clips[stretch.clip]) if stretch.clip != NO_CLIP else "black"


def source_words(names: dict[int, str], source: SourceFrame | None) -> str:
    """A picture of a source in words."""
    if source is None:
        return "black"
    name = names.get(source.version, "a version")
    return name if source.number is None else f"frame {source.number} of {name}"
