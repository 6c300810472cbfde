"""Looking edge codes up: those of a text, in the record or in a pack alone, where no production and no network is."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import fitted_width, opened, print_json
from edgecode.errors import InputError, InvalidError, NotFoundError, UsageError

if TYPE_CHECKING:
    from edgecode.answers.matchback.codes import Lookup

MOST_BYTES = 16 << 20


def look_up(
    what: tuple[str, ...],
    codes: Path | None,
    pack: Path | None,
    *,
    folder: Path | None,
    reveal: bool,
    json_wanted: bool,
) -> None:
    """Print what the codes name. Raises UsageError ``matchback.codes`` and NotFoundError ``edge_code.unknown`` where one is left open."""
    from edgecode.answers.layout.sheets import sheet_answer, sheet_text
    from edgecode.answers.matchback.codes import code_sheet, codes_in, named_in_record

    if bool(what) == (codes is not None):
        raise UsageError(
            "matchback.codes", "give either a CODE or --codes FILE", "As in: edgecode matchback --codes list.edl"
        )
    text, where = (
        (_text(codes), codes.name) if codes is not None else (f"EDGECODE: {' '.join(what)}", "the command line")
    )
    written = list(codes_in(text))
    if pack is not None:
        sheet, left = code_sheet(written, _named_in_pack(pack), where=where)
    else:
        with opened(folder) as production:
            sheet, left = code_sheet(written, named_in_record(production.index, reveal=reveal), where=where)
    if json_wanted:
        print_json(sheet_answer(sheet))
    else:
        click.echo(sheet_text(sheet, columns=fitted_width()), nl=False)
    if left or not written:
        said = f"{left} of {len(written)} codes are left open" if written else f"no edge code was found in {where}"
        raise NotFoundError("edge_code.unknown", said, "Read them again, or ask where their material was scanned")


def _named_in_pack(path: Path) -> "Lookup":
    """What codes name in a pack that holds together. Raises InvalidError ``matchback.pack`` for one that does not."""
    from edgecode.answers.matchback.pack_codes import named_in_pack

    named = named_in_pack(_bytes(path))
    if named is None:
        raise InvalidError(
            "matchback.pack", f"{path.name} is no pack that holds", "See what is wrong with it: edgecode-verify FILE"
        )
    return named


def _text(path: Path) -> str:
    return (sys.stdin.buffer.read(MOST_BYTES) if str(path) == "-" else _bytes(path)).decode("utf-8", "replace")


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read((1 << 30) + 1 if path.suffix.lower() == ".zip" else MOST_BYTES + 1)
    except OSError as error:
        raise NotFoundError(
            "file.absent", f"{path.name} cannot be opened ({error.strerror})", "Check the path"
        ) from error
    if path.suffix.lower() != ".zip" and len(data) > MOST_BYTES:
        raise InputError("matchback.too_large", f"{path.name} is larger than 16 MB", "Give it in parts")
    return data
