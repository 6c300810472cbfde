"""Manifests and parts: what is written is read back, and what was touched is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.drivers.key_files import create_key_file
from edgecode.errors import InputError, RefusedError
from edgecode.ingest.chunks import (
    Chunk,
    ChunkFile,
    Part,
    PartFile,
    digest_of,
    printed_chunk,
    printed_part,
    read_chunk_file,
    read_part,
)
from edgecode.ingest.inspection import Inspection, facts_by_suffix, packed
from edgecode.terms.places import escaped

HEADER = packed(Inspection(facts_by_suffix("a.exr"))).decode()
steps = st.binary(min_size=1, max_size=9).filter(
    lambda step: not set(step) & set(b"/\\\0") and step not in (b"..", b".")
)
paths = st.lists(steps, min_size=1, max_size=4).map(
    lambda parts: escaped(b"/".join(parts).decode("utf-8", "surrogateescape"))
)
sizes = st.integers(0, (1 << 53) - 1)
times = st.integers(-(10**18), 10**20 - 1).map(str)
files = st.builds(ChunkFile, path=paths, size=sizes, mtime_ns=times)
chunks = st.builds(
    Chunk,
    job=st.just("ab" * 16),
    number=st.integers(1, 9),
    of=st.integers(9, 99),
    root=st.just("r-00"),
    names=st.lists(st.text(st.characters(codec="utf-8"), max_size=9)).map(tuple),
    landmarks=st.lists(paths, max_size=3).map(tuple),
    files=st.lists(files, max_size=5).map(tuple),
)


def rows_of(chunk: Chunk) -> list[PartFile]:
    """Every other file read, the others missing."""
    return [
        PartFile(file.path, problem="missing")
        if number % 2
        else PartFile(
            file.path,
            sha256=f"{number:064x}",
            xxh128=f"{number:032x}",
            size=file.size,
            mtime_ns=file.mtime_ns,
            read_at_ns="5",
            makes=bool(number % 3),
            header=HEADER,
        )
        for number, file in enumerate(chunk.files)
    ]


@given(chunks)
def test_a_manifest_is_read_as_it_was_written(chunk: Chunk) -> None:
    assert read_chunk_file(printed_chunk(chunk)) == chunk


@given(chunks)
def test_a_part_is_read_as_it_was_written(chunk: Chunk) -> None:
    manifest, rows = printed_chunk(chunk), rows_of(chunk)
    data = printed_part(manifest, rows, readers="9.9")

    assert read_part(data, manifest, chunk, readers="9.9") == Part(tuple(rows), "9.9", "")


@pytest.fixture
def chunk() -> Chunk:
    listed = tuple(ChunkFile(f"a/{number}.exr", number, "12") for number in range(4))
    return Chunk("ab" * 16, 1, 1, "r-00", ("/mnt/show",), ("a",), listed)


def refusal(data: bytes, chunk: Chunk, **asked: object) -> str:
    with pytest.raises(RefusedError) as caught:
        read_part(data, printed_chunk(chunk), chunk, **{"readers": "1", **asked})  # type: ignore[arg-type]
    return caught.value.code


def test_no_byte_of_a_part_can_be_changed_or_cut_off_unseen(chunk: Chunk) -> None:
    data = printed_part(printed_chunk(chunk), rows_of(chunk), readers="1")
    cut = {refusal(data[:end], chunk) for end in range(len(data))}
    changed = {refusal(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], chunk) for at in range(len(data))}

    assert cut <= {"part.short", "part.altered"}
    assert changed <= {"part.short", "part.altered"}


def test_a_part_of_another_chunk_another_release_or_fewer_files_is_refused(chunk: Chunk) -> None:
    manifest, rows = printed_chunk(chunk), rows_of(chunk)

    assert [
        refusal(printed_part(manifest + b" ", rows, readers="1"), chunk),
        refusal(printed_part(manifest, rows, readers="2"), chunk),
        refusal(printed_part(manifest, rows[:-1], readers="1"), chunk),
        refusal(printed_part(manifest, rows[::-1], readers="1"), chunk),
        refusal(printed_part(manifest, [*rows, rows[0]], readers="1"), chunk),
    ] == ["part.foreign", "part.release", "part.short", "part.short", "part.short"]


def test_where_a_key_is_named_only_its_signature_counts(chunk: Chunk, tmp_path: Path) -> None:
    manifest, rows = printed_chunk(chunk), rows_of(chunk)
    ours, other = (create_key_file(tmp_path / name) for name in ("a.key", "b.key"))
    key = ours.public.hex()
    signed = printed_part(manifest, rows, readers="1", key=key, sign=ours.sign)
    pretended = printed_part(manifest, rows, readers="1", key=key, sign=other.sign)

    assert read_part(signed, manifest, chunk, readers="1", signed_by=(key,)).key == key
    assert [
        refusal(printed_part(manifest, rows, readers="1"), chunk, signed_by=(key,)),
        refusal(signed, chunk, signed_by=(other.public.hex(),)),
        refusal(pretended, chunk, signed_by=(key,)),
        refusal(pretended, chunk),
    ] == ["part.unsigned", "part.signer", "part.altered", "part.altered"]


def test_what_no_reader_says_of_a_header_is_not_kept(chunk: Chunk) -> None:
    row = PartFile("a/0.exr", sha256="0" * 64, xxh128="0" * 32, header='{"facts": 7}')
    data = printed_part(printed_chunk(chunk), [row, *rows_of(chunk)[1:]], readers="1")

    assert refusal(data, chunk) == "part.altered"


@pytest.mark.parametrize(
    "broken",
    [
        {"files": [{"path": "../secret.exr", "size": 1, "mtime_ns": "1"}]},
        {"files": [{"path": "/etc/passwd", "size": 1, "mtime_ns": "1"}]},
        {"files": [{"path": "a/%2e%2e/b", "size": 1, "mtime_ns": "1"}]},
        {"files": [{"path": "a", "size": -1, "mtime_ns": "1"}]},
        {"files": [{"path": "a", "size": 1, "mtime_ns": 1}]},
        {"number": 2},
        {"schema": "edgecode.chunk/2"},
        {"more": 1},
    ],
)
def test_a_manifest_that_leads_out_of_its_tree_or_is_of_no_known_form_is_refused(
    chunk: Chunk, broken: dict[str, object]
) -> None:
    told = json.loads(printed_chunk(chunk)) | broken

    with pytest.raises(InputError) as caught:
        read_chunk_file(json.dumps(told).encode())
    assert caught.value.code == "chunk.malformed"


def test_a_manifest_is_named_by_its_bytes(chunk: Chunk) -> None:
    assert digest_of(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest_of(printed_chunk(chunk)) != digest_of(printed_chunk(chunk) + b"\n")
