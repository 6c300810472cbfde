"""Refuses that somebody decides on their own likeness or on what they made, before it is recorded (`checks.duties` judges it again)."""

from collections.abc import Iterable

from edgecode.answers.chain import Chains
from edgecode.checks.desk_rows import Member, Whom
from edgecode.checks.duties import own_matter
from edgecode.checks.register import Register
from edgecode.errors import RefusedError
from edgecode.index.catalogue import version, version_rows
from edgecode.index.persons import depictions_of, seen_in
from edgecode.production.desk.about import About
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId

PARTLY = "it does not count for what shows the member who decided, nor for what they made"
"""What is said when a decision is wider than one's own matter, as of a whole cut."""


def require_others_matter(
    record: Record, register: Register, member: Member, about: About, *, cited: Iterable[RecordId] = ()
) -> None:
    """Raises RefusedError ``desk.own_matter`` when *member* is shown in what a decision is about, made it, or it is their own agreement.

    Held against persons, versions with all that they were made from, agreements (*cited* ones too), sessions, replicas, models and declared
    uses. A whole cut or production is nobody's own matter; there what shows or was made by the member is left out when it is judged.
    """
    whoms = list(_whoms(register, (*about.records, *cited)))
    persons = {whom.person for whom in whoms if whom.person is not None}
    behind = _behind(record, (*about.versions, *_versions_of(register, about.records)))
    if about.person is not None:
        persons.add(about.person.id)
    else:
        persons |= {one.person for one in seen_in(record.index, behind) if one.person is not None}
    made = [row.key for row in version_rows(record.index, behind).values()]
    why = own_matter(register, member, persons=persons, versions=made)
    if why:
        raise RefusedError(
            "desk.own_matter",
            f"{member.alias} may not decide this: {why}",
            "Have somebody else decide who is neither in it nor made it",
        )


def is_partly_own(record: Record, called: str, about: About) -> bool:
    """Whether a decision of *called* (an alias) about a whole cut, the whole production or uses by their key leaves something of theirs
    out."""
    if not called or about.versions or (about.records and not about.cuts):
        return False
    register = Register.read(record.index, origin=record.log.origin)
    member = register.member_called(called)
    is_shown = member.person is not None and any(
        not one.withdrawn for one in depictions_of(record.index, member.person)
    )
    return is_shown or any(making.member == member.id for making in register.makings)


def _behind(record: Record, versions: Iterable[RecordId]) -> list[int]:
    """Dense ids of versions and of everything that they were made from."""
    chains, found = Chains(record.index), set[int]()
    for key in versions:
        row = version(record.index, key)
        if row is not None:
            found |= {row.id, *(one.version for one in chains.behind(row.id, None))}
    return sorted(found)


def _whoms(register: Register, records: Iterable[RecordId]) -> Iterable[Whom]:
    agreements = {one.agreement: held for held in register.agreements.values() for one in held.versions}
    for key in records:
        if key in agreements:
            yield agreements[key].whom
        for rows in (register.sessions, register.replicas, register.uses, register.models):
            if key in rows:
                yield rows[key].whom


def _versions_of(register: Register, records: Iterable[RecordId]) -> Iterable[RecordId]:
    for key in records:
        for rows in (register.sessions, register.replicas, register.uses):
            if key in rows:
                yield from rows[key].versions
