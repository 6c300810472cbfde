"""Limits of the cut readers (docs/reference/cut-formats.md): what is refused before it can hurt."""

from edgecode.errors import InputError

MAX_FILE_BYTES = 512 * 1024 * 1024
MAX_NESTING = 64
"""Nested cuts inside nested cuts; each is a stack and a track."""

MAX_JSON_DEPTH = 400
"""Brackets inside brackets: 64 nested cuts with room for metadata, and far below what the JSON decoders stand."""

MAX_XML_DEPTH = 256
"""Elements inside elements: 64 clips inside one another with what they carry."""

MAX_XML_ELEMENTS = 10_000_000
"""Elements in one document; a feature film has some hundred thousand."""

MAX_USES = 2_000_000
MAX_REPEATED_USES = 250_000
"""Uses in a cut whose nested cuts are shown by reference: a small file can ask for any number of them."""

MAX_FRAMES = 1 << 40
"""No position or length lies further out: about a thousand years at 24 frames a second."""

MAX_PARAMETER_BYTES = 64 * 1024


def refuse_large_file(data: bytes, name: str) -> None:
    """Raises InputError ``cut.too_large`` above the limit of size."""
    if len(data) > MAX_FILE_BYTES:
        raise InputError(
            "cut.too_large",
            f"{name} has {len(data)} bytes, and a cut has at most {MAX_FILE_BYTES}",
            "Export the reels one by one",
        )


def refuse_many_uses(count: int, name: str) -> None:
    """Raises InputError ``cut.too_many_clips`` above the limit of uses in one cut."""
    if count > MAX_USES:
        raise InputError(
            "cut.too_many_clips",
            f"{name} shows more than {MAX_USES} clips",
            "Export the reels one by one",
        )
