"""`edgecode review`: notes and approvals from a tracker's export, as human direction on record."""

from pathlib import Path

import click

from edgecode.cli.context import counted_words, in_production, opened, said
from edgecode.cli.take import read_sheet_file, stop_at
from edgecode.errors import UsageError

OUTCOMES = ("note", "approved", "rejected", "kept", "requested")


@click.group()
def review() -> None:
    """Review notes and approvals: what people said of versions and cuts. Words stay sealed; nobody is ranked, timed or counted."""


@review.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--yes", is_flag=True, help="Record it: every review, or none when a line is wrong.")
@click.option(
    "--status", "statuses", multiple=True, metavar="WORD=OUTCOME", help="What a status means: 'lead ok'=approved."
)
@click.option("--template", "wants_template", is_flag=True, help="Print an empty CSV with its headings.")
@in_production
def import_reviews(
    file: Path | None, statuses: tuple[str, ...], folder: Path | None, *, yes: bool, wants_template: bool
) -> None:
    """Note reviews from a tracker's CSV: dry run, then --yes. The same review is noted once."""
    from edgecode.ingest.tables.review_sheets import MEANINGS
    from edgecode.production.sheets.reviews import note_reviews, plan_reviews

    if wants_template:
        click.echo(",".join(MEANINGS))
        return
    meant = dict(status_meant(one) for one in statuses)
    data, path = read_sheet_file(file, "edgecode review import notes.csv")
    with opened(folder) as production:
        plan = (note_reviews if yes else plan_reviews)(
            production, data, name=path.name, folder=path.resolve().parent, statuses=meant  # type: ignore[arg-type]
        )  # fmt: skip
    stop_at(plan.problems, "no review is recorded")
    click.echo(counted_words((count, word) for word, count in plan.outcomes.items()))
    said(f"{plan.new} new, {plan.here} here already")
    if plan.silent:
        where = ", ".join(map(str, plan.silent[:12])) + (" …" if len(plan.silent) > 12 else "")
        said(
            f"{len(plan.silent)} without a note, their status says nothing that is known (lines {where}): --status WORD=OUTCOME"
        )
    if plan.outsiders:
        said(f"{plan.outsiders} by somebody who is no member here: who it was is not kept")
    if not yes:
        said("dry run: nothing is recorded; add --yes to record it")


def status_meant(written: str) -> tuple[str, str]:
    """(word, outcome) of ``WORD=OUTCOME``. Raises UsageError ``review.status``."""
    word, separator, outcome = written.rpartition("=")
    if not separator or not word.strip() or outcome.strip() not in OUTCOMES:
        raise UsageError(
            "review.status",
            f"a status is written WORD=OUTCOME, with one of {', '.join(OUTCOMES)}",
            "As in: final=approved",
        )
    return word.strip(), outcome.strip()
