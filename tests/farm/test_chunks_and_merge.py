"""A scan that others read is the scan that this machine would have done; what they did not do, or did wrong, is not recorded."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgecode.drivers.key_files import create_key_file
from edgecode.errors import EdgecodeError, HeldError, NotFoundError, RefusedError, UnavailableError
from edgecode.ingest import file_reading
from edgecode.ingest.chunk_planning import ChunkSizes
from edgecode.ingest.chunks import printed_part, read_chunk_file, read_part
from edgecode.ingest.digests import Digests, digests
from edgecode.ingest.scan import ScanOptions
from edgecode.production import Production
from edgecode.production.farming import COMMANDS, emit_chunks, take_parts, work_on_chunk
from farm.farm_samples import NUMBER_OF_FILES, film, production_in, remembered, terms, work_everything
from running import run_command
from scan.scan_samples import later

SMALL = ChunkSizes(files=4)


def recorded_by(production: Production) -> tuple[list[object], bytes]:
    """Every event, and the index without its first line, which holds the root of the log: keys differ, and leaves name theirs."""
    return [one.event for one in production.recorded()], production.index_dump().split(b"\n", 1)[1]


@pytest.fixture
def media(tmp_path: Path) -> Path:
    return film(tmp_path / "media")


@pytest.fixture
def plain(tmp_path: Path, media: Path) -> tuple[list[object], bytes]:
    """What a plain scan records."""
    with production_in(tmp_path / "plain") as production:
        production.scan([media])
        return recorded_by(production)


@pytest.fixture
def chunks(tmp_path: Path) -> Path:
    return tmp_path / "chunks"


@pytest.fixture(autouse=True)
def settled_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers read a minute from now, or every file would be too young to be remembered."""
    real = work_on_chunk.__globals__["part_of_chunk"]
    monkeypatch.setitem(
        work_on_chunk.__globals__, "part_of_chunk", lambda data, **given: real(data, **given, now_ns=later)
    )


def counted_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []

    def counting(path: Path, advance: object = None) -> Digests:
        names.append(path.name)
        return digests(path)

    monkeypatch.setattr(file_reading, "digests", counting)
    return names


@pytest.mark.parametrize("sizes", [ChunkSizes(), ChunkSizes(files=1), SMALL, ChunkSizes(bytes=700)])
def test_a_merge_records_what_a_plain_scan_records_and_reads_nothing(
    tmp_path: Path,
    media: Path,
    chunks: Path,
    plain: tuple[list[object], bytes],
    sizes: ChunkSizes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with production_in(tmp_path / "farmed") as production:
        plan = emit_chunks(production, [media], chunks, sizes=sizes)
        work_everything(chunks)
        taken = take_parts(production, chunks, terms=terms())
        read = counted_reads(monkeypatch)
        production.scan(options=ScanOptions(now_ns=later))

        assert recorded_by(production) == plain
    assert sum(type(event).__name__ == "StepPerformed" for event in plain[0]) == 2
    assert (plan.files, taken.files, taken.parts, read) == (NUMBER_OF_FILES, NUMBER_OF_FILES, len(plan.chunks), [])


def test_a_command_that_runs_again_leaves_a_whole_part_alone_and_replaces_a_broken_one(
    tmp_path: Path, media: Path, chunks: Path
) -> None:
    with production_in(tmp_path / "farmed") as production:
        emit_chunks(production, [media], chunks)
    work_everything(chunks)
    part, (chunk,) = chunks / "part-0001.jsonl", chunks.glob("chunk-*")
    whole, before = part.read_bytes(), part.stat().st_ino
    work_everything(chunks)
    same = part.stat().st_ino
    part.write_bytes(whole[: len(whole) // 2])
    work_everything(chunks)

    assert same == before
    assert read_part(part.read_bytes(), chunk.read_bytes(), read_chunk_file(chunk.read_bytes()), readers=None)
    assert sorted(path.name for path in chunks.iterdir()) == ["chunk-0001.json", COMMANDS, "part-0001.jsonl"]


def test_files_that_went_or_changed_are_said_by_the_farm_and_read_as_they_are_by_the_scan(
    tmp_path: Path, media: Path, chunks: Path
) -> None:
    with production_in(tmp_path / "farmed") as production:
        emit_chunks(production, [media], chunks)
        (media / "z.mov").unlink()
        (media / "top.wav").write_bytes(b"RIFF, longer now")
        work_everything(chunks)
        (media / "sh010" / "same.png").write_bytes(b"changed after it was read")
        taken = take_parts(production, chunks, terms=terms())
        production.scan()
        farmed = recorded_by(production)
    with production_in(tmp_path / "plain") as production:
        production.scan([media])

        assert farmed == recorded_by(production)
    assert [said.text for said in taken.said] == [
        "2 files were not read by the farm and are looked at here: 1 changed since they were listed, 1 not there"
    ]
    assert taken.files == NUMBER_OF_FILES - 3


def test_a_chunk_is_recorded_only_with_all_the_others(tmp_path: Path, media: Path, chunks: Path) -> None:
    with production_in(tmp_path / "farmed") as production:
        emit_chunks(production, [media], chunks, sizes=SMALL)
        work_everything(chunks, only={1, 3})
        size = production.log.size
        with pytest.raises(HeldError) as caught:
            take_parts(production, chunks, terms=terms())

        assert caught.value.code == "parts.missing"
        assert "chunk-0002.json, chunk-0004.json, chunk-0005.json, chunk-0006.json" in caught.value.sentence
        assert (production.log.size, len(remembered(production))) == (size, 8)
        assert emit_chunks(production, [media], tmp_path / "rest", sizes=SMALL).files <= NUMBER_OF_FILES


def test_a_part_that_lies_is_refused_whole_and_the_others_are_kept(tmp_path: Path, media: Path, chunks: Path) -> None:
    with production_in(tmp_path / "farmed") as production:
        emit_chunks(production, [media], chunks, sizes=SMALL)
        work_everything(chunks)
        path, manifest = chunks / "part-0002.jsonl", (chunks / "chunk-0002.json").read_bytes()
        part = read_part(path.read_bytes(), manifest, read_chunk_file(manifest), readers=None)
        lie = [type(one)(**{**_fields(one), "sha256": "ab" * 32}) for one in part.files]
        path.write_bytes(printed_part(manifest, lie, readers=part.readers))
        size = production.log.size
        with pytest.raises(RefusedError) as caught:
            take_parts(production, chunks, terms=terms())

        assert caught.value.code == "parts.refused"
        assert "part-0002.jsonl" in caught.value.sentence
        assert "[part.sample]" in caught.value.sentence
        assert (production.log.size, len(remembered(production))) == (size, NUMBER_OF_FILES - 4)


def _fields(one: object) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__struct_fields__}  # type: ignore[attr-defined]


def test_a_single_lie_is_found_with_the_chance_that_the_sample_has(tmp_path: Path, media: Path, chunks: Path) -> None:
    with production_in(tmp_path / "farmed") as production:
        emit_chunks(production, [media], chunks)
        work_everything(chunks)
        path, manifest = chunks / "part-0001.jsonl", (chunks / "chunk-0001.json").read_bytes()
        part = read_part(path.read_bytes(), manifest, read_chunk_file(manifest), readers=None)
        first = type(part.files[0])(**{**_fields(part.files[0]), "makes": not part.files[0].makes})
        path.write_bytes(printed_part(manifest, [first, *part.files[1:]], readers=part.readers))

        def is_found(sample: int, seed: int) -> bool:
            chosen = terms(sample)
            try:
                take_parts(production, chunks, terms=type(chosen)(sample, chance=random.Random(seed), now_ns=later))
            except RefusedError:
                return True
            return False

        found = [is_found(NUMBER_OF_FILES // 2, seed) for seed in range(20)]

        assert (is_found(NUMBER_OF_FILES, 1), is_found(0, 1)) == (True, False)
        assert 3 < sum(found) < 17


def test_a_key_that_is_asked_for_must_have_signed(tmp_path: Path, media: Path, chunks: Path) -> None:
    signer = create_key_file(tmp_path / "w.key")
    key = signer.public.hex()
    with production_in(tmp_path / "farmed") as production:
        emit_chunks(production, [media], chunks)
        work_everything(chunks)
        with pytest.raises(RefusedError) as caught:
            take_parts(production, chunks, terms=terms(1, key))
        work_on_chunk(chunks / "chunk-0001.json", chunks / "part-0001.jsonl", key=key, sign=signer.sign)

        assert "[part.unsigned]" in caught.value.sentence
        assert take_parts(production, chunks, terms=terms(1, key)).files == NUMBER_OF_FILES


def test_chunks_of_another_production_and_manifests_that_were_touched_prove_nothing(
    tmp_path: Path, media: Path, chunks: Path
) -> None:
    with production_in(tmp_path / "farmed") as production:
        emit_chunks(production, [media], chunks, sizes=SMALL)
        with production_in(tmp_path / "other") as other:
            foreign = _code(other, chunks)
        (chunks / "chunk-0001.json").write_bytes((chunks / "chunk-0001.json").read_bytes() + b"\n")
        touched = _code(production, chunks)
        (chunks / "chunk-0001.json").unlink()
        lost = _code(production, chunks)

        assert (foreign, touched, lost) == ("chunks.foreign",) * 3
        with pytest.raises(NotFoundError):
            take_parts(production, tmp_path)


def _code(production: Production, chunks: Path) -> str:
    with pytest.raises(EdgecodeError) as caught:
        take_parts(production, chunks)
    return caught.value.code


def test_a_worker_that_sees_no_tree_or_another_one_says_so_and_writes_no_part(
    tmp_path: Path, media: Path, chunks: Path
) -> None:
    with production_in(tmp_path / "farmed") as production:
        emit_chunks(production, [media], chunks)
    chunk, out = chunks / "chunk-0001.json", tmp_path / "part.jsonl"
    moved = media.rename(tmp_path / "elsewhere")
    codes = []
    for there in (None, tmp_path / "nowhere", tmp_path / "farmed"):
        with pytest.raises(UnavailableError) as caught:
            work_on_chunk(chunk, out, media=there)
        codes.append(caught.value.code)
    media.mkdir()
    with pytest.raises(UnavailableError) as caught:
        work_on_chunk(chunk, out)

    assert (codes, caught.value.code) == (
        ["chunk.mount_absent", "chunk.mount_absent", "chunk.mount_other"],
        "chunk.mount_other",
    )
    assert not out.exists()
    assert work_on_chunk(chunk, out, media=moved).files[0].problem is None


def test_chunks_are_never_written_into_media_or_over_another_job(tmp_path: Path, media: Path, chunks: Path) -> None:
    with production_in(tmp_path / "farmed") as production:
        with pytest.raises(RefusedError) as inside:
            emit_chunks(production, [media], media / "chunks")
        emit_chunks(production, [media], chunks)
        with pytest.raises(RefusedError) as used:
            emit_chunks(production, [media], chunks)

    assert (inside.value.code, used.value.code) == ("chunks.in_media", "chunks.folder_used")
    assert not (media / "chunks").exists()


def test_only_what_has_to_be_read_is_given_out(tmp_path: Path, media: Path, chunks: Path) -> None:
    with production_in(tmp_path / "farmed") as production:
        production.scan([media], options=ScanOptions(now_ns=later))
        (media / "new.png").write_bytes(b"new")
        plan = emit_chunks(production, [media], chunks)

        assert [[file.path for file in chunk.files] for chunk in plan.chunks] == [["new.png"]]
        assert emit_chunks(production, [media / "sh010"], tmp_path / "none", sizes=SMALL).files <= 1


@pytest.mark.skipif(os.name == "nt", reason="the commands are written for a POSIX shell")
def test_the_commands_work_where_there_is_neither_production_nor_key(tmp_path: Path, media: Path) -> None:
    show = tmp_path / "show"
    production_in(show).close()
    emitted = run_command("scan", str(media), "--emit-chunks", "../a b/chunks", "--chunk-files", "6", cwd=show)
    hidden = show.rename(tmp_path / "away")
    elsewhere = tmp_path / "worker"
    elsewhere.mkdir()
    lines = (tmp_path / "a b" / "chunks" / COMMANDS).read_text("utf-8").splitlines()
    worked = [run_command(*_words(line), cwd=elsewhere) for line in lines]
    hidden.rename(show)
    merged = run_command("scan", "--merge", "../a b/chunks", "--json", cwd=show)

    assert (emitted.status, [done.status for done in worked], merged.status) == (0, [0, 0, 0, 0], 0)
    assert "4 chunks of 21 files" in emitted.out
    assert [done.out for done in worked[:2]] == [f"part-000{n}.jsonl: 6 of 6 files read\n" for n in (1, 2)]
    assert '"new": 10' in merged.out
    assert list(elsewhere.iterdir()) == []
    assert shutil.which("edgecode") is None or lines[0].startswith("edgecode scan --chunk ")


def _words(line: str) -> list[str]:
    import shlex

    program, *words = shlex.split(line)
    assert program == "edgecode"
    return words


def test_ways_of_scanning_that_exclude_one_another_are_said(tmp_path: Path, media: Path) -> None:
    show = tmp_path / "show"
    with production_in(show) as production:
        production.scan([media])
    done = [
        run_command("scan", *words, cwd=show)
        for words in (
            ["--merge", ".", "--emit-chunks", "x"],
            ["--chunk", "x.json"],
            [str(media), "--sample", "3"],
            ["--chunk", "x.json", "--out", "y", "--sample", "3"],
            [str(media), "--chunk", "x.json", "--out", "y"],
            [str(media), "--verify", "--emit-chunks", "x"],
            ["--merge", "x", "--signed-by", "nobody"],
        )
    ]

    assert [one.status for one in done] == [2, 2, 2, 2, 2, 2, 2]
    assert [one.err.rsplit("[")[-1].strip() for one in done] == [
        "scan.ways]",
        "scan.chunk_out]",
        "scan.ways]",
        "scan.ways]",
        "scan.ways]",
        "scan.ways]",
        "scan.key]",
    ]


KILLED = """
import os, signal, sys
from pathlib import Path
from edgecode.production.farming import work_on_chunk
name, calls = sys.argv[1], [0]
def killing(function):
    def called(*given, **named):
        calls[0] += 1
        if calls[0] == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*given, **named)
    return called
owner = Path if name == "replace" else os
setattr(owner, name, killing(getattr(owner, name)))
work_on_chunk(Path(sys.argv[3]), Path(sys.argv[4]))
"""


@pytest.mark.skipif(os.name == "nt", reason="processes are killed as POSIX kills them")
@pytest.mark.parametrize(("call", "number"), [("fsync", 1), ("replace", 1), ("fsync", 2), ("fstat", 9)])
def test_a_worker_that_is_killed_leaves_a_whole_part_or_none(
    tmp_path: Path, media: Path, chunks: Path, call: str, number: int
) -> None:
    with production_in(tmp_path / "farmed") as production:
        emit_chunks(production, [media], chunks)
        chunk, part = chunks / "chunk-0001.json", chunks / "part-0001.jsonl"
        program = [sys.executable, "-c", KILLED, call, str(number), str(chunk), str(part)]
        done = subprocess.run(program, check=False, timeout=60)
        was_there = part.exists()
        if was_there:
            read_part(part.read_bytes(), chunk.read_bytes(), read_chunk_file(chunk.read_bytes()), readers=None)
        work_everything(chunks)

        assert (done.returncode, was_there) == (-signal.SIGKILL, (call, number) == ("fsync", 2))
        assert take_parts(production, chunks, terms=terms()).files == NUMBER_OF_FILES


steps_of_a_path = st.sampled_from(["a", "b.v2", "sh 010", "ü", "n%41", "#", "c"])
names_of_files = st.sampled_from(
    ["c.1001.exr", "c.1002.exr", "c.1004.exr", "d1.png", "d2.png", "x_v01.mov", "q.wav", "t"]
)
trees = st.dictionaries(
    st.tuples(st.lists(steps_of_a_path, max_size=2).map(tuple), names_of_files),
    st.sampled_from([b"", b"one", b"two", b"RIFF", b"\x89PNG\r\n\x1a\n"]),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(tree=trees, files=st.integers(1, 5), lost=st.sets(st.integers(0, 11), max_size=3))
def test_any_tree_in_any_chunks_gives_the_record_of_a_plain_scan(
    tree: dict[tuple[tuple[str, ...], str], bytes], files: int, lost: set[int]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        media = folder / "media"
        media.mkdir()
        for (steps, file), data in tree.items():
            place = media.joinpath(*steps)
            place.mkdir(parents=True, exist_ok=True)
            (place / file).write_bytes(data)
        with production_in(folder / "farmed") as production:
            plan = emit_chunks(production, [media], folder / "chunks", sizes=ChunkSizes(files=files))
            # What goes away before the farm is there is not on record either.
            for number, path in enumerate(sorted(one for one in media.rglob("*") if one.is_file())):
                if number in lost and number:
                    path.unlink()
            with suppress(UnavailableError):
                work_everything(folder / "chunks")
            done = len(list((folder / "chunks").glob("part-*"))) if plan.chunks else 0
            if plan.chunks and done == len(plan.chunks):
                take_parts(production, folder / "chunks", terms=terms())
            production.scan()
            farmed = recorded_by(production)
        with production_in(folder / "plain") as production:
            production.scan([media])

            assert farmed == recorded_by(production)
