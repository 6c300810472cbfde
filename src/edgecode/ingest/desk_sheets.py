"""Reading what a coordinator typed for many people or agreements at once, CSV or YAML, row by row with the line that each value stands in.

Pure: bytes in, rows and problems out. A problem says line and column, never what stands there: it may be a name or a fee.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from unicodedata import normalize

from msgspec import Struct

from edgecode.errors import UnavailableError

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node, ScalarNode

YAML_SUFFIXES = (".yaml", ".yml")
MOST_BYTES = 20_000_000
_DELIMITERS = (";", "\t", ",", "|")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LIST = re.compile(r"[;|,\n]")


class Column(Struct, frozen=True):
    """A column that may stand in a sheet. *also*: other headings that mean it. *required*: a row without it is a problem.

    Headings are compared without case, and spaces, hyphens and underscores are one. In YAML a nested key is written with a dot.
    """

    name: str
    also: tuple[str, ...] = ()
    required: bool = False


class SheetProblem(Struct, frozen=True, order=True):
    """What is wrong where: *column* is a column's name, "#3" for the third of a heading nobody knows, "" for the whole line."""

    line: int
    column: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{place}: expected {self.expected}." + (f" {self.remedy.rstrip('.')}." if self.remedy else "")


class Row(Struct, frozen=True):
    """Values by column, stripped and in Unicode's composed form (NFC); what was left empty is not there. *lines*: where each stands."""

    line: int
    values: Mapping[str, str]
    lines: Mapping[str, int] = {}

    def problem(self, column: str, expected: str, remedy: str = "") -> SheetProblem:
        """A problem with one value of this row."""
        return SheetProblem(self.lines.get(column, self.line), column, expected, remedy)

    def words(self, column: str) -> tuple[str, ...] | None:
        """A value that is a list, written with ``;`` ``|`` or ``,`` between; None when nothing stands there."""
        written = self.values.get(column)
        if written is None:
            return None
        return tuple(one.strip() for one in _LIST.split(written) if one.strip())


class Sheet(Struct, frozen=True):
    """What could be read, and what could not, in the order of the file. Rows with a problem in one of their values are not among *rows*."""

    rows: tuple[Row, ...] = ()
    problems: tuple[SheetProblem, ...] = ()


def read_sheet(data: bytes, *, name: str, columns: Sequence[Column]) -> Sheet:
    """The rows of a sheet. *name* ends in ``.yaml`` or ``.yml`` for YAML, everything else is CSV as spreadsheet programs save it.

    Raises UnavailableError ``extra.missing`` for YAML without the extra ``policy``.
    """
    if len(data) > MOST_BYTES:
        return _only(1, f"at most {MOST_BYTES // 1_000_000} MB", "Give it in several files")
    text, unreadable = _decoded(data)
    if text is None:
        return Sheet(problems=tuple(unreadable))
    known = _Known(columns)
    rows, problems = (_yaml if name.lower().endswith(YAML_SUFFIXES) else _csv)(text, known)
    problems = [*unreadable, *problems]
    whole = []
    for row in rows:
        missing = [
            row.problem(one.name, "a value", "This column may not be empty")
            for one in columns
            if one.required and one.name not in row.values
        ]
        problems += missing
        if not missing:
            whole.append(row)
    faulty = {problem.line for problem in problems}
    good = tuple(row for row in whole if not faulty & {row.line, *row.lines.values()})
    return Sheet(good, tuple(sorted(problems)))


class _Known:
    """Which heading means which column."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._names = {_folded(heading): one.name for one in columns for heading in (one.name, *one.also)}
        self.listed = ", ".join(one.name for one in columns)
        self.required = tuple(one.name for one in columns if one.required)

    def named(self, heading: str) -> str | None:
        """The column of a heading."""
        return self._names.get(_folded(heading))


def _folded(heading: str) -> str:
    return re.sub(r"[\s_-]+", "_", normalize("NFC", heading).strip().casefold())


_SAVE = 'Save it again as "CSV UTF-8"'
_NO_TEXT = "\0\ufffd"
"""What stands where a byte is no text: zero bytes, and what decoding puts for what it cannot read."""
_MOST_UNREADABLE = 10
"""A file is no sheet where more than one character of so many is none."""


def _decoded(data: bytes) -> tuple[str | None, list[SheetProblem]]:
    """The text, and each line in which a byte is none, so that one of them hides no other line; None where hardly anything is text."""
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    text = data.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
    if sum(map(text.count, _NO_TEXT)) * _MOST_UNREADABLE > len(text):
        return None, [SheetProblem(1, "", "text in UTF-8", _SAVE)]
    wrong = [n for n, line in enumerate(text.split("\n"), 1) if any(one in line for one in _NO_TEXT)]
    return text.replace("\0", "\ufffd"), [SheetProblem(line, "", "text in UTF-8", _SAVE) for line in wrong]


def _value(written: str) -> str:
    return normalize("NFC", written).strip("\ufeff\u00a0\u200b \t\n")


def _only(line: int, expected: str, remedy: str) -> Sheet:
    return Sheet(problems=(SheetProblem(line, "", expected, remedy),))


# ------------------------------------------------------------------------------------------ CSV


def _csv(text: str, known: _Known) -> tuple[list[Row], list[SheetProblem]]:
    lines, delimiter, first = _begin(text)
    problems: list[SheetProblem] = []
    rows: list[Row] = []
    names: list[str | None] | None = None
    for line, cells in _cells(lines, delimiter, first, problems):
        values = [_value(cell) for cell in cells]
        if not any(values):
            continue
        if names is None:
            names = _headings(line, values, known, problems)
            lacking = [one for one in known.required if one not in names]
            if lacking:
                what = f"a heading {' and '.join(lacking)}"
                problems.append(SheetProblem(line, "", what, f"The headings are: {known.listed}"))
                return [], problems
            continue
        if len(values) > len(names) and any(values[len(names) :]):
            what = f"at most {len(names)} values, as the headings say"
            problems.append(SheetProblem(line, "", what, 'Put a value that holds the separator into "quotes"'))
            continue
        named = {name: value for name, value in zip(names, values, strict=False) if name and value}
        rows.append(Row(line, named))
    if names is None and not problems:
        problems.append(SheetProblem(1, "", "a line of headings", f"They are: {known.listed}"))
    return rows, problems


def _begin(text: str) -> tuple[list[str], str, int]:
    """The lines, what separates values, and the number of the first line that counts: Excel may say ``sep=;`` before it."""
    lines = text.split("\n")
    said = re.fullmatch(r'"?sep=(.)"?', lines[0].strip(), re.IGNORECASE)
    if said:
        return lines[1:], said[1], 2
    heading = re.sub(r'"[^"]*"', "", next((line for line in lines if line.strip()), ""))
    return lines, max(_DELIMITERS, key=heading.count) if heading else ",", 1


def _cells(
    lines: Sequence[str], delimiter: str, first: int, problems: list[SheetProblem]
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + first
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                problems.append(SheetProblem(line, "", f"values of at most {csv.field_size_limit():,} characters each"))
                return
            problems.append(SheetProblem(line, "", 'values whose "quotes" are closed', "Quotes in a value are doubled"))
            return
        yield line, cells


def _headings(line: int, written: Sequence[str], known: _Known, problems: list[SheetProblem]) -> list[str | None]:
    names: list[str | None] = []
    for place, heading in enumerate(written, 1):
        name = known.named(heading) if heading else None
        if heading and name is None:
            problems.append(
                SheetProblem(line, f"#{place}", "a heading that is known here", f"They are: {known.listed}")
            )
        elif name is not None and name in names:
            problems.append(SheetProblem(line, name, "each column once", "Leave one of them out"))
        names.append(name)
    return names


# ------------------------------------------------------------------------------------------ YAML


def _yaml(text: str, known: _Known) -> tuple[list[Row], list[SheetProblem]]:
    try:
        import yaml
    except ImportError as error:
        raise UnavailableError(
            "extra.missing", "reading YAML needs an extra", "Run: pip install 'edgecode[policy]', or give a CSV"
        ) from error
    try:
        for token in yaml.scan(text):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken | yaml.DirectiveToken):
                what = SheetProblem(token.start_mark.line + 1, "", "plain values", "Write them out without & * ! %")
                return [], [what]
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        return [], [
            SheetProblem(line, "", "YAML", "Look for a tab, a colon, a quote or an indent on or above this line")
        ]
    except (yaml.YAMLError, RecursionError):
        return [], [SheetProblem(1, "", "YAML", "Write a list of entries, each with one value a key")]
    entries = _entries(root)
    if entries is None:
        remedy = f"One entry begins with a dash; its keys are: {known.listed}"
        return [], [SheetProblem(1 if root is None else _line(root), "", "a list of entries", remedy)]
    problems: list[SheetProblem] = []
    rows = [_row(entry, known, problems) for entry in entries]
    return [row for row in rows if row is not None and row.values], problems


def _entries(root: "Node | None") -> "list[Node] | None":
    """The entries of a list, which may stand under one key of any name; keys with values and no list are one entry."""
    from yaml.nodes import MappingNode, SequenceNode

    if isinstance(root, MappingNode):
        only = root.value[0][1] if len(root.value) == 1 else None
        root = only if isinstance(only, SequenceNode) and _holds_entries(only) else SequenceNode("", [root])
    return list(root.value) if isinstance(root, SequenceNode) else None


def _holds_entries(node: "Node") -> bool:
    from yaml.nodes import MappingNode

    return any(isinstance(one, MappingNode) for one in node.value)


def _row(entry: "Node", known: _Known, problems: list[SheetProblem]) -> Row | None:
    from yaml.nodes import MappingNode

    if not isinstance(entry, MappingNode):
        problems.append(SheetProblem(_line(entry), "", "an entry with keys and values", "As in: - name: …"))
        return None
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    for path, node in _leaves(entry, ""):
        name, line = known.named(path), _line(node)
        if name is None:
            problems.append(SheetProblem(line, "", "a key that is known here", f"They are: {known.listed}"))
        elif name in lines:
            problems.append(SheetProblem(line, name, "each key once", "Leave one of them out"))
        else:
            lines[name] = line
            written = _written(node)
            if written is None:
                problems.append(SheetProblem(line, name, "a plain value, or a list of plain values"))
            elif written:
                values[name] = written
    return Row(_line(entry), values, lines)


def _leaves(entry: "MappingNode", above: str) -> "Iterator[tuple[str, Node]]":
    """Keys with their values; keys of a mapping in a mapping with a dot between."""
    from yaml.nodes import MappingNode, ScalarNode

    for key, node in entry.value:
        path = f"{above}{key.value}" if isinstance(key, ScalarNode) else "\0"
        if isinstance(node, MappingNode) and node.value:
            yield from _leaves(node, f"{path}.")
        else:
            yield path, node


def _written(node: "Node") -> str | None:
    """A value as it was typed, of a list its values with a semicolon between; None for anything else."""
    from yaml.nodes import ScalarNode, SequenceNode

    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode) and all(isinstance(one, ScalarNode) for one in node.value):
        values = _filled(_scalar(one) for one in node.value)
        # The only value of a list stays one, whatever it holds.
        return f"{values[0]};" if len(values) == 1 and "," in values[0] else "; ".join(values)
    return None


def _scalar(node: "ScalarNode") -> str:
    return "" if node.tag.endswith(":null") else _value(str(node.value))


def _filled(values: Iterable[str]) -> list[str]:
    return [value for value in values if value]


def _line(node: "Node") -> int:
    return int(node.start_mark.line) + 1
