"""Places in a cut: stretches as places of a finding, and places with each frame of a clip once."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from msgspec.structs import replace

from edgecode.answers.uses.on_screen import Stretch
from edgecode.checks.uses import Span
from edgecode.terms.evidence import Visibility


def spans_of(stretches: Sequence[Stretch], tracks: Mapping[int, int]) -> list[Span]:
    """Stretches as places of a finding. *tracks*: of each clip."""
    return [Span(one.first, one.end, one.clip, tracks[one.clip], one.medium, one.visibility) for one in stretches]


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same frames with each frame of a clip once, in the order of the cut; what is certain anywhere in a frame is certain."""
    by_clip: dict[tuple[int, int, str], list[Span]] = {}
    for span in dict.fromkeys(spans):
        by_clip.setdefault((span.clip, span.track, span.medium), []).append(span)
    found = [one for listed in by_clip.values() for one in _flattened(listed)]
    return tuple(sorted(found, key=lambda one: (one.first, one.medium != "picture", one.track, one.clip)))


def _flattened(spans: Sequence[Span]) -> list[Span]:
    if len(spans) == 1:
        return list(spans)
    edges = sorted({edge for span in spans for edge in (span.first, span.end)})
    found: list[Span] = []
    for first, end in pairwise(edges):
        here = [span for span in spans if span.first <= first and end <= span.end]
        if not here:
            continue
        certain = any(span.visibility is Visibility.CERTAIN for span in here)
        one = replace(here[0], first=first, end=end, visibility=Visibility.CERTAIN if certain else Visibility.POSSIBLE)
        if found and found[-1].end == first and found[-1].visibility is one.visibility:
            found[-1] = replace(found[-1], end=end)
        else:
            found.append(one)
    return found
