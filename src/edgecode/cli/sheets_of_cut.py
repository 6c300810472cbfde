"""`edgecode cue-sheet`: the sheets of a cut for people outside."""

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
