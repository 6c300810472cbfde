"""Reading the files of a cut that somebody hands over."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from edgecode.errors import InputError
from edgecode.ingest.editorial.assembly import assemble
from edgecode.ingest.editorial.reading import read_together
from edgecode.terms.cuts import CutReading
from edgecode.terms.timebase import Rate


def read_cuts(files: Sequence[Path], *, rate: Rate | None = None) -> list[CutReading]:
    """The cuts in *files*, named after their files where one file holds one cut; several EDLs become one cut.

    Raises InputError ``cut.unreadable`` and what the readers raise.
    """
    contents: list[tuple[str, bytes]] = []
    for path in files:
        try:
            contents.append((path.name, path.read_bytes()))
        except OSError as error:
            raise InputError(
                "cut.unreadable",
                f"{path.name} cannot be read ({error.strerror})",
                "Give the path of an OTIO or EDL file",
            ) from error
    readings: list[CutReading] = []
    for path, (_, data), found in zip(files, contents, read_together(contents, rate=rate), strict=True):
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
