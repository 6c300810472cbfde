"""Reads a media file or an image sequence on its own, without a production and without remembering anything."""

from collections.abc import Sequence
from pathlib import Path

from edgecode.ingest.credential_marks import SIDECAR
from edgecode.ingest.digests import Mark
from edgecode.ingest.scan import scan_files
from edgecode.ingest.seen import FileSeen, Seen, SequenceFound
from edgecode.ingest.stat_cache import NothingCached
from edgecode.ingest.walk import FoundFile, FoundFolder, MediaRoot
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.places import readable


def read_alone(paths: Sequence[Path]) -> tuple[Seen | None, list[Diagnostic]]:
    """What *paths* are: one file, the frames of one sequence, or a folder of frames. None with the problem when nothing can be read.

    Several assets: the first in name order, and the others are said.
    """
    files = sorted(_files(paths))
    if not files:
        return None, [Diagnostic("media.none", f"there is no file at {readable(paths[0].name)}", effect="row-missing")]
    root = MediaRoot("alone", files[0].parent)
    try:
        found = tuple(
            FoundFile(root, "", path.name, Mark.of(path.stat())) for path in files if path.parent == root.path
        )
    except OSError as error:
        text = f"{readable(files[0].name)} cannot be read ({error.strerror or 'unknown'})"
        return None, [Diagnostic("media.unreadable", text, effect="row-missing")]
    names = frozenset(
        name
        for path in files
        for name in (f"{path.name}{SIDECAR}", f"{path.stem}{SIDECAR}")
        if path.with_name(name).is_file()
    )
    assets: list[Seen] = []
    said: list[Diagnostic] = []
    for item in scan_files(FoundFolder(root, "", found, sidecars=names), cache=NothingCached()):
        if isinstance(item, Diagnostic):
            said.append(item)
        elif isinstance(item, (FileSeen, SequenceFound)):
            assets.append(item)
    if len(assets) > 1:
        said.append(
            Diagnostic(
                "media.several", f"{len(assets)} files and sequences were given; this is about {assets[0].place.text}"
            )
        )
    return (assets[0] if assets else None), said


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        absolute = path.absolute()
        found += [entry for entry in absolute.iterdir() if entry.is_file()] if absolute.is_dir() else [absolute]
    return found
