"""`edgecode mhl`: histories of copies (ASC MHL), read and written."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import as_json, fitted_width, in_production, opened, print_json, say_diagnostics
from edgecode.errors import UsageError

if TYPE_CHECKING:
    from edgecode.answers.intake.copies import CopiesAnswer
    from edgecode.production.copies import CopiesRead

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.group()
def mhl() -> None:
    """Histories of copies (ASC MHL): read every generation, write a new one where asked."""


@mhl.command()
@click.argument("folder_read", metavar="FOLDER", type=_FOLDER)
@click.option("--verify", is_flag=True, help="Read every file once and hold it against its hashes.")
@click.option("--verbose", is_flag=True, help="List every problem.")
@in_production
@as_json
def read(folder_read: Path, verify: bool, verbose: bool, folder: Path | None, json_wanted: bool) -> None:
    """Record every generation of the histories in FOLDER, and compare them with what was recorded before.

    Reads no media unless --verify says so: what a scan knows of a file (xxh128) is compared, other hashes stay claims. Exit 20 when a
    manifest is missing, altered since the ledger saw it, or a file no longer has its hash.
    """
    from edgecode.production.copies import read_copies

    with opened(folder) as production:
        found = read_copies(production, folder_read, verify=verify)
    answer = _report(found, verbose=verbose, json_wanted=json_wanted)
    sys.exit(
        20
        if any(one.failed for one in answer.generations) or any(_is_grave(one.code) for one in answer.problems)
        else 0
    )


@mhl.command()
@click.argument("folder_written", metavar="FOLDER", type=_FOLDER)
@click.option(
    "--hash",
    "formats",
    multiple=True,
    type=click.Choice(("xxh128", "c4", "md5", "sha1")),
    help="A hash format; may be repeated.  [default: xxh128]",
)
@click.option("--ignore", multiple=True, metavar="PATTERN", help="Leave these out from now on (patterns of gitignore).")
@click.option("--transfer", is_flag=True, help="The files were just copied here, rather than looked at in place.")
@click.option(
    "--author", default="", metavar="NAME", help="Put a name into the manifest, for all who get the folder to read."
)
@click.option("--into-media", is_flag=True, help="Write although FOLDER is in a media root.")
@click.option(
    "--flatten", is_flag=True, help="Write a packing list of what is known into --out instead; reads no media."
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The folder for --flatten.")
@click.option("--verbose", is_flag=True, help="List every problem.")
@in_production
@as_json
def write(
    folder_written: Path,
    formats: tuple[str, ...],
    ignore: tuple[str, ...],
    transfer: bool,
    author: str,
    into_media: bool,
    flatten: bool,
    out: Path | None,
    verbose: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """Append a generation to the history of FOLDER, and to each history below it, and record it.

    Every file is read once; one that no longer has its earlier hash is listed as failed (exit 20). No names, no host: --author adds one.
    """
    from edgecode.ingest.mhl.manifest import Author
    from edgecode.production.copies import Asked, pack_copies, write_copies

    if flatten != (out is not None):
        raise UsageError(
            "mhl.flatten", "--flatten and --out go together", "edgecode mhl write FOLDER --flatten --out DIR"
        )
    asked = Asked(formats or ("xxh128",), ignore, Author(author) if author else None, transfer)
    with opened(folder) as production:
        if out is not None:
            packed = pack_copies(production, folder_written, out, asked)
            click.echo(f"{packed.name}: {packed.files:,} files, {packed.c4}")
            return
        written, found = write_copies(production, folder_written, asked, into_media=into_media)
    failed = [path for one in written for path in one.failed]
    missing = [path for one in written for path in one.missing]
    problems = [item for one in written for item in one.said]
    if problems:
        say_diagnostics(problems, all_of_them=verbose, lost="this is not in the history")
    for words, paths in (("no longer has its hash", failed), ("is not there any more", missing)):
        for path in paths if verbose else paths[:12]:
            click.echo(f"  {path} {words}", err=True)
    _report(found, verbose=verbose, json_wanted=json_wanted, only={one.name for one in written})
    sys.exit(20 if failed else 0)


def _report(found: "CopiesRead", *, verbose: bool, json_wanted: bool, only: set[str] | None = None) -> "CopiesAnswer":
    from edgecode.answers.intake.copies import copies_answer, copies_sheet
    from edgecode.answers.layout.sheets import sheet_text

    rows = [
        (one.history, one.name, one.fact, one.is_new) for one in found.generations if only is None or one.name in only
    ]
    answer = copies_answer(rows, found.intake.diagnostics)
    if answer.problems:
        say_diagnostics(found.intake.diagnostics, all_of_them=verbose, lost="this is not known")
    if json_wanted:
        print_json(answer)
    else:
        click.echo(sheet_text(copies_sheet(answer), columns=fitted_width()), nl=False)
    return answer


def _is_grave(code: str) -> bool:
    return code in {
        "mhl.not_as_recorded",
        "mhl.generation_gone",
        "mhl.generation_missing",
        "mhl.chain_differs",
        "mhl.reference_differs",
        "mhl.unreadable",
    }
