"""What changed in the consents of a cut between two days: the same cut judged for each of them, by what the record says of it now."""

from collections.abc import Mapping

from msgspec import Struct

from edgecode.answers.agreements.consent_changes import (
    ConsentChanges,
    Moments,
    changes_between,
    may_concern,
    stand,
    turns_of,
)
from edgecode.answers.agreements.resting import Moment as When
from edgecode.answers.agreements.resting import covering, rests_on
from edgecode.answers.chain import Chains
from edgecode.answers.cuts.view import CutView
from edgecode.answers.uses.cut_questions import cut_findings
from edgecode.answers.uses.derived import Derived, derived
from edgecode.checks.findings import Finding, answered
from edgecode.checks.register import Register
from edgecode.checks.rules.pack import About
from edgecode.checks.rules_in_force import RulesInForce
from edgecode.checks.uses import Use
from edgecode.checks.whole_subjects import Moment
from edgecode.errors import UsageError
from edgecode.index.persons import day_of
from edgecode.production.checking.asking import end_of_day
from edgecode.production.checking.counting import totals_everywhere
from edgecode.production.corridor import Production
from edgecode.production.noting import notes_for
from edgecode.production.persons.noting import judged_at, require_day
from edgecode.production.rule_packs.choosing import pack_states
from edgecode.terms.rights import Gate


def consent_changes(
    production: Production, cut: str, *, since: str, until: str = "", gate: Gate = "deliver"
) -> ConsentChanges:
    """What changed between two days for the uses of a cut, and what happened to agreements in between. *until* "": today.

    Raises NotFoundError ``cut.unknown``, InputError ``cut.ambiguous``, UsageError ``person.date`` and ``changes.days``, and what
    `packs_of` raises.
    """
    production.catch_up()
    judging = _Days(production, gate=gate)
    until = until or judging.present
    for day in (since, until):
        require_day(day)
    if until < since:
        raise UsageError("changes.days", "the second day lies before the first", "Give --from the earlier day")
    view = production.view(cut)
    is_final = True if gate == "deliver" else None
    used = derived(view, Chains(production.index), judging.register, is_final=is_final)
    then, now = judging.stands(view, used, since), judging.stands(view, used, until)
    found = judging.register.agreements.values()
    meant = [one for one in found if any(may_concern(one, use) for use in used.uses)]
    turns = {one.id: turns_of(one, judging.register, since=since, until=until) for one in meant}
    changes = changes_between(then.uses.values(), view, (then.stands, now.stands), meant, turns)
    return ConsentChanges(
        production=production.title(),
        cut=view.name,
        cut_id=view.cut,
        gate=gate,
        since=since,
        until=until,
        today=judging.present,
        ledger=production.ledger_point(),
        changes=changes,
        turns=tuple(sorted(turn for listed in turns.values() for turn in listed)),
        unchanged=len(then.uses) - len(changes),
        notes=notes_for(
            production, view, register=judging.register, uses=used.uses, on=(until, judging.moment_of(until))
        ),
    )


class _Stands(Struct, frozen=True):
    """*uses*: everything that rules are about, by key: uses, models behind them, the whole cut. *stands*: where each stands on a day."""

    uses: Mapping[str, tuple[Use, About]]
    stands: Moments


class _Days:
    """The rules in force, asked for one day after the other."""

    def __init__(self, production: Production, *, gate: Gate) -> None:
        self._production, self.register, self._gate = (
            production,
            Register.read(production.index, origin=production.log.origin),
            gate,
        )
        self._rules = RulesInForce(tuple(pack_states(production, register=self.register)))
        self._now = judged_at(production, self.register)
        self.present = day_of(self._now)

    def moment_of(self, day: str) -> int:
        """The moment at which a day is judged: now today, else its end."""
        return self._now if day == self.present else end_of_day(day)

    def stands(self, view: CutView, used: Derived, day: str) -> _Stands:
        """Where everything in a cut stands on a day, as the check of it would say."""
        now = self.moment_of(day)
        register, gate = self.register, self._gate
        totals = totals_everywhere(self._production, register, used.uses, cut=view.cut, today=day, now=now, gate=gate)
        moment = Moment(day, now, gate, totals)
        is_whole = self._rules.judge.asks_about("cut") and self._is_whole(view, used, day)
        of_cut = self._rules.of_cut(view.cut, used.uses, used.models, register, moment, is_whole=is_whole)
        uses: dict[str, tuple[Use, About]] = {use.key: (use, "use") for use in used.uses}
        uses |= {use.key: (use, subject.about) for _, use, subject in of_cut.said}
        findings: dict[str, list[Finding]] = {key: [] for key in uses}
        for one in self._rules.findings(of_cut.said):
            findings[one.use.key].append(answered(one, register, today=day))
        stands = {key: stand(self._relied(use, day, now), findings[key], gate) for key, (use, _) in uses.items()}
        return _Stands(uses, stands)

    def _is_whole(self, view: CutView, used: Derived, day: str) -> bool:
        return not used.unclear and not cut_findings(view, used, self._production.index, self.register, today=day)

    def _relied(self, use: Use, day: str, now: int) -> list[tuple[str, str, str]]:
        relied = rests_on(use, self.register, When(day, now))
        return [(one.agreement.label, one.state or "unknown", covering(one)) for one in relied]
