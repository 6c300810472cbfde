"""Records which bytes were handed over as the master of a cut, after the comparison and the gate (docs/decisions/0025-paper-kinds.md)."""

from collections.abc import Mapping
from typing import cast

from edgecode.answers.check.answer import Check
from edgecode.errors import HeldError, RefusedError
from edgecode.events.kinds import Event
from edgecode.events.paper_kinds import DeliveryFact, DeliveryMade
from edgecode.events.rights_kinds import DocumentBytes
from edgecode.index.persons import day_of
from edgecode.index.rights import rights
from edgecode.index.store import IndexStore
from edgecode.production.corridor import Production
from edgecode.production.delivering.comparing import Compared
from edgecode.production.persons.noting import append_judged
from edgecode.terms.identity import RecordId


def require_cleared(answer: Check) -> None:
    """Raises HeldError or RefusedError ``delivery.gate`` unless the deliver gate cleared the cut."""
    if answer.word == "CLEARED":
        return
    kind = HeldError if answer.word == "HELD" else RefusedError
    raise kind(
        "delivery.gate",
        f"the deliver gate says {answer.word} of {answer.cut}",
        f"See why: edgecode check {answer.cut} --gate deliver",
    )


def record_delivery(production: Production, compared: Compared, answer: Check) -> int:
    """Record the bytes of each master; returns how many were not on record yet. *answer*: what the deliver gate said.

    Raises as `require_cleared` does, and ValueError for a master that was not found to be the cut's: nothing else is ever recorded.
    """
    require_cleared(answer)
    if compared.comparison.outcome != "same":
        raise ValueError("a master that is not the cut's is no delivery")
    recorded: list[DeliveryMade] = []

    def judged() -> list[Event]:
        # Under the lock of the log: of two deliveries of one file at once, one is recorded.
        known = {_same(made) for _, made in _deliveries(production.index)}
        made = [_delivery(production, compared, answer, place) for place in range(len(compared.comparison.masters))]
        recorded[:] = [one for one in made if _same(one) not in known]
        return list(recorded)

    append_judged(production, judged)
    return len(recorded)


def delivered_on(store: IndexStore, cut: RecordId) -> Mapping[str, str]:
    """The day, as its recorder claims it, on which each file was first delivered for a cut, by the SHA-256 of its bytes."""
    days: dict[str, str] = {}
    for at, made in _deliveries(store):
        if made.fact.cut == cut and made.bytes is not None:
            days.setdefault(made.bytes.sha256, day_of(at))
    return days


def _deliveries(store: IndexStore) -> list[tuple[int, DeliveryMade]]:
    return [(kept.ts, cast(DeliveryMade, kept.event)) for kept in rights(store, DeliveryMade)]


def _same(made: DeliveryMade) -> tuple[str, str, str, str]:
    return made.fact.cut, made.fact.reel, made.fact.what, made.bytes.sha256 if made.bytes is not None else ""


def _delivery(production: Production, compared: Compared, answer: Check, place: int) -> DeliveryMade:
    master = compared.comparison.masters[place]
    reels = {(span.first, span.end): name for name, span in compared.view.reels}
    is_whole = len(compared.comparison.masters) == 1
    return DeliveryMade(
        DeliveryFact(
            delivery=production.world.new_id(),
            cut=answer.cut_id,
            what="master",
            size=answer.ledger.size,
            root=answer.ledger.root,
            reel="" if is_whole else reels.get(master.span, ""),
            compared="same",
        ),
        DocumentBytes(master.sha256, master.size),
    )
