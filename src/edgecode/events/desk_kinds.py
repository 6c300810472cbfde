"""Kinds of events of the clearance desk: uses, small records, determinations, and what the desk decides about packs and findings.

They belong with `events.rights_kinds`, which names every kind about rights and gives these on.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import ClassVar, Literal

import msgspec

from edgecode.events.kinds import Event, Section, TextSection, sorted_refs
from edgecode.events.person_kinds import PersonSection
from edgecode.terms.identity import RecordId, Sha256
from edgecode.terms.rights import CutState, FactValue, Gate, Role, Scope


class UseFact(Section, frozen=True):
    """*versions*: what shows or sounds; () and *cut* "": of the whole production (a script, an advert, a transfer).

    *first*, *end*: frames of the one version, None: all. *by* and *role*: the member whose word it is; "" is nobody's.
    """

    use: RecordId
    versions: tuple[RecordId, ...] = ()
    cut: RecordId = ""
    first: int | None = None
    end: int | None = None
    by: RecordId = ""
    role: Role | Literal[""] = ""


class UseSection(Section, frozen=True):
    """*values*: facts of the catalogue whose world is ``derived``, by name, as somebody states them; what is left out is not known.

    *scope*: what the use needs where it differs from the production: roles, scenes, languages, territories, media, as in `Scope`.
    *quantities*: lines, words, days and others that no machine counts.
    """

    values: dict[str, FactValue] = {}
    scope: Scope = Scope()
    quantities: dict[str, int] = {}


class UseDeclared(Event, frozen=True):
    """Somebody says that a likeness, a work, a dataset or a model is used so. A use is never edited: another supersedes it."""

    TYPE: ClassVar[str] = "use.declared/1"
    fact: UseFact
    recipe: UseSection | None = None
    person: PersonSection | None = None
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.use, self.fact.cut, *self.fact.versions)[:200]


ApprovalAnswer = Literal["", "yes", "no", "conditional"]


class ShownFrames(Section, frozen=True):
    """Frames *first* up to *end* of the version that a use shows, by the key of the use; *first* -1: *end* frames, nobody knows which."""

    use: str
    first: int
    end: int


class PaperFact(Section, frozen=True):
    """A small record. *kind*: its word in the catalogue of facts (``scan_48h``, ``netflix_written``, ``cue_sheet`` …).

    *about*: cuts, versions, declared uses, agreements, sessions, replicas, datasets, models; () the whole production. *uses*: keys of
    derived uses. *at*, *until*, *due*: days. *by*: the member who says so. *documents*: the evidence. *answer*: of an approval; "" is
    that of a release that did not ask, and counts as yes; ``conditional`` counts once it is recorded again with yes. *shown*: of a release
    of finished material, what the cuts in force show of the uses that it is for.
    """

    paper: RecordId
    kind: str
    about: tuple[RecordId, ...] = ()
    uses: tuple[str, ...] = ()
    at: str = ""
    until: str = ""
    due: str = ""
    by: RecordId = ""
    documents: tuple[RecordId, ...] = ()
    answer: ApprovalAnswer = ""
    shown: tuple[ShownFrames, ...] = ()


class PaperSection(Section, frozen=True):
    """Words and numbers of a small record: to or from whom, form, place, conditions, quantity, amount, currency, reference."""

    values: dict[str, str] = {}


class Paper(Event, frozen=True):
    """What the six small records share; of itself no kind of event. `person`: about one person only."""

    fact: PaperFact
    recipe: PaperSection | None = None
    text: TextSection | None = None
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.paper, self.fact.by, *self.fact.about, *self.fact.documents)[:200]


class NoticeGiven(Paper, frozen=True):
    """Somebody was told of something."""

    TYPE: ClassVar[str] = "notice.given/1"


class ApprovalGiven(Paper, frozen=True):
    """Somebody who may approve was asked and answered: a yes satisfies a rule that asks for it."""

    TYPE: ClassVar[str] = "approval.given/1"


class DisclosureMade(Paper, frozen=True):
    """Something was disclosed to an audience, an office, a festival."""

    TYPE: ClassVar[str] = "disclosure.made/1"


class AttestationMade(Paper, frozen=True):
    """Somebody attests that something is so."""

    TYPE: ClassVar[str] = "attestation.made/1"


class PaymentRecorded(Paper, frozen=True):
    """Something was paid or scheduled: units and a proposed amount, never a residual total."""

    TYPE: ClassVar[str] = "payment.recorded/1"


class DeterminationFact(Section, frozen=True):
    """*question*: a fact of the catalogue (``use.deepfake``) or the word behind ``determination.``. *answer*: the fact's value as text,
    ``yes``, ``no``. *clause*: the agreement whose revocation clause it cites. *rule*: pack, version and rule that asked. *shown*: as of a
    small record."""

    determination: RecordId
    question: str
    answer: str
    by: RecordId = ""
    role: Role | Literal[""] = ""
    about: tuple[RecordId, ...] = ()
    uses: tuple[str, ...] = ()
    at: str = ""
    until: str = ""
    rule: str = ""
    clause: RecordId = ""
    documents: tuple[RecordId, ...] = ()
    shown: tuple[ShownFrames, ...] = ()


class DeterminationMade(Event, frozen=True):
    """A named human judged what no machine can. The reason is in `text`."""

    TYPE: ClassVar[str] = "determination.made/1"
    fact: DeterminationFact
    text: TextSection | None = None
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        named = (*self.fact.about, *self.fact.documents)
        return sorted_refs(self.fact.determination, self.fact.by, self.fact.clause, *named)[:200]


class PaperEndFact(Section, frozen=True):
    """*record*: whatever of the desk was noted in error: a small record, use, session, replica, document or answer. *by*: the member who
    took it back; "" where nobody has to answer for it."""

    record: RecordId
    by: RecordId = ""


class PaperWithdrawn(Event, frozen=True):
    """A record of the desk was taken back."""

    TYPE: ClassVar[str] = "paper.withdrawn/1"
    fact: PaperEndFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.record)


class CutMoveFact(Section, frozen=True):
    """*territories* and *media* of a release are in `recipe`. *by* and *role*: the member whose word it is; "" is nobody's."""

    cut: RecordId
    state: CutState
    on: str
    undone: bool = False
    by: RecordId = ""
    role: Role | Literal[""] = ""


class CutMoved(Event, frozen=True):
    """A cut was locked, delivered or released; *undone*: unlocked again."""

    TYPE: ClassVar[str] = "cut.moved/1"
    fact: CutMoveFact
    recipe: PaperSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.cut)


# ---------------------------------------------------------------------------------------------------- the desk


class PackDecisionFact(Section, frozen=True):
    """*pack*, *version*, *digest*: which. *decision*: ``on``, ``off``, ``adopted`` (its capped rules bite in full), ``cap_kept`` (they are
    left softened, knowingly), ``parameters``. *signature*: Ed25519 in base64 by the member's key over `decision_statement`."""

    decision: RecordId
    pack: str
    version: str
    digest: Sha256
    choice: Literal["on", "off", "adopted", "cap_kept", "parameters"]
    by: RecordId = ""
    at: str = ""
    signature: str = ""


class PackDecisionSection(Section, frozen=True):
    """*parameters*: overridden values of the pack, by name."""

    parameters: dict[str, FactValue] = {}


class PackDecided(Event, frozen=True):
    """Whether a pack of rules is run, and how. The latest decision on a pack counts; the reason is in `text`."""

    TYPE: ClassVar[str] = "pack.decided/1"
    fact: PackDecisionFact
    recipe: PackDecisionSection | None = None
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.decision, self.fact.by)


class FindingAnswerFact(Section, frozen=True):
    """*finding*: its key: of rule and subject, the same in every cut. *bound*: digest of what the answer was given for (cut range, version,
    scope, what the rule says); when that changes the finding is open again. *until*: the last day of a waiver."""

    answer: RecordId
    finding: str
    pack: str
    rule: str
    action: Literal["fix", "cleared", "waived"]
    by: RecordId
    role: Role
    bound: Sha256
    at: str
    until: str = ""
    cut: RecordId = ""
    documents: tuple[RecordId, ...] = ()


class FindingAnswered(Event, frozen=True):
    """A named person answered a finding; the finding stays. The reason is in `text`."""

    TYPE: ClassVar[str] = "finding.answered/1"
    fact: FindingAnswerFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.answer, self.fact.by, self.fact.cut, *self.fact.documents)


class PackRun(Section, frozen=True):
    """One pack in a gate: which, and how its findings came out."""

    pack: str
    version: str
    digest: Sha256
    findings: int
    open: int


class GateFact(Section, frozen=True):
    """*size*, *root*: the state of the log that was judged. *findings*: SHA-256 of the findings as canonical JSON.

    *not_checked*: packs that were not run. *engine*: name and version of what evaluated the expressions, *facts*: the vocabulary.
    """

    run: RecordId
    cut: RecordId
    gate: Gate
    word: Literal["CLEARED", "HELD", "REFUSED"]
    size: int
    root: Sha256
    findings: Sha256
    packs: tuple[PackRun, ...] = ()
    not_checked: tuple[str, ...] = ()
    engine: str = ""
    facts: str = ""


class GateAsked(Event, frozen=True):
    """A cut was held against the rules at a gate."""

    TYPE: ClassVar[str] = "gate.asked/1"
    fact: GateFact

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.run, self.fact.cut)


class HookFact(Section, frozen=True):
    """*about*: the event, finding key or gate run that it ran on. *milliseconds*: how long. *added*: findings that it added."""

    run: RecordId
    on: str
    about: str
    outcome: Literal["done", "failed", "timeout", "unreadable", "missing"]
    status: int = 0
    milliseconds: int = 0
    added: int = 0


class HookFinding(Section, frozen=True):
    """A finding that a gate's hook added: *subject*: a use's key, "" for the whole cut."""

    code: str
    severity: Literal["info", "warn", "disclose", "approve", "block"]
    why: str
    subject: str = ""


class HookSection(Section, frozen=True):
    """*hook*: its name in edgecode.toml. *findings*: what it added."""

    hook: str
    findings: tuple[HookFinding, ...] = ()


class HookRan(Event, frozen=True):
    """A hook of the compliance team ran."""

    TYPE: ClassVar[str] = "hook.ran/1"
    fact: HookFact
    recipe: HookSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.run)


def decision_statement(fact: PackDecisionFact, *, parameters: Mapping[str, FactValue], origin: str) -> bytes:
    """What a member signs when they decide on a pack: everything but the signature, and the *parameters* as SHA-256 of their canonical
    JSON, for the log *origin*."""
    digest = sha256(msgspec.json.encode(dict(parameters), order="sorted")).hexdigest()
    lines = (origin, fact.decision, fact.pack, fact.version, fact.digest, fact.choice, fact.by, fact.at, digest)
    return ("edgecode pack decision v1\n" + "\n".join(lines) + "\n").encode()
