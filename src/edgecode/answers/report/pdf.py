"""Sets a paper as PDF/UA-1 with typst: one tagged table over all its pages, a proof code on each (decision 0024)."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import msgspec

from edgecode.answers.layout.sheets import WEIGHTS
from edgecode.answers.report.paper import Block, Paper, Table, Words, first_lines, stamp_lines
from edgecode.answers.report.proof import page_code, paper_digest
from edgecode.errors import UnavailableError

if TYPE_CHECKING:
    from typst import Compiler

NOT_ACCESSIBLE = (
    "This copy is not PDF/UA: no font of this machine has every character of it, and some may not show. "
    "The CSV, XLSX and JSON hold them all."
)
"""What stands first on a PDF that could not be set with every character."""

_BREAKS = re.compile(r"[_./#@-]+")
_WHOLE = (
    "Edge code",
    "Source in",
    "Source out",
    "In",
    "Out",
    "Timecode in",
    "Timecode out",
    "Duration",
    "Grade",
    "Use",
)
"""Columns whose cells stand on one line."""

_PICTURE = 14
"""The width of a column that begins with a picture, in characters."""

_LONG_WORD, _BREAK_FROM = 24, 14
_WIDE_FROM, _LARGE_FROM = 7, 15
"""Columns from which a paper lies on its side, and from which it is A3."""


def paper_pdf(paper: Paper, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The paper as PDF. *pictures*: PNG, JPEG or WebP bytes by the keys that tables name. The same paper with the same pictures gives the
    same bytes, on any machine as long as the fonts that typst carries have all its characters.

    Raises UnavailableError ``extra.missing``.
    """
    try:
        from typst import TypstError
    except ImportError as error:
        raise UnavailableError(
            "extra.missing",
            "setting a PDF needs the package typst",
            "pip install 'edgecode[paper]', or ask for .html or .xlsx",
        ) from error
    shown = pictures or {}
    for fonts_of_machine in (False, True):
        try:
            return _set(paper, shown, fonts_of_machine=fonts_of_machine, standards=["ua-1"])
        except TypstError as error:
            refused = error
    if "could not be displayed" not in str(refused):
        raise refused
    return _set(msgspec.structs.replace(paper, warning=NOT_ACCESSIBLE), shown, fonts_of_machine=True, standards=[])


def _set(paper: Paper, pictures: Mapping[str, bytes], *, fonts_of_machine: bool, standards: list[Any]) -> bytes:
    """Two passes: where the lines fall, then the same with each page's lines and code. typst keeps what did not change."""
    from typst import Compiler

    with TemporaryDirectory(prefix="edgecode-paper-") as folder:
        home = Path(folder)
        (home / "report.typ").write_bytes((files(__package__) / "report.typ").read_bytes())
        names = _written(pictures, home)
        data = _data(paper, names)
        _write(home, data)
        compiler = Compiler(home / "report.typ", root=home, ignore_system_fonts=not fonts_of_machine)
        data["pages"] = _pages(paper, compiler)
        _write(home, data)
        made = compiler.compile(format="pdf", pdf_standards=standards, timestamp=_seconds(paper.stamp.time))
        assert isinstance(made, bytes)
        return made


def _write(home: Path, data: Mapping[str, object]) -> None:
    (home / "paper.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _written(pictures: Mapping[str, bytes], home: Path) -> dict[str, str]:
    """Pictures as files beside the template, with names of ours."""
    names = {}
    for number, (key, data) in enumerate(pictures.items()):
        names[key] = f"picture-{number}.{_kind(data)}"
        (home / names[key]).write_bytes(data)
    return names


def _kind(data: bytes) -> str:
    if data.startswith(b"\x89PNG"):
        return "png"
    return "webp" if data.startswith(b"RIFF") else "jpg"


def _pages(paper: Paper, compiler: "Compiler") -> list[dict[str, object]]:
    """Each page with its first and last line and its code."""
    found: dict[int, list[int]] = {}
    for value in json.loads(compiler.query("<line>", field="value")):
        found.setdefault(value["page"], []).append(value["line"])
    digest = paper_digest(paper)
    last_page = max(found, default=1)
    pages = []
    for page in range(1, last_page + 2):
        lines = found.get(page, [])
        first, last = min(lines, default=0), max(lines, default=0)
        pages.append({"number": page, "first": first, "last": last, "code": page_code(digest, first, last)})
    return pages


def _data(paper: Paper, names: Mapping[str, str]) -> dict[str, Any]:
    widest = max((len(table.columns) for table in paper.tables), default=0)
    said = stamp_lines(paper.stamp)
    production = " · ".join(filter(None, (paper.stamp.production, paper.stamp.cut)))
    return {
        "title": paper.title,
        "warning": paper.warning,
        "wide": widest >= _WIDE_FROM,
        "size": "a3" if widest >= _LARGE_FROM else "a4",
        "stamp": list(said),
        "stamp_line": f"{production} · {paper.kind} · ledger {paper.stamp.size:,} · root {paper.stamp.root[:12]} · {paper.stamp.day}",
        "blocks": [_block(number, block, names) for number, block in first_lines(paper)],
        "pages": [],
    }


def _block(number: int, block: Block, names: Mapping[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {**msgspec.to_builtins(block), "first": number}
    if isinstance(block, Words):
        data["new_page"] = block.new_page
    if isinstance(block, Table):
        data["right"] = [i for i, name in enumerate(block.columns) if name in block.numbers]
        data["widths"] = _widths(block)
        data["rows"] = [[_breakable(cell) for cell in row] for row in block.rows]
        data["pictures"] = [names.get(key, "") for key in block.pictures]
        data["alt"] = [f"Frame of {row[0]}" for row in block.rows] if block.pictures else []
    return data


def _widths(table: Table) -> list[int]:
    """Shares of the width, in characters: what usually stands in a column, and never less than its longest word or heading."""
    found = [_width(name, [row[i] for row in table.rows]) for i, name in enumerate(table.columns)]
    return [max(found[0], _PICTURE), *found[1:]] if table.pictures else found


def _width(name: str, cells: Sequence[str]) -> int:
    if name in WEIGHTS.whole or name in _WHOLE:
        return max(map(len, (*cells, name.split()[0])), default=1) + 3
    words = max((len(word) for cell in cells for word in _BREAKS.sub(" ", cell).split()), default=1)
    heading = max(map(len, name.split()), default=1)
    lengths = sorted(map(len, cells)) or [0]
    usual = lengths[(len(lengths) - 1) * 9 // 10]
    return max(heading, min(words, _LONG_WORD), min(usual, 34)) + 2


def _breakable(cell: str) -> str:
    """A cell whose long names may be broken where people would: behind their own marks, with a sign that has no width."""
    return " ".join(_BREAKS.sub("\\g<0>\u200b", word) if len(word) > _BREAK_FROM else word for word in cell.split(" "))


def _seconds(time: str) -> int:
    """The ledger's last entry in Unix seconds: a PDF says when, and that is the only moment a paper knows."""
    try:
        return max(0, int(datetime.fromisoformat(time).timestamp()))
    except ValueError:
        return 0
