"""The text that Pro Tools exports of a session (Session Info as Text), taken apart: header, files, clips, tracks with their rows.

Source: Pro Tools Reference Guide, "Exporting Session Information as Text". Sections have spaced headings; columns are separated by
tabs and padded with spaces; times are in whatever the export dialog was set to.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from edgecode.ingest.editorial.texts import decoded, recordable
from edgecode.terms.cuts import Diagnostic

_LINES = re.compile(r"\r\n|\r|\n")
_HEADING = re.compile(r"^(?:[A-Z\-] ){2,}[A-Z\-](?: {2}(?:[A-Z\-] ?)+)*$")
_CHANNEL = re.compile(r"^\[\d+\]$")
_STATES = ("SOLO", "MUTED", "INACTIVE", "HIDDEN")


class Row(NamedTuple):
    """An event of a track: the line it stands on, and its columns by the track's own headings in capitals."""

    line: int
    values: Mapping[str, str]

    def told(self, *keys: str) -> str:
        """The first of several columns that is there."""
        return next((self.values[key] for key in keys if self.values.get(key)), "")


class SessionTrack(NamedTuple):
    """A track: *states* of Solo, Muted, Inactive, Hidden; *plug_ins* None where the export does not list them."""

    name: str
    states: frozenset[str]
    plug_ins: tuple[str, ...] | None
    rows: tuple[Row, ...]


class SessionText(NamedTuple):
    """*header* by its keys in capitals without the colon. *files*: location by file name. *sources*: file name by clip name.
    "" in both: the export says several."""

    header: Mapping[str, str]
    files: Mapping[str, str]
    sources: Mapping[str, str]
    tracks: tuple[SessionTrack, ...]
    lists_clips: bool
    problems: tuple[Diagnostic, ...]


def looks_like_session(head: bytes) -> bool:
    """Whether a file begins as such an export does."""
    return decoded(head)[0].lstrip("\ufeff \t\r\n").startswith("SESSION NAME:")


def parse_session(data: bytes) -> SessionText:
    """Everything that the text says; lines of sections that we do not read are left alone."""
    text, encoding = decoded(data)
    problems = [] if encoding == "utf-8" else [_encoding(encoding)]
    sections = _sections(text)
    header = dict(_header(sections.get("", [])))
    files: dict[str, str] = {}
    for name in ("FILES IN SESSION", "ONLINE FILES IN SESSION", "OFFLINE FILES IN SESSION"):
        for cells in _table(sections.get(name, [])):
            if len(cells) > 1:
                _tell(files, cells[0], cells[1], "a file name stands in two folders", problems)
    sources: dict[str, str] = {}
    clips = [name for name in sections if name.endswith(("CLIPS IN SESSION", "REGIONS IN SESSION"))]
    for name in clips:
        for cells in _table(sections[name]):
            named = [cell for cell in cells if not _CHANNEL.match(cell)]
            if len(named) > 1:
                _tell(sources, named[0], named[1], "a clip name has two source files", problems)
    tracks = tuple(_tracks(sections.get("TRACK LISTING", []), problems))
    return SessionText(header, files, sources, tracks, bool(clips), tuple(problems))


def _tell(told: dict[str, str], name: str, value: str, twice: str, problems: list[Diagnostic]) -> None:
    """Note what a list says of a name; "" where it says two things, which is said as well."""
    if name not in told:
        told[name] = value
    elif told[name] and told[name] != value:
        told[name] = ""
        text = f"{twice}, and the export does not say which is meant: neither is taken"
        problems.append(Diagnostic("resource.twice", text, effect="approximate"))


def _encoding(taken: str) -> Diagnostic:
    return Diagnostic("text.encoding", f"the file is not UTF-8; it was read as {taken}")


def _sections(text: str) -> dict[str, list[tuple[int, str]]]:
    """Lines by section, with their numbers; the header's section is called ""."""
    found: dict[str, list[tuple[int, str]]] = {"": []}
    current = found[""]
    for number, line in enumerate(_LINES.split(text.lstrip("\ufeff").rstrip("\0")), start=1):
        bare = line.strip()
        if _HEADING.match(bare):
            words = [word.replace(" ", "") for word in re.split(r" {2,}", bare)]
            current = found.setdefault(" ".join(words), [])
            continue
        current.append((number, recordable(line)))
    return found


def _header(lines: list[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    for _, line in lines:
        key, tab, value = line.partition("\t")
        if tab and key.strip().endswith(":"):
            yield key.strip().rstrip(":").upper(), value.strip()


def _table(lines: list[tuple[int, str]]) -> Iterator[list[str]]:
    """Rows below the line of headings."""
    rows = [[cell.strip() for cell in line.split("\t") if cell.strip()] for _, line in lines if line.strip()]
    yield from rows[1:]


def _tracks(lines: list[tuple[int, str]], problems: list[Diagnostic]) -> Iterator[SessionTrack]:
    block: list[tuple[int, str]] = []
    for number, line in lines:
        if line.startswith("TRACK NAME:"):
            if block:
                yield _track(block, problems)
            block = []
        if line.strip():
            if block or line.startswith("TRACK NAME:"):
                block.append((number, line))
            else:
                problems.append(_lost(number, "a line stands before the first track"))
    if block:
        yield _track(block, problems)


def _track(block: list[tuple[int, str]], problems: list[Diagnostic]) -> SessionTrack:
    told: dict[str, str] = {}
    columns: list[str] = []
    rows: list[Row] = []
    for number, line in block:
        key, _, value = line.partition(":")
        if not columns and line.split("\t", 1)[0].strip().upper() == "CHANNEL":
            columns = [cell.strip().upper() for cell in line.split("\t")]
        elif not columns and re.fullmatch(r"[A-Z \-]+", key):
            told[key.strip()] = value.strip("\t ")
        elif columns:
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) < min(len(columns), 6):
                problems.append(_lost(number, "a line of a track has fewer columns than its headings"))
                continue
            rows.append(Row(number, dict(zip(columns, cells, strict=False))))
        else:
            told["COMMENTS"] = told.get("COMMENTS", "") + "\n" + line.strip()
    words = told.get("STATE", "").upper().replace(",", " ").split()
    plug_ins = told.get("PLUG-INS")
    listed = None if plug_ins is None else tuple(each.strip() for each in plug_ins.split("\t") if each.strip())
    return SessionTrack(
        told.get("TRACK NAME", ""), frozenset(word for word in words if word in _STATES), listed, tuple(rows)
    )


def _lost(line: int, text: str) -> Diagnostic:
    return Diagnostic("event.unparsed", text, line=line, effect="row-missing")
