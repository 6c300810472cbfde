"""`edgecode form`: forms of buyers, authorities and awards, filled from the record."""

from pathlib import Path

import click

from edgecode.cli.context import as_json, in_production, opened
from edgecode.cli.handing_over import as_files, hand_over
from edgecode.errors import NotFoundError, UsageError


@click.group()
def form() -> None:
    """Forms of buyers, authorities and awards, answered from the record as far as it goes."""


@form.command("list")
def list_() -> None:
    """The forms that ship, with whose they are."""
    from edgecode.answers.forms.answering import ANSWERS
    from edgecode.answers.forms.preset import shipped, shipped_names
    from edgecode.answers.layout.columns import aligned

    presets = [(name, shipped(name, asks=frozenset(ANSWERS))) for name in shipped_names()]
    for line in aligned(
        [(name, preset.title, preset.edition, f"{len(preset.questions)} questions") for name, preset in presets]
    ):
        click.echo(line)


@form.command("fill")
@click.argument("name", metavar="CUT")
@click.option("--preset", default="", metavar="NAME", help="A form that ships: edgecode form list.")
@click.option(
    "--file", "file", type=click.Path(path_type=Path, dir_okay=False), help="Instead: a form of your own, as TOML."
)
@as_files
@in_production
@as_json
def fill(
    name: str,
    preset: str,
    file: Path | None,
    files: tuple[Path, ...],
    replace: bool,
    csv_wanted: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """Fill a form for CUT. What nobody recorded stays a question on it. Needs edgecode[policy]."""
    from edgecode.answers.forms.answering import ANSWERS
    from edgecode.answers.forms.preset import parse_preset, shipped
    from edgecode.production.forms.filling import filled_form

    if bool(preset) == (file is not None):
        raise UsageError(
            "form.which",
            "which form?",
            "Name one that ships (--preset, see edgecode form list) or give a file (--file)",
        )
    asks = frozenset(ANSWERS)
    if file is not None:
        try:
            chosen = parse_preset(file.read_bytes(), name=file.name, asks=asks)
        except OSError as error:
            raise NotFoundError(
                "file.absent", f"{file.name} cannot be read ({error.strerror})", "Check the path"
            ) from error
    else:
        chosen = shipped(preset, asks=asks)
    with opened(folder) as production:
        paper = filled_form(production, name, chosen)
    hand_over(paper, files=files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)
