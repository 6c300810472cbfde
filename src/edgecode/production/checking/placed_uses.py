"""A use that stands in a cut and that somebody asks about: which one they mean, and what else of the cut it rests on."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.ask.asked_use import Question
from edgecode.answers.chain import Chains
from edgecode.answers.uses.derived import Derived, derived
from edgecode.checks.considered import ACTS
from edgecode.checks.findings import finding_key
from edgecode.checks.needs import union_of
from edgecode.checks.pack_states import PackState
from edgecode.checks.register import Register
from edgecode.checks.uses import Use
from edgecode.checks.whole_subjects import Model
from edgecode.errors import NotFoundError
from edgecode.production.corridor import Production
from edgecode.terms.rights import FactValue, Gate, Scope

_FEWEST = 4
"""Characters of a key or of a finding's name that are enough."""


class PlacedUse(Struct, frozen=True):
    """*use*: as it stands, with what is asked of it beyond that. *models*: those behind it. *beside*: every use of the cut, with
    it."""

    use: Use
    models: tuple[Model, ...]
    beside: tuple[Use, ...]


def use_meant(
    production: Production,
    register: Register,
    states: Sequence[PackState],
    written: str,
    *,
    cut: str,
    needs: Scope,
    gate: Gate,
) -> PlacedUse:
    """The use of a cut that somebody names by its key, the beginning of it, or a finding about it. *needs*: what is asked for beyond what
    it is used for; what it leaves None stays.

    Raises NotFoundError ``ask.use`` where there is none or more than one, ``cut.unknown``, InputError ``cut.ambiguous``.
    """
    view = production.view(cut)
    used = derived(view, Chains(production.index), register, is_final=True if gate == "deliver" else None)
    found = list(_called(used, states, written.strip().lower()))
    if len(found) != 1:
        how_many = "no use" if not found else f"{len(found)} uses"
        raise NotFoundError(
            "ask.use",
            f"{how_many} of this cut answers to that name",
            "edgecode check CUT names findings; its --json gives the key of each use as subject",
        )
    asked = {
        name: value for name in needs.__struct_fields__ if (value := getattr(needs, name)) != getattr(Scope(), name)
    }
    use = replace(found[0], needs=replace(found[0].needs, **asked)) if asked else found[0]
    beside = tuple(use if one.key == use.key else one for one in used.uses)
    return PlacedUse(use, tuple(_behind(use, used)), beside)


def stating(placed: PlacedUse, facts: Mapping[str, FactValue]) -> PlacedUse:
    """The same with what whoever asks says of the use; it fills gaps, as in a declared use."""
    use = replace(placed.use, stated={**placed.use.stated, **facts})
    return replace(placed, use=use, beside=tuple(use if one.key == use.key else one for one in placed.beside))


def question_about(placed: PlacedUse, *, made: int) -> Question:
    """The question that it answers to. *made*: the moment for which it is asked, milliseconds since 1970."""
    use = placed.use
    return Question(
        act=ACTS.get(use.kind, ("use_this_work",))[0],
        made=made,
        person=use.person,
        alias=use.alias,
        nobody=use.person_state == "none",
        needs=union_of(use.needs, use.added),
        material=use.material,
        cut=use.cut,
        quantities=use.quantities,
        rate=use.rate,
    )


def _called(used: Derived, states: Sequence[PackState], name: str) -> Iterator[Use]:
    wanted = name.removeprefix("f-")
    if len(wanted) < _FEWEST:
        return
    rules = [(state.pack.id, rule.id) for state in states for rule in state.pack.rules] if name != wanted else []
    for use in used.uses:
        keys = [finding_key(pack, rule, use.key) for pack, rule in rules] if name != wanted else [use.key]
        if any(key.startswith(wanted) for key in keys):
            yield use


def _behind(use: Use, used: Derived) -> Iterator[Model]:
    """The models that a use was made by, or whose training it is; the one that nobody named where it names none."""
    is_unnamed = use.facts.get("use.ai_generated") is True and not use.material
    for model in used.models:
        is_own = model.record == use.version if use.kind == "train" else model.record in use.material
        if is_own if model.record else is_unnamed:
            yield model
