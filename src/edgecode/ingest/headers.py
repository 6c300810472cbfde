"""What a media file's own header says of it, told by its first bytes; the suffix is only a hint. Bounded, never raises for a file."""

import struct
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.events.file_facts import FileFacts
from edgecode.events.kinds import MediaClass
from edgecode.ingest.media import bvh, c3d, dpx, exr, isobmff, jpeg, matroska, png, safetensors, sound, tiff, webp
from edgecode.ingest.media.window import HEADER_BUDGET_BYTES, Window
from edgecode.ingest.media_kinds import media_class_of
from edgecode.terms.cuts import Diagnostic

_Reader = Callable[[Window], tuple[FileFacts, list[Diagnostic]]]
_RIFF_KINDS: dict[bytes, _Reader] = {b"WEBP": webp.facts, b"WAVE": sound.wave_facts}
_MAGICS: tuple[tuple[bytes, _Reader], ...] = (
    (exr.MAGIC, exr.facts),
    (dpx.BIG, dpx.facts),
    (dpx.LITTLE, dpx.facts),
    (png.MAGIC, png.facts),
    (jpeg.MAGIC, jpeg.facts),
    (matroska.MAGIC, matroska.facts),
    (b"fLaC", sound.flac_facts),
    (bvh.MAGIC, bvh.facts),
    *((magic, tiff.facts) for magic in tiff.MAGICS),
)
_BOXES = (b"ftyp", b"moov", b"wide", b"mdat", b"free", b"skip", b"pnot")
_MEDIA_TYPES = {
    "gguf": "application/x-gguf",
    "ckpt": "application/x-pickle",
    "pt": "application/x-pickle",
    "json": "application/json",
}


def read_header(path: Path) -> tuple[FileFacts, list[Diagnostic]]:
    """The facts of a file's header and the problems met. Never raises for what a file holds; a file that cannot be opened,
    is empty, cut short or malformed keeps the class of its suffix and comes with a Diagnostic (codes ``media.*``).

    Reads 64 KiB and at most 8 MiB more. Personal fields (owner, artist, comments, file paths) are never kept.
    """
    by_suffix = FileFacts(
        media_class=media_class_of(path.name) or "other",
        media_type=_MEDIA_TYPES.get(path.suffix.lower().lstrip("."), ""),
    )
    try:
        with Window(path, budget=_budget(path)) as window:
            if not window.size:
                return by_suffix, [Diagnostic("media.empty", "the file holds no bytes", effect="row-missing")]
            reader = _reader(window)
            if reader is not None:
                facts, diagnostics = reader(window)
                return _classed(facts, by_suffix.media_class, cut_short=bool(diagnostics)), diagnostics
            return by_suffix, _unrecognized(path, by_suffix.media_class)
    except InputError as problem:
        return by_suffix, [Diagnostic(problem.code, problem.sentence, effect="approximate")]
    except OSError as problem:
        sentence = f"the file cannot be read: {problem.strerror or 'input/output error'}"
        return by_suffix, [Diagnostic("media.unreadable", sentence, effect="row-missing")]
    except (struct.error, ValueError, IndexError, OverflowError, RecursionError):
        # A reader met a value that it does not expect: the file is malformed, and one bad file must not end a scan.
        return by_suffix, [Diagnostic("media.malformed", "its header contradicts its own format", effect="approximate")]


def _classed(facts: FileFacts, by_suffix: MediaClass, *, cut_short: bool) -> FileFacts:
    """A file cut short before its first track says no class: then the suffix does."""
    if cut_short and facts.media_class == "other":
        return replace(facts, media_class=by_suffix)
    return facts


def _budget(path: Path) -> int:
    large = path.suffix.lower() in (".safetensors", ".sft", ".latent")
    return safetensors.HEADER_BYTES_AT_MOST + HEADER_BUDGET_BYTES if large else HEADER_BUDGET_BYTES


def _reader(window: Window) -> _Reader | None:
    head = window.head
    for magic, reader in _MAGICS:
        if head.startswith(magic):
            return reader
    if head[:4] in (b"RIFF", b"RF64", b"BW64"):
        return _RIFF_KINDS.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return sound.aiff_facts
    if head[4:8] in _BOXES:
        return isobmff.facts
    if safetensors.looks_like(head, window.size):
        return safetensors.facts
    if c3d.looks_like(head):
        return c3d.facts
    return None


_READ_SUFFIXES = frozenset(
    [
        "exr",
        "sxr",
        "dpx",
        "png",
        "apng",
        "jpg",
        "jpeg",
        "jpe",
        "webp",
        "tif",
        "tiff",
        "dng",
        "heic",
        "heif",
        "avif",
        "mov",
        "mp4",
        "m4v",
        "mkv",
        "webm",
        "wav",
        "wave",
        "bwf",
        "rf64",
        "aif",
        "aiff",
        "aifc",
        "flac",
        "m4a",
        "safetensors",
        "sft",
        "c3d",
        "bvh",
    ]
)


def _unrecognized(path: Path, media_class: MediaClass) -> list[Diagnostic]:
    """A file whose suffix promises a format that its bytes are not; formats that are never read are no problem."""
    suffix = path.suffix.lower().lstrip(".")
    if suffix not in _READ_SUFFIXES:
        return []
    return [
        Diagnostic("media.not_its_suffix", f"its first bytes are not those of a .{suffix} file", effect="approximate")
    ]
