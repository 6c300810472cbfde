"""Return forms: what a house without a record of its own says of the frames that were asked of it, as JSON or XLSX.

One shape for both (edgecode.turnover-return/1, docs/reference/turnovers.md). Everything in it is somebody's word.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from edgecode.errors import InputError
from edgecode.ingest.tables.xlsx import XlsxSheet, read_xlsx
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.frame_spans import FrameSpans, read_spans
from edgecode.terms.identity import OriginLetter, is_record_id

SCHEMA: Literal["edgecode.turnover-return/1"] = "edgecode.turnover-return/1"
BYTES_AT_MOST = 64 << 20
ROWS_AT_MOST = 100_000

MADE: Mapping[str, OriginLetter] = {
    "camera": "C",
    "capture": "P",
    "people": "H",
    "model": "G",
    "archive": "A",
}
"""How the form says what a picture is made of, and the class that it stands for (FORMATS, "What a frame is made of")."""

AI_WORDS: Mapping[str, AiUse | None] = {
    "": None,
    "unknown": AiUse.UNKNOWN,
    "none": AiUse.NONE,
    "assistive": AiUse.ASSISTIVE,
    "generative": AiUse.GENERATIVE,
}

_WORDS_AT_MOST = 20_000
Words = Annotated[str, Meta(max_length=_WORDS_AT_MOST)]


class FormRow(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One answer. *row*: the number of the asked range. *frames*: those that it is about, in the numbers that the range is asked in, both
    ends included (``1001-1048, 1060``); "": all that were asked, because the form says so of a field that nobody touched, and nothing
    else says it. *made*: words of `MADE`; without any, nothing is answered.

    *tools*, *models*, *inputs*, *people*: one a line. *signatory*: who stands for this row, where it is not the form's.
    """

    row: int
    shot: Words = ""
    frames: Words = ""
    made: tuple[str, ...] = ()
    ai: str = ""
    tools: Words = ""
    models: Words = ""
    inputs: Words = ""
    people: Words = ""
    terms: Words = ""
    signatory: Words = ""
    notes: Words = ""

    @property
    def is_answer(self) -> bool:
        """Whether anything is said of how the frames were made."""
        return bool(self.made)


class FormSignatory(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who signs for the house: words, sealed wherever they are kept."""

    name: Words = ""
    role: Words = ""
    date: Words = ""


class ReturnForm(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A form that came back. *turnover*: the record id of the turnover that it answers."""

    schema: Literal["edgecode.turnover-return/1"]
    turnover: str
    rows: tuple[FormRow, ...]
    signatory: FormSignatory = FormSignatory()


COLUMNS: Mapping[str, str] = {
    "row": "No.",
    "shot": "Shot",
    "asked": "Frames asked",
    "frames": "Frames answered",
    "made": "Made of",
    "ai": "AI use",
    "tools": "Tools",
    "models": "Models",
    "inputs": "Inputs",
    "people": "People",
    "terms": "Terms",
    "signatory": "Signatory",
    "notes": "Notes",
}
"""The columns of the form as a spreadsheet, by field."""


def read_form(data: bytes, *, name: str) -> tuple[ReturnForm, list[Diagnostic]]:
    """The form in a file, JSON or XLSX, and what of it could not be taken.

    Raises InputError ``turnover.form_unreadable`` for a file that is no return form, and what `read_xlsx` raises.
    """
    if len(data) > BYTES_AT_MOST:
        raise _unreadable(name, f"it is larger than {BYTES_AT_MOST >> 20} MiB")
    said: list[Diagnostic] = []
    is_zip = data[:4] == b"PK\x03\x04"
    form, unclear = (
        _from_sheets(read_xlsx(data, name=name), said, name=name) if is_zip else (_from_json(data, name), {})
    )
    if not is_record_id(form.turnover):
        raise _unreadable(name, "it does not say which turnover it answers")
    if len(form.rows) > ROWS_AT_MOST:
        raise _unreadable(name, f"it has more than {ROWS_AT_MOST} rows")
    return msgspec.structs.replace(form, rows=tuple(_sound(form.rows, unclear, said))), said


def letters_of(row: FormRow) -> str:
    """The classes that a row declares, as letters in the order of `MADE`."""
    return "".join(letter for word, letter in MADE.items() if word in row.made)


def ai_use(row: FormRow) -> AiUse | None:
    """The AI use that a row declares; None where it says nothing. A picture that a model made is generative whatever the row says."""
    return AiUse.GENERATIVE if "model" in row.made else AI_WORDS.get(row.ai)


def frames_of(row: FormRow, asked: FrameSpans) -> FrameSpans:
    """The frames that a row is about; *asked*, where its field was left untouched."""
    return (read_spans(row.frames) or ()) if row.frames else asked


def lines_of(words: str) -> list[str]:
    """What stands in a field, one thing a line."""
    return [line.strip() for line in words.splitlines() if line.strip()]


def _from_json(data: bytes, name: str) -> ReturnForm:
    try:
        json.loads(data.decode(), object_pairs_hook=_each_once)
        return msgspec.json.decode(data, type=ReturnForm)
    except msgspec.ValidationError as error:
        # Where is said, never what stands there: names of fields may be anybody's words.
        found = _WHERE.search(str(error))
        where = f" ({found[1]})" if found else ""
        raise _unreadable(
            name, f"it has a field that the form does not have, or another value than it has{where}"
        ) from error
    except _TwiceError as error:
        raise _unreadable(name, "a field of it stands twice") from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(name, "it is no whole JSON of a return form") from error


_WHERE = re.compile(r"`(\$[$.\[\]a-z0-9]*)`$")


class _TwiceError(Exception):
    """A key stands twice in one object; programs take one or the other."""


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _TwiceError
    return found


def _from_sheets(
    sheets: Sequence[XlsxSheet], said: list[Diagnostic], *, name: str
) -> tuple[ReturnForm, Mapping[int, str]]:
    """The form, and by number of its row why one cannot be taken."""
    forms = [sheet for sheet in sheets if any(row[:1] and row[0].strip() == SCHEMA for _, row in sheet.rows)]
    if len(forms) != 1:
        raise _unreadable(name, f"{len(forms) or 'no'} sheets of it are a return form")
    (sheet,) = forms
    head, fields = _headings(sheet, name)
    above = {row[0].strip(): (at, row[1].strip()) for at, row in sheet.rows if at < head and len(row) > 1}
    rows: list[FormRow] = []
    unclear: dict[int, str] = {}
    marks: dict[int, set[int]] = {}
    for at, column in sheet.unread:
        marks.setdefault(at, set()).add(column)
    for at, row in sheet.rows:
        if at > head and (any(row) or at in marks):
            rows.append(_row({field: row[column] for column, field in fields.items() if column < len(row)}))
            unclear[len(rows)] = _unread(row, marks.get(at, set()), fields)
    for words in ("Signed by", "Role", "Date"):
        at = above.get(words, (0, ""))[0]
        if marks.get(at):
            text = f"row {at} of the sheet says who signs in a cell that cannot be read as text; it was left out"
            said.append(Diagnostic("turnover.row_unclear", text, at, effect="approximate"))
    signed = [above.get(words, (0, ""))[1] for words in ("Signed by", "Role", "Date")]
    signatory = FormSignatory(*(words[:_WORDS_AT_MOST] for words in signed))
    return ReturnForm(SCHEMA, above.get(SCHEMA, (0, ""))[1], tuple(rows), signatory), unclear


def _headings(sheet: XlsxSheet, name: str) -> tuple[int, dict[int, str]]:
    """The row of the headings and the field of each column. All must be there, each once and no other: what stood under a heading
    that was renamed would be taken for a field that nobody touched."""
    named = {title.casefold(): field for field, title in COLUMNS.items()}
    for at, row in sheet.rows:
        written = {column: " ".join(cell.split()).casefold() for column, cell in enumerate(row) if cell.strip()}
        if COLUMNS["row"].casefold() not in written.values():
            continue
        is_whole = sorted(written.values()) == sorted(named) and not any(row == at for row, _ in sheet.unread)
        if not is_whole:
            raise _unreadable(name, "its headings are not those of the form, each once and no other")
        if any(last > at for last in sheet.merged):
            raise _unreadable(name, "cells of it are merged, and one answer cannot be told from another")
        return at, {column: named[words] for column, words in written.items()}
    raise _unreadable(name, "its headings are not those of the form")


def _unread(row: Sequence[str], marks: set[int], fields: Mapping[int, str]) -> str:
    """Why a row of the sheet cannot be taken as it stands; "" for nothing."""
    if marks:
        titles = ", ".join(COLUMNS[fields[column]] if column in fields else "another" for column in sorted(marks))
        return f"has cells that cannot be read as text (formulas, errors) under: {titles}"
    if any(cell.strip() for column, cell in enumerate(row) if column not in fields):
        return "holds something outside of the columns of the form"
    if any(len(cell) > _WORDS_AT_MOST for cell in row):
        return f"has a cell of more than {_WORDS_AT_MOST} characters"
    return ""


def _row(cells: Mapping[str, str]) -> FormRow:
    number = cells.get("row", "").strip()
    made = cells.get("made", "").casefold().replace(";", ",").replace("\n", ",").replace("+", ",").split(",")
    words = ("shot", "tools", "models", "inputs", "people", "terms", "signatory", "notes")
    return FormRow(
        int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0,
        # As it stands: a cell with a blank in it was touched.
        frames=cells.get("frames", ""),
        made=tuple(one for word in made if (one := word.strip())),
        ai=cells.get("ai", "").strip().casefold(),
        **{word: cells.get(word, "").strip() for word in words},
    )


def _sound(rows: Iterable[FormRow], unclear: Mapping[int, str], said: list[Diagnostic]) -> Iterator[FormRow]:
    for at, row in enumerate(rows, 1):
        problem = unclear.get(at) or _problem(row)
        if problem:
            said.append(Diagnostic("turnover.row_unclear", f"row {at} of the form {problem}", at, effect="row-missing"))
        else:
            yield row


def _problem(row: FormRow) -> str:
    if any(word not in MADE for word in row.made):
        return f"says what its frames are made of in other words than {', '.join(MADE)}"
    if row.ai not in AI_WORDS:
        return f"says its AI use in other words than {', '.join(filter(None, AI_WORDS))}"
    if row.is_answer and row.frames and not read_spans(row.frames):
        return "does not name its frames as numbers (1001-1048, 1060)"
    return ""


def _unreadable(name: str, why: str) -> InputError:
    return InputError(
        "turnover.form_unreadable",
        f"{name} is no return form: {why}",
        "Give the JSON that the form saved, the filled-in spreadsheet, or an evidence pack",
    )
