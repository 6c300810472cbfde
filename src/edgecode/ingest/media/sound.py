"""Sound files: WAVE with RF64, BW64, bext and iXML (EBU Tech 3285, 3306; ITU-R BS.2088; iXML 3.01), AIFF, FLAC."""

import re
from collections.abc import Mapping
from fractions import Fraction
from struct import unpack, unpack_from
from xml.sax.saxutils import unescape

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.media.timecode import label_of, rate_text
from edgecode.ingest.media.window import Window, malformed, program, technical, truncated
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.timebase import Rate

_CHUNKS_AT_MOST = 10_000
_IXML_BYTES = 1 << 20


def wave_facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """What a WAVE file says. *start* is bext's time reference in frames at iXML's timecode rate, rounded down."""
    found, large = _wave_chunks(window)
    if b"fmt " not in found or len(found[b"fmt "]) < 16:
        raise malformed("it has no format chunk")
    _, channels, sample_rate, _, block, bits = unpack_from("<HHIIHH", found[b"fmt "])
    data_bytes, whole = large
    bext = found.get(b"bext", b"")
    ixml = _described(bext) | _ixml(found.get(b"iXML", b""))
    reference = _reference(bext, ixml)
    rate, drop = rate_text(ixml.get("TIMECODE_RATE", "")), ixml.get("TIMECODE_FLAG", "").upper() == "DF"
    start = (
        int(Fraction(reference, sample_rate) * Rate.of(rate).fraction) if reference and rate and sample_rate else None
    )
    header = {
        "bits": str(bits),
        "originated": technical(bext[320:330] + b" " + bext[330:338]) if len(bext) >= 338 else "",
        "time_reference_samples": str(reference) if reference else "",
        "scene": ixml.get("SCENE", ""),
        "take": ixml.get("TAKE", ""),
        "circled": {"TRUE": "yes", "FALSE": "no"}.get(ixml.get("CIRCLED", "").upper(), ""),
        "tracks": ixml.get("TRACKS", ""),
    }
    label = label_of(start, rate, drop_frame=drop) if start is not None else ""
    if not label and reference and sample_rate:
        label = f"{_since_midnight(reference, sample_rate)} since midnight"
    software = program(bext[256:288]) if _is_device(bext[256:288]) else ""
    return FileFacts(
        media_class="audio",
        media_type="audio/wav",
        rate=rate,
        start_label=label,
        start=start,
        drop_frame=drop,
        reel=ixml.get("TAPE", ""),
        software=software,
        sample_rate=sample_rate,
        samples=data_bytes // block if block else 0,
        channels=channels,
        header_key=software,
        header={name: value for name, value in header.items() if value},
    ), ([] if whole else [Diagnostic("media.truncated", "the file ends inside its sound")])


def _is_device(originator: bytes) -> bool:
    """The originator may be a person; recorders write a model with digits or a known maker."""
    text = originator.split(b"\0")[0].decode("latin-1")
    return bool(
        re.search(
            r"\d|sound ?dev|zoom|zaxcom|aaton|tascam|pro ?tools|nagra|reaper|nuendo|fairlight|lavf", text, re.IGNORECASE
        )
    )


def _wave_chunks(window: Window) -> tuple[dict[bytes, bytes], tuple[int, bool]]:
    """Small chunks by kind, and (bytes of sound, whether they are all there). RF64 and BW64 keep 64-bit sizes in ds64."""
    found: dict[bytes, bytes] = {}
    data = (0, True)
    at = 12
    for _ in range(_CHUNKS_AT_MOST):
        head = window.read(at, 8)
        if len(head) < 8:
            break
        kind, size = unpack("<4sI", head)
        if kind == b"data":
            if size == 0xFFFFFFFF and len(found.get(b"ds64", b"")) >= 16:
                size = unpack_from("<Q", found[b"ds64"], 8)[0]
            data = (min(size, window.size - at - 8), at + 8 + size <= window.size)
        elif size <= _IXML_BYTES and kind not in found:
            found[kind] = window.read(at + 8, size)
        at += 8 + size + (size & 1)
    return found, data


_IXML = ("TAPE", "SCENE", "TAKE", "CIRCLED", "TIMECODE_RATE", "TIMECODE_FLAG", "FILE_SAMPLE_RATE",
         "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO")  # fmt: skip
_TRACK = re.compile(r"<TRACK>(.{0,2000}?)</TRACK>", re.DOTALL)
_TRACKS_AT_MOST = 64
_DESCRIBED = re.compile(r"^[a-z]?(SPEED|SCENE|TAKE|TAPE|CIRCLED)=([^\r\n]{0,200})", re.MULTILINE)
"""Recorders without iXML write ``sSCENE=12A`` and the like into bext's description, a line each; the rest of it is anybody's words."""
_SPEED = re.compile(r"0*(\d{1,3}(?:\.\d{1,3})?)-?(NDF|ND|DF)?", re.IGNORECASE)


def _ixml(data: bytes) -> dict[str, str]:
    """The technical elements of iXML, found as text: it is never parsed as XML, so no entity can expand. ``TRACKS``: names by channel."""
    text = data.decode("utf-8", "replace")
    found = {name: value for name in _IXML if (value := _element(text, name))}
    tracks: list[str] = []
    for match in list(_TRACK.finditer(text))[:_TRACKS_AT_MOST]:
        index, name = _element(match[1], "CHANNEL_INDEX"), _element(match[1], "NAME")
        tracks += [f"{index or len(tracks) + 1} {name}"] if name else []
    return {**found, "TRACKS": technical("; ".join(tracks))} if tracks else found


def _element(text: str, name: str) -> str:
    match = re.search(rf"<{name}>([^<]{{0,200}})</{name}>", text)
    return technical(unescape(match[1])) if match else ""


def _described(bext: bytes) -> dict[str, str]:
    """What a recorder wrote into bext's description under words that it shares with iXML."""
    pairs: dict[str, str] = dict(_DESCRIBED.findall(bext[:256].split(b"\0")[0].decode("latin-1")))
    found = {name: technical(value) for name, value in pairs.items() if name != "SPEED"}
    speed = _SPEED.fullmatch(pairs.get("SPEED", "").strip())
    if speed is not None:
        found |= {"TIMECODE_RATE": speed[1], "TIMECODE_FLAG": (speed[2] or "NDF").upper()}
    return {name: value for name, value in found.items() if value}


def _reference(bext: bytes, ixml: Mapping[str, str]) -> int | None:
    """Samples since midnight at which the sound starts: bext's time reference, else iXML's time stamp. None: neither says."""
    if len(bext) >= 346 and (found := unpack_from("<Q", bext, 338)[0]):
        return int(found)
    words = [ixml.get(f"TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_{half}", "") for half in ("HI", "LO")]
    if all(re.fullmatch(r"\d{1,10}", word, re.ASCII) for word in words):
        return (int(words[0]) << 32) + int(words[1])
    return None


def _since_midnight(samples: int, sample_rate: int) -> str:
    """``10:20:30.500``: a time of day to the millisecond, which needs no frame rate."""
    thousandths = samples * 1000 // sample_rate
    seconds, rest = divmod(thousandths, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"


def aiff_facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """What an AIFF or AIFF-C file's common chunk says."""
    at = 12
    for _ in range(_CHUNKS_AT_MOST):
        head = window.exactly(at, 8, "chunks")
        kind, size = unpack(">4sI", head)
        if kind == b"COMM":
            channels, samples, bits = unpack(">HIH", window.exactly(at + 8, 8, "common chunk"))
            exponent, mantissa = unpack(">HQ", window.exactly(at + 16, 10, "common chunk"))
            shift = 16383 + 63 - (exponent & 0x7FFF)
            sample_rate = mantissa >> shift if 0 <= shift < 64 else 0
            return FileFacts(
                media_class="audio", media_type="audio/aiff", sample_rate=sample_rate, samples=samples, channels=channels,
                header={"bits": str(bits)},
            ), []  # fmt: skip
        at += 8 + size + (size & 1)
    raise truncated("chunks")


def flac_facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """What FLAC's stream information says (RFC 9639, 8.2)."""
    packed = int.from_bytes(window.exactly(8 + 10, 8, "stream information"), "big")
    return FileFacts(
        media_class="audio",
        media_type="audio/flac",
        sample_rate=packed >> 44,
        channels=(packed >> 41 & 7) + 1,
        samples=packed & (1 << 36) - 1,
        header={"bits": str((packed >> 36 & 31) + 1)},
    ), []
