"""Questions about the rules themselves: is the profile complete, is a declared agreement decided on, is there anything to judge by."""

from collections.abc import Iterable, Mapping, Sequence

from edgecode.checks.desk_questions import NO_RULES, NOT_JUDGING, PROFILE, SWITCHED_OFF, UNDECIDED, asked
from edgecode.checks.findings import Finding, RuleCard, card_of
from edgecode.checks.lost_packs import FAILING
from edgecode.checks.pack_states import PackState
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.cel import reads
from edgecode.checks.rules.pack import Pack
from edgecode.checks.rules.rule_digests import rule_digest
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue


class Cards:
    """What findings print of the rules of packs, each made once."""

    def __init__(self, states: Iterable[PackState]) -> None:
        self._packs = {state.pack.id: state.active for state in states}
        self._cards: dict[tuple[str, str], RuleCard] = {}

    def card(self, pack: str, rule: str) -> RuleCard:
        """The card of a rule. Raises KeyError for one that is not there."""
        known = self._cards.get((pack, rule))
        if known is None:
            active = self._packs[pack]
            found = active.pack.rule(rule)
            if found is None:
                raise KeyError(rule)
            texts = {found.when or "", *(one.that for one in found.require)} - {""}
            read = {text: reads(text) for text in texts}
            known = card_of(active.pack, found, read, digest=rule_digest(active, found))
            self._cards[pack, rule] = known
        return known


def pack_findings(states: Sequence[PackState], profile: Mapping[str, FactValue], *, cut: RecordId) -> list[Finding]:
    """What is open about packs and profile, for a cut."""
    found: list[Finding] = []
    judging = [state for state in states if state.state == "on"]
    if not any(state.pack.rules for state in judging):
        found.append(asked(NO_RULES, "no rule judges this production, so nothing can clear it", cut=cut))
    unset = unset_facts(states, profile)
    if unset:
        why = f"nobody has said {', '.join(unset)}, which the rules in force ask for"
        found.append(asked(PROFILE, why, cut=cut, missing=unset))
    for state in states:
        name = state.pack.id
        if state.by in FAILING:
            found.append(asked(NOT_JUDGING, f"{name} does not judge: {state.why}", cut=cut, subject=name))
        if not state.declared:
            continue
        if state.state == "on" and state.cap == "undecided":
            why = f"the production works under the agreement of {name}, whose rules of lower confidence are softened, and nobody decided"
            found.append(asked(UNDECIDED, why, cut=cut, subject=name))
        elif state.state == "off":
            why = f"the production works under the agreement of {name}, whose rules do not judge: {state.why}"
            found.append(asked(SWITCHED_OFF, why, cut=cut, subject=name, outcome="fail"))
    return found


def unset_facts(states: Iterable[PackState], profile: Mapping[str, FactValue]) -> tuple[str, ...]:
    """Facts of the profile that packs ask for and nobody has set: what tells whether an agreement binds, and what rules in force read."""
    wanted: set[str] = set()
    for state in states:
        if state.pack.header.tier != "watch" and state.by != "decision" and state.pack.header.agreement:
            wanted |= reads(state.pack.header.agreement)
        if state.state == "on":
            wanted |= _read_by(state.pack)
    return tuple(sorted(name for name in wanted if _is_profile(name) and name not in profile))


def _read_by(pack: Pack) -> set[str]:
    """The facts that decide whether a pack's rules apply."""
    header = pack.header
    texts = {header.scope, *(rule.when for rule in pack.rules)} - {None, ""}
    facts = {header.effective_test.fact, *(rule.effective.fact for rule in pack.rules if rule.effective)} - {None}
    return {name for text in texts if text for name in reads(text)} | {fact for fact in facts if fact}


def _is_profile(name: str) -> bool:
    fact = CATALOGUE.get(name)
    return fact is not None and fact.world == "profile" and fact.root == "production"
