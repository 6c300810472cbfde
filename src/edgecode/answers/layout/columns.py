"""Text for people in aligned columns: counts with separators, shares that never round up to all, names that cannot move a cursor."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence

NOT_RECORDED = "not recorded"
"""What is printed for a value that nobody recorded; a cell is never empty."""


def printable(text: str) -> str:
    """A foreign name as one line of plain characters: controls, line ends and direction marks become U+FFFD."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def width(text: str) -> int:
    """How many terminal columns *text* takes: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    wide = sum(1 for c in text if unicodedata.east_asian_width(c) in "WF")
    return len(text) + wide - sum(1 for c in text if unicodedata.combining(c))


def cut_to(text: str, columns: int) -> str:
    """*text* shortened to *columns* with an ellipsis where it is longer."""
    if width(text) <= columns:
        return text
    kept = text[: columns - 1]
    while width(kept) > columns - 1:
        kept = kept[:-1]
    return f"{kept}…"


def wrapped(text: str, columns: int | None, *, indent: str = "") -> list[str]:
    """*text* in lines of at most *columns*, broken between words; a word that is longer alone stays whole. None: one line."""
    return flowed(text.split(" "), columns, gap=" ", indent=indent)


def flowed(parts: Iterable[str], columns: int | None, *, gap: str = "   ", indent: str = "") -> list[str]:
    """*parts* one after the other, in as many lines of at most *columns* as they take; no part is broken."""
    lines: list[str] = []
    for part in parts:
        if lines and (columns is None or width(lines[-1] + gap + part) <= columns):
            lines[-1] += gap + part
        else:
            lines.append(indent + part)
    return lines


def folded(line: str, columns: int | None, *, hang: int = 6) -> list[str]:
    """A line in lines of at most *columns*, broken where its parts (three spaces) end, a part that is longer alone between its words; what
    hangs is set in by *hang* more than the line. A word that is longer alone stays whole. None: the line as it is."""
    if columns is None or width(line) <= columns:
        return [line]
    text = line.lstrip(" ")
    outer = " " * (len(line) - len(text))
    inner = outer + " " * hang
    lines: list[str] = []
    for part in text.split("   "):
        if lines and width(f"{lines[-1]}   {part}") <= columns:
            lines[-1] += f"   {part}"
            continue
        for n, word in enumerate([part] if width(inner + part) <= columns else part.split(" ")):
            if n and width(f"{lines[-1]} {word}") <= columns:
                lines[-1] += f" {word}"
            else:
                lines.append((inner if lines else outer) + word)
    return lines


def aligned(
    rows: Iterable[Sequence[str]], *, right: Collection[int] = (), indent: str = "", limit: int = 48
) -> list[str]:
    """Lines of columns two spaces apart; columns in *right* are set to the right, no cell is wider than *limit*."""
    cells = [[cut_to(printable(cell), limit) for cell in row] for row in rows]
    if not cells:
        return []
    widths = [max(width(row[i]) for row in cells if i < len(row)) for i in range(max(map(len, cells)))]
    lines = []
    for row in cells:
        parts = []
        for i, cell in enumerate(row):
            space = " " * (widths[i] - width(cell))
            parts.append(f"{space}{cell}" if i in right else f"{cell}{space}")
        lines.append((indent + "  ".join(parts)).rstrip())
    return lines


def counted(number: int, thing: str, things: str = "") -> str:
    """``1 frame``, ``2,160 frames``."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def form(number: int, of_one: str, of_many: str) -> str:
    """The form of a word that goes with a number: ``form(1, "holds", "hold")``."""
    return of_one if number == 1 else of_many


def share(part: int, whole: int) -> str:
    """A percentage with two decimals, cut off and never rounded up: only all of it is 100 %, only nothing is 0.00 %."""
    if whole == 0:
        return "0 %"
    if part == whole:
        return "100 %"
    hundredths = part * 10_000 // whole
    return "under 0.01 %" if part and not hundredths else f"{hundredths // 100}.{hundredths % 100:02d} %"
