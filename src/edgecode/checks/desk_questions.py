"""What the desk asks itself, whatever packs are on: is every frame known, is the profile complete, is there any rule at all.

These are findings like others, of the pack ``edgecode``; they concern no contract and no law. A gate that could not ask them would clear by
silence.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.findings import Finding, RuleCard, finding_of
from edgecode.checks.rules.pack import Waivable
from edgecode.checks.rules.rule_digests import digest_of
from edgecode.checks.rules.subjects import Outcome, Verdict
from edgecode.checks.uses import Span, Use, use_key
from edgecode.events.codec import canonical
from edgecode.terms.evidence import Reason
from edgecode.terms.identity import RecordId, Sha256
from edgecode.terms.rights import Gate, Severity

PACK, VERSION = "edgecode", "1"
DIGEST = "0" * 64
"""The desk's own questions have no file; their version stands for them."""

_AT_DELIVERY: tuple[Gate, ...] = ("deliver",)
_LATER: tuple[Gate, ...] = ("publish", "deliver")
_EVER: tuple[Gate, ...] = ("ingest", "publish", "deliver")
_CLEARANCE = Waivable(("clearance", "legal", "producer"), 180)
_LEGAL = Waivable(("legal",), 90)


class DeskRule(Struct, frozen=True, dict=True):
    """One of these questions."""

    id: str
    number: str
    code: str
    severity: Severity
    gates: tuple[Gate, ...]
    title: str
    fix: str
    waivable: Waivable | None = None

    @cached_property
    def card(self) -> RuleCard:
        """As findings print it."""
        said = digest_of([VERSION, self])
        return RuleCard(self.code, self.number, self.title, self.fix, "own rule", "high", self.waivable, digest=said)


_COVERAGE = {
    Reason.NO_MATCH: ("R110", "coverage.no_match"),
    Reason.AMBIGUOUS: ("R111", "coverage.ambiguous"),
    Reason.OFFLINE_MEDIA: ("R112", "coverage.offline_media"),
    Reason.RANGE_OUTSIDE: ("R113", "coverage.range_outside"),
    Reason.DANGLING_PARENT: ("R114", "coverage.dangling_parent"),
    Reason.VENDOR_OPEN: ("R115", "coverage.vendor_open"),
    Reason.NO_STEP: ("R118", "coverage.no_step"),
}

GAPS: Mapping[Reason, DeskRule] = {
    reason: DeskRule(
        f"coverage-{reason.value}",
        number,
        code,
        "approve",
        _AT_DELIVERY,
        "Every frame of the cut is accounted for",
        "Settle it: edgecode questions CUT",
        _CLEARANCE,
    )
    for reason, (number, code) in _COVERAGE.items()
}
ROWS_MISSING = DeskRule(
    "coverage-rows-missing",
    "R101",
    "coverage.rows_missing",
    "approve",
    _AT_DELIVERY,
    "Every row of the cut was read",
    "Export the cut again in a richer format, and add it: edgecode cut add FILE",
    _CLEARANCE,
)
EMPTY = DeskRule(
    "coverage-empty",
    "R102",
    "coverage.no_frames",
    "block",
    _LATER,
    "The cut has frames",
    "Add the cut again: edgecode cut add FILE",
)
HIDDEN = DeskRule(
    "coverage-effects-hidden",
    "R103",
    "coverage.effects_hidden",
    "warn",
    _EVER,
    "The cut's format shows what the editing program did to the picture",
    "Hand over the cut as OTIO, FCPXML or AAF, or say that the effects were plain: edgecode answer CUT --effects plain",
)
UNCLEAR = DeskRule(
    "ai-unknown",
    "R104",
    "coverage.ai_unknown",
    "approve",
    _LATER,
    "It is known whether a model had a hand in the picture and the sound",
    'Say it in the record of the step ("ai": "none", "assistive" or "generative"), or have it waived',
    _CLEARANCE,
)
DOUBTFUL = DeskRule(
    "person-making-unknown",
    "R201",
    "person.making_unknown",
    "approve",
    _LATER,
    "Of everybody on screen it is known whether they were filmed or made",
    "Note them in the plate or the element that they are in (edgecode person depicted), or declare the use (edgecode desk use)",
    _LEGAL,
)
MAKING_TAKEN = DeskRule(
    "making-taken-back",
    "R203",
    "person.making_taken_back",
    "approve",
    _LATER,
    "What was recorded of how something was made, or of what a clip shows, stands, or something else is recorded in its place",
    "Record the step as it was (edgecode record), take back what was said of the clip (edgecode conform), or let legal say that nobody "
    "is in it",
    _LEGAL,
)
RECORD_TAKEN = DeskRule(
    "record-taken-back",
    "R204",
    "person.record_taken_back",
    "approve",
    _LATER,
    "Nobody vanishes from a version because the record of their replica or session was taken back",
    "Record the replica or session again, or let legal say that it never was theirs",
    _LEGAL,
)
PROFILE = DeskRule(
    "profile-incomplete",
    "R690",
    "desk.profile_incomplete",
    "approve",
    _LATER,
    "The production's profile says what the rules in force ask of it",
    "Fill it in: edgecode desk profile FACT=VALUE",
)
UNDECIDED = DeskRule(
    "agreement-undecided",
    "R691",
    "pack.cap_undecided",
    "approve",
    _LATER,
    "Of a declared agreement somebody decided whether its softened rules bite in full",
    "Decide, signed: edgecode packs adopt PACK, or edgecode packs keep-cap PACK",
)
SWITCHED_OFF = DeskRule(
    "agreement-off",
    "R692",
    "pack.agreement_off",
    "warn",
    _EVER,
    "The pack of a declared agreement judges",
    "It is switched off by a signed decision, which every paper prints: edgecode packs on PACK takes it back",
)
NO_RULES = DeskRule(
    "rules-none",
    "R693",
    "rules.none",
    "approve",
    _EVER,
    "There are rules to judge by",
    "Switch packs on: edgecode packs list",
)
NOT_JUDGING = DeskRule(
    "pack-not-judging",
    "R694",
    "pack.not_judging",
    "approve",
    _LATER,
    "Every pack that should judge does",
    "Bring its file back or mend it (edgecode packs list says what is wrong), or switch it off, signed: edgecode packs off PACK",
)
CONTRADICTED = DeskRule(
    "determination-contradicted",
    "R695",
    "determination.contradicted",
    "approve",
    _LATER,
    "Members give one answer to one question",
    "Agree; whoever answered more strictly, or counsel, takes that back: edgecode desk withdraw ID --by ALIAS; or all answer alike",
)
TAKEN_BACK = DeskRule(
    "consent-newer-taken-back",
    "R696",
    "consent.newer_taken_back",
    "warn",
    _EVER,
    "No other consent for the same acts was taken back, suspended or disputed",
    "Ask whether the consent that this rests on was meant too; if it was, record that: edgecode consent revoke",
)
UNREAD = DeskRule(
    "ledger-unread",
    "R791",
    "ledger.unread",
    "approve",
    _LATER,
    "Everything on record can be read",
    "Read the production with the release that wrote it, and bring back keys.db where it is missing",
)
HOOK = DeskRule(
    "hook-failed",
    "R790",
    "hook.did_not_judge",
    "approve",
    _EVER,
    "Every hook of this gate judged",
    "Look at the hook and run the gate again: edgecode hook list",
)
RULES: tuple[DeskRule, ...] = (
    *GAPS.values(), ROWS_MISSING, EMPTY, HIDDEN, UNCLEAR, DOUBTFUL, MAKING_TAKEN, RECORD_TAKEN,
    PROFILE, UNDECIDED, SWITCHED_OFF, NO_RULES, NOT_JUDGING, CONTRADICTED,
    TAKEN_BACK, UNREAD, HOOK,
)  # fmt: skip


def asked(
    rule: DeskRule,
    why: str,
    *,
    cut: RecordId,
    spans: Iterable[Span] = (),
    shown: Iterable[tuple[int, int]] = (),
    version: RecordId = "",
    clip: RecordId = "",
    subject: str = "",
    outcome: Outcome = "unknown",
    missing: tuple[str, ...] = (),
    use: Use | None = None,
    cast: "Cast | None" = None,
) -> Finding:
    """The finding of a question that has no good answer. *subject*: what tells it from others of the same version or clip. *use*: the one
    that it is about; *cast*: who is where it lies, on which answers depend."""
    key = use_key(f"desk:{rule.id}", version=version, subject=subject, clip=clip)
    cast = cast or Cast()
    about = cast.about | {one for one in (cut, version, clip) if one}
    place = Use(
        key=key,
        kind=use.kind if use is not None else "performance",
        cut=cut,
        spans=tuple(spans),
        version=version,
        about=use.about | about if use is not None else about,
        person=use.person if use is not None else None,
        alias=use.alias if use is not None else "",
        person_state=use.person_state if use is not None else "none",
        shown=tuple(shown),
        beside=cast.persons,
    )
    verdict = Verdict(key, PACK, VERSION, DIGEST, rule.id, outcome, rule.severity, rule.gates, why, missing)
    found = finding_of(verdict, replace(rule.card, consent=cast.is_lost, beside=cast.is_lost), place)
    if not cast.names:
        return found
    before = _with(found.bound_before, cast.names) if found.bound_before is not None else None
    return replace(found, bound=_with(found.bound, cast.names), bound_before=before)


def _with(bound: Sha256, names: Iterable[str]) -> Sha256:
    return sha256(b"edgecode finding cast v1\n" + canonical([bound, *sorted(names)])).hexdigest()


class Cast(Struct, frozen=True):
    """Who is in a version as a cut shows it. *persons*: dense ids as in `Use.beside`; *names*: what tells them apart in an answer that is
    bound to them. *about*: every record that the version rests on. *is_lost*: the consent of one of them is missing or lost, so that
    nobody waives what is not known here."""

    persons: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    about: frozenset[RecordId] = frozenset()
    is_lost: bool = False


def added(hook: str, code: str, severity: Severity, why: str, use: Use) -> Finding:
    """A finding that a gate's hook added. Nobody waives it here: the hook takes it back itself."""
    card = RuleCard(code, "", f"added by the hook {hook}", "Ask whoever keeps the hook", f"hook {hook}")
    verdict = Verdict(use.key, f"hook:{hook}", VERSION, DIGEST, code, "fail", severity, _EVER, why)
    return finding_of(verdict, card, use)
