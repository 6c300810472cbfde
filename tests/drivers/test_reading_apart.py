"""Readers in a process of their own: same answer, a limit of time, and a crash that takes nobody along."""

import os
import time

import pytest

from edgecode.drivers.apart import CutsApart, TablesApart
from edgecode.errors import InputError, UnavailableError
from edgecode.ingest.doors import Table
from edgecode.ingest.editorial.exchange_readers import Fcp7Reader
from edgecode.ingest.tables.readers import AleReader
from edgecode.terms.cuts import CutReading
from edgecode.terms.timebase import Rate
from exchange_samples import ALE, DISSOLVED

HERE = f"{__name__}:"
PLAIN = "edgecode.ingest.editorial.exchange_readers:Fcp7Reader"


class Sleeper(Fcp7Reader):
    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        time.sleep(60)
        return []


class Crasher(Fcp7Reader):
    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        os.abort()


class Chatterer(Fcp7Reader):
    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        print("a library says something on stdout")
        return super().read(data, name=name, rate=rate)


class Lacking(AleReader):
    def read(self, data: bytes, *, name: str) -> Table:
        raise UnavailableError("extra.missing", "the library is not installed", "Install it")


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process finds this module as the tests do."""
    folders = [str(__import__("pathlib").Path(__file__).parent), str(__import__("pathlib").Path(__file__).parents[1])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([*folders, os.environ.get("PYTHONPATH", "")]))


def test_a_process_of_its_own_gives_the_very_same_reading() -> None:
    assert CutsApart(Fcp7Reader(), entry=PLAIN).read(DISSOLVED, name="a.xml") == Fcp7Reader().read(
        DISSOLVED, name="a.xml"
    )


def test_a_rate_that_somebody_gave_reaches_the_process() -> None:
    [cut] = CutsApart(Fcp7Reader(), entry=PLAIN).read(DISSOLVED, name="a.xml", rate=Rate(25))

    assert cut.rate == Rate(25)


def test_a_table_comes_back_whole() -> None:
    apart = TablesApart(AleReader(), entry="edgecode.ingest.tables.readers:AleReader")

    assert apart.read(ALE, name="a.ale") == AleReader().read(ALE, name="a.ale")


def test_a_refusal_is_the_readers_own() -> None:
    with pytest.raises(InputError) as refused:
        CutsApart(Fcp7Reader(), entry=PLAIN).read(b"<xmeml>", name="a.xml")

    assert (refused.value.code, refused.value.remedy != "") == ("xml.malformed", True)


def test_a_library_that_is_missing_is_said_as_unavailable() -> None:
    with pytest.raises(UnavailableError) as missing:
        TablesApart(Lacking(), entry=HERE + "Lacking").read(ALE, name="a.ale")

    assert missing.value.code == "extra.missing"


def test_a_reader_without_an_end_is_ended() -> None:
    with pytest.raises(InputError) as refused:
        CutsApart(Sleeper(), entry=HERE + "Sleeper", timeout_seconds=1.5).read(DISSOLVED, name="a.xml")

    assert refused.value.code == "reader.timeout"


def test_a_reader_that_takes_its_process_down_refuses_one_file() -> None:
    with pytest.raises(InputError) as refused:
        CutsApart(Crasher(), entry=HERE + "Crasher").read(DISSOLVED, name="a.xml")

    assert refused.value.code == "reader.crashed"


def test_what_a_library_prints_is_no_part_of_the_answer() -> None:
    apart = CutsApart(Chatterer(), entry=HERE + "Chatterer")

    assert apart.read(DISSOLVED, name="a.xml") == Fcp7Reader().read(DISSOLVED, name="a.xml")
