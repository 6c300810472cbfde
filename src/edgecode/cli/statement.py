"""`edgecode statement`: what was used of a payee, with the arithmetic of a proposed amount, and the same arithmetic done again."""

from pathlib import Path

import click

from edgecode.cli.context import as_json, in_production, opened, print_json, said
from edgecode.cli.handing_over import as_files, hand_over, write_beside
from edgecode.errors import InputError, NotFoundError, RefusedError, UsageError


@click.command()
@click.argument("payee", metavar="[PAYEE]", required=False)
@click.option("--cut", "cuts", multiple=True, metavar="CUT", help="Only these cuts (default: every cut in force).")
@click.option("--since", default="", metavar="DAY", help="First day of the period.")
@click.option("--until", default="", metavar="DAY", help="Last day of the period.")
@click.option(
    "--rates", type=click.Path(path_type=Path, dir_okay=False), help="A rate card as TOML, before the agreements' own."
)
@click.option(
    "--working",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the file that goes with the paper: lines, rates, arithmetic.",
)
@click.option(
    "--check",
    "checked",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Do the arithmetic of such a file again; needs no production.",
)
@click.option(
    "--issue-by", "issuer", default="", metavar="ALIAS", help="Record that it went out, as this member's word."
)
@click.option("--contest-by", default="", metavar="DAY", help="The last day for a contest, of one that goes out.")
@as_files
@in_production
@as_json
def statement(
    payee: str | None,
    cuts: tuple[str, ...],
    since: str,
    until: str,
    rates: Path | None,
    working: Path | None,
    checked: Path | None,
    issuer: str,
    contest_by: str,
    files: tuple[Path, ...],
    replace: bool,
    csv_wanted: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """A usage statement for PAYEE, the alias of a person (P-07) or the label of a license (L-14): frames, seconds and other units, what
    nobody can account for, and a proposed amount with its arithmetic. Never a residual."""
    if (payee is None) == (checked is None):
        raise UsageError("statement.what", "give a payee, or --check FILE", "As in: edgecode statement P-07")
    if checked is not None:
        _check(checked)
        return
    from edgecode.answers.statement.paper import working_bytes
    from edgecode.answers.statement.rate_card import parse_rate_card
    from edgecode.production.statements.gathering import usage_statement

    card = parse_rate_card(_read(rates), name=rates.name) if rates is not None else None
    with opened(folder) as production:
        made = usage_statement(production, str(payee), cuts, card=card, since=since, until=until)
        if working is not None:
            write_beside({working: working_bytes(made.working)}, replace=replace)
        if json_wanted and not files:
            print_json(made.working)
        else:
            hand_over(made.paper, files=files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)
        if issuer:
            # Last, so that no statement is on record as sent whose files could not be written.
            from edgecode.production.statements.issuing import issue

            said(f"issued as {issue(production, made, by=issuer, contest_by=contest_by)}")


@click.command()
@click.argument("statement", metavar="STATEMENT")
@click.option("--line", type=click.IntRange(0), default=0, help="Which line (default: the whole statement).")
@click.option(
    "--as",
    "move",
    type=click.Choice(["query", "dispute", "answered", "withdrawn"]),
    default="query",
    show_default=True,
    help="A question, a dispute, the answer to the oldest open one of that line, or that it is taken back.",
)
@click.option("--reason", default="", help="In words; kept sealed.")
@click.option("--due", default="", metavar="DAY", help="By when an answer is asked for.")
@click.option("--by", default="", metavar="ALIAS", help="The member who answers.")
@in_production
def contest(statement: str, line: int, move: str, reason: str, due: str, by: str, folder: Path | None) -> None:
    """Query or dispute a line of STATEMENT (P-07/1, as it was issued) on the record, or answer that. It changes no statement; each later
    one to the same payee lists what is open."""
    import msgspec

    from edgecode.production.statements.issuing import Contested
    from edgecode.production.statements.issuing import contest as record_contest

    drafted = msgspec.convert(
        {"statement": statement, "move": move, "line": line, "reason": reason, "due": due, "by": by}, Contested
    )
    with opened(folder) as production:
        record_contest(production, drafted)
    said("recorded")


def _check(file: Path) -> None:
    import msgspec

    from edgecode.answers.statement.working import Working, worked

    try:
        read = msgspec.json.decode(_read(file), type=Working)
        again = worked(read.inputs)
    except (msgspec.DecodeError, ValueError, ZeroDivisionError) as error:
        raise InputError(
            "statement.working", f"{file.name} is no working of a statement", "Ask for the file again"
        ) from error
    for place, (stands, follows) in enumerate(zip(read.money, again.money, strict=False), 1):
        if stands != follows:
            raise RefusedError(
                "statement.differs",
                f"row {place} of the money does not follow from the lines and rates of {file.name}",
                "Contest the row with who sent it",
            )
    if len(read.money) != len(again.money):
        raise RefusedError(
            "statement.differs",
            f"it has {len(read.money)} rows of money, and {len(again.money)} follow from its lines",
            "Contest it with who sent it",
        )
    said(
        f"The arithmetic follows: {len(again.money)} rows from {len(read.inputs.lines)} lines of {read.inputs.payee}. Whether the "
        f"lines are in the record, this does not say: its ledger had {read.inputs.size} entries, root {read.inputs.root[:16]}…"
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotFoundError(
            "file.absent", f"{file.name} cannot be read ({error.strerror})", "Check the path"
        ) from error
