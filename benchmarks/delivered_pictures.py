"""How often a right master is refused and a wrong one let through, on the demo's pictures, encoded and graded in several ways.

    python benchmarks/delivered_pictures.py [--demo DIR]

The demo's cut 13 is rendered from its sources, then encoded. *Right*: compared frames of the unchanged master that are called different.
*Wrong picture*: frames compared with a source of another clip, that are called alike. *Edit off*: first frames of clips that show the clip
before going on instead, that are let through. *Slip*: clips in which every frame shows its neighbour, and where a slip of one frame is
said to show, that are let through. Without ``--demo`` the demo is made in a temporary folder. Takes about four minutes on one core.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from msgspec.structs import replace
from PIL import Image, ImageEnhance

from edgecode.answers.delivering.judging import Grids, judged, slip_shown
from edgecode.answers.delivering.likeness import ALIKE, TALL, WIDE, is_flat, likeness
from edgecode.answers.delivering.plan import SourceFrame, Stretch, plan, wanted_sources
from edgecode.drivers.video import read_video
from edgecode.index.catalogue import version_rows
from edgecode.production import Production
from edgecode.production.delivering.pictures import source_pictures
from edgecode.testing.rendered_master import render_master, rendered_frames

Grade = Callable[[Image.Image], Image.Image]

GRADES: dict[str, Grade] = {
    "plain": lambda image: image,
    "contrast 1.4": lambda image: ImageEnhance.Contrast(image).enhance(1.4),
    "dark 0.6": lambda image: ImageEnhance.Brightness(image).enhance(0.6),
    "gamma 1.6": lambda image: image.point([round(255 * (value / 255) ** (1 / 1.6)) for value in range(256)] * 3),
    "black and white": lambda image: image.convert("L").convert("RGB"),
}
ENCODINGS: dict[str, dict[str, str]] = {"crf 18": {"crf": "18"}, "crf 32": {"crf": "32"}, "crf 40": {"crf": "40"}}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--demo", type=Path)
    given = parser.parse_args().demo
    with tempfile.TemporaryDirectory() as place:
        folder = given or Path(place) / "demo"
        if given is None:
            made = [sys.executable, "-m", "edgecode", "demo", "--dir", str(folder), "--no-open"]
            subprocess.run(made, check=True, capture_output=True)
        with Production.open(folder) as production:
            _measured(production, Path(place))


def _measured(production: Production, place: Path) -> None:
    view = production.view("cut13")
    rows = version_rows(production.index, {match.version for match in view.matches if match.version is not None})
    stretches = plan(view, rows)
    roots = {root.id: root.path for root in production.media_roots()}
    sources = source_pictures(
        production.index, rows, wanted_sources(stretches), roots=roots, shape=Fraction(16, 9)
    ).grids
    frames = list(rendered_frames(production, view))
    print(
        "| master | right, called different | wrong picture, called alike | edit off, let through | slip, let through |"
    )
    print("|---|---|---|---|---|")
    ways = [("plain", name) for name in ENCODINGS] + [(name, "crf 18") for name in GRADES if name != "plain"]
    for grade, encoding in ways:
        path = place / f"{grade}-{encoding}.mp4"
        render_master(
            production,
            view,
            path,
            change=lambda at, _, grade=grade: GRADES[grade](frames[at]),  # type: ignore[misc]
            options=ENCODINGS[encoding],
        )
        _, grids = read_video(path, range(view.clock.frames), wide=WIDE, tall=TALL)
        counts = (
            _right(stretches, grids, sources),
            _wrong(stretches, grids, sources),
            _edit_off(stretches, grids, sources),
            _slips(stretches, grids, sources),
        )
        print(f"| {grade}, {encoding} | " + " | ".join(f"{bad} of {of:,}" for bad, of in counts) + " |", flush=True)


def _right(
    stretches: list[Stretch], grids: Mapping[int, bytes], sources: Mapping[SourceFrame, Grids]
) -> tuple[int, int]:
    seen = [one for each in judged(stretches, grids, sources) for one in each.seen]
    return sum(one.differs for one in seen), len(seen)


def _wrong(
    stretches: list[Stretch], grids: Mapping[int, bytes], sources: Mapping[SourceFrame, Grids]
) -> tuple[int, int]:
    middles = [one.expected[len(one.expected) // 2] for one in stretches if one.expected and one.version is not None]
    pairs = [(one, other) for one in middles for other in middles if one.source and other.source]
    apart = [(one.at, other.source) for one, other in pairs if one.source.version != other.source.version]  # type: ignore[union-attr]
    usable = [(at, source) for at, source in apart if source in sources and not is_flat(sources[source][0])]
    return sum(likeness(grids[at], sources[source][0]) >= ALIKE for at, source in usable), len(usable)


def _edit_off(
    stretches: list[Stretch], grids: Mapping[int, bytes], sources: Mapping[SourceFrame, Grids]
) -> tuple[int, int]:
    """The frame before each edit stands in for the first one after it."""
    let, of = 0, 0
    for before, after in pairwise(stretches):
        if before.version is None or after.version is None or not before.expected or not after.expected:
            continue
        moved = dict(grids) | {after.first: grids[after.first - 1]}
        (found,) = judged([after], moved, sources)
        let, of = let + (not found.seen[0].differs), of + 1
    return let, of


def _slips(
    stretches: list[Stretch], grids: Mapping[int, bytes], sources: Mapping[SourceFrame, Grids]
) -> tuple[int, int]:
    let, of = 0, 0
    for one in stretches:
        inner = replace(one, expected=tuple(each for each in one.expected if one.first < each.at < one.end - 1))
        moving = any(slip_shown(each.seen) == 1 for each in judged([inner], grids, sources))
        for by in (-1, 1) if moving else ():
            moved = {each.at: grids[each.at + by] for each in inner.expected}
            (found,) = judged([inner], moved, sources)
            let, of = let + (found.first_difference is None), of + 1
    return let, of


if __name__ == "__main__":
    main()
