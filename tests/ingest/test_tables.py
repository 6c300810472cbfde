"""Tables that join names: Avid log exchange, Avid bins, camera reports."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InputError
from edgecode.ingest.doors import Row, TableReader
from edgecode.ingest.tables.ale import read_ale
from edgecode.ingest.tables.avid_bin import read_bin
from edgecode.ingest.tables.delimited import read_delimited
from edgecode.ingest.tables.readers import AleReader, AvidBinReader, DelimitedReader
from edgecode.testing.reader_suites import Samples, TableReaderSuite
from exchange_samples import ALE, CAMERA_REPORT


def bin_bytes() -> bytes:
    """A bin with one clip of a tape, made with the library that reads it."""
    avb = pytest.importorskip("avb")
    file = avb.file.AVBFile()
    clip = file.create.Composition(mob_type="MasterMob")
    clip.name = "12A-1"
    clip.attributes = file.create.Attributes()
    clip.attributes["_USER"] = file.create.Attributes()
    clip.attributes["_USER"]["Scene"] = "12A"
    file.content.add_mob(clip)
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "made.avb"
        file.write(str(kept))
        return kept.read_bytes()


class TestAleReader(TableReaderSuite):
    @pytest.fixture
    def reader(self) -> TableReader:
        return AleReader()

    @pytest.fixture
    def samples(self) -> Samples:
        return {"day 1.ale": ALE}


class TestDelimitedReader(TableReaderSuite):
    @pytest.fixture
    def reader(self) -> TableReader:
        return DelimitedReader()

    @pytest.fixture
    def samples(self) -> Samples:
        return {"camera a.csv": CAMERA_REPORT}


class TestAvidBinReader(TableReaderSuite):
    @pytest.fixture
    def reader(self) -> TableReader:
        return AvidBinReader()

    @pytest.fixture
    def samples(self) -> Samples:
        return {"day 1.avb": bin_bytes()}


def test_an_ale_is_rows_by_its_own_headings_without_empty_cells() -> None:
    table = read_ale(ALE, name="day 1.ale")

    assert table.columns == ("Name", "Tape", "Start", "End", "Scene")
    assert table.header == {"FIELD_DELIM": "TABS", "VIDEO_FORMAT": "1080", "FPS": "24"}
    assert table.rows == [
        Row(10, {"Name": "12A-1", "Tape": "A001", "Start": "01:00:00:00", "End": "01:00:10:00", "Scene": "12A"}),
        Row(11, {"Name": "12A-2", "Tape": "A001", "End": "01:00:20:00", "Scene": "12A"}),
    ]


def test_an_ale_whose_heading_stands_on_one_line_keeps_its_settings() -> None:
    table = read_ale(b"Heading\nFIELD_DELIM\tTABS\tFPS\t25\n\nColumn\nName\n\nData\na\n", name="a.ale")

    assert table.header == {"FIELD_DELIM": "TABS", "FPS": "25"}


def test_what_stands_beyond_the_headings_is_said() -> None:
    table = read_ale(b"Heading\n\nColumn\nName\tTape\n\nData\na\tb\tc\n", name="a.ale")

    assert [(problem.code, problem.line) for problem in table.diagnostics] == [("cell.beyond", 7)]


def test_a_heading_that_stands_twice_loses_no_cell() -> None:
    table = read_ale(b"Heading\n\nColumn\nName\tTape\tTape\n\nData\na\tb\tc\n", name="a.ale")

    assert table.rows[0].values == {"Name": "a", "Tape": "b", "Tape 2": "c"}
    assert [problem.code for problem in table.diagnostics] == ["column.twice"]


def test_an_ale_cut_short_before_its_columns_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        read_ale(b"Heading\nFPS\t24\n", name="a.ale")

    assert refused.value.code == "table.malformed"


def test_an_ale_without_a_clip_is_said_to_lack_rows() -> None:
    table = read_ale(b"Heading\n\nColumn\nName\n\nData\n", name="a.ale")

    assert [(problem.code, problem.effect) for problem in table.diagnostics] == [("table.empty", "row-missing")]


def test_what_stands_above_the_headings_of_a_report_is_its_header() -> None:
    table = read_delimited(CAMERA_REPORT, name="camera a.csv")

    assert table.header == {"Production": "The Last Verse", "Camera": "A"}
    assert table.columns == ("Roll", "Clip", "Scene", "Take, circled", "Notes")
    assert [row.values for row in table.rows] == [
        {"Roll": "A001", "Clip": "A001C001", "Scene": "12A", "Take, circled": "1", "Notes": "ring, good"},
        {"Roll": "A001", "Clip": "A001C002", "Scene": "12A", "Take, circled": "2"},
    ]


def test_a_letter_is_no_table() -> None:
    with pytest.raises(InputError) as refused:
        read_delimited(b"Dear all\n\nthe cut is attached\n", name="letter.csv")

    assert refused.value.code == "table.malformed"


def test_a_clip_of_a_bin_has_its_columns_and_its_id() -> None:
    [row] = read_bin(bin_bytes(), name="day 1.avb").rows

    assert {key: row.values[key] for key in ("Name", "Kind", "Scene")} == {
        "Name": "12A-1",
        "Kind": "clip",
        "Scene": "12A",
    }
    assert row.values["UMID"].startswith("urn:smpte:umid:")


_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\t\r\n\0\x1a", exclude_categories=("Cs",)), max_size=8)


@given(st.lists(st.lists(_CELL.map(str.strip), min_size=2, max_size=2), min_size=1, max_size=6))
def test_any_rows_written_as_an_ale_are_read_back(rows: list[list[str]]) -> None:
    kept = [cells for cells in rows if any(cells) and cells[0].upper() not in ("DATA", "COLUMN", "HEADING")]
    text = "Heading\nFIELD_DELIM\tTABS\n\nColumn\nName\tNote\n\nData\n" + "".join(
        "\t".join(cells) + "\n" for cells in kept
    )
    table = read_ale(text.encode(), name="a.ale")

    want = [{key: cell for key, cell in zip(("Name", "Note"), cells, strict=True) if cell} for cells in kept]
    assert [row.values for row in table.rows] == want
