"""The command `edgecode demo`."""

import shutil
import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("edgecode-demo"),
    show_default=True,
    help="Where to put the film and its production (about 90 MB).",
)
@click.option("--no-open", is_flag=True, help="Do not open the page in a browser.")
@click.option("--tamper", is_flag=True, help="Flip one stored byte in a copy of the record and show which entry fails.")
def demo(*, folder: Path, no_open: bool, tamper: bool) -> None:
    """Make an invented film, run the whole road on it and open its page.

    “The Last Verse” is 90 seconds long, made of real files, and has seven gaps on purpose, one for each reason why a frame can be
    unaccounted, and a consent that was taken back. Exits 0 although these hold and refuse the cut.
    """
    from edgecode.cli.demo.run import run_demo

    colour = sys.stdout.isatty()
    columns = min(120, shutil.get_terminal_size((100, 24)).columns)
    run_demo(folder, open_page=not no_open, tamper=tamper, out=click.echo, colour=colour, columns=columns)
