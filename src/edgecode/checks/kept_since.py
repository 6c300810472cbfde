"""Who answers for an entry of the log, and whether a paper shows it that was not on file before."""

from collections.abc import Iterable, Mapping, Sequence

from edgecode.checks.deciding import MAY_DECIDE
from edgecode.checks.desk_rows import DocumentRow, Member
from edgecode.terms.identity import RecordId


def member_at(memberships: Sequence[Member], member: RecordId, log_index: int) -> Member | None:
    """What a member was when an entry was written; None for nobody of that id, and for one who had retired."""
    known = [one for one in memberships if one.id == member and one.log_index <= log_index]
    return known[-1] if known and not known[-1].retired else None


def answers_for(memberships: Sequence[Member], by: RecordId, log_index: int) -> bool:
    """Whether *by* is somebody who decided for the production when an entry was written."""
    member = member_at(memberships, by, log_index) if by else None
    return member is not None and not set(member.roles).isdisjoint(MAY_DECIDE)


def is_kept_since(documents: Mapping[RecordId, DocumentRow], papers: Iterable[RecordId], *, after: int) -> bool:
    """Whether one of *papers* is kept, and was kept after the entry *after* for the first time, by its bytes."""
    known = [documents[one] for one in papers if one in documents]
    old = {one.sha256 for one in documents.values() if one.log_index <= after}
    return any(one.sha256 and one.sha256 not in old for one in known)
