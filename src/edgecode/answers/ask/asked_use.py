"""A use that somebody only asks about: nothing of it exists, and nothing of it is recorded.

It is a use like those of a cut (`uses.derived`), so that the same rules judge it. What nobody said of it is unknown, as it is there.
"""

from collections.abc import Mapping

from msgspec import Struct

from edgecode.answers.uses.facts import facts_of_plan
from edgecode.checks.register import Register
from edgecode.checks.uses import PersonState, Use, UseKind, use_key
from edgecode.errors import UsageError
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Act, FactValue, Gate, Scope

KINDS: Mapping[Act, UseKind] = {
    "create": "replica_create",
    "use_this_work": "replica_use",
    "use_other_work": "replica_use",
    "alter": "alteration",
    "dub": "dub",
    "train": "train",
    "fine_tune": "train",
    "transfer": "transfer",
    "biometric_process": "replica_create",
    "retain": "replica_use",
    "promote": "advert",
}
"""The kind of use that each act of consent is asked for by. Biometrics are processed where a replica is made; a replica that is kept beyond
its day is one that goes on being used."""

_TRAINS = frozenset({"train", "fine_tune"})
_MADE_BY_MODELS: frozenset[UseKind] = frozenset({"replica_create", "replica_use", "dub", "ai_element"})
_HEARD = frozenset({"voice", "singing_voice"})
_SEEN = frozenset({"face", "full_body", "gesture_motion"})


class Question(Struct, frozen=True):
    """May this be used so? *material*: works of others (versions), *model* and *dataset* versions, *replica* a record; "" for none.

    *person*: dense id, None: nobody was named; *nobody*: somebody says that nobody is in it. *needs*: what it asks of a scope, None where
    the production's profile says it. *said*: facts that whoever asks states of it, as a declared use would. *made*: the day on which it
    would be made, milliseconds since 1970. *day*: on which it takes place, "" for the production's release.
    """

    act: Act
    made: int
    person: int | None = None
    alias: str = ""
    nobody: bool = False
    needs: Scope = Scope()
    material: tuple[RecordId, ...] = ()
    model: RecordId = ""
    dataset: RecordId = ""
    replica: RecordId = ""
    cut: RecordId = ""
    said: Mapping[str, FactValue] = {}
    quantities: Mapping[str, int] = {}
    rate: str = ""
    day: str = ""


def kind_of(question: Question) -> UseKind:
    """What kind of use it would be. Raises UsageError ``ask.act`` for an act that is done with nothing that was named."""
    act = question.act
    if question.dataset and act not in _TRAINS:
        raise UsageError("ask.act", "a dataset is trained on, and nothing else is done with it", "Ask --act train")
    if question.person is not None or act in _TRAINS:
        return KINDS[act]
    if question.material:
        return "archival_alteration" if act == "alter" else "licensed_material"
    return "ai_element" if question.model else KINDS[act]


def use_of(question: Question, register: Register, *, gate: Gate) -> Use:
    """The use that is asked about, at a gate. Raises as `kind_of` does."""
    kind = kind_of(question)
    version = question.model if kind == "train" else ""
    material = (*question.material, *([question.dataset] if question.dataset else []))
    if not material and question.model and kind != "train":
        material = (question.model,)
    return Use(
        key=use_key("asked", version="", subject=""),
        kind=kind,
        cut=question.cut,
        version=version,
        about=_about(question, register),
        person=question.person,
        alias=question.alias,
        person_state=_state(question, kind),
        how={True: "heard", False: "depicted", None: ""}[_is_sound(question)],
        made=question.made,
        facts=_facts(question, kind, register, gate=gate),
        stated=_stated(question),
        needs=question.needs,
        quantities=question.quantities,
        rate=question.rate,
        material=material,
    )


def _state(question: Question, kind: UseKind) -> PersonState:
    if question.person is not None:
        return "recorded"
    return "none" if question.nobody or kind == "licensed_material" else "unstated"


def _facts(question: Question, kind: UseKind, register: Register, *, gate: Gate) -> Mapping[str, FactValue]:
    facts: dict[str, FactValue] = {
        "use.kind": kind,
        "use.possible": False,
        "use.realtime_generation": False,
        "use.dub_by_replica": kind == "dub",
    }
    if gate == "deliver":
        facts["use.final"] = True
    if not question.cut:
        facts["use.released"] = False
    if question.person is not None:
        facts["use.scope_checked"] = True
    day = question.day or register.profile.get("production.release_date")
    if day:
        facts["use.date"] = day
    sound = _is_sound(question)
    if sound is not None:
        facts["use.audio_only"] = sound
    if question.act == "biometric_process":
        facts["use.biometric_identification"] = True
    if kind in _MADE_BY_MODELS:
        facts["use.ai_generated"] = True
    if kind in ("licensed_material", "archival_alteration") or (kind == "ai_element" and question.nobody):
        facts |= {"use.replica": "none", "use.source": "none"}
    if kind in ("licensed_material", "archival_alteration"):
        facts["use.alters_archival"] = kind == "archival_alteration"
    if kind != "licensed_material":
        owners = frozenset({question.replica, question.model} - {""}) if question.person is not None else frozenset()
        models = (question.model,) if question.model else ()
        facts = {**facts_of_plan(register, tools=question.needs.tools, models=models, owners=owners), **facts}
    return facts


def _stated(question: Question) -> Mapping[str, FactValue]:
    """What was said, and what the act itself says: that it is for the work for which the replica was made, or for another."""
    said = dict(question.said)
    if question.act in ("use_this_work", "use_other_work") and question.person is not None:
        said.setdefault("use.same_picture", question.act == "use_this_work")
    return said


def _is_sound(question: Question) -> bool | None:
    """Whether it is heard and not seen; None where nobody says what of somebody is used."""
    modalities = frozenset(question.needs.modalities or ())
    if not modalities or not modalities <= _HEARD | _SEEN:
        return None
    return modalities <= _HEARD


def _about(question: Question, register: Register) -> frozenset[RecordId]:
    found = {question.replica, question.model, question.dataset, question.cut, *question.material} - {""}
    replica = register.replicas.get(question.replica)
    if replica is not None:
        found |= {*replica.made_from, *replica.versions}
    model = register.models.get(question.model)
    if model is not None:
        found |= {*(model.trained_on or ()), *(model.parents or ())}
    sessions = {one.id for one in register.sessions.values() if found & {one.id, *one.versions}}
    return frozenset(found | sessions)
