"""Turns a C2PA manifest that was read into events: that it was read, how it stands, and the act of making that it tells."""

from collections.abc import Sequence

from msgspec import Struct

from edgecode.events.door_kinds import CredentialFact, CredentialRead, CredentialWords
from edgecode.events.kinds import Event, StepBytes, StepFact, StepInput, StepPerformed, StepPlace
from edgecode.events.rights_kinds import DocumentBytes
from edgecode.ingest.credential_making import SaidInput, SaidMaking, action_names, ai_in, making_in, source_types
from edgecode.ingest.credentials import Credential, reader_name
from edgecode.ingest.known import Known
from edgecode.ingest.making import NewId, models_used, recipe_of, tool_in_sections
from edgecode.ingest.storable import storable, whole_text
from edgecode.terms.evidence import Grade
from edgecode.terms.identity import RecordId

SOURCE = "c2pa"
"""What steps say that came from manifests."""


class Carrier(Struct, frozen=True):
    """What a manifest speaks of: a version, or the frames *covers* of it. *sidecar*: SHA-256 and bytes of the file beside it, None where
    the manifest is inside. *beside*: one digest of all files beside it, or beside a sequence's frames, "" where there is one or none.
    *taken_back*: which of its version's manifests people had taken the steps of back when it was read again, in the reader's own words."""

    version: RecordId
    covers: tuple[tuple[int, int], ...] = ()
    sidecar: tuple[str, int] | None = None
    beside: str = ""
    taken_back: str = ""


def makes_a_step(credential: Credential) -> bool:
    """Whether what it says of making is worth recording: its content is intact, whoever signed it. An invalid one is a finding only."""
    return credential.standing in ("trusted", "untrusted", "expired") and credential.store is not None


def grade_of(credential: Credential) -> Grade:
    """Signed only for an intact one by somebody whom the production trusts, whose signature binds the file's bytes."""
    return Grade.SIGNED if credential.standing == "trusted" and credential.binds else Grade.DECLARED


def events_of(
    credential: Credential, carrier: Carrier, *, trust: str, with_step: bool, known: Known, new_id: NewId
) -> list[Event]:
    """What is recorded of a manifest. *trust*: the mark of the certificates it was judged by. *with_step*: its making too."""
    making = making_in(credential.store) if credential.store is not None and makes_a_step(credential) else None
    events: list[Event] = []
    step = ""
    if making is not None and with_step:
        walk = _Steps(credential, known=known, new_id=new_id)
        step = walk.step(making, carrier.version, grade=grade_of(credential), covers=carrier.covers)
        events += walk.events
    store = credential.store
    fact = CredentialFact(
        new_id(),
        carrier.version,
        credential.standing,
        reader_name(),
        codes=tuple(code for code in credential.codes if code.replace(".", "").isalnum() and code.isascii())[:100],
        source_types=source_types(store) if store is not None else (),
        actions=action_names(store) if store is not None else (),
        ai=ai_in(store) if store is not None else "unsaid",
        manifests=credential.manifests,
        signed=credential.signed,
        step=step,
        covers=carrier.covers,
    )
    judged = {
        key: value
        for key, value in (("trust", trust), ("beside", carrier.beside), ("taken_back", carrier.taken_back))
        if value
    }
    words = CredentialWords({**_words(credential), **judged}, credential.document)
    said = DocumentBytes(*carrier.sidecar) if carrier.sidecar is not None else None
    return [*events, CredentialRead(fact, said, storable(words))]


def _words(credential: Credential) -> dict[str, str]:
    if credential.store is None:
        return {"location": credential.location} if credential.location else {}
    manifest = credential.store.active
    generator = f"{manifest.generator.name} {manifest.generator.version}".strip()
    signature = manifest.signature_info
    words = {
        "generator": generator,
        "title": manifest.title,
        "issuer": signature.issuer,
        "subject": signature.common_name,
    }
    return {name: value for name, value in words.items() if value}


class _Steps:
    """Steps of one manifest store, those of ingredients first: an ingredient is a version that is only referred to."""

    def __init__(self, credential: Credential, *, known: Known, new_id: NewId) -> None:
        self._signed = credential.signed
        self._known = known
        self._new_id = new_id
        self.events: list[Event] = []

    def step(
        self, making: SaidMaking, version: RecordId, *, grade: Grade, covers: tuple[tuple[int, int], ...] = ()
    ) -> RecordId:
        claimed: dict[RecordId, str] = {}
        names: dict[RecordId, str] = {}
        inputs = [self._input(used, claimed, names) for used in making.inputs]
        new_models, weights = models_used(making.models, known=self._known, new_id=self._new_id)
        plain, sealed = tool_in_sections(making.tool.name, making.tool.version) if making.tool.name else (None, None)
        fact = StepFact(
            step=self._new_id(),
            kind=making.kind,
            source=SOURCE,
            grade=grade,
            outputs=(version,),
            inputs=(*_each_once(inputs), *weights),
            tool=plain,
            ai=making.ai,
            ended=self._signed if grade is Grade.SIGNED else 0,
            covers=covers or None,
        )
        self.events += [
            *new_models,
            StepPerformed(
                storable(fact),
                bytes=StepBytes(claimed) if claimed else None,
                place=storable(StepPlace(names, tool=sealed)) if names or sealed else None,
                recipe=recipe_of(making.models, (), {}),
            ),
        ]
        return fact.step

    def _input(self, used: SaidInput, claimed: dict[RecordId, str], names: dict[RecordId, str]) -> StepInput:
        found = self._known.version_of_content(used.sha256) if used.sha256 else []
        version = found[0] if found else self._new_id()
        if not found and used.sha256:
            claimed[version] = used.sha256
        if used.name:
            names[version] = whole_text(used.name)
        if used.making is not None and not found:
            # The claim's signature binds the file alone: what it went through before is its signer's word.
            self.step(used.making, version, grade=Grade.DECLARED)
        return StepInput(version, used.role)


def _each_once(inputs: Sequence[StepInput]) -> list[StepInput]:
    return list(dict.fromkeys(inputs))
