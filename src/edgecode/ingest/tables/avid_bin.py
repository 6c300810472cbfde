"""Avid bins (.avb): every clip of a bin with its columns, its UMIDs, its tape and its timecode, through pyavb (extra ``avb``).

A bin is a tree of binary objects from a stranger: `drivers.apart` runs this reader in a process of its own.
"""

import io
from collections.abc import Iterator, Mapping
from fractions import Fraction

from edgecode.errors import InputError, UnavailableError
from edgecode.ingest.doors import Row, Table
from edgecode.ingest.editorial.limits import refuse_large_file
from edgecode.ingest.editorial.texts import recordable
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.timebase import Rate, label_of_frame

FORMAT = "avb"
_HEADS = (b"\x06\x00Domain", b"\x00\x06Domain")
"""How a bin begins, written on an Intel and on a Motorola machine."""

OWN_COLUMNS = ("Name", "Kind", "UMID", "Start", "End", "FPS", "Tape", "Source UMID", "Source File", "Tracks")
_KINDS = {"MasterMob": "clip", "CompositionMob": "sequence", "SourceMob": "source"}
_MAX_HOPS = 16
_MAX_CELL = 10_000


def looks_like_bin(head: bytes) -> bool:
    """Whether a file begins as a bin does."""
    return head.startswith(_HEADS)


def read_bin(data: bytes, *, name: str) -> Table:
    """The clips and sequences that lie in a bin, a row each in the bin's order; *line* is the place in the bin from 1.

    Raises InputError: ``cut.too_large``, ``table.malformed``; UnavailableError ``extra.missing`` where pyavb is not installed.
    """
    refuse_large_file(data, name)
    try:
        import avb  # a parser of a binary format: only ever loaded where it is used
    except ImportError as missing:
        raise UnavailableError(
            "extra.missing",
            f"{name} is an Avid bin, and the library that reads it is not installed",
            "Install it: pip install 'edgecode[avb]'",
        ) from missing
    problems: list[Diagnostic] = []
    try:
        # The library's readers in C are not used: what a broken file does to them ends the process.
        content = avb.file.AVBFile(io.BytesIO(data), use_ext=False).content
        items = list(_walked(content, "items"))
    except Exception as error:  # the library promises no kind of error for a file that is cut short or broken
        raise InputError(
            "table.malformed",
            f"{name} is no whole Avid bin ({type(error).__name__})",
            "Save the bin again; the file may be cut short",
        ) from error
    rows = [row for place, item in enumerate(items, start=1) if (row := _row(item, place, problems)) is not None]
    extra = dict.fromkeys(column for row in rows for column in row.values if column not in OWN_COLUMNS)
    return Table(FORMAT, name, (*OWN_COLUMNS, *extra), tuple(rows), {}, tuple(problems))


def _row(item: object, place: int, problems: list[Diagnostic]) -> Row | None:
    """What a bin says of one item; sources that the bin only keeps for its clips have no row."""
    try:
        mob = getattr(item, "mob", None)
        kind = _KINDS.get(str(getattr(mob, "mob_type", "")), "")
        if mob is None or (kind == "source" and not getattr(item, "user_placed", False)):
            return None
        values = {"Name": _text(mob, "name"), "Kind": kind, "UMID": str(getattr(mob, "mob_id", ""))}
        values |= _media(mob)
        for key, value in _user(mob).items():
            _beside(values, recordable(str(key)), recordable(str(value))[:_MAX_CELL])
        return Row(place, {key: value for key, value in values.items() if value.strip()})
    except Exception as error:  # the library promises no kind of error; one item's must not take the others' rows
        text = f"an item of the bin cannot be read ({type(error).__name__})"
        problems.append(Diagnostic("event.unparsed", text, line=place, effect="row-missing"))
        return None


def _beside(values: dict[str, str], key: str, value: str) -> None:
    """Add what a person's column says; where it is called like one of ours and says something else, under its name with a number."""
    called, count = key, 2
    while called in values and values[called].strip() != value.strip():
        called = f"{key} {count}"
        count += 1
    values[called] = value


def _user(mob: object) -> Mapping[object, object]:
    """The columns that people and programs filled."""
    attributes = getattr(mob, "attributes", None)
    found = attributes.get("_USER") if attributes is not None else None
    return found if isinstance(found, Mapping) else {}


def _media(mob: object) -> dict[str, str]:
    """Tape, timecode, file and UMID of what a clip was made from: the way down through its sources."""
    tracks = list(_walked(mob, "tracks"))
    shown = [track for track in tracks if str(getattr(track, "media_kind", "")) in ("picture", "sound")]
    found = {"Tracks": _tracks(shown)}
    first = next(iter(shown), None)
    rate = _rate(getattr(first, "component", None))
    if rate is not None:
        found["FPS"] = rate.spoken
    start = _timecode(tracks)
    for source, offset in _chain(getattr(first, "component", None)):
        found["Source UMID"] = str(getattr(source, "mob_id", ""))
        descriptor = getattr(source, "descriptor", None)
        if type(descriptor).__name__ == "TapeDescriptor":
            found["Tape"] = _text(source, "name")
        path = _path(getattr(descriptor, "locator", None))
        if path:
            found["Source File"] = path
        below = _timecode(list(_walked(source, "tracks")))
        start = below + offset if below is not None else start
    length = getattr(getattr(first, "component", None), "length", None)
    if start is not None and rate is not None and isinstance(length, int):
        found |= {"Start": label_of_frame(start, rate), "End": label_of_frame(start + length, rate)}
    return found


def _chain(component: object) -> Iterator[tuple[object, int]]:
    """The sources below a track's component, and how far into each the clip starts, in its frames."""
    offset = 0
    for _ in range(_MAX_HOPS):
        if type(component).__name__ != "SourceClip":
            return
        start, source = getattr(component, "start_time", 0), getattr(component, "mob", None)
        if source is None or not isinstance(start, int):
            return
        offset += start
        yield source, offset
        number, kind = getattr(component, "track_id", None), getattr(component, "media_kind", None)
        tracks = [each for each in _walked(source, "tracks") if str(getattr(each, "media_kind", "")) == str(kind)]
        track = next((each for each in tracks if getattr(each, "index", None) == number), None)
        component = getattr(track, "component", None)


def _timecode(tracks: list[object]) -> int | None:
    for track in tracks:
        component = getattr(track, "component", None)
        start = getattr(component, "start", None)
        if type(component).__name__ == "Timecode" and isinstance(start, int) and start >= 0:
            return start
    return None


def _rate(component: object) -> Rate | None:
    written = getattr(component, "edit_rate", None)
    try:
        return Rate.of(Fraction(str(written))) if written else None
    except (ValueError, InputError):
        return None


def _path(locator: object) -> str:
    for key in ("path_utf8", "path", "url", "path_posix"):
        found = getattr(locator, key, None)
        if isinstance(found, str) and found:
            return recordable(found)
    return ""


def _tracks(tracks: list[object]) -> str:
    letters = {"picture": "V", "sound": "A"}
    return " ".join(f"{letters[str(getattr(each, 'media_kind', ''))]}{getattr(each, 'index', '')}" for each in tracks)


def _text(item: object, key: str) -> str:
    found = getattr(item, key, None)
    return recordable(found) if isinstance(found, str) else ""


def _walked(item: object, key: str) -> Iterator[object]:
    found = getattr(item, key, None)
    yield from found if found is not None else ()
