"""The readers that are there, as the contract readers/1."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from edgecode.answers.inspection.answer import InspectedProblem, inspected_problem
from edgecode.ingest.doors import CutReader, StepReader, TableReader
from edgecode.terms.cuts import Diagnostic

Door = Literal["cut", "steps", "table"]


class ListedReader(Struct, frozen=True):
    """*door*: what comes in by it. *name*: with the package before a colon where the reader is not ours."""

    door: Door
    name: str
    version: str


class ReadersAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.readers/1"):
    """Every reader in the order in which they are asked; *problems*: installed ones that could not be loaded."""

    readers: tuple[ListedReader, ...]
    problems: tuple[InspectedProblem, ...]


def readers_answer(
    *,
    cuts: Iterable[CutReader],
    steps: Iterable[StepReader],
    tables: Iterable[TableReader],
    problems: Iterable[Diagnostic],
) -> ReadersAnswer:
    """The readers as ``readers --json`` prints them."""
    doors: tuple[tuple[Door, Iterable[CutReader | StepReader | TableReader]], ...] = (
        ("cut", cuts),
        ("steps", steps),
        ("table", tables),
    )
    listed = tuple(ListedReader(door, one.name, one.version) for door, readers in doors for one in readers)
    return ReadersAnswer(listed, tuple(map(inspected_problem, problems)))
