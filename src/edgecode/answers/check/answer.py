"""The check of a cut as the contract check/1: every finding with its places and what was answered, every pack, and the word."""

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.cuts.figures import clip_name, track_name
from edgecode.answers.cuts.view import CutView
from edgecode.answers.paper_notes.narrowed_uses import NarrowedUse
from edgecode.answers.paper_notes.profile_changes import ProfileChanged
from edgecode.answers.paper_notes.releases import ReleasedUse, note_of
from edgecode.checks.findings import Finding
from edgecode.checks.gates import GATES, Held, Word
from edgecode.checks.pack_states import PackState
from edgecode.checks.releases import Released
from edgecode.checks.unread_terms import UnreadTerm
from edgecode.checks.uses import Span
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Gate

SCHEMA = "edgecode.check/1"


class Instance(Struct, frozen=True):
    """One place of a finding: frames *in* up to *out* of the cut in one clip. *clip* "": no clip stands for it (black, a whole cut).

    *visibility* ``possible``: it may be covered, or another version may be shown; it counts.
    """

    reel: str
    in_: int = field(name="in")
    out: int
    in_tc: str
    out_tc: str
    frames: int
    clip: str
    track: str
    medium: str
    visibility: str


class FindingAnswerLine(Struct, frozen=True):
    """What counts of the answers to a finding. *state*: open, fix, cleared, waived, lapsed, reopened (the cut, the scope or the rule
    changed), void (the answer cannot count); *why*: why it counts no more. *by*: an alias."""

    action: str | None
    by: str
    role: str
    until: str
    state: str
    why: str


class CheckFinding(Struct, frozen=True):
    """One rule on one use. *finding*: its name, the same in every cut. *in*, *out*, *reel* and *clip*: of its first place, null without
    one; *frames*: of all of them, each counted once. *verdict*: fail, unknown, error, waived, cleared. *held*: what it does at this gate;
    *later*: the first gate behind this one that it would hold as it stands, "" where it holds this one or none.

    *subject*: the key of the use. *person*: an alias, "" for nobody; *person_state*: recorded, erased, unknown (somebody is noted, nobody
    can tell who, and no erasure covers that), none, unstated. *missing*: facts that nobody has established. *waivable*: roles that
    may waive it.
    """

    finding: str
    number: str
    code: str
    severity: str
    verdict: str
    held: str
    reel: str | None
    in_: int | None = field(name="in")
    out: int | None
    in_tc: str | None
    out_tc: str | None
    frames: int
    clip: str | None
    spans: tuple[Instance, ...]
    subject: str
    kind: str
    version: RecordId
    person: str
    person_state: str
    title: str
    description: str
    rule: str
    pack: str
    pack_version: str
    citation: str
    confidence: str
    capped: bool
    missing: tuple[str, ...]
    nearest: str
    fix: str
    waivable: tuple[str, ...]
    answer: FindingAnswerLine
    later: str = ""


class CheckedPack(Struct, frozen=True):
    """A pack in this check. *state*: on, off, watch, not_checked; *by*: what settled it. *cap*: what was decided of the rules that the
    confidence cap softens (none, undecided, kept, adopted)."""

    pack: str
    version: str
    digest: str
    tier: str
    state: str
    by: str
    adopted: bool
    cap: str
    why: str
    findings: int
    open: int


class CheckedHook(Struct, frozen=True):
    """A hook of this gate. *state*: done, or why it did not judge (failed, timeout, unreadable, missing; not-allowed on this
    machine; skipped: nobody asked it), which holds the gate; *findings*: how many it added."""

    hook: str
    state: str
    findings: int


class CheckCounts(Struct, frozen=True):
    """How many findings, by severity and by verdict, and how many uses were judged."""

    uses: int
    findings: int
    holding: int
    blocker: int
    issue: int
    fyi: int
    fail: int
    unknown: int
    error: int
    waived: int
    cleared: int


class Check(Struct, frozen=True, tag_field="schema", tag=SCHEMA):
    """The answer, exactly as ``edgecode check --json`` prints it (docs/reference/check-json.md). *gate*: the one that was asked, else
    the one that the word is for, with *asked* false. *today*: the day it was judged for. *not_checked*: packs that did not judge.
    *not_asked*: keys of uses of which rules about AI were not asked, and why. *not_on_record*: keys of filmed performances of adults
    of whom no agreement is on record: nothing of one was checked. *unread_terms*: terms on record that no rule reads.
    *profile_changes*: what the production had said of itself and said otherwise later. *released*: uses whose consent was lost and that
    legal released, in the place of their findings. *narrowed*: uses of which a member who decides said that they need less than lineage and
    the profile say."""

    production: str
    cut: str
    cut_id: RecordId
    gate: Gate
    asked: bool
    word: Word
    today: str
    ledger: LedgerPoint
    packs: tuple[CheckedPack, ...]
    not_checked: tuple[str, ...]
    not_asked: tuple[str, ...]
    not_asked_why: str
    hooks: tuple[CheckedHook, ...]
    findings: tuple[CheckFinding, ...]
    counts: CheckCounts
    engine: str
    facts: str
    not_on_record: tuple[str, ...] = ()
    unread_terms: tuple[UnreadTerm, ...] = ()
    profile_changes: tuple[ProfileChanged, ...] = ()
    released: tuple[ReleasedUse, ...] = ()
    narrowed: tuple[NarrowedUse, ...] = ()


def check_lines(findings: Iterable[Finding], view: CutView, *, gate: Gate) -> tuple[CheckFinding, ...]:
    """Findings as the contract has them, what holds first, then by place."""
    lines = [finding_line(finding, view, gate=gate) for finding in findings]
    return tuple(sorted(lines, key=_order))


_HELD: tuple[Held, ...] = ("refused", "held", "open")


def _order(one: CheckFinding) -> tuple[object, ...]:
    first = one.in_ if one.in_ is not None else -1
    return _HELD.index(one.held), first, one.number, one.pack, one.rule, one.finding


def finding_line(finding: Finding, view: CutView, *, gate: Gate) -> CheckFinding:
    """One finding."""
    verdict, card, use, said = finding.verdict, finding.card, finding.use, finding.answered
    places = tuple(_instance(span, view) for span in instances(use.spans))
    first = places[0] if places else None
    waivable = finding.waivable
    return CheckFinding(
        finding=finding.name,
        number=card.number,
        code=card.code,
        severity=finding.quality,
        verdict=finding.outcome,
        held=finding.held(gate),
        reel=first.reel if first else None,
        in_=first.in_ if first else None,
        out=first.out if first else None,
        in_tc=first.in_tc if first else None,
        out_tc=first.out_tc if first else None,
        frames=use.frames,
        clip=first.clip if first else None,
        spans=places,
        subject=verdict.subject,
        kind=use.kind,
        version=use.version,
        person=use.alias,
        person_state=use.person_state,
        title=card.title,
        description=verdict.why,
        rule=verdict.rule,
        pack=verdict.pack,
        pack_version=verdict.version,
        citation=card.citation,
        confidence=card.confidence,
        capped=verdict.capped,
        missing=verdict.missing,
        nearest=nearest_in(verdict.why),
        fix=card.fix,
        waivable=waivable.by if waivable is not None else (),
        answer=FindingAnswerLine(said.action, said.by, said.role, said.until, said.state, said.why),
        later=_later(finding, gate),
    )


def _later(finding: Finding, gate: Gate) -> str:
    if finding.held(gate) != "open":
        return ""
    behind: tuple[Gate, ...] = GATES[GATES.index(gate) + 1 :]
    return next((one for one in behind if finding.held(one) != "open"), "")


def released_lines(released: Iterable[Released], view: CutView) -> tuple[ReleasedUse, ...]:
    """Released uses as the contract has them, by place."""
    lines = []
    for one in released:
        use = one.use
        places = [_instance(span, view) for span in instances(use.spans)]
        clip, first, last = (places[0].clip, places[0].in_tc, places[-1].out_tc) if places else ("", "", "")
        lines.append(
            ReleasedUse(use.key, use.kind, use.alias, use.version, clip, first, last, use.frames, note_of(one))
        )
    return tuple(sorted(lines, key=lambda one: (one.in_tc, one.kind, one.subject)))


def nearest_in(why: str) -> str:
    """The agreement that comes nearest, as an explanation names it; "" where it names none."""
    _, found, rest = why.partition("nearest ")
    return rest.partition(":")[0] if found else ""


def instances(spans: Iterable[Span]) -> list[Span]:
    """One for each stretch of a clip, whether certain or possible."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.medium != "picture", one.track, one.clip, one.first)):
        last = found[-1] if found else None
        if last is not None and (last.clip, last.medium, last.end) == (span.clip, span.medium, span.first):
            seen = max(last.visibility, span.visibility)
            found[-1] = Span(last.first, span.end, last.clip, last.track, last.medium, seen)
        else:
            found.append(span)
    return sorted(found, key=lambda one: (one.first, one.medium != "picture", one.track, one.clip))


def _instance(span: Span, view: CutView) -> Instance:
    clip = view.clips[span.clip] if span.clip >= 0 else None
    reel = next((name for name, frames in view.reels if span.first in frames), "")
    return Instance(
        reel=reel,
        in_=span.first,
        out=span.end,
        in_tc=view.clock.label(span.first),
        out_tc=view.clock.label(span.end),
        frames=span.frames,
        clip=clip_name(clip) if clip is not None else "",
        track=track_name(clip, view.tracks) if clip is not None else "",
        medium=span.medium,
        visibility=span.visibility.value,
    )


def counts_of(lines: Sequence[CheckFinding], *, uses: int) -> CheckCounts:
    """How many of each."""
    severities = [one.severity for one in lines]
    verdicts = [one.verdict for one in lines]
    return CheckCounts(
        uses=uses,
        findings=len(lines),
        holding=sum(one.held != "open" for one in lines),
        blocker=severities.count("Blocker"),
        issue=severities.count("Issue"),
        fyi=severities.count("FYI"),
        **{name: verdicts.count(name) for name in ("fail", "unknown", "error", "waived", "cleared")},
    )


def pack_lines(states: Iterable[PackState], lines: Sequence[CheckFinding]) -> tuple[CheckedPack, ...]:
    """Every pack with how its findings came out."""
    return tuple(
        CheckedPack(
            pack=state.pack.id,
            version=state.pack.header.version,
            digest=state.pack.digest,
            tier=state.pack.header.tier,
            state=state.state,
            by=state.by,
            adopted=state.adopted,
            cap=state.cap,
            why=state.why,
            findings=sum(one.pack == state.pack.id for one in lines),
            open=sum(one.pack == state.pack.id and one.held != "open" for one in lines),
        )
        for state in states
    )
