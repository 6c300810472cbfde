"""Reading the files of a cut that somebody hands over."""

from collections.abc import Sequence
from hashlib import sha256
from io import FileIO
from pathlib import Path

import msgspec

from edgecode.errors import InputError
from edgecode.ingest.doors import HEAD_BYTES, CutReader
from edgecode.ingest.editorial.assembly import assemble
from edgecode.ingest.editorial.limits import MAX_FILE_BYTES
from edgecode.ingest.editorial.reading import read_together, reader_for
from edgecode.ingest.regular_files import opened_regular, regular_bytes
from edgecode.production.doors.readers import cut_readers
from edgecode.terms.cuts import CutReading
from edgecode.terms.timebase import Rate

BUNDLE_FILE = "Info.fcpxml"
"""What a bundle of Final Cut Pro (a folder ``.fcpxmld``) keeps its cut in."""


def is_cut_file(path: Path, *, readers: Sequence[CutReader] | None = None) -> bool:
    """Whether one of *readers* (default: all that are here) says that *path*, a file or a bundle, is for it; not what cannot be opened."""
    try:
        with _opened(path) as file:
            return reader_for(file.read(HEAD_BYTES), name=path.name, readers=readers or cut_readers()) is not None
    except (OSError, InputError):
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
            contents.append((path.name, bundled_bytes(path)))
        except OSError as error:
            inside = f"{BUNDLE_FILE} in " if path.is_dir() else ""
            raise InputError(
                "cut.unreadable",
                f"{inside}{path.name} cannot be read ({error.strerror})",
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


def named_once(readings: Sequence[CutReading], *, name: str = "") -> list[CutReading]:
    """What *readings* become when they are recorded together, the one of them called *name* where somebody gave one. What stands in
    two files alike is one cut.

    Raises InputError ``cut.same_name`` where two different cuts would bear one name, so that each would replace the one before, and
    ``rate.unknown`` where nobody knows the rate of one.
    """
    called = [msgspec.structs.replace(one, name=name) if name else one for one in readings]
    taken: dict[str, CutReading] = {}
    for own, one in zip(readings, called, strict=True):
        if one.rate is None:
            raise InputError(
                "rate.unknown",
                f"the rate of {one.name} is not in the file",
                "Give it, as in --rate 24 or --rate 23.976",
            )
        if taken.setdefault(one.name, own) != own:
            raise _same_name([each for each, by in zip(readings, called, strict=True) if by.name == one.name], name)
    return [one for place, one in enumerate(called) if one not in called[:place]]


def _same_name(clashing: Sequence[CutReading], name: str) -> InputError:
    spoken = ", ".join(f"{one.name!r} ({one.frames:,} frames, {len(one.clips):,} clips)" for one in clashing[:8])
    more = f" and {len(clashing) - 8} more" if len(clashing) > 8 else ""
    text = f"{len(clashing)} different cuts would bear one name, and each would replace the one before: {spoken}{more}"
    mend = (
        "Leave --name out, or give the files one by one, each with a name of its own"
        if name
        else "Rename them in the editing program and export again, or give the files one by one with --name"
    )
    return InputError("cut.same_name", text, mend)


def bundled_bytes(path: Path) -> bytes:
    """The bytes of a cut's file, or of the one in a bundle, where a link is not followed.

    Raises OSError, and InputError ``cut.too_large``, ``file.not_regular`` and ``file.is_link``.
    """
    bundle = path.is_dir()
    try:
        return regular_bytes(path / BUNDLE_FILE if bundle else path, at_most=MAX_FILE_BYTES, links=not bundle)
    except InputError as error:
        if error.code != "file.too_large":
            raise
        text = f"{path.name} has more than {MAX_FILE_BYTES} bytes, and a cut has at most so many"
        raise InputError("cut.too_large", text, "Export the reels one by one") from error


def _opened(path: Path) -> FileIO:
    return opened_regular(path / BUNDLE_FILE, links=False) if path.is_dir() else opened_regular(path)
