"""What people name when they say what a record of the desk is about: a cut, a version, a person, an agreement, a use, any record."""

import re
from collections.abc import Sequence

from msgspec import Struct

from edgecode.answers.naming import version_meant
from edgecode.checks.register import Register
from edgecode.errors import EdgecodeError, InputError, NotFoundError
from edgecode.events.person_kinds import PersonSection
from edgecode.index.catalogue import version
from edgecode.index.cuts import cut_named
from edgecode.index.persons import PersonRow, person_called
from edgecode.index.rights import rights_about
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId, as_given, is_record_id

_ALIAS = re.compile(r"P-\d+")
_LABEL = re.compile(r"[CL]-\d+")
_USE_KEY = re.compile(r"[0-9a-f]{32}")


class About(Struct, frozen=True):
    """What a record is about: *records* of any kind, *uses* by key, one *person*. Nothing of it: the whole production.

    *cuts*, *versions*, *agreements* are those among *records* that are one.
    """

    records: tuple[RecordId, ...] = ()
    uses: tuple[str, ...] = ()
    person: PersonRow | None = None
    cuts: tuple[RecordId, ...] = ()
    versions: tuple[RecordId, ...] = ()

    @property
    def section(self) -> PersonSection | None:
        """The section that names the person."""
        return PersonSection(self.person.ref, self.person.alias) if self.person is not None else None


def about_meant(store: IndexStore, register: Register, written: Sequence[str]) -> About:
    """What *written* names, each an alias, a label, a record id, a use's key, a cut, or whatever names a version.

    Raises NotFoundError ``desk.unknown`` and ``person.unknown``, InputError ``desk.two_persons``, ``version.ambiguous``, ``cut.ambiguous``.
    """
    about = About()
    for one in dict.fromkeys(written):
        about = _joined(about, _meant(store, register, one.strip()))
    return about


def version_of_desk(store: IndexStore, written: str) -> RecordId:
    """The version that somebody means, a capture's by its bytes too. Raises NotFoundError ``version.unknown``, InputError
    ``version.ambiguous``."""
    return version_meant(store, written, reveal=True).key


def _meant(store: IndexStore, register: Register, written: str) -> About:
    if _ALIAS.fullmatch(written):
        return About(person=person_called(store, written))
    if _LABEL.fullmatch(written):
        return About((register.agreement_called(written).latest.agreement,))
    if _USE_KEY.fullmatch(written):
        return About(uses=(written,))
    if is_record_id(written):
        return _of_id(store, written)
    try:
        cut = cut_named(store, written).key
        return About((cut,), cuts=(cut,))
    except NotFoundError:
        pass
    try:
        found = version_of_desk(store, written)
    except NotFoundError as error:
        raise _unknown(written) from error
    return About((found,), versions=(found,))


def _of_id(store: IndexStore, identity: RecordId) -> About:
    if version(store, identity) is not None:
        return About((identity,), versions=(identity,))
    if rights_about(store, identity):
        return About((identity,))
    try:
        cut = cut_named(store, identity).key
    except EdgecodeError as error:
        raise _unknown(identity) from error
    return About((cut,), cuts=(cut,))


def _joined(left: About, right: About) -> About:
    if left.person is not None and right.person is not None and left.person != right.person:
        raise InputError("desk.two_persons", "a record of the desk is about one person", "Record one for each person")
    return About(
        (*left.records, *right.records),
        (*left.uses, *right.uses),
        left.person or right.person,
        (*left.cuts, *right.cuts),
        (*left.versions, *right.versions),
    )


def _unknown(written: str) -> NotFoundError:
    return NotFoundError(
        "desk.unknown",
        f"{as_given(written)} names nothing here",
        "Give a cut, a version, an alias (P-07), a label (C-07), a record id, or the key of a use",
    )
