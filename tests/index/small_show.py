"""A small show to index: events made one call at a time, with ids and digests that are the same in every run."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.events.codec import Leaf
from edgecode.events.file_facts import FileFacts, in_sections
from edgecode.events.kinds import (
    AnswerFact,
    AnswerGiven,
    AnswerWithdrawn,
    Claim,
    ConformDecided,
    ConformDecision,
    ConformFact,
    Event,
    FrameMap,
    MediaFacts,
    PlaceSection,
    SequenceBytes,
    SequenceFact,
    SequenceSeen,
    StepBytes,
    StepFact,
    StepInput,
    StepPerformed,
    StepPlace,
    StepWithdrawalFact,
    StepWithdrawn,
    VersionBytes,
    VersionFact,
    VersionSeen,
    WithdrawalFact,
)
from edgecode.events.registry import Opaque, Recorded
from edgecode.index.projector import project
from edgecode.terms.evidence import AiUse, Grade
from edgecode.terms.identity import RecordId, record_id, sequence_root
from edgecode.terms.places import Place
from edgecode.terms.steps import InputRole, StepKind


def record(number: int) -> RecordId:
    """The record id with this number."""
    return record_id(1_760_000_000_000 + number, number.to_bytes(10, "big"))


def digest(words: object) -> str:
    """The SHA-256 of some words."""
    return sha256(repr(words).encode()).hexdigest()


def recorded(events: Iterable[Event | Opaque], first: int = 0) -> list[Recorded]:
    """Events in their places in a log."""
    return [
        Recorded(index, Leaf(record(10**9 + index), index, _type(event), "k:00000000", (), {}), event)
        for index, event in enumerate(events, first)
    ]


def index_of(events: Sequence[Event | Opaque]) -> SqliteIndex:
    """A fresh index that holds these events."""
    store = SqliteIndex(":memory:")
    project(store, recorded(events), size=len(events), root=b"\x07" * 32)
    return store


def id_of(store: SqliteIndex, key: RecordId) -> int:
    """The dense id of a version that the index knows."""
    ((found,),) = store.rows("version_id", bytes.fromhex(key.replace("-", "")))
    assert isinstance(found, int)
    return found


def _type(event: Event | Opaque) -> str:
    return event.type if isinstance(event, Opaque) else event.TYPE


class Show:
    """Collects events; every call returns the record id of what it recorded."""

    def __init__(self) -> None:
        self.events: list[Event | Opaque] = []
        self._count = 0

    def new(self) -> RecordId:
        """A fresh record id."""
        self._count += 1
        return record(self._count)

    def index(self) -> SqliteIndex:
        """An index of everything recorded so far."""
        return index_of(self.events)

    def file(
        self,
        path: str = "",
        *,
        content: str | tuple[str, int] | None = None,
        media: FileFacts | None = None,
        version: RecordId = "",
        root: str = "media",
        supersedes: RecordId = "",
        is_read: bool = True,
    ) -> RecordId:
        """A file was seen; its bytes are named by *content* (its path, when nothing is given; name and number of a frame).

        *is_read*: bytes are known.
        """
        version = version or self.new()
        bytes_ = VersionBytes(digest(content or path or version), 100) if is_read else None
        place = Place.of(root, path) if path else None
        facts, words = in_sections(media or FileFacts("still"))
        self.events.append(
            VersionSeen(
                VersionFact(version, facts, supersedes),
                bytes_,
                PlaceSection(place.root, place.path, place.text) if place else None,
                words,
            )
        )
        return version

    def video(
        self,
        path: str,
        frames: int,
        *,
        rate: str = "24/1",
        start: int | None = None,
        reel: str = "",
        content: str | None = None,
    ) -> RecordId:
        """A video of so many frames."""
        media = FileFacts("video", rate=rate, frames=frames, start=start, reel=reel)
        return self.file(path, media=media, content=content)

    def sequence(
        self,
        before: str,
        after: str,
        first: int,
        last: int,
        *,
        missing: tuple[tuple[int, int], ...] = (),
        rate: str = "",
        start: int | None = None,
        root: str = "media",
        content: str | None = None,
    ) -> RecordId:
        """An image sequence, ``before`` and ``after`` the frame number."""
        version = self.new()
        absent = {frame for low, high in missing for frame in range(low, high + 1)}
        numbers = [frame for frame in range(first, last + 1) if frame not in absent]
        digests = [(frame, digest((content or before, frame))) for frame in numbers]
        root_ = sequence_root([(frame, bytes.fromhex(one)) for frame, one in digests])
        media = MediaFacts("sequence", rate=rate, frames=len(numbers), first_frame=first, start=start)
        place = Place.of_sequence(root, before, after)
        self.events.append(
            SequenceSeen(
                SequenceFact(version, first, last, len(numbers), media, missing=missing),
                SequenceBytes(root_, 100 * len(numbers), tuple((frame, one, 100) for frame, one in digests)),
                PlaceSection(place.root, place.path, place.text),
            )
        )
        return version

    def step(
        self,
        kind: StepKind,
        outputs: RecordId | Sequence[RecordId],
        inputs: Sequence[RecordId | StepInput] = (),
        *,
        grade: Grade = Grade.LOGGED,
        ai: AiUse | None = None,
        claimed: dict[RecordId, str] | None = None,
        names: dict[RecordId, str] | None = None,
        source: str = "test",
        **more: object,
    ) -> RecordId:
        """An act of making; plain ids are picture inputs."""
        step = self.new()
        made = (outputs,) if isinstance(outputs, str) else tuple(outputs)
        used = tuple(one if isinstance(one, StepInput) else StepInput(one) for one in inputs)
        fact = StepFact(step, kind, source, grade, made, used, ai=ai, **more)  # type: ignore[arg-type]
        bytes_ = StepBytes(claimed) if claimed else None
        self.events.append(StepPerformed(fact, bytes_, StepPlace(names) if names else None))
        return step

    def answer(
        self,
        kind: StepKind,
        versions: Sequence[RecordId] = (),
        *,
        clips: Sequence[RecordId] = (),
        ai: AiUse | None = None,
        about: str = "making",
    ) -> RecordId:
        """A person's answer about versions or clips."""
        answer = self.new()
        fact = AnswerFact(answer, record(0), Claim(kind, ai), about, ("folder",), tuple(versions), tuple(clips))  # type: ignore[arg-type]
        self.events.append(AnswerGiven(fact))
        return answer

    def withdraw(self, answer: RecordId) -> None:
        """An answer was taken back."""
        self.events.append(AnswerWithdrawn(WithdrawalFact(answer)))

    def withdraw_step(self, step: RecordId) -> None:
        """A recorded step was taken back."""
        self.events.append(StepWithdrawn(StepWithdrawalFact(step)))

    def decide(self, cut: RecordId, clip: RecordId, version: RecordId, frame: int | None = None) -> None:
        """A person said what a clip shows."""
        self.events.append(ConformDecided(ConformFact(cut, (ConformDecision(clip, version, frame),))))


def same(first: int, end: int, low: int = 0) -> FrameMap:
    """Output frame f needs input frame f + low."""
    return FrameMap("same", first, end, low)


def used_as(role: InputRole, version: RecordId, *frames: FrameMap) -> StepInput:
    """An input in a role."""
    return StepInput(version, role, frames)
