"""How an index catches up: entry by entry where it stands, or, far behind on a server, made anew near by and brought over."""

from collections.abc import Callable, Iterable

from edgecode.events.registry import Recorded
from edgecode.index.projector import project, watermark
from edgecode.index.store import FarIndexStore, IndexStore

FAR_BEHIND = 2_000
"""Events from which on it may pay to project everything anew near by."""
_TIMES_FASTER = 5
"""How much faster that is for one event at least, bringing it over included (docs/decisions/0007-index.md)."""


def bring_up(
    index: IndexStore, events: Callable[[int], Iterable[Recorded]], *, stands: int, size: int, root: bytes
) -> bool:
    """Project *events* (from an entry on) into *index*, which stands at *stands*, up to *size* with *root*; True when it was made from
    nothing. Either way it holds the same. Raises what `project` raises."""
    if isinstance(index, FarIndexStore) and is_far_behind(stands, size):
        with index.remade() as near:
            # Another process may have done it while this one waited for its turn.
            if watermark(index)[0] < size:
                project(near, events(0), size=size, root=root)
        return True
    project(index, events(stands), size=size, root=root)
    return not stands


def is_far_behind(stands: int, size: int) -> bool:
    """Whether projecting all of *size* events near by costs less than projecting those behind *stands* far away."""
    behind = size - stands
    return behind >= FAR_BEHIND and behind * _TIMES_FASTER >= size
