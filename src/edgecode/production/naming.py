"""Recording how the production builds the names of its files, so that every machine matches alike."""

from edgecode.events.cut_kinds import NamesFact, NamesPlace, NamesRuled
from edgecode.index.naming import recorded_names
from edgecode.production.corridor import Production


def record_names(production: Production) -> bool:
    """Record the patterns of ``conform.names`` where this machine's settings say others than the record; whether they were new."""
    names = production.settings.names
    before = recorded_names(production.index)
    if names is None or names == before or (not names and before is None):
        return False
    fact = NamesFact(production.world.new_id(), len(names))
    production.append([NamesRuled(fact, NamesPlace(names) if names else None)])
    return True
