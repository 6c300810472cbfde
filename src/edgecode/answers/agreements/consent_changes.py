"""What changed between two days for one cut, as the contract consent-changes/1: by use the agreement relied on, then and now, and findings.

Two days are compared by what the record says of them now. What lies between is what happened to the agreements, each with the day from
which it counts, so that two spans that follow one another add up to the whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.cuts.view import CutView
from edgecode.answers.paper_notes.cut import NO_NOTES, CutNotes
from edgecode.checks.desk_rows import PersonInfo
from edgecode.checks.findings import Finding
from edgecode.checks.gates import Held
from edgecode.checks.lifecycle import day_after, disputed, end_by_person, revoked_acts, stand_of
from edgecode.checks.register import Agreement, Register
from edgecode.checks.rules.pack import About
from edgecode.checks.uses import Use
from edgecode.index.persons import day_of
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import ALL, Gate


class AgreementTurn(Struct, frozen=True, order=True):
    """Something about an agreement that counts from a day. *before*, *after*: where it stood. *what*: moves of that day, or expired,
    amended. *version*: the wording in force from then on, "" for none."""

    day: str
    label: str
    agreement: RecordId
    what: tuple[str, ...]
    before: str
    after: str
    version: RecordId


class UseStand(Struct, frozen=True):
    """Where a use stands on a day. *agreements*: by label those that come nearest, with their state and whether they cover it (yes, no,
    unknown). *held*: the worst that any rule does at the gate. *rules*: what each rule that is no pass does there, by pack and rule."""

    agreements: tuple[tuple[str, str, str], ...]
    held: Held
    rules: dict[str, str]


class RuleChange(Struct, frozen=True):
    """A rule that says something else. ``pass`` stands for no finding."""

    rule: str
    before: str
    after: str


class UseChange(Struct, frozen=True):
    """A use that stands otherwise. *kind*: of the use; ``model`` for a model behind the cut, ``cut`` for all of it, where rules are about
    these. *turns*: what happened in between to agreements that it may rest on."""

    use: str
    kind: str
    person: str
    version: RecordId
    frames: int
    in_tc: str
    out_tc: str
    before: UseStand
    after: UseStand
    rules: tuple[RuleChange, ...]
    turns: tuple[AgreementTurn, ...]


class ConsentChanges(Struct, frozen=True, tag_field="schema", tag="edgecode.consent-changes/1"):
    """The answer, exactly as ``edgecode consent changes --json`` prints it (docs/reference/consent-changes-json.md).

    *since*, *until*: the two days; what counts from *since* itself is no change. *turns*: of every consent of somebody in the cut and every
    license for something in it. *unchanged*: how many uses stand as before. *notes*: what legal released, as of *until*, and what was
    decided on the profile and the rules.
    """

    production: str
    cut: str
    cut_id: RecordId
    gate: Gate
    since: str
    until: str
    today: str
    ledger: LedgerPoint
    changes: tuple[UseChange, ...]
    turns: tuple[AgreementTurn, ...]
    unchanged: int
    notes: CutNotes = NO_NOTES


Moments = Mapping[str, UseStand]
"""Where each use of a cut stands on a day, by key."""

Turns = Mapping[RecordId, Sequence[AgreementTurn]]
"""What happened to each agreement, by its id."""

HELD: tuple[Held, ...] = ("open", "held", "refused")


def stand(agreements: Iterable[tuple[str, str, str]], findings: Sequence[Finding], gate: Gate) -> UseStand:
    """Where one use stands, by what its rules say."""
    rules = {f"{one.verdict.pack} {one.verdict.rule}": _said(one, gate) for one in findings}
    held: list[Held] = [one.held(gate) for one in findings]
    worst: Held = max(held, key=HELD.index, default="open")
    return UseStand(tuple(agreements), worst, dict(sorted(rules.items())))


def _said(one: Finding, gate: Gate) -> str:
    return f"{one.outcome}, {one.held(gate)}"


def changed(before: UseStand, after: UseStand) -> tuple[RuleChange, ...]:
    """The rules that say something else."""
    names = sorted({*before.rules, *after.rules})
    rows = (RuleChange(name, before.rules.get(name, "pass"), after.rules.get(name, "pass")) for name in names)
    return tuple(one for one in rows if one.before != one.after)


def changes_between(
    uses: Iterable[tuple[Use, About]],
    view: CutView,
    days: tuple[Moments, Moments],
    agreements: Sequence[Agreement],
    turns: Turns,
) -> tuple[UseChange, ...]:
    """Everything that stands otherwise. *uses*: with what rules take each for. *days*: then and now. *agreements*: those that
    `may_concern` a use of the cut, *turns* theirs."""
    then, now = days
    return tuple(
        _change(use, about, view, (then[use.key], now[use.key]), agreements, turns)
        for use, about in uses
        if then[use.key] != now[use.key]
    )


def may_concern(agreement: Agreement, use: Use) -> bool:
    """Whether a use might rest on an agreement: a consent of its person, a license for its material."""
    if agreement.kind == "consent":
        return agreement.person is not None and agreement.person == use.person
    return any(set(use.material) & set(version.covers) for version in agreement.versions)


def _change(
    use: Use,
    about: About,
    view: CutView,
    stands: tuple[UseStand, UseStand],
    agreements: Sequence[Agreement],
    turns: Turns,
) -> UseChange:
    before, after = stands
    first = use.spans[0] if use.spans else None
    concerned = [one.id for one in agreements if may_concern(one, use)]
    return UseChange(
        use.key,
        use.kind if about == "use" else about,
        use.alias,
        use.version,
        use.frames,
        view.clock.label(first.first) if first is not None else "",
        view.clock.label(first.end) if first is not None else "",
        before,
        after,
        changed(before, after),
        tuple(sorted(one for agreement in concerned for one in turns[agreement])),
    )


# ------------------------------------------------------------------------------------------ agreements


def turns_of(agreement: Agreement, register: Register, *, since: str, until: str) -> list[AgreementTurn]:
    """Everything about an agreement that counts from a day after *since*, up to *until*."""
    person = register.persons.get(agreement.person) if agreement.person is not None else None
    return [
        turn
        for day in _days(agreement, register, person)
        if since < day <= until and (turn := _turn(agreement, register, person, day)) is not None
    ]


def _turn(agreement: Agreement, register: Register, person: PersonInfo | None, day: str) -> AgreementTurn | None:
    eve = _day_before(day)
    last = _last_day(agreement, register, person)
    before, after = stand_of(agreement, eve, last_day=last), stand_of(agreement, day, last_day=last)
    version = after.version.event if after.version is not None else ""
    old = before.version.event if before.version is not None else ""
    what: list[str] = [move.move for move in agreement.moves if (move.effective or day_of(move.ts)) == day]
    what += ["expired"] if after.state == "expired" != before.state else []
    what += ["amended"] if old and version != old else []
    if not what and before.state == after.state:
        return None
    marks = [_marks(agreement, one) for one in (eve, day)]
    return AgreementTurn(
        day, agreement.label, agreement.id, tuple(what), before.state + marks[0], after.state + marks[1], version
    )


def _marks(agreement: Agreement, day: str) -> str:
    """What lies over a state: a dispute, acts that were taken back."""
    acts = sorted(revoked_acts(agreement, day))
    return (", disputed" if disputed(agreement, day) else "") + (f", without {' '.join(acts)}" if acts else "")


def _days(agreement: Agreement, register: Register, person: PersonInfo | None) -> list[str]:
    """Days on which something about it may change."""
    days = {move.effective or day_of(move.ts) for move in agreement.moves}
    for version in agreement.versions:
        if version.terms is not None:
            days |= {version.terms.signed_on}
            until = version.terms.scope.until
            days |= {day_after(until)} if until and until != ALL else set()
    last = _last_day(agreement, register, person)
    return sorted((days | ({day_after(last)} if last else set())) - {""})


def _last_day(agreement: Agreement, register: Register, person: PersonInfo | None) -> str:
    terms = agreement.latest.terms
    representation = register.representations.get(terms.representation) if terms and terms.representation else None
    return end_by_person(terms, person, representation)


def _day_before(day: str) -> str:
    from datetime import date, timedelta

    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


Direction = Literal["better", "worse", "same"]


def direction(change: UseChange) -> Direction:
    """Whether a use came nearer to being cleared."""
    steps = HELD.index(change.after.held) - HELD.index(change.before.held)
    return "same" if steps == 0 else "worse" if steps > 0 else "better"
