"""Files that differ only in their headers: compared pixel by pixel, and joined by a logged step.

The pixel digests themselves are not kept: the digest of a scan of somebody would lead to it. What is kept is that two versions are equal.
Where equal pixels were made in different ways, one step is recorded for each way, so their copy is `ambiguous`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from edgecode import __version__
from edgecode.errors import EdgecodeError
from edgecode.index.accounts import accounts, joined_account
from edgecode.index.catalogue import VersionRow, made_by, version_rows
from edgecode.index.making_sources import PIXELS
from edgecode.index.rows import number
from edgecode.index.store import IndexStore
from edgecode.index.withdrawn import inputs_taken_back
from edgecode.ingest.digests import digests
from edgecode.ingest.pixels import pixel_digest
from edgecode.ingest.step_record import SCHEMA, RecordedFile, RecordedInput, RecordedTool, StepRecord
from edgecode.ingest.walk import MediaRoot
from edgecode.production.corridor import Production
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import sequence_root
from edgecode.terms.origins import Account, contents_of
from edgecode.terms.steps import StepKind

_TYPES = (".exr", ".png")


class SamePixels(Struct, frozen=True):
    """*compared*: versions whose pixels were read and that nothing but equal pixels explains; *linked*: how many were newly joined to one
    that is explained."""

    compared: int
    linked: int
    diagnostics: tuple[Diagnostic, ...]


def link_same_pixels(production: Production, *, dry_run: bool = False) -> SamePixels:
    """Record a step for every EXR or PNG version without a maker of its own whose pixels equal those of one with a maker; one for each
    way that these were made. Reads files that are mounted here, and only where size and frames make it possible; a file that is no longer
    the recorded one is passed over."""
    pictures = list(_pictures(production))
    makers = _Makers(production.index, pictures)
    groups: dict[tuple[object, ...], list[VersionRow]] = defaultdict(list)
    for row in pictures:
        media = row.media
        if media is not None:
            groups[media.width, media.height, row.first, row.end, row.holes, _suffix(row)].append(row)
    reader = _Reader(production.media_roots())
    steps: list[StepRecord] = []
    linked, compared, contradicted = 0, 0, 0
    for rows in groups.values():
        copies = [row for row in rows if makers.is_copy(row)]
        made = [row for row in rows if not makers.is_copy(row)]
        if not copies or not made:
            continue
        of: dict[str, list[VersionRow]] = defaultdict(list)
        for row in made:
            if digest := reader.pixels(row):
                of[digest].append(row)
        for row in copies:
            digest = reader.pixels(row)
            compared += bool(digest)
            originals = [one for one in of.get(digest, ()) if one.content != row.content] if digest else []
            ways = makers.by_way(originals, apart_from=row)
            contradicted += len(ways) > 1
            new = [one for way, one in ways.items() if way not in makers.ways_behind(row)]
            linked += bool(new)
            steps += [_step(row, one) for one in new]
    if steps and not dry_run:
        production.record_lines([msgspec.json.encode(step) for step in steps], source=PIXELS)
    return SamePixels(compared, linked, (*_contradicted(contradicted), *reader.problems))


def _contradicted(count: int) -> list[Diagnostic]:
    text = f"{count} files show the same pixels as several that were made in different ways; which of them they are is for a person to say"
    return [Diagnostic("pixels.contradicted", text)] if count else []


class _Makers:
    """How pictures were made: which of them nothing explains but pixels that somebody compared, and which were made in the same way."""

    def __init__(self, store: IndexStore, pictures: Sequence[VersionRow]) -> None:
        standing = made_by(store, pictures)
        copied = {row: [one for one in found if one.source == PIXELS] for row, found in standing.items()}
        self._copies = {row for row, found in standing.items() if len(copied[row]) == len(found)}
        self._behind = {row: {used.version for step in found for used in step.inputs} for row, found in copied.items()}
        self._taken_back = inputs_taken_back(store, self._copies, PIXELS)
        asked = {*standing, *(one for used in (*self._behind.values(), *self._taken_back.values()) for one in used)}
        self._ways = {
            version: contents_of(joined_account(pieces)) for version, pieces in accounts(store, sorted(asked)).items()
        }

    def is_copy(self, row: VersionRow) -> bool:
        """Whether no step but those of equal pixels explains the version."""
        return row.id in self._copies

    def by_way(self, rows: Sequence[VersionRow], *, apart_from: VersionRow) -> dict[Account, VersionRow]:
        """The first version of each way of making: of other classes of origin, or with another use of models. *apart_from*: the copy, of
        which somebody may have taken back that it is a picture made in one of these ways."""
        denied = {self._ways[one] for one in self._taken_back.get(apart_from.id, ())}
        return {way: row for row in reversed(rows) if (way := self._ways[row.id]) not in denied}

    def ways_behind(self, row: VersionRow) -> set[Account]:
        """The ways in which the versions were made whose pixels this one was found equal to."""
        return {self._ways[one] for one in self._behind[row.id]}


def _pictures(production: Production) -> Iterator[VersionRow]:
    """Versions that lie somewhere now and are EXR or PNG, each content's maker or, without one, its first version."""
    rows = production.index.rows("places_backwards", "", "\U0010ffff")
    found = version_rows(production.index, dict.fromkeys(number(row[0]) for row in rows))
    by_content: dict[int, VersionRow] = {}
    for row in found.values():
        if row.content is not None and not row.erased and row.committed is None and _suffix(row) in _TYPES:
            best = by_content.get(row.content)
            if best is None or (best.step is None and row.step is not None):
                by_content[row.content] = row
    yield from by_content.values()


def _suffix(row: VersionRow) -> str:
    return Path(row.name).suffix.lower()


class _Reader:
    """Reads pixels of versions where they lie now."""

    def __init__(self, roots: list[MediaRoot]) -> None:
        self._roots = {root.id: root.path for root in roots}
        self.problems: list[Diagnostic] = []

    def pixels(self, row: VersionRow) -> str:
        """The pixel digest of a still, or the root over those of a sequence's frames; "" where not all of it can be read as recorded."""
        for place in row.places:
            base = self._roots.get(place.root)
            if base is None:
                continue
            path = place.relative.decode("utf-8", "surrogateescape")
            if row.sequence_root is None:
                found = self._file(base / path, row.sha256 or "")
                if found:
                    return found
                continue
            frames = self._frames(base, path, row)
            if frames is not None:
                return frames
        return ""

    def _file(self, path: Path, sha256: str) -> str:
        sha, digest = self._read(path)
        return digest if sha.hex() == sha256 else ""

    def _frames(self, base: Path, path: str, row: VersionRow) -> str | None:
        before, _, after = path.rpartition("*")
        folder = (base / before).parent if not before.endswith("/") else base / before
        stem = "" if before.endswith("/") else Path(before).name
        try:
            named = [(_number(one.name, stem, Path(after).name or after), one) for one in folder.iterdir()]
        except OSError:
            return None
        files = sorted((int(frame), one) for frame, one in named if frame)
        files = [(frame, one) for frame, one in files if (row.first or 0) <= frame < (row.end or 0)]
        read = [(frame, *self._read(one)) for frame, one in files]
        if len(read) != row.count or not all(digest for *_, digest in read):
            return None
        if sequence_root([(frame, sha) for frame, sha, _ in read]) != row.sequence_root:
            return None
        return sequence_root([(frame, bytes.fromhex(digest)) for frame, _, digest in read])

    def _read(self, path: Path) -> tuple[bytes, str]:
        """SHA-256 and pixel digest of a file; empty where it cannot be read."""
        try:
            sha = digests(path).sha256
        except (OSError, EdgecodeError) as error:
            self.problems.append(Diagnostic("media.unreadable", f"a file cannot be read ({type(error).__name__})"))
            return b"", ""
        digest, said = pixel_digest(path)
        self.problems += said
        return sha, digest


def _number(name: str, before: str, after: str) -> str:
    """The frame number in a member's name; "" for another file's."""
    middle = name[len(before) : len(name) - len(after)] if name.startswith(before) and name.endswith(after) else ""
    return middle if middle.lstrip("-").isdigit() else ""


def _step(row: VersionRow, original: VersionRow) -> StepRecord:
    return StepRecord(
        schema=SCHEMA,
        id=f"pixels:{row.key}:{original.key}",
        kind=StepKind.CONFORM,
        grade="logged",
        tool=RecordedTool("edgecode", __version__),
        outputs=(RecordedFile(version=row.key),),
        inputs=(RecordedInput(version=original.key),),
        settings={"compared": "same pixels"},
    )
