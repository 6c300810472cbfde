"""The packs that judge, asked of uses, models and a whole cut: one road for a check, a question and a comparison of two days."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from edgecode.checks.facts import subject_of
from edgecode.checks.filmed import rests_on_no_record
from edgecode.checks.findings import Finding, finding_of
from edgecode.checks.pack_questions import Cards
from edgecode.checks.pack_states import PackState, active_packs
from edgecode.checks.plain_uses import is_plain, speaks_of_plain
from edgecode.checks.register import Register
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.subjects import Subject, Verdict
from edgecode.checks.uses import Use
from edgecode.checks.whole_subjects import Model, Moment, cut_subject, model_subjects, strictest, worst_of
from edgecode.terms.identity import RecordId

Said = tuple[Verdict, Use, Subject]
"""What one rule says, passed and not applicable too, of which use, by which facts."""


class OfCut(Struct, frozen=True):
    """What rules say of everything in a cut. *plain*: keys of uses of which only rules of our own design were asked (`plain_uses`).

    *unrecorded*: keys of filmed performances of adults of whom no agreement is on record, so that nothing of one was checked.
    """

    said: tuple[Said, ...]
    plain: tuple[str, ...]
    unrecorded: tuple[str, ...] = ()


class RulesInForce:
    """The rules of one production. What asks them by another road asks other rules, and says something else."""

    def __init__(self, states: Sequence[PackState], judge: Judge | None = None) -> None:
        """*judge*: one by these packs, where there is one already. Raises as `Judge` does."""
        self.judge = judge or Judge(active_packs(states))
        self._cards = Cards(states)
        self._of_plain = [
            (state.pack.id, rule.id)
            for state in states
            if state.state == "on" and speaks_of_plain(state.pack)
            for rule in state.pack.rules
        ]

    def of_use(self, use: Use, subject: Subject, *, today: str) -> list[Said]:
        """What every rule says of a use; of what shows something as it was filmed only the rules that speak of that."""
        only = self._of_plain if is_plain(use, subject) else None
        return [(verdict, use, subject) for verdict in self.judge.verdicts(subject, today=today, only=only)]

    def of_ways(self, ways: Iterable[tuple[Use, Subject]], moment: Moment) -> list[Said]:
        """What every rule says of a use that is to be seen in several ways (`Use.ways`): the strictest of it."""
        return strictest([said for way in ways for said in self.of_use(*way, today=moment.today)], moment.gate)

    def of_models(self, models: Iterable[Model], register: Register, moment: Moment, *, cut: RecordId) -> list[Said]:
        """What rules about models say of each."""
        if not self.judge.asks_about("model"):
            return []
        return [said for model in models for said in self._worst(model_subjects(model, cut, register, moment), moment)]

    def of_cut(
        self,
        cut: RecordId,
        uses: Iterable[Use],
        models: Iterable[Model],
        register: Register,
        moment: Moment,
        *,
        is_whole: bool,
    ) -> OfCut:
        """What every rule says of the uses, the models and the cut that it is about. *is_whole*: every frame is accounted for."""
        said, subjects, plain, unrecorded = list[Said](), list[Subject](), list[str](), list[str]()
        for use in uses:
            ways = [(way, _subject(way, register, moment)) for way in use.ways]
            subjects += [subject for _, subject in ways]
            plain += [use.key] if all(is_plain(*way) for way in ways) else []
            unrecorded += [use.key] if rests_on_no_record(ways[0][1]) else []
            said += self.of_ways(ways, moment)
        said += self.of_models(models, register, moment, cut=cut)
        if self.judge.asks_about("cut"):
            said += self._worst([cut_subject(cut, subjects, register, moment, is_whole=is_whole)], moment)
        return OfCut(tuple(said), tuple(plain), tuple(unrecorded))

    def findings(self, said: Iterable[Said]) -> list[Finding]:
        """What is no pass, as findings that nobody has answered."""
        return [
            finding_of(verdict, self._cards.card(verdict.pack, verdict.rule), use, subject)
            for verdict, use, subject in said
            if verdict.outcome not in ("pass", "not_applicable")
        ]

    def _worst(self, ways: Sequence[tuple[Use, Subject]], moment: Moment) -> list[Said]:
        return worst_of(self.judge, ways, today=moment.today, gate=moment.gate)


def _subject(use: Use, register: Register, moment: Moment) -> Subject:
    return subject_of(use, register, today=moment.today, now=moment.now, gate=moment.gate, totals=moment.totals)
