"""`edgecode cut` and `edgecode conform`: cuts in the record, and which version each clip shows."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.answers.layout.columns import counted
from edgecode.cli.context import (
    as_json,
    fitted_width,
    in_production,
    opened,
    print_json,
    rate_of,
    said,
    say_diagnostics,
)
from edgecode.cli.cut_check import check_cut
from edgecode.errors import InputError, UsageError

if TYPE_CHECKING:
    from edgecode.production import Production


@click.group()
def cut() -> None:
    """Add, list and show cuts."""


@cut.command("add")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--name", default="", help="What the cut is called (default: the file's name).")
@click.option("--rate", help="The cut's rate where an EDL does not settle it: 24, 23.976, 29.97 …")
@click.option(
    "--table",
    "tables",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="An ALE, Avid bin or CSV that says which tape, timecode or file clips come from; may be given again.",
)
@click.option("--verbose", is_flag=True, help="List every problem.")
@in_production
def add_cut(
    files: tuple[Path, ...],
    name: str,
    rate: str | None,
    tables: tuple[Path, ...],
    verbose: bool,
    folder: Path | None,
) -> None:
    """Record the cuts in FILES (OTIO, EDL, FCPXML …; a folder .fcpxmld is one). Several EDLs are the tracks of one cut.

    A cut of the same name replaces the older reading of it; both stay in the record. With --table, clips that the cut names by a proxy,
    a short reel or a name alone are looked up in the table; the tables of a cut that is recorded already are laid beside it anew.
    """
    from edgecode.production.joining import lay_tables, read_table

    for table in tables:
        read_table(table)  # a bad table is refused before anything is recorded
    with opened(folder) as production:
        say_new_names(production)
        standing = {row.name: row for row in production.cuts() if not row.superseded}
        for row in production.add_cut(files, name=name, rate=rate_of(rate)):
            view = production.view(row)
            click.echo(
                f"{row.name}: {row.frames:,} frames at {row.rate.spoken if row.rate else '?'}, {counted(len(view.clips), 'clip')}"
            )
            if (old := standing.get(row.name)) is not None and old.key != row.key:
                said(
                    f"  replaces the reading of {row.name} with {old.frames:,} frames ({old.format}); both stay in the record"
                )
            say_diagnostics(production.reading(row).diagnostics, all_of_them=verbose)
            if tables:
                laid = lay_tables(production, row, tables)
                linked = f"; {laid.steps:,} proxies newly linked to what they were made from" if laid.steps else ""
                back = f"; {laid.taken_back:,} links of the tables before taken back" if laid.taken_back else ""
                click.echo(f"  the tables speak of {laid.clips:,} of {laid.of:,} clips{linked}{back}")
                say_diagnostics(laid.diagnostics, all_of_them=verbose)


cut.add_command(check_cut)


@cut.command("list")
@in_production
@as_json
def list_cuts(folder: Path | None, json_wanted: bool) -> None:
    """Every cut, the latest reading of each."""
    from edgecode.answers.cuts.listing import cuts_answer

    with opened(folder) as production:
        rows = production.cuts()
    if json_wanted:
        print_json(cuts_answer(rows))
        return
    for row in rows:
        if not row.superseded:
            click.echo(
                f"{row.key}  {row.name}  {row.frames:,} frames at {row.rate.spoken if row.rate else '?'}  {row.format}"
            )
    if not rows:
        said("no cut yet: edgecode cut add FILE")


@cut.command("show")
@click.argument("name")
@in_production
@as_json
def show_cut(name: str, folder: Path | None, json_wanted: bool) -> None:
    """The cut NAME as it was read: tracks, clips, transitions, problems."""
    from edgecode.answers.inspection.answer import cut_inspection
    from edgecode.answers.inspection.text import cut_inspection_text
    from edgecode.answers.paper_notes.cut import notes_text
    from edgecode.production.noting import notes_for

    with opened(folder) as production:
        row = production.cut(name)
        reading, notes = production.reading(row), notes_for(production, production.view(row))
    inspection = cut_inspection([reading], notes)
    if json_wanted:
        print_json(inspection)
        return
    click.echo(cut_inspection_text([reading]), nl=False)
    for line in notes_text(notes, columns=fitted_width()):
        click.echo(line)


@click.command()
@click.argument("name", metavar="CUT")
@click.option(
    "--csv", "csv_wanted", is_flag=True, help="Print as CSV; fill in `version` (and `frame`), then --settle it."
)
@click.option("--open", "open_only", is_flag=True, help="Only clips that are not matched to exactly one version.")
@click.option("--settle", type=click.Path(path_type=Path, dir_okay=False), help="Take decisions from a CSV file.")
@click.option("--clip", "clip", metavar="NUMBER", type=int, help="Settle one clip: its number in the list.")
@click.option(
    "--version", "version", metavar="CODE|ID|FILE", help="… shows this version (edge code, record id or file name)."
)
@click.option("--frame", type=int, help="… and this frame number of it at the clip's record in.")
@click.option("--undo", is_flag=True, help="Take the decision about --clip back.")
@click.option("--note", default="", help="Why; kept sealed.")
@in_production
@as_json
def conform(
    name: str,
    csv_wanted: bool,
    open_only: bool,
    settle: Path | None,
    clip: int | None,
    version: str | None,
    frame: int | None,
    undo: bool,
    note: str,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """List which version each clip of CUT shows, by which method and how surely; settle what is ambiguous or unmatched."""
    from edgecode.answers.conform_sheet import ConformAnswer, conform_sheet, decisions_in, one_decision
    from edgecode.answers.layout.sheets import sheet_csv, sheet_text

    with opened(folder) as production:
        say_new_names(production)
        view = production.view(name)
        if settle is not None:
            decisions = decisions_in(production.index, view, _text_of(settle))
        elif clip is not None:
            if not undo and version is None:
                raise UsageError("conform.version", "which version does the clip show?", "Give --version, or --undo")
            decisions = [one_decision(production.index, view, clip, "" if undo else version or "", frame=frame)]
        else:
            decisions = []
        if decisions:
            production.settle_conform(production.cut(view.cut), decisions, note=note)
            said(f"recorded {len(decisions)} decision{'' if len(decisions) == 1 else 's'}")
            view = production.view(name)
        only = [clip] if clip is not None else None
        sheet, rows = conform_sheet(production.index, view, open_only=open_only, only=only)
    if json_wanted:
        print_json(ConformAnswer(view.name, tuple(rows)))
    elif csv_wanted:
        sys.stdout.write(sheet_csv(sheet))
    else:
        click.echo(sheet_text(sheet, columns=fitted_width()), nl=False)


def say_new_names(production: "Production") -> None:
    """Record the patterns of names in the settings where they are new, and say so."""
    from edgecode.production.naming import record_names

    if record_names(production):
        said("recorded how this production names its files (conform.names); every machine matches by it from now on")


def _text_of(path: Path) -> str:
    from edgecode.ingest.regular_files import regular_bytes

    try:
        return regular_bytes(path).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("csv.unreadable", f"{path.name} cannot be read as text", "Save it as CSV in UTF-8") from error
