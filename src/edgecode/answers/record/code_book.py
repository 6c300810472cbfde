"""The code book: the ledger as people see it, one line an entry, one entry with its sections; sealed ones stay sealed."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

from edgecode.answers.layout.columns import counted
from edgecode.events.codec import Leaf, parse_leaf
from edgecode.events.kinds import AnswerGiven, ConformDecided, CutAdded, SequenceSeen, StepPerformed, VersionSeen
from edgecode.events.registry import Opaque, Recorded
from edgecode.events.sealed import SealedSection

SHOWN_TEXT = 4_000


class BookLine(Struct, frozen=True):
    """One entry: index, claimed time (UTC), type, what it is about in technical words."""

    index: int
    time: str
    type: str
    about: str


class BookSection(Struct, frozen=True):
    """One section: its name, whether it is plain, sealed or gone, and its content as text where it may be shown."""

    name: str
    state: str
    content: str = ""


class LogAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.log/1"):
    """Entries as ``log show --json`` lists them."""

    lines: tuple[BookLine, ...]


class BookEntry(Struct, frozen=True, tag_field="schema", tag="edgecode.entry/1"):
    """One entry with its sections, as ``log show ENTRY --json`` prints it."""

    index: int
    id: str
    time: str
    type: str
    actor: str
    refs: tuple[str, ...]
    sections: tuple[BookSection, ...]


def line_of(recorded: Recorded) -> BookLine:
    """One line about an entry; no name, path or prompt is in it."""
    return BookLine(recorded.index, _time(recorded.leaf), recorded.leaf.type, _about(recorded))


def entry_book(
    index: int, leaf_bytes: bytes, sections: tuple[SealedSection, ...], opened: Mapping[str, bytes], *, reveal: bool
) -> BookEntry:
    """An entry with its sections; sealed ones are shown only when *reveal* is asked for and their key is here."""
    leaf = parse_leaf(leaf_bytes)
    rows = {section.name: section for section in sections}
    shown = tuple(_section(name, rows.get(name), opened.get(name), reveal=reveal) for name in leaf.commitments)
    return BookEntry(index, leaf.id, _time(leaf), leaf.type, leaf.actor, leaf.refs, shown)


def entry_text(book: BookEntry) -> str:
    """The entry for people."""
    lines = [f"entry {book.index}  {book.type}  {book.time}", f"  id {book.id}", f"  actor {book.actor}"]
    lines += [f"  about {ref}" for ref in book.refs]
    for section in book.sections:
        lines.append(f"  {section.name} ({section.state})")
        lines += [f"    {line}" for line in section.content.splitlines()]
    return "\n".join(lines) + "\n"


def _section(name: str, row: SealedSection | None, plain: bytes | None, *, reveal: bool) -> BookSection:
    if row is None:
        return BookSection(name, "gone")
    state = "sealed" if row.key_id else "plain"
    if plain is None or (row.key_id and not reveal):
        return BookSection(name, state)
    return BookSection(name, state, _readable(plain))


def _readable(data: bytes) -> str:
    try:
        text = json.dumps(json.loads(data), indent=1, ensure_ascii=False)
    except ValueError:
        text = base64.b64encode(data).decode()
    return text if len(text) <= SHOWN_TEXT else text[:SHOWN_TEXT] + f"\n… {len(text) - SHOWN_TEXT:,} more characters"


def _time(leaf: Leaf) -> str:
    return datetime.fromtimestamp(leaf.ts / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _about(recorded: Recorded) -> str:
    event = recorded.event
    match event:
        case Opaque():
            return "not readable by this release"
        case VersionSeen():
            return f"{event.fact.media.media_class} {event.fact.version}"
        case SequenceSeen():
            return f"sequence of {counted(event.fact.count, 'frame')} {event.fact.version}"
        case StepPerformed():
            return f"{event.fact.kind} by {event.fact.tool.name if event.fact.tool else 'not recorded'}, {event.fact.grade}"
        case CutAdded():
            frames, clips = counted(event.fact.frames, "frame"), counted(len(event.fact.clips), "clip")
            return f"{frames}, {clips} {event.fact.cut}"
        case ConformDecided():
            return counted(len(event.fact.decisions), "decision")
        case AnswerGiven():
            groups = (len(event.fact.versions), "version"), (len(event.fact.clips), "clip")
            told = " and ".join(counted(count, thing) for count, thing in groups if count)
            return (
                f"{event.fact.claim.kind if event.fact.about == 'making' else 'plain effects'} for {told or 'nothing'}"
            )
        case _:
            return ", ".join(recorded.leaf.refs[:1])
