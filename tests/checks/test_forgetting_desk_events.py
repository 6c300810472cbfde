"""Whatever single event of the desk is missing from a log, no pack judges a use more mildly for it.

Left out are moves that take something away from an agreement kept here (suspended, revoked, terminated, exhausted, disputed), and that a
member retired: a log that lacks one is not this record with a gap that could be told but another record, and appending, signing and
witnessing are what keeps a log from losing it (DESIGN promises 1 and 2). Lost answers of whoever keeps an agreement elsewhere and lost
agreements can be told, and hold. What was refused may become unknown, which holds.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from checks.desk_record import EVERYTHING, MARA, NOW, PROFILE, TODAY, Desk, at
from edgecode.checks.considered import totals_of
from edgecode.checks.facts import subject_of
from edgecode.checks.gates import Word, held_at, word_of
from edgecode.checks.register import Register
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack
from edgecode.checks.rules.subjects import Verdict
from edgecode.checks.uses import Span, Use, use_key
from edgecode.events.desk_kinds import (
    CutMoved,
    CutMoveFact,
    DeterminationFact,
    DeterminationMade,
    DisclosureMade,
    NoticeGiven,
    PaperFact,
)
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import (
    AgreementFact,
    AgreementMoved,
    AgreementRecorded,
    AgreementTerms,
    MemberFact,
    MemberNamed,
    RepresentationFact,
    RepresentationRecorded,
    RepresentationSection,
    SessionFact,
    SessionRecorded,
)
from edgecode.index.persons import persons
from edgecode.production import Production
from edgecode.terms.evidence import Visibility
from edgecode.terms.rights import Act
from packs_that_ship import shipped

AGAINST = frozenset({"suspended", "revoked", "terminated", "exhausted", "disputed"})
WORDS: tuple[Word, ...] = ("CLEARED", "HELD", "REFUSED")
VERSION, SESSION, CUT, FILM = (f"0192b3c4-0000-7000-8000-00000000000{number}" for number in range(1, 5))
USE = Use(
    use_key("replica_use", version=VERSION, subject=MARA),
    "replica_use",
    cut=CUT,
    spans=(Span(0, 48, 1, 1, "picture", Visibility.CERTAIN),),
    version=VERSION,
    about=frozenset({VERSION, SESSION, CUT}),
    person_state="recorded",
    made=at("2026-06-01"),
    facts={
        "use.same_picture": True,
        "use.ai_generated": True,
        "use.talent_model": False,
        "use.model_is_single_person": False,
        "use.recorded_making": True,
        "use.source": "scan",
    },
    rate="24/1",
)
STANDS = dict.fromkeys(
    [f"consent.{name}" for name in ("revoked", "expired", "suspended", "exhausted", "disputed", "gdpr_withdrawn")],
    False,
)
ACTS: tuple[Act, ...] = ("create", "use_this_work", "alter")


def papers(desk: Desk, consent: str = "") -> None:
    """What a careful desk writes down of a use."""
    for question, answer in (
        ("use.nude_or_sex", "no"),
        ("use.deepfake", "yes"),
        ("use.evidently_artistic", "yes"),
        ("use.as_scripted", "no"),
        ("use.customary_post", "no"),
        ("person.recognizable", "yes"),
        ("use.false_impression", "no"),
    ):
        desk.add(DeterminationMade(DeterminationFact(desk.new_id(), question, answer, about=(VERSION,))))
    for question in ("clear_and_conspicuous", "reasonably_specific") if consent else ():
        desk.add(DeterminationMade(DeterminationFact(desk.new_id(), question, "yes", about=(consent,))))
    desk.add(DisclosureMade(PaperFact(desk.new_id(), "credit", about=(CUT,))))
    started = at("2026-03-10")
    times = {"notice_given": started - 3 * 86_400_000, "started": started}
    desk.add(SessionRecorded(SessionFact(SESSION, "lightstage", **times), desk.whom()))
    desk.add(NoticeGiven(PaperFact(desk.new_id(), "director_consulted")))


def clean(desk: Desk) -> None:
    desk.person(status="living", gdpr_subject="no", minor_until="2005-01-01", guilds="sag-aftra")
    papers(desk, desk.consent(*ACTS, scope=EVERYTHING))


def revoked_and_released_by_legal(desk: Desk) -> None:
    desk.person(status="living", gdpr_subject="yes", minor_until="2005-01-01")
    consent, lawyer = desk.consent(*ACTS), desk.new_id()
    desk.move(consent, "revoked", "2026-10-01", why="gdpr")
    papers(desk, consent)
    desk.add(MemberNamed(MemberFact(lawyer, ("legal",)), PersonSection("p-lee", "P-70")))
    question = "legal_release_after_revocation"
    said = {"by": lawyer, "clause": consent, "about": (VERSION,), "at": "2026-11-01"}
    desk.add(DeterminationMade(DeterminationFact(desk.new_id(), question, "yes", **said)))  # type: ignore[arg-type]


def revoked_after_the_release(desk: Desk) -> None:
    desk.person(status="living", gdpr_subject="no", minor_until="2005-01-01")
    consent = desk.consent(*ACTS)
    desk.add(CutMoved(CutMoveFact(CUT, "locked", "2026-08-01")))
    desk.released(CUT, "2026-09-01")
    desk.move(consent, "revoked", "2026-10-01")
    papers(desk, consent)
    desk.add(DeterminationMade(DeterminationFact(desk.new_id(), "post_release_case", "decided", about=(CUT,))))


def revoked_and_given_again(desk: Desk) -> None:
    desk.person(status="living", gdpr_subject="no", minor_until="2005-01-01")
    desk.move(desk.consent(*ACTS), "revoked", "2026-04-01")
    papers(desk, desk.consent(*ACTS, label="C-02", signed_on="2026-05-01", granted_on="2026-05-01"))


def amended_wider(desk: Desk) -> None:
    desk.person(status="living", gdpr_subject="no", minor_until="2005-01-01")
    narrow = desk.consent("create")
    papers(desk, desk.consent(*ACTS, signed_on="2026-05-01", granted_on="2026-05-01", supersedes=narrow))


def kept_elsewhere(desk: Desk) -> None:
    desk.person(status="living", gdpr_subject="no", minor_until="2005-01-01")
    consent = desk.consent(*ACTS, kept="elsewhere")
    desk.standing(consent, STANDS)
    papers(desk, consent)


def revoked_elsewhere(desk: Desk) -> None:
    desk.person(status="living", gdpr_subject="no", minor_until="2005-01-01")
    consent = desk.consent(*ACTS, kept="elsewhere")
    desk.standing(consent, STANDS | {"consent.revoked": True})
    papers(desk, consent)


def by_the_estate(desk: Desk) -> None:
    desk.person(deceased_on="2019-05-01", gdpr_subject="no", minor_until="1960-01-01")
    heir = desk.new_id()
    section = RepresentationSection(heir, "executor", acts=ACTS, since="2019-06-01")
    desk.add(
        RepresentationRecorded(RepresentationFact(heir, "principal"), section, desk.whom()),
        RepresentationRecorded(RepresentationFact(heir, "agent"), None, PersonSection("p-heir", "P-80")),
    )
    papers(desk, desk.consent(*ACTS, representation=heir))


def of_a_minor(desk: Desk) -> None:
    desk.person(status="living", gdpr_subject="no", minor_until="2030-01-01")
    guardian = desk.new_id()
    section = RepresentationSection(guardian, "guardian", acts=ACTS, since="2015-01-01")
    desk.add(
        RepresentationRecorded(RepresentationFact(guardian, "principal"), section, desk.whom()),
        RepresentationRecorded(RepresentationFact(guardian, "agent"), None, PersonSection("p-parent", "P-81")),
    )
    papers(desk, desk.consent(*ACTS, representation=guardian))


def of_an_archive(desk: Desk) -> None:
    desk.person(status="living", gdpr_subject="no", minor_until="2005-01-01")
    identity = desk.new_id()
    terms = AgreementTerms(identity, "L-01", signed_on="2026-01-10", scope=EVERYTHING, allows_ai=True)
    desk.add(AgreementRecorded(AgreementFact(identity, "license", covers=(FILM,)), terms))
    desk.move(identity, "granted", "2026-01-10")
    papers(desk, desk.consent(*ACTS))


WORLDS = (
    clean,
    revoked_and_released_by_legal,
    revoked_after_the_release,
    revoked_and_given_again,
    amended_wider,
    kept_elsewhere,
    revoked_elsewhere,
    by_the_estate,
    of_a_minor,
    of_an_archive,
)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge([ActivePack(pack, adopted=True) for pack in shipped()])


def words(judge: Judge, register: Register, person: int | None) -> dict[tuple[str, str], Word]:
    """What each pack says at the gate of delivery of a replica of the person, an alteration, and footage of others."""
    film = replace(USE, kind="licensed_material", key="film", person_state="none", material=(FILM,))
    uses = [replace(USE, person=person), replace(USE, kind="alteration", key="alter", person=person), film]
    totals = totals_of(uses, register, today=TODAY, now=NOW, gate="deliver")
    found = {}
    for use in uses:
        by_pack: dict[str, list[Verdict]] = {}
        subject = subject_of(use, register, today=TODAY, now=NOW, gate="deliver", totals=totals)
        for verdict in judge.verdicts(subject, today=TODAY):
            by_pack.setdefault(verdict.pack, []).append(verdict)
        for pack, verdicts in by_pack.items():
            found[use.kind, pack] = word_of([held_at(one, "deliver") for one in verdicts], rules=len(verdicts))
    return found


def judged(folder: Path, events: Sequence[Event], judge: Judge) -> dict[tuple[str, str], Word]:
    with Production.create(folder, title="A Show") as production:
        production.append(events)
        production.catch_up()
        register = Register.read(production.index)
        person = next((one.id for one in persons(production.index) if one.ref == MARA), None)
        return words(judge, register, person)


def may_be_lost(event: Event) -> bool:
    return not (isinstance(event, AgreementMoved) and event.fact.move in AGAINST)


def weaker(before: Word, after: Word) -> bool:
    return WORDS.index(after) < min(WORDS.index(before), WORDS.index("HELD"))


@pytest.mark.parametrize("world", WORLDS, ids=lambda one: one.__name__)
def test_no_event_of_the_desk_can_be_missing_to_anybodys_advantage(
    world: Callable[[Desk], None], tmp_path: Path, judge: Judge
) -> None:
    profile = {**PROFILE, "production.sag": "tvth-2026", "production.strike": False, "production.kind": "fiction"}
    desk = Desk.open(tmp_path / "drafts", profile=profile)
    world(desk)
    events = list(desk.events)
    before = judged(tmp_path / "whole", events, judge)
    better = []
    for number, event in enumerate(events):
        if may_be_lost(event):
            after = judged(tmp_path / f"without-{number}", [*events[:number], *events[number + 1 :]], judge)
            better += [
                f"without {event.TYPE} ({number}), {kind} by {pack}: {before[kind, pack]} became {word}"
                for (kind, pack), word in after.items()
                if weaker(before[kind, pack], word)
            ]

    assert better == []


def test_the_desk_that_is_careful_is_not_refused_by_the_rules_on_consent(tmp_path: Path, judge: Judge) -> None:
    desk = Desk.open(tmp_path / "drafts")
    clean(desk)
    found = judged(tmp_path / "whole", desk.events, judge)

    assert found["replica_use", "consent-core"] == "CLEARED"
