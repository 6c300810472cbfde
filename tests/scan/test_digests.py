"""One read, two digests, and no digest of a file that moved."""

import hashlib
import os
from pathlib import Path

import pytest
import xxhash

from edgecode.ingest.digests import ChangedWhileRead, Mark, NotARegularFile, digests


def test_both_digests_equal_those_of_the_libraries(tmp_path: Path) -> None:
    data = os.urandom(3_000_001)
    (tmp_path / "a").write_bytes(data)

    found = digests(tmp_path / "a")

    assert found.sha256 == hashlib.sha256(data).digest()
    assert found.xxh128 == xxhash.xxh3_128_digest(data)
    assert (found.size, found.mark) == (3_000_001, Mark.of((tmp_path / "a").stat()))


def test_an_empty_file_has_the_digest_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").touch()

    assert digests(tmp_path / "a").sha256 == hashlib.sha256().digest()


def test_a_file_that_grows_while_it_is_read_has_no_digest(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(3 << 20))

    def grow(count: int) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    with pytest.raises(ChangedWhileRead, match="changed while it was read"):
        digests(path, grow)


def test_a_file_rewritten_with_its_old_size_and_mtime_has_no_digest(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(3 << 20))
    status = path.stat()

    def rewrite(count: int) -> None:
        with path.open("r+b") as file:
            file.write(b"X")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    with pytest.raises(ChangedWhileRead):
        digests(path, rewrite)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_a_pipe_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.exr")

    with pytest.raises(NotARegularFile):
        digests(tmp_path / "pipe.exr")


@pytest.mark.slow
def test_a_sparse_file_above_4_gib_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "big.mov"
    with path.open("wb") as file:
        file.truncate((4 << 30) + 5)
    expected = hashlib.sha256()
    for _ in range(4 << 10):
        expected.update(bytes(1 << 20))
    expected.update(bytes(5))

    found = digests(path)

    assert (found.size, found.sha256) == ((4 << 30) + 5, expected.digest())
