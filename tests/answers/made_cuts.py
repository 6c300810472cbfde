"""Hand-made cuts for the tests of the answers room: clips, matches and pieces in a line each, and a sweep by brute force."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct

from edgecode.answers.cut_accounts import Told, medium_of
from edgecode.answers.cut_view import CutView
from edgecode.answers.timecodes import CutClock
from edgecode.terms.cuts import Clip, ClipKind, Effect, Media, Track, Transition
from edgecode.terms.evidence import ConformMethod, Grade, Reason, Visibility
from edgecode.terms.origins import Account, step_account
from edgecode.terms.steps import StepKind
from edgecode.terms.timebase import Rate

CAMERA = step_account(StepKind.CAMERA, grade=Grade.LOGGED)
GENERATED = step_account(StepKind.GENERATE, grade=Grade.LOGGED)
DENOISED_BY_MODEL = CAMERA | 1 << 16
V1, V2 = Track("V1", "picture"), Track("V2", "picture")
A1 = Track("A1", "sound")


class MadeMatch(Struct, frozen=True):
    clip: int
    method: ConformMethod
    version: int | None = None
    reason: Reason | None = None
    first: Fraction | None = Fraction(0)
    scale: Fraction | None = Fraction(1)
    confidence: int = 100
    candidates: tuple[int, ...] = ()
    why: str = ""


class MadePiece(Struct, frozen=True):
    first: int | None
    end: int | None
    account: Account


class MadeRange(Struct, frozen=True):
    start: Fraction
    end: Fraction
    seen: tuple[tuple[int, Visibility], ...]


def made_clip(
    name: str,
    first: int | Fraction,
    end: int | Fraction,
    *,
    track: int = 0,
    kind: ClipKind = "picture",
    enabled: bool = True,
    effects: tuple[Effect, ...] = (),
    media: Media | None = None,
) -> Clip:
    return Clip(
        name,
        kind,
        (track, 0),
        Fraction(first),
        Fraction(end),
        media or Media(),
        enabled=enabled,
        effects=effects,
    )


def matched(
    clip: int,
    version: int | None,
    *,
    method: ConformMethod = ConformMethod.CONTENT,
    first: int | Fraction | None = 0,
    scale: int | Fraction | None = 1,
    reason: Reason | None = None,
) -> MadeMatch:
    return MadeMatch(
        clip,
        method,
        version,
        reason,
        None if first is None else Fraction(first),
        None if scale is None else Fraction(scale),
    )


def unmatched(clip: int, reason: Reason = Reason.NO_MATCH) -> MadeMatch:
    return MadeMatch(clip, ConformMethod.NONE, None, reason, None, None)


def whole(account: Account) -> tuple[MadePiece, ...]:
    return (MadePiece(None, None, account),)


def swept(clips: Sequence[Clip], tracks: Sequence[Track]) -> list[MadeRange]:
    """The plainest sweep: certain when alone among its medium, possible when not, hidden when disabled."""
    marks = sorted({mark for clip in clips for mark in (clip.record_in, clip.record_out)})
    found = []
    for start, end in pairwise(marks):
        live = [n for n, clip in enumerate(clips) if clip.record_in < end and start < clip.record_out]
        on = [n for n in live if clips[n].enabled and tracks[clips[n].path[0]].enabled]
        seen = []
        for n in live:
            others = [m for m in on if m != n and medium_of(clips[m], tracks) == medium_of(clips[n], tracks)]
            sure = Visibility.CERTAIN if not others else Visibility.POSSIBLE
            seen.append((n, sure if n in on else Visibility.HIDDEN))
        if seen:
            found.append(MadeRange(start, end, tuple(seen)))
    return found


def view(
    clips: Sequence[Clip],
    matches: Sequence[MadeMatch],
    pieces: dict[int, tuple[MadePiece, ...]] | None = None,
    *,
    frames: int,
    tracks: tuple[Track, ...] = (V1, V2),
    start: int = 86_400,
    effects_visible: bool = True,
    transitions: tuple[Transition, ...] = (),
    told: Told | None = None,
    rate: Rate | None = None,
) -> CutView:
    return CutView(
        cut="01990000-0000-7000-8000-000000000001",
        name="Cut 13",
        clock=CutClock(rate or Rate(24), start, frames),
        effects_visible=effects_visible,
        tracks=tracks,
        clips=tuple(clips),
        keys=tuple(f"01990000-0000-7000-8000-{n:012x}" for n in range(len(clips))),
        ranges=swept(clips, tracks),
        matches=tuple(matches),
        pieces=pieces or {},
        transitions=transitions,
        told=told or Told(),
    )
