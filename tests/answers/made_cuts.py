"""Hand-made cuts for the tests of the answers room: clips, matches and pieces in a line each, and a sweep by brute force."""

from collections.abc import Sequence
from fractions import Fraction

from edgecode.answers.cuts.accounts import Told
from edgecode.answers.cuts.timecodes import CutClock
from edgecode.answers.cuts.view import CutView
from edgecode.index.accounts import Piece
from edgecode.index.conform import Match
from edgecode.index.sweep import ranges
from edgecode.terms.cuts import Clip, ClipKind, Effect, Media, Track, Transition
from edgecode.terms.evidence import ConformMethod, Grade, Reason
from edgecode.terms.origins import Account, step_account
from edgecode.terms.steps import StepKind
from edgecode.terms.timebase import Rate

CAMERA = step_account(StepKind.CAMERA, grade=Grade.LOGGED)
GENERATED = step_account(StepKind.GENERATE, grade=Grade.LOGGED)
DENOISED_BY_MODEL = CAMERA | 1 << 16
V1, V2 = Track("V1", "picture"), Track("V2", "picture")
A1 = Track("A1", "sound")


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
        (track,),
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
) -> Match:
    return Match(
        clip,
        method,
        100,
        version,
        () if version is None else (version,),
        "hand-made",
        reason,
        None if first is None else Fraction(first),
        None if scale is None else Fraction(scale),
    )


def unmatched(clip: int, reason: Reason = Reason.NO_MATCH) -> Match:
    return Match(clip, ConformMethod.NONE, 0, None, (), "", reason)


def whole(account: Account) -> tuple[Piece, ...]:
    return (Piece(None, None, account),)


def view(
    clips: Sequence[Clip],
    matches: Sequence[Match],
    pieces: dict[int, tuple[Piece, ...]] | None = None,
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
        ranges=ranges(clips, tracks),
        matches=tuple(matches),
        pieces=pieces or {},
        transitions=transitions,
        told=told or Told(),
    )
