"""Kinds of events that the index keeps whole: the desk's, the papers', the pipeline's; what of them is a person's own."""

from edgecode.events.cut_kinds import CUT_KINDS
from edgecode.events.desk_kinds import Paper, UseDeclared
from edgecode.events.door_kinds import DOOR_KINDS, TakeNoted
from edgecode.events.kinds import Event
from edgecode.events.paper_kinds import PAPER_KINDS, StatementIssued
from edgecode.events.rights_kinds import RIGHTS_KINDS, DocumentKept

KEPT_KINDS: tuple[type[Event], ...] = (*RIGHTS_KINDS, *PAPER_KINDS, *DOOR_KINDS, *CUT_KINDS)


def personal_sections(event: object) -> tuple[str, ...]:
    """The sections of an event about somebody that are theirs: they go when the person is erased, and leave here sealed only."""
    if isinstance(event, DocumentKept):
        return ("person", "text", "bytes", "place")
    if isinstance(event, StatementIssued):
        return ("person", "text", "bytes")
    if isinstance(event, TakeNoted):
        return ("person", "text", "place")
    if isinstance(event, (Paper, UseDeclared)):
        return ("person", "text", "recipe")
    return ("person", "text", "terms")
