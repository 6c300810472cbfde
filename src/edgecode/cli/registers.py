"""`edgecode toolchain` and `edgecode eo`: registers of a cut."""

from pathlib import Path

import click

from edgecode.cli.context import as_json, in_production, opened
from edgecode.cli.handing_over import as_files, hand_over


@click.command()
@click.argument("name", metavar="CUT")
@click.option(
    "--public",
    is_flag=True,
    help="The page that may be published: no sources, no settings, no names of people's models.",
)
@as_files
@in_production
@as_json
def toolchain(
    name: str,
    public: bool,
    files: tuple[Path, ...],
    replace: bool,
    csv_wanted: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """The toolchain register of CUT: every tool, vendor, model and version that had a hand in it, its terms, its training data and its
    frames; what nobody knows comes first."""
    from edgecode.production.registers.tools import toolchain_register

    with opened(folder) as production:
        paper = toolchain_register(production, name, public=public)
    hand_over(paper, files=files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)


@click.command()
@click.argument("name", metavar="CUT")
@as_files
@in_production
@as_json
def eo(
    name: str, files: tuple[Path, ...], replace: bool, csv_wanted: bool, folder: Path | None, json_wanted: bool
) -> None:
    """Two pages for an insurer of errors and omissions: six numbers of CUT, then its generated shots, tools, people and gaps. Needs
    edgecode[policy]."""
    from edgecode.production.registers.insurer import insurance

    with opened(folder) as production:
        paper = insurance(production, name)
    hand_over(paper, files=files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)
