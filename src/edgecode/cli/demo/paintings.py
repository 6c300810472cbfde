"""The demo's places and things, painted once each; `pictures` moves a window over them frame by frame."""

import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from edgecode.cli.demo.brushes import (
    HEIGHT,
    WIDTH,
    bust,
    flower,
    glow,
    handwriting,
    hills,
    person,
    shape,
    sky,
    speckle,
    vignette,
    words,
)

_NIGHT = (10, 14, 32)


def street(chance: Random) -> Image.Image:
    """A harbor street before sunrise, wet from the night."""
    image = sky(
        (0, (38, 44, 92)), (0.38, (186, 112, 118)), (0.55, (250, 190, 132)), (0.56, (44, 40, 66)), (1, (22, 20, 40))
    )
    image = glow(image, (150, 92), 70, (255, 190, 120), squash=0.5)
    for side in (-1, 1):
        for house in range(5):
            near = 1 - house * 0.17
            x = 144 + side * (150 * near + 4)
            top = 92 - 78 * near
            far = 144 + side * (150 * (near - 0.17) + 4)
            shade = (24 + house * 13, 24 + house * 10, 48 + house * 10)
            image = shape(
                image, [(x, top), (far, 92 - 78 * (near - 0.15)), (far, 94 + 16 * near), (x, 94 + 66 * near)], shade
            )
            pen = ImageDraw.Draw(image)
            for _ in range(4):
                wx = x + (far - x) * (0.25 + 0.5 * chance.random())
                wy = top + 14 * near + chance.random() * 44 * near
                if chance.random() < 0.62:
                    pen.rectangle((wx, wy, wx + 5 * near, wy + 8 * near), fill=(255, 206, 128))
    for lamp in ((92, 66), (196, 66), (118, 78), (170, 78)):
        image = glow(image, lamp, 16, (255, 200, 120))
    road = image.crop((0, 40, WIDTH, 94)).transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((WIDTH, 68))
    road = road.filter(ImageFilter.GaussianBlur(3)).point(lambda v: v * 11 // 20)
    mask = Image.linear_gradient("L").resize((WIDTH, 68)).point(lambda v: 235 - v * 3 // 4)
    image.paste(road, (0, 94), mask)
    return vignette(person(image, (158, 124), 30, (18, 16, 30)), 0.45)


def house(chance: Random) -> Image.Image:
    """The songwriter's house above the sea, one window lit."""
    image = sky(
        (0, (14, 24, 58)), (0.5, (52, 84, 124)), (0.72, (214, 146, 120)), (0.73, (36, 62, 92)), (1, (14, 28, 52))
    )
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = chance.random() * WIDTH, chance.random() * 70
        pen.point((x, y), fill=(210, 220, 255))
    image = glow(image, (228, 34), 34, (230, 232, 220))
    ImageDraw.Draw(image).ellipse((218, 24, 238, 44), fill=(246, 244, 226))
    image = hills(image, 0.78, 5, (18, 24, 34), chance)
    image = shape(image, [(0, 118), (60, 104), (124, 106), (170, 132), (196, 162), (0, 162)], (12, 16, 22), soft=1)
    image = shape(image, [(62, 108), (62, 78), (94, 58), (126, 78), (126, 108)], (20, 22, 32))
    image = shape(image, [(108, 66), (108, 52), (116, 52), (116, 72)], (20, 22, 32))
    image = glow(image, (84, 90), 44, (255, 180, 84))
    ImageDraw.Draw(image).rectangle((77, 83, 91, 99), fill=(255, 216, 140))
    ImageDraw.Draw(image).line((84, 83, 84, 99), fill=(80, 50, 30))
    return vignette(image, 0.4)


def interview(chance: Random) -> Image.Image:
    """The trustee of the estate by a window, books behind."""
    image = sky((0, (64, 50, 44)), (1, (28, 22, 22)))
    pen = ImageDraw.Draw(image)
    for shelf in range(4):
        x = 132.0
        while x < WIDTH:
            wide, tall = 4 + chance.random() * 6, 22 + chance.random() * 11
            tone = chance.choice(((112, 60, 46), (70, 82, 72), (146, 112, 70), (58, 62, 86), (90, 40, 50)))
            pen.rectangle((x, 38 + shelf * 38 - tall, x + wide, 38 + shelf * 38), fill=tone)
            x += wide + 1
    image = image.filter(ImageFilter.GaussianBlur(3.2))
    image = shape(image, [(0, 0), (66, 0), (74, 162), (0, 162)], (206, 222, 236), soft=5)
    ImageDraw.Draw(image).line((34, 0, 38, 162), fill=(120, 130, 140), width=3)
    image = glow(image, (40, 70), 130, (96, 104, 110))
    image = bust(image, (134, 84), 42, (196, 168, 142), soft=2)
    image = bust(image, (138, 85), 42, (58, 42, 40), soft=4)
    return vignette(image, 0.5)


def tape_machine(chance: Random) -> Image.Image:
    """The studio's tape machine; the reels are drawn over it frame by frame."""
    image = sky((0, (66, 46, 34)), (1, (34, 24, 20)))
    image = shape(image, [(14, 10), (274, 10), (274, 154), (14, 154)], (150, 146, 138), soft=1)
    image = shape(image, [(18, 14), (270, 14), (270, 116), (18, 116)], (58, 60, 64), soft=1)
    pen = ImageDraw.Draw(image)
    for meter in (40, 104):
        pen.rectangle((meter, 122, meter + 50, 148), fill=(244, 226, 176), outline=(40, 36, 32))
        pen.arc((meter + 4, 128, meter + 46, 170), 200, 340, fill=(60, 50, 40))
        pen.line((meter + 25, 150, meter + 25 + chance.randint(-12, 14), 128), fill=(176, 32, 24))
    for key in range(5):
        shade = (196, 52, 44) if key == 4 else (214, 210, 200)
        pen.rectangle((176 + key * 18, 128, 188 + key * 18, 144), fill=shade, outline=(50, 46, 42))
    pen.rectangle((120, 92, 168, 112), fill=(86, 88, 92), outline=(30, 30, 32))
    return vignette(glow(image, (70, 20), 120, (70, 56, 36)), 0.45)


def super8(chance: Random) -> Image.Image:
    """Home film: two people on a beach, decades ago."""
    image = sky(
        (0, (250, 206, 134)),
        (0.5, (250, 176, 110)),
        (0.52, (196, 148, 112)),
        (0.66, (226, 178, 116)),
        (1, (178, 122, 72)),
    )
    image = glow(image, (206, 40), 80, (90, 60, 20))
    for x, tall in ((120, 62), (146, 54)):
        image = person(image, (x, 134), tall, (92, 52, 40))
    pen = ImageDraw.Draw(image)
    for wave in range(7):
        y = 86 + wave * 3
        pen.line((0, y, WIDTH, y + chance.randint(-2, 2)), fill=(232, 190, 140))
    image = speckle(image.filter(ImageFilter.GaussianBlur(0.8)), 34, chance)
    return vignette(image, 0.85)


def broadcast(chance: Random) -> Image.Image:
    """An old studio broadcast on tape."""
    image = sky((0, (56, 26, 92)), (1, (16, 8, 36)))
    for x, tone in ((60, (120, 40, 140)), (144, (200, 60, 120)), (228, (60, 80, 190))):
        image = glow(image, (x, 10), 90, tone)
    image = person(image, (146, 150), 118, (14, 8, 22))
    image = shape(image, [(116, 96), (184, 84), (188, 92), (120, 106)], (176, 96, 40), soft=1)
    image = shape(image, [(104, 92), (126, 88), (132, 108), (110, 114)], (190, 104, 44), soft=2)
    red, green, blue = image.split()
    image = Image.merge("RGB", (ImageChops.offset(red, 3, 0), green, ImageChops.offset(blue, -3, 0)))
    pen = ImageDraw.Draw(image)
    for y in range(0, HEIGHT, 3):
        pen.line((0, y, WIDTH, y), fill=(10, 6, 20))
    return speckle(image, 26, chance)


def broadcast_wide(chance: Random) -> Image.Image:
    """The same tape digitized again, framed a little wider and cleaner."""
    image = broadcast(chance).resize((WIDTH - 24, HEIGHT - 14))
    wide = Image.new("RGB", (WIDTH, HEIGHT), (6, 4, 12))
    wide.paste(image, (12, 7))
    return wide.point(lambda v: min(255, v * 5 // 4))


def stage(chance: Random) -> Image.Image:
    """The last concert, restored."""
    image = sky((0, (20, 12, 16)), (0.7, (62, 26, 22)), (1, (24, 12, 12)))
    for x in (70, 144, 218):
        image = shape(image, [(x - 6, 0), (x + 6, 0), (x + 44, 140), (x - 44, 140)], (118, 74, 44), soft=9)
    image = glow(image, (144, 60), 90, (120, 84, 44))
    image = person(image, (144, 136), 92, (22, 12, 10))
    image = shape(image, [(112, 92), (172, 78), (174, 86), (116, 104)], (132, 74, 30), soft=1)
    ImageDraw.Draw(image).line((170, 136, 170, 72), fill=(16, 10, 8), width=2)
    for head in range(15):
        image = shape(
            image, _bump(head * 20 + chance.randint(-5, 5), 152 + chance.randint(-6, 4), 13), (10, 6, 8), soft=1
        )
    return image


def _bump(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    return [(x + radius * math.cos(a / 8 * math.pi), y + radius * 1.15 * math.sin(a / 8 * math.pi)) for a in range(16)]


def stage_noisy(chance: Random) -> Image.Image:
    """The last concert as the tape gives it."""
    return speckle(stage(Random(chance.random())), 120, chance)  # noqa: S311 - a drawing


def portrait(chance: Random) -> Image.Image:
    """A photograph of the estate: the songwriter with a guitar."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (44, 36, 30))
    image = shape(image, [(52, 6), (238, 10), (236, 156), (50, 152)], (236, 226, 204))
    inner = glow(sky((0, (150, 122, 88)), (1, (96, 74, 52))), (170, 50), 90, (90, 74, 50))
    inner = bust(inner, (146, 70), 32, (58, 42, 30))
    inner = shape(inner, [(98, 134), (206, 92), (210, 100), (104, 146)], (176, 128, 74), soft=1)
    inner = shape(inner, _bump(108, 140, 26), (150, 100, 54), soft=1)
    mask = Image.new("L", (WIDTH, HEIGHT))
    ImageDraw.Draw(mask).polygon([(60, 14), (230, 17), (228, 140), (58, 137)], fill=255)
    image.paste(inner, (0, 0), mask)
    return vignette(speckle(image, 18, chance), 0.4)


def bandstand(chance: Random) -> Image.Image:
    """A photograph of the estate: the road years."""
    image = sky((0, (222, 208, 176)), (0.6, (188, 160, 118)), (0.62, (120, 92, 62)), (1, (76, 56, 40)))
    image = shape(image, [(84, 60), (144, 22), (206, 60)], (92, 68, 48))
    pen = ImageDraw.Draw(image)
    for post in (90, 118, 172, 200):
        pen.line((post, 60, post, 122), fill=(84, 62, 44), width=3)
    image = shape(image, [(78, 120), (212, 120), (220, 132), (70, 132)], (92, 68, 48))
    for x in (116, 136, 158, 178):
        image = person(image, (x, 120), 46, (46, 32, 24))
    return vignette(speckle(image, 22, chance), 0.55)


def main_title(chance: Random) -> Image.Image:
    """The main title."""
    image = glow(Image.new("RGB", (WIDTH, HEIGHT), (9, 9, 12)), (144, 76), 130, (34, 26, 20), squash=0.5)
    image = words(image, "THE LAST VERSE", (144, 72), 20, (240, 232, 214), spacing=1)
    ImageDraw.Draw(image).line((112, 90, 176, 90), fill=(186, 120, 70))
    return words(image, "a film about what a song leaves behind", (144, 102), 9, (170, 158, 140))


def moon_matte(chance: Random) -> Image.Image:
    """A painted moon for the night street."""
    image = glow(Image.new("RGB", (WIDTH, HEIGHT)), (208, 40), 60, (120, 130, 150))
    ImageDraw.Draw(image).ellipse((190, 22, 226, 58), fill=(238, 236, 222))
    pen = ImageDraw.Draw(image)
    for _ in range(7):
        x, y, r = 196 + chance.random() * 22, 28 + chance.random() * 22, 1 + chance.random() * 3
        pen.ellipse((x - r, y - r, x + r, y + r), fill=(214, 212, 200))
    return image


def ink(chance: Random) -> Image.Image:
    """The paper that the verse is written on; the writing is drawn frame by frame."""
    image = sky((0, (240, 230, 206)), (1, (222, 206, 172)))
    pen = ImageDraw.Draw(image)
    for y in range(30, 150, 13):
        pen.line((0, y, WIDTH, y), fill=(206, 194, 170))
    pen.line((44, 0, 44, HEIGHT), fill=(214, 150, 130))
    return vignette(speckle(image, 10, chance), 0.35)


def capture(chance: Random) -> Image.Image:
    """The capture volume; the markers are drawn frame by frame."""
    image = sky((0, (8, 22, 30)), (1, (10, 38, 46)))
    pen = ImageDraw.Draw(image)
    for line in range(-8, 9):
        pen.line((144 + line * 14, 96, 144 + line * 52, HEIGHT), fill=(24, 78, 86))
    for row in range(6):
        y = 96 + row * row * 2.4
        pen.line((0, y, WIDTH, y), fill=(24, 78, 86))
    return image


def hand(chance: Random) -> Image.Image:
    """The rendered hand on the neck of the guitar."""
    image = sky((0, (44, 40, 50)), (1, (20, 18, 24)))
    image = shape(image, [(0, 64), (288, 50), (288, 106), (0, 122)], (70, 44, 28), soft=1)
    pen = ImageDraw.Draw(image)
    for fret in range(7):
        x = 16 + fret * 42
        pen.line((x, 63 - fret * 2, x + 2, 121 - fret * 2), fill=(196, 184, 150), width=2)
    for string in range(6):
        y = 70 + string * 8.5
        pen.line((0, y, WIDTH, y - 14), fill=(218, 206, 176))
    for finger, (x, reach) in enumerate(((98, 30), (124, 40), (152, 36), (178, 24))):
        tone = (214 - finger * 8, 172 - finger * 8, 146 - finger * 8)
        for joint in range(9):
            part = joint / 8
            cx, cy, r = x + part * 12, 118 - reach * part, 11 - part * 3
            ImageDraw.Draw(image).ellipse((cx - r, cy - r, cx + r, cy + r), fill=tone)
    image = shape(image, [(86, 122), (206, 108), (232, 162), (96, 162)], (192, 152, 128), soft=3)
    return vignette(glow(image, (80, 30), 110, (60, 56, 62)), 0.5)


def garden(chance: Random) -> Image.Image:
    """The dream garden."""
    image = sky(
        (0, (28, 18, 78)), (0.4, (126, 54, 150)), (0.62, (250, 138, 160)), (0.75, (40, 96, 110)), (1, (8, 40, 58))
    )
    image = glow(image, (150, 84), 100, (150, 90, 110))
    for beam in (60, 130, 214):
        image = shape(image, [(beam, 0), (beam + 16, 0), (beam - 34, 120), (beam - 76, 120)], (186, 110, 176), soft=12)
    for ridge, tone in ((0.6, (70, 46, 116)), (0.7, (34, 66, 104)), (0.8, (14, 62, 74))):
        image = hills(image, ridge, 7, tone, chance, soft=2)
    for row in range(4):
        for _ in range(15):
            x, y = chance.random() * WIDTH, 112 + row * 13 + chance.random() * 10
            tone = chance.choice(((255, 120, 190), (120, 240, 230), (255, 210, 110), (196, 140, 255), (255, 160, 140)))
            ImageDraw.Draw(image).line((x, y, x + 1, y + 16), fill=(20, 110, 90))
            flower(image, (x, y), 2.4 + row * 1.5, tone, chance)
    bloom = image.filter(ImageFilter.GaussianBlur(5)).point(lambda v: v // 3)
    return ImageChops.add(image, bloom)


def blossom_letter(chance: Random) -> Image.Image:
    """A letter that turns into blossoms."""
    image = ImageChops.blend(letter(chance), garden(chance), 0.35)
    for _ in range(34):
        tone = chance.choice(((255, 150, 190), (255, 220, 160), (220, 160, 255)))
        flower(image, (60 + chance.random() * 170, 20 + chance.random() * 120), 3 + chance.random() * 6, tone, chance)
    return image


def courtyard(chance: Random) -> Image.Image:
    """The empty courtyard with its arch."""
    image = sky((0, (120, 116, 124)), (0.7, (92, 86, 88)), (0.71, (70, 64, 62)), (1, (46, 42, 42)))
    pen = ImageDraw.Draw(image)
    for row in range(12):
        for stone in range(-1, 10):
            x, y = stone * 32 + row % 2 * 16, row * 10
            tone = 96 + chance.randint(-9, 9)
            pen.rectangle((x, y, x + 30, y + 8), fill=(tone + 8, tone + 2, tone))
    image = image.filter(ImageFilter.GaussianBlur(0.7))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 118, WIDTH, HEIGHT), fill=(62, 58, 58))
    image.paste((38, 42, 52), (0, 0), _arch())
    return vignette(glow(image, (30, 30), 110, (50, 46, 40)), 0.45)


def _arch() -> Image.Image:
    mask = Image.new("L", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(mask)
    pen.ellipse((84, 18, 204, 138), fill=255)
    pen.rectangle((84, 78, 204, 132), fill=255)
    pen.rectangle((0, 132, WIDTH, HEIGHT), fill=0)
    return mask.filter(ImageFilter.GaussianBlur(0.8))


def garden_comp(chance: Random) -> Image.Image:
    """The dream garden seen through the courtyard's arch."""
    plate, dream = courtyard(Random(chance.random())), garden(chance)  # noqa: S311 - a drawing
    plate.paste(dream, (0, 0), _arch())
    spill = glow(Image.new("RGB", (WIDTH, HEIGHT)), (144, 134), 110, (120, 60, 110), squash=0.35)
    return person(ImageChops.add(plate, spill), (128, 142), 44, (22, 16, 30))


def night_street(chance: Random) -> Image.Image:
    """The harbor street at night under a painted moon."""
    plate = street(Random(chance.random())).point(lambda v: v * 9 // 20)  # noqa: S311 - a drawing
    blue = ImageChops.multiply(plate, Image.new("RGB", (WIDTH, HEIGHT), (150, 190, 255)))
    moon = moon_matte(chance)
    return ImageChops.lighter(blue, ImageChops.offset(moon, -60, -6))


def corridor(chance: Random) -> Image.Image:
    """A hotel corridor that nobody remembers rendering."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (96, 60, 42))
    for step in range(10):
        part = 1 - step * 0.09
        tone = (142 - step * 9, 96 - step * 6, 62 - step * 4)
        wide, tall = 144 * part, 81 * part
        image = shape(
            image,
            [(144 - wide, 81 - tall), (144 + wide, 81 - tall), (144 + wide, 81 + tall), (144 - wide, 81 + tall)],
            tone,
        )
    image = shape(image, [(0, 162), (116, 92), (172, 92), (288, 162)], (120, 30, 40))
    for door in range(4):
        near, far = 1 - door * 0.22, 1 - door * 0.22 - 0.1
        for side in (-1, 1):
            x, z = 144 + side * 128 * near, 144 + side * 128 * far
            image = shape(
                image, [(x, 81 - 44 * near), (z, 81 - 44 * far), (z, 81 + 60 * far), (x, 81 + 70 * near)], (60, 34, 26)
            )
    for lamp in range(4):
        image = glow(image, (144, 18 + lamp * 15), 34 - lamp * 7, (250, 200, 120))
    return vignette(image, 0.55)


def letter(chance: Random) -> Image.Image:
    """The letter on the songwriter's desk."""
    image = sky((0, (58, 36, 24)), (1, (30, 18, 14)))
    image = glow(image, (60, 20), 150, (150, 104, 50))
    image = shape(image, [(86, 26), (232, 40), (214, 152), (66, 134)], (238, 226, 196), soft=0.7)
    pen = ImageDraw.Draw(image)
    for line in range(7):
        handwriting(pen, line, 0.6 + 0.4 * chance.random(), (52, 44, 70), left=92 - line * 2.4, top=48, wide=124)
    image = shape(image, [(214, 96), (268, 132), (266, 137), (210, 100)], (26, 22, 30), soft=0.6)
    return vignette(image, 0.55)


def hall(chance: Random, *, full: bool = False) -> Image.Image:
    """The concert hall from the stage, a third of the seats taken; *full* fills the rest."""
    image = sky((0, (22, 10, 14)), (0.5, (74, 30, 24)), (1, (30, 14, 14)))
    for lamp in (40, 104, 184, 248):
        image = glow(image, (lamp, 30), 26, (220, 150, 80))
    for row in range(9):
        near = 0.4 + row * 0.1
        for seat in range(int(34 / near)):
            x = float(seat * 11 * near + row % 2 * 5)
            if not full and x > WIDTH * 0.45:
                continue
            y = 56 + row * row * 1.35
            if chance.random() < 0.9:
                tone = 18 + row * 6 + chance.randint(0, 18)
                ImageDraw.Draw(image).ellipse(
                    (x - 4 * near, y - 5 * near, x + 4 * near, y + 5 * near), fill=(tone + 26, tone + 8, tone)
                )
                ImageDraw.Draw(image).ellipse(
                    (x - 6 * near, y + 4 * near, x + 6 * near, y + 16 * near), fill=(tone, tone - 6, tone)
                )
    return vignette(image, 0.4)


def crowd(chance: Random) -> Image.Image:
    """The hall with the vendor's crowd in the empty seats."""
    return hall(chance, full=True)


def sea(chance: Random) -> Image.Image:
    """The sea at the end."""
    image = sky(
        (0, (92, 124, 164)),
        (0.36, (244, 190, 140)),
        (0.46, (255, 224, 170)),
        (0.47, (108, 120, 138)),
        (1, (24, 42, 66)),
    )
    image = glow(image, (176, 70), 84, (140, 100, 50))
    ImageDraw.Draw(image).ellipse((164, 58, 188, 82), fill=(255, 246, 214))
    image.paste((96, 110, 130), (0, 76, WIDTH, 78))
    pen = ImageDraw.Draw(image)
    for _ in range(240):
        y = 78 + chance.random() ** 1.5 * 84
        x = 176 + (chance.random() - 0.5) * (30 + (y - 78) * 3.4)
        wide = 2 + (y - 78) * 0.09
        pen.line((x - wide, y, x + wide, y), fill=(255, 226, 170) if chance.random() < 0.6 else (176, 168, 160))
    image = shape(image, [(0, 118), (40, 112), (96, 134), (122, 162), (0, 162)], (22, 26, 34), soft=1)
    return vignette(person(image, (54, 120), 34, (16, 18, 24)), 0.35)


PAINTINGS: dict[str, Callable[[Random], Image.Image]] = {
    painting.__name__: painting
    for painting in (
        street, house, interview, tape_machine, super8, broadcast, broadcast_wide, stage, stage_noisy, portrait, bandstand,
        main_title, moon_matte, ink, capture, hand, garden, blossom_letter, courtyard, garden_comp, night_street, corridor,
        letter, hall, crowd, sea,
    )
}  # fmt: skip
"""Every painting by name; each takes its own source of chance and gives an image of WIDTH by HEIGHT."""
