"""What taking a recorded step back undoes, and what is known of steps that were taken back. A reducer and its questions."""

from collections.abc import Iterable

from edgecode.errors import NotFoundError
from edgecode.events.kinds import StepWithdrawn
from edgecode.index.keys import key_of
from edgecode.index.rows import first_number, ids_text, number
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId, is_record_id


def withdraw_step(store: IndexStore, event: StepWithdrawn, log_index: int) -> None:
    """The step no longer stands as a maker and its inputs no longer count; the next best recorded step of an output takes over.

    An input that another step lost, because the withdrawn one had closed a circle, stays lost: that step must be recorded again.
    """
    found = store.rows("step_id", key_of(event.fact.step))
    if not found:
        store.run("add_problem", log_index, "step.unknown", 0, 0)
        return
    step = first_number(found)
    for row in store.rows("outputs_of_step", step):
        _take_from(store, number(row[0]), step)
    store.run("keep_withdrawn_inputs", step)
    store.run("drop_inputs", step)
    store.run("set_step_withdrawn", step)


def refuse_unknown_step(store: IndexStore, step: RecordId) -> None:
    """Raises NotFoundError ``step.unknown`` unless *step* is a recorded step."""
    if not is_record_id(step) or not store.rows("step_id", key_of(step)):
        raise NotFoundError(
            "step.unknown", "there is no step with this id", "Give the id of the step, as in: edgecode matchback --json"
        )


def is_withdrawn(store: IndexStore, step: RecordId) -> bool:
    """Whether the step was recorded and taken back."""
    return bool(store.rows("withdrawn_step", key_of(step)))


def making_withdrawn(store: IndexStore, version: RecordId, source: str) -> bool:
    """Whether a step of this *source* that had made the version, or another of its content, was taken back."""
    return bool(store.rows("withdrawn_making", key_of(version), source))


def inputs_taken_back(store: IndexStore, versions: Iterable[int], source: str) -> dict[int, set[int]]:
    """What steps of this *source* that were taken back had made *versions* from, by dense ids; versions without one are absent."""
    pairs = [(number(row[0]), number(row[1])) for row in store.rows("withdrawn_steps", ids_text(versions))]
    sources = {number(row[0]): row[1] for row in store.rows("sources_of_steps", ids_text({step for _, step in pairs}))}
    asked = [step for step, said in sources.items() if said == source]
    used: dict[int, set[int]] = {step: set() for step in asked}
    for step, version, *_ in store.rows("withdrawn_inputs", ids_text(asked)):
        used[number(step)].add(number(version))
    found: dict[int, set[int]] = {}
    for version, step in pairs:
        if step in used:
            found.setdefault(version, set()).update(used[step])
    return found


def made_by_nothing_else(store: IndexStore, versions: Iterable[int]) -> set[int]:
    """Those of *versions* (dense ids) that a step had made which was taken back and whose place no other took. Steps that recorded people
    are left out: what they made says for itself who is in it."""
    return {number(row[0]) for row in store.rows("makings_taken_back", ids_text(versions))}


def _take_from(store: IndexStore, version: int, step: int) -> None:
    (state,) = store.rows("version_state", version)
    store.run("drop_other_producer", version, step)
    if state[2] == step:
        heirs = store.rows("best_other_producer", version)
        heir = first_number(heirs) if heirs else None
        if heir is not None:
            store.run("drop_other_producer", version, heir)
        store.run("set_producer", version, heir)
        store.run("set_input_producer", version, heir)
    store.run("count_other_producers", version)
    store.run("add_withdrawn_output", version, step)
