"""Kinds of events that the doors of the pipeline bring: takes, reviews, credentials, histories of copies, turnovers.

`fact` holds ids, numbers and words from fixed lists; slates, names of files, notes and the words of others stand sealed in `place`,
`recipe` and `text`. Nothing here ranks or times a worker: who reviewed is a member's id or nobody. (docs/decisions/0017-doors.md)
"""

from typing import ClassVar, Literal

from edgecode.events.kinds import Event, HashesSection, Section, TextSection, sorted_refs
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import DocumentBytes
from edgecode.terms.identity import RecordId

TakeOf = Literal["camera", "capture", "sound", "voice", "other"]
Circled = Literal["yes", "no", "unsaid"]
ReviewOutcome = Literal["note", "approved", "rejected", "kept", "requested"]
ReviewSource = Literal["table", "kitsu", "flow", "ftrack", "ayon", "openassetio", "comfyui", "person", "other"]
CredentialStanding = Literal["trusted", "untrusted", "expired", "invalid", "remote"]
"""How a C2PA manifest validates here. *trusted*: intact, signed by somebody the production trusts. *untrusted*: intact, signed by somebody
else. *expired*: intact, its certificate was out of date and no trusted time stamp saves it. *invalid*: content or signature does not
match. *remote*: it is elsewhere, and nobody fetched it."""

HistoryProcess = Literal["in-place", "transfer", "flatten"]
ChainStanding = Literal["matches", "differs", "absent"]


class TakeFact(Section, frozen=True):
    """*versions*: the take's files. *first*, *end*: the frames of the one version that are the take, half open; None: all.

    *session*: the capture session it belongs to. *circled*: whether somebody on set chose it.
    """

    take: RecordId
    of: TakeOf
    versions: tuple[RecordId, ...] = ()
    session: RecordId = ""
    circled: Circled = "unsaid"
    first: int | None = None
    end: int | None = None


class TakeNames(Section, frozen=True):
    """*values*: what the slate and the sheet say, by word: scene, slate, take, camera_roll, sound_roll, reel, timecode_in, timecode_out,
    day."""

    values: dict[str, str] = {}


class TakeNoted(Event, frozen=True):
    """A sheet, a log or a header says which take a file is. `person`: whose body, face or voice it is, where it is one person's."""

    TYPE: ClassVar[str] = "take.noted/1"
    fact: TakeFact
    place: TakeNames | None = None
    person: PersonSection | None = None
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.take, self.fact.session, *self.fact.versions)[:200]


class ReviewFact(Section, frozen=True):
    """*about*: versions, cuts or steps. *first*, *end*: frames of the one version, half open; None: all of it.

    *mark*: a keyed digest of the outside system's own event, so that it is taken once. *at*: milliseconds since 1970, 0: nobody says.
    *by*: a member of the production; "": somebody outside it, or nobody says.
    """

    review: RecordId
    about: tuple[RecordId, ...]
    outcome: ReviewOutcome
    source: ReviewSource = "other"
    mark: str = ""
    at: int = 0
    by: RecordId = ""
    first: int | None = None
    end: int | None = None


class ReviewNoted(Event, frozen=True):
    """Somebody looked at versions and said something: human direction, never a step that makes pixels. The words are in `text`."""

    TYPE: ClassVar[str] = "review.noted/1"
    fact: ReviewFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.review, self.fact.by, *self.fact.about)[:200]


class CredentialFact(Section, frozen=True):
    """*version*: the file that carries the manifest, or lies beside it. *codes*: validation statuses of C2PA 2.4, section 15, as the reader
    gives them. *source_types*: last parts of IPTC's digital source types that its actions name. *actions*: names of its actions that C2PA
    defines, in order. *ai*: whether the manifest says that a model made some of it; ``unsaid`` is not no. *reader*: program and version.
    *manifests*: how many the store holds. *signed*: milliseconds since 1970 by a trusted time stamp, 0 without one.
    *step*: the act of making that was recorded of it, "" for none. *covers*: the frames of a sequence that carry it; none: all of it.
    """

    credential: RecordId
    version: RecordId
    standing: CredentialStanding
    reader: str
    codes: tuple[str, ...] = ()
    source_types: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    ai: Literal["generative", "assistive", "none", "unsaid"] = "unsaid"
    manifests: int = 0
    signed: int = 0
    step: RecordId = ""
    covers: tuple[tuple[int, int], ...] = ()


class CredentialWords(Section, frozen=True):
    """*values*: generator, title, issuer, subject of the certificate, location of a remote manifest; ``trust``: the mark of the
    certificates that it was judged by; ``beside``: one digest of the files beside it or its frames, where there may be several;
    ``taken_back``: in a repeated reading, the manifests whose steps people took back. *manifest*: its JSON without
    thumbnails, at most 256 KiB ("" where it is longer)."""

    values: dict[str, str] = {}
    manifest: str = ""


class CredentialRead(Event, frozen=True):
    """A file came with a C2PA manifest, which was read without the network. `bytes`: of the manifest store."""

    TYPE: ClassVar[str] = "credential.read/1"
    fact: CredentialFact
    bytes: DocumentBytes | None = None
    recipe: CredentialWords | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.credential, self.fact.version, self.fact.step)


class HistoryFact(Section, frozen=True):
    """One generation of an ASC MHL history (ASC MHL 1.0, 2022-03-15). *chain*: whether the chain file lists this manifest by its C4.

    *files* with a hash; *failed*, *renamed*, *missing*: as the generation and a look at the files say. *step*: the step it is. *verified*:
    how many of its files were read here and had the digest that it claims.
    """

    history: RecordId
    generation: int
    process: HistoryProcess
    chain: ChainStanding
    files: int = 0
    failed: int = 0
    renamed: int = 0
    missing: int = 0
    verified: int = 0
    step: RecordId = ""


class HistoryNames(Section, frozen=True):
    """*values*: names of the manifest and its folder, tool, created (as written), location."""

    root: str = ""
    path: str = ""
    values: dict[str, str] = {}


class HistoryRead(Event, frozen=True):
    """A generation of a history of copies was read. `bytes.computed`: C4 of the manifest and of the chain file. `text`: who made it."""

    TYPE: ClassVar[str] = "history.read/1"
    fact: HistoryFact
    bytes: HashesSection | None = None
    place: HistoryNames | None = None
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.history, self.fact.step)


class AskedFrames(Section, frozen=True):
    """Frames *first* up to, not including, *end* of a version, in its own numbers, or of a clip of a cut, in frames of the cut."""

    first: int
    end: int
    version: RecordId = ""
    clip: RecordId = ""


class TurnoverFact(Section, frozen=True):
    """*asks*: what the vendor is to account for. *vendor*: a party's or member's record; "" where nobody noted one. *due*: a day."""

    turnover: RecordId
    asks: tuple[AskedFrames, ...]
    cut: RecordId = ""
    vendor: RecordId = ""
    due: str = ""


class TurnoverNames(Section, frozen=True):
    """*number*: the turnover's as people call it. *vendor*: the house's name. *shots*: what each of `asks` is called, in order."""

    number: str = ""
    vendor: str = ""
    shots: tuple[str, ...] = ()


class TurnoverSent(Event, frozen=True):
    """Frames were handed to a house outside, which is asked to account for them. `bytes`: of the request, as it was handed over."""

    TYPE: ClassVar[str] = "turnover.sent/1"
    fact: TurnoverFact
    place: TurnoverNames | None = None
    text: TextSection | None = None
    bytes: DocumentBytes | None = None

    def refs(self) -> tuple[RecordId, ...]:
        asked = (one for each in self.fact.asks for one in (each.version, each.clip))
        return sorted_refs(self.fact.turnover, self.fact.cut, self.fact.vendor, *asked)[:200]


class TurnoverReturn(Section, frozen=True):
    """*answered*: the frames that the return accounts for, a part of what was asked. *form*: the house's own log with proofs, or a form
    that somebody filled in. *steps*: the steps that were recorded of it. *origin*, *size*: of the house's log, "" and 0 for a form."""

    returned: RecordId
    turnover: RecordId
    form: Literal["log", "form"]
    answered: tuple[AskedFrames, ...] = ()
    steps: tuple[RecordId, ...] = ()
    origin: str = ""
    size: int = 0


class TurnoverReturned(Event, frozen=True):
    """A house outside answered a turnover; frames asked and not answered stay open. `bytes`: of the file that came. `text`: who signed."""

    TYPE: ClassVar[str] = "turnover.returned/1"
    fact: TurnoverReturn
    bytes: DocumentBytes | None = None
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.returned, self.fact.turnover, *self.fact.steps)[:200]


DOOR_KINDS: tuple[type[Event], ...] = (
    TakeNoted,
    ReviewNoted,
    CredentialRead,
    HistoryRead,
    TurnoverSent,
    TurnoverReturned,
)
"""Kept whole by the index beside those about rights, and sealed by the same rules."""
