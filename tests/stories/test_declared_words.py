"""What somebody declares of a use fills a gap: it never makes it another kind, narrows it, counts less of it or makes anybody older."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from edgecode.answers.check.answer import Check
from edgecode.answers.check.text import check_text
from edgecode.errors import RefusedError, UsageError
from edgecode.index.persons import person_called
from edgecode.production.checking.cuts import check
from edgecode.production.desk.profiling import describe_production
from edgecode.production.desk.records import DeterminationDraft, determine
from edgecode.production.desk.uses import UseDraft, declare_use
from edgecode.production.persons.noting import append_judged
from edgecode.production.persons.parties import fields_noted, set_fields
from edgecode.terms.rights import Scope
from stories import story_desk
from stories.story_run import Telling, read_story, told

FILM = """
schema: edgecode-story/1
title: Declared words
begins: 2026-09-01
files:
  sound/line.wav: {frames: 40}
story:
  - profile: {}
  - part: people
  - part: plate
  - on: 2026-09-03
    consent: C-01
    of: ada
    says: {SAYS}
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
BY_CLARA = {"by": "clara", "reason": "as the sales agent wrote"}


@contextmanager
def film(folder: Path, says: str = "", *, story: str = FILM) -> Iterator[Telling]:
    path = folder / "story.yaml"
    path.write_text(story.replace("SAYS", says))
    with told(read_story(path), folder) as telling:
        telling.clock.day = "2026-11-21"
        yield telling


def asked(telling: Telling) -> Check:
    return check(telling.production, "Film", gate="deliver").answer


def declare(telling: Telling, kind: str = "replica_use", *, by: str = "", what: str = "", **more: Any) -> None:
    about = story_desk.version_of(telling, what or "sound/line.wav"), telling.aliases["ada"]
    whose = telling.aliases[by] if by else ""
    declare_use(telling.production, UseDraft(kind, about, by=whose, **more))


# ------------------------------------------------------------------------------------------ N1: another kind


def test_a_use_that_somebody_calls_a_dub_is_judged_as_what_lineage_shows_too(tmp_path: Path) -> None:
    with film(tmp_path) as telling:
        story_desk.tell(telling, {"move": "revoked", "of": "C-01"})
        again = {"acts": "dub train", "signed_on": "2026-11-21", "since": "2026-11-21"}
        story_desk.tell(telling, {"consent": "C-02", "of": "ada", "says": again, "granted": "2026-11-21"})
        before = asked(telling).word
        declare(telling, "dub", scope=Scope(languages=("en",)))
        answer = asked(telling)

    assert (before, answer.word) == ("REFUSED", "REFUSED")
    assert "replica_use" in {one.kind for one in answer.findings if one.held == "refused"}


def test_a_dub_does_not_pass_by_the_showing_that_was_revoked(tmp_path: Path) -> None:
    with film(tmp_path, "acts: create use_this_work train dub alter") as telling:
        story_desk.tell(telling, {"move": "revoked", "of": "C-01", "acts": ["use_this_work"]})
        declare(telling, "dub", scope=Scope(languages=("en",)))

        assert asked(telling).word == "REFUSED"


def test_a_dub_that_a_deciding_member_names_is_a_dub_alone(tmp_path: Path) -> None:
    with film(tmp_path, "acts: create train dub") as telling:
        words = [asked(telling).word]
        declare(telling, "dub", scope=Scope(languages=("en",)))
        words.append(asked(telling).word)
        declare(telling, "dub", scope=Scope(languages=("en",)), **BY_CLARA)
        words.append(asked(telling).word)

    assert words == ["REFUSED", "REFUSED", "CLEARED"]


# ------------------------------------------------------------------------------------------ N2: less than it needs

NARROWER = {
    "territories": ("territories: JP", Scope(territories=("JP",)), {"production.territories": "JP KR"}),
    "media": ("media: advert", Scope(media=("advert",)), {}),
    "tools": ("tools: Other Tool", Scope(tools=("Other Tool",)), {}),
    "works": ("works: Other Film", Scope(works=("Other Film",)), {}),
    "until": ('until: "2027-01-10"', Scope(since="2026-12-01", until="2026-12-02"), {}),
    "modalities": ("modalities: face", Scope(modalities=("face",)), {}),
}


@pytest.mark.parametrize("name", NARROWER)
def test_what_is_declared_makes_a_use_need_no_less(name: str, tmp_path: Path) -> None:
    says, scope, profile = NARROWER[name]
    story = FILM.replace("profile: {}", f"profile: {profile}")
    with film(tmp_path, says, story=story) as telling:
        before = asked(telling).word
        declare(telling, scope=scope)

        assert before != "CLEARED"
        assert asked(telling).word == before


def test_what_is_declared_makes_a_use_need_more(tmp_path: Path) -> None:
    story = FILM.replace("profile: {}", "profile: {production.territories: JP}")
    with film(tmp_path, "territories: JP", story=story) as telling:
        before = asked(telling).word
        declare(telling, scope=Scope(territories=("KR",)))

        assert (before, asked(telling).word) == ("CLEARED", "REFUSED")


def test_a_deciding_member_says_that_it_needs_less_and_every_check_prints_it(tmp_path: Path) -> None:
    story = FILM.replace("profile: {}", "profile: {production.territories: JP KR}")
    with film(tmp_path, "territories: JP", story=story) as telling:
        with pytest.raises(UsageError, match="has a reason"):
            declare(telling, scope=Scope(territories=("JP",)), by="clara")
        declare(telling, scope=Scope(territories=("JP",)), **BY_CLARA)
        answer = asked(telling)
        clara = telling.aliases["clara"]

    (one,) = answer.narrowed
    assert (answer.word, one.kind, one.names, one.by) == ("CLEARED", "replica_use", ("territories",), clara)
    printed = " ".join(check_text(answer, columns=None).split())
    assert f"declared to need only what is said of it: territories, by {clara} (clearance) on 2026-11-21" in printed


def test_a_stated_quantity_is_no_less_than_what_is_counted(tmp_path: Path) -> None:
    with film(tmp_path, 'maxima: "seconds=1"') as telling:
        before = asked(telling).word
        declare(telling, quantities={"seconds": 1})
        declare(telling, quantities={"seconds": 1}, **BY_CLARA)

        assert (before, asked(telling).word) == ("REFUSED", "REFUSED")


def test_a_stated_day_of_use_is_no_other_day_than_that_of_the_release(tmp_path: Path) -> None:
    with film(tmp_path, 'until: "2027-01-10"') as telling:
        before = asked(telling).word
        declare(telling, facts={"use.date": "2026-12-01"})

        assert before != "CLEARED"
        assert asked(telling).word == before


# ------------------------------------------------------------------------------------------ N4, N5: somebody's age


def nude(telling: Telling) -> None:
    about = tuple(story_desk.version_of(telling, one) for one in ("sound/line.wav", "models/ada_voice.safetensors"))
    determine(
        telling.production, DeterminationDraft("use.nude_or_sex", "yes", telling.aliases["lena"], "x", about=about)
    )


def ages(telling: Telling, until: str, **more: str) -> None:
    set_fields(telling.production, telling.aliases["ada"], {"minor_until": until}, **more)


@contextmanager
def of_nobody_knows_what_age(folder: Path) -> Iterator[Telling]:
    """She was of age when the production began, and her voice was recorded years before."""
    path = folder / "story.yaml"
    path.write_text(FILM.replace("SAYS", ""))
    story = read_story(path)
    for entry in story["story"]:
        if entry.get("person") == "ada":
            entry["notes"]["minor_until"] = "adult"
        if "session" in entry:
            entry["times"] = {"started": "2015-09-01T10:00:00+00:00"}
    with told(story, folder) as telling:
        telling.clock.day = "2026-11-21"
        nude(telling)
        yield telling


def both(telling: Telling, **more: Any) -> None:
    declare(telling, facts={"person.minor": "no"}, **more)
    declare(telling, "train", what="models/ada_voice.safetensors", facts={"person.minor": "no"}, **more)


def test_that_somebody_is_of_age_is_a_deciding_members_word(tmp_path: Path) -> None:
    with of_nobody_knows_what_age(tmp_path) as telling:
        words = [asked(telling).word]
        both(telling)
        words.append(asked(telling).word)
        both(telling, **BY_CLARA)
        answer = asked(telling)

    assert [*words, answer.word] == ["HELD", "HELD", "CLEARED"]
    assert {one.names for one in answer.narrowed} == {("person.minor",)}


def test_nobodys_word_makes_somebody_older_than_the_record_has_them(tmp_path: Path) -> None:
    with film(tmp_path) as telling:
        ages(telling, "2027-04-30")
        nude(telling)
        both(telling, **BY_CLARA)

        assert asked(telling).word == "REFUSED"


@pytest.mark.parametrize("until", ["adult", "", "2026-08-31"])
def test_a_minor_is_none_by_the_word_of_clearance_or_legal_alone(until: str, tmp_path: Path) -> None:
    with film(tmp_path) as telling:
        ages(telling, "2027-04-30")
        nude(telling)
        words = [asked(telling).word]
        with pytest.raises(RefusedError, match="for longer"):
            ages(telling, until)
        # A note that came in by another door, as of a sheet or of another release, makes nobody older either.
        person = person_called(telling.production.index, telling.aliases["ada"])
        note = fields_noted(telling.production.world.new_id(), person, {"minor_until": until})
        append_judged(telling.production, lambda: [note])
        words.append(asked(telling).word)
        ages(telling, until, by=telling.aliases["lena"])
        words.append(asked(telling).word)

    assert words[:2] == ["REFUSED", "REFUSED"]
    assert words[2] != "REFUSED"


@pytest.mark.parametrize("day", ["2010-01-01", "2015-01-01"])
def test_who_moves_the_start_of_photography_makes_nobody_of_age(day: str, tmp_path: Path) -> None:
    with of_nobody_knows_what_age(tmp_path) as telling:
        before = asked(telling).word
        describe_production(
            telling.production, {"production.pp_start": day}, by=telling.aliases["clara"], reason="as scheduled"
        )

        assert (before, asked(telling).word) == ("HELD", "HELD")
