"""Answers to findings: for what a waiver counts, until when, by whom, and what opens a finding again."""

from typing import Any

import pytest
from msgspec.structs import replace

from edgecode.checks.desk_questions import GAPS, Cast, asked
from edgecode.checks.desk_rows import DocumentRow, FindingAnswer, Making, Member, Whom
from edgecode.checks.findings import Finding, RuleCard, answered, bound_of, card_of, finding_of, refusal
from edgecode.checks.register import Register
from edgecode.checks.rules.pack import Requirement, Rule, Waivable
from edgecode.checks.rules.pack_reading import read_pack
from edgecode.checks.rules.subjects import Candidate, Subject, Verdict
from edgecode.checks.uses import Use, use_key
from edgecode.terms.evidence import Reason
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Role, Scope

VERSION, ELSE = "01990000-0000-7000-8000-0000000000a1", "01990000-0000-7000-8000-0000000000a2"
LEGAL, MAKER = "01990000-0000-7000-8000-0000000000b1", "01990000-0000-7000-8000-0000000000b2"
DOCUMENT = "01990000-0000-7000-8000-0000000000c1"
KEPT = {DOCUMENT: DocumentRow(DOCUMENT, "letter", Whom())}
DAY = "2026-11-23"
CARD = RuleCard("archive.term_short", "R305", "The license lasts", "Extend it.", waivable=Waivable(("legal",), 90))
USE = Use(
    key=use_key("licensed_material", version=VERSION, subject=VERSION),
    kind="licensed_material",
    version=VERSION,
    about=frozenset({VERSION}),
    person_state="none",
    shown=((10, 60),),
)
VERDICT = Verdict(USE.key, "edgecode-desk", "1.0.0", "ab" * 32, "DESK-22", "fail", "approve", ("publish", "deliver"))
LICENSE = Candidate({"id": "L-01", "status": "active", "until": "2026-12-31", "territories": ("DE",), "works_ok": True})


def subject(**values: Any) -> Subject:
    return Subject(USE.key, "use", {}, (), (Candidate({**LICENSE.values, **values}),))


def found(use: Use = USE, verdict: Verdict = VERDICT, card: RuleCard = CARD, **values: Any) -> Finding:
    return finding_of(verdict, card, use, subject(**values))


def member(identity: RecordId, *roles: Role, person: int | None = None, retired: bool = False) -> Member:
    return Member(identity, f"P-{identity[-2:]}", roles, "", retired, person)


def answer(finding: Finding, **said: Any) -> FindingAnswer:
    fields: dict[str, Any] = {
        "id": "01990000-0000-7000-8000-0000000000d1",
        "finding": finding.key,
        "pack": finding.verdict.pack,
        "rule": finding.verdict.rule,
        "action": "waived",
        "by": LEGAL,
        "role": "legal",
        "bound": finding.bound,
        "at": DAY,
        "log_index": 9,
        "ts": 0,
        "until": "2026-12-15",
    }
    return FindingAnswer(**{**fields, **said})


def desk(*answers: FindingAnswer, members: tuple[Member, ...] = (member(LEGAL, "legal"),), **more: Any) -> Register:
    return Register(members={one.id: one for one in members}, answers=answers, **more)


def state(finding: Finding, register: Register, *, today: str = DAY) -> str:
    return answered(finding, register, today=today).answered.state


# ------------------------------------------------------------------------------------------ until when, for what


def test_a_waiver_opens_the_gate_and_the_finding_stays() -> None:
    finding = answered(found(), desk(answer(found())), today=DAY)

    assert (finding.outcome, finding.held("deliver"), finding.verdict.outcome) == ("waived", "open", "fail")


@pytest.mark.parametrize(("today", "expected"), [("2026-12-15", "waived"), ("2026-12-16", "lapsed")])
def test_a_waiver_counts_on_its_last_day_and_not_on_the_next(today: str, expected: str) -> None:
    assert state(found(), desk(answer(found())), today=today) == expected


def test_a_clip_that_moves_in_the_cut_keeps_its_waiver() -> None:
    assert bound_of(replace(USE, cut=ELSE), VERDICT, subject()) == found().bound


@pytest.mark.parametrize("shown", [((11, 61),), ((10, 61),), ((10, 60), (10, 60)), ((9, 60),)])
def test_a_slip_an_extension_and_a_second_instance_open_it_again(shown: tuple[tuple[int, int], ...]) -> None:
    assert state(found(replace(USE, shown=shown)), desk(answer(found()))) == "reopened"


def test_another_version_is_another_finding() -> None:
    other = replace(USE, key=use_key("licensed_material", version=ELSE, subject=ELSE), version=ELSE)

    assert found(other, replace(VERDICT, subject=other.key)).key != found().key


@pytest.mark.parametrize("values", [{"until": "2027-01-31"}, {"territories": ("DE", "FR")}])
def test_an_amended_agreement_opens_it_again(values: dict[str, Any]) -> None:
    assert state(found(**values), desk(answer(found()))) == "reopened"


ASKING = replace(CARD, digest="ab" * 32, stands=True)
"""A rule that asks where the licenses on file stand, as DESK-20 does."""


@pytest.mark.parametrize("status", ["expired", "revoked"])
def test_an_agreement_that_stands_otherwise_opens_what_asks_where_it_stands(status: str) -> None:
    assert state(found(card=ASKING, status=status), desk(answer(found(card=ASKING)))) == "reopened"
    assert state(found(card=ASKING, works_ok=False), desk(answer(found(card=ASKING)))) == "waived"


def test_what_asks_nothing_of_where_an_agreement_stands_stays_answered() -> None:
    elsewhere = replace(ASKING, stands=False)

    assert state(found(card=elsewhere, status="expired"), desk(answer(found(card=elsewhere)))) == "waived"


def test_what_was_waived_while_nobody_knew_is_open_again_once_it_is_known_to_fail() -> None:
    unknown = replace(VERDICT, outcome="unknown")
    given = answer(found(verdict=unknown, card=ASKING))

    assert [state(found(verdict=one, card=ASKING), desk(given)) for one in (unknown, VERDICT)] == ["waived", "reopened"]


def test_a_fact_of_standing_that_the_rule_read_is_part_of_what_it_was_waived_for() -> None:
    read = [replace(VERDICT, used=(f"license.disputed = {said}", "use.final = yes")) for said in ("yes", "no")]
    given = answer(found(verdict=read[0], card=ASKING))

    assert [state(found(verdict=one, card=ASKING), desk(given)) for one in read] == ["waived", "reopened"]


def test_what_the_use_needs_of_a_scope_opens_it_again() -> None:
    assert state(found(replace(USE, needs=Scope(languages=("fr",)))), desk(answer(found()))) == "reopened"


@pytest.mark.parametrize("change", [{"version": "1.1.0"}, {"digest": "cd" * 32}])
def test_another_text_of_the_pack_opens_it_again(change: dict[str, str]) -> None:
    assert state(found(verdict=replace(VERDICT, **change)), desk(answer(found()))) == "reopened"


def test_the_latest_answer_counts() -> None:
    register = desk(answer(found()), answer(found(), action="fix", log_index=10))

    assert state(found(), register) == "fix"


# ------------------------------------------------------------------------------------------ by whom


def test_only_roles_that_the_rule_names_waive() -> None:
    register = desk(answer(found(), role="producer"), members=(member(LEGAL, "producer"),))

    assert state(found(), register) == "void"


def test_a_role_that_the_member_no_longer_has_does_not_count() -> None:
    assert state(found(), desk(answer(found()), members=(member(LEGAL, "producer"),))) == "void"


def test_the_maker_of_what_it_is_about_may_not_waive_it() -> None:
    register = desk(answer(found()), makings=(Making(MAKER, LEGAL, (VERSION,)),))

    assert state(found(), register) == "void"


def test_nobody_waives_a_use_of_their_own_likeness() -> None:
    own = found(replace(USE, person=7, person_state="recorded"))

    assert state(own, desk(answer(own), members=(member(LEGAL, "legal", person=7),))) == "void"


def test_nobody_waives_a_use_of_nobody_in_a_picture_that_they_are_in() -> None:
    shared = found(replace(USE, beside=frozenset({7, 8})))

    assert state(shared, desk(answer(shared), members=(member(LEGAL, "legal", person=7),))) == "void"


@pytest.mark.parametrize("role", ["artist", "vendor"])
def test_artists_and_vendors_answer_for_nothing_whatever_the_rule_says(role: Role) -> None:
    finding = found(card=replace_card(waivable=Waivable((role,), 90)))

    assert state(finding, desk(answer(finding, role=role), members=(member(LEGAL, role),))) == "void"


@pytest.mark.parametrize(("until", "expected"), [("2027-02-21", "waived"), ("2027-02-22", "void"), ("", "void")])
def test_a_waiver_lasts_no_longer_than_the_rule_allows(until: str, expected: str) -> None:
    assert state(found(), desk(answer(found(), until=until))) == expected


def test_a_rule_that_nobody_may_waive_stays_so() -> None:
    finding = found(card=replace_card(waivable=None))

    assert state(finding, desk(answer(finding))) == "void"


def test_an_always_rule_is_never_waived_although_it_names_roles() -> None:
    finding = found(card=replace_card(always=True))

    assert (state(finding, desk(answer(finding))), finding.waivable) == ("void", None)


# ------------------------------------------------------------------------------------------ a person's consent


def replace_card(**change: Any) -> RuleCard:
    return replace(CARD, **change)


def test_a_missing_consent_is_never_waived_although_the_rule_names_roles() -> None:
    finding = found(card=replace_card(consent=True))

    assert state(finding, desk(answer(finding))) == "void"


@pytest.mark.parametrize(("given", "expected"), [(False, "void"), (True, "waived")])
def test_what_a_given_consent_lacks_may_be_waived_and_a_lost_one_not(given: bool, expected: str) -> None:
    finding = replace(found(card=replace_card(candidates=True)), given=given)

    assert state(finding, desk(answer(finding))) == expected


@pytest.mark.parametrize(
    ("when", "that", "expected"),
    [
        ("use.kind == 'dub'", "consent.language", True),
        ("consent.revoked", "false", True),
        ("consent.use", "approval.commissioner", False),
        ("use.kind == 'dub'", "license.on_file", False),
    ],
)
def test_a_rule_is_about_consent_when_it_requires_one_or_bans_for_want_of_one(
    when: str, that: str, expected: bool
) -> None:
    from edgecode.checks.rules.cel import reads

    rule = Rule(
        "X-1", "t", "c", "design", "high", "use", ("deliver",), "block", (Requirement("s", that),), "f", when=when
    )

    card = card_of(shipped_desk(), rule, {text: reads(text) for text in (when, that)})

    assert card.consent is expected


def shipped_desk() -> Any:
    from importlib.resources import files

    data = (files("edgecode.checks") / "packs" / "edgecode-desk.yaml").read_bytes()
    return read_pack(data, name="edgecode-desk.yaml")


def test_the_refusal_of_a_gap_speaks_of_who_is_in_the_picture_and_of_how_it_was_made() -> None:
    gap = GAPS[Reason.NO_STEP]
    refused = {
        is_lost: refusal(
            asked(gap, "no step", cut=ELSE, version=VERSION, cast=Cast(is_lost=is_lost)),
            "waived", member(LEGAL, "legal"), "legal", desk(), at=DAY, until=DAY,
        )
        for is_lost in (True, False)
    }  # fmt: skip

    assert refused[True].startswith("somebody is noted in this picture whose consent is missing or withdrawn")
    assert "record that, record their consent, or take the shot out" in refused[True]
    assert refused[False] == ""


# ------------------------------------------------------------------------------------------ cleared


def test_a_document_clears_what_holds() -> None:
    register = desk(answer(found(), action="cleared", until="", documents=(DOCUMENT,)), documents=KEPT)

    assert state(found(), register) == "cleared"


@pytest.mark.parametrize("attached", [ELSE, "no-such-document"])
def test_what_is_no_document_of_the_desk_clears_nothing(attached: str) -> None:
    register = desk(answer(found(), action="cleared", until="", documents=(DOCUMENT, attached)), documents=KEPT)

    assert state(found(), register) == "void"


@pytest.mark.parametrize(("today", "expected"), [("2027-02-21", "cleared"), ("2027-02-22", "lapsed")])
def test_a_document_clears_for_as_long_as_the_rule_lets_anybody_waive_it(today: str, expected: str) -> None:
    register = desk(answer(found(), action="cleared", until="", documents=(DOCUMENT,)), documents=KEPT)

    assert state(found(), register, today=today) == expected


def test_without_a_document_nothing_is_cleared() -> None:
    assert state(found(), desk(answer(found(), action="cleared", until=""))) == "void"


def test_no_document_clears_what_blocks() -> None:
    blocking = found(verdict=replace(VERDICT, severity="block"))

    said = answer(blocking, action="cleared", until="", documents=(DOCUMENT,))

    assert state(blocking, desk(said, documents=KEPT)) == "void"


@pytest.mark.parametrize(
    ("role", "expected"), [("artist", "waived"), ("vendor", "waived"), ("admin", "waived"), ("clearance", "fix")]
)
def test_a_waiver_is_undone_only_by_who_waives_or_decides_for_the_production(role: Role, expected: str) -> None:
    members = (member(LEGAL, "legal"), member(MAKER, role))
    fix = answer(found(), action="fix", by=MAKER, role=role, until="", log_index=10)
    waived = answered(found(), desk(answer(found()), members=members), today=DAY)
    refused = refusal(waived, "fix", member(MAKER, role), role, desk(members=members), at=DAY, until="")

    assert state(found(), desk(answer(found()), fix, members=members)) == expected
    assert bool(refused) == (expected == "waived")


def test_that_an_artist_fixes_what_nobody_waived_counts() -> None:
    fix = answer(found(), action="fix", by=MAKER, role="artist", until="")

    assert state(found(), desk(fix, members=(member(MAKER, "artist"),))) == "fix"


def test_that_it_is_being_fixed_opens_no_gate() -> None:
    finding = answered(found(), desk(answer(found(), action="fix", until="")), today=DAY)

    assert (finding.answered.state, finding.held("deliver")) == ("fix", "held")


# ------------------------------------------------------------------------------------------ a consent that is merely short

_STANDS = {
    f"consent.{word}": False for word in ("revoked", "expired", "suspended", "exhausted", "disputed", "gdpr_withdrawn")
}


@pytest.mark.parametrize(
    ("facts", "by"),
    [
        ({"consent.use": True, **_STANDS}, ("legal",)),
        (_STANDS, ()),
        ({"consent.use": True}, ()),
        *(({"consent.use": True, **_STANDS, name: True}, ()) for name in _STANDS),
    ],
)
def test_a_consent_that_is_merely_short_is_waived_by_legal_and_a_lost_or_missing_one_by_nobody(
    facts: dict[str, bool], by: tuple[str, ...]
) -> None:
    from edgecode.checks.findings import finding_of
    from edgecode.checks.rules.subjects import Subject, Verdict
    from edgecode.checks.uses import Use

    pack = shipped_desk()
    rule = next(one for one in pack.rules if one.id == "DESK-16")
    card = card_of(pack, rule, {})
    verdict = Verdict("k", "edgecode-desk", "0", "d", "DESK-16", "fail", "approve", ("deliver",))
    waivable = finding_of(verdict, card, Use("k", "replica_use"), Subject("k", "use", facts)).waivable

    assert (waivable.by if waivable is not None else ()) == by
