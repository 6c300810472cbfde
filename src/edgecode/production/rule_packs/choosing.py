"""Packs of rules of a production: those that ship, those of its own folder, which of them judge, and deciding on them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from msgspec.structs import replace

from edgecode.checks.deciding import MAY_DECIDE
from edgecode.checks.lost_packs import Fault, Run, gone_packs
from edgecode.checks.member_signatures import approves
from edgecode.checks.pack_states import (
    Deciding,
    PackState,
    active_packs,
    has_always,
    has_capped_rules,
    is_declared,
    needs_signature,
)
from edgecode.checks.pack_states import pack_states as states_of
from edgecode.checks.register import PackDecision, Register
from edgecode.checks.rules.catalogue import near_names
from edgecode.checks.rules.fact_values import checked_as
from edgecode.checks.rules.open_words import settled
from edgecode.checks.rules.pack import ActivePack, Pack
from edgecode.checks.rules.pack_reading import read_pack
from edgecode.errors import InputError, NotFoundError, RefusedError
from edgecode.events.kinds import Event, TextSection
from edgecode.events.rights_kinds import (
    GateAsked,
    MemberNamed,
    PackDecided,
    PackDecisionFact,
    PackDecisionSection,
    decision_statement,
)
from edgecode.index.rights import rights
from edgecode.index.store import IndexStore
from edgecode.ledger.store import Signer
from edgecode.production.persons.noting import append_judged
from edgecode.production.record import Record
from edgecode.production.rule_packs.files import SUFFIX, OwnPack, found_packs
from edgecode.settings import Settings
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue

Choice = str
"""``on``, ``off``, ``adopted``, ``cap_kept`` or ``parameters``."""

__all__ = [
    "PackState",
    "active_packs",
    "copied_pack",
    "decide_pack",
    "own_packs",
    "pack_called",
    "pack_states",
    "packs_of",
    "shipped_packs",
]


@lru_cache(maxsize=1)
def _shipped() -> tuple[Pack, ...]:
    folder = files("edgecode.checks") / "packs"
    found = sorted((one for one in folder.iterdir() if one.name.endswith(SUFFIX)), key=lambda one: one.name)
    return tuple(read_pack(one.read_bytes(), name=one.name) for one in found)


def shipped_packs() -> list[Pack]:
    """The packs that come with this release, by name. Raises UnavailableError ``extra.missing``."""
    return list(_shipped())


def copied_pack(name: str, *, called: str) -> bytes:
    """The file of a pack that ships under a name of its own, for whoever fills in its sources and signs it.

    Raises NotFoundError ``pack.unknown``, InputError ``pack.invalid`` for a name that no pack can have and ``pack.taken`` for one in use.
    """
    pack = pack_called(shipped_packs(), name)
    if any(called == other.id for other in shipped_packs()):
        raise InputError("pack.taken", f"a pack that ships is called {called}", "Give the copy a name of its own")
    data = (files("edgecode.checks") / "packs" / pack.name).read_bytes()
    before, line, after = data.partition(f"\npack: {pack.id}\n".encode())
    copy = before + line.replace(pack.id.encode(), called.encode()) + after
    read_pack(copy, name=f"{called}{SUFFIX}")
    return copy


def own_packs(settings: Settings, folder: Path) -> list[Pack]:
    """The packs in the folders that ``[checks] packs`` names, by folder and name; those that cannot judge too, and for one that cannot be
    read a stand-in without rules, called as its file is.

    Raises InputError ``pack.taken`` and ``settings.invalid`` for a folder that is not there.
    """
    return [one.pack for one in _own(settings, folder)]


def _own(settings: Settings, folder: Path) -> list[OwnPack]:
    found = found_packs(settings, folder)
    taken = {pack.id for pack in shipped_packs()}
    for one in found:
        if one.pack.id in taken:
            raise InputError(
                "pack.taken",
                f"{one.path.name} calls itself {one.pack.id}, as another pack here does",
                "Give it a name of its own; the other one is switched off by a decision, never by a name",
            )
        taken.add(one.pack.id)
    return found


def packs_of(record: Record, *, register: Register | None = None) -> list[Pack]:
    """Every pack that the production could be judged by, and a stand-in for each that is gone. Raises like `own_packs`."""
    return list(_brought(record, register or Register.read(record.index, origin=record.log.origin))[0])


def _brought(record: Record, register: Register) -> tuple[list[Pack], dict[str, Fault]]:
    """Every pack, and why those that cannot judge do not."""
    own = _own(record.settings, record.folder)
    packs = [*shipped_packs(), *(one.pack for one in own)]
    faults = {one.pack.id: one.fault for one in own if one.fault is not None}
    gone = gone_packs({pack.id for pack in packs}, register.pack_decisions, _runs(record.index))
    return [*packs, *(pack for pack, _ in gone.values())], faults | {name: fault for name, (_, fault) in gone.items()}


def _runs(index: IndexStore) -> Iterator[Run]:
    """The packs that judged at any gate that was asked, in ledger order."""
    for row in rights(index, GateAsked):
        if isinstance(row.event, GateAsked):
            yield from (Run(one.pack, one.version, one.digest) for one in row.event.fact.packs)


def pack_called(packs: Sequence[Pack], name: str) -> Pack:
    """The pack of this name. Raises NotFoundError ``pack.unknown``."""
    found = next((pack for pack in packs if pack.id == name), None)
    if found is None:
        near = near_names(name, [pack.id for pack in packs])
        raise NotFoundError(
            "pack.unknown", f"there is no pack of rules called {name[:64]}{near}", "edgecode packs list"
        )
    return found


def pack_states(record: Record, *, register: Register | None = None) -> list[PackState]:
    """Which packs judge the production now, and why; those that do not are there too. Raises like `own_packs`."""
    desk = register or Register.read(record.index, origin=record.log.origin)
    packs, faults = _brought(record, desk)
    known = decided(record.index, desk.pack_decisions, origin=record.log.origin)
    return states_of(packs, settled(desk.profile), known, faults=faults)


def judging_packs(record: Record, *, register: Register | None = None) -> list[ActivePack]:
    """The packs that judge, as they judge."""
    return active_packs(pack_states(record, register=register))


def decided(index: IndexStore, decisions: Sequence[PackDecision], *, origin: str) -> list[Deciding]:
    """Each decision with whether whoever made it might, and whether its signature holds, as members stood in the log then."""
    named = [
        (row.log_index, row.person, event.fact)
        for row in rights(index, MemberNamed)
        if isinstance(event := row.event, MemberNamed)
    ]
    aliases = {member.id: member.alias for member in Register.read(index).members.values()} if decisions else {}
    found, met = [], set[RecordId]()
    for one in decisions:
        if one.id in met:
            found.append(Deciding(one, aliases.get(one.by, ""), "it is an earlier decision, recorded a second time"))
            continue
        met.add(one.id)
        before = [fact for at, _, fact in named if fact.member == one.by and at < one.log_index]
        member = before[-1] if before else None
        if member is None or member.retired or not set(member.roles) & set(MAY_DECIDE):
            found.append(Deciding(one, aliases.get(one.by, ""), f"whoever made it was none of {', '.join(MAY_DECIDE)}"))
            continue
        fact = PackDecisionFact(one.id, one.pack, one.version, one.digest, one.choice, one.by, one.at)
        statement = decision_statement(fact, parameters=one.parameters, origin=origin)
        signed = bool(one.signature) and approves(member.key, one.signature, statement)
        found.append(Deciding(one, aliases.get(one.by, ""), signed=signed))
    return found


def decide_pack(
    record: Record,
    name: str,
    choice: Choice,
    *,
    by: str,
    reason: str,
    signer: Signer | None = None,
    parameters: Mapping[str, object] | None = None,
) -> RecordId:
    """Record a member's decision on a pack as it reads now; returns the decision's id. *by*: their alias. *signer*: their own key.

    Raises NotFoundError ``pack.unknown`` and ``member.unknown``, InputError ``pack.parameter`` and ``pack.reason``, RefusedError
    ``pack.always``, ``pack.watched``, ``pack.nothing_capped``, ``pack.not_signed``, ``pack.other_key`` and ``pack.may_not_decide``.
    """
    if not reason.strip():
        raise InputError(
            "pack.reason",
            "a decision on rules needs a reason",
            "Give --reason; it is kept sealed and printed with --reveal",
        )
    identity = record.world.new_id()
    pack = pack_called(packs_of(record), name)
    values = _values(pack, parameters or {})
    _refuse_senseless(pack, choice)
    at = datetime.fromtimestamp(record.world.milliseconds() / 1000, tz=UTC).date().isoformat()

    def judged() -> list[Event]:
        register = Register.read(record.index, origin=record.log.origin)
        member = register.member_called(by)
        if not set(member.roles) & set(MAY_DECIDE):
            raise RefusedError(
                "pack.may_not_decide",
                f"{by} acts in none of the roles that decide on rules: {', '.join(MAY_DECIDE)}",
                "Ask somebody who does, or: edgecode person role ALIAS --role clearance",
            )
        fact = PackDecisionFact(identity, pack.id, pack.header.version, pack.digest, choice, member.id, at)  # type: ignore[arg-type]
        if signer is not None:
            fact = _signed(fact, signer, key=member.key, alias=by, origin=record.log.origin, parameters=values)
        elif needs_signature(pack, choice, declared=is_declared(pack, settled(register.profile))):
            raise RefusedError(
                "pack.not_signed",
                f"{_why_signed(pack, register)}, so this decision is signed by the member",
                "Add --signer file:KEY with the key that `edgecode person role` recorded for them",
            )
        return [PackDecided(fact, PackDecisionSection(values) if values else None, TextSection((("reason", reason),)))]

    append_judged(record, judged)
    return identity


def _signed(
    fact: PackDecisionFact, signer: Signer, *, key: str, alias: str, origin: str, parameters: Mapping[str, FactValue]
) -> PackDecisionFact:
    from base64 import b64encode

    if signer.public.hex() != key:
        raise RefusedError(
            "pack.other_key",
            f"this is not the key on record for {alias}",
            "Sign with theirs, or record it: edgecode person role ALIAS --role … --key HEX",
        )
    statement = decision_statement(fact, parameters=parameters, origin=origin)
    return replace(fact, signature=b64encode(signer.sign(statement)).decode())


def _why_signed(pack: Pack, register: Register) -> str:
    """In what sense a decision on it is a grave one."""
    declared = is_declared(pack, settled(register.profile))
    if declared:
        return f"{pack.id} is the pack of an agreement that this production works under"
    if pack.header.enabled_by_default:
        return f"{pack.id} is on by default"
    return f"{pack.id} is the pack of an agreement, and nobody has said whether this production works under it"


def _refuse_senseless(pack: Pack, choice: Choice) -> None:
    if pack.header.tier == "watch":
        raise RefusedError(
            "pack.watched",
            f"{pack.id} is there for information and never judges: nobody has read its source",
            "Read the source, and keep a pack of your own in a folder that [checks] packs names",
        )
    if choice == "off" and has_always(pack):
        raise RefusedError(
            "pack.always",
            f"{pack.id} is never switched off",
            "Waive a finding where its rule allows it",
        )
    if choice in ("adopted", "cap_kept") and not has_capped_rules(pack):
        raise RefusedError(
            "pack.nothing_capped", f"no rule of {pack.id} is softened by a confidence cap", "There is nothing to decide"
        )


def _values(pack: Pack, given: Mapping[str, object]) -> dict[str, FactValue]:
    known = {one.name: one.fact for one in pack.parameters}
    values: dict[str, FactValue] = {}
    for name, value in given.items():
        if name not in known:
            near = near_names(name, known)
            raise InputError(
                "pack.parameter", f"{pack.id} has no parameter {name[:64]}{near}", f"edgecode packs show {pack.id}"
            )
        try:
            values[name] = checked_as(known[name], value)
        except InputError as error:
            raise InputError("pack.parameter", error.sentence, f"edgecode packs show {pack.id}") from error
    return values
