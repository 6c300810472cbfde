"""The events behind a cut, looked up in the index, are those that reading the whole log finds; and only their neighbourhood is read."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from edgecode.answers.packs.evidence_events import EventsFound, candidates, events_behind
from edgecode.events.kinds import (
    AnswerFact,
    AnswerGiven,
    Claim,
    ModelFact,
    ModelKnown,
    StepWithdrawalFact,
    StepWithdrawn,
)
from edgecode.index.cuts import cut_named
from edgecode.index.keys import record_of
from edgecode.index.rows import data, number
from edgecode.ledger.store import StoredEntry
from edgecode.production import Production
from edgecode.terms.steps import StepKind
from index.cut_of import add_cut, clip
from index.random_show import random_show
from index.small_show import Show

CUTS = 6


def show_with_cuts(seed: int) -> tuple[Show, list[tuple[str, list[str]]]]:
    """A random show in which everything that a pack looks for is told late, twice, or of what nobody recorded."""
    show, rnd = random_show(120, seed), Random(seed)
    cuts = [add_cut(show, *(clip(f"v{place}.mov") for place in range(4)), name=f"Cut {n}") for n in range(CUTS)]
    events = [one for one in show.events if one.TYPE in ("version.seen/1", "sequence.seen/1")]  # type: ignore[union-attr]
    seen = [one.fact.version for one in events]  # type: ignore[union-attr]
    performed = [one for one in show.events if one.TYPE == "step.performed/1"]  # type: ignore[union-attr]
    for cut, clips in cuts:
        for one in clips:
            show.decide(cut, one, rnd.choice(seen))
        show.decide(cut, clips[0], "")
        fact = AnswerFact(show.new(), cut, Claim(StepKind.CAMERA), clips=(clips[1],))
        about_nothing = AnswerFact(show.new(), cut, Claim(StepKind.CAMERA))
        show.events += [AnswerGiven(fact), AnswerGiven(about_nothing)]
        show.withdraw(fact.answer)
    for step in rnd.sample(performed, 10):
        show.withdraw_step(step.fact.step)  # type: ignore[union-attr]
        show.events += [step, StepWithdrawn(StepWithdrawalFact(step.fact.step))]  # type: ignore[union-attr]
    for step in rnd.sample(performed, 5):
        show.events.insert(rnd.randrange(5), StepWithdrawn(StepWithdrawalFact(step.fact.step)))  # type: ignore[union-attr]
    show.events += rnd.sample(events, 10)
    show.events += [ModelKnown(ModelFact(rnd.choice(seen), "checkpoint"))]
    return show, cuts


class Read:
    """Entries of a log, and which were asked for."""

    def __init__(self, production: Production) -> None:
        self._log, self.asked = production.log, set[int]()

    def __call__(self, first: int, end: int) -> Iterator[StoredEntry]:
        for entry in self._log.entries(first, end):
            self.asked.add(entry.index)
            yield entry


@pytest.mark.parametrize("seed", range(8))
def test_what_the_index_leads_to_is_what_the_whole_log_holds(tmp_path: Path, seed: int) -> None:
    show, cuts = show_with_cuts(seed)
    unlike: list[tuple[EventsFound, EventsFound]] = []
    found_at_all, whole, rnd = 0, 0, Random(seed)
    with Production.create(tmp_path / "show", title="Random") as production:
        production.append(show.events)  # type: ignore[arg-type]
        store, size = production.index, production.log.size
        known = [number(row[0]) for row in store.rows("all_versions", 0, 100_000)]
        for cut, clips in cuts:
            asked = rnd.sample(known, 3)
            behind = sorted({number(row[0]) for row in store.rows("closure_of", str(asked))})
            keys = {record_of(data(row[1])) for row in store.rows("versions", str(behind))}
            read = Read(production)
            near = candidates(store, read, size=size, cut=cut, versions=behind)
            one = events_behind(near, cut=cut, versions=keys, clips=clips)
            other = events_behind(production.log.entries(), cut=cut, versions=keys, clips=clips)
            unlike += [] if one == other else [(one, other)]
            found_at_all += len(other.indexes())
            whole += size
            assert cut_named(store, cut).key == cut
            assert len(read.asked) < size

    assert unlike == []
    assert 0 < found_at_all < whole / 3


def test_entries_beyond_the_state_of_the_answer_are_not_looked_at(tmp_path: Path) -> None:
    show, cuts = show_with_cuts(1)
    cut, clips = cuts[0]
    with Production.create(tmp_path / "show", title="Random") as production:
        production.append(show.events)  # type: ignore[arg-type]
        store, middle = production.index, production.log.size // 2
        known = [number(row[0]) for row in store.rows("all_versions", 0, 100_000)]
        near = candidates(store, production.log.entries, size=middle, cut=cut, versions=known)

    assert near != []
    assert [entry.index for entry in near if entry.index >= middle] == []
    assert clips != []
