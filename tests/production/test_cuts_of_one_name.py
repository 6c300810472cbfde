"""Two cuts never share a name: each that is acknowledged is a cut of its own, or nothing is recorded and both are named."""

from pathlib import Path

import pytest

from edgecode.errors import InputError
from edgecode.production import Production
from edgecode.terms.timebase import Rate
from exchange_samples import xmeml, xmeml_clip, xmeml_sequence
from otio_parts import clip, timeline, track


@pytest.fixture
def production(tmp_path: Path) -> Production:
    return Production.create(tmp_path / "show", title="Names")


def named_alike(first: str, second: str, *, lengths: tuple[int, int] = (10, 20)) -> bytes:
    return xmeml(
        xmeml_sequence([xmeml_clip("a.mov", 0, lengths[0], 0, lengths[0])], name=first, ident="s1"),
        xmeml_sequence([xmeml_clip("b.mov", 0, lengths[1], 0, lengths[1])], name=second, ident="s2"),
    )


def test_two_cuts_of_one_name_in_a_document_are_refused_by_name_and_nothing_is_recorded(
    production: Production, tmp_path: Path
) -> None:
    document = tmp_path / "reels.xml"
    document.write_bytes(named_alike("Reel1", "Reel1"))

    with pytest.raises(InputError) as refused:
        production.add_cut([document])

    assert refused.value.code == "cut.same_name"
    assert "'Reel1' (10 frames, 1 clips), 'Reel1' (20 frames, 1 clips)" in refused.value.sentence
    assert production.cuts() == []


def test_two_cuts_under_one_given_name_are_refused_by_their_own(production: Production, tmp_path: Path) -> None:
    document = tmp_path / "reels.xml"
    document.write_bytes(named_alike("Reel1", "Reel2"))

    with pytest.raises(InputError, match=r"'Reel1' .*'Reel2'.*Leave --name out"):
        production.add_cut([document], name="Film")

    assert [row.name for row in production.add_cut([document])] == ["Reel1", "Reel2"]


def test_two_files_of_one_stem_are_refused_unless_they_hold_one_cut(production: Production, tmp_path: Path) -> None:
    files = [tmp_path / folder / "Reel.otio" for folder in ("one", "two", "three")]
    for file, frames in zip(files, (10, 20, 10), strict=True):
        file.parent.mkdir()
        file.write_bytes(timeline(track(clip("a", 0, frames))))

    with pytest.raises(InputError, match="2 different cuts would bear one name"):
        production.add_cut(files[:2])
    assert len(production.add_cut([files[0], files[2]])) == len(production.cuts()) == 1


def test_a_cut_added_again_unchanged_is_not_recorded_again(production: Production, tmp_path: Path) -> None:
    document = tmp_path / "reels.xml"
    document.write_bytes(named_alike("Reel1", "Reel2"))
    first = production.add_cut([document])

    assert production.add_cut([document]) == first
    assert len(production.cuts()) == 2


def test_a_file_that_is_read_otherwise_than_it_was_replaces_the_reading(
    production: Production, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = tmp_path / "reel.edl"
    listed.write_text("TITLE: R\n001  A001C001 V C 01:00:00:00 01:00:04:00 01:00:00:00 01:00:04:00\n")
    (before,) = production.add_cut([listed], rate=Rate.of(24))
    monkeypatch.setattr("edgecode.ingest.editorial.edl.READER", "edgecode.edl/2")
    (after,) = production.add_cut([listed], rate=Rate.of(24))

    assert after.key != before.key
    assert [row.superseded for row in production.cuts()] == [True, False]
