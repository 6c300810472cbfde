"""The clips of a cut that are seen or heard, as pairing compares them, and the generated frames that they bring."""

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.accounts import MEDIA, medium_of
from edgecode.answers.cuts.figures import clip_name
from edgecode.answers.cuts.view import CutView
from edgecode.answers.listing.pairing import UsedClip, shot_of
from edgecode.terms.cuts import Clip
from edgecode.terms.origins import classes_of


class Counted(Struct, frozen=True):
    """Frames of clips with a model's share: how many came in, went out and stayed, each use of a source frame counted."""

    came: Fraction
    went: Fraction
    stayed: Fraction


def used_clips(view: CutView, chains: Chains, *, rate: Fraction) -> list[UsedClip]:
    """Every clip that counts in picture or sound. *rate*: of the newer cut, frames a second; positions are counted at it."""
    chains.read(match.version for match in view.matches if match.version is not None)
    speed = rate / view.clock.rate.fraction
    live = {one.clip for medium in MEDIA for run in view.runs(medium) for one in run.contributors}
    return [_used(view, number, chains, speed) for number in sorted(live)]


def _used(view: CutView, number: int, chains: Chains, speed: Fraction) -> UsedClip:
    clip, match = view.clips[number], view.match_of.get(number)
    version = match.version if match is not None else None
    source_in, scale = clip.source_in, clip.source_scale
    clock: Literal["version", "cut"] = "cut"
    if match is not None and version is not None and match.first is not None:
        source_in, scale, clock = match.first, match.scale, "version"
    return UsedClip(
        number=number,
        clip=clip,
        medium=medium_of(clip, view.tracks),
        shows=_shows(clip, chains, version),
        shot=shot_of(clip_name(clip)),
        first=Fraction(clip.record_in.__floor__()) * speed,
        end=Fraction(clip.record_out.__ceil__()) * speed,
        source_in=source_in,
        scale=None if scale is None else scale / speed,
        clock=clock,
    )


def _shows(clip: Clip, chains: Chains, version: int | None) -> str:
    """Equal for equal bytes; where no version is known, for what the cut itself says that it shows."""
    if version is not None:
        row = chains.row(version)
        return f"content {row.content}" if row.content is not None else f"version {version}"
    media = clip.media
    said = (*media.targets, *media.names, media.reel_full or media.reel, media.sequence_prefix, media.generator)
    return "\n".join(("said", clip.kind, *(said if any(said) else (clip.name,))))


def generated_difference(
    old: CutView, new: CutView, olds: Mapping[int, UsedClip], news: Mapping[int, UsedClip]
) -> Counted:
    """Uses of source frames with a model's share that only one of the cuts holds, and those that both do; picture alone.

    Two frames are the same when they show the same position of the same bytes. Counted at the rate of the newer cut; where a position
    cannot be told it is never the same as another one.
    """
    rate = new.clock.rate.fraction
    before = Counter(_points(old, olds, rate / old.clock.rate.fraction))
    after = Counter(_points(new, news, Fraction(1)))
    unplaced = {True: Fraction(0), False: Fraction(0)}
    for is_new, points in ((False, before), (True, after)):
        for point in [point for point in points if point[1] is None]:
            unplaced[is_new] += points.pop(point) * point[2]
    both = before & after
    return Counted(
        came=_frames(after - both) + unplaced[True],
        went=_frames(before - both) + unplaced[False],
        stayed=_frames(both),
    )


_Point = tuple[str, Fraction | None, Fraction]


def _frames(points: Mapping[_Point, int]) -> Fraction:
    return sum((count * point[2] for point, count in points.items()), Fraction(0))


def _points(view: CutView, used: Mapping[int, UsedClip], speed: Fraction) -> Iterator[_Point]:
    """What is shown, at which source position, and for how long, in frames of the newer cut; one for each frame of the cut."""
    for run in view.runs():
        for one in run.contributors:
            if "G" not in classes_of(one.account):
                continue
            clip, start = used[one.clip], view.clips[one.clip].record_in.__floor__()
            if clip.source_in is None or clip.scale is None:
                yield from ((clip.shows, None, speed) for _ in range(run.frames))
                continue
            shows, step = f"{clip.clock} {clip.shows}", speed * clip.scale
            yield from ((shows, clip.source_in + (frame - start) * step, speed) for frame in range(run.first, run.end))
