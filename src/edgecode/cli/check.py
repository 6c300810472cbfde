"""`edgecode check`: hold a cut against the rules, at a gate or before one."""

import sys
from pathlib import Path

import click

from edgecode.cli.context import as_json, fitted_width, in_production, opened, print_json
from edgecode.errors import HeldError, RefusedError

GATES = ("ingest", "publish", "deliver")


@click.command()
@click.argument("cut", metavar="CUT")
@click.option("--gate", type=click.Choice(GATES), help="Ask this gate; hooks run and the answer is recorded.")
@click.option(
    "--no-record", is_flag=True, help="With --gate: record nothing and run no hook; a gate with hooks then holds."
)
@click.option(
    "--all", "everything", is_flag=True, help="List every finding by itself, in every place, also what holds nothing."
)
@in_production
@as_json
def check(
    cut: str, gate: str | None, no_record: bool, everything: bool, folder: Path | None, json_wanted: bool
) -> None:
    """Hold CUT against the rules in force and say CLEARED (exit 0), HELD (10: somebody must act) or REFUSED (11).

    Without --gate the word is what delivery would say, and nothing is recorded. Sentences print labels, territories, languages, media,
    days and maxima of agreements, of works, roles, scenes and tools only how many; docs/reference/hooks.md says exactly what.
    """
    from edgecode.answers.check.text import check_text
    from edgecode.production.checking.cuts import check as checked

    with opened(folder) as production:
        answer = checked(production, cut, gate=gate, keep=not no_record).answer  # type: ignore[arg-type]
    if json_wanted:
        print_json(answer)
    else:
        click.echo(check_text(answer, columns=fitted_width(), everything=everything), nl=False)
    sys.exit({"CLEARED": 0, "HELD": HeldError.exit_status}.get(answer.word, RefusedError.exit_status))
