"""A use: one thing done with a likeness, a work, a dataset or a model at a place in a cut. The unit that is checked, counted and paid."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from edgecode.events.codec import canonical
from edgecode.terms.evidence import Visibility
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue, Scope

UseKind = Literal[
    "replica_create",
    "replica_use",
    "alteration",
    "synthetic_performer",
    "ai_element",
    "dub",
    "train",
    "script",
    "text",
    "advert",
    "transfer",
    "archival_alteration",
    "log_append",
    "performance",
    "licensed_material",
]
"""As in the catalogue of facts (``use.kind``); ``performance`` is somebody filmed or recorded as they were, ``licensed_material`` shows
something of others without more."""

PersonState = Literal["recorded", "erased", "unknown", "none", "unstated"]
"""*erased*: an erasure covers who it is. *unknown*: somebody is there and the record cannot tell who. *none*: somebody said that nobody
is depicted. *unstated*: nobody has said who is in it."""


NOBODY_KNOWS = -1
"""In `Use.beside`: somebody who was erased, or of whom nobody can tell who they are."""


class Span(Struct, frozen=True):
    """Frames *first* up to *end* of the cut in one clip. *possible*: it may be covered, or another version may be shown: it counts."""

    first: int
    end: int
    clip: int
    track: int
    medium: Literal["picture", "sound"]
    visibility: Visibility

    @property
    def frames(self) -> int:
        """How many frames it holds."""
        return self.end - self.first


class Use(Struct, frozen=True):
    """*key*: `use_key`. *version*: on screen; *about*: every record that it rests on (versions behind, steps' outputs, models, datasets,
    sessions, replicas, the declared use, the cut), so that a record of the desk about any of them is about this use; versions that no
    record of the desk names may be left out.

    *person*: dense id in the index. *made*: when the newest material of it was made, milliseconds since 1970, 0 when nobody knows; as its
    steps say themselves. *entered*: where the last of these steps stands in the log, 0 where no step says it.
    *facts*: derived facts of the catalogue by name, computed; *stated*: the same as a member who decides declared them (`use.declared`),
    or anybody of what no cut shows; *unnamed*: as nobody who answers for it did, so that every rule is asked with and without them.
    *needs*: what the use asks of a scope where it differs from the production's profile. *quantities*: frames, lines, words, days …;
    seconds are frames over *rate*. *material*: versions, datasets and models of others that need a license. *shown*: for each stretch on
    screen the frames of the version that it shows, ``(-1, frames)`` where nobody knows which; in order, wherever in the cut they lie.
    *beside*: dense ids of everybody in the version as it is shown, `NOBODY_KNOWS` for those who cannot be told. *archive*: recordings of
    others that it alters, whose licenses have to allow that, "" of one that no version is known for; what a license of them says
    otherwise is asked of the use that shows them. *added*: what somebody declared that it needs, on top of *needs* and of the production's
    profile (`needs.needs_of`). *narrowed*: needs and facts of the person in which a member
    who decides said that it is less than that, each with the declared use.
    """

    key: str
    kind: UseKind
    cut: RecordId = ""
    spans: tuple[Span, ...] = ()
    version: RecordId = ""
    about: frozenset[RecordId] = frozenset()
    declared: RecordId = ""
    person: int | None = None
    alias: str = ""
    person_state: PersonState = "unstated"
    how: str = ""
    made: int = 0
    facts: Mapping[str, FactValue] = {}
    stated: Mapping[str, FactValue] = {}
    needs: Scope = Scope()
    quantities: Mapping[str, int] = {}
    rate: str = ""
    material: tuple[RecordId, ...] = ()
    shown: tuple[tuple[int, int], ...] = ()
    beside: frozenset[int] = frozenset()
    archive: tuple[RecordId, ...] = ()
    entered: int = 0
    added: Scope = Scope()
    narrowed: tuple[tuple[str, RecordId], ...] = ()
    unnamed: Mapping[str, FactValue] = {}

    @property
    def ways(self) -> "tuple[Use, ...]":
        """As lineage and members who decide have it, and as it is with what is declared of it beside that: of what rules say of the ways
        the strictest counts, so that a word of nobody fills a gap towards the stricter side only."""
        said = {name: value for name, value in self.unnamed.items() if name not in self.stated}
        return (self, replace(self, stated={**self.stated, **said}, unnamed={})) if said else (self,)

    @property
    def frames(self) -> int:
        """Frames of the cut that it lies in, each counted once."""
        counted, reached = 0, -(1 << 62)
        for first, end in sorted((span.first, span.end) for span in self.spans):
            counted += max(0, end - max(first, reached))
            reached = max(reached, end)
        return counted


def use_key(kind: str, *, version: RecordId, subject: str, clip: RecordId = "") -> str:
    """The name of a use, the same in every cut that shows the same: 32 hexadecimal characters.

    *subject*: the person's random ref, the model's or dataset's record, or "". *clip*: only where no version is known for it.
    """
    return sha256(b"edgecode use v1\n" + canonical([kind, version, subject, clip])).hexdigest()[:32]
