"""What taking a consent or a license back reaches in every cut in force: of one that was recorded, or of one that is only thought of."""

from edgecode.answers.agreements.impact import (
    Affected,
    Impact,
    ImpactLine,
    ImpactModel,
    Withdrawal,
    affected,
    bucket_sums,
    frames_in,
    impact_line,
    withdrawal,
)
from edgecode.answers.chain import Chains
from edgecode.answers.cuts.view import CutView
from edgecode.answers.uses.derived import derived_uses
from edgecode.answers.uses.derived_models import all_training
from edgecode.checks.register import Register
from edgecode.index.persons import day_of
from edgecode.production.agreements.recording import Kind, agreement_of
from edgecode.production.agreements.resting import version_names
from edgecode.production.corridor import Production
from edgecode.production.persons.noting import judged_at, require_day
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Act, Revocation


def impact(
    production: Production, called: str, *, kind: Kind, on: str = "", acts: tuple[Act, ...] = (), reveal: bool = False
) -> Impact:
    """Every use in every cut in force that rests on an agreement, with what its revocation does to it; nothing is recorded.

    *on*: the day, "" for today; where nobody has taken it back by then, what would happen if somebody did on that day. *acts*: for these
    alone. *reveal*: the clause in its own words. Raises NotFoundError ``agreement.unknown``, InputError ``agreement.ambiguous``,
    UsageError ``person.date``.
    """
    require_day(on, empty=True)
    production.catch_up()
    register = Register.read(production.index, origin=production.log.origin)
    agreement = agreement_of(register, called, kind)
    now = judged_at(production, register)
    present = day_of(now)
    taken = withdrawal(register, agreement, on=on or present, acts=acts)
    lines, reached = _lines(production, taken, present=present, now=now)
    wording = taken.agreement.latest.terms
    clause = wording.terms.revocation if wording is not None else Revocation()
    return Impact(
        production=production.title(),
        kind=kind,
        label=agreement.label,
        agreement=agreement.id,
        person=agreement.whom.alias,
        on=taken.day,
        supposed=taken.supposed,
        acts=tuple(taken.acts),
        mode=clause.mode,
        notice_days=clause.notice_days,
        clause=clause.clause if reveal and clause.clause else None,
        today=present,
        ledger=production.ledger_point(),
        uses=tuple(sorted(lines, key=_order)),
        models=tuple(reached),
        replicas=_replicas(register, agreement.whom.person),
        sums=bucket_sums(lines),
        frames=frames_in(lines),
    )


def _lines(
    production: Production, taken: Withdrawal, *, present: str, now: int
) -> tuple[list[ImpactLine], list[ImpactModel]]:
    chains = Chains(production.index)
    found: list[tuple[Affected, CutView | None]] = []
    seen: set[str] = set()
    for view in production.views():
        for use in derived_uses(view, chains, taken.after):
            if use.spans or use.key not in seen:
                one = affected(use, taken, today=present, now=now)
                found += [(one, view if use.spans else None)] if one is not None else []
            seen.add(use.key)
    for use in all_training(taken.after, chains):
        one = affected(use, taken, today=present, now=now) if use.key not in seen else None
        found += [(one, None)] if one is not None else []
        seen.add(use.key)
    versions = list(dict.fromkeys(one.use.version for one, _ in found))
    names = dict(zip(versions, version_names(production, versions), strict=True))
    lines = [impact_line(one, view, name=names[one.use.version]) for one, view in found]
    return lines, _models([one for one, _ in found], lines, names)


def _models(found: list[Affected], lines: list[ImpactLine], names: dict[RecordId, str]) -> list[ImpactModel]:
    """Each model that exists, once; several sets of material of one person that it was trained on share one effect."""
    models: dict[RecordId, ImpactModel] = {}
    for one in found:
        version, effect = one.use.version, one.effect
        is_there = one.use.kind == "train" and effect.bucket != "not_generated"
        if not is_there or version in models or one.instead:
            continue
        frames = frames_in(line for line in lines if line.version == version and line.kind == "train")
        models[version] = ImpactModel(
            version, names[version], effect.effect, effect.next_step, effect.by, frames, effect.bucket
        )
    return list(models.values())


def _replicas(register: Register, person: int | None) -> tuple[RecordId, ...]:
    """Replicas of the person that nobody has recorded as deleted."""
    return tuple(
        one.id
        for one in register.replicas.values()
        if person is not None and one.whom.person == person and all(move.move != "deleted" for move in one.moves)
    )


def _order(one: ImpactLine) -> tuple[object, ...]:
    first = one.places[0].in_ if one.places else -1
    return not one.cut, one.cut, one.cut_id, first, one.kind, one.use
