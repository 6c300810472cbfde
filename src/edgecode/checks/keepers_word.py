"""What whoever keeps an agreement elsewhere said of it, more than once.

What they said against a use (revoked, disputed, not for this) is over when they say otherwise, and that is shown: by a member who answers
for it, with a paper kept since. A word that somebody merely types ends no loss.
"""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from edgecode.checks.desk_rows import Standing
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.terms.identity import RecordId

IsShown = Callable[[Standing, int], bool]
"""Whether somebody shows an answer, by a paper kept after an entry of the log."""


def held_to_losses(standings: Iterable[Standing], is_shown: IsShown) -> tuple[Standing, ...]:
    """The same answers in ledger order, each with what earlier ones about the same thing held against a use and nobody has shown to be
    over."""
    against: dict[tuple[RecordId, str], int] = {}
    found: list[Standing] = []
    for one in sorted(standings, key=lambda row: (row.as_of, row.log_index)):
        values = dict(one.values)
        for (about, name), since in [*against.items()]:
            if about != one.about:
                continue
            if values.get(name) is not None and values[name] != _is_loss(name) and is_shown(one, since):
                del against[about, name]
            else:
                values[name] = _is_loss(name)
        for name, value in one.values.items():
            if value is _is_loss(name):
                against.setdefault((one.about, name), one.log_index)
        found.append(replace(one, values=values))
    return tuple(sorted(found, key=lambda row: row.log_index))


def _is_loss(name: str) -> bool:
    """The value of a fact that speaks against a use: that it was revoked does, and that it is not for this."""
    return CATALOGUE[name].world == "status" if name in CATALOGUE else True
