"""Fills a form for a cut."""

from edgecode.answers.agreements.resting import Moment
from edgecode.answers.forms.answering import FormKnown, filled
from edgecode.answers.forms.preset import Preset
from edgecode.answers.layout.columns import counted
from edgecode.answers.papers.heading import heading
from edgecode.answers.report.paper import Paper, Words
from edgecode.index.persons import day_of
from edgecode.production.checking.cuts import check
from edgecode.production.corridor import Production
from edgecode.production.papering import stamp
from edgecode.production.papers.cut_sheets import packs_text
from edgecode.production.papers.knowing import known_of
from edgecode.production.persons.noting import judged_at


def filled_form(production: Production, cut: str, preset: Preset) -> Paper:
    """The form with what the record answers; what it leaves open stays a question.

    Raises as `known_of` and `check` do.
    """
    checked = check(production, cut)
    known = known_of(production, cut)
    now = judged_at(production, checked.register)
    judged = frozenset(pack.pack for pack in checked.answer.packs if pack.state == "on")
    form = filled(FormKnown(known, checked.uses, checked.findings, judged, Moment(day_of(now), now)), preset)
    open_ = sum(1 for row in form.rows if row.state == "open")
    return Paper(
        kind="form",
        title=f'{preset.title}  "{known.production}"  {known.view.name}',
        stamp=stamp(production, known.view.name, packs=packs_text(checked)),
        warning=f"{counted(open_, 'question')} of {len(form.rows)} {'is' if open_ == 1 else 'are'} open."
        if open_
        else "",
        blocks=(
            heading(known),
            form,
            Words("", ("Answered from the record. Whoever signs the form answers for it; this is not legal advice.",)),
        ),
    )
