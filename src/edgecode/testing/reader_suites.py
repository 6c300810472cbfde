"""What every reader of other tools' files must keep to, as tests: subclass a suite and give it the fixtures ``reader`` and ``samples``.

*samples*: names of files to their bytes, each a good file of the format (docs/how-to/add-a-reader.md). The readers that ship pass the
same suites.
"""

import builtins
import io
import os
import random
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec
import pytest

from edgecode.errors import InputError, UnavailableError
from edgecode.events.cut_facts import cut_added, reading_of
from edgecode.events.registry import sections_of
from edgecode.ingest.doors import HEAD_BYTES, CutReader, StepReader, Table, TableReader
from edgecode.ingest.step_record import StepRecord
from edgecode.terms.cuts import CutReading, Diagnostic
from edgecode.terms.identity import record_id

Samples = Mapping[str, bytes]
_Answer = TypeVar("_Answer")
_STRANGERS: Samples = {
    "empty.bin": b"",
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "zeros.bin": bytes(512),
    "letter.txt": b"Dear all,\n\nplease find the cut attached.\n",
}
_PARTS = 16
_FLIPS = 40


class _Suite:
    """What is the same for readers of every kind."""

    def test_it_has_a_name_and_a_version(self, reader: CutReader | StepReader | TableReader) -> None:
        assert (bool(reader.name), bool(reader.version)) == (True, True)

    def test_it_recognises_its_own_files_by_their_beginning(
        self, reader: CutReader | StepReader | TableReader, samples: Samples
    ) -> None:
        known = {name: reader.recognises(data[:HEAD_BYTES], name=name) for name, data in samples.items()}

        assert known == dict.fromkeys(samples, True)

    def test_it_leaves_other_files_to_others(self, reader: CutReader | StepReader | TableReader) -> None:
        taken = [name for name, data in _STRANGERS.items() if reader.recognises(data[:HEAD_BYTES], name=name)]

        assert taken == []


def _or_refusal(read: Callable[[], _Answer]) -> _Answer | None:
    """What a reader gives; None where it refuses the file as it should, with a code and a sentence."""
    try:
        return read()
    except InputError as refused:
        assert "." in refused.code
        assert refused.sentence and refused.remedy
        return None
    except UnavailableError:
        pytest.skip("the reader's library is not installed")


def _cut_short(data: bytes) -> Iterable[bytes]:
    return (data[: len(data) * part // _PARTS] for part in range(_PARTS))


def _spoilt(data: bytes) -> Iterable[bytes]:
    chance = random.Random(7)  # noqa: S311 - spoils bytes, guards nothing
    for _ in range(_FLIPS):
        spoilt = bytearray(data)
        for _ in range(1 + len(data) // 4_000):
            spoilt[chance.randrange(len(data))] = chance.randrange(256)
        yield bytes(spoilt)


def _shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody open files or the network from here on."""

    def refuse(*arguments: object, **named: object) -> object:
        raise AssertionError("a reader gets bytes and opens nothing")

    for module, name in ((builtins, "open"), (io, "open"), (os, "open"), (socket, "socket")):
        monkeypatch.setattr(module, name, refuse)


class CutReaderSuite(_Suite):
    """Subclasses have the fixtures ``reader`` and ``samples``: a reader of cuts, and good files with at least one clip each."""

    #: A reader whose library needs a process of its own opens files on the way; such a suite says False.
    OPENS_NOTHING = True

    def test_every_sample_has_clips(self, reader: CutReader, samples: Samples) -> None:
        clips = {name: sum(len(cut.clips) for cut in self._cuts(reader, data, name)) for name, data in samples.items()}

        assert [name for name, count in clips.items() if not count] == []

    def test_the_same_bytes_give_the_same_rows_in_the_same_order(self, reader: CutReader, samples: Samples) -> None:
        for name, data in samples.items():
            assert self._cuts(reader, data, name) == self._cuts(reader, data, name)

    def test_every_clip_lies_on_a_track_of_the_cut_and_within_its_length(
        self, reader: CutReader, samples: Samples
    ) -> None:
        outside = [
            (name, clip.name)
            for name, data in samples.items()
            for cut in self._cuts(reader, data, name)
            for clip in cut.clips
            if not (clip.path and 0 <= clip.path[0] < len(cut.tracks) and 0 <= clip.record_in < clip.record_out)
        ]

        assert outside == []

    def test_what_was_read_goes_into_the_record_and_comes_back(self, reader: CutReader, samples: Samples) -> None:
        for name, data in samples.items():
            for cut in self._cuts(reader, data, name):
                ids = [record_id(number, bytes(10)) for number in range(len(cut.clips))]
                event = cut_added(cut, cut=record_id(1, b"0123456789"), clip_ids=ids)
                sections_of(event)
                assert reading_of(event) == cut

    def test_a_file_that_was_cut_short_is_refused_or_read_without_an_accident(
        self, reader: CutReader, samples: Samples
    ) -> None:
        for name, data in samples.items():
            for piece in _cut_short(data):
                cuts = _or_refusal(lambda piece=piece, name=name: reader.read(piece, name=name))  # type: ignore[misc]
                assert all(isinstance(cut, CutReading) for cut in cuts or ())

    def test_a_spoilt_file_is_refused_or_read_without_an_accident(self, reader: CutReader, samples: Samples) -> None:
        for name, data in samples.items():
            for spoilt in _spoilt(data):
                cuts = _or_refusal(lambda spoilt=spoilt, name=name: reader.read(spoilt, name=name))  # type: ignore[misc]
                assert all(isinstance(cut, CutReading) for cut in cuts or ())

    def test_it_opens_no_file_and_no_connection(
        self, reader: CutReader, samples: Samples, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if not self.OPENS_NOTHING:
            pytest.skip("the reader's library runs in a process of its own")
        before = {name: self._cuts(reader, data, name) for name, data in samples.items()}
        with monkeypatch.context() as shut:
            _shut(shut)
            after = {name: self._cuts(reader, data, name) for name, data in samples.items()}

        assert after == before

    @staticmethod
    def _cuts(reader: CutReader, data: bytes, name: str) -> list[CutReading]:
        try:
            return reader.read(data, name=name)
        except UnavailableError:
            pytest.skip("the reader's library is not installed")


class StepReaderSuite(_Suite):
    """Subclasses have the fixtures ``reader`` and ``samples``: a reader of records of making, and good files with a step each."""

    def test_every_sample_tells_of_a_step_that_is_a_line_of_the_contract(
        self, reader: StepReader, samples: Samples
    ) -> None:
        for name, data in samples.items():
            steps = self._steps(reader, data, name)
            lines = [msgspec.json.encode(step) for step in steps]
            assert steps, name
            assert [msgspec.json.decode(line, type=StepRecord) for line in lines] == steps

    def test_every_step_has_an_id_of_its_own_that_is_the_same_when_the_file_is_read_again(
        self, reader: StepReader, samples: Samples
    ) -> None:
        for name, data in samples.items():
            ids = [step.id for step in self._steps(reader, data, name)]
            assert all(ids)
            assert len(set(ids)) == len(ids)
            assert ids == [step.id for step in self._steps(reader, data, name)]

    def test_a_file_that_was_cut_short_is_refused_or_read_without_an_accident(
        self, reader: StepReader, samples: Samples
    ) -> None:
        for name, data in samples.items():
            for piece in (*_cut_short(data), *_spoilt(data)):
                found = _or_refusal(lambda piece=piece, name=name: list(reader.read(piece, name=name)))  # type: ignore[misc]
                assert all(isinstance(one, StepRecord | Diagnostic) for one in found or ())

    @staticmethod
    def _steps(reader: StepReader, data: bytes, name: str) -> list[StepRecord]:
        try:
            return [one for one in reader.read(data, name=name) if isinstance(one, StepRecord)]
        except UnavailableError:
            pytest.skip("the reader's library is not installed")


class TableReaderSuite(_Suite):
    """Subclasses have the fixtures ``reader`` and ``samples``: a reader of tables, and good files with a row each."""

    def test_every_value_stands_in_a_column_of_the_table_and_lines_rise(
        self, reader: TableReader, samples: Samples
    ) -> None:
        for name, data in samples.items():
            table = self._table(reader, data, name)
            lines = [row.line for row in table.rows]
            assert table.rows, name
            assert {column for row in table.rows for column in row.values} <= set(table.columns)
            assert lines == sorted(set(lines))

    def test_a_file_that_was_cut_short_is_refused_or_read_without_an_accident(
        self, reader: TableReader, samples: Samples
    ) -> None:
        for name, data in samples.items():
            for piece in (*_cut_short(data), *_spoilt(data)):
                found = _or_refusal(lambda piece=piece, name=name: reader.read(piece, name=name))  # type: ignore[misc]
                assert found is None or isinstance(found, Table)

    @staticmethod
    def _table(reader: TableReader, data: bytes, name: str) -> Table:
        try:
            return reader.read(data, name=name)
        except UnavailableError:
            pytest.skip("the reader's library is not installed")
