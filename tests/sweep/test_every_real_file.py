"""Every file of the trade is handed to the door that a user would use: read, or refused with a code that stands in one reviewed list."""

import json
import tomllib
from collections import Counter
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from handed_over import Outcome, handed_over, in_time

from edgecode.cli.app import edgecode
from edgecode.errors import EdgecodeError
from edgecode.ingest.editorial.edl_lines import looks_like_edl
from edgecode.ingest.media_kinds import media_class_of
from edgecode.ingest.scan import scan
from edgecode.ingest.seen import FileSeen, SequenceFound
from edgecode.ingest.stat_cache import NothingCached
from edgecode.ingest.walk import MediaRoot
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.timebase import Rate
from running import command_runner
from shared_data import DATA, needs_shared_data

pytestmark = needs_shared_data

LIST = tomllib.loads(Path(__file__).with_name("real_files.toml").read_text("utf-8"))
FILES = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file())
FILM = Rate(24)


def listed(kind: str, name: str) -> set[str]:
    return {entry["code"] for entry in LIST[kind] if any(fnmatch(name, pattern) for pattern in entry["files"])}


@cache
def outcome(name: str) -> Outcome:
    if name.endswith(".aaf"):
        pytest.importorskip("aaf2")
    if name.endswith(".avb"):
        pytest.importorskip("avb")
    if ".usd" in name:
        pytest.importorskip("pxr")
    return handed_over(DATA / name)


def test_a_real_file_is_read_or_refused_as_the_list_says() -> None:
    ends = {name: (outcome(name).door, outcome(name).code) for name in FILES}
    refused = {name: end for name, end in ends.items() if end[1]}

    assert {name: {code} for name, (door, code) in refused.items() if door == "none"} == on_list("no_door")
    assert {name: {code} for name, (door, code) in refused.items() if door != "none"} == on_list("refused")


def test_what_is_missing_or_damaged_in_a_real_file_is_said_and_listed() -> None:
    missing = {name: outcome(name).row_missing for name in FILES if outcome(name).row_missing}
    said = {name: {one.code for one in outcome(name).said} for name in FILES}
    damaged = {
        name: hurt
        for name, codes in said.items()
        if (hurt := {code for code in codes if code.startswith(("media.", "file."))})
    }
    empty = {name: codes for name, codes in said.items() if not outcome(name).found and not outcome(name).code}

    assert {
        name: codes
        for name, codes in missing.items()
        if not codes <= listed("row_missing", name) | listed("damaged", name)
    } == {}
    assert damaged == on_list("damaged")
    assert {name: codes for name, codes in empty.items() if not codes & nothing(name)} == {}


def nothing(name: str) -> set[str]:
    return listed("holds_nothing", name) | listed("row_missing", name) | listed("damaged", name)


def on_list(kind: str) -> dict[str, set[str]]:
    return {name: codes for name in FILES if (codes := listed(kind, name))}


@pytest.mark.parametrize("name", [name for name in FILES if listed("row_missing", name)])
def test_a_list_that_cannot_tell_its_rate_misses_no_row_once_somebody_gives_it(name: str) -> None:
    assert looks_like_edl((DATA / name).read_bytes())
    found = outcome(name) if not outcome(name).row_missing else handed_over(DATA / name, rate=FILM)

    assert (bool(found.found), found.row_missing) == (True, set())


@pytest.mark.parametrize(
    ("kind", "pattern"), [(kind, one) for kind in LIST for entry in LIST[kind] for one in entry["files"]]
)
def test_every_line_of_the_list_fits_a_file_that_is_there(kind: str, pattern: str) -> None:
    assert any(fnmatch(name, pattern) for name in FILES), f"{kind}: {pattern}"


def test_of_cuts_at_most_one_in_twenty_is_refused() -> None:
    cuts = [name for name in FILES if outcome(name).door == "cut"]

    assert len([name for name in cuts if outcome(name).code]) * 20 <= len(cuts)


def test_a_scan_of_all_real_files_sees_every_one_of_media_and_counts_the_others() -> None:
    media = {name for name in FILES if media_class_of(name) is not None and not name.startswith(".")}
    with in_time(300):
        items = list(scan([MediaRoot("data", DATA)], cache=NothingCached()))
    seen: Counter[str] = Counter()
    for one in items:
        if isinstance(one, SequenceFound):
            seen[one.place.text] += len(one.frames)
        elif isinstance(one, FileSeen):
            seen[one.place.text] += 1
    empty = {one.path for one in items if isinstance(one, Diagnostic) and one.code == "file.empty"}

    assert sum(seen.values()) + len(empty) == len(media)
    assert {one.code for one in items if isinstance(one, Diagnostic) and one.effect == "row-missing"} == {"file.empty"}


@pytest.mark.parametrize("suffix", sorted({Path(name).suffix for name in FILES}))
def test_inspecting_a_real_file_of_each_kind_ends_in_an_answer_or_a_sentence(suffix: str) -> None:
    name = next(name for name in FILES if name.endswith(suffix))
    with in_time():
        done = command_runner().invoke(edgecode, ["inspect", "--json", str(DATA / name)])

    assert done.exception is None or isinstance(done.exception, EdgecodeError), done.exception
    assert done.exception is not None or json.loads(done.stdout)["schema"].startswith("edgecode.inspect")


READERS_TESTS = {
    "otio": "editorial/test_real_cut_files.py",
    "edl": "editorial/test_real_cut_files.py",
    "fcpxml": "editorial/test_real_fcpxml_files.py",
    "fcp7": "editorial/test_real_exchange_files.py",
    "aaf": "editorial/test_real_exchange_files.py",
    "comfyui": "media/test_real_generations.py",
    "nuke": "nuke/test_nuke_scripts.py",
}
"""Where each kind of independent reading is held against ours, file by file."""


def test_every_independent_reading_is_of_a_file_that_is_read_and_of_a_kind_that_is_compared() -> None:
    readings: dict[str, dict[str, Any]] = json.loads((DATA / "expected/readings.json").read_bytes())
    uncompared = {reading["kind"] for reading in readings.values()} - set(READERS_TESTS)
    unread = {name for name in readings if name not in FILES or outcome(name).door == "none"}
    tests = Path(__file__).resolve().parents[1]

    assert (uncompared, unread) == (set(), set())
    assert all("readings.json" in (tests / test).read_text("utf-8") for test in READERS_TESTS.values())


def test_every_exception_from_an_independent_reading_stands_in_the_test_that_makes_it_and_in_the_list() -> None:
    tests = Path(__file__).resolve().parents[1]
    text = "".join((tests / test).read_text("utf-8") for test in set(READERS_TESTS.values()))

    assert [name for entry in LIST["differs"] for name in entry["files"] if name not in text] == []
