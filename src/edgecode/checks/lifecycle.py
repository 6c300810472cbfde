"""Where an agreement stands on a day: its states and moves as data, what a move needs, and what a dispute lies over.

The state is computed from what is recorded and stored nowhere (consent.md 4). A move that the table does not know in a state is passed
over when the state is computed, and refused when somebody asks to record it, as is a move whose guard does not hold (4.2). A revocation
is refused never.
"""

import sys
from collections.abc import Mapping
from datetime import date, timedelta
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.desk_rows import Representation, Session
from edgecode.checks.register import Agreement, AgreementVersion, Move, Register
from edgecode.checks.time_of_life import OF_THE_DEAD as OF_THE_DEAD
from edgecode.checks.time_of_life import counts_in_life
from edgecode.checks.time_of_life import end_by_person as end_by_person
from edgecode.errors import RefusedError
from edgecode.events.rights_kinds import AgreementTerms
from edgecode.index.persons import day_of
from edgecode.terms.rights import ALL, Act, AgreementMove, AgreementState

TERMINAL: frozenset[AgreementState] = frozenset(
    {"revoked", "expired", "exhausted", "terminated", "refused", "superseded"}
)
"""States that only an amendment leads out of."""
LIVE: frozenset[AgreementState] = frozenset({"granted_conditional", "active", "suspended"})
"""States in which an agreement has been granted and not lost."""

ENDING: frozenset[AgreementMove] = frozenset({"suspended", "revoked", "exhausted", "terminated"})
"""Moves after which a granted agreement gives no more, or not for a while."""

_ENDS: frozenset[AgreementMove] = frozenset({"refused", "revoked", "exhausted", "terminated"})
_OPEN: tuple[AgreementState, ...] = ("draft", "requested", "notified", "negotiating")
_ANY: tuple[AgreementState, ...] = get_args(AgreementState)

TRANSITIONS: Mapping[AgreementMove, Mapping[AgreementState, AgreementState]] = {
    "requested": {"draft": "requested"},
    "notified": {"draft": "notified", "requested": "notified"},
    "negotiating": {"draft": "negotiating", "requested": "negotiating", "notified": "negotiating"},
    "granted": dict.fromkeys(_OPEN, "active"),
    "condition_met": {"granted_conditional": "active"},
    "suspended": {"granted_conditional": "suspended", "active": "suspended", "suspended": "suspended"},
    "resumed": {"suspended": "active"},
    "revoked": dict.fromkeys(_ANY, "revoked"),
    "exhausted": dict.fromkeys(sorted(LIVE), "exhausted"),
    "terminated": dict.fromkeys((*_OPEN, *sorted(LIVE)), "terminated"),
    "refused": dict.fromkeys(_OPEN, "refused"),
    "disputed": {},
    "dispute_ended": {},
}
"""To which state each move leads from each. ``active`` stands for ``granted_conditional`` while a condition is not met; expiry follows from
the last day and is no move; ``superseded`` is what an older version is once an amendment is in force (`state_of_version`)."""


NOTICE_HOURS = 48
"""How long before a session its notice is given, unless the person was engaged later (consent.md 8.1)."""
_HOUR_MILLISECONDS = 3_600_000


class Stand(Struct, frozen=True):
    """Where an agreement stands: *since* the day of the last change, "" for a draft; *version*: the wording in force, None before a grant.

    *unmet*: conditions of that wording that nobody has said are met. *holds*: why it was suspended, one word for each suspension that
    nobody ended ("": no reason is on record).
    """

    state: AgreementState
    since: str = ""
    version: AgreementVersion | None = None
    unmet: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()


class _Turn(Struct, frozen=True):
    """A move, or an amendment that comes into force, on a day."""

    day: str
    log_index: int
    move: Move | None = None
    version: AgreementVersion | None = None


def state_of(agreement: Agreement, on: str, *, last_day: str = "") -> AgreementState:
    """Where it stands on a day. *last_day*: a last day that follows from the person (`end_by_person`), "" for none."""
    return stand_of(agreement, on, last_day=last_day).state


def stand_of(agreement: Agreement, on: str, *, last_day: str = "") -> Stand:
    """Where it stands on a day and since when. What takes effect later plays no part."""
    course = _Course(agreement, last_day)
    for turn in _turns(agreement):
        if turn.day > on:
            break
        course.take(turn)
    return _lapsed(course.stand, on, last_day)


def state_of_version(agreement: Agreement, version: AgreementVersion, on: str) -> AgreementState:
    """Where one wording stands on a day: ``superseded`` once a later one is in force, ``draft`` while an earlier one is."""
    stand = stand_of(agreement, on)
    current = stand.version
    if current is None:
        return stand.state if version == agreement.latest else "draft"
    if version.log_index == current.log_index:
        return stand.state
    return "superseded" if version.log_index < current.log_index else "draft"


def disputed(agreement: Agreement, on: str) -> bool:
    """Whether a dispute lies over it on a day, whatever its state is: each is ended by itself."""
    return disputes(agreement, on) > 0


def disputes(agreement: Agreement, on: str) -> int:
    """How many disputes lie over it on a day."""
    count = 0
    for turn in _turns(agreement):
        if turn.move is not None and turn.day <= on:
            count = max(0, count + {"disputed": 1, "dispute_ended": -1}.get(turn.move.move, 0))
    return count


def revoked_acts(agreement: Agreement, on: str) -> frozenset[Act]:
    """Acts taken back one by one, the whole standing, on a day."""
    return frozenset(act for move in _revocations(agreement, on) for act in move.acts)


def loss_of(agreement: Agreement, on: str, *, act: Act | None = None, last_day: str = "") -> Stand | None:
    """How and since when it no longer gives what it gave; None while it stands, and before it was granted.

    *act*: that it was taken back for this act alone counts as well.
    """
    stand = stand_of(agreement, on, last_day=last_day)
    is_lost = stand.state in TERMINAL or stand.state == "suspended"
    partial = min(
        (_day(move) for move in _revocations(agreement, on) if act is not None and act in move.acts), default=""
    )
    if partial and not (is_lost and stand.since <= partial):
        return Stand("revoked", partial, stand.version)
    return stand if is_lost else None


class Withdrawal(Struct, frozen=True):
    """What was taken back of the agreement to the processing of somebody's data, from when, and where the last of it stands in the log."""

    on: str
    acts: frozenset[Act]
    log_index: int


def gdpr_withdrawal(agreement: Agreement, on: str) -> Withdrawal | None:
    """What was taken back under the GDPR by a day: whatever was revoked for that reason, and of an explicit consent (article 9(2)(a)) the
    whole or its biometric processing for whatever reason. None: nothing."""
    terms = [version.terms for version in agreement.versions if version.terms is not None]
    is_explicit = any(one.ground == "art9_explicit" for one in terms)
    meant = [
        move
        for move in _revocations(agreement, on)
        if move.why == "gdpr" or (is_explicit and (not move.acts or "biometric_process" in move.acts))
    ]
    if not meant:
        return None
    every = frozenset(act for one in terms for act in one.acts)
    acts = frozenset[Act]().union(*(move.acts or every for move in meant))
    return Withdrawal(max(_day(move) for move in meant), acts, max(move.log_index for move in meant))


def gdpr_withdrawn(agreement: Agreement, on: str) -> bool:
    """Whether it was taken back under the GDPR on a day."""
    return gdpr_withdrawal(agreement, on) is not None


def _revocations(agreement: Agreement, on: str) -> list[Move]:
    """What was taken back by a day. An amendment that came into force cures what was taken back before it, nothing else does."""
    since: list[Move] = []
    for turn in _turns(agreement):
        if turn.day > on:
            break
        if turn.version is not None:
            since = []
        elif turn.move is not None and turn.move.move == "revoked":
            since.append(turn.move)
    return since


def _turns(agreement: Agreement) -> list[_Turn]:
    """Moves and amendments in the order in which they take effect; of one day in ledger order."""
    turns = [_Turn(_day(move), move.log_index, move=move) for move in agreement.moves if move.move != "granted"]
    turns += _grants_of_first(agreement)
    for version in agreement.versions[1:]:
        begins = _grant_of(agreement, version)
        if begins:
            turns.append(_Turn(begins, version.log_index, version=version))
    return sorted(turns, key=lambda turn: (turn.day, turn.log_index))


def _grants_of_first(agreement: Agreement) -> list[_Turn]:
    """Grants, none before the first wording was signed, and none of what nobody signed."""
    terms = agreement.versions[0].terms
    signed = terms.signed_on if terms is not None else ""
    granted = [one for one in agreement.moves if one.move == "granted" and not _comes_too_late(agreement, one)]
    if terms is not None and not signed:
        return []
    return [_Turn(max(_day(one), signed), one.log_index, move=one) for one in granted]


def _comes_too_late(agreement: Agreement, move: Move) -> bool:
    """Whether a grant was written down behind the refusal of the same wording: whatever day it names, the refusal was an end."""
    return move.move == "granted" and any(one.move == "refused" for one in _ends_before(agreement, move.log_index))


def _ends_before(agreement: Agreement, log_index: int) -> list[Move]:
    """What ended the wording that was the newest one when an entry was written, as far as it was recorded by then."""
    begun = max((one.log_index for one in agreement.versions if one.log_index < log_index), default=-1)
    return [one for one in agreement.moves if one.move in _ENDS and not one.acts and begun < one.log_index < log_index]


def _grant_of(agreement: Agreement, version: AgreementVersion) -> str:
    """The day from which an amendment is in force: of its own grant, or else its signature; "" while nobody signed it."""
    grants = [
        _day(move)
        for move in agreement.moves
        if move.move == "granted" and move.log_index > version.log_index and _grants(agreement, move, version)
    ]
    signed = version.terms.signed_on if version.terms is not None else ""
    if version.terms is not None and not signed:
        return ""
    return max(min(grants, default=signed), signed)


def _grants(agreement: Agreement, move: Move, version: AgreementVersion) -> bool:
    """Whether a grant is of this wording: it names it, or it names an agreement that was granted before and comes next."""
    if move.agreement == version.agreement != agreement.id:
        return True
    before = [one for one in agreement.moves if one.move == "granted" and one.log_index < version.log_index]
    newer = [one for one in agreement.versions if version.log_index < one.log_index < move.log_index]
    named = version.agreement == agreement.id or bool(before)
    return move.agreement == agreement.id and named and not newer


def _day(move: Move) -> str:
    return move.effective or day_of(move.ts)


def _lapsed(stand: Stand, on: str, last_day: str) -> Stand:
    """The same, unless its last day is over."""
    if stand.state not in LIVE:
        return stand
    terms = stand.version.terms if stand.version is not None else None
    written = terms.scope.until if terms is not None and terms.scope.until != ALL else ""
    last = min((day for day in (written, last_day) if day), default="")
    return Stand("expired", day_after(last), stand.version) if last and last < on else stand


def day_after(day: str) -> str:
    """The day that follows one (``YYYY-MM-DD``)."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def day_before(day: str) -> str:
    """The day before one (``YYYY-MM-DD``)."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


class _Course:
    """One agreement's way through its turns. *holds*: suspensions that nobody ended, which outlast an end and new words."""

    def __init__(self, agreement: Agreement, last_day: str) -> None:
        self.stand = Stand("draft")
        self._agreement, self._last_day = agreement, last_day
        self._holds: list[str] = []
        self._taken: set[Act] = set()

    def take(self, turn: _Turn) -> None:
        """One turn more."""
        before = self.stand = _lapsed(self.stand, turn.day, self._last_day)
        if turn.version is not None:
            self._taken.clear()
            granted = self._granted(turn.version, turn.day)
            # What was suspended stays so: new words do not end a strike or a hold.
            since = before.since if before.state == "suspended" else turn.day
            self.stand = replace(granted, state="suspended", since=since) if self._holds else granted
        elif turn.move is not None:
            self.stand = self._moved(turn.move, turn.day)
        self.stand = replace(self.stand, holds=tuple(self._holds))

    def _moved(self, move: Move, day: str) -> Stand:
        stand = self._met(move)
        if move.move == "revoked" and move.acts and not self._leaves_nothing(move):
            return stand  # some acts only: `revoked_acts`
        following = TRANSITIONS[move.move].get(stand.state)
        if move.move == "resumed":
            self._end_hold(move.why)
            following = None if self._holds else following
        if following is None:
            return stand
        if move.move == "granted":
            return self._granted(self._agreement.versions[0], day)
        if move.move == "suspended":
            self._holds.append(move.why)
        if following == "active" and stand.unmet:
            following = "granted_conditional"
        return replace(stand, state=following, since=day if following != stand.state else stand.since)

    def _met(self, move: Move) -> Stand:
        """With a condition less, if the move is of the wording in force: what was met of older words is not met of new ones."""
        stand = self.stand
        if move.move != "condition_met" or stand.version is None or move.log_index < stand.version.log_index:
            return stand
        return replace(stand, unmet=tuple(one for one in stand.unmet if _plain(one) != _plain(move.condition or "")))

    def _leaves_nothing(self, move: Move) -> bool:
        self._taken.update(move.acts)
        terms = (self.stand.version or self._agreement.versions[0]).terms
        return terms is not None and bool(terms.acts) and self._taken >= set(terms.acts)

    def _end_hold(self, why: str) -> None:
        """End one suspension: the one that is named; without a name only where all were for one reason."""
        ended = why or (self._holds[0] if len(set(self._holds)) == 1 else None)
        if ended in self._holds:
            self._holds.remove(ended)

    def _granted(self, version: AgreementVersion, day: str) -> Stand:
        met = {
            _plain(move.condition or "")
            for move in self._agreement.moves
            if move.move == "condition_met" and move.log_index > version.log_index and _day(move) <= day
        }
        conditions = version.terms.terms.conditions if version.terms is not None else ()
        unmet = tuple(one for one in conditions if _plain(one) not in met)
        return Stand("granted_conditional" if unmet else "active", day, version, unmet)


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


# ---------------------------------------------------------------------------------------------------- guards


def refuse_move(
    register: Register, agreement: Agreement, move: AgreementMove, *, on: str, why: str = "", condition: str = ""
) -> None:
    """Refuse to record a move that the agreement cannot make on a day; say nothing of one that it can. Never refuses ``revoked``.

    *condition*: of ``condition_met``, in the agreement's words; "": the caller has looked. Refusals quote no terms. Raises RefusedError
    ``agreement.kept_elsewhere``, ``agreement.move``, ``agreement.reason``, ``agreement.no_condition``, ``agreement.unsigned``,
    ``agreement.representation``, ``agreement.vague``, ``agreement.form``, ``agreement.minor``, ``agreement.deceased``,
    ``agreement.notice``.
    """
    if move == "revoked":
        return
    if agreement.kept == "elsewhere":
        raise RefusedError(
            "agreement.kept_elsewhere",
            f"{agreement.label} is kept elsewhere, so its keeper says what happens to it",
            "Ask them and record what they answer: edgecode consent standing",
        )
    _refuse_state(agreement, move, on)
    if move == "resumed":
        _refuse_resume(agreement, on, why)
    if move == "suspended" and not why:
        raise RefusedError(
            "agreement.reason",
            f"{agreement.label} is suspended for a reason, and none is given",
            "Say which: strike, legal_hold, non_payment or dispute",
        )
    if move == "condition_met" and condition:
        _refuse_condition(agreement, condition, on)
    if move == "notified":
        _refuse_notice(register, agreement)
    if move == "granted":
        _refuse_grant(register, agreement, on)


def _refuse_state(agreement: Agreement, move: AgreementMove, on: str) -> None:
    stand = stand_of(agreement, on)
    ends = _ends_before(agreement, sys.maxsize) if move == "granted" else []
    if ends:
        raise RefusedError(
            "agreement.move",
            f"{agreement.label} was {ends[-1].move} from {_day(ends[-1])}, so no grant of any day follows",
            "Record an amendment that both sides sign, or a new agreement",
        )
    # New words are granted whatever became of those before: that is what an amendment is.
    newest = agreement.latest
    granted = any(one.move == "granted" and one.log_index > newest.log_index for one in agreement.moves)
    amends = move == "granted" and len(agreement.versions) > 1 and not granted
    overlay = {"disputed": True, "dispute_ended": disputed(agreement, on)}.get(move)
    possible = move in TRANSITIONS and stand.state in TRANSITIONS[move]
    if amends or overlay or (overlay is None and possible):
        return
    after = sorted(state for state in TRANSITIONS[move])
    expected = f"{move} follows on {', '.join(after)}" if after else f"{move} follows on its opposite"
    raise RefusedError(
        "agreement.move",
        f"{agreement.label} is {stand.state} on {on}; {expected}",
        "Record an amendment, or a new agreement",
    )


def _refuse_resume(agreement: Agreement, on: str, why: str) -> None:
    """Refuse to end a suspension that there is not, and one of several that nobody names."""
    holds = stand_of(agreement, on).holds
    if why in holds or (not why and len(set(holds)) == 1):
        return
    named = ", ".join(sorted({one or "no reason on record" for one in holds}))
    raise RefusedError(
        "agreement.reason",
        f"{agreement.label} is suspended on {on} for: {named}",
        "Say which of them is over: --why",
    )


def _refuse_condition(agreement: Agreement, condition: str, on: str) -> None:
    unmet = {" ".join(one.split()).casefold() for one in stand_of(agreement, on).unmet}
    if " ".join(condition.split()).casefold() not in unmet:
        raise RefusedError(
            "agreement.no_condition",
            f"{agreement.label} has no open condition in these words; {len(unmet)} are open",
            "Give it as the agreement does: edgecode consent show --reveal",
        )


def _refuse_notice(register: Register, agreement: Agreement) -> None:
    ids = {version.agreement for version in agreement.versions}
    for session in register.sessions.values():
        timed = session.consent in ids and bool(session.started and session.notice_given)
        if timed and not notice_in_time(session):
            raise RefusedError(
                "agreement.notice",
                f"notice for {agreement.label} was given less than {NOTICE_HOURS} hours before the session, and not at engagement",
                "Leave it as the session says it: the rule on notice decides, or plan the session anew",
            )


def notice_in_time(session: Session) -> bool:
    """Whether notice was given 48 hours before the session, or at an engagement inside these 48 hours; False where times are missing."""
    return given_48_hours_before(session) or given_at_late_engagement(session)


def given_48_hours_before(session: Session) -> bool:
    """Whether notice was given at least 48 hours before the session began."""
    known = bool(session.started and session.notice_given)
    return known and session.started - session.notice_given >= NOTICE_HOURS * _HOUR_MILLISECONDS


def given_at_late_engagement(session: Session) -> bool:
    """Whether the person was engaged less than 48 hours before and told by then."""
    known = bool(session.started and session.notice_given and session.engaged)
    late = known and session.started - session.engaged < NOTICE_HOURS * _HOUR_MILLISECONDS
    return late and session.notice_given <= session.engaged


def _refuse_grant(register: Register, agreement: Agreement, on: str) -> None:
    """Refuse a grant that nobody who may has signed, or that does not say what it is for."""
    terms = agreement.latest.terms
    if terms is None or not terms.signed_on or terms.signed_on > on:
        raise RefusedError(
            "agreement.unsigned",
            f"nothing shows that {agreement.label} was signed by {on}",
            "Record the day of the signature with the agreement: amend it, or record a new one",
        )
    if agreement.kind == "consent":
        _refuse_vague(agreement, terms)
        _refuse_signer(register, agreement, terms)


def _refuse_vague(agreement: Agreement, terms: AgreementTerms) -> None:
    if not terms.acts or not terms.description.strip():
        raise RefusedError(
            "agreement.vague",
            f"{agreement.label} does not say which acts it permits, or describe the use that was agreed to",
            "Amend it with its acts and the description that was signed",
        )
    if terms.form is None:
        raise RefusedError(
            "agreement.form",
            f"{agreement.label} does not say in which form it was given",
            "Amend it with its form: separate_writing, rider, clause_separately_signed …",
        )


def _refuse_signer(register: Register, agreement: Agreement, terms: AgreementTerms) -> None:
    signed = terms.signed_on
    person = register.persons.get(agreement.person) if agreement.person is not None else None
    if terms.representation:
        representation = register.representations.get(terms.representation)
        is_late = representation is not None and representation.ended_before(agreement.latest.log_index)
        counts = counts_in_life(representation, person, signed) is not False
        valid = representation is not None and may_sign(representation, agreement.person, acts=terms.acts, on=signed)
        if is_late or not valid or not counts:
            raise RefusedError(
                "agreement.representation",
                f"whoever signed {agreement.label} had no valid representation on {signed} for the acts that it names",
                "Record the representation with its first day and its acts: edgecode person represent",
            )
        return
    if person is not None and person.was_dead(signed):
        raise RefusedError(
            "agreement.deceased",
            f"{agreement.label} was signed on {signed}, after the person's death, by nobody who represents them",
            "Name the representation of the estate with the agreement",
        )
    if person is not None and person.was_minor(signed):
        raise RefusedError(
            "agreement.minor",
            f"{agreement.label} was signed by a minor; a guardian signs for them",
            "Name the guardian's representation with the agreement",
        )


def may_sign(representation: Representation, person: int | None, *, acts: tuple[Act, ...], on: str) -> bool:
    """Whether the agent may sign these acts for a person on a day.

    A representation that is erased or begins later signs for nobody; one that ended signed until its last day, or the day on which somebody
    wrote down that it had ended; where nobody said from when or for which acts it is, it is for none. What is written down only after the
    end is not believed (`Representation.ended_before`).
    """
    section = representation.section
    if section is None or person is None or representation.principal.person != person:
        return False
    last = section.until if section.until != ALL else ""
    if representation.ended and not (representation.ended_on and on <= representation.ended_on):
        return False
    in_time = bool(section.since) and section.since <= on and (not last or on <= last)
    return in_time and section.acts is not None and set(acts) <= set(section.acts)
