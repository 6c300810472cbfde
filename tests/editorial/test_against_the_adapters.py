"""Our readers of xmeml and AAF against OTIO's adapters: every clip that an adapter gives lies where we put it.

Where the two differ the difference stands here, with the reason.
"""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from edgecode.errors import InputError
from edgecode.ingest.editorial import read_cut
from edgecode.terms.cuts import CutReading
from edgecode.terms.timebase import Rate
from shared_data import DATA, needs_shared_data

otio = pytest.importorskip("opentimelineio")
pytestmark = needs_shared_data

XMEML = sorted((DATA / "timelines" / "fcp7").rglob("*.xml"))
AAF = sorted((DATA / "timelines" / "aaf").rglob("*.aaf"))


def seconds(time: "otio.opentime.RationalTime") -> Fraction:
    rate = Fraction(time.rate).limit_denominator(10**6)
    return Fraction(time.value).limit_denominator(10**6) / (Rate.of(rate).fraction if rate < 10_000 else rate)


def theirs(path: Path, adapter: str) -> Counter[tuple[str, Fraction, Fraction]]:
    """Name, record in and length in seconds of every clip that an adapter gives; without the overlaps of transitions."""
    try:
        read = otio.adapters.read_from_file(str(path), adapter_name=adapter)
    except Exception:  # an adapter may end over any file
        pytest.skip("the adapter does not load this file")
    timelines = [read] if isinstance(read, otio.schema.Timeline) else list(read.find_children(otio.schema.Timeline))
    found: Counter[tuple[str, Fraction, Fraction]] = Counter()
    for timeline in timelines:
        for track in timeline.tracks:
            if track.kind not in ("Video", "Audio"):
                continue
            for clip in track.find_clips():
                placed = clip.transformed_time_range(clip.trimmed_range(), timeline.tracks)
                found[clip.name or "", seconds(placed.start_time), seconds(placed.duration)] += 1
    return found


def ours(path: Path) -> list[CutReading]:
    try:
        return read_cut(path.read_bytes(), name=path.name)
    except InputError:
        return []


def our_rows(cuts: list[CutReading]) -> Counter[tuple[str, Fraction, Fraction]]:
    return Counter(
        (clip.name, clip.record_in / cut.rate.fraction, clip.frames / cut.rate.fraction)
        for cut in cuts
        if cut.rate
        for clip in cut.clips
    )


def dissolved(cuts: list[CutReading]) -> set[str]:
    """Names of clips beside a transition: the adapters have them without the overlap."""
    return {clip.name for cut in cuts for clip in cut.clips if clip.side}


@pytest.mark.parametrize("path", XMEML, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_clip_of_the_xmeml_adapter_lies_where_we_have_it(path: Path) -> None:
    cuts = ours(path)
    excused = dissolved(cuts)

    assert [row for row in theirs(path, "fcp_xml") - our_rows(cuts) if row[0] not in excused] == []


@pytest.mark.parametrize("path", AAF, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_clip_of_the_aaf_adapter_lies_where_we_have_it_and_no_other(path: Path) -> None:
    pytest.importorskip("aaf2")
    cuts = ours(path)
    excused = dissolved(cuts)
    adapter = theirs(path, "AAF")

    assert [row for row in adapter - our_rows(cuts) if row[0] not in excused] == []
    # A clip that refers to no mob at all has no name; the adapter makes a gap of it, and we an unknown source.
    assert [row for row in our_rows(cuts) - adapter if row[0] not in excused | {""}] == []
