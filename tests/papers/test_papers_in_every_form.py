"""One paper in every form: the same text, no text that runs, the same bytes twice, codes that anybody can make again."""

import json
import re
from collections import Counter
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import msgspec
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgecode.answers.report.page import paper_page
from edgecode.answers.report.paper import Paper, first_lines, line_count
from edgecode.answers.report.pdf import NOT_ACCESSIBLE, paper_pdf
from edgecode.answers.report.plain import paper_text
from edgecode.answers.report.proof import page_code, paper_digest
from edgecode.answers.report.workbook import paper_workbook
from edgecode.terms.identity import edge_digits
from papers.paper_samples import COLUMNS, HOSTILE, sample_paper

ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


def test_a_paper_survives_its_own_json() -> None:
    paper = sample_paper(3)

    assert msgspec.json.decode(msgspec.json.encode(paper), type=Paper) == paper


def test_lines_are_numbered_through_all_blocks() -> None:
    assert [number for number, _ in first_lines(sample_paper(5))] == [1, 3, 4, 6, 13]


def _tags(pdf: pikepdf.Pdf) -> Counter[str]:
    found: Counter[str] = Counter()

    def walk(node: object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found[str(node.S)] += 1
            found["figure without alt"] += node.S == "/Figure" and "/Alt" not in node
            if "/K" in node:
                walk(node.K)

    walk(pdf.Root.StructTreeRoot.K)
    return found


def test_a_table_over_many_pages_is_one_tagged_table_with_one_head() -> None:
    with pikepdf.open(BytesIO(paper_pdf(sample_paper(200)))) as pdf:
        tags, pages, language = _tags(pdf), len(pdf.pages), str(pdf.Root.Lang)

    assert (tags["/Table"], tags["/THead"], tags["/TR"], tags["figure without alt"], language) == (1, 1, 201, 0, "en")
    assert pages > 4


def test_every_picture_has_words_beside_it() -> None:
    paper = sample_paper(3)
    table = msgspec.structs.replace(paper.tables[0], pictures=("a", "", "a"))
    blocks = tuple(table if block is paper.tables[0] else block for block in paper.blocks)
    with pikepdf.open(BytesIO(paper_pdf(msgspec.structs.replace(paper, blocks=blocks), {"a": ONE_PIXEL}))) as pdf:
        tags = _tags(pdf)

    assert (tags["/Figure"], tags["figure without alt"]) == (3, 0)


def _text(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def test_text_of_others_is_printed_and_never_run() -> None:
    pages = _text(paper_pdf(sample_paper(1)))

    assert 'read("/etc/passwd")' in " ".join(pages).replace("\r\n", " ").replace("\n", " ")
    assert "root:" not in "".join(pages)


def test_each_page_says_its_lines_and_a_code_that_anybody_can_make_again() -> None:
    paper = sample_paper(120)
    digest = paper_digest(paper)
    said = [
        re.search(r"lines (\d+)–(\d+) · proof (\w{5} \w{5}) · *\s*page (\d+) of (\d+)", text)
        for text in _text(paper_pdf(paper))
    ]
    found = [match.groups() for match in said if match]

    assert len(found) == len(said)
    assert [page_code(digest, int(first), int(last)) for first, last, *_ in found] == [code for _, _, code, *_ in found]
    assert [int(page) for *_, page, _ in found] == list(range(1, len(found) + 1))


def test_the_lines_of_the_pages_follow_one_another_without_a_hole() -> None:
    paper = sample_paper(120)
    spans = [tuple(map(int, re.search(r"lines (\d+)–(\d+)", text).groups())) for text in _text(paper_pdf(paper))]  # type: ignore[union-attr]
    total = sum(line_count(block) for block in paper.blocks)

    assert (spans[0][0], spans[-1][1]) == (1, total)
    assert all(before[1] + 1 == after[0] for before, after in pairwise(spans))


def test_a_code_is_that_of_the_rule_as_it_is_written_down() -> None:
    paper = sample_paper(2)
    content = json.dumps(msgspec.to_builtins(paper), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    digest = sha256(b"edgecode paper v1\n" + content).digest()
    digits = edge_digits(sha256(b"edgecode page v1\n" + digest + b"[1,7]").hexdigest())

    assert page_code(paper_digest(paper), 1, 7) == f"{digits[:5]} {digits[5:]}"


@pytest.mark.parametrize("form", [paper_pdf, paper_workbook, paper_page, paper_text])
def test_the_same_paper_gives_the_same_bytes(form: object) -> None:
    assert form(sample_paper(40)) == form(sample_paper(40))  # type: ignore[operator]


def test_a_paper_that_no_font_can_set_says_so_and_drops_nothing_in_silence() -> None:
    unknown = "\U000130f8\U0001f9ff\ue123"
    pages = _text(paper_pdf(sample_paper(1, seen=unknown)))

    assert NOT_ACCESSIBLE.split(":")[0] in "".join(pages)


def test_counts_are_numbers_in_a_spreadsheet_and_nothing_else_is_more_than_text() -> None:
    with ZipFile(BytesIO(paper_workbook(sample_paper(2)))) as book:
        sheet, names = book.read("xl/worksheets/sheet1.xml").decode(), book.namelist()

    assert re.findall(r'<c r="D2" s="\d+"><v>(\d+)</v>', sheet) == ["1210"]
    assert "<f>" not in sheet and not [name for name in names if "hyperlink" in name.lower()]


def test_a_page_loads_and_runs_nothing() -> None:
    text = paper_page(sample_paper(2))

    assert "<script" not in text and "default-src 'none'" in text
    assert not re.findall(r'(?:src|href)="(?!data:)', text)
    assert "&lt;script&gt;" in text


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60))
def test_any_text_of_a_cell_stands_in_every_form(seen: str) -> None:
    paper = sample_paper(1, seen=seen)
    with ZipFile(BytesIO(paper_workbook(paper))) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
    plain = "".join(seen.split())

    assert _unescaped(strings).count(plain) >= 1
    assert _unescaped(paper_page(paper)).count(plain) >= 3


def _unescaped(text: str) -> str:
    from html import unescape

    return "".join(unescape(re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), text)).split())


def test_text_says_everything_that_the_tables_hold() -> None:
    text = paper_text(sample_paper(2))

    assert all(
        word in text for word in ("2A0", "2A1", "Waived: none.", "who knows?", "4,310 entries", "2 organizations")
    )
    assert "".join(HOSTILE.split())[:20] in "".join(text.split())
    assert all(column in text for column in COLUMNS)
