"""Checking a cut: uses from the index, facts from the register, verdicts of the packs that judge, findings with their answers, the gate."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

import msgspec
from msgspec import Struct

from edgecode.answers.chain import Chains
from edgecode.answers.check.answer import Check, CheckedHook, check_lines, counts_of, pack_lines, released_lines
from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.cuts.view import CutView
from edgecode.answers.paper_notes.narrowed_uses import narrowed_uses
from edgecode.answers.paper_notes.profile_changes import profile_changes
from edgecode.answers.uses.cut_questions import cut_findings
from edgecode.answers.uses.derived import derived
from edgecode.checks.desk_questions import HOOK, NO_RULES, added, asked
from edgecode.checks.findings import Finding, answered
from edgecode.checks.gates import word_of
from edgecode.checks.open_decisions import open_decisions
from edgecode.checks.pack_questions import pack_findings
from edgecode.checks.pack_states import PackState
from edgecode.checks.plain_uses import WHY
from edgecode.checks.register import Register
from edgecode.checks.releases import Released, released_in
from edgecode.checks.rules.catalogue import VOCABULARY
from edgecode.checks.rules.subjects import Verdict
from edgecode.checks.rules_in_force import RulesInForce
from edgecode.checks.unread_terms import UnreadTerm, unread_terms
from edgecode.checks.uses import Use
from edgecode.checks.whole_subjects import Moment
from edgecode.events.kinds import Event
from edgecode.events.rights_kinds import GateAsked, GateFact, PackRun
from edgecode.index.cuts import CutRow
from edgecode.index.persons import day_of
from edgecode.production.checking.counting import totals_everywhere
from edgecode.production.checking.hooking import HookReport, run_finding_hooks, run_gate_hooks, skipped_at_gate
from edgecode.production.corridor import Production
from edgecode.production.fresh_index import refuse_altered_index
from edgecode.production.persons.noting import append_judged, judged_at
from edgecode.production.rule_packs.choosing import pack_states
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Gate


class Checked(Struct, frozen=True):
    """A check with everything that it was made from. *answer*: as it is printed."""

    answer: Check
    findings: tuple[Finding, ...]
    uses: tuple[Use, ...]
    view: CutView
    register: Register


def check(production: Production, cut: str | CutRow, *, gate: Gate | None = None, keep: bool = False) -> Checked:
    """Hold a cut against the rules at a gate (None: as at delivery, without asking it). *keep*: run the gate's hooks, and record that it
    was asked and what it said.

    Raises as `Production.view` and `packs_of` do, at an asked delivery as `refuse_altered_index` does, UnavailableError
    ``extra.missing``: what cannot be judged is never clear.
    """
    production.catch_up()
    if keep and gate == "deliver":
        refuse_altered_index(production)
    at: Gate = gate or "deliver"
    found = _judged(production, cut, gate=at)
    if not keep or gate is None:
        return _answered(production, found, skipped_at_gate(production, gate=at), gate=at, is_asked=gate is not None)
    run = production.world.new_id()
    reports = run_gate_hooks(
        production, _answered(production, found, gate=at, is_asked=True).answer, gate=gate, about=run
    )
    said: list[Checked] = []

    def judged() -> list[Event]:
        # Hooks take their time: what was recorded meanwhile counts.
        latest = found if found.point.size == production.log.size else _judged(production, cut, gate=at)
        said[:] = [_answered(production, latest, reports, gate=at, is_asked=True)]
        return [_asked(said[0], run, gate)]

    append_judged(production, judged)
    run_finding_hooks(production, said[0].answer.findings, about=run)
    return said[0]


def check_shown(production: Production, view: CutView, *, gate: Gate) -> Check:
    """The same for a cut that nobody recorded, *view*: nothing is recorded and no hook runs, so that a gate with hooks holds. The index
    stands as it is. Raises UnavailableError ``extra.missing``."""
    found = _judged(production, view, gate=gate)
    return _answered(production, found, skipped_at_gate(production, gate=gate), gate=gate, is_asked=True).answer


class _Judged(Struct, frozen=True):
    view: CutView
    register: Register
    states: tuple[PackState, ...]
    uses: tuple[Use, ...]
    findings: tuple[Finding, ...]
    plain: tuple[str, ...]
    unrecorded: tuple[str, ...]
    unread: tuple[UnreadTerm, ...]
    released: tuple[Released, ...]
    engine: str
    rules: int
    day: str
    point: LedgerPoint


def _judged(production: Production, cut: str | CutRow | CutView, *, gate: Gate) -> _Judged:
    """Everything before hooks and answers."""
    store, register, point = (
        production.index,
        Register.read(production.index, origin=production.log.origin),
        production.ledger_point(),
    )
    now = judged_at(production, register)
    day = day_of(now)
    states = tuple(pack_states(production, register=register))
    in_force = RulesInForce(states)
    view = cut if isinstance(cut, CutView) else production.view(cut)
    used = derived(view, Chains(store), register, is_final=True if gate == "deliver" else None)
    totals = totals_everywhere(production, register, used.uses, cut=view.cut, today=day, now=now, gate=gate)
    asked_of = cut_findings(view, used, store, register, today=day)
    is_whole = not asked_of and not used.unclear
    moment = Moment(day, now, gate, totals)
    of_cut = in_force.of_cut(view.cut, used.uses, used.models, register, moment, is_whole=is_whole)
    found = in_force.findings(of_cut.said)
    found += asked_of
    found += open_decisions(used.uses, register, today=day, now=now, gate=gate)
    found += pack_findings(states, register.profile, cut=view.cut)
    rules = _asked_rules(states, [verdict for verdict, _, _ in of_cut.said])
    if not rules and any(state.pack.rules for state in states if state.state == "on"):
        why = "the rules in force are about models, and no model is known in this cut, so none of them was asked"
        found.append(asked(NO_RULES, why, cut=view.cut, subject="none asked"))
    engine = in_force.judge.engine
    unread = tuple(unread_terms(used.uses, register, totals))
    let_go = tuple(released_in(used.uses, register, today=day, now=now, gate=gate))
    not_asked = of_cut.plain, of_cut.unrecorded, unread, let_go
    return _Judged(view, register, states, used.uses, tuple(found), *not_asked, engine, rules, day, point)


def _asked_rules(states: Iterable[PackState], verdicts: Iterable[Verdict]) -> int:
    """How many rules were asked: those about uses of every use that there is, be it none; others only where they said something."""
    of_uses = {
        (state.pack.id, rule.id)
        for state in states
        if state.state == "on"
        for rule in state.pack.rules
        if rule.about == "use"
    }
    return len(of_uses | {(verdict.pack, verdict.rule) for verdict in verdicts})


def _answered(
    production: Production, found: _Judged, reports: Sequence[HookReport] = (), *, gate: Gate, is_asked: bool
) -> Checked:
    """With what hooks added and with the answers that count, as the contract has it."""
    every = [*found.findings, *_of_hooks(reports, found)]
    findings = tuple(answered(one, found.register, today=found.day) for one in every)
    lines = check_lines(findings, found.view, gate=gate)
    answer = Check(
        production=production.title(),
        cut=found.view.name,
        cut_id=found.view.cut,
        gate=gate,
        asked=is_asked,
        word=word_of((one.held(gate) for one in findings), rules=found.rules),
        today=found.day,
        ledger=found.point,
        packs=pack_lines(found.states, lines),
        not_checked=tuple(state.pack.id for state in found.states if state.state != "on"),
        findings=lines,
        not_asked=found.plain,
        not_asked_why=WHY if found.plain else "",
        hooks=tuple(CheckedHook(one.hook, one.outcome, len(one.findings)) for one in reports),
        counts=counts_of(lines, uses=len(found.uses)),
        engine=found.engine,
        facts=VOCABULARY,
        not_on_record=found.unrecorded,
        unread_terms=found.unread,
        profile_changes=tuple(profile_changes(found.register)),
        released=released_lines(found.released, found.view),
        narrowed=tuple(narrowed_uses(found.uses, found.register)),
    )
    return Checked(answer, findings, found.uses, found.view, found.register)


_WHY_NOT = {
    "not-allowed": "it was not allowed on this machine as it is now; read what it runs, then: edgecode hook allow",
    "missing": "its program is not there",
    "skipped": "nobody asked it",
    "timeout": "its time was over",
    "unreadable": "its answer cannot be read",
    "failed": "it failed",
}


def _of_hooks(reports: Sequence[HookReport], found: _Judged) -> Iterable[Finding]:
    """What hooks added; one that did not judge holds the gate."""
    uses = {use.key: use for use in found.uses}
    whole = Use(key=f"cut:{found.view.cut}", kind="performance", cut=found.view.cut, person_state="none")
    for report in reports:
        if report.outcome != "done":
            why = f"the hook {report.hook} did not judge: {_WHY_NOT.get(report.outcome, report.outcome)}"
            yield asked(HOOK, why, cut=found.view.cut, subject=report.hook, outcome="error")
        for one in report.findings:
            yield added(report.hook, one.code, one.severity, one.why, uses.get(one.subject, whole))


def _asked(checked: Checked, run: RecordId, gate: Gate) -> GateAsked:
    """That the gate was asked, of which state of the log, and what it said."""
    answer = checked.answer
    lines = msgspec.json.encode(answer.findings, order="sorted")
    fact = GateFact(
        run=run,
        cut=answer.cut_id,
        gate=gate,
        word=answer.word,
        size=answer.ledger.size,
        root=answer.ledger.root,
        findings=sha256(lines).hexdigest(),
        packs=tuple(
            PackRun(one.pack, one.version, one.digest, one.findings, one.open)
            for one in answer.packs
            if one.state == "on"
        ),
        # How somebody called a file that is no pack stays out of the leaf.
        not_checked=tuple(one.pack for one in answer.packs if one.state != "on" and one.by != "unreadable"),
        engine=answer.engine,
        facts=answer.facts,
    )
    return GateAsked(fact)
