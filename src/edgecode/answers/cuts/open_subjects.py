"""From unaccounted frames of a cut to what would have to be explained: clips without a version, versions without a making."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.cuts.accounts import MEDIA, Contributor, Medium, Run, answer_stands
from edgecode.answers.cuts.figures import UNREAD, clip_name, first_reason
from edgecode.answers.cuts.gap_words import Lacking, lacking
from edgecode.answers.cuts.subjects import CAMERA_REEL, Cell, Subject, SubjectKind, forward, is_camera_reel
from edgecode.answers.cuts.view import CutView
from edgecode.index.lineage import united
from edgecode.terms.cuts import Clip
from edgecode.terms.evidence import Reason
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import letter_of, reasons_of


class VersionCard(Struct, frozen=True):
    """What is known of a version apart from its making: names, places in every spelling, what its header says, its codes."""

    key: RecordId
    name: str
    paths: tuple[str, ...] = ()
    reel: str = ""
    header: str = ""
    camera: str = ""
    turnover: str = ""
    media_class: str = "other"
    seen: bool = True
    is_doubtful: bool = False
    """Another file of other content has the same reel, and this is not the larger picture of the two."""


class OpenCut(Struct, frozen=True):
    """The open subjects of a cut, the cells of frames they hold back, and how many clips stand on each subject."""

    subjects: tuple[Subject, ...]
    cells: tuple[Cell, ...]
    clips_of: tuple[int, ...]


def open_cut(view: CutView, cards: Mapping[int, VersionCard], leaves: Mapping[int, Sequence[int]]) -> OpenCut:
    """What holds back the unaccounted frames of *view*.

    *leaves*: for a version on screen, the versions behind it (itself included) that nothing explains. *cards*: all of them.
    """
    gathered = _Gathered(view, cards, leaves)
    frames: dict[tuple[Medium, frozenset[int]], int] = {}
    for medium in MEDIA:
        for run in view.runs(medium):
            if letter_of(run.account) == "U":
                key = (medium, frozenset(gathered.blockers(run, medium)))
                frames[key] = frames.get(key, 0) + run.frames
    cells = tuple(Cell(blockers, count, medium) for (medium, blockers), count in frames.items())
    return OpenCut(gathered.finished(), cells, tuple(len(clips) for clips in gathered.clips))


class _Gathered:
    """Subjects as they turn up, each once, in the order of the cut."""

    def __init__(self, view: CutView, cards: Mapping[int, VersionCard], leaves: Mapping[int, Sequence[int]]) -> None:
        self.view, self.cards, self.leaves = view, cards, leaves
        self.matches = view.match_of
        self.subjects: list[Subject] = []
        self.clips: list[set[int]] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._used: dict[tuple[str, str, int], list[tuple[int, int]]] = {}

    def blockers(self, run: Run, medium: Medium) -> Iterable[int]:
        """The subjects that must be settled before the run's frames are accounted for."""
        if not run.contributors:
            return [self._number(Subject("row", "", UNREAD, Reason.NO_MATCH, medium), -1)]
        return [
            self._number(subject, one.clip)
            for one in run.contributors
            if letter_of(one.account) == "U"
            for subject in self._of(one, medium, (run.first, run.end))
        ]

    def finished(self) -> tuple[Subject, ...]:
        """The subjects, those about a range with the frames that are lacking."""
        found = list(self.subjects)
        for (kind, key, clip), spans in self._used.items():
            number = self._numbers[kind, key]
            lacks = lacking(self.view, clip, spans)
            found[number] = replace(found[number], lacks=_both(found[number].lacks, lacks))
        return tuple(found)

    def _of(self, one: Contributor, medium: Medium, span: tuple[int, int]) -> list[Subject]:
        match = self.matches.get(one.clip)
        if match is None or match.version is None:
            key = self.view.keys[one.clip]
            subject = subject_of_clip(self.view.clips[one.clip], key, first_reason(one), medium)
            return [replace(subject, must_be_told=not answer_stands(match, self.view.pieces))]
        card = self.cards[match.version]
        reasons = reasons_of(one.account)
        found = [subject_of_version(self.cards[leaf], medium) for leaf in self.leaves.get(match.version, ())]
        if Reason.RANGE_OUTSIDE in reasons:
            found.append(_about("range", card, Reason.RANGE_OUTSIDE, medium))
            self._used.setdefault(("range", card.key, one.clip), []).append(span)
        if Reason.VENDOR_OPEN in reasons:
            found.append(_about("return", card, Reason.VENDOR_OPEN, medium))
        return found or [_about("record", card, reasons[0], medium)]

    def _number(self, subject: Subject, clip: int) -> int:
        name = (subject.kind, subject.key)
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self.subjects)
            self.subjects.append(subject)
            self.clips.append(set())
        self.clips[number].add(clip)
        return number


def _both(one: Lacking | None, other: Lacking | None) -> Lacking | None:
    """What a version lacks for two clips together."""
    if one is None or other is None:
        return one or other
    return Lacking(
        united((*one.holes, *other.holes)),
        united((*one.beyond, *other.beyond)),
        one.is_shot and other.is_shot,
    )


def subject_of_clip(clip: Clip, key: RecordId, reason: Reason, medium: Medium) -> Subject:
    """A clip that no version is known for, with everything that the cut itself says of its source."""
    names = tuple(dict.fromkeys(name for name in (clip_name(clip), *clip.media.names) if name))
    paths = tuple(dict.fromkeys(forward(target) for target in clip.media.targets if "/" in forward(target)))
    reel = clip.media.reel_full or clip.media.reel
    if not is_camera_reel(reel):
        reel = next((name for name in names if is_camera_reel(name)), reel)
    look = "camera reel" if is_camera_reel(reel) else f"clip {_kind(clip)} {_suffix(names)}"
    return Subject("clip", key, names[0], reason, medium, paths, reel, names=names, look=look)


def _kind(clip: Clip) -> str:
    """What kind of thing a clip is; a channel that says nothing (an EDL's NONE) is picture like its neighbours."""
    return clip.kind if clip.kind in ("title", "generator", "sound") else "picture"


def subject_of_version(card: VersionCard, medium: Medium) -> Subject:
    """A version that nobody recorded the making of."""
    return _about("version", card, Reason.NO_STEP if card.seen else Reason.DANGLING_PARENT, medium)


def _about(kind: SubjectKind, card: VersionCard, reason: Reason, medium: Medium) -> Subject:
    names = tuple(dict.fromkeys((card.name, *(path.rpartition("/")[2] for path in card.paths)))) if card.name else ()
    names = names or tuple(path.rpartition("/")[2] for path in card.paths) or ("unnamed version",)
    reel = card.reel or next((match[0] for name in names if (match := CAMERA_REEL.match(name.upper()))), "")
    shot = bool(card.camera) or is_camera_reel(reel)
    look = f"{card.media_class} {_suffix(names)} {card.header}"
    if shot:
        look = f"same reel as another {look}" if card.is_doubtful else f"camera {card.media_class}"
    return Subject(
        kind,
        card.key,
        names[0],
        reason,
        medium,
        card.paths,
        reel,
        card.header,
        card.turnover,
        names,
        look,
        is_doubtful=card.is_doubtful,
    )


def _suffix(names: Sequence[str]) -> str:
    for name in names:
        stem, dot, suffix = name.rpartition(".")
        if dot and stem and 2 <= len(suffix) <= 5 and suffix.isalnum() and not suffix.isdigit():
            return f".{suffix.lower()}"
    return ""
