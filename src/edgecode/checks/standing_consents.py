"""Whether somebody's consent stands at all: one in force, and none lost that it does not cure; for questions that are about no one use."""

from edgecode.checks.lifecycle import disputed, loss_of, stand_of
from edgecode.checks.register import Agreement, Register


def consent_stands(register: Register, person: int | None, on: str) -> bool:
    """Whether a person's consent is in force on a day (``YYYY-MM-DD``) and none of theirs was lost after it was signed.

    None is somebody who cannot be told: nobody can say that they agreed. Scopes play no part; a consent that is lost for some acts only
    is lost here.
    """
    if person is None:
        return False
    agreements = register.agreements_of(person)
    losses = [found for one in agreements if (found := _lost_since(one, on))]
    given = [one for one in agreements if stand_of(one, on).state == "active" and not disputed(one, on)]
    return any(all(_signed(one) >= lost for lost in losses) for one in given)


def consent_is_lost(register: Register, person: int | None, on: str) -> bool:
    """Whether a consent of a person is on record that was lost or is disputed on a day, and none stands beside it."""
    if person is None or consent_stands(register, person, on):
        return False
    return any(_lost_since(one, on) or disputed(one, on) for one in register.agreements_of(person))


def _lost_since(agreement: Agreement, on: str) -> str:
    acts = {act for version in agreement.versions if version.terms is not None for act in version.terms.acts}
    lost = [found.since for act in (None, *sorted(acts)) if (found := loss_of(agreement, on, act=act)) is not None]
    return min(lost, default="")


def _signed(agreement: Agreement) -> str:
    version = agreement.latest
    return version.terms.signed_on if version.terms is not None else ""
