"""What tests about reading on other machines share: a film's tree, two productions whose ids are told in advance, a farm of one."""

import os
from collections import defaultdict
from dataclasses import replace
from itertools import count
from pathlib import Path

from edgecode.drivers.world import World
from edgecode.ingest.stat_cache import CachedFile
from edgecode.production import Production
from edgecode.production.farming import Terms, part_name, work_on_chunk
from generated_png import generated
from scan.scan_samples import later, lay

NUMBER_OF_FILES = 21


def told_world() -> World:
    """A world in which the same calls give the same ids and salts."""
    numbers = defaultdict(lambda: count(1))

    def randomness(size: int) -> bytes:
        return next(numbers[size]).to_bytes(size, "big")

    return replace(World(), milliseconds=lambda: 1_700_000_000_000, randomness=randomness)


def film(folder: Path) -> Path:
    """A tree with a sequence, its hole, stills, sound, and names that are hard to write down."""
    files = {f"sh010/comp.{frame}.exr": b"frame %d" % frame * 40 for frame in range(1001, 1011) if frame != 1005}
    files |= {f"plates/take {one}/a#b%20.png": b"picture %d" % one for one in range(4)}
    files |= {"top.wav": b"RIFF", os.fsdecode(b"odd/n\xff.tif"): b"II*\0", "sh010/same.png": b"picture 1"}
    files |= {"sh010/empty.png": b"", "notes.txt": b"not media", "z.mov": b"z" * 3000}
    # Frames that tell alike how they were made, and a picture on its own.
    files |= {f"gen/dream.{frame}.png": generated(frame) for frame in range(1, 4)}
    files |= {"gen/alone.png": generated(9, seed=11)}
    lay(folder, files)
    return folder


def production_in(folder: Path) -> Production:
    """A new production whose ids are told in advance."""
    return Production.create(folder, title="A Show", domain="studio.example", world=told_world())


def work_everything(folder: Path, *, only: set[int] | None = None) -> None:
    """Run the command of every chunk in *folder*, as a farm would."""
    chunks = sorted(folder.glob("chunk-*.json"))
    for number, chunk in enumerate(chunks, start=1):
        if only is None or number in only:
            work_on_chunk(chunk, folder / part_name(number, len(chunks)))


def terms(sample: int = 1, *signed_by: str) -> Terms:
    """Terms on a clock on which every file has settled."""
    return Terms(sample, signed_by, now_ns=later)


def remembered(production: Production) -> dict[bytes, CachedFile]:
    """What the scan's memory holds of the film's files."""
    found = {}
    for root in production.media_roots():
        for path in sorted(root.path.rglob("*")):
            name = os.fsencode(path.relative_to(root.path))
            entry = production.cache.known(root.id, name)
            if entry is not None and entry.sha256 is not None:
                found[name] = entry
    return found
