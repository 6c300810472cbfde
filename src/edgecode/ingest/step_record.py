"""The contract step/1: what one act of making looks like in one line of JSON. Every connector, hook and script speaks it.

Explained in docs/reference/step-record.md, decided in docs/decisions/0006-step-record.md. Only fields with defaults may ever be
added; anything else is step/2. Large or exact numbers (seeds, settings) are decimal strings, because JSON readers round.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import InputRole, StepKind

SCHEMA: Literal["edgecode.step/1"] = "edgecode.step/1"

ShortText = Annotated[str, Meta(max_length=4096)]
HexDigest = Annotated[str, Meta(pattern="^[0-9a-fA-F]{64}$")]
WholeFrame = Annotated[int, Meta(ge=-(2**31), lt=2**53)]
Decimal = Annotated[str, Meta(max_length=400)]
Moment = Annotated[int, Meta(ge=0, lt=2**53)] | Annotated[str, Meta(max_length=64)]
"""Milliseconds since 1970, or RFC 3339 text with its zone (``2026-11-02T14:05:00+01:00``)."""


class RecordedTool(Struct, frozen=True, omit_defaults=True):
    """What did it: a program's name and version as it calls itself."""

    name: ShortText
    version: ShortText = ""


class RecordedFrames(Struct, frozen=True, omit_defaults=True):
    """Which input frames the output frames *first* up to, not including, *end* need, in the versions' own frame numbers.

    ``same``: input frame = output frame + low. ``window``: output + low … output + high. ``any``: all of low … high.
    """

    first: WholeFrame
    end: WholeFrame
    kind: Literal["same", "window", "any"] = "same"
    low: WholeFrame = 0
    high: WholeFrame = 0


class RecordedFile(Struct, frozen=True, omit_defaults=True):
    """One file or image sequence, by any of: its path (a sequence with ``%04d``, ``####``, ``$F4`` or ``[1001-1020]``), its
    content, its version in this production, its edge code. *name* is for people when there is no path. *hashes*: what somebody claims of
    its bytes by dialect (md5, c4, xxh128, …); they are kept as claims and name nothing."""

    path: ShortText = ""
    sha256: HexDigest | None = None
    sequence_root: HexDigest | None = None
    version: ShortText = ""
    edge_code: ShortText = ""
    name: ShortText = ""
    hashes: dict[str, ShortText] = {}


class RecordedInput(RecordedFile, frozen=True, omit_defaults=True):
    """Something the step used. Coverage follows picture, sound and reference; the other roles are rights questions."""

    role: InputRole = InputRole.PICTURE
    frames: tuple[RecordedFrames, ...] = ()


class RecordedModel(Struct, frozen=True, omit_defaults=True):
    """A file of weights or a service's model: *kind* as checkpoint, lora, vae, voice, …; digests by dialect (sha256, autov2, …)."""

    name: ShortText
    kind: ShortText = "other"
    hashes: dict[str, ShortText] = {}
    strength: Decimal = ""


class RecordedText(Struct, frozen=True, omit_defaults=True):
    """A prompt, a note, a script. Sealed with a key of its own, never printed without being asked for."""

    text: str
    name: ShortText = ""


class RecordedDocument(Struct, frozen=True, omit_defaults=True):
    """A foreign document as it was (a node graph, a job file): as text, or in base64 where it is no text."""

    name: ShortText
    media_type: ShortText = "application/octet-stream"
    text: str | None = None
    base64: str | None = None


class RecordedReturn(Struct, frozen=True, omit_defaults=True):
    """A vendor's return. *covers*: the output frames it accounts for, as [first, end) pairs; *origins*: the classes it declares
    for them, letters of C P H G A. Frames outside stay open."""

    turnover: ShortText = ""
    covers: tuple[tuple[WholeFrame, WholeFrame], ...] = ()
    origins: Annotated[str, Meta(pattern="^[CPHGA]*$", max_length=5)] = ""


class RecordedDataset(RecordedFile, frozen=True, omit_defaults=True):
    """Material that something was trained on. *items*: how many, absent when nobody knows."""

    items: Annotated[int, Meta(ge=0, lt=2**53)] | None = None
    members: tuple[RecordedFile, ...] = ()


class StepRecord(Struct, frozen=True, omit_defaults=True):
    """One act of making.

    *id*: any text that is this step's own; the same line with a known id is taken once, another one is refused. *ai*: what a model
    did, where it differs from the kind's own. *grade*: ``logged`` when the writer recorded it as it happened; ``declared``, the
    default, when it is somebody's word. *folder*: what relative paths start from.
    """

    schema: Literal["edgecode.step/1"]
    kind: StepKind
    outputs: tuple[RecordedFile, ...]
    id: Annotated[str, Meta(max_length=200)] = ""
    tool: RecordedTool | None = None
    ai: AiUse | None = None
    grade: Literal["declared", "logged"] = "declared"
    status: Literal["done", "failed", "unknown"] = "done"
    started: Moment = 0
    ended: Moment = 0
    folder: ShortText = ""
    inputs: tuple[RecordedInput, ...] = ()
    models: tuple[RecordedModel, ...] = ()
    datasets: tuple[RecordedDataset, ...] = ()
    seeds: tuple[Decimal, ...] = ()
    settings: dict[str, str] = {}
    texts: tuple[RecordedText, ...] = ()
    graph: tuple[RecordedDocument, ...] = ()
    vendor: RecordedReturn | None = None
