"""Whom a usage statement is for: a person by alias, or whoever gives a license, by its label."""

from msgspec import Struct

from edgecode.checks.register import Agreement, Register
from edgecode.errors import NotFoundError
from edgecode.index.persons import PersonRow, person_called
from edgecode.production.corridor import Production


class Payee(Struct, frozen=True):
    """*name*: an alias or a label, never a name. One of *row* and *agreement* is None."""

    name: str
    row: PersonRow | None
    agreement: Agreement | None

    @property
    def person(self) -> int | None:
        """Their dense id in the index; None of a license."""
        return self.row.id if self.row is not None else None


def payee_called(production: Production, register: Register, called: str) -> Payee:
    """Raises NotFoundError ``statement.payee``, InputError ``person.ambiguous``."""
    licenses = [one for one in register.agreements.values() if one.kind == "license" and one.label == called]
    if len(licenses) == 1:
        return Payee(called, None, licenses[0])
    try:
        person = person_called(production.index, called)
    except NotFoundError as error:
        raise NotFoundError(
            "statement.payee",
            "nobody here has that alias, and no license that label",
            "List them: edgecode person list, edgecode license list",
        ) from error
    return Payee(person.alias, person, None)
