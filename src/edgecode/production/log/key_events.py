"""The changes of keys that a log tells of itself, read from its store without opening it."""

from collections.abc import Iterator, Sequence

from edgecode.errors import EdgecodeError
from edgecode.events.codec import commitment_holds, parse_leaf
from edgecode.events.registry import read_event
from edgecode.ledger.notes import VerifierKey
from edgecode.ledger.rotation import KEY_EVENTS, KeyHistory, history
from edgecode.ledger.store import LogStore, StoredEntry

_CHUNK = 4_096
_MARK = b'"type":"key.'
"""Stands in the leaf of every event about keys, and hardly ever elsewhere; the leaf is parsed before it counts."""


def key_history(store: LogStore, *, origin: str, first: Sequence[VerifierKey]) -> KeyHistory:
    """The keys of the log in *store* as its events tell, from the *first* ones, oldest first. Reads every leaf once, about 1 µs each."""
    return history(origin, first, key_events(store))


def key_events(store: LogStore) -> Iterator[tuple[int, object]]:
    """Every event about keys with its index. One whose `fact` is gone or is not what the leaf commits to is passed over: it can widen
    nothing, and verification names it."""
    for entry in _marked(store):
        try:
            leaf = parse_leaf(entry.leaf)
            if leaf.type not in KEY_EVENTS:
                continue
            opened = {
                section.name: section.data
                for section in entry.sections
                if commitment_holds(section.salt, section.data, leaf.commitments.get(section.name, ""))
            }
            yield entry.index, read_event(leaf.type, opened)
        except EdgecodeError:
            continue


def _marked(store: LogStore) -> Iterator[StoredEntry]:
    end = store.entry_end()
    for begin in range(0, end, _CHUNK):
        stop = min(begin + _CHUNK, end)
        leaves = store.leaves(begin, stop)
        if not any(_MARK in leaf for leaf in leaves):
            continue
        yield from (entry for entry in store.entries(begin, stop) if _MARK in entry.leaf)
