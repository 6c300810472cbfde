"""Two houses for tests: one that asks, with a cut of a plate and shots of which it knows nothing, and one that made the shots."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from edgecode.drivers.world import World
from edgecode.events.kinds import (
    MediaFacts,
    PlaceSection,
    StepFact,
    StepInput,
    StepPerformed,
    VersionBytes,
    VersionFact,
    VersionSeen,
)
from edgecode.index.accounts import accounts
from edgecode.index.catalogue import version, versions_of_content
from edgecode.production import Production
from edgecode.terms.evidence import Grade
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import classes_of, letter_of, reasons_of
from edgecode.terms.steps import StepKind
from edgecode.terms.timebase import Rate, label_of_frame

FRAMES = 24
"""How long every file is."""
PLATE = "a" * 64
RATE = Rate(24, 1)


def shot_bytes(number: int) -> str:
    """The digest of a shot's file."""
    return sha256(f"shot {number}".encode()).hexdigest()


def edl(clips: Sequence[tuple[str, int, int]]) -> str:
    """A list of (file, first source frame, end) one after another."""
    lines, at = ["TITLE: SHOTS", "FCM: NON-DROP FRAME", ""], 86_400
    for number, (name, first, end) in enumerate(clips, 1):
        labels = [label_of_frame(frame, RATE) for frame in (first, end, at, at + end - first)]
        lines += [f"{number:03d}  AX       V     C        {' '.join(labels)}", f"* FROM CLIP NAME: {name}"]
        at += end - first
    return "\n".join(lines) + "\n"


def asking(folder: Path, clips: Sequence[tuple[str, int, int]], *, shots: int = 3) -> Production:
    """A production with files ``shot1.mov`` …, of whose making nobody knows, a plate that was photographed, and the cut ``reel``."""
    world = World()
    production = Production.create(folder, title="The Asking House", domain="asking.example", world=world)
    plate = world.new_id()
    production.append(
        [
            seen(plate, PLATE, "plate.mov"),
            StepPerformed(StepFact(world.new_id(), StepKind.CAMERA, "record", Grade.LOGGED, (plate,))),
            *(seen(world.new_id(), shot_bytes(n), f"shot{n}.mov") for n in range(1, shots + 1)),
        ]
    )
    cut = folder / "reel.edl"
    cut.write_text(edl(clips), "utf-8")
    production.add_cut([cut], name="reel", rate=RATE)
    return production


def making(folder: Path, kinds: Sequence[StepKind]) -> Production:
    """The house that made the shots, each by one step of a kind from the plate, with a prompt that is nobody else's business."""
    world = World()
    production = Production.create(folder, title="The Making House", domain="making.example", world=world)
    plate, shots = world.new_id(), [world.new_id() for _ in kinds]
    production.append(
        [
            seen(plate, PLATE, "from-the-client.mov"),
            *(seen(one, shot_bytes(n), f"ours{n}.mov") for n, one in enumerate(shots, 1)),
            *(
                StepPerformed(StepFact(world.new_id(), kind, "record", Grade.LOGGED, (one,), (StepInput(plate),)))
                for one, kind in zip(shots, kinds, strict=True)
            ),
        ]
    )
    return production


def seen(identity: RecordId, digest: str, name: str) -> VersionSeen:
    """A video of `FRAMES` frames."""
    media = MediaFacts("video", rate="24/1", frames=FRAMES, start=0, start_label="00:00:00:00")
    return VersionSeen(VersionFact(identity, media), VersionBytes(digest, 10), PlaceSection("root", f"media/{name}"))


def shot(production: Production, number: int) -> RecordId:
    """The record of a shot's file."""
    return versions_of_content(production.index, shot_bytes(number))[0].key


def said(production: Production, key: RecordId) -> list[str]:
    """For each frame of a file: its classes, or why it is open."""
    row = version(production.index, key)
    assert row is not None
    frames = [""] * FRAMES
    for piece in accounts(production.index, [row.id])[row.id]:
        for frame in range(FRAMES):
            if piece.first is not None and piece.end is not None and piece.first <= frame < piece.end:
                is_open = letter_of(piece.account) == "U"
                frames[frame] = "+".join(reasons_of(piece.account)) if is_open else classes_of(piece.account)
    return frames
