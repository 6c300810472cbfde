"""Losses that are on record: which papers came too late to cure one, and until when an agreement lasts because of one to come.

What cures a loss is signed on or after the day on which it takes effect, and enters the log after it, with a paper that shows it and a
member who answers for it. Whether an older paper gives again what was taken back, whenever it was entered, nobody can tell from the log, so
counsel decides.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.deciding import MAY_DECIDE
from edgecode.checks.lifecycle import day_before, loss_of, revoked_acts, stand_of
from edgecode.checks.register import Agreement, AgreementVersion, Register
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
_SAID: tuple[Literal["revoked", "suspended", "exhausted", "disputed", "gdpr_withdrawn"], ...] = (
    "revoked",
    "suspended",
    "exhausted",
    "disputed",
    "gdpr_withdrawn",
)


class _Revocation(Struct, frozen=True):
    """*on*: the day from which it counts. *log_index*: where it stands in the log. *acts*: what was taken back."""

    on: str
    log_index: int
    acts: frozenset[Act]


def entered_late(register: Register, agreement: Agreement, version: AgreementVersion, *, now: int, today: str) -> bool:
    """Whether a wording of a consent was signed before something that it permits was taken back, and entered the log after that; or is an
    amendment of what was taken back itself, and nothing shows that it was signed (`is_evidenced`).

    *now*: milliseconds since 1970, *today* its day. Of the consent that was taken back itself only an amendment that ended this counts.
    """
    terms = version.terms
    if agreement.kind != "consent" or agreement.person is None or terms is None or not terms.signed_on:
        return False
    acts = frozenset(terms.acts)
    for other in register.agreements_of(agreement.person):
        if other.id == agreement.id and (
            stand_of(agreement, today).state == "revoked" or acts & revoked_acts(agreement, today)
        ):
            continue
        for one in _revocations(other, now=now):
            is_after = one.log_index < version.log_index and bool(one.acts & acts)
            is_cure = other.id != agreement.id or is_evidenced(register, agreement, version)
            if is_after and (terms.signed_on < one.on or not is_cure):
                return True
    return False


def is_given_anew(register: Register, agreement: Agreement, version: AgreementVersion, loss: "Loss") -> bool:
    """Whether a wording was signed once a loss of another agreement counted, and entered the log after it with evidence of that."""
    signed = version.terms.signed_on if version.terms is not None else ""
    is_new = version.log_index > loss.log_index and signed >= loss.on
    return is_new and is_evidenced(register, agreement, version)


def is_evidenced(register: Register, agreement: Agreement, version: AgreementVersion) -> bool:
    """Whether a paper that the desk keeps shows that a wording was signed, and a member answers for it who decided for the production then.

    Both may come with the wording or with its grant.
    """
    grants = [one for one in agreement.moves if one.move == "granted" and one.agreement == version.agreement]
    papers = {one for move in grants for one in move.documents} | set(version.documents)
    named = [(version.by, version.log_index), *((move.by, move.log_index) for move in grants)]
    members = [register.member_at(by, log_index) for by, log_index in named if by]
    is_named = any(member is not None and not set(member.roles).isdisjoint(MAY_DECIDE) for member in members)
    return is_named and any(one in register.documents and register.documents[one].sha256 for one in papers)


def _revocations(agreement: Agreement, *, now: int) -> Iterator[_Revocation]:
    """Everything that was taken back of a consent, whatever became of it; of one kept elsewhere as its keeper said last."""
    written = [one for one in agreement.versions if one.terms is not None]
    for move in agreement.moves:
        if move.move in ("revoked", "terminated"):
            before = [one.terms for one in written if one.log_index < move.log_index and one.terms is not None]
            every = frozenset(act for terms in before for act in terms.acts)
            yield _Revocation(move.effective or day_of(move.ts), move.log_index, frozenset(move.acts) or every)
    said = [one for one in agreement.standings if one.as_of <= now]
    newest = max(said, key=lambda one: (one.as_of, one.log_index), default=None)
    if newest is not None and newest.values.get("consent.revoked"):
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
