"""Makes the look page's thumbnails, several at a time, within a limit of time."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from edgecode.answers.cut_view import CutView
from edgecode.answers.look.gathered import WantedPicture, picture_file, wanted_pictures
from edgecode.answers.look.thumbnails import thumbnail
from edgecode.index.store import IndexStore


def pictures_of(
    store: IndexStore, view: CutView, *, roots: Mapping[str, Path], threads: int = 2, seconds: float = 60.0
) -> dict[str, bytes]:
    """Thumbnails for the versions of a cut by their keys on the page, longest on screen first.

    *roots*: media roots that can be reached here. What is away, broken or not begun after *seconds* has no picture.
    """
    end = time.monotonic() + seconds

    def made(wanted: WantedPicture) -> tuple[str, bytes | None]:
        if time.monotonic() > end:
            return wanted.key, None
        path = picture_file(wanted, roots)
        return wanted.key, thumbnail(path) if path is not None else None

    with ThreadPoolExecutor(max_workers=threads) as pool:
        return {key: data for key, data in pool.map(made, wanted_pictures(store, view)) if data is not None}
