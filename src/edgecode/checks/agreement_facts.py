"""Facts of consents, licenses and representations, of the one agreement that comes nearest to a use.

Record facts are false where nothing was given; those of which an agreement on file leaves the answer open are named apart, so that what
depends on them is unknown and not refused.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from edgecode.checks.about_use import contradictions_about, determinations_about
from edgecode.checks.considered import Asking, Considered, acts_asked, gives, licenses_for, together
from edgecode.checks.lifecycle import LIVE
from edgecode.checks.register import Determination, PersonInfo
from edgecode.checks.scopes import Answer
from edgecode.checks.withdrawn_beside import Beside, gdpr_withdrawn_beside, withdrawn_beside
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import ALL, Act, FactValue

ACT_FACTS: Mapping[Act, str] = {
    "create": "consent.create",
    "use_this_work": "consent.use",
    "use_other_work": "consent.use",
    "alter": "consent.alter",
    "dub": "consent.language",
    "train": "consent.training",
    "fine_tune": "consent.training",
    "transfer": "consent.transfer",
    "biometric_process": "consent.biometric_process",
    "retain": "consent.retain",
    "promote": "consent.promote",
}
"""The fact that each act of consent makes true. A new act needs one: docs/how-to/add-a-word.md."""

_CLEAR_FORMS = frozenset({"clause_separately_signed", "clause_initialed", "separate_writing", "rider"})
_SEPARATE_FORMS = frozenset({"separate_writing", "rider"})
_STATED_ROOTS = ("consent", "license", "representation")
_LOST = frozenset({"erased", "unknown"})
_GUILDS = frozenset({"sag", "sag-aftra"})
_OF_MATERIAL = frozenset({"licensed_material", "archival_alteration", "train"})
"""Uses whose material is a recording or a set of them; of others it is the models that made them."""
_LONG = {"license.years_over_10": 10, "license.years_over_5": 5}
_STATUS = ("revoked", "expired", "suspended", "disputed")


class Found(Struct, frozen=True):
    """*facts*: what is known. *open*: record facts of which an agreement on file leaves the answer open."""

    facts: Mapping[str, FactValue] = {}
    open: frozenset[str] = frozenset()


def consent_facts(asking: Asking, found: Sequence[Considered]) -> Found:
    """``consent.*`` and ``representation.*`` of the consents of a use's person, nearest first, and of what keepers of agreements said of
    the use itself."""
    relied = found[0] if found else None
    known: dict[str, bool | None] = {}
    facts: dict[str, FactValue] = {}
    if relied is not None:
        known = _records(asking, found)
        facts = _clauses(relied) | {
            f"consent.{name}": value for name, value in relied.status.items() if name != "gdpr_withdrawn"
        }
        facts |= _taken_back_beside(asking, found)
        facts["consent.scope_why"] = _speaking_against(relied, withdrawn_beside(asking, found))
        known = _with_stated(known, relied)
    known |= {"representation.union_cba_addresses_replicas": _has_agreement(asking)} if _has_agreement(asking) else {}
    for name, value in _said_of_use(asking, "consent", "representation").items():
        if relied is not None and relied.late and value != (name in _statuses("consent")):
            continue  # What somebody says of the use decides no more than the paper that came late.
        facts, known = _joined(facts, known, name, said=value)
    facts |= {name: value for name, value in known.items() if value is not None}
    return Found(facts, frozenset(name for name, value in known.items() if value is None))


def _records(asking: Asking, found: Sequence[Considered]) -> dict[str, bool | None]:
    """The record facts of the consent relied on, the first of *found*."""
    relied = found[0]
    return _acts(asking, relied, found) | _of_relied(asking, relied) | {"consent.scope_ok": relied.covers}


def license_facts(asking: Asking) -> Found:
    """``license.*`` of every material of others that a use shows or rests on: what is true of all, and what speaks against one of them."""
    nearest = [(material, licenses_for(asking, material)) for material in asking.use.material]
    rows = [_of_license(asking, found[0] if found else None) for _, found in nearest]
    known: dict[str, bool | None] = {}
    facts: dict[str, FactValue] = {}
    for name in rows[0].records if rows else ():
        known[name] = together(*(row.records[name] for row in rows))
    if "license.archive_allows_ai" in known or asking.use.archive:
        known["license.archive_allows_ai"] = _archive_allows(asking)
    for name in _STATUS if rows else ():
        value = _any(row.status.get(f"license.{name}") for row in rows)
        facts |= {f"license.{name}": value} if value is not None else {}
    facts |= _terms_of_years([found[0] if found else None for _, found in nearest])
    for found in (found for _, found in nearest if found):
        for name, value in found[0].stated.items():
            if name.startswith("license."):
                facts, known = _joined(facts, known, name, said=value)
    for name, value in _said_of_use(asking, "license").items():
        facts, known = _joined(facts, known, name, said=value)
    facts |= {name: value for name, value in known.items() if value is not None}
    return Found(facts, frozenset(name for name, value in known.items() if value is None))


# ------------------------------------------------------------------------------------------ consents


def _acts(asking: Asking, relied: Considered, found: Sequence[Considered]) -> dict[str, bool | None]:
    """One fact for each act. What the use itself asks for is answered by the consent relied on, other acts by any that gives them."""
    known: dict[str, bool | None] = {}
    asked = acts_asked(asking.use.kind, same_picture=asking.same_picture)
    own = {ACT_FACTS[act] for acts in asked for act in acts}
    for name in dict.fromkeys(ACT_FACTS.values()):
        acts = {act for act, fact in ACT_FACTS.items() if fact == name}
        if name in own:
            known[name] = together(relied.granted, relied.acts_ok)
        elif name == "consent.use":
            wanted = acts_asked("replica_use", same_picture=asking.same_picture)
            known[name] = together(*(gives(found, some) for some in wanted))
        else:
            known[name] = gives(found, acts)
    dubbed = next((one for one in found if "dub" in one.acts), None)
    if known["consent.language"] is not False and dubbed is not None:
        nearest = relied if "consent.language" in own else dubbed
        known["consent.language"] = together(known["consent.language"], _holds(nearest.match.of("languages").answer))
    return known


def _holds(answer: Answer) -> bool | None:
    return {"inside": True, "outside": False}.get(answer)


def _of_relied(asking: Asking, relied: Considered) -> dict[str, bool | None]:
    terms = relied.terms
    decided = determinations_about(asking, also=relied.ids)
    person = asking.register.persons.get(asking.use.person) if asking.use.person is not None else None
    signed_before = asking.made_on if asking.exists else asking.today
    torn = contradictions_about(asking, also=relied.ids)
    clear = _is_yes(decided, "consent.clear_conspicuous", "clear_and_conspicuous", torn=torn)
    specific = _is_yes(decided, "consent.specific", "reasonably_specific", torn=torn)
    held: dict[str, bool | None] = {
        "consent.clear_conspicuous": together(terms.form in _CLEAR_FORMS, clear),
        "consent.specific": together(bool(terms.description.strip()), specific),
        "consent.separate_writing": terms.form in _SEPARATE_FORMS,
        "consent.before_use": bool(terms.signed_on) and terms.signed_on <= signed_before,
        "consent.guardian": relied.given_by == "guardian",
        "consent.by_estate": relied.given_by == "estate" and _estate_decided(relied, person),
        "consent.by_union": relied.given_by == "union" and _nobody_else(decided, relied),
        "consent.lifetime_survives": _survives(relied, person),
        "consent.gdpr_explicit": terms.ground == "art9_explicit" and "biometric_process" in relied.acts,
        "representation.counsel": _had_counsel(asking, relied),
    }
    return {name: together(relied.granted, holds) for name, holds in held.items()}


def _is_yes(decided: Mapping[str, Determination], *questions: str, torn: Collection[str] = ()) -> bool | None:
    """Whether somebody decided yes; None where members contradict each other (*torn*) and nothing else says no."""
    answers = [decided[question].answer for question in questions if question in decided]
    is_yes = all(answer.strip().casefold() == "yes" for answer in answers)
    if is_yes and not set(torn).isdisjoint(questions):
        return None
    return bool(answers) and is_yes


def _nobody_else(decided: Mapping[str, Determination], relied: Considered) -> bool:
    """The union consents where somebody looked for a representative and found none."""
    section = relied.representation.section if relied.representation is not None else None
    return bool(section is not None and section.searched) or _is_yes(decided, "no_representative_found") is True


def _survives(relied: Considered, person: PersonInfo | None) -> bool:
    died = person.fields.get("deceased_on", "") if person is not None else ""
    terms = relied.terms
    in_life = bool(terms.signed_on) and (not died or terms.signed_on <= died)
    return in_life and relied.given_by not in {"estate", "union"} and terms.survives_death == "yes"


def _estate_decided(relied: Considered, person: PersonInfo | None) -> bool:
    """Whether those who represent somebody dead gave it after the death. That they decided as they do is part of its being granted."""
    died = person.fields.get("deceased_on", "") if person is not None else ""
    section = relied.representation.section if relied.representation is not None else None
    return bool(died) and section is not None and relied.terms.signed_on >= died


def _had_counsel(asking: Asking, relied: Considered) -> bool:
    """Whether a lawyer who represents the person negotiated this grant."""
    signed = relied.terms.signed_on
    for one in asking.register.representations.values():
        section = one.section
        if section is None or one.principal.person is None or one.principal.person != asking.use.person:
            continue
        in_time = bool(section.since) and section.since <= signed
        until = section.until if section.until != ALL else ""
        if section.capacity == "attorney" and section.negotiated and in_time and (not until or signed <= until):
            return True
    return False


def _has_agreement(asking: Asking) -> bool:
    """Whether the production works under a guild agreement that speaks of replicas, and the guild covers the person."""
    person = asking.register.persons.get(asking.use.person) if asking.use.person is not None else None
    guilds = set(person.fields.get("guilds", "").casefold().split()) if person is not None else set()
    return asking.register.profile.get("production.sag", "none") != "none" and bool(guilds & _GUILDS)


def _taken_back_beside(asking: Asking, found: Sequence[Considered]) -> dict[str, FactValue]:
    """That the person took back their agreement to the processing of their data counts wherever they had given it."""
    said = gdpr_withdrawn_beside(asking, found)
    return {"consent.gdpr_withdrawn": said} if said is not None else {}


def _speaking_against(relied: Considered, beside: Sequence[Beside]) -> str:
    """The label of a consent, what speaks against its covering the use, and what nobody said, for the explanation of a finding; with other
    consents for the same acts that were lost."""
    said = [] if relied.granted else [f"it is {relied.state}" if relied.state else "nobody knows where it stands"]
    if relied.unsigned and relied.state in LIVE:
        said = [f"whoever signed it on {relied.terms.signed_on or 'no day'} could not sign for this person then"]
    said += ["its words came after an end, and no paper shows in time that they were signed"] if relied.late else []
    said += ["it does not permit this act"] if relied.acts_ok is False else []
    others = [f"{one.label}, for the same acts, {_was(one)} {one.since}" for one in beside]
    why = [*said, *relied.match.sentences] or ["covers it"]
    return f"{relied.terms.label or relied.agreement.id}: {'; '.join([*why, *others])}"


def _was(one: Beside) -> str:
    return "is disputed since" if one.what == "disputed" else f"was {one.what} on"


def _clauses(relied: Considered) -> dict[str, FactValue]:
    clause, facts = relied.terms.terms.revocation, dict[str, FactValue]()
    if clause.models is not None:
        facts["consent.models_clause"] = clause.models
    if clause.models == "delete_by" and clause.models_by:
        facts["consent.models_until"] = clause.models_by
    says_strikes = bool(relied.terms.terms.strike_clause.strip())
    if says_strikes or (relied.version.terms is not None and relied.agreement.kept == "here"):
        facts["consent.strike_clause"] = says_strikes
    return facts | _years(relied)


# ------------------------------------------------------------------------------------------ licenses


class _License(Struct, frozen=True):
    records: Mapping[str, bool | None]
    status: Mapping[str, bool]


def _of_license(asking: Asking, one: Considered | None) -> _License:
    """The facts of one license; of none, that nothing is on file."""
    names = ("on_file", "scope_ok", "training", "model_version_covered", "film_output", "archive_allows_ai")
    if one is None:
        return _License({f"license.{name}": False for name in names}, {})
    terms = one.terms
    bound = terms.model_version_bound
    is_covered = bool(set(one.version.covers) & (asking.use.about | {asking.use.version}))
    said: dict[str, bool | None] = {
        "on_file": True,
        "scope_ok": _holds(one.match.answer),
        "training": _trains(asking, one),
        "model_version_covered": True if bound is False else is_covered or (None if bound is None else False),
        "film_output": None if terms.fields is None else bool({"film", "tv"} & set(terms.fields)),
        "archive_allows_ai": terms.allows_ai,
    }
    records = {f"license.{name}": together(one.granted, value) for name, value in said.items()}
    return _License(records, {f"license.{name}": value for name, value in one.status.items()})


def _archive_allows(asking: Asking) -> bool | None:
    """Whether the licenses of all recordings of others that a use alters allow it. What the license of a model says is about the model: of
    a use of which nobody knows which recordings it alters, no license is on file."""
    use = asking.use
    archive = use.archive or (use.material if use.kind in _OF_MATERIAL else ())
    nearest = [next(iter(licenses_for(asking, material)), None) for material in archive]
    return (
        together(*(_of_license(asking, one).records["license.archive_allows_ai"] for one in nearest))
        if nearest
        else False
    )


def _trains(asking: Asking, one: Considered) -> bool | None:
    allowed = one.terms.scope.training
    if asking.use.kind == "train":
        return _holds(one.match.of("training").answer)
    return {None: None, "none": False, "general": True}.get(allowed)


def _terms_of_years(nearest: Iterable[Considered | None]) -> dict[str, FactValue]:
    """How long licenses run, and whether their end was written down: of all of them together."""
    listed = list(nearest)
    if not listed or None in listed:
        return {}
    each = [_years(one) for one in listed if one is not None]
    facts: dict[str, FactValue] = {
        "license.until_known": all(one is not None and one.terms.scope.until for one in listed)
    }
    for name in _LONG:
        value = _any(row.get(name) for row in each)
        facts |= {name: value} if value is not None else {}
    return {name: bool(value) for name, value in facts.items()}


def _years(one: Considered) -> dict[str, bool]:
    """Whether it runs longer than ten and five years; of nothing that lacks a first or a last day."""
    scope = one.terms.scope
    since = scope.since or one.terms.signed_on
    if not since or not scope.until:
        return {}
    return {name: scope.until == ALL or scope.until >= _years_on(since, years) for name, years in _LONG.items()}


def _years_on(day: str, years: int) -> str:
    return f"{int(day[:4]) + years:04}{day[4:]}"


# ------------------------------------------------------------------------------------------ what keepers said


def _with_stated(known: dict[str, bool | None], relied: Considered) -> dict[str, bool | None]:
    """With what the keeper of the agreement says now: it fills what is not known here and never makes outside inside."""
    for name, value in relied.stated.items():
        is_record = name.partition(".")[0] in _STATED_ROOTS and name not in _statuses("consent")
        written = relied.version.terms is not None and relied.agreement.versions[-1].terms is not None
        outside = name == "consent.scope_ok" and written and relied.match.answer == "outside"
        if is_record and not name.startswith("license."):
            known[name] = value and not outside
    return known


def _said_of_use(asking: Asking, *roots: str) -> dict[str, bool]:
    """What fresh answers about the use itself, its cut or its material say; where two are about one thing the newest of it counts, and
    of answers about several things what speaks against the use."""
    use = asking.use
    if use.person_state in _LOST:
        return {}
    agreements = {version.agreement for one in asking.register.agreements.values() for version in one.versions}
    about = (use.about | {use.cut, use.version, use.declared, *use.material}) - agreements - {""}
    newest: dict[RecordId, Mapping[str, bool]] = {}
    for one in sorted(asking.register.standings, key=lambda row: (row.as_of, row.log_index)):
        if one.about in about and one.as_of <= asking.now:
            newest[one.about] = one.values if asking.is_fresh(one) else {}
    said: dict[str, bool] = {}
    for values in newest.values():
        for name, value in values.items():
            if name.partition(".")[0] in roots:
                against = name in _statuses(name.partition(".")[0])
                said[name] = value if name not in said else (said[name] or value if against else said[name] and value)
    return said


def _statuses(root: str) -> frozenset[str]:
    return frozenset(f"{root}.{name}" for name in (*_STATUS, "exhausted", "gdpr_withdrawn"))


def _joined(
    facts: dict[str, FactValue], known: dict[str, bool | None], name: str, *, said: bool
) -> tuple[dict[str, FactValue], dict[str, bool | None]]:
    """With one statement more: a standing that speaks against the use counts from wherever it comes, others fill what is not there."""
    if name in _statuses(name.partition(".")[0]):
        return facts | {name: bool(facts.get(name)) or said}, known
    return facts, known | {name: known[name] if known.get(name) is not None and name == "consent.scope_ok" else said}


def _any(values: Iterable[FactValue | None]) -> bool | None:
    listed = list(values)
    if True in listed:
        return True
    return None if None in listed else False
