"""What the door for asset managers is asked and answers, a line each: the contract assets/1 (docs/reference/assets-door.md)."""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from edgecode.answers.check.answer import Check
from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.inspection.answer import InspectedProblem
from edgecode.checks.gates import Word
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import InputRole

Ask = Literal["hello", "find", "related", "gate", "record"]
Way = Literal["made-from", "made-into", "versions"]
Unsaid = Literal["hold", "later"]

SOURCES_UNSAID = "asset.sources_unsaid"
ELEMENTS_AT_MOST = 10_000


class AssetRequest(Struct, frozen=True):
    """One line of a question. *id*: whatever the asker wants back. *of*: references, or anything that names a version; of ``gate`` and
    ``record`` also absolute paths, which are read.

    *way*, *roles*: of ``related``: in which direction, and only by inputs of these roles. *steps*: of ``gate`` and ``record``: lines of
    step/1. *unsaid*: of ``gate``: whether what nobody says how it was made holds, or is left to delivery.
    """

    ask: Ask
    id: int | Annotated[str, Meta(max_length=200)] = 0
    of: Annotated[tuple[Annotated[str, Meta(max_length=8192)], ...], Meta(max_length=ELEMENTS_AT_MOST)] = ()
    way: Way = "made-from"
    roles: tuple[InputRole, ...] = ()
    steps: Annotated[tuple[msgspec.Raw, ...], Meta(max_length=ELEMENTS_AT_MOST)] = ()
    unsaid: Unsaid = "hold"


class AssetError(Struct, frozen=True):
    """Why a request or one element of it has no answer: a stable code, a sentence, what to do."""

    code: str
    text: str
    remedy: str


class Asset(Struct, frozen=True, omit_defaults=True):
    """A version, or a place at which nothing stands yet (*version* absent). *reference*: what pins it; of a place itself.

    *file*: the reference of the place where it was seen last. *path*: on this machine, in two parts around the frame number of a
    sequence; absent where no mounted root holds it. *padding*: digits of that number. *kind*: still, sequence, video, audio, model,
    dataset, other. *first*, *last*: frame numbers, inclusive. *rate*: num/den. *made*: kind of the step that made it, absent where
    nobody said.
    """

    reference: str
    version: RecordId = ""
    name: str = ""
    kind: str = ""
    edge_code: str = ""
    file: str = ""
    path: tuple[str, ...] = ()
    padding: int = 0
    first: int | None = None
    last: int | None = None
    rate: str = ""
    width: int = 0
    height: int = 0
    made: str = ""


class AssetFinding(Struct, frozen=True):
    """Something that the publish gate holds or refuses, or that delivery will (*later*). *finding*: its name, by which it can be answered;
    "" where nobody can but by recording more."""

    finding: str
    number: str
    code: str
    held: str
    later: str
    title: str
    description: str
    fix: str


class AssetGate(Struct, frozen=True):
    """What the publish gate says: CLEARED lets it pass. *findings*: what holds or refuses first, then what delivery will ask."""

    word: Word
    today: str
    ledger: LedgerPoint
    findings: tuple[AssetFinding, ...]
    not_checked: tuple[str, ...]
    said: tuple[InspectedProblem, ...] = ()


class AssetRecorded(Struct, frozen=True):
    """A step that is on record, or files alone (*step* ""). *outputs*: what it made. *said*: problems met on the way."""

    step: RecordId
    outputs: tuple[Asset, ...]
    said: tuple[InspectedProblem, ...] = ()


class AssetElement(Struct, frozen=True, omit_defaults=True):
    """The answer about one element: an error, or what was asked for."""

    error: AssetError | None = None
    asset: Asset | None = None
    related: tuple[Asset, ...] | None = None
    gate: AssetGate | None = None
    recorded: AssetRecorded | None = None


class AssetHello(Struct, frozen=True):
    """Who answers: the production, the release, and the state of the log."""

    production: str
    edgecode: str
    ledger: LedgerPoint


class AssetAnswer(Struct, frozen=True, omit_defaults=True, tag_field="schema", tag="edgecode.assets/1"):
    """One line of answer. *id*: the request's. *error*: the request itself could not be answered. *elements*: in the order asked."""

    id: int | str = 0
    error: AssetError | None = None
    hello: AssetHello | None = None
    elements: tuple[AssetElement, ...] | None = None


def gate_answer(answer: Check, *, unsaid: Iterable[str] = (), said: Iterable[InspectedProblem] = ()) -> AssetGate:
    """The check of a cut that shows just what is to be published, as the gate's answer. *unsaid*: sentences on what nobody says of its
    making, each of which holds."""
    listed = [
        AssetFinding(one.finding, one.number, one.code, one.held, one.later, one.title, one.description, one.fix)
        for one in answer.findings
        if one.held != "open" or one.later
    ]
    word: Word = answer.word
    open_ = [_unsaid(sentence) for sentence in unsaid]
    if open_:
        word = "HELD" if word == "CLEARED" else word
        listed = [*open_, *listed]
    return AssetGate(word, answer.today, answer.ledger, tuple(listed), answer.not_checked, tuple(said))


def _unsaid(sentence: str) -> AssetFinding:
    return AssetFinding(
        finding="",
        number="",
        code=SOURCES_UNSAID,
        held="held",
        later="",
        title="It is said how it was made, and from what",
        description=f"{sentence}, so nobody can say whose consent it needs",
        fix="Say the kind of step and its inputs with the publish, or record the step first; scan what it was made from",
    )
