"""Losses that are on record: which papers came too late to cure one, and until when an agreement lasts because of one to come.

What cures a loss is signed on or after the day on which it takes effect, and enters the log after it, with a paper that shows it and a
member who answers for it. Whether an older paper gives again what was taken back, whenever it was entered, nobody can tell from the log, so
counsel decides.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.lifecycle import day_before, loss_of, revoked_acts, stand_of
from edgecode.checks.register import Agreement, AgreementVersion, Register
from edgecode.checks.shown_by_paper import is_named, is_shown
from edgecode.index.persons import day_of
from edgecode.terms.rights import ALL, Act

LossKind: TypeAlias = Literal["revoked", "suspended", "exhausted", "disputed"]
_KINDS: Mapping[str, LossKind] = {
    "revoked": "revoked",
    "terminated": "revoked",
    "suspended": "suspended",
    "exhausted": "exhausted",
    "disputed": "disputed",
}
LOSING = frozenset(_KINDS)
"""Moves that end, suspend or dispute an agreement."""
_SAID: tuple[Literal["revoked", "suspended", "exhausted", "disputed", "gdpr_withdrawn"], ...] = (
    "revoked",
    "suspended",
    "exhausted",
    "disputed",
    "gdpr_withdrawn",
)
SAID_LOST = frozenset(_SAID)
"""The same as whoever keeps an agreement says it."""


class _Revocation(Struct, frozen=True):
    """*on*: the day from which it counts. *log_index*: where it stands in the log. *acts*: what was taken back."""

    on: str
    log_index: int
    acts: frozenset[Act]


def entered_late(register: Register, agreement: Agreement, version: AgreementVersion, *, now: int, today: str) -> bool:
    """Whether a wording was signed before something that it permits was taken back or used up, and entered the log after that; or is an
    amendment of what was lost itself, and nothing shows that it was signed (`is_evidenced`), or of what had expired by then, and is said to
    be signed before.

    *now*: milliseconds since 1970, *today* its day. Of the agreement that was lost itself only an amendment that ended this counts.
    """
    terms = version.terms
    if terms is None or not terms.signed_on or (agreement.kind == "consent" and agreement.person is None):
        return False
    if _follows_the_end(agreement, version, terms.signed_on):
        return True
    acts = frozenset(terms.acts)
    for other in _for_the_same(register, agreement):
        if other.id == agreement.id and (
            stand_of(agreement, today).state in ("revoked", "exhausted") or acts & revoked_acts(agreement, today)
        ):
            continue
        for one in _revocations(other, now=now):
            is_after = one.log_index < version.log_index and (agreement.kind == "license" or bool(one.acts & acts))
            is_cure = other.id != agreement.id or is_evidenced(register, agreement, version, after=one.log_index)
            if is_after and (terms.signed_on < one.on or not is_cure):
                return True
    return False


def _for_the_same(register: Register, agreement: Agreement) -> list[Agreement]:
    """The consents of the same person, or the licenses of one of the same materials."""
    if agreement.kind == "consent":
        return list(register.agreements_of(agreement.person)) if agreement.person is not None else []
    materials = dict.fromkeys(one for version in agreement.versions for one in version.covers)
    found = {one.id: one for material in materials for one in register.licenses_of(material)}
    return list(found.values()) or [agreement]


def _follows_the_end(agreement: Agreement, version: AgreementVersion, signed_on: str) -> bool:
    """Whether words were entered once the ones before had run out, and claim to be signed before they had. Words that do so themselves put
    the end off for none that follow."""
    until = ""
    for one in agreement.versions:
        if one.log_index < version.log_index and one.terms is not None and one.terms.signed_on:
            until = until if _claims_too_early(one, one.terms.signed_on, until) else one.terms.scope.until
    return _claims_too_early(version, signed_on, until)


def _claims_too_early(version: AgreementVersion, signed_on: str, until: str) -> bool:
    return until not in ("", ALL) and signed_on <= until < day_of(version.ts)


def is_given_anew(register: Register, agreement: Agreement, version: AgreementVersion, loss: "Loss") -> bool:
    """Whether a wording was signed once a loss of another agreement counted, and entered the log after it with evidence of that."""
    signed = version.terms.signed_on if version.terms is not None else ""
    is_new = version.log_index > loss.log_index and signed >= loss.on
    return is_new and is_evidenced(register, agreement, version, after=loss.log_index)


def raised_unshown(
    register: Register, agreement: Agreement, version: AgreementVersion, totals: Mapping[str, int | Fraction]
) -> bool:
    """Whether a wording lets something be counted that a wording before it had used up, and nothing shows that it was signed.

    A maximum that is used up is an end like another one (consent.md 4.1), and the log does not say since when it is: so whatever goes
    beyond it rests on the new words alone, whenever they came.
    """
    before = [one for one in agreement.versions if one.log_index < version.log_index and one.terms is not None]
    over = [one for one in before if one.terms is not None and _is_over(one.terms.scope.maxima, totals)]
    is_over = version.terms is None or _is_over(version.terms.scope.maxima, totals)
    return bool(over) and not is_over and not is_evidenced(register, agreement, version, after=over[-1].log_index)


def _is_over(maxima: Mapping[str, int], totals: Mapping[str, int | Fraction]) -> bool:
    return any(totals.get(name, 0) > most for name, most in maxima.items())


def is_evidenced(register: Register, agreement: Agreement, version: AgreementVersion, *, after: int) -> bool:
    """Whether a paper that the desk has kept since a place in the log shows that a wording was signed, and a member answers for it who
    decided for the production then.

    Both may come with the wording or with its grant.
    """
    grants = [one for one in agreement.moves if one.move == "granted" and one.agreement == version.agreement]
    papers = {one for move in grants for one in move.documents} | set(version.documents)
    named = [(version.by, version.log_index), *((move.by, move.log_index) for move in grants)]
    return any(is_named(register, by, log_index) for by, log_index in named) and is_shown(register, papers, after=after)


def _revocations(agreement: Agreement, *, now: int) -> Iterator[_Revocation]:
    """Everything that was taken back or used up of an agreement, whatever became of it; of one kept elsewhere as its keeper said last."""
    written = [one for one in agreement.versions if one.terms is not None]
    for move in agreement.moves:
        if move.move in ("revoked", "terminated", "exhausted"):
            before = [one.terms for one in written if one.log_index < move.log_index and one.terms is not None]
            every = frozenset(act for terms in before for act in terms.acts)
            yield _Revocation(move.effective or day_of(move.ts), move.log_index, frozenset(move.acts) or every)
    said = [one for one in agreement.standings if one.as_of <= now]
    newest = max(said, key=lambda one: (one.as_of, one.log_index), default=None)
    root = agreement.kind
    if newest is not None and (newest.values.get(f"{root}.revoked") or newest.values.get(f"{root}.exhausted")):
        every = frozenset(act for one in written if one.terms is not None for act in one.terms.acts)
        yield _Revocation(day_of(newest.as_of), newest.log_index, every)


class Loss(Struct, frozen=True):
    """Something on record that ended an agreement, suspended it, or disputes it. *on*: the day from which that counts. *log_index*: where
    it stands in the log; of what a keeper says again and again, where they said it first."""

    kind: LossKind
    on: str
    log_index: int
    acts: frozenset[Act] = frozenset()


def losses_recorded(agreement: Agreement, *, now: int, today: str) -> list[Loss]:
    """Everything of that kind that took effect by a day, whatever became of it, in ledger order. An end that follows from the last day is
    no entry, and not here."""
    found = [
        Loss(_KINDS[move.move], move.effective or day_of(move.ts), move.log_index, frozenset(move.acts))
        for move in agreement.moves
        if move.move in _KINDS and (move.effective or day_of(move.ts)) <= today
    ]
    for kind in _SAID:
        first: Loss | None = None
        for one in sorted(agreement.standings, key=lambda row: (row.as_of, row.log_index)):
            said = one.values.get(f"{agreement.kind}.{kind}") if one.as_of <= now else None
            if said:
                first = first or Loss("revoked" if kind == "gdpr_withdrawn" else kind, day_of(one.as_of), one.log_index)
            elif said is False:
                first = None
        found += [first] if first is not None else []
    return sorted(found, key=lambda one: one.log_index)


def last_day_of(agreement: Agreement, version: AgreementVersion, *, acts: Iterable[Act], today: str) -> str:
    """The last day on which a wording gives these acts: of its window, or the day before a loss already on record takes effect.

    ALL: it has no end. "": nobody said, and nothing on record ends it.
    """
    written = version.terms.scope.until if version.terms is not None else ""
    known = tuple(move for move in agreement.moves if day_of(move.ts) <= today)
    ahead = max((move.effective for move in known if move.effective), default="")
    if ahead <= today:
        return written
    recorded = replace(agreement, moves=known)
    losses = [loss_of(recorded, ahead, act=act) for act in (None, *sorted(acts))]
    days = [one.since for one in losses if one is not None and one.state != "expired" and one.since > today]
    if not days:
        return written
    last = day_before(min(days))
    return last if written in ("", ALL) else min(written, last)
