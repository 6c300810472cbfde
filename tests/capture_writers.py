"""Tiny writers of motion capture: C3D as each of the three kinds of processors writes it, BVH, and a WAVE as recorders leave it."""

import struct
from collections.abc import Mapping, Sequence
from typing import Literal

Processor = Literal["intel", "dec", "mips"]
_CODES: Mapping[Processor, int] = {"intel": 84, "dec": 85, "mips": 86}
Value = str | float | Sequence[str] | Sequence[int] | Sequence[float]


def real(value: float, processor: Processor = "intel") -> bytes:
    """A real number; DEC's has its words swapped and an exponent two higher."""
    if processor == "mips":
        return struct.pack(">f", value)
    data = struct.pack("<f", value * 4 if processor == "dec" else value)
    return data[2:4] + data[0:2] if processor == "dec" else data


def c3d(
    labels: Sequence[str] = ("LFHD", "RFHD"),
    *,
    subjects: Sequence[str] = (),
    frames: int = 4,
    rate: float = 120.0,
    first: int = 1,
    analog: int = 0,
    processor: Processor = "intel",
    company: str = "Vicon",
    more: Mapping[str, Mapping[str, Value]] | None = None,
    seed: int = 0,
) -> bytes:
    """A C3D with whole coordinates as reals. *more*: other groups with their parameters; *seed* makes its bytes its own."""
    order = ">" if processor == "mips" else "<"
    last = first + frames - 1
    groups: dict[str, Mapping[str, Value]] = {
        "POINT": {"USED": [len(labels)], "LABELS": list(labels), "RATE": rate, "UNITS": "mm", "FRAMES": [frames & 0xFFFF]},
        "MANUFACTURER": {"COMPANY": company, "SOFTWARE": "Shogun"},
    }  # fmt: skip
    if subjects:
        groups["SUBJECTS"] = {"USED": [len(subjects)], "NAMES": list(subjects)}
    if analog:
        groups["ANALOG"] = {"USED": [analog], "RATE": rate}
    if last > 0xFFFF:
        groups["TRIAL"] = {
            name: [frame & 0xFFFF, frame >> 16]
            for name, frame in (("ACTUAL_START_FIELD", first), ("ACTUAL_END_FIELD", last))
        }
    groups |= more or {}
    section = _section(groups, order, processor)
    blocks = -(-(len(section) + 4) // 512)
    head = bytearray(512)
    head[0:2] = bytes([2, 0x50])
    struct.pack_into(f"{order}5H", head, 2, len(labels), analog, first & 0xFFFF, min(last, 0xFFFF), 10)
    head[12:16] = real(-1.0, processor)
    struct.pack_into(f"{order}2H", head, 16, 2 + blocks, analog)
    head[20:24] = real(rate, processor)
    body = bytes([1, 0x50, blocks, _CODES[processor]]) + section
    count = frames * (4 * len(labels) + analog)
    data = b"".join(real(float(seed + i % 7), processor) for i in range(min(count, 2_000)))
    return bytes(head) + body.ljust(blocks * 512, b"\0") + data.ljust(4 * count, b"\0")


def _section(groups: Mapping[str, Mapping[str, Value]], order: str, processor: Processor) -> bytes:
    found = b""
    for identity, (group, parameters) in enumerate(groups.items(), start=1):
        found += _entry(-identity, group, b"\0", order)
        for name, value in parameters.items():
            found += _entry(identity, name, _value(value, order, processor) + b"\0", order)
    return found + b"\0\0"


def _entry(identity: int, name: str, body: bytes, order: str) -> bytes:
    written = name.encode("ascii")
    head = struct.pack("bb", len(written), identity) + written
    return head + struct.pack(f"{order}H", 2 + len(body)) + body


def _value(value: Value, order: str, processor: Processor) -> bytes:
    if isinstance(value, float):
        return struct.pack("bB", 4, 0) + real(value, processor)
    if isinstance(value, str):
        return struct.pack("bBB", -1, 1, len(value.encode())) + value.encode()
    if all(isinstance(one, str) for one in value):
        texts = [str(one).encode() for one in value]
        width = max((len(one) for one in texts), default=1)
        return struct.pack("bBBB", -1, 2, width, len(texts)) + b"".join(one.ljust(width) for one in texts)
    return struct.pack("bBB", 2, 1, len(value)) + struct.pack(f"{order}{len(value)}H", *(int(one) for one in value))


def bvh(*, prefix: str = "", frames: int = 3, frame_time: str = "0.008333", roots: int = 1, line: str = "\n") -> bytes:
    """A hierarchy of two joints, once for each of *roots*, with all its frames."""
    called = f"{prefix}:" if prefix else ""
    lines = ["HIERARCHY"]
    for _ in range(roots):
        lines += [
            f"ROOT {called}Hips",
            "{",
            "  OFFSET 0 0 0",
            "  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation",
            f"  JOINT {called}Chest",
            "  {",
            "    OFFSET 0 5.21 0",
            "    CHANNELS 3 Zrotation Xrotation Yrotation",
            "    End Site",
            "    {",
            "      OFFSET 0 4 0",
            "    }",
            "  }",
            "}",
        ]
    values = " ".join(["0.00"] * 9 * roots)
    lines += ["MOTION", f"Frames: {frames}", f"Frame Time: {frame_time}", *([values] * frames), ""]
    return line.join(lines).encode()


def recorders_wave(description: str = "", *, samples: int = 480, reference: int = 0, ixml: str = "") -> bytes:
    """A WAVE of 48 kHz in one channel as a recorder on set leaves it: bext with a description, and perhaps iXML."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)

    bext = bytearray(602)
    bext[0 : len(description)] = description.encode("latin-1")
    struct.pack_into("<Q", bext, 338, reference)
    body = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 48000, 96000, 2, 16)) + chunk(b"bext", bytes(bext))
    body += chunk(b"iXML", ixml.encode()) if ixml else b""
    body += chunk(b"data", bytes(samples * 2))
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body
