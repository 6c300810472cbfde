"""Readers of other packages: broken ones are said and left out, and what they raise is a refusal of one file."""

from importlib.metadata import EntryPoint

import pytest

from edgecode.errors import InputError
from edgecode.plugins import CUT_READERS, STEP_READERS, TABLE_READERS, cut_readers_of, step_readers_of, table_readers_of


class Crashing:
    name, version = "crash", "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        raise OSError("no")

    def read(self, data: bytes, *, name: str, rate: object = None) -> object:
        raise ZeroDivisionError


class Lying(Crashing):
    name = "lie"

    def recognises(self, head: bytes, *, name: str) -> bool:
        return True

    def read(self, data: bytes, *, name: str, rate: object = None) -> object:
        return ["no cut"]


class Nameless:
    pass


def entry(group: str, called: str) -> EntryPoint:
    return EntryPoint(called.lower(), f"{__name__}:{called}", group)


def test_what_cannot_be_loaded_is_said_and_the_others_are_there() -> None:
    found = cut_readers_of([entry(CUT_READERS, "Lying"), entry(CUT_READERS, "Nameless"), entry(CUT_READERS, "Absent")])

    assert [reader.name for reader in found.readers] == ["unknown:lie"]
    assert [(said.code, said.text.split("'")[1]) for said in found.problems] == [
        ("reader.not_loaded", "absent"),
        ("reader.not_loaded", "nameless"),
    ]


def test_a_reader_that_fails_over_a_file_does_not_take_the_file_from_the_others() -> None:
    (reader,) = cut_readers_of([entry(CUT_READERS, "Crashing")]).readers

    assert reader.recognises(b"", name="x") is False


@pytest.mark.parametrize("called", ["Crashing", "Lying"])
def test_an_accident_of_a_reader_becomes_a_refusal_of_the_file(called: str) -> None:
    (cuts,) = cut_readers_of([entry(CUT_READERS, called)]).readers
    (steps,) = step_readers_of([entry(STEP_READERS, called)]).readers
    (tables,) = table_readers_of([entry(TABLE_READERS, called)]).readers

    for read in (cuts.read, lambda data, name: list(steps.read(data, name=name)), tables.read):
        with pytest.raises(InputError, match=r"reader\.failed"):
            read(b"x", name="cut.txt")
