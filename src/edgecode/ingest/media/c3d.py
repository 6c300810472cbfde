"""Motion capture in C3D: rate, frames, markers and how many people were captured, from the header and the parameter section.

Source: The C3D File Format User Guide (Motion Lab Systems, 2021), "The Header Section", "The Parameter Section". No coordinate is read.
Names of subjects are the performers': `facts` leaves them out, `subjects` gives them to whoever links them to people.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import isfinite, prod
from struct import unpack_from

from msgspec import Struct

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.media.timecode import rate_text
from edgecode.ingest.media.window import Window, malformed, number, program, technical, truncated
from edgecode.terms.cuts import Diagnostic

BLOCK = 512
_KEY = 0x50
_INTEL, _DEC, _MIPS = 84, 85, 86
_ENTRIES_AT_MOST = 20_000
_VALUES_AT_MOST = 4_096
_CHARACTERS, _BYTES, _WORDS, _REALS = -1, 1, 2, 4
_LISTS_AT_MOST = 20
"""LABELS, LABELS2 … LABELS20: each holds 255 names."""

Floats = Callable[[bytes], float]


class Parameter(Struct, frozen=True):
    """One parameter: texts (stripped) or numbers, in the order of the file."""

    texts: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()


class C3d(Struct, frozen=True):
    """What the two sections say. *parameters* by ``GROUP:NAME`` in capitals."""

    points: int
    analog: int
    first_frame: int
    last_frame: int
    rate: float
    scale: float
    data_block: int
    parameters: Mapping[str, Parameter]

    def texts(self, name: str) -> tuple[str, ...]:
        """A parameter's texts; () where it is not there."""
        return self.parameters.get(name, Parameter()).texts

    def count(self, name: str) -> float | None:
        """A parameter's first number; None where it is not there."""
        return next(iter(self.parameters.get(name, Parameter()).numbers), None)

    @property
    def frames(self) -> int:
        """How many frames there are. The header's words end at 65,535: TRIAL's two words and LONG_FRAMES go on."""
        first, last = self._field("TRIAL:ACTUAL_START_FIELD"), self._field("TRIAL:ACTUAL_END_FIELD")
        if first is not None and last is not None and last >= first:
            return last - first + 1
        long = self.count("POINT:LONG_FRAMES") or self.count("POINT:FRAMES")
        counted = max(0, self.last_frame - self.first_frame + 1) if self.last_frame else 0
        return int(long) if long is not None and isfinite(long) and long > counted else counted

    def _field(self, name: str) -> int | None:
        """A frame number of two words, the low one first."""
        words = self.parameters.get(name, Parameter()).numbers
        return (int(words[0]) & 0xFFFF) + ((int(words[1]) & 0xFFFF) << 16) if len(words) == 2 else None

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the markers, subjects' prefixes included."""
        lists = ["POINT:LABELS", *(f"POINT:LABELS{count}" for count in range(2, _LISTS_AT_MOST + 1))]
        return tuple(label for name in lists for label in self.texts(name) if label)

    @property
    def subjects(self) -> tuple[str, ...]:
        """What the operator called who was captured; where no group says so, the prefixes of labels (``Ann:LFHD``)."""
        named = self.texts("SUBJECTS:NAMES")
        prefixes = (label.partition(":")[0].strip() for label in self.labels if ":" in label)
        return tuple(dict.fromkeys(name for name in (named or prefixes) if name))


def looks_like(head: bytes) -> bool:
    """Whether a file begins as a C3D does: the block of its parameters, then the key; there the same key again, or nothing yet."""
    at = (head[0] - 1) * BLOCK if head[:1] else 0
    return len(head) >= 24 and head[1] == _KEY and 2 <= head[0] <= 16 and (len(head) < at + 4 or head[at + 3] in _KNOWN)


_KNOWN = frozenset({_INTEL, _DEC, _MIPS})


def facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """What a C3D says of itself: frames and rate, counts of markers, subjects and analog channels, the program that wrote it.

    Markers are counted. Their labels are whatever the operator typed, mostly with whose they are, and are left out with the subjects.
    """
    read = read_c3d(window)
    maker = " ".join(text for name in ("COMPANY", "SOFTWARE") for text in read.texts(f"MANUFACTURER:{name}")[:1])
    rate = rate_text(Fraction(str(round(read.rate, 6)))) if isfinite(read.rate) and 0 < read.rate < 1e6 else ""
    software = program(maker)
    header = {
        "markers": str(read.points),
        "subjects": str(len(read.subjects)) if read.subjects else "",
        "analog_channels": number(read.count("ANALOG:USED") or 0) if read.count("ANALOG:USED") else "",
        "analog_rate": number(read.count("ANALOG:RATE") or 0) if read.count("ANALOG:RATE") else "",
        "units": technical(next(iter(read.texts("POINT:UNITS")), "")),
        "first_frame": str(read.first_frame),
        # A rate above what the trade plays at has no place among rates of media.
        "capture_rate": number(read.rate) if not rate and isfinite(read.rate) and read.rate > 0 else "",
    }
    return FileFacts(
        media_class="other",
        media_type="model/x-c3d",
        rate=rate,
        frames=read.frames,
        software=software,
        header_key=software,
        header={name: value for name, value in header.items() if value},
    ), _problems(read, window.size)


def subjects(window: Window) -> tuple[str, ...]:
    """What the operator called the people who were captured, as written: names, to be linked to people and kept nowhere else."""
    return read_c3d(window).subjects


def _problems(read: C3d, size: int) -> list[Diagnostic]:
    """Whether the coordinates are all there: whole numbers take two bytes, reals (a scale below zero) four."""
    width = 4 if read.scale < 0 else 2
    needed = (read.data_block - 1) * BLOCK + read.frames * (4 * read.points + read.analog) * width
    if read.data_block >= 2 and needed > size:
        return [Diagnostic("media.truncated", "the file ends inside its frames", effect="approximate")]
    return []


def read_c3d(window: Window) -> C3d:
    """Header and parameters. Raises InputError ``media.truncated`` and ``media.malformed``."""
    head = window.exactly(0, BLOCK, "header")
    if not looks_like(head):
        raise malformed("it does not begin as a C3D does")
    at = (head[0] - 1) * BLOCK
    start = window.exactly(at, 4, "parameter section")
    if start[3] not in _KNOWN:
        raise malformed("nobody can tell which processor wrote its numbers")
    order = ">" if start[3] == _MIPS else "<"
    real = _reals(start[3])
    points, analog, first, last = unpack_from(f"{order}4H", head, 2)
    body = window.read(at + 4, max(1, start[2] or 255) * BLOCK - 4)
    return C3d(
        points=points,
        analog=analog,
        first_frame=first,
        last_frame=last,
        rate=real(head[20:24]),
        scale=real(head[12:16]),
        data_block=unpack_from(f"{order}H", head, 16)[0],
        parameters=_named(list(_entries(body, order, real))),
    )


def _reals(processor: int) -> Floats:
    """How a real number is read: IEEE in either byte order, or DEC's, whose words are swapped and whose exponent is two higher."""
    if processor == _DEC:
        return lambda data: float(unpack_from("<f", data[2:4] + data[0:2])[0]) / 4
    order = ">" if processor == _MIPS else "<"
    return lambda data: float(unpack_from(f"{order}f", data)[0])


class _Entry(Struct, frozen=True):
    """A group (*group* below zero) or a parameter of the group with that number."""

    group: int
    name: str
    parameter: Parameter


def _entries(body: bytes, order: str, real: Floats) -> Iterator[_Entry]:
    at = 0
    for _ in range(_ENTRIES_AT_MOST):
        if at + 2 > len(body):
            raise truncated("parameter section")
        length, group = abs(int.from_bytes(body[at : at + 1], "big", signed=True)), body[at + 1]
        if length == 0 or group == 0:
            return
        group -= 256 if group > 127 else 0
        after = at + 2 + length
        if after + 2 > len(body):
            raise truncated("parameter section")
        name = technical(body[at + 2 : after]).upper()
        offset = unpack_from(f"{order}H", body, after)[0]
        yield _Entry(group, name, _parameter(body, after + 2, order, real) if group > 0 else Parameter())
        if offset == 0:
            return
        at = after + offset


def _parameter(body: bytes, at: int, order: str, real: Floats) -> Parameter:
    if at + 2 > len(body):
        raise truncated("parameter section")
    kind, many = int.from_bytes(body[at : at + 1], "big", signed=True), body[at + 1]
    sizes = tuple(body[at + 2 : at + 2 + many])
    data = body[at + 2 + many :][: prod(sizes) * abs(kind)] if kind in (-1, 1, 2, 4) else b""
    if len(sizes) < many or len(data) < prod(sizes) * abs(kind):
        raise truncated("parameter section")
    if kind == _CHARACTERS:
        width = sizes[0] if sizes else 1
        pieces = (data[i : i + width] for i in range(0, len(data), width)) if width else ()
        return Parameter(texts=tuple(_text(piece) for piece in pieces))
    count = min(prod(sizes), _VALUES_AT_MOST)
    if kind == _WORDS:
        return Parameter(numbers=unpack_from(f"{order}{count}H", data))
    if kind == _REALS:
        return Parameter(numbers=tuple(real(data[4 * i : 4 * i + 4]) for i in range(count)))
    return Parameter(numbers=tuple(data[:count]) if kind == _BYTES else ())


def _text(data: bytes) -> str:
    """A label: padded with spaces or zeroes; in UTF-8, or as older systems wrote it."""
    try:
        text = data.split(b"\0")[0].decode("utf-8")
    except UnicodeDecodeError:
        text = data.split(b"\0")[0].decode("latin-1")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _named(entries: list[_Entry]) -> dict[str, Parameter]:
    groups = {-one.group: one.name for one in entries if one.group < 0}
    found: dict[str, Parameter] = {}
    for one in entries:
        if one.group > 0:
            found.setdefault(f"{groups.get(one.group, '')}:{one.name}", one.parameter)
    return found
