"""The demo's sounds: Broadcast Wave files built from a few seconds of synthesis. Source: EBU Tech 3285 (bext, version 1)."""

import math
import struct
from array import array
from functools import lru_cache
from random import Random

SAMPLE_RATE = 48_000
SAMPLES_A_FRAME = SAMPLE_RATE // 24

_GRAIN = SAMPLE_RATE // 8
"""Sounds are strung together from grains of an eighth of a second."""


def wave(
    sound: str, frames: int, *, first_sample: int = 0, described: str = "", reel: str = "", date: str = ""
) -> bytes:
    """A mono 16-bit file *frames* frames of the cut long. *first_sample*: samples since midnight at its start; *date* YYYY-MM-DD."""
    length = frames * SAMPLES_A_FRAME
    chance = Random(sound)  # noqa: S311 - a sound
    grains = _grains(sound)
    body = bytearray()
    while len(body) < length * 2:
        body += chance.choice(grains)
    del body[length * 2 :]
    form = struct.pack("<HHIIHH", 1, 1, SAMPLE_RATE, SAMPLE_RATE * 2, 2, 16)
    chunks = (
        _chunk(b"bext", _bext(described, reel, date, first_sample))
        + _chunk(b"fmt ", form)
        + _chunk(b"data", bytes(body))
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _bext(described: str, reel: str, date: str, first_sample: int) -> bytes:
    fields = (
        described.encode()[:256].ljust(256, b"\0"),
        b"Larkin Field Recorder".ljust(32, b"\0"),
        reel.encode()[:32].ljust(32, b"\0"),
        date.encode()[:10].ljust(10, b"\0"),
        b"00:00:00",
        struct.pack("<IIH", first_sample & 0xFFFFFFFF, first_sample >> 32, 1),
        bytes(64 + 190),
    )
    return b"".join(fields)


@lru_cache(maxsize=16)
def _grains(sound: str) -> tuple[bytes, ...]:
    """Eight grains of different loudness and pitch; they begin and end in silence so that they join without a click."""
    pitch, breath, swing = _VOICES[sound]
    chance = Random(f"{sound} grains")  # noqa: S311 - a sound
    fade = [min(1.0, n / 400, (_GRAIN - n) / 400) for n in range(_GRAIN)]
    noise = [chance.random() - 0.5 for _ in range(1009)]
    found = []
    for grain in range(8):
        loud = 9000 * (1 - swing + swing * chance.random())
        step = math.tau * pitch * (1 + chance.choice((0, 0.122, 0.26, 0.335, 0.5)) * (1 - breath)) / SAMPLE_RATE
        samples = array("h", bytes(2 * _GRAIN))
        for n in range(_GRAIN):
            tone = math.sin(n * step) + 0.4 * math.sin(2.003 * n * step)
            samples[n] = int(loud * fade[n] * ((1 - breath) * tone + breath * noise[(n + grain * 131) % 1009]))
        found.append(samples.tobytes())
    return tuple(found)


_VOICES = {
    "speech": (140.0, 0.35, 0.95),
    "voice": (120.0, 0.2, 0.9),
    "song": (220.0, 0.1, 0.6),
    "air": (60.0, 0.95, 0.5),
    "drone": (82.0, 0.05, 0.25),
}
"""Pitch in hertz, share of noise, and how much the loudness moves, by sound."""
