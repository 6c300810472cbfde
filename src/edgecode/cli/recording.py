"""`edgecode init`, `record` and `run`: what goes into the record."""

import sys
from pathlib import Path
from shlex import quote
from typing import IO, TYPE_CHECKING

import click

from edgecode.cli.context import (
    as_json,
    counted_words,
    in_production,
    opened,
    print_json,
    said,
    say_diagnostics,
    terminal_world,
)
from edgecode.errors import EdgecodeError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import ExitStack

    from edgecode.answers.intake.acknowledged import Acknowledged
    from edgecode.ingest.intake import Intake
    from edgecode.ingest.step_record import StepRecord
    from edgecode.production import Production
    from edgecode.production.lines import RecordLines
    from edgecode.terms.identity import RecordId


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
@click.argument("source", type=click.File("rb"), default="-")
@click.option(
    "--withdraw", metavar="STEP", help="Instead: take a recorded step back (its id, as matchback --json names it)."
)
@click.option("--note", default="", help="With --withdraw: why; kept sealed.")
@click.option(
    "--inbox", "into_inbox", is_flag=True, help="Without the signing key: leave it to edgecode log sequence to seal it."
)
@click.option(
    "--spool",
    type=click.Path(path_type=Path, file_okay=False),
    help="Instead of SOURCE: what is new in a folder that connectors write (ComfyUI, HTTP recorder).",
)
@click.option("--again", is_flag=True, help="With --spool: from the beginning; what is recorded stays one step.")
@click.option("--batch", type=click.File("rb"), help="Instead of SOURCE: answer every line with a line of JSON.")
@click.option("--stop-at-refused", is_flag=True, help="With --batch: read nothing after a line that is refused.")
@click.option("--verbose", is_flag=True, help="List every problem.")
@in_production
@as_json
def record(
    source: IO[bytes],
    withdraw: str | None,
    note: str,
    into_inbox: bool,
    spool: Path | None,
    again: bool,
    batch: IO[bytes] | None,
    stop_at_refused: bool,
    verbose: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """Record steps from the NDJSON lines (step/1) in SOURCE; - is standard input.

    Good lines are recorded whatever the others are; a line sent twice is one step. Exit 20 when a line could not be taken.
    A step that was recorded wrongly is withdrawn by a later event; both stay in the log.
    With --inbox they are accepted and not yet in the log; edgecode log sequence takes them in on a machine with the key.
    """
    from edgecode.answers.intake.acknowledged import ACCEPTED
    from edgecode.events.kinds import StepWithdrawn
    from edgecode.production.inbox.sequencing import no_observation
    from edgecode.production.inbox.writing import LineWriter
    from edgecode.production.witnessing import acknowledged
    from edgecode.settings import production_folder

    if withdraw is not None:
        if into_inbox:
            raise no_observation(StepWithdrawn.TYPE)
        with opened(folder) as production:
            production.withdraw_step(withdraw, note=note)
        said("withdrawn: the step no longer explains anything; record the right one under another id")
        return
    if batch is not None:
        from edgecode.cli.spooling import record_batch

        record_batch(batch, folder, into_inbox=into_inbox, stop_at_refused=stop_at_refused)
        return
    home = production_folder((folder or Path.cwd()).resolve())
    if into_inbox:
        with LineWriter(home) as writer:
            intake, reached = _recorded(writer.record_lines, source, spool, home=home, again=again), ACCEPTED
    else:
        with opened(folder) as production:
            intake = _recorded(production.record_lines, source, spool, home=home, again=again)
            reached = acknowledged(production)
    report_intake(intake, reached, json_wanted=json_wanted, verbose=verbose, lost="this line was not recorded")
    if any(item.effect == "row-missing" for item in intake.diagnostics):
        sys.exit(20)


def _recorded(
    record_lines: "RecordLines", source: IO[bytes], spool: Path | None, *, home: Path, again: bool
) -> "Intake":
    """What *source*, or instead of it the folder *spool*, brings; *home*: the production's folder."""
    import time

    from edgecode.production.spools.taking import take_spool

    if spool is None:
        return record_lines(source)
    return take_spool(spool, production=home, record=record_lines, now_seconds=time.time(), again=again).intake


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

    The command's own exit status is passed through. If nothing can be recorded you are warned, and what would have been is kept in
    .edgecode/spool for `edgecode record`; the work is never blocked.
    """
    from contextlib import ExitStack

    from edgecode.production.spools.running import performed
    from edgecode.terms.evidence import AiUse
    from edgecode.terms.steps import StepKind

    if kind not in set(StepKind):
        kinds = ", ".join(StepKind)
        raise UsageError("step.kind", f"{kind!r} is no kind of step", f"Choose one of: {kinds}")
    recorder = _Recorder(folder)
    with ExitStack() as stack:
        recorder.open_in(stack)
        done, step, odd = performed(
            command,
            inputs=inputs,
            outputs=outputs,
            kind=StepKind(kind),
            ai=AiUse(ai) if ai else None,
            world=terminal_world(),
            look_up=recorder.look_up,
        )
        if not done.did_start:
            said(f"edgecode: {command[0]} could not be started; nothing is recorded")
        else:
            say_diagnostics(odd)
            recorder.record(step)
    sys.exit(done.exit_status)


class _Recorder:
    """Records a run where it can. Whatever is wrong with the record is said, and never stands in the way of the command."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._production: Production | None = None
        self._wrong = ""

    def open_in(self, stack: "ExitStack") -> None:
        """Open the production; it is closed with *stack*."""
        try:
            self._production = stack.enter_context(opened(self._folder))
        except Exception as error:
            self._fail(error)
            said(f"edgecode: nothing can be recorded now; the command runs all the same: {self._wrong}")

    def look_up(self, paths: "Iterable[str]") -> "Mapping[str, RecordId]":
        """The versions of files that the command may write over; none where they cannot be read or recorded."""
        try:
            return self._production.look_up(paths) if self._production is not None else {}
        except Exception as error:
            self._fail(error)
            said(f"edgecode: nothing can be recorded now; the command runs all the same: {self._wrong}")
            return {}

    def record(self, step: "StepRecord | None") -> None:
        """Record what was done, or keep it for later and say how."""
        if step is None:
            return
        if self._production is not None and not self._wrong:
            try:
                intake = self._production.record_run(step)
            except Exception as error:
                self._fail(error)
            else:
                say_diagnostics(intake.diagnostics)
                said(f"edgecode: recorded {counted_words([(intake.steps, 'steps'), (intake.new, 'new versions')])}")
                return
        said(f"edgecode: nothing is recorded of this command: {self._wrong}")
        self._keep(step)

    def _keep(self, step: "StepRecord") -> None:
        from edgecode.production.spools.running import spooled
        from edgecode.settings import production_folder

        try:
            path = spooled(production_folder((self._folder or Path.cwd()).resolve()), step)
        except (EdgecodeError, OSError):
            said(
                "edgecode: and it could not be kept for later either; record the step by hand (docs/reference/step-record.md)"
            )
            return
        said(
            "edgecode: it is kept, readable by you alone. As soon as the record can be written, and before the files change:"
        )
        said(f"  edgecode record {quote(str(path))} && rm {quote(str(path))}")

    def _fail(self, error: Exception) -> None:
        # What another library says may quote anything.
        self._wrong = str(error) if isinstance(error, EdgecodeError) else type(error).__name__


def report_intake(
    intake: "Intake", reached: "Acknowledged", *, json_wanted: bool, verbose: bool, lost: str = "it is left out"
) -> None:
    """What was taken in, for people or as JSON."""
    from edgecode.answers.intake.report import intake_answer

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
