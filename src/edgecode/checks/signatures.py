"""Whose signatures an agreement of somebody's likeness has, and whose are missing: heirs sign as they decide, minors do not.

Heirs may sign one paper together, or each a paper of their own with the same acts. Nothing here says that a signature is good in law: it
holds what was written down about who signs for whom against who signed.
"""

from collections.abc import Collection, Iterable
from fractions import Fraction

from edgecode.checks.desk_rows import Representation
from edgecode.checks.lifecycle import LIVE, OF_THE_DEAD, may_sign, stand_of
from edgecode.checks.register import Agreement, AgreementVersion, Register
from edgecode.errors import RefusedError
from edgecode.events.rights_kinds import AgreementTerms
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import ALL, Act

_FOR_A_MINOR = frozenset({"guardian", "court_appointed"})


def signs(register: Register, representation: RecordId, whose: int | None, *, acts: tuple[Act, ...], on: str) -> bool:
    """Whether an agent signs these acts for a person on a day: by the representation, in life and of age. For an heir who is a minor their
    guardian signs, by a representation of that heir."""
    one = register.representations.get(representation)
    if one is None or whose is None:
        return False
    if one.principal.person == whose:
        return may_sign(one, whose, acts=acts, on=on) and _is_of_age(register, one, on)
    return any(_signs_for_heir(register, one, heir, acts=acts, on=on) for heir in _heirs(register, whose, on))


def _signs_for_heir(
    register: Register, one: Representation, heir: Representation, *, acts: tuple[Act, ...], on: str
) -> bool:
    section = one.section
    is_guardian = section is not None and section.capacity in _FOR_A_MINOR and one.principal.person is not None
    if not is_guardian or one.principal.person != heir.agent.person or not _is_of_age(register, one, on):
        return False
    return may_sign(one, heir.agent.person, acts=acts, on=on) and may_sign(
        heir, heir.principal.person, acts=acts, on=on
    )


def is_signed(register: Register, whose: int | None, terms: AgreementTerms) -> bool:
    """Whether everybody who signed could: the person in life, or each by their representation. `missing_signatures` says who is missing."""
    if terms.signers:
        return all(signs(register, one, whose, acts=terms.acts, on=terms.signed_on) for one in terms.signers)
    person = register.persons.get(whose) if whose is not None else None
    died = person.fields.get("deceased_on", "") if person is not None else ""
    return not (died and terms.signed_on > died)


def missing_signatures(
    register: Register, whose: int | None, signers: Collection[RecordId], *, acts: tuple[Act, ...], on: str
) -> tuple[str, ...]:
    """Who has to sign beside *signers* (representations) before heirs have decided: aliases, and shares that nobody here holds; () when
    they have, and where no heir signs. Of a majority any of those named may do.

    An executor, or whoever manages the rights of somebody dead, signs alone where no share and no way to decide is noted of them. Where
    nobody said how heirs decide, all of them sign.
    """
    heirs = _heirs(register, whose, on)
    living = [one for one in heirs if not _is_dead(register, one, on)]
    signed = [one for one in living if any(_stands_for(register, by, one, acts=acts, on=on) for by in signers)]
    decision = next((one.section.decision for one in heirs if one.section and one.section.decision), None)
    if not signed or decision == "any" or (decision is None and any(_is_alone(one) for one in signed)):
        return ()
    shares = {one.id: _share(one) for one in heirs}
    whole = 1 - sum((shares[one.id] or Fraction(0) for one in heirs if one not in living), Fraction(0))
    held = sum((shares[one.id] or Fraction(0) for one in living), Fraction(0))
    has_shares, nobodys = any(shares.values()), whole - held
    if decision == "majority" and all(shares[one.id] for one in living):
        together = sum((shares[one.id] or Fraction(0) for one in signed), Fraction(0))
        if together > whole / 2:
            return ()
    missing = tuple(one.agent.alias or one.id for one in living if one not in signed)
    return (*missing, *((f"who holds {nobodys} of the shares",) if has_shares and nobodys > 0 else ()))


def signatures_missing(
    register: Register, agreement: Agreement, version: AgreementVersion, *, on: str
) -> tuple[str, ...]:
    """Whose signatures one wording lacks on a day, counting other consents of the person that stand and permit the same acts."""
    terms = version.terms
    if agreement.kind != "consent" or terms is None or not terms.signers:
        return ()
    beside = [one for one in register.agreements_of(agreement.person or -1) if one.id != agreement.id]
    signers = {*terms.signers, *(by for one in beside for by in _signers_of(one, terms.acts, on))}
    return missing_signatures(register, agreement.person, signers, acts=terms.acts, on=terms.signed_on)


def _signers_of(agreement: Agreement, acts: tuple[Act, ...], on: str) -> Iterable[RecordId]:
    stand = stand_of(agreement, on)
    terms = stand.version.terms if stand.version is not None else None
    if stand.state not in LIVE or terms is None or not set(acts) <= set(terms.acts):
        return ()
    return terms.signers


def refuse_signers(register: Register, agreement: Agreement) -> None:
    """Refuse a grant that somebody signed who could not: RefusedError ``agreement.representation``, which names them by alias."""
    terms = agreement.latest.terms
    if agreement.kind != "consent" or terms is None:
        return
    for one in terms.signers:
        if not signs(register, one, agreement.person, acts=terms.acts, on=terms.signed_on):
            known = register.representations.get(one)
            who = known.agent.alias if known is not None and known.agent.alias else "whoever signed it"
            raise RefusedError(
                "agreement.representation",
                f"{who} could not sign {agreement.label} on {terms.signed_on}: a minor, or with no representation for its acts then",
                "Record the representation with its first day and its acts: edgecode person represent",
            )


def _heirs(register: Register, whose: int | None, on: str) -> list[Representation]:
    """Those who represent somebody dead on a day, whatever they may sign."""
    found = []
    for one in register.representations.values():
        section = one.section
        if section is None or whose is None or one.principal.person != whose or section.capacity not in OF_THE_DEAD:
            continue
        last = section.until if section.until != ALL else ""
        over = last < on if last else one.ended
        if not over and section.since <= on:
            found.append(one)
    return found


def _stands_for(register: Register, by: RecordId, heir: Representation, *, acts: tuple[Act, ...], on: str) -> bool:
    one = register.representations.get(by)
    if one is None:
        return False
    if one.id == heir.id:
        return may_sign(one, heir.principal.person, acts=acts, on=on) and _is_of_age(register, one, on)
    return _signs_for_heir(register, one, heir, acts=acts, on=on)


def _is_alone(one: Representation) -> bool:
    return one.section is not None and one.section.capacity != "heir" and not one.section.share


def _share(one: Representation) -> Fraction | None:
    share = one.section.share if one.section is not None else None
    return Fraction(*share) if share and share[1] else None


def _fields_of_agent(register: Register, one: Representation) -> dict[str, str]:
    info = register.persons.get(one.agent.person) if one.agent.person is not None else None
    return dict(info.fields) if info is not None else {}


def _is_of_age(register: Register, one: Representation, on: str) -> bool:
    info = register.persons.get(one.agent.person) if one.agent.person is not None else None
    return not (info is not None and info.was_minor(on)) and not _is_dead(register, one, on)


def _is_dead(register: Register, one: Representation, on: str) -> bool:
    died = _fields_of_agent(register, one).get("deceased_on", "")
    return bool(died) and died < on
