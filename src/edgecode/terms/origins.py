"""What a frame is made of: the one table that says what each step adds, and the account that a frame's lineage sums to.

An account is an integer of independent bits, so that the accounts of all ancestors are joined by a single ``|`` and nothing
that is known to be unknown can ever be lost on the way. Explained for people in docs/explanation/what-counts.md.
"""

from enum import StrEnum

from msgspec import Struct

from edgecode.terms.evidence import AiUse, Grade, Reason
from edgecode.terms.identity import OriginLetter
from edgecode.terms.steps import StepKind

Account = int
"""Joined bits of origin classes, AI use, grades and reasons; build with the functions below, join with ``|``."""


class Adds(StrEnum):
    """Where the origin of a step's output comes from.

    Recorded inputs that coverage follows are joined whatever the row says: a camera that filmed a generated wall shows generated picture.
    """

    OWN = "own class"
    INPUTS = "the union of its inputs"
    BOTH = "own class and the union of its inputs"
    NOBODY_KNOWS = "nothing: its making is unknown"


class Contribution(Struct, frozen=True):
    """What one kind of step adds: its own origin class (or none), whether inputs are followed, and its AI use unless stated."""

    adds: Adds
    letter: OriginLetter | None
    ai: AiUse
    explained: str


_C = Contribution
CONTRIBUTIONS: dict[StepKind, Contribution] = {
    StepKind.CAMERA: _C(Adds.OWN, "C", AiUse.NONE, "photographed for this production"),
    StepKind.SOUND_RECORDING: _C(Adds.OWN, "C", AiUse.NONE, "recorded on set for this production"),
    StepKind.CAPTURE: _C(Adds.OWN, "P", AiUse.NONE, "performance captured for this production"),
    StepKind.PAINT: _C(Adds.BOTH, "H", AiUse.NONE, "painted by a person"),
    StepKind.MODEL: _C(Adds.BOTH, "H", AiUse.NONE, "modeled by a person"),
    StepKind.ANIMATE: _C(Adds.BOTH, "H", AiUse.NONE, "animated by a person"),
    StepKind.TYPE: _C(Adds.BOTH, "H", AiUse.NONE, "typed by a person"),
    StepKind.DRAW: _C(Adds.BOTH, "H", AiUse.NONE, "drawn by a person"),
    StepKind.COMPOSE: _C(Adds.BOTH, "H", AiUse.NONE, "composed, played or designed by a person"),
    StepKind.RENDER: _C(Adds.BOTH, "H", AiUse.NONE, "computer graphics that people made"),
    StepKind.GENERATE: _C(Adds.BOTH, "G", AiUse.GENERATIVE, "made by a generative model"),
    StepKind.GENERATIVE_EDIT: _C(Adds.BOTH, "G", AiUse.GENERATIVE, "changed by a generative model"),
    StepKind.TRANSFER: _C(Adds.BOTH, "A", AiUse.NONE, "transferred from an archive"),
    StepKind.GRADE: _C(Adds.INPUTS, None, AiUse.NONE, "graded"),
    StepKind.KEY: _C(Adds.INPUTS, None, AiUse.NONE, "keyed"),
    StepKind.ROTO: _C(Adds.INPUTS, None, AiUse.NONE, "rotoscoped"),
    StepKind.RETIME: _C(Adds.INPUTS, None, AiUse.NONE, "retimed"),
    StepKind.DENOISE: _C(Adds.INPUTS, None, AiUse.NONE, "denoised"),
    StepKind.UPSCALE: _C(Adds.INPUTS, None, AiUse.NONE, "resized up"),
    StepKind.RESTORE: _C(Adds.INPUTS, None, AiUse.NONE, "restored"),
    StepKind.TRANSCODE: _C(Adds.INPUTS, None, AiUse.NONE, "transcoded"),
    StepKind.CONFORM: _C(Adds.INPUTS, None, AiUse.NONE, "conformed"),
    StepKind.COMP: _C(Adds.INPUTS, None, AiUse.NONE, "composited"),
    StepKind.MIX: _C(Adds.INPUTS, None, AiUse.NONE, "mixed"),
    StepKind.VENDOR: _C(Adds.INPUTS, None, AiUse.UNKNOWN, "returned by a vendor, as far as the return says"),
    StepKind.COMMAND: _C(Adds.INPUTS, None, AiUse.UNKNOWN, "made by a recorded command"),
    StepKind.IMPORT: _C(Adds.NOBODY_KNOWS, None, AiUse.UNKNOWN, "brought in from outside; its making is unknown"),
}
"""What every kind of step adds to a frame (FORMATS, "What a frame is made of")."""

NEEDS_INPUTS: frozenset[StepKind] = frozenset(
    kind for kind, row in CONTRIBUTIONS.items() if row.adds is Adds.INPUTS and kind is not StepKind.VENDOR
)
"""Steps that add nothing of their own: without a followed input their output has no origin, so it is `dangling-parent`."""

_LETTERS: tuple[OriginLetter, ...] = ("C", "P", "H", "G", "A")
_LETTER_BIT = {letter: 1 << i for i, letter in enumerate(_LETTERS)}
_REASON_BIT = {reason: 1 << 8 + i for i, reason in enumerate(Reason)}
_AI_BIT = {AiUse.NONE: 0, AiUse.ASSISTIVE: 1 << 16, AiUse.UNKNOWN: 1 << 17, AiUse.GENERATIVE: 1 << 18}
_GRADE_BIT = {grade: 1 << 20 + i for i, grade in enumerate(Grade)}
_LETTER_MASK = sum(_LETTER_BIT.values())
_REASON_MASK = sum(_REASON_BIT.values())
_GRADE_MASK = sum(_GRADE_BIT.values())
_AI_MASK = sum(_AI_BIT.values())

NOTHING: Account = 0
"""The account of nothing at all; joining it changes nothing. An account without a letter and a reason is not accounted."""


def origin(letter: OriginLetter) -> Account:
    """The account bit of one origin class. M and U are not classes but results, and raise KeyError."""
    return _LETTER_BIT[letter]


def unaccounted(reason: Reason) -> Account:
    """The account of something unknown: the reason, and AI use that could be either."""
    return _REASON_BIT[reason] | _AI_BIT[AiUse.UNKNOWN]


def graded(grade: Grade) -> Account:
    """The account bit of a claim's grade; joined grades keep every one, the weakest counts."""
    return _GRADE_BIT[grade]


def used(ai: AiUse) -> Account:
    """The account bit of an AI use."""
    return _AI_BIT[ai]


def classes_of(account: Account) -> str:
    """The origin classes in an account as letters in the order C P H G A, for example ``"CG"``."""
    return "".join(letter for letter, bit in _LETTER_BIT.items() if account & bit)


def letter_of(account: Account) -> OriginLetter:
    """One class its letter, several M, anything unknown (or nothing at all) U."""
    if account & _REASON_MASK or not account & _LETTER_MASK:
        return "U"
    classes = account & _LETTER_MASK
    return "M" if classes & (classes - 1) else _LETTERS[classes.bit_length() - 1]


def reasons_of(account: Account) -> list[Reason]:
    """Why the account is not whole, in printing order; empty when it is accounted for."""
    found = [reason for reason, bit in _REASON_BIT.items() if account & bit]
    return found or ([] if account & _LETTER_MASK else [Reason.NO_STEP])


def grade_of(account: Account) -> Grade | None:
    """The weakest grade in the chain; None for an unaccounted frame, which has no grade."""
    if letter_of(account) == "U":
        return None
    return next((grade for grade, bit in _GRADE_BIT.items() if account & bit), Grade.DECLARED)


def ai_of(account: Account) -> AiUse:
    """The strongest AI use: generative beats unknown, unknown beats assistive and none."""
    if account & _AI_BIT[AiUse.GENERATIVE]:
        return AiUse.GENERATIVE
    if account & _AI_BIT[AiUse.UNKNOWN] or not account & _LETTER_MASK or account & _REASON_MASK:
        return AiUse.UNKNOWN
    return AiUse.ASSISTIVE if account & _AI_BIT[AiUse.ASSISTIVE] else AiUse.NONE


def said_ai(kind: StepKind, ai: AiUse | None, *, has_models: bool = False) -> AiUse:
    """The AI use of a step: what it says of itself, but never less than what its kind and the models that it names show.

    A generative kind is generative whatever is said. A step that lists weights or training material and says of no use of them leaves
    its AI use unknown.
    """
    own = CONTRIBUTIONS[kind].ai
    if own is AiUse.GENERATIVE:
        return own
    said = ai if ai is not None else own
    return AiUse.UNKNOWN if has_models and said is AiUse.NONE else said


def step_account(kind: StepKind, *, grade: Grade, ai: AiUse | None = None, has_models: bool = False) -> Account:
    """What a step itself adds to its outputs, apart from its inputs. *ai* is what the step says of itself, if it says anything.

    *has_models*: it names weights or training material. A step that a generative model did adds G whatever its kind (FORMATS:
    "unless the step says a generative model did it").
    """
    row = CONTRIBUTIONS[kind]
    said = said_ai(kind, ai, has_models=has_models)
    account = graded(grade) | used(said)
    if row.letter is not None:
        account |= origin(row.letter)
    if said is AiUse.GENERATIVE:
        account |= origin("G")
    if row.adds is Adds.NOBODY_KNOWS:
        account |= unaccounted(Reason.NO_STEP)
    return account


def classes_in(account: Account) -> Account:
    """The class bits alone: equal for accounts that name the same classes of origin."""
    return account & _LETTER_MASK


def is_open(account: Account) -> bool:
    """Whether nothing at all is said: no class of origin and no reason why there is none."""
    return not account & (_LETTER_MASK | _REASON_MASK)


def is_generated(account: Account) -> bool:
    """Whether a generative model is known to have had a hand in it."""
    return bool(account & (_LETTER_BIT["G"] | _AI_BIT[AiUse.GENERATIVE]))


def without_grades(account: Account) -> Account:
    """What an account says, whoever says it."""
    return account & ~_GRADE_MASK


def weakest_grade(account: Account) -> int:
    """The weakest grade bit in an account, 0 for none; comparable: a higher number is a stronger grade."""
    grades = account & _GRADE_MASK
    return grades & -grades


def without(account: Account, ai: AiUse) -> Account:
    """The account without the bit of one AI use: for a use that a kind of step only supposes."""
    return account & ~_AI_BIT[ai]


def contents_of(account: Account) -> Account:
    """Classes and AI use alone: what a record says of the picture even where it explains nothing."""
    return account & (_LETTER_MASK | _AI_MASK)
