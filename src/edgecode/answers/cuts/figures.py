"""Adding up runs of frames: the figures of coverage/1, where every breakdown sums to the frames, and its list of gaps."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct, field

from edgecode.answers.cuts.accounts import Contributor, Run
from edgecode.answers.cuts.timecodes import CutClock
from edgecode.terms.cuts import Clip, Track
from edgecode.terms.evidence import Reason
from edgecode.terms.origins import ai_of, classes_of, grade_of, letter_of, reasons_of
from edgecode.terms.timebase import FrameRange

LETTERS = "CPHGMAU"
UNREAD = "row that could not be read"
"""What a gap is called where the cut's reader had to leave out rows, so that an empty track proves nothing."""


class Gap(Struct, frozen=True):
    """Frames *in* up to *out* of the cut, from its first frame, in which one clip is unaccounted for one reason."""

    in_: int = field(name="in")
    out: int = field(name="out")
    in_tc: str
    out_tc: str
    frames: int
    track: str
    clip: str
    reason: Reason


class Sums(Struct, frozen=True, kw_only=True):
    """Frames by answer. Each ``by_*``, and ``ai``, sums to *frames*; *mixed* to the frames of M; *waived* lies in *unaccounted*."""

    frames: int
    accounted: int
    unaccounted: int
    waived: int
    by_origin: dict[str, int]
    mixed: dict[str, int]
    ai: dict[str, int]
    by_grade: dict[str, int]
    by_conform: dict[str, int]
    by_visibility: dict[str, int]
    effects_not_visible: int


class Figures(Sums, frozen=True, kw_only=True):
    """The sums of one medium with its gaps."""

    gaps: tuple[Gap, ...] = ()


class Reel(Sums, frozen=True, kw_only=True):
    """The sums of one reel: frames *in* up to *out* of the cut."""

    reel: str
    in_: int = field(name="in")
    out: int


class GapRun(Struct, frozen=True):
    """A gap with its clip's number in the cut (-1: an unread row)."""

    clip: int
    first: int
    end: int
    reason: Reason


def figures(runs: Sequence[Run], *, gaps: tuple[Gap, ...] = (), waived: Iterable[FrameRange] = ()) -> Figures:
    """The sums over *runs* with their gaps. A waiver moves no frame to another class."""
    return Figures(**_fields(sums(runs, waived=waived)), gaps=gaps)


def reel(name: str, span: FrameRange, runs: Sequence[Run], *, waived: Iterable[FrameRange] = ()) -> Reel:
    """The sums over the part of *runs* that lies in a reel."""
    return Reel(**_fields(sums(runs, waived=waived, within=span)), reel=name, in_=span.first, out=span.end)


def sums(runs: Sequence[Run], *, waived: Iterable[FrameRange] = (), within: FrameRange | None = None) -> Sums:
    """Frames by answer over *runs*, or over the part of them that lies *within* a range."""
    counted = [(run, frames) for run in runs if (frames := _shared(run, within))]
    total = sum(frames for _, frames in counted)
    by_origin = dict.fromkeys(LETTERS, 0)
    mixed: dict[str, int] = {}
    ai = dict.fromkeys(("none", "assistive", "generative", "unknown"), 0)
    by_grade = dict.fromkeys(("declared", "logged", "signed", "corroborated", "none"), 0)
    by_conform = dict.fromkeys(("content", "id", "inferred", "declared", "none"), 0)
    by_visibility = dict.fromkeys(("certain", "possible"), 0)
    for run, frames in counted:
        letter, grade = letter_of(run.account), grade_of(run.account)
        by_origin[letter] += frames
        if letter == "M":
            mixed[classes_of(run.account)] = mixed.get(classes_of(run.account), 0) + frames
        ai[ai_of(run.account).value] += frames
        by_grade[grade.value if grade is not None else "none"] += frames
        by_conform[run.method.value] += frames
        by_visibility[run.visibility.value] += frames
    return Sums(
        frames=total,
        accounted=total - by_origin["U"],
        unaccounted=by_origin["U"],
        waived=_waived_frames(runs, waived, within),
        by_origin=by_origin,
        mixed=dict(sorted(mixed.items())),
        ai=ai,
        by_grade=by_grade,
        by_conform=by_conform,
        by_visibility=by_visibility,
        effects_not_visible=sum(frames for run, frames in counted if run.effects_hidden),
    )


def _fields(of: Sums) -> dict[str, Any]:
    return {name: getattr(of, name) for name in Sums.__struct_fields__}


def gap_runs(runs: Sequence[Run]) -> list[GapRun]:
    """For each clip the stretches in which it is unaccounted for one reason (the first in printing order), by record in."""
    found: list[GapRun] = []
    open_: dict[int, int] = {}
    for run in runs:
        here = dict(_unaccounted(run))
        for clip, reason in here.items():
            at = open_.get(clip)
            if at is not None and found[at].end == run.first and found[at].reason is reason:
                found[at] = GapRun(clip, found[at].first, run.end, reason)
            else:
                open_[clip] = len(found)
                found.append(GapRun(clip, run.first, run.end, reason))
    return sorted(found, key=lambda gap: (gap.first, gap.clip, gap.end))


def gap_rows(
    runs: Sequence[Run], *, clips: Sequence[Clip], tracks: Sequence[Track], clock: CutClock
) -> tuple[Gap, ...]:
    """The gaps as coverage/1 prints them."""
    return tuple(
        Gap(
            in_=gap.first,
            out=gap.end,
            in_tc=clock.label(gap.first),
            out_tc=clock.label(gap.end),
            frames=gap.end - gap.first,
            track=track_name(clips[gap.clip], tracks) if gap.clip >= 0 else "",
            clip=clip_name(clips[gap.clip]) if gap.clip >= 0 else UNREAD,
            reason=gap.reason,
        )
        for gap in gap_runs(runs)
    )


def track_name(clip: Clip, tracks: Sequence[Track]) -> str:
    """The name of a clip's outermost track; tracks without a name are numbered by kind (V1, A2) from the bottom."""
    name = tracks[clip.path[0]].name if clip.path and clip.path[0] < len(tracks) else ""
    return name or track_number(clip, tracks)


def track_number(clip: Clip, tracks: Sequence[Track]) -> str:
    """The number of a clip's outermost track among those of its kind (V1, A2), from the bottom."""
    if not clip.path or clip.path[0] >= len(tracks):
        return "V1"
    number = clip.path[0]
    track = tracks[number]
    same = sum(1 for other in tracks[: number + 1] if other.kind == track.kind)
    return f"{ {'picture': 'V', 'sound': 'A', 'other': 'D'}[track.kind] }{same}"


def clip_name(clip: Clip) -> str:
    """What people call a clip: its name, else what its media is called, else its reel."""
    return clip.name or next(iter(clip.media.names), "") or clip.media.reel or clip.event or "unnamed clip"


def _unaccounted(run: Run) -> Iterable[tuple[int, Reason]]:
    if not run.contributors and letter_of(run.account) == "U":
        return [(-1, reasons_of(run.account)[0])]
    return [(one.clip, first_reason(one)) for one in run.contributors if letter_of(one.account) == "U"]


def first_reason(contributor: Contributor) -> Reason:
    """The reason that is printed when several hold."""
    return reasons_of(contributor.account)[0]


def _shared(run: Run, within: FrameRange | None) -> int:
    return run.frames if within is None else max(0, min(run.end, within.end) - max(run.first, within.first))


def _waived_frames(runs: Sequence[Run], waived: Iterable[FrameRange], within: FrameRange | None) -> int:
    """Frames that are unaccounted and waived, each once."""
    count, done = 0, within.first if within is not None else 0
    for span in sorted(waived):
        first = max(span.first, done)
        end = span.end if within is None else min(span.end, within.end)
        count += sum(max(0, min(run.end, end) - max(run.first, first)) for run in runs if letter_of(run.account) == "U")
        done = max(done, end)
    return count
