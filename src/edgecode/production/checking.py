"""Checking a cut: uses from the index, facts from the register, verdicts of the packs that judge, findings with their answers, the gate."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.chain import Chains
from edgecode.answers.check import Check, check_lines, counts_of, pack_lines
from edgecode.answers.coverage import LedgerPoint
from edgecode.answers.cut_questions import cut_findings
from edgecode.answers.cut_view import CutView
from edgecode.answers.rights_uses import derived
from edgecode.checks.catalogue import VOCABULARY
from edgecode.checks.considered import totals_of
from edgecode.checks.desk_questions import HOOK, added, asked
from edgecode.checks.facts import subject_of
from edgecode.checks.findings import Finding, answered, finding_of
from edgecode.checks.gates import word_of
from edgecode.checks.judging import Judge
from edgecode.checks.pack_questions import Cards, pack_findings
from edgecode.checks.pack_states import PackState, active_packs
from edgecode.checks.register import Register
from edgecode.checks.uses import Use
from edgecode.events.rights_kinds import GateAsked, GateFact, PackRun
from edgecode.index.cuts import CutRow
from edgecode.production.corridor import Production
from edgecode.production.hooking import HookReport, run_finding_hooks, run_gate_hooks
from edgecode.production.packs import pack_states
from edgecode.production.persons import today
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

    Raises as `Production.view` and `packs_of` do, UnavailableError ``extra.missing``: what cannot be judged is never clear.
    """
    production.catch_up()
    at: Gate = gate or "deliver"
    found = _judged(production, cut, gate=at)
    checked = _answered(production, found, gate=at, is_asked=gate is not None)
    if not keep or gate is None:
        return checked
    run = production.world.new_id()
    reports = run_gate_hooks(production, checked.answer, gate=gate, about=run)
    if reports:
        more = _of_hooks(reports, found)
        found = replace(found, findings=(*found.findings, *more))
        checked = _answered(production, found, gate=at, is_asked=True)
    _record(production, checked, run, gate)
    run_finding_hooks(production, checked.answer.findings, about=run)
    return checked


class _Judged(Struct, frozen=True):
    view: CutView
    register: Register
    states: tuple[PackState, ...]
    uses: tuple[Use, ...]
    findings: tuple[Finding, ...]
    engine: str
    rules: int
    day: str
    point: LedgerPoint


def _judged(production: Production, cut: str | CutRow, *, gate: Gate) -> _Judged:
    """Everything before hooks and answers."""
    store, now, day = production.index, production.world.milliseconds(), today(production)
    register, point = Register.read(store), production.ledger_point()
    states = tuple(pack_states(production, register=register))
    judge, cards = Judge(active_packs(states)), Cards(states)
    view = production.view(cut)
    used = derived(view, Chains(store), register, is_final=True if gate == "deliver" else None)
    totals = totals_of(used.uses, register, today=day, now=now, gate=gate)
    found: list[Finding] = []
    for use in used.uses:
        subject = subject_of(use, register, today=day, now=now, gate=gate, totals=totals)
        found += [
            finding_of(verdict, cards.card(verdict.pack, verdict.rule), use, subject)
            for verdict in judge.verdicts(subject, today=day)
            if verdict.outcome not in ("pass", "not_applicable")
        ]
    found += cut_findings(view, used, store)
    found += pack_findings(states, register.profile, cut=view.cut)
    rules = sum(len(state.pack.rules) for state in states if state.state == "on")
    return _Judged(view, register, states, used.uses, tuple(found), judge.engine, rules, day, point)


def _answered(production: Production, found: _Judged, *, gate: Gate, is_asked: bool) -> Checked:
    """With the answers that count, as the contract has it."""
    findings = tuple(answered(one, found.register, today=found.day) for one in found.findings)
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
        counts=counts_of(lines, uses=len(found.uses)),
        engine=found.engine,
        facts=VOCABULARY,
    )
    return Checked(answer, findings, found.uses, found.view, found.register)


def _of_hooks(reports: Sequence[HookReport], found: _Judged) -> Iterable[Finding]:
    """What hooks added; one that did not judge holds the gate."""
    uses = {use.key: use for use in found.uses}
    whole = Use(key=f"cut:{found.view.cut}", kind="performance", cut=found.view.cut, person_state="none")
    for report in reports:
        if report.outcome != "done":
            why = f"the hook {report.hook} did not judge: {report.outcome}"
            yield asked(HOOK, why, cut=found.view.cut, subject=report.hook, outcome="error")
        for one in report.findings:
            yield added(report.hook, one.code, one.severity, one.why, uses.get(one.subject, whole))


def _record(production: Production, checked: Checked, run: RecordId, gate: Gate) -> None:
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
    production.append([GateAsked(fact)])
