"""Makes the look page's thumbnails, several at a time, within a limit of time."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from edgecode.answers.cuts.view import CutView
from edgecode.answers.look.gathered import WantedPicture, picture_file, wanted_pictures
from edgecode.answers.look.page import PICTURE_BUDGET_BYTES
from edgecode.answers.look.thumbnails import MAX_BYTES, thumbnail
from edgecode.index.store import IndexStore


def pictures_of(
    store: IndexStore, view: CutView, *, roots: Mapping[str, Path], threads: int = 2, seconds: float = 60.0
) -> dict[str, bytes]:
    """Thumbnails for the versions of a cut by their keys on the page, longest on screen first.

    The more versions, the smaller their pictures, so that the page has room for all of them (2,500 at 160 x 90 pixels).
    *roots*: media roots that can be reached here. What is away, broken or not begun after *seconds* has no picture.
    """
    end = time.monotonic() + seconds
    asked = wanted_pictures(store, view)
    share = PICTURE_BUDGET_BYTES * 3 // 4 // max(1, len(asked))

    def made(wanted: WantedPicture) -> tuple[str, bytes | None]:
        if time.monotonic() > end:
            return wanted.key, None
        path = picture_file(wanted, roots)
        return wanted.key, thumbnail(path, max_bytes=min(MAX_BYTES, share)) if path is not None else None

    with ThreadPoolExecutor(max_workers=threads) as pool:
        return {key: data for key, data in pool.map(made, asked) if data is not None}
