"""Compares a delivered master with the cut: its file's own words, and its pictures with the recorded sources."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Never

from msgspec import Struct

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.explained import told_apart
from edgecode.answers.cuts.view import CutView
from edgecode.answers.delivering.comparison import Comparison, Difference, Master, facts_of, source_words
from edgecode.answers.delivering.judging import Grids, Judged, Seen, judged, most_like
from edgecode.answers.delivering.likeness import TALL, WIDE, is_flat
from edgecode.answers.delivering.paper import comparison_paper
from edgecode.answers.delivering.plan import EVERY_FRAMES, SourceFrame, plan, wanted_sources
from edgecode.answers.look.thumbnails import picture_of
from edgecode.answers.report.paper import Paper
from edgecode.drivers.video import read_video
from edgecode.errors import InputError, NotFoundError, UsageError
from edgecode.index.catalogue import version_rows
from edgecode.production.corridor import Production
from edgecode.production.delivering.pictures import folder_frames, grid_of, source_pictures
from edgecode.production.papering import stamp
from edgecode.terms.timebase import FrameRange

_SAID_IN_FULL = 50
"""For how many differing stretches it is looked for what was seen instead; a wrong file differs everywhere."""


class Compared(Struct, frozen=True):
    """A comparison with its paper and the names of versions that its sentences use."""

    comparison: Comparison
    paper: Paper
    names: dict[int, str]
    view: CutView


def compare(production: Production, cut: str, files: Mapping[str, Path], *, every: int = EVERY_FRAMES) -> Compared:
    """Hold *files* (by reel; "" is the whole cut) against the cut.

    Raises as `Production.view` and `read_video` do, UsageError ``delivery.reel``, InputError ``master.folder`` and ``master.frame``,
    NotFoundError ``file.absent``.
    """
    view = production.view(cut)
    store = production.index
    rows = version_rows(store, {match.version for match in view.matches if match.version is not None})
    names = told_apart(rows.values())
    stretches = plan(view, rows, every=every)
    spans = _spans(view, files)
    wanted = sorted({one.at for stretch in stretches for one in stretch.expected})
    masters: list[Master] = []
    grids: dict[int, bytes] = {}
    for span, path in spans:
        master, found = _read(path, span, [at for at in wanted if at in span])
        masters.append(master)
        grids |= found
    shape = Fraction(masters[0].width, masters[0].height)
    roots = {root.id: root.path for root in production.media_roots()}
    sources = source_pictures(store, rows, wanted_sources(stretches), roots=roots, shape=shape)
    found_out = judged(stretches, grids, sources.grids, changed=sources.lost)
    differs, unsaid = facts_of(masters, view.clock)
    differences = _differences(found_out, grids, sources.grids, names)
    comparison = Comparison(view.name, tuple(masters), tuple(found_out), differences, tuple(differs), tuple(unsaid))
    paper = comparison_paper(comparison, view, Chains(store), names, stamp=stamp(production, view.name))
    return Compared(comparison, paper, names, view)


def _spans(view: CutView, files: Mapping[str, Path]) -> list[tuple[FrameRange, Path]]:
    """Which frames of the cut each file must hold, in order."""
    if not view.clock.frames:
        raise UsageError("delivery.reel", f"{view.name} has no frames", "Deliver a cut that has a picture")
    if set(files) == {""}:
        return [(FrameRange(0, view.clock.frames), files[""])]
    reels = dict(view.reels)
    asked = {name.upper().removeprefix("R"): path for name, path in files.items()}
    if set(asked) != set(reels):
        known = ", ".join(f"R{name}" for name in reels)
        raise UsageError(
            "delivery.reel",
            f"the reels of {view.name} are {known}",
            "Give each of them once: --reel R1=FILE, or one FILE",
        )
    return [(span, asked[name]) for name, span in reels.items()]


def _read(path: Path, span: FrameRange, wanted: Sequence[int]) -> tuple[Master, dict[int, bytes]]:
    if path.is_dir():
        return _read_folder(path, span, wanted)
    facts, grids = read_video(path, (at - span.first for at in wanted), wide=WIDE, tall=TALL)
    master = Master(
        path.name,
        (span.first, span.end),
        facts.codec,
        facts.width,
        facts.height,
        facts.rate,
        facts.frames,
        facts.start,
        _sha256(path),
        path.stat().st_size,
        facts.is_regular,
    )
    return master, {at + span.first: grid for at, grid in grids.items()}


def _read_folder(folder: Path, span: FrameRange, wanted: Sequence[int]) -> tuple[Master, dict[int, bytes]]:
    frames = folder_frames(folder)
    grids: dict[int, bytes] = {}
    size = (0, 0)
    for at in wanted:
        place = at - span.first
        if place >= len(frames):
            continue
        image = picture_of(frames[place])
        if image is None:
            raise InputError(
                "master.frame", f"{frames[place].name} cannot be decoded here", "Deliver it as a MOV, MP4 or MXF"
            )
        size = size if size != (0, 0) else image.size
        grids[at] = grid_of(image)
    if size == (0, 0):
        size = (picture_of(frames[0]) or _no_picture(frames[0])).size
    whole = sha256("".join(_sha256(frame) for frame in frames).encode()).hexdigest()
    ending = frames[0].suffix.lower().lstrip(".")
    held = sum(frame.stat().st_size for frame in frames)
    return Master(
        folder.name, (span.first, span.end), f"{ending} frames", *size, "", len(frames), "", whole, held
    ), grids


def _no_picture(path: Path) -> Never:
    raise InputError("master.frame", f"{path.name} cannot be decoded here", "Deliver it as a MOV, MP4 or MXF")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise NotFoundError(
            "file.absent", f"{path.name} cannot be opened ({error.strerror})", "Check the path"
        ) from error


def _differences(
    found: Sequence[Judged], grids: Mapping[int, bytes], sources: Mapping[SourceFrame, Grids], names: dict[int, str]
) -> tuple[Difference, ...]:
    told: list[Difference] = []
    for one in found:
        first = one.first_difference
        if first is not None:
            said = _instead(first, grids, sources, names) if len(told) < _SAID_IN_FULL else "another picture"
            told.append(Difference(one, first, said))
    return tuple(told)


def _instead(
    seen: Seen, grids: Mapping[int, bytes], sources: Mapping[SourceFrame, Grids], names: dict[int, str]
) -> str:
    """What a differing frame shows, as far as the sources at hand can tell."""
    if seen.word == "absent":
        return "the master has no such frame"
    if seen.word == "late":
        return f"the clip beside this edit, {source_words(names, seen.expected.beyond)}"
    if seen.word == "slipped":
        where = "earlier" if seen.lies < 0 else "later"
        return f"the same clip slipped, towards {source_words(names, seen.expected.off(seen.lies))} ({where})"
    grid = grids[seen.expected.at]
    if is_flat(grid):
        return "no picture (one brightness all over)"
    like = most_like(grid, sources, besides=seen.expected.source)
    return (
        f"like {source_words(names, like)}"
        if like is not None
        else "a picture like none of this cut's sources that were looked at"
    )
