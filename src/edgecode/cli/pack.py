"""`edgecode pack`: one file with the answer about a cut, the events behind it and their proofs, for people outside."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import as_json, in_production, opened, print_json, said
from edgecode.errors import InputError, NotFoundError, RefusedError, UsageError

if TYPE_CHECKING:
    from edgecode.production import Production

SECTIONS = ("place", "recipe", "graph", "text", "terms")


@click.command()
@click.argument("name", metavar="[CUT]", required=False)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file (default: edgecode-pack-….zip here)."
)
@click.option(
    "--open",
    "also_open",
    multiple=True,
    type=click.Choice(SECTIONS),
    help="Also open this section of every event: place (names, paths), recipe (models, seeds, words of file headers), "
    "graph, text (prompts, notes, and comments of the list, which often name clips, reels and files), terms.",
)
@click.option(
    "--name", "is_named", is_flag=True, help="Say what the cut is called; otherwise the pack has only its record id."
)
@click.option(
    "--renew",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Put the proofs of this pack under the latest head that witnesses have cosigned; its content stays as it is.",
)
@click.option("--replace", is_flag=True, help="Write over the file of --out if it is there.")
@click.option(
    "--page-digest", is_flag=True, help="Print the SHA-256 of the verify.html and edgecode-verify.pyz of this release."
)
@in_production
@as_json
def pack(
    name: str | None,
    out: Path | None,
    also_open: tuple[str, ...],
    is_named: bool,
    renew: Path | None,
    replace: bool,
    page_digest: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """Make the evidence pack of CUT: its answer, the events behind it, their proofs, and what they do not prove.

    It opens only what holds no names, paths, words or persons; --open and --name say more. Whoever gets it opens verify.html in any
    browser, or runs edgecode-verify, with the network off.
    """
    if page_digest:
        _print_digests()
        return
    if (name is None) == (renew is None) or (renew is not None and (also_open or is_named)):
        raise UsageError("pack.arguments", "give a cut, or --renew FILE alone", "As in: edgecode pack cut13")
    from edgecode.production.packs.making import cut_pack, renew_pack

    if out is not None and out.exists() and not replace and out != renew:
        # Before the pack is recorded, and a pack that was handed over may be the only copy.
        raise RefusedError("pack.exists", f"{out.name} is there already", "Give another name, or --replace")
    with opened(folder) as production:
        if renew is not None:
            try:
                before = renew.read_bytes()
            except OSError as error:
                raise NotFoundError("pack.absent", f"{renew.name} cannot be read", "Check the path") from error
            data, target = renew_pack(production, before), out or renew
        else:
            data, answer = cut_pack(production, str(name), also_open=also_open, is_named=is_named)
            # The file's name holds no title: it goes through other people's mail.
            target = out or Path(f"edgecode-pack-{answer.cuts[0].id[-12:]}-{answer.ledger.size}.zip")
        _write(target, data)
        _tell(production, target, data, json_wanted=json_wanted)


def _write(target: Path, data: bytes) -> None:
    """Whole or not at all: a pack that is renewed must not be lost."""
    waiting = target.with_name(f"{target.name}.part")
    try:
        waiting.write_bytes(data)
        waiting.replace(target)
    except OSError as error:
        raise InputError(
            "pack.unwritable", f"{target.name} cannot be written here", "Give another place: --out FILE"
        ) from error


def _tell(production: "Production", target: Path, data: bytes, *, json_wanted: bool) -> None:
    from edgecode.production.packs.making import pack_made

    made = pack_made(production, data, file=target.name)
    if json_wanted:
        print_json(made)
        return
    click.echo(f"{target}   {made.bytes:,} bytes, {made.events:,} events, sha256 {made.sha256}")
    if made.reached:
        click.echo(
            f"Its proofs are under a head of {made.head.size:,} entries that {' and '.join(made.witnesses)} cosigned."
        )
    else:
        click.echo(
            f"Its proofs are under the log's own head of {made.head.size:,} entries; not enough witnesses have cosigned it."
        )
        said(f"Once witnesses have (edgecode witness submit): edgecode pack --renew {target.name}")
    said("Hand the key or the policy file over by another way than the pack: edgecode log checkpoint --key")


def _print_digests() -> None:
    from hashlib import sha256

    from edgecode.answers.verify_page import verify_page
    from edgecode.production.packs.verifier_program import verifier_program

    for name, data in (("verify.html", verify_page()), ("edgecode-verify.pyz", verifier_program())):
        click.echo(f"{sha256(data).hexdigest()}  {name}")
