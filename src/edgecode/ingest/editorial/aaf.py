"""AAF as Avid, Premiere, Resolve and Pro Tools write it: every top-level composition a cut, picture and sound.

The file is a tree of binary objects from a stranger, read by a library (pyaaf2, extra ``aaf``): `drivers.apart` runs this reader in
a process of its own with a time limit. An object that cannot be read costs that object and is said; the walk goes on.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import NamedTuple

from edgecode.errors import InputError, UnavailableError
from edgecode.ingest.editorial.aaf_objects import (
    UNREADABLE,
    class_of,
    media_kind,
    members,
    mob_id_of,
    rate_of,
    text_of,
    value_of,
    whole,
)
from edgecode.ingest.editorial.aaf_sources import Mobs
from edgecode.ingest.editorial.aaf_walk import Composition, Kind
from edgecode.ingest.editorial.limits import refuse_large_file
from edgecode.ingest.editorial.otio_json import JsonObject
from edgecode.ingest.editorial.parts import Opening, placed, without_rate
from edgecode.terms.cuts import CutReading, Diagnostic
from edgecode.terms.timebase import Rate

FORMAT = "aaf"
READER = "edgecode.aaf/1"
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins (MS-CFB 2.2), in which AAF is stored."""

_KINDS: dict[str, Kind] = {"picture": "picture", "sound": "sound"}


def read_aaf(data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
    """Every top-level composition of an AAF file; without one, those that no other composition shows. *rate* overrules the file's.

    Raises InputError: ``cut.too_large``, ``aaf.malformed``, ``cut.none``, ``schema.too_deep``, ``cut.too_many_clips``;
    UnavailableError ``extra.missing`` where pyaaf2 is not installed.
    """
    refuse_large_file(data, name)
    digest = sha256(data).hexdigest()
    with _opened(data, name) as content:
        mobs = list(members(content, "Mobs"))
        chosen = _chosen(mobs)
        if not chosen:
            raise InputError(
                "cut.none",
                f"{name} is AAF but holds no composition",
                "Export the sequence itself, not a clip or a bin",
            )
        return [_Cut(mob, Mobs(content), name=name).reading(rate=rate, digest=digest) for mob in chosen]


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[object]:
    """The content storage of a file. Raises InputError ``aaf.malformed``."""
    try:
        import aaf2  # a parser of a binary format: only ever loaded where it is used
    except ImportError as missing:
        raise UnavailableError(
            "extra.missing",
            f"{name} is AAF, and the library that reads it is not installed",
            "Install it: pip install 'edgecode[aaf]'",
        ) from missing
    with tempfile.TemporaryFile() as kept:
        kept.write(data)
        kept.seek(0)
        try:
            file = aaf2.open(os.dup(kept.fileno()), "r")
        except Exception as error:  # the library promises no kind of error for a file that is cut short or broken
            raise _malformed(name, error) from error
        try:
            content: object = file.content
            yield content
        except InputError:
            raise
        except Exception as error:
            # Errors of our own come through; the library has a family of its own besides Python's.
            if not isinstance(error, UNREADABLE) and not type(error).__module__.startswith("aaf2"):
                raise
            raise _malformed(name, error) from error
        finally:
            file.close()


def _malformed(name: str, error: Exception) -> InputError:
    return InputError(
        "aaf.malformed",
        f"{name} is no whole AAF file ({type(error).__name__})",
        "Export the cut again; the file may be cut short",
    )


def _chosen(mobs: list[object]) -> list[object]:
    """The compositions that are cuts: those called top level, else those that no other composition shows."""
    compositions = [mob for mob in mobs if class_of(mob) == "CompositionMob"]
    top = [mob for mob in compositions if "TopLevel" in str(value_of(mob, "UsageCode") or "")]
    if top:
        return top
    shown = {id_ for mob in compositions for id_ in _shown_by(mob)}
    return [mob for mob in compositions if mob_id_of(mob) not in shown] or compositions


def _shown_by(mob: object) -> Iterator[str]:
    try:
        for found, _ in mob.walk_references(topdown=True):  # type: ignore[attr-defined]
            if class_of(found) == "SourceClip":
                yield mob_id_of(found, "SourceID")
    except UNREADABLE:
        return


class _Start(NamedTuple):
    """The timecode of a composition's first frame, in frames; how its labels count; its edit rate."""

    frame: int
    drop: bool
    rate: Rate


class _Cut:
    def __init__(self, mob: object, mobs: Mobs, *, name: str) -> None:
        self.mob = mob
        self.name = name
        self.composition = Composition(mobs, name=name)
        self.slots = list(members(mob, "Slots"))

    def reading(self, *, rate: Rate | None, digest: str) -> CutReading:
        title = text_of(self.mob, "Name") or self.name
        told = self._rate()
        problems = [] if told is None or rate is None or rate == told else [_conflict(told, rate)]
        settled = rate or told
        if settled is None:
            return without_rate(title, problems, form=FORMAT, reader=READER, digest=digest)
        start = self._start(told or settled)
        opening = Opening(title, settled, start.frame if start else 0, bool(start and start.drop))
        tracks = self._tracks(problems)
        return placed(
            tracks,
            opening,
            [*problems, *self.composition.problems],
            form=FORMAT,
            reader=READER,
            digest=digest,
            file_name=self.name,
        )

    def _rate(self) -> Rate | None:
        """The edit rate of the picture, else of the timecode, else of sound that is cut at frames."""
        for kinds in (("picture",), ("timecode", "legacytimecode"), ("sound",)):
            for slot in self.slots:
                found = rate_of(slot)
                if found is not None and found.numerator < 10_000 * found.denominator and _kind(slot) in kinds:
                    return found
        labels = [whole(value_of(slot, "Segment"), "FPS") for slot in self.slots]
        return next((Rate(count) for count in labels if count and 0 < count < 1000), None)

    def _start(self, rate: Rate) -> _Start | None:
        """The timecode of the physical track 1, else the first that counts at the cut's rate."""
        found: list[tuple[bool, _Start]] = []
        for slot in self.slots:
            segment = value_of(slot, "Segment")
            parts = list(members(segment, "Components")) if class_of(segment) == "Sequence" else [segment]
            timecode = next((part for part in parts if class_of(part) == "Timecode"), None)
            first, labels = whole(timecode, "Start"), whole(timecode, "FPS")
            if first is not None and labels == rate.nominal and first >= 0:
                drop = bool(value_of(timecode, "Drop")) and rate.nominal % 30 == 0
                found.append((whole(slot, "PhysicalTrackNumber") == 1, _Start(first, drop, rate)))
        return next((start for main, start in found if main), found[0][1] if found else None)

    def _tracks(self, problems: list[Diagnostic]) -> list[JsonObject]:
        tracks: list[JsonObject] = []
        for kind in ("picture", "sound"):
            number = 0
            for index, slot in enumerate(self.slots):
                if _kind(slot) != kind or class_of(slot) != "TimelineMobSlot":
                    continue
                number += 1
                where = f"slot {whole(slot, 'SlotID') or index}"
                rate = rate_of(slot)
                if rate is None:
                    text = "a track does not say its edit rate: what it shows has no row"
                    problems.append(Diagnostic("rate.unknown", text, path=where, effect="row-missing"))
                    continue
                tracks += self.composition.tracks(slot, _KINDS[kind], rate, where, number=number)
        return tracks


def _kind(slot: object) -> str:
    return media_kind(value_of(slot, "Segment")).replace(" ", "")


def _conflict(told: Rate, given: Rate) -> Diagnostic:
    text = f"the file counts {told.spoken} frames a second and was read at {given.spoken}"
    return Diagnostic("rate.conflict", text, effect="approximate")
