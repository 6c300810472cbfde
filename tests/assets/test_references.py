"""References both ways, and cuts whose media are references."""

from fractions import Fraction
from pathlib import Path

import pytest
from asset_show import make_show
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InputError
from edgecode.ingest.editorial.otio_writer import otio_bytes
from edgecode.production.assets.references import Assets
from edgecode.terms.cuts import Clip, CutReading, Media, Track
from edgecode.terms.evidence import ConformMethod
from edgecode.terms.identity import record_id
from edgecode.terms.places import Place, escaped
from edgecode.terms.references import read_reference, reference_to_place, reference_to_version
from edgecode.terms.timebase import Rate

PARTS = st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1).filter(
    lambda one: one not in (".", "..")
)


@given(st.lists(PARTS, min_size=1, max_size=5).map("/".join))
def test_a_reference_to_any_file_reads_back(relative: str) -> None:
    place = Place("r-1a2b3c4d", escaped(relative), "")

    assert read_reference(reference_to_place(place)) == place


@given(PARTS, PARTS)
def test_a_reference_to_any_sequence_reads_back(before: str, after: str) -> None:
    place = Place("r-1", f"{escaped(before)}*{escaped(after)}", "")

    assert read_reference(reference_to_place(place)) == place


@given(st.integers(0, 2**47), st.binary(min_size=10, max_size=10))
def test_a_pin_reads_back(milliseconds: int, chance: bytes) -> None:
    version = record_id(milliseconds, chance)

    assert read_reference(reference_to_version(version)) == version


@given(st.text())
def test_any_text_is_a_reference_or_none_or_half_of_one(text: str) -> None:
    assert read_reference(text) is None or text.startswith("edgecode://")
    try:
        meant = read_reference(f"edgecode://{text}")
    except InputError as error:
        assert error.code == "asset.reference"
    else:
        back = reference_to_place(meant) if isinstance(meant, Place) else reference_to_version(str(meant))
        assert back == f"edgecode://{text}"


@pytest.mark.parametrize(("which", "method"), [("reference", ConformMethod.ID), ("file", ConformMethod.CONTENT)])
def test_a_cut_whose_media_are_references_shows_the_versions_that_they_mean(
    tmp_path: Path, which: str, method: ConformMethod
) -> None:
    with make_show(tmp_path) as production:
        assets = Assets(production.index, production.media_roots())
        asked = assets.asset(assets.row("plate.png"))
        media = Media("file", (getattr(asked, which),))
        clip = Clip("anything", "picture", (0,), Fraction(0), Fraction(8), media, Rate(24), Fraction(0))
        cut = CutReading("Linked", "otio", "test", Rate(24), False, 0, 8, (Track("V1", "picture"),), (clip,))
        path = tmp_path / "linked.otio"
        path.write_bytes(otio_bytes(cut))
        production.add_cut([path], name="Linked")

        (match,) = production.view("Linked").matches

        assert (match.method, match.version) == (method, assets.row("plate.png").id)
