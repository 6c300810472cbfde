"""Opens files that others put into folders: plain files only and never without a bound, so that nothing hangs and nothing fills memory.

Whoever writes into a folder may leave a named pipe, a device or a link to one under the name of a file that is read.
"""

import errno
import os
import stat
from io import FileIO
from pathlib import Path

from edgecode.errors import InputError
from edgecode.ingest.digests import NotARegularFile
from edgecode.terms.places import readable

FILE_BYTES_AT_MOST = 512 << 20
"""The largest file that is read whole (docs/reference/cut-formats.md, limits)."""
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


def opened_regular(path: Path, *, links: bool = True) -> FileIO:
    """A plain file, open and unbuffered. *links*: whether the path itself may be a link.

    Raises OSError, NotARegularFile (``file.not_regular``), and InputError ``file.is_link`` where links are not wanted.
    """
    # Not blocking on open, and judged only when it is open: a pipe that takes the name in between does not hang us either.
    try:
        descriptor = os.open(path, _FLAGS | (0 if links else _NO_LINKS))
    except OSError as error:
        if not links and error.errno == errno.ELOOP:
            raise InputError(
                "file.is_link",
                f"{readable(path.name)} is a link, which is not followed here",
                "Put the file itself there",
            ) from error
        if error.errno == errno.ENXIO:
            raise NotARegularFile(path.name) from error
        raise
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise NotARegularFile(path.name)
        return FileIO(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def regular_bytes(path: Path, *, at_most: int = FILE_BYTES_AT_MOST, links: bool = True) -> bytes:
    """A plain file's bytes. Raises like `opened_regular`, and InputError ``file.too_large`` above *at_most* bytes."""
    with opened_regular(path, links=links) as file:
        total, pieces = os.fstat(file.fileno()).st_size, list[bytes]()
        if total <= at_most:
            total = 0
        # One byte more than the bound is asked for: what grows while it is read is noticed.
        while total <= at_most and (piece := file.read(min(1 << 24, at_most + 1 - total))):
            pieces.append(piece)
            total += len(piece)
    if total > at_most:
        raise InputError(
            "file.too_large",
            f"{readable(path.name)} is larger than the {at_most:,} bytes that such a file may have",
            "Look who wrote it, and take it out of the folder",
        )
    return b"".join(pieces)
