"""Uses of which a member who decides said that they need less than lineage and the profile say, as every check prints them."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from edgecode.checks.register import Register
from edgecode.checks.uses import Use
from edgecode.index.persons import day_of
from edgecode.terms.identity import RecordId


class NarrowedUse(Struct, frozen=True):
    """*subject*: the key of the use. *names*: needs of a scope and facts of the person. *declared*: the declared use; *by*: an alias."""

    subject: str
    kind: str
    version: RecordId
    person: str
    names: tuple[str, ...]
    declared: RecordId
    by: str
    role: str
    on: str


def narrowed_uses(uses: Iterable[Use], register: Register) -> Iterator[NarrowedUse]:
    """Every such word, in the order of the uses."""
    for use in uses:
        for record in dict.fromkeys(declared for _, declared in use.narrowed):
            said = register.uses[record]
            member = register.members.get(said.by)
            yield NarrowedUse(
                subject=use.key,
                kind=use.kind,
                version=use.version,
                person=use.alias,
                names=tuple(name for name, declared in use.narrowed if declared == record),
                declared=record,
                by=member.alias if member is not None else "",
                role=said.role,
                on=day_of(said.ts),
            )


def narrowed_text(one: NarrowedUse) -> str:
    """One of them as a sentence."""
    whom = f" of {one.person}" if one.person else ""
    what = f"{one.kind} of {one.version}{whom}" if one.version else f"{one.kind}{whom}"
    said = f"declared to need only what is said of it: {', '.join(one.names)}"
    return f"{what}: {said}, by {one.by or 'somebody erased'} ({one.role}) on {one.on}"
