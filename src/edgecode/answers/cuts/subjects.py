"""What stands between a frame and its account: versions and clips that somebody must still explain, and rules that pick them out."""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from shlex import quote
from typing import Literal

from msgspec import Struct

from edgecode.answers.cuts.accounts import Medium
from edgecode.answers.cuts.gap_words import Lacking
from edgecode.terms.evidence import Reason
from edgecode.terms.identity import RecordId

SubjectKind = Literal["version", "clip", "range", "return", "record", "row"]

CAMERA_REEL = re.compile(r"([A-Z]{1,2}\d{3})(_?)C\d{3}(?!\d)|([A-Z]{1,2}\d{3})_\d{8}_C\d{3}")
"""Source reels as digital cameras write them: ``A045C012_230612_R1AB``, ``A001_C003_0712XY``, ``A001_08240833_C001``."""


class Subject(Struct, frozen=True):
    """One thing to explain.

    *kind*: a ``version`` that nobody recorded the making of; a ``clip`` that no version is known for; a ``range`` of a version
    that was never seen; a vendor's ``return`` that does not close its part; a ``row`` of the cut that could not be read. Only the
    first two can be settled by an answer, and a clip only where it cannot show a version that something is recorded of
    (*must_be_told*: somebody must say first which version it shows; a recorded making always beats an answer). *paths*: where it
    lies or is said to lie, every known spelling, slashes forward. *look*: what its siblings have in common (kind of file, program,
    camera). *lacks*: the frames that a ``range`` is about.
    *is_doubtful*: another file has the same reel, so that one of the two is a copy for viewing: no reel says how it was made.
    """

    kind: SubjectKind
    key: RecordId
    name: str
    reason: Reason
    medium: Medium = "picture"
    paths: tuple[str, ...] = ()
    reel: str = ""
    header: str = ""
    turnover: str = ""
    names: tuple[str, ...] = ()
    look: str = ""
    lacks: Lacking | None = None
    is_doubtful: bool = False
    must_be_told: bool = False

    @property
    def answerable(self) -> bool:
        """Whether somebody's word can settle it."""
        return self.kind in ("version", "clip") and not self.must_be_told


class Cell(Struct, frozen=True):
    """*frames* that stay unaccounted until every one of *subjects* (indices) is settled; picture and sound apart."""

    subjects: frozenset[int]
    frames: int
    medium: Medium = "picture"


class Rule(Struct, frozen=True, omit_defaults=True):
    """Which subjects an answer is for; every part that is given must fit.

    *under*: a folder, as the media roots or the cut name it. *reel*: how source reels begin; ``?``, ``*`` and ``[0-9]`` stand for
    characters. *header*: the shared header key of files of one camera or program. *turnover*: a turnover's number. *clip*: a
    pattern that the whole name of a clip or file fits (``OAM*``, ``*.mov``). Case does not matter in reels and names.
    """

    under: str = ""
    reel: str = ""
    header: str = ""
    turnover: str = ""
    clip: str = ""

    def fits(self, subject: Subject) -> bool:
        """Whether every given part fits *subject*. A rule without parts fits nothing."""
        return any(self.parts()) and all(
            (
                not self.under or _is_under(subject.paths, self.under),
                not self.reel or _fits(subject.reel, f"{self.reel}*"),
                not self.header or subject.header == self.header,
                not self.turnover or subject.turnover == self.turnover,
                not self.clip or any(_fits(name, self.clip) for name in subject.names),
            )
        )

    def parts(self) -> tuple[str, ...]:
        """The parts in the order of their options."""
        return self.under, self.reel, self.header, self.turnover, self.clip

    def words(self) -> dict[str, str]:
        """The given parts by the name of their option (the `place` section of an answer)."""
        return {name: text for name, text in zip(RULE_OPTIONS, self.parts(), strict=True) if text}

    def options(self) -> str:
        """The rule as options of a command line, quoted for a shell."""
        return " ".join(f"--{name} {quote(text)}" for name, text in self.words().items())


RULE_OPTIONS = ("under", "reel", "header", "turnover", "clip")


class Selection(Struct, frozen=True):
    """What a rule selects: record ids for the answer, and how many frames of picture and sound it would settle on its own.

    *frames* become accounted by this answer alone; *touched* are all frames that it bears on. *left* fit too, but no answer settles
    them.
    """

    versions: tuple[RecordId, ...]
    clips: tuple[RecordId, ...]
    frames: int
    sound_frames: int
    touched: int
    subjects: tuple[Subject, ...]
    left: tuple[Subject, ...] = ()


def select(subjects: Sequence[Subject], cells: Iterable[Cell], rule: Rule) -> Selection:
    """The open subjects that *rule* fits. Only what is unaccounted is a subject, so no recorded step is ever overridden."""
    return selection(subjects, cells, [number for number, subject in enumerate(subjects) if rule.fits(subject)])


def selection(subjects: Sequence[Subject], cells: Iterable[Cell], chosen: Iterable[int]) -> Selection:
    """The answerable ones of *chosen* (indices into *subjects*) with the frames they would settle."""
    chosen = sorted(set(chosen))
    numbers = {number for number in chosen if subjects[number].answerable}
    cells = list(cells)
    picked = [subjects[number] for number in sorted(numbers)]
    return Selection(
        versions=tuple(one.key for one in picked if one.kind == "version"),
        clips=tuple(one.key for one in picked if one.kind == "clip"),
        frames=sum(cell.frames for cell in cells if cell.medium == "picture" and cell.subjects <= numbers),
        sound_frames=sum(cell.frames for cell in cells if cell.medium == "sound" and cell.subjects <= numbers),
        touched=sum(cell.frames for cell in cells if cell.subjects & numbers),
        subjects=tuple(picked),
        left=tuple(subjects[number] for number in chosen if number not in numbers),
    )


def is_camera_reel(reel: str) -> bool:
    """Whether a source reel is named the way digital cameras name theirs."""
    return CAMERA_REEL.match(reel.upper()) is not None


def forward(path: str) -> str:
    """A path as written anywhere, with forward slashes and without a slash at its end or a ``file://`` before it."""
    plain = re.sub(r"^file://(?:localhost)?", "", path.replace("\\", "/"))
    plain = re.sub(r"^/([A-Za-z]:)", r"\1", plain)
    return plain.rstrip("/") if len(plain) > 1 else plain


def _is_under(paths: Iterable[str], folder: str) -> bool:
    wanted = forward(folder)
    return any(path == wanted or path.startswith(wanted.rstrip("/") + "/") for path in paths)


def _fits(text: str, pattern: str) -> bool:
    return bool(text) and fnmatchcase(text.upper(), pattern.upper())
