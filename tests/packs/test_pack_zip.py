"""The canonical zip: what we write other people's programs read, and nothing but what we write is read without a finding."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from edgecode.ledger import zips
from edgecode.ledger.zips import MAX_PLAIN, TooLargeError, read_zip, write_zip

MEMBERS = {"pack.json": b"{}", "events/000000000001/leaf": b"x" * 300, "empty": b""}


def test_what_is_written_reads_back_and_other_programs_read_it_too() -> None:
    data = write_zip(MEMBERS)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        theirs = {info.filename: archive.read(info) for info in archive.infolist()}
        times = {(info.date_time, info.extra, info.comment, info.compress_type) for info in archive.infolist()}

    read = read_zip(data)

    assert (read.members, read.findings, read.whole) == (MEMBERS, [], True)
    assert (theirs, archive.testzip() if archive.fp else None) == (MEMBERS, None)
    assert times == {((1980, 1, 1, 0, 0, 0), b"", b"", zipfile.ZIP_STORED)}


def test_the_same_members_in_the_same_order_are_the_same_bytes() -> None:
    assert write_zip(MEMBERS) == write_zip(dict(MEMBERS))
    assert write_zip(MEMBERS) != write_zip(dict(reversed(MEMBERS.items())))


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x", "A", "a//b", "a/", "\u00fc", "a" * 256, ".x", "a\\b"])
def test_a_name_that_could_lead_elsewhere_is_never_written(name: str) -> None:
    with pytest.raises(ValueError, match="names of members"):
        write_zip({name: b""})


def many(count: int) -> dict[str, bytes]:
    return {f"m/{number}": b"%d" % number for number in range(count)}


END_64, LOCATOR, END = 56, 20, 22
"""Lengths of the three records at the end of a zip that counts its members in 64 bits."""


@pytest.fixture(scope="module")
def large() -> bytes:
    return write_zip(many(70_000))


def test_more_members_than_a_plain_zip_counts_read_back_and_other_programs_read_them_too(
    large: bytes, tmp_path: Path
) -> None:
    read = read_zip(large)
    (tmp_path / "large.zip").write_bytes(large)
    with zipfile.ZipFile(io.BytesIO(large)) as archive:
        theirs = {name: archive.read(name) for name in archive.namelist()}

    assert (read.members, read.findings, read.whole) == (many(70_000), [], True)
    assert theirs == many(70_000)
    if unzip := shutil.which("unzip"):
        done = subprocess.run([unzip, "-tqq", "large.zip"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("count", [MAX_PLAIN, MAX_PLAIN + 1])
def test_the_64_bit_records_stand_there_exactly_when_the_end_record_cannot_count_the_members(count: int) -> None:
    data = write_zip(many(count))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.namelist()) == count

    assert (b"PK\x06\x06" in data, b"PK\x06\x07" in data) == (count > MAX_PLAIN,) * 2
    assert read_zip(data).findings == []


def with_wide_records(data: bytes, count: int, *, see: bool) -> bytes:
    """A zip with 64-bit records that say of it what is so; *see*: the end record points to them."""
    *_, length, begin, _ = zips._END.unpack(data[-END:])
    wide = zips._END_64.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, begin)
    wide += zips._LOCATOR.pack(b"PK\x06\x07", 0, begin + length, 1)
    said = 0xFFFF if see else count
    return data[:-END] + wide + zips._END.pack(b"PK\x05\x06", 0, 0, said, said, length, begin, 0)


@pytest.mark.parametrize("see", [False, True])
def test_a_small_zip_with_64_bit_records_that_are_right_is_refused(see: bool) -> None:
    data = with_wide_records(write_zip(MEMBERS), len(MEMBERS), see=see)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert set(archive.namelist()) == set(MEMBERS)

    assert [one.object for one in read_zip(data).findings] == ["end of the file"]


def test_a_large_zip_without_its_64_bit_records_is_refused(large: bytes) -> None:
    bare = large[: -(END_64 + LOCATOR + END)] + large[-END:]

    assert [one.object for one in read_zip(bare).findings] == ["end of the file"]


def test_no_single_bit_of_a_zip_with_64_bit_records_can_change_without_a_finding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(zips, "MAX_PLAIN", len(MEMBERS) - 1)
    data = write_zip(MEMBERS)

    assert data == with_wide_records(data[: -(END_64 + LOCATOR + END)] + data[-END:], len(MEMBERS), see=True)
    assert read_zip(data).findings == []
    assert [bit for bit in range(len(data) * 8) if not read_zip(flipped(data, bit)).findings] == []


@pytest.mark.parametrize("place", range(0, END_64 + LOCATOR + END, 9))
def test_a_bit_flipped_in_the_records_at_the_end_of_a_large_zip_is_found(large: bytes, place: int) -> None:
    damaged = flipped(large, (len(large) - (END_64 + LOCATOR + END) + place) * 8 + place % 8)

    assert [one.object for one in read_zip(damaged).findings] == ["end of the file"]


def test_a_file_that_is_too_large_to_hold_in_memory_is_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "MAX_BYTES", len(write_zip(MEMBERS)) - 1)

    with pytest.raises(TooLargeError):
        write_zip(MEMBERS)


def flipped(data: bytes, bit: int) -> bytes:
    damaged = bytearray(data)
    damaged[bit >> 3] ^= 1 << (bit & 7)
    return bytes(damaged)


def test_no_single_bit_of_a_zip_can_change_without_a_finding() -> None:
    data = write_zip(MEMBERS)

    assert [bit for bit in range(len(data) * 8) if not read_zip(flipped(data, bit)).findings] == []


@pytest.mark.parametrize("length", range(len(write_zip(MEMBERS))))
def test_a_zip_that_was_cut_off_anywhere_is_found(length: int) -> None:
    assert read_zip(write_zip(MEMBERS)[:length]).findings != []


def zipped(
    compression: int, *, date: tuple[int, int, int, int, int, int] = (1980, 1, 1, 0, 0, 0), comment: bytes = b""
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in MEMBERS.items():
            archive.writestr(zipfile.ZipInfo(name, date), data, compress_type=compression)
        archive.comment = comment
    return file.getvalue()


def test_zips_of_other_programs_are_not_taken_for_ours() -> None:
    others = {
        "compressed": zipped(zipfile.ZIP_DEFLATED),
        "other version and attributes": zipped(zipfile.ZIP_STORED),
        "other date": zipped(zipfile.ZIP_STORED, date=(2026, 1, 1, 0, 0, 0)),
        "comment": zipped(zipfile.ZIP_STORED, comment=b"hello"),
    }

    assert [what for what, data in others.items() if not read_zip(data).findings] == []


def test_a_member_that_lies_about_its_size_claims_nothing() -> None:
    data = bytearray(write_zip(MEMBERS))
    data[18:26] = (0xFFFFFFFE).to_bytes(4, "little") * 2
    read = read_zip(bytes(data))

    assert (read.members, read.whole) == ({}, False)
    assert [(one.object, one.what) for one in read.findings] == [
        ("pack.json", "its header says that it is longer than the file")
    ]
