"""`edgecode scan`: reads media folders, here or with the help of other machines."""

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from edgecode.cli.context import (
    ScanBar,
    as_json,
    in_production,
    opened,
    rate_of,
    said,
    say_diagnostics,
    terminal_world,
    written_key,
)
from edgecode.cli.recording import report_intake
from edgecode.errors import UsageError

if TYPE_CHECKING:
    from edgecode.answers.coverage.first_figures import FirstFigures
    from edgecode.ingest.chunk_planning import ChunkSizes
    from edgecode.production import Production
    from edgecode.production.farming import Terms


class FarmChoice:
    """What the options about other machines ask for; at most one of the four ways."""

    WAYS = ("emit", "chunk", "merge", "on")

    def __init__(self, given: dict[str, Any]) -> None:
        self.emit: Path | None = given["emit_chunks"]
        self.chunk: Path | None = given["chunk"]
        self.merge: Path | None = given["merge"]
        self.on: str | None = given["on"]
        self.out: Path | None = given["out"]
        self.media: Path | None = given["media"]
        self.key: str | None = given["key"]
        self.chunk_bytes: int | None = given["chunk_bytes"]
        self.chunk_files: int | None = given["chunk_files"]
        self.signed_by: tuple[str, ...] = given["signed_by"]
        self.sample: int = given["sample"]
        if sum(getattr(self, way) is not None for way in self.WAYS) > 1:
            raise UsageError(
                "scan.ways", "--emit-chunks, --chunk, --merge and --on are different ways to scan", "Choose one of them"
            )
        if (self.chunk is None) != (self.out is None):
            raise UsageError(
                "scan.chunk_out",
                "a chunk and its part belong together",
                "As in --chunk chunk-0001.json --out part-0001.jsonl",
            )

    def sizes(self, usual: "ChunkSizes") -> "ChunkSizes":
        """How large chunks shall be."""
        from edgecode.ingest.chunk_planning import ChunkSizes

        return ChunkSizes(self.chunk_bytes or usual.bytes, self.chunk_files or usual.files)

    def terms(self) -> "Terms":
        """On which terms parts are taken. Raises UsageError ``scan.key``."""
        from edgecode.production.farming import Terms

        keys = tuple(written_key(written).lower() for written in self.signed_by)
        if any(len(key) != 64 or set(key) - set("0123456789abcdef") for key in keys):
            raise UsageError(
                "scan.key",
                "a worker's key is 64 hexadecimal digits",
                "Give those that its command printed, or a file with them",
            )
        return Terms(self.sample, keys)


_OPTIONS = (
    click.option(
        "--emit-chunks",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="Read nothing: write chunks of the work for a render farm to DIR, and the list of their commands.",
    ),
    click.option("--chunk-bytes", type=click.IntRange(1), help="With --emit-chunks or --on: bytes of a chunk at most."),
    click.option("--chunk-files", type=click.IntRange(1), help="With --emit-chunks or --on: files of a chunk at most."),
    click.option(
        "--chunk",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help="On a farm's machine, without a production: read the chunk that FILE lists.",
    ),
    click.option(
        "--out",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help="With --chunk: where its part is written, whole or not at all.",
    ),
    click.option(
        "--media",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="With --chunk: where the media root is mounted on this machine, if not where the chunk says.",
    ),
    click.option("--key", metavar="URI", help="With --chunk: the worker's key (file:PATH), which signs the part."),
    click.option(
        "--merge",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="Take in the parts that came back to DIR, and record.",
    ),
    click.option("--on", metavar="URL", help="Let a cluster read: dask://HOST:PORT."),
    click.option(
        "--signed-by",
        metavar="KEY",
        multiple=True,
        help="With --merge or --on: take only parts that one of these keys signed (hexadecimal, or a file with it).",
    ),
    click.option(
        "--sample",
        type=click.IntRange(0),
        default=1,
        show_default=True,
        help="With --merge or --on: files of each part that are read again here.",
    ),
)


def with_farm(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the options about other machines to a command, as one value *farm*."""

    @wraps(command)
    def packed(**given: Any) -> None:
        names = (
            "emit_chunks", "chunk", "merge", "on", "out", "media", "key", "chunk_bytes", "chunk_files", "signed_by", "sample",
        )  # fmt: skip
        command(farm=FarmChoice({name: given.pop(name) for name in names}), **given)

    for option in reversed(_OPTIONS):
        packed = option(packed)
    return packed


@click.command()
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1)
@click.option(
    "--cut", "cut_files", type=click.Path(path_type=Path), multiple=True, help="Read first what this cut uses."
)
@click.option("--rate", help="The cut's rate where an EDL does not settle it: 24, 23.976, 29.97 …")
@click.option("--verify", "read_again", is_flag=True, help="Read every file again, also unchanged ones.")
@click.option("--threads", type=click.IntRange(0, 64), default=0, help="Readers (default: one per core).")
@click.option("--erased-too", is_flag=True, help="Record files again although an erasure took them from the record.")
@click.option("--verbose", is_flag=True, help="List every problem.")
@with_farm
@in_production
@as_json
def scan(
    folders: tuple[Path, ...],
    cut_files: tuple[Path, ...],
    rate: str | None,
    read_again: bool,
    threads: int,
    erased_too: bool,
    verbose: bool,
    farm: FarmChoice,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """Read media FOLDERS (default: every folder scanned before) and record what is new.

    Media trees are never written into. An unchanged file is not read again; a scan that was stopped goes on where it ended.
    With other machines: --on a cluster, or --emit-chunks, their commands on the farm, --merge. The record is the same.
    """
    import random

    from edgecode.ingest.file_reading import Trust
    from edgecode.ingest.scan import ScanOptions
    from edgecode.production import read_cuts
    from edgecode.production.witnessing import acknowledged

    _refuse_beside_farm(farm, reads_here=bool(read_again or (farm.chunk and (folders or cut_files))))
    if farm.chunk is not None and farm.out is not None:
        _work(farm.chunk, farm.out, farm, threads)
        return
    bar = ScanBar()

    def first(figures: "FirstFigures") -> None:
        bar.end()
        said(f"first figures: {figures.sentence()}")

    with opened(folder) as production:
        if not folders and not production.settings.roots:
            raise UsageError("scan.nothing", "there is no folder to scan yet", "Name one: edgecode scan FOLDER")
        if farm.emit is not None:
            _emit(production, folders, farm.emit, farm, verbose=verbose)
            return
        chosen = _read_elsewhere(production, folders, farm, verbose=verbose)
        options = ScanOptions(threads=threads, progress=bar, trust=Trust(random.random, read_again))
        cuts = read_cuts(cut_files, rate=rate_of(rate))
        for cut in cuts:
            say_diagnostics([item for item in cut.diagnostics if verbose or item.code == "rate.unknown"])
        intake = production.scan(chosen, cuts=cuts, options=options, first_figures=first, erased_too=erased_too)
        reached = acknowledged(production)
    bar.end()
    report_intake(intake, reached, json_wanted=json_wanted, verbose=verbose)


def _refuse_beside_farm(farm: FarmChoice, *, reads_here: bool) -> None:
    """Raises UsageError ``scan.ways`` for options that have no meaning together. *reads_here*: something was typed that is
    only about reading on this machine."""
    context = click.get_current_context()
    typed = {
        name
        for name in ("key", "media", "sample", "signed_by", "chunk_bytes", "chunk_files")
        if context.get_parameter_source(name) == ParameterSource.COMMANDLINE
    }
    takes, gives = farm.merge is not None or farm.on is not None, farm.emit is not None or farm.on is not None
    allowed = {"sample", "signed_by"} if takes else set()
    allowed |= {"chunk_bytes", "chunk_files"} if gives else set()
    allowed |= {"key", "media"} if farm.chunk is not None else set()
    if typed - allowed or (reads_here and (takes or gives or farm.chunk is not None)):
        raise UsageError(
            "scan.ways",
            "these options belong to different ways of scanning",
            "See edgecode scan --help; --verify reads here alone",
        )


def _work(chunk: Path, out: Path, farm: FarmChoice, threads: int) -> None:
    from collections import Counter

    from edgecode.production.farming import work_on_chunk

    signer = terminal_world().open_signer(farm.key, Path.cwd()) if farm.key else None
    key, sign = (signer.public.hex(), signer.sign) if signer is not None else ("", None)
    part = work_on_chunk(chunk, out, media=farm.media, threads=threads or 1, key=key, sign=sign)
    problems = Counter(file.problem for file in part.files if file.problem is not None)
    for problem, count in sorted(problems.items()):
        said(f"  {count} not read: {problem}")
    signed = f", signed by {part.key}" if part.key else ""
    click.echo(f"{out.name}: {len(part.files) - problems.total():,} of {len(part.files):,} files read{signed}")


def _emit(production: "Production", folders: Sequence[Path], into: Path, farm: FarmChoice, *, verbose: bool) -> None:
    from edgecode.ingest.chunk_planning import ChunkSizes
    from edgecode.production.farming import COMMANDS, emit_chunks

    plan = emit_chunks(production, folders, into, sizes=farm.sizes(ChunkSizes()))
    say_diagnostics(plan.said, all_of_them=verbose)
    if not plan.chunks:
        click.echo("nothing has to be read: edgecode scan records what there is")
        return
    click.echo(
        f"{len(plan.chunks):,} {'chunk' if len(plan.chunks) == 1 else 'chunks'} of {plan.files:,} files"
        f" ({plan.bytes / 1e9:,.1f} GB); their commands are in {COMMANDS}"
    )
    said(f"Next: run them where the media is mounted, then: edgecode scan --merge {into.name}")


def _read_elsewhere(
    production: "Production", folders: Sequence[Path], farm: FarmChoice, *, verbose: bool
) -> list[Path]:
    """Let others read where that is asked for; the folders that remain to be scanned here, which finds everything read."""
    from edgecode.production.farming import ON_A_CLUSTER, read_on, take_parts

    if farm.merge is not None:
        if folders:
            raise UsageError("scan.ways", "the chunks say which folders were read", "Leave FOLDERS out")
        taken = take_parts(production, farm.merge, terms=farm.terms())
    elif farm.on is not None:
        from edgecode.drivers.dask_farm import DaskFarm

        taken = read_on(
            production, DaskFarm(farm.on), folders, terms=farm.terms(), sizes=farm.sizes(ON_A_CLUSTER), told=_told
        )
    else:
        return list(folders)
    say_diagnostics(taken.said, all_of_them=verbose)
    said(f"{taken.files:,} files of {taken.parts:,} parts were read elsewhere, {taken.again:,} of them read again here")
    return [root.path for root in production.media_roots() if root.id in taken.roots]


def _told(done: int, of: int) -> None:
    import sys

    if sys.stderr.isatty():
        click.echo(f"\r{done:,} of {of:,} chunks", err=True, nl=done == of)
