"""Names of things: record ids, digests, sequence roots and edge codes."""

import re
from hashlib import sha256
from itertools import pairwise
from struct import pack
from typing import Literal

from msgspec import Struct

from edgecode.errors import InputError

RecordId = str
"""A UUIDv7 (RFC 9562) in its 36-character lower-case form: events, versions, steps, cuts, clips, answers."""

Sha256 = str
"""SHA-256 of bytes in 64 lower-case hexadecimal characters."""

_RECORD_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_OURS = re.compile(r"(?:P|C|L)-\d{1,9}|F-[0-9a-f]{4,12}", re.ASCII)

OriginLetter = Literal["C", "P", "H", "G", "M", "A", "U"]
"""Camera, performance capture, human-made, generated, mixed, archive, unaccounted."""

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = {**{character: value for value, character in enumerate(CROCKFORD)}, "I": 1, "L": 1, "O": 0}


def record_id(milliseconds: int, randomness: bytes) -> RecordId:
    """A UUIDv7 from Unix time in milliseconds and ten random bytes (RFC 9562 section 5.7). Clock and chance are the caller's."""
    if len(randomness) != 10 or not 0 <= milliseconds < 1 << 48:
        raise ValueError("a UUIDv7 needs 48 bits of time and ten random bytes")
    number = milliseconds << 80 | int.from_bytes(randomness, "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def is_record_id(text: str) -> bool:
    """Whether *text* is a UUIDv7 in the one form that we write."""
    return _RECORD_ID.fullmatch(text) is not None


def as_given(text: str) -> str:
    """*text* for a message where it can be nobody's name: an alias, a label, an id or a digest. Else that something was given."""
    return text if _OURS.fullmatch(text) or is_record_id(text) or is_sha256(text) else "what was given"


def is_sha256(text: str) -> bool:
    """Whether *text* is a SHA-256 in the one form that we write."""
    return _SHA256.fullmatch(text) is not None


def frame_leaf(frame: int, digest: bytes) -> bytes:
    """What one frame of a sequence contributes to the sequence root: domain line, signed 64-bit frame number, SHA-256."""
    return b"edgecode frame v1\n" + pack(">q", frame) + digest


def sequence_root(frames: list[tuple[int, bytes]]) -> str:
    """The content name of an image sequence: the RFC 6962 tree hash over its frames in frame order, 64 hexadecimal characters.

    *frames* are (frame number, SHA-256 bytes), at least two, each frame number once; gaps are simply absent.
    """
    ordered = sorted(frames)
    if len(ordered) < 2 or any(a[0] == b[0] for a, b in pairwise(ordered)):
        raise InputError(
            "sequence.frames", "a sequence has at least two frames, each number once", "Scan the folder again"
        )
    level = [sha256(b"\x00" + frame_leaf(number, digest)).digest() for number, digest in ordered]
    while len(level) > 1:
        # Pairing neighbours and carrying an odd last one up equals RFC 6962's split at the largest power of two.
        pairs = iter(level)
        carried = [level[-1]] if len(level) % 2 else []
        level = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)] + carried
    return level[0].hex()


class EdgeCode(Struct, frozen=True):
    """The short printable name of a frame: ``G 7K3F9 Q2MT4 1043``. A pointer within one production, never a proof.

    *digits* are 10 Crockford base32 characters (the first 50 bits of the version's digest), or 15 after a clash.
    *frame* counts from the version's first frame, from zero; None names the whole version.
    """

    origin: OriginLetter
    digits: str
    frame: int | None = None

    def __post_init__(self) -> None:
        if len(self.digits) not in (10, 15) or any(c not in CROCKFORD for c in self.digits):
            raise InputError("edge_code.invalid", "an edge code has 10 or 15 base32 characters", "Copy the code again")

    @classmethod
    def of_digest(
        cls, digest: Sha256, *, origin: OriginLetter, frame: int | None = None, groups: Literal[2, 3] = 2
    ) -> "EdgeCode":
        """The code of a version from its SHA-256, sequence root or (biometric content) commitment; three groups after a clash."""
        return cls(origin, edge_digits(digest, groups=groups), frame)

    def __str__(self) -> str:
        groups = " ".join(self.digits[i : i + 5] for i in range(0, len(self.digits), 5))
        return f"{self.origin} {groups}" if self.frame is None else f"{self.origin} {groups} {self.frame:04d}"


def edge_digits(digest: Sha256, *, groups: Literal[2, 3] = 2) -> str:
    """The first 50 (two groups) or 75 bits (three groups) of a digest in Crockford base32."""
    bits = 25 * groups
    number = int(digest, 16) >> 256 - bits
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(bits - 5, -1, -5))


def read_edge_code(written: str) -> EdgeCode:
    """Read a code forgivingly: any case, spaces and hyphens anywhere between groups, I and L as 1, O as 0.

    Raises InputError ``edge_code.invalid``. Whether the code names anything is for the production to say.
    """
    text = written.strip().upper().removeprefix("EDGECODE:").strip()
    text = text.removeprefix("EC ").strip()
    match = re.fullmatch(r"([CPHGMAU])((?:[\s-]*[0-9A-Z]){10,40})", text)
    problem = InputError("edge_code.invalid", "this is no edge code", "Write it as G 7K3F9 Q2MT4 1043")
    if not match:
        raise problem
    groups = re.split(r"[\s-]+", match[2].strip(" -\t"))
    letters = [c for group in groups for c in group]
    if any(c not in _READ_AS for c in letters):
        raise problem
    plain = "".join(CROCKFORD[_READ_AS[c]] for c in letters)
    # With separators kept, a third group of exactly five that is followed by a frame is part of the code; else it is the frame.
    size = 15 if len(groups) >= 4 and [len(g) for g in groups[:3]] == [5, 5, 5] else 10
    if size == 10 and len(groups) == 3 and [len(g) for g in groups] == [5, 5, 5] and not plain[10:].isdigit():
        size = 15
    frame = plain[size:]
    if frame and not frame.isdigit():
        raise problem
    return EdgeCode(match[1], plain[:size], int(frame) if frame else None)  # type: ignore[arg-type]
