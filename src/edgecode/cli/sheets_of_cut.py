"""`edgecode cue-sheet`, `clearance-log` and `shot-map`: the sheets of a cut for people outside."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import as_json, in_production, opened
from edgecode.cli.handing_over import as_files, hand_over

if TYPE_CHECKING:
    from edgecode.answers.papers.cue_sheet import Preset


@click.command("cue-sheet")
@click.argument("name", metavar="CUT")
@click.option(
    "--preset",
    type=click.Choice(("house", "apa")),
    default="house",
    show_default=True,
    help="Whose columns the sheet has.",
)
@click.option("--reel", default="", metavar="R", help="One reel alone.")
@click.option("--pictures", is_flag=True, help="With a small picture of each cue, in files that hold pictures.")
@click.option("--reveal", is_flag=True, help="With the words of prompts; the sheet is then for no public.")
@as_files
@in_production
@as_json
def cue_sheet(
    name: str,
    preset: "Preset",
    reel: str,
    pictures: bool,
    reveal: bool,
    files: tuple[Path, ...],
    replace: bool,
    csv_wanted: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """The AI cue sheet of CUT: every stretch of picture and sound that a model had a hand in, with tool, model, sources, persons,
    agreements and what people did. What nobody recorded stands as a question."""
    from edgecode.production.papers.cut_sheets import ai_cue_sheet

    with opened(folder) as production:
        made = ai_cue_sheet(
            production, name, preset=preset, reel=reel, pictures=pictures and bool(files), reveal=reveal
        )
    hand_over(
        made.paper, files=files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted, pictures=made.pictures
    )


@click.command("clearance-log")
@click.argument("name", metavar="CUT")
@click.option("--reveal", is_flag=True, help="With holders, rights and fees; the log is then for no public.")
@as_files
@in_production
@as_json
def clearance_log(
    name: str,
    reveal: bool,
    files: tuple[Path, ...],
    replace: bool,
    csv_wanted: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """The clearance log of CUT: every use of a likeness, a work, a dataset or a model and the terms of every tool, what is on file for it
    and where that stands. Needs edgecode[policy]."""
    from edgecode.production.papers.cut_sheets import clearances

    with opened(folder) as production:
        paper = clearances(production, name, reveal=reveal)
    hand_over(paper, files=files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)


@click.command("shot-map")
@click.argument("name", metavar="CUT")
@as_files
@in_production
@as_json
def shot_map(
    name: str, files: tuple[Path, ...], replace: bool, csv_wanted: bool, folder: Path | None, json_wanted: bool
) -> None:
    """The shot disclosure map of CUT: each shot that a model had a hand in, or may have had, with its share of frames, its tools and which
    disclosure is due or on record. Needs edgecode[policy]."""
    from edgecode.production.papers.cut_sheets import disclosures

    with opened(folder) as production:
        paper = disclosures(production, name)
    hand_over(paper, files=files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)
