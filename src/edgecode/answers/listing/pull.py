"""The pull list: every stretch of a cut that has to be replaced, with its source, its handles and why; and the same as a cut for an EDL."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.accounts import version_frames
from edgecode.answers.cuts.figures import clip_name, track_name
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import NOT_RECORDED, counted
from edgecode.answers.layout.sheets import LAST_COLUMNS, Sheet, cell
from edgecode.checks.withdrawals import BUCKET_WORDS, Bucket
from edgecode.ingest.making import base_name
from edgecode.terms.cuts import Clip, CutReading, Track
from edgecode.terms.timebase import exact_number

PULL_COLUMNS = (
    "No.",
    "Shot",
    "Cut",
    "Reel",
    "Record in",
    "Record out",
    "Frames",
    "Source in",
    "Source out",
    "Handles",
    "Frames with handles",
    "Description",
    "Element to replace",
    "Because",
    "Bucket",
    "Wanted by",
    "Priority",
    "Vendor",
    *LAST_COLUMNS,
)
URGENT: tuple[Bucket, ...] = ("released", "locked", "generated_unlocked")
"""Buckets in the order in which their shots are wanted back."""


class Pulled(Struct, frozen=True):
    """Frames *first* up to *end* of a cut in one clip that have to be replaced. *element*: what of it; *because*: for what; *bucket*, *by*,
    *next_step*: as the impact of a withdrawal has them, None and "" where it is no withdrawal."""

    view: CutView
    clip: int
    first: int
    end: int
    element: str
    because: str
    bucket: Bucket | None = None
    by: str = ""
    next_step: str = ""

    @property
    def frames(self) -> int:
        """Frames of the cut."""
        return self.end - self.first


class Handles(Struct, frozen=True):
    """Frames in front and behind, in frames of the cut, and how many of those that were asked for the version does not have. *known*: the
    version's frames are numbered, so that anybody can tell."""

    head: int
    tail: int
    missing: int = 0
    known: bool = True

    @property
    def text(self) -> str:
        """``8+8``, or ``3+8 (5 missing)``."""
        if not self.known:
            return f"{self.head}+{self.tail} (whether they are there is not known)"
        return f"{self.head}+{self.tail}" + (f" ({self.missing} missing)" if self.missing else "")


def pull_list(pulled: Sequence[Pulled], chains: Chains, *, why: str, handles: int) -> Sheet:
    """One row for each stretch, in the order of the cuts. *why*: the title's reason; *handles*: frames wanted at either end."""
    ordered = sorted(pulled, key=_order)
    rows = tuple(_row(number, one, chains, handles) for number, one in enumerate(ordered, 1))
    frames = sum(_once([one for one in ordered if one.view.cut == cut]) for cut in {one.view.cut for one in ordered})
    steps = dict.fromkeys(one.next_step for one in ordered if one.next_step)
    return Sheet(
        f"PULL  {why}",
        PULL_COLUMNS,
        rows,
        foot=(
            f"{counted(len(rows), 'stretch', 'stretches')} in {counted(len({one.view.cut for one in ordered}), 'cut')}, "
            f"{counted(frames, 'frame')}, by cut each counted once"
            if rows
            else "0 stretches: nothing of it is in a cut of this production",
            *steps,
        ),
    )


def handles_of(one: Pulled, chains: Chains, wanted: int) -> Handles:
    """The handles that the version has, at most *wanted* at either end."""
    match = one.view.match_of.get(one.clip)
    clip = one.view.clips[one.clip]
    if match is None or match.version is None or not match.scale or chains.row(match.version).first is None:
        return Handles(_before(clip, one.first, wanted), wanted, known=False)
    shown = version_frames(clip, match, Fraction(one.first), Fraction(one.end))
    row = chains.row(match.version)
    if shown is None or row.first is None or row.end is None:
        return Handles(_before(clip, one.first, wanted), wanted, known=False)
    speed = abs(match.scale)
    front, behind = int((shown[0] - row.first) / speed), int((row.end - shown[1]) / speed)
    if match.scale < 0:
        front, behind = behind, front
    head, tail = max(0, min(wanted, front)), max(0, min(wanted, behind))
    return Handles(head, tail, 2 * wanted - head - tail)


def _before(clip: Clip, first: int, wanted: int) -> int:
    """At most *wanted* frames in front of *first* that do not reach beyond frame 0 of the source, where the cut says which it shows."""
    if clip.source_in is None or not clip.source_scale or clip.source_scale < 0:
        return wanted
    return max(0, min(wanted, int((clip.source_in + (first - clip.record_in) * clip.source_scale) / clip.source_scale)))


def pull_reading(pulled: Sequence[Pulled], chains: Chains, *, handles: int, name: str) -> CutReading:
    """The rows of one cut with their handles, one after the other from the first frame of the cut's clock, as a cut for the vendor.

    Raises ValueError for rows of several cuts or none.
    """
    views = {one.view.cut: one.view for one in pulled}
    if len(views) != 1:
        raise ValueError(f"rows of {len(views)} cuts are no one list")
    (view,) = views.values()
    ordered = list({(one.clip, one.first, one.end): one for one in sorted(pulled, key=_order)}.values())
    made = [(one, handles_of(one, chains, handles)) for one in ordered]
    lengths = [one.frames + both.head + both.tail for one, both in made]
    starts = [0, *accumulate(lengths)]
    tracks = [Track("V", "picture"), Track("A1", "sound")]
    clips = tuple(
        _clip(one, both, start, length, chains)
        for (one, both), start, length in zip(made, starts, lengths, strict=False)
    )
    return CutReading(
        name=name,
        format="edl",
        reader="edgecode",
        rate=view.clock.rate,
        drop_frame=view.clock.drop_frame,
        start=view.clock.start,
        frames=starts[-1],
        tracks=tuple(tracks),
        clips=clips,
    )


def _clip(one: Pulled, both: Handles, start: int, length: int, chains: Chains) -> Clip:
    clip = one.view.clips[one.clip]
    scale = clip.source_scale
    source = None
    if clip.source_in is not None and scale is not None:
        source = max(Fraction(0), clip.source_in + (one.first - both.head - clip.record_in) * scale)
    match = one.view.match_of.get(one.clip)
    code = chains.ref(match.version).edge_code if match is not None and match.version is not None else ""
    sound = (
        one.view.tracks[clip.path[0]].kind == "sound"
        if clip.path and clip.path[0] < len(one.view.tracks)
        else clip.kind == "sound"
    )
    return replace(
        clip,
        path=(1 if sound else 0,),
        kind="sound" if sound else "picture",
        record_in=Fraction(start),
        record_out=Fraction(start + length),
        source_in=source,
        side="",
        effects=(),
        nest=(),
        enabled=True,
        placed="exact",
        event="",
        comments=(
            f"* CUT: {one.view.name} {one.view.clock.label(one.first)} - {one.view.clock.label(one.end)} HANDLES {both.head}+{both.tail}",
        ),
        # Where files lie is no business of a vendor's.
        media=replace(
            clip.media,
            targets=(),
            others=(),
            names=tuple(dict.fromkeys(base_name(name) for name in (*clip.media.names, *clip.media.targets))),
            codes=(code,) if code else (),
        ),
    )


def _order(one: Pulled) -> tuple[str, str, int, str, int, str]:
    return (
        one.view.name,
        one.view.cut,
        one.first,
        track_name(one.view.clips[one.clip], one.view.tracks),
        one.clip,
        one.element,
    )


def _once(pulled: Sequence[Pulled]) -> int:
    total, reached = 0, 0
    for one in sorted(pulled, key=lambda one: (one.first, one.end)):
        total += max(0, one.end - max(one.first, reached))
        reached = max(reached, one.end)
    return total


def _row(number: int, one: Pulled, chains: Chains, wanted: int) -> tuple[str, ...]:
    view, clip = one.view, one.view.clips[one.clip]
    match = view.match_of.get(one.clip)
    version = match.version if match is not None else None
    both = handles_of(one, chains, wanted)
    step = chains.first_step(version) if version is not None else None
    reel = next((name for name, span in view.reels if one.first in span), "1")
    priority = str(URGENT.index(one.bucket) + 1) if one.bucket in URGENT else NOT_RECORDED
    return (
        str(number),
        clip_name(clip),
        view.name,
        reel,
        view.clock.label(one.first),
        view.clock.label(one.end),
        str(one.frames),
        _source(clip, one.first),
        _source(clip, one.end),
        both.text,
        str(one.frames + both.head + both.tail),
        cell(chains.ref(version).name if version is not None else clip.source_label),
        one.element,
        one.because,
        BUCKET_WORDS[one.bucket] if one.bucket is not None else "no withdrawal",
        one.by or "no day named",
        priority,
        NOT_RECORDED,
        cell(chains.ref(version).edge_code if version is not None else ""),
        step.grade if step is not None and step.kind is not None else "unaccounted",
        cell(str(step.ledger) if step is not None else ""),
    )


def _source(clip: Clip, at: int) -> str:
    if clip.source_in is None or clip.source_scale is None:
        return NOT_RECORDED
    return str(exact_number(clip.source_in + (at - clip.record_in) * clip.source_scale))
