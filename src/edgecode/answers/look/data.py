"""What the look page shows, as plain values: the page's own JSON, independent of how the answers were found.

Frames are record frames from the start of the cut, half open. Runs of each medium cover the cut without holes.
"""

from msgspec import Struct

from edgecode.terms.evidence import AiUse, ConformMethod, Grade, Reason, Visibility
from edgecode.terms.identity import OriginLetter

SCHEMA = "edgecode.look/1"

NOT_PROVED: tuple[str, ...] = (
    "Records existed and are unaltered since they were signed. Not that they were true when written.",
    "The frames and the sound of this cut. Not rejected takes, other cuts, or what was fed to a model off the record.",
    "It does not detect AI. “Camera” means recorded as camera, with the grade shown.",
    "Times are as claimed by whoever recorded them.",
    "A match by name and timecode is an inference; an edge code is a pointer, never a proof.",
    "Nothing here is legal advice, and no page makes a film lawful.",
)
"""Printed at the foot of every page (product.md §16)."""


class LookRun(Struct, frozen=True, array_like=True):
    """Frames *first* up to *end* with one answer. *classes*: letters without M and U, such as ``CG``. *grade* None: unaccounted.

    *clips*: places of the clips that are seen or heard there, in the order in which matchback names them.
    """

    first: int
    end: int
    letter: OriginLetter
    classes: str = ""
    ai: AiUse = AiUse.NONE
    grade: Grade | None = None
    conform: ConformMethod = ConformMethod.NONE
    visibility: Visibility = Visibility.CERTAIN
    reasons: tuple[Reason, ...] = ()
    clips: tuple[int, ...] = ()


class LookTrack(Struct, frozen=True):
    """One track, bottom first: its name, its kind (picture, sound, other), whether it counts."""

    name: str
    kind: str
    enabled: bool = True


class LookClip(Struct, frozen=True, omit_defaults=True):
    """One use. *track*, *version*: places in their lists (version -1: none known). *maker*: one line.

    *source*: the version's frame seen at *first*, as frames from the version's own first frame, and *scale* its frames per
    frame of the cut; both as ``num/den`` or whole numbers in text, "" when not known. *why*: how the match was made or failed.
    """

    name: str
    track: int
    first: int
    end: int
    letter: OriginLetter
    version: int = -1
    kind: str = "picture"
    enabled: bool = True
    conform: str = ""
    grade: str = ""
    maker: str = ""
    why: str = ""
    source: str = ""
    scale: str = "1"
    nest: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


class LookStep(Struct, frozen=True, array_like=True):
    """One row of a version's lineage: *depth* from zero, how it relates, what it is, who or what made it.

    *unknown*: the reason when the chain breaks here.
    """

    depth: int
    relation: str
    what: str
    maker: str = ""
    letter: str = ""
    edge_code: str = ""
    grade: str = ""
    detail: str = ""
    unknown: str = ""


class LookVersion(Struct, frozen=True, omit_defaults=True):
    """A version on screen. *edge_code* without a frame; *picture* is the key of its thumbnail, "" for none; *media* its class.

    *lineage*: places of its rows in the page's list of steps, which versions share; *more*: rows that the page leaves out.
    """

    name: str
    edge_code: str = ""
    letter: str = "U"
    media: str = ""
    picture: str = ""
    frames: int = 0
    lineage: tuple[int, ...] = ()
    more: int = 0


class LookGap(Struct, frozen=True, array_like=True):
    """Frames in which a clip is unaccounted for one reason. *clip* is its place in the list of clips, -1 for none."""

    first: int
    end: int
    reason: Reason
    clip: int
    sound: bool = False


class LookQuestion(Struct, frozen=True):
    """A question that would settle *frames* frames, the gaps it is about (places in the list of gaps), and what to type."""

    text: str
    frames: int
    command: str = ""
    gaps: tuple[int, ...] = ()


class LookLedger(Struct, frozen=True):
    """The record the page was made from. *standing* is a verdict word: UNWITNESSED until somebody outside has seen it."""

    origin: str
    size: int
    root: str
    standing: str = "UNWITNESSED"


class LookData(Struct, frozen=True, kw_only=True, tag_field="schema", tag=SCHEMA):
    """Everything the page shows. *rate* ``num/den``; *start*: record timecode of the first frame in frames.

    *by_origin*, *mixed*, *ai*, *by_grade* are the sums of coverage/1, of the picture; *sound_by_origin* of the mix (empty: the
    cut carries none). *effects_not_visible*: frames whose editing effects the format cannot show. *recorded*: whether a production
    stands behind the page, in which questions can be answered; otherwise what it was made from is gone.
    """

    production: str
    cut: str
    recorded: bool = True
    rate: str
    drop_frame: bool = False
    start: int
    frames: int
    by_origin: dict[str, int]
    mixed: dict[str, int] = {}
    ai: dict[str, int] = {}
    by_grade: dict[str, int] = {}
    waived: int = 0
    effects_not_visible: int = 0
    sound_by_origin: dict[str, int] = {}
    runs: tuple[LookRun, ...]
    sound_runs: tuple[LookRun, ...] = ()
    tracks: tuple[LookTrack, ...]
    clips: tuple[LookClip, ...]
    versions: tuple[LookVersion, ...] = ()
    steps: tuple[LookStep, ...] = ()
    gaps: tuple[LookGap, ...] = ()
    questions: tuple[LookQuestion, ...] = ()
    ledger: LookLedger
    not_proved: tuple[str, ...] = NOT_PROVED
    made_with: str = "edgecode"

    @property
    def unaccounted(self) -> int:
        """Frames of the picture that nobody can explain."""
        return self.by_origin.get("U", 0)

    @property
    def with_ai(self) -> int:
        """Frames of the picture in which a model made content."""
        return self.ai.get("generative", 0)
