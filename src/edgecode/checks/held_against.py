"""A use at the moment at which it is judged, and one wording of an agreement held against it: values of `checks.considered`."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from edgecode.checks.lifecycle import revoked_acts
from edgecode.checks.register import Agreement, AgreementVersion, Register, Representation, Standing
from edgecode.checks.scopes import ScopeMatch
from edgecode.checks.time_of_life import OF_THE_DEAD
from edgecode.checks.uses import Use, UseKind
from edgecode.events.rights_kinds import AgreementTerms
from edgecode.index.persons import day_of
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Act, AgreementState, Gate

HOUR_MILLISECONDS = 3_600_000
FRESH_HOURS: Mapping[Gate | None, int] = {None: 24, "ingest": 24, "publish": 24, "deliver": 1}
"""How old an answer on an agreement that is kept elsewhere may be (consent.md 4.3)."""

ACTS: Mapping[UseKind, tuple[Act, ...]] = {
    "replica_create": ("create",),
    "replica_use": ("use_this_work", "use_other_work"),
    "performance": ("use_this_work", "use_other_work"),
    "alteration": ("alter",),
    "archival_alteration": ("alter",),
    "dub": ("dub",),
    "train": ("train", "fine_tune"),
    "transfer": ("transfer",),
    "advert": ("promote",),
}
"""What a use of each kind asks a person for: one of the acts. ``use_this_work`` and ``use_other_work`` are told apart by the picture for
which it was made. Kinds that are not here ask nobody."""

GivenBy = Literal["person", "guardian", "estate", "union", "licensor", "other"]
GIVEN_BY: Mapping[str, GivenBy] = {"guardian": "guardian", "union": "union", **dict.fromkeys(OF_THE_DEAD, "estate")}
"""Who gave a consent, by the capacity of whoever signed."""


class Asking(Struct, frozen=True):
    """A use and the moment at which it is judged. *same_picture*: None where nobody knows. *content*: classification facts that somebody
    determined. *totals*: by agreement, the sums over all uses that rest on it (`totals_of`); without them maxima are unknown."""

    use: Use
    register: Register
    today: str
    now: int
    gate: Gate | None = None
    same_picture: bool | None = None
    content: Mapping[str, bool] = {}
    totals: Mapping[RecordId, Mapping[str, int | Fraction]] | None = None

    @property
    def made_on(self) -> str:
        """The day on which its newest material was made; "" when nobody knows."""
        return day_of(self.use.made) if self.use.made else ""

    @property
    def exists(self) -> bool:
        """Whether there is material of it already."""
        return bool(self.use.version or self.use.made)

    def is_fresh(self, standing: Standing) -> bool:
        """Whether an answer is new enough for the gate."""
        return 0 <= self.now - standing.as_of <= FRESH_HOURS[self.gate] * HOUR_MILLISECONDS


class Considered(Struct, frozen=True):
    """One wording of an agreement, held against a use.

    *granted*: it was given and stood on the day that matters: today, or when the material was made; None where only whoever keeps it
    knows, and has not said it lately. *acts_ok*: None where nobody can say.
    *lost_on*: the day from which it gives no more what the use asks for, "" while it does, and where only its keeper knows. *stood_then*:
    its keeper has said, after the material was made, that nothing had ended it.
    *status*: facts of standing without their root (``revoked``, ``expired`` …), absent where nobody knows. *stated*: what whoever keeps it
    said, by the catalogue's name. *ends*: its last day for what the use asks for, ALL without an end, "" where nobody said. *late*: it was
    signed before a revocation that it would cure and entered the log after it, so that nobody knows whether it stands. *doubted*: other
    agreements for the same that were lost, and of which nobody knows whether this one gives it again; *doubted_since*: the first day of it.
    *unsigned*: whoever signed it could not, on that day and at that time of the person's life.
    """

    agreement: Agreement
    version: AgreementVersion
    state: AgreementState | None
    granted: bool | None
    acts_ok: bool | None
    match: ScopeMatch
    moment: str
    status: Mapping[str, bool] = {}
    stated: Mapping[str, bool] = {}
    given_by: GivenBy | None = None
    representation: Representation | None = None
    lost_on: str = ""
    stood_then: bool = False
    ends: str = ""
    late: bool = False
    doubted: tuple[RecordId, ...] = ()
    doubted_since: str = ""
    unsigned: bool = False

    @property
    def terms(self) -> AgreementTerms:
        """Its terms; where they are erased, terms that say nothing."""
        return self.version.terms or AgreementTerms(self.version.agreement)

    @property
    def covers(self) -> bool | None:
        """Whether it gives what the use asks for; None where that cannot be told."""
        scope = {"inside": True, "outside": False}.get(self.match.answer)
        return together(self.granted, self.acts_ok, scope)

    @property
    def acts(self) -> frozenset[Act]:
        """What it permits on the day that matters, if it was granted."""
        if self.granted is False:
            return frozenset()
        return frozenset(self.terms.acts) - revoked_acts(self.agreement, self.moment)

    @property
    def ids(self) -> frozenset[RecordId]:
        """Every id that a record may name it by."""
        return frozenset({self.agreement.id, *(version.agreement for version in self.agreement.versions)})


def acts_asked(kind: UseKind, *, same_picture: bool | None) -> tuple[frozenset[Act], ...]:
    """Sets of acts, each of which has to share one with what a consent permits; () where nobody is asked."""
    acts = ACTS.get(kind, ())
    if acts != ("use_this_work", "use_other_work"):
        return (frozenset(acts),) if acts else ()
    if same_picture is None:
        return frozenset({acts[0]}), frozenset({acts[1]})
    return (frozenset({acts[0] if same_picture else acts[1]}),)


def acts_of(asking: Asking) -> set[Act]:
    """Every act for which a use may ask."""
    return {act for acts in acts_asked(asking.use.kind, same_picture=asking.same_picture) for act in acts}


def together(*values: bool | None) -> bool | None:
    """All of them: False when one is, None when one is not known."""
    return False if False in values else None if None in values else True
