"""Human acts on record for what a model made: circled, noted, approved, kept 1 of N, painted over; never by whom, when or how much."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import otio_parts
from capture_writers import c3d
from cli_png import picture
from desk.desk_at_work import Desk
from edgecode.answers.contracts import CONTRACTS
from edgecode.events.door_kinds import ReviewNoted
from edgecode.production import Production

PROMPT, NOTE, AUTHOR, STATUS = (
    "Prompt_Secret of a lighthouse",
    "Note_Secret more fog",
    "Author_Secret@house.example",
    "Status_Secret",
)
HEADINGS = "Version Name,Status,Note,Author,Date,Id\n"


def step(media: Path, kind: str, inputs: list[str], output: str, **more: object) -> dict[str, object]:
    files = [{"path": one, "role": "picture" if one.endswith("png") else "reference"} for one in inputs]
    line = {"schema": "edgecode.step/1", "kind": kind, "folder": str(media), "inputs": files}
    return line | {"outputs": [{"path": output}], **more}


@pytest.fixture
def show(tmp_path: Path) -> Desk:
    """Four generations of one prompt from a circled capture; the third was kept, painted over, and is in the cut beside a drawing."""
    media = tmp_path / "media"
    media.mkdir()
    (media / "t01.c3d").write_bytes(c3d(["LFHD"]))
    for place, name in enumerate(("gen1", "gen2", "gen3", "gen4", "sh010", "drawn")):
        (media / f"{name}.png").write_bytes(picture(place + 1))
    Production.create(tmp_path / "show", title="The lighthouse").close()
    desk = Desk(tmp_path / "show")
    desk.did("scan", str(media))
    texts = [{"name": "positive", "text": PROMPT}]
    steps = [
        step(
            media,
            "generate",
            ["t01.c3d"],
            f"gen{i}.png",
            seeds=[str(i)],
            texts=texts,
            models=[{"name": "film.safetensors"}],
        )
        for i in range(1, 5)
    ]
    steps += [step(media, "paint", ["gen3.png"], "sh010.png"), step(media, "draw", [], "drawn.png")]
    clips = [
        otio_parts.clip(name, 0, 12, media_references={"DEFAULT_MEDIA": reference(media / f"{name}.png")})
        for name in ("sh010", "drawn")
    ]
    with Production.open(desk.folder) as production:
        assert production.record_lines([json.dumps(one).encode() for one in steps]).steps == len(steps)
    desk.did(
        "cut", "add", desk.file("reel1.otio", otio_parts.timeline(otio_parts.track(*clips)).decode()), "--name", "reel1"
    )
    return desk


def reference(path: Path) -> dict[str, object]:
    return {"OTIO_SCHEMA": "ExternalReference.1", "target_url": path.as_uri()}


def direction(desk: Desk, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(desk.did("direction", "reel1", "--json", *more))
    return found


def acts(desk: Desk) -> list[tuple[str, str]]:
    (one,) = direction(desk)["ranges"]
    return [(act["act"], act["grade"]) for act in one["acts"]]


def test_paint_over_a_generation_and_one_of_four_kept_are_on_record_without_any_sheet(show: Desk) -> None:
    answer = direction(show)
    (one,) = answer["ranges"]

    assert (answer["frames"], answer["generated"], answer["directed"], answer["unknown"]) == (24, 12, 12, 0)
    assert (one["first"], one["end"], one["clip"]) == (0, 12, "sh010")
    assert [(act["act"], act.get("kept", 0), act.get("made", 0)) for act in one["acts"]] == [
        ("painted", 0, 0),
        ("chosen", 1, 4),
    ]


def test_a_circled_take_a_note_and_an_approval_join_them(show: Desk) -> None:
    show.did("take", "import", show.file("t.csv", f"file,take,circled,note\nt01.c3d,1,yes,{NOTE}\n"), "--yes")
    sheet = HEADINGS + f"sh010.png,Approved,,{AUTHOR},2026-11-02,1\ngen3.png,{STATUS},{NOTE},{AUTHOR},2026-11-01,2\n"
    show.did("review", "import", show.file("r.csv", sheet), "--yes")

    assert acts(show) == [
        ("approved", "declared"),
        ("painted", "declared"),
        ("noted", "declared"),
        ("chosen", "declared"),
        ("circled", "declared"),
        ("noted", "declared"),
    ]


@pytest.mark.parametrize(
    "more", [{"ai": "generative"}, {"ai": "unknown"}, {"models": [{"name": "Firefly"}]}, {"ai": "assistive"}]
)
def test_a_paint_step_that_a_model_did_or_may_have_done_is_no_work_by_hand(show: Desk, more: dict[str, object]) -> None:
    media = show.folder.parent / "media"
    (media / "fill.png").write_bytes(picture(98))
    show.did("scan", str(media))
    with Production.open(show.folder) as production:
        production.record_lines([json.dumps(step(media, "paint", ["gen3.png"], "fill.png", **more)).encode()])
    shot = otio_parts.clip("fill", 0, 5, media_references={"DEFAULT_MEDIA": reference(media / "fill.png")})
    show.did("cut", "add", show.file("f.otio", otio_parts.timeline(otio_parts.track(shot)).decode()), "--name", "f")
    (one,) = json.loads(show.did("direction", "f", "--json"))["ranges"]

    assert [act["act"] for act in one["acts"]] == ["chosen"]


def test_what_was_generated_and_touched_by_nobody_says_that_nothing_is_on_record(show: Desk) -> None:
    media = show.folder.parent / "media"
    (media / "alone.png").write_bytes(picture(99))
    show.did("scan", str(media))
    with Production.open(show.folder) as production:
        production.record_lines([json.dumps(step(media, "generate", [], "alone.png")).encode()])
    shot = otio_parts.clip("alone", 0, 5, media_references={"DEFAULT_MEDIA": reference(media / "alone.png")})
    show.did("cut", "add", show.file("b.otio", otio_parts.timeline(otio_parts.track(shot)).decode()), "--name", "b")
    answer = json.loads(show.did("direction", "b", "--json"))

    assert (answer["generated"], answer["directed"], answer["ranges"][0]["acts"]) == (5, 0, [])
    assert show.did("direction", "b").splitlines()[-1] == "    no human act on record"


def test_a_rejection_is_listed_and_counts_as_no_direction(show: Desk) -> None:
    media = show.folder.parent / "media"
    shot = otio_parts.clip("gen1", 0, 5, media_references={"DEFAULT_MEDIA": reference(media / "gen1.png")})
    show.did("cut", "add", show.file("c.otio", otio_parts.timeline(otio_parts.track(shot)).decode()), "--name", "c")
    with Production.open(show.folder) as production:
        (generation,) = [one for one in production.recorded() if getattr(one.event, "TYPE", "") == "step.performed/1"][
            :1
        ]
        production.withdraw_step(generation.event.fact.step)  # type: ignore[union-attr]
        production.record_lines([json.dumps(step(media, "generate", [], "gen1.png", id="again")).encode()])
    show.did("review", "import", show.file("r.csv", HEADINGS + "gen1.png,retake,,,,7\n"), "--yes")
    answer = json.loads(show.did("direction", "c", "--json"))

    assert ([act["act"] for act in answer["ranges"][0]["acts"]], answer["directed"]) == (["rejected"], 0)


def test_what_was_said_of_the_cut_itself_stands_apart(show: Desk) -> None:
    show.did("review", "import", show.file("r.csv", "cut,status,id\nreel1,final,9\n"), "--yes")

    assert [act["act"] for act in direction(show)["about_cut"]] == ["approved"]


def test_the_same_export_twice_is_noted_once_and_an_unknown_status_alone_says_nothing(show: Desk) -> None:
    sheet = show.file("r.csv", HEADINGS + f"sh010.png,Approved,,,,1\ngen3.png,{STATUS},,,,2\n")
    first = show.run("review", "import", sheet, "--yes")
    size = show.size()
    again = show.run("review", "import", sheet, "--yes")
    meant = show.run("review", "import", sheet, "--status", f"{STATUS}=kept")

    assert first.out == "1 approved\n"
    assert "1 without a note, their status says nothing that is known (lines 3)" in first.err
    assert (again.err.splitlines()[0], show.size()) == ("0 new, 1 here already", size)
    assert meant.out == "1 kept\n"


def test_with_one_wrong_line_no_review_is_noted_and_each_problem_says_where_and_not_what(show: Desk) -> None:
    sheet = (
        HEADINGS + f"{AUTHOR},Approved,,,,1\nsh010.png,,,,,2\nsh010.png,Approved,,,someday,3\nsh010.png,Approved,,,,4\n"
    )
    before = show.size()
    done = show.run("review", "import", show.file("r.csv", sheet), "--yes")
    places = [line.partition(":")[0] for line in done.err.splitlines() if line.startswith("line")]

    assert (done.status, places, show.size()) == (
        20,
        ["line 2, column version", "line 3, column status", "line 4, column date"],
        before,
    )
    assert AUTHOR not in done.err


def test_a_member_is_an_opaque_id_and_whoever_is_none_is_kept_nowhere(show: Desk) -> None:
    show.did("person", "add", "--name", "Somebody")
    show.did("person", "role", "P-01", "--role", "clearance")
    sheet = HEADINGS + f"sh010.png,Approved,,P-01,,1\nsh010.png,Approved,,{AUTHOR},,2\n"
    show.did("review", "import", show.file("r.csv", sheet), "--yes")
    with Production.open(show.folder) as production:
        by = [bool(one.event.fact.by) for one in production.recorded() if isinstance(one.event, ReviewNoted)]
    held = b"".join(one.read_bytes() for one in show.folder.rglob("*") if one.is_file())

    assert (by, AUTHOR.encode() in held) == ([True, False], False)


# --------------------------------------------------------------------------------------------------------- nobody is watched

OF_PEOPLE = re.compile(
    r"author|artist|member|actor|person|people|who|user|alias|created|started|ended|date|_at\b|^at$|^by$|time|hours|rank|score|average",
    re.IGNORECASE,
)


def fields_of(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from fields_of(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from fields_of(part)


def test_the_answer_has_no_field_for_who_acted_or_when() -> None:
    schema = msgspec.json.schema(CONTRACTS["direction/1"])

    assert {name for name in fields_of(schema) if OF_PEOPLE.search(name)} == set()


def test_the_answer_is_the_same_whoever_reviewed_and_whenever(show: Desk, tmp_path: Path) -> None:
    show.did("person", "add", "--name", "Somebody")
    show.did("person", "role", "P-01", "--role", "clearance")
    show.did("review", "import", show.file("r.csv", HEADINGS + "sh010.png,Approved,,P-01,2026-11-02,1\n"), "--yes")
    told = show.did("direction", "reel1") + show.did("direction", "reel1", "--json", "--reveal")
    with Production.open(show.folder) as production:
        (by,) = [one.event.fact.by for one in production.recorded() if isinstance(one.event, ReviewNoted)]

    assert [word for word in (by, "P-01", "Somebody", "2026-11") if word in told] == []


SQL = sorted((Path(__file__).parents[2] / "src" / "edgecode" / "drivers" / "sql").glob("*.sql"))


def test_no_query_ranks_times_or_counts_what_a_person_does() -> None:
    queries = [query for path in SQL for query in path.read_text("utf-8").split("-- name:")]
    watching = [
        query.split("\n")[0].strip()
        for query in queries
        if re.search(r"(group|order)\s+by[^;]*\b(actor|member|author|reviewer|by_id)\b", query, re.IGNORECASE)
    ]

    assert (len(queries) > 100, watching) == (True, [])


def test_who_reviewed_is_asked_for_by_nothing_but_the_event_itself() -> None:
    package = Path(__file__).parents[2] / "src" / "edgecode"
    rooms = [path for room in ("answers", "index", "checks", "server") for path in (package / room).rglob("*.py")]
    reading = [
        path.name for path in rooms if "ReviewNoted" in path.read_text("utf-8") and ".by" in path.read_text("utf-8")
    ]

    assert reading == []


# --------------------------------------------------------------------------------------------------------- words


def test_words_of_notes_come_only_where_they_are_revealed(show: Desk) -> None:
    show.did("review", "import", show.file("r.csv", HEADINGS + f"sh010.png,Approved,{NOTE},,,1\n"), "--yes")
    silent = show.did("direction", "reel1") + show.did("direction", "reel1", "--json")

    assert (NOTE in silent, NOTE in show.did("direction", "reel1", "--reveal")) == (False, True)


def test_no_note_status_or_author_stands_in_a_leaf_or_lies_plain(show: Desk) -> None:
    show.did(
        "review", "import", show.file("r.csv", HEADINGS + f"sh010.png,{STATUS},{NOTE},{AUTHOR},,Id_Secret\n"), "--yes"
    )
    with Production.open(show.folder) as production:
        entries = list(production.ledger.entries(0, production.log.size))
    plain = b"".join(one.leaf + b"".join(s.data for s in one.sections if not s.key_id) for one in entries)
    secrets = (NOTE, STATUS, AUTHOR, "Id_Secret", PROMPT)

    assert [word for word in secrets if word.encode() in plain] == []
    shown = show.did("direction", "reel1") + show.did("direction", "reel1", "--json") + show.did("desk", "list")
    assert [word for word in secrets if word in shown] == []
