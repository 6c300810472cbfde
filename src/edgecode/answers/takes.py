"""Takes on record as the contract takes/1 and in lines: which files, whose, circled or not; what slates say only where revealed."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from edgecode.answers.layout.columns import aligned, counted, printable
from edgecode.index.directed import takes
from edgecode.index.persons import persons
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId


class TakeRow(Struct, frozen=True, omit_defaults=True):
    """A take. *people*: aliases, in their order; *erased*: it was of somebody who was erased, or cannot be told here.

    *names*: what slate and sheet say (scene, slate, take …); there only with ``--reveal``.
    """

    take: RecordId
    of: str
    versions: tuple[RecordId, ...]
    circled: str
    people: tuple[str, ...] = ()
    sessions: tuple[RecordId, ...] = ()
    frames: tuple[int, int] | None = None
    erased: bool = False
    names: Mapping[str, str] = {}


class TakesAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.takes/1"):
    """Every take that nobody took back, in the order in which they were noted."""

    takes: tuple[TakeRow, ...]


def takes_answer(store: IndexStore, *, reveal: bool) -> TakesAnswer:
    """The takes of a production."""
    aliases = {row.id: row.alias for row in persons(store)}
    return TakesAnswer(
        tuple(
            TakeRow(
                take=one.id,
                of=one.of,
                versions=one.versions,
                circled=one.circled,
                people=tuple(sorted(aliases[person] for person in one.people if person in aliases)),
                sessions=one.sessions,
                frames=(one.first, one.end) if one.first is not None and one.end is not None else None,
                erased=one.lost,
                names=dict(one.names) if reveal else {},
            )
            for one in takes(store).values()
        )
    )


def takes_text(answer: TakesAnswer) -> Iterator[str]:
    """A line for each take."""
    circled = {"yes": "circled", "no": "not circled", "unsaid": "-"}
    rows = []
    for one in answer.takes:
        who = ", ".join(one.people) or ("somebody, erased or unknown" if one.erased else "-")
        said = "  ".join(f"{word}: {printable(value)}" for word, value in one.names.items())
        rows.append((one.take, one.of, counted(len(one.versions), "file"), circled[one.circled], who, said))
    yield from aligned(rows, limit=100)
