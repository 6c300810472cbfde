"""DPX headers (SMPTE ST 268-1): fixed fields in either byte order; file names, project, copyright and slate text stay unread."""

import math
import re
from struct import unpack_from

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.media.timecode import rate_text, start_of
from edgecode.ingest.media.window import Window, malformed, program, technical
from edgecode.terms.cuts import Diagnostic

BIG, LITTLE = b"SDPX", b"XPDS"

_GENERIC_BYTES, _HEADER_BYTES = 1664, 2048
_UNDEFINED = 0xFFFFFFFF
_DESCRIPTORS = {6: "luminance", 50: "rgb", 51: "rgba", 52: "abgr", 100: "cbycry", 102: "cbycr", 103: "cbycra"}
_TRANSFERS = {1: "printing density", 2: "linear", 3: "logarithmic", 6: "rec709", 7: "bt601-625", 8: "bt601-525"}
# The creator field is free text: a person's name may stand there, so only names of programs are kept.
_KNOWN_PROGRAM = re.compile(
    r"nuke|openimageio|oiio|resolve|davinci|scratch|baselight|filmlight|flame|lustre|autodesk|northlight|scanity|spirit|"
    r"arri|imagica|lasergraphics|lavc|lavf|ffmpeg|imagemagick|graphicsmagick|fusion|clipster|mistika|shake|digital vision|phoenix",
    re.IGNORECASE,
)


def facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """What a DPX header says: size, depth, transfer, film edge code, television timecode and rate, input device."""
    order = ">" if window.head[:4] == BIG else "<"
    data = window.exactly(0, _GENERIC_BYTES, "image header") + window.read(
        _GENERIC_BYTES, _HEADER_BYTES - _GENERIC_BYTES
    )
    width, height = unpack_from(f"{order}II", data, 772)
    if not 0 < width < _UNDEFINED or not 0 < height < _UNDEFINED:
        raise malformed("its image has no size")
    header, diagnostics = _image(data, order), []
    offset = unpack_from(f"{order}I", data, 4)[0]
    if offset != _UNDEFINED and offset >= window.size:
        diagnostics.append(Diagnostic("media.truncated", "the file ends before its pixels", effect="none"))
    announced = unpack_from(f"{order}I", data, 16)[0]
    if window.size < announced < _UNDEFINED and not diagnostics:
        text = f"the file ends before the {announced} bytes that it says it has"
        diagnostics.append(Diagnostic("media.truncated", text, effect="approximate"))
    rate, label = "", ""
    if len(data) == _HEADER_BYTES:
        header |= _film(data, order)
        rate, label = _television(data, order)
    start, drop = start_of(label, rate, drop_frame=False)
    camera = technical(data[1556:1588])
    creator = program(data[160:260])
    software = creator if _KNOWN_PROGRAM.search(creator) else ""
    return FileFacts(
        media_class="still",
        media_type="image/x-dpx",
        width=width,
        height=height,
        rate=rate,
        frames=1,
        start_label=label,
        start=start,
        drop_frame=drop,
        camera=camera,
        software=software,
        header_key=camera or software,
        header=header,
    ), diagnostics


def _image(data: bytes, order: str) -> dict[str, str]:
    descriptor, transfer, _, bits = data[800:804]
    header = {
        "byte_order": "big" if order == ">" else "little",
        "version": technical(data[8:16]),
        "elements": str(unpack_from(f"{order}H", data, 770)[0]),
        "descriptor": _DESCRIPTORS.get(descriptor, str(descriptor)),
        "transfer": _TRANSFERS.get(transfer, str(transfer)),
        "bits": str(bits),
        "created": technical(data[136:160]),
        "device_serial": technical(data[1588:1620]),
    }
    return {name: value for name, value in header.items() if value}


def _film(data: bytes, order: str) -> dict[str, str]:
    edge = technical(
        b"-".join(
            data[a:b].split(b"\0")[0].strip() for a, b in ((1664, 1666), (1666, 1668), (1670, 1676), (1676, 1680))
        )
    )
    header = {"film_edge_code": edge if edge.strip("- \ufffd") else "", "film_format": technical(data[1680:1712])}
    for name, at in (("film_frame_position", 1712), ("film_sequence_length", 1716), ("film_held_count", 1720)):
        value = unpack_from(f"{order}I", data, at)[0]
        if 0 < value < _UNDEFINED:
            header[name] = str(value)
    return {name: value for name, value in header.items() if value}


def _television(data: bytes, order: str) -> tuple[str, str]:
    """(rate, label): the television header's rate, else the film header's; the label of a defined binary-coded timecode."""
    rates = (unpack_from(f"{order}f", data, at)[0] for at in (1940, 1724))
    rate = next((rate_text(f"{value:.4f}") for value in rates if math.isfinite(value) and 0 < value < 1000), "")
    word = unpack_from(f"{order}I", data, 1920)[0]
    digits = f"{word:08x}"
    if word == _UNDEFINED or not digits.isdigit():
        return rate, ""
    # A header of zeroes also means "not set": midnight is believed only when the user bits or the rate say television.
    if word == 0 and not unpack_from(f"{order}f", data, 1940)[0] > 0:
        return rate, ""
    return rate, ":".join(digits[i : i + 2] for i in (0, 2, 4, 6))
