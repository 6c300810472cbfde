"""How alike two pictures are, by a small grid of their brightness: scaling, encoding and a change of contrast or level hardly move it.

Two measures. `likeness` is the mean of two normalised correlations, of the grid and of its slopes. `leaning` asks of a picture that
was seen whether it lies nearer to the one that was expected or to a neighbour: 0 is the expected one, 1 the neighbour. What an encoder
adds lies in no direction, so that this tells frames apart that the first measure calls alike (benchmarks/delivered_pictures.py).
"""

from collections.abc import Sequence
from operator import mul, sub

WIDE, TALL = 48, 27
"""The grid, 1,296 bytes of brightness, row by row."""

ALIKE = 0.80
"""From this likeness on two pictures are taken for the same one."""

LEANS = 0.5
"""From this leaning on a picture is taken for the neighbour, not for the one expected."""

MOVES = 0.03
"""The least distance between two pictures, of unit length each, at which they can be told apart behind an encoder."""

CLEARLY = 0.08
"""From this distance on one picture alone tells two apart; an encoder lets what moves less lag behind by a frame here and there."""

FLAT = 2.0
"""A grid whose brightness spreads less than this (standard deviation, of 255) holds no picture that could be compared."""

BLACK = 40.0
"""The most mean brightness, of 255, at which a flat picture counts as black; video levels put black at 16."""

Unit = Sequence[float]


def mean(grid: bytes) -> float:
    """The mean brightness, 0 to 255."""
    return sum(grid) / len(grid)


def is_flat(grid: bytes) -> bool:
    """Whether a picture is one brightness all over."""
    middle = mean(grid)
    return sum((value - middle) ** 2 for value in grid) / len(grid) < FLAT * FLAT


def is_black(grid: bytes) -> bool:
    """Whether a picture is black all over."""
    return is_flat(grid) and mean(grid) <= BLACK


def likeness(one: bytes, other: bytes) -> float:
    """1 for the same picture, about 0 for pictures that have nothing to do with each other, down to -1 for a negative."""
    return (_correlation(one, other) + _correlation(_slopes(one), _slopes(other))) / 2


def apart(one: bytes, other: bytes) -> float:
    """How far two pictures are from each other once brightness and contrast are taken out: 0 to 2."""
    away = list(map(sub, unit(one), unit(other)))
    return float(sum(map(mul, away, away)) ** 0.5)


def leaning(seen: bytes, expected: bytes, neighbour: bytes) -> float | None:
    """Where *seen* lies between two pictures, 0 to 1 and a little beyond; None where these are too alike to say."""
    here, there = unit(expected), unit(neighbour)
    way = list(map(sub, there, here))
    length = sum(map(mul, way, way))
    if length < MOVES * MOVES:
        return None
    gone = map(sub, unit(seen), here)
    return float(sum(map(mul, gone, way)) / length)


def unit(grid: Sequence[int]) -> Unit:
    """A grid without its mean brightness, brought to length one; of a flat one all zeros."""
    middle = sum(grid) / len(grid)
    away = [value - middle for value in grid]
    length = sum(map(mul, away, away)) ** 0.5
    return [value / length for value in away] if length else away


def _correlation(one: Sequence[int], other: Sequence[int]) -> float:
    return float(sum(map(mul, unit(one), unit(other))))


def _slopes(grid: bytes) -> list[int]:
    """The differences of neighbours, across and down."""
    across = [
        grid[row * WIDE + column + 1] - grid[row * WIDE + column] for row in range(TALL) for column in range(WIDE - 1)
    ]
    return across + list(map(sub, grid[WIDE:], grid[:-WIDE]))
