"""`edgecode poll`: ask a program what it did, where nothing may be installed in it."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import in_production, opened, said, say_diagnostics
from edgecode.cli.ending import end_on_sigterm
from edgecode.cli.kitsu import kitsu

if TYPE_CHECKING:
    from edgecode.terms.cuts import Diagnostic


@click.group()
def poll() -> None:
    """Ask a program what it did, where nothing may be installed in it."""


poll.add_command(kitsu)


@poll.command("comfyui")
@click.argument("url")
@click.option(
    "--every",
    "every_seconds",
    type=click.FloatRange(0.5),
    help="Go on, and ask again after so many seconds; 2 is good.",
)
@in_production
def comfyui(url: str, every_seconds: float | None, folder: Path | None) -> None:
    """Record what the ComfyUI at URL ran, out of its history: graphs, and the files that it made by their content.

    The history is in its memory alone: ask often, or install the hook (edgecode hook comfyui), which sees more: weights by content.
    Without --every it asks once, and exits 20 where a run could not be recorded, or only without its time. Stop it with Ctrl-C or
    SIGTERM; nothing that was seen is lost.
    """
    from edgecode.drivers.comfyui_client import ComfyUi
    from edgecode.errors import UnavailableError
    from edgecode.production.polling import Poller
    from edgecode.settings import production_folder

    home = production_folder((folder or Path.cwd()).resolve())
    poller = Poller(ComfyUi(url), url, production=home)
    if every_seconds is not None:
        end_on_sigterm()
    while True:
        try:
            seen = poller.look(now_seconds=time.time())
        except UnavailableError as error:
            if every_seconds is None:
                raise
            # It may come back; its history may then be gone, which the next look says.
            said(str(error))
        else:
            say_diagnostics(seen.said)
            told = (*seen.said, *_take(seen.folder, folder, home, runs=seen.runs))
            if every_seconds is None and any(map(_is_lost, told)):
                sys.exit(20)
        if every_seconds is None:
            return
        time.sleep(every_seconds)


def _take(spool: Path, folder: Path | None, home: Path, *, runs: int) -> tuple["Diagnostic", ...]:
    from edgecode.cli.context import counted_words
    from edgecode.production.spools.taking import has_news, take_spool

    if not has_news(spool, production=home, now_seconds=time.time()):
        return ()
    with opened(folder) as production:
        taken = take_spool(spool, production=home, record=production.record_lines, now_seconds=time.time())
    say_diagnostics(taken.intake.diagnostics)
    recorded = counted_words([(taken.intake.steps, "steps"), (taken.intake.models, "models")])
    click.echo(f"seen: {counted_words([(runs, 'runs')])}; recorded: {recorded}")
    return taken.intake.diagnostics


def _is_lost(said: "Diagnostic") -> bool:
    """Whether a run is missing because of it, or is recorded without a time that the host did say."""
    return said.effect == "row-missing" or said.code == "spool.time"
