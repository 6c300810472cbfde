"""Which column of somebody else's table means what: headings without case, spaces and hyphens; unknown columns are passed over."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations
from unicodedata import normalize

from edgecode.ingest.desk_sheets import SheetProblem
from edgecode.ingest.doors import Row, Table
from edgecode.ingest.tables.columns import heading_meant

_LIST = re.compile(r"[;|\n]")
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")

Agree = Callable[[str, str], bool]
"""Whether two cells of one meaning say the same."""


class Columns:
    """The columns of one table by what they mean, a heading that stands in it again among them.

    *meanings*: our word to the headings that mean it; what stands under several of them has to agree (`contradictions`), as *agree*
    judges it for a word, else as text. *instead*: headings that say a word less exactly or say something near to it: each is read where
    none before it says anything, in their order.
    """

    def __init__(
        self,
        table: Table,
        meanings: Mapping[str, Sequence[str]],
        *,
        instead: Mapping[str, Sequence[str]] | None = None,
        agree: Mapping[str, Agree] | None = None,
    ) -> None:
        there: dict[str, list[str]] = {}
        for column in table.columns:
            there.setdefault(folded(heading_meant(column, table.columns)), []).append(column)
        self._named = {
            word: [
                [name for one in dict.fromkeys(map(folded, same)) for name in there.get(one, ())]
                for same in ((word, *headings), *((one,) for one in (instead or {}).get(word, ())))
            ]
            for word, headings in meanings.items()
        }
        self._agree = agree or {}
        named = {name for several in self._named.values() for names in several for name in names}
        self.unread = len(set(table.columns) - named)
        """How many columns mean nothing here."""

    def has(self, *words: str) -> bool:
        """Whether the table has a column for any of *words*."""
        return any(names for word in words for names in self._named[word])

    def cells(self, row: Row, word: str) -> tuple[str, ...]:
        """Everything that a row says under a word, each once; of headings that stand instead of others what is read alone."""
        for names in self._named[word]:
            cells = (normalize("NFC", row.values.get(name, "")).strip() for name in names)
            if found := tuple(dict.fromkeys(cell for cell in cells if cell)):
                return found
        return ()

    def value(self, row: Row, word: str) -> str:
        """What a row says under a word, the best heading's where several agree; "" for nothing."""
        return next(iter(self.cells(row, word)), "")

    def contradictions(self, row: Row) -> list[SheetProblem]:
        """One problem for each word under which the row says things that differ: which of them holds is not ours to say."""
        return [
            self.problem(
                row,
                word,
                "one value, where several columns of this meaning are filled",
                "Leave the one that is meant, or call the other column something else",
            )
            for word in self._named
            if any(
                not self._agree.get(word, _same)(one, other) for one, other in combinations(self.cells(row, word), 2)
            )
        ]

    def several(self, row: Row, word: str) -> tuple[str, ...]:
        """The same as a list, written with ``;`` or ``|`` between."""
        return tuple(dict.fromkeys(one.strip() for one in _LIST.split(self.value(row, word)) if one.strip()))

    def problem(self, row: Row, word: str, expected: str, remedy: str = "") -> SheetProblem:
        """What is wrong with a cell, without what stands in it."""
        return SheetProblem(row.line, word, expected, remedy)


def folded(heading: str) -> str:
    """A heading as it is compared."""
    return re.sub(r"[\s_.#-]+", "_", normalize("NFC", heading).strip().casefold()).strip("_")


def both_kept(_one: str, _other: str) -> bool:
    """Of words under which nothing is chosen."""
    return True


def one_file(one: str, other: str) -> bool:
    """Whether two cells name the same files: paths of which one ends as the other, with or without its suffix."""
    lists = [[_path(each) for each in _LIST.split(cell) if each.strip()] for cell in (one, other)]
    return len(lists[0]) == len(lists[1]) and all(map(_one_path, *lists))


def _path(written: str) -> str:
    return re.sub(r"[\\/]+", "/", normalize("NFC", written).strip()).casefold()


def _one_path(one: str, other: str) -> bool:
    if bool(_SUFFIX.search(one)) != bool(_SUFFIX.search(other)):
        one, other = _SUFFIX.sub("", one), _SUFFIX.sub("", other)
    return f"/{one}".endswith(f"/{other.strip('/')}") or f"/{other}".endswith(f"/{one.strip('/')}")


def one_number(one: str, other: str) -> bool:
    """Whether two cells are one whole number."""
    return whole_number(one) == whole_number(other) is not None or _same(one, other)


def one_moment(one: str, other: str) -> bool:
    """Whether two cells are one moment, or a day and a moment on it."""
    return one.startswith(other) or other.startswith(one) or moment_of(one) == moment_of(other) is not None


def one_list(one: str, other: str) -> bool:
    """Whether two cells list the same, in the same order."""
    return [each.strip() for each in _LIST.split(one)] == [each.strip() for each in _LIST.split(other)]


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


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
