"""The names under which media roots are known: recorded, because they decide which paths in a cut name which files."""

from edgecode.events.kinds import RootNamed
from edgecode.index.rows import text
from edgecode.index.store import IndexStore


def name_root(store: IndexStore, event: RootNamed, log_index: int) -> None:
    """The names that were recorded last are the ones in force."""
    store.run("drop_root_names", event.fact.root)
    names = event.place.names if event.place is not None else ()
    for position, name in enumerate(dict.fromkeys(names)):
        store.run("add_root_name", event.fact.root, position, name, log_index)


def root_names(store: IndexStore) -> dict[str, tuple[str, ...]]:
    """Each media root that has names, by id, with its names in the order they were given."""
    found: dict[str, tuple[str, ...]] = {}
    for root, name in store.rows("root_names"):
        found[text(root)] = (*found.get(text(root), ()), text(name))
    return found
