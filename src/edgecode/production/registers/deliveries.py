"""The delivery schedule of a cut: what is ticked, and what the record still lacks for each exhibit."""

from hashlib import file_digest
from pathlib import Path

from edgecode.answers.layout.columns import counted, form
from edgecode.answers.papers.heading import figures_of, heading
from edgecode.answers.registers.schedule import (
    Delivered,
    Handed,
    Schedule,
    parse_handed,
    schedule_sheet,
)
from edgecode.answers.registers.toolchain import toolchain
from edgecode.answers.report.paper import Paper, Table
from edgecode.errors import InputError, NotFoundError
from edgecode.production.checking.cuts import check
from edgecode.production.corridor import Production
from edgecode.production.delivering.recording import delivered_on
from edgecode.production.papering import stamp
from edgecode.production.papers.cut_sheets import packs_text
from edgecode.production.papers.knowing import known_of


def delivery_schedule(production: Production, cut: str, schedule: Schedule, *, exhibits: Path | None = None) -> Paper:
    """The schedule with its ticks. *exhibits*: a file that says of each exhibit which file it is (beside that file, or by an absolute
    path), or who let it off and why.

    Raises as `check` and `parse_handed` do, NotFoundError ``file.absent`` for a file that is not there, InputError ``schedule.no_file``:
    nothing is ticked on somebody's word.
    """
    handed: dict[str, Handed] = {}
    delivered: dict[str, Delivered] = {}
    if exhibits is not None:
        handed = parse_handed(_read(exhibits), schedule, name=exhibits.name)
        delivered = {number: _delivered(exhibits.parent / one.file) for number, one in handed.items() if one.file}
    checked = check(production, cut)
    known = known_of(production, cut, directed=False)
    stamped = stamp(production, known.view.name, packs=packs_text(checked))
    found = figures_of(known)
    register = toolchain(known, committed=lambda entry: "")
    open_lines = sum(1 for row in register.rows if row[0] != "none")
    holding = checked.answer.counts.holding
    left = found.unaccounted - found.waived
    gaps = {
        "coverage": f"coverage {counted(left, 'frame')} short" if left else "",
        "tools": f"unknowns in {counted(open_lines, 'line')}" if open_lines else "",
        "check": f"{counted(holding, 'finding')} {form(holding, 'holds', 'hold')} delivery ({checked.answer.word})"
        if holding
        else "",
        "witness": "" if stamped.organizations else "not witnessed",
    }
    recorded = delivered_on(production.index, checked.answer.cut_id)
    sheet = schedule_sheet(schedule, handed, delivered, gaps, cut=known.view.name, recorded=recorded)
    table = Table("", sheet.columns, sheet.rows, foot=sheet.foot)
    return Paper(kind="schedule", title=sheet.title, stamp=stamped, blocks=(heading(known), table))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotFoundError(
            "file.absent", f"{file.name} cannot be read ({error.strerror})", "Check the path"
        ) from error


def _delivered(file: Path) -> Delivered:
    try:
        if not file.is_file():
            raise InputError(
                "schedule.no_file",
                f"{file.name} is no file",
                "Name the file that goes to the buyer; pack folders first",
            )
        with file.open("rb") as stream:
            return Delivered(file.name, file_digest(stream, "sha256").hexdigest())
    except OSError as error:
        raise NotFoundError(
            "file.absent", f"{file.name} cannot be read ({error.strerror})", "Check the path"
        ) from error
