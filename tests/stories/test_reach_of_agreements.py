"""What agreements reach: filmed people, trainings, adverts, approvals of each use, licenses and terms of models, on real records."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from edgecode.answers.check.answer import Check
from edgecode.answers.check.text import check_text
from edgecode.events.rights_kinds import ModelTerms
from edgecode.production.checking.cuts import check
from edgecode.production.desk.described import ModelDraft, describe_model
from edgecode.production.desk.records import DeterminationDraft, PaperDraft, determine, keep_paper
from edgecode.production.desk.uses import UseDraft, declare_use
from edgecode.terms.rights import Scope
from stories import story_desk
from stories.story_run import Telling, read_story, told

HEAD = "schema: edgecode-story/1\ntitle: Reach\nbegins: 2026-09-01\n"
FILMED = (
    HEAD
    + """
files: {}
story:
  - profile: {}
  - part: people
  - {person: kim, name: Kim Child, notes: {kind: natural_person, status: living, gdpr_subject: no, minor_until: 2031-01-01}}
  - part: plate
  - {depicted: WHO, in: "camera/A001.#.exr"}
AGREED
  - on: 2026-11-02
    cut: {name: Film, clips: [{shows: "camera/A001.#.exr", at: [0, 48]}]}
"""
)
CONSENT = """
  - on: 2026-09-03
    consent: C-01
    of: ada
    says: {SAYS}
    granted: 2026-09-03
"""
LINE = (
    HEAD
    + """
files:
  sound/line.wav: {frames: 40}
story:
  - profile: {}
  - part: people
  - part: plate
"""
    + CONSENT
    + """
  - part: ada_reads
  - on: 2026-10-10
    step:
      kind: generate
      tool: {name: Echo Bench, version: "2.0"}
      inputs: [{path: models/ada_voice.safetensors, role: weights}]
      outputs: [sound/line.wav]
      grade: logged
  - on: 2026-11-02
    cut:
      name: Film
      clips:
        - {shows: "camera/A001.#.exr", at: [0, 48]}
        - {shows: sound/line.wav, at: [4, 44], track: A1}
"""
)
ARCHIVE = (
    HEAD
    + """
files:
  archive/newsreel.#.exr: {frames: 48, reel: N014}
story:
  - profile: {}
  - part: people
  - part: plate
  - {step: {kind: transfer, outputs: ["archive/newsreel.#.exr"], tool: {name: Oldreel, version: "3.1"}, grade: logged}}
  - {license: L-01, covers: ["archive/newsreel.#.exr"], says: {SAYS}, granted: 2026-09-03, on: 2026-09-03}
  - on: 2026-11-02
    cut:
      name: Film
      clips:
        - {shows: "camera/A001.#.exr", at: [0, 20]}
        - {shows: "archive/newsreel.#.exr", at: [20, 50], from: 1004}
"""
)


@contextmanager
def film(text: str, folder: Path) -> Iterator[Telling]:
    written = folder / "story.yaml"
    written.write_text(text, "utf-8")
    with told(read_story(written), folder) as telling:
        yield telling


def checked(telling: Telling) -> Check:
    return check(telling.production, "Film", gate="deliver").answer


def holding(answer: Check) -> list[tuple[str, str, str]]:
    return [(one.rule, one.verdict, one.held) for one in answer.findings if one.held != "open"]


def filmed(who: str = "ada", agreed: str = "") -> str:
    return FILMED.replace("WHO", who).replace("AGREED", agreed)


def agreed(says: str = "", *moves: str) -> str:
    return CONSENT.replace("SAYS", says) + "".join(f"  - {{{move}, of: C-01}}\n" for move in moves)


# ------------------------------------------------------------------------------------------ filmed people


def test_a_filmed_adult_without_any_agreement_on_record_is_counted_and_never_silent(tmp_path: Path) -> None:
    with film(filmed(), tmp_path) as telling:
        answer = checked(telling)

        assert (answer.word, len(answer.not_on_record)) == ("CLEARED", 1)
        assert "1 filmed performance rests on an agreement that is not on record: not checked" in check_text(
            answer, columns=None
        )


def test_a_filmed_person_whose_consent_stands_is_checked(tmp_path: Path) -> None:
    with film(filmed(agreed=agreed()), tmp_path) as telling:
        answer = checked(telling)

        assert (answer.word, answer.not_on_record) == ("CLEARED", ())


@pytest.mark.parametrize(
    ("says", "move", "found"),
    [
        ("", "move: revoked, from: 2026-10-20, on: 2026-10-20", ("DESK-50", "fail", "refused")),
        ("", "move: disputed, from: 2026-10-20, on: 2026-10-20", ("DESK-52", "fail", "held")),
        ("", "move: suspended, why: legal_hold, from: 2026-10-20, on: 2026-10-20", ("DESK-52", "fail", "held")),
        ("until: 2026-10-31", "move: notified, on: 2026-10-20", ("DESK-52", "fail", "held")),
        ("until: 2027-01-14", "move: notified, on: 2026-10-20", ("DESK-53", "fail", "held")),
        ("territories: DE", "move: notified, on: 2026-10-20", ("DESK-53", "fail", "held")),
    ],
    ids=["revoked", "disputed", "suspended", "expired", "short", "outside"],
)
def test_the_loss_of_a_consent_on_record_reaches_what_was_filmed(
    tmp_path: Path, says: str, move: str, found: tuple[str, str, str]
) -> None:
    moves = [] if move.startswith("move: notified") else [move]
    with film(filmed(agreed=agreed(says, *moves)), tmp_path) as telling:
        assert holding(checked(telling)) == [found]


def test_no_member_waives_that_a_filmed_persons_consent_was_taken_back(tmp_path: Path) -> None:
    text = filmed(agreed=agreed("", "move: revoked, from: 2026-10-20, on: 2026-10-20"))
    with film(text, tmp_path) as telling:
        (finding,) = [one for one in checked(telling).findings if one.rule == "DESK-50"]

        assert finding.waivable == ()


@pytest.mark.parametrize("says", ["acts: create train", "works: Another Film"])
def test_a_consent_for_something_else_is_none_to_what_was_filmed(tmp_path: Path, says: str) -> None:
    text = filmed(agreed=agreed(says, "move: revoked, from: 2026-10-20, on: 2026-10-20"))
    with film(text, tmp_path) as telling:
        answer = checked(telling)

        assert (answer.word, len(answer.not_on_record)) == ("CLEARED", 1)


def test_a_filmed_minor_waits_for_a_consent_or_a_guardian_on_record(tmp_path: Path) -> None:
    with film(filmed("kim"), tmp_path) as telling:
        assert holding(checked(telling)) == [("DESK-54", "fail", "held")]


# ------------------------------------------------------------------------------------------ what a scope reaches


def line(**says: str) -> str:
    return LINE.replace("SAYS", ", ".join(f'{name}: "{value}"' for name, value in says.items()))


def test_a_training_that_the_consent_does_not_allow_is_refused(tmp_path: Path) -> None:
    with film(line(training="none"), tmp_path) as telling:
        assert ("DESK-17", "fail", "refused") in holding(checked(telling))


def test_that_a_model_made_here_serves_this_production_alone_somebody_has_to_say(tmp_path: Path) -> None:
    with film(line(training="this_production_only"), tmp_path) as telling:
        said = checked(telling).word
        version = story_desk.version_of(telling, "models/ada_voice.safetensors")
        (telling.media / "letter").write_text("Who else gets it is open.")
        open_again = ModelDraft(version, person=telling.aliases["ada"], one_person=True, anew=True)
        open_again = replace(open_again, trained_on=(telling.records["Ada's reading"],), by=telling.aliases["lena"])
        describe_model(telling.production, replace(open_again, documents=story_desk.paper_of(telling, "letter")))

        assert said == "CLEARED"
        assert holding(checked(telling)) == [("DESK-17", "unknown", "held")]


def test_whether_this_is_the_named_model_somebody_has_to_say(tmp_path: Path) -> None:
    with film(line(training="named_model"), tmp_path) as telling:
        assert holding(checked(telling)) == [("DESK-17", "unknown", "held")]


def test_an_advert_outside_the_consent_is_refused(tmp_path: Path) -> None:
    text = line(acts="create use_this_work train promote", territories="JP", media="film")
    with film(text, tmp_path) as telling:
        version, names = story_desk.version_of(telling, "sound/line.wav"), telling.aliases
        scope = Scope(territories=("KR",), media=("advert",))
        declare_use(
            telling.production,
            UseDraft("advert", (version, names["ada"]), by=names["clara"], reason="a trailer", scope=scope),
        )

        assert ("DESK-17", "fail", "refused") in holding(checked(telling))


@pytest.mark.parametrize("maxima", ["seconds=2", "uses=1", "frames=40"])
def test_a_training_takes_nothing_of_what_is_counted_on_screen(tmp_path: Path, maxima: str) -> None:
    with film(line(maxima=maxima), tmp_path) as telling:
        assert checked(telling).word == "CLEARED"


def test_a_maximum_of_a_consent_to_train_alone_counts_trainings(tmp_path: Path) -> None:
    second = CONSENT.replace("C-01", "C-02").replace("SAYS", 'acts: train create, maxima: "uses=0"')
    text = line(acts="use_this_work create").replace("  - part: ada_reads", second + "  - part: ada_reads")
    with film(text, tmp_path) as telling:
        assert any(one.rule == "DESK-17" and "1 uses of 0" in one.description for one in checked(telling).findings)


# ------------------------------------------------------------------------------------------ approvals of each use


def test_a_consent_that_asks_for_an_approval_of_each_use_holds_until_it_is_there(tmp_path: Path) -> None:
    with film(line(approvals_per_use="yes"), tmp_path) as telling:
        record, names = telling.production, telling.aliases
        before = holding(checked(telling))
        said = PaperDraft("approval", "person_per_use", by=names["clara"], reason="her agent's mail")
        made = [story_desk.version_of(telling, path) for path in ("sound/line.wav", "models/ada_voice.safetensors")]
        for version in made:
            keep_paper(record, replace(said, about=(version, names["ada"])))
        typed = holding(checked(telling))
        (telling.media / "mail.txt").write_text("Yes to both, Ada.")
        for version in made:
            paper = story_desk.paper_of(telling, "mail.txt")
            keep_paper(record, replace(said, about=(version, names["ada"]), documents=paper))

        assert before == typed == [("DESK-18", "fail", "held"), ("DESK-18", "fail", "held")]
        assert checked(telling).word == "CLEARED"


def test_the_paper_of_the_consent_itself_approves_no_use(tmp_path: Path) -> None:
    filed = line(approvals_per_use="yes").replace("    of: ada\n", "    of: ada\n    paper: sound/line.wav\n", 1)
    with film(filed, tmp_path) as telling:
        said = PaperDraft("approval", "person_per_use", by=telling.aliases["clara"], reason="it says so")
        for path in ("sound/line.wav", "models/ada_voice.safetensors"):
            about = story_desk.version_of(telling, path), telling.aliases["ada"]
            paper = story_desk.paper_of(telling, "sound/line.wav")
            keep_paper(telling.production, replace(said, about=about, documents=paper))

        assert holding(checked(telling)) == [("DESK-18", "fail", "held"), ("DESK-18", "fail", "held")]


def test_a_no_needs_no_paper_and_ends_an_approval(tmp_path: Path) -> None:
    with film(line(approvals_per_use="yes"), tmp_path) as telling:
        (telling.media / "mail.txt").write_text("Yes to both, Ada.")
        said = PaperDraft("approval", "person_per_use", by=telling.aliases["clara"], reason="x")
        for path in ("sound/line.wav", "models/ada_voice.safetensors"):
            said = replace(said, about=(story_desk.version_of(telling, path), telling.aliases["ada"]))
            keep_paper(telling.production, replace(said, documents=story_desk.paper_of(telling, "mail.txt")))
        keep_paper(telling.production, replace(said, answer="no"))

        assert holding(checked(telling)) == [("DESK-18", "fail", "held")]


def test_an_approval_of_the_whole_production_approves_no_use(tmp_path: Path) -> None:
    with film(line(approvals_per_use="yes"), tmp_path) as telling:
        keep_paper(
            telling.production,
            PaperDraft("approval", "person_per_use", by=telling.aliases["clara"], reason="all of it"),
        )

        assert checked(telling).word == "HELD"


# ------------------------------------------------------------------------------------------ licenses


def archive(**says: str) -> str:
    return ARCHIVE.replace("SAYS", ", ".join(f'{name}: "{value}"' for name, value in says.items()))


def test_a_license_that_begins_after_the_release_is_refused(tmp_path: Path) -> None:
    with film(archive(since="2027-06-01", until="2028-12-31"), tmp_path) as telling:
        assert ("DESK-21", "fail", "refused") in holding(checked(telling))


@pytest.mark.parametrize(("answer", "found"), [("yes", "fail"), ("", "unknown"), ("no", "")])
def test_what_a_license_prohibits_is_decided_by_a_human(tmp_path: Path, answer: str, found: str) -> None:
    with film(archive(prohibited="nudity"), tmp_path) as telling:
        version = story_desk.version_of(telling, "archive/newsreel.#.exr")
        if answer:
            draft = DeterminationDraft("use.nude_or_sex", answer, telling.aliases["lena"], "looked", about=(version,))
            determine(telling.production, draft)

        outcomes: Mapping[str, str] = {rule: verdict for rule, verdict, _ in holding(checked(telling))}
        assert outcomes.get("DESK-21", "") == found


def test_a_disputed_license_waits_for_legal(tmp_path: Path) -> None:
    text = archive() + "  - {move: disputed, of: L-01, from: 2026-11-03, on: 2026-11-03}\n"
    with film(text, tmp_path) as telling:
        assert holding(checked(telling)) == [("DESK-24", "fail", "held")]


# ------------------------------------------------------------------------------------------ terms of models


@pytest.mark.parametrize(
    ("terms", "word"),
    [
        (ModelTerms(allowed_works=("Another Film",)), "REFUSED"),
        (ModelTerms(fields=("game",)), "REFUSED"),
        (ModelTerms(allowed_works=("*",), fields=("film",)), "CLEARED"),
    ],
)
def test_a_model_is_used_for_the_works_and_fields_that_its_terms_name(
    tmp_path: Path, terms: ModelTerms, word: str
) -> None:
    with film(line(training="general"), tmp_path) as telling:
        version = story_desk.version_of(telling, "models/ada_voice.safetensors")
        describe_model(telling.production, ModelDraft(version=version, terms=terms))

        assert checked(telling).word == word


@pytest.mark.parametrize(
    ("by", "paper", "word"),
    [("", "", "REFUSED"), ("lena", "", "REFUSED"), ("", "letter", "REFUSED"), ("lena", "letter", "CLEARED")],
)
def test_a_limit_of_a_model_is_lifted_by_a_member_with_a_paper_and_not_by_typing(
    tmp_path: Path, by: str, paper: str, word: str
) -> None:
    with film(line(training="general"), tmp_path) as telling:
        version = story_desk.version_of(telling, "models/ada_voice.safetensors")
        describe_model(telling.production, ModelDraft(version, terms=ModelTerms(allowed_works=("Another Film",))))
        (telling.media / "letter").write_text("For every film.")
        wider = ModelDraft(version, terms=ModelTerms(allowed_works=("*",)), by=telling.aliases[by] if by else "")
        describe_model(telling.production, replace(wider, documents=story_desk.paper_of(telling, paper or None)))

        assert checked(telling).word == word


def test_terms_that_no_rule_reads_are_named_with_the_check(tmp_path: Path) -> None:
    with film(line(credit="her name before the title"), tmp_path) as telling:
        text = check_text(checked(telling), columns=None)

        assert "on record and read by no rule, not checked: credit of 1 agreement" in text
        assert "before the title" not in text
