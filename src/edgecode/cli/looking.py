"""`edgecode look`: one page for a cut and a folder, without any set-up."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import ScanBar, in_production, opened, rate_of, said, say_diagnostics
from edgecode.errors import InputError, UsageError

if TYPE_CHECKING:
    from edgecode.answers.coverage.answer import Coverage
    from edgecode.answers.coverage.first_figures import FirstFigures
    from edgecode.terms.cuts import CutReading


@click.command()
@click.argument("cut_files", metavar="CUT-FILE [CUT-FILE …] FOLDER", nargs=-1, required=True)
@click.option("--rate", help="The cut's rate where an EDL does not settle it: 24, 23.976, 29.97 …")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The page (default: CUT.html here).")
@click.option("--open/--no-open", "open_page", default=True, help="Open the page in the browser.")
@click.option("--verbose", is_flag=True, help="List every problem.")
@in_production
def look(
    cut_files: tuple[str, ...], rate: str | None, out: Path | None, open_page: bool, verbose: bool, folder: Path | None
) -> None:
    """Make one self-contained page for CUT-FILE and the media in FOLDER. Needs no set-up, stores nothing but the page.

    Inside a production, `edgecode look CUT` makes the page of a recorded cut.
    """
    paths = [Path(written) for written in cut_files]
    if len(paths) == 1 and not paths[0].is_file():
        with opened(folder) as production:
            view = production.view(cut_files[0])
            out = _writable(out or Path(f"{_plain(view.name)}.html"))
            html, coverage = production.look(view), production.coverage(view)
        _finish(html, coverage, out, open_page=open_page)
        return
    media = [path for path in paths if path.is_dir() and path.suffix.lower() != ".fcpxmld"]
    cuts = [path for path in paths if path not in media]
    if not media or not cuts:
        raise UsageError(
            "look.arguments", "look needs a cut file and a folder", "As in: edgecode look reel1.edl ~/show"
        )
    from edgecode.production import read_cuts

    readings = read_cuts(cuts, rate=rate_of(rate))
    out = _writable(out or Path(f"{_plain(readings[0].name)}.html"))
    html, coverage = _look_once(cuts, readings, media, rate=rate, verbose=verbose)
    _finish(html, coverage, out, open_page=open_page)


def _look_once(
    cuts: list[Path], readings: "list[CutReading]", media: list[Path], *, rate: str | None, verbose: bool
) -> "tuple[str, Coverage]":
    """The page of a production that is made in a temporary folder and thrown away."""
    from edgecode.ingest.scan import ScanOptions
    from edgecode.production import Production

    bar = ScanBar()

    def first(figures: "FirstFigures") -> None:
        bar.end()
        said(f"first figures: {figures.sentence()}")

    with (
        tempfile.TemporaryDirectory(prefix="edgecode-") as place,
        Production.create(Path(place), title=readings[0].name) as production,
    ):
        (row, *_) = production.add_cut(cuts, rate=rate_of(rate))
        intake = production.scan(media, cuts=readings, options=ScanOptions(progress=bar), first_figures=first)
        bar.end()
        say_diagnostics([*readings[0].diagnostics, *intake.diagnostics], all_of_them=verbose)
        view = production.view(row)
        return production.look(view, recorded=False), production.coverage(view)


def _writable(out: Path) -> Path:
    """*out*, checked before anything is scanned. Raises InputError ``look.unwritable``."""
    folder = out.absolute().parent
    if not os.access(out if out.exists() else folder, os.W_OK) or out.is_dir():
        raise _unwritable(out)
    return out


def _unwritable(out: Path) -> InputError:
    return InputError("look.unwritable", f"{out.name} cannot be written here", "Give another place: --out FILE")


def _finish(html: str, coverage: "Coverage", out: Path, *, open_page: bool) -> None:
    try:
        out.write_text(html, encoding="utf-8")
    except OSError as error:
        # The folder was checked before the scan; a disk that is full or gone shows itself only now.
        raise _unwritable(out) from error
    click.echo(
        f"{coverage.frames:,} frames; {coverage.ai['generative']:,} with AI; {coverage.unaccounted:,} nobody can explain. "
        f"The page: {out}"
    )
    if open_page:
        import webbrowser

        webbrowser.open(out.resolve().as_uri())


def _plain(name: str) -> str:
    return "".join(c if c.isalnum() or c in "._- " else "_" for c in name) or "cut"
