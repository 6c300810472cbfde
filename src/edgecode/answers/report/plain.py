"""Sets a paper as text for a terminal or a mail."""

from edgecode.answers.layout.columns import printable, wrapped
from edgecode.answers.layout.sheets import Sheet, sheet_text
from edgecode.answers.report.paper import Block, Figures, Form, Paper, Strip, Table, Words, stamp_lines


def paper_text(paper: Paper, *, columns: int | None = None) -> str:
    """The paper as text, ending with a line end; no line is longer than *columns*, as far as timecodes, frames and names allow."""
    parts = [_block(block, columns) for block in paper.blocks]
    warning = [f"{paper.warning}\n"] if paper.warning else []
    stamp = "".join(f"{line}\n" for text in stamp_lines(paper.stamp) for line in wrapped(printable(text), columns))
    return "\n".join((_folded((paper.title,), columns), *warning, *filter(None, parts), stamp))


def _block(block: Block, columns: int | None) -> str:
    match block:
        case Figures(items):
            wide = max((len(item.said) for item in items), default=0)
            return "".join(f"{item.said:>{wide}}  {printable(item.words)}\n" for item in items)
        case Words(title, lines):
            return _folded((title, *lines) if title else lines, columns)
        case Strip():
            return _folded((block.words,), columns)
        case Table():
            sheet = Sheet(block.title, block.columns, block.rows, block.lead, block.foot)
            return sheet_text(sheet, columns=columns).removeprefix("\n")
        case Form():
            rows = (
                part
                for row in block.rows
                for part in (row.question, f"   {row.answer}", f"   [{row.state}] {row.because}")
            )
            return _folded((block.title, block.source, *rows), columns)


def _folded(lines: tuple[str, ...], columns: int | None) -> str:
    return "".join(f"{line}\n" for text in lines for line in wrapped(printable(text), columns))
