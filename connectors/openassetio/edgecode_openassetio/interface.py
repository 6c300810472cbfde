"""The manager that hosts talk to. Every element of a batch gets its own answer or its own error, also where nobody can be asked."""

import os
import shlex

from openassetio import constants
from openassetio.access import EntityTraitsAccess, PolicyAccess, PublishingAccess, RelationsAccess, ResolveAccess
from openassetio.errors import BatchElementError, ConfigurationException
from openassetio.managerApi import ManagerInterface
from openassetio.trait import TraitsData
from openassetio_mediacreation.traits.content import LocatableContentTrait_v1 as LocatableContentTrait
from openassetio_mediacreation.traits.lifecycle import VersionTrait_v1 as VersionTrait
from openassetio_mediacreation.traits.managementPolicy import ManagedTrait_v1 as ManagedTrait
from openassetio_mediacreation.traits.relationship import SingularTrait_v1 as SingularTrait
from openassetio_mediacreation.traits.usage import EntityTrait_v1 as EntityTrait

from . import IDENTIFIER
from .door import Door, Unanswered
from .faults import Faults
from .paging import Pages
from .publishing import VERSION, Hint, refused_by
from .spool import Spool
from .words import (
    MADE_FROM,
    MADE_INTO,
    MAKING,
    READABLE,
    TO_PUBLISH,
    locate,
    relation_of,
    text_of,
    to_publish,
    traits_data,
    traits_of,
)

PREFIX = "edgecode://"
_Code = BatchElementError.ErrorCode
_CODES = {
    "asset.reference": _Code.kMalformedEntityReference,
    "asset.nothing_there": _Code.kEntityResolutionError,
    "asset.file": _Code.kEntityAccessError,
}
_DIGITS = 4
_READ_ONLY = "a version is what it is and can only be read; publish to the reference of a file"


class EdgecodeInterface(ManagerInterface):
    """One production's versions as entities. Settings: see README.md."""

    _CAPABILITIES = frozenset(
        (
            ManagerInterface.Capability.kEntityReferenceIdentification,
            ManagerInterface.Capability.kManagementPolicyQueries,
            ManagerInterface.Capability.kEntityTraitIntrospection,
            ManagerInterface.Capability.kResolution,
            ManagerInterface.Capability.kPublishing,
            ManagerInterface.Capability.kRelationshipQueries,
            ManagerInterface.Capability.kExistenceQueries,
        )
    )

    def __init__(self):
        ManagerInterface.__init__(self)
        self._settings = {
            "production": os.environ.get("EDGECODE_PRODUCTION", ""),
            "command": "edgecode",
            "spool": os.environ.get("EDGECODE_SPOOL") or os.path.join(os.path.expanduser("~"), ".edgecode", "spool"),
            "unsaid": "hold",
            "timeout_seconds": 120.0,
        }
        self._faults = Faults()
        self._gates = {}
        self._door = None
        self._spool = None

    # ------------------------------------------------------------------------------------------ about itself

    def identifier(self):
        """Who it is."""
        return IDENTIFIER

    def displayName(self):
        """How people know it."""
        return "edgecode"

    def info(self):
        """What tells its references from other text."""
        return {constants.kInfoKey_EntityReferencesMatchPrefix: PREFIX, constants.kInfoKey_IsPython: True}

    def hasCapability(self, capability):
        """Whether it can do something. It has no default references, no state and no terminology of its own."""
        return capability in self._CAPABILITIES

    def settings(self, hostSession):
        """The settings in force."""
        return dict(self._settings)

    def initialize(self, managerSettings, hostSession):
        """Take settings over those in force. Raises ConfigurationException for one that there is not."""
        wanted = dict(self._settings, **managerSettings)
        for name, value in wanted.items():
            known = self._settings.get(name)
            is_number = isinstance(known, float) and isinstance(value, (int, float)) and not isinstance(value, bool)
            if known is None or not (is_number or type(value) is type(known)):
                raise ConfigurationException("edgecode has no setting %s of that kind" % name)
        if wanted["unsaid"] not in ("hold", "later"):
            raise ConfigurationException("the setting unsaid is hold or later")
        if self._door is not None:
            self._door.close()
        self._settings = wanted
        command = shlex.split(wanted["command"], posix=os.name != "nt")
        self._door = Door(command, wanted["production"], float(wanted["timeout_seconds"]))
        self._spool = Spool(wanted["spool"], self._faults)

    def flushCaches(self, hostSession):
        """It keeps none: every answer is of the record as it stands then."""

    # ------------------------------------------------------------------------------------------ what is managed

    def managementPolicy(self, traitSets, policyAccess, context, hostSession):
        """What it does for sets of traits: which of them it can give, takes, or has to have."""
        return [self._policy(set(one), policyAccess) for one in traitSets]

    @staticmethod
    def _policy(traits, access):
        policy = TraitsData()
        offered = {
            PolicyAccess.kRead: READABLE,
            PolicyAccess.kWrite: TO_PUBLISH | {MAKING},
            PolicyAccess.kRequired: TO_PUBLISH,
            PolicyAccess.kManagerDriven: TO_PUBLISH,
        }.get(access, set())
        if not (traits - {EntityTrait.kId}) & READABLE or not offered:
            return policy
        ManagedTrait.imbueTo(policy)
        for trait in (traits & offered) | ({VersionTrait.kId} if access == PolicyAccess.kRead else set()):
            policy.addTrait(trait)
        return policy

    def isEntityReferenceString(self, someString, hostSession):
        """Whether a text is meant for it; whether anything answers to it is another question."""
        return someString.startswith(PREFIX)

    # ------------------------------------------------------------------------------------------ reading

    def entityExists(self, entityReferences, context, hostSession, successCallback, errorCallback):
        """Whether something on record answers to references."""
        for index, element in enumerate(self._found(entityReferences)):
            code = element.get("error", {}).get("code")
            if code and code != "asset.nothing_there":
                errorCallback(index, _error_of(element))
            else:
                successCallback(index, bool(element.get("asset", {}).get("version")))

    def entityTraits(self, entityReferences, entityTraitsAccess, context, hostSession, successCallback, errorCallback):
        """The traits of entities; for writing, what a publish has to have."""
        for index, element in enumerate(self._found(entityReferences)):
            if entityTraitsAccess == EntityTraitsAccess.kWrite:
                error = _error_of(element) or _unwritable(entityReferences[index])
                found = to_publish(entityReferences[index].toString())
            else:
                error = _error_of(element) or _missing(element)
                found = traits_of(element["asset"]) if error is None else set()
            if error is not None:
                errorCallback(index, error)
            else:
                successCallback(index, found)

    def resolve(self, entityReferences, traitSet, resolveAccess, context, hostSession, successCallback, errorCallback):
        """The data of entities; for a publish that the manager drives, where to write."""
        for index, element in enumerate(self._found(entityReferences)):
            if resolveAccess == ResolveAccess.kManagerDriven:
                error = _error_of(element) or _unwritable(entityReferences[index]) or _unlocatable(element)
            else:
                error = _error_of(element) or _missing(element)
            if error is not None:
                errorCallback(index, error)
            elif resolveAccess == ResolveAccess.kManagerDriven:
                successCallback(index, _to_write(element["asset"], traitSet))
            else:
                successCallback(index, traits_data(element["asset"], traitSet))

    # ------------------------------------------------------------------------------------------ lineage

    def getWithRelationship(
        self,
        entityReferences,
        relationshipTraitsData,
        resultTraitSet,
        pageSize,
        relationsAccess,
        context,
        hostSession,
        successCallback,
        errorCallback,
    ):
        """What is related to each of several references in one way."""
        written = [one.toString() for one in entityReferences]
        for index, element in enumerate(self._related(written, relationshipTraitsData, relationsAccess)):
            self._tell_pages(
                index, element, relationshipTraitsData, resultTraitSet, pageSize, successCallback, errorCallback
            )

    def getWithRelationships(
        self,
        entityReference,
        relationshipTraitsDatas,
        resultTraitSet,
        pageSize,
        relationsAccess,
        context,
        hostSession,
        successCallback,
        errorCallback,
    ):
        """What is related to one reference in several ways."""
        written = [entityReference.toString()]
        for index, relation in enumerate(relationshipTraitsDatas):
            (element,) = self._related(written, relation, relationsAccess)
            self._tell_pages(index, element, relation, resultTraitSet, pageSize, successCallback, errorCallback)

    def _related(self, written, relation, access):
        """Elements with what is related; one for each reference."""
        if access != RelationsAccess.kRead:
            return [_refusal(_Code.kEntityAccessError, "relations are recorded by publishing, not written")] * len(
                written
            )
        way = relation_of(relation)
        if way is None:
            return [{"related": []}] * len(written)
        if way == "stable":
            found = self._asked(len(written), ask="find", of=written)
            return [
                one if "error" in one else {"related": [one["asset"]] if "version" in one["asset"] else []}
                for one in found
            ]
        roles = [
            role.strip()
            for name in (MADE_FROM, MADE_INTO)
            for role in text_of(relation, name, "role").split(",")
            if role.strip()
        ]
        return self._asked(len(written), ask="related", of=written, way=way, roles=roles)

    def _tell_pages(self, index, element, relation, wanted, size, successCallback, errorCallback):
        error = _error_of(element)
        if error is not None:
            errorCallback(index, error)
            return
        tag = text_of(relation, VersionTrait.kId, "specifiedTag")
        found = [
            one for one in element["related"] if wanted <= traits_of(one) and tag in ("", "latest", one["version"])
        ]
        if tag == "latest" or SingularTrait.isImbuedTo(relation):
            found = found[:1]
        successCallback(index, Pages([self._createEntityReference(one["reference"]) for one in found], size))

    # ------------------------------------------------------------------------------------------ publishing

    def preflight(
        self, entityReferences, traitsHints, publishingAccess, context, hostSession, successCallback, errorCallback
    ):
        """The publish gate. What it holds or refuses, and what nobody can answer, is an error of its element; nothing is recorded."""
        plan = self._planned(entityReferences, traitsHints, publishingAccess, _Code.kInvalidPreflightHint)
        answers = self._put(plan, ask="gate", unsaid=self._settings["unsaid"])
        for index, (item, element) in enumerate(zip(plan, answers)):
            error = _error_of(element) or refused_by(element["gate"])
            if error is not None:
                self._gates.pop(item["reference"], None)
                errorCallback(index, error)
            else:
                self._gates[item["reference"]] = element["gate"]
                successCallback(index, entityReferences[index])

    def register(
        self,
        entityReferences,
        entityTraitsDatas,
        publishingAccess,
        context,
        hostSession,
        successCallback,
        errorCallback,
    ):
        """Record what was published, and answer with what pins it. Where nobody can be reached the line goes to the spool, and the
        reference stays as it was."""
        plan = self._planned(entityReferences, entityTraitsDatas, publishingAccess, _Code.kInvalidTraitSet)
        answers = self._put(plan, ask="record")
        for index, (item, element) in enumerate(zip(plan, answers)):
            self._gates.pop(item["reference"], None)
            if _cannot_now(element):
                self._keep(item, element["error"]["text"], hostSession.logger())
                successCallback(index, entityReferences[index])
            elif "error" in element or not element["recorded"]["outputs"]:
                errorCallback(index, _error_of(element) or _nothing_made())
            else:
                made = element["recorded"]["outputs"][0]["reference"]
                successCallback(index, self._createEntityReference(made))

    def _keep(self, item, why, logger):
        """The publish stands; its record waits."""
        if "step" in item:
            before = self._faults.counts().get("spool", 0)
            self._spool.write(item["step"])
            if self._faults.counts().get("spool", 0) == before:
                logger.warning(_SPOOLED % (why, self._spool.folder))
                return
        logger.warning(_UNRECORDED % why)

    def _planned(self, references, datas, access, refusing):
        """What to ask of each element: a ``step``, or ``of`` a file, or an ``error``."""
        written = [one.toString() for one in references]
        found = self._found(references)
        plan, hints = [], []
        for reference, element, data in zip(written, found, datas):
            item, hint = {"reference": reference}, None
            error = _error_of(element)
            if error is None and reference.startswith(VERSION):
                error = BatchElementError(_Code.kEntityAccessError, _READ_ONLY)
            if error is None and access != PublishingAccess.kWrite:
                error = BatchElementError(
                    _Code.kEntityAccessError, "nothing is published below a reference, only to it"
                )
            try:
                hint = Hint(data)
            except ValueError as said:
                error = error or BatchElementError(refusing, str(said))
            if error is not None:
                item["refused"] = error
            if element.get("unanswered"):
                item["unanswered"] = element["error"]
            plan.append(item)
            hints.append(hint)
        pinned, lost = self._pinned(hints)
        for item, element, hint in zip(plan, found, hints):
            if lost is not None and hint is not None and hint.places() and "refused" not in item:
                item["refused"], item["unanswered"] = _error_of({"error": lost}), lost
            if hint is None or ("refused" in item and "unanswered" not in item):
                continue
            path = hint.path or _token(element.get("asset", {}))
            if hint.making is not None:
                name = item["reference"].rpartition("/")[2]
                settings = _of_gate(self._gates.get(item["reference"]))
                item["step"] = hint.line(path, name=name, pinned=pinned, settings=settings)
            else:
                item["of"] = path or item["reference"]
        return plan

    def _pinned(self, hints):
        """What stands at the places that things were made from, by reference; and why nobody can say, else None."""
        places = sorted({place for hint in hints if hint is not None for place in hint.places()})
        found = self._asked(len(places), ask="find", of=places) if places else []
        lost = next((one["error"] for one in found if one.get("unanswered")), None)
        return {place: one.get("asset", {}).get("version", "") for place, one in zip(places, found)}, lost

    def _put(self, plan, **request):
        """One question for all elements that there is something to ask of; the others keep the error that they have."""
        open_ = [item for item in plan if "refused" not in item]
        of, steps = [one for one in open_ if "of" in one], [one for one in open_ if "step" in one]
        answers = []
        if open_:
            answers = self._asked(
                len(open_), of=[one["of"] for one in of], steps=[one["step"] for one in steps], **request
            )
        by_item = {id(item): answer for item, answer in zip(of + steps, answers)}
        return [by_item.get(id(item)) or _kept_error(item) for item in plan]

    # ------------------------------------------------------------------------------------------ the door

    def _found(self, references):
        return self._asked(len(references), ask="find", of=[one.toString() for one in references])

    def _asked(self, number, **request):
        """The elements of an answer; where nobody answers, as many errors that say why."""
        try:
            if self._door is None:
                raise Unanswered("the manager is not initialized")
            return self._door.elements(**request)
        except Unanswered as why:
            error = {"code": "", "text": str(why), "remedy": "nothing may be published until the publish gate answers"}
            return [{"error": error, "unanswered": True}] * number


_SPOOLED = "edgecode could not record a publish (%s). It waits in %s; edgecode record --spool takes it in"
_UNRECORDED = "edgecode could not record a publish (%s); edgecode scan will find the file"


def _error_of(element):
    """An element's error for the host; None where it has none."""
    error = element.get("error")
    if error is None:
        return None
    if isinstance(error, BatchElementError):
        return error
    code = _CODES.get(error["code"], _Code.kInvalidTraitSet if _is_of_the_data(error) else _Code.kUnknown)
    return BatchElementError(code, "%s. %s" % (error["text"], error["remedy"]))


def _is_of_the_data(error):
    """Whether what a host said is wrong, and not the state of the machine."""
    return error["code"].startswith(("asset.", "record.", "step."))


def _refusal(code, text):
    return {"error": BatchElementError(code, text)}


def _cannot_now(element):
    """Whether it is nobody's word that keeps something from being recorded: no answer, a full disk, a store that is away."""
    error = element.get("error")
    return isinstance(error, dict) and (element.get("unanswered") or not _is_of_the_data(error))


def _kept_error(item):
    kept = {"error": item["refused"]}
    if "unanswered" in item:
        kept = {"error": item["unanswered"], "unanswered": True}
    return kept


def _missing(element):
    if "version" in element["asset"]:
        return None
    return BatchElementError(_Code.kEntityResolutionError, "nothing is on record at this place yet")


def _unwritable(reference):
    return BatchElementError(_Code.kEntityAccessError, _READ_ONLY) if reference.toString().startswith(VERSION) else None


def _unlocatable(element):
    if "path" in element["asset"]:
        return None
    return BatchElementError(_Code.kEntityAccessError, "its media root is not mounted on this machine")


def _nothing_made():
    return BatchElementError(_Code.kUnknown, "the step is on record, and what it made is not known")


def _to_write(asset, wanted):
    data = TraitsData(wanted & {LocatableContentTrait.kId})
    if LocatableContentTrait.isImbuedTo(data):
        locate(data, dict(asset, padding=asset.get("padding") or _DIGITS))
    return data


def _token(asset):
    """Where something lies, as step/1 writes it; "" where nobody knows."""
    path = asset.get("path", [])
    return ("%%0%dd" % (asset.get("padding") or _DIGITS)).join(path) if path else ""


def _of_gate(gate):
    """What goes into a step's settings of the gate that it passed."""
    if gate is None:
        return {"publish.gate": "not asked"}
    ledger = gate["ledger"]
    return {"publish.gate": gate["word"], "publish.gate.size": str(ledger["size"]), "publish.gate.root": ledger["root"]}
