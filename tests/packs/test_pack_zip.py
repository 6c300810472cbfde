"""The canonical zip: what we write other people's programs read, and nothing but what we write is read without a finding."""

import io
import zipfile

import pytest

from edgecode.ledger.zips import MAX_MEMBERS, TooLargeError, read_zip, write_zip

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


def test_more_members_than_a_plain_zip_can_count_are_refused() -> None:
    with pytest.raises(TooLargeError):
        write_zip({f"{number}": b"" for number in range(MAX_MEMBERS + 1)})


def test_no_single_bit_of_a_zip_can_change_without_a_finding() -> None:
    data = write_zip(MEMBERS)
    accepted = []
    for bit in range(len(data) * 8):
        damaged = bytearray(data)
        damaged[bit >> 3] ^= 1 << (bit & 7)
        if not read_zip(bytes(damaged)).findings:
            accepted.append(bit)

    assert accepted == []


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
