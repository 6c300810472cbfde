"""Saying what kind of production it is: a first word freely, another word by a named member, and never silently."""

from base64 import b64encode
from collections.abc import Mapping

from msgspec.structs import replace

from edgecode.checks.deciding import role_deciding
from edgecode.checks.profile import changed, undeclares
from edgecode.checks.register import Register
from edgecode.checks.rules.catalogue import fact_named
from edgecode.checks.rules.open_words import settled
from edgecode.checks.rules.written_facts import read_fact
from edgecode.errors import InputError, RefusedError, UsageError
from edgecode.events.kinds import Event, TextSection
from edgecode.events.profile_kinds import ProductionProfiled, ProfileFact, ProfileSection, profile_statement
from edgecode.ledger.store import Signer
from edgecode.production.persons.noting import append_judged, today
from edgecode.production.record import Record
from edgecode.terms.rights import FactValue


def describe_production(
    record: Record, written: Mapping[str, str], *, by: str = "", reason: str = "", signer: Signer | None = None
) -> None:
    """Say facts of the production's profile, by name; an empty text takes one back. What is not named stays as it was.

    What was said before is said otherwise by a deciding member (*by*: their alias) with a *reason*, and an agreement that was declared is
    undeclared with their own key (*signer*). Raises InputError ``facts.unknown``, ``facts.value`` and ``desk.not_profile``, UsageError
    ``desk.by`` and ``desk.reason``, NotFoundError ``member.unknown``, RefusedError ``desk.may_not_decide``, ``profile.not_signed`` and
    ``pack.other_key``.
    """
    values = _read(written)
    if not values:
        return
    identity = record.world.new_id()

    def judged() -> list[Event]:
        register = Register.read(record.index, origin=record.log.origin)
        before = changed(register.profiled, settled_too(values))
        fact = ProfileFact(identity)
        if not before:
            return [ProductionProfiled(fact, ProfileSection(values))]
        names = ", ".join(sorted(before))
        if not by:
            raise UsageError(
                "desk.by", f"{names} was said otherwise before; a named member says it anew", "Name them: --by ALIAS"
            )
        if not reason.strip():
            raise UsageError(
                "desk.reason", f"saying {names} anew needs a reason; it is kept sealed", "Give it: --reason '…'"
            )
        member = register.member_called(by)
        fact = replace(fact, by=member.id, role=role_deciding(member.roles, names), at=today(record))
        if any(undeclares(name, value) for name, value in before.items()):
            fact = _signed(record, fact, values, signer, key=member.key, alias=by)
        return [ProductionProfiled(fact, ProfileSection(values), TextSection((("reason", reason),)))]

    append_judged(record, judged)


def settled_too(values: Mapping[str, FactValue | None]) -> dict[str, FactValue | None]:
    """The same as profiles keep them, so that another way to write a word is no change."""
    return {**values, **settled({name: value for name, value in values.items() if value is not None})}


def _read(written: Mapping[str, str]) -> dict[str, FactValue | None]:
    values: dict[str, FactValue | None] = {}
    for name, text in written.items():
        if fact_named(name).world != "profile":
            raise InputError(
                "desk.not_profile", f"{name} is no fact of a production's profile", "edgecode desk profile"
            )
        values[name] = read_fact(name, text) if text.strip() else None
    return values


def _signed(
    record: Record,
    fact: ProfileFact,
    values: Mapping[str, FactValue | None],
    signer: Signer | None,
    *,
    key: str,
    alias: str,
) -> ProfileFact:
    if signer is None:
        raise RefusedError(
            "profile.not_signed",
            "an agreement that this production declared is undeclared with the signature of the member who says so",
            "Add --signer file:KEY with the key that `edgecode person role` recorded for them",
        )
    if signer.public.hex() != key:
        raise RefusedError(
            "pack.other_key",
            f"this is not the key on record for {alias}",
            "Sign with theirs, or record it: edgecode person role ALIAS --role … --key HEX",
        )
    statement = profile_statement(fact, values=values, origin=record.log.origin)
    return replace(fact, signature=b64encode(signer.sign(statement)).decode())
