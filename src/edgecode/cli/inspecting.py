"""`edgecode inspect`: what is in a cut or media file; nothing is stored."""

from pathlib import Path

import click

from edgecode.cli.context import as_json, print_json, rate_of
from edgecode.errors import InputError

CUT_SUFFIXES = {".otio", ".edl", ".fcpxml", ".fcpxmld"}
"""Files called so are cuts whatever is in them, so that a bad one is refused as a cut."""


USD_SUFFIXES = {".usd", ".usda", ".usdc", ".usdz"}


@click.command()
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--rate", help="The cut's rate where an EDL does not settle it: 24, 23.976, 29.97 …")
@click.option("--reveal", is_flag=True, help="Also print prompts and other texts found in the file.")
@click.option(
    "--trust",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="Certificates (PEM) of signers of C2PA manifests.",
)
@as_json
def inspect(
    files: tuple[Path, ...], rate: str | None, reveal: bool, trust: tuple[Path, ...], json_wanted: bool
) -> None:
    """Read FILES and say what is in them: a cut's tracks and clips, or a media file's header and the record of its making.

    A folder, or several frames, is read as an image sequence; a folder .fcpxmld is a cut. A C2PA manifest is judged by the certificates of
    the production here and those of --trust, never over the network. Nothing is stored.
    """
    from edgecode.production.doors.cut_files import is_cut_file

    if all(path.suffix.lower() in CUT_SUFFIXES or is_cut_file(path) for path in files):
        _inspect_cut(files, rate=rate, json_wanted=json_wanted)
    elif len(files) == 1 and files[0].suffix.lower() in USD_SUFFIXES:
        _inspect_usd(files[0], reveal=reveal, json_wanted=json_wanted)
    else:
        _inspect_media(files, reveal=reveal, trust=trust, json_wanted=json_wanted)


def _inspect_cut(files: tuple[Path, ...], *, rate: str | None, json_wanted: bool) -> None:
    from edgecode.answers.inspection.answer import cut_inspection
    from edgecode.answers.inspection.text import cut_inspection_text
    from edgecode.production import read_cuts

    readings = read_cuts(files, rate=rate_of(rate))
    if json_wanted:
        print_json(cut_inspection(readings))
    else:
        click.echo(cut_inspection_text(readings), nl=False)


def _inspect_usd(file: Path, *, reveal: bool, json_wanted: bool) -> None:
    from edgecode.answers.inspection.usd import usd_lines
    from edgecode.production.doors.usd import inspect_usd

    found = inspect_usd(file, reveal=reveal)
    if json_wanted:
        print_json(found)
        return
    for line in usd_lines(found):
        click.echo(line)


def _inspect_media(files: tuple[Path, ...], *, reveal: bool, trust: tuple[Path, ...], json_wanted: bool) -> None:
    from edgecode.answers.inspection.media import media_inspection, media_lines
    from edgecode.ingest.alone import read_alone
    from edgecode.ingest.seen import SequenceFound
    from edgecode.production.credentials import inspected_credentials

    seen, diagnostics = read_alone(files)
    if seen is None:
        problem = next(iter(diagnostics), None)
        raise InputError(
            problem.code if problem else "media.unreadable",
            problem.text if problem else f"{files[0].name} cannot be read",
            "Give a media file, a folder of frames, an OTIO or an EDL",
        )
    credentials, said = inspected_credentials(seen, files, trust=trust, here=Path.cwd(), reveal=reveal)
    diagnostics += said
    is_sequence = isinstance(seen, SequenceFound)
    if json_wanted:
        content = {"sequence_root" if is_sequence else "sha256": seen.digest}
        print_json(
            media_inspection(
                **content, generation=seen.generation, diagnostics=diagnostics, credentials=credentials, reveal=reveal
            )
        )
        return
    content_name = f"{'sequence root' if is_sequence else 'sha256'} {seen.digest}"
    for line in media_lines(
        seen.place.name,
        seen.facts,
        content=content_name,
        generation=seen.generation,
        diagnostics=diagnostics,
        credentials=credentials,
        reveal=reveal,
    ):
        click.echo(line)
