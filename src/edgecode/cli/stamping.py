"""`edgecode stamp`: the cut's own file with the edge codes of what its clips show."""

from pathlib import Path

import click

from edgecode.cli.context import in_production, opened, say_diagnostics


@click.command()
@click.argument("cut")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The new file; nothing is written over.")
@click.option("--verbose", is_flag=True, help="List every clip that got no code.")
@in_production
def stamp(cut: str, file: Path, out: Path, verbose: bool, folder: Path | None) -> None:
    """Write FILE, which CUT was read from, to --out with the edge code of what every clip shows.

    An EDL gets comment lines (`* EDGECODE: …`) and keeps every byte and its order; an OTIO gets metadata and markers; an ALE of the cut's
    clips gets a column EDGECODE. A cut of another format is printed as the .otio or .edl that --out names.
    """
    from edgecode.production.stamping import stamp as stamp_file

    with opened(folder) as production:
        done = stamp_file(production, production.cut(cut), file, out)
    what = "rows" if out.suffix.lower() == ".ale" else "clips"
    click.echo(f"{out.name}: {done.codes:,} of {done.of:,} {what} carry their edge code")
    if done.open:
        click.echo(f"  {done.open:,} clips show no one version yet and have none: edgecode conform {cut} --open")
    say_diagnostics(done.diagnostics, all_of_them=verbose)
