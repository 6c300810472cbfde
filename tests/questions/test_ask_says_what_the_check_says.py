"""A use that stands in a cut is answered for as the check of that cut judges it, on the same day: one road, whoever asks."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from edgecode.answers.ask.answer import Ask, Word, word_for
from edgecode.checks.desk_questions import CONTRADICTED, NO_RULES, NOT_JUDGING, PROFILE, SWITCHED_OFF, UNDECIDED, UNREAD
from edgecode.checks.findings import Answered, Finding
from edgecode.checks.uses import Use
from edgecode.errors import NotFoundError, UsageError
from edgecode.production.checking.asking import AskDraft, ask
from edgecode.production.checking.changing import consent_changes
from edgecode.production.checking.cuts import Checked, check
from edgecode.production.desk.profiling import describe_production
from questions.story_at_rest import production_of
from rule_samples import HEADER
from stories.story_run import Telling

STORIES = ("01", "02", "03", "05", "06", "07", "08", "09", "11", "12", "13", "14")
IN_EUROPE = {"production.territories": "JP DE", "production.media": "film trailer", "production.buyer": "netflix"}
"""Brings rules of a law and a buyer about AI beside those of the desk."""
OF_THE_RULES = {one.id for one in (PROFILE, UNDECIDED, SWITCHED_OFF, NO_RULES, NOT_JUDGING, UNREAD, CONTRADICTED)}
"""What the desk asks of rules and record, whatever use is looked at."""


def about(checked: Checked, use: Use) -> list[Finding]:
    """What the check says of a use, of the training of models behind it and of the rules, before anybody answered."""
    trainings = {one.key for one in checked.uses if one.kind == "train" and one.version in use.material}
    behind = {use.key, *(trainings if use.kind != "train" else ())}
    found = [
        one
        for one in checked.findings
        if one.verdict.subject in behind or one.use.version in use.material or one.verdict.rule in OF_THE_RULES
    ]
    return [replace(one, answered=Answered()) for one in found]


def said_by(findings: list[Finding]) -> tuple[Word, set[tuple[str, str, str]]]:
    """The word, and every rule of a pack with the worst that it does."""
    order = ("open", "held", "refused")
    worst: dict[tuple[str, str], str] = {}
    for one in findings:
        name = one.verdict.pack, one.verdict.rule
        if one.verdict.pack != "edgecode":
            worst[name] = max(worst.get(name, "open"), one.held("deliver"), key=order.index)
    return word_for(findings, "deliver"), {(*name, held) for name, held in worst.items()}


def answered_so(answer: Ask) -> tuple[Word, set[tuple[str, str, str]]]:
    return answer.answer, {(one.pack, one.rule, one.held) for one in answer.rules if one.pack != "edgecode"}


def released_in(telling: Telling, profile: dict[str, str]) -> None:
    """The desk says that it is released elsewhere."""
    describe_production(telling.production, profile, by=telling.aliases["clara"], reason="sold there as well")


def asked_of(telling: Telling, use: Use, **more: object) -> Ask:
    return ask(telling.production, AskDraft(use=use.key, cut=use.cut, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("number", STORIES)
@pytest.mark.parametrize("profile", [{}, IN_EUROPE], ids=["at home", "in Europe"])
def test_a_use_that_stands_in_a_cut_is_answered_for_as_the_check_judges_it(
    number: str, profile: dict[str, str], tmp_path: Path
) -> None:
    with production_of(number, tmp_path) as telling:
        released_in(telling, profile)
        (view, *_) = telling.production.views()
        checked = check(telling.production, view.cut)
        answers = {use.key: answered_so(asked_of(telling, use)) for use in checked.uses}

    assert (answers, bool(answers)) == ({use.key: said_by(about(checked, use)) for use in checked.uses}, True)


@pytest.mark.parametrize("number", STORIES)
def test_a_day_of_consent_changes_says_what_the_check_of_that_day_says(number: str, tmp_path: Path) -> None:
    with production_of(number, tmp_path) as telling:
        released_in(telling, IN_EUROPE)
        (view, *_) = telling.production.views()
        checked = check(telling.production, view.cut)
        changes = consent_changes(telling.production, view.cut, since="2026-01-02").changes
        now = {one.use: one.after for one in changes}

    assert {key: stand.rules for key, stand in now.items()} == {
        key: {
            f"{one.verdict.pack} {one.verdict.rule}": f"{one.outcome}, {one.held('deliver')}"
            for one in checked.findings
            if one.verdict.subject == key and one.verdict.pack != "edgecode"
        }
        for key in now
    }


def test_rules_about_ai_are_not_asked_of_what_was_filmed_whoever_asks(tmp_path: Path) -> None:
    with production_of("09", tmp_path) as telling:
        released_in(telling, IN_EUROPE)
        checked = check(telling.production, "Film")
        (newsreel,) = (use for use in checked.uses if use.kind == "licensed_material")
        standing = asked_of(telling, newsreel)
        planned = ask(telling.production, AskDraft("use_this_work", license="L-01"))

    packs = {one.pack for answer in (standing, planned) for one in answer.rules}
    assert (newsreel.key in checked.answer.not_asked, packs & {"netflix-2025", "eu-ai-act-art50"}) == (True, set())


OF_MODELS = (
    HEADER
    + """\
rules:
  - { id: OLD, title: t, citation: own, basis: design, confidence: high, about: model, gate: [deliver], severity: block, when: "true",
      require: [ { say: it is described, that: "tool.training == 'described'" } ], waivable: false, fix: Describe it. }
tests:
  - { name: a, rule: OLD, given: { tool: { training: described } }, expect: pass }
  - { name: b, rule: OLD, given: { tool: { training: undisclosed } }, expect: fail }
  - { name: c, rule: OLD, expect: unknown }
"""
)


def test_rules_about_models_are_asked_of_the_one_that_a_question_does_not_name(tmp_path: Path) -> None:
    with production_of("01", tmp_path) as telling:
        production = telling.production
        (production.folder / "packs").mkdir()
        (production.folder / "packs" / "sample.yaml").write_text(OF_MODELS, "utf-8")
        production.settings = replace(production.settings, packs=("packs",))
        draft = AskDraft("use_this_work", person=telling.aliases["ada"], modalities=("voice",))
        answer = ask(production, draft)

    assert ("sample", "OLD", "held") in answered_so(answer)[1]


def test_every_rule_is_asked_of_a_work_of_whose_making_nobody_knows(tmp_path: Path) -> None:
    with production_of("09", tmp_path, until=3) as telling:
        released_in(telling, IN_EUROPE)
        answer = ask(telling.production, AskDraft("use_this_work", work="newsreel.#.exr"))

    assert "netflix-2025" in {one.pack for one in answer.rules}


def test_a_clock_that_is_behind_brings_no_consent_back_to_a_question(tmp_path: Path) -> None:
    with production_of("02", tmp_path, until=-3) as telling:
        telling.clock.day = "2026-11-12"
        checked = check(telling.production, "Film")
        voice = next(use for use in checked.uses if use.kind == "replica_use")
        answer = asked_of(telling, voice)
        changes = consent_changes(telling.production, "Film", since="2026-11-12")

    assert (answer.today, answer.answer, changes.until) == (checked.answer.today, "NO", "2026-11-20")


def test_a_use_may_be_asked_about_for_more_than_it_stands_for(tmp_path: Path) -> None:
    with production_of("01", tmp_path) as telling:
        (view, *_) = telling.production.views()
        voice = next(use for use in check(telling.production, view.cut).uses if use.kind == "replica_use")
        words = [asked_of(telling, voice, media=media).answer for media in (("trailer",), ("game",))]

    assert words == ["YES", "NO"]


def test_a_finding_names_the_use_that_it_is_about(tmp_path: Path) -> None:
    with production_of("02", tmp_path, until=-3) as telling:
        checked = check(telling.production, "Film")
        finding = next(one for one in checked.findings if one.held("deliver") == "refused")
        answer = ask(telling.production, AskDraft(use=finding.name, cut="Film"))

    assert (answer.asked.use, answer.asked.person) == (finding.use.key, finding.use.alias)


@pytest.mark.parametrize("written", ["F-00000000", "F-", "ab"])
def test_a_name_that_no_use_of_the_cut_has_is_said(written: str, tmp_path: Path) -> None:
    with production_of("02", tmp_path, until=-3) as telling, pytest.raises(NotFoundError) as raised:
        ask(telling.production, AskDraft(use=written, cut="Film"))

    assert (raised.value.code, raised.value.exit_status) == ("ask.use", 21)


def test_who_is_in_a_use_that_stands_is_not_for_a_question_to_say(tmp_path: Path) -> None:
    with production_of("02", tmp_path, until=-3) as telling, pytest.raises(UsageError) as raised:
        ask(telling.production, AskDraft(use="F-00000000", cut="Film", person=telling.aliases["ada"]))

    assert raised.value.code == "ask.what"
