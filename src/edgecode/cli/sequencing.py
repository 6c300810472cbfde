"""`edgecode log sequence` and `edgecode log inbox`: takes the inbox into the log, and says what is in it."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import as_json, in_production, opened, print_json

if TYPE_CHECKING:
    from edgecode.ledger.sequencer import Drained
    from edgecode.production import Production


@click.command("sequence")
@click.option("--follow", "forever", is_flag=True, help="Go on whenever something arrives, until interrupted.")
@in_production
@as_json
def sequence(forever: bool, folder: Path | None, json_wanted: bool) -> None:
    """Take what waits in the inbox into the log and sign it: for events of machines without the signing key.

    With --follow and --json one JSON document a line.
    """
    from edgecode.production.inbox.sequencing import follow
    from edgecode.production.inbox.sequencing import sequence as sequence_now

    with opened(folder) as production:

        def tell(done: "Drained") -> None:
            if json_wanted:
                _print_line(done, production)
            else:
                _tell(done)

        if not forever:
            tell(sequence_now(production))
            return
        stop = threading.Event()
        try:
            follow(production, stop, told=tell)
        except KeyboardInterrupt:
            stop.set()


@click.command("inbox")
@in_production
@as_json
def inbox(folder: Path | None, json_wanted: bool) -> None:
    """List what waits to be taken into the log, and what was set aside because it cannot be: kinds, tickets and reasons.

    Needs no signing key. What was set aside is kept.
    """
    from edgecode.answers.intake.acknowledged import inbox_lines
    from edgecode.production.inbox.waiting import inbox_of
    from edgecode.settings import production_folder

    answer = inbox_of(production_folder((folder or Path.cwd()).resolve()))
    if json_wanted:
        print_json(answer)
        return
    for line in inbox_lines(answer):
        click.echo(line)


def _print_line(done: "Drained", production: "Production") -> None:
    import msgspec

    from edgecode.answers.intake.acknowledged import SequencedAnswer
    from edgecode.production.witnessing import acknowledged

    reached = acknowledged(production)
    click.echo(msgspec.json.encode(SequencedAnswer(*done, reached.level, reached.ledger)).decode())


def _tell(done: "Drained") -> None:
    known = f"; {done.known:,} were in it before" if done.known else ""
    aside = f"; {done.refused:,} set aside, because they cannot be taken in" if done.refused else ""
    click.echo(f"{done.sealed:,} {'event' if done.sealed == 1 else 'events'} taken into the log{known}{aside}")
