"""What a reader of a check has to be told of decisions and grants although no rule asks: members who contradict each other, and consents
that were taken back beside the one that a use rests on.
"""

from collections.abc import Iterable, Iterator

from edgecode.checks.about_use import contradictions_about
from edgecode.checks.considered import Asking, consents_for, same_picture_of
from edgecode.checks.decided import strict_answer
from edgecode.checks.desk_questions import CONTRADICTED, TAKEN_BACK, asked
from edgecode.checks.findings import Finding
from edgecode.checks.register import Determination, Register
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.uses import Use
from edgecode.checks.withdrawn_beside import withdrawn_beside
from edgecode.index.persons import day_of
from edgecode.terms.rights import Gate


def open_decisions(uses: Iterable[Use], register: Register, *, today: str, now: int, gate: Gate) -> list[Finding]:
    """One finding for each question that members answer differently, wherever it is asked, and one for each use beside whose consent
    another one was lost."""
    found: dict[str, Finding] = {}
    for use in uses:
        asking = Asking(use, register, today, now, gate, same_picture_of(use))
        for finding in (*_contradicted(asking), *_taken_back(asking)):
            found.setdefault(finding.key, finding)
    return list(found.values())


def _contradicted(asking: Asking) -> Iterator[Finding]:
    for question, rows in contradictions_about(asking).items():
        said = "; ".join(_said(asking.register, question, one) for one in rows)
        is_ranked = strict_answer(question) is not None
        comes = "the stricter answer counts until it is taken back" if is_ranked else "it is not known"
        why = f"{question} is answered differently, so that {comes}: {said}"
        subject = ",".join([question, *sorted(one.id for one in rows)])
        use = asking.use
        yield asked(
            CONTRADICTED, why, cut=use.cut, spans=use.spans, shown=use.shown, subject=subject, missing=(question,)
        )


def _said(register: Register, question: str, one: Determination) -> str:
    """Who answered; what only where it is a word of ours: other answers may name somebody."""
    member = register.members.get(one.by)
    who = member.alias if member is not None and member.alias else "a member"
    fact = CATALOGUE.get(question)
    plain = one.answer.strip().casefold()
    is_ours = plain in ("yes", "no") or (fact is not None and plain in fact.choices)
    return f"{plain if is_ours else 'another answer'} by {who} on {one.at or day_of(one.ts)}"


def _taken_back(asking: Asking) -> Iterator[Finding]:
    use = asking.use
    if use.person is None or len(asking.register.agreements_of(use.person)) < 2:
        return
    found = consents_for(asking)
    beside = withdrawn_beside(asking, found)
    if beside and found[0].covers is not False:
        named = "; ".join(f"{one.label}, {one.what} on {one.since}" for one in beside)
        why = f"{use.alias or 'somebody'}: this rests on {found[0].agreement.label}, and others for the same acts were lost: {named}"
        yield asked(
            *(TAKEN_BACK, why),
            cut=use.cut,
            spans=use.spans,
            shown=use.shown,
            version=use.version,
            subject=use.key,
            outcome="fail",
            use=use,
        )
