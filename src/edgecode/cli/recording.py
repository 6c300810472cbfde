"""`edgecode init`, `scan`, `record` and `run`: what goes into the record."""

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from edgecode.cli.context import (
    ScanBar,
    as_json,
    counted_words,
    in_production,
    opened,
    print_json,
    rate_of,
    said,
    say_diagnostics,
)
from edgecode.errors import EdgecodeError, UsageError

if TYPE_CHECKING:
    from edgecode.answers.acknowledged import Acknowledged
    from edgecode.answers.first_figures import FirstFigures
    from edgecode.ingest.intake import Intake


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--title", help="The production's title as printed on lists (default: the folder's name).")
@click.option(
    "--domain",
    default="",
    help="Your internet domain, as in studio.example; it begins the log's public name, and cannot be changed later.",
)
@click.option(
    "--ledger",
    metavar="URL",
    help="Where the record shall be: postgresql://… or sqlite:PATH (default: a file in FOLDER).",
)
@click.option("--keys", metavar="URL", help="Where the keys of sealed sections shall be; best in another database.")
@click.option("--index", metavar="URL", help="Where the index shall be.")
def init(folder: Path, title: str | None, domain: str, ledger: str | None, keys: str | None, index: str | None) -> None:
    """Open a production in FOLDER (default: here).

    A URL may leave the password to PGPASSWORD or ~/.pgpass.
    """
    from edgecode.production import Production
    from edgecode.production.record import NO_DOMAIN

    folder = folder.resolve()
    given = {"ledger": ledger, "keys": keys, "index": index}
    stores = {name: url for name, url in given.items() if url}
    with Production.create(folder, title=title or folder.name, domain=domain or NO_DOMAIN, stores=stores) as production:
        click.echo(f"Opened the production “{production.settings.title}” in {folder}")
        click.echo(
            f"Its log is called {production.settings.origin}; its key is in .edgecode/signing.key: keep a copy of it apart."
        )
        if not domain:
            said(
                "No domain was given, so nobody can tell a witness of yours from one of others. A log keeps its name: if outsiders "
                "shall verify it, begin again in another folder with --domain YOUR-DOMAIN."
            )
        click.echo("Next: edgecode scan FOLDER --cut CUT-FILE")


@click.command()
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1)
@click.option(
    "--cut", "cut_files", type=click.Path(path_type=Path), multiple=True, help="Read first what this cut uses."
)
@click.option("--rate", help="The cut's rate where an EDL does not settle it: 24, 23.976, 29.97 …")
@click.option("--verify", "read_again", is_flag=True, help="Read every file again, also unchanged ones.")
@click.option("--threads", type=click.IntRange(0, 64), default=0, help="Readers (default: one per core).")
@click.option("--verbose", is_flag=True, help="List every problem.")
@in_production
@as_json
def scan(
    folders: tuple[Path, ...],
    cut_files: tuple[Path, ...],
    rate: str | None,
    read_again: bool,
    threads: int,
    verbose: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """Read media FOLDERS (default: every folder scanned before) and record what is new.

    Media trees are never written into. An unchanged file is not read again; a scan that was stopped goes on where it ended.
    """
    import random

    from edgecode.ingest.file_reading import Trust
    from edgecode.ingest.scan import ScanOptions
    from edgecode.production import read_cuts
    from edgecode.production.witnessing import acknowledged

    bar = ScanBar()

    def first(figures: "FirstFigures") -> None:
        bar.end()
        said(f"first figures: {figures.sentence()}")

    with opened(folder) as production:
        if not folders and not production.settings.roots:
            raise UsageError("scan.nothing", "there is no folder to scan yet", "Name one: edgecode scan FOLDER")
        options = ScanOptions(threads=threads, progress=bar, trust=Trust(random.random, read_again))
        cuts = read_cuts(cut_files, rate=rate_of(rate))
        for cut in cuts:
            say_diagnostics([item for item in cut.diagnostics if verbose or item.code == "rate.unknown"])
        intake = production.scan(list(folders), cuts=cuts, options=options, first_figures=first)
        reached = acknowledged(production)
    bar.end()
    report_intake(intake, reached, json_wanted=json_wanted, verbose=verbose)


@click.command()
@click.argument("source", type=click.File("rb"), default="-")
@click.option(
    "--withdraw", metavar="STEP", help="Instead: take a recorded step back (its id, as matchback --json names it)."
)
@click.option("--note", default="", help="With --withdraw: why; kept sealed.")
@click.option(
    "--inbox", "into_inbox", is_flag=True, help="Without the signing key: leave it to edgecode log sequence to seal it."
)
@click.option("--verbose", is_flag=True, help="List every problem.")
@in_production
@as_json
def record(
    source: IO[bytes],
    withdraw: str | None,
    note: str,
    into_inbox: bool,
    verbose: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """Record steps from the NDJSON lines (step/1) in SOURCE; - is standard input.

    Good lines are recorded whatever the others are; a line sent twice is one step. Exit 20 when a line could not be taken.
    A step that was recorded wrongly is withdrawn by a later event; both stay in the log.
    With --inbox they are accepted and not yet in the log; edgecode log sequence takes them in on a machine with the key.
    """
    from edgecode.answers.acknowledged import ACCEPTED
    from edgecode.events.kinds import StepWithdrawn
    from edgecode.production.sequencing import no_observation
    from edgecode.production.witnessing import acknowledged
    from edgecode.production.writing import LineWriter
    from edgecode.settings import production_folder

    if withdraw is not None:
        if into_inbox:
            raise no_observation(StepWithdrawn.TYPE)
        with opened(folder) as production:
            production.withdraw_step(withdraw, note=note)
        said("withdrawn: the step no longer explains anything; record the right one under another id")
        return
    if into_inbox:
        with LineWriter(production_folder((folder or Path.cwd()).resolve())) as writer:
            intake, reached = writer.record_lines(source), ACCEPTED
    else:
        with opened(folder) as production:
            intake, reached = production.record_lines(source), acknowledged(production)
    report_intake(intake, reached, json_wanted=json_wanted, verbose=verbose, lost="this line was not recorded")
    if any(item.effect == "row-missing" for item in intake.diagnostics):
        sys.exit(20)


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--in", "inputs", multiple=True, metavar="GLOB", help="What the command reads; ** crosses folders.")
@click.option("--out", "outputs", multiple=True, required=True, metavar="GLOB", help="What it makes.")
@click.option("--kind", default="command", show_default=True, help="What it does: grade, comp, denoise, generate …")
@click.option(
    "--ai", type=click.Choice(["none", "assistive", "generative", "unknown"]), help="What a model did, if one did."
)
@in_production
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    kind: str,
    ai: str | None,
    folder: Path | None,
    command: tuple[str, ...],
) -> None:
    """Run COMMAND and record what it read and made: edgecode run --in 'a/*.exr' --out 'b/*.exr' -- tool args.

    The command's own exit status is passed through. If recording fails you are warned; the work is never blocked.
    """
    from edgecode.terms.evidence import AiUse
    from edgecode.terms.steps import StepKind

    if kind not in set(StepKind):
        kinds = ", ".join(StepKind)
        raise UsageError("step.kind", f"{kind!r} is no kind of step", f"Choose one of: {kinds}")
    ran = False
    status = 1
    try:
        with opened(folder) as production:
            done, intake = production.run(
                command, inputs=inputs, outputs=outputs, kind=StepKind(kind), ai=AiUse(ai) if ai else None
            )
            ran, status = True, done.exit_status
            if not done.did_start:
                said(f"edgecode: {command[0]} could not be started; nothing is recorded")
                sys.exit(status)
            say_diagnostics(intake.diagnostics)
            said(f"edgecode: recorded {counted_words([(intake.steps, 'steps'), (intake.new, 'new versions')])}")
    except EdgecodeError as error:
        if not ran and error.code in ("production.none", "settings.invalid"):
            raise
        said(f"edgecode: not recorded: {error}")
    sys.exit(status)


def report_intake(
    intake: "Intake", reached: "Acknowledged", *, json_wanted: bool, verbose: bool, lost: str = "it is left out"
) -> None:
    """What was taken in, for people or as JSON."""
    from edgecode.answers.intake_report import intake_answer

    if json_wanted:
        print_json(intake_answer(intake, reached))
        return
    if intake.assets:
        frames = f" ({intake.frames:,} frames in sequences)" if intake.frames else ""
        click.echo(f"{intake.assets:,} files and sequences{frames}; {intake.unchanged:,} told nothing new")
    news = [
        (intake.new, "new versions"),
        (intake.replaced, "newer versions of known files"),
        (intake.places, "further places"),
        (intake.steps, "steps"),
        (intake.models, "models"),
    ]
    if reached.level == "accepted":
        click.echo(
            f"accepted {intake.events:,} {'event' if intake.events == 1 else 'events'}, not yet in the log: {counted_words(news)}"
        )
    else:
        click.echo(f"recorded: {counted_words(news)}")
    if intake.diagnostics:
        said(f"{len(intake.diagnostics):,} {'thing' if len(intake.diagnostics) == 1 else 'things'} to know:")
        say_diagnostics(intake.diagnostics, all_of_them=verbose, lost=lost)
