"""What the columns of a table mean: names, reels, files, ids, codes and timecodes, however the program that wrote it calls them."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from msgspec import Struct

from edgecode.errors import InputError
from edgecode.ingest.doors import Row, Table
from edgecode.ingest.editorial.edge_codes import settled_code
from edgecode.terms.timebase import Rate, frame_of_label, label_says_drop_frame

NAMES = ("name", "clipname", "clip", "clipid", "masterclip", "displayname")
REELS = ("tape", "tapename", "tapeid", "reel", "reelname", "sourcereel", "sourcetape", "cameraroll", "camroll")
FILES = (
    "sourcefile", "filename", "file", "filepath", "fullpath", "sourcefilename", "sourcefilepath", "uncpath", "unc", "sourcepath",
)  # fmt: skip
ORIGINALS = ("originalfile", "originalfilename")
"""Headings of the file that the row's other files were made from."""
UMIDS = ("umid", "sourceumid", "clipumid", "mobid", "sourcemobid", "materialid", "uniqueid")
CODES = ("edgecode", "edgecodes")
STARTS = ("start", "starttc", "starttimecode", "tcin", "timecodein", "tcstart", "timecodestart")
ENDS = ("end", "endtc", "endtimecode", "tcout", "timecodeout", "tcend", "timecodeend")
RATES = ("fps", "framerate", "projectfps", "rate")

_PARTS = re.compile(r"[\\/]+")
_NUMBERED = re.compile(r"(.+) [0-9]+")
"""A heading that stands in a table again, as readers call it."""
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")


class RowMeaning(Struct, frozen=True):
    """What a row says of one clip. *files*: all that it names; *originals*: those of them that it says the others were made from.

    *start*, *end*: half open, in frames at *rate*; None: it does not say, says several, or not at a known rate.
    """

    table: int
    line: int
    names: tuple[str, ...]
    reels: tuple[str, ...]
    files: tuple[str, ...]
    originals: tuple[str, ...]
    umids: tuple[str, ...]
    codes: tuple[str, ...]
    start: int | None
    end: int | None
    rate: Rate | None


def meaning_of(row: Row, table: Table, *, place: int, rate: Rate | None) -> RowMeaning:
    """What *row* of the table in that *place* says. *rate*: where neither the row nor the table's heading says how many frames a second."""
    values = _by_heading(row.values, table.columns)
    header = _by_heading(table.header, ())
    counted = _rate(values, header) or rate
    return RowMeaning(
        table=place,
        line=row.line,
        names=_of(values, NAMES),
        reels=_of(values, REELS),
        files=_of(values, (*FILES, *ORIGINALS)),
        originals=_of(values, ORIGINALS),
        umids=_of(values, UMIDS),
        codes=tuple(code for written in _of(values, CODES) if (code := settled_code(written))),
        start=_frame(values, STARTS, counted),
        end=_frame(values, ENDS, counted),
        rate=counted,
    )


def folded_heading(heading: str) -> str:
    """A heading as headings are compared: letters and digits alone, ``Reel #`` as ``Reel_#``."""
    return re.sub(r"[^a-z0-9]", "", heading.casefold())


def folded_name(text: str) -> str:
    """A name as names are compared: NFC, case folded, no spaces around it."""
    return unicodedata.normalize("NFC", text.strip()).casefold()


def file_names(path: str) -> tuple[str, ...]:
    """The last part of a path or name, folded, with and without its suffix."""
    last = folded_name(_PARTS.split(path.rstrip("\\/"))[-1])
    return tuple(dict.fromkeys(name for name in (last, _SUFFIX.sub("", last)) if name))


def heading_meant(column: str, columns: Collection[str]) -> str:
    """A column's heading without the number that a reader gives one that stands in the table again."""
    again = _NUMBERED.fullmatch(column)
    return again[1] if again and again[1] in columns else column


def _by_heading(values: Mapping[str, str], columns: Collection[str]) -> dict[str, list[str]]:
    """What stands under headings that compare equal: two columns ``Source File`` and ``SourceFile`` both say something, and so does a
    second ``Source File``."""
    found: dict[str, list[str]] = {}
    for heading, value in values.items():
        found.setdefault(folded_heading(heading_meant(heading, columns)), []).append(value)
    return found


def _of(values: Mapping[str, Sequence[str]], headings: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for heading in headings for value in values.get(heading, ()) if value))


def _rate(values: Mapping[str, Sequence[str]], header: Mapping[str, Sequence[str]]) -> Rate | None:
    for written in (*_of(values, RATES), *_of(header, RATES)):
        try:
            return Rate.of(written.split()[0])
        except (InputError, ValueError):
            continue
    return None


def _frame(values: Mapping[str, Sequence[str]], headings: Sequence[str], rate: Rate | None) -> int | None:
    """The timecode under *headings*; None where there is none, and where several differ."""
    found: set[int] = set()
    for written in _of(values, headings) if rate is not None else ():
        with suppress(InputError):
            found.add(frame_of_label(written, rate, drop_frame=label_says_drop_frame(written)))  # type: ignore[arg-type]
    return found.pop() if len(found) == 1 else None
