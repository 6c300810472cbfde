"""What the desk keeps of one person beside agreements, in lines: roles, who signs for them, sessions, replicas and where these went.

Aliases, record ids, days and our own words; in which capacity somebody signs and what rules read of a person is printed when revealed.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from edgecode.answers.layout.columns import counted, form, printable
from edgecode.checks.desk_rows import Replica, Representation, Session
from edgecode.checks.register import Register
from edgecode.terms.rights import PERSON_FIELDS

_COMMON = frozenset({*PERSON_FIELDS, "name", "email", "phone", "address", "agent"})
"""Names of fields that say nothing of anybody; all others are what somebody typed."""


def party_lines(register: Register, person: int, *, reveal: bool) -> Iterator[str]:
    """A line or more for each; *person*: dense id of the index."""
    info = register.persons.get(person)
    for name, value in sorted(info.fields.items()) if info is not None else ():
        if value:
            yield f"{name}: {value}" if reveal else name
    for member in register.members.values():
        if member.person == person:
            key = f"  key {member.key[:16]}…" if member.key else ""
            yield f"role       {member.id}  {', '.join(member.roles)}{key}{'  retired' if member.retired else ''}"
    for one in register.representations.values():
        yield from _representation(one, person, reveal=reveal)
    for session in register.sessions.values():
        if session.whom.person == person:
            yield f"session    {session.id}  {session.kind}{_times(session)}{_captured(session)}"
    for replica in register.replicas.values():
        if replica.whom.person == person:
            yield from _replica(replica)


def note_lines(values: Mapping[str, str], *, reveal: bool) -> Iterator[str]:
    """What a note says, a line for each field; not revealed only which of the fields that everybody has, and how many besides."""
    others = 0
    for name, value in sorted(values.items()):
        if reveal:
            yield f"{printable(name)}: {printable(value)}"
        elif name in _COMMON:
            yield name
        else:
            others += 1
    if others:
        yield f"{counted(others, 'field')} whose {form(others, 'name is', 'names are')} revealed only"


def _representation(one: Representation, person: int, *, reveal: bool) -> Iterator[str]:
    if person not in (one.principal.person, one.agent.person):
        return
    other = one.agent if one.principal.person == person else one.principal
    how = "represented by" if one.principal.person == person else "represents"
    section = one.section
    said = ""
    if section is not None and reveal:
        share = f", share {section.share[0]}/{section.share[1]}" if section.share else ""
        acts = ", ".join(section.acts) if section.acts is not None else "no act named"
        said = f"  as {section.capacity}{share}: {acts}; {section.since or '?'} to {section.until or '?'}"
    yield f"{how:<10} {other.alias or 'somebody unknown'}  {one.id}{said}{'  ended' if one.ended else ''}"


def _times(session: Session) -> str:
    named = (("notice", session.notice_given), ("started", session.started), ("ended", session.ended))
    return "".join(f"  {name} {_time(when)}" for name, when in named if when)


def _captured(session: Session) -> str:
    return f"  {len(session.versions)} version{'s' * (len(session.versions) != 1)}" if session.versions else ""


def _replica(replica: Replica) -> Iterator[str]:
    until = f"  delete by {replica.delete_by}" if replica.delete_by else ""
    yield f"replica    {replica.id}  {replica.kind}, {replica.medium}{until}"
    for move in replica.moves:
        yield f"    {move.move.replace('_', ' ')} {move.on}{f', answer due {move.due}' if move.due else ''}"


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%MZ")
