"""A pipe, a device or a link under the name of a file that is read hangs nothing and fills no memory: it is refused by a code, or said."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edgecode.cli.app import edgecode
from edgecode.errors import EdgecodeError, InputError
from edgecode.ingest.mhl.history import FOLDER, history_of
from edgecode.ingest.regular_files import regular_bytes
from edgecode.production import Production, read_cuts
from edgecode.production.doors.cut_files import is_cut_file
from edgecode.production.doors.readers import read_bytes
from edgecode.production.farming import emit_chunks, part_name, take_parts, work_on_chunk
from edgecode.production.spools.keeping import spool_status
from edgecode.production.spools.taking import take_spool
from running import command_runner

pytestmark = pytest.mark.skipif(os.name == "nt", reason="named pipes are POSIX's")

LINE = b'{"schema":"edgecode.step/1","kind":"paint","id":"%d","outputs":[{"name":"n%d"}]}\n'
_SECONDS = 10


@pytest.fixture(autouse=True)
def impatient() -> Iterator[None]:
    """What hangs is ended, and so fails."""

    def late(*_: object) -> None:
        raise AssertionError(f"no answer in {_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Production]:
    with Production.create(tmp_path / "film", title="Film") as made:
        yield made


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def refusal(doing: Callable[[], object]) -> str:
    with pytest.raises(EdgecodeError) as refused:
        doing()
    return refused.value.code


def test_only_a_plain_file_within_its_bound_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "zero").symlink_to("/dev/zero")
    pipe(tmp_path / "pipe")

    assert (regular_bytes(tmp_path / "a", at_most=3), regular_bytes(tmp_path / "link")) == (b"abc", b"abc")
    assert refusal(lambda: regular_bytes(tmp_path / "a", at_most=2)) == "file.too_large"
    assert refusal(lambda: regular_bytes(tmp_path / "link", links=False)) == "file.is_link"
    assert refusal(lambda: regular_bytes(tmp_path / "zero")) == "file.not_regular"
    assert refusal(lambda: regular_bytes(tmp_path / "pipe")) == "file.not_regular"
    with pytest.raises(IsADirectoryError):
        regular_bytes(tmp_path)


def test_a_chain_that_is_a_pipe_is_said_and_the_history_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    pipe(tmp_path / FOLDER / "ascmhl_chain.xml")

    assert [one.code for one in history_of(tmp_path).problems] == ["file.not_regular"]


def test_a_bundle_whose_member_is_a_pipe_is_refused(tmp_path: Path) -> None:
    bundle = tmp_path / "x.fcpxmld"
    bundle.mkdir()
    pipe(bundle / "Info.fcpxml")

    assert not is_cut_file(bundle)
    assert refusal(lambda: read_cuts([bundle])) == "file.not_regular"


def test_no_link_in_a_bundle_is_followed(tmp_path: Path) -> None:
    bundle = tmp_path / "x.fcpxmld"
    bundle.mkdir()
    (tmp_path / "other").write_bytes(b"<fcpxml/>")
    (bundle / "Info.fcpxml").symlink_to(tmp_path / "other")

    assert refusal(lambda: read_cuts([bundle])) == "file.is_link"


def test_a_pipe_is_no_file_for_a_reader(tmp_path: Path) -> None:
    assert refusal(lambda: read_bytes(pipe(tmp_path / "x.ale"))) == "file.not_regular"


@pytest.mark.parametrize("what", ["pipe", "link"])
def test_a_part_that_is_no_plain_file_is_refused_and_named(tmp_path: Path, production: Production, what: str) -> None:
    media = tmp_path / "media"
    media.mkdir()
    (media / "a.wav").write_bytes(b"RIFF")
    emit_chunks(production, [media], tmp_path / "chunks")
    part = tmp_path / "chunks" / part_name(1, 1)
    pipe(part) if what == "pipe" else part.symlink_to("/dev/zero")

    with pytest.raises(EdgecodeError, match=rf"file.{'not_regular' if what == 'pipe' else 'is_link'}") as refused:
        take_parts(production, tmp_path / "chunks")
    assert refused.value.code == "parts.refused"


def test_a_worker_writes_its_part_in_the_place_of_a_pipe(tmp_path: Path, production: Production) -> None:
    media = tmp_path / "media"
    media.mkdir()
    (media / "a.wav").write_bytes(b"RIFF")
    emit_chunks(production, [media], tmp_path / "chunks")
    [manifest] = (tmp_path / "chunks").glob("chunk-*.json")

    assert len(work_on_chunk(manifest, pipe(tmp_path / "part.jsonl"), media=media).files) == 1


# ---------------------------------------------------------------------------------------------- spools


def taken(production: Production, spool: Path) -> list[str]:
    """Codes of what is said while a spool is taken in."""
    found = take_spool(spool, production=production.folder, record=production.record_lines, now_seconds=1e9)
    return [one.code for one in found.intake.diagnostics]


def steps(production: Production) -> int:
    return sum(one.event.TYPE.startswith("step.performed") for one in production.recorded())


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


def test_a_pipe_in_a_spool_keeps_no_plain_file_back(production: Production, spool: Path) -> None:
    pipe(spool / "a.jsonl")
    (spool / "b.jsonl").write_bytes(LINE % (1, 1))

    assert refusal(lambda: taken(production, spool)) == "spool.unreadable"
    assert refusal(lambda: spool_status(spool, production=production.folder)) == "spool.unreadable"
    assert steps(production) == 1


def test_counts_that_are_a_pipe_count_as_unreadable(production: Production, spool: Path) -> None:
    pipe(spool / "lines-1.counts")

    assert spool_status(spool, production=production.folder).uncounted == 1


@pytest.mark.parametrize(
    ("then", "waiting", "in_all"),
    [
        pytest.param(LINE % (3, 3) + LINE % (4, 4), 2, 4, id="as long"),
        pytest.param(LINE % (3, 3), 1, 3, id="shorter"),
        pytest.param(LINE % (3, 3) + LINE % (4, 4) + LINE % (5, 5), 3, 5, id="longer"),
        pytest.param((LINE % (1, 1))[:9], 0, 2, id="cut short within a line"),
    ],
)
def test_a_replaced_file_of_a_spool_is_said_and_read_from_its_beginning(
    production: Production, spool: Path, then: bytes, waiting: int, in_all: int
) -> None:
    (spool / "a.jsonl").write_bytes(LINE % (1, 1) + LINE % (2, 2))
    before = taken(production, spool)
    (spool / "a.jsonl").write_bytes(then)

    assert spool_status(spool, production=production.folder).waiting == waiting
    assert (before, taken(production, spool), taken(production, spool)) == ([], ["spool.replaced"], [])
    assert steps(production) == in_all


def test_a_spool_file_that_only_grew_is_read_on(production: Production, spool: Path) -> None:
    padded = b" " * 70_000 + LINE % (1, 1)
    (spool / "a.jsonl").write_bytes(padded)
    first = taken(production, spool)
    (spool / "a.jsonl").write_bytes(padded + LINE % (2, 2))

    assert (first, taken(production, spool), steps(production)) == ([], [], 2)


@pytest.mark.parametrize(
    "words",
    [
        ("take", "import", "PIPE"),
        ("review", "import", "PIPE"),
        ("person", "import", "PIPE"),
        ("consent", "import", "PIPE"),
        ("desk", "dataset", "takes", "--new", "--items", "PIPE"),
    ],
)
def test_a_sheet_that_is_a_pipe_is_refused_and_never_waited_for(tmp_path: Path, words: tuple[str, ...]) -> None:
    Production.create(tmp_path / "show", title="x").close()
    os.mkfifo(tmp_path / "sheet.csv")
    given = [str(tmp_path / "sheet.csv") if word == "PIPE" else word for word in words]
    done = command_runner().invoke(edgecode, [*given, "--production", str(tmp_path / "show")], standalone_mode=False)

    assert isinstance(done.exception, InputError)
    assert done.exception.code == "file.not_regular"
