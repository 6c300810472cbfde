"""Fits a table to a terminal: what never changes is said once, what matters stays whole, what does not fit goes below or is named."""

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from edgecode.answers.layout.columns import NOT_RECORDED, aligned, cut_to, printable, width, wrapped

_GAP = 2
_LEAST = 14
"""No cell is shortened below this many columns: it goes to the second line first."""

_INDENT = "     "


class Weights(Struct, frozen=True):
    """How a table's columns are treated when they do not all fit, by name.

    *whole*: never shortened, never left out, the first the most important. *below*: sentences, moved to a line of their own.
    *important*: the other columns, the most important first; those not named come last.
    """

    whole: tuple[str, ...]
    below: tuple[str, ...] = ()
    important: tuple[str, ...] = ()


class Fitted(Struct, frozen=True):
    """The table's lines, and the sentences that say what is not in them."""

    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()


def fitted(
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    columns: int,
    weights: Weights,
    right: Collection[str] = (),
    indent: str = "",
) -> Fitted:
    """A table in lines of at most *columns*, as far as its whole cells allow it."""
    cells = [[printable(cell) for cell in row] for row in rows]
    kept, notes = _telling(names, cells, weights)
    table = _Table(names, cells, columns - len(indent), weights, right)
    first, second, below = table.laid_out(kept)
    lines = table.lines(first, second, below)
    left = [names[i] for i in kept if i not in {*first, *second, *below}]
    if left:
        notes.append(f"Left out at this width: {', '.join(left)} (--csv and --json have them).")
    return Fitted(tuple((indent + line).rstrip() for line in lines), tuple(notes))


def is_empty(text: str) -> bool:
    """Whether a cell says nothing."""
    return text in ("", "-", NOT_RECORDED)


def _telling(names: Sequence[str], cells: Sequence[Sequence[str]], weights: Weights) -> tuple[list[int], list[str]]:
    """The columns that tell rows apart, and sentences about the others."""
    kept, empty, alike = [], [], []
    for i, name in enumerate(names):
        values = {row[i] for row in cells}
        if values and all(map(is_empty, values)):
            empty.append(name)
        elif name in weights.whole or not values:
            kept.append(i)
        elif len(values) == 1 and len(cells) > 1:
            alike.append(f"{name}: {values.pop()}")
        else:
            kept.append(i)
    notes = [f"The same in every row: {'; '.join(alike).rstrip('.')}."] if alike else []
    return kept, notes + ([f"Not recorded in any row: {', '.join(empty)}."] if empty else [])


class _Table:
    def __init__(
        self,
        names: Sequence[str],
        cells: Sequence[Sequence[str]],
        columns: int,
        weights: Weights,
        right: Collection[str],
    ) -> None:
        self.names, self.cells, self.columns, self.weights, self.right = names, cells, columns, weights, right
        self.natural = [max(width(text) for text in (name, *(row[i] for row in cells))) for i, name in enumerate(names)]

    def laid_out(self, kept: Sequence[int]) -> tuple[dict[int, int], dict[int, int], list[int]]:
        """The columns of the first and second line with their widths, and those that are sentences below."""
        if self.takes(self.natural[i] for i in kept) <= self.columns:
            return {i: self.natural[i] for i in kept}, {}, []
        below = [i for i in kept if self.names[i] in self.weights.below]
        ordered = sorted((i for i in kept if i not in below), key=self.rank)
        if self.takes(self.natural[i] for i in ordered) <= self.columns:
            return {i: self.natural[i] for i in sorted(ordered)}, {}, below
        first = self.chosen(ordered, self.columns)
        rest = [i for i in ordered if i not in first]
        return first, self.chosen(rest, self.columns - len(_INDENT)), below

    def rank(self, i: int) -> tuple[int, int]:
        """Where a column stands among the others: whole ones first, then the important ones."""
        for group, named in enumerate((self.weights.whole, self.weights.important)):
            if self.names[i] in named:
                return group, named.index(self.names[i])
        return 2, i

    def chosen(self, ordered: Sequence[int], columns: int) -> dict[int, int]:
        """The most important columns that fit, in table order, the less important ones shortened first."""
        found: dict[int, int] = {}
        for i in ordered:
            least = self.natural[i] if self.names[i] in self.weights.whole else min(self.natural[i], _LEAST)
            if not found or self.takes((*found.values(), least)) <= columns:
                found[i] = least
        for i in found:
            found[i] += max(0, min(self.natural[i] - found[i], columns - self.takes(found.values())))
        return dict(sorted(found.items()))

    @staticmethod
    def takes(widths: Iterable[int]) -> int:
        """Columns that a line of cells takes."""
        listed = list(widths)
        return sum(listed) + _GAP * max(len(listed) - 1, 0)

    def lines(self, first: dict[int, int], second: dict[int, int], below: Sequence[int]) -> list[str]:
        """The header and the rows."""
        upper = self._line_group(first, "")
        lower = self._line_group(second, _INDENT) if second else []
        lines = []
        for place, line in enumerate(upper):
            lines.append(line)
            lines += lower[place : place + 1]
            if place:
                sentences = [self.cells[place - 1][i] for i in below]
                lines += [
                    told
                    for text in sentences
                    if not is_empty(text) and text != "none"
                    for told in wrapped(text, self.columns, indent=_INDENT)
                ]
        return lines

    def _line_group(self, widths: dict[int, int], indent: str) -> list[str]:
        rows = [[cut_to(row[i], most) for i, most in widths.items()] for row in (self.names, *self.cells)]
        right = [place for place, i in enumerate(widths) if self.names[i] in self.right]
        return aligned(rows, right=right, indent=indent, limit=1 << 30)
