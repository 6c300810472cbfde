"""`edgecode desk lines`: ADR, voice-clone and dubbing lines from a list, as uses with their numbers of lines and words."""

from pathlib import Path

import click

from edgecode.cli.context import in_production, opened, said
from edgecode.cli.take import read_sheet_file, stop_at

KINDS = {"adr": "performance", "voice_clone": "replica_use", "dub": "dub"}


@click.command("lines")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--yes", is_flag=True, help="Record it: every use, or none when a line is wrong.")
@click.option("--kind", type=click.Choice(tuple(KINDS)), help="What lines are that do not say it.")
@click.option("--by", "by", default="", metavar="ALIAS", help="The member whose word it is; needed for adr.")
@click.option("--role", "role", default="", help="In which of their roles (default: the one that may decide it).")
@click.option("--reason", "reason", default="", help="Why, in words; kept sealed; needed for adr.")
@click.option("--template", "wants_template", is_flag=True, help="Print an empty CSV with its headings.")
@in_production
def lines(
    file: Path | None,
    kind: str | None,
    by: str,
    role: str,
    reason: str,
    folder: Path | None,
    *,
    yes: bool,
    wants_template: bool,
) -> None:
    """Declare spoken lines from a CSV: file, person, kind, text or words. Dry run first, then --yes; no text of a line is kept."""
    from edgecode.ingest.tables.line_sheets import MEANINGS
    from edgecode.production.sheets.spoken import Speaking, note_lines, plan_lines

    if wants_template:
        click.echo(",".join(MEANINGS))
        return
    data, path = read_sheet_file(file, "edgecode desk lines adr.csv")
    speaking = Speaking(KINDS.get(kind or "", ""), by, role, reason)  # type: ignore[arg-type]
    with opened(folder) as production:
        take_in = note_lines if yes else plan_lines
        plan = take_in(production, data, name=path.name, folder=path.resolve().parent, speaking=speaking)
    for one in plan.uses if not plan.problems else ():
        click.echo(str(one))
    stop_at(plan.problems, "no use is recorded")
    said(f"{plan.new} new, {len(plan.uses) - plan.new} here already")
    if not yes:
        said("dry run: nothing is recorded; add --yes to record it")
