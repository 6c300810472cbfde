"""`edgecode take`: which files are which take, whose body or voice is in them, what was circled on set."""

import sys
from pathlib import Path

import click

from edgecode.cli.context import as_json, in_production, opened, print_json, said, sheet_bytes
from edgecode.errors import InputError, UsageError

KINDS = ("camera", "capture", "sound", "voice", "other")


@click.group()
def take() -> None:
    """Takes from set and stage: their files, their people by alias, what was circled; slates and labels stay sealed."""


@take.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--yes", is_flag=True, help="Record it: every take, or none when a line is wrong.")
@click.option("--kind", type=click.Choice(KINDS), help="What lines are that do not say it (default: by their files).")
@click.option("--session", default="", metavar="SESSION", help="The session of lines that name none.")
@click.option("--template", "wants_template", is_flag=True, help="Print an empty CSV with its headings.")
@in_production
def import_takes(
    file: Path | None, kind: str | None, session: str, folder: Path | None, *, yes: bool, wants_template: bool
) -> None:
    """Note takes from a sheet or log (CSV, ALE, Avid bin): dry run line by line, then --yes. No take is noted twice."""
    from edgecode.ingest.tables.take_sheets import MEANINGS
    from edgecode.production.sheets.takes import note_takes, plan_takes

    if wants_template:
        click.echo(",".join(MEANINGS))
        return
    data, path = read_sheet_file(file, "edgecode take import takes.csv")
    with opened(folder) as production:
        plan = (note_takes if yes else plan_takes)(
            production, data, name=path.name, folder=path.resolve().parent, kind=kind or "", session=session  # type: ignore[arg-type]
        )  # fmt: skip
    for one in plan.takes if not plan.problems else ():
        click.echo(str(one))
    stop_at(plan.problems, "no take is recorded")
    said(f"{plan.counted('new')} new, {plan.counted('more')} known with something new, {plan.counted('here')} here")
    if plan.made:
        said(f"{plan.made} files that nothing explained are declared made as the sheet says")
    if not yes:
        said("dry run: nothing is recorded; add --yes to record it")


@take.command("list")
@click.option("--reveal", is_flag=True, help="Print what slates and sheets say too.")
@in_production
@as_json
def list_takes(reveal: bool, folder: Path | None, json_wanted: bool) -> None:
    """Every take on record: its files, people and session, whether it is circled."""
    from edgecode.answers.takes import takes_answer, takes_text

    with opened(folder) as production:
        answer = takes_answer(production.index, reveal=reveal)
    if json_wanted:
        print_json(answer)
        return
    for line in takes_text(answer):
        click.echo(line)


def read_sheet_file(file: Path | None, example: str) -> tuple[bytes, Path]:
    """The bytes of a sheet. Raises UsageError ``party.file`` and what `sheet_bytes` raises."""
    if file is None:
        raise UsageError("party.file", "which file?", f"As in: {example}")
    return sheet_bytes(file, "CSV or ALE"), file


def stop_at(problems: "tuple[object, ...]", consequence: str) -> None:
    """Say every problem of a sheet and end with its status; nothing without one."""
    for problem in problems:
        said(str(problem))
    if problems:
        many = len(problems)
        said(f"edgecode: {many} {'problem' if many == 1 else 'problems'}, so {consequence}")
        sys.exit(InputError.exit_status)
