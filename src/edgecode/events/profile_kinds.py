"""The kind of event that says what kind of production it is: where and when it is released, for whom, and under which agreements."""

from collections.abc import Mapping
from hashlib import sha256
from typing import ClassVar, Literal

import msgspec

from edgecode.events.kinds import Event, Section, TextSection, sorted_refs
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue, Role


class ProfileFact(Section, frozen=True):
    """*by*, *role*: the member who says otherwise what had been said, "" where nobody is named. *signature*: theirs, base64, over
    `profile_statement`; where an agreement that was declared no longer is."""

    profile: RecordId
    by: RecordId = ""
    role: Role | Literal[""] = ""
    at: str = ""
    signature: str = ""


class ProfileSection(Section, frozen=True):
    """*values*: facts of the catalogue whose world is ``profile``, by name; None takes one back. What is not named stays as it was."""

    values: dict[str, FactValue | None] = {}


class ProductionProfiled(Event, frozen=True):
    """What kind of production it is, where it is released, whose agreements and policies bind it."""

    TYPE: ClassVar[str] = "production.profiled/1"
    fact: ProfileFact
    recipe: ProfileSection | None = None
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.profile, self.fact.by)


def profile_statement(fact: ProfileFact, *, values: Mapping[str, FactValue | None], origin: str) -> bytes:
    """What a member signs when they undeclare an agreement: everything but the signature, and the *values* as SHA-256 of their canonical
    JSON, for the log *origin*."""
    digest = sha256(msgspec.json.encode(dict(values), order="sorted")).hexdigest()
    lines = (origin, fact.profile, fact.by, fact.role, fact.at, digest)
    return ("edgecode profile v1\n" + "\n".join(lines) + "\n").encode()
