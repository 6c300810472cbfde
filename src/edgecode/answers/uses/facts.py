"""Facts of the catalogue that lineage shows of a use. What it cannot tell is left out: nobody has established it."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.uses.likeness import Sort, State, Work
from edgecode.answers.uses.sources import Sources, is_recording
from edgecode.checks.limits import is_for_this_alone
from edgecode.checks.register import DatasetInfo, ModelInfo, Register, Replica, Session, ToolTerms
from edgecode.checks.uses import PersonState, UseKind
from edgecode.terms.evidence import AiUse
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import Account, ai_of, letter_of
from edgecode.terms.rights import FactValue
from edgecode.terms.steps import StepKind

Facts = dict[str, FactValue]


class Backing(Struct, frozen=True):
    """What a use rests on. *account*: of the clips that it lies in. *works*: the steps that models had a hand in, on its own way to the
    screen. *models*: record ids of their weights, *carrying*: of those that the mark came through; *nameless*: nobody can tell which
    some of them are."""

    states: frozenset[State]
    subject: int | str
    is_sound: bool
    is_possible: bool
    is_open: bool
    alters_archive: bool
    has_archive: bool
    account: Account
    about: frozenset[RecordId] = frozenset()
    owners: frozenset[int] = frozenset()
    owner_records: frozenset[RecordId] = frozenset()
    works: tuple[Work, ...] = ()
    models: tuple[RecordId, ...] = ()
    carrying: tuple[RecordId, ...] = ()
    nameless: bool = False
    made: int = 0
    entered: int = 0

    @property
    def tools(self) -> tuple[str, ...] | None:
        """The programs whose models had a hand in it; None where one is not named or nobody knows whether there was one."""
        names = {work.tool for work in self.works}
        if "" in names or self.is_open or self.states & {"unclear", "doubtful"}:
            return None
        return tuple(sorted(names))

    def filled(self, sources: Sources, version: int | None, sort: Sort) -> "Backing":
        """The same with what lies behind *version*, on the way of the mark that it is about."""
        if version is None:
            return self
        carried = sources.carriers(version, sort, self.subject)
        through = carried.through | {version}
        works = [work for one in through for work in sources.works_on(one)]
        changed = tuple(work for work in works if work.ai in (AiUse.GENERATIVE, AiUse.ASSISTIVE))
        if self.states == {"recorded"}:
            # What was changed of them on another way is another use.
            changed = ()
        weights = frozenset(model for work in changed for model in work.weights)
        # Records of the desk about anything that it rests on are about it; what none of them names is left out.
        about = sources.records(sources.named(through) | {version})
        about = about.union(*(sources.records_behind(one) for one in carried.owners | weights))
        owners = sources.records(sources.named(carried.owners))
        telling = changed or tuple(work for work in works if is_recording(work.kind))
        return replace(
            self,
            about=about.union(
                (one.id for one in sources.sessions_of(owners)), (one.id for one in sources.replicas_of(owners))
            ),
            owners=carried.owners,
            owner_records=owners,
            works=changed,
            models=tuple(sorted(sources.records(weights))),
            carrying=tuple(sorted(sources.records(weights & carried.through))),
            nameless=any(work.nameless for work in changed),
            made=max((work.made for work in telling), default=0),
            entered=max((work.entered for work in telling), default=0),
        )


def facts_of(
    kind: UseKind, back: Backing, sources: Sources, *, state: PersonState, is_final: bool | None
) -> Mapping[str, FactValue]:
    """What is known of a use that is on screen."""
    facts: Facts = {
        "use.kind": kind,
        "use.audio_only": back.is_sound,
        "use.possible": back.is_possible,
        "use.new_generation": False,
        "use.realtime_generation": False,
        "use.dub_by_replica": False,
        "use.recorded_making": not back.is_open and "doubtful" not in back.states,
    }
    if is_final is not None:
        facts["use.final"] = is_final
    if kind == "performance" and back.states <= {"recorded", "unstated"} and not back.works:
        # Filmed, recorded or captured and no more: nothing on the way took anything from a face or a voice.
        facts |= {"use.biometric_identification": False, "use.biometric_kind": "none", "use.new_processing": False}
    facts |= _generated(back)
    if kind == "archival_alteration":
        facts["use.alters_archival"] = True
    elif not back.is_open:
        facts["use.alters_archival"] = back.alters_archive
    if _is_no_replica(kind, back, state):
        facts |= {"use.replica": "none", "use.source": "none"}
    else:
        facts |= _source(back, sources)
    facts |= _models(back, sources.register)
    return facts | _tools(back, sources.register)


def facts_of_plan(
    register: Register, *, tools: tuple[str, ...] | None, models: tuple[RecordId, ...], owners: frozenset[RecordId]
) -> Mapping[str, FactValue]:
    """The same of something that is not made yet, by the tools and models that would make it. *owners*: what shows the person already.

    What nobody names is not known: no tool named is not the same as no tool.
    """
    named = tools if tools else ("",)
    works = tuple(Work(StepKind.GENERATE, AiUse.GENERATIVE, tool) for tool in named)
    back = Backing(
        frozenset(), 0, False, False, False, False, False, 0, works=works, models=models, nameless=not models
    )
    replicas = [one for one in register.replicas.values() if owners & {one.id, *one.versions, *one.made_from}]
    facts = _sources_of(replicas, owners, register) | (_models(back, register) if models else {})
    return facts | (_tools(back, register) if tools else {})


def facts_of_showing(accounts: Iterable[Account]) -> Mapping[str, FactValue]:
    """The same of something on record that would be shown as it is. *accounts*: of everything in it; of frames that nobody has chosen yet
    all of them count."""
    known = list(accounts)
    if not known or any(letter_of(account) == "U" for account in known):
        return {}
    is_without = all(ai_of(account) is AiUse.NONE for account in known)
    return {"use.recorded_making": True} | ({"use.ai_generated": False} if is_without else {})


def facts_of_model(register: Register, model: RecordId) -> Mapping[str, FactValue]:
    """What is known of a model whatever it was trained on; "": of models that nobody named."""
    works = (Work(StepKind.GENERATE, AiUse.GENERATIVE, ""),)
    models = (model,) if model else ()
    back = Backing(frozenset(), 0, False, False, False, False, False, 0, works=works, models=models, nameless=not model)
    return _models(back, register)


def _sources_of(replicas: list[Replica], owners: frozenset[RecordId], register: Register) -> Facts:
    named = {record for one in replicas for record in one.made_from} | owners
    sessions = [one for one in register.sessions.values() if one.id in named or named & set(one.versions)]
    return _of_sessions(replicas, sessions)


def _generated(back: Backing) -> Facts:
    if any(work.ai is AiUse.GENERATIVE for work in back.works):
        return {"use.ai_generated": True}
    is_unclear = back.is_open or ai_of(back.account) in (AiUse.UNKNOWN, AiUse.GENERATIVE) or "doubtful" in back.states
    return {} if is_unclear else {"use.ai_generated": False}


def _is_no_replica(kind: UseKind, back: Backing, state: PersonState) -> bool:
    if kind == "performance":
        return back.states == {"recorded"}
    return kind in ("licensed_material", "archival_alteration") or (kind == "ai_element" and state == "none")


def _source(back: Backing, sources: Sources) -> Facts:
    """What a replica is made from, and whether for this picture, by its sessions."""
    replicas = sources.replicas_of(back.owner_records)
    named = {record for one in replicas for record in one.made_from}
    sessions = sources.sessions_of(back.owner_records | named)
    sessions += [
        one for record in sorted(named) if (one := sources.register.sessions.get(record)) and one not in sessions
    ]
    facts = _of_sessions(replicas, sessions)
    if _are_employed(replicas) or not replicas:
        facts |= {"use.same_picture": True} if _are_for_this_alone(back, sources.register) else {}
    return facts


def _are_for_this_alone(back: Backing, register: Register) -> bool:
    """Whether the models through which somebody came are by their terms for this production and nothing else.

    Every step names its models and each is described, so that none may be of them without its being known.
    """
    if back.nameless or not back.carrying or not all(work.weights for work in back.works):
        return False
    others = [register.models.get(model) for model in back.models if model not in back.carrying]
    return all(is_for_this_alone(register.models.get(model), register) for model in back.carrying) and all(
        one is not None and (one.trained_on is not None or one.whom.person is not None or one.one_person is False)
        for one in others
    )


def _of_sessions(replicas: Sequence[Replica], sessions: Sequence[Session]) -> Facts:
    kinds = {_SOURCES.get(one.kind, "") for one in sessions} - {""}
    facts: Facts = {"use.source": kinds.pop()} if len(kinds) == 1 else {}
    if sessions and _are_own(sessions) and (_are_employed(replicas) or not replicas):
        facts["use.same_picture"] = True
    return facts


def _are_employed(replicas: Sequence[Replica]) -> bool:
    return bool(replicas) and all(one.kind in ("employment_based", "background") for one in replicas)


_SOURCES = {
    "scan_photogrammetry": "scan",
    "lightstage": "scan",
    "on_set_photography": "on_set_photography",
    "archival": "archival",
}


def _are_own(sessions: Iterable[Session]) -> bool:
    return all(one.kind != "archival" for one in sessions)


def _models(back: Backing, register: Register) -> Facts:
    """Whether what worked on it was built of one person, and what is known of how it was trained."""
    if not back.works:
        return {"use.talent_model": False, "use.model_is_single_person": False} if not back.is_open else {}
    infos = [register.models.get(model) for model in back.models]
    of_one = [_is_of_one(info) for info in infos]
    facts: Facts = {}
    if any(of_one):
        facts |= {"use.talent_model": True, "use.model_is_single_person": True}
    elif of_one and not back.nameless and all(said is False for said in of_one):
        facts |= {"use.talent_model": False, "use.model_is_single_person": False}
    if any(info is not None and info.undisclosed for info in infos):
        facts["tool.training"] = "undisclosed"
    elif infos and not back.nameless and all(info is not None and info.trained_on is not None for info in infos):
        facts["tool.training"] = "described"
    restricts = [info.terms.restricts_av if info is not None and info.terms is not None else None for info in infos]
    return facts | _any("tool.license_restricts_av", restricts if not back.nameless else [*restricts, None])


def _is_of_one(info: ModelInfo | None) -> bool | None:
    if info is None:
        return None
    return True if info.whom.stated or info.also_of else info.one_person


def _tools(back: Backing, register: Register) -> Facts:
    """What the archived terms of the tools say."""
    if not back.works:
        return {}
    terms = [register.terms_of_tool(tool) if tool else None for tool in {work.tool for work in back.works}]
    facts: Facts = {"tool.terms_archived": all(_is_read(one) for one in terms)}
    facts |= _any("tool.trains_on_inputs", [_said(one, "trains_on_inputs") for one in terms])
    facts |= _any("tool.covered_provider", [_said(one, "covered_provider") for one in terms])
    enterprise = [_said(one, "enterprise") for one in terms]
    if False in enterprise or None not in enterprise:
        facts["tool.enterprise"] = False not in enterprise
    if any(_said(one, "restricts_av") for one in terms):
        facts["tool.license_restricts_av"] = True
    return facts


def _is_read(terms: ToolTerms | None) -> bool:
    return terms is not None and terms.section is not None


def _said(terms: ToolTerms | None, name: str) -> bool | None:
    section = terms.section if terms is not None else None
    found = getattr(section, name) if section is not None else None
    return found if isinstance(found, bool) else None


def _any(name: str, said: Iterable[bool | None]) -> Facts:
    """True when one says so, False when all say no; else nobody knows."""
    listed = list(said)
    if any(listed):
        return {name: True}
    return {name: False} if listed and None not in listed else {}


def dataset_facts(info: DatasetInfo | None, *, has_person: bool) -> Mapping[str, FactValue]:
    """What is known of a set of material that a model was trained on."""
    facts: Facts = {"use.kind": "train", "use.final": False, "use.new_generation": False}
    if has_person:
        facts |= {"dataset.contains_likeness": True, "use.material": "performance"}
    if info is None:
        return facts
    items = info.items or ()
    is_whole = info.complete and info.items is not None and bool(items)
    foreign = [item.basis not in ("owned", "commissioned") if item.basis != "unknown" else None for item in items]
    reserved = [item.basis == "reserved" if item.basis != "unknown" else None for item in items]
    likeness = [item.likeness for item in items]
    signals = [True] if info.reservations else []
    facts |= _dataset("dataset.contains_third_party", info.third_party, foreign, is_whole=is_whole)
    facts |= _dataset("dataset.contains_minors", info.minors, [], is_whole=False)
    facts |= _dataset("dataset.reserved", info.reserved, [*reserved, *signals], is_whole=is_whole)
    if not has_person:
        facts |= _dataset("dataset.contains_likeness", info.likeness, likeness, is_whole=is_whole)
    return facts


def _dataset(name: str, stated: bool | None, items: list[bool | None], *, is_whole: bool) -> Facts:
    """What items show beats what is said of the whole; no beats nothing only where the list is whole."""
    if True in items or stated:
        return {name: True}
    if stated is False:
        return {name: False}
    return {name: False} if is_whole and None not in items else {}
