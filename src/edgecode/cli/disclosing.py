"""`edgecode log disclose` and `log open`: one section for one reader, and opening what was sealed to a key or a passphrase."""

from pathlib import Path

import click

from edgecode.cli.context import ask_passphrase, in_production, opened, said, written_key
from edgecode.errors import InputError, UsageError


@click.command("disclose")
@click.argument("entry", type=click.IntRange(0))
@click.argument("section")
@click.option(
    "--to",
    "reader",
    default="",
    metavar="HEX|FILE",
    help="Seal it to this public key (person reader-key), or one in a file.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
@in_production
def disclose(entry: int, section: str, reader: str, out: Path, folder: Path | None) -> None:
    """Open SECTION of ENTRY to one reader, as a pack with its proof; the others stay sealed. That it was opened is recorded."""
    from edgecode.drivers.private_files import create_private
    from edgecode.drivers.sealed_letters import reader_id, seal_to_key
    from edgecode.production.packs.disclosing import disclose as disclosed

    reader = written_key(reader)
    with opened(folder) as production:
        if reader:
            data = disclosed(
                production, entry, section, reader=reader_id(reader), seal=lambda pack: seal_to_key(pack, reader)
            )
        else:
            data = disclosed(production, entry, section)
        create_private(out, data)
    said(
        f"wrote {out.name}"
        + (f"; its reader opens it with: edgecode log open {out.name} --key file:KEY" if reader else "")
    )


@click.command("open")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--key", "uri", default="", metavar="file:KEY", help="The reader's key (default: a passphrase is asked for)."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The pack to write.")
def open_letter(file: Path, uri: str, out: Path) -> None:
    """Open what was sealed to your key or passphrase, and write the pack that is in it; edgecode-verify checks it."""
    from edgecode.drivers.private_files import create_private
    from edgecode.drivers.sealed_letters import open_reader_key, open_with_key, open_with_passphrase

    if uri and not uri.startswith("file:"):
        raise UsageError("key.scheme", "a reader's key is a file", "Give --key file:PATH")
    try:
        letter = file.read_bytes()
    except OSError as error:
        raise InputError(
            "letter.unreadable", f"{file.name} cannot be read", "Give the file as it was handed over"
        ) from error
    if uri:
        plain = open_with_key(letter, open_reader_key(Path(uri.removeprefix("file:"))))
    else:
        plain = open_with_passphrase(letter, ask_passphrase(file.name))
    create_private(out, plain)
    said(f"wrote {out.name}; check it with: edgecode-verify {out.name}")
