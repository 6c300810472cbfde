"""`edgecode deliver`: hold a master against the cut before anything is signed or handed over."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.answers.layout.columns import counted
from edgecode.cli.context import as_json, in_production, opened
from edgecode.cli.handing_over import as_files, hand_over
from edgecode.errors import HeldError, RefusedError, UsageError

if TYPE_CHECKING:
    from edgecode.production.delivering.comparing import Compared


@click.command()
@click.argument("cut", metavar="CUT")
@click.argument("master", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--reel", "reels", multiple=True, metavar="R1=FILE", help="A master of one reel; give every reel of the cut once."
)
@click.option(
    "--every", type=click.IntRange(1), default=12, show_default=True, help="Compare a frame in so many within clips."
)
@click.option("--compare-only", is_flag=True, help="Only compare: ask no gate and record nothing.")
@as_files
@in_production
@as_json
def deliver(
    cut: str,
    master: Path | None,
    reels: tuple[str, ...],
    every: int,
    compare_only: bool,
    files: tuple[Path, ...],
    replace: bool,
    csv_wanted: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """Hold FILE, the master, against CUT and ask the deliver gate.

    FILE is a MOV, MP4, MXF or Matroska file or a folder of numbered frames. A master that differs from the cut is refused (exit 11) with
    the first differing frame; one that cannot be compared is held (10). What the gate clears is recorded, with the digest of its bytes.
    """
    from edgecode.production.delivering.comparing import compare

    with opened(folder) as production:
        compared = compare(production, cut, _given(master, reels), every=every)
        hand_over(compared.paper, files=files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)
        _stop_unless_same(compared)
        if not compare_only:
            from edgecode.production.checking.cuts import check
            from edgecode.production.delivering.recording import record_delivery

            count = record_delivery(production, compared, check(production, cut, gate="deliver", keep=True).answer)
            click.echo(f"{counted(count, 'file')} recorded as delivered" if count else "on record already", err=True)


def _given(master: Path | None, reels: tuple[str, ...]) -> dict[str, Path]:
    """The files by reel; "" for the whole cut. Raises UsageError ``delivery.reel``."""
    if (master is None) == (not reels):
        raise UsageError(
            "delivery.reel", "give one FILE or every reel", "As in: edgecode deliver CUT FILE, or --reel R1=FILE"
        )
    if master is not None:
        return {"": master}
    pairs = [written.partition("=") for written in reels]
    if any(not name or not path for name, _, path in pairs) or len({name for name, _, _ in pairs}) != len(pairs):
        raise UsageError(
            "delivery.reel", "a reel is given as R1=FILE, each once", "As in: --reel R1=reel1.mov --reel R2=reel2.mov"
        )
    return {name: Path(path) for name, _, path in pairs}


def _stop_unless_same(compared: "Compared") -> None:
    from edgecode.answers.delivering.paper import verdict_lines

    comparison = compared.comparison
    if comparison.outcome == "same":
        return
    why = next(iter(verdict_lines(comparison, compared.view, compared.names)))
    if comparison.outcome == "differs":
        raise RefusedError(
            "delivery.differs", why, "Deliver the master of this cut, or name the cut that this is a master of"
        )
    raise HeldError(
        "delivery.not_compared",
        why,
        "Settle the open stretches of the paper, or bring their sources back as they were recorded",
    )
