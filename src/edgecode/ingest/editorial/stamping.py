"""Writing edge codes into a file that somebody else wrote: comment lines of an EDL, metadata and markers of an OTIO.

Which clip a place in the file speaks of is asked of the reader itself: every place is marked, the file is read, and the marks that a clip
came with are its places. So what is written is what reads back. Nothing else in the file changes: an EDL keeps every byte and every line.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.editorial.edl import read_edl
from edgecode.ingest.editorial.edl_lines import parse_edl
from edgecode.ingest.editorial.otio import read_otio
from edgecode.ingest.editorial.otio_json import JsonObject, list_of, object_of, parse_otio, schema_of
from edgecode.ingest.editorial.texts import decoded
from edgecode.terms.cuts import Clip, CutReading, Diagnostic
from edgecode.terms.identity import record_id
from edgecode.terms.timebase import Rate

Codes = Sequence[str | None]
"""An edge code for each clip of a reading, in order; None for what gets none."""

MARKER = "EDGECODE"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_TEXT_END = re.compile(rb"[ \t]*\x1a[\x1a\0 \t]*\Z")
"""The sign behind which old programs read nothing more of a text, at the end of a line."""


class Stamped(Struct, frozen=True):
    """A file with codes in it. *written*: for how many clips it says one now. *diagnostics*: clips that could not get theirs."""

    data: bytes
    written: int
    diagnostics: tuple[Diagnostic, ...] = ()


def stamped_edl(data: bytes, codes: Codes, *, name: str, rate: Rate | None) -> Stamped:
    """The list with ``* EDGECODE: …`` lines; every line that was there stays, in its order and byte for byte.

    *codes*: for the clips of `read_edl(data, rate=rate)`. An event whose clips have several codes (picture and sound of different
    files) gets none (``stamp.several``). Raises what `read_edl` raises, and ``stamp.encoding`` for a list in UTF-16.
    """
    if decoded(data)[1].startswith("utf-16"):
        raise InputError("stamp.encoding", f"{name} is a list in UTF-16", "Save it as UTF-8 or plain text")
    marks = {line: _mark(line) for line in _note_places(data)}

    def read(text: bytes) -> CutReading:
        return read_edl(text, name=name, rate=rate)

    before = read(data)
    reached = _reached(before, read(_with_lines(data, marks)), marks)
    chosen, problems = _chosen(codes, reached, before)
    while True:
        done = _with_lines(data, chosen)
        wrong = _changed(before, read(done), codes, chosen.values())
        lines = {place for index in wrong for place in reached.get(index, ()) if place in chosen}
        if not lines:
            break
        chosen = {line: code for line, code in chosen.items() if line not in lines}
        text = "a code written beside an event would change how the event reads; it got none"
        problems += [Diagnostic("stamp.changes", text, line=line) for line in sorted(lines)]
    return Stamped(done, _said(read(done), codes), tuple(problems))


def stamped_otio(data: bytes, codes: Codes, *, name: str, rate: Rate | None, which: int = 0) -> Stamped:
    """The timeline with a code in the metadata of every clip (``edgecode: {"code": …}``) and a marker over it.

    *codes*: for the clips of the cut numbered *which* in the file. Raises what `read_otio` raises, and
    ``stamp.key_twice``.
    """
    root, noted = parse_otio(data, name=name)
    if any(problem.code == "json.key_twice" for problem in noted):
        # Written again, one of the two values would be gone, and the file would look better than it is.
        raise InputError(
            "stamp.key_twice", f"{name} says a key twice in one object, with different values", "Export the cut again"
        )
    clips = list(_clip_objects(root))
    marks = {place: _mark(place) for place in range(len(clips))}
    written: dict[int, object] = {}
    for place, clip in enumerate(clips):
        written[place] = clip.get("metadata")
        clip["metadata"] = {"edgecode": {"code": marks[place]}}
    before = read_otio(data, name=name, rate=rate)[which]
    tagged = read_otio(json.dumps(root).encode(), name=name, rate=rate)[which]
    reached = _reached(before, tagged, marks)
    chosen, problems = _chosen(codes, reached, before)
    for place, clip in enumerate(clips):
        clip["metadata"] = written[place]
        if place in chosen:
            _stamp_clip(clip, chosen[place])
    done = json.dumps(root, indent=4).encode()
    return Stamped(done, _said(read_otio(done, name=name, rate=rate)[which], codes), tuple(problems))


def same_places(one: Iterable[Clip], other: Iterable[Clip]) -> bool:
    """Whether two readings have the same clips at the same places, whatever they say of them."""
    return [_place(clip) for clip in one] == [_place(clip) for clip in other]


def _place(clip: Clip) -> tuple[object, ...]:
    return clip.path, clip.record_in, clip.record_out, clip.source_in


def _mark(place: int) -> str:
    """A record id that nothing else has."""
    return record_id(place + 1, (0x5EA1 << 64 | place).to_bytes(10, "big"))


def _note_places(data: bytes) -> list[int]:
    """Lines behind which a note may be written: the last line of every event, and each of its notes and motion lines."""
    edl = parse_edl(data)
    return sorted(
        {
            line
            for event in edl.events
            for line in (
                event.lines[-1].line,
                *(note.line for note in event.comments if not note.table),
                *(motion.line for motion in event.motions),
            )
        }
    )


def _with_lines(data: bytes, notes: dict[int, str]) -> bytes:
    """The list with a note behind some lines (from 1), in the line ends that the list has there, and before the sign that ends a text."""
    parts: list[bytes] = []
    at, number = 0, 1
    usual = next(iter(_LINE_END.findall(data)), b"\r\n")
    for end in [*_LINE_END.finditer(data), None]:
        stop = len(data) if end is None else end.end()
        if number in notes:
            line = f"* EDGECODE: {notes[number]}".encode("ascii")
            ended = _TEXT_END.search(data[at : stop if end is None else end.start()])
            if ended is not None:
                parts += [data[at : at + ended.start()], usual + line, data[at + ended.start() : stop]]
            else:
                parts += [data[at:stop], usual + line if end is None else line + end.group()]
        else:
            parts.append(data[at:stop])
        at, number = stop, number + 1
    return b"".join(parts)


def _reached(before: CutReading, tagged: CutReading, marks: dict[int, str]) -> dict[int, list[int]]:
    """The places that speak of each clip, by the clip's index in *before*. Marks may bring rows of their own, which are passed over."""
    places = {mark: place for place, mark in marks.items()}
    rows: dict[tuple[object, ...], list[Clip]] = defaultdict(list)
    for clip in tagged.clips:
        rows[_place(clip)].append(clip)
    found: dict[int, list[int]] = {}
    for index, clip in enumerate(before.clips):
        if rows[_place(clip)]:
            again = rows[_place(clip)].pop(0)
            found[index] = [places[code] for code in again.media.codes if code in places]
    return found


def _chosen(codes: Codes, reached: dict[int, list[int]], before: CutReading) -> tuple[dict[int, str], list[Diagnostic]]:
    """For every code a place that speaks only of clips which have it: the last one."""
    speaks: dict[int, list[int]] = defaultdict(list)
    for index, places in reached.items():
        for place in places:
            speaks[place].append(index)
    chosen: dict[int, str] = {}
    problems: list[Diagnostic] = []
    for index, (code, clip) in enumerate(zip(codes, before.clips, strict=True)):
        if (
            code is None
            or code in clip.media.codes
            or any(chosen.get(place) == code for place in reached.get(index, ()))
        ):
            continue
        fitting = [place for place in reached.get(index, ()) if all(codes[each] == code for each in speaks[place])]
        if clip.media.codes:
            text = "a clip carries another code already; it was left as it is"
            problems.append(Diagnostic("stamp.coded", text, path=clip.event))
        elif fitting:
            chosen[fitting[-1]] = code
        else:
            text = "no place in the file speaks of this clip and of no other with another code"
            problems.append(Diagnostic("stamp.several", text, path=clip.event))
    return chosen, problems


def _changed(before: CutReading, after: CutReading, codes: Codes, written: Iterable[str]) -> list[int]:
    """Clips that read otherwise than before, codes apart; every stamped one where there are more rows now."""
    new = set(written)
    if len(before.clips) != len(after.clips):
        rows = {_place(clip) for clip in before.clips}
        extra = {code for clip in after.clips if _place(clip) not in rows for code in clip.media.codes}
        return [index for index, code in enumerate(codes) if code in (extra or new)]
    return [
        index
        for index, (one, other) in enumerate(zip(before.clips, after.clips, strict=True))
        if _uncoded(one) != _uncoded(other)
    ]


def _uncoded(clip: Clip) -> Clip:
    return replace(clip, comments=(), media=replace(clip.media, codes=()))


def _said(after: CutReading, codes: Codes) -> int:
    return sum(code is not None and code in clip.media.codes for code, clip in zip(codes, after.clips, strict=False))


def _clip_objects(item: object) -> Iterator[JsonObject]:
    """Every clip of a document, in its order. Not recursive: the document decides how deep it is."""
    waiting: list[object] = [item]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if schema_of(one) == "Clip":
                yield one
            else:
                waiting += reversed(list(one.values()))
        elif isinstance(one, list):
            waiting += reversed(one)


def _stamp_clip(clip: JsonObject, code: str) -> None:
    metadata = object_of(clip.get("metadata"))
    clip["metadata"] = metadata | {"edgecode": object_of(metadata.get("edgecode")) | {"code": code}}
    span = clip.get("source_range") or object_of(object_of(clip.get("media_reference")).get("available_range"))
    marker: JsonObject = {
        "OTIO_SCHEMA": "Marker.2",
        "name": MARKER,
        "comment": f"EDGECODE: {code}",
        "color": "CYAN",
        "metadata": {},
    }
    if span:
        marker["marked_range"] = span
    clip["markers"] = [*list_of(clip.get("markers")), marker]
