"""Losses that are on record: which papers came too late to cure one, and until when an agreement lasts because of one to come.

What cures a revocation is signed on or after the day on which it takes effect, or stood in the log before it was recorded there. Whether
an older paper that entered the log later gives again what was taken back nobody can tell from the log, so counsel decides.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.lifecycle import day_before, loss_of, revoked_acts, stand_of
from edgecode.checks.register import Agreement, AgreementVersion, Register
from edgecode.index.persons import day_of
from edgecode.terms.rights import ALL, Act


class _Revocation(Struct, frozen=True):
    """*on*: the day from which it counts. *log_index*: where it stands in the log. *acts*: what was taken back."""

    on: str
    log_index: int
    acts: frozenset[Act]


def entered_late(register: Register, agreement: Agreement, version: AgreementVersion, *, now: int, today: str) -> bool:
    """Whether a wording of a consent was signed before something that it permits was taken back, and entered the log after that.

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
            if one.log_index < version.log_index and terms.signed_on < one.on and one.acts & acts:
                return True
    return False


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
