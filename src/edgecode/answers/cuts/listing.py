"""The cuts of a production as the contract cuts/1."""

from collections.abc import Iterable

from msgspec import Struct

from edgecode.index.cuts import CutRow
from edgecode.terms.identity import RecordId


class ListedCut(Struct, frozen=True):
    """One reading of a cut. *rate*: ``"num/den"``, None when it was never settled. *start*: record timecode of the first frame, in
    frames from 00:00:00:00. *superseded*: a later reading replaces it."""

    id: RecordId
    name: str
    format: str
    rate: str | None
    start: int
    frames: int
    superseded: bool


class CutsAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.cuts/1"):
    """Every reading of every cut, in the order they were handed over."""

    cuts: tuple[ListedCut, ...]


def cuts_answer(rows: Iterable[CutRow]) -> CutsAnswer:
    """The cuts as ``cut list --json`` prints them."""
    return CutsAnswer(tuple(map(_listed, rows)))


def _listed(row: CutRow) -> ListedCut:
    rate = str(row.rate) if row.rate is not None else None
    return ListedCut(row.key, row.name, row.format, rate, row.start, row.frames, row.superseded)
