"""What waits in a production's inbox and what was set aside there; needs no signing key and no right to write."""

from collections import Counter
from contextlib import closing
from pathlib import Path

from edgecode.answers.intake.acknowledged import InboxAnswer, SetAside
from edgecode.events.codec import leaf_id, parse_leaf
from edgecode.events.kinds import StepPerformed
from edgecode.events.registry import KINDS
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.store import LogStore
from edgecode.people.store import KeyStore
from edgecode.production.inbox.sequencing import Objection, observation_in
from edgecode.production.log.stores import open_keys, open_ledger
from edgecode.settings import read_settings
from edgecode.terms.identity import RecordId

_EVERYTHING = 1 << 31


def inbox_of(folder: Path) -> InboxAnswer:
    """The inbox of the production in *folder*: counts, tickets, kinds and reasons. Raises what `open_ledger` and `open_keys` raise."""
    settings = read_settings(folder)
    with (
        closing(open_ledger(settings, folder, read_only=True)) as ledger,
        closing(open_keys(settings, folder, read_only=True)) as keys,
    ):
        steps = _Steps(ledger)
        waiting = Counter(_kind(event) for _, event in ledger.waiting(_EVERYTHING))
        aside = tuple(
            SetAside(ticket, _kind(event), _reason(event, ledger, keys, settings.production, steps))
            for ticket, event in ledger.refused()
        )
    return InboxAnswer(waiting.total(), dict(waiting), aside)


def _kind(event: SealedEvent) -> str:
    # Whoever can write to the database may have put any text there.
    kind = parse_leaf(event.leaf).type
    return kind if kind in KINDS else "unknown"


def _reason(event: SealedEvent, ledger: LogStore, keys: KeyStore, production: RecordId, steps: "_Steps") -> str:
    """Told from what is there now: reasons are not kept with the events."""
    if ledger.indexes_of([leaf_id(event.leaf)]):
        return Objection.TAKEN
    found = observation_in(event, keys=keys, production=production)
    if isinstance(found, Objection):
        return found
    return Objection.STEP if isinstance(found, StepPerformed) and found.fact.step in steps else ""


class _Steps:
    """The steps in the log, read through once and only when something is asked."""

    def __init__(self, ledger: LogStore) -> None:
        self._ledger = ledger
        self._named: frozenset[str] | None = None

    def __contains__(self, step: RecordId) -> bool:
        if self._named is None:
            leaves = (parse_leaf(entry.leaf) for entry in self._ledger.entries(0, self._ledger.entry_end()))
            self._named = frozenset(ref for leaf in leaves if leaf.type == StepPerformed.TYPE for ref in leaf.refs)
        return step in self._named
