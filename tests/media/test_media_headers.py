"""What read_header says of small files made here, of hostile ones, and of the trade's real ones."""

import os
import struct
import zlib
from pathlib import Path

import media_writers as make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.headers import read_header
from shared_data import DATA, needs_shared_data

GRAPH = '{"1": {"class_type": "SaveImage", "inputs": {}}}'


def facts_of(folder: Path, name: str, data: bytes) -> FileFacts:
    path = folder / name
    path.write_bytes(data)
    facts, diagnostics = read_header(path)
    assert diagnostics == []
    return facts


def problems_of(folder: Path, name: str, data: bytes) -> tuple[str, list[str]]:
    path = folder / name
    path.write_bytes(data)
    facts, diagnostics = read_header(path)
    return facts.media_class, [item.code for item in diagnostics]


# ------------------------------------------------------------------------------------------------------ what headers say


def test_an_exr_tells_size_timecode_rate_reel_and_camera_but_not_its_owner(tmp_path: Path) -> None:
    data = make.exr(
        make.exr_attribute("timeCode", "timecode", struct.pack("<II", 0x01020310, 0)),
        make.exr_attribute("framesPerSecond", "rational", struct.pack("<iI", 24000, 1001)),
        make.exr_attribute("reelName", "string", b"A001C002"),
        make.exr_attribute("cameraMake", "string", b"ARRI"),
        make.exr_attribute("cameraModel", "string", b"ARRI ALEXA 35"),
        make.exr_attribute("owner", "string", b"Jane Somebody"),
        make.exr_attribute("comments", "string", b"for Jane"),
        make.exr_attribute("input/filename", "string", b"/home/jane/plate.exr"),
        make.exr_attribute("nuke/version", "string", b"15.1v3"),
    )

    facts = facts_of(tmp_path, "a.1001.exr", data)

    assert (facts.width, facts.height, facts.rate, facts.start_label, facts.start) == (
        4,
        2,
        "24000/1001",
        "01:02:03:10",
        89362,
    )
    assert (facts.reel, facts.camera, facts.software, facts.header_key) == (
        "A001C002",
        "ARRI ALEXA 35",
        "Nuke 15.1v3",
        "ARRI ALEXA 35",
    )
    assert "jane" not in repr(facts).lower()


def test_drop_frame_in_an_exr_is_counted_as_drop_frame(tmp_path: Path) -> None:
    data = make.exr(
        make.exr_attribute("timeCode", "timecode", struct.pack("<II", 0x00010002 | 0x40, 0)),
        make.exr_attribute("framesPerSecond", "rational", struct.pack("<iI", 30000, 1001)),
    )

    facts = facts_of(tmp_path, "a.exr", data)

    assert (facts.start_label, facts.start, facts.drop_frame) == ("00:01:00;02", 1800, True)


@pytest.mark.parametrize("order", [">", "<"])
def test_a_dpx_of_either_byte_order_tells_its_fixed_fields_and_no_path_or_copyright(tmp_path: Path, order: str) -> None:
    facts = facts_of(tmp_path, "a.dpx", make.dpx(order=order, timecode=0x01020310, rate=24.0, device=b"ARRISCAN XT"))

    assert (facts.width, facts.height, facts.rate, facts.start_label, facts.start) == (
        1920,
        1080,
        "24/1",
        "01:02:03:10",
        89362,
    )
    assert (facts.camera, facts.software) == ("ARRISCAN XT", "Nuke15")
    assert "somebody" not in repr(facts).lower()
    assert "/home" not in repr(facts)


def test_an_animated_png_is_a_video_with_the_rate_of_its_frames(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "a.png", make.animated_png(3, numerator=1001, denominator=24000, comf={"prompt": GRAPH}))

    assert (facts.media_class, facts.frames, facts.rate, facts.header_key) == ("video", 3, "24000/1001", "ComfyUI")


def test_a_jpeg_tells_its_camera_and_leaves_the_artist_out(tmp_path: Path) -> None:
    structure = make.exif({0x010F: b"Canon", 0x0110: b"Canon EOS R5", 0x013B: b"Jane Somebody", 0x8298: b"(c) Jane"})

    facts = facts_of(tmp_path, "a.jpg", make.jpeg(make.exif_segment(structure), width=40, height=30))

    assert (facts.width, facts.height, facts.camera) == (40, 30, "Canon EOS R5")
    assert "jane" not in repr(facts).lower()


def test_an_animated_webp_of_comfyui_is_grouped_as_comfyui_and_not_by_its_camera_tag(tmp_path: Path) -> None:
    structure = make.exif({0x0110: b"prompt:" + GRAPH.encode(), 0x010F: b'workflow:{"nodes": []}'})

    facts = facts_of(tmp_path, "a.webp", make.webp((b"EXIF", structure), frames=2))

    assert (facts.media_class, facts.width, facts.height, facts.frames, facts.rate) == ("video", 4, 5, 2, "25/1")
    assert (facts.camera, facts.header_key) == ("", "ComfyUI")


def test_a_cinema_dng_tells_timecode_rate_and_reel(tmp_path: Path) -> None:
    more = [
        (0xC612, 1, 4, b"\1\4\0\0"),
        (0xC763, 1, 8, bytes([0x10, 0x03, 0x02, 0x01, 0, 0, 0, 0])),
        (0xC764, 10, 1, struct.pack("<ii", 24, 1)),
        (0xC789, 2, 5, b"A001\0"),
    ]

    facts = facts_of(tmp_path, "a.dng", make.tiff(width=4096, height=3072, more=more))

    assert (facts.media_type, facts.width, facts.height) == ("image/x-adobe-dng", 4096, 3072)
    assert (facts.rate, facts.start_label, facts.start, facts.reel) == ("24/1", "01:02:03:10", 89362, "A001")


def test_a_movie_tells_frames_exact_rate_start_and_reel(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "a.mov", make.movie(frames=48, start=89362, reel="A001C002"))

    assert (facts.media_class, facts.media_type, facts.width, facts.height) == ("video", "video/quicktime", 1920, 1080)
    assert (facts.frames, facts.rate, facts.start_label, facts.start, facts.reel) == (
        48,
        "24000/1001",
        "01:02:03:10",
        89362,
        "A001C002",
    )


def test_a_drop_frame_movie_start_is_labeled_with_a_semicolon(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "a.mov", make.movie(units=30000, step=1001, start=1800, drop=True))

    assert (facts.start_label, facts.start, facts.drop_frame) == ("00:01:00;02", 1800, True)


@pytest.mark.parametrize("unknown", [False, True])
def test_a_webm_tells_size_rate_and_frames_whether_its_clusters_have_sizes_or_not(
    tmp_path: Path, unknown: bool
) -> None:
    facts = facts_of(tmp_path, "a.webm", make.matroska(tags={"PROMPT": GRAPH}, unknown=unknown))

    assert (facts.media_type, facts.width, facts.height, facts.rate, facts.frames) == (
        "video/webm",
        640,
        360,
        "24000/1001",
        48,
    )
    assert facts.header_key == "ComfyUI"


@pytest.mark.parametrize("large", [False, True])
def test_a_broadcast_wave_starts_at_its_time_reference(tmp_path: Path, large: bool) -> None:
    ixml = "<BWFXML><TAPE>SD01</TAPE><SPEED><TIMECODE_RATE>24000/1001</TIMECODE_RATE><TIMECODE_FLAG>NDF</TIMECODE_FLAG></SPEED></BWFXML>"

    facts = facts_of(tmp_path, "a.wav", make.wave(reference=48000 * 1001 // 1000 * 3600, ixml=ixml, large=large))

    assert (facts.media_class, facts.sample_rate, facts.channels, facts.samples) == ("audio", 48000, 2, 480)
    assert (facts.rate, facts.start_label, facts.start, facts.reel) == ("24000/1001", "01:00:00:00", 86400, "SD01")
    assert "private" not in repr(facts)


def test_a_model_tells_its_title_and_license_but_not_its_author(tmp_path: Path) -> None:
    texts = {
        "modelspec.title": "Film look",
        "modelspec.license": "CC-BY-4.0",
        "modelspec.author": "Jane",
        "ss_dataset_dirs": "/home/jane",
    }

    facts = facts_of(tmp_path, "a.safetensors", make.safetensors(texts))

    assert facts.media_class == "model"
    assert facts.header == {"tensors": "1", "modelspec.title": "Film look", "modelspec.license": "CC-BY-4.0"}


@pytest.mark.parametrize(
    ("name", "media_class"),
    [
        ("a.ckpt", "model"),
        ("a.gguf", "model"),
        ("a.abc", "other"),
        ("a.nk", "other"),
        ("a.mxf", "video"),
        ("a.r3d", "video"),
        ("a", "other"),
    ],
)
def test_formats_without_a_reader_are_classed_by_suffix_without_complaint(
    tmp_path: Path, name: str, media_class: str
) -> None:
    assert problems_of(tmp_path, name, b"something else entirely") == (media_class, [])


# --------------------------------------------------------------------------------------------------------- hostile files


def test_an_empty_exr_is_a_missing_row_and_no_error(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "a.exr", b"") == ("still", ["media.empty"])


def test_a_file_that_is_not_what_its_suffix_says_is_reported(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "a.exr", b"no picture at all") == ("still", ["media.not_its_suffix"])


def test_a_missing_file_is_a_diagnostic_that_does_not_name_the_path(tmp_path: Path) -> None:
    facts, diagnostics = read_header(tmp_path / "jane.exr")

    assert (facts.media_class, [item.code for item in diagnostics]) == ("still", ["media.unreadable"])
    assert "jane" not in diagnostics[0].text


@pytest.mark.parametrize("kept", [1, 0.9, 0.5])
def test_an_exr_that_was_not_finished_or_not_copied_whole_says_so(tmp_path: Path, kept: float) -> None:
    data = make.exr(height=200, finished=kept < 1)
    chunks = len(data) - 200 * (8 + 12)
    short = data[: chunks + int((len(data) - chunks) * kept)]

    assert problems_of(tmp_path, "a.exr", short) == ("still", ["media.truncated"])


def _tiff() -> bytes:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (64, 48), (1, 2, 3)).save(out, "TIFF")
    return out.getvalue()


def _dpx() -> bytes:
    data = bytearray(make.dpx())
    struct.pack_into(">I", data, 16, len(data))
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.tif", _tiff()), ("a.dpx", _dpx()), ("a.safetensors", make.safetensors({}, tensors=("weight",)))],
    ids=["TIFF", "DPX", "safetensors"],
)
def test_a_file_without_its_last_byte_says_that_it_was_cut_short(tmp_path: Path, name: str, data: bytes) -> None:
    assert problems_of(tmp_path, name, data)[1] == []
    assert problems_of(tmp_path, name, data[:-1])[1] == ["media.truncated"]


def test_an_exr_attribute_of_four_gigabytes_is_refused_without_reading_it(tmp_path: Path) -> None:
    data = make.exr(b"big\0string\0" + b"\xff\xff\xff\x7f")

    assert problems_of(tmp_path, "a.exr", data) == ("still", ["media.malformed"])


@pytest.mark.parametrize("size", [2, 7, 0xFFFFFFFF])
def test_a_movie_box_of_an_impossible_size_ends_in_a_diagnostic(tmp_path: Path, size: int) -> None:
    data = make.box(b"ftyp", b"qt  ", bytes(4)) + struct.pack(">I4s", size, b"moov") + bytes(100)

    assert problems_of(tmp_path, "a.mov", data)[0] == "video"
    assert problems_of(tmp_path, "a.mov", data)[1] != []


def test_boxes_of_64_bit_size_and_of_size_zero_are_read(tmp_path: Path) -> None:
    whole = make.movie(start=0)
    at = whole.index(b"moov") - 4
    to_the_end = whole[:at] + struct.pack(">I", 0) + whole[at + 4 :]
    body = whole[at + 8 :]
    long = whole[:at] + struct.pack(">I4sQ", 1, b"moov", len(body) + 16) + body

    assert (
        facts_of(tmp_path, "a.mov", to_the_end)
        == facts_of(tmp_path, "b.mov", long)
        == facts_of(tmp_path, "c.mov", whole)
    )


def test_a_webp_whose_sizes_lie_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    data = bytearray(make.webp((b"EXIF", b"x" * 10)))
    struct.pack_into("<I", data, 4, 0xFFFFFFF0)
    struct.pack_into("<I", data, data.index(b"EXIF") + 4, 0xFFFFFFF0)

    assert problems_of(tmp_path, "a.webp", bytes(data)) == ("still", ["media.truncated"])


def samples() -> dict[str, bytes]:
    structure = make.exif({0x0110: b"Camera"}, user_comment=b"UNICODE\0" + "Steps: 1".encode("utf-16-le"))
    return {
        "a.exr": make.exr(make.exr_attribute("reelName", "string", b"A001")),
        "a.dpx": make.dpx(timecode=0x01020310, rate=24.0),
        "a.png": make.png(make.png_text("prompt", GRAPH), make.png_packed_text("workflow", GRAPH.encode())),
        "b.png": make.animated_png(3, numerator=1, denominator=24, comf={"prompt": GRAPH}),
        "a.jpg": make.jpeg(make.exif_segment(structure), make.xmp_segment('<x:a>{"c": 1}</x:a>')),
        "a.webp": make.webp((b"EXIF", structure), frames=2),
        "a.tif": make.tiff(width=7, height=9, more=[(0x010F, 2, 6, b"Maker\0")]),
        "a.mov": make.movie(start=100, reel="A001", keys={"prompt": GRAPH}),
        "a.webm": make.matroska(tags={"PROMPT": GRAPH}),
        "b.webm": make.matroska(tags={"PROMPT": GRAPH}, unknown=True),
        "a.wav": make.wave(reference=480000, ixml="<TAPE>1</TAPE>"),
        "b.wav": make.wave(reference=480000, large=True),
        "a.safetensors": make.safetensors({"prompt": GRAPH}),
    }


@pytest.mark.parametrize("name", sorted(samples()))
def test_a_file_cut_at_any_sixteenth_never_raises_and_keeps_its_class(tmp_path: Path, name: str) -> None:
    data = samples()[name]
    whole, _ = read_header(_written(tmp_path, name, data))
    for part in range(16):
        facts, diagnostics = read_header(_written(tmp_path, name, data[: len(data) * part // 16]))
        classes = {whole.media_class, "still", "model"}

        assert facts.media_class in classes
        assert all(item.code.startswith("media.") and str(tmp_path) not in item.text for item in diagnostics)


def _written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(samples())), data=st.data())
def test_no_mutation_of_a_real_file_makes_a_reader_raise(tmp_path: Path, name: str, data: st.DataObject) -> None:
    body = bytearray(samples()[name])
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]) | st.integers(0, 255))

    facts, diagnostics = read_header(_written(tmp_path, name, bytes(body)))

    assert isinstance(facts, FileFacts)
    assert all(item.code.startswith("media.") for item in diagnostics)


MAGICS = [
    b"",
    b"\x76\x2f\x31\x01\2\0\0\0",
    b"SDPX",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"II*\0",
    b"MM\0*",
    b"\x1a\x45\xdf\xa3",
    b"fLaC",
    b"RIFF\0\0\0\0WAVE",
    b"RIFF\0\0\0\0WEBP",
    b"FORM\0\0\0\0AIFF",
    b"\0\0\0\x10ftypqt  ",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(magic=st.sampled_from(MAGICS), body=st.binary(max_size=3000))
def test_no_bytes_after_any_magic_make_a_reader_raise(tmp_path: Path, magic: bytes, body: bytes) -> None:
    facts, _ = read_header(_written(tmp_path, "a.exr", magic + body))

    assert isinstance(facts, FileFacts)


def test_a_png_of_endless_small_chunks_ends(tmp_path: Path) -> None:
    data = (
        b"\x89PNG\r\n\x1a\n"
        + make.png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        + make.png_chunk(b"junk", b"") * 250_000
    )

    assert problems_of(tmp_path, "a.png", data) == ("still", ["media.malformed"])


def test_compressed_text_is_not_inflated_to_read_a_header(tmp_path: Path) -> None:
    bomb = (b"zTXt", b"workflow\0\0" + zlib.compress(bytes(1 << 26)))

    assert facts_of(tmp_path, "a.png", make.png(bomb)).width == 1


# ------------------------------------------------------------------------------------------------------------ real files


BROKEN_ON_PURPOSE = {"crash-badusersize.dpx", "partial.exr", "incomplete.exr", "bomb.exr"}


@needs_shared_data
def test_every_exr_and_dpx_of_the_shared_data_is_read_and_the_broken_ones_say_so() -> None:
    wrong = []
    for path in sorted((DATA / "exr").rglob("*")):
        if path.suffix in (".exr", ".exrhead", ".dpx"):
            facts, diagnostics = read_header(path)
            is_cut_short = path.name in BROKEN_ON_PURPOSE or path.suffix == ".exrhead"
            if not facts.width or [one.code for one in diagnostics] != ["media.truncated"] * is_cut_short:
                wrong.append((path.name, diagnostics))

    assert wrong == []


# Sizes as the collections' own descriptions give them (display windows; openexr-images README and file names).
@needs_shared_data
@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("openexr-images/DisplayWindow/t01.exr", (400, 300)),
        ("openexr-images/TestImages/AllHalfValues.exr", (256, 256)),
        ("openexr-images-headers/Beachball/multipart.0001.exrhead", (2048, 1556)),
        ("openexr-images-headers/MultiView/Fog.exrhead", (1000, 672)),
        ("openimageio-testsuite/dpx/ref/stereo.dpx", (80, 60)),
        ("openimageio-testsuite/dpx/src/bomb-46341.dpx", (46341, 46341)),
    ],
)
def test_sizes_of_known_pictures_are_right(name: str, size: tuple[int, int]) -> None:
    facts, _ = read_header(DATA / "exr" / name)

    assert (facts.width, facts.height) == size


@needs_shared_data
def test_pictures_have_the_size_that_pillow_reads() -> None:
    from PIL import Image

    different = []
    for path in [
        *(DATA / "comfyui").rglob("*.png"),
        *(DATA / "comfyui").rglob("*.webp"),
        *(DATA / "generated-images").rglob("*.jpg"),
    ]:
        with Image.open(path) as image:
            facts, _ = read_header(path)
            if (facts.width, facts.height) != image.size:
                different.append((path.name, facts.width, facts.height, image.size))

    assert different == []


@pytest.mark.skipif(os.environ.get("CI") is not None, reason="times depend on the machine")
def test_an_exr_header_is_read_well_under_a_millisecond(tmp_path: Path) -> None:
    from time import perf_counter

    path = _written(
        tmp_path, "a.exr", make.exr(*(make.exr_attribute(f"note{i}", "string", b"x" * 40) for i in range(40)))
    )
    best = 1.0
    for _ in range(50):
        begun = perf_counter()
        read_header(path)
        best = min(best, perf_counter() - begun)

    assert best < 0.001
