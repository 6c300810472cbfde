"""What the register holds of a real ledger: the latest of everything, without what was withdrawn, and whom it is about while known."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checks.desk_record import MARA, OTTO, Desk
from edgecode.checks.lifecycle import state_of, state_of_version
from edgecode.checks.register import Register, ReplicaMoveRow, Whom
from edgecode.drivers.key_files import FileSigner
from edgecode.errors import InputError, NotFoundError
from edgecode.events.desk_kinds import (
    CutMoved,
    CutMoveFact,
    DeterminationFact,
    DeterminationMade,
    NoticeGiven,
    PaperEndFact,
    PaperFact,
    PaperWithdrawn,
    UseDeclared,
    UseFact,
    UseSection,
)
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import (
    MakerNamed,
    MakingFact,
    MemberFact,
    MemberNamed,
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
    ToolTermsFact,
    ToolTermsSection,
    ToolTermsSeen,
)
from edgecode.production.erasing.ordering import Request, approve, erase_person, plan
from edgecode.production.persons.noting import name_approver


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.open(tmp_path / "show", profile={"production.kind": "fiction", "production.sag": "none"})
    desk.person(status="living")
    return desk


def test_an_empty_ledger_has_an_empty_register_that_can_be_read(tmp_path: Path) -> None:
    desk = Desk.open(tmp_path / "show", profile={})
    register = desk.register()

    assert register == Register(production=register.production, newest=register.newest)
    assert register.production


def test_the_latest_word_on_each_field_of_the_profile_counts_and_none_takes_it_back(desk: Desk) -> None:
    later = {"production.sag": "tvth-2026", "production.kind": None, "production.wga": True}
    desk.add(ProductionProfiled(ProfileFact(desk.new_id()), ProfileSection(later)))

    assert desk.register().profile == {"production.sag": "tvth-2026", "production.wga": True}


def test_what_was_withdrawn_is_out_and_what_was_not_is_in(desk: Desk) -> None:
    kept, gone, use = (desk.new_id() for _ in range(3))
    desk.add(
        *(NoticeGiven(PaperFact(identity, "union_training")) for identity in (kept, gone)),
        DeterminationMade(DeterminationFact(desk.new_id(), "use.deepfake", "yes")),
        UseDeclared(UseFact(use), UseSection({"use.kind": "script"})),
        *(PaperWithdrawn(PaperEndFact(record)) for record in (gone, use)),
    )
    register = desk.register()

    assert ([paper.id for paper in register.papers], len(register.determinations), dict(register.uses)) == (
        [kept],
        1,
        {},
    )
    assert register.withdrawn == {gone, use}


def test_an_agreement_is_never_withdrawn_or_its_revocation_would_go_with_it(desk: Desk) -> None:
    consent = desk.consent("create")
    desk.move(consent, "revoked", "2026-05-01")
    desk.add(PaperWithdrawn(PaperEndFact(consent)))

    assert state_of(desk.agreement(consent), "2026-06-01") == "revoked"


def test_an_amendment_is_another_version_of_one_agreement_under_any_of_its_names(desk: Desk) -> None:
    first = desk.consent("create")
    second = desk.consent("create", "alter", signed_on="2026-05-01", granted_on="2026-05-01", supersedes=first)
    desk.move(second, "suspended", "2026-06-01", why="strike")
    register = desk.register()
    agreement = register.agreements[first]

    assert list(register.agreements) == [first]
    assert [register.agreement_called(name).id for name in ("C-01", first, second)] == [first] * 3
    assert [state_of_version(agreement, version, "2026-06-01") for version in agreement.versions] == [
        "superseded",
        "suspended",
    ]


def test_a_label_that_names_nothing_or_two_agreements_is_refused(desk: Desk) -> None:
    desk.consent("create", label="C-01")
    desk.consent("create", label="C-01")
    register = desk.register()

    with pytest.raises(NotFoundError, match=r"C-07.*agreement\.unknown"):
        register.agreement_called("C-07")
    with pytest.raises(InputError, match=r"agreement\.ambiguous"):
        register.agreement_called("C-01")


def test_notes_of_a_person_are_put_together_and_later_ones_count(desk: Desk) -> None:
    desk.person(status="living", birth_year_bucket="1960-1969")
    desk.person(gdpr_subject="yes", guilds="WGA")
    desk.person(guilds="WGA DGA")
    register = desk.register()

    assert [(one.alias, dict(one.fields)) for one in register.persons.values()] == [
        (
            "P-01",
            {"status": "living", "birth_year_bucket": "1960-1969", "gdpr_subject": "yes", "guilds": "WGA DGA"},
        )
    ]


def test_that_somebody_has_died_is_no_more_than_a_note_until_a_member_who_may_says_it(desk: Desk) -> None:
    desk.person(status="living")
    desk.person(status="deceased", deceased_on="2026-01-01", domicile_at_death="SE")
    typed = [dict(one.fields) for one in desk.register().persons.values()]
    said_by = desk.new_id()
    desk.add(MemberNamed(MemberFact(said_by, ("clearance",)), PersonSection("p-clara", "P-91")))
    desk.person(status="deceased", deceased_on="2026-01-01", said_by=said_by)

    assert typed == [{"status": "living", "domicile_at_death": "SE"}]
    (died,) = [one.died for one in desk.register().persons.values() if one.alias == "P-01"]
    assert died == "2026-01-01"


def test_both_sides_of_a_representation_are_one(desk: Desk) -> None:
    desk.person(OTTO)
    identity = desk.new_id()
    section = RepresentationSection(identity, "agent", since="2026-01-01")
    desk.add(
        RepresentationRecorded(RepresentationFact(identity, "principal"), section, desk.whom(MARA)),
        RepresentationRecorded(RepresentationFact(identity, "agent"), None, desk.whom(OTTO)),
        RepresentationRecorded(RepresentationFact(identity, "agent", ended=True), None, desk.whom(OTTO)),
    )
    one = desk.register().representations[identity]

    assert (one.principal.alias, one.agent.alias, one.section, one.ended) == ("P-01", "P-02", section, True)


def test_a_replica_keeps_what_became_of_it_in_order(desk: Desk) -> None:
    replica = desk.new_id()
    desk.add(
        ReplicaRecorded(ReplicaFact(replica, "background", "visual", delete_by="2027-01-01"), desk.whom()),
        ReplicaMoved(ReplicaMoveFact(replica, "custody", "2026-03-01")),
        ReplicaMoved(ReplicaMoveFact(replica, "deleted", "2026-12-01")),
    )

    assert desk.register().replicas[replica].moves == (
        ReplicaMoveRow("custody", "2026-03-01"),
        ReplicaMoveRow("deleted", "2026-12-01"),
    )


def test_a_member_is_what_they_were_when_something_was_written(desk: Desk) -> None:
    member = desk.new_id()
    somebody, version = PersonSection("p-lee", "P-70"), desk.new_id()
    desk.add(MemberNamed(MemberFact(member, ("legal",)), somebody))
    since = desk.register().members[member].log_index
    desk.add(
        MemberNamed(MemberFact(member, ("clearance",)), somebody),
        MakerNamed(MakingFact(desk.new_id(), member, (version,))),
    )
    desk.add(MemberNamed(MemberFact(member, ("clearance",), retired=True), somebody))
    register = desk.register()
    found = [register.member_at(member, index) for index in (since - 1, since, since + 1, since + 3)]

    assert [one and one.roles for one in found] == [None, ("legal",), ("clearance",), None]
    assert register.makers_of([version, "other"]) == {member}
    with pytest.raises(NotFoundError, match=r"member\.unknown"):
        register.member_called("P-70")


def test_a_cut_is_what_was_said_last_of_it_by_a_day(desk: Desk) -> None:
    cut = desk.new_id()
    desk.add(
        CutMoved(CutMoveFact(cut, "locked", "2026-05-01")),
        CutMoved(CutMoveFact(cut, "locked", "2026-05-03", undone=True)),
    )
    desk.released(cut, "2026-06-01", state="delivered")
    register = desk.register()

    assert [
        set(register.states_of_cut(cut, on=day)) for day in ("2026-04-30", "2026-05-02", "2026-05-03", "2026-06-01")
    ] == [
        set(),
        {"locked"},
        set(),
        {"delivered"},
    ]


def test_the_terms_of_a_tool_are_those_seen_last_and_of_a_plan_those_of_that_plan(desk: Desk) -> None:
    for seen, kind, trains in (
        ("2026-01-01", "free", True),
        ("2026-03-01", "team", False),
        ("2026-02-01", "team", True),
    ):
        desk.add(
            ToolTermsSeen(
                ToolTermsFact(desk.new_id(), seen), recipe=ToolTermsSection("Comfy", kind, trains_on_inputs=trains)
            )
        )
    register = desk.register()
    found = [
        register.terms_of_tool("Comfy"),
        register.terms_of_tool("Comfy", plan="free"),
        register.terms_of_tool("Nuke"),
    ]

    assert [one and one.seen for one in found] == ["2026-03-01", "2026-01-01", None]


def erase(desk: Desk, alias: str) -> None:
    """Two people approve the erasure of somebody, and it is done."""
    desk.register()
    signers = [FileSigner(Ed25519PrivateKey.generate()) for _ in range(2)]
    for signer in signers:
        name_approver(desk.production, signer.public.hex())
    request = Request(
        datetime.now(UTC).strftime("%Y-%m-%d"), "person", "identity-document", "consent-withdrawn", "declined"
    )
    order = plan(desk.production, alias, request).order
    for signer in signers:
        order = approve(desk.production, order, signer)
    erase_person(desk.production, order)


def test_somebody_erased_is_told_from_nobody_and_their_agreement_stays_revoked(desk: Desk) -> None:
    desk.person(OTTO)
    consent, other = desk.consent("create"), desk.consent("create", ref=OTTO, label="C-02")
    desk.move(consent, "revoked", "2026-05-01")
    erase(desk, "P-01")
    register = desk.register()
    gone, left = register.agreements[consent], register.agreements[other]

    assert (gone.whom, gone.latest.terms, gone.label) == (Whom(stated=True, erased=True), None, consent)
    assert (state_of(gone, "2026-06-01"), left.label, left.whom.alias) == ("revoked", "C-02", "P-02")
    assert [one.alias for one in register.persons.values()] == ["P-02"]
