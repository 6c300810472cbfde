"""`edgecode ingest` and `edgecode readers`: other programs' files that say how something was made, and who can read what."""

import sys
from pathlib import Path

import click

from edgecode.cli.context import as_json, in_production, opened, print_json, said, say_diagnostics


@click.command()
@click.argument("files", type=click.Path(path_type=Path, dir_okay=False), nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Print the lines of step/1 that would be recorded; record nothing.")
@click.option("--verbose", is_flag=True, help="List every problem.")
@in_production
@as_json
def ingest(files: tuple[Path, ...], dry_run: bool, verbose: bool, folder: Path | None, json_wanted: bool) -> None:
    """Record what FILES of other programs say of making: scripts, spools, take sheets, logs.

    Which program wrote a file is told from its contents; edgecode readers lists who reads what. A file read twice is recorded once. Exit 20
    when something of a file could not be taken.
    """
    from edgecode.cli.recording import report_intake
    from edgecode.production.doors.readers import take_in_files
    from edgecode.production.witnessing import acknowledged

    if dry_run:
        _print_lines(files, verbose=verbose)
        return
    with opened(folder) as production:
        intake = take_in_files(files, record=production.record_lines)
        reached = acknowledged(production)
    report_intake(intake, reached, json_wanted=json_wanted, verbose=verbose, lost="this was not recorded")
    if any(item.effect == "row-missing" for item in intake.diagnostics):
        sys.exit(20)


def _print_lines(files: tuple[Path, ...], *, verbose: bool) -> None:
    import msgspec

    from edgecode.production.doors.readers import steps_in
    from edgecode.terms.cuts import Diagnostic

    problems: list[Diagnostic] = []
    for path in files:
        _, found = steps_in(path)
        for one in found:
            if isinstance(one, Diagnostic):
                problems.append(one)
            else:
                click.echo(msgspec.json.encode(one).decode())
    if problems:
        say_diagnostics(problems, all_of_them=verbose, lost="this would not be recorded")
    if any(item.effect == "row-missing" for item in problems):
        sys.exit(20)


@click.command()
@as_json
def readers(json_wanted: bool) -> None:
    """Every reader of cuts, of records of making and of tables, those of installed packages with the package's name."""
    from edgecode.answers.inspection.readers import readers_answer
    from edgecode.production.doors import readers as doors

    answer = readers_answer(
        cuts=doors.cut_readers(),
        steps=doors.step_readers(),
        tables=doors.table_readers(),
        problems=(problems := doors.problems()),
    )
    if json_wanted:
        print_json(answer)
        return
    for one in answer.readers:
        click.echo(f"{one.door:6} {one.name}  {one.version}")
    if problems:
        said("these cannot be used:")
        say_diagnostics(problems, all_of_them=True)
