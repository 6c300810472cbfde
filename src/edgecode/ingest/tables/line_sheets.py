"""Lists of spoken lines (ADR, voice clones, dubbing) as CSV: how many lines and words of whom, in which file. No line's text is kept."""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from edgecode.ingest.desk_sheets import SheetProblem
from edgecode.ingest.doors import Row, Table
from edgecode.ingest.tables.headings import Agree, Columns, both_kept, folded, one_file, one_number, whole_number

MEANINGS: Mapping[str, Sequence[str]] = {
    "file": ("file name", "filename", "source file"),
    "person": ("performer", "alias", "voice", "artist"),
    "kind": ("type", "use"),
    "line": (),
    "text": ("dialogue", "dialog", "line text", "words spoken", "script"),
    "lines": ("number of lines",),
    "words": ("word count", "number of words"),
    "language": ("lang",),
    "note": ("notes", "comment", "comments"),
}
"""What the columns of a list of lines are called. *text* is counted and left where it is."""

INSTEAD: Mapping[str, Sequence[str]] = {
    "file": ("version", "clip", "clip name"),
    "line": ("cue", "cue number", "line number", "line id", "loop"),
}
"""What is read where nothing stands under these."""

LineKind = Literal["performance", "replica_use", "dub"]
KINDS: Mapping[str, LineKind] = {
    **dict.fromkeys(("adr", "loop", "rerecorded", "performance", "recorded"), "performance"),
    **dict.fromkeys(("voice_clone", "clone", "cloned", "synthetic", "ai", "generated", "replica_use"), "replica_use"),
    **dict.fromkeys(("dub", "dubbing", "dubbed"), "dub"),
}
"""What a sheet calls a line, and the kind of use that it is."""


def _one_kind(one: str, other: str) -> bool:
    one, other = folded(one), folded(other)
    return KINDS.get(one, one) == KINDS.get(other, other)


def _as_many_words(one: str, other: str) -> bool:
    return len(one.split()) == len(other.split())


_AGREE: Mapping[str, Agree] = {
    "file": one_file,
    "kind": _one_kind,
    "line": both_kept,
    "lines": one_number,
    "words": one_number,
    "text": _as_many_words,
    "note": both_kept,
}


class SpokenLine(Struct, frozen=True):
    """One row. *kind* None: the sheet does not say. *words* None: nobody counted them and there is no text."""

    line: int
    files: tuple[str, ...]
    person: str
    kind: LineKind | None
    language: str
    lines: int
    words: int | None


def spoken_lines(table: Table) -> tuple[list[SpokenLine], list[SheetProblem]]:
    """The lines of a table, in its order, and what is wrong with others."""
    columns = Columns(table, MEANINGS, instead=INSTEAD, agree=_AGREE)
    if not columns.has("file") or not columns.has("person"):
        expected = "a column that says which file, and one that says whose voice"
        return [], [SheetProblem(1, "", expected, f"As in: {', '.join(MEANINGS)}")]
    found: list[SpokenLine] = []
    problems: list[SheetProblem] = []
    for row in table.rows:
        wrong = _problems(columns, row)
        problems += wrong
        if not wrong:
            found.append(_line(columns, row))
    return found, problems


def _line(columns: Columns, row: Row) -> SpokenLine:
    text, words = columns.value(row, "text"), whole_number(columns.value(row, "words"))
    return SpokenLine(
        line=row.line,
        files=columns.several(row, "file"),
        person=columns.value(row, "person"),
        kind=KINDS.get(folded(columns.value(row, "kind"))),
        language=columns.value(row, "language"),
        lines=whole_number(columns.value(row, "lines")) or 1,
        words=words if words is not None else len(text.split()) if text else None,
    )


def _problems(columns: Columns, row: Row) -> list[SheetProblem]:
    found = columns.contradictions(row) + [
        columns.problem(row, word, expected)
        for word, expected in (("file", "a file"), ("person", "whose voice it is: an alias, P-07"))
        if not columns.value(row, word)
    ]
    kind = columns.value(row, "kind")
    if kind and folded(kind) not in KINDS:
        found.append(columns.problem(row, "kind", "adr, voice_clone or dub"))
    for word in ("lines", "words"):
        written = columns.value(row, word)
        count = whole_number(written)
        if written and (count is None or count < 0 or (word == "lines" and count == 0)):
            found.append(columns.problem(row, word, "how many, as a whole number"))
    return found
