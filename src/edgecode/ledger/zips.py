"""The one form of a pack's zip: members stored in order, no times, no extra fields, plain names; and a reader that takes no other.

With more than 65,534 members, and only then, the 64-bit records that count them stand before the end record. Source: PKWARE APPNOTE
6.3.10, 4.3.6 to 4.3.16 and 4.4.1.4. Part of the trusted path of packs: standard library only, no input or output.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from struct import Struct
from zlib import crc32

from edgecode.ledger.verify import Finding

MAX_PLAIN, SEE_64 = (
    65_534,
    65_535,
)  # the most members that the end record counts itself, and what it says instead of more
MAX_BYTES = 2**31 - 1  # verifiers hold a pack in memory; every size and offset below it fits into 32 bits
MAX_FOUND = 100  # after so many places that are wrong the walk ends: a file can be made of nothing else
NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*")
_LOCAL, _CENTRAL, _END = Struct("<4s5H3I2H"), Struct("<4s6H3I5H2I"), Struct("<4s4H2IH")
_END_64, _LOCATOR = Struct("<4sQ2H2I4Q"), Struct("<4sIQI")
_VERSION, _FLAGS, _STORED, _TIME, _DATE = 10, 0, 0, 0, 0x21  # 1 January 1980, the zero of zip files


class TooLargeError(ValueError):
    """More bytes than a pack may have."""


def write_zip(members: Mapping[str, bytes]) -> bytes:
    """The zip of *members* in their order. Raises TooLargeError, ValueError for a name that is not plain."""
    if not all(NAME.fullmatch(name) and len(name) < 256 for name in members):
        raise ValueError("names of members are small letters, digits, dots and hyphens between slashes")
    parts = [part for name, data in members.items() for part in (_local(name, data), data)]
    begin = sum(map(len, parts))
    tail = list(_tail(members, begin))
    if begin + sum(map(len, tail)) > MAX_BYTES:
        raise TooLargeError("a pack has less than 2 GiB")
    return b"".join([*parts, *tail])


def _local(name: str, data: bytes | memoryview) -> bytes:
    numbers = (_VERSION, _FLAGS, _STORED, _TIME, _DATE, crc32(data), len(data), len(data), len(name), 0)
    return _LOCAL.pack(b"PK\x03\x04", *numbers) + name.encode("ascii")


def _tail(members: Mapping[str, bytes], begin: int) -> Iterator[bytes]:
    """The central directory, one piece a member, and the records at the end as one."""
    at, length = 0, 0
    for name, data in members.items():
        same = (_VERSION, _FLAGS, _STORED, _TIME, _DATE, crc32(data), len(data), len(data), len(name))
        entry = _CENTRAL.pack(b"PK\x01\x02", _VERSION, *same, 0, 0, 0, 0, 0, at) + name.encode("ascii")
        at += _LOCAL.size + len(name) + len(data)
        length += len(entry)
        yield entry
    count, wide = len(members), b""
    if count > MAX_PLAIN:
        wide = _END_64.pack(b"PK\x06\x06", _END_64.size - 12, 45, 45, 0, 0, count, count, length, begin)
        wide, count = wide + _LOCATOR.pack(b"PK\x06\x07", 0, begin + length, 1), SEE_64
    yield wide + _END.pack(b"PK\x05\x06", 0, 0, count, count, length, begin, 0)


@dataclass
class ReadZip:
    """What a zip holds as far as it can be walked, and every place that is not as `write_zip` writes it. *whole*: walked to its end."""

    members: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    whole: bool = False

    def add(self, thing: str, what: str) -> None:
        """Name one place that is wrong."""
        self.findings.append(Finding("pack.zip", thing, what))


def read_zip(data: bytes) -> ReadZip:
    """Walk a zip from its first byte; what is read is written again and compared, so no second spelling of a pack passes.

    Nothing is unpacked and no size is believed: members are pieces of *data*.
    """
    read, at = ReadZip(), 0
    while data[at : at + 4] == b"PK\x03\x04":
        behind = _member(data, at, read)
        if behind is None:
            return read
        at = behind
    _compare_tail(data, at, read)
    return read


def _member(data: bytes, at: int, read: ReadZip) -> int | None:
    """Take the member whose header begins at *at*; where the next one begins, None when that cannot be told."""
    header = data[at : at + _LOCAL.size]
    if len(header) < _LOCAL.size:
        read.add(f"byte {at}", "a member's header is cut off")
        return None
    _, _, _, method, _, _, _, packed, _, name_length, extra = _LOCAL.unpack(header)
    begin: int = at + _LOCAL.size + name_length + extra
    raw = data[at + _LOCAL.size : at + _LOCAL.size + name_length]
    name = raw.decode("ascii", "replace").replace("\ufffd", "?")
    if not NAME.fullmatch(name) or len(name) > 255:
        read.add(f"byte {at}", "a member's name is not plain")
        return None
    if method != _STORED or begin + packed > len(data):
        read.add(name, "it is compressed" if method else "its header says that it is longer than the file")
        return None
    content = data[begin : begin + packed]
    expected = _local(name, content)
    if data[at:begin] != expected:
        crc = slice(14, 18)
        differ = [place for place, (one, other) in enumerate(zip(header, expected, strict=False)) if one != other]
        by_crc = bool(differ) and all(crc.start <= place < crc.stop for place in differ)
        read.add(name, "its bytes are not those that its checksum is of" if by_crc else "its header is in another form")
    if name in read.members:
        read.add(name, "it is there twice")
        return None
    read.members[name] = content
    return begin + int(packed) if len(read.findings) < MAX_FOUND else None


def _compare_tail(data: bytes, at: int, read: ReadZip) -> None:
    last = next(reversed(read.members), "")
    if data[at : at + 4] != b"PK\x01\x02":
        what = f"no member and no directory follows {last}" if last else "the file begins with no member"
        read.add(f"byte {at}", what)
        return
    read.whole = True
    pieces = list(_tail(read.members, at))
    for name, piece in zip([*read.members, "end of the file"], pieces, strict=True):
        if data[at : at + len(piece)] != piece:
            read.add(name, "the directory at the end says something else of it")
            return
        at += len(piece)
    if at != len(data):
        read.add("end of the file", f"{len(data) - at} bytes follow it")
