"""Papers that rest with several people: what of others rests on the paper of one, so that nobody deletes it with them unseen."""

from edgecode.checks.register import Register
from edgecode.terms.identity import RecordId


def resting_on(register: Register, document: RecordId, *, person: int) -> tuple[str, ...]:
    """Labels of agreements of others that rest on a paper of a person, or on the same bytes kept for somebody else; aliases of those for
    whom the same bytes are kept and nothing rests on them yet."""
    paper = register.documents.get(document)
    if paper is None:
        return ()
    same = {
        one.id: one.whom
        for one in register.documents.values()
        if one.id == document or (paper.sha256 and one.sha256 == paper.sha256)
    }
    labels = {
        agreement.label
        for agreement in register.agreements.values()
        if agreement.person != person and any(same.keys() & set(version.documents) for version in agreement.versions)
    }
    aliases = {whom.alias for whom in same.values() if whom.alias and whom.person != person}
    return tuple(sorted(labels or aliases))
