"""Kinds of events about reading cuts beside the cut itself: tables that join names, how names are built.

`fact` holds ids, numbers and words from fixed lists; names, reels, paths and patterns stand sealed in `place`.
(docs/decisions/0005-cut-reading.md)
"""

from typing import ClassVar, Literal

from edgecode.events.kinds import CutBytes, Event, Section, sorted_refs
from edgecode.terms.identity import RecordId

JoinedBy = Literal["umid", "file", "name", "reel"]


class TableFact(Section, frozen=True):
    """*format*, *reader*: as the reader calls them. *rows* in the table, *joined*: how many clips of the cut it says something of."""

    format: str
    reader: str
    rows: int = 0
    joined: int = 0


class JoinFact(Section, frozen=True):
    cut: RecordId
    tables: tuple[TableFact, ...]


class Lead(Section, frozen=True):
    """What one row says of a clip's source. *table*: its place among the tables, *line*: the row's in the file. *by*: what joined them.

    *at*: the source position of the clip's first frame on the row's clock, in frames at *rate* (``"num/den"``); None: not known.
    "" as *rate*: the clip's own. *targets*: paths or names of files, *reels*, *umids* as the row
    writes them; *codes*: edge codes or record ids. *originals*: those of the targets that the row says the others were made from.
    """

    table: int
    line: int
    by: JoinedBy
    reels: tuple[str, ...] = ()
    umids: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    at: int | str | None = None
    rate: str = ""
    codes: tuple[str, ...] = ()
    originals: tuple[str, ...] = ()


class JoinPlace(Section, frozen=True):
    """*files*: the tables' own file names, in order. *clips*: clip id to what rows say of it; several that differ are all kept."""

    files: tuple[str, ...] = ()
    clips: dict[RecordId, tuple[Lead, ...]] = {}


class CutJoined(Event, frozen=True):
    """Tables were laid beside a cut: which tape, timecode, file or unique id they say its clips come from. The last such event of a cut
    stands. `bytes`: SHA-256 of every table, in order."""

    TYPE: ClassVar[str] = "cut.joined/1"
    fact: JoinFact
    bytes: CutBytes | None = None
    place: JoinPlace | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.cut)


class NamesFact(Section, frozen=True):
    """*count*: how many patterns; 0 takes those before back."""

    names: RecordId
    count: int


class NamesPlace(Section, frozen=True):
    """*patterns*: regular expressions with groups among seq, shot, task and version, in the order in which they are tried."""

    patterns: tuple[str, ...] = ()


class NamesRuled(Event, frozen=True):
    """How this production builds the names of its files; clips are matched by it from here on. The last such event stands."""

    TYPE: ClassVar[str] = "names.ruled/1"
    fact: NamesFact
    place: NamesPlace | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.names)


CUT_KINDS: tuple[type[Event], ...] = (CutJoined, NamesRuled)
"""Kept whole by the index, and sealed by the same rules as those of the doors."""
