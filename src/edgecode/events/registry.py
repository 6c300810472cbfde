"""Events to sections of bytes and back: which kinds exist, how old ones are lifted, and what happens to unknown ones (kept whole)."""

from collections.abc import Callable, Mapping
from typing import cast

import msgspec
from msgspec import Struct

from edgecode.errors import InputError
from edgecode.events import codec
from edgecode.events.codec import Json, Leaf
from edgecode.events.cut_kinds import CUT_KINDS
from edgecode.events.door_kinds import DOOR_KINDS
from edgecode.events.kinds import (
    AnswerGiven,
    AnswerWithdrawn,
    ConformDecided,
    CutAdded,
    DatasetKnown,
    Event,
    ModelKnown,
    ProductionOpened,
    RootNamed,
    SequenceSeen,
    StepPerformed,
    StepWithdrawn,
    VersionSeen,
)
from edgecode.events.paper_kinds import PAPER_KINDS
from edgecode.events.person_kinds import (
    ApproverNamed,
    DepictionWithdrawn,
    HoldLifted,
    HoldPlaced,
    PersonDepicted,
    PersonErased,
    PersonNoted,
)
from edgecode.events.record_kinds import KeyRetired, KeyRotated, LogRecovered, PackMade, SectionDisclosed
from edgecode.events.rights_kinds import RIGHTS_KINDS

_ALL: tuple[type[Event], ...] = (
    ProductionOpened,
    RootNamed,
    VersionSeen,
    SequenceSeen,
    StepPerformed,
    StepWithdrawn,
    ModelKnown,
    DatasetKnown,
    CutAdded,
    ConformDecided,
    AnswerGiven,
    AnswerWithdrawn,
    KeyRotated,
    KeyRetired,
    LogRecovered,
    PackMade,
    SectionDisclosed,
    PersonNoted,
    PersonDepicted,
    DepictionWithdrawn,
    HoldPlaced,
    HoldLifted,
    ApproverNamed,
    PersonErased,
    *RIGHTS_KINDS,
    *PAPER_KINDS,
    *DOOR_KINDS,
    *CUT_KINDS,
)
KINDS: dict[str, type[Event]] = {kind.TYPE: kind for kind in _ALL}
"""Every kind of event this release writes, by the type in its leaf."""

Sections = dict[str, Json]
Upcast = Callable[[Sections], tuple[str, Sections]]
"""Lifts one old kind's sections: returns the newer type and its sections. Erased sections are absent."""

UPCASTS: dict[str, Upcast] = {}
"""Old types to how they are lifted, one release at a time. Recorded bytes never change; only their reading does."""


class Opaque(Struct, frozen=True):
    """An event of a kind that this release does not know, or whose `fact` is gone: kept and counted, never guessed at."""

    type: str
    sections: dict[str, bytes]


class Recorded(Struct, frozen=True):
    """An event in its place in the log."""

    index: int
    leaf: Leaf
    event: Event | Opaque


def sections_of(event: Event) -> dict[str, bytes]:
    """The canonical bytes of every section that *event* has."""
    found: dict[str, bytes] = {}
    for name in event.__struct_fields__:
        section = getattr(event, name)
        if section is not None:
            value = cast(Json, msgspec.to_builtins(section))
            codec.guard(value)
            # On values that pass the guard these are the bytes of `codec.canonical`, at a tenth of the cost (tests/events).
            found[name] = msgspec.json.encode(value, order="sorted")
    return found


def read_event(type_: str, sections: Mapping[str, bytes], upcasts: Mapping[str, Upcast] = UPCASTS) -> Event | Opaque:
    """The event in opened *sections* (erased ones absent), lifted to this release's kinds; Opaque when it is not known.

    Raises InputError ``event.malformed`` when a known kind does not fit its definition.
    """
    opaque = Opaque(type_, dict(sections))
    if "fact" not in sections or (type_ not in KINDS and type_ not in upcasts):
        return opaque
    kind = KINDS.get(type_)
    if kind is not None and type_ not in upcasts:
        return _decoded(kind, {name: msgspec.Raw(data) for name, data in sections.items()}, opaque)
    values: Sections = {name: codec.strict(data) for name, data in sections.items()}
    while type_ in upcasts:
        type_, values = upcasts[type_](values)
    kind = KINDS.get(type_)
    return opaque if kind is None else _decoded(kind, values, opaque)


def _decoded(kind: type[Event], sections: Mapping[str, object], opaque: Opaque) -> Event | Opaque:
    try:
        return msgspec.json.decode(msgspec.json.encode(sections), type=kind)
    except msgspec.DecodeError as error:
        where = str(error).rpartition(" - at ")[2] if " - at " in str(error) else "its fields"
        raise InputError(
            "event.malformed",
            f"an event of kind {opaque.type} does not fit its definition at {where}",
            "Update edgecode",
        ) from error
