"""Sets a paper as one HTML file that loads nothing and runs nothing."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from importlib.resources import files

from edgecode.answers.coverage.strip import LEGEND
from edgecode.answers.report.paper import (
    Block,
    Figures,
    Form,
    Paper,
    Strip,
    Table,
    Words,
    first_lines,
    line_count,
    stamp_lines,
)
from edgecode.answers.report.proof import page_code, paper_digest


def paper_page(paper: Paper, pictures: Mapping[str, bytes] | None = None) -> str:
    """The paper as HTML. Every text is escaped; the page's own policy forbids scripts, loading and sending. A page of HTML has no pages:
    one proof code stands for all its lines."""
    style = (files(__package__) / "report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    blocks = list(first_lines(paper))
    last = blocks[-1][0] + line_count(blocks[-1][1]) - 1 if blocks else 0
    code = page_code(paper_digest(paper), 1 if last else 0, last)
    foot = "".join(f"<p>{escape(line)}</p>" for line in stamp_lines(paper.stamp))
    return "\n".join((
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">',
        f"<title>{escape(paper.title)}</title><style>{style}</style></head><body>",
        f"<h1>{escape(paper.title)}</h1>",
        f'<p class="warning">{escape(paper.warning)}</p>' if paper.warning else "",
        *(_block(block, pictures or {}) for _, block in blocks),
        f'<footer>{foot}<p>Lines 1–{last} · proof <span class="mono">{code}</span></p></footer></body></html>',
        "",
    ))  # fmt: skip


def _block(block: Block, pictures: Mapping[str, bytes]) -> str:
    match block:
        case Figures(items):
            cells = "".join(f"<div><b>{escape(item.said)}</b><span>{escape(item.words)}</span></div>" for item in items)
            return f'<div class="figures">{cells}</div>'
        case Words(title, lines):
            return _heading(title) + "".join(f"<p>{escape(line)}</p>" for line in lines)
        case Strip():
            return _strip(block)
        case Table():
            return _table(block, pictures)
        case Form():
            return _form(block)


def _heading(title: str) -> str:
    return f"<h2>{escape(title)}</h2>" if title else ""


def _strip(strip: Strip) -> str:
    """Drawn with an SVG of rectangles, whose places are numbers of ours."""
    whole = max(1, strip.spans[-1].end if strip.spans else 1)
    bars = "".join(
        f'<rect class="o{span.letter}" x="{span.first}" width="{span.end - span.first}" y="0" height="1"/>'
        for span in strip.spans
    )
    return (
        f'<figure><svg viewBox="0 0 {whole} 1" preserveAspectRatio="none" role="img" aria-label="{escape(strip.words)}">{bars}</svg>'
        f"<figcaption>{escape(strip.words)}<br>{_legend(strip)}</figcaption></figure>"
    )


def _legend(strip: Strip) -> str:
    """Which colour is which origin, of those that occur."""
    present = {span.letter for span in strip.spans}
    return " ".join(
        f'<b class="key o{letter}"></b> {letter} {escape(words)}' for letter, words in LEGEND if letter in present
    )


def _table(table: Table, pictures: Mapping[str, bytes]) -> str:
    counts = {i for i, name in enumerate(table.columns) if name in table.numbers}
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = []
    for number, row in enumerate(table.rows):
        key = table.pictures[number] if table.pictures else ""
        cells = "".join(
            f"<td{' class=count' if i in counts else ''}>{_picture(pictures.get(key), row[0]) if not i else ''}{escape(text)}</td>"
            for i, text in enumerate(row)
        )
        rows.append(f"<tr>{cells}</tr>")
    lead, foot = ("".join(f"<p>{escape(line)}</p>" for line in lines) for lines in (table.lead, table.foot))
    body = (
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
        if rows
        else "<p>No rows.</p>"
    )
    return f"{_heading(table.title)}{lead}{body}{foot}"


def _picture(data: bytes | None, name: str) -> str:
    if data is None:
        return ""
    kind = "png" if data.startswith(b"\x89PNG") else "webp" if data.startswith(b"RIFF") else "jpeg"
    return f'<img alt="Frame of {escape(name)}" src="data:image/{kind};base64,{base64.b64encode(data).decode()}">'


def _form(form: Form) -> str:
    rows = "".join(
        f'<dt>{escape(row.question)}</dt><dd class="{"open" if row.state == "open" else "said"}">{escape(row.answer)}'
        f"<small>{escape(' · '.join(filter(None, (row.state, row.because))))}</small></dd>"
        for row in form.rows
    )
    return f"{_heading(form.title)}<p>{escape(form.source)}</p><dl>{rows}</dl>"
