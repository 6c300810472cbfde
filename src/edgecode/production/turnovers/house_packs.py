"""What a house's own pack says of the frames that were asked: its facts, indexed here in memory, without its sealed words.

The pack has been verified before (`ledger.packs`): its events stand in one signed log. Which frames they account for is worked out here by
the same rules as for our own record; the answer that came with the pack is not read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing

from msgspec import Struct

from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.events.codec import Leaf, parse_leaf
from edgecode.events.kinds import StepFact, StepPerformed
from edgecode.events.registry import Recorded, read_event
from edgecode.index.accounts import accounts, joined_account
from edgecode.index.catalogue import VersionRow, version, version_rows, versions_of_content
from edgecode.index.lineage import closure
from edgecode.index.projector import project
from edgecode.index.store import IndexStore
from edgecode.ledger.packs import EVENT
from edgecode.terms.evidence import AiUse, Grade
from edgecode.terms.frame_spans import FrameSpans, shared, spans
from edgecode.terms.identity import RecordId, record_id
from edgecode.terms.origins import ai_of, classes_of, letter_of
from edgecode.terms.steps import StepKind


class Told(Struct, frozen=True):
    """Frames of one of our versions that the pack accounts for in one way. *inputs*: what of ours they were made from."""

    version: RecordId
    frames: FrameSpans
    origins: str
    ai: AiUse
    inputs: tuple[RecordId, ...]


def told_by_pack(members: Mapping[str, bytes], ours: IndexStore, asked: Mapping[RecordId, FrameSpans]) -> list[Told]:
    """What a verified pack says of asked frames of our versions, by content; nothing of versions that it does not hold.

    What the house has from us and did not make itself (plates) has the account that it has here, where it is closed.
    """
    events = list(packed(members))
    rows = [(row, frames) for key, frames in asked.items() if (row := version(ours, key)) is not None and row.digest]
    with closing(_indexed(events)) as theirs:
        found = [(row, frames, twin) for row, frames in rows if (twin := _same(theirs, row)) is not None]
        behind = {row.key: _behind(theirs, twin) for row, _, twin in found}
        lent = _lent(theirs, ours, {one for several in behind.values() for one in several})
    steps = [step for step, _ in lent.values()]
    more = [_recorded(step, len(events) + number) for number, step in enumerate(steps)]
    with closing(_indexed([*events, *more])) as theirs:
        return [
            one
            for row, frames, twin in found
            for one in _told(
                theirs, row, twin, frames, inputs=[lent[each][1] for each in behind[row.key] if each in lent]
            )
        ]


def packed(members: Mapping[str, bytes]) -> Iterator[Recorded]:
    """The events of a pack with what is opened of them, numbered from 0 in the order of the log."""
    parts: dict[int, dict[str, bytes]] = {}
    for name, data in members.items():
        if match := EVENT.fullmatch(name):
            parts.setdefault(int(match[1]), {})[match[2]] = data
    for number, index in enumerate(sorted(parts)):
        leaf = parse_leaf(parts[index]["leaf"])
        # An opening is a salt in hexadecimal, a line end, and the section (docs/reference/pack.md).
        sections = {name: data.partition(b"\n")[2] for name, data in parts[index].items() if name in ("fact", "bytes")}
        event = read_event(leaf.type, sections)
        yield Recorded(number, leaf, event)


def _indexed(events: Sequence[Recorded]) -> SqliteIndex:
    index = SqliteIndex(":memory:")
    project(index, events, size=len(events), root=b"\0" * 32)
    return index


def _same(theirs: IndexStore, row: VersionRow) -> VersionRow | None:
    """Their version with the bytes of ours: the first that a step of theirs made, else the first."""
    found = versions_of_content(theirs, row.digest or "")
    return next((one for one in found if one.step is not None), found[0] if found else None)


def _behind(theirs: IndexStore, twin: VersionRow) -> list[RecordId]:
    """Versions that one was made from and that nobody there made."""
    rows = version_rows(theirs, [one.version for one in closure(theirs, twin.id) if one.depth and one.step is None])
    return [row.key for row in rows.values() if row.digest and row.content != twin.content]


def _lent(
    theirs: IndexStore, ours: IndexStore, keys: Iterable[RecordId]
) -> dict[RecordId, tuple[StepPerformed, RecordId]]:
    """For each of their versions that we know and whose making is closed here: a record of it, and which of ours it is."""
    found: dict[RecordId, tuple[StepPerformed, RecordId]] = {}
    for number, key in enumerate(sorted(keys)):
        row = version(theirs, key)
        for mine in versions_of_content(ours, row.digest or "") if row is not None else ():
            account = joined_account(accounts(ours, [mine.id]).get(mine.id, ()))
            if letter_of(account) != "U":
                step = record_id(0, number.to_bytes(10, "big"))
                words = {"ai": ai_of(account), "origins": classes_of(account)}
                fact = StepFact(step, StepKind.VENDOR, "record", Grade.DECLARED, (key,), **words)  # type: ignore[arg-type]
                found[key] = StepPerformed(fact), mine.key
                break
    return found


def _told(
    theirs: IndexStore, row: VersionRow, twin: VersionRow, asked: FrameSpans, *, inputs: Sequence[RecordId]
) -> Iterator[Told]:
    pieces = accounts(theirs, [found.id]).get(found.id, ()) if (found := version(theirs, twin.key)) is not None else ()
    ways: dict[tuple[str, AiUse], list[tuple[int, int]]] = {}
    for piece in pieces:
        if letter_of(piece.account) == "U":
            continue
        low = asked[0][0] if piece.first is None else piece.first
        high = asked[-1][1] if piece.end is None else piece.end
        ways.setdefault((classes_of(piece.account), ai_of(piece.account)), []).append((low, high))
    for (origins, ai), pairs in sorted(ways.items()):
        frames = shared(asked, spans(pairs))
        if frames:
            yield Told(row.key, frames, origins, ai, tuple(dict.fromkeys(inputs)))


def _recorded(event: StepPerformed, index: int) -> Recorded:
    leaf = Leaf(record_id(0, (1 << 40 | index).to_bytes(10, "big")), 0, event.TYPE, "k:00000000", (), {})
    return Recorded(index, leaf, event)
