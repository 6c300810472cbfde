"""Whether a file carries a manifest is told by its containers alone."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential_samples import Signer, firefly, movie, picture
from edgecode.ingest.credential_marks import Carried, carried, sidecars_of

STUDIO = Signer()


def wave() -> bytes:
    body = (
        b"WAVE"
        + b"fmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
        + b"data"
        + struct.pack("<I", 8)
        + bytes(8)
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


SAMPLES = {
    "image/png": picture("PNG"),
    "image/jpeg": picture("JPEG"),
    "image/webp": picture("WEBP"),
    "image/tiff": picture("TIFF"),
    "image/gif": picture("GIF"),
    "audio/wav": wave(),
}


@pytest.mark.parametrize("media_type", SAMPLES)
def test_a_manifest_inside_is_seen_and_its_absence_too(media_type: str, tmp_path: Path) -> None:
    plain, signed = tmp_path / "plain", tmp_path / "signed"
    plain.write_bytes(SAMPLES[media_type])
    signed.write_bytes(STUDIO.signed(SAMPLES[media_type], firefly(), media_type)[0])

    assert (carried(plain), carried(signed)) == (Carried("", media_type), Carried("inside", media_type))


@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg"])
def test_a_file_that_says_where_its_manifest_is_has_a_remote_one(media_type: str, tmp_path: Path) -> None:
    path = tmp_path / "remote"
    path.write_bytes(STUDIO.signed(SAMPLES[media_type], firefly(), media_type, remote="http://127.0.0.1:9/a.c2pa")[0])

    assert carried(path) == Carried("remote", media_type)


def test_a_box_of_a_movie_with_a_manifest_is_seen_wherever_it_stands(tmp_path: Path) -> None:
    box = b"uuid" + bytes.fromhex("d8fec3d61b0e483c92975828877ec481") + bytes(20)
    path = tmp_path / "a.mp4"
    path.write_bytes(movie() + struct.pack(">I", 4 + len(box)) + box)

    assert carried(path) == Carried("inside", "video/mp4")


@pytest.mark.parametrize(
    ("there", "found"),
    [
        ({"a.exr.c2pa"}, ("a.exr.c2pa",)),
        ({"a.c2pa"}, ("a.c2pa",)),
        ({"a.c2pa", "a.exr.c2pa"}, ("a.exr.c2pa", "a.c2pa")),
        ({"b.c2pa"}, ()),
    ],
)
def test_the_manifests_beside_a_file_have_its_name(there: set[str], found: tuple[str, ...]) -> None:
    assert sidecars_of("a.exr", frozenset(there)) == found


@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_no_spoilt_file_ends_the_look(
    tmp_path_factory: pytest.TempPathFactory, media_type: str, data: st.DataObject
) -> None:
    spoilt = bytearray(SAMPLES[media_type])
    for at in data.draw(st.lists(st.integers(0, len(spoilt) - 1), max_size=8)):
        spoilt[at] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "spoilt"
    path.write_bytes(bytes(spoilt[: data.draw(st.integers(0, len(spoilt)))]))

    assert carried(path).where in ("", "inside", "remote")
