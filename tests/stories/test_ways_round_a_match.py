"""Who is in a clip is not typed away: neither by saying that the clip shows something else, nor by saying so twice or taking it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edgecode.answers.check.answer import Check
from edgecode.events.kinds import ConformDecision
from edgecode.production.checking.answering import answer_finding
from edgecode.production.checking.cuts import check
from edgecode.production.joining import lay_tables
from edgecode.terms.timebase import Rate
from stories import story_desk
from stories.story_run import Telling, read_story, told

STORY = """
schema: edgecode-story/1
title: Ways round a match
begins: 2026-09-01
files:
  sound/line.wav: {frames: 40}
  sound/street.wav: {frames: 96}
  sound/other.wav: {frames: 96}
story:
  - profile: {}
  - part: people
  - part: plate
  - {step: {kind: sound-recording, outputs: [sound/street.wav, sound/other.wav], grade: logged}}
  - on: 2026-09-03
    consent: C-01
    of: ada
    says: {}
    granted: 2026-09-03
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
LOST = "  - {move: revoked, of: C-01, from: 2026-11-20, on: 2026-11-20}\n"


@contextmanager
def film(words: str, folder: Path) -> Iterator[Telling]:
    path = folder / "story.yaml"
    path.write_text(words)
    with told(read_story(path), folder) as telling:
        yield telling


def says(telling: Telling, shows: str) -> None:
    """Somebody says what the line of the cut shows; "" takes back what was said."""
    record = telling.production
    row = record.cut("Film")
    view = record.view(row)
    version = story_desk.version_of(telling, shows) if shows else ""
    record.settle_conform(row, [ConformDecision(view.keys[1], version)])


def checked(telling: Telling) -> Check:
    return check(telling.production, "Film", gate="deliver").answer


@pytest.mark.parametrize("said", [("sound/street.wav",), ("sound/street.wav", "sound/other.wav")])
def test_a_clip_that_is_said_to_show_something_else_keeps_the_question_of_who_was_in_it(
    tmp_path: Path, said: tuple[str, ...]
) -> None:
    with film(STORY + LOST, tmp_path) as telling:
        before = checked(telling).word
        for shows in said:
            says(telling, shows)
        found = checked(telling)

        assert before == "REFUSED"
        (one,) = [finding for finding in found.findings if finding.number == "R203"]
        assert found.word != "CLEARED"
        assert one.waivable == ()
        assert "by the cut itself or by what was said before" in one.description


def test_what_was_said_before_is_no_way_round_either(tmp_path: Path) -> None:
    unknown = STORY.replace(
        "{shows: sound/line.wav, at: [4, 44], track: A1}", "{shows: sound/street.wav, at: [4, 44], track: A1}"
    )
    with film(unknown + LOST, tmp_path) as telling:
        at_first = checked(telling).word
        says(telling, "sound/line.wav")
        then = checked(telling).word
        says(telling, "")

        assert (at_first, then) == ("CLEARED", "REFUSED")
        assert checked(telling).word != "CLEARED"


def test_where_the_consent_stands_legal_clears_the_question(tmp_path: Path) -> None:
    with film(STORY, tmp_path) as telling:
        says(telling, "sound/street.wav")
        before = checked(telling)
        (telling.media / "mail.txt").write_text("The turnover named the wrong file.")
        paper, lena = story_desk.paper_of(telling, "mail.txt"), telling.aliases["lena"]
        answer_finding(telling.production, "R203", "cleared", by=lena, reason="a wrong name", documents=paper)

        assert [one.number for one in before.findings if one.held != "open"] == ["R203"]
        assert checked(telling).word == "CLEARED"


def test_a_clip_that_showed_nobody_is_settled_without_a_question(tmp_path: Path) -> None:
    street = STORY.replace("{shows: sound/line.wav,", "{shows: sound/street.wav,")
    with film(street, tmp_path) as telling:
        says(telling, "sound/other.wav")

        assert checked(telling).word == "CLEARED"


EDL = "TITLE: F\n001  TAPE1 A C 00:00:00:00 00:00:01:16 00:00:00:00 00:00:01:16\n* FROM CLIP NAME: {}\n"


def handed_over(telling: Telling, clip: str) -> None:
    """A list of sound with one clip of this name, in place of the one before."""
    path = telling.media.parent / "f.edl"
    path.write_text(EDL.format(clip))
    telling.production.add_cut([path], name="Film", rate=Rate(24))


def laid_beside(telling: Telling, *leads_to: str) -> None:
    """Tables beside the cut that lead from the clip to these files, in place of the tables before."""
    sheets = []
    for number, file in enumerate(leads_to):
        sheets.append(telling.media.parent / f"t{number}.csv")
        sheets[-1].write_text(f"Name,Source File\n{'Prox1' if file else 'other'},{file or 'z.wav'}\n")
    lay_tables(telling.production, telling.production.cut("Film"), sheets)


def picks(telling: Telling, file: str) -> None:
    record = telling.production
    row = record.cut("Film")
    decision = ConformDecision(record.view(row).keys[0], story_desk.version_of(telling, file))
    record.settle_conform(row, [decision])


def numbers(found: Check) -> set[str]:
    return {one.number for one in found.findings if one.held != "open"}


@pytest.mark.parametrize("then", ["another table", "a table that says nothing, and a word", "the list again"])
def test_a_table_in_place_of_another_keeps_the_question_of_who_was_there(tmp_path: Path, then: str) -> None:
    with film(STORY + LOST, tmp_path) as telling:
        handed_over(telling, "Prox1")
        laid_beside(telling, "line.wav")
        before = checked(telling).word
        if then == "the list again":
            handed_over(telling, "Prox1")
        if then == "a table that says nothing, and a word":
            laid_beside(telling, "")
            picks(telling, "sound/street.wav")
        else:
            laid_beside(telling, "street.wav")

        assert before == "REFUSED"
        assert numbers(checked(telling)) == {"R203"}


@pytest.mark.parametrize(("consent", "asked"), [(LOST, {"R203"}), ("", set())])
def test_of_several_that_are_left_open_one_is_picked_and_only_a_loss_keeps_the_question(
    tmp_path: Path, consent: str, asked: set[str]
) -> None:
    with film(STORY + consent, tmp_path) as telling:
        handed_over(telling, "Prox1")
        laid_beside(telling, "line.wav", "street.wav")
        before = numbers(checked(telling))
        picks(telling, "sound/street.wav")

        assert "R111" in before
        assert numbers(checked(telling)) == asked
