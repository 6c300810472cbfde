"""Return forms: what a house without a record of its own says of the frames that were asked of it, as JSON or XLSX.

One shape for both (edgecode.turnover-return/1, docs/reference/turnovers.md). Everything in it is somebody's word.
"""

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

Words = Annotated[str, Meta(max_length=20_000)]


class FormRow(Struct, frozen=True, omit_defaults=True):
    """One answer. *row*: the number of the asked range. *frames*: those that it is about, in the numbers that the range is asked in, both
    ends included (``1001-1048, 1060``); "": all that were asked. *made*: words of `MADE`; without any, nothing is answered.

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


class FormSignatory(Struct, frozen=True, omit_defaults=True):
    """Who signs for the house: words, sealed wherever they are kept."""

    name: Words = ""
    role: Words = ""
    date: Words = ""


class ReturnForm(Struct, frozen=True, omit_defaults=True):
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
    form = _from_sheets(read_xlsx(data, name=name), name=name) if data[:4] == b"PK\x03\x04" else _from_json(data, name)
    if not is_record_id(form.turnover):
        raise _unreadable(name, "it does not say which turnover it answers")
    if len(form.rows) > ROWS_AT_MOST:
        raise _unreadable(name, f"it has more than {ROWS_AT_MOST} rows")
    said: list[Diagnostic] = []
    return msgspec.structs.replace(form, rows=tuple(_sound(form.rows, said))), said


def letters_of(row: FormRow) -> str:
    """The classes that a row declares, as letters in the order of `MADE`."""
    return "".join(letter for word, letter in MADE.items() if word in row.made)


def ai_use(row: FormRow) -> AiUse | None:
    """The AI use that a row declares; None where it says nothing. A picture that a model made is generative whatever the row says."""
    return AiUse.GENERATIVE if "model" in row.made else AI_WORDS.get(row.ai)


def frames_of(row: FormRow, asked: FrameSpans) -> FrameSpans:
    """The frames that a row is about; *asked*, where it names none."""
    return (read_spans(row.frames) or ()) if row.frames.strip() else asked


def lines_of(words: str) -> list[str]:
    """What stands in a field, one thing a line."""
    return [line.strip() for line in words.splitlines() if line.strip()]


def _from_json(data: bytes, name: str) -> ReturnForm:
    try:
        return msgspec.json.decode(data, type=ReturnForm)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(name, "it is no whole JSON of a return form") from error


def _from_sheets(sheets: Sequence[XlsxSheet], *, name: str) -> ReturnForm:
    for sheet in sheets:
        cells = [(at, [cell.strip() for cell in row]) for at, row in sheet.rows]
        marked = next((row for _, row in cells if row[:1] == [SCHEMA]), None)
        if marked is None:
            continue
        named = {title.casefold(): field for field, title in COLUMNS.items()}
        head = next(
            ((at, [named.get(cell.casefold()) for cell in row]) for at, row in cells if "row" in _fields(row, named)),
            None,
        )
        if head is None or len(marked) < 2:
            break
        signed = {row[0]: row[1] for _, row in cells if len(row) > 1 and row[0] in ("Signed by", "Role", "Date")}
        rows = tuple(_row(dict(zip(head[1], row, strict=False))) for at, row in cells if at > head[0] and any(row))
        signatory = FormSignatory(signed.get("Signed by", ""), signed.get("Role", ""), signed.get("Date", ""))
        return ReturnForm(SCHEMA, marked[1], rows, signatory)
    raise _unreadable(name, "no sheet of it is a return form")


def _fields(row: Iterable[str], named: Mapping[str, str]) -> list[str | None]:
    return [named.get(cell.casefold()) for cell in row]


def _row(cells: Mapping[str | None, str]) -> FormRow:
    number = cells.get("row", "")
    made = cells.get("made", "").casefold().replace(";", ",").replace("\n", ",").replace("+", ",").split(",")
    words = ("shot", "frames", "tools", "models", "inputs", "people", "terms", "signatory", "notes")
    return FormRow(
        int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0,
        made=tuple(one for word in made if (one := word.strip())),
        ai=cells.get("ai", "").casefold(),
        **{word: cells.get(word, "")[:20_000] for word in words},
    )


def _sound(rows: Iterable[FormRow], said: list[Diagnostic]) -> Iterator[FormRow]:
    for at, row in enumerate(rows, 1):
        problem = _problem(row)
        if problem:
            said.append(Diagnostic("turnover.row_unclear", f"row {at} of the form {problem}", at, effect="row-missing"))
        else:
            yield row


def _problem(row: FormRow) -> str:
    if any(word not in MADE for word in row.made):
        return f"says what its frames are made of in other words than {', '.join(MADE)}"
    if row.ai not in AI_WORDS:
        return f"says its AI use in other words than {', '.join(filter(None, AI_WORDS))}"
    if row.is_answer and row.frames.strip() and not read_spans(row.frames):
        return "does not name its frames as numbers (1001-1048, 1060)"
    return ""


def _unreadable(name: str, why: str) -> InputError:
    return InputError(
        "turnover.form_unreadable",
        f"{name} is no return form: {why}",
        "Give the JSON that the form saved, the filled-in spreadsheet, or an evidence pack",
    )
