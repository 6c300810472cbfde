"""Readers of other packages: broken ones are said and left out, and what they raise is a refusal of one file."""

from fractions import Fraction
from importlib.metadata import EntryPoint
from typing import Any, cast

import pytest
from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.step_record import StepRecord
from edgecode.plugins import CUT_READERS, STEP_READERS, TABLE_READERS, cut_readers_of, step_readers_of, table_readers_of
from edgecode.terms.cuts import Clip, CutReading, Media, Track
from edgecode.terms.steps import StepKind
from edgecode.terms.timebase import Rate


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


class Exiting(Lying):
    name = "exit"

    def read(self, data: bytes, *, name: str, rate: object = None) -> object:
        raise SystemExit(0)


def clip(end: object = Fraction(10), name: object = "c", first: object = Fraction(0)) -> Clip:
    """A clip as a careless package makes it: nothing looks at kinds when a value is made."""
    shown = Media(kind="file", names=("a",))
    return Clip(cast(str, name), "picture", (0,), cast(Fraction, first), cast(Fraction, end), shown, Rate(24))


def cut(*clips: Clip, frames: object = 10, tracks: int = 1) -> CutReading:
    return CutReading("r", "x", "1", Rate(24), False, 0, cast(int, frames), (Track("V1", "picture"),) * tracks, clips)


class Giving(Lying):
    """Gives what it was asked to."""

    given: object = None

    def read(self, data: bytes, *, name: str, rate: object = None) -> object:
        return self.given


def reading(given: object) -> object:
    Giving.given = given
    (reader,) = cut_readers_of([entry(CUT_READERS, "Giving")]).readers
    return reader.read(b"x", name="cut.txt")


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


@pytest.mark.parametrize("called", ["Crashing", "Lying", "Exiting"])
def test_an_accident_of_a_reader_becomes_a_refusal_of_the_file(called: str) -> None:
    (cuts,) = cut_readers_of([entry(CUT_READERS, called)]).readers
    (steps,) = step_readers_of([entry(STEP_READERS, called)]).readers
    (tables,) = table_readers_of([entry(TABLE_READERS, called)]).readers

    for read in (cuts.read, lambda data, name: list(steps.read(data, name=name)), tables.read):
        with pytest.raises(InputError, match=r"reader\.failed"):
            read(b"x", name="cut.txt")


@pytest.mark.parametrize(
    "given",
    [
        cut(clip(end=0.5)),
        cut(clip(first=float("nan"))),
        cut(clip(end=Fraction(48))),
        cut(clip(end=Fraction(0))),
        cut(clip(first=Fraction(-1))),
        cut(clip(), tracks=0),
        cut(clip(end=Fraction(10**40)), frames=10**40),
        cut(clip(), frames=10.5),
        cut(clip(name="c\ud800")),
        cut(clip(name=b"c")),
        cut(replace(clip(), source_in=cast(Fraction, float("nan")))),
        cut(replace(clip(), media=Media(sequence_first=1 << 53))),
    ],
)
def test_a_cut_of_a_plugin_that_no_cut_can_be_is_a_refusal_of_the_file(given: object) -> None:
    with pytest.raises(InputError, match=r"reader\.failed"):
        reading([given])


def test_a_cut_of_a_plugin_is_taken_as_it_was_given() -> None:
    good = cut(replace(clip(end=Fraction(29, 3)), source_in=Fraction(7, 2), source_scale=None))

    assert reading([good]) == [replace(good, format="unknown:lie", reader="unknown:lie 1")]


def test_a_step_of_a_plugin_that_cannot_be_one_is_a_refusal_of_the_file() -> None:
    (reader,) = step_readers_of([entry(STEP_READERS, "Giving")]).readers
    for wrong in ({"seeds": (5,)}, {"id": "\ud800"}, {"started": float("nan")}, {"outputs": (7,)}):
        fields: dict[str, Any] = {"schema": "edgecode.step/1", "kind": StepKind.RENDER, "outputs": ()} | wrong
        Giving.given = [StepRecord(**fields)]
        with pytest.raises(InputError, match=r"reader\.failed"):
            list(reader.read(b"x", name="lines.txt"))
