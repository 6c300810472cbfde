"""What changed in the consents of a cut between two days: the same cut judged for each of them, by what the record says of it now."""

from collections.abc import Sequence

from edgecode.answers.chain import Chains
from edgecode.answers.consent_changes import ConsentChanges, Moments, changes_between, may_concern, stand, turns_of
from edgecode.answers.resting import Moment, rests_on
from edgecode.answers.rights_uses import derived_uses
from edgecode.checks.facts import subject_of
from edgecode.checks.findings import answered, finding_of
from edgecode.checks.judging import Judge
from edgecode.checks.pack_questions import Cards
from edgecode.checks.pack_states import active_packs
from edgecode.checks.register import Register
from edgecode.checks.uses import Use
from edgecode.errors import UsageError
from edgecode.production.asking import end_of_day
from edgecode.production.corridor import Production
from edgecode.production.counting import totals_everywhere
from edgecode.production.packs import pack_states
from edgecode.production.persons import require_day, today
from edgecode.terms.rights import Gate


def consent_changes(
    production: Production, cut: str, *, since: str, until: str = "", gate: Gate = "deliver"
) -> ConsentChanges:
    """What changed between two days for the uses of a cut, and what happened to agreements in between. *until* "": today.

    Raises NotFoundError ``cut.unknown``, InputError ``cut.ambiguous``, UsageError ``person.date`` and ``changes.days``, and what
    `packs_of` raises.
    """
    present = today(production)
    until = until or present
    for day in (since, until):
        require_day(day)
    if until < since:
        raise UsageError("changes.days", "the second day lies before the first", "Give --from the earlier day")
    production.catch_up()
    judging = _Days(production, gate=gate)
    view = production.view(cut)
    uses = derived_uses(view, Chains(production.index), judging.register, is_final=True if gate == "deliver" else None)
    then, now = judging.stands(uses, since), judging.stands(uses, until)
    found = judging.register.agreements.values()
    meant = [one for one in found if any(may_concern(one, use) for use in uses)]
    turns = {one.id: turns_of(one, judging.register, since=since, until=until) for one in meant}
    changes = changes_between(uses, view, (then, now), meant, turns)
    return ConsentChanges(
        production=production.title(),
        cut=view.name,
        cut_id=view.cut,
        gate=gate,
        since=since,
        until=until,
        today=present,
        ledger=production.ledger_point(),
        changes=changes,
        turns=tuple(sorted(turn for listed in turns.values() for turn in listed)),
        unchanged=len(uses) - len(changes),
    )


class _Days:
    """The rules in force, asked for one day after the other."""

    def __init__(self, production: Production, *, gate: Gate) -> None:
        self._production, self.register = production, Register.read(production.index)
        states = tuple(pack_states(production, register=self.register))
        self._judge, self._cards, self._gate = Judge(active_packs(states)), Cards(states), gate
        self._present, self._now = today(production), production.world.milliseconds()

    def stands(self, uses: Sequence[Use], day: str) -> Moments:
        """Where each use stands on a day."""
        now = self._now if day == self._present else end_of_day(day)
        cut = uses[0].cut if uses else ""
        totals = totals_everywhere(self._production, self.register, uses, cut=cut, today=day, now=now, gate=self._gate)
        found = {}
        for use in uses:
            subject = subject_of(use, self.register, today=day, now=now, gate=self._gate, totals=totals)
            findings = [
                answered(
                    finding_of(verdict, self._cards.card(verdict.pack, verdict.rule), use, subject),
                    self.register,
                    today=day,
                )
                for verdict in self._judge.verdicts(subject, today=day)
                if verdict.outcome not in ("pass", "not_applicable")
            ]
            relied = rests_on(use, self.register, Moment(day, now))
            agreements = [
                (one.agreement.label, one.state or "unknown", {True: "yes", False: "no", None: "unknown"}[one.covers])
                for one in relied
            ]
            found[use.key] = stand(agreements, findings, self._gate)
        return found
