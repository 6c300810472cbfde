"""Cuts as they were handed over: by name or id, their clips, what is on screen when, and what people answered about clips."""

import re
from collections.abc import Iterable
from fractions import Fraction

import msgspec
from msgspec import Struct

from edgecode.errors import InputError, NotFoundError
from edgecode.events.cut_facts import reading_of
from edgecode.events.kinds import CutAdded
from edgecode.index.accounts import declared_account
from edgecode.index.keys import key_of, record_of
from edgecode.index.rows import data, number, text
from edgecode.index.store import IndexStore, Row
from edgecode.index.sweep import SweptRange
from edgecode.terms.cuts import Clip, CutReading
from edgecode.terms.evidence import AiUse, Visibility
from edgecode.terms.identity import RecordId, is_record_id
from edgecode.terms.origins import Account
from edgecode.terms.steps import StepKind
from edgecode.terms.timebase import Rate

_LIKE_A_CUT = re.compile(r"[A-Za-z0-9_.-]{0,40}[0-9][A-Za-z0-9_.-]{0,40}")
"""What may be repeated in a message: a word with a digit in it. Anything else may be somebody's name."""


class CutRow(Struct, frozen=True):
    """One reading of a cut. *id* is private to this index. *superseded*: a later reading of the same cut replaces it."""

    id: int
    key: RecordId
    name: str
    format: str
    rate: Rate | None
    start: int
    frames: int
    drop_frame: bool
    effects_visible: bool
    superseded: bool
    log_index: int


class ClipRow(Struct, frozen=True):
    """One use in a cut: its dense id, its record id, its place among the cut's clips."""

    id: int
    key: RecordId
    index: int
    clip: Clip


class ClipAnswers(Struct, frozen=True):
    """What answers in force say of a cut's clips, by index in the clips: declared makings, and clips with plain effects."""

    making: dict[int, Account]
    plain_effects: frozenset[int]


def cuts(store: IndexStore) -> list[CutRow]:
    """Every cut, in the order they were handed over."""
    return _rows(store.rows("cut_listing"))


def readings_before(store: IndexStore, cut: CutRow) -> list[CutRow]:
    """Earlier readings of a cut that it replaced, the newest first."""
    known = {row.id: row for row in cuts(store)}
    found: list[CutRow] = []
    at = cut.id
    while rows := store.rows("superseded_by", at):
        at = number(rows[0][0])
        found.append(known[at])
    return found


def cut_named(store: IndexStore, text: str) -> CutRow:
    """The cut with this record id, or the one cut of this name that nothing supersedes.

    Raises NotFoundError ``cut.unknown``; InputError ``cut.ambiguous`` when several cuts in force share the name.
    """
    found = _rows(store.rows("cut_keyed", key_of(text))) if is_record_id(text) else []
    found = found or _rows(store.rows("cuts_named", text))
    standing = [cut for cut in found if not cut.superseded] or found[-1:]
    if not standing:
        called = f" {text!r}" if _LIKE_A_CUT.fullmatch(text) else " of that name"
        raise NotFoundError("cut.unknown", f"no cut{called} is known here", "List them with: edgecode cut list")
    if len(standing) > 1:
        raise InputError(
            "cut.ambiguous",
            f"{len(standing)} cuts are called {text[:80]!r}",
            "Give the id of one: edgecode cut list prints them",
        )
    return standing[0]


def reading(store: IndexStore, cut: CutRow) -> CutReading:
    """The cut as it was read, without comments: these stay sealed under the cut's own key."""
    ((body,),) = store.rows("cut_body", cut.id)
    return reading_of(msgspec.json.decode(data(body), type=CutAdded))


def clips(store: IndexStore, cut: CutRow) -> list[ClipRow]:
    """The cut's clips in recorded order; *index* is what ranges and matches refer to."""
    keys = store.rows("clip_keys", cut.id)
    read = reading(store, cut).clips
    return [
        ClipRow(number(row[0]), record_of(data(row[1])), index, clip)
        for index, (row, clip) in enumerate(zip(keys, read, strict=True))
    ]


def ranges(store: IndexStore, cut: CutRow) -> list[SweptRange]:
    """Which clips are live when, and how surely, in record order."""
    return _swept(store.rows("cut_ranges", cut.id))


def range_at(store: IndexStore, cut: CutRow, frame: int) -> list[SweptRange]:
    """The ranges that touch whole frame *frame* of the cut, in record order; more than one where sound lies off the frame grid."""
    return [one for one in _swept(store.rows("range_at", cut.id, frame)) if one.start < frame + 1 and one.end > frame]


def clip_answers(store: IndexStore, cut: CutRow) -> ClipAnswers:
    """What people said of this cut's clips; the latest answer in force about a clip stands."""
    making: dict[int, Account] = {}
    plain = set()
    for position, about, kind, ai, _ in store.rows("answered_clips", cut.id):
        if about == "effects":
            plain.add(number(position))
        else:
            use = AiUse(text(ai)) if ai is not None else None
            making[number(position)] = declared_account(StepKind(text(kind)), use)
    return ClipAnswers(making, frozenset(plain))


def _rows(rows: Iterable[Row]) -> list[CutRow]:
    return [
        CutRow(
            id=number(row[0]),
            key=record_of(data(row[1])),
            name=text(row[2]),
            format=text(row[3]),
            rate=Rate.of(text(row[4])) if row[4] else None,
            start=number(row[5]),
            frames=number(row[6]),
            drop_frame=bool(row[7]),
            effects_visible=bool(row[8]),
            superseded=bool(row[10]),
            log_index=number(row[9]),
        )
        for row in rows
    ]


def _swept(rows: Iterable[Row]) -> list[SweptRange]:
    found = []
    for start, end, seen in rows:
        live = msgspec.json.decode(text(seen), type=tuple[tuple[int, Visibility], ...])
        found.append(SweptRange(Fraction(text(start)), Fraction(text(end)), live))
    return found
