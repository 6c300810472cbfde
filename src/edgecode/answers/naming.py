"""What people mean when they name a version: a record id, a digest, an edge code, a model, a file's name or place."""

from edgecode.errors import InputError, NotFoundError
from edgecode.index.catalogue import (
    VersionRow,
    frames_of_content,
    resolve_edge_code,
    version,
    version_rows,
    versions_of_content,
)
from edgecode.index.rows import number
from edgecode.index.store import IndexStore
from edgecode.terms.identity import EdgeCode, as_given, is_record_id, is_sha256, read_edge_code

Targets = dict[int, tuple[int, int] | None]
"""Versions by dense id, with the frames of them that are meant; None: all."""

_PAGE = 1_000


def targets_named(store: IndexStore, what: str, *, reveal: bool = False) -> Targets:
    """The versions that people mean: by record id, by SHA-256 or sequence root, by edge code (with its frame), by
    the name of a model, or by the name or place of a file or sequence.

    *reveal*: a digest, and an edge code from before, also lead to what was declared somebody's scan, voice or capture since; for those
    who have the file itself or may see whose it is. Raises NotFoundError ``version.unknown``.
    """
    what = what.strip()
    found: Targets = {}
    if is_record_id(what):
        row = version(store, what)
        found = {row.id: None} if row is not None else {}
    elif is_sha256(what.lower()):
        found = _of_digest(store, what.lower(), reveal=reveal)
    else:
        found = {number(one[0]): None for one in store.rows("models_named", what)}
        found = found or _of_code(store, what, reveal=reveal) or _of_name(store, what)
    if not found:
        raise NotFoundError(
            "version.unknown",
            f"{as_given(what)} names no version here",
            "Give a file, an edge code, a record id, a digest or a name",
        )
    return found


def edge_code_in(what: str) -> EdgeCode | None:
    """The edge code that *what* spells, in any spelling; None when it is none."""
    try:
        return read_edge_code(what)
    except InputError:
        return None


def _of_digest(store: IndexStore, digest: str, *, reveal: bool) -> Targets:
    found: Targets = {row.id: None for row in versions_of_content(store, digest) if reveal or row.digest == digest}
    frames = frames_of_content(store, digest)
    return found | {row.id: (frame, frame + 1) for row, frame in frames if reveal or row.committed is None}


def _of_code(store: IndexStore, what: str, *, reveal: bool) -> Targets:
    code = edge_code_in(what)
    if code is None:
        return {}
    found: Targets = {}
    for row in resolve_edge_code(store, code, retired=reveal):
        frame = row.first + code.frame if row.first is not None and code.frame is not None else None
        found[row.id] = (frame, frame + 1) if frame is not None else None
    return found


def _of_name(store: IndexStore, what: str) -> Targets:
    """By name or by where it was seen; walks the catalogue, which is fast enough for a question somebody types."""
    found: Targets = {}
    after = 0
    while page := store.rows("all_versions", after, _PAGE):
        after = number(page[-1][0])
        rows = version_rows(store, [number(row[0]) for row in page])
        found |= {row.id: None for row in rows.values() if what in (row.name, *_places(row))}
    return found


def _places(row: VersionRow) -> set[str]:
    return {text for place in row.places for text in (place.name, place.text)}


def version_meant(store: IndexStore, what: str, *, reveal: bool = False) -> VersionRow:
    """The one version that somebody means; *reveal* as in `targets_named`. Raises NotFoundError ``version.unknown``, InputError
    ``version.ambiguous``."""
    targets = targets_named(store, what, reveal=reveal)
    if len(targets) > 1:
        raise InputError(
            "version.ambiguous", f"{len(targets)} versions are called so", "Give a record id or an edge code"
        )
    return version_rows(store, targets)[next(iter(targets))]
