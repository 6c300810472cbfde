"""What is unclear in a return never means that all asked frames are answered: it is refused, or its row stays open and that is said."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgecode.errors import InputError
from edgecode.ingest.turnover_form import SCHEMA
from edgecode.ledger.zips import read_zip
from edgecode.production import Production
from edgecode.production.turnovers.rounds import Choice, Sent, listed, send, take_return
from running import run_command
from turnovers.houses import FRAMES, asking, said, shot

CLIPS = (("shot1.mov", 2, 12), ("shot2.mov", 0, 24))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Production]:
    with asking(tmp_path, CLIPS) as production:
        yield production


def sheet(sent: Sent, cells: dict[str, str], *, behind: str = "") -> bytes:
    """The shipped spreadsheet with cells put in: by place the XML of the cell; *behind*: XML after its rows."""
    pytest.importorskip("xlsxwriter")
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(read_zip(sent.data).members["return-form.xlsx"])) as read,
        zipfile.ZipFile(out, "w") as written,
    ):
        for name in read.namelist():
            text = read.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                for place, xml in cells.items():
                    text, count = re.subn(rf'<c r="{place}"[^>]*?(/>|>.*?</c>)', lambda _, xml=xml: xml, text)
                    assert count == 1
                text = text.replace("</sheetData>", f"</sheetData>{behind}")
            written.writestr(name, text)
    return out.getvalue()


def words(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


PEOPLE = {"E8": words("E8", "people"), "F8": words("F8", "none")}


def form(sent: Sent, *rows: dict[str, object], **more: object) -> bytes:
    return json.dumps({"schema": SCHEMA, "turnover": sent.turnover, "rows": rows, **more}).encode()


def test_cells_and_fields_that_nobody_touched_mean_all_asked_as_the_form_says(house: Production) -> None:
    sent = send(house, "reel", Choice(clips=(1, 2)))
    take_return(house, sheet(sent, PEOPLE), name="back.xlsx")
    take_return(house, form(sent, {"row": 2, "made": ["people"]}), name="back.json")

    assert said(house, shot(house, 1))[2:12] == ["H"] * 10
    assert said(house, shot(house, 2)) == ["H"] * FRAMES


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="D8" t="str"><f>"1-"&amp;2</f><v>1-2</v></c>',
        '<c r="D8"><f>A1</f></c>',
        '<c r="D8" t="s"><v>9999</v></c>',
        '<c r="D8" t="s"><v></v></c>',
        '<c r="D8" t="e"><v>#REF!</v></c>',
        '<c r="D8" t="b"><v>1</v></c>',
        '<c r="D8" t="inlineStr"><is><t> </t></is></c>',
    ],
)
def test_frames_in_a_cell_that_is_there_and_cannot_be_read_leave_the_row_open(house: Production, cell: str) -> None:
    sent = send(house, "reel", Choice(clips=(1,)))
    came = take_return(house, sheet(sent, {"D8": cell, **PEOPLE}), name="back.xlsx")

    assert [(one.code, one.effect) for one in came.intake.diagnostics] == [("turnover.row_unclear", "row-missing")]
    assert (came.answered, listed(house)[0].open, said(house, shot(house, 1))) == (0, 10, ["no-step"] * FRAMES)


@pytest.mark.parametrize("place", ["A8", "B8", "C8", "E8", "F8", "J8"])
def test_a_formula_anywhere_in_a_row_leaves_the_row_open(house: Production, place: str) -> None:
    sent = send(house, "reel", Choice(clips=(1,)))
    formula = f'<c r="{place}" t="str"><f>"generative"</f><v>generative</v></c>'
    came = take_return(house, sheet(sent, PEOPLE | {place: formula}), name="back.xlsx")

    assert (came.answered, [one.code for one in came.intake.diagnostics]) == (0, ["turnover.row_unclear"])


@pytest.mark.parametrize(
    ("cells", "behind"),
    [
        ({"D7": words("D7", "Frames"), "D8": words("D8", "2-3")}, ""),
        ({"D7": '<c r="D7"/>', "D8": words("D8", "2-3")}, ""),
        ({"D7": '<c r="D7" t="s"><v>9999</v></c>', "D8": words("D8", "2-3")}, ""),
        ({"M7": words("M7", "Frames answered"), "D8": words("D8", "2-3")}, ""),
        ({"A7": words("A7", "Number")}, ""),
        ({}, '<mergeCells><mergeCell ref="D8:D9"/></mergeCells>'),
    ],
)
def test_headings_that_differ_and_merged_cells_are_refused(
    house: Production, cells: dict[str, str], behind: str
) -> None:
    sent = send(house, "reel", Choice(clips=(1,)))

    with pytest.raises(InputError) as caught:
        take_return(house, sheet(sent, PEOPLE | cells, behind=behind), name="back.xlsx")
    assert (caught.value.code, said(house, shot(house, 1))) == ("turnover.form_unreadable", ["no-step"] * FRAMES)


def test_a_heading_with_other_spaces_and_letters_is_the_same_heading(house: Production) -> None:
    sent = send(house, "reel", Choice(clips=(1,)))
    cells = {"D7": words("D7", " frames  Answered"), "D8": words("D8", "2-3")}

    assert take_return(house, sheet(sent, PEOPLE | cells), name="back.xlsx").answered == 2


def test_what_stands_beside_the_columns_of_the_form_leaves_its_row_open(house: Production) -> None:
    sent = send(house, "reel", Choice(clips=(1,)))
    cells = {"M8": '<c r="M8"/>' + words("N8", "only 2-3")}
    came = take_return(house, sheet(sent, PEOPLE | cells), name="back.xlsx")

    assert (came.answered, [one.code for one in came.intake.diagnostics]) == (0, ["turnover.row_unclear"])


def test_a_signature_that_cannot_be_read_is_said(house: Production) -> None:
    sent = send(house, "reel", Choice(clips=(1,)))
    cells = {"A5": words("A5", "Date") + '<c r="B5"><f>TODAY()</f><v>46000</v></c>'}
    came = take_return(house, sheet(sent, PEOPLE | cells), name="back.xlsx")

    assert came.answered == 10
    assert [(one.code, one.effect) for one in came.intake.diagnostics] == [("turnover.row_unclear", "approximate")]


@pytest.mark.parametrize(
    ("row", "more"),
    [
        ({"frame": "2-3"}, {}),
        ({"frames": None}, {}),
        ({"frames": 2}, {}),
        ({}, {"Rows": []}),
        ({}, {"signatory": {"nom": "A"}}),
    ],
)
def test_fields_that_the_form_does_not_have_are_refused_and_not_printed(
    house: Production, row: dict[str, object], more: dict[str, object]
) -> None:
    sent = send(house, "reel", Choice(clips=(1,)))

    with pytest.raises(InputError) as caught:
        take_return(house, form(sent, {"row": 1, "made": ["people"], **row}, **more), name="back.json")
    assert caught.value.code == "turnover.form_unreadable"
    assert not any(word in caught.value.sentence for word in ("`frame`", "Rows", "nom"))


def test_frames_of_blanks_leave_the_row_open(house: Production) -> None:
    sent = send(house, "reel", Choice(clips=(1,)))
    came = take_return(house, form(sent, {"row": 1, "made": ["people"], "frames": " \n "}), name="back.json")

    assert (came.answered, [one.code for one in came.intake.diagnostics]) == (0, ["turnover.row_unclear"])


@pytest.mark.parametrize("twice", ['"rows": [], ', '"signatory": {"name": "A", "name": "B"}, '])
def test_a_field_that_stands_twice_is_refused(house: Production, twice: str) -> None:
    sent = send(house, "reel", Choice(clips=(1,)))
    data = form(sent, {"row": 1, "made": ["people"]}).replace(b'"rows"', f'{twice}"rows"'.encode())

    with pytest.raises(InputError, match="stands twice"):
        take_return(house, data, name="back.json")


def test_a_return_answers_for_frames_and_is_not_said_to_account_for_them(tmp_path: Path) -> None:
    with asking(tmp_path, (*CLIPS[:1], ("nowhere.mov", 0, 5))) as house:
        sent, folder = send(house, "reel", Choice(clips=(2,))), house.folder
    back = tmp_path / "back.json"
    back.write_bytes(form(sent, {"row": 1, "made": ["people"]}))
    done = run_command("turnover", "return", str(back), cwd=folder)

    assert (done.status, " answers for 5 of the frames asked" in done.out, "accounts for" in done.out) == (
        0,
        True,
        False,
    )
