"""`edgecode usd`: copies of USD layers that carry names of the record."""

from pathlib import Path

import click


@click.group()
def usd() -> None:
    """Write into copies of USD layers (extra usd). What a layer says is shown by edgecode inspect."""


@usd.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The copy, a new file in the same folder.")
@click.option("--prim", default="", help="The prim that is stamped (default: the layer's default prim).")
@click.option("--name", default="", help="assetInfo name.")
@click.option("--asset-version", default="", help="assetInfo version.")
@click.option("--identifier", default="", help="An edge code or a version's id; written as @edgecode:…@.")
@click.option("--producer", default="", help="Authorship: the program that made it.")
@click.option("--producer-version", default="", help="Authorship: its version.")
@click.option("--source-type", default="", help="Authorship: the digital source type, as in trainedAlgorithmicMedia.")
@click.option("--usage-terms", default="", help="Authorship: the license, as SPDX writes it.")
def stamp(
    file: Path,
    out: Path,
    prim: str,
    name: str,
    asset_version: str,
    identifier: str,
    producer: str,
    producer_version: str,
    source_type: str,
    usage_terms: str,
) -> None:
    """Write a copy of FILE with assetInfo and authorship on one prim. FILE stays as it is. Names of people are never written."""
    from edgecode.errors import UsageError
    from edgecode.production.doors.usd import stamp_usd

    authored = {
        "producer": producer,
        "version": producer_version,
        "digitalSourceType": f"http://cv.iptc.org/newscodes/digitalsourcetype/{source_type}" if source_type else "",
        "usageTerms": usage_terms,
    }
    if not any((name, asset_version, identifier, *authored.values())):
        raise UsageError(
            "usd.nothing", "nothing was given that could be written", "As in: --identifier 'G 7K3F9 Q2MT4'"
        )
    said = {key: value for key, value in authored.items() if value}
    stamp_usd(file, out, prim=prim, name=name, version=asset_version, identifier=identifier, authored=said)
    click.echo(f"Wrote {out.name}")
