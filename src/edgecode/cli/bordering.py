"""`edgecode boundary`: record what goes to a hosted generator and what comes back, at the one place where it can be seen."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import counted_words, in_production, opened, said, say_diagnostics
from edgecode.errors import EdgecodeError, UnavailableError

if TYPE_CHECKING:
    from edgecode.drivers.boundary import BoundaryServer


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("url")
@click.option("--service", required=True, help="What the service is called, as on its terms.")
@click.option(
    "--terms",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Its terms as they are today (text); kept with every step.",
)
@click.option(
    "--results-from", "hosts", multiple=True, metavar="HOST", help="Also fetch results linked from HOST, to hash them."
)
@click.option(
    "--env",
    "variable",
    default="EDGECODE_BOUNDARY",
    show_default=True,
    help="Tells COMMAND where to send its requests.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Listen there (default: any free one).")
@in_production
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def boundary(
    url: str,
    service: str,
    terms: Path | None,
    hosts: tuple[str, ...],
    variable: str,
    port: int,
    folder: Path | None,
    command: tuple[str, ...],
) -> None:
    """Stand between a program and the hosted generator at URL, pass everything on, and record what was made.

    With COMMAND: runs it with its requests led here by an environment variable, and ends with its exit status. Without: listens
    until Ctrl-C. Kept: request, model and version as returned, job, seed, terms, results by content. Never kept: headers and keys.
    """
    from edgecode.drivers.world import World
    from edgecode.ingest.hosted import Service
    from edgecode.production.spools.boundary import listening
    from edgecode.settings import production_folder

    home = production_folder((folder or Path.cwd()).resolve())
    about = Service(service, terms.read_bytes() if terms else b"", terms.name if terms else "")
    if terms is None:
        said("no --terms were given, so what the service permits will be an open question of every step")
    status = 0
    try:
        with listening(url, about, production=home, name=World().new_id(), port=port, results_from=hosts) as (
            server,
            recorder,
        ):
            status = _until_done(server, command, variable)
    except OSError as error:
        raise UnavailableError(
            "boundary.port", f"nobody can listen there ({error.strerror})", "Choose another --port"
        ) from error
    if server.faults:
        said(f"{server.faults} exchanges could not be told; they reached the program, and are not recorded")
    for sentence, count in recorder.counts.items():
        if count:
            said(f"{count} {sentence}")
    lost = _take(home, folder, recorder.steps)
    sys.exit(status or lost)


def _until_done(server: "BoundaryServer", command: tuple[str, ...], variable: str) -> int:
    import os
    import threading

    from edgecode.drivers.processes import run_command
    from edgecode.drivers.world import World

    if command:
        return run_command(command, run=World().new_id(), environment={**os.environ, variable: server.url}).exit_status
    said(f"listening at {server.url}; point the program there instead of the service. Ctrl-C ends it")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        said("")
    return 0


def _take(home: Path, folder: Path | None, steps: int) -> int:
    """Record the lines; 20 where a row is missing because of one, else 0. Where that cannot be, they stay, and it is said how to."""
    import time

    from edgecode.production.spools.boundary import boundary_folder
    from edgecode.production.spools.taking import take_spool

    try:
        with opened(folder) as production:
            taken = take_spool(
                boundary_folder(home), production=home, record=production.record_lines, now_seconds=time.time()
            )
    except EdgecodeError as error:
        said(f"{counted_words([(steps, 'steps')])} kept and not recorded yet: {error}")
        said(f"  edgecode record --spool {boundary_folder(home)}")
        return 0
    say_diagnostics(taken.intake.diagnostics)
    said(f"edgecode: recorded {counted_words([(taken.intake.steps, 'steps')])}")
    return 20 if any(item.effect == "row-missing" for item in taken.intake.diagnostics) else 0
