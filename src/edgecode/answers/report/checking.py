"""Proof codes of a printed page held against the JSON of its paper: which lines a code stands for (decision 0024)."""

import json
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from edgecode.answers.report.paper import Paper, first_lines, line_count
from edgecode.answers.report.proof import page_code, paper_digest
from edgecode.errors import EdgecodeError, InputError, UsageError
from edgecode.terms.identity import read_edge_code

LINES_AT_MOST = 2_000
"""Up to so many lines every range of them is tried; the ranges of a longer paper are given, as its pages print them."""


class PageCheck(Struct, frozen=True):
    """One code. *first*, *last*: the lines that it stands for, 0 and 0 for a page without a line; both -1: it is not of this paper."""

    code: str
    first: int
    last: int

    @property
    def is_of_paper(self) -> bool:
        """Whether the paper makes this code again."""
        return self.first >= 0


class PaperCheck(Struct, frozen=True, tag_field="schema", tag="edgecode.paper-check/1"):
    """What the codes of a paper say. *title* and *digest* are the paper's, *lines* how many it has."""

    title: str
    digest: str
    lines: int
    pages: tuple[PageCheck, ...]


def read_paper(data: bytes, *, name: str) -> Paper:
    """A paper from its JSON. Raises InputError ``paper.file_unreadable``, also where the file holds more than a paper."""
    problem = InputError(
        "paper.file_unreadable",
        f"{name} is not the JSON of a paper, whole and unchanged",
        "Give the file that --to NAME.json wrote",
    )
    try:
        paper = msgspec.json.decode(data, type=Paper)
        # What the paper does not know would be on screen in another program and in no digest.
        if json.loads(msgspec.json.encode(paper)) != json.loads(data):
            raise problem
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise problem from error
    return paper


def check_codes(paper: Paper, codes: Iterable[str]) -> PaperCheck:
    """Every code with the lines that it stands for. A code is ten digits as printed, or with the page's lines before it: ``1-37:CODE``.

    Raises UsageError ``paper.code``, and ``paper.lines`` for a long paper whose lines are not given.
    """
    digest = paper_digest(paper)
    lines = sum(line_count(block) for _, block in first_lines(paper))
    return PaperCheck(paper.title, digest.hex(), lines, tuple(_checked(digest, lines, code) for code in codes))


def _checked(digest: bytes, lines: int, written: str) -> PageCheck:
    before, colon, code = written.rpartition(":")
    printed = _printed(code)
    if colon:
        first, last = _range(before)
        is_right = page_code(digest, first, last) == printed
        return PageCheck(printed, first, last) if is_right else PageCheck(printed, -1, -1)
    if lines > LINES_AT_MOST:
        raise UsageError(
            "paper.lines",
            f"this paper has {lines:,} lines",
            "Give the lines that the page prints, as in: 1-37:7K3F9Q2MT4",
        )
    tried = ((first, last) for first in range(1, lines + 1) for last in range(first, lines + 1))
    for first, last in (*((0, 0),), *tried):
        if page_code(digest, first, last) == printed:
            return PageCheck(printed, first, last)
    return PageCheck(printed, -1, -1)


def _printed(code: str) -> str:
    """The code in the one form that pages print, read as forgivingly as an edge code."""
    try:
        digits = read_edge_code(f"G {code}").digits
    except EdgecodeError as error:
        raise UsageError(
            "paper.code", "a proof code has ten digits and letters", "Copy it again, as in: 7K3F9 Q2MT4"
        ) from error
    return f"{digits[:5]} {digits[5:]}"


def _range(written: str) -> tuple[int, int]:
    first, _, last = written.replace("–", "-").partition("-")
    if not (first.isascii() and first.isdigit() and (last or first).isascii() and (last or first).isdigit()):
        raise UsageError("paper.code", "the lines of a page are written like 1-37", "As in: 1-37:7K3F9Q2MT4")
    return int(first), int(last or first)


def check_text(check: PaperCheck) -> str:
    """The answer for people."""
    rows = [f"{check.title}: {check.lines:,} lines, paper {check.digest[:16]}…"]
    for page in check.pages:
        said = "a page without a line" if page.last == 0 else f"lines {page.first}–{page.last} of this paper"
        rows.append(f"{page.code}  {said if page.is_of_paper else 'NOT of this paper'}")
    return "\n".join(rows) + "\n"
