"""The parts of a C2PA manifest store that edgecode reads, as the library gives them in JSON: claims, actions, ingredients, statuses."""

from collections.abc import Iterator, Mapping

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
    """One act, in the order of the manifest. *source_type*: the last part of IPTC's digital source type, "" where none is said."""

    action: str = ""
    source_type_url: str = field(default="", name="digitalSourceType")
    agent: Agent | str | None = field(default=None, name="softwareAgent")
    parameters: msgspec.Raw = msgspec.Raw(b"null")

    @property
    def source_type(self) -> str:
        """In IPTC's vocabulary, or C2PA's own addition to it."""
        base, _, last = self.source_type_url.rpartition("/")
        return last if base.removeprefix("https").removeprefix("http") in _VOCABULARIES and last.isalnum() else ""

    @property
    def program(self) -> Agent:
        """What did it, as far as the action says."""
        return Agent(self.agent) if isinstance(self.agent, str) else self.agent or Agent()


_VOCABULARIES = ("://cv.iptc.org/newscodes/digitalsourcetype", "://c2pa.org/digitalsourcetype")


class _Actions(Struct, frozen=True):
    actions: tuple[Action, ...] = ()


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
    """Every action of the manifest's action assertions, in order; an assertion that cannot be read has none."""
    for assertion in manifest.assertions:
        if assertion.label.partition("__")[0] in ("c2pa.actions", "c2pa.actions.v2"):
            try:
                yield from msgspec.json.decode(assertion.data, type=_Actions).actions
            except (msgspec.DecodeError, RecursionError):
                continue


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
