"""How the production builds the names of its files, as recorded: the settings of one machine decide no match."""

from edgecode.errors import InputError
from edgecode.events.cut_kinds import NamesRuled
from edgecode.index.rights import rights
from edgecode.index.store import IndexStore
from edgecode.terms.naming import NamePattern


def recorded_names(store: IndexStore) -> tuple[str, ...] | None:
    """The patterns in force, as written; None where nobody recorded any, () where they were taken back or erased."""
    found = [one.event for one in rights(store, NamesRuled) if isinstance(one.event, NamesRuled)]
    if not found:
        return None
    return found[-1].place.patterns if found[-1].place is not None else ()


def grammar_in(store: IndexStore) -> tuple[NamePattern, ...]:
    """The patterns in force; one that this release does not take is left out, and matches nothing."""
    patterns = []
    for written in recorded_names(store) or ():
        try:
            patterns.append(NamePattern.of(written))
        except InputError:
            continue
    return tuple(patterns)
