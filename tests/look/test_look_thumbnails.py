"""Thumbnails: small, bounded, and never an exception, whatever the file holds."""

import struct
import zlib
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageChops, ImageStat

from edgecode.answers.look.decoders import UnreadableError, decode_dpx, decode_exr
from edgecode.answers.look.thumbnails import MAX_BYTES, SIZE, thumbnail
from edgecode.cli.demo.exr import Compression, exr
from edgecode.cli.demo.pictures import frame_of, png
from edgecode.cli.demo.sound import wave


def far_apart(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures in levels."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("compression", ["none", "zips", "zip"])
def test_an_exr_comes_back_as_the_picture_it_was_made_from(compression: Compression) -> None:
    picture = frame_of("sea", 3, 10)

    read = decode_exr(exr(picture, compression=compression), max_pixels=10**6, fit=SIZE)

    assert read.size == picture.size
    assert far_apart(read, picture) < 3


def test_a_run_length_coded_exr_is_read() -> None:
    plain = exr(Image.new("RGB", (16, 4), (128, 64, 32)), compression="none")
    coded = run_length_coded(plain, width=16, height=4)

    assert decode_exr(coded, max_pixels=1000, fit=SIZE).getpixel((3, 2)) == decode_exr(
        plain, max_pixels=1000, fit=SIZE
    ).getpixel((3, 2))


def run_length_coded(plain: bytes, *, width: int, height: int) -> bytes:
    """The same file with compression RLE, every run coded as literal bytes."""
    marker = b"compression\0compression\0" + struct.pack("<i", 1)
    at = plain.index(marker) + len(marker)
    body = len(plain) - height * (8 + width * 6)
    table = body - 8 * height
    head = bytearray(plain[:table])
    head[at] = 1
    chunks = []
    for y in range(height):
        start = body + y * (8 + width * 6) + 8
        raw = plain[start : start + width * 6]
        split = raw[0::2] + raw[1::2]
        coded = bytes([split[0]]) + bytes((b - a + 128) & 255 for a, b in pairwise(split))
        runs, i = bytearray(), 0
        while i < len(coded):
            n = 1
            while n < 120 and i + n < len(coded) and coded[i + n] == coded[i]:
                n += 1
            runs += bytes([n - 1, coded[i]]) if n > 1 else bytes([255, coded[i]])
            i += n
        chunks.append(struct.pack("<ii", y, len(runs)) + bytes(runs))
    offset, table_bytes = len(head) + 8 * height, b""
    for chunk in chunks:
        table_bytes += struct.pack("<Q", offset)
        offset += len(chunk)
    return bytes(head) + table_bytes + b"".join(chunks)


def test_an_exr_that_promises_too_many_pixels_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    data = exr(Image.new("RGB", (8, 8)), compression="zip")
    window = struct.pack("<iiii", 0, 0, 7, 7)
    huge = data.replace(window, struct.pack("<iiii", 0, 0, 99_999, 99_999))
    (tmp_path / "huge.exr").write_bytes(huge)

    assert thumbnail(tmp_path / "huge.exr") is None


def test_a_picture_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    size = struct.pack(">II", 60_000, 60_000) + b"\x08\x00\x00\x00\x00"
    chunk = b"IHDR" + size
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    (tmp_path / "bomb.png").write_bytes(bomb + b"\x00\x00\x00\x00IEND\xaeB`\x82")

    assert thumbnail(tmp_path / "bomb.png") is None


@pytest.mark.parametrize("name", ["cut.exr", "cut.dpx", "cut.png", "cut.wav", "empty.exr", "text.mov", "none.tif"])
def test_broken_files_have_no_picture_and_raise_nothing(tmp_path: Path, name: str) -> None:
    whole = {
        "cut.exr": exr(frame_of("sea", 0, 10), compression="zip")[:2000],
        "cut.dpx": b"SDPX" + bytes(900),
        "cut.png": png(frame_of("sea", 0, 10))[:300],
        "cut.wav": wave("air", 2)[:40],
        "empty.exr": b"",
        "text.mov": b"no video at all",
        "none.tif": b"II*\0" + b"\xff" * 40,
    }
    (tmp_path / name).write_bytes(whole[name])

    assert thumbnail(tmp_path / name) is None


def test_every_single_byte_cut_off_an_exr_leaves_no_exception(tmp_path: Path) -> None:
    data = exr(Image.new("RGB", (9, 5), (90, 20, 10)), compression="zips")
    path = tmp_path / "short.exr"
    for length in range(0, len(data), 7):
        path.write_bytes(data[:length])
        assert thumbnail(path) is None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["a.exr", "b.exr", "a.png", "a.jpg", "a.tif", "a.webp", "a.dpx", "a.wav"])
def test_no_damage_to_a_file_raises_anything_or_gives_a_large_picture(tmp_path: Path, name: str) -> None:
    chance, whole, too_large = Random(name), whole_file(name), 0
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(min(len(damaged), 900))] = chance.choice((0, 1, 127, 128, 255))
        length = chance.choice((len(damaged), chance.randrange(len(damaged))))
        (tmp_path / name).write_bytes(damaged[:length])
        small = thumbnail(tmp_path / name)
        too_large += small is not None and len(small) > MAX_BYTES * 2

    assert too_large == 0


def whole_file(name: str) -> bytes:
    """A whole little file of that kind."""
    picture, out = Image.new("RGB", (24, 18), (200, 90, 30)), BytesIO()
    match name:
        case "a.exr" | "b.exr":
            return exr(picture, compression="zip" if name == "a.exr" else "none")
        case "a.wav":
            return wave("air", 1)
        case "a.dpx":
            return ten_bit_dpx(">", b"SDPX")
    picture.save(out, {"jpg": "JPEG", "tif": "TIFF"}.get(name[2:], name[2:].upper()))
    return out.getvalue()


def ten_bit_dpx(order: str, magic: bytes) -> bytes:
    """Two pixels in a file of that byte order."""
    header = bytearray(2048)
    header[0:4] = magic
    struct.pack_into(order + "I", header, 4, 2048)
    struct.pack_into(order + "II", header, 772, 2, 1)
    header[800], header[801], header[803] = 50, 2, 10
    struct.pack_into(order + "HH", header, 804, 1, 0)
    return bytes(header) + struct.pack(order + "II", 1023 << 22, 512 << 12 | 4 << 2)


def test_ten_bit_dpx_is_read_in_both_byte_orders() -> None:
    for order, magic in ((">", b"SDPX"), ("<", b"XPDS")):
        picture = decode_dpx(ten_bit_dpx(order, magic), max_pixels=10, fit=SIZE)

        assert [picture.getpixel((x, 0)) for x in (0, 1)] == [(255, 0, 0), (0, 128, 1)]


def test_an_exr_of_a_kind_not_decoded_here_says_so() -> None:
    data = bytearray(exr(Image.new("RGB", (8, 8)), compression="zip"))
    marker = b"compression\0compression\0" + struct.pack("<i", 1)
    data[data.index(marker) + len(marker)] = 4

    with pytest.raises(UnreadableError):
        decode_exr(bytes(data), max_pixels=1000, fit=SIZE)


def test_a_noisy_picture_still_fits_the_budget_of_one_thumbnail(tmp_path: Path) -> None:
    Image.effect_noise((1600, 900), 90).convert("RGB").save(tmp_path / "noise.png")

    small = thumbnail(tmp_path / "noise.png")

    assert small is not None
    assert len(small) <= MAX_BYTES * 2
    with Image.open(BytesIO(small)) as image:
        assert image.size == SIZE


def test_transparent_and_sixteen_bit_pictures_are_shown(tmp_path: Path) -> None:
    Image.new("RGBA", (40, 20), (255, 0, 0, 128)).save(tmp_path / "clear.png")
    Image.new("I;16", (40, 20), 40_000).save(tmp_path / "deep.png")

    assert thumbnail(tmp_path / "clear.png") is not None
    assert thumbnail(tmp_path / "deep.png") is not None


def test_a_sound_is_shown_as_its_wave(tmp_path: Path) -> None:
    (tmp_path / "voice.wav").write_bytes(wave("voice", 48))

    small = thumbnail(tmp_path / "voice.wav")

    assert small is not None
    assert small.startswith(b"\x89PNG")


def test_a_picture_for_a_page_of_thousands_is_smaller_rather_than_absent(tmp_path: Path) -> None:
    path = tmp_path / "noise.png"
    Image.effect_noise((320, 180), 90).convert("RGB").save(path)

    data = thumbnail(path, max_bytes=2_550)

    assert data is not None
    assert Image.open(BytesIO(data)).size == (160, 90)
    assert len(data) <= 4_096
