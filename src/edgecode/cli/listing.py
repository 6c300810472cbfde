"""`edgecode changes`: lists about more than one cut."""

from pathlib import Path

import click

from edgecode.cli.context import as_json, in_production, opened
from edgecode.cli.handing_over import as_files, print_sheet


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@as_files
@in_production
@as_json
def changes(
    old: str, new: str, files: tuple[Path, ...], replace: bool, csv_wanted: bool, folder: Path | None, json_wanted: bool
) -> None:
    """The change list from the cut OLD to the cut NEW: what came, went, grew, slipped or was made anew, whether what is on file still
    covers it, and whom to chase. Clips are paired by what they show, never by where they stand."""
    from edgecode.production.listing.changes import changes as sheet_of
    from edgecode.production.papering import stamp

    with opened(folder) as production:
        sheet = sheet_of(production, old, new)
        stamped = stamp(production, production.view(new).name) if files else None
    print_sheet(sheet, "changes", stamped, files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)
