"""Declarations that a version is somebody's own, for a small show, and its entries with commitments in their leaves."""

from collections.abc import Sequence

from edgecode.events.codec import Leaf
from edgecode.events.kinds import Event, MediaFacts, VersionBytes, VersionFact, VersionSeen
from edgecode.events.person_kinds import (
    DepictionEndFact,
    DepictionFact,
    DepictionWithdrawn,
    PersonDepicted,
    PersonSection,
)
from edgecode.events.registry import Opaque, Recorded
from edgecode.terms.identity import RecordId
from index.small_show import Show, digest, record

PERSON = PersonSection("p-1", "P-01")


def committed(index: int) -> str:
    """The commitment in the leaf of entry *index*."""
    return digest(("commitment", index))


def entries(events: Sequence[Event | Opaque]) -> list[Recorded]:
    """Events in their places in a log, each with a commitment to its bytes."""
    return [
        Recorded(index, Leaf(record(10**9 + index), index, "", "k:00000000", (), {"bytes": committed(index)}), event)
        for index, event in enumerate(events)
    ]


def declare(show: Show, version_: RecordId) -> RecordId:
    depiction = show.new()
    show.events.append(PersonDepicted(DepictionFact(depiction, version_, "likeness-source", biometric=True), PERSON))
    return depiction


def frame_file(version_: RecordId, content: tuple[str, int]) -> Event:
    """A single file with the bytes of a frame of a sequence in this show."""
    return VersionSeen(VersionFact(version_, MediaFacts("still")), VersionBytes(digest(content), 100), None)


def withdraw(show: Show, depiction: RecordId) -> None:
    show.events.append(DepictionWithdrawn(DepictionEndFact(depiction)))


def declared_show() -> Show:
    """A voice that is declared, withdrawn and seen again, and a declared sequence with a file that is one of its frames."""
    show = Show()
    voice = show.file("voice.wav")
    depiction = declare(show, voice)
    scan = show.sequence("scan.", ".exr", 1, 3)
    declare(show, scan)
    show.events.append(frame_file(show.new(), ("scan.", 2)))
    withdraw(show, depiction)
    show.file("again.wav", content="voice.wav")
    return show
