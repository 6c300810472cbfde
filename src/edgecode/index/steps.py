"""What a step adds to the index: who made which versions from which inputs. A reducer: no clock, no chance, no files."""

from hashlib import sha256
from struct import pack

import msgspec

from edgecode.errors import InputError
from edgecode.events.kinds import FrameMap, Recipe, StepFact, StepInput, StepPerformed, StepPlace
from edgecode.index.keys import key_of
from edgecode.index.rows import first_number, number, text
from edgecode.index.store import IndexStore
from edgecode.index.versions import IS_DECLARED, ancestors, content_of, settle_personal, version_of
from edgecode.terms.evidence import Grade, Reason
from edgecode.terms.origins import NEEDS_INPUTS, Account, step_account, unaccounted
from edgecode.terms.steps import InputRole, StepKind

ROLES: tuple[InputRole, ...] = tuple(InputRole)
"""Roles by the number that stands for them in the index; the first three are followed by coverage."""
_ROLE_NUMBER = {role: i for i, role in enumerate(ROLES)}

MOVES_TIME: frozenset[StepKind] = frozenset({StepKind.RETIME, StepKind.CONFORM, StepKind.GENERATE, StepKind.MIX})
"""Steps whose output frame n does not come from input frame n: without a frame map they are taken to need the whole input."""

ASIDE = (InputRole.CONTROL, InputRole.TOOL)
"""Inputs that coverage does not follow, and that leave the AI use unknown when a generative model is known to have made them."""

PLAIN, CLOSER, LOOSE = 0, 1, 2
"""How accounts may read a step: its inputs frame by frame; only after a closer look (frame maps, frames covered); each input whole."""


def perform(store: IndexStore, event: StepPerformed, log_index: int) -> None:
    """A step was recorded: itself, its inputs, its outputs, what it claims about inputs that nobody read."""
    fact = event.fact
    for step, account, line in store.rows("step_twice", key_of(fact.step)):
        _contradict(store, fact, log_index, step=number(step), account=number(account), line=text(line))
        return
    outputs = [version_of(store, record, log_index) for record in dict.fromkeys(fact.outputs)]
    inputs = _merged(store, fact.inputs, log_index)
    lost = _closing_cycles(store, outputs, [version for version, _ in inputs])
    kept = {used: maps for used, maps in inputs.items() if used[0] not in lost}
    step = _add_step(store, event, inputs, lost, log_index)
    for version in sorted(lost):
        store.run("add_problem", log_index, "step.cycle", step, version)
    used = (
        (step, version, _ROLE_NUMBER[role], position, msgspec.json.encode(maps).decode() if maps else None)
        for position, ((version, role), maps) in enumerate(kept.items())
    )
    store.run_many("add_input", used)
    rank = _rank(fact)
    for version in outputs:
        _add_producer(store, version, step, rank)
    _claims(store, event, log_index)


def _contradict(store: IndexStore, fact: StepFact, log_index: int, *, step: int, account: Account, line: str) -> None:
    """A second entry of one step. Unless both come from one line, nobody knows which holds: what it made is unaccounted, its AI use
    unknown."""
    if fact.line and fact.line == line:
        store.run("add_problem", log_index, "step.twice", 0, 0)
        return
    store.run("add_problem", log_index, "step.contradicted", step, 0)
    store.run("set_step_account", step, account | unaccounted(Reason.AMBIGUOUS))


def would_close_cycle(store: IndexStore, fact: StepFact) -> bool:
    """Whether an output of this step is, by what is recorded, among the things its inputs were made from."""
    outputs = {number(row[0]) for record in fact.outputs for row in store.rows("version_id", key_of(record))}
    inputs = [number(row[0]) for used in fact.inputs for row in store.rows("version_id", key_of(used.version))]
    return bool(set(fact.outputs) & {used.version for used in fact.inputs}) or bool(outputs & ancestors(store, inputs))


def refuse_cycle(store: IndexStore, fact: StepFact) -> None:
    """Raises InputError ``step.cycle`` when recording *fact* would make something its own ancestor."""
    if would_close_cycle(store, fact):
        raise InputError(
            "step.cycle",
            f"step {fact.step} makes something that its own inputs were made from",
            "Record the output as a new version",
        )


def _merged(
    store: IndexStore, inputs: tuple[StepInput, ...], log_index: int
) -> dict[tuple[int, InputRole], list[FrameMap]]:
    merged: dict[tuple[int, InputRole], list[FrameMap]] = {}
    unmapped = set()
    for used in inputs:
        place = (version_of(store, used.version, log_index), used.role)
        merged.setdefault(place, []).extend(used.frames)
        if not used.frames:
            unmapped.add(place)
    # An input that is used twice, once without a map, is needed as if it had none: widening, never narrowing.
    return {place: [] if place in unmapped else maps for place, maps in merged.items()}


def _closing_cycles(store: IndexStore, outputs: list[int], inputs: list[int]) -> set[int]:
    """Inputs that were themselves made from one of the outputs."""
    made = set(outputs)
    lost = made & set(inputs)
    used = any(store.rows("is_used", version) for version in outputs)
    if not used or not made & ancestors(store, inputs):
        return lost
    return lost | {version for version in set(inputs) if made & ancestors(store, [version])}


def _rank(fact: StepFact) -> int:
    """0 for what explains nothing (a failed step, an import from outside), else 1 and up by grade."""
    if fact.status != "done" or fact.kind is StepKind.IMPORT:
        return 0
    return 1 + tuple(Grade).index(fact.grade)


def _own_account(fact: StepFact, *, is_followed: bool, is_lost: bool) -> Account:
    has_models = any(used.role in (InputRole.WEIGHTS, InputRole.TRAINING) for used in fact.inputs)
    account = step_account(fact.kind, grade=fact.grade, ai=fact.ai, has_models=has_models)
    if fact.status != "done":
        account |= unaccounted(Reason.NO_STEP)
    if is_lost or (fact.kind in NEEDS_INPUTS and not is_followed):
        account |= unaccounted(Reason.DANGLING_PARENT)
    return account


def _add_step(
    store: IndexStore,
    event: StepPerformed,
    inputs: dict[tuple[int, InputRole], list[FrameMap]],
    lost: set[int],
    log_index: int,
) -> int:
    fact = event.fact
    carrying = {version: maps for (version, role), maps in inputs.items() if role.carries_origin}
    followed = [version for version in carrying if version not in lost]
    is_mapped = any(maps for (_, role), maps in inputs.items() if role.carries_origin)
    is_slow = is_mapped or fact.kind is StepKind.VENDOR or bool(fact.covers)
    aside = {version for version, role in inputs if role in ASIDE and version not in lost}
    look = CLOSER if is_slow else LOOSE if fact.kind in MOVES_TIME else PLAIN
    place = event.place or StepPlace()
    tool = place.tool or fact.tool
    return first_number(
        store.rows(
            "add_step",
            key_of(fact.step),
            fact.kind.value,
            fact.source,
            fact.grade.value,
            fact.status,
            fact.ai.value if fact.ai is not None else None,
            tool.name if tool is not None else "",
            tool.version if tool is not None else "",
            fact.started,
            fact.ended,
            place.turnover,
            msgspec.json.encode(fact.covers).decode() if fact.covers is not None else None,
            fact.origins,
            _recipe(store, event.recipe),
            _rank(fact),
            _own_account(fact, is_followed=bool(followed), is_lost=len(followed) < len(carrying)),
            pack(f"<{len(followed)}i", *followed),
            look,
            log_index,
            pack(f"<{len(aside)}i", *sorted(aside)),
            fact.line,
        )
    )


def _recipe(store: IndexStore, recipe: Recipe | None) -> int | None:
    if recipe is None:
        return None
    body = msgspec.json.encode(recipe, order="sorted")
    mark = sha256(body).digest()
    return first_number(store.rows("recipe_id", mark) or store.rows("add_recipe", mark, body.decode()))


def _add_producer(store: IndexStore, version: int, step: int, rank: int) -> None:
    """The best step stands as the maker: done before failed, a stronger grade first, else the one recorded first."""
    (state,) = store.rows("version_state", version)
    current = state[2]
    if rank == 0 or (current is not None and rank <= first_number(store.rows("step_rank", current))):
        store.run("add_other_producer", version, step)
        store.run("count_other_producers", version)
        return
    if current is not None:
        store.run("add_other_producer", version, current)
        store.run("count_other_producers", version)
    store.run("set_producer", version, step)
    store.run("set_input_producer", version, step)


def _claims(store: IndexStore, event: StepPerformed, log_index: int) -> None:
    for record, name in sorted((event.place.names if event.place is not None else {}).items()):
        store.run("set_version_name", version_of(store, record, log_index), name)
    for record, digest in sorted((event.bytes.claimed if event.bytes is not None else {}).items()):
        version = version_of(store, record, log_index)
        content = content_of(store, digest, sequence=False, size=None)
        (state,) = store.rows("version_state", version)
        if state[1] is None and state[0] != 1:
            store.run("set_version_content", version, content)
            if state[IS_DECLARED]:
                settle_personal(store, content)
        elif state[1] != content:
            store.run("add_problem", log_index, "claim.differs", 0, version)
    for record, hashes in sorted((event.bytes.aliases if event.bytes is not None else {}).items()):
        (state,) = store.rows("version_state", version_of(store, record, log_index))
        # A hash leads to bytes; of a version of which no bytes are known it leads nowhere yet.
        if state[1] is not None:
            for algorithm, value in sorted(hashes.items()):
                store.run("add_alias", algorithm, value.lower(), state[1], "claimed")
