"""The return form as a spreadsheet, for houses that would rather not open a page."""

from io import BytesIO

from edgecode.answers.turnover.request import RequestRow, TurnoverRequest
from edgecode.errors import UnavailableError
from edgecode.ingest.turnover_form import AI_WORDS, COLUMNS, MADE, SCHEMA
from edgecode.terms.frame_spans import said_spans

_WIDTHS = (5, 26, 16, 18, 22, 13, 22, 26, 26, 24, 24, 20, 30)
HELP = (
    "One row for each shot that is asked. A row without «Made of» is no answer and stays open.",
    f"Made of: one or several of {', '.join(MADE)}, with commas between.",
    "   camera: photographed for this production · capture: performance capture · people: painted, drawn, modelled, animated by people",
    "   model: content that a generative model made · archive: from an archive or a library",
    f"AI use: one of {', '.join(filter(None, AI_WORDS))}. Assistive: a model changed or cleaned what somebody made.",
    "Frames answered: empty for all that are asked, else as in 1001-1048, 1060. A second row with the same No. answers other frames.",
    "Tools, models, inputs, people: one a line (Alt+Enter). What you enter of people is kept sealed and can be erased.",
    "Formulas are not read: a row with one stays open. Leave the headings and the columns as they are, and merge no cells.",
)
"""What the second sheet says."""


def form_sheet(request: TurnoverRequest) -> bytes:
    """The form as XLSX. Raises UnavailableError ``extra.missing``."""
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        raise UnavailableError(
            "extra.missing",
            "writing spreadsheets needs the package XlsxWriter",
            "pip install 'edgecode[paper]', or send the page alone",
        ) from error
    out = BytesIO()
    # Names of shots come from others' files: nothing of them may run or lead anywhere.
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, plain) as book:
        bold, wrap = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
        fixed = book.add_format({"valign": "top", "bg_color": "#EDEDED"})
        sheet = book.add_worksheet("Return")
        sheet.write_row(0, 0, [SCHEMA, request.turnover])
        sheet.write_row(1, 0, ["Turnover", f"{request.number}  {request.production}"], bold)
        for at, words in enumerate(("Signed by", "Role", "Date"), 2):
            sheet.write_string(at, 0, words)
        head = 6
        sheet.write_row(head, 0, list(COLUMNS.values()), bold)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        for at, row in enumerate(request.rows, head + 1):
            for column, text in enumerate(_given(row)):
                sheet.write_string(at, column, text, fixed)
            for column in range(3, len(COLUMNS)):
                sheet.write_blank(at, column, None, wrap)
        last = head + len(request.rows) + 200
        ai = list(COLUMNS).index("ai")
        sheet.data_validation(head + 1, ai, last, ai, {"validate": "list", "source": list(filter(None, AI_WORDS))})
        sheet.freeze_panes(head + 1, 2)
        about = book.add_worksheet("How to fill it in")
        about.set_column(0, 0, 120)
        for at, words in enumerate(HELP):
            about.write_string(at, 0, words)
    return out.getvalue()


def _given(row: RequestRow) -> tuple[str, str, str]:
    where = "" if row.counted_in == "file" else " (of the cut)"
    return str(row.row), row.shot, said_spans(((row.first, row.end),)) + where
