"""Versions whose making was taken back although it led to somebody whose consent is lost: taking a record back takes no loss back.

What is asked of them is waived by nobody. Legal's release that cites the clause of the consent which was lost is what settles it.
"""

from collections.abc import Iterable, Mapping

from edgecode.answers.cuts.view import CutView
from edgecode.answers.uses.derived import Derived
from edgecode.answers.uses.taken_back import TakenBack
from edgecode.checks.considered import Asking, consents_for
from edgecode.checks.register import Register
from edgecode.checks.releases import legal_release
from edgecode.checks.standing_consents import consent_is_lost
from edgecode.checks.uses import Use, use_key
from edgecode.terms.identity import RecordId


def versions_barred(view: CutView, derived: Derived, register: Register, *, today: str) -> frozenset[RecordId]:
    """Versions on screen whose making led to somebody with a lost consent, was taken back, and which legal has not released."""
    whose = _led_to_lost(derived.taken_back, register, today)
    return frozenset(one for one, persons in whose.items() if not _all_released(view, one, persons, register, today))


def released_versions(view: CutView, derived: Derived, register: Register, *, today: str) -> frozenset[RecordId]:
    """Those that legal has released."""
    whose = _led_to_lost(derived.taken_back, register, today)
    return frozenset(one for one, persons in whose.items() if _all_released(view, one, persons, register, today))


def _led_to_lost(taken: Iterable[TakenBack], register: Register, today: str) -> Mapping[RecordId, frozenset[int]]:
    found: dict[RecordId, frozenset[int]] = {}
    for one in taken:
        persons = one.persons | one.left_out | one.softened
        lost = frozenset(who for who in persons if consent_is_lost(register, who, today))
        if lost:
            found[one.version] = found.get(one.version, frozenset()) | lost
    return found


def _all_released(view: CutView, version: RecordId, persons: Iterable[int], register: Register, today: str) -> bool:
    return all(_is_released(view, version, who, register, today) for who in persons)


def _is_released(view: CutView, version: RecordId, person: int, register: Register, today: str) -> bool:
    """Whether legal let go what a version showed of somebody. Nobody knows any more in which frames that was, so none are compared."""
    use = Use(
        use_key("replica_use", version=version, subject=str(person)),
        "replica_use",
        cut=view.cut,
        version=version,
        about=frozenset({version}),
        person=person,
        person_state="recorded",
        facts={"use.same_picture": True},
    )
    asking = Asking(use, register, today, register.newest, None, same_picture=True)
    return legal_release(asking, next(iter(consents_for(asking)), None)) is not None
