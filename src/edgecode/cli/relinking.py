"""`edgecode relink` and `edgecode pixels`: the same tree under another name, the same picture under another header."""

from pathlib import Path

import click

from edgecode.cli.context import in_production, opened, said, say_diagnostics


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--dry-run", is_flag=True, help="Say what it would match, record nothing.")
@in_production
def relink(old: str, new: str, dry_run: bool, folder: Path | None) -> None:
    """The media tree OLD is the same as NEW: one is a media root, the other a name of it in cuts, or where it was moved to.

    A folder here may be named from here. Recorded, so that every machine matches alike; files are known again by their bytes and need no
    second record.
    """
    from edgecode.production.relinking import relink as relink_tree

    old, new = _here(old), _here(new)
    with opened(folder) as production:
        done = relink_tree(production, old, new, dry_run=dry_run)
    click.echo(f"{done.below:,} clips name files below it; {done.found:,} more are matched by path")
    if dry_run:
        said("nothing was recorded (--dry-run)")
    elif done.recorded:
        said(f"recorded as a further name of the media root {done.root}")
    else:
        said("the record knew it by this name already")


def _here(name: str) -> str:
    """A tree's whole path, where it is the name of a folder from here."""
    from edgecode.index.targets import target

    # As a cut writes it, a relative name is no tree; a drive letter or a share is no name from here, though a folder may be called so.
    is_from_here = not target(name).absolute and (name.startswith(".") or Path(name).is_dir())
    return str(Path(name).resolve()) if is_from_here else name


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what it would link, record nothing.")
@click.option("--verbose", is_flag=True, help="List every problem.")
@in_production
def pixels(dry_run: bool, verbose: bool, folder: Path | None) -> None:
    """Compare EXR and PNG files that nobody explains with those that somebody does, by their pixels alone.

    A header edit is not a new picture: where all pixels are equal, a logged step joins the two ("same pixels"), and where a clip may
    show either, they are one answer. Other pixels prove nothing.
    """
    from edgecode.production.same_pixels import link_same_pixels

    with opened(folder) as production:
        done = link_same_pixels(production, dry_run=dry_run)
    click.echo(
        f"{done.compared:,} files or sequences compared; {done.linked:,} show the same pixels as one that is explained"
    )
    if dry_run and done.linked:
        said("nothing was recorded (--dry-run)")
    say_diagnostics(done.diagnostics, all_of_them=verbose)
