"""What small records and determinations say of a use: which are about it, in date and of its person, and which of two is newer."""

from collections.abc import Iterable, Mapping, Sequence

from edgecode.checks.considered import Asking
from edgecode.checks.decided import Decided, decided
from edgecode.checks.deciding import OF_FORM
from edgecode.checks.duties import counts_for
from edgecode.checks.lifecycle import given_48_hours_before, given_at_late_engagement
from edgecode.checks.register import Determination, PaperRow, Session, Whom
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.fact_values import Fact
from edgecode.checks.uses import Use
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue

EXISTS = frozenset({"business_reason", "day_estimate", "eu_classified", "gdpr_art9_ground", "human_authorship_ground"})
"""Determinations that satisfy a rule by being there, whatever they answer, unless they answer that there is none."""
ANY_ANSWER = frozenset({"eu_classified"})
SCRIPTED = frozenset({"use.as_scripted", "use.customary_post"})
"""Judgments that an alteration needs no consent. They are about what is shown, never about the whole production."""
_NONE = frozenset({"no", "none", "none claimed", "none_claimed"})


def is_about(
    use: Use, about: Iterable[RecordId], uses: Iterable[str], whom: Whom, *, also: frozenset[RecordId] = frozenset()
) -> bool:
    """Whether a record is about a use: it names one of the use's records, its key, or nothing, which is the whole production.

    A record about somebody is about uses of that person only; one about somebody who cannot be told any more is about none.
    """
    if whom.stated and (whom.lost or whom.person != use.person):
        return False
    named, keys = set(about), set(uses)
    return not (named or keys) or use.key in keys or bool(named & (records_of(use) | also))


def records_of(use: Use) -> frozenset[RecordId]:
    """Every record that a use rests on, so that what is said of one is said of the use."""
    return (use.about | {use.cut, use.version, use.declared}) - {""}


def in_date(at: str, until: str, today: str) -> bool:
    """Whether a record counts on a day: not dated ahead, and not past its last day."""
    return at <= today and (not until or today <= until)


def papers_about(asking: Asking) -> list[PaperRow]:
    """Small records about a use that count today, in ledger order; no approval by somebody whose own matter it is."""
    return [
        paper
        for paper in asking.register.papers_naming({*records_of(asking.use), asking.use.key})
        if is_about(asking.use, paper.about, paper.uses, paper.whom)
        and in_date(paper.at, paper.until, asking.today)
        and (paper.family != "approval" or not paper.is_given or counts_for(asking.use, asking.register, paper))
    ]


def determinations_about(asking: Asking, *, also: frozenset[RecordId] = frozenset()) -> dict[str, Determination]:
    """The determination of each question about a use that counts today (`checks.decided`), none by somebody whose own matter it is; none of
    a question on which members contradict each other where nobody can tell which answer is the stricter one.

    *also*: further records that it may be about.
    """
    settled = _settled(asking, _determined(asking, also), also)
    return {question: one.counts for question, one in settled.items() if one.counts is not None}


def contradictions_about(
    asking: Asking, *, also: frozenset[RecordId] = frozenset()
) -> dict[str, tuple[Determination, ...]]:
    """Questions about a use on which answers speak against each other, with these answers: a stricter one of another member that nobody
    took back, or one that was written down before a milder answer of an earlier day."""
    settled = _settled(asking, _determined(asking, also), also)
    return {question: one.torn for question, one in settled.items() if one.torn}


def contradicted_facts(asking: Asking) -> frozenset[str]:
    """Facts of the catalogue that nobody knows because members contradict each other on them, and none has a stricter answer."""
    settled = _settled(asking, _determined(asking, frozenset()), frozenset())
    torn = {question for question, one in settled.items() if one.torn}
    unknown = {question for question, one in settled.items() if one.counts is None}
    named = {question if question in CATALOGUE else f"determination.{question}" for question in unknown}
    if torn & {"use.deepfake", "use.evidently_artistic"}:
        named.add("determination.eu_classified")
    return frozenset(named & set(CATALOGUE))


def _settled(
    asking: Asking, given: Mapping[str, Sequence[Determination]], also: frozenset[RecordId]
) -> dict[str, Decided]:
    return {
        question: decided(
            *(question, listed, asking.use, asking.register),
            comes=lambda one: _comes_to(one.question, one.answer),
            also=also,
        )
        for question, listed in given.items()
    }


def _comes_to(question: str, answer: str) -> FactValue | None:
    fact, word = CATALOGUE.get(question), question.removeprefix("determination.")
    if fact is not None and (fact.world == "classification" or question in OF_FORM):
        return _value(fact, answer)
    return _satisfies(word, answer) if f"determination.{word}" in CATALOGUE else answer.strip().casefold()


def _determined(asking: Asking, also: frozenset[RecordId]) -> dict[str, list[Determination]]:
    """The determinations about a use that count today, by question, in ledger order."""
    found: dict[str, list[Determination]] = {}
    for one in asking.register.determinations_naming({*records_of(asking.use), asking.use.key, *also}):
        is_meant = is_about(asking.use, one.about, one.uses, one.whom, also=also)
        is_meant = is_meant and (one.question not in SCRIPTED or bool(one.about or one.uses))
        if is_meant and in_date(one.at, one.until, asking.today) and counts_for(asking.use, asking.register, one):
            found.setdefault(one.question, []).append(one)
    return found


def scripted_by_legal(asking: Asking) -> dict[str, FactValue]:
    """What stands of the judgments in `SCRIPTED` once the person took their consent back or disputes it: a yes counts only of a member who
    acted as legal when it was entered, a no of anybody."""
    given = {
        question: [one for one in listed if _comes_to(question, one.answer) is False or _is_legal(asking, one)]
        for question, listed in _determined(asking, frozenset()).items()
        if question in SCRIPTED
    }
    settled = _settled(asking, {question: listed for question, listed in given.items() if listed}, frozenset())
    answers = {question: one.counts for question, one in settled.items() if one.counts is not None}
    values = {question: _comes_to(question, one.answer) for question, one in answers.items()}
    return {question: value for question, value in values.items() if value is not None}


def _is_legal(asking: Asking, one: Determination) -> bool:
    member = asking.register.member_at(one.by, one.log_index)
    return member is not None and "legal" in member.roles


def classifications(asking: Asking) -> dict[str, FactValue]:
    """Classification facts as people decided them."""
    found = determinations_about(asking)
    values: dict[str, FactValue] = {}
    for question, one in found.items():
        fact = CATALOGUE.get(question)
        value = _value(fact, one.answer) if fact is not None and fact.world == "classification" else None
        if value is not None:
            values[question] = value
    return values


def _value(fact: Fact, answer: str) -> FactValue | None:
    if fact.type == "bool":
        return {"yes": True, "no": False}.get(answer.strip().casefold())
    if fact.type == "enum":
        return answer if answer in fact.choices else None
    if fact.type == "int":
        return int(answer) if answer.isascii() and answer.isdigit() else None
    return answer


def determination_facts(asking: Asking) -> dict[str, FactValue]:
    """``determination.…``: that somebody decided, and where a fact asks for it, that they decided yes. What was decided of what is
    released is told by `checks.releases`."""
    found = {
        question: one
        for question, one in determinations_about(asking).items()
        if question.removeprefix("determination.") != "post_release_case"
    }
    facts: dict[str, FactValue] = {}
    for question, one in found.items():
        word = question.removeprefix("determination.")
        if f"determination.{word}" in CATALOGUE:
            facts[f"determination.{word}"] = _satisfies(word, one.answer)
    if {"use.deepfake", "use.evidently_artistic"} <= set(found):
        facts.setdefault("determination.eu_classified", True)
    return facts


def _satisfies(word: str, answer: str) -> bool:
    said = answer.strip().casefold()
    if word in ANY_ANSWER:
        return bool(said)
    if word in EXISTS:
        return bool(said) and said not in _NONE
    return said == "yes"


def paper_facts(asking: Asking) -> dict[str, FactValue]:
    """``notice.…``, ``approval.…``, ``disclosure.…``, ``attest.…``, ``payment.…``: the record is there.

    Of approvals the newest counts, and only while it says yes. When a session says itself when notice was given, that is computed.
    """
    facts: dict[str, FactValue] = {}
    sessions = asking.register.sessions
    for paper in papers_about(asking):
        if paper.fact in CATALOGUE and paper.fact not in _NEVER_A_PAPER and not _is_belied(paper, sessions):
            facts[paper.fact] = paper.family != "approval" or paper.is_given
    own = [sessions[record] for record in sorted(asking.use.about) if record in sessions]
    own = [session for session in own if session.whom.person is not None and session.whom.person == asking.use.person]
    if own and all(given_48_hours_before(session) for session in own):
        facts["notice.scan_48h"] = True
    if own and all(given_48_hours_before(one) or given_at_late_engagement(one) for one in own):
        facts.setdefault("notice.at_late_engagement", any(given_at_late_engagement(one) for one in own))
    return facts


_NEVER_A_PAPER = frozenset({"approval.legal_release_after_revocation", "approval.person_per_use"})
_TIMED = frozenset({"notice.scan_48h", "notice.at_late_engagement"})


def _is_belied(paper: PaperRow, sessions: Mapping[RecordId, Session]) -> bool:
    """Whether the session that a notice names says itself when notice was given, and says otherwise."""
    if paper.fact not in _TIMED:
        return False
    timed = [
        one for one in (sessions.get(record) for record in paper.about) if one and one.started and one.notice_given
    ]
    in_time = given_48_hours_before if paper.fact == "notice.scan_48h" else given_at_late_engagement
    return any(not in_time(one) for one in timed)
