"""What tables beside a cut say of its clips."""

from collections.abc import Mapping, Sequence

from edgecode.events.cut_kinds import CutJoined, Lead
from edgecode.index.rights import rights_about
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId


def join_of(store: IndexStore, cut: RecordId) -> CutJoined | None:
    """The tables that were laid beside a cut last; None when none were."""
    found = [one.event for one in rights_about(store, cut) if isinstance(one.event, CutJoined)]
    return found[-1] if found else None


def leads_of(store: IndexStore, cut: RecordId) -> Mapping[RecordId, tuple[Lead, ...]]:
    """What the tables beside a cut say of each clip, by the clip's record id; clips that no table speaks of are absent."""
    event = join_of(store, cut)
    return event.place.clips if event is not None and event.place is not None else {}


def every_lead_of(store: IndexStore, cut: RecordId) -> Sequence[Mapping[RecordId, tuple[Lead, ...]]]:
    """The same of each time that tables were laid beside a cut, in ledger order: the last one counts, the others were replaced."""
    found = [one.event for one in rights_about(store, cut) if isinstance(one.event, CutJoined)]
    return [event.place.clips for event in found if event.place is not None]
