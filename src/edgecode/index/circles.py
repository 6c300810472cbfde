"""Groups of things that need each other in a circle (Tarjan 1972, without recursion)."""

from collections.abc import Callable, Iterable, Sequence


def circles(starts: Iterable[int], needs: Callable[[int], Sequence[int]]) -> list[frozenset[int]]:
    """Every group of two or more behind *starts* in which each needs every other, in no particular order."""
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    open_: dict[int, None] = {}
    found: list[frozenset[int]] = []
    for start in starts:
        walk = [(start, iter(needs(start)))] if start not in order else []
        if walk:
            order[start] = lowest[start] = len(order)
            open_[start] = None
        while walk:
            current, rest = walk[-1]
            deeper = next((node for node in rest if node not in order or node in open_), None)
            if deeper is None:
                walk.pop()
                if walk:
                    lowest[walk[-1][0]] = min(lowest[walk[-1][0]], lowest[current])
                if lowest[current] == order[current]:
                    found += _closed(open_, current)
            elif deeper in order:
                lowest[current] = min(lowest[current], order[deeper])
            else:
                order[deeper] = lowest[deeper] = len(order)
                open_[deeper] = None
                walk.append((deeper, iter(needs(deeper))))
    return found


def _closed(open_: dict[int, None], root: int) -> list[frozenset[int]]:
    members = set()
    while True:
        node, _ = open_.popitem()
        members.add(node)
        if node == root:
            return [frozenset(members)] if len(members) > 1 else []
