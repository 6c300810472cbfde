"""What a cut and a person's conform decisions add to the index. Reducers: no clock, no chance, no files."""

from fractions import Fraction
from math import ceil, floor

import msgspec

from edgecode.events.cut_facts import reading_of
from edgecode.events.kinds import ConformDecided, CutAdded
from edgecode.index.keys import key_of
from edgecode.index.rows import first_number
from edgecode.index.store import IndexStore
from edgecode.index.sweep import ranges
from edgecode.index.versions import version_of
from edgecode.terms.cuts import CutReading


def add_cut(store: IndexStore, event: CutAdded, log_index: int) -> None:
    """A cut was read: its clips and its swept ranges. Comments stay under their own key and never enter the index."""
    fact = event.fact
    if store.rows("cut_id", key_of(fact.cut)):
        store.run("add_problem", log_index, "cut.twice", 0, 0)
        return
    kept = msgspec.structs.replace(event, text=None)
    cut = first_number(
        store.rows(
            "add_cut",
            key_of(fact.cut),
            event.place.name if event.place is not None else "",
            fact.format,
            fact.rate,
            fact.start,
            fact.frames,
            int(fact.drop_frame),
            int(fact.effects_visible),
            key_of(fact.supersedes) if fact.supersedes else None,
            msgspec.json.encode(kept, order="sorted"),
            log_index,
        )
    )
    store.run_many("add_clip", ((key_of(clip.id), cut, position) for position, clip in enumerate(fact.clips)))
    _sweep(store, cut, reading_of(kept))


def decide_conform(store: IndexStore, event: ConformDecided, log_index: int) -> None:
    """A person said which versions clips show, or took that back; the last word on a clip stands, and those before are kept beside it."""
    for decision in event.fact.decisions:
        clip = key_of(decision.clip)
        store.run("keep_decision", clip)
        if not decision.version:
            store.run("undecide_conform", clip)
            continue
        version = version_of(store, decision.version, log_index)
        store.run("decide_conform", clip, version, decision.frame, log_index)


def written_fraction(value: Fraction) -> str:
    """An exact number as the index keeps it."""
    return f"{value.numerator}/{value.denominator}"


def _sweep(store: IndexStore, cut: int, reading: CutReading) -> None:
    for swept in ranges(reading.clips, reading.tracks):
        seen = msgspec.json.encode([(clip, visibility.value) for clip, visibility in swept.seen]).decode()
        start, end = written_fraction(swept.start), written_fraction(swept.end)
        row = first_number(store.rows("add_range", cut, start, end, seen))
        # The R*Tree holds whole frames, both ends included: a range that touches a frame is found by it.
        first, last = floor(swept.start), max(ceil(swept.end) - 1, floor(swept.start))
        store.run("add_range_at", row, cut, first, last)
