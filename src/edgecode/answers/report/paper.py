"""A paper: a stamp that says what it was read from, and blocks in reading order, every line of them numbered."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from edgecode.answers.layout.columns import NOT_RECORDED, counted
from edgecode.answers.layout.sheets import Sheet
from edgecode.terms.identity import OriginLetter


class Stamp(Struct, frozen=True, kw_only=True):
    """What a paper was read from (decision 0024).

    *size*: entries of the ledger; *root*: its hex root over them; *time*: of the last entry, as its keeper claims it, in ISO 8601 UTC;
    *day*: the day that was asked about, as YYYY-MM-DD; *organizations*: that witnessed this history; *packs*: the rules that judged.
    """

    production: str
    cut: str
    origin: str
    size: int
    root: str
    time: str
    day: str
    organizations: int
    packs: str = ""


class Figure(Struct, frozen=True):
    """A number that is read before anything else. *said*: the number and its unit; *words*: what it counts."""

    said: str
    words: str


class Figures(Struct, frozen=True, tag="figures"):
    """The first numbers of a paper."""

    items: tuple[Figure, ...]


class Words(Struct, frozen=True, tag="words", omit_defaults=True):
    """Lines of text under a heading, "" for none. *new_page*: forms with pages begin one here."""

    title: str
    lines: tuple[str, ...]
    new_page: bool = False


class Table(Struct, frozen=True, tag="table"):
    """A sheet of the paper. *numbers*: columns whose cells are counts; *pictures*: a key for each row, "" where there is no picture."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows) or len(self.pictures) not in (0, len(self.rows)):
            raise ValueError(f"a row of {self.title!r} does not have {len(self.columns)} cells")


class StripSpan(Struct, frozen=True):
    """Frames of a cut of one origin class, half open."""

    letter: OriginLetter
    first: int
    end: int


class Strip(Struct, frozen=True, tag="strip"):
    """The whole cut as one line of origin classes. *spans* are in order and without holes; *words* says the same for who cannot see it."""

    spans: tuple[StripSpan, ...]
    words: str


class Asked(Struct, frozen=True):
    """A question of a form. *state*: ``answered``, ``open`` (nobody recorded it, or the record leaves it open) or ``not asked`` of this
    cut; *because*: which lines of the record the answer stands on, or what would settle it."""

    question: str
    answer: str
    state: str
    because: str


class Form(Struct, frozen=True, tag="form"):
    """Somebody's questions with the answers that the record gives. *source*: whose form and edition, with its citation."""

    title: str
    source: str
    rows: tuple[Asked, ...]


Block = Figures | Words | Table | Strip | Form


class Paper(Struct, frozen=True, tag_field="schema", tag="edgecode.paper/1", kw_only=True):
    """A paper. *kind*: its name as a command, such as ``cue-sheet``; *warning*: what its reader must know first, "" for nothing."""

    kind: str
    title: str
    stamp: Stamp
    blocks: tuple[Block, ...]
    warning: str = ""

    @property
    def tables(self) -> list[Table]:
        """The tables, in order."""
        return [block for block in self.blocks if isinstance(block, Table)]


def paper_of(
    sheet: Sheet, *, kind: str, stamp: Stamp, before: Iterable[Block] = (), numbers: Iterable[str] = ()
) -> Paper:
    """A sheet as a paper of one table; columns of the sheet that people fill in stay empty on it."""
    counts = tuple(name for name in sheet.columns if name in set(numbers))
    table = Table("", sheet.columns, sheet.rows, numbers=counts, lead=sheet.head, foot=sheet.foot)
    return Paper(kind=kind, title=sheet.title, stamp=stamp, blocks=(*before, table))


def line_count(block: Block) -> int:
    """How many numbered lines a block has: one for each row, line of text, figure or question; a strip is one."""
    match block:
        case Figures(items):
            return len(items)
        case Words(_, lines):
            return len(lines)
        case Table():
            return len(block.lead) + len(block.rows) + len(block.foot)
        case Strip():
            return 1
        case Form():
            return len(block.rows)


def first_lines(paper: Paper) -> Iterator[tuple[int, Block]]:
    """Each block with the number of its first line, from 1."""
    number = 1
    for block in paper.blocks:
        yield number, block
        number += line_count(block)


def stamp_lines(stamp: Stamp) -> tuple[str, ...]:
    """The stamp in words, for forms that print it once."""
    witnesses = (
        f"witnessed by {counted(stamp.organizations, 'organization')}" if stamp.organizations else "not witnessed"
    )
    entries = counted(stamp.size, "entry", "entries")
    day = stamp.day or NOT_RECORDED
    read = f"Read from the ledger at {entries}, root {stamp.root[:16]}…, {witnesses}; as of {day}."
    return (read, *((f"Rules: {stamp.packs}.",) if stamp.packs else ()))
