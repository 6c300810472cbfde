"""What the scan's tests share: a tree with old files, readers that need no real media, a cache, ids that count."""

import os
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from edgecode.drivers.scan_cache import ScanCache
from edgecode.ingest.file_reading import Trust
from edgecode.ingest.inspection import Inspection, facts_by_suffix
from edgecode.ingest.scan import Item, ScanOptions, scan
from edgecode.ingest.seen import FileSeen, SequenceFound
from edgecode.ingest.stat_cache import StatCache
from edgecode.ingest.walk import MediaRoot
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import RecordId, record_id
from edgecode.terms.steps import Generation, ModelUse, NamedText

LATER_NS = 60_000_000_000
"""Tests read files 'a minute from now', so that files written this second are settled."""


def later() -> int:
    """A wall clock that is a minute ahead."""
    return time.time_ns() + LATER_NS


class Readers:
    """Stands for the readers of headers: counts what it is asked, and tells a generation for files whose bytes name a model."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, path: Path) -> Inspection:
        self.asked.append(path.name)
        data = path.read_bytes()
        facts = facts_by_suffix(path.name)
        if b"model:" not in data:
            return Inspection(facts)
        name = data.partition(b"model:")[2].split(b" ")[0].decode()
        return Inspection(facts, generation(name))


def generation(model: str, seed: str = "18446744073709551615") -> Generation:
    """A record of generation that uses one model."""
    return Generation(
        "comfyui",
        models=(ModelUse(f"sdxl\\{model}", "checkpoint", {"AutoV2": "0123456789"}),),
        seeds=(seed,),
        texts=(NamedText("a lighthouse", "positive"),),
    )


def ids() -> Callable[[], RecordId]:
    """Record ids that count up."""
    numbers = count(1)
    return lambda: record_id(next(numbers), bytes(10))


def lay(root: Path, files: dict[str, bytes]) -> None:
    """Write files below *root*."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def options(readers: Readers, /, **changed: object) -> ScanOptions:
    """One thread, fake readers, a clock on which every file is settled, no luck."""
    chosen = ScanOptions(threads=2, inspect=readers, now_ns=later, trust=Trust(lambda: 0.99))
    for name, value in changed.items():
        setattr(chosen, name, value)
    return chosen


def scanned(
    root: Path, cache: StatCache | None = None, readers: Readers | None = None, **changed: object
) -> list[Item]:
    """Everything a scan of one root yields."""
    cache = cache or ScanCache.open(":memory:")
    return list(scan([MediaRoot("media", root)], cache=cache, options=options(readers or Readers(), **changed)))


def seen_in(items: list[Item]) -> list[FileSeen | SequenceFound]:
    """What was read."""
    return [item for item in items if isinstance(item, (FileSeen, SequenceFound))]


def codes_in(items: list[Item]) -> list[str]:
    """The codes of what was said."""
    return [item.code for item in items if isinstance(item, Diagnostic)]


def said(items: list[Item], code: str) -> str:
    """The one sentence under *code*."""
    (text,) = [item.text for item in items if isinstance(item, Diagnostic) and item.code == code]
    return text


def modes_stop_us() -> bool:
    """Whether file modes keep us out; they do not keep out the superuser."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "closed"
        path.touch()
        path.chmod(0)
        return not os.access(path, os.R_OK)
