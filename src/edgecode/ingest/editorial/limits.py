"""Limits of the cut readers (docs/reference/cut-formats.md): what is refused before it can hurt."""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm

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

MAX_TIME_BITS = 4096
"""Digits of the common clock of a cut's times, and of any one of them: the largest of real files has 32 bits."""


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


def refuse_fine(number: int | Fraction, name: str = "the cut") -> None:
    """Raises InputError ``time.too_fine`` for a number with more digits than any time has: sums of such times never end."""
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > MAX_TIME_BITS:
        raise _too_fine(name)


def refuse_fine_clock(moments: Iterable[int | Fraction], name: str) -> None:
    """Raises InputError ``time.too_fine`` where *moments* have no common clock within the limit: every later step counts in its ticks."""
    clock = 1
    for moment in moments:
        refuse_fine(moment, name)
        if clock % moment.denominator:
            clock = lcm(clock, moment.denominator)
            if clock.bit_length() > MAX_TIME_BITS:
                raise _too_fine(name)


def _too_fine(name: str) -> InputError:
    return InputError(
        "time.too_fine",
        f"the times in {name} have no common clock that any editing program has",
        "Export the cut again, at one rate",
    )
