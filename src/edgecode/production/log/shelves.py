"""Opening the place that a production's log is published in: a folder or a bucket, by what the settings say."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edgecode.drivers.published import FolderShelf
from edgecode.ledger.publishing import Shelf
from edgecode.settings import PUBLISHED_FOLDER, STATE_FOLDER

_BUCKET = "s3:"


def published_folder(folder: Path, to: str) -> Path | None:
    """The folder that a log is published in, relative to the production's *folder*; None for a bucket."""
    return None if to.startswith(_BUCKET) else folder / (to or f"{STATE_FOLDER}/{PUBLISHED_FOLDER}")


@contextmanager
def shelf_at(to: str, folder: Path) -> Iterator[Shelf]:
    """The shelf at *to*: ``s3://BUCKET/PREFIX``, or a folder, "" for ``.edgecode/published``.

    Raises UnavailableError ``extra.missing``, UsageError ``publish.place``.
    """
    place = published_folder(folder, to)
    if place is None:
        from edgecode.drivers.buckets import bucket_shelf

        yield bucket_shelf(to)
        return
    with FolderShelf(place) as shelf:
        yield shelf
