"""`edgecode spool`: lines that wait where the record cannot be written now, and `edgecode record --batch`."""

import sys
from collections import Counter
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from edgecode.cli.context import as_json, counted_words, in_production, opened, print_json, said

if TYPE_CHECKING:
    from edgecode.answers.intake.line_answers import LineAnswer


def record_batch(source: IO[bytes], folder: Path | None, *, into_inbox: bool, stop_at_refused: bool) -> None:
    """Record the lines of *source* and answer each with a line on stdout. Exit 20 when one was refused."""
    from edgecode.production.batches import take_batch
    from edgecode.production.inbox.writing import LineWriter
    from edgecode.settings import production_folder

    counts: Counter[str] = Counter()

    def tell(answer: "LineAnswer") -> None:
        counts[answer.answer] += 1
        _print_answer(answer)

    if into_inbox:
        with LineWriter(production_folder((folder or Path.cwd()).resolve())) as writer:
            take_batch(source, record=writer.record_lines, tell=tell, stop_at_refused=stop_at_refused)
    else:
        with opened(folder) as production:
            take_batch(source, record=production.record_lines, tell=tell, stop_at_refused=stop_at_refused)
    said(f"{counts['accepted']:,} accepted, {counts['duplicate']:,} duplicate, {counts['refused']:,} refused")
    if counts["refused"]:
        sys.exit(20)


def _print_answer(answer: "LineAnswer") -> None:
    import msgspec

    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


@click.group()
def spool() -> None:
    """Lines that wait where the record cannot be written now: add, status, clear. `edgecode record --spool` takes them in."""


_FOLDER = click.option(
    "--spool",
    "spool_folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder (default: .edgecode/spool of the production).",
)


@spool.command("add")
@click.argument("source", type=click.File("rb"), default="-")
@_FOLDER
@click.option(
    "--limit-bytes",
    type=click.IntRange(1),
    default=1 << 30,
    show_default=True,
    help="How large the spool may become; lines beyond are dropped, and counted.",
)
@in_production
def add(source: IO[bytes], spool_folder: Path | None, limit_bytes: int, folder: Path | None) -> None:
    """Keep the NDJSON lines (step/1) in SOURCE until somebody takes them in; - is standard input.

    Opens no store, so it works while the record is locked or its server is away. Every line is answered with a line: kept (it is on
    disk) or dropped, with why. Exit 40 when one was dropped.
    """
    from edgecode.answers.intake.line_answers import REASONS, LineAnswer
    from edgecode.drivers.spool_writer import SpoolWriter
    from edgecode.production.batches import bounded_lines

    codes = {"too-big": "spool.too_big", "over-limit": "spool.over_limit", "disk-full": "spool.disk_full"}
    counts: Counter[str] = Counter()
    with SpoolWriter(_folder(spool_folder, folder), limit_bytes=limit_bytes) as writer:
        for number, line in enumerate(bounded_lines(source), start=1):
            if not line.strip():
                continue
            reason = writer.add(line)
            answer = (
                LineAnswer(number, "kept")
                if reason is None
                else LineAnswer(number, "dropped", code=codes[reason], text=f"dropped {REASONS[reason]}")
            )
            counts[answer.answer] += 1
            _print_answer(answer)
    said(f"{counts['kept']:,} kept, {counts['dropped']:,} dropped")
    if counts["dropped"]:
        sys.exit(40)


@spool.command("status")
@click.argument("spool_folder", metavar="[FOLDER]", type=click.Path(path_type=Path, file_okay=False), required=False)
@in_production
@as_json
def status(spool_folder: Path | None, folder: Path | None, json_wanted: bool) -> None:
    """How many lines of a spool are recorded, waiting, refused, and dropped before they came into it (FOLDER: .edgecode/spool)."""
    from edgecode.answers.intake.line_answers import spool_lines
    from edgecode.production.spools.keeping import spool_status

    answer = spool_status(_folder(spool_folder, folder), production=_home(folder))
    if json_wanted:
        print_json(answer)
        return
    for line in spool_lines(answer):
        click.echo(line)


@spool.command("clear")
@click.argument("spool_folder", metavar="[FOLDER]", type=click.Path(path_type=Path, file_okay=False), required=False)
@in_production
def clear(spool_folder: Path | None, folder: Path | None) -> None:
    """Delete files of `edgecode spool add` that were taken in whole, without a refused line, and whose writer has ended."""
    from edgecode.production.spools.keeping import clear_spool

    cleared = clear_spool(_folder(spool_folder, folder), production=_home(folder))
    click.echo(f"cleared: {counted_words([(cleared, 'files')]) if cleared else 'nothing'}")


def _folder(spool_folder: Path | None, folder: Path | None) -> Path:
    from edgecode.production.spools.keeping import spool_of

    return spool_folder if spool_folder is not None else spool_of(_home(folder))


def _home(folder: Path | None) -> Path:
    from edgecode.settings import production_folder

    return production_folder((folder or Path.cwd()).resolve())
