"""Where a person, an agreement, a model or a dataset is behind frames: held against a look at every frame."""

from pathlib import Path

import pytest

from edgecode.answers.agreements.resting import COLUMNS, Moment, Resting, of_agreement, of_person, of_versions
from edgecode.answers.chain import Chains
from edgecode.answers.matchback.answer import matchback
from edgecode.checks.register import Register
from edgecode.index.persons import person_called
from edgecode.production.agreements.resting import where_rests
from edgecode.production.persons.noting import today
from questions.story_at_rest import production_of
from stories.story_run import Telling

Frames = dict[str, set[int]]


def by_cut(found: list[Resting]) -> Frames:
    frames: Frames = {}
    for one in found:
        frames.setdefault(one.view.name, set()).update(range(one.span.first, one.span.end))
    return frames


def asked(telling: Telling, alias: str) -> list[Resting]:
    production = telling.production
    person = person_called(production.index, alias)
    moment = Moment(today(production), production.world.milliseconds())
    return of_person(production.views(), Chains(production.index), Register.read(production.index), person.id, moment)


def named_by_matchback(telling: Telling, alias: str) -> Frames:
    """Every frame of every cut, one look each."""
    found: Frames = {}
    for view in telling.production.views():
        for frame in range(view.clock.frames):
            answer = matchback(telling.production.index, view, str(frame))
            if any(person.alias == alias for one in answer.on_screen for person in one.people):
                found.setdefault(view.name, set()).add(frame)
    return found


@pytest.mark.parametrize(("number", "who"), [("04", "ada"), ("04", "ben")])
def test_somebody_is_used_in_exactly_the_frames_at_which_matchback_names_them(
    number: str, who: str, tmp_path: Path
) -> None:
    with production_of(number, tmp_path) as telling:
        alias = telling.aliases[who]
        used, named = by_cut(asked(telling, alias)), named_by_matchback(telling, alias)

    assert (used, bool(named)) == (named, True)


@pytest.mark.parametrize(
    ("number", "who"), [("01", "ada"), ("02", "ada"), ("07", "otto"), ("08", "nell"), ("11", "ada")]
)
def test_where_records_know_more_than_notes_nobody_is_lost(number: str, who: str, tmp_path: Path) -> None:
    """Replicas and models are of somebody by their records, which matchback does not read."""
    with production_of(number, tmp_path) as telling:
        alias = telling.aliases[who]
        used, named = by_cut(asked(telling, alias)), named_by_matchback(telling, alias)

    assert (all(frames <= used[cut] for cut, frames in named.items()), sum(map(len, used.values())) > 0) == (True, True)


def test_the_rows_of_a_person_sum_to_the_frames_of_the_foot(tmp_path: Path) -> None:
    with production_of("02", tmp_path) as telling:
        sheet = where_rests(telling.production, "person", telling.aliases["ada"])

    cells = [dict(zip(COLUMNS, row, strict=True)) for row in sheet.rows]
    seen = [(one["How"], one["Record in"], one["Record out"], one["Frames"], one["Relies on"]) for one in cells]
    assert (seen, sheet.foot) == (
        [
            ("replica_use, heard", "01:00:00:04", "01:00:01:20", "40", "C-02"),
            ("train, trained on", "01:00:00:04", "01:00:01:20", "40", "C-01 (revoked)"),
        ],
        (
            "Film: 0 frames of picture, 40 frames of sound, each counted once",
            "1 model made from it: ada_voice.safetensors",
        ),
    )


def test_nobody_of_whom_nothing_is_in_a_cut_is_answered_with_nothing_said_as_nothing(tmp_path: Path) -> None:
    with production_of("02", tmp_path) as telling:
        sheet = where_rests(telling.production, "person", telling.aliases["clara"])

    assert (sheet.rows, sheet.foot) == (
        (),
        ("0 frames in the cuts of this production", "0 models on record are made from it"),
    )


def test_a_model_and_what_it_was_trained_on_reach_the_frames_that_it_made_and_no_others(tmp_path: Path) -> None:
    """24 frames from record 10 were made with the LoRA; the plate before them was not."""
    with production_of("06", tmp_path) as telling:
        production = telling.production
        frames = []
        for what, called in (("model", "portfolio_style.safetensors"), ("dataset", "Portfolio of an artist")):
            sheet = where_rests(production, what, called)  # type: ignore[arg-type]
            frames.append([(row[5], row[6], row[7]) for row in sheet.rows])
        models = [where_rests(production, "dataset", "Portfolio of an artist").foot[-1]]

    place = ("01:00:00:10", "01:00:01:10", "24")
    assert (frames, models) == ([[place], [place]], ["1 model made from it: portfolio_style.safetensors"])


def test_one_frame_of_a_source_reaches_one_frame_of_the_cut(tmp_path: Path) -> None:
    """The clip shows source frames 1024 to 1047 of a relit plate, so that frame 1024 of the plate is the cut's first."""
    from edgecode.answers.uses.derived import reached_spans

    with production_of("04", tmp_path) as telling:
        store = telling.production.index
        plate = telling.production.look_up([str(telling.media / "camera/B001.%04d.exr")])
        (view,) = telling.production.views()
        found = [
            reached_spans(view, Chains(store), Register.read(store), plate.values(), frames=(frame, frame + 1))
            for frame in (1023, 1024, 1047, 1048)
        ]

    places = [[(span.first, span.end) for _, spans in one for span in spans] for one in found]
    assert places == [[], [(0, 1)], [(23, 24)], []]


def test_what_rests_on_an_agreement_is_what_that_one_comes_nearest_for(tmp_path: Path) -> None:
    with production_of("02", tmp_path) as telling:
        production = telling.production
        register, views = Register.read(production.index), production.views()
        moment = Moment(today(production), production.world.milliseconds())
        found = {
            label: [one.how for one in of_agreement(views, Chains(production.index), register, agreement, moment)]
            for label, agreement in ((one.label, one.id) for one in register.agreements.values())
        }

    assert found == {"C-01": ["train, trained on"], "C-02": ["replica_use, heard"]}


def test_a_license_reaches_the_frames_of_what_it_covers(tmp_path: Path) -> None:
    with production_of("09", tmp_path) as telling:
        sheet = where_rests(telling.production, "license", "L-01")

    assert [(row[5], row[6], row[7], row[9], row[11]) for row in sheet.rows] == [
        ("01:00:00:20", "01:00:02:02", "30", "licensed_material", "L-01")
    ]


def test_what_may_be_on_screen_is_used_until_somebody_settles_it(tmp_path: Path) -> None:
    """Two scans fit the roll, and one of them shows Ada; then somebody says that it is the other."""
    used = []
    for until in (-2, None):
        with production_of("10", tmp_path / str(until), until=until) as telling:
            found = asked(telling, telling.aliases["ada"])
            used.append([(one.span.first, one.span.end, one.span.visibility.value) for one in found])

    assert used == [[(0, 24, "possible")], []]


def test_a_still_behind_what_no_cut_shows_is_used_nowhere(tmp_path: Path) -> None:
    with production_of("10", tmp_path) as telling:
        production = telling.production
        still = production.look_up([str(telling.media / "stills/ada.png")])
        found = of_versions(
            production.views(), Chains(production.index), Register.read(production.index), list(still.values())
        )

    assert found == []
