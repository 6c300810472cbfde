"""What is known of somebody who is shown as they were filmed or recorded: which agreement of theirs is on record, and whether a minor is.

Whether filming somebody needs a consent is a matter of contract and is not asked. But a consent that is on record says what becomes of what
was filmed once it is lost, and a minor is not filmed on nobody's word.
"""

from collections.abc import Sequence

from edgecode.checks.considered import Asking, Considered, shows_filmed
from edgecode.checks.register import PersonInfo, Register
from edgecode.checks.rules.subjects import Subject
from edgecode.checks.uses import Use
from edgecode.index.persons import day_of
from edgecode.terms.rights import FactValue

FILMED = "performance"
_SOMEBODY = frozenset({"recorded", "erased", "unknown"})


def is_filmed(use: Use) -> bool:
    """Whether it shows somebody as they were filmed or recorded, whoever they are."""
    return use.kind == FILMED and use.person_state in _SOMEBODY


def filmed_facts(asking: Asking, consents: Sequence[Considered]) -> dict[str, FactValue]:
    """The facts of filming; what nobody can settle is absent. *consents*: of `consents_for`."""
    use, register = asking.use, asking.register
    if not is_filmed(use):
        is_placed = bool(use.cut or use.version or use.spans)
        return {"person.filmed": False} if is_placed else {}
    facts: dict[str, FactValue] = {"person.filmed": True}
    facts |= {"representation.guardian": True} if _has_guardian(use, register) else {}
    minor = _is_minor(asking)
    facts |= {"person.filmed_minor": minor} if minor is not None else {}
    found = [one for one in consents if shows_filmed(one)]
    if found:
        reached = {"inside": True, "outside": False}.get(found[0].match.answer)
        facts |= {"consent.reaches": reached} if reached is not None and not found[0].late else {}
        return facts | {"consent.on_record": True}
    is_open = register.unreadable if use.person_state == "recorded" else _may_have_agreed(register)
    return facts if is_open else facts | {"consent.on_record": False}


def rests_on_no_record(subject: Subject) -> bool:
    """Whether a filmed adult's agreement is not on record, so that nothing of it was checked."""
    known = ("person.filmed", "person.filmed_minor", "consent.on_record")
    return tuple(subject.facts.get(name) for name in known) == (True, False, False)


def _may_have_agreed(register: Register) -> bool:
    """Whether a consent of somebody who cannot be told any more is on record, who may be the one."""
    return any(one.kind == "consent" and one.whom.lost for one in register.agreements.values())


def _has_guardian(use: Use, register: Register) -> bool:
    return any(
        one.section is not None
        and one.section.capacity == "guardian"
        and not one.ended
        and use.person is not None
        and one.principal.person == use.person
        for one in register.representations.values()
    )


def _is_minor(asking: Asking) -> bool | None:
    """Whether they are under age today, or were when filmed, as far as anybody knows that day; None where nobody said how old they are."""
    use, register = asking.use, asking.register
    person = register.persons.get(use.person) if use.person is not None else None
    if person is None:
        return None
    sessions = [register.sessions[record] for record in use.about if record in register.sessions]
    days = [day_of(one.started) for one in sessions if one.started and one.whom.person == use.person]
    days += [asking.made_on] if asking.made_on else []
    if _died_before(person, register):
        return False
    if person.minor_until:
        return any(day <= person.minor_until for day in (asking.today, *days))
    began = str(register.profile.get("production.pp_start", ""))
    # "Of age when this production began" says nothing of what was filmed before.
    is_told = not days or (bool(began) and all(day >= began for day in days)) or not began
    return False if person.was_minor(asking.today) is False and is_told else None


def _died_before(person: PersonInfo, register: Register) -> bool:
    began = str(register.profile.get("production.pp_start", ""))
    grown = not (person.minor_until and person.died <= person.minor_until)
    return bool(person.died) and bool(began) and person.died < began and grown
