"""`edgecode log sequence`: takes the inbox into the log."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import in_production, opened

if TYPE_CHECKING:
    from edgecode.ledger.sequencer import Drained


@click.command("sequence")
@click.option("--follow", "forever", is_flag=True, help="Go on whenever something arrives, until interrupted.")
@in_production
def sequence(forever: bool, folder: Path | None) -> None:
    """Take what waits in the inbox into the log and sign it: for events of machines without the signing key."""
    from edgecode.production.sequencing import follow
    from edgecode.production.sequencing import sequence as sequence_now

    with opened(folder) as production:
        if not forever:
            _tell(sequence_now(production))
            return
        stop = threading.Event()
        try:
            follow(production, stop, told=_tell)
        except KeyboardInterrupt:
            stop.set()


def _tell(done: "Drained") -> None:
    known = f"; {done.known:,} were in it before" if done.known else ""
    aside = f"; {done.refused:,} set aside, because they cannot be taken in" if done.refused else ""
    click.echo(f"{done.sealed:,} events taken into the log{known}{aside}")
