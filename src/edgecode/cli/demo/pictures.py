"""Frames of the demo film: a window moved over a painting, with what turns, grows or shines drawn over it."""

import math
from functools import lru_cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, PngImagePlugin

from edgecode.cli.demo.brushes import HEIGHT, WIDTH, Point, handwriting
from edgecode.cli.demo.paintings import PAINTINGS

FRAME = (192, 108)
"""Width and height of every picture of the film in pixels."""


def frame_of(picture: str, number: int, frames: int) -> Image.Image:
    """Frame *number* (from zero) of a shot of *frames* frames; a still is frame 0 of 0. The same arguments give the same pixels."""
    if not frames:
        return _painting(picture).resize(FRAME)
    part = number / frames
    painting = _painting(picture)
    if picture in _MOVING:
        painting = painting.copy()
        _MOVING[picture](ImageDraw.Draw(painting), number, part)
    # A slow push in, aimed a little off the middle, so that no two frames are equal.
    close = 0.015 + 0.1 * part
    lean = 0.35 + 0.3 * Random(picture).random()  # noqa: S311 - a camera move
    left, top = WIDTH * close * lean, HEIGHT * close * (1 - lean)
    return painting.resize(FRAME, box=(left, top, left + WIDTH * (1 - close), top + HEIGHT * (1 - close)))


@lru_cache(maxsize=40)
def _painting(picture: str) -> Image.Image:
    return PAINTINGS[picture](Random(picture))  # noqa: S311 - a drawing


def png(image: Image.Image, texts: dict[str, str] | None = None) -> bytes:
    """The PNG file of *image*, with *texts* as tEXt chunks before the pixels."""
    info = PngImagePlugin.PngInfo()
    for key, text in (texts or {}).items():
        info.add_text(key, text)
    out = BytesIO()
    image.save(out, "PNG", compress_level=1, pnginfo=info)
    return out.getvalue()


def jpeg(image: Image.Image) -> bytes:
    """The JPEG file of *image*."""
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def _reels(pen: ImageDraw.ImageDraw, number: int, part: float) -> None:
    for side, x in enumerate((82, 206)):
        full = 26 + 20 * (part if side else 1 - part)
        pen.ellipse((x - 48, 14, x + 48, 110), fill=(176, 178, 182), outline=(40, 40, 44))
        pen.ellipse((x - full, 62 - full, x + full, 62 + full), fill=(62, 36, 24))
        turn = number * 0.09 + side
        for spoke in range(3):
            angle = turn + spoke * math.tau / 3
            cx, cy = x + math.cos(angle) * 31, 62 + math.sin(angle) * 31
            pen.ellipse((cx - 11, cy - 11, cx + 11, cy + 11), fill=(52, 54, 58))
        pen.ellipse((x - 11, 51, x + 11, 73), fill=(214, 214, 210), outline=(60, 60, 60))
    pen.line((82, 109, 124, 104, 164, 104, 206, 109), fill=(62, 36, 24), width=2)


def _markers(pen: ImageDraw.ImageDraw, number: int, part: float) -> None:
    sway = math.sin(number * 0.16) * 6
    pen.line((44, 108 + sway / 3, 246, 66 - sway / 3), fill=(240, 180, 80), width=2)
    wrist: Point = (168 + sway, 128)
    for finger in range(5):
        bend = math.sin(number * 0.22 + finger * 0.9) * 7
        before = wrist
        for joint in range(1, 4):
            x = wrist[0] - 40 + finger * 16 + joint * 2 - sway * joint / 6
            y = 124 - joint * (13 if finger else 8) - bend * joint / 3
            pen.line((*before, x, y), fill=(60, 190, 180))
            pen.ellipse((x - 3, y - 3, x + 3, y + 3), fill=(190, 255, 240))
            before = (x, y)
    pen.ellipse((wrist[0] - 4, wrist[1] - 4, wrist[0] + 4, wrist[1] + 4), fill=(255, 255, 255))


def _verse(pen: ImageDraw.ImageDraw, number: int, part: float) -> None:
    written = part * 8
    for line in range(8):
        if written > line:
            handwriting(pen, line, min(1.0, written - line), (38, 42, 96), left=58, top=40, wide=190)


def _dust(pen: ImageDraw.ImageDraw, number: int, part: float) -> None:
    chance = Random(number)  # noqa: S311 - dust
    for _ in range(5):
        x, y = chance.random() * WIDTH, chance.random() * HEIGHT
        pen.ellipse((x, y, x + 2, y + 1), fill=(255, 240, 210))
    x = 60 + chance.random() * 8
    pen.line((x, 0, x + 1, HEIGHT), fill=(255, 226, 180))


def _fireflies(pen: ImageDraw.ImageDraw, number: int, part: float) -> None:
    for fly in range(16):
        x = (fly * 61 + number * (0.4 + fly % 3 * 0.3)) % WIDTH
        y = 96 + math.sin(number * 0.07 + fly) * 22 + fly % 5 * 7
        pen.ellipse((x - 1, y - 1, x + 1.5, y + 1.5), fill=(255, 250, 190))


_MOVING = {
    "tape_machine": _reels,
    "capture": _markers,
    "ink": _verse,
    "super8": _dust,
    "garden": _fireflies,
    "garden_comp": _fireflies,
}
