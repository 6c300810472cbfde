"""One event of every kind about rights with a secret in every field that holds words of people and contracts.

A production's own profile and the names of its tools are no secrets: lists print them.

`SECRETS` are what no outsider may read anywhere: leaves, plain sections, log lines, errors, JSON without ``--reveal``.
"""

from collections.abc import Callable

from edgecode.events.kinds import Event, PlaceSection, TextSection
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import (
    AgreementFact,
    AgreementMoved,
    AgreementMoveFact,
    AgreementRecorded,
    AgreementTerms,
    ApprovalGiven,
    AttestationMade,
    CutMoved,
    CutMoveFact,
    DatasetDescribed,
    DatasetDescription,
    DatasetItem,
    DatasetRights,
    DeterminationFact,
    DeterminationMade,
    DisclosureMade,
    DocumentBytes,
    DocumentFact,
    DocumentKept,
    FindingAnswered,
    FindingAnswerFact,
    GateAsked,
    GateFact,
    HookFact,
    HookFinding,
    HookRan,
    HookSection,
    MakerNamed,
    MakingFact,
    MemberFact,
    MemberNamed,
    ModelDescribed,
    ModelDescription,
    ModelTerms,
    MoveTerms,
    NoticeGiven,
    PackDecided,
    PackDecisionFact,
    PackDecisionSection,
    Paper,
    PaperEndFact,
    PaperFact,
    PaperSection,
    PaperWithdrawn,
    PaymentRecorded,
    ProductionProfiled,
    ProfileFact,
    ProfileSection,
    ReplicaFact,
    ReplicaMoved,
    ReplicaMoveFact,
    ReplicaRecorded,
    RepresentationFact,
    RepresentationRecorded,
    RepresentationSection,
    SessionFact,
    SessionRecorded,
    StandingFact,
    StandingSection,
    StandingStated,
    ToolTermsFact,
    ToolTermsSection,
    ToolTermsSeen,
    UseDeclared,
    UseFact,
    UseSection,
)
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Compensation, Revocation, Scope, Terms

OF_THE_PERSON, OF_THE_PRODUCTION = "zqp-", "zqx-"
"""Begin what goes with the person, and what stays with the production."""


class Planted:
    """Makes secrets, each another, and remembers them."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, of: str = OF_THE_PERSON) -> str:
        self.words.append(f"{of}{len(self.words):03d}-secret")
        return self.words[-1]

    def of_the_person(self) -> list[str]:
        """Those that an erasure of the person takes."""
        return [word for word in self.words if word.startswith(OF_THE_PERSON)]


def desk_events(
    ref: str, alias: str, *, new: Callable[[], RecordId], version: RecordId, cut: RecordId, planted: Planted
) -> list[Event]:
    """An event of every kind, those of a person about *ref*."""
    s, x = planted, lambda: planted(OF_THE_PRODUCTION)

    def who() -> PersonSection:
        return PersonSection(ref, alias, {"owner": s(), "business_reason": s()})

    agreement, license_, replica, member, representation = new(), new(), new(), new(), new()
    session, document = new(), new()
    papers: list[Event] = [
        kind(PaperFact(new(), word, at="2026-05-01"), PaperSection({"to": s(), "amount": s()}), _words(s), who())
        for kind, word in _PAPERS
    ]
    zero = "0" * 64
    return [
        ProductionProfiled(ProfileFact(new()), ProfileSection({"production.buyer": "netflix"})),
        MemberNamed(MemberFact(member, ("clearance",)), who()),
        MakerNamed(MakingFact(new(), member, (version,))),
        RepresentationRecorded(
            RepresentationFact(representation, "principal"),
            RepresentationSection(representation, "agent", registered_claim=s(), searched=s()),
            who(),
        ),
        RepresentationRecorded(RepresentationFact(representation, "agent"), None, who()),
        SessionRecorded(SessionFact(session, "mocap", (version,)), who()),
        ReplicaRecorded(ReplicaFact(replica, "employment_based", "visual", (session,), (version,)), who()),
        ReplicaMoved(ReplicaMoveFact(replica, "transferred", "2026-05-01"), _words(s)),
        DocumentKept(
            DocumentFact(document, "contract"),
            DocumentBytes(_digest(s), 7, before=_digest(s)),
            PlaceSection("media", "".join(f"%{byte:02x}" for byte in s().encode()), s()),
            who(),
        ),
        AgreementRecorded(AgreementFact(agreement, "consent"), _terms(agreement, "C-07", s), who()),
        AgreementMoved(
            AgreementMoveFact(agreement, "condition_met", "2026-05-01"), MoveTerms(agreement, s(), s(), s())
        ),
        AgreementRecorded(AgreementFact(license_, "license", covers=(version,)), _terms(license_, "L-14", x)),
        AgreementMoved(AgreementMoveFact(license_, "granted", "2026-05-01"), MoveTerms(license_, x(), x(), x())),
        StandingStated(StandingFact(new(), agreement, 5), StandingSection(agreement, {"consent.revoked": False})),
        ModelDescribed(ModelDescription(new(), version), ModelTerms(x(), (x(),), None, None, (x(),), (x(),)), who()),
        DatasetDescribed(
            DatasetDescription(new(), version),
            DatasetRights((DatasetItem(x(), "licensed"),), ((x(), x(), x()),), x(), {"card": x()}),
        ),
        ToolTermsSeen(ToolTermsFact(new(), "2026-05-01"), None, ToolTermsSection("Upscaler", x(), x())),
        UseDeclared(UseFact(new()), UseSection({"use.purpose": s()}, Scope(roles=(s(),), scenes=(s(),))), who()),
        *papers,
        DeterminationMade(DeterminationFact(new(), "use.deepfake", "no", member), _words(s), who()),
        PaperWithdrawn(PaperEndFact(session), _words(s)),
        CutMoved(CutMoveFact(cut, "released", "2026-05-01"), PaperSection({"territories": x()})),
        PackDecided(
            PackDecisionFact(new(), "consent-core", "1", zero, "on", member),
            PackDecisionSection({"days": x()}),
            _words(x),
        ),
        FindingAnswered(
            FindingAnswerFact(new(), "a" * 12, "p", "R", "cleared", member, "legal", zero, "2026-05-01"), _words(x)
        ),
        GateAsked(GateFact(new(), cut, "deliver", "HELD", 1, zero, zero)),
        HookRan(HookFact(new(), "finding", cut, "done"), HookSection(x(), (HookFinding("a.b", "warn", x(), x()),))),
    ]


_PAPERS: tuple[tuple[type[Paper], str], ...] = (
    (NoticeGiven, "scan_48h"),
    (ApprovalGiven, "commissioner"),
    (DisclosureMade, "credit"),
    (AttestationMade, "replica_custody"),
    (PaymentRecorded, "scan_day"),
)


def _words(secret: Callable[[], str]) -> TextSection:
    return TextSection((("note", secret()),))


def _digest(secret: Callable[[], str]) -> str:
    """Sixty-four hexadecimal digits that are looked for as a secret too."""
    return secret().encode().hex().ljust(64, "0")[:64]


def _terms(agreement: RecordId, label: str, secret: Callable[[], str]) -> AgreementTerms:
    s = secret
    return AgreementTerms(
        agreement,
        label=label,
        acts=("create",),
        description=s(),
        grantee=s(),
        licensor=s(),
        script_version=s(),
        attribution=s(),
        warranties=s(),
        opt_out_signals=(s(),),
        scope=Scope(works=(s(),), roles=(s(),), scenes=(s(),), tools=(s(),)),
        terms=Terms(
            (s(),),
            None,
            (Compensation("days", 1_850_000, "EUR", floor=s(), contributions=s()),),
            s(),
            revocation=Revocation(clause=s()),
            strike_clause=s(),
            deletion=s(),
            governing_law=s(),
        ),
    )
