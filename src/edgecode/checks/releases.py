"""Releases of finished material by legal after a consent was lost: which counts, held against where it and every loss stand in the log.

A release counts for what was recorded before it. A loss or a dispute that enters the log later reopens what was released, and so does a cut
that shows other frames, or more, than the cuts in force showed when somebody decided. So does a decision on the case of a cut that had been
released before the loss: it is the same word of counsel, on what is out already.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.about_use import in_date, is_about, records_of
from edgecode.checks.considered import Asking, Considered, consents_for, same_picture_of
from edgecode.checks.duties import counts_for
from edgecode.checks.lifecycle import loss_of
from edgecode.checks.losses import LOSING, SAID_LOST, losses_recorded
from edgecode.checks.register import Agreement, Determination, Member, PaperRow, Register, Whom
from edgecode.checks.uses import Use
from edgecode.events.desk_kinds import ShownFrames
from edgecode.index.persons import day_of
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Gate

WORD = "legal_release_after_revocation"
CASE = "post_release_case"
"""The question whether what was released before a loss may stay as it is. Only a yes settles it."""


class Release(Struct, frozen=True):
    """Somebody let finished material go, or (*word*) decided that what is out already stays. *cited*: agreements whose clause it cites.
    *on*: when. *shown*: by key of a use the frames that the cuts in force showed of it then. *counts*: for the use that is asked about,
    it is not their own matter."""

    id: RecordId
    cited: frozenset[RecordId]
    about: tuple[RecordId, ...]
    uses: tuple[str, ...]
    whom: Whom
    on: str
    until: str
    by: RecordId
    log_index: int
    is_given: bool
    shown: Mapping[str, tuple[tuple[int, int], ...]]
    counts: bool = True
    word: str = WORD


class Released(Struct, frozen=True):
    """A use that is shown because of a release. *clause*: the label of the agreement whose clause it cites; *by*: an alias. *word*: `WORD`
    or `CASE`. *named*: the day on which whoever decided it got the role legal, where that was after the loss; "" where it was before."""

    use: Use
    release: RecordId
    by: str
    clause: str
    on: str
    word: str = WORD
    named: str = ""


def legal_release(asking: Asking, relied: Considered | None) -> Release | None:
    """The release by a member with the role legal that counts for a use, after every loss on record, citing the lost agreement's clause.

    It is a determination ``legal_release_after_revocation`` answered yes with the agreement as its *clause*, or an approval of that name
    about the agreement; and it is about this use or its cut, never about the whole production. The newest counts, so that counsel may take
    it back by answering no; none by somebody whose own matter it is.
    """
    return _newest(asking, relied, WORD)


def case_decided(asking: Asking, relied: Considered | None) -> Release | None:
    """The decision of counsel that counts for a use that was released before its consent was lost: that what is out already may stay.

    It is a determination ``post_release_case`` answered yes, and is held against losses, frames and people as `legal_release` is.
    """
    return _newest(asking, relied, CASE)


def _newest(asking: Asking, relied: Considered | None, word: str) -> Release | None:
    if relied is None:
        return None
    lost = _lost(asking, relied)
    said = [one for one in _releases(asking) if one.word == word]
    meant = sorted((one for one in said if _is_meant(asking, lost, one)), key=lambda one: one.log_index)
    if not meant or not meant[-1].is_given:
        return None
    newest = meant[-1]
    return newest if _is_after(asking, lost, newest) and _is_as_shown(asking.use, newest) else None


def has_releases(register: Register) -> bool:
    """Whether anybody has said anything about releasing what was lost."""
    return bool(_determined(register.determinations) or _approved(register.papers))


def released_in(
    uses: Iterable[Use], register: Register, *, today: str, now: int, gate: Gate | None = None
) -> list[Released]:
    """The uses whose consent was lost and which a release lets go, with that release: it is printed wherever their finding would be."""
    if not has_releases(register):
        return []
    found = []
    for use in uses:
        asking = Asking(use, register, today, now, gate, same_picture_of(use))
        consents = consents_for(asking)
        one = release_of(asking, consents[0] if consents else None)
        found += [one] if one is not None else []
    return found


def release_of(asking: Asking, relied: Considered | None) -> Released | None:
    """The release that counts for a use, as it is printed, or else the decision on the case of a cut that is released; None without one."""
    register, cut = asking.register, asking.use.cut
    one = legal_release(asking, relied)
    if one is None and cut and "released" in register.states_of_cut(cut, on=asking.today):
        one = case_decided(asking, relied)
    if one is None or relied is None:
        return None
    member = register.members.get(one.by)
    lost = _lost(asking, relied)
    labels = ", ".join(held.label for held in lost if one.cited & _ids(held))
    alias = member.alias if member is not None else ""
    return Released(asking.use, one.id, alias, labels, one.on, one.word, named_after(register, lost, one))


def named_after(register: Register, lost: Iterable[Agreement], release: Release) -> str:
    """The day on which whoever decided got the role legal, where that stands in the log behind the first loss of what they decided on;
    "" where they had it before."""
    rows = [one for one in register.memberships if one.id == release.by and one.log_index <= release.log_index]
    begun: Member | None = None
    for one in rows:
        begun = (begun or one) if "legal" in one.roles and not one.retired else None
    losses = [index for agreement in lost for index in _losses(agreement)]
    is_later = begun is not None and any(index < begun.log_index for index in losses)
    return day_of(begun.ts) if begun is not None and is_later else ""


def _losses(agreement: Agreement) -> Iterator[int]:
    """Where the log says that an agreement was lost, suspended or disputed, whatever became of it."""
    yield from (move.log_index for move in agreement.moves if move.move in LOSING)
    for one in agreement.standings:
        if any(holds and name.rpartition(".")[2] in SAID_LOST for name, holds in one.values.items()):
            yield one.log_index


def legal_word(register: Register, agreement: Agreement) -> list[Release]:
    """What members with the role legal said of releases and of cases that cite an agreement's clause, in ledger order, yes and no."""
    said = [*_determined(register.determinations), *_approved(register.papers)]
    known = [(one, register.member_at(one.by, one.log_index)) for one in said if one.cited & _ids(agreement)]
    found = [one for one, member in known if member is not None and "legal" in member.roles]
    return sorted(found, key=lambda one: one.log_index)


def _lost(asking: Asking, relied: Considered) -> list[Agreement]:
    """The agreement that a use rests on, and those beside it whose loss it does not cure."""
    beside = [asking.register.agreements[one] for one in relied.doubted if one in asking.register.agreements]
    return [relied.agreement, *beside]


def _ids(agreement: Agreement) -> frozenset[RecordId]:
    return frozenset({agreement.id, *(version.agreement for version in agreement.versions)})


def _is_meant(asking: Asking, lost: Sequence[Agreement], release: Release) -> bool:
    ids = frozenset().union(*(_ids(one) for one in lost))
    named = tuple(record for record in release.about if record not in ids)
    is_of_use = bool(named or release.uses) and is_about(asking.use, named, release.uses, release.whom)
    member = asking.register.member_at(release.by, release.log_index)
    is_legal = member is not None and "legal" in member.roles
    may = release.counts or not release.is_given
    return (
        bool(release.cited & ids)
        and is_of_use
        and is_legal
        and in_date(release.on, release.until, asking.today)
        and may
    )


def _is_after(asking: Asking, lost: Sequence[Agreement], release: Release) -> bool:
    """Whether a release stands in the log behind everything that it is for, and is of the day of it or later."""
    for agreement in lost:
        recorded = losses_recorded(agreement, now=asking.now, today=asking.today)
        acts = {act for one in agreement.versions if one.terms is not None for act in one.terms.acts}
        ends = [loss_of(agreement, asking.today, act=act) for act in (None, *sorted(acts))]
        days = [one.on for one in recorded] + [one.since for one in ends if one is not None]
        if any(one.log_index > release.log_index for one in recorded) or max(days, default="") > release.on:
            return False
    return True


def _is_as_shown(use: Use, release: Release) -> bool:
    """Whether a use shows no frame that was not shown when it was released. What lies in no cut shows none."""
    known = release.shown.get(use.key, ())
    return all(any(_within(one, other) for other in known) for one in use.shown)


def _within(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether one stretch lies in another; of frames that nobody knows, ``(-1, frames)``, there are no more than there were."""
    if -1 in (one[0], other[0]):
        return one[0] == other[0] and one[1] <= other[1]
    return other[0] <= one[0] and one[1] <= other[1]


def _releases(asking: Asking) -> Iterator[Release]:
    names = {*records_of(asking.use), asking.use.key}
    for one in asking.register.determinations_naming(names):
        for release in _determined([one]):
            yield replace(release, counts=counts_for(asking.use, asking.register, one))
    for paper in asking.register.papers_naming(names):
        for release in _approved([paper]):
            yield replace(release, counts=counts_for(asking.use, asking.register, paper))


def _determined(rows: Iterable[Determination]) -> list[Release]:
    return [
        Release(
            *(one.id, frozenset({one.clause} - {""}), one.about, one.uses, one.whom, one.at or day_of(one.ts)),
            until=one.until,
            by=one.by,
            log_index=one.log_index,
            is_given=one.answer.strip().casefold() == "yes",
            shown=_by_use(one.shown),
            word=one.question.rpartition(".")[2],
        )
        for one in rows
        if one.question.rpartition(".")[2] in (WORD, CASE)
    ]


def _approved(rows: Iterable[PaperRow]) -> list[Release]:
    return [
        Release(
            *(one.id, frozenset(one.about), one.about, one.uses, one.whom, one.at or day_of(one.ts)),
            until=one.until,
            by=one.by,
            log_index=one.log_index,
            is_given=one.is_given,
            shown=_by_use(one.shown),
        )
        for one in rows
        if one.family == "approval" and one.kind == WORD
    ]


def _by_use(shown: Iterable[ShownFrames]) -> dict[str, tuple[tuple[int, int], ...]]:
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for one in shown:
        found[one.use] = (*found.get(one.use, ()), (one.first, one.end))
    return {use: united(frames) for use, frames in found.items()}


def united(frames: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Stretches of frames joined where they touch; of those that nobody knows the longest."""
    joined: list[tuple[int, int]] = []
    for first, end in sorted(set(frames)):
        last = joined[-1] if joined else None
        if last is not None and (first == -1 == last[0] or (last[0] != -1 and first <= last[1])):
            joined[-1] = (last[0], max(last[1], end))
        else:
            joined.append((first, end))
    return tuple(joined)
