"""Sound files: WAVE with RF64, BW64, bext and iXML (EBU Tech 3285, 3306; ITU-R BS.2088), AIFF, FLAC."""

import re
from fractions import Fraction
from struct import unpack, unpack_from

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
    ixml = _ixml(found.get(b"iXML", b""))
    bext = found.get(b"bext", b"")
    reference = unpack_from("<Q", bext, 338)[0] if len(bext) >= 346 else None
    rate, drop = rate_text(ixml.get("TIMECODE_RATE", "")), ixml.get("TIMECODE_FLAG", "").upper() == "DF"
    start = (
        int(Fraction(reference, sample_rate) * Rate.of(rate).fraction) if reference and rate and sample_rate else None
    )
    header = {
        "bits": str(bits),
        "originated": technical(bext[320:330] + b" " + bext[330:338]) if len(bext) >= 338 else "",
    }
    header |= {
        "time_reference_samples": str(reference) if reference else "",
        "scene": ixml.get("SCENE", ""),
        "take": ixml.get("TAKE", ""),
    }
    software = program(bext[256:288]) if _is_device(bext[256:288]) else ""
    return FileFacts(
        media_class="audio",
        media_type="audio/wav",
        rate=rate,
        start_label=label_of(start, rate, drop_frame=drop) if start is not None else "",
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


def _ixml(data: bytes) -> dict[str, str]:
    """The technical elements of iXML, found as text: it is never parsed as XML, so no entity can expand."""
    text = data.decode("utf-8", "replace")
    names = ("TAPE", "SCENE", "TAKE", "TIMECODE_RATE", "TIMECODE_FLAG", "FILE_SAMPLE_RATE")
    matches = {name: re.search(rf"<{name}>([^<]{{0,200}})</{name}>", text) for name in names}
    return {name: technical(match[1]) for name, match in matches.items() if match}


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
