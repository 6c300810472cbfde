"""Take sheets: dry first, all or nothing, no take twice, people by alias or by the label that a capture gives them."""

import json
from pathlib import Path

import pytest

from capture_writers import bvh, c3d, recorders_wave
from desk.desk_at_work import Desk
from edgecode.events.door_kinds import TakeNoted
from edgecode.index.catalogue import version_rows
from edgecode.index.directed import takes
from edgecode.index.persons import depictions_of, person_called
from edgecode.production import Production

LABEL = "Zelda_Q"
HEADINGS = "File;Scene;Slate;Take;Circled;Person;Subject;Comments\n"


@pytest.fixture
def stage(tmp_path: Path) -> Desk:
    """A production with two performers, their captures and a line of one of them, scanned."""
    media = tmp_path / "media"
    (media / "day1").mkdir(parents=True)
    (media / "day1" / "t01.c3d").write_bytes(c3d([f"{LABEL}:LFHD"], subjects=[LABEL]))
    (media / "day1" / "t02.c3d").write_bytes(c3d([f"{LABEL}:LFHD", "Bo:LFHD"], subjects=[LABEL, "Bo"], seed=2))
    (media / "day1" / "solo.bvh").write_bytes(bvh())
    (media / "line.wav").write_bytes(recorders_wave(samples=480))
    Production.create(tmp_path / "show", title="The stage").close()
    desk = Desk(tmp_path / "show")
    for name in ("Zelda Quux", "Bo Berg"):
        desk.did("person", "add", "--name", name)
    desk.did("scan", str(media))
    return desk


def listed(desk: Desk, *more: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(desk.did("take", "list", "--json", *more))["takes"]
    return found


def test_a_dry_run_says_each_line_and_records_nothing(stage: Desk) -> None:
    sheet = stage.file("takes.csv", HEADINGS + f"t01.c3d;12;12A;3;x;P-01;{LABEL};slow walk\n")
    before = stage.size()
    done = stage.run("take", "import", sheet)

    assert (done.status, done.out) == (0, "line 2: new: capture take, 1 file, of P-01, circled\n")
    assert done.err.splitlines()[-1] == "dry run: nothing is recorded; add --yes to record it"
    assert stage.size() == before


def test_a_sheet_is_noted_once_and_what_is_new_in_it_later_beside(stage: Desk) -> None:
    line = f"t01.c3d;12;12A;3;;P-01;{LABEL};slow walk\n"
    stage.did("take", "import", stage.file("takes.csv", HEADINGS + line), "--yes")
    size = stage.size()
    again = stage.run("take", "import", stage.file("takes.csv", HEADINGS + line), "--yes")
    same = stage.size()
    more = stage.run("take", "import", stage.file("takes.csv", HEADINGS + line.replace(";;P-01", ";yes;P-01")), "--yes")

    assert again.out == "line 2: here already: capture take, 1 file, of P-01\n"
    assert same == size
    assert more.out == "line 2: known, something new: capture take, 1 file, of P-01, circled\n"
    assert [(one["circled"], one["people"]) for one in listed(stage)] == [("yes", ["P-01"])]


def test_with_one_wrong_line_no_take_is_noted_and_each_problem_says_where_and_not_what(stage: Desk) -> None:
    sheet = HEADINGS + (
        f"t01.c3d;12;12A;1;x;P-01;{LABEL};\n"
        "nowhere.c3d;12;12A;2;x;P-01;;\n"
        "t01.c3d;12;12A;3;perhaps;P-01;;\n"
        "t01.c3d;12;12A;4;;Wilhelmina;;\n"
        "t01.c3d;12;12A;5;;;Wilhelmina;\n"
        ";;;;;P-01;;\n"
        "t01.c3d;12;12A;6;;P-01;A|B;\n"
    )
    before = stage.size()
    done = stage.run("take", "import", stage.file("takes.csv", sheet), "--yes")
    places = [line.partition(":")[0] for line in done.err.splitlines() if line.startswith("line")]

    assert (done.status, done.out) == (20, "")
    assert places == [
        "line 3, column file",
        "line 4, column circled",
        "line 5, column person",
        "line 6, column subject",
        "line 7, column file",
        "line 8, column subject",
    ]
    assert ("Wilhelmina" in done.err, stage.size()) == (False, before)


def test_a_label_that_was_linked_once_names_its_person_in_every_later_file(stage: Desk) -> None:
    stage.did("person", "note", "P-01", f"{'subject'}={LABEL}", "--class", "identity")
    stage.did("take", "import", stage.file("t.csv", "file,take\nt01.c3d,1\n"), "--yes")
    both = stage.run("take", "import", stage.file("u.csv", "file,take\nt02.c3d,2\n"), "--yes")

    assert [one["people"] for one in listed(stage)] == [["P-01"], ["P-01"]]
    assert both.out == "line 2: new: capture take, 1 file, of P-01, 1 in it linked to nobody\n"


def test_a_capture_of_one_person_is_their_own_and_explained_and_one_of_two_is_of_both(stage: Desk) -> None:
    sheet = f"file,take,person,subject\nt01.c3d,1,P-01,{LABEL}\nt02.c3d,2,P-01;P-02,\nline.wav,3,Bo Berg,\n"
    stage.did("take", "import", stage.file("t.csv", sheet), "--yes")
    with Production.open(stage.folder) as production:
        people = [person_called(production.index, alias) for alias in ("P-01", "P-02")]
        seen = [{(one.how, one.biometric) for one in depictions_of(production.index, one.id)} for one in people]
        taken = {one for take in takes(production.index).values() for one in take.versions}
        steps = [
            row.step is not None for row in version_rows(production.index, range(1, 10)).values() if row.key in taken
        ]

    assert seen == [{("performed", True), ("performed", False)}, {("performed", False), ("heard", False)}]
    assert steps == [True, True, True]


def test_an_ale_from_set_says_which_clips_are_circled(stage: Desk) -> None:
    ale = (
        "Heading\nFIELD_DELIM\tTABS\nFPS\t24\n\nColumn\nName\tScene\tTake\tCircle\tSoundroll\tComments\n\n"
        "Data\nline\t12\t3\tYes\tSD01\tZelda laughs\n"
    )
    stage.did("take", "import", stage.file("day1.ale", ale), "--yes")
    (row,) = listed(stage, "--reveal")

    assert (row["of"], row["circled"], row["names"]) == (
        "sound",
        "yes",
        {"scene": "12", "take": "3", "sound_roll": "SD01"},
    )
    assert "names" not in listed(stage)[0]


def test_two_cameras_of_one_slate_are_one_take(stage: Desk) -> None:
    stage.did("take", "import", stage.file("t.csv", "file,scene,take\nt01.c3d,1,1\nsolo.bvh,1,1\n"), "--yes")
    (row,) = listed(stage)

    assert len(row["versions"]) == 2  # type: ignore[arg-type]


def test_a_session_says_whose_take_it_is_and_belongs_to_nobody_else(stage: Desk) -> None:
    session = stage.did("person", "session", "P-01", "--kind", "mocap")
    stage.did("take", "import", stage.file("t.csv", f"file,take,session\nt01.c3d,1,{session}\n"), "--yes")
    refused = stage.run("take", "import", stage.file("u.csv", f"file,take,session,person\nt02.c3d,2,{session},P-02\n"))
    (row,) = listed(stage)

    assert (row["people"], row["sessions"]) == (["P-01"], [session])
    assert refused.err.startswith("line 2, column session")


def test_a_take_that_was_taken_back_is_listed_no_more(stage: Desk) -> None:
    stage.did("take", "import", stage.file("t.csv", "file,take\nt01.c3d,1\n"), "--yes")
    (row,) = listed(stage)
    stage.did("desk", "withdraw", str(row["take"]), "--reason", "another slate")

    assert listed(stage) == []


def test_no_slate_label_or_note_stands_in_a_leaf_or_lies_plain(stage: Desk) -> None:
    secrets = (LABEL, "Slate_Secret", "Note_Secret", "Zelda Quux")
    sheet = HEADINGS + f"t01.c3d;Slate_Secret;Slate_Secret;3;x;P-01;{LABEL};Note_Secret\n"
    stage.did("take", "import", stage.file("takes.csv", sheet), "--yes")
    with Production.open(stage.folder) as production:
        entries = list(production.ledger.entries(0, production.log.size))
        kinds = {one.event.TYPE for one in production.recorded() if not hasattr(one.event, "type")}
    plain = b"".join(one.leaf + b"".join(s.data for s in one.sections if not s.key_id) for one in entries)

    assert TakeNoted.TYPE in kinds
    assert [word for word in secrets if word.encode() in plain] == []
    shown = stage.did("take", "list") + stage.did("take", "list", "--json") + stage.did("person", "show", "P-01")
    assert [word for word in secrets if word in shown] == []


def test_a_label_that_one_line_gives_a_person_names_them_on_every_line_of_the_sheet(
    stage: Desk, tmp_path: Path
) -> None:
    sheet = tmp_path / "takes.csv"
    sheet.write_text(f"file,take,person,subject\nt02.c3d,2,,{LABEL}\nt01.c3d,1,P-01,{LABEL}\n")
    stage.did("take", "import", str(sheet), "--yes")

    assert [take["people"] for take in listed(stage)] == [["P-01"], ["P-01"]]


def test_a_file_that_the_record_explains_otherwise_is_said_by_its_line_and_stays_as_it_was(stage: Desk) -> None:
    step = {
        "schema": "edgecode.step/1",
        "kind": "generate",
        "outputs": [{"path": str(stage.folder.parent / "media" / "line.wav")}],
    }
    stage.did("record", stage.file("made.ndjson", json.dumps(step) + "\n"))
    sheet = stage.file("t.csv", "file,kind,take\nline.wav,voice,1\nday1/t02.c3d,capture,2\n")
    done = [stage.run("take", "import", sheet, *more).out.splitlines() for more in ((), ("--yes",), ())]

    assert [["on record as made otherwise" in line for line in lines] for lines in done] == [[True, False]] * 3
    assert done[0][0].startswith("line 2: ")
