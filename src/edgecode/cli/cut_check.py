"""`edgecode cut check`: red or green, before a cut is taken in."""

import sys
from pathlib import Path

import click

from edgecode.cli.context import rate_of

_PROGRAMS = ("avid", "premiere", "resolve", "final-cut", "any")


@click.command("check")
@click.argument("files", type=click.Path(path_type=Path, exists=True), nargs=-1, required=True)
@click.option(
    "--program", type=click.Choice(_PROGRAMS), help="The program that exported it (default: what it looks like)."
)
@click.option("--rate", help="The cut's rate where an EDL does not settle it: 24, 23.976, 29.97 …")
def check_cut(files: tuple[Path, ...], program: str | None, rate: str | None) -> None:
    """Say whether the export in FILES can be matched: what is wrong, for how many clips, and what to choose in the program.

    Several EDLs are the tracks of one cut. Nothing is stored. Exit 10 while something is red.
    """
    from edgecode.production.doors.export_checking import check_export

    colour, lines = check_export(files, program=program or "", rate=rate_of(rate))
    for line in lines:
        click.echo(line)
    sys.exit(10 if colour == "RED" else 0)
