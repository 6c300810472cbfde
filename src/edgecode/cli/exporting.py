"""`edgecode export`: what the record knows in forms of others, PROV-JSON and Parquet."""

import sys
from pathlib import Path

import click

from edgecode.cli.context import as_json, in_production, opened, print_json
from edgecode.errors import RefusedError, UnavailableError


@click.group()
def export() -> None:
    """What the record knows, for other programs: W3C PROV-JSON about a cut or version, Parquet for questions across shows."""


@export.command()
@click.argument("what", metavar="CUT|FILE|CODE|ID", nargs=-1, required=True)
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write a file instead of printing.")
@click.option("--replace", is_flag=True, help="Write over the file of --to if it is there.")
@click.option("--people", is_flag=True, help="Also say that somebody is in a version, as a number within the document.")
@in_production
def prov(what: tuple[str, ...], to: Path | None, replace: bool, people: bool, folder: Path | None) -> None:
    """A document of W3C PROV-JSON about a cut or version and everything behind it.

    Versions are entities, steps activities, programs and houses agents. What nobody recorded is said as unknown. No names of files,
    places, people or clips, no prompts. The same record gives the same bytes.
    """
    from edgecode.production.exporting import prov as document

    if to is not None and to.exists() and not replace:
        raise RefusedError("export.exists", f"{to.name} is there already", "Give another name, or --replace")
    with opened(folder) as production:
        data = document(production, " ".join(what), people=people)
    if to is None:
        sys.stdout.buffer.write(data)
        return
    try:
        waiting = to.with_name(f"{to.name}.part")
        waiting.write_bytes(data)
        waiting.replace(to)
    except OSError as error:
        raise UnavailableError(
            "export.unwritable", f"{to.name} cannot be written ({error.strerror})", "Give another place: --to FILE"
        ) from error


@export.command()
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder of all shows.")
@in_production
@as_json
def parquet(to: Path, folder: Path | None, json_wanted: bool) -> None:
    """Tables of the index as Parquet (zstd), one partition for this production, for DuckDB and others to ask many shows at once.

    Exports of several productions go into one folder. Record ids, digests and figures; no names of files, places, people or clips.
    """
    from edgecode.answers.exports.made import ParquetExport
    from edgecode.production.exporting import parquet as write

    with opened(folder) as production:
        counts = write(production, to)
        made = ParquetExport(production.settings.production, production.log.size, counts)
    if json_wanted:
        print_json(made)
        return
    for name, count in counts.items():
        click.echo(f"{count:>10,}  {name}")
