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
