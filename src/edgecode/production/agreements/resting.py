"""Where something is used that rights are about: a person, a consent or license, a replica, a model, a dataset; in every cut in force."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from edgecode.answers.agreements.relying import Relying
from edgecode.answers.agreements.resting import (
    Moment,
    Resting,
    of_agreement,
    of_person,
    of_replica,
    of_versions,
    resting_sheet,
)
from edgecode.answers.chain import Chains
from edgecode.answers.layout.columns import counted
from edgecode.answers.layout.sheets import Sheet
from edgecode.answers.naming import targets_named
from edgecode.answers.uses.derived_models import models_from, models_of_person
from edgecode.checks.register import Register
from edgecode.errors import NotFoundError
from edgecode.index.catalogue import version_rows
from edgecode.index.keys import key_of
from edgecode.index.persons import day_of, person_called
from edgecode.index.rows import first_number
from edgecode.production.agreements.recording import agreement_of
from edgecode.production.corridor import Production
from edgecode.production.persons.noting import judged_at
from edgecode.terms.identity import RecordId

What: TypeAlias = Literal["person", "consent", "license", "replica", "model", "dataset"]


def where_rests(production: Production, what: What, called: str) -> Sheet:
    """Every cut, clip and frame range that rests on something, as a sheet with its sums; models made of it are named below.

    Raises NotFoundError ``person.unknown``, ``agreement.unknown``, ``replica.unknown``, ``version.unknown``, InputError
    ``agreement.ambiguous``.
    """
    production.catch_up()
    chains = Chains(production.index)
    register, views = Register.read(production.index, origin=production.log.origin), production.views()
    moment = _moment(production, register)
    models: list[RecordId] = []
    title = called
    if what == "person":
        person = person_called(production.index, called)
        found = of_person(views, chains, register, person.id, moment)
        models, title = models_of_person(register, chains, person.id), person.alias or called
    elif what in ("consent", "license"):
        agreement = agreement_of(register, called, what)
        found = of_agreement(views, chains, register, agreement.id, moment)
        covered = [one for version in agreement.versions for one in version.covers]
        trained = {one.version for one in found if one.how.startswith("train")}
        models = sorted({*trained, *models_from(register, [*covered, *trained, agreement.id])})
        title = agreement.label
    elif what == "replica":
        if called not in register.replicas:
            raise NotFoundError("replica.unknown", "no replica has this id", "edgecode person show ALIAS lists them")
        found = of_replica(views, chains, register, called, moment)
        models = models_from(register, register.replicas[called].versions)
    else:
        versions = _versions(production, called)
        found, models = of_versions(views, chains, register, versions), models_from(register, versions)
    foot = [*_model_lines(production, models), *_elsewhere(register, found, what, title, production)]
    return resting_sheet(found, chains, what=title, foot=foot)


def relying_on(production: Production, *, few: bool = False) -> Relying:
    """What frames of cuts rely on, as of now. *few*: a few clips will be asked about, and not a whole cut."""
    register = Register.read(production.index, origin=production.log.origin)
    return Relying(Chains(production.index), register, _moment(production, register), few=few)


def _moment(production: Production, register: Register) -> Moment:
    now = judged_at(production, register)
    return Moment(day_of(now), now)


def _versions(production: Production, called: str) -> list[RecordId]:
    rows = version_rows(production.index, targets_named(production.index, called, reveal=True), places=False)
    return [row.key for row in rows.values()]


def _model_lines(production: Production, models: Sequence[RecordId]) -> list[str]:
    if not models:
        return ["0 models on record are made from it"]
    return [f"{counted(len(models), 'model')} made from it: {', '.join(version_names(production, models))}"]


def version_names(production: Production, versions: Sequence[RecordId]) -> list[str]:
    """What versions are called, by record id where nobody named them."""
    dense = {
        one: first_number(found) for one in versions if (found := production.index.rows("version_id", key_of(one)))
    }
    rows = version_rows(production.index, dense.values(), places=False)
    return [(rows[dense[one]].name if one in dense else "") or one for one in versions]


def _elsewhere(
    register: Register, found: Sequence[Resting], what: What, alias: str, production: Production
) -> list[str]:
    """Replicas and declared uses of a person that no cut shows."""
    if what != "person":
        return []
    shown = {one.version for one in found}
    replicas = [one for one in register.replicas.values() if one.whom.alias == alias]
    idle = [one.id for one in replicas if not set(one.versions) & shown]
    declared = [one for one in register.uses.values() if one.whom.alias == alias and not one.cut and not one.versions]
    lines = (
        [f"{counted(len(idle), 'replica')} on record, shown in no cut themselves: {', '.join(idle)}"] if idle else []
    )
    return lines + ([f"{counted(len(declared), 'use')} declared of no cut"] if declared else [])
