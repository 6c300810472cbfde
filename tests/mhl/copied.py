"""Cards with histories for tests, and the reference tool, which reads ours and writes its own."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edgecode.ingest.mhl.manifest import Creator
from edgecode.ingest.mhl.writing import Wanted, Written, write_generation

_BESIDE = Path(sys.executable).parent
_FOUND = {name: shutil.which(name, path=str(_BESIDE)) or shutil.which(name) for name in ("ascmhl", "ascmhl-debug")}
needs_reference = pytest.mark.skipif(
    None in _FOUND.values(), reason="the reference tool is not installed (pip install ascmhl)"
)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def card(folder: Path, name: str = "A001", *, clips: int = 4) -> Path:
    """A camera card: clips, one in a folder below, an empty file and a name that is not ASCII."""
    made = folder / name
    (made / "Clips" / "sub").mkdir(parents=True)
    for number in range(clips):
        place = made / "Clips" / ("sub" if number == 1 else "") / f"{name}C00{number}.mov"
        place.write_bytes(f"{name} clip {number}".encode() * 100)
    (made / "empty.txt").write_bytes(b"")
    (made / "Übersicht.txt").write_bytes(b"scene list")
    return made


def wanted(*formats: str, minute: int = 0, ignore: tuple[str, ...] = ()) -> Wanted:
    """A generation of some formats, begun so many minutes after `START`."""
    creator = Creator((START + timedelta(minutes=minute)).isoformat(), "withheld", "edgecode", "0")
    return Wanted(formats, creator, ignore=ignore)


def write(folder: Path, *formats: str, minute: int = 0, ignore: tuple[str, ...] = ()) -> list[Written]:
    """Append a generation."""
    return write_generation(folder, wanted(*formats, minute=minute, ignore=ignore))


def reference(*words: object, debug: bool = False) -> int:
    """Run the reference tool; its exit status."""
    program = _FOUND["ascmhl-debug" if debug else "ascmhl"]
    assert program is not None
    return subprocess.run([program, *map(str, words)], capture_output=True, check=False, timeout=120).returncode


def manifests(folder: Path) -> list[Path]:
    """The manifests of a folder, oldest first."""
    return sorted((folder / "ascmhl").glob("*.mhl"))
