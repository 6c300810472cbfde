"""`edgecode toolchain`, `edgecode eo` and `edgecode schedule`: registers of a cut."""

from pathlib import Path

import click

from edgecode.cli.context import as_json, in_production, opened
from edgecode.cli.handing_over import as_files, hand_over
from edgecode.errors import NotFoundError


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


@click.command()
@click.argument("name", metavar="CUT")
@click.option(
    "--buyer",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The buyer's schedule as TOML (default: the one that ships).",
)
@click.option(
    "--exhibits",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Which file each exhibit is, or who let it off and why.",
)
@as_files
@in_production
@as_json
def schedule(
    name: str,
    buyer: Path | None,
    exhibits: Path | None,
    files: tuple[Path, ...],
    replace: bool,
    csv_wanted: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """The delivery schedule of CUT: every exhibit with its file, its digest, and what the record still lacks for it. Needs
    edgecode[policy]."""
    from edgecode.answers.registers.schedule import parse_schedule, shipped_schedule
    from edgecode.production.registers.deliveries import delivery_schedule

    try:
        chosen = shipped_schedule() if buyer is None else parse_schedule(buyer.read_bytes(), name=buyer.name)
    except OSError as error:
        raise NotFoundError(
            "file.absent", f"{Path(str(buyer)).name} cannot be read ({error.strerror})", "Check the path"
        ) from error
    with opened(folder) as production:
        paper = delivery_schedule(production, name, chosen, exhibits=exhibits)
    hand_over(paper, files=files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)
