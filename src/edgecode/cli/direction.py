"""`edgecode direction`: which human acts are on record for what a model made in a cut."""

from pathlib import Path

import click

from edgecode.cli.context import as_json, in_production, opened, print_json


@click.command()
@click.argument("name", metavar="CUT")
@click.option("--reveal", is_flag=True, help="Print the words of notes too.")
@in_production
@as_json
def direction(name: str, reveal: bool, folder: Path | None, json_wanted: bool) -> None:
    """For every range that a model had a hand in: circled, noted, approved, kept 1 of N, worked over by hand.

    Says what is on record, never who did it, when, or how much anybody does.
    """
    from edgecode.answers.direction_text import direction_text
    from edgecode.production.directing import direction as answer_for

    with opened(folder) as production:
        answer = answer_for(production, name, reveal=reveal)
    if json_wanted:
        print_json(answer)
        return
    for line in direction_text(answer):
        click.echo(line)
