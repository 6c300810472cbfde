"""`edgecode key`: the keys that sign the record: make, list, change, retire."""

import os
from pathlib import Path

import click

from edgecode.cli.context import as_json, ask_passphrase, in_production, print_json, said, terminal_world


@click.group()
def key() -> None:
    """The keys that sign the record: create, list, rotate, retire."""


@key.command("create")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--passphrase", is_flag=True, help="Lock it with a passphrase, which is asked for.")
def create(file: Path, passphrase: bool) -> None:
    """Make a new signing key in FILE, for its owner alone. It signs nothing until `edgecode key rotate`."""
    from edgecode.drivers.key_files import create_key_file

    create_key_file(file, passphrase=_new_passphrase(file) if passphrase else None)
    said(
        f"made {file.name}; keep a copy where nobody else can read it, then: edgecode key rotate --to file:{file.resolve()}"
    )


@key.command("list")
@in_production
@as_json
def list_keys(folder: Path | None, json_wanted: bool) -> None:
    """Every key of the log, oldest first: which sign, and up to how many entries a retired one is good for."""
    from edgecode.answers.record.key_book import key_lines, keys_answer
    from edgecode.production.keys import keys_of

    answer = keys_answer(keys_of(_production(folder)))
    if json_wanted:
        print_json(answer)
        return
    for line in key_lines(answer):
        click.echo(line)


@key.command("rotate")
@click.option(
    "--to", "uri", required=True, help="The new key: file:PATH (relative to the production), or another scheme."
)
@in_production
def rotate(uri: str, folder: Path | None) -> None:
    """Let another key sign from now on; the one before signs along until `edgecode key retire`."""
    from edgecode.production.keys import rotate_key

    new = rotate_key(_production(folder), uri, world=terminal_world())
    click.echo(str(new))
    said(
        "it signs from now on, and the key before it signs along; hand this line to whoever verifies, then: edgecode key retire"
    )


@key.command("retire")
@click.option(
    "--why",
    type=click.Choice(["rotated", "lost", "exposed"]),
    default="rotated",
    show_default=True,
    help="What happened to the key.",
)
@click.option(
    "--to", "uri", default="", help="With --why lost: the key that takes the place of the one that signed last."
)
@in_production
def retire(why: str, uri: str, folder: Path | None) -> None:
    """Let the key before the current one sign no more. What it signed stays good; larger heads need the current key."""
    from typing import cast

    from edgecode.production.keys import Why, retire_key

    gone, trusted = retire_key(_production(folder), why=cast("Why", why), to=uri, world=terminal_world())
    click.echo(str(gone))
    said(f"it signs no more; alone it is good for heads of at most {trusted:,} entries")
    if why == "lost":
        said(
            "nothing leads from a lost key to the new one: hand the new line of .edgecode/log.vkey over by another way"
        )


def _production(folder: Path | None) -> Path:
    from edgecode.settings import production_folder

    return production_folder((folder or Path.cwd()).resolve())


def _new_passphrase(file: Path) -> str:
    """From where an existing key's would come; typed twice when a person is asked."""
    from edgecode.drivers.key_files import PASSPHRASE, PASSPHRASE_FILE, passphrase_for

    if PASSPHRASE in os.environ or PASSPHRASE_FILE in os.environ:
        return passphrase_for(file).decode("utf-8")
    return ask_passphrase(file.name, twice=True)
