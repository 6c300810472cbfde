"""`edgecode credits`: end-credit lines of a cut, and decisions to leave one out."""

from pathlib import Path

import click

from edgecode.cli.context import as_json, in_production, opened, said
from edgecode.cli.handing_over import as_files, hand_over
from edgecode.errors import UsageError


@click.command()
@click.argument("name", metavar="CUT")
@click.option("--omit", default="", metavar="KEY", help="Leave the line of this key out, as a recorded decision.")
@click.option("--set", "again", default="", metavar="KEY", help="Set a line again that was left out.")
@click.option("--by", default="", metavar="ALIAS", help="The member who decides.")
@click.option("--reason", default="", help="Why, in words; kept sealed.")
@click.option("--reveal", is_flag=True, help="Print sealed words: credits as agreed, reasons of decisions.")
@as_files
@in_production
@as_json
def credits(
    name: str,
    omit: str,
    again: str,
    by: str,
    reason: str,
    reveal: bool,
    files: tuple[Path, ...],
    replace: bool,
    csv_wanted: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """End-credit lines of CUT, each with the cues that it stands on. A line that is left out stays on the paper with who decided."""
    from edgecode.production.papers.crediting import decide_credit, end_credits

    if omit and again:
        raise UsageError("credits.both", "one decision at a time", "Give --omit or --set")
    with opened(folder) as production:
        if omit or again:
            line = decide_credit(production, name, omit or again, "omit" if omit else "set", by=by, reason=reason)
            said(f"{'left out' if omit else 'set again'}: {line.text}")
            return
        paper = end_credits(production, name, reveal=reveal)
    hand_over(paper, files=files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)
