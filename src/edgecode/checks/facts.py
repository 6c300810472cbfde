"""Every fact of the catalogue that can be known of one use: what a rule is asked about.

What lineage shows or the register computes wins over what somebody stated; stated facts fill gaps. What nobody established is absent,
and what rests on somebody who was erased is not known any more: nothing gets better by being forgotten.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from edgecode.checks.about_use import (
    SCRIPTED,
    classifications,
    contradicted_facts,
    determination_facts,
    paper_facts,
    scripted_by_legal,
)
from edgecode.checks.agreement_facts import consent_facts, license_facts
from edgecode.checks.considered import (
    Asking,
    Considered,
    acts_asked,
    candidate_of,
    consents_for,
    licenses_for,
    same_picture_of,
)
from edgecode.checks.filmed import filmed_facts
from edgecode.checks.lifecycle import TERMINAL, day_before
from edgecode.checks.limits import limits_of_terms
from edgecode.checks.losses import losses_recorded
from edgecode.checks.needs import day_of_use
from edgecode.checks.per_use import approvals_per_use
from edgecode.checks.register import CutMove, PersonInfo, Register, Replica
from edgecode.checks.releases import case_decided, legal_release
from edgecode.checks.rules.catalogue import CATALOGUE, RECORD_FACTS
from edgecode.checks.rules.open_words import settled
from edgecode.checks.rules.subjects import Subject
from edgecode.checks.rules.territories import EU_MEMBERS, US_STATES
from edgecode.checks.uses import Use
from edgecode.checks.when_made import was_inactive
from edgecode.index.persons import day_of
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import ALL, Act, FactValue, Gate

_YEARS_AFTER_DEATH = 70
_STATABLE = frozenset({"use.award_category"})
"""Facts of other worlds than ``derived`` that a declared use may state."""
_COMPUTED_ONLY = frozenset(
    {
        "consent.on_record",
        "consent.reaches",
        "consent.approval_per_use",
        "person.filmed",
        "tool.terms_limit",
        "tool.terms_allow",
    }
)
"""Derived facts that follow from papers on record alone: what somebody says of a use is no paper."""
_REPLICA_LABELS: Mapping[str, str] = {
    "employment_based": "ebdr",
    "background": "badr",
    "independently_created": "icdr",
}
_OF_REPLICAS = frozenset({"replica_create", "replica_use", "dub", "transfer"})
Facts = dict[str, FactValue]


def subject_of(
    use: Use,
    register: Register,
    *,
    today: str,
    now: int,
    gate: Gate | None,
    totals: Mapping[RecordId, Mapping[str, int | Fraction]] | None = None,
) -> Subject:
    """Everything known of a use on a day. *now*: milliseconds since 1970, against which answers of keepers grow old at a *gate*.

    *totals*: `considered.totals_of` over all uses; without it maxima of a scope are unknown.
    """
    asking = Asking(use, register, today, now, gate, same_picture_of(use), totals=totals)
    decided = classifications(asking)
    content = {name: value for name, value in decided.items() if isinstance(value, bool)}
    asking = Asking(use, register, today, now, gate, asking.same_picture, content, totals)
    consents = consents_for(asking)
    licenses = [one for material in use.material for one in licenses_for(asking, material)]
    of_consents, of_licenses = consent_facts(asking, consents), license_facts(asking)
    computed = profile_facts(register) | _replica_label(use, register) | decided | _person(use, register, today=today)
    # Whether something is new is told by when its consent was lost, which lineage does not know.
    computed |= {name: value for name, value in use.facts.items() if name != "use.new_generation"}
    relied = consents[0] if consents else None
    computed |= _of_use(asking, relied) | _released(asking, relied, consents)
    computed |= dict(of_licenses.facts) | dict(of_consents.facts) | paper_facts(asking)
    computed |= determination_facts(asking) | _of_legal(asking, relied)
    computed |= {**approvals_per_use(asking, relied), **limits_of_terms(use, register)}
    computed |= filmed_facts(asking, consents)
    computed = _when_made(asking, consents, computed)
    if relied is not None and _may_be_withdrawn(computed):
        computed = {name: value for name, value in computed.items() if name not in SCRIPTED} | scripted_by_legal(asking)
    torn = contradicted_facts(asking)
    facts = _by_making(use) | _stated(use, computed) | computed
    facts = {name: value for name, value in facts.items() if name not in torn}
    is_open = (of_consents.open | of_licenses.open | torn | _erased_records(use, register)) - set(facts)
    return Subject(
        use.key,
        "use",
        {name: value for name, value in facts.items() if name in CATALOGUE and name not in is_open},
        [candidate_of(one) for one in consents],
        [candidate_of(one) for one in licenses],
        is_open,
    )


def _when_made(asking: Asking, consents: Sequence[Considered], computed: Facts) -> Facts:
    """With whether a consent for it stood when it was made. Of what exists only the record tells; of what does not, nobody is asked."""
    use = asking.use
    asked = acts_asked(use.kind, same_picture=asking.same_picture)
    if not asking.exists or not consents or not asked:
        return computed
    creating: Act = "create"
    acts = frozenset({creating}).union(*asked)
    agreements = {one.agreement.id: one.agreement for one in consents}
    ends = ("revoked", "expired", "suspended", "exhausted")
    stood = [
        one.agreement.id for one in consents if one.stood_then or all(one.status.get(name) is False for name in ends)
    ]
    inactive = was_inactive(use, agreements.values(), acts, made_on=asking.made_on, stood=stood)
    name = "consent.inactive_when_made"
    kept = {other: value for other, value in computed.items() if other != name}
    return kept if inactive is None else kept | {name: inactive}


_SHOWN_AS_MADE = frozenset({"performance", "licensed_material"})


def _by_making(use: Use) -> Facts:
    """What follows from the making of what is shown as it was filmed or recorded, all of it on record and no model in it: a deep fake is
    generated or manipulated by AI (Regulation (EU) 2024/1689 article 3(60)), and filming somebody identifies nobody by technical means
    (Regulation (EU) 2016/679 article 4(14)). A person's determination, or what somebody states of the use, says otherwise where it is so.
    """
    is_plain = use.facts.get("use.ai_generated") is False and use.facts.get("use.recorded_making") is True
    if use.kind not in _SHOWN_AS_MADE or not is_plain:
        return {}
    return {"use.deepfake": False, "use.biometric_identification": False, "use.new_processing": False}


def _erased_records(use: Use, register: Register) -> frozenset[str]:
    """Records that an erased consent may have held, where the use shows somebody who was erased; none where every erased one had ended."""
    if use.person_state != "erased" or not any(
        one.kind == "consent" and one.whom.lost and all(move.move not in TERMINAL for move in one.moves)
        for one in register.agreements.values()
    ):
        return frozenset()
    return frozenset(name for name in RECORD_FACTS if name.partition(".")[0] in ("consent", "representation"))


def _stated(use: Use, computed: Mapping[str, FactValue]) -> Facts:
    """What was declared of a use and may be: derived facts, none of a person who cannot be told any more, and of a cut not that it is
    released, which is said of the cut."""
    is_lost = use.person_state in {"erased", "unknown"}
    return {
        name: value
        for name, value in use.stated.items()
        if name in CATALOGUE
        and (CATALOGUE[name].world == "derived" or name in _STATABLE)
        and name not in _COMPUTED_ONLY
        and not (is_lost and CATALOGUE[name].root == "person")
        and not (use.cut and name == "use.released")
        and name not in computed
    }


def profile_facts(register: Register) -> Facts:
    """The production's profile. A member state brings the EU, a state of the US the country, and the country every state."""
    facts = settled(register.profile)
    released = facts.get("production.territories")
    if isinstance(released, tuple):
        facts["production.territories"] = _reached(released)
    return facts


def reached_as_written(register: Register) -> Facts:
    """The territories as the facts that rules are written against have them (consent-facts): a member state brings the EU, and nothing
    else is added. That a release in the whole of a country reaches its states is the desk's own reading, for productions."""
    released = settled(register.profile).get("production.territories")
    if not isinstance(released, tuple):
        return {}
    added = {"EU"} if set(released) & EU_MEMBERS else set[str]()
    return {"production.territories": tuple(sorted({*released, *added}))}


def _reached(territories: tuple[str, ...]) -> tuple[str, ...]:
    reached = set(territories)
    if reached & EU_MEMBERS:
        reached.add("EU")
    if "US" in reached:
        reached |= {f"US-{state}" for state in US_STATES}
    if any(word.startswith("US-") for word in reached):
        reached.add("US")
    return tuple(sorted(reached))


# ------------------------------------------------------------------------------------------ the person


def _person(use: Use, register: Register, *, today: str) -> Facts:
    """What is known of whom a use depicts."""
    facts: Facts = {"person.state": use.person_state} if use.person_state != "unstated" else {}
    if use.person_state == "none":
        return facts | {"person.status": "none", "person.minor": False, "person.gdpr": False}
    info = register.persons.get(use.person) if use.person is not None else None
    if info is None:
        return facts
    fields = info.fields
    died = fields.get("deceased_on", "")
    if died and died <= today:
        facts["person.status"] = "deceased"
    elif fields.get("status") in {"living", "deceased"}:
        facts["person.status"] = fields["status"]
    if fields.get("gdpr_subject") in {"yes", "no"}:
        facts["person.gdpr"] = fields["gdpr_subject"] == "yes"
    minor = _minor(use, register, info, today=today)
    facts |= {"person.minor": minor} if minor is not None else {}
    day = day_of_use(use, register, today=today)
    if died and day:
        ends = f"{int(died[:4]) + _YEARS_AFTER_DEATH:04}{died[4:]}"
        facts["person.within_70_years"] = day < ends
    return facts


def _starts(register: Register) -> set[str]:
    """Every day that was ever said to be the first of photography; none while nobody knows which counts. Whoever moves it makes nobody
    older."""
    name = "production.pp_start"
    if not register.profile.get(name):
        return set()
    said = [one for one in register.profiled.changes if one.name == name]
    days = [register.profile[name], *(one.before for one in said), *(one.after for one in said)]
    return {str(day) for day in days if day}


def _minor(use: Use, register: Register, person: PersonInfo, *, today: str) -> bool | None:
    """Whether they were a minor when captured or are when used; None where nobody knows when they were captured.

    Captured: in the sessions that the use rests on, or, of what was made for this picture, from the start of its photography. Whoever was
    of age when the production began was so in everything made for it; of archive material that says nothing. Whoever had died before the
    production began is none, unless it is on record that they died as a minor.
    """
    died, starts = person.fields.get("deceased_on", ""), _starts(register)
    began, began_last = min(starts, default=""), max(starts, default="")
    if died and began and died < began and not (person.minor_until and died <= person.minor_until):
        return False
    if person.was_minor(today) is None:
        return None
    sessions = [register.sessions[record] for record in use.about if record in register.sessions]
    captured = [day_of(session.started) for session in sessions if session.started]
    minor_until = person.minor_until
    if not minor_until:
        made_here = bool(sessions) and all(
            one.started and one.kind != "archival" and bool(starts) and day_of(one.started) >= began_last
            for one in sessions
        )
        return False if made_here or (same_picture_of(use) is True and not sessions) else None
    if today <= minor_until or any(day <= minor_until for day in captured):
        return True
    is_timed = all(one.started or one.kind != "archival" for one in sessions)
    in_picture = same_picture_of(use) is True and bool(began) and began > minor_until and is_timed
    return False if (captured and len(captured) == len(sessions)) or in_picture else None


# ------------------------------------------------------------------------------------------ the use


def _of_use(asking: Asking, relied: Considered | None) -> Facts:
    """What the register shows of a use beyond lineage."""
    use, register, today = asking.use, asking.register, asking.today
    # What is final or public is asked more, so that for these nobody has to answer.
    states = register.states_of_cut(use.cut, on=today) | register.open_states_of_cut(use.cut, on=today)
    # A use that lies in no cut and shows nothing is a scenario's: what it does not say of itself nobody knows.
    is_placed = bool(use.cut or use.version or use.spans)
    facts: Facts = {"use.kind": use.kind} if is_placed or "use.kind" in use.stated else {}
    if is_placed and use.person_state in {"recorded", "erased", "unknown"}:
        facts["use.scope_checked"] = True
    if states:
        facts["use.final"] = True
    if "released" in states:
        facts["use.public"] = True
    if use.spans:
        facts["use.audio_only"] = all(span.medium == "sound" for span in use.spans)
    day = day_of_use(use, register, today=today)
    if day and use.spans:
        facts["use.date"] = day
    if asking.made_on:
        facts["use.performance_fixed"] = asking.made_on
    if use.needs.tools is not None and "tool.trains_on_inputs" not in use.facts:
        facts |= _tools(register, use.needs.tools)
    overdue = _overdue(use, register, today=today)
    facts |= {"use.replica_overdue": overdue} if overdue is not None else {}
    return facts | _generation(asking, relied)


def _released(asking: Asking, relied: Considered | None, consents: Sequence[Considered]) -> Facts:
    """Whether its cut is released, and was so on the day before the consent relied on was lost: what is released after that is not. That
    somebody writes down a release of an earlier day after the loss shows nothing.
    """
    cut, register, today = asking.use.cut, asking.register, asking.today
    if not cut:
        return {}
    is_released = "released" in register.states_of_cut(cut, on=today)
    if _may_be_released(asking):
        return {}
    resting = consents if relied is not None and relied.late else [relied] if relied is not None else []
    lost = _first_loss(asking, resting)
    if not is_released or lost is None:
        return {"use.released": is_released}
    if not lost:
        return {"use.released": False}
    before = _entered_before(asking, resting, lost)
    if "released" in register.open_states_of_cut(cut, on=day_before(lost), among=before):
        return {}
    return {"use.released": "released" in register.states_of_cut(cut, on=day_before(lost), among=before)}


def _entered_before(asking: Asking, consents: Iterable[Considered], lost: str) -> Callable[[CutMove], bool]:
    """Which entries about a cut stood in the log before a loss did; of an end that is no entry, which were written down before its day."""
    recorded = [
        one.log_index
        for held in consents
        for one in losses_recorded(held.agreement, now=asking.now, today=asking.today)
        if one.on >= lost
    ]
    if recorded:
        first = min(recorded)
        return lambda move: move.log_index < first
    return lambda move: day_of(move.ts) < lost


def _may_be_released(asking: Asking) -> bool:
    """Whether somebody wrote down that its cut is released, or no longer is, and nobody who may say it answers for that."""
    return "released" in asking.register.open_states_of_cut(asking.use.cut, on=asking.today)


def _first_loss(asking: Asking, consents: Iterable[Considered]) -> str | None:
    """The day on which the first of these was lost or disputed; "" where nobody knows the day, None where nothing is on record."""
    days: list[str] = []
    for one in consents:
        if any(one.status.values()):
            disputed = [move.effective or day_of(move.ts) for move in one.agreement.moves if move.move == "disputed"]
            known = [one.lost_on] if one.lost_on else []
            days.append(min([*known, *(disputed if one.status.get("disputed") else [])], default=""))
        elif one.lost_on:
            days.append(one.lost_on)
    return min(days, default=None)


def _may_be_withdrawn(facts: Mapping[str, FactValue]) -> bool:
    """Whether the consent relied on was revoked or is disputed, as far as anybody knows."""
    return facts.get("consent.revoked") is not False or facts.get("consent.disputed") is not False


def _generation(asking: Asking, relied: Considered | None) -> Facts:
    """Whether material is generated now: made on or after the day on which the consent was lost. What exists from before is not new.

    Absent where nobody knows when it was made or when the consent was lost, and of what does not exist.
    """
    if not asking.exists:
        return {}
    if relied is not None and relied.doubted and not (asking.made_on and asking.made_on < relied.doubted_since):
        return {}
    if relied is None or not (relied.lost_on or any(relied.status.values())):
        return {"use.new_generation": False}
    if relied.stood_then:
        return {"use.new_generation": False}
    if not relied.lost_on or not asking.made_on:
        # A dispute alone loses nothing.
        ends = any(
            relied.status.get(name) for name in ("revoked", "expired", "suspended", "exhausted", "gdpr_withdrawn")
        )
        return {} if ends or relied.lost_on else {"use.new_generation": False}
    is_new = asking.made_on >= relied.lost_on
    return {"use.new_generation": True, "use.new_processing": True} if is_new else {"use.new_generation": False}


def _replica_label(use: Use, register: Register) -> Facts:
    """The guild label that the replica's own record suggests, where all replicas behind a use have one."""
    found = _replicas(use, register)
    labels = {_REPLICA_LABELS.get(one.kind, "") for one in found}
    return {"use.replica": labels.pop()} if len(labels) == 1 and "" not in labels else {}


def _replicas(use: Use, register: Register) -> list[Replica]:
    return [register.replicas[record] for record in sorted(use.about) if record in register.replicas]


def _overdue(use: Use, register: Register, *, today: str) -> bool | None:
    """Whether a replica behind a use should be deleted by now; None where a use that rests on one has none on record."""
    found = _replicas(use, register)
    if not found:
        return None if use.kind in _OF_REPLICAS else False
    return any(
        bool(one.delete_by) and one.delete_by < today and all(move.move != "deleted" for move in one.moves)
        for one in found
    )


def _tools(register: Register, tools: tuple[str, ...]) -> Facts:
    """What the newest archived terms of the named tools say; False only where all of them say so."""
    sections = [terms.section if (terms := register.terms_of_tool(tool)) is not None else None for tool in tools]
    facts: Facts = {"tool.terms_archived": ALL not in tools and all(section is not None for section in sections)}
    for name, field in (
        ("tool.trains_on_inputs", "trains_on_inputs"),
        ("tool.covered_provider", "covered_provider"),
        ("tool.license_restricts_av", "restricts_av"),
    ):
        said = [getattr(section, field) if section is not None else None for section in sections]
        if True in said or None not in said:
            facts[name] = True in said
    secured = [section.enterprise if section is not None else None for section in sections]
    if secured and (False in secured or None not in secured):
        facts["tool.enterprise"] = False not in secured
    return facts


def _of_legal(asking: Asking, relied: Considered | None) -> Facts:
    """Whether legal released finished material after the loss of the consent relied on, or decided the case of what was released before."""
    if relied is None:
        return {}
    return {
        "approval.legal_release_after_revocation": legal_release(asking, relied) is not None,
        "determination.post_release_case": case_decided(asking, relied) is not None,
    }
