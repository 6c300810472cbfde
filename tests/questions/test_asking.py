"""Asking whether something may be used so: one word, by the same rules as a gate, and who has to act."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edgecode.answers.ask.answer import Ask
from edgecode.answers.ask.text import ask_text
from edgecode.errors import EdgecodeError
from edgecode.production.checking.asking import AskDraft, ask
from edgecode.production.persons.noting import add_person
from questions.story_at_rest import production_of
from stories.story_run import Telling


@pytest.fixture(scope="module")
def trailer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Telling]:
    """Ada's voice may be used for film and trailer; her replica and its model are in order."""
    with production_of("01", tmp_path_factory.mktemp("trailer")) as telling:
        yield telling


def by_replica(telling: Telling, **more: object) -> AskDraft:
    return AskDraft(
        act="use_this_work",
        person=telling.aliases["ada"],
        modalities=("voice",),
        replica=telling.records["ada replica"],
        model="ada_voice.safetensors",
        tools=("Echo Bench",),
        **more,  # type: ignore[arg-type]
    )


def asked(telling: Telling, **more: object) -> Ask:
    return ask(telling.production, by_replica(telling, **more))


def test_the_name_of_a_language_is_refused_because_it_would_match_no_consent(trailer: Telling) -> None:
    with pytest.raises(EdgecodeError, match="a language is no tag") as refused:
        asked(trailer, languages=("german",))

    assert refused.value.remedy == "german is written de"


def test_what_only_waits_for_a_fact_of_the_use_says_how_it_is_said(trailer: Telling) -> None:
    draft = AskDraft(act="alter", person=trailer.aliases["ada"], modalities=("voice",))
    text = ask_text(ask(trailer.production, draft), everything=True)

    assert "here or with edgecode desk use KIND --about WHAT: --fact use.ai_generated=…" in text


def actors(answer: Ask) -> set[tuple[str, str, str]]:
    return {(one.part, one.who, one.of) for one in answer.who}


def test_what_a_consent_covers_may_be_used(trailer: Telling) -> None:
    answer = asked(trailer, media=("trailer",))

    assert (answer.answer, [(one.label, one.covers) for one in answer.nearest], answer.who, answer.missing) == (
        "YES",
        [("C-01", "yes")],
        (),
        (),
    )


def test_another_medium_is_refused_and_the_person_could_sign_for_it(trailer: Telling) -> None:
    answer = asked(trailer, media=("game",))

    refused = [(one.rule, one.held) for one in answer.rules if one.held == "refused"]
    assert (answer.answer, refused, answer.nearest[0].lacks) == (
        "NO",
        [("CONS-04", "refused")],
        ("does not cover the media game (has film, trailer)",),
    )
    ada = trailer.aliases["ada"]
    assert ("person", ada, ada) in actors(answer)


def test_a_territory_brings_the_rules_that_speak_of_it(trailer: Telling) -> None:
    answer = asked(trailer, media=("trailer",), languages=("de",), territories=("DE",))

    by = {one.fact: one.by for one in answer.missing}
    assert (answer.answer, by["use.deepfake"], "EU50-03" in {one.rule for one in answer.rules}) == (
        "UNKNOWN",
        ("member",),
        True,
    )


def test_what_nobody_says_of_the_tools_is_not_taken_for_nothing(trailer: Telling) -> None:
    draft = AskDraft(act="use_this_work", person=trailer.aliases["ada"], modalities=("voice",), media=("film",))

    answer = ask(trailer.production, draft)

    assert (answer.answer, {one.fact for one in answer.missing}) == (
        "UNKNOWN",
        {"use.replica_overdue", "tool.training"},
    )


def test_an_act_that_was_not_granted_is_not_covered_by_the_others(trailer: Telling) -> None:
    draft = AskDraft(
        act="dub",
        person=trailer.aliases["ada"],
        modalities=("voice",),
        languages=("de",),
        replica=trailer.records["ada replica"],
        model="ada_voice.safetensors",
        tools=("Echo Bench",),
    )

    answer = ask(trailer.production, draft)

    assert (answer.answer, answer.nearest[0].covers, answer.nearest[0].lacks) == (
        "NO",
        "no",
        ("does not permit this act",),
    )


def test_before_it_was_signed_a_consent_gives_nothing(trailer: Telling) -> None:
    before, after = asked(trailer, media=("film",), on="2026-09-02"), asked(trailer, media=("film",), on="2026-11-05")

    assert (before.answer, after.answer) == ("NO", "YES")


def test_after_its_last_day_a_consent_gives_nothing(trailer: Telling) -> None:
    last, after = asked(trailer, media=("film",), on="2030-12-31"), asked(trailer, media=("film",), on="2031-01-01")

    assert (last.answer, after.answer, after.nearest[0].state) == ("YES", "NO", "expired")


def test_a_question_records_nothing(trailer: Telling) -> None:
    before = trailer.production.log.size

    asked(trailer, media=("game",))

    assert trailer.production.log.size == before


def test_the_same_question_on_the_same_record_gets_the_same_answer(trailer: Telling) -> None:
    assert asked(trailer, media=("game",)) == asked(trailer, media=("game",))


def test_a_waiver_is_for_what_exists_and_no_answer_to_a_question(tmp_path: Path) -> None:
    with production_of("09", tmp_path, until=-4) as telling:
        answer = ask(telling.production, AskDraft(act="use_this_work", license="L-01"))

    held = [(one.rule, one.held) for one in answer.rules if one.held != "open"]
    assert (answer.answer, ("DESK-22", "held") in held, {one.part for one in answer.who}) == (
        "SIGN",
        True,
        {"licensor"},
    )


def test_heirs_sign_by_their_shares_and_their_rule(tmp_path: Path) -> None:
    with production_of("07", tmp_path, until=-2) as telling:
        draft = AskDraft(
            act="use_this_work",
            person=telling.aliases["otto"],
            modalities=("voice",),
            replica=telling.records["otto replica"],
            model="otto_voice.safetensors",
        )
        answer = ask(telling.production, draft)
        heirs = {(one.who, one.share, one.decision) for one in answer.who if one.part == "heir"}
        wanted = {(telling.aliases[name], "1/2", "unanimous") for name in ("ida", "jon")}

    assert (answer.answer, heirs) == ("NO", wanted)


def test_for_a_child_its_guardian_signs_and_not_the_child(tmp_path: Path) -> None:
    with production_of("08", tmp_path, until=12) as telling:
        nell, mother = telling.aliases["nell"], telling.aliases["mother"]
        answer = ask(telling.production, AskDraft(act="use_this_work", person=nell, modalities=("voice",)))
        signers = {one for one in actors(answer) if one[2]}

    assert (answer.answer, signers) == ("NO", {("guardian", mother, nell)})


def test_what_nobody_may_permit_has_nobody_to_sign(tmp_path: Path) -> None:
    """A minor in a sexual scene: refused whatever consent there is."""
    with production_of("08", tmp_path, until=12) as telling:
        from edgecode.production.desk.records import DeterminationDraft, determine

        clara = telling.aliases["clara"]
        determine(telling.production, DeterminationDraft("use.nude_or_sex", "yes", clara, "as the script has it"))
        nell = telling.aliases["nell"]
        answer = ask(telling.production, AskDraft(act="use_this_work", person=nell, modalities=("full_body",)))

    assert ("DESK-02", "refused") in [(one.rule, one.held) for one in answer.rules]
    assert [one.rules for one in answer.who if "DESK-02" in one.rules and one.part in ("guardian", "person")] == []


def test_a_maximum_counts_with_what_the_cut_uses_already(tmp_path: Path) -> None:
    """36 frames are in the trailer, a second and a half as the gate sums them; the training of the voice model behind them is heard by
    nobody."""
    with production_of("01", tmp_path) as telling:
        from edgecode.production.agreements.recording import Amendment, amend_agreement

        change = Amendment(written={"maxima": "seconds=9"})
        amend_agreement(telling.production, "C-01", change, kind="consent", signed_on="2026-11-05", on="")
        few, many = (
            ask(telling.production, by_replica(telling, media=("film",), counts={"seconds": seconds}))
            for seconds in (7, 8)
        )
        unsaid = ask(telling.production, by_replica(telling, media=("film",)))

    assert (few.answer, many.answer, unsaid.answer) == ("YES", "NO", "UNKNOWN")
    assert many.nearest[0].lacks == ("is used for more than it allows: 9.5 seconds of 9",)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (AskDraft(act="use_this_work"), "ask.what"),
        (AskDraft(act="use_this_work", person="P-99"), "person.unknown"),
        (AskDraft(act="dub", dataset="Ada's reading"), "ask.act"),
        (AskDraft(act="dub", person="P-03", replica="no such"), "replica.unknown"),
        (AskDraft(act="dub", person="P-03", facts={"use.as_scripted": "yes"}), "ask.not_derived"),
        (AskDraft(act="dub", person="P-03", facts={"use.rolle": "principal"}), "facts.unknown"),
        (AskDraft(act="dub", person="P-03", on="tomorrow"), "person.date"),
    ],
)
def test_a_question_about_nothing_says_what_is_missing(trailer: Telling, draft: AskDraft, code: str) -> None:
    with pytest.raises(EdgecodeError) as raised:
        ask(trailer.production, draft)

    assert raised.value.code == code


def test_somebody_of_whom_nothing_is_noted_is_unknown_and_not_allowed(trailer: Telling) -> None:
    nobody = add_person(trailer.production, identity={"name": "Somebody New"}, contact={})

    answer = ask(trailer.production, AskDraft(act="use_this_work", person=nobody, modalities=("face",)))

    assert (answer.answer, "person.status" in {one.fact for one in answer.missing}) == ("UNKNOWN", True)


def test_the_text_says_the_word_first_and_names_whoever_signs(trailer: Telling) -> None:
    text = ask_text(asked(trailer, media=("game",)), columns=100)

    assert text.splitlines()[0] == "NO: a rule refuses it"
    assert f"  person {trailer.aliases['ada']}: Sign a consent that names the act" in text
    assert max(map(len, text.splitlines())) <= 100


def in_europe(telling: Telling, **more: object) -> Ask:
    """A question that a dozen rules hold."""
    return asked(telling, media=("trailer", "game"), territories=("DE", "US-CA"), languages=("de",), **more)


def test_one_screen_of_a_terminal_holds_the_answer_the_reason_and_what_to_do(trailer: Telling) -> None:
    answer = in_europe(trailer)
    lines = ask_text(answer, columns=80).splitlines()

    first = next(one for one in answer.rules if one.held == "refused")
    reason = " ".join(line.strip() for line in lines)
    assert (len(lines) <= 24, max(map(len, lines)) <= 80) == (True, True)
    assert f"why: {first.description} ({first.number}, {first.pack}) do: {first.fix}" in reason


@pytest.mark.parametrize("more", [{}, {"media": ("trailer",)}], ids=["NO", "UNKNOWN"])
def test_one_screen_says_how_much_it_leaves_out(trailer: Telling, more: dict[str, object]) -> None:
    answer = asked(trailer, **{"media": ("game",), "territories": ("DE",), "languages": ("de",), **more})
    text = ask_text(answer)

    holding = [one for one in answer.rules if one.held != "open"]
    counted = {
        "NO": f"{len([one for one in holding if one.held == 'held'])} other rules hold it",
        "UNKNOWN": f"{len(holding) - 1} other rules hold it",
    }
    assert len(holding) > 2
    assert counted[answer.answer] in text
    assert f"not checked: {len(answer.not_checked)} packs of rules" in text


def test_everything_is_below_its_heading_where_somebody_asks_for_all(trailer: Telling) -> None:
    answer = in_europe(trailer)
    text = ask_text(answer, everything=True)

    left_out = [
        *(one.description for one in answer.rules if one.description not in text),
        *(one.how for one in answer.who if one.how not in text),
        *(one.fact for one in answer.missing if one.fact not in text),
        *(one.label for one in answer.nearest if one.label not in text),
        *(one for one in answer.not_checked if one not in text),
    ]
    headings = [line for line in text.splitlines() if line.isupper()]
    assert (left_out, headings[0], headings[-1]) == (
        [],
        "RULES THAT REFUSE OR HOLD IT",
        "PACKS THAT WERE NOT CHECKED",
    )


def test_a_yes_names_the_consent_and_the_packs_that_did_not_judge(trailer: Telling) -> None:
    lines = ask_text(asked(trailer, media=("trailer",))).splitlines()

    assert lines[0].startswith("YES: ")
    assert "why: C-01 covers it, and no rule holds it" in lines
    assert any(line.startswith("not checked: ") for line in lines)
