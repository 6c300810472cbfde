"""A consent or a license as the desk holds it: its wordings, what happened to it, and what its keeper said."""

from typing import Literal

from msgspec import Struct

from edgecode.checks.desk_rows import Standing, Whom
from edgecode.events.rights_kinds import AgreementTerms
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Act, AgreementMove


class AgreementVersion(Struct, frozen=True):
    """One wording of an agreement. *agreement*: the id under which it was recorded. *terms* None: erased, so nothing is known of it.

    *by*: the member who answers for its being signed, "" for nobody.
    """

    event: RecordId
    agreement: RecordId
    log_index: int
    ts: int
    kept: Literal["here", "elsewhere"]
    terms: AgreementTerms | None
    covers: tuple[RecordId, ...] = ()
    documents: tuple[RecordId, ...] = ()
    by: RecordId = ""


class Move(Struct, frozen=True):
    """Something that happened to an agreement. *effective*: the day from which it counts. *condition* None: erased or none was named."""

    event: RecordId
    agreement: RecordId
    log_index: int
    ts: int
    move: AgreementMove
    effective: str
    why: str = ""
    acts: tuple[Act, ...] = ()
    condition: str | None = None
    documents: tuple[RecordId, ...] = ()
    by: RecordId = ""


class Agreement(Struct, frozen=True):
    """A consent or a license with all its versions, oldest first, and all that happened to it, in ledger order.

    *id*: that of its first version; an amendment recorded under an id of its own, or under the same, is another version of it.
    """

    id: RecordId
    kind: Literal["consent", "license"]
    whom: Whom
    versions: tuple[AgreementVersion, ...]
    moves: tuple[Move, ...] = ()
    standings: tuple[Standing, ...] = ()

    @property
    def latest(self) -> AgreementVersion:
        """The version recorded last, in force or not."""
        return self.versions[-1]

    @property
    def kept(self) -> Literal["here", "elsewhere"]:
        """Whether this log knows everything that happens to it: as its newest wording says that somebody signed."""
        signed = [one.kept for one in self.versions if one.terms is not None and one.terms.signed_on]
        return signed[-1] if signed else self.versions[0].kept

    @property
    def label(self) -> str:
        """What the production calls it, ``C-07``; its id where nobody named it or the name is erased."""
        named = [version.terms.label for version in self.versions if version.terms is not None and version.terms.label]
        return named[-1] if named else self.id

    @property
    def person(self) -> int | None:
        """Dense id of whose consent it is."""
        return self.whom.person
