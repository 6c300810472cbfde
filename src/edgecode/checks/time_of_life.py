"""What a person's time of life does to what was signed for them: whose signature counts in childhood, in life and after death, and when a
grant ends by itself. What rests on a day that nobody said is not known.
"""

from typing import Literal

from edgecode.checks.desk_rows import PersonInfo, Representation
from edgecode.events.rights_kinds import AgreementTerms
from edgecode.terms.rights import Capacity

OF_THE_DEAD = frozenset({"executor", "heir", "rights_manager", "court_appointed"})
"""Capacities in which somebody grants for a person who has died."""
FOR_A_MINOR = frozenset({"guardian", "court_appointed"})
"""Capacities in which somebody grants for a minor."""


def capacity_of(representation: Representation | None) -> str:
    """In which capacity somebody signs; "" where nobody does, and where that is erased."""
    section = representation.section if representation is not None else None
    return section.capacity if section is not None else ""


def in_time_of_life(person: PersonInfo | None, capacity: Capacity | Literal[""], on: str) -> bool | None:
    """Whether a signature in this capacity ("": the person's own) is one that counts at that time of the person's life; None where nobody
    said what it depends on. Whether the representation itself is valid says `may_sign`.

    A minor signs nothing, a guardian or a court's choice does; nobody signs for the dead but those who represent them, or the union; heirs
    and executors sign for nobody who lives.
    """
    if person is None:
        return True
    is_dead, is_minor = person.was_dead(on), person.was_minor(on)
    if is_dead is None or person.fields.get("kind") == "estate":
        return capacity in OF_THE_DEAD if is_dead is not None else None
    if is_dead:
        return capacity in OF_THE_DEAD or capacity == "union"
    if capacity in ("executor", "heir"):
        return False if person.fields.get("status") or person.died else None
    if is_minor is None:
        return True
    return capacity in FOR_A_MINOR if is_minor else capacity != "guardian"


def counts_in_life(representation: Representation | None, person: PersonInfo | None, on: str) -> bool | None:
    """Whether it is one by which somebody signs for a person at that time of the person's life. Whoever represents an heir signs as one."""
    if representation is None or representation.section is None:
        return False
    is_own = person is None or representation.principal.person == person.id
    return in_time_of_life(person, representation.section.capacity if is_own else "heir", on)


def end_by_person(
    terms: AgreementTerms | None, person: PersonInfo | None, representation: Representation | None
) -> str:
    """The last day that follows from the person: what was granted for a minor ends with minority, what does not survive death with it. "":
    none, or none that somebody said (`end_is_open`)."""
    if terms is None or person is None:
        return ""
    ends = []
    capacity = capacity_of(representation)
    if capacity in FOR_A_MINOR and person.was_minor(terms.signed_on) and person.minor_until:
        ends.append(person.minor_until)
    died = person.died
    in_life = (terms.signed_on or died) <= died and capacity not in OF_THE_DEAD - {"court_appointed"}
    if died and terms.survives_death == "no" and in_life:
        ends.append(died)
    return min(ends, default="")


def end_is_open(terms: AgreementTerms | None, person: PersonInfo | None, representation: Representation | None) -> bool:
    """Whether a last day follows from the person that nobody said: the death of somebody who has died, the majority of somebody for whom
    a guardian or a court's choice signed. Nobody can tell then whether it is over."""
    if terms is None or person is None:
        return False
    is_dead = person.was_dead(terms.signed_on)
    if is_dead is None and terms.survives_death == "no":
        return True
    return capacity_of(representation) in FOR_A_MINOR and not is_dead and person.was_minor(terms.signed_on) is None
