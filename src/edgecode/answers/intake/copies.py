"""What generations of histories of copies say, as the contract copies/1 and as a table."""

from collections.abc import Iterable

from msgspec import Struct

from edgecode.answers.layout.sheets import Sheet, cell
from edgecode.events.door_kinds import HistoryFact
from edgecode.terms.cuts import Diagnostic


class CopyProblem(Struct, frozen=True):
    """One problem: its stable code, what it is about, a sentence."""

    code: str
    path: str
    text: str


class CopyGeneration(Struct, frozen=True):
    """One generation. *folder*: of its history, from the asked one, "" for itself. *chain*: matches, differs or absent. *new*: recorded
    just now. *verified*: files whose bytes were read here and have the hash."""

    folder: str
    manifest: str
    history: str
    generation: int
    process: str
    chain: str
    files: int
    failed: int
    renamed: int
    missing: int
    verified: int
    step: str
    new: bool


class CopiesAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.copies/1"):
    """Every generation that was read, and what is wrong."""

    generations: tuple[CopyGeneration, ...]
    problems: tuple[CopyProblem, ...]


def copies_answer(
    rows: Iterable[tuple[str, str, HistoryFact, bool]], diagnostics: Iterable[Diagnostic]
) -> CopiesAnswer:
    """The answer for (folder, manifest, fact, whether it is new)."""
    generations = tuple(
        CopyGeneration(
            folder,
            manifest,
            fact.history,
            fact.generation,
            fact.process,
            fact.chain,
            fact.files,
            fact.failed,
            fact.renamed,
            fact.missing,
            fact.verified,
            fact.step,
            is_new,
        )
        for folder, manifest, fact, is_new in rows
    )
    return CopiesAnswer(generations, tuple(CopyProblem(one.code, one.path, one.text) for one in diagnostics))


def copies_sheet(answer: CopiesAnswer) -> Sheet:
    """The generations for a terminal and CSV."""
    columns = ("Folder", "No.", "Process", "Chain", "Files", "Verified", "Failed", "Renamed", "Missing", "Recorded")
    rows = tuple(
        (
            one.folder or ".",
            str(one.generation),
            one.process,
            one.chain,
            str(one.files),
            str(one.verified),
            str(one.failed),
            str(one.renamed),
            str(one.missing),
            cell("now" if one.new else "before"),
        )
        for one in answer.generations
    )
    return Sheet("HISTORY OF COPIES", columns, rows)
