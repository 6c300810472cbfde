"""Findings: what a rule says of one use, where in the cut, and what people answered to it. Answers never remove a finding.

A waiver counts while it is in date and what it was given for is unchanged. It never covers a person's missing or withdrawn consent
(FORMATS, "Words of judgment"); nobody answers for what they made themselves or for a use of their own likeness.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Literal

import msgspec
from msgspec import Struct

from edgecode.checks.deciding import MAY_DECIDE
from edgecode.checks.desk_rows import FindingAnswer, Member
from edgecode.checks.duties import own_matter
from edgecode.checks.gates import Held, Quality, held_by, quality_of
from edgecode.checks.register import Register
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.pack import Pack, Rule, Waivable
from edgecode.checks.rules.subjects import Candidate, Outcome, Subject, Verdict
from edgecode.checks.uses import NOBODY_KNOWS, Use
from edgecode.events.codec import canonical
from edgecode.terms.identity import RecordId, Sha256
from edgecode.terms.rights import Gate, Severity

Action = Literal["fix", "cleared", "waived"]
Standing = Literal["open", "fix", "cleared", "waived", "lapsed", "reopened", "void"]
"""*lapsed*: the waiver's last day is over. *reopened*: the cut, the scope or the rule changed. *void*: the answer cannot count."""

NEVER: frozenset[str] = frozenset({"artist", "vendor"})
"""Roles that answer for no finding: they make and bring what findings are about."""

CLEARED_UP_TO: tuple[Severity, ...] = ("info", "warn", "disclose", "approve")
"""What a paper may clear; a rule that blocks is met, waived, or it blocks."""


WHOM: Mapping[str, str] = {
    "erased": "Somebody erased: their record was erased, at their wish or that of whoever may ask for them. That somebody is there, in "
    "which frames and how that was made stays known; who it was and what they had agreed to does not, so that no rule about a person can "
    "pass. Take them out, or replace the material.",
    "unknown": "Somebody unknown: a person is noted and the record cannot tell who, and no erasure covers that: a key is missing, or "
    "nobody said whose replica it is. Bring back keys.db or the copy of the record in which it can be read, or say whose it is; if they "
    "had been erased, order it again: edgecode person erase --again.",
}
"""Why nobody can tell who somebody is, what stays known and what to do, by `Use.person_state`."""


class Answered(Struct, frozen=True):
    """What counts of the answers to a finding. *why*: a sentence where an answer counts no more."""

    state: Standing = "open"
    action: Action | None = None
    by: str = ""
    role: str = ""
    until: str = ""
    why: str = ""
    answer: RecordId = ""


class RuleCard(Struct, frozen=True):
    """What findings print of a rule. *consent*: it asks for a person's consent, *candidates*: only for one of the consents on file.

    *confidence*: of a pack's rule; "" for the desk's own questions. *digest*: of what the rule says (`rule_digests`), to which answers are
    bound; "" where there is none, so that they are bound to the text of the pack. *beside*: it asks for no consent itself, and somebody is
    noted in the picture whose consent is missing or lost. *stands*: it asks where agreements on file stand.
    """

    code: str
    number: str
    title: str
    fix: str
    citation: str = ""
    confidence: str = ""
    waivable: Waivable | None = None
    always: bool = False
    consent: bool = False
    candidates: bool = False
    digest: Sha256 = ""
    beside: bool = False
    stands: bool = False


class Finding(Struct, frozen=True):
    """One rule on one use. *key*: of pack, rule and subject, the same in every cut. *bound*: digest of what an answer is given for;
    *bound_before*: the same as it was written while answers were bound to the bytes of the pack, None where *bound* is that.
    *given*: the person gave a consent for an act, and it is known that nothing has ended it."""

    key: str
    verdict: Verdict
    card: RuleCard
    use: Use
    bound: Sha256
    answered: Answered = Answered()
    given: bool = False
    bound_before: Sha256 | None = None

    @property
    def name(self) -> str:
        """What it is called: ``F-1a2b3c4d``."""
        return f"F-{self.key[:8]}"

    @property
    def quality(self) -> Quality:
        """FYI, Issue or Blocker."""
        return quality_of(self.verdict.outcome, self.verdict.severity)

    @property
    def outcome(self) -> Outcome | Literal["waived", "cleared"]:
        """What the rule says, or the answer that counts instead."""
        if self.answered.state == "waived":
            return "waived"
        return "cleared" if self.answered.state == "cleared" else self.verdict.outcome

    def held(self, gate: Gate) -> Held:
        """What it does at a gate."""
        if gate not in self.verdict.gates or self.answered.state in ("waived", "cleared"):
            return "open"
        return held_by(self.verdict.outcome, self.verdict.severity, gate)

    @property
    def waivable(self) -> Waivable | None:
        """By whom it may be waived, None: by nobody; see `refusal`."""
        return None if self.card.always or is_about_consent(self) else self.card.waivable


def finding_key(pack: str, rule: str, subject: str) -> str:
    """The name of a finding: 12 hexadecimal characters, the same in every cut that shows the same."""
    return sha256(b"edgecode finding v1\n" + canonical([pack, rule, subject])).hexdigest()[:12]


def bound_of(
    use: Use, verdict: Verdict, subject: Subject | None = None, *, rule: Sha256 = "", stands: bool = False
) -> Sha256:
    """What an answer is given for: the version and its frames on screen, what the use needs and the agreements reach, and the *rule* by
    the digest of what it says, with what it said: whether it failed or nobody knew, and the standing of agreements that it read.

    *stands*: it asks where the agreements on file stand. Without a *rule* it is the rule by the text of its pack, as answers of before
    have it. Where in the cut a clip lies is no part of it, so that an unchanged use in a new cut keeps its answer; a slip or an extension
    does not.
    """
    needs = msgspec.to_builtins(use.needs)
    agreements = (*subject.consents, *subject.licenses) if subject is not None else ()
    where = sorted([list(frames) for frames in use.shown]) or [[-1, use.frames]]
    if use.added != type(use.added)():
        needs = {**needs, "added": msgspec.to_builtins(use.added)}
    given: list[object] = [use.version, where, needs, _profile(subject), sorted(_reach(one) for one in agreements)]
    if not rule:
        given.append([verdict.pack, verdict.version, verdict.digest, verdict.rule])
        return _bound(b"edgecode finding bound v1\n", given)
    given += [[verdict.pack, verdict.rule, rule], verdict.outcome, _standings(verdict)]
    given.append(sorted(_stand(one) for one in agreements) if stands else [])
    return _bound(b"edgecode finding bound v3\n", given)


def _bound(head: bytes, given: object) -> Sha256:
    return sha256(head + msgspec.json.encode(given, order="sorted")).hexdigest()


def _standings(verdict: Verdict) -> list[str]:
    """The facts of standing that a rule read, with their values: an expired license that is revoked as well is another matter."""
    names = ((text.partition(" ")[0], text) for text in verdict.used)
    return sorted(text for name, text in names if name in CATALOGUE and CATALOGUE[name].world == "status")


def _stand(one: Candidate) -> str:
    return msgspec.json.encode({name: one.values.get(name) for name in sorted(_PASSING)}, order="sorted").decode()


_PASSING = frozenset({"status", "disputed", "granted"})


def _reach(one: Candidate) -> str:
    """The scope of an agreement, without where it stands today."""
    kept = {name: value for name, value in one.values.items() if name not in _PASSING and not name.endswith("_ok")}
    return msgspec.json.encode(kept, order="sorted").decode()


def _profile(subject: Subject | None) -> list[str]:
    """What the production asks of every scope."""
    facts: Mapping[str, object] = subject.facts if subject is not None else {}
    names = ("production.territories", "production.kind", "production.release_date")
    return [f"{name}={facts[name]}" for name in names if name in facts]


def card_of(pack: Pack, rule: Rule, reads: Mapping[str, frozenset[str]], *, digest: Sha256 = "") -> RuleCard:
    """A pack's rule for findings. *reads*: by expression of the rule the facts that it reads. *digest*: of what it says as it judges."""
    required = {fact for one in rule.require if one.that for fact in reads.get(one.that, frozenset())}
    is_ban = any(one.that.strip() == "false" for one in rule.require)
    guard = reads.get(rule.when or "", frozenset()) if is_ban else frozenset()
    return RuleCard(
        rule.code or f"{pack.id}.{rule.id}".lower(),
        rule.number,
        rule.title,
        rule.fix,
        rule.citation,
        rule.confidence,
        rule.waivable,
        rule.always,
        any(fact.startswith("consent.") for fact in (*required, *guard)),
        any(one.over == "consents" for one in rule.require),
        digest,
        stands=any(one.over for one in rule.require),
    )


def finding_of(verdict: Verdict, card: RuleCard, use: Use, subject: Subject | None = None) -> Finding:
    """The finding of a verdict that is no pass."""
    key = finding_key(verdict.pack, verdict.rule, verdict.subject)
    bound = bound_of(use, verdict, subject, rule=card.digest, stands=card.stands)
    before = bound_of(use, verdict, subject) if card.digest else None
    return Finding(key, verdict, card, use, bound, given=_is_given(subject), bound_before=before)


_GIVEN = ("use", "alter", "language", "create", "training", "promote")
_LOST = ("revoked", "expired", "suspended", "exhausted", "disputed", "gdpr_withdrawn")


def _is_given(subject: Subject | None) -> bool:
    facts: Mapping[str, object] = subject.facts if subject is not None else {}
    stands = all(facts.get(f"consent.{word}") is False for word in _LOST)
    return stands and any(facts.get(f"consent.{act}") is True for act in _GIVEN)


# ------------------------------------------------------------------------------------------ answers


def is_about_consent(finding: Finding) -> bool:
    """Whether a person's missing or withdrawn consent is what it is about: the production never waives that."""
    if finding.card.consent:
        return True
    if not finding.card.candidates:
        return False
    return not finding.given


def answered(finding: Finding, register: Register, *, today: str) -> Finding:
    """The finding with what its latest answer comes to on a day."""
    given = [one for one in register.answers if one.finding == finding.key]
    if not given:
        return finding
    latest, state, why = _latest(finding, given, register, today=today)
    member = register.members.get(latest.by)
    who = member.alias if member is not None else ""
    said = Answered(state, latest.action, who, latest.role, latest.until, why, latest.id)
    return msgspec.structs.replace(finding, answered=said)


def may_undo(finding: Finding, role: str) -> bool:
    """Whether somebody in this role takes back that a finding is waived or cleared: who may waive it, or decides for the production."""
    return role in MAY_DECIDE or (finding.waivable is not None and role in finding.waivable.by)


def _latest(
    finding: Finding, given: Iterable[FindingAnswer], register: Register, *, today: str
) -> tuple[FindingAnswer, Standing, str]:
    """The answer that counts with what it comes to: the newest, but for a fix that undoes nothing."""
    newest, *older = sorted(given, key=lambda one: one.log_index, reverse=True)
    state, why = _standing(finding, newest, register, today=today)
    if newest.action != "fix" or may_undo(finding, newest.role) or not older:
        return newest, state, why
    before = _latest(finding, older, register, today=today)
    return before if before[1] in ("waived", "cleared") else (newest, state, why)


def _standing(finding: Finding, one: FindingAnswer, register: Register, *, today: str) -> tuple[Standing, str]:
    # What was answered before answers were bound to rules stays bound to the text of the pack.
    if one.bound not in (finding.bound, finding.bound_before):
        return "reopened", "the cut, the scope or the rule changed since it was answered"
    if one.action == "fix":
        return "fix", ""
    member = register.members.get(one.by)
    refused = "whoever answered is no member" if member is None else ""
    refused = refused or refusal(finding, one.action, member, one.role, register, at=one.at, until=one.until)
    if refused:
        return "void", refused
    if unattached := no_document(one.action, one.documents, register):
        return "void", unattached
    last = last_day(finding.waivable, one.action, at=one.at, until=one.until)
    if last < today:
        return "lapsed", f"the waiver ended on {last}" if one.action == "waived" else f"what cleared it ended on {last}"
    return one.action, ""


def refusal(
    finding: Finding, action: Action, member: Member | None, role: str, register: Register, *, at: str, until: str
) -> str:
    """Why a member may not answer a finding so, as a sentence; "" when they may. *at*: the day of the answer."""
    if member is None or member.retired or role not in member.roles:
        return "whoever answers acts in that role no more"
    if action == "fix":
        stands = finding.answered.state in ("waived", "cleared") and not may_undo(finding, role)
        return f"it is {finding.answered.state}, and who may do that takes it back" if stands else ""
    if role in NEVER:
        return f"the role {role} answers for no finding"
    use = finding.use
    shown = {use.person} if use.person is not None else use.beside
    is_lost = use.person_state in ("erased", "unknown") or NOBODY_KNOWS in shown
    persons = {one for one in shown if one is not None}
    own = own_matter(register, member, persons=persons, versions=use.about | {use.version}, is_lost=is_lost)
    if own:
        return own
    if is_about_consent(finding):
        return _BESIDE if finding.card.beside else _NEVER_WAIVED
    if finding.waivable is None:
        return "its rule lets nobody waive or clear it"
    if role not in finding.waivable.by:
        return f"its rule names {', '.join(finding.waivable.by)}"
    if action == "cleared":
        is_mild = finding.verdict.severity in CLEARED_UP_TO and finding.verdict.outcome != "error"
        return "" if is_mild else "what blocks is met or waived, no paper clears it"
    return _until(finding.waivable, at=at, until=until)


_NEVER_WAIVED = (
    "a person's missing or withdrawn consent is never waived: record a new consent, take the shot out, or record legal's "
    "determination that cites the agreement's own revocation clause"
)
_BESIDE = (
    "somebody is noted in this picture whose consent is missing or withdrawn, and as long as that is so nobody waives what is not known of "
    "how it was made: record that, record their consent, or take the shot out"
)


def no_document(action: Action, documents: Sequence[RecordId], register: Register) -> str:
    """Why papers do not clear a finding, as a sentence: only documents that the desk keeps do. "" for other answers."""
    if action != "cleared":
        return ""
    if not documents:
        return "no document is attached"
    return "" if all(one in register.documents for one in documents) else "what is attached is no document of the desk"


def last_day(waivable: Waivable | None, action: Action, *, at: str, until: str = "") -> str:
    """The last day on which an answer of the day *at* counts: that of a waiver as it says, a clearing for as long as its rule lets anybody
    waive it; "" for a fix."""
    if action == "waived" or waivable is None:
        return until
    return _furthest(waivable, at) if action == "cleared" else ""


def _furthest(waivable: Waivable, at: str) -> str:
    return (date.fromisoformat(at) + timedelta(days=waivable.max_days)).isoformat()


def _until(waivable: Waivable, *, at: str, until: str) -> str:
    if not until:
        return "a waiver needs a last day"
    last = _furthest(waivable, at)
    if until < at:
        return "its last day is over before it begins"
    return f"its rule allows {waivable.max_days} days, so {last} at most" if until > last else ""


def by_name(findings: Iterable[Finding], name: str) -> list[Finding]:
    """The findings that somebody may mean: ``F-1a2b3c4d`` or a beginning of its key, of four characters or more; a number or a code."""
    listed = list(findings)
    written = name.strip()
    coded = [one for one in listed if written in (one.card.number, one.card.code)]
    wanted = written.lower().removeprefix("f-")
    return coded or [one for one in listed if len(wanted) >= 4 and one.key.startswith(wanted)]
