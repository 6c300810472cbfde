"""Edge codes found in a text, an EDL or a read burn-in, each with what it names in a record or in a pack alone."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from edgecode.answers.chain import Chains
from edgecode.answers.layout.columns import counted
from edgecode.answers.layout.sheets import LAST_COLUMNS, Sheet, cell
from edgecode.errors import InputError
from edgecode.index.catalogue import resolve_edge_code
from edgecode.index.store import IndexStore
from edgecode.ingest.editorial.edge_codes import code_in
from edgecode.terms.identity import EdgeCode, read_edge_code

COLUMNS = ("No.", "Line", "Written", "Result", "Version", "Frame", *LAST_COLUMNS)

_SPELLED = re.compile(
    r"(?<![0-9A-Za-z])[CPHGMAU](?:[ \t-]+[0-9A-Z]{5}){2,3}(?:[ \t-]+[0-9OIL]{1,9})?(?![0-9A-Za-z])", re.IGNORECASE
)
"""A code in the middle of other words: letter and groups apart, as everything of ours writes it."""


class WrittenCode(Struct, frozen=True):
    """A code as it stands in a text. *line* from 1; *code* None: it is marked as an edge code and is none."""

    line: int
    written: str
    code: EdgeCode | None


class Named(Struct, frozen=True):
    """One version that a code names. *code* as the record prints it now; *first*, *end*: its frames; *frame*: the number that is meant."""

    version: str
    code: str
    grade: str
    ledger: str
    first: int | None = None
    end: int | None = None

    def frame(self, code: EdgeCode) -> int | None:
        """The frame's own number, whether the version has it or not."""
        return None if code.frame is None else (self.first or 0) + code.frame

    def has(self, code: EdgeCode) -> bool:
        """Whether the version has the frame that is named; a whole version has itself."""
        at = self.frame(code)
        return at is None or (self.first is not None and self.end is not None and self.first <= at < self.end)


Lookup = Callable[[EdgeCode], Sequence[Named]]


def codes_in(text: str) -> Iterator[WrittenCode]:
    """Every edge code of a text, in order: after the word EDGECODE in any spelling, elsewhere with its groups apart and a digit in them."""
    for number, line in enumerate(text.splitlines(), 1):
        marked = code_in(line)
        if marked is not None:
            yield WrittenCode(number, marked, _read(marked))
            continue
        for match in _SPELLED.finditer(line):
            code = _read(match[0])
            if code is not None and any(c.isdigit() for c in match[0]):
                yield WrittenCode(number, match[0], code)


def named_in_record(store: IndexStore, *, reveal: bool = False) -> Lookup:
    """What codes name in the record."""
    chains = Chains(store)

    def named(code: EdgeCode) -> list[Named]:
        found = []
        for row in resolve_edge_code(store, code, retired=reveal):
            ref, step = chains.ref(row.id), chains.first_step(row.id)
            known = step is not None and step.step is not None
            grade = step.grade if known and step is not None else "unaccounted"
            found.append(Named(ref.name, ref.edge_code, grade, str(step.ledger) if step else "", row.first, row.end))
        return found

    return named


def code_sheet(written: Iterable[WrittenCode], lookup: Lookup, *, where: str) -> tuple[Sheet, int]:
    """Each code with what it names, and how many name nothing or not one thing alone."""
    rows: list[tuple[str, ...]] = []
    left = total = 0
    for total, one in enumerate(written, 1):
        found = lookup(one.code) if one.code is not None else ()
        result = _result(one.code, found)
        left += result not in _SETTLED and not result.startswith(_LETTER)
        rows += [_row(total, one, result, each) for each in found or (None,)]
    foot = f"{counted(total, 'code')} in {where}, {left:,} of them open"
    return Sheet(f"EDGE CODES  {where}", COLUMNS, tuple(rows), foot=(foot,)), left


_SETTLED = ("found",)
_LETTER = "found; printed as "


def _result(code: EdgeCode | None, found: Sequence[Named]) -> str:
    if code is None:
        return "no edge code: letters or digits were misread"
    if not found:
        return "names nothing here"
    codes = {"".join(one.code.split()[1:4]) for one in found}
    if len({one.version for one in found}) > 1 and len(codes) > 1:
        return f"clash: names {len(found)} versions"
    if not any(one.has(code) for one in found):
        return "the version has no such frame: the number was misread"
    now = found[0].code[:1]
    return f"{_LETTER}{code.origin}, is {now} now" if now and now != code.origin else "found"


def _row(number: int, one: WrittenCode, result: str, named: Named | None) -> tuple[str, ...]:
    if named is None or one.code is None:
        return (str(number), str(one.line), one.written, result, cell(None), cell(None), cell(None), "none", cell(None))
    frame = named.frame(one.code)
    at = "whole" if frame is None else str(frame)
    return (
        str(number), str(one.line), one.written, result, cell(named.version), at, cell(named.code), cell(named.grade), cell(named.ledger),
    )  # fmt: skip


def _read(written: str) -> EdgeCode | None:
    try:
        return read_edge_code(written)
    except InputError:
        return None
