"""Agreements that a use might rest on: how each stands for it, whether its acts and scope cover it, and which comes nearest.

Nothing is decided here that a rule decides; what cannot be told is None, and then unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from edgecode.checks.doubts import beside_losses
from edgecode.checks.held_against import ACTS as ACTS
from edgecode.checks.held_against import GIVEN_BY, GivenBy, acts_of
from edgecode.checks.held_against import Asking as Asking
from edgecode.checks.held_against import Considered as Considered
from edgecode.checks.held_against import acts_asked as acts_asked
from edgecode.checks.held_against import together as together
from edgecode.checks.lifecycle import (
    LIVE,
    disputed,
    gdpr_withdrawn,
    loss_of,
    revoked_acts,
    stand_of,
)
from edgecode.checks.losses import entered_late, last_day_of, raised_unshown
from edgecode.checks.needs import day_of_use, in_words_of, is_for_showing, license_needs, needs_of, shown_by, sums
from edgecode.checks.register import Agreement, AgreementVersion, PersonInfo, Register, Representation
from edgecode.checks.rules.catalogue import SCOPE_WORDS
from edgecode.checks.rules.subjects import Candidate
from edgecode.checks.scopes import DIMENSIONS, ScopeMatch, match_scope
from edgecode.checks.shown_by_paper import ended_unshown
from edgecode.checks.signatures import is_signed, missing_signatures
from edgecode.checks.time_of_life import counts_in_life, end_by_person, end_is_open, in_time_of_life
from edgecode.checks.uses import Use
from edgecode.checks.when_made import words_are_shown
from edgecode.events.rights_kinds import AgreementTerms
from edgecode.index.persons import day_of
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import ALL, Act, AgreementState, FactValue, Gate, Scope


def consents_for(asking: Asking) -> list[Considered]:
    """The consents of the use's person, nearest first: what was given and covers first, then what is in force, then what is newest."""
    use = asking.use
    if use.person is None or use.person_state != "recorded":
        return []
    day = day_of_use(use, asking.register, today=asking.today)
    needs = needs_of(use, asking.register, day=day)
    each = [_considered(asking, one, needs) for one in asking.register.agreements_of(use.person)]
    found = [one for several in each for one in several]
    decided = [beside_losses(asking, _as_heirs_decide(asking, one, found), found) for one in found]
    ordered = sorted(decided, key=_distance)
    if use.kind == "performance":
        # Of what was filmed no consent is asked, so that one which says nothing of it must not stand before the one that does.
        ordered.sort(key=lambda one: not shows_filmed(one))
    return ordered


def shows_filmed(one: Considered) -> bool:
    """Whether an agreement is about showing what was filmed: it was given, permits the showing, for this work and for what is shown.

    One for another film, or for the voice alone where only a face is seen, says nothing of it.
    """
    terms = one.version.terms
    if terms is None:
        return True
    if terms.acts and not set(ACTS["performance"]) & set(terms.acts):
        return False
    is_given = any(move.move == "granted" for move in one.agreement.moves)
    is_given = is_given or (one.agreement.kept == "elsewhere" and bool(terms.signed_on))
    return is_given and all(one.match.of(dimension).answer != "outside" for dimension in ("works", "modalities"))


def _as_heirs_decide(asking: Asking, one: Considered, found: Sequence[Considered]) -> Considered:
    """The same, given only where enough heirs signed it, or consents of their own that permit the same acts and cover the use."""
    if not one.granted or not one.terms.signers:
        return one
    alike = [other for other in found if other.granted and one.acts <= other.acts]
    missing = [
        missing_signatures(
            asking.register,
            one.agreement.person,
            {
                *one.terms.signers,
                *(by for other in alike if other.match.answer in answers for by in other.terms.signers),
            },
            acts=one.terms.acts,
            on=one.terms.signed_on,
        )
        for answers in ({"inside"}, {"inside", "unknown"})
    ]
    if not missing[0]:
        return one
    state = "granted_conditional" if one.state == "active" else one.state
    return replace(one, granted=False if missing[1] else None, state=state)


def licenses_for(asking: Asking, material: RecordId) -> list[Considered]:
    """The licenses that are for one version, dataset or model, nearest first."""
    if not (meant := asking.register.licenses_of(material)):
        return []
    day = day_of_use(asking.use, asking.register, today=asking.today)
    needs = license_needs(needs_of(asking.use, asking.register, day=day))
    found = [one for agreement in meant for one in _considered(asking, agreement, needs)]
    meant_here = [one for one in found if material in one.version.covers]
    return sorted((beside_losses(asking, one, meant_here) for one in meant_here), key=_distance)


def totals_of(
    uses: Sequence[Use], register: Register, *, today: str, now: int, gate: Gate | None = None
) -> dict[RecordId, dict[str, Fraction]]:
    """By agreement, the sums over all uses that rest on it: what the maxima of its scope are held against. Give every use there is."""
    resting: dict[RecordId, list[Use]] = {}
    for use in uses:
        asking = Asking(use, register, today, now, gate, same_picture_of(use))
        nearest = consents_for(asking)[:1] + [
            one for material in use.material for one in licenses_for(asking, material)[:1]
        ]
        for one in nearest:
            resting.setdefault(one.agreement.id, []).append(use)
    return {
        agreement: sums(found, of_shown=is_for_showing(register.agreements[agreement], found))
        for agreement, found in resting.items()
    }


def same_picture_of(use: Use) -> bool | None:
    """Whether the material was made for this picture, computed before stated; None where nobody knows."""
    known = use.facts.get("use.same_picture", use.stated.get("use.same_picture"))
    return known if isinstance(known, bool) else None


def _considered(asking: Asking, agreement: Agreement, needs: Scope) -> list[Considered]:
    """An agreement in every wording that may count for the use: today's, and the one under which the material was made."""
    register = asking.register
    person = register.persons.get(agreement.person) if agreement.person is not None else None
    stands = [stand_of(agreement, asking.today)]
    if asking.exists and asking.made_on and asking.made_on < asking.today:
        stands.append(stand_of(agreement, asking.made_on))
    versions: dict[int, AgreementVersion] = {}
    for stand in stands:
        version = stand.version or _signed_last(agreement, asking.today)
        versions[version.log_index] = version
    return [_in_wording(asking, agreement, version, person, needs) for version in versions.values()]


def _signed_last(agreement: Agreement, on: str) -> AgreementVersion:
    """The newest wording that was signed by a day, the newest of all where none was: what its keeper speaks of."""
    signed = [one for one in agreement.versions if one.terms is not None and "" < one.terms.signed_on <= on]
    return signed[-1] if signed else agreement.latest


def _in_wording(
    asking: Asking, agreement: Agreement, version: AgreementVersion, person: PersonInfo | None, needs: Scope
) -> Considered:
    register, terms = asking.register, version.terms or AgreementTerms(version.agreement)
    representation = register.representations.get(terms.representation) if terms.representation else None
    last_day = end_by_person(version.terms, person, representation)
    is_open = end_is_open(version.terms, person, representation)
    moment = _moment(asking, agreement, version, last_day)
    # What an amendment cures it cures in every wording, so where it came too late none of them is known.
    counting = (version, stand_of(agreement, asking.today).version or version)
    is_late = any(entered_late(register, agreement, one, now=asking.now, today=asking.today) for one in counting)
    totals = (asking.totals or {}).get(agreement.id, {})
    is_late = is_late or any(raised_unshown(register, agreement, one, totals) for one in counting)
    stated = {} if is_late else _stated(asking, agreement)
    ends = _ends_on(asking, agreement, version, needs)
    match = _match(asking, agreement, version, needs, moment or asking.today, ends=ends)
    status = _status(asking, agreement, version, last_day, stated, match)
    if is_open and status.get("expired") is False:
        del status["expired"]
    if is_late:
        status = {name: True for name, holds in status.items() if holds}
    signed = agreement.kind == "license" or is_signed(register, agreement.person, terms)
    stood_then = _stood_when_made(asking, agreement, terms)
    in_life = agreement.kind == "license" or _in_life(register, version, terms, person)
    said_lost = any(_said_since(asking, agreement, version).get(name) for name in _ENDS)
    stands = (
        bool(moment) and not said_lost
        if agreement.kept == "here"
        else stood_then or _stands_elsewhere(terms, status, asking.today)
    )
    moment = moment or (asking.made_on if stood_then and status.get("revoked") else asking.today)
    if not stands and _may_have_stood(asking, agreement, version, last_day):
        stands = None
    granted = together(stands, signed, in_life, None if is_open or is_late else True, version.terms is not None)
    acts_ok = _acts_ok(asking, agreement, terms, person, moment) if agreement.kind == "consent" else True
    given_by = _given_by(agreement, terms, representation)
    state = _state(asking, agreement, status, last_day, is_open=is_open or is_late)
    lost_on = _lost_on(asking, agreement, last_day)
    return Considered(
        agreement,
        version,
        state,
        granted,
        acts_ok,
        match,
        moment,
        status,
        stated,
        given_by,
        representation,
        lost_on,
        stood_then,
        ends,
        is_late,
        unsigned=signed is False or in_life is False,
    )


_ENDS = ("revoked", "expired", "suspended", "exhausted")


def _in_life(
    register: Register, version: AgreementVersion, terms: AgreementTerms, person: PersonInfo | None
) -> bool | None:
    """Whether those who signed were the ones whose signature counts at that time of the person's life, and no representation was over when
    the agreement was written down."""
    if not terms.signers:
        return in_time_of_life(person, "", terms.signed_on)
    known = [register.representations.get(one) for one in terms.signers]
    over = any(one is not None and one.ended_before(version.log_index) for one in known)
    return together(not over, *(counts_in_life(one, person, terms.signed_on) for one in known))


def _said_since(asking: Asking, agreement: Agreement, version: AgreementVersion) -> Mapping[str, bool]:
    """What speaks against an agreement that is kept here now, of the last that its former keeper said: new words cure only what was said
    before they were signed. However old it is, nobody takes it back but a keeper, or words signed later."""
    if agreement.kept == "elsewhere" or version.terms is None:
        return {}
    known = [one for one in agreement.standings if one.as_of <= asking.now]
    newest = max(known, key=lambda one: (one.as_of, one.log_index), default=None)
    if newest is None or day_of(newest.as_of) < version.terms.signed_on:
        return {}
    root = f"{agreement.kind}."
    return {name.removeprefix(root): True for name, holds in newest.values.items() if holds and name.startswith(root)}


def _may_have_stood(asking: Asking, agreement: Agreement, version: AgreementVersion, last_day: str) -> bool:
    """Whether this wording stood on the day on which something claims to have been made, and nothing shows that it was made then."""
    if agreement.kept == "elsewhere" or not (asking.exists and asking.made_on and asking.made_on <= asking.today):
        return False
    stand = stand_of(agreement, asking.made_on, last_day=last_day)
    is_meant = stand.state == "active" and stand.version in (None, version)
    return is_meant and not words_are_shown(asking.use, agreement, version, asking.made_on)


def _moment(asking: Asking, agreement: Agreement, version: AgreementVersion, last_day: str) -> str:
    """The day on which this wording stood for the use: today, or else when the material was made; "" for neither."""
    days = [asking.today, *([asking.made_on] if asking.exists and asking.made_on else [])]
    for day in days:
        stand = stand_of(agreement, day, last_day=last_day)
        is_shown = day == asking.today or words_are_shown(asking.use, agreement, version, day)
        if day <= asking.today and stand.state == "active" and stand.version in (None, version) and is_shown:
            return day
    return ""


def _stated(asking: Asking, agreement: Agreement) -> Mapping[str, bool]:
    """The newest answer of whoever keeps it, if it is fresh; of an agreement kept here nobody else says anything."""
    if agreement.kept == "here":
        return {}
    known = [one for one in agreement.standings if one.as_of <= asking.now]
    newest = max(known, key=lambda one: (one.as_of, one.log_index), default=None)
    return newest.values if newest is not None and asking.is_fresh(newest) else {}


def _ends_on(asking: Asking, agreement: Agreement, version: AgreementVersion, needs: Scope) -> str:
    """The last day of a wording; of one that says none only a loss on record before the use takes place."""
    last = last_day_of(agreement, version, acts=acts_of(asking), today=asking.today)
    is_written = version.terms is not None and bool(version.terms.scope.until)
    return last if is_written or (needs.until and last < needs.until) else ""


def _match(
    asking: Asking, agreement: Agreement, version: AgreementVersion, needs: Scope, moment: str, *, ends: str
) -> ScopeMatch:
    scope = version.terms.scope if version.terms is not None else Scope()
    scope = replace(scope, until=ends) if ends else scope
    if not scope.since:
        # What does not say from when it is begins when it is given.
        begun = version.terms.signed_on if version.terms is not None else ""
        scope = replace(scope, since=begun or (stand_of(agreement, moment).since if agreement.kept == "here" else ""))
    totals = (asking.totals or {}).get(agreement.id, {})
    shown = "" if agreement.kind == "license" else shown_by(asking.use)
    wanted = in_words_of(needs, scope, asking.register)
    return match_scope(scope, wanted, quantities=totals, content=asking.content, shown=shown)


def _status(
    asking: Asking,
    agreement: Agreement,
    version: AgreementVersion,
    last_day: str,
    stated: Mapping[str, bool],
    match: ScopeMatch,
) -> dict[str, bool]:
    """Facts of standing today. What speaks against it counts wherever it is written; that nothing does only where all is known."""
    today = asking.today
    stand = stand_of(agreement, today, last_day=last_day)
    asked = acts_of(asking)
    until = version.terms.scope.until if version.terms is not None else ""
    last = min((day for day in (until if until != ALL else "", last_day) if day), default="")
    against = {
        "revoked": stand.state in {"revoked", "terminated"} or bool(asked & revoked_acts(agreement, today)),
        "expired": bool(last) and last < today,
        "suspended": stand.state == "suspended",
        "exhausted": stand.state == "exhausted" or match.of("maxima").answer == "outside",
        "disputed": disputed(agreement, today),
        "gdpr_withdrawn": gdpr_withdrawn(agreement, today),
    }
    against |= {name: True for name in _said_since(asking, agreement, version) if name in against}
    known = {name for name in against if name != "expired" or until}
    if agreement.kept == "elsewhere":
        root = agreement.kind
        said = {name.partition(".")[2]: value for name, value in stated.items() if name.startswith(f"{root}.")}
        status = {name: said[name] for name in against if name in said}
        if "expired" not in status and until:
            status["expired"] = False
    else:
        status = {} if asking.register.unreadable else dict.fromkeys(known, False)
    unknown = ended_unshown(asking.register, agreement, today)
    status = {name: holds for name, holds in status.items() if name not in unknown}
    return status | {name: True for name, holds in against.items() if holds}


def _lost_on(asking: Asking, agreement: Agreement, last_day: str) -> str:
    asked = acts_of(asking)
    losses = [loss_of(agreement, asking.today, act=act, last_day=last_day) for act in (None, *sorted(asked))]
    return min((loss.since for loss in losses if loss is not None), default="")


def _stands_elsewhere(terms: AgreementTerms, status: Mapping[str, bool], today: str) -> bool | None:
    """Whether it was signed, and whoever keeps it says that nothing ended it; None where that is signed and nobody says."""
    ended = [status.get(name) for name in ("revoked", "expired", "suspended", "exhausted")]
    if not terms.signed_on or terms.signed_on > today or True in ended:
        return False
    return None if None in ended else True


def _stood_when_made(asking: Asking, agreement: Agreement, terms: AgreementTerms) -> bool:
    """Whether the keeper of an agreement said, when the material existed already, that nothing had ended it: so it stood when that was
    made. However old the answer is: it is about then."""
    if agreement.kept == "here" or not asking.made_on or not terms.signed_on or asking.made_on < terms.signed_on:
        return False
    ends = [f"{agreement.kind}.{name}" for name in ("revoked", "expired", "suspended", "exhausted")]
    return any(
        asking.use.made <= one.as_of <= asking.now
        and asking.use.entered < one.log_index
        and all(one.values.get(name) is False for name in ends)
        for one in agreement.standings
    )


def _acts_ok(
    asking: Asking, agreement: Agreement, terms: AgreementTerms, person: PersonInfo | None, moment: str
) -> bool | None:
    is_dead = person.was_dead(asking.today) if person is not None else False
    signed_dead = person.was_dead(terms.signed_on or asking.today) if person is not None else False
    # Of somebody who has died at a time that nobody said: it may have been given in life.
    in_life = is_dead is not False and signed_dead is not True
    permitted = frozenset(terms.acts) - revoked_acts(agreement, moment)
    wanted = acts_asked(asking.use.kind, same_picture=asking.same_picture)
    given = [bool(acts & permitted) for acts in wanted]
    if not any(given) and given:
        return False
    if not all(given) or (in_life and terms.survives_death not in {"yes", "no"}):
        return None
    return True


def _given_by(agreement: Agreement, terms: AgreementTerms, representation: Representation | None) -> GivenBy | None:
    if agreement.kind == "license":
        return "licensor"
    if not terms.representation:
        return "person"
    if representation is None or representation.section is None:
        return None
    return GIVEN_BY.get(representation.section.capacity, "person")


def _state(
    asking: Asking, agreement: Agreement, status: Mapping[str, bool], last_day: str, *, is_open: bool
) -> AgreementState | None:
    """Where it stands today, None where nobody knows: unreadable events may say otherwise, or whoever keeps it does not say."""
    state = stand_of(agreement, asking.today, last_day=last_day).state
    if agreement.kept == "here":
        is_known = not (asking.register.unreadable or is_open or "suspended" not in status) or state not in LIVE
        if state not in LIVE or not any(status.get(word) for word in _ENDS):
            return state if is_known else None
    ended: tuple[AgreementState, ...] = ("revoked", "expired", "exhausted", "suspended")
    for word in ended:
        if status.get(word):
            return word
    return "active" if all(status.get(word) is False for word in ended) else None


def _distance(one: Considered) -> tuple[object, ...]:
    inside = sum(part.answer == "inside" for part in one.match.parts)
    against = sum(one.status.values())
    # Nobody knows whether a late one stands: it hides no revocation that another would cure, and cures none itself.
    unknown = 1 if one.late else 6 - len(one.status)
    return (
        0 if one.late and one.granted is None else (True, None, False).index(one.granted),
        (True, None, False).index(one.acts_ok),
        ("inside", "unknown", "outside").index(one.match.answer),
        against,
        unknown,
        -inside,
        -one.version.log_index,
    )


def candidate_of(one: Considered) -> Candidate:
    """An agreement as rules with ``some`` read it; what is not known is absent."""
    terms, scope = one.terms, one.terms.scope
    permitted = tuple(sorted(frozenset(terms.acts) - revoked_acts(one.agreement, one.moment)))
    values: dict[str, FactValue | None] = {
        "id": one.agreement.label,
        "status": one.state,
        "disputed": one.status.get("disputed"),
        "acts": permitted if terms.acts else None,
        "acts_ok": one.acts_ok,
        "given_by": one.given_by,
        "since": scope.since or terms.signed_on or None,
        "until": one.ends or None,
        "scope_ok": {"inside": True, "outside": False}.get(one.match.answer),
        "kept": one.agreement.kept,
        "allows_ai": terms.allows_ai,
        "training": scope.training,
    }
    for dimension in DIMENSIONS:
        values[f"{dimension}_ok"] = {"inside": True, "outside": False}.get(one.match.of(dimension).answer)
    values["begins_ok"] = {"inside": True, "outside": False}.get(one.match.begins)
    values["ends_ok"] = {"inside": True, "outside": False}.get(one.match.ends)
    for words in SCOPE_WORDS:
        values[words] = getattr(scope, words)
    return Candidate({name: value for name, value in values.items() if value is not None})


def gives(found: Iterable[Considered], acts: Iterable[Act]) -> bool | None:
    """Whether a consent permits one of *acts* for this work; None where one does if it still stands, which nobody knows."""
    wanted = frozenset(acts)
    meant = [one for one in found if one.acts & wanted and one.match.of("works").answer == "inside"]
    if any(one.granted for one in meant):
        return True
    return None if meant else False
