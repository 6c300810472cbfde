"""Which packs judge a production, and why: by its profile, by what its people decided on exactly this text of a pack, by its tier."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from edgecode.checks.desk_rows import PackDecision
from edgecode.checks.lost_packs import Fault
from edgecode.checks.rules.catalogue import ROOTS
from edgecode.checks.rules.cel import CelEvaluator, Evaluator, reads
from edgecode.checks.rules.fact_values import fits
from edgecode.checks.rules.pack import ActivePack, Pack, severity_of
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue

Stand = Literal["on", "off", "watch", "not_checked"]
By = Literal["tier", "scope", "agreement", "decision", "missing", "unreadable", "tests"]
"""What settled it; the last three: a pack that cannot judge, see `lost_packs`."""
Cap = Literal["none", "undecided", "kept", "adopted"]
"""What became of the rules that the confidence cap softens; *none*: there are none. *undecided*: nobody has said."""


class PackState(Struct, frozen=True):
    """Whether *pack* judges. *by*: what settled it. *decision*: the record of a decision, "" for none; *decided_by*: an alias.

    *declared*: the production's profile says that it works under the pack's agreement. *parameters*: overridden values.
    *why*: a sentence, with every decision that does not count and why not.
    """

    pack: Pack
    state: Stand
    by: By
    adopted: bool
    parameters: Mapping[str, FactValue]
    why: str
    decision: RecordId = ""
    decided_by: str = ""
    declared: bool = False
    cap: Cap = "none"
    cap_decision: RecordId = ""

    @property
    def active(self) -> ActivePack:
        """The pack as it judges."""
        return ActivePack(self.pack, self.adopted, self.parameters)


class Deciding(Struct, frozen=True):
    """Who decided, as things stood in the log then. *flaw*: why it cannot count; "" when it can. *signed*: its signature holds."""

    decision: PackDecision
    alias: str = ""
    flaw: str = ""
    signed: bool = False


Decided = Sequence[Deciding]


def pack_states(
    packs: Sequence[Pack],
    profile: Mapping[str, FactValue],
    decisions: Decided,
    evaluator: Evaluator | None = None,
    *,
    faults: Mapping[str, Fault] = {},
) -> list[PackState]:
    """The state of every pack, in order. *profile*: facts of the production; *decisions*: in ledger order; *faults*: by pack, why it
    cannot judge."""
    asks = _Asking(profile, evaluator or CelEvaluator())
    return [
        _state(pack, [one for one in decisions if one.decision.pack == pack.id], asks, faults.get(pack.id))
        for pack in packs
    ]


def active_packs(states: Sequence[PackState]) -> list[ActivePack]:
    """The packs that judge, as they judge."""
    return [state.active for state in states if state.state == "on"]


def is_declared(pack: Pack, profile: Mapping[str, FactValue], evaluator: Evaluator | None = None) -> bool | None:
    """Whether the profile says that the production works under the pack's agreement; None when it does not tell. False without one."""
    return _Asking(profile, evaluator or CelEvaluator()).holds(pack.header.agreement, without=False)


def decision_flaw(pack: Pack, one: Deciding, profile: Mapping[str, FactValue]) -> str:
    """Why a decision on a pack does not count; "" when it does."""
    return _flaw(pack, one, is_declared(pack, profile))


def needs_signature(pack: Pack, choice: str, *, declared: bool | None) -> bool:
    """Whether a decision on a pack has to be signed by the member: that one which is on by default judges no more, and whatever softens
    the pack of an agreement that the production works under, or perhaps does."""
    if choice == "off" and pack.header.enabled_by_default:
        return True
    return (
        choice in ("off", "adopted", "cap_kept", "parameters")
        and declared is not False
        and pack.header.agreement is not None
    )


def has_capped_rules(pack: Pack) -> bool:
    """Whether the confidence cap softens any of its rules."""
    return any(severity_of(rule, pack.header, adopted=False)[1] for rule in pack.rules)


class _Asking:
    """Expressions of headers, asked of the profile alone."""

    def __init__(self, profile: Mapping[str, FactValue], evaluator: Evaluator) -> None:
        nested: dict[str, dict[str, object]] = {root: {} for root in ROOTS}
        for name, value in profile.items():
            root, _, field = name.partition(".")
            nested.setdefault(root, {})[field] = list(value) if isinstance(value, tuple) else value
        self.profile, self._evaluator = profile, evaluator
        self._bound = evaluator.bind({**nested, "consents": [], "licenses": [], "parameters": {}, "today": ""})

    def holds(self, expression: str | None, *, without: bool) -> bool | None:
        """What an expression says; None when the profile does not tell. *without*: where there is no expression."""
        if expression is None:
            return without
        return self._evaluator.compile(expression).answer(self._bound).holds

    def open_facts(self, expression: str | None) -> str:
        """The facts of an expression that the profile does not say."""
        return ", ".join(sorted(name for name in reads(expression) if name not in self.profile)) if expression else ""


def _state(pack: Pack, decisions: Decided, asks: _Asking, fault: Fault | None) -> PackState:
    declared = asks.holds(pack.header.agreement, without=False)
    passed_over: list[str] = []

    def last(*choices: str) -> Deciding | None:
        return _last(pack, decisions, choices, declared, passed_over)

    switched, capped, tuned = last("on", "off"), last("adopted", "cap_kept"), last("parameters")
    state, by, why = _stand(pack, switched, asks, declared)
    if fault is not None and (state == "on" or (fault.kind != "tests" and by != "decision")):
        state, by, why = "not_checked", fault.kind, fault.why
    adopted = capped is not None and capped.decision.choice == "adopted"
    cap: Cap = "none"
    if has_capped_rules(pack):
        cap = "undecided" if capped is None else "adopted" if adopted else "kept"
    return PackState(
        pack,
        state,
        by,
        adopted,
        _fitting(pack, tuned.decision.parameters) if tuned is not None else {},
        "; ".join((why, *passed_over)),
        switched.decision.id if switched is not None and by == "decision" else "",
        switched.alias if switched is not None and by == "decision" else "",
        declared is True,
        cap,
        capped.decision.id if capped is not None else "",
    )


def _stand(pack: Pack, switched: Deciding | None, asks: _Asking, declared: bool | None) -> tuple[Stand, By, str]:
    header = pack.header
    if header.tier == "watch":
        return "watch", "tier", "for information: a pack that is watched never judges"
    if switched is not None:
        day = switched.decision.at
        if switched.decision.choice == "on":
            return "on", "decision", f"switched on by {switched.alias} on {day}"
        signed = ", signed" if switched.signed else ""
        return "off", "decision", f"switched off by {switched.alias} on {day}{signed}"
    if declared:
        return "on", "agreement", "the production works under its agreement"
    if header.enabled_by_default:
        if asks.holds(header.scope, without=True) is False:
            return "off", "scope", "its scope is not this production's"
        return "on", "tier", "on by default"
    if header.agreement is not None and declared is None:
        return "not_checked", "agreement", f"nobody has said {asks.open_facts(header.agreement)}"
    if header.agreement is not None:
        return "off", "agreement", "the production does not work under its agreement"
    return "not_checked", "tier", "nobody has switched it on"


def _last(
    pack: Pack, decisions: Decided, choices: Sequence[str], declared: bool | None, passed_over: list[str]
) -> Deciding | None:
    """The latest decision of these that counts; why later ones do not goes into *passed_over*."""
    for one in reversed(decisions):
        if one.decision.choice not in choices:
            continue
        flaw = _flaw(pack, one, declared)
        if not flaw:
            return one
        passed_over.append(f"the decision {one.decision.choice} of {one.decision.at} does not count: {flaw}")
    return None


def _flaw(pack: Pack, one: Deciding, declared: bool | None) -> str:
    choice = one.decision.choice
    checks: list[tuple[Callable[[], bool], str]] = [
        (lambda: one.decision.digest != pack.digest, "it was made on another text of this pack"),
        (lambda: bool(one.flaw), one.flaw),
        (lambda: choice == "off" and has_always(pack), "the pack is always on"),
        (
            lambda: needs_signature(pack, choice, declared=declared) and not one.signed,
            "it is not signed by a key of whoever made it",
        ),
    ]
    return next((sentence for is_so, sentence in checks if is_so()), "")


def has_always(pack: Pack) -> bool:
    """Whether it is never switched off, by its header or for a rule of it."""
    return pack.header.always_on or any(rule.always for rule in pack.rules)


def _fitting(pack: Pack, values: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """Overrides that are values of the pack's parameters."""
    known = {one.name: one.fact for one in pack.parameters}
    return {name: value for name, value in values.items() if name in known and fits(known[name], value)}
