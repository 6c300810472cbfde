"""The toolchain register of a cut as a paper, for the house or for the public."""

from edgecode.answers.papers.heading import heading, strip_of
from edgecode.answers.registers.toolchain import toolchain
from edgecode.answers.report.paper import Paper, Table
from edgecode.events.codec import parse_leaf
from edgecode.production.corridor import Production
from edgecode.production.papering import stamp
from edgecode.production.papers.knowing import known_of


def toolchain_register(production: Production, cut: str, *, public: bool = False) -> Paper:
    """Every tool and model of a cut. *public*: the one page that may be published.

    Raises as `known_of` does.
    """
    known = known_of(production, cut, directed=False)
    sheet = toolchain(known, committed=lambda entry: _commitment(production, entry), public=public)
    table = Table(
        "",
        sheet.columns,
        sheet.rows,
        numbers=("Steps", "Frames of picture", "Frames of sound"),
        lead=sheet.head,
        foot=sheet.foot,
    )
    return Paper(
        kind="toolchain",
        title=sheet.title,
        stamp=stamp(production, known.view.name),
        blocks=(heading(known), strip_of(known), table),
    )


def _commitment(production: Production, entry: int) -> str:
    """The salted commitment to a step's recipe, as its leaf has it; "" where there is none."""
    return parse_leaf(production.entry(entry)[0].leaf).commitments.get("recipe", "")
