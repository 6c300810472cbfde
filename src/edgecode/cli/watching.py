"""`edgecode watch`: records files of folders once they rest."""

import re
import signal
import threading
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from edgecode.cli.context import counted_words, in_production, opened, said, say_diagnostics

if TYPE_CHECKING:
    from edgecode.production.watching import Seen, Watch


_REST_PER_LOOK = 4.0


class Seconds(click.ParamType):
    """A length of time as people write it: 2s, 500ms, 1m, or seconds."""

    name = "seconds"
    _UNITS = {"": 1.0, "s": 1.0, "ms": 0.001, "m": 60.0}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """See click.ParamType."""
        if isinstance(value, int | float):
            return float(value)
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(s|ms|m|)", str(value).strip())
        if match is None or not 0.0 < float(match[1]) * self._UNITS[match[2]] <= 86_400.0:
            self.fail("a time is written as in 2s, 500ms or 1m, up to a day", param, ctx)
        return float(match[1]) * self._UNITS[match[2]]


@click.command()
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--settle", type=Seconds(), default=2.0, help="How long nothing of a file may move before it is recorded (2s)."
)
@click.option(
    "--settle-sequence",
    type=Seconds(),
    default=600.0,
    help="The most that an image sequence waits for more frames (10m).",
)
@click.option("--every", type=Seconds(), help="How often to look (default: twice in the settle time).")
@click.option("--once", is_flag=True, help="Look twice, the settle time apart, record what rests, and end.")
@click.option("--verbose", is_flag=True, help="List every problem.")
@in_production
def watch(
    folders: tuple[Path, ...],
    settle: float,
    settle_sequence: float,
    every: float | None,
    once: bool,
    verbose: bool,
    folder: Path | None,
) -> None:
    """Record new and changed media in FOLDERS as soon as it rests: size, times and inode unmoved for the settle time.

    Looks by itself again and again, so it works on network drives. A sequence is recorded as a whole. Nothing is lost or doubled when it is
    stopped (Ctrl-C, SIGTERM) and started again.
    """
    from edgecode.ingest.settling import Patience
    from edgecode.production.watching import Watch, places_of

    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    with opened(folder) as production:
        places = places_of(production, folders)
    watching = Watch(places, Patience(settle, settle_sequence, once))
    click.echo(f"watching {counted_words([(len(places), 'folders')])}")
    _Rounds(watching, folder, stop, verbose=verbose).run(settle if once else every or settle / 2, once=once)


class _Rounds:
    """Looks, records, says; one round after another."""

    def __init__(self, watching: "Watch", folder: Path | None, stop: threading.Event, *, verbose: bool) -> None:
        self._watching, self._folder, self._stop, self._verbose = watching, folder, stop, verbose
        self._trouble = ""
        self._look_seconds = 0.0

    def run(self, seconds: float, *, once: bool) -> None:
        """Until stopped, or *once*: two looks. Looks at large trees are spaced so that they take a fifth of the time at most."""
        seen = self._look()
        rounds = 0
        while not self._stop.is_set() and not (once and rounds):
            self._stop.wait(max(seconds, _REST_PER_LOOK * self._look_seconds))
            if self._stop.is_set():
                break
            rounds += 1
            seen = self._look()
            if seen.look.resting:
                self._record(seen, fails=once)
        if once:
            moving = seen.look.moving
            click.echo(f"not at rest yet: {counted_words([(moving, 'files')])}" if moving else "everything rests")

    def _look(self) -> "Seen":
        from edgecode.production.watching import said_of_gone

        began = time.monotonic()
        seen = self._watching.look(time.monotonic)
        self._look_seconds = time.monotonic() - began
        say_diagnostics(seen.said, all_of_them=self._verbose)
        for name in said_of_gone(seen.look):
            click.echo(f"gone: {name}")
        return seen

    def _record(self, seen: "Seen", *, fails: bool) -> None:
        """Record what rests. While the record cannot be written, that is said once, and tried again."""
        from edgecode.errors import HeldError, UnavailableError
        from edgecode.ingest.scan import ScanOptions
        from edgecode.production.watching import take_resting

        try:
            with opened(self._folder) as production:
                options = ScanOptions(stop=self._stop.is_set)
                intake, done = take_resting(production, seen.look.resting, options=options)
        except (HeldError, UnavailableError) as error:
            if fails:
                raise
            if str(error) != self._trouble:
                said(f"{error} It is tried again.")
            self._trouble = str(error)
            return
        self._trouble = ""
        self._watching.taken(done)
        say_diagnostics(intake.diagnostics, all_of_them=self._verbose)
        news = [(intake.new, "new versions"), (intake.replaced, "newer versions"), (intake.places, "further places")]
        if intake.events:
            click.echo(f"recorded: {counted_words([*news, (intake.steps, 'steps'), (intake.models, 'models')])}")
