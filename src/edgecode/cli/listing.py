"""`edgecode changes`, `edgecode pull` and `edgecode dupes`: lists about more than one cut."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import as_json, in_production, opened
from edgecode.cli.handing_over import as_files, print_sheet, write_beside
from edgecode.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edgecode.answers.chain import Chains
    from edgecode.answers.listing.dupes import What
    from edgecode.answers.listing.pull import Pulled
    from edgecode.production import Production


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@as_files
@in_production
@as_json
def changes(
    old: str, new: str, files: tuple[Path, ...], replace: bool, csv_wanted: bool, folder: Path | None, json_wanted: bool
) -> None:
    """The change list from the cut OLD to the cut NEW: what came, went, grew, slipped or was made anew, whether what is on file still
    covers it, and whom to chase. Clips are paired by what they show, never by where they stand."""
    from edgecode.production.listing.changes import changes as sheet_of
    from edgecode.production.papering import stamp

    with opened(folder) as production:
        sheet = sheet_of(production, old, new)
        stamped = stamp(production, production.view(new).name) if files else None
    print_sheet(sheet, "changes", stamped, files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)


@click.command()
@click.option(
    "--consent", default="", metavar="LABEL", help="What rests on a consent, as it was taken back or would be."
)
@click.option("--license", "license_", default="", metavar="LABEL", help="What rests on a license.")
@click.option("--person", default="", metavar="ALIAS", help="Wherever somebody is seen, heard or made from.")
@click.option("--replica", default="", metavar="ID", help="Wherever something made by a replica is.")
@click.option(
    "--version",
    default="",
    metavar="VERSION",
    help="Wherever a version, a model or a dataset is, or what was made from it.",
)
@click.option("--on", default="", metavar="DATE", help="Of an agreement: taken back from this day on (default: today).")
@click.option("--cut", "cuts", multiple=True, metavar="CUT", help="These cuts alone (default: every cut in force).")
@click.option(
    "--handles", type=click.IntRange(0, 1_000), default=8, show_default=True, help="Frames wanted at either end."
)
@as_files
@in_production
@as_json
def pull(
    cuts: tuple[str, ...],
    on: str,
    handles: int,
    files: tuple[Path, ...],
    replace: bool,
    csv_wanted: bool,
    folder: Path | None,
    json_wanted: bool,
    **what: str,
) -> None:
    """The pull list: every stretch that has to be replaced, with its source, its handles, why and how urgently. --to FILE.edl writes the
    same rows of one cut as a list for the vendor."""
    from edgecode.answers.chain import Chains
    from edgecode.answers.listing.pull import pull_list
    from edgecode.production.papering import stamp

    chosen = [(name.rstrip("_"), called) for name, called in what.items() if called]
    if len(chosen) != 1 or (on and chosen[0][0] not in ("consent", "license")):
        raise UsageError(
            "pull.what", "pull what?", "Name one thing, as in: pull --consent C-01 (--on goes with an agreement alone)"
        )
    lists = tuple(file for file in files if file.suffix.lower() == ".edl")
    papers = tuple(file for file in files if file not in lists)
    with opened(folder) as production:
        found, why = _pulled(production, *chosen[0], on=on)
        if cuts:
            wanted = {production.view(cut).cut for cut in cuts}
            found = [one for one in found if one.view.cut in wanted]
        chains = Chains(production.index)
        sheet = pull_list(found, chains, why=why, handles=handles)
        lists_made = {file: _edl(found, chains, handles=handles, name=file.stem) for file in lists}
        stamped = stamp(production, "") if papers else None
    if papers or not lists:
        print_sheet(sheet, "pull", stamped, papers, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)
    write_beside(lists_made, replace=replace)


def _pulled(production: "Production", what: str, called: str, *, on: str) -> "tuple[list[Pulled], str]":
    from edgecode.production.listing.pulls import pulled_by_agreement, pulled_wherever

    if what in ("consent", "license"):
        return pulled_by_agreement(production, called, kind="consent" if what == "consent" else "license", on=on)
    return pulled_wherever(production, what, called)


def _edl(found: "Sequence[Pulled]", chains: "Chains", *, handles: int, name: str) -> bytes:
    from edgecode.answers.listing.pull import pull_reading
    from edgecode.ingest.editorial.edl_writer import edl_bytes

    cuts = len({one.view.cut for one in found})
    if cuts != 1:
        raise InputError(
            "pull.cuts", f"the rows lie in {cuts} cuts, and a list is of one", "Name one that holds some: --cut CUT"
        )
    return edl_bytes(pull_reading(found, chains, handles=handles, name=name))[0]


@click.command()
@click.argument("cuts", metavar="[CUT]...", nargs=-1)
@click.option(
    "--what",
    multiple=True,
    type=click.Choice(("person", "replica", "model", "dataset", "archive item")),
    help="These alone (default: all of them). May be given several times.",
)
@as_files
@in_production
@as_json
def dupes(
    cuts: tuple[str, ...],
    what: "tuple[What, ...]",
    files: tuple[Path, ...],
    replace: bool,
    csv_wanted: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """The dupe list: the same person, replica, model, dataset or archive item in more than one place of CUTs (default: every cut in
    force), with what was agreed and by what a use lies outside of it."""
    from edgecode.answers.listing.dupes import WHATS
    from edgecode.production.listing.reuse import dupes as sheet_of
    from edgecode.production.papering import stamp

    with opened(folder) as production:
        sheet = sheet_of(production, cuts, what=what or WHATS)
        stamped = stamp(production, ", ".join(cuts)) if files else None
    print_sheet(sheet, "dupes", stamped, files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)
