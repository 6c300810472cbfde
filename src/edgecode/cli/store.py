"""`edgecode store`: where the record is kept, and moving it between SQLite and PostgreSQL."""

import sys
from pathlib import Path

import click

from edgecode.cli.context import as_json, in_production, print_json


@click.group()
def store() -> None:
    """Where the record, its keys and the index are: show, copy."""


@store.command("show")
@in_production
@as_json
def show(folder: Path | None, json_wanted: bool) -> None:
    """Where the stores are, how large, under which settings, and where what was erased may still lie. Prints no password."""
    from edgecode.answers.record.stores import stores_text
    from edgecode.production.log.moving import stores_of
    from edgecode.settings import production_folder

    answer = stores_of(production_folder((folder or Path.cwd()).resolve()))
    if json_wanted:
        print_json(answer)
    else:
        click.echo(stores_text(answer), nl=False)


@store.command("copy")
@click.option("--to-ledger", "ledger", metavar="URL", help="Copy the record there: postgresql://… or sqlite:PATH.")
@click.option("--to-keys", "keys", metavar="URL", help="Copy the keys of sealed sections there.")
@click.option("--to-index", "index", metavar="URL", help="Make the index there, from what was copied.")
@click.option("--switch", is_flag=True, help="Use the copy from then on: edgecode.toml names the new places.")
@in_production
@as_json
def copy(
    ledger: str | None, keys: str | None, index: str | None, switch: bool, folder: Path | None, json_wanted: bool
) -> None:
    """Copy the production's stores to other databases and compare every entry, section, root and key.

    Nothing in the old places changes. A copy that was interrupted goes on when the same command is run again; a place that holds another
    log is refused.
    """
    from edgecode.answers.record.stores import store_copy_text
    from edgecode.production.log.moving import copy_stores
    from edgecode.settings import production_folder

    to = {name: url for name, url in (("ledger", ledger), ("keys", keys), ("index", index)) if url}
    answer = copy_stores(production_folder((folder or Path.cwd()).resolve()), to, switch=switch, told=_told)
    if json_wanted:
        print_json(answer)
    else:
        click.echo(store_copy_text(answer), nl=False)


def _told(done: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\rcopied {done:,} of {of:,} entries", err=True, nl=done == of)
