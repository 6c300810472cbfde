"""The commands about what an agreement reaches: what taking it back does, and what changed in a cut between two days."""

import sys
from typing import TYPE_CHECKING

import click

from edgecode.cli.agreeing import Kind
from edgecode.cli.agreement_moving import acts_named
from edgecode.cli.context import as_json, fitted_width, in_production, opened, print_json

if TYPE_CHECKING:
    from pathlib import Path


def impact_commands(group: click.Group, kind: Kind) -> None:
    """Give *group* ``impact``, and the group of consents ``changes``."""
    group.add_command(_impact(kind))
    if kind == "consent":
        group.add_command(_changes)


def _impact(kind: Kind) -> click.Command:
    @click.command("impact")
    @click.argument("label")
    @click.option("--on", "on", default="", metavar="DATE", help="Taken back from this day on (default: today).")
    @click.option("--acts", multiple=True, metavar="WORDS", help="For these acts alone.")
    @click.option("--reveal", is_flag=True, help="Print its revocation clause in its own words.")
    @click.option("--csv", "csv_wanted", is_flag=True, help="Print every place as CSV.")
    @in_production
    @as_json
    def impact(
        label: str,
        on: str,
        acts: tuple[str, ...],
        reveal: bool,
        csv_wanted: bool,
        folder: "Path | None",
        json_wanted: bool,
    ) -> None:
        from edgecode.answers.agreements.impact_text import impact_sheet
        from edgecode.answers.layout.sheets import sheet_csv, sheet_text
        from edgecode.production.agreements.impact import impact as reached

        with opened(folder) as production:
            answer = reached(production, label, kind=kind, on=on, acts=acts_named(acts), reveal=reveal)
        if json_wanted:
            print_json(answer)
        elif csv_wanted:
            sys.stdout.write(sheet_csv(impact_sheet(answer)))
        else:
            click.echo(sheet_text(impact_sheet(answer), columns=fitted_width()), nl=False)

    impact.help = (
        f"Every cut, frame and model that taking a {kind} back reaches. Where nobody has, what would happen if somebody did; nothing is "
        "recorded."
    )
    return impact


@click.command("changes")
@click.argument("cut", metavar="CUT")
@click.option("--from", "since", required=True, metavar="DATE", help="The earlier day.")
@click.option("--to", "until", default="", metavar="DATE", help="The later day (default: today).")
@click.option(
    "--gate",
    type=click.Choice(("ingest", "publish", "deliver")),
    default="deliver",
    show_default=True,
    help="As at this gate.",
)
@in_production
@as_json
def _changes(cut: str, since: str, until: str, gate: str, folder: "Path | None", json_wanted: bool) -> None:
    """What changed for the uses of CUT between two days: agreements then and now, what happened to them, what rules say otherwise."""
    from edgecode.answers.agreements.consent_changes_text import changes_text
    from edgecode.production.checking.changing import consent_changes

    with opened(folder) as production:
        answer = consent_changes(production, cut, since=since, until=until, gate=gate)  # type: ignore[arg-type]
    if json_wanted:
        print_json(answer)
    else:
        click.echo(changes_text(answer), nl=False)
