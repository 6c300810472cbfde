"""Consents for many at once from CSV and YAML: dry run, every problem by line and column, all or nothing, nothing twice."""

import json
from pathlib import Path

import pytest
from desk_at_work import NAME, Desk, desk_in

from edgecode.events.rights_kinds import AgreementTerms
from edgecode.ingest.agreement_fields import FIELDS
from edgecode.ingest.agreement_form import terms_of, written_fields
from edgecode.production import Production
from edgecode.production.agreements.sheets import import_agreements

HEAD = "person,label,acts,form,description,signed_on,territories,until,state,state_on,documents\n"
ROW = 'P-01,,use_this_work alter,rider,"the library, burning",2026-10-01,DE AT,2028-01-01,granted,,\n'
SPOKEN = {
    "acts": "create dub",
    "form": "rider",
    "description": "a line",
    "notice_on": "2026-09-01",
    "signed_on": "2026-10-01",
    "scenes": "12; the library, burning",
    "languages": "de pt-BR",
    "territories": "DE US-CA EU",
    "media": "*",
    "since": "2026-10-01",
    "until": "*",
    "maxima": "lines=20 seconds=90",
    "prohibited": "none",
    "training": "none",
    "conditions": "script approval; payment received",
    "approvals_per_use": "no",
    "compensation": "days 90000 EUR x15/2 residual floor=scale; uses",
    "revocation": "prospective_with_notice",
    "revocation_notice_days": "90",
    "revocation_models": "delete_by",
    "revocation_models_by": "2027-01-01",
    "revocation_clause": "as in section 9",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path / "show")


def taken_in(desk: Desk, text: str, *words: str, name: str = "consents.csv") -> list[str]:
    return desk.did("consent", "import", desk.file(name, text), *words).splitlines()


def agreements(desk: Desk) -> list[tuple[str, str, str]]:
    answer = json.loads(desk.did("consent", "list", "--on", "2026-11-20", "--json"))
    return [(one["label"], one["person"], one["state"]) for one in answer["agreements"]]


def test_what_is_written_is_read_back_the_same_way() -> None:
    terms, problems = terms_of(SPOKEN, agreement="", kind="consent")
    again, _ = terms_of(written_fields(terms), agreement="", kind="consent")

    assert (problems, again) == ([], terms)
    assert written_fields(terms) == SPOKEN


def test_every_field_stands_in_the_terms_of_an_agreement() -> None:
    parts = {"agreement": AgreementTerms(""), "scope": AgreementTerms("").scope, "terms": AgreementTerms("").terms}
    parts |= {"revocation": AgreementTerms("").terms.revocation}

    assert [field.name for field in FIELDS if not hasattr(parts[field.part], field.key)] == []


def test_a_dry_run_records_nothing(desk: Desk) -> None:
    before = desk.size()
    lines = taken_in(desk, HEAD + ROW)

    assert lines == ["line 2: C-01 P-01: new: granted"]
    assert desk.size() == before


def test_fifty_are_recorded_in_one_go_and_the_same_sheet_again_records_nothing(desk: Desk) -> None:
    rows = "".join(ROW.replace("burning", f"burning, take {number}") for number in range(50))
    first = taken_in(desk, HEAD + rows, "--yes")
    size = desk.size()
    again = taken_in(desk, HEAD + rows, "--yes")

    assert (len(first), first[-1]) == (50, "line 51: C-50 P-01: new: granted")
    assert {line.partition(": ")[2].partition(": ")[2] for line in again} == {"recorded already"}
    assert desk.size() == size


def test_people_are_meant_by_the_name_that_is_noted_of_them(desk: Desk) -> None:
    taken_in(desk, HEAD + ROW.replace("P-01", NAME.upper()), "--yes")

    assert agreements(desk) == [("C-01", "P-01", "active")]


def test_one_wrong_line_leaves_all_of_them_out(desk: Desk) -> None:
    before = desk.size()
    file = desk.file("consents.csv", HEAD + ROW + ROW.replace("DE AT", "Germany"))
    done = desk.run("consent", "import", file, "--yes")

    assert (done.status, desk.size()) == (20, before)
    assert "line 3, column territories: expected codes of countries" in done.err


def test_every_problem_is_said_by_line_and_column_and_no_value_is_repeated(desk: Desk) -> None:
    wrong = "Zdenka Nobody,X-1,dubbing,handshake,words,tomorrow,Germany,soon,given,later,Zdenka.pdf\n"
    done = desk.run("consent", "import", desk.file("consents.csv", HEAD + ROW + wrong))
    places = [line.partition(": expected")[0] for line in done.err.splitlines() if line.startswith("line 3")]

    assert sorted(places) == [
        f"line 3, column {column}"
        for column in (
            "acts",
            "documents",
            "form",
            "label",
            "person",
            "signed_on",
            "state",
            "state_on",
            "territories",
            "until",
        )
    ]
    assert [
        word for word in ("Zdenka", "dubbing", "handshake", "tomorrow", "Germany", "soon") if word in done.err
    ] == []


def test_two_people_of_one_name_are_told_apart_by_alias(desk: Desk) -> None:
    desk.did("person", "add", "--name", NAME, "--another")
    done = desk.run("consent", "import", desk.file("consents.csv", HEAD + ROW.replace("P-01", NAME)))

    assert "line 2, column person: expected an alias, for 2 have that name: P-01, P-05." in done.err


def test_a_line_that_repeats_another_is_said(desk: Desk) -> None:
    done = desk.run("consent", "import", desk.file("consents.csv", HEAD + ROW + ROW))

    assert "line 3: expected something else than line 2 says." in done.err


def test_a_label_belongs_to_one_line(desk: Desk) -> None:
    labelled = ROW.replace("P-01,,", "P-01,C-07,")
    done = desk.run("consent", "import", desk.file("consents.csv", HEAD + labelled + labelled.replace("AT", "CH")))

    assert "line 3, column label: expected a label that no other line has." in done.err


def test_a_label_that_is_given_with_other_terms_asks_for_an_amendment(desk: Desk) -> None:
    labelled = ROW.replace("P-01,,", "P-01,C-07,")
    taken_in(desk, HEAD + labelled, "--yes")
    done = desk.run("consent", "import", desk.file("consents.csv", HEAD + labelled.replace("AT", "CH")))

    assert "line 2, column label: expected the person and terms of the agreement that has it." in done.err
    assert "edgecode consent amend C-07" in done.err


def test_a_row_whose_state_changed_records_what_happened_since(desk: Desk) -> None:
    taken_in(desk, HEAD + ROW, "--yes")
    lines = taken_in(desk, HEAD + ROW.replace("granted,,", "revoked,2026-11-01,"), "--yes")

    assert lines == ["line 2: C-01 P-01: recorded; since then: revoked"]
    assert agreements(desk) == [("C-01", "P-01", "revoked")]


def test_a_state_that_the_guards_refuse_is_a_problem_of_its_column(desk: Desk) -> None:
    done = desk.run("consent", "import", desk.file("consents.csv", HEAD + ROW.replace("2026-10-01", "")))

    assert "line 2, column state: expected what can be recorded (nothing shows that C-01 was signed by" in done.err


def test_the_template_is_a_sheet_that_can_be_filled(desk: Desk) -> None:
    template = desk.did("consent", "import", "--template")
    heads = template.splitlines()[-1].split(",")
    row = {
        "person": "P-01",
        "acts": "dub",
        "form": "rider",
        "description": "a voice",
        "signed_on": "2026-10-01",
        "state": "granted",
    }
    text = f"{template}\n" + ",".join(row.get(head, "") for head in heads) + "\n"

    (line,) = taken_in(desk, text, "--yes")

    assert line == f"line {len(text.splitlines())}: C-01 P-01: new: granted"


def test_a_yaml_document_says_all_of_one_agreement(desk: Desk) -> None:
    pytest.importorskip("yaml")
    text = """
person: P-01
acts: [use_this_work, dub]
form: rider
description: "with, commas; and semicolons"
signed_on: 2026-10-01
scope: {territories: [DE, AT], maxima: {seconds: 90}}
terms: {conditions: [script approval], revocation: {mode: prospective}}
state: granted
"""
    desk.did("consent", "record", "--file", desk.file("one.yaml", text))
    answer = json.loads(desk.did("consent", "show", "C-01", "--on", "2026-11-20", "--reveal", "--json"))

    assert answer["agreement"]["state"] == "granted_conditional"
    assert answer["agreement"]["terms"] == {
        "acts": "use_this_work dub",
        "form": "rider",
        "description": "with, commas; and semicolons",
        "signed_on": "2026-10-01",
        "territories": "DE AT",
        "maxima": "seconds=90",
        "conditions": "script approval",
        "revocation": "prospective",
    }


def test_licenses_are_taken_in_the_same_way(desk: Desk) -> None:
    text = "licensor,signed_on,territories,allows_ai,state\nan archive,2026-10-01,*,no,granted\n"
    lines = desk.did("license", "import", desk.file("licenses.csv", text), "--yes").splitlines()

    assert lines == ["line 2: L-01 -: new: granted"]


def test_a_paper_that_several_rows_name_is_kept_once_for_each_person(desk: Desk) -> None:
    desk.file("rider.txt", "a rider")
    rows = ROW.replace("granted,,", "granted,,rider.txt") + ROW.replace("AT", "CH").replace(
        "granted,,", "granted,,rider.txt"
    )
    taken_in(desk, HEAD + rows, "--yes")
    kept = json.loads(desk.did("desk", "list", "--json"))["records"]

    assert [one["what"] for one in kept if one["what"] == "document"] == ["document"]


def test_more_than_a_thousand_are_recorded_in_one_transaction(desk: Desk) -> None:
    rows = "".join(ROW.replace("burning", f"burning, take {number}") for number in range(1_100))
    said = []
    with Production.open(desk.folder) as production:
        append = production.log.append
        production.log.append = lambda events, **at: said.append(len(events)) or append(events, **at)  # type: ignore[method-assign,func-returns-value]
        plan = import_agreements(
            production, (HEAD + rows).encode(), name="consents.csv", kind="consent", folder=desk.folder
        )

    assert (said, {line.what for line in plan.lines}) == ([2_200], {"new"})


def test_spaces_belong_to_the_names_of_roles_and_tools_and_separate_codes(desk: Desk) -> None:
    names = ("--roles", "Young Anna", "--tools", "Adobe Firefly, Flame", "--scenes", "12; the library, burning")
    desk.did("consent", "record", "--person", "P-01", *names, "--territories", "DE AT", "--acts", "dub; alter create")
    answer = json.loads(desk.did("consent", "show", "C-01", "--reveal", "--json"))

    assert answer["agreement"]["terms"] == {
        "acts": "dub alter create",
        "roles": "Young Anna",
        "scenes": "12; the library, burning",
        "territories": "DE AT",
        "tools": "Adobe Firefly; Flame",
        "maxima": "none",
        "conditions": "none",
    }


def test_a_paper_outside_the_folder_of_the_sheet_is_not_taken(desk: Desk) -> None:
    (desk.folder.parent / "sheets").mkdir()
    desk.file("rider.txt", "a rider")
    row = ROW.replace("granted,,", "granted,,../rider.txt")
    done = desk.run("consent", "import", desk.file("sheets/consents.csv", HEAD + row))

    assert "line 2, column documents: expected files that can be read below the folder of this sheet" in done.err


def test_a_grant_of_what_is_signed_later_is_a_problem_of_the_dry_run(desk: Desk) -> None:
    done = desk.run("consent", "import", desk.file("consents.csv", HEAD + ROW.replace("2026-10-01", "2090-01-01")))

    assert (done.status, "which lies ahead" in done.err) == (20, True)


def test_a_wrong_label_is_said_once_and_nothing_that_is_not_there_is_to_be_amended(desk: Desk) -> None:
    wrong = ROW.replace("P-01,,", "P-01,X-1,") + ROW.replace("rider", "").replace("P-01,,", "P-01,C-31,")
    done = desk.run("consent", "import", desk.file("consents.csv", HEAD + wrong))

    assert [line.partition(": ")[0] for line in done.err.splitlines() if line.startswith("line")] == [
        "line 2, column label",
        "line 3, column state",
    ]
    assert "mend it" not in done.err


def test_a_heading_that_has_to_be_there_is_missed_where_the_headings_are(desk: Desk) -> None:
    done = desk.run("consent", "import", desk.file("consents.csv", "label,acts\nC-01,dub\nC-02,dub\n"))

    assert next(line for line in done.err.splitlines() if line.startswith("line")).startswith(
        "line 1: expected a heading person."
    )
    assert "line 2" not in done.err


def test_a_value_that_is_too_long_is_called_so(desk: Desk) -> None:
    done = desk.run("consent", "import", desk.file("consents.csv", HEAD + ROW.replace("the library", "x" * 200_000)))

    assert "line 2: expected values of at most 131,072 characters each" in done.err


def test_a_document_that_is_recorded_already_gives_no_new_label(desk: Desk) -> None:
    file = desk.file("one.csv", HEAD + ROW)
    first = desk.run("consent", "record", "--file", file)
    again = desk.run("consent", "record", "--file", file)

    assert (first.out.strip(), again.out.strip(), "C-01: recorded already" in again.err) == ("C-01", "", True)


def test_an_erasure_says_whose_consents_rest_on_a_paper_before_anybody_deletes_it(desk: Desk) -> None:
    desk.file("rider.txt", "a rider")
    one = ROW.replace("granted,,", "granted,,rider.txt")
    taken_in(desk, HEAD + one + one.replace("P-01", "P-02"), "--yes")
    words = "--requested 2026-11-20 --requester person --verified identity-document --ground consent-withdrawn"
    order = ("--record-copy", "handed-over", "--order", str(desk.folder.parent / "order.json"))
    said = desk.did("person", "erase", "P-01", *words.split(), *order)

    assert "keep this file, or take their part out: C-02 rest on it too" in said
    assert "delete this file yourself" not in said


def test_people_are_not_noted_without_a_name(desk: Desk) -> None:
    assert [desk.refused("person", "add", *words) for words in ((), ("--name", " "))] == [(2, "person.nameless")] * 2


@pytest.mark.parametrize(
    ("columns", "values", "said"),
    [
        ("maxima", "seconds=10 seconds=20", "each maximum once"),
        ("maxima,maxima.seconds", "seconds=10,20", "each maximum once"),
        ("signed_on", "2090-01-01", "none which lies ahead"),
    ],
)
def test_a_maximum_said_twice_and_a_signature_to_come_are_problems_beside_which_nothing_is_new(
    columns: str, values: str, said: str, desk: Desk
) -> None:
    done = desk.run(
        "consent", "import", desk.file("consents.csv", f"person,acts,{columns}\nP-01,alter,{values}\nP-01,create,\n")
    )

    assert (done.status, said in done.err, "new" in done.out) == (20, True, False)


def test_a_maximum_that_is_said_twice_is_no_maximum_that_counts() -> None:
    _, problems = terms_of({"maxima": "seconds=1 seconds=5"}, agreement="", kind="consent")

    assert [one.field for one in problems] == ["maxima"]
