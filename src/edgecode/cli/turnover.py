"""`edgecode turnover`: ask houses outside to account for frames, take in what they answer, see what is still open."""

import sys
from pathlib import Path

import click

from edgecode.cli.context import as_json, fitted_width, in_production, opened, print_json, said, say_diagnostics
from edgecode.errors import HeldError, InputError, NotFoundError, RefusedError


@click.group()
def turnover() -> None:
    """Ask houses outside to account for frames; take in their returns; see what is still open."""


@turnover.command()
@click.argument("cut")
@click.option("--shot", "shots", multiple=True, metavar="NAME", help="Clips whose name begins so; may be repeated.")
@click.option("--reel", "reels", multiple=True, metavar="R1", help="Everything in a reel of the cut; may be repeated.")
@click.option(
    "--clip", "clips", multiple=True, type=click.IntRange(1), help="A number of the cut list; may be repeated."
)
@click.option(
    "--vendor", default="", metavar="ALIAS", help="The member who is asked (edgecode person role ALIAS --role vendor)."
)
@click.option("--due", default="", metavar="DATE", help="The day it is wanted back, as 2027-03-01.")
@click.option("--number", default="", help="What people call the turnover (default: T-01, T-02, …).")
@click.option("--pictures", is_flag=True, help="Put a small picture of each file in.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The zip to hand over.")
@click.option("--replace", is_flag=True, help="Write over the file of --out if it is there.")
@in_production
def send(
    cut: str,
    shots: tuple[str, ...],
    reels: tuple[str, ...],
    clips: tuple[int, ...],
    vendor: str,
    due: str,
    number: str,
    pictures: bool,
    out: Path,
    replace: bool,
    folder: Path | None,
) -> None:
    """Ask somebody to account for frames of CUT: record it, and write the zip that they are handed.

    The zip holds the list of shots, the return form as a page and as a spreadsheet, and proof that the request stands in this log.
    """
    from edgecode.production.turnovers.rounds import Choice
    from edgecode.production.turnovers.rounds import send as sent_now

    if out.exists() and not replace:
        raise RefusedError(
            "turnover.exists", f"there is a file {out.name} already", "Choose another --out, or --replace"
        )
    with opened(folder) as production:
        sent = sent_now(
            production, cut, Choice(shots, reels, clips), vendor=vendor, due=due, number=number, pictures=pictures
        )
        out.write_bytes(sent.data)
    say_diagnostics(sent.said)
    rows = "1 shot" if sent.rows == 1 else f"{sent.rows:,} shots"
    click.echo(f"turnover {sent.number}: {sent.frames:,} frames in {rows} asked, recorded as {sent.turnover}")
    click.echo(f"hand over {out.name}")


@turnover.command(name="return")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--turnover", "which", default="", metavar="NUMBER", help="For a pack: which turnover it answers.")
@click.option(
    "--policy", type=click.Path(path_type=Path, dir_okay=False), help="For a pack: whose keys you trust (a trust file)."
)
@click.option("--verbose", is_flag=True, help="List every problem.")
@in_production
def return_(file: Path, which: str, policy: Path | None, verbose: bool, folder: Path | None) -> None:
    """Take in what came back: the JSON that the form saved, the filled-in spreadsheet, or an evidence pack of the house's own record.

    Exactly the frames that were asked and are answered are closed, as declared. Exit 20 when something could not be taken.
    """
    from edgecode.ledger.policy import Policy
    from edgecode.production.doors.readers import read_bytes
    from edgecode.production.turnovers.rounds import take_return

    data = read_bytes(file)
    trusted = Policy.parse(read_bytes(policy)) if policy is not None else None
    with opened(folder) as production:
        came = take_return(production, data, name=file.name, turnover=which, policy=trusted)
    problems = came.intake.diagnostics
    if problems:
        say_diagnostics(problems, all_of_them=verbose, lost="this stays open")
    kind = "the house's own record" if came.form == "log" else "a form"
    click.echo(f"turnover {came.number}: {kind} answers for {came.answered:,} of the frames asked")
    click.echo(f"answered so far {came.counts.answered:,} of {came.counts.asked:,}, open {came.counts.open:,}")
    if any(item.effect == "row-missing" for item in problems):
        sys.exit(20)


@turnover.command(name="list")
@in_production
@as_json
def list_(folder: Path | None, json_wanted: bool) -> None:
    """Every turnover: frames asked, answered and open."""
    from edgecode.answers.layout.sheets import sheet_text
    from edgecode.answers.turnover.shown import TurnoversAnswer, turnovers_sheet
    from edgecode.production.turnovers.rounds import listed

    with opened(folder) as production:
        rows = listed(production)
    if json_wanted:
        print_json(TurnoversAnswer(tuple(rows)))
        return
    click.echo(sheet_text(turnovers_sheet(rows), columns=fitted_width()), nl=False)


@turnover.command()
@click.argument("which", metavar="NUMBER | FILE.zip")
@click.option("--policy", type=click.Path(path_type=Path, dir_okay=False), help="For a file: whose keys you trust.")
@in_production
@as_json
def show(which: str, policy: Path | None, folder: Path | None, json_wanted: bool) -> None:
    """One turnover, row by row; or what a turnover that was handed to you asks, and whether its evidence holds.

    Exit 10 while frames that were asked are open.
    """
    from edgecode.answers.layout.sheets import sheet_text
    from edgecode.answers.turnover.shown import turnover_sheet
    from edgecode.production.turnovers.rounds import shown

    if which.lower().endswith(".zip"):
        _show_file(Path(which), policy, json_wanted=json_wanted)
        return
    with opened(folder) as production:
        answer = shown(production, which)
    if json_wanted:
        print_json(answer)
    else:
        click.echo(sheet_text(turnover_sheet(answer), columns=fitted_width()), nl=False)
    sys.exit(HeldError.exit_status if answer.counts.open else 0)


def _show_file(path: Path, policy: Path | None, *, json_wanted: bool) -> None:
    from edgecode.answers.layout.sheets import sheet_text
    from edgecode.answers.turnover.request import request_sheet
    from edgecode.ledger.policy import Policy
    from edgecode.production.doors.readers import read_bytes
    from edgecode.production.turnovers.slices import read_slice

    if not path.is_file():
        raise NotFoundError("file.absent", f"there is no file {path.name}", "Give the zip that was handed over")
    try:
        read = read_slice(read_bytes(path), policy=Policy.parse(read_bytes(policy)) if policy is not None else None)
    except ValueError as error:
        raise InputError("turnover.slice_unreadable", "this is no whole turnover", "Ask for it again") from error
    if json_wanted:
        print_json(read.request)
        return
    click.echo(sheet_text(request_sheet(read.request), columns=fitted_width()), nl=False)
    whose = "a key you trust" if policy is not None else "the key that came with it"
    said(f"the request is entry {read.index:,} of {read.checkpoint.origin}, signed with {whose}")
