"""The two pages for an insurer of errors and omissions, composed and stamped."""

from edgecode.answers.agreements.resting import Moment
from edgecode.answers.papers.heading import strip_of
from edgecode.answers.registers.insurance import NOT_PROVED, gaps, people, shots_most_generated, six_numbers, tools
from edgecode.answers.report.paper import Paper, Words
from edgecode.index.persons import day_of
from edgecode.production.checking.cuts import check
from edgecode.production.corridor import Production
from edgecode.production.papering import stamp
from edgecode.production.papers.cut_sheets import packs_text
from edgecode.production.papers.knowing import known_of
from edgecode.production.persons.noting import judged_at


def insurance(production: Production, cut: str) -> Paper:
    """The numbers on one page, what stands behind them on the next.

    Raises as `known_of` and `check` do, UnavailableError ``extra.missing`` among them: an insurer is told nothing that was not judged.
    """
    checked = check(production, cut)
    known = known_of(production, cut, directed=False)
    now = judged_at(production, checked.register)
    moment = Moment(day_of(now), now)
    stamped = stamp(production, known.view.name, packs=packs_text(checked))
    numbers = six_numbers(known, checked.uses, checked.findings, moment, organizations=stamped.organizations)
    return Paper(
        kind="eo",
        title=f'ERRORS AND OMISSIONS  "{known.production}"  {known.view.name}',
        stamp=stamped,
        blocks=(
            numbers,
            strip_of(known),
            Words("Where the cut stands", (f"Held against the packs named below as for a delivery: {checked.answer.word}.",)),
            Words("What this does not prove", NOT_PROVED),
            Words("Behind the numbers", ("Shots first, then tools, people and gaps.",), new_page=True),
            shots_most_generated(known),
            tools(known),
            people(known, checked.uses, moment),
            gaps(known, checked.findings),
        ),
    )  # fmt: skip
