"""The desk's small records by command: who may decide what, what they are about, documents, models, datasets, taking back."""

import json
from pathlib import Path

import pytest
from desk_at_work import CLAUSE, DESCRIPTION, FEE, NAME, REASON, SECRETS, SIGNED, WHOLE, Desk, desk_in

from edgecode.production import Production

USE = "ab" * 16
RELEASE = ("desk", "approval", "legal_release_after_revocation")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path / "show")


def records(desk: Desk) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(desk.did("desk", "list", "--json"))["records"]
    return found


def test_an_artist_decides_nothing_for_the_production(desk: Desk) -> None:
    asked = ("desk", "determination", "use.deepfake", "no", "--reason", "x")

    assert desk.refused(*asked, "--by", "P-03") == (11, "desk.may_not_decide")
    assert desk.refused(*asked, "--by", "P-01") == (21, "member.unknown")
    assert desk.refused("desk", "approval", "netflix_written", "--by", "P-03") == (11, "desk.may_not_decide")
    assert desk.refused("desk", "approval", "netflix_written") == (2, "desk.by")


@pytest.mark.parametrize("question", ["expressive_exempt", "gdpr_art9_ground"])
def test_what_is_left_to_counsel_is_decided_by_counsel(desk: Desk, question: str) -> None:
    asked = ("desk", "determination", question, "yes", "--reason", REASON)

    assert desk.refused(*asked, "--by", "P-04") == (11, "desk.needs_legal")
    desk.did(*asked, "--by", "P-02")


def test_a_case_about_released_material_is_counsels_and_cites_a_clause(desk: Desk) -> None:
    asked = ("desk", "determination", "post_release_case", "yes", "--reason", REASON)

    assert desk.refused(*asked, "--by", "P-04") == (11, "desk.needs_legal")
    assert desk.refused(*asked, "--by", "P-02") == (2, "desk.clause")


@pytest.mark.parametrize("question", ["substantially_as_scripted", "customary_post"])
def test_that_an_alteration_needs_no_consent_is_said_of_what_is_shown(desk: Desk, question: str) -> None:
    assert desk.refused("desk", "determination", question, "yes", "--reason", "x", "--by", "P-02") == (2, "desk.about")


def test_nobody_acts_in_a_role_that_they_do_not_have(desk: Desk) -> None:
    asked = ("desk", "determination", "use.deepfake", "no", "--reason", "x", "--by", "P-04")

    assert desk.refused(*asked, "--role", "legal") == (11, "desk.may_not_decide")
    desk.did(*asked, "--role", "clearance")


@pytest.mark.parametrize(
    ("question", "answer", "recorded"),
    [
        ("deep_fake", "no", ("use.deepfake", "no")),
        ("use.incidental", "yes", ("use.incidental", "yes")),
        ("day_estimate", "yes", ("day_estimate", "yes")),
        ("day_estimate", "12", ("day_estimate", "12")),
        ("determination.de_minimis", "no", ("de_minimis", "no")),
        ("reasonably_specific", "yes", ("consent.specific", "yes")),
        ("fundamental_character_altered", "yes", ("use.consistent_with_contract_and_character", "no")),
        ("use.replica", "ebdr", ("use.replica", "ebdr")),
    ],
)
def test_a_question_may_be_asked_in_the_words_of_the_trade(
    desk: Desk, question: str, answer: str, recorded: tuple[str, str]
) -> None:
    desk.did("desk", "determination", question, answer, "--by", "P-04", "--reason", "x")

    assert [(one["word"], one["answer"]) for one in records(desk)] == [recorded]


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (("use.kind", "dub"), (20, "desk.question")),
        (("production.sag", "none"), (20, "desk.question")),
        (("is_it_nice", "yes"), (20, "desk.question")),
        (("use.deepfake", "perhaps"), (20, "facts.value")),
    ],
)
def test_only_a_judgment_is_determined_and_only_by_one_of_its_answers(
    desk: Desk, words: tuple[str, ...], refused: tuple[int, str]
) -> None:
    assert desk.refused("desk", "determination", *words, "--by", "P-04", "--reason", "x") == refused


def test_a_legal_release_after_a_revocation_cites_a_clause_with_a_reason_for_something(desk: Desk) -> None:
    desk.did("consent", "record", "--person", "P-01", *WHOLE, "--revocation-clause", CLAUSE)
    desk.did("consent", "record", "--person", "P-01", *WHOLE)
    cited, why, about = ("--clause", "C-01"), ("--reason", REASON), ("--about", USE)

    assert desk.refused(*RELEASE, "--by", "P-04", *cited, *why, *about) == (11, "desk.needs_legal")
    assert desk.refused(*RELEASE, "--by", "P-02", *why, *about) == (2, "desk.clause")
    assert desk.refused(*RELEASE, "--by", "P-02", *cited, *about) == (2, "desk.reason")
    assert desk.refused(*RELEASE, "--by", "P-02", *cited, *why) == (2, "desk.about")
    assert desk.refused(*RELEASE, "--by", "P-02", *cited, *why, "--about", "P-01", "--about", "C-01") == (
        2,
        "desk.about",
    )
    assert desk.refused(*RELEASE, "--by", "P-02", "--clause", "C-02", *why, *about) == (11, "desk.no_clause")
    desk.did(*RELEASE, "--by", "P-02", *cited, *why, *about)
    asked = ("desk", "determination", "legal_release_after_revocation", "yes", "--by", "P-02", *why)
    assert desk.refused(*asked, *about) == (2, "desk.clause")
    desk.did(*asked, *about, *cited)


@pytest.mark.parametrize(
    "decision", [("approval", "netflix_written"), ("determination", "use.nude_or_sex", "no", "--reason", REASON)]
)
def test_nobody_decides_on_what_shows_them_or_what_they_made(desk: Desk, decision: tuple[str, ...]) -> None:
    for name in ("plate", "element", "comp"):
        desk.did("desk", "model", name, "--new")
    desk.did("desk", "model", "comp", "--parent", "plate", "--parent", "element")
    desk.did("person", "depicted", "P-02", "--version", "plate")
    desk.did("desk", "maker", "P-04", "--version", "element")
    desk.did("consent", "record", "--person", "P-02", *WHOLE)
    desk.did("consent", "record", "--person", "P-01", *WHOLE)
    before = desk.size()
    asked = ("desk", *decision, "--by")

    for who, about in (("P-02", "P-02"), ("P-02", "plate"), ("P-02", "C-01"), ("P-04", "element")):
        assert desk.refused(*asked, who, "--about", about) == (11, "desk.own_matter")
    assert desk.size() == before
    for who, about in (("P-02", "element"), ("P-02", "C-02"), ("P-04", "plate"), ("P-04", "P-02")):
        desk.did(*asked, who, "--about", about)


def test_a_decision_on_the_whole_production_says_that_it_leaves_out_what_is_ones_own(desk: Desk) -> None:
    desk.did("desk", "model", "element", "--new")
    desk.did("desk", "maker", "P-04", "--version", "element")
    asked = ("desk", "determination", "use.deepfake", "no", "--reason", REASON, "--by")

    assert "does not count for what shows the member" in desk.run(*asked, "P-04").err
    assert desk.run(*asked, "P-02").err == ""


def test_an_approval_is_recorded_with_its_answer_and_its_conditions_sealed(desk: Desk) -> None:
    asked = ("desk", "approval", "netflix_written", "--by", "P-04")
    desk.did(*asked)
    desk.did(*asked, "--answer", "no")
    desk.did(*asked, "--answer", "conditional", "--conditions", DESCRIPTION)

    assert [one["answer"] for one in records(desk)] == ["yes", "no", "conditional"]
    assert DESCRIPTION not in desk.did("desk", "list") + desk.did("desk", "list", "--json")


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (("notice", "scan_48"), (20, "desk.kind")),
        (("notice", "scan_48h", "--at", "yesterday"), (2, "person.date")),
        (("notice", "scan_48h", "--about", "nothing"), (21, "desk.unknown")),
        (("notice", "scan_48h", "--about", "P-99"), (21, "person.unknown")),
        (("notice", "scan_48h", "--about", "C-99"), (21, "agreement.unknown")),
        (("notice", "scan_48h", "--about", "P-01", "--about", "P-02"), (20, "desk.two_persons")),
        (("notice", "scan_48h", "--value", "guild"), (2, "desk.value")),
        (("notice", "scan_48h", "--value", "foo=5"), (20, "desk.wrong_value")),
        (("notice", "scan_48h", "--value", "quantity=5"), (20, "desk.wrong_value")),
        (("payment", "scan_day", "--value", "amount=-5"), (20, "desk.wrong_value")),
        (("payment", "scan_day", "--value", "amount=900 EUR"), (20, "desk.wrong_value")),
        (("payment", "scan_day", "--value", "amount=900"), (20, "desk.wrong_value")),
        (("payment", "scan_day", "--value", "quantity=1.5"), (20, "desk.wrong_value")),
        (("payment", "scan_day", "--value", "paid_at=x"), (20, "desk.wrong_value")),
        (("payment", "scan_day", "--value", "currency=euro"), (20, "desk.wrong_value")),
        (("payment", "scan_day", "--due", "x"), (2, "person.date")),
        (("notice", "scan_48h", "--at", "2130-01-01"), (20, "desk.days")),
        (("notice", "scan_48h", "--at", "2026-05-02", "--until", "2026-05-01"), (20, "desk.days")),
        (("attestation", "cue_sheet"), (2, "desk.by")),
        (("determination", "use.deepfake", "no", "--by", "P-04", "--reason", "  "), (2, "desk.reason")),
        (("approval", "netflix_written", "--by", "P-04", "--value", "answer=no"), (20, "desk.wrong_value")),
        (("approval", "netflix_written", "--by", "P-04", "--answer", "conditional"), (20, "desk.conditions")),
        (("approval", "netflix_written", "--by", "P-04", "--conditions", "a credit"), (20, "desk.conditions")),
        (("profile", "sga=none"), (20, "facts.unknown")),
        (("profile", "sag=yes"), (20, "facts.value")),
        (("profile", "use.deepfake=no"), (20, "desk.not_profile")),
        (("profile", "sag"), (20, "desk.assignment")),
        (("use", "dubbing"), (20, "facts.value")),
        (("use", "dub", "--fact", "deepfake=no"), (20, "desk.not_derived")),
        (("use", "dub", "--in", "3", "--out", "9"), (2, "desk.frames")),
        (("use", "dub", "--quantity", "many=lines"), (20, "desk.quantity")),
        (("use", "dub", "--quantity", "zeilen=3"), (20, "desk.quantity")),
        (("notice", "scan_48h", "--value", "größe=3"), (2, "desk.value")),
        (("use", "dub", "--needs", "languages=german!"), (20, "desk.needs")),
        (("use", "dub", "--needs", "until=2028-01-01"), (20, "desk.needs")),
        (("model", "weights"), (21, "version.unknown")),
        (("dataset", "set", "--reservation", "robots"), (20, "desk.reservation")),
        (("dataset", "set", "--card", "source"), (20, "desk.card")),
        (("document",), (2, "document.arguments")),
        (("document", "Oxenstierna.pdf"), (21, "document.absent")),
        (("cut-state", "reel9", "locked"), (21, "cut.unknown")),
        (("cut-state", "reel9", "released"), (2, "desk.by")),
        (("cut-state", "reel9", "delivered"), (2, "desk.by")),
        (("maker", "P-01", "--version", "x"), (21, "version.unknown")),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_recorded(
    desk: Desk, words: tuple[str, ...], refused: tuple[int, str]
) -> None:
    before = desk.size()

    assert desk.refused("desk", *words) == refused
    assert desk.size() == before


def test_a_profile_says_what_is_set_and_what_is_not_and_takes_a_value_back(desk: Desk) -> None:
    desk.did("desk", "profile", "sag=tvth-2023", "territories=DE US-CA")
    by = ("--by", "P-02", "--reason", "the bond company asked")
    nobodys = desk.refused("desk", "profile", "sag=", "--json")
    facts = json.loads(desk.did("desk", "profile", "territories=", *by, "--json"))["facts"]
    said = {fact["name"]: fact["value"] for fact in facts}

    assert (nobodys[1], said["production.sag"], said["production.territories"]) == ("desk.by", "tvth-2023", None)


def test_a_record_is_about_what_was_named(desk: Desk) -> None:
    desk.did("consent", "record", "--person", "P-01", *WHOLE)
    agreement = json.loads(desk.did("consent", "list", "--json"))["agreements"][0]["agreement"]
    desk.did("desk", "notice", "scan_48h", "--about", "P-01", "--about", "C-01", "--about", "ab" * 16)
    (one,) = records(desk)

    assert (one["person"], one["about"], one["uses"]) == ("P-01", [agreement], ["ab" * 16])


def test_a_paper_that_changed_since_is_found(desk: Desk) -> None:
    path = desk.file("rider.txt", "a rider")
    first = desk.did("desk", "document", path, "--kind", "rider", "--person", "P-01")
    same = desk.run("desk", "document", "--check")
    desk.file("rider.txt", "another rider")
    changed = desk.run("desk", "document", "--check")
    second = desk.did("desk", "document", path, "--kind", "rider", "--person", "P-01", "--supersedes", first)
    kept = desk.run("desk", "document", "--check")
    Path(path).unlink()
    missing = desk.run("desk", "document", "--check")

    assert [(done.status, done.out.split()) for done in (same, changed, kept, missing)] == [
        (0, ["same", first, "rider"]),
        (10, ["changed", first, "rider"]),
        (0, ["same", second, "rider"]),
        (10, ["missing", second, "rider"]),
    ]
    assert desk.run("desk", "document", "--check", "--reveal").out.split() == ["missing", second, "rider", "rider.txt"]


def test_a_contract_of_nobody_is_asked_about(desk: Desk) -> None:
    paper = desk.file("contract.txt", "a contract")

    assert "--person ALIAS" in desk.run("desk", "document", paper, "--kind", "contract").err
    assert desk.run("desk", "document", paper, "--kind", "contract", "--person", "P-01").err == ""


def test_a_version_of_a_paper_is_superseded_once_and_by_other_bytes(desk: Desk) -> None:
    first = desk.did("desk", "document", desk.file("rider.txt", "a rider"))

    assert desk.refused("desk", "document", str(desk.folder.parent / "rider.txt"), "--supersedes", first) == (
        20,
        "document.same",
    )
    desk.did("desk", "document", desk.file("rider.txt", "two"), "--supersedes", first)
    refused = desk.refused("desk", "document", desk.file("rider.txt", "three"), "--supersedes", first)
    assert refused == (20, "document.superseded")


def test_a_model_and_a_dataset_are_described_down_to_the_release_of_each_item(desk: Desk) -> None:
    desk.did("license", "record", *SIGNED)
    sheet = "item,basis,release,likeness\ntake 1,licensed,L-01,yes\ntake 2,owned,,no\n"
    desk.did(
        "desk",
        "dataset",
        "our takes",
        "--new",
        "--likeness",
        "yes",
        "--complete",
        "--items",
        desk.file("items.csv", sheet),
    )
    desk.did("desk", "model", "a voice", "--new", "--trained-on", "our takes", "--parent", "none", "--person", "P-01")

    assert [(one["what"], one["word"], one["person"]) for one in records(desk)] == [
        ("model", "", "P-01"),
        ("dataset", "complete", None),
    ]
    assert desk.refused("desk", "model", "a voice", "--parent", "a voice") == (20, "desk.own_parent")
    assert desk.refused("desk", "model", "a voice", "--trained-on", "our takes", "--undisclosed") == (
        2,
        "desk.undisclosed",
    )


def test_an_item_whose_release_is_not_on_record_is_said_by_line_and_column(desk: Desk) -> None:
    sheet = "item,basis,release\ntake 1,borrowed,L-77\n"
    done = desk.run("desk", "dataset", "our takes", "--new", "--items", desk.file("items.csv", sheet))

    assert done.status == 20
    assert "line 2, column basis: expected one of: licensed, owned" in done.err
    assert "line 2, column release: expected an agreement that is recorded here" in done.err
    assert records(desk) == []


def test_terms_of_a_tool_supersede_those_seen_before_and_are_not_recorded_twice(desk: Desk) -> None:
    page = desk.file("terms.txt", "we keep nothing")
    words = ("desk", "tool-terms", "a service", "--plan", "pro", "--snapshot", page, "--trains-on-inputs", "no")
    first = desk.did(*words)
    desk.file("terms.txt", "we keep everything")
    second = desk.did(*words[:-1], "yes")
    with Production.open(desk.folder) as production:
        from edgecode.checks.register import Register

        seen = Register.read(production.index).tool_terms

    assert [(one.snapshot, one.supersedes) for one in seen] == [(first, ""), (second, first)]
    assert desk.refused(*words[:-1], "yes") == (11, "desk.terms_same")


def test_what_was_noted_in_error_is_taken_back_once_and_with_a_reason(desk: Desk) -> None:
    notice = desk.did("desk", "notice", "scan_48h", "--about", "P-01")

    assert desk.refused("desk", "withdraw", notice, "--reason", "") == (2, "desk.reason")
    desk.did("desk", "withdraw", notice, "--reason", REASON)
    assert records(desk) == []
    assert desk.refused("desk", "withdraw", notice, "--reason", REASON) == (11, "desk.withdrawn")


def test_an_agreement_is_never_taken_back_because_its_revocation_would_go_with_it(desk: Desk) -> None:
    desk.did("consent", "record", "--person", "P-01", *WHOLE)
    agreement = json.loads(desk.did("consent", "list", "--json"))["agreements"][0]["agreement"]

    assert desk.refused("desk", "withdraw", agreement, "--reason", "x") == (11, "desk.not_withdrawable")


def test_terms_names_fees_and_reasons_are_in_nothing_that_outsiders_see(desk: Desk) -> None:
    pay, clause = ("--compensation", f"days {FEE} EUR"), ("--revocation-clause", CLAUSE)
    desk.did("consent", "record", "--person", "P-01", *WHOLE, *pay, *clause, "--grantee", NAME, "--grant")
    desk.did("consent", "suspend", "C-01", "--why", "strike", "--reason", REASON)
    desk.did("desk", "determination", "use.deepfake", "no", "--by", "P-04", "--about", "P-01", "--reason", REASON)
    desk.did(*RELEASE, "--by", "P-02", "--about", USE, "--about", "P-01", "--clause", "C-01", "--reason", REASON)
    desk.did("desk", "document", desk.file(f"{NAME}.txt", "a rider"), "--person", "P-01")
    desk.did("desk", "payment", "scan_day", "--about", "P-01", "--value", f"amount={FEE}", "--value", "currency=EUR")
    told = [
        desk.run(*words)
        for words in (
            ("consent", "list"),
            ("consent", "list", "--json"),
            ("consent", "show", "C-01"),
            ("consent", "show", "C-01", "--json"),
            ("consent", "revoke", "C-01"),
            ("consent", "resume", "C-01"),
            ("consent", "amend", "C-01", "--description", DESCRIPTION, "--until", FEE, "--signed-on", "2026-11-01"),
            ("consent", "condition", "C-01", DESCRIPTION, "--approver", NAME),
            ("desk", "list"),
            ("desk", "list", "--json"),
            ("desk", "document", "--check"),
            ("log", "show", "--json"),
        )
    ]
    with Production.open(desk.folder) as production:
        stored = b"".join(
            entry.leaf + b"".join(section.data for section in entry.sections)
            for entry in production.log.entries(0, None)
        )

    assert [secret for secret in SECRETS if any(secret in done.out + done.err for done in told)] == []
    assert [secret for secret in SECRETS if secret.encode() in stored] == []
