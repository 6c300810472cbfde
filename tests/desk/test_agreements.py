"""Consents and licenses by command: labels, guards, what happens to them, versions, and what is printed of them."""

import json
from pathlib import Path

import pytest
from desk_at_work import CLAUSE, DESCRIPTION, SIGNED, WHOLE, Desk, desk_in


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path / "show")


@pytest.fixture
def granted(desk: Desk) -> Desk:
    desk.did("consent", "record", "--person", "P-01", *WHOLE, "--revocation", "prospective", "--grant")
    return desk


def state(desk: Desk, label: str, *, on: str = "2026-11-20", kind: str = "consent") -> str:
    answer = json.loads(desk.did(kind, "show", label, "--on", on, "--json"))
    return str(answer["agreement"]["state"])


def test_labels_are_given_in_order_and_never_twice(desk: Desk) -> None:
    given = [desk.did("consent", "record", "--person", "P-01", "--label", "C-02")]
    given += [desk.did("consent", "record", "--person", "P-01") for _ in range(2)]
    given += [desk.did("license", "record") for _ in range(2)]

    assert given == ["C-02", "C-03", "C-04", "L-01", "L-02"]
    assert desk.refused("consent", "record", "--person", "P-01", "--label", "C-02") == (11, "agreement.label_taken")


def test_of_what_somebody_else_keeps_a_draft_names_the_step_that_is_possible(desk: Desk) -> None:
    said = [desk.run("consent", "record", "--person", "P-01", "--kept", kept).err for kept in ("here", "elsewhere")]

    steps = [[step for step in ("grant", "standing") if f"edgecode consent {step} C-" in one] for one in said]
    assert steps == [["grant"], ["standing"]]


@pytest.mark.parametrize("label", ["Oxenstierna", "L-09", "c-09", "C-9", "C-09x"])
def test_a_label_is_a_letter_and_a_number_so_that_no_name_is_printed(desk: Desk, label: str) -> None:
    assert desk.refused("consent", "record", "--person", "P-01", "--label", label) == (20, "agreement.label")


def test_a_granted_consent_is_in_force_from_its_signature(granted: Desk) -> None:
    assert [state(granted, "C-01", on=day) for day in ("2026-09-30", "2026-10-01")] == ["draft", "active"]


@pytest.mark.parametrize(
    ("left_out", "code"),
    [
        ("--acts", "agreement.vague"),
        ("--description", "agreement.vague"),
        ("--form", "agreement.form"),
        ("--signed-on", "agreement.unsigned"),
    ],
)
def test_a_consent_that_lacks_what_a_grant_needs_stays_a_draft(desk: Desk, left_out: str, code: str) -> None:
    place = WHOLE.index(left_out)
    desk.did("consent", "record", "--person", "P-01", *WHOLE[:place], *WHOLE[place + 2 :])

    assert desk.refused("consent", "grant", "C-01") == (11, code)
    assert state(desk, "C-01") == "draft"


def test_a_minor_does_not_sign_for_themselves(desk: Desk) -> None:
    desk.did("person", "set", "P-01", "minor_until=2030-01-01")
    desk.did("consent", "record", "--person", "P-01", *WHOLE)

    assert desk.refused("consent", "grant", "C-01") == (11, "agreement.minor")


def test_a_consent_is_of_somebody_and_a_license_need_not_be(desk: Desk) -> None:
    assert desk.refused("consent", "record", *WHOLE) == (20, "agreement.no_person")
    assert desk.did("license", "record", "--licensor", "an archive", *SIGNED, "--grant") == "L-01"


def test_every_condition_has_to_be_met_by_a_named_approver(desk: Desk) -> None:
    conditions = ("--conditions", "script approval; payment received")
    desk.did("consent", "record", "--person", "P-01", *WHOLE, *conditions, "--grant")
    seen = [state(desk, "C-01", on="2026-12-01")]
    for one in ("2", "script approval"):
        desk.did("consent", "condition", "C-01", one, "--approver", "P-04", "--on", "2026-11-01")
        seen.append(state(desk, "C-01", on="2026-12-01"))

    assert seen == ["granted_conditional", "granted_conditional", "active"]
    assert desk.refused("consent", "condition", "C-01", "3", "--approver", "x") == (11, "agreement.move")


def test_a_condition_that_the_agreement_does_not_have_is_not_met(desk: Desk) -> None:
    desk.did("consent", "record", "--person", "P-01", *WHOLE, "--conditions", "script approval", "--grant")

    refused = desk.refused("consent", "condition", "C-01", "payment", "--approver", "x", "--on", "2026-11-01")

    assert refused == (11, "agreement.no_condition")


@pytest.mark.parametrize("before", [(), ("refuse",), ("grant",), ("grant", "terminate"), ("grant", "revoke")])
def test_a_revocation_is_recorded_whatever_came_before(desk: Desk, before: tuple[str, ...]) -> None:
    desk.did("consent", "record", "--person", "P-01", *WHOLE)
    for move in before:
        desk.did("consent", move, "C-01", "--on", "2026-10-02")

    desk.did("consent", "revoke", "C-01", "--on", "2026-10-05")

    assert state(desk, "C-01", on="2026-10-06") == "revoked"


def test_a_revocation_may_lie_ahead(granted: Desk) -> None:
    granted.did("consent", "revoke", "C-01", "--on", "2031-05-01")

    assert [state(granted, "C-01", on=day) for day in ("2031-04-30", "2031-05-01")] == ["active", "revoked"]


def test_a_revocation_prints_what_follows_from_the_clause_and_its_words_with_reveal_alone(desk: Desk) -> None:
    desk.did(
        "consent", "record", "--person", "P-01", *WHOLE, "--revocation", "prospective", "--revocation-clause", CLAUSE
    )
    plain = desk.run("consent", "revoke", "C-01", "--acts", "dub")
    revealed = desk.run("consent", "revoke", "C-01", "--reveal")

    assert "by its clause: it ends for what is not made yet" in plain.out
    assert "does not permit dub" in plain.err
    assert (CLAUSE in plain.out, CLAUSE in revealed.out) == (False, True)


def test_a_word_that_is_no_act_takes_nothing_back(granted: Desk) -> None:
    assert granted.refused("consent", "revoke", "C-01", "--acts", "alter dubb") == (2, "agreement.act")


def test_an_agreement_kept_elsewhere_is_moved_by_a_revocation_alone(desk: Desk) -> None:
    desk.did("consent", "record", "--person", "P-01", *WHOLE, "--kept", "elsewhere")

    assert desk.refused("consent", "grant", "C-01") == (11, "agreement.kept_elsewhere")
    desk.did("consent", "revoke", "C-01")


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (("C-01", "revoked=maybe"), (20, "facts.value")),
        (("C-01", "use.deepfake=no"), (20, "agreement.standing")),
        (("C-01", "revokd=no"), (20, "facts.unknown")),
        (("C-01",), (2, "agreement.standing")),
        (("C-01", "revoked=no", "--as-of", "2090-01-01"), (11, "agreement.ahead")),
        (("C-01", "revoked=no", "--as-of", "yesterday"), (2, "agreement.moment")),
        (("C-02", "revoked=no"), (11, "agreement.kept_here")),
        (("C-99", "revoked=no"), (21, "agreement.unknown")),
    ],
)
def test_a_standing_is_what_a_keeper_can_say_and_no_more(
    desk: Desk, words: tuple[str, ...], refused: tuple[int, str]
) -> None:
    desk.did("consent", "record", "--person", "P-01", "--kept", "elsewhere")
    desk.did("consent", "record", "--person", "P-01")

    assert desk.refused("consent", "standing", *words) == refused


def test_an_agreement_kept_elsewhere_is_amended_without_being_granted_here(desk: Desk) -> None:
    desk.did("consent", "record", "--person", "P-01", *WHOLE, "--kept", "elsewhere")
    desk.did("consent", "amend", "C-01", "--until", "2028-01-01", "--signed-on", "2026-11-01")
    answer = json.loads(desk.did("consent", "show", "C-01", "--json"))

    assert (len(answer["versions"]), answer["moves"]) == (2, [])


def test_a_standing_is_shown_with_the_moment_that_it_is_about(desk: Desk) -> None:
    desk.did("consent", "record", "--person", "P-01", "--kept", "elsewhere")
    desk.did("consent", "standing", "C-01", "revoked=no", "create=yes", "--as-of", "2026-11-20T10:00")

    shown = desk.did("consent", "show", "C-01")

    assert "as of 2026-11-20 10:00 UTC: consent.create yes, consent.revoked no" in shown


def test_an_amendment_keeps_what_it_does_not_say_anew(granted: Desk) -> None:
    granted.did(
        "consent",
        "amend",
        "C-01",
        "--until",
        "2028-01-01",
        "--unsay",
        "form",
        "--form",
        "rider",
        "--signed-on",
        "2026-11-01",
    )
    answer = json.loads(granted.did("consent", "show", "C-01", "--on", "2026-11-20", "--reveal", "--json"))
    first, second = (version["terms"] for version in answer["versions"])

    assert [version["state"] for version in answer["versions"]] == ["superseded", "active"]
    assert second == first | {"until": "2028-01-01", "signed_on": "2026-11-01"}


def test_an_amendment_is_signed_again(granted: Desk) -> None:
    assert granted.refused("consent", "amend", "C-01", "--until", "2028-01-01") == (2, "agreement.unsigned")


def test_an_amendment_that_says_nothing_of_its_use_is_refused(granted: Desk) -> None:
    words = ("consent", "amend", "C-01", "--unsay", "description", "--signed-on", "2026-11-01")

    assert granted.refused(*words) == (11, "agreement.vague")


def test_a_license_is_not_moved_as_a_consent(desk: Desk) -> None:
    desk.did("license", "record", *SIGNED)

    assert desk.refused("consent", "revoke", "L-01") == (20, "agreement.kind")


@pytest.mark.parametrize(
    ("option", "written", "expected"),
    [
        ("--territories", "germany", "territories: expected codes of countries"),
        ("--territories", "ZZ", "territories: expected codes of countries"),
        ("--languages", "german!", "languages: expected language tags"),
        ("--until", "soon", "until: expected a day such as 2027-03-31, or * for without end"),
        ("--acts", "dubb", "acts: expected one of: create"),
        ("--maxima", "ninety", "maxima: expected names with a number"),
        ("--maxima", "secnods=90", "maxima: expected names with a number"),
        ("--compensation", "days 100 EUR x3/0", "compensation: expected UNIT AMOUNT CURRENCY"),
        ("--compensation", "much", "compensation: expected a unit first"),
        ("--revocation-models", "delete_by", "revocation_models_by: expected the day"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_and_not_repeated(
    desk: Desk, option: str, written: str, expected: str
) -> None:
    done = desk.run("consent", "record", "--person", "P-01", option, written)

    assert (done.status, expected in done.err, "[agreement.field]" in done.err) == (20, True, True)
    assert f" {written}" not in done.err.replace("delete_by", "")


def test_terms_are_printed_with_reveal_alone(granted: Desk) -> None:
    said = {
        words: granted.did("consent", *words)
        for words in (("list",), ("list", "--json"), ("show", "C-01"), ("show", "C-01", "--json"), ("list", "--reveal"))
    }

    assert [words for words, out in said.items() if DESCRIPTION in out] == [("list", "--reveal")]


def test_evidence_that_is_not_there_is_not_called_by_its_name(desk: Desk) -> None:
    done = desk.run("consent", "record", "--person", "P-01", "--document", "Oxenstierna_rider.pdf")

    assert (done.status, "[document.absent]" in done.err, "Oxenstierna" in done.err) == (21, True, False)


def test_whoever_signs_for_somebody_is_on_record_as_able_to(desk: Desk) -> None:
    unknown = ("--representation", "01a2087d-0cb4-79a8-80ae-5cf6cc10c812")

    assert desk.refused("consent", "record", "--person", "P-01", *WHOLE, *unknown) == (20, "agreement.representation")


# ------------------------------------------------------------------------------------------ refusals and signatures


def test_a_refused_consent_is_granted_on_no_day_until_it_is_amended(desk: Desk) -> None:
    desk.did("consent", "record", "--person", "P-01", *WHOLE)
    desk.did("consent", "refuse", "C-01", "--on", "2026-10-05")

    refused = [desk.refused("consent", "grant", "C-01", *on) for on in ((), ("--on", "2026-10-01"))]
    assert refused == [(11, "agreement.move")] * 2
    assert state(desk, "C-01") == "refused"
    desk.did("consent", "amend", "C-01", "--signed-on", "2026-11-01")
    assert state(desk, "C-01") == "active"


def test_what_is_to_be_signed_later_is_not_granted_now(desk: Desk) -> None:
    ahead = (*WHOLE[:-1], "2090-01-01")
    size = desk.size()

    assert desk.refused("consent", "record", "--person", "P-01", *ahead, "--grant") == (11, "agreement.unsigned")
    # Nothing of it is recorded, not even the draft.
    assert (desk.size(), desk.did("consent", "list")) == (size, "No consent is recorded.")


def heirs(desk: Desk) -> list[str]:
    """Somebody dead (P-05) whose two heirs decide unanimously; the representations of both."""
    desk.did("person", "add", "--name", "Otto Tot")
    desk.did("person", "set", "P-05", "deceased_on=2020-01-01")
    said = ("--capacity", "heir", "--share", "1/2", "--decision", "unanimous", "--act", "all", "--since", "2020-01-02")
    return [desk.did("person", "represent", "P-05", heir, *said) for heir in ("P-02", "P-03")]


def test_a_consent_with_one_of_two_signatures_is_held_and_says_whose_is_missing(desk: Desk) -> None:
    ida, _ = heirs(desk)
    done = desk.run("consent", "record", "--person", "P-05", *WHOLE, "--representation", ida, "--grant")

    assert (done.status, "C-01 counts once P-03 signs too" in done.err) == (0, True)
    assert state(desk, "C-01") == "granted_conditional"
    assert "signatures missing: P-03" in desk.did("consent", "list")


def test_a_consent_with_the_signatures_of_all_heirs_is_in_force(desk: Desk) -> None:
    signed = [word for one in heirs(desk) for word in ("--representation", one)]
    desk.did("consent", "record", "--person", "P-05", *WHOLE, *signed, "--grant")

    assert state(desk, "C-01") == "active"


def test_the_second_signature_is_entered_with_a_grant_that_names_both(desk: Desk) -> None:
    ida, jon = heirs(desk)
    desk.did("consent", "record", "--person", "P-05", *WHOLE, "--representation", ida, "--grant")
    both = ("--representation", ida, "--representation", jon)
    desk.did("consent", "grant", "C-01", *both, "--signed-on", "2026-10-02")

    assert [state(desk, "C-01", on=day) for day in ("2026-10-01", "2026-10-02")] == ["granted_conditional", "active"]


def test_a_minor_signs_for_nobody(desk: Desk) -> None:
    desk.did("person", "set", "P-03", "minor_until=2030-01-01")
    agent = ("--capacity", "agent", "--act", "all", "--since", "2020-01-02")

    assert desk.refused("person", "represent", "P-01", "P-03", *agent) == (11, "party.minor_agent")
    _, jon = heirs(desk)
    desk.did("consent", "record", "--person", "P-05", *WHOLE, "--representation", jon)
    assert desk.refused("consent", "grant", "C-01") == (11, "agreement.representation")


def test_the_same_revocation_is_recorded_once(granted: Desk) -> None:
    again = ("consent", "revoke", "C-01", "--acts", "alter", "--on", "2026-11-01")
    granted.did(*again)
    size = granted.size()
    done = granted.run(*again)

    assert (done.status, granted.size(), "recorded already" in done.err) == (0, size, True)


def test_what_was_taken_back_for_some_acts_is_marked_in_the_list(granted: Desk) -> None:
    granted.did("consent", "revoke", "C-01", "--acts", "alter", "--on", "2026-11-01")

    assert "taken back: alter" in granted.did("consent", "list")
    assert "taken back: alter" in granted.did("consent", "show", "C-01")


def test_a_dispute_is_said_although_the_state_stays(granted: Desk) -> None:
    assert granted.did("consent", "dispute", "C-01", "--on", "2026-11-01") == (
        "C-01: active -> active, disputed on 2026-11-01"
    )
    assert granted.did("consent", "settle", "C-01", "--on", "2026-11-02") == (
        "C-01: active, disputed -> active on 2026-11-02"
    )


def test_the_last_day_of_the_notice_is_said_when_it_is_taken_back(desk: Desk) -> None:
    clause = ("--revocation", "prospective_with_notice", "--revocation-notice-days", "90")
    desk.did("consent", "record", "--person", "P-01", *WHOLE, *clause, "--grant")

    assert "notice: 90 days, until 2027-02-21" in desk.did("consent", "revoke", "C-01", "--on", "2026-11-23")


def test_what_somebody_typed_moves_no_cursor_when_it_is_revealed(desk: Desk) -> None:
    tricks = "red \x1b[31m and \u202eback"
    desk.did("consent", "record", "--person", "P-01", "--description", tricks, "--conditions", tricks)
    desk.did("person", "note", "P-01", f"fee={tricks}", "--class", "agreement")
    shown = desk.did("consent", "show", "C-01", "--reveal") + desk.did("person", "show", "P-01", "--reveal")

    assert ("\x1b" in shown, "\u202e" in shown, shown.count("\ufffd[31m") >= 3) == (False, False, True)
