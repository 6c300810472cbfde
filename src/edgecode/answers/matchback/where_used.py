"""Where versions are used: every clip of every cut that shows them, or that shows something made from them."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.cuts.accounts import MEDIA, Contributor, Medium, version_frames
from edgecode.answers.cuts.view import CutView
from edgecode.index.conform import Match
from edgecode.index.lineage import impact
from edgecode.index.store import IndexStore
from edgecode.terms.evidence import Visibility


class Use(Struct, frozen=True):
    """One stretch of one clip: *version* is what the clip shows, *target* what was asked about (equal for a direct use).

    *account* joins everything that the clip is made of over the stretch. *is_candidate*: several versions fit the clip, and this
    is one of them.
    """

    view: CutView
    clip: int
    first: int
    end: int
    version: int
    target: int
    visibility: Visibility
    account: int
    medium: Medium = "picture"
    is_candidate: bool = False

    @property
    def direct(self) -> bool:
        """Whether the clip shows the version itself and not something made from it."""
        return self.version == self.target


def uses(
    store: IndexStore, views: Iterable[CutView], targets: Mapping[int, tuple[int, int] | None], *, derived: bool = True
) -> list[Use]:
    """Every use of *targets*, cut by cut, by record in. A target's value is the frames of it that are meant; None: all of it.

    Frames narrow direct uses; something made from a version is listed over its whole stretch.
    """
    wanted = {target: target for target in targets}
    if derived:
        for target in targets:
            for made in sorted(impact(store, target)):
                wanted.setdefault(made, target)
    return [use for view in views for use in _in_cut(view, wanted, targets)]


def _in_cut(view: CutView, wanted: Mapping[int, int], targets: Mapping[int, tuple[int, int] | None]) -> list[Use]:
    matches = view.match_of
    open_: dict[int, int] = {}
    found: list[Use] = []
    for medium in MEDIA:
        for run in view.runs(medium):
            for one in run.contributors:
                use = _use(view, one, (run.first, run.end), matches.get(one.clip), wanted, medium)
                if use is None:
                    continue
                at = open_.get(one.clip)
                if at is not None and found[at].end == use.first:
                    found[at] = _longer(found[at], use)
                else:
                    open_[one.clip] = len(found)
                    found.append(use)
    narrowed = (part for use in found for part in _narrowed(use, targets.get(use.version)))
    return sorted(narrowed, key=lambda use: (use.medium, use.first, use.clip))


def _use(
    view: CutView,
    one: Contributor,
    frames: tuple[int, int],
    match: Match | None,
    wanted: Mapping[int, int],
    medium: Medium,
) -> Use | None:
    if match is None:
        return None
    shown = (match.version,) if match.version is not None else match.candidates
    found = next((one for one in shown if one in wanted), None)
    if found is None:
        return None
    candidate = match.version is None
    return Use(view, one.clip, *frames, found, wanted[found], one.visibility, one.account, medium, candidate)


def _longer(use: Use, more: Use) -> Use:
    possible = Visibility.POSSIBLE in (use.visibility, more.visibility)
    return replace(
        use,
        end=more.end,
        account=use.account | more.account,
        visibility=Visibility.POSSIBLE if possible else use.visibility,
    )


def _narrowed(use: Use, frames: tuple[int, int] | None) -> Sequence[Use]:
    """The part of a direct use that touches *frames* of the version."""
    match = use.view.match_of[use.clip]
    if frames is None or not use.direct or use.is_candidate:
        return [use]
    clip = use.view.clips[use.clip]
    found: list[Use] = []
    for frame in _candidates(use, frames):
        shown = version_frames(clip, match, Fraction(frame), Fraction(frame + 1))
        if shown is not None and not (shown[0] < frames[1] and frames[0] < shown[1]):
            continue
        if found and found[-1].end == frame:
            found[-1] = replace(found[-1], end=frame + 1)
        else:
            found.append(replace(use, first=frame, end=frame + 1))
    return found


def _candidates(use: Use, frames: tuple[int, int]) -> range:
    """Record frames near which the wanted frames lie; all of them where the relation cannot be turned round."""
    match, clip = use.view.match_of[use.clip], use.view.clips[use.clip]
    if match.first is None or not match.scale:
        return range(use.first, use.end)
    edges = [clip.record_in + (frame - match.first) / match.scale for frame in frames]
    reach = ceil(1 / abs(match.scale)) + 1
    low, high = floor(min(edges)) - reach, ceil(max(edges)) + reach
    return range(max(use.first, low), min(use.end, high))
