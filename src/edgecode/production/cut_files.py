"""Reading the files of a cut that somebody hands over."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from edgecode.errors import InputError
from edgecode.ingest.doors import HEAD_BYTES, CutReader
from edgecode.ingest.editorial.assembly import assemble
from edgecode.ingest.editorial.reading import read_together, reader_for
from edgecode.production.doors import cut_readers
from edgecode.terms.cuts import CutReading
from edgecode.terms.timebase import Rate

BUNDLE_FILE = "Info.fcpxml"
"""What a bundle of Final Cut Pro (a folder ``.fcpxmld``) keeps its cut in."""


def is_cut_file(path: Path, *, readers: Sequence[CutReader] | None = None) -> bool:
    """Whether one of *readers* (default: all that are here) says that *path*, a file or a bundle, is for it; not what cannot be opened."""
    try:
        with _file_of(path).open("rb") as file:
            return reader_for(file.read(HEAD_BYTES), name=path.name, readers=readers or cut_readers()) is not None
    except OSError:
        return False


def read_cuts(
    files: Sequence[Path], *, rate: Rate | None = None, readers: Sequence[CutReader] | None = None
) -> list[CutReading]:
    """The cuts in *files*, named after their files where one file holds one cut; several EDLs become one cut.

    A folder is read as a bundle: the ``Info.fcpxml`` in it. Raises InputError ``cut.unreadable`` and what the readers raise.
    """
    readers = readers or cut_readers()
    contents: list[tuple[str, bytes]] = []
    for path in files:
        try:
            contents.append((path.name, _file_of(path).read_bytes()))
        except OSError as error:
            raise InputError(
                "cut.unreadable",
                f"{path.name} cannot be read ({error.strerror})",
                "Give the path of a cut: a file, or a folder .fcpxmld with its Info.fcpxml",
            ) from error
    readings: list[CutReading] = []
    for path, (_, data), found in zip(
        files, contents, read_together(contents, rate=rate, readers=readers), strict=True
    ):
        digest = sha256(data).hexdigest()
        alone = len(found) == 1
        readings += [
            msgspec.structs.replace(one, inputs=(digest,), name=path.stem if alone else one.name or path.stem)
            for one in found
        ]
    lists = [one for one in readings if one.format == "edl"]
    if len(lists) > 1:
        joined = assemble(lists, name=lists[0].name)
        return [joined, *(one for one in readings if one.format != "edl")]
    return readings


def _file_of(path: Path) -> Path:
    return path / BUNDLE_FILE if path.is_dir() else path
