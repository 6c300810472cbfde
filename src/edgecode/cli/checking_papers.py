"""`edgecode paper-check`: the proof codes of printed pages, made again from the JSON of their paper."""

from pathlib import Path

import click

from edgecode.cli.context import as_json, print_json
from edgecode.errors import InputError, InvalidError, NotFoundError

MOST_BYTES = 64 << 20


@click.command("paper-check")
@click.argument("file", metavar="FILE.json", type=click.Path(path_type=Path))
@click.argument("codes", metavar="CODE…", nargs=-1, required=True)
@as_json
def paper_check(file: Path, codes: tuple[str, ...], json_wanted: bool) -> None:
    """Say of each proof CODE of a printed page which lines of the paper in FILE.json it stands for.

    Needs neither a production nor a network. A code may stand with the lines that its page prints: 1-37:7K3F9Q2MT4. Exit 30 where one of
    them is not of this paper: the page comes from another one, or its text was changed.
    """
    from edgecode.answers.report.checking import check_codes, check_text, read_paper

    checked = check_codes(read_paper(_read(file), name=file.name), codes)
    if json_wanted:
        print_json(checked)
    else:
        click.echo(check_text(checked), nl=False)
    wrong = sum(not page.is_of_paper for page in checked.pages)
    if wrong:
        raise InvalidError(
            "paper.code_differs",
            f"{wrong} of {len(checked.pages)} codes are not of this paper",
            "Check the digits, then ask for the paper that the page came from",
        )


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotFoundError(
            "file.absent", f"{file.name} cannot be opened ({error.strerror})", "Check the path"
        ) from error
    if len(data) > MOST_BYTES:
        raise InputError(
            "paper.file_unreadable", f"{file.name} is larger than any paper", "Give the file that --to NAME.json wrote"
        )
    return data
