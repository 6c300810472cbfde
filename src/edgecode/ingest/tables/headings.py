"""Which column of somebody else's table means what: headings without case, spaces and hyphens; unknown columns are passed over."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from unicodedata import normalize

from edgecode.ingest.desk_sheets import SheetProblem
from edgecode.ingest.doors import Row, Table

_LIST = re.compile(r"[;|\n]")


class Columns:
    """The columns of one table by what they mean. *meanings*: our word to the headings that mean it, the best first."""

    def __init__(self, table: Table, meanings: Mapping[str, Sequence[str]]) -> None:
        there = {folded(column): column for column in reversed(table.columns)}
        self._named = {
            word: [there[one] for heading in (word, *headings) if (one := folded(heading)) in there]
            for word, headings in meanings.items()
        }
        self.unread = len(set(table.columns) - {name for names in self._named.values() for name in names})
        """How many columns mean nothing here."""

    def has(self, *words: str) -> bool:
        """Whether the table has a column for any of *words*."""
        return any(self._named[word] for word in words)

    def value(self, row: Row, word: str) -> str:
        """What a row says under a word; "" for nothing."""
        cells = (row.values.get(name, "") for name in self._named[word])
        return next((cell for cell in (normalize("NFC", one).strip() for one in cells) if cell), "")

    def several(self, row: Row, word: str) -> tuple[str, ...]:
        """The same as a list, written with ``;`` or ``|`` between."""
        return tuple(dict.fromkeys(one.strip() for one in _LIST.split(self.value(row, word)) if one.strip()))

    def problem(self, row: Row, word: str, expected: str, remedy: str = "") -> SheetProblem:
        """What is wrong with a cell, without what stands in it."""
        return SheetProblem(row.line, word, expected, remedy)


def folded(heading: str) -> str:
    """A heading as it is compared."""
    return re.sub(r"[\s_.#-]+", "_", normalize("NFC", heading).strip().casefold()).strip("_")


def whole_number(written: str) -> int | None:
    """A whole number; None for anything else."""
    return int(written) if re.fullmatch(r"-?\d{1,12}", written, re.ASCII) else None


def moment_of(written: str) -> int | None:
    """Milliseconds since 1970 of a day (UTC) or an ISO 8601 time, one without a zone in UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(written.strip().replace(" UTC", "+00:00"))
    except ValueError:
        return None
    whole = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    milliseconds = int(whole.timestamp() * 1000)
    return milliseconds if milliseconds > 0 else None
