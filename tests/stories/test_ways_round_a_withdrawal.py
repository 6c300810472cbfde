"""Somebody took their consent back: what people may say, waive, withdraw or leave out afterwards never clears the cut that they are in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from edgecode.answers.check.answer import Check
from edgecode.answers.matchback.answer import matchback_frame
from edgecode.errors import EdgecodeError, RefusedError, UsageError
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import ReplicaFact, ReplicaRecorded
from edgecode.index.persons import person_called
from edgecode.production.checking.answering import answer_finding
from edgecode.production.checking.cuts import check
from edgecode.production.desk.uses import UseDraft, declare_use, name_maker, withdraw_record
from edgecode.production.persons.noting import depict
from edgecode.terms.steps import StepKind
from stories import story_desk
from stories.story_run import Telling, read_story, told

BEGIN = """
schema: edgecode-story/1
title: Ways round
begins: 2026-09-01
files:
  render/r.#.exr: {frames: 48}
  gen/g.#.exr: {frames: 48}
  comp/c.#.exr: {frames: 48}
  out/o.#.exr: {frames: 48}
story:
  - profile: {}
  - part: people
  - {person: paul, name: Paul Producer, roles: [producer]}
  - part: plate
  - on: 2026-09-03
    consent: C-01
    of: ada
    says: {revocation: withdraw_unreleased, revocation_models: keep, revocation_clause: "8.2 x"}
    granted: 2026-09-03
"""
COMP = """
  - on: 2026-10-10
    step: {kind: generate, tool: {name: Echo Bench, version: "2.0"}, outputs: ["gen/g.#.exr"], grade: logged}
  - step:
      kind: comp
      tool: {name: Nuke, version: "15.0"}
      inputs: [{path: "camera/A001.#.exr", role: picture}, {path: "gen/g.#.exr", role: picture}]
      outputs: ["comp/c.#.exr"]
      grade: logged
      ai: none
  - {depicted: ada, in: "comp/c.#.exr", how: depicted}
"""
BOX = """
  - {depicted: ada, in: "camera/A001.#.exr", how: depicted}
  - on: 2026-10-10
    step:
      kind: command
      tool: {name: Mystery Box, version: "v1"}
      inputs: [{path: "camera/A001.#.exr", role: picture}]
      outputs: ["out/o.#.exr"]
      grade: logged
"""
LOST = """
  - {move: revoked, of: C-01, from: 2026-11-20, on: 2026-11-20}
"""


def cut(shows: str, *, frames: int = 48) -> str:
    return f"""
  - on: 2026-11-02
    cut: {{name: Film, clips: [{{shows: "{shows}", at: [0, {frames}]}}]}}
"""


@contextmanager
def after(words: str, folder: Path) -> Iterator[Telling]:
    """The production on the day after what *words* tell."""
    path = folder / "story.yaml"
    path.write_text(BEGIN + words)
    with told(read_story(path), folder) as telling:
        telling.clock.day = "2026-11-21"
        yield telling


def asked(telling: Telling) -> Check:
    return check(telling.production, "Film", gate="deliver").answer


def holding(telling: Telling) -> list[str]:
    return sorted({one.number for one in asked(telling).findings if one.held != "open"})


def waive(telling: Telling, number: str, who: str) -> None:
    by = telling.aliases[who]
    answer_finding(telling.production, number, "waived", by=by, reason="x", until="2026-12-10")


def refused(telling: Telling, number: str, who: str) -> str:
    with pytest.raises(RefusedError) as error:
        waive(telling, number, who)
    return str(error.value)


def test_a_gap_waived_before_somebody_was_noted_in_it_is_open_again_and_never_waived_once_they_withdrew(
    tmp_path: Path,
) -> None:
    with after(cut("render/r.#.exr") + LOST, tmp_path) as telling:
        waive(telling, "R118", "paul")
        before = asked(telling).word
        story_desk.tell(telling, {"depicted": "ada", "in": "render/r.#.exr", "how": "depicted"})
        (gap,) = (one for one in asked(telling).findings if one.number == "R118")
        why = refused(telling, "R118", "lena")

    assert (before, gap.answer.state, gap.held, gap.waivable) == ("CLEARED", "reopened", "held", ())
    assert "somebody is noted in this picture whose consent is missing or withdrawn" in why


def test_a_gap_with_somebody_in_it_whose_consent_stands_may_be_waived(tmp_path: Path) -> None:
    with after('  - {depicted: ada, in: "render/r.#.exr", how: depicted}' + cut("render/r.#.exr"), tmp_path) as telling:
        waive(telling, "R118", "paul")

        assert "R118" not in holding(telling)


def test_a_frame_that_is_unaccounted_hides_no_doubt_about_the_others(tmp_path: Path) -> None:
    with after(COMP + cut("comp/c.#.exr", frames=49) + LOST, tmp_path) as telling:
        found = {one.number: one for one in asked(telling).findings if one.number in ("R113", "R201")}
        places = {number: [(span.in_, span.out) for span in one.spans] for number, one in found.items()}

    assert places == {"R113": [(48, 49)], "R201": [(0, 48)]}


@pytest.mark.parametrize(
    ("words", "number"), [(COMP + cut("comp/c.#.exr"), "R201"), (BOX + cut("out/o.#.exr"), "R104")]
)
def test_doubts_about_somebody_who_withdrew_are_waived_by_nobody(words: str, number: str, tmp_path: Path) -> None:
    with after(words + LOST, tmp_path) as telling:
        assert number in holding(telling)
        assert "somebody is noted in this picture whose consent is missing or withdrawn" in refused(
            telling, number, "lena"
        )


def test_who_made_an_input_or_is_in_the_picture_waives_no_doubt_about_it(tmp_path: Path) -> None:
    with after(BOX + cut("out/o.#.exr"), tmp_path) as telling:
        name_maker(telling.production, telling.aliases["paul"], [story_desk.version_of(telling, "camera/A001.#.exr")])
        of_the_maker = refused(telling, "R104", "paul")
        story_desk.tell(telling, {"depicted": "lena", "in": "camera/A001.#.exr", "how": "depicted"})
        story_desk.tell(
            telling, {"consent": "C-09", "of": "lena", "says": {}, "granted": "2026-09-03", "on": "2026-09-03"}
        )
        of_the_depicted = refused(telling, "R104", "lena")

    assert "they made what it is about" in of_the_maker
    assert "it is about their own likeness" in of_the_depicted


def test_that_somebody_was_filmed_is_a_deciding_members_word_with_a_reason(tmp_path: Path) -> None:
    with after(COMP + cut("comp/c.#.exr"), tmp_path) as telling:
        about = (telling.aliases["ada"], story_desk.version_of(telling, "comp/c.#.exr"))
        draft = UseDraft("performance", about)
        codes = []
        for by, reason in (("", "x"), ("ada", "x"), ("lena", ""), ("lena", "looked at the plate")):
            alias = telling.aliases.get(by, "")
            try:
                declare_use(telling.production, replace(draft, by=alias, reason=reason))
                codes.append("R201" if "R201" in holding(telling) else "settled")
            except EdgecodeError as error:
                codes.append(error.code)

    assert codes == ["desk.by", "member.unknown", "desk.reason", "settled"]


REPLICA = """
  - on: 2026-10-10
    step:
      kind: generate
      tool: {name: Echo Bench, version: "2.0"}
      inputs: [{path: "camera/A001.#.exr", role: reference}]
      outputs: ["gen/g.#.exr"]
      grade: logged
"""


def test_a_version_whose_step_was_taken_back_is_left_to_legal(tmp_path: Path) -> None:
    with after(REPLICA + cut("gen/g.#.exr") + LOST, tmp_path) as telling:
        production = telling.production
        (account,) = matchback_frame(production.index, production.view("Film"), 0).on_screen
        production.withdraw_step(next(one.step for one in account.lineage if one.kind == "generate"))
        chosen, rule = production.select(production.view("Film"), question=1)
        production.answer(production.view("Film"), chosen, rule, kind=StepKind.CAMERA)

        assert holding(telling) == ["R203"]
        assert "its rule names legal" in refused(telling, "R203", "paul")
        waive(telling, "R203", "lena")
        assert asked(telling).word == "CLEARED"


INNOCENT = {
    "filmed": {"kind": "camera", "tool": {"name": "ARRI"}},
    "of another plate": {"kind": "comp", "inputs": [{"path": "render/r.#.exr", "role": "picture"}], "ai": "none"},
    "made without a model": {
        "kind": "comp",
        "inputs": [{"path": "camera/A001.#.exr", "role": "picture"}],
        "ai": "none",
    },
}


@pytest.mark.parametrize("innocent", list(INNOCENT))
@pytest.mark.parametrize("is_behind", [False, True])
def test_a_step_that_is_taken_back_and_recorded_again_as_an_innocent_one_is_left_to_legal(
    innocent: str, is_behind: bool, tmp_path: Path
) -> None:
    plate = """
  - {depicted: ada, in: "camera/A001.#.exr", how: depicted}
  - {step: {kind: paint, outputs: ["render/r.#.exr"], ai: none, grade: logged}}
"""
    over = """
  - step: {kind: comp, inputs: [{path: "gen/g.#.exr", role: picture}], outputs: ["out/o.#.exr"], ai: none, grade: logged}
"""
    words = plate + REPLICA + (over + cut("out/o.#.exr") if is_behind else cut("gen/g.#.exr")) + LOST
    with after(words, tmp_path) as telling:
        production = telling.production
        (account,) = matchback_frame(production.index, production.view("Film"), 0).on_screen
        production.withdraw_step(next(one.step for one in account.lineage if one.kind == "generate"))
        story_desk.tell(
            telling, {"step": {"outputs": ["gen/g.#.exr"], "grade": "logged", "inputs": [], **INNOCENT[innocent]}}
        )

        assert "R203" in holding(telling)
        assert all("nobody waives" in refused(telling, "R203", by) for by in ("paul", "lena"))
        story_desk.tell(
            telling,
            {
                "approval": "legal_release_after_revocation",
                "about": [over_or_replica(is_behind)],
                "by": "lena",
                "clause": "C-01",
                "reason": "as 8.2 has it",
            },
        )
        assert "R203" not in holding(telling)


def over_or_replica(is_behind: bool) -> str:
    return "out/o.#.exr" if is_behind else "gen/g.#.exr"


def test_a_plate_that_was_named_in_error_leaves_no_question_while_the_consent_stands(tmp_path: Path) -> None:
    words = """
  - {depicted: ada, in: "camera/A001.#.exr", how: depicted}
  - {step: {kind: camera, outputs: ["render/r.#.exr"], grade: logged}}
  - {step: {kind: comp, inputs: [{path: "camera/A001.#.exr", role: picture}], outputs: ["out/o.#.exr"], ai: none, grade: logged}}
"""
    right = {"kind": "comp", "inputs": [{"path": "render/r.#.exr", "role": "picture"}], "ai": "none"}
    with after(words + cut("out/o.#.exr"), tmp_path) as telling:
        production = telling.production
        (account,) = matchback_frame(production.index, production.view("Film"), 0).on_screen
        production.withdraw_step(next(one.step for one in account.lineage if one.kind == "comp"))
        story_desk.tell(telling, {"step": {"outputs": ["out/o.#.exr"], "grade": "logged", **right}})

        assert "R203" not in holding(telling)


def test_a_replica_of_somebody_who_withdrew_is_taken_back_by_legal_and_leaves_a_question(tmp_path: Path) -> None:
    with after(REPLICA + cut("gen/g.#.exr") + LOST, tmp_path) as telling:
        production, codes = telling.production, []
        version = story_desk.version_of(telling, "gen/g.#.exr")
        ref = person_called(production.index, telling.aliases["ada"])
        identity = production.world.new_id()
        fact = ReplicaFact(identity, "employment_based", "visual", versions=(version,))
        production.append([ReplicaRecorded(fact, PersonSection(ref.ref, ref.alias))])
        for by in ("", "paul", "lena"):
            try:
                withdraw_record(production, identity, reason="noted in error", by=telling.aliases.get(by, ""))
                codes.append("taken back")
            except EdgecodeError as error:
                codes.append(error.code)

        assert codes == ["desk.by", "desk.needs_legal", "taken back"]
        assert "R204" in holding(telling)


def test_a_maker_does_not_take_back_that_they_made_it(tmp_path: Path) -> None:
    with after(cut("render/r.#.exr"), tmp_path) as telling:
        production, codes = telling.production, []
        made = name_maker(production, telling.aliases["paul"], [story_desk.version_of(telling, "render/r.#.exr")])
        for by in ("", "paul", "lena"):
            try:
                withdraw_record(production, made, reason="noted in error", by=telling.aliases.get(by, ""))
                codes.append("taken back")
            except EdgecodeError as error:
                codes.append(error.code)

    assert codes == ["desk.by", "desk.own_matter", "taken back"]


@pytest.mark.parametrize("document", ["no-such-document", "Film"])
def test_only_documents_of_the_desk_clear_a_finding(document: str, tmp_path: Path) -> None:
    with after(cut("render/r.#.exr"), tmp_path) as telling:
        documents = (telling.records.get(document, document),)
        with pytest.raises(RefusedError, match="no document of the desk"):
            answer_finding(
                telling.production, "R118", "cleared", by=telling.aliases["paul"], reason="x", documents=documents
            )


@pytest.mark.parametrize(("first", "end"), [(0, 48), (1000, 1049), (5000, 5010)])
def test_nobody_is_noted_in_frames_that_a_file_has_not(first: int, end: int, tmp_path: Path) -> None:
    with after("", tmp_path) as telling, pytest.raises(UsageError, match="it has frames 1001 to 1048") as error:
        depict(
            telling.production, telling.aliases["ada"], story_desk.version_of(telling, "render/r.#.exr"),
            how="depicted", first=first, end=end,
        )  # fmt: skip

    assert isinstance(error.value, EdgecodeError) and error.value.code == "person.frames"
