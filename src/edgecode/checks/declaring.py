"""Whose word settles something: a declared use that answers what lineage leaves open counts from members who decide for the production."""

from collections.abc import Collection, Iterable, Mapping

from edgecode.checks.deciding import MAY_DECIDE
from edgecode.checks.desk_rows import DeclaredUse
from edgecode.checks.duties import own_matter
from edgecode.checks.register import Register
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue

_SETTLING = frozenset({"performance", "synthetic_performer"})


def is_settling(kind: str, values: Mapping[str, FactValue]) -> bool:
    """Whether it answers a question: somebody is in it as they were filmed, nobody real is in it, or nobody at all."""
    return kind in _SETTLING or values.get("person.status") == "none"


def settles(
    declared: DeclaredUse, register: Register, *, persons: Collection[int], versions: Iterable[RecordId]
) -> bool:
    """Whether such a word counts: of a member who decided in one of `MAY_DECIDE`, is none of *persons* (dense ids) and made none of
    *versions*."""
    member = register.member_at(declared.by, declared.log_index) if declared.by else None
    if member is None or declared.role not in member.roles or declared.role not in MAY_DECIDE:
        return False
    return not own_matter(register, member, persons=persons, versions=versions)
