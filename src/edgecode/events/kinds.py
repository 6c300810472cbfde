"""The kinds of events: past-tense facts in fixed sections. Each class is one kind and its version; refs name records only.

Adding a field with a default is allowed; anything else is a new version with an upcast in `events.registry`
(docs/decisions/0004-event-kinds.md). Units: frames are integers, rates ``"num/den"``, times milliseconds since 1970.
"""

from typing import ClassVar, Literal

from msgspec import Struct

from edgecode.terms.evidence import AiUse, Grade
from edgecode.terms.identity import RecordId, Sha256
from edgecode.terms.steps import InputRole, ModelUse, StepKind


class Section(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=False):
    """A part of an event that is committed to on its own."""


class Event(Struct, frozen=True, omit_defaults=True):
    """One thing that happened. *TYPE* is its kind and version as written in the leaf."""

    TYPE: ClassVar[str]

    def refs(self) -> tuple[RecordId, ...]:
        """The records this event is about, for the leaf; sorted, each once."""
        return ()


def sorted_refs(*ids: RecordId) -> tuple[RecordId, ...]:
    """The given records, sorted, each once, empty ones left out."""
    return tuple(sorted({identity for identity in ids if identity}))


MediaClass = Literal["still", "sequence", "video", "audio", "model", "dataset", "other"]


class MediaNumbers(Section, frozen=True):
    """What a file's own header says of it in numbers; empty or zero: the header does not say.

    *media_type*: from our own list. *rate*: ``"num/den"`` frames a second. *frames*: how many. *first_frame*: the number of its first
    frame in file names (sequences). *start_label*: the timecode label of its first frame, *start*: the same in frames at *rate*.
    """

    media_class: MediaClass
    media_type: str = ""
    width: int = 0
    height: int = 0
    rate: str = ""
    frames: int = 0
    first_frame: int = 0
    start_label: str = ""
    start: int | None = None
    drop_frame: bool = False
    sample_rate: int = 0
    samples: int = 0
    channels: int = 0


class MediaFacts(MediaNumbers, frozen=True):
    """The numbers as an event says them plainly. A kind of its own, so that no reading with words in it fits into a `fact`."""


class HeaderWords(Section, frozen=True):
    """What a file's own header says in words. Sealed with the production's key: reels, scenes and devices are called after persons.

    *reel*: source reel. *camera*: make and model. *header*: further technical attributes, no personal ones.
    *header_key*: one short text that files of one device or program share (camera make, model; software), for grouping.
    *start_label*: a label of the first frame that is no timecode.
    """

    reel: str = ""
    camera: str = ""
    software: str = ""
    header_key: str = ""
    header: dict[str, str] = {}
    start_label: str = ""


class PlaceSection(Section, frozen=True):
    """Where it was: root id, percent-encoded relative path, text for people."""

    root: str
    path: str
    text: str = ""


# ---------------------------------------------------------------------------------------------------- production


class ProductionFact(Section, frozen=True):
    production: RecordId
    title: str
    created_with: str


class ProductionOpened(Event, frozen=True):
    """The first event of a log."""

    TYPE: ClassVar[str] = "production.opened/1"
    fact: ProductionFact

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.production)


class RootFact(Section, frozen=True):
    """*root*: the media root's id, as in `PlaceSection`."""

    root: str


class RootPlace(Section, frozen=True):
    """Every name under which the tree is known: ``/mnt/show``, ``Z:\\show``."""

    names: tuple[str, ...]


class RootNamed(Event, frozen=True):
    """A tree of media is known under these names from here on; paths in cuts are matched with them."""

    TYPE: ClassVar[str] = "root.named/1"
    fact: RootFact
    place: RootPlace | None = None


# ---------------------------------------------------------------------------------------------------- versions


class VersionFact(Section, frozen=True):
    """*supersedes*: the version that this one replaces at the same place (a render that grew, a file that changed)."""

    version: RecordId
    media: MediaFacts
    supersedes: RecordId = ""


class VersionBytes(Section, frozen=True):
    """*other*: further digests of the same bytes that we computed ourselves, by algorithm, in hexadecimal."""

    sha256: Sha256
    size: int
    other: dict[str, str] = {}


class VersionSeen(Event, frozen=True):
    """A file was read: these bytes, at this place. A version seen again elsewhere is the same version with another place."""

    TYPE: ClassVar[str] = "version.seen/1"
    fact: VersionFact
    bytes: VersionBytes | None = None
    place: PlaceSection | None = None
    recipe: HeaderWords | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.version, self.fact.supersedes)


class SequenceFact(Section, frozen=True):
    """An image sequence: frames *first* to *last* with the numbers in *missing* absent (ranges, both ends included)."""

    version: RecordId
    first: int
    last: int
    count: int
    media: MediaFacts
    padding: int = 0
    missing: tuple[tuple[int, int], ...] = ()
    supersedes: RecordId = ""


class SequenceBytes(Section, frozen=True):
    """*frames*: (frame number, SHA-256, bytes) in frame order; *size* is their sum in bytes."""

    sequence_root: Sha256
    size: int
    frames: tuple[tuple[int, Sha256, int], ...]


class SequenceSeen(Event, frozen=True):
    """An image sequence was read: one asset with its frames."""

    TYPE: ClassVar[str] = "sequence.seen/1"
    fact: SequenceFact
    bytes: SequenceBytes | None = None
    place: PlaceSection | None = None
    recipe: HeaderWords | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.version, self.fact.supersedes)


# ---------------------------------------------------------------------------------------------------- steps


class FrameMap(Section, frozen=True):
    """Which input frames an output frame needs, for output frames *first* up to, not including, *end* (version frame numbers).

    *same*: input frame = output frame + low. *window*: output + low … output + high. *any*: all of low … high (both included).
    Without a map: the same frame between sequences and videos, the whole of a model, still or sound.
    """

    kind: Literal["same", "window", "any"]
    first: int
    end: int
    low: int = 0
    high: int = 0


class StepInput(Section, frozen=True):
    version: RecordId
    role: InputRole = InputRole.PICTURE
    frames: tuple[FrameMap, ...] = ()


class Tool(Section, frozen=True):
    """A program. In `fact` only a well-known one (`terms.programs`); a script's name is a file's, and often its author's."""

    name: str
    version: str = ""


class StepFact(Section, frozen=True):
    """One act of making.

    *source*: which reader or hook said so (``comfyui.png``, ``record``, ``run``). *grade*: how well that source knows.
    *ai*: what the step says of itself; None when it says nothing (then the kind's own). *covers*: for a vendor's return, the
    frames of the output that the return accounts for, as (first, end) pairs, and *origins* the classes it declares for them;
    frames outside are ``vendor-open``. For a record of making that only some frames of a sequence carry: these frames, and it
    says nothing of the others. *line*: a keyed digest of the step/1 line that was recorded; "" where there was none.
    """

    step: RecordId
    kind: StepKind
    source: str
    grade: Grade
    outputs: tuple[RecordId, ...]
    inputs: tuple[StepInput, ...] = ()
    tool: Tool | None = None
    ai: AiUse | None = None
    status: Literal["done", "failed", "unknown"] = "done"
    started: int = 0
    ended: int = 0
    covers: tuple[tuple[int, int], ...] | None = None
    origins: str = ""
    line: str = ""


class StepBytes(Section, frozen=True):
    """Digests that the step's source claims for inputs that were not read: version id to SHA-256.

    *aliases*: other hashes that it claims, by version id and dialect (md5, c4, xxh128, …): they find bytes and never prove them."""

    claimed: dict[RecordId, Sha256] = {}
    aliases: dict[RecordId, dict[str, str]] = {}


class StepPlace(Section, frozen=True):
    """Names and paths as the source wrote them, for inputs and outputs: version id to text.

    *tool*: the program as it calls itself, where `fact` does not say it whole. *turnover*: the number of the turnover that a vendor's
    return answers.
    """

    names: dict[RecordId, str] = {}
    folder: str = ""
    tool: Tool | None = None
    turnover: str = ""


class Recipe(Section, frozen=True):
    """Models, seeds (decimal strings) and settings (strings). Sealed with the production's key."""

    models: tuple[ModelUse, ...] = ()
    seeds: tuple[str, ...] = ()
    settings: dict[str, str] = {}


class GraphSection(Section, frozen=True):
    """The foreign tool's documents as received, secrets scrubbed: (name, media type, bytes in base64).

    *left_out*: documents too large to keep: (name, media type, SHA-256, bytes).
    """

    parts: tuple[tuple[str, str, str], ...]
    left_out: tuple[tuple[str, str, Sha256, int], ...] = ()


class TextSection(Section, frozen=True):
    """Prompts, notes, comments: (where it stood, text). Sealed with the step's, cut's or answer's own key."""

    items: tuple[tuple[str, str], ...]


class StepPerformed(Event, frozen=True):
    """Somebody or something made or changed versions."""

    TYPE: ClassVar[str] = "step.performed/1"
    fact: StepFact
    bytes: StepBytes | None = None
    place: StepPlace | None = None
    recipe: Recipe | None = None
    graph: GraphSection | None = None
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.step, *self.fact.outputs, *(used.version for used in self.fact.inputs))[:200]


class StepWithdrawalFact(Section, frozen=True):
    step: RecordId


class StepWithdrawn(Event, frozen=True):
    """A recorded step was taken back: it made nothing, and its inputs are not behind its outputs. The text says why."""

    TYPE: ClassVar[str] = "step.withdrawn/1"
    fact: StepWithdrawalFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.step)


class ModelFact(Section, frozen=True):
    """*version*: the file of weights, seen or only named. *kind*: as in ModelUse."""

    version: RecordId
    kind: str = "other"


class NameSection(Section, frozen=True):
    """What models and sets of material are called; sealed with the production's key, since a LoRA may be called after a person.

    *header*: what its own header says (license, title, base).
    """

    name: str
    header: dict[str, str] = {}


class HashesSection(Section, frozen=True):
    """*computed*: digests of bytes we read; *claimed*: what a tool says. Both by dialect (sha256, autov2, autov3, blake3)."""

    computed: dict[str, str] = {}
    claimed: dict[str, str] = {}
    size: int = 0


class ModelKnown(Event, frozen=True):
    """A file of weights is known, by its bytes or by name and claimed hashes alone."""

    TYPE: ClassVar[str] = "model.known/1"
    fact: ModelFact
    recipe: NameSection | None = None
    bytes: HashesSection | None = None
    place: PlaceSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.version)


class DatasetFact(Section, frozen=True):
    """*items*: how many, None when nobody knows."""

    version: RecordId
    items: int | None = None
    members: tuple[RecordId, ...] = ()


class DatasetKnown(Event, frozen=True):
    """A set of material that models are trained on is known."""

    TYPE: ClassVar[str] = "dataset.known/1"
    fact: DatasetFact
    recipe: NameSection | None = None
    bytes: HashesSection | None = None
    place: PlaceSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.version, *self.fact.members)[:200]


# ---------------------------------------------------------------------------------------------------- cuts


class TrackFact(Section, frozen=True):
    kind: Literal["picture", "sound", "other"]
    enabled: bool = True
    source: int = 0


class EffectFact(Section, frozen=True):
    """What an effect counts as; what it is called, and its schema, are in `place`."""

    seen: Literal["plain", "generative", "unknown"] = "unknown"
    enabled: bool = True
    inherited: Literal["", "nest", "track"] = ""


class TransitionFact(Section, frozen=True):
    track: int
    record: tuple[int | str, int | str]
    seen: Literal["plain", "generative", "unknown"] = "plain"


class ClipFact(Section, frozen=True):
    """One use in numbers and kinds: nothing in it is text of the cut's, so no name is (that is in `place`).

    Numbers are integers or ``"num/den"``; *source* is None when not computable.
    """

    id: RecordId
    kind: Literal["picture", "sound", "title", "generator", "black", "other"]
    path: tuple[int, ...]
    record: tuple[int | str, int | str]
    source_rate: str = ""
    source: int | str | None = None
    scale: int | str | None = None
    enabled: bool = True
    side: Literal["", "in", "out"] = ""
    effects: tuple[EffectFact, ...] = ()
    media_kind: Literal["file", "sequence", "generator", "none"] = "none"
    reel_is_truncated: bool = False
    available: tuple[int | str, int | str] | None = None
    sequence: tuple[int, int, int] | None = None
    placed: Literal["exact", "somewhere"] = "exact"


class DiagnosticFact(Section, frozen=True):
    """A problem of the reading without its words, which may quote the file; these are in `place`, in the same order."""

    code: str
    line: int = 0
    effect: Literal["none", "approximate", "row-missing"] = "none"


class CutFact(Section, frozen=True):
    """A reading of a cut. *start*: record timecode of the first frame in frames. *supersedes*: an older reading of the same cut."""

    cut: RecordId
    format: str
    reader: str
    rate: str
    start: int
    frames: int
    tracks: tuple[TrackFact, ...]
    clips: tuple[ClipFact, ...]
    transitions: tuple[TransitionFact, ...] = ()
    diagnostics: tuple[DiagnosticFact, ...] = ()
    drop_frame: bool = False
    effects_visible: bool = True
    supersedes: RecordId = ""


class CutBytes(Section, frozen=True):
    """SHA-256 of every file the cut was read from, in order."""

    inputs: tuple[Sha256, ...]


class ClipPlace(Section, frozen=True):
    """What a cut calls a clip, the nested cuts around it, and the files that it shows: all text of the cut's about one clip but comments.

    *event*, *label*: the event's number and the source timecode as written. *effects*: name and schema of each, in order. A reel is
    here because people call reels after files and persons, and because programs write file names where reels belong.
    """

    name: str = ""
    nest: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    prefix: str = ""
    suffix: str = ""
    others: tuple[str, ...] = ()
    event: str = ""
    label: str = ""
    reel: str = ""
    reel_full: str = ""
    codes: tuple[str, ...] = ()
    umids: tuple[str, ...] = ()
    generator: str = ""
    effects: tuple[tuple[str, str], ...] = ()


class CutPlace(Section, frozen=True):
    """Names, paths and URLs as written in the cut, which are often those of files and sometimes of people.

    *name*: what the cut is called. *clips*: clip id to what it is called and shows. *files*: the cut's own file names. *problems*:
    text and place in the file of every diagnostic, in order. *tracks*: names of the tracks, *transitions*: name and kind of each, in
    order; () when none has a name. *labels*: what an EDL of unknown rate says, as `CutReading.labels`.
    """

    name: str = ""
    clips: dict[RecordId, ClipPlace] = {}
    files: tuple[str, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    tracks: tuple[str, ...] = ()
    transitions: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()


class CutAdded(Event, frozen=True):
    """A cut was handed over and read."""

    TYPE: ClassVar[str] = "cut.added/1"
    fact: CutFact
    bytes: CutBytes | None = None
    place: CutPlace | None = None
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.cut, self.fact.supersedes)


class ConformDecision(Section, frozen=True):
    """*clip* shows *version*; "" takes an earlier decision back. *frame*: the version's frame seen at the clip's record in."""

    clip: RecordId
    version: RecordId = ""
    frame: int | None = None


class ConformFact(Section, frozen=True):
    cut: RecordId
    decisions: tuple[ConformDecision, ...]


class ConformDecided(Event, frozen=True):
    """A person said which version a clip shows."""

    TYPE: ClassVar[str] = "conform.decided/1"
    fact: ConformFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        named = (item for decision in self.fact.decisions for item in (decision.clip, decision.version))
        return sorted_refs(self.fact.cut, *named)[:200]


# ---------------------------------------------------------------------------------------------------- answers


class Claim(Section, frozen=True):
    """What the answer says of the making: a kind of step, and AI use where it differs from the kind's own."""

    kind: StepKind
    ai: AiUse | None = None


class AnswerFact(Section, frozen=True):
    """A declaration about a group. It covers exactly *versions* and *clips* (uses that no version is known for) of *cut*.

    *about*: ``making`` (how they were made) or ``effects`` (the editing program's effects on these clips were plain ones).
    *by*: the rule's kinds that selected the group (folder, reel, header, turnover, clip); its words are in `place`.
    """

    answer: RecordId
    cut: RecordId
    claim: Claim
    about: Literal["making", "effects"] = "making"
    by: tuple[str, ...] = ()
    versions: tuple[RecordId, ...] = ()
    clips: tuple[RecordId, ...] = ()


class AnswerPlace(Section, frozen=True):
    """The rule's words: folders, reel prefixes, header keys as the person gave them."""

    rule: dict[str, str] = {}


class AnswerGiven(Event, frozen=True):
    """A person settled a group of open questions; everything it says is declared."""

    TYPE: ClassVar[str] = "answer.given/1"
    fact: AnswerFact
    place: AnswerPlace | None = None
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.answer, self.fact.cut, *self.fact.versions, *self.fact.clips)[:200]


class WithdrawalFact(Section, frozen=True):
    answer: RecordId


class AnswerWithdrawn(Event, frozen=True):
    """An answer was taken back; what it settled is open again."""

    TYPE: ClassVar[str] = "answer.withdrawn/1"
    fact: WithdrawalFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.answer)
