"""Pixel digests survive a stamped header, change with any pixel, and are refused to unfinished files."""

import struct
import sys
import zlib
from pathlib import Path

import media_writers as make
import pytest

from edgecode.ingest.pixels import pixel_digest
from shared_data import DATA, SHARED, needs_shared_data


def digest(folder: Path, data: bytes, name: str = "a") -> str:
    path = folder / name
    path.write_bytes(data)
    found, diagnostics = pixel_digest(path)
    assert diagnostics == []
    return found


def refusal(folder: Path, data: bytes) -> list[str]:
    path = folder / "a"
    path.write_bytes(data)
    found, diagnostics = pixel_digest(path)
    assert found == ""
    return [item.code for item in diagnostics]


def test_a_stamped_exr_header_keeps_the_digest_and_a_changed_pixel_does_not(tmp_path: Path) -> None:
    plain = make.exr()
    stamped = make.exr(
        make.exr_attribute("owner", "string", b"x" * 5000), make.exr_attribute("edgecode:version", "string", b"v")
    )
    long_names = make.exr(make.exr_attribute("n" * 100, "string", b"x"), flags=1 << 10)

    assert digest(tmp_path, plain) == digest(tmp_path, stamped) == digest(tmp_path, long_names)
    assert digest(tmp_path, plain) != digest(tmp_path, make.exr(pixels=b"\1\2\3\5"))


def test_an_attribute_that_changes_what_pixels_mean_changes_the_digest(tmp_path: Path) -> None:
    chromaticities = make.exr_attribute("chromaticities", "chromaticities", struct.pack("<8f", *range(8)))

    assert digest(tmp_path, make.exr()) != digest(tmp_path, make.exr(chromaticities))


def test_an_unfinished_or_cut_exr_gets_no_digest(tmp_path: Path) -> None:
    whole = make.exr()

    assert refusal(tmp_path, make.exr(finished=False)) == ["pixels.incomplete"]
    assert refusal(tmp_path, whole[:-1]) == ["media.truncated"]
    assert refusal(tmp_path, whole[:200]) != []


def test_an_exr_whose_offset_table_chooses_among_chunks_gets_no_digest(tmp_path: Path) -> None:
    lines = [struct.pack("<ii2f", y, 8, light, light) for light in (0.0, 1.0) for y in range(2)]
    head = struct.pack("<II", 20000630, 2) + b"".join(
        make.exr_attribute(name, kind, value)
        for name, kind, value in (
            ("channels", "chlist", b"Y\0" + struct.pack("<iB3xii", 2, 0, 1, 1) + b"\0"),
            ("compression", "compression", b"\0"),
            ("dataWindow", "box2i", struct.pack("<4i", 0, 0, 1, 1)),
        )
    )
    at = len(head) + 1 + 16

    def file(*order: int, chunks: int) -> bytes:
        return head + b"\0" + struct.pack("<2Q", *(at + 16 * one for one in order)) + b"".join(lines[:chunks])

    backwards = head + b"\0" + struct.pack("<2Q", at + 16, at) + lines[1] + lines[0]
    assert digest(tmp_path, file(0, 1, chunks=2)) != digest(tmp_path, backwards)
    for order, chunks in (((0, 1), 4), ((0, 3), 4), ((1, 0), 2), ((0, 0), 2)):
        assert refusal(tmp_path, file(*order, chunks=chunks)) == ["pixels.ambiguous"]


def test_an_exr_that_claims_billions_of_chunks_is_refused_at_once(tmp_path: Path) -> None:
    claimed = make.exr(make.exr_attribute("chunkCount", "int", struct.pack("<i", 0x7FFFFFFF)))

    assert refusal(tmp_path, claimed) == ["media.malformed"]


def test_png_text_and_the_cutting_of_pixel_data_do_not_count(tmp_path: Path) -> None:
    plain = make.png(width=4, height=4)
    texted = make.png(make.png_text("prompt", "x"), width=4, height=4, after=[make.png_text("late", "y")])
    pixels = zlib.compress(bytes(4 * 13))
    head = plain[:33]
    pieces = (
        head + make.png_chunk(b"IDAT", pixels[:5]) + make.png_chunk(b"IDAT", pixels[5:]) + make.png_chunk(b"IEND", b"")
    )

    assert digest(tmp_path, plain) == digest(tmp_path, texted) == digest(tmp_path, pieces)
    assert digest(tmp_path, plain) != digest(tmp_path, make.png(width=4, height=4, rows=[b"\0" + b"\1" * 12] * 4))


def test_other_formats_have_no_pixel_digest(tmp_path: Path) -> None:
    assert refusal(tmp_path, make.jpeg()) == ["pixels.not_supported"]


@needs_shared_data
def test_real_pictures_have_the_digest_that_the_reference_sketch_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    sketches = SHARED / "prototypes" / "pipeline"
    if not (sketches / "exr_header.py").is_file():
        pytest.skip("the reference sketch is absent")
    monkeypatch.syspath_prepend(str(sketches))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    from exr_header import Exr

    different, counted = [], 0
    for path in sorted((DATA / "exr").rglob("*.exr")):
        try:
            expected = Exr(path.read_bytes()).pixel_digest()
        except ValueError:
            expected = ""
        found, _ = pixel_digest(path)
        counted += bool(found)
        if found != expected:
            different.append(path.name)

    assert (different, counted) == ([], 61)
