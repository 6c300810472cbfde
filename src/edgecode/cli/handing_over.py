"""How a paper leaves a command: as text, CSV or JSON on stdout, or as files whose endings say their form."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgecode.cli.context import fitted_width, print_json
from edgecode.errors import RefusedError, UnavailableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from edgecode.answers.layout.sheets import Sheet
    from edgecode.answers.report.paper import Paper, Stamp

Command = Callable[..., Any]

ENDINGS = (".txt", ".csv", ".xlsx", ".pdf", ".html", ".json")
"""The forms that every paper has (decision 0024)."""


def as_files(command: Command) -> Command:
    """The options of a paper: ``--to FILE`` (several), ``--replace`` and ``--csv``."""
    for option in (
        click.option("--csv", "csv_wanted", is_flag=True, help="Print as CSV."),
        click.option("--replace", is_flag=True, help="Write over files of --to that are there."),
        click.option(
            "--to",
            "files",
            multiple=True,
            metavar="FILE",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Write a file instead of printing, by its ending: .pdf .xlsx .csv .html .txt .json. May be given several times.",
        ),
    ):
        command = option(command)
    return command


def hand_over(
    paper: "Paper",
    *,
    files: "Sequence[Path]" = (),
    replace: bool = False,
    csv_wanted: bool = False,
    json_wanted: bool = False,
    pictures: "Mapping[str, bytes] | None" = None,
) -> None:
    """Write *paper* into every file, or print it. Nothing is written where one of the files cannot be.

    Raises UsageError ``paper.form`` and ``paper.tables``, RefusedError ``paper.exists``, UnavailableError ``paper.unwritable`` and
    ``extra.missing``.
    """
    if json_wanted:
        print_json(paper)
    elif csv_wanted:
        sys.stdout.write(_csv(paper))
    elif not files:
        from edgecode.answers.report.plain import paper_text

        click.echo(paper_text(paper, columns=fitted_width()), nl=False)
    made = {}
    for file in files:
        if file.suffix.lower() not in ENDINGS:
            raise UsageError(
                "paper.form", f"{file.name} names no form of a paper", f"End it in one of {' '.join(ENDINGS)}"
            )
        if file.exists() and not replace:
            raise RefusedError("paper.exists", f"{file.name} is there already", "Give another name, or --replace")
        made[file] = _made(paper, file.suffix.lower(), pictures)
    for file, data in made.items():
        _write(file, data)


def print_sheet(
    sheet: "Sheet",
    kind: str = "",
    stamped: "Stamp | None" = None,
    files: tuple[Path, ...] = (),
    *,
    replace: bool = False,
    csv_wanted: bool,
    json_wanted: bool = False,
) -> None:
    """A list on stdout, or as a paper into *files*."""
    from edgecode.answers.layout.sheets import NUMBERS, sheet_answer, sheet_csv, sheet_text

    if stamped is not None:
        from edgecode.answers.report.paper import paper_of

        hand_over(paper_of(sheet, kind=kind, stamp=stamped, numbers=NUMBERS), files=files, replace=replace)
    if json_wanted:
        print_json(sheet_answer(sheet))
    elif csv_wanted:
        sys.stdout.write(sheet_csv(sheet))
    elif not files:
        click.echo(sheet_text(sheet, columns=fitted_width()), nl=False)


def write_beside(made: "Mapping[Path, bytes]", *, replace: bool) -> None:
    """Write files of other forms than a paper's. Raises as `hand_over` does."""
    for file in made:
        if file.exists() and not replace:
            raise RefusedError("paper.exists", f"{file.name} is there already", "Give another name, or --replace")
    for file, data in made.items():
        _write(file, data)


def _made(paper: "Paper", ending: str, pictures: "Mapping[str, bytes] | None") -> bytes:
    if ending == ".pdf":
        from edgecode.answers.report.pdf import paper_pdf

        return paper_pdf(paper, pictures)
    if ending == ".xlsx":
        from edgecode.answers.report.workbook import paper_workbook

        return paper_workbook(paper)
    if ending == ".html":
        from edgecode.answers.report.page import paper_page

        return paper_page(paper, pictures).encode()
    if ending == ".csv":
        return _csv(paper).encode()
    if ending == ".json":
        import msgspec

        return msgspec.json.format(msgspec.json.encode(paper), indent=1) + b"\n"
    from edgecode.answers.report.plain import paper_text

    return paper_text(paper).encode()


def _csv(paper: "Paper") -> str:
    """The one table of a paper. Raises UsageError ``paper.tables``."""
    from edgecode.answers.layout.sheets import Sheet, sheet_csv

    if len(paper.tables) != 1:
        raise UsageError("paper.tables", f"this paper holds {len(paper.tables)} tables", "Ask for .xlsx, .json or .pdf")
    table = paper.tables[0]
    return sheet_csv(Sheet(paper.title, table.columns, table.rows))


def _write(file: Path, data: bytes) -> None:
    try:
        waiting = file.with_name(f"{file.name}.part")
        waiting.write_bytes(data)
        waiting.replace(file)
    except OSError as error:
        raise UnavailableError(
            "paper.unwritable", f"{file.name} cannot be written ({error.strerror})", "Give another place: --to FILE"
        ) from error
