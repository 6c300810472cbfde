"""Who is in a clip is not typed away: neither by saying that the clip shows something else, nor by saying so twice or taking it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edgecode.answers.check import Check
from edgecode.events.kinds import ConformDecision
from edgecode.production.answering import answer_finding
from edgecode.production.checking import check
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
