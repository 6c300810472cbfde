"""Reading an export and saying whether it is good enough: red, yellow or green, with the choice that mends each thing."""

from collections.abc import Sequence
from pathlib import Path

from edgecode.ingest.editorial.export_check import checked, program_of
from edgecode.ingest.editorial.export_choices import PROGRAMS
from edgecode.production.doors.cut_files import BUNDLE_FILE, read_cuts
from edgecode.production.doors.readers import read_bytes
from edgecode.terms.timebase import Rate


def check_export(files: Sequence[Path], *, program: str = "", rate: Rate | None = None) -> tuple[str, list[str]]:
    """The colour (``RED``, ``YELLOW``, ``GREEN``) and the lines to print. Raises what reading the files raises."""
    readings = read_cuts(files, rate=rate)
    data = read_bytes(files[0] / BUNDLE_FILE if files[0].is_dir() else files[0])
    guessed = program_of(data, readings[0].format if readings else "")
    meant = next((one for one in PROGRAMS if one == program), guessed)
    found = checked(readings, program=meant)
    colour = "RED" if any(one.colour == "red" for one in found) else "YELLOW" if found else "GREEN"
    clips = sum(len(one.clips) for one in readings)
    spoken = "" if meant == "any" else f", as from {meant}"
    lines = [f"{colour}: {clips:,} clips in {len(readings)} cut{'s' if len(readings) != 1 else ''}{spoken}"]
    for one in found:
        share = f"{one.count:,} of {one.of:,} clips " if one.of else f"{one.count:,} " if one.count else ""
        lines += [f"  {one.colour:<6} {share}{one.text} [{one.code}]", f"         {one.mend}"]
    return colour, lines
