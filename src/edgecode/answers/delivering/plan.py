"""Which frames of a cut a delivered picture is held against: both ends of every clip, and frames between them."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.cuts.accounts import Run
from edgecode.answers.cuts.view import CutView
from edgecode.index.catalogue import VersionRow
from edgecode.terms.cuts import Clip

EVERY_FRAMES = 12
"""How far apart frames within a clip are compared, where nobody says otherwise."""

NO_CLIP = -1


class SourceFrame(Struct, frozen=True, order=True):
    """A picture of a version. *number*: its frame on the version's own clock; None: a file that is one picture."""

    version: int
    number: int | None = None


class Expected(Struct, frozen=True):
    """A frame of the cut that is compared. *source*: what it must show, None for black.

    *beside*: pictures of the same clip that a slip would bring nearer, each with how many frames it lies off: the neighbours, and those
    as far off as compared frames are. *beyond*: what the clip beside this edit would show here if the edit were a frame late or early;
    None: there is no such picture.
    """

    at: int
    source: SourceFrame | None
    is_cut_point: bool
    beside: tuple[tuple[int, SourceFrame], ...] = ()
    beyond: SourceFrame | None = None

    def off(self, by: int) -> SourceFrame | None:
        """The picture *by* frames off within the clip."""
        return next((source for away, source in self.beside if away == by), None)


class Stretch(Struct, frozen=True):
    """Frames *first* up to *end* of the cut that one clip fills, or black. *why*: why they are not compared, "" where they are.

    *is_open*: nobody knows which picture belongs here, or it is not known whether the clip has one: a person must act.
    """

    first: int
    end: int
    clip: int
    version: int | None
    expected: tuple[Expected, ...] = ()
    why: str = ""
    is_open: bool = False


def plan(view: CutView, versions: Mapping[int, VersionRow], *, every: int = EVERY_FRAMES) -> list[Stretch]:
    """Every frame of the cut's picture in order, in stretches that are compared or say why not."""
    found: list[Stretch] = []
    for run in view.runs("picture"):
        one = _stretch(view, run, versions)
        last = found[-1] if found else None
        if last is not None and (last.clip, last.version, last.why) == (one.clip, one.version, one.why):
            found[-1] = replace(last, end=one.end)
        else:
            found.append(one)
    planned = [one if one.why else replace(one, expected=_expected(view, one, versions, every)) for one in found]
    return _with_neighbours(planned, view, versions)


def compared_frames(stretch: Stretch) -> int:
    """How many frames of a stretch are looked at."""
    return len(stretch.expected)


def wanted_sources(stretches: Sequence[Stretch]) -> list[SourceFrame]:
    """Every picture of a source that the comparison needs, in order."""
    named = {
        source
        for stretch in stretches
        for one in stretch.expected
        for source in (one.source, one.beyond, *(source for _, source in one.beside))
        if source is not None
    }
    return sorted(named, key=lambda source: (source.version, source.number or 0))


def _stretch(view: CutView, run: Run, versions: Mapping[int, VersionRow]) -> Stretch:
    if not run.contributors:
        missing = "rows of the cut's file could not be read" if view.told.rows_missing else ""
        return Stretch(run.first, run.end, NO_CLIP, None, why=missing, is_open=bool(missing))
    if len(run.contributors) > 1:
        top = max(run.contributors, key=lambda one: view.clips[one.clip].path).clip
        mixed = any(t.record_in <= run.first and run.end <= t.record_out for t in view.transitions)
        return Stretch(
            run.first,
            run.end,
            top,
            None,
            why="a transition mixes two pictures" if mixed else "several layers lie over one another",
        )
    (one,) = run.contributors
    clip, match = view.clips[one.clip], view.match_of.get(one.clip)
    version = match.version if match is not None else None
    why, is_open = _why_not(clip, version, versions)
    if not why and version is not None and not _has(view, one.clip, versions[version], run):
        why, is_open = "the version has no such frames", True
    return Stretch(run.first, run.end, one.clip, version, why=why, is_open=is_open)


def _why_not(clip: Clip, version: int | None, versions: Mapping[int, VersionRow]) -> tuple[str, bool]:
    """Why a clip's picture cannot be compared, and whether that is a question to somebody."""
    if clip.kind == "black":
        return ("", False) if clip.media.generator.lower() in ("", "black") else ("a signal that the edit makes", False)
    if clip.kind in ("title", "generator"):
        return "a title or signal that the edit makes", False
    if version is None or version not in versions:
        return "no version is known for it", True
    if clip.placed != "exact" or clip.source_scale not in (Fraction(1), Fraction(0)):
        return "its speed is changed", False
    if any(effect.enabled for effect in clip.effects):
        return "an effect of the editing program lies on it", False
    return "", False


def _has(view: CutView, clip: int, version: VersionRow, run: Run) -> bool:
    ends = (_source_at(view, clip, version, at) for at in (run.first, run.end - 1))
    return all(source is not None for source in ends)


def _source_at(view: CutView, clip: int, version: VersionRow, at: int) -> SourceFrame | None:
    """The picture of a version that a clip shows at a frame of the cut; None where the version has none."""
    if version.first is None or version.end is None:
        return SourceFrame(version.id)
    match = view.match_of[clip]
    if match.first is None or match.scale is None:
        return None
    number = (match.first + (at - view.clips[clip].record_in) * match.scale).__floor__()
    return _inside(version, number)


def _inside(version: VersionRow, number: int) -> SourceFrame | None:
    if version.first is None or version.end is None or not version.first <= number < version.end:
        return None
    if any(first <= number < end for first, end in version.holes):
        return None
    return SourceFrame(version.id, number)


def _expected(view: CutView, stretch: Stretch, versions: Mapping[int, VersionRow], every: int) -> tuple[Expected, ...]:
    ends = {stretch.first, stretch.end - 1}
    places = sorted(ends | set(range(stretch.first, stretch.end, every)))
    if stretch.version is None:
        return tuple(Expected(at, None, at in ends) for at in places)
    version = versions[stretch.version]
    moves = version.first is not None and view.clips[stretch.clip].source_scale == 1
    found = []
    for at in places:
        source = _source_at(view, stretch.clip, version, at)
        if source is None:
            continue
        away = sorted({-every, -1, 1, every}) if moves else []
        off = [(by, _inside(version, (source.number or 0) + by)) for by in away]
        found.append(Expected(at, source, at in ends, tuple((by, one) for by, one in off if one is not None)))
    return tuple(found)


def _with_neighbours(found: list[Stretch], view: CutView, versions: Mapping[int, VersionRow]) -> list[Stretch]:
    """With what each edit would show if it lay one frame off: the clip before it going on, or the one after it begun."""
    done = list(found)
    for number, stretch in enumerate(found):
        if not stretch.expected:
            continue
        expected = list(stretch.expected)
        if number and found[number - 1].expected:
            last = found[number - 1].expected[-1]
            expected[0] = replace(expected[0], beyond=last.off(1) or last.source)
        if number + 1 < len(found) and found[number + 1].expected and len(expected) > 1:
            first = found[number + 1].expected[0]
            expected[-1] = replace(expected[-1], beyond=first.off(-1) or first.source)
        done[number] = replace(stretch, expected=tuple(expected))
    return done
