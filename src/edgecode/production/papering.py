"""The stamp of a paper: which record, at which size, was read for it, and how far outsiders have seen that record."""

from contextlib import suppress
from datetime import UTC, datetime

from edgecode.answers.report.paper import Stamp
from edgecode.errors import EdgecodeError
from edgecode.events.codec import parse_leaf
from edgecode.index.persons import day_of
from edgecode.production.record import Record
from edgecode.production.witnessing import standing


def stamp(record: Record, cut: str, *, now: int | None = None, packs: str = "") -> Stamp:
    """The stamp of a paper about *cut* ("" for the whole production).

    *now*: the moment that is asked about, in milliseconds since 1970 (None: this one); a paper knows only its day. The time on a paper
    is that of the log's last entry, as its keeper claims it.
    """
    point = record.ledger_point()
    organizations = 0
    # A policy that cannot be read takes nothing from the paper but its witnesses.
    with suppress(EdgecodeError):
        organizations = len(standing(record).quorum.organisations)
    return Stamp(
        production=record.title(),
        cut=cut,
        origin=point.origin,
        size=point.size,
        root=point.root,
        time=_last_entry(record, point.size),
        day=day_of(record.world.milliseconds() if now is None else now),
        organizations=organizations,
        packs=packs,
    )


def _last_entry(record: Record, size: int) -> str:
    if not size:
        return ""
    leaf = parse_leaf(record.entry(size - 1)[0].leaf)
    return datetime.fromtimestamp(leaf.ts / 1000, UTC).isoformat(timespec="seconds")
