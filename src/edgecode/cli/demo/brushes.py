"""Brushes for the demo's pictures: gradients, light, silhouettes and lettering, drawn with Pillow at 1.5 times the frame."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 288, 162
"""The size of a painting in pixels; a frame of the film is a slowly moving window on it, two thirds its size."""

Color = tuple[int, int, int]
Point = tuple[float, float]


def sky(*stops: tuple[float, Color]) -> Image.Image:
    """A vertical gradient through *stops*: (height from 0 at the top to 1 at the bottom, color), in order."""
    column = Image.new("RGB", (1, HEIGHT))
    column.putdata([_between(stops, y / (HEIGHT - 1)) for y in range(HEIGHT)])
    return column.resize((WIDTH, HEIGHT))


def _between(stops: tuple[tuple[float, Color], ...], at: float) -> Color:
    low = max((stop for stop in stops if stop[0] <= at), default=stops[0])
    high = min((stop for stop in stops if stop[0] >= at), default=stops[-1])
    part = (at - low[0]) / (high[0] - low[0]) if high[0] > low[0] else 0.0
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(low[1], high[1], strict=True))
    return red, green, blue


def glow(image: Image.Image, center: Point, radius: float, color: Color, *, squash: float = 1.0) -> Image.Image:
    """*image* with light of *color* added around *center*, fading to nothing at *radius*; *squash* flattens it."""
    spot = Image.new("RGB", (WIDTH, HEIGHT))
    ring = ImageDraw.Draw(spot)
    for step in range(12, 0, -1):
        reach = radius * step / 12
        strength = (1 - step / 13) ** 2
        red, green, blue = (round(part * strength) for part in color)
        x, y = center
        box = (x - reach, y - reach * squash, x + reach, y + reach * squash)
        ring.ellipse(box, fill=(red, green, blue))
    return ImageChops.add(image, spot.filter(ImageFilter.GaussianBlur(radius / 14 + 1)))


def shape(image: Image.Image, outline: list[Point], color: Color, *, soft: float = 0.0) -> Image.Image:
    """*image* with a filled outline; *soft* blurs its edge in pixels."""
    mask = Image.new("L", (WIDTH, HEIGHT))
    ImageDraw.Draw(mask).polygon(outline, fill=255)
    if soft:
        mask = mask.filter(ImageFilter.GaussianBlur(soft))
    image.paste(color, (0, 0), mask)
    return image


def person(image: Image.Image, foot: Point, tall: float, color: Color, *, soft: float = 0.6) -> Image.Image:
    """*image* with a standing figure in silhouette."""
    x, y = foot
    head, half = tall * 0.075, tall * 0.13
    body: list[Point] = [
        (x - half * 0.7, y),
        (x - half * 0.8, y - tall * 0.45),
        (x - half, y - tall * 0.78),
        (x - half * 0.3, y - tall * 0.86),
        (x + half * 0.3, y - tall * 0.86),
        (x + half, y - tall * 0.78),
        (x + half * 0.8, y - tall * 0.45),
        (x + half * 0.7, y),
    ]
    image = shape(image, body, color, soft=soft)
    return shape(image, _circle((x, y - tall * 0.93), head), color, soft=soft)


def bust(image: Image.Image, at: Point, size: float, color: Color, *, soft: float = 1.2) -> Image.Image:
    """*image* with head and shoulders in silhouette; *at* is the chin."""
    x, y = at
    shoulders: list[Point] = [
        (x - size * 1.25, y + size * 2.4),
        (x - size * 1.15, y + size * 0.95),
        (x - size * 0.85, y + size * 0.5),
        (x - size * 0.3, y + size * 0.25),
        (x - size * 0.28, y - size * 0.2),
        (x + size * 0.28, y - size * 0.2),
        (x + size * 0.3, y + size * 0.25),
        (x + size * 0.85, y + size * 0.5),
        (x + size * 1.15, y + size * 0.95),
        (x + size * 1.25, y + size * 2.4),
    ]
    image = shape(image, shoulders, color, soft=soft)
    head = [
        (px, y - size * 0.55 + (py - y + size * 0.55) * 1.25) for px, py in _circle((x, y - size * 0.55), size * 0.52)
    ]
    return shape(image, head, color, soft=soft)


def _circle(center: Point, radius: float) -> list[Point]:
    return [
        (center[0] + radius * math.cos(turn / 20 * math.pi), center[1] + radius * math.sin(turn / 20 * math.pi))
        for turn in range(40)
    ]


def flower(image: Image.Image, at: Point, radius: float, color: Color, chance: Random) -> None:
    """Draws a blossom of overlapping petals onto *image*."""
    pen = ImageDraw.Draw(image)
    turn = chance.random() * math.tau
    for petal in range(6):
        angle = turn + petal * math.tau / 6
        x, y = at[0] + math.cos(angle) * radius * 0.6, at[1] + math.sin(angle) * radius * 0.6
        fade = 0.75 + 0.25 * chance.random()
        red, green, blue = (round(part * fade) for part in color)
        pen.ellipse((x - radius * 0.5, y - radius * 0.5, x + radius * 0.5, y + radius * 0.5), fill=(red, green, blue))
    pen.ellipse(
        (at[0] - radius * 0.3, at[1] - radius * 0.3, at[0] + radius * 0.3, at[1] + radius * 0.3), fill=(255, 236, 170)
    )


def hills(
    image: Image.Image, base: float, rough: float, color: Color, chance: Random, *, soft: float = 1.0
) -> Image.Image:
    """*image* with a ridge across it at about the height *base* (0 top, 1 bottom)."""
    phases = [chance.random() * math.tau for _ in range(3)]
    ridge: list[Point] = [(0.0, float(HEIGHT))]
    for x in range(0, WIDTH + 8, 8):
        wave = sum(math.sin(x / (70 / (k + 1)) + phases[k]) / (k + 1) for k in range(3))
        ridge.append((x, HEIGHT * base + wave * rough))
    ridge.append((float(WIDTH), float(HEIGHT)))
    return shape(image, ridge, color, soft=soft)


def vignette(image: Image.Image, strength: float = 0.6) -> Image.Image:
    """*image* darker toward its corners."""
    mask = Image.new("L", (WIDTH // 4, HEIGHT // 4), 0)
    ImageDraw.Draw(mask).ellipse((-8, -12, WIDTH // 4 + 8, HEIGHT // 4 + 12), fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(10)).resize((WIDTH, HEIGHT))
    floor = round(255 * (1 - strength))
    return ImageChops.multiply(image, Image.merge("RGB", [mask.point(lambda v: max(v, floor))] * 3))


def speckle(image: Image.Image, amount: int, chance: Random) -> Image.Image:
    """*image* with film grain: coarse noise of *amount* levels, the same for the same *chance*."""
    noise = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), chance.randbytes(WIDTH // 2 * (HEIGHT // 2)))
    noise = noise.resize((WIDTH, HEIGHT)).point(lambda v: v * amount // 255)
    return ImageChops.add(image, Image.merge("RGB", [noise] * 3), offset=-(amount // 2))


def words(image: Image.Image, text: str, at: Point, size: int, color: Color, *, spacing: int = 0) -> Image.Image:
    """*image* with centered lettering; *spacing* puts thin spaces between letters."""
    spread = (" " * spacing).join(text) if spacing else text
    ImageDraw.Draw(image).text(at, spread, font=ImageFont.load_default(size), fill=color, anchor="mm")
    return image


def handwriting(
    pen: ImageDraw.ImageDraw, line: int, part: float, ink: Color, *, left: float, top: float, wide: float
) -> None:
    """Draws the first *part* (0 to 1) of one handwritten *line*: loops that differ from line to line."""
    chance = Random(line * 7919)  # noqa: S311 - a drawing, not a secret
    points: list[Point] = []
    for step in range(int(90 * part)):
        x = left + wide * step / 90
        height = 2.6 + 2.2 * math.sin(step * 0.21 + line)
        gap = step % 17 > 14
        wiggle = math.sin(step * 1.15 + line) * height * (0.4 if gap else 1.0) + chance.random()
        points.append((x + math.cos(step * 1.15) * 1.6, top + line * 13 - wiggle))
    if len(points) > 1:
        pen.line(points, fill=ink, width=1)
