"""The parts of a C2PA manifest store that edgecode reads, as the library gives them in JSON: claims, actions, ingredients, statuses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct, field

from edgecode.errors import InputError


class Status(Struct, frozen=True):
    """A validation status (C2PA 2.4, 15.2)."""

    code: str


class Statuses(Struct, frozen=True):
    """The outcome of validating one manifest."""

    success: tuple[Status, ...] = ()
    informational: tuple[Status, ...] = ()
    failure: tuple[Status, ...] = ()


class Delta(Struct, frozen=True):
    """What an ingredient's manifest comes to now, beyond what was recorded when it was taken in."""

    uri: str = field(default="", name="ingredientAssertionURI")
    validation_deltas: Statuses = field(default=Statuses(), name="validationDeltas")


class Results(Struct, frozen=True):
    """Of the active manifest, and of its ingredients."""

    active: Statuses = field(default=Statuses(), name="activeManifest")
    deltas_or_none: tuple[Delta, ...] | None = field(default=None, name="ingredientDeltas")

    @property
    def deltas(self) -> tuple[Delta, ...]:
        """Of ingredients."""
        return self.deltas_or_none or ()


class Agent(Struct, frozen=True):
    """A program by its own name."""

    name: str = ""
    version: str = ""


class Signature(Struct, frozen=True):
    """Who signed, as the certificate says; *time* of a time stamp."""

    issuer: str = ""
    common_name: str = ""
    time: str = ""


class Assertion(Struct, frozen=True):
    """One assertion; its data is read where it is asked for."""

    label: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")


class Ingredient(Struct, frozen=True):
    """Something that went in. *relationship*: parentOf, componentOf, inputTo. *instance_id* ``urn:sha256:…`` names content."""

    title: str = ""
    relationship: str = ""
    instance_id: str = ""
    active_manifest: str = ""
    label: str = ""
    validation_status: tuple[Status, ...] = ()
    validation_results: Results = Results()
    data_types: tuple["DataType", ...] = ()


class DataType(Struct, frozen=True):
    """What kind of thing an ingredient is, where it is no picture or sound: ``c2pa.types.model.pytorch`` …"""

    type: str = ""


class Manifest(Struct, frozen=True):
    """One claim with its assertions and ingredients."""

    claim_generator: str = ""
    claim_generator_info: tuple[Agent, ...] | None = None
    title: str = ""
    ingredients: tuple[Ingredient, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    signature_info: Signature = Signature()

    @property
    def generator(self) -> Agent:
        """The program that wrote the claim."""
        first = next(iter(self.claim_generator_info or ()), Agent())
        return first if first.name else Agent(self.claim_generator)


class Action(Struct, frozen=True):
    """One act, in the order of the manifest."""

    action: str = ""
    source_type_said: object = field(default=None, name="digitalSourceType")
    agent: Agent | str | None = field(default=None, name="softwareAgent")
    agent_index: int | None = field(default=None, name="softwareAgentIndex")
    related: tuple[msgspec.Raw, ...] | None = None

    @property
    def source_type(self) -> str:
        """As `source_term` reads it."""
        return source_term(self.source_type_said)

    @property
    def program(self) -> Agent:
        """What did it, as far as the action says."""
        return Agent(self.agent) if isinstance(self.agent, str) else self.agent or Agent()


NOT_UNDERSTOOD = "?"
"""Stands for a source type that is said in words which nobody here knows, and for an action that cannot be read: never for silence."""
GENERATIVE = frozenset(
    {"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic", "trainedAlgorithmicData"}
)
"""Digital source types of which a model made at least a part (IPTC NewsCodes; C2PA 2.4)."""
ASSISTIVE = frozenset({"algorithmicallyEnhanced"})
SOURCE_TYPES = GENERATIVE | ASSISTIVE | {
    "digitalCapture", "computationalCapture", "negativeFilm", "positiveFilm", "print", "humanEdits", "digitalCreation", "dataDrivenMedia",
    "algorithmicMedia", "screenCapture", "virtualRecording", "composite", "compositeCapture", "minorHumanEdits", "digitalArt",
    "softwareImage", "empty",
}  # fmt: skip
"""Every digital source type, retired ones among them: only these may stand plain in the record."""
_TERMS = {one.casefold(): one for one in SOURCE_TYPES}
_VOCABULARIES = ("", "digsrctype:", "cv.iptc.org/newscodes/digitalsourcetype/", "c2pa.org/digitalsourcetype/")
"""Where the terms stand, without a scheme. ``digsrctype:`` is IPTC's own short way of writing; "" is the bare word."""


def source_term(said: object) -> str:
    """The term that a digital source type names, in whichever of its spellings; "" where none is said, `NOT_UNDERSTOOD` for any other."""
    if said is None or said == "":
        return ""
    written = said.strip().rstrip("/").casefold() if isinstance(said, str) else NOT_UNDERSTOOD
    bare = written.removeprefix("https://").removeprefix("http://")
    terms = (_TERMS.get(bare.removeprefix(base)) for base in _VOCABULARIES if bare.startswith(base))
    return next((term for term in terms if term is not None), NOT_UNDERSTOOD)


class _Actions(Struct, frozen=True):
    actions: tuple[msgspec.Raw, ...] = ()
    templates: tuple[msgspec.Raw, ...] | None = None
    agents: tuple[Agent, ...] | None = field(default=None, name="softwareAgents")


class Store(Struct, frozen=True):
    """A manifest store as the library reports it."""

    manifests: Mapping[str, Manifest]
    active_manifest: str = ""
    validation_state: str = ""
    validation_results: Results = Results()

    @property
    def active(self) -> Manifest:
        """The manifest that speaks of the file."""
        return self.manifests.get(self.active_manifest, Manifest())


def store_of(document: str) -> Store:
    """The report in *document*. Raises InputError ``credential.unreadable`` where it is none."""
    try:
        store = msgspec.json.decode(document, type=Store)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError(
            "credential.unreadable", "what the library says of the C2PA manifest cannot be read", "Report it"
        ) from error
    if store.active_manifest not in store.manifests:
        raise InputError(
            "credential.unreadable", "the C2PA manifest store has no active manifest", "Ask for the file again"
        )
    return store


def actions_in(manifest: Manifest) -> Iterator[Action]:
    """Every action of the manifest's action assertions, in order, those that it relates to among them, with what templates add.

    An assertion or action that cannot be read is one whose source type is `NOT_UNDERSTOOD`: something was done, and nobody knows what.
    """
    for assertion in manifest.assertions:
        label = assertion.label.partition("__")[0]
        if label in ("c2pa.actions", "c2pa.actions.v2") or label.startswith("c2pa.actions" + ".v"):
            try:
                said = msgspec.json.decode(assertion.data, type=_Actions)
            except (msgspec.DecodeError, RecursionError):
                yield _UNREAD
                continue
            templates = [_action(one) for one in said.templates or ()]
            for one in _with_related(said.actions, depth=0):
                yield _completed(one, templates, said.agents or ())


_UNREAD = Action(NOT_UNDERSTOOD, NOT_UNDERSTOOD)
_RELATED_AT_MOST = 8


def _action(data: msgspec.Raw) -> Action:
    try:
        return msgspec.json.decode(data, type=Action)
    except (msgspec.DecodeError, RecursionError):
        return _UNREAD


def _with_related(some: Iterable[msgspec.Raw], *, depth: int) -> Iterator[Action]:
    for one in some:
        action = _action(one) if depth <= _RELATED_AT_MOST else _UNREAD
        yield action
        yield from _with_related(action.related or (), depth=depth + 1)


def _completed(action: Action, templates: Sequence[Action], agents: Sequence[Agent]) -> Action:
    """An action with what templates of its name, or of every action (``*``), say (C2PA 2.4, actions v2). What it says itself stands; of
    several source types the one that says most of models."""
    of_it = [one for one in templates if one.action in (action.action, "*", NOT_UNDERSTOOD)]
    types = sorted((one.source_type for one in of_it if one.source_type), key=_weight)
    programs = (_program(one, agents) for one in (action, *of_it))
    return msgspec.structs.replace(
        action,
        source_type_said=action.source_type or (types[0] if types else None),
        agent=next((one for one in programs if one.name), None),
        related=None,
    )


def _weight(term: str) -> int:
    return next((place for place, some in enumerate((GENERATIVE, (NOT_UNDERSTOOD,), ASSISTIVE)) if term in some), 3)


def _program(action: Action, agents: Sequence[Agent]) -> Agent:
    index = action.agent_index
    listed = agents[index] if index is not None and 0 <= index < len(agents) else Agent()
    return action.program if action.program.name else listed


def is_doubtful(ingredient: Ingredient, deltas: tuple[Delta, ...]) -> bool:
    """Whether an ingredient's own manifest failed, when it was taken in or now. Not being trusted is no failure of its content."""
    codes = {status.code for status in (*ingredient.validation_status, *ingredient.validation_results.active.failure)}
    for delta in deltas:
        if ingredient.label and delta.uri.endswith(f"/{ingredient.label}"):
            codes |= {status.code for status in delta.validation_deltas.failure}
    return any(_counts_against(code) for code in codes)


def _counts_against(code: str) -> bool:
    """Whether a status is about content or signature; about who signed, and when, others may think as they like."""
    if code.startswith(("signingCredential.", "timeStamp.", "timeOfSigning.")):
        return code == "signingCredential.revoked"
    return not code.endswith((".match", ".validated", ".insideValidity"))
