"""Models that stand on something: on a person, a dataset, another model; whether or not anything that they made is in a cut."""

from collections.abc import Iterable

from edgecode.answers.chain import Chains
from edgecode.answers.uses.derived import training_uses
from edgecode.checks.register import Register
from edgecode.checks.uses import Use
from edgecode.index.keys import key_of
from edgecode.index.rows import first_number
from edgecode.terms.identity import RecordId


def models_from(register: Register, sources: Iterable[RecordId]) -> list[RecordId]:
    """Models that were made of *sources* or trained on them, directly or through other models and datasets; none of the sources."""
    known = set(sources)
    begun = frozenset(known)
    grew = True
    while grew:
        before = len(known)
        known |= {
            one.version for one in register.models.values() if {*(one.parents or ()), *(one.trained_on or ())} & known
        }
        known |= {
            one.version
            for one in register.datasets.values()
            if {item.version for item in one.items or ()} & known or {item.release for item in one.items or ()} & known
        }
        grew = len(known) > before
    return sorted(version for version in known - begun if version in register.models)


def models_of_person(register: Register, chains: Chains, person: int) -> list[RecordId]:
    """Models that were built of a person or trained on what they are in, and models made of those."""
    own = {
        one.version
        for one in register.models.values()
        if any(whom.person == person for whom in (one.whom, *one.also_of))
    }
    own |= {use.version for use in all_training(register, chains) if use.person == person}
    return sorted({*own, *models_from(register, own)})


def all_training(register: Register, chains: Chains) -> list[Use]:
    """What every model that somebody described was trained on, as uses."""
    dense = [first_number(found) for one in register.models if (found := chains.store.rows("version_id", key_of(one)))]
    return training_uses(chains, register, dense) if dense else []
