"""What a production knows already, asked while scans and records become events, so that nothing is recorded twice."""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeAlias

import msgspec

from edgecode.events.kinds import Event, HashesSection, ModelKnown, Recipe, SequenceSeen, StepPerformed, VersionSeen
from edgecode.terms.identity import RecordId
from edgecode.terms.places import Place

KnownFrames: TypeAlias = tuple[int, int, tuple[tuple[int, int], ...]]
"""First frame, end and holes of a version, all half open."""


class Known(Protocol):
    """Questions to the index. Digests are 64 hexadecimal characters, of a file or of a sequence."""

    def version_of_content(self, digest: str) -> list[RecordId]:
        """Every version that was seen with this content, oldest first."""

    def version_at(self, place: Place) -> RecordId | None:
        """The version seen last at this place."""

    def producer_known(self, version: RecordId) -> bool:
        """Whether a recorded step (not an answer) says how this version, or another of the same content, was made."""

    def places_of(self, version: RecordId) -> list[Place]:
        """Where it was seen."""

    def model(self, name: str, hashes: Mapping[str, str]) -> RecordId | None:
        """A known file of weights with one of these digests (by dialect: sha256, autov2, …); without any, one of this name alone."""

    def step_known(self, step: RecordId) -> bool:
        """Whether this step is recorded."""

    def step_line(self, step: RecordId) -> str:
        """What marks the line that recorded this step (`StepFact.line`); "" where none did."""

    def makings_of(self, digest: str) -> set[tuple[str, str]]:
        """(source, recipe) of every step that made this content and that its own file told; the recipe as JSON text, "" for none."""

    def is_withdrawn(self, step: RecordId) -> bool:
        """Whether this step was recorded and taken back."""

    def making_withdrawn(self, version: RecordId, source: str) -> bool:
        """Whether a step of this source that had made the version, or another of its content, was taken back."""

    def frames_of(self, version: RecordId) -> KnownFrames | None:
        """The frames that it was seen to have; None when it has none, or nobody knows."""

    def version_of_code(self, written: str) -> list[RecordId]:
        """Every version that this edge code may mean."""

    def is_version(self, version: RecordId) -> bool:
        """Whether this record is a version that was seen or referred to."""


class NothingKnown:
    """Nothing is known yet: a new production, or figures that are thrown away."""

    def version_of_content(self, digest: str) -> list[RecordId]:
        """None."""
        return []

    def version_at(self, place: Place) -> RecordId | None:
        """Nothing."""
        return None

    def producer_known(self, version: RecordId) -> bool:
        """No."""
        return False

    def places_of(self, version: RecordId) -> list[Place]:
        """Nowhere."""
        return []

    def model(self, name: str, hashes: Mapping[str, str]) -> RecordId | None:
        """None."""
        return None

    def step_known(self, step: RecordId) -> bool:
        """No."""
        return False

    def step_line(self, step: RecordId) -> str:
        """None."""
        return ""

    def makings_of(self, digest: str) -> set[tuple[str, str]]:
        """None."""
        return set()

    def is_withdrawn(self, step: RecordId) -> bool:
        """No."""
        return False

    def making_withdrawn(self, version: RecordId, source: str) -> bool:
        """No."""
        return False

    def frames_of(self, version: RecordId) -> KnownFrames | None:
        """None."""
        return None

    def version_of_code(self, written: str) -> list[RecordId]:
        """None."""
        return []

    def is_version(self, version: RecordId) -> bool:
        """No."""
        return False


class KnownSoFar:
    """What is known, with the events of this run on top that are not in the index yet. Pass every event through `note`."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.forget()

    def forget(self) -> None:
        """Begin again from what is known below: the events that were noted are recorded by now, or never will be."""
        self._by_content: dict[str, list[RecordId]] = {}
        self._content_of: dict[RecordId, str] = {}
        self._at: dict[tuple[str, str], RecordId] = {}
        self._places: dict[RecordId, list[Place]] = {}
        self._made: set[str] = set()
        self._steps: dict[RecordId, str] = {}
        self._makings: dict[RecordId, set[tuple[str, str]]] = {}
        self._versions: set[RecordId] = set()
        self._frames: dict[RecordId, KnownFrames] = {}
        self._models: dict[tuple[str, str], RecordId] = {}
        self._models_by_name: dict[str, RecordId] = {}

    def note(self, events: Iterable[Event]) -> None:
        """These events were made and will be recorded in this order."""
        for event in events:
            if isinstance(event, (VersionSeen, SequenceSeen)):
                self._note_seen(event)
            elif isinstance(event, StepPerformed):
                self._steps[event.fact.step] = event.fact.line
                for made in event.fact.outputs:
                    if not event.fact.line:
                        self._makings.setdefault(made, set()).add((event.fact.source, recipe_mark(event.recipe)))
                self._versions.update(event.fact.outputs, (used.version for used in event.fact.inputs))
                self._made.update(event.fact.outputs)
                self._made.update(self._content_of[made] for made in event.fact.outputs if made in self._content_of)
            elif isinstance(event, ModelKnown):
                self._versions.add(event.fact.version)
                if event.recipe is not None:
                    self._models_by_name.setdefault(event.recipe.name, event.fact.version)
                for key in _keys_of(event.bytes):
                    self._models.setdefault(key, event.fact.version)

    def _note_seen(self, event: VersionSeen | SequenceSeen) -> None:
        version = event.fact.version
        self._versions.add(version)
        frames = _frames_in(event)
        if frames is not None:
            self._frames[version] = frames
        if event.bytes is not None:
            digest = event.bytes.sha256 if isinstance(event, VersionSeen) else event.bytes.sequence_root
            self._content_of[version] = digest
            among = self._by_content.setdefault(digest, [])
            if version not in among:
                among.append(version)
            if version in self._made:
                self._made.add(digest)
        if event.place is not None:
            place = Place(event.place.root, event.place.path, event.place.text)
            self._at[place.root, place.path] = version
            self._places.setdefault(version, []).append(place)

    def version_of_content(self, digest: str) -> list[RecordId]:
        """Recorded ones first, then this run's."""
        recorded = self._known.version_of_content(digest)
        return recorded + [version for version in self._by_content.get(digest, []) if version not in recorded]

    def version_at(self, place: Place) -> RecordId | None:
        """This run's last, else the recorded one."""
        return self._at.get((place.root, place.path)) or self._known.version_at(place)

    def producer_known(self, version: RecordId) -> bool:
        """Whether this run or the record has a step for the version or its content."""
        return (
            version in self._made
            or self._content_of.get(version, "") in self._made
            or self._known.producer_known(version)
        )

    def places_of(self, version: RecordId) -> list[Place]:
        """Recorded ones first, then this run's."""
        return self._known.places_of(version) + self._places.get(version, [])

    def model(self, name: str, hashes: Mapping[str, str]) -> RecordId | None:
        """By digest, else by name when no digest is given."""
        for key in hashes.items():
            if key in self._models:
                return self._models[key]
        found = self._known.model(name, hashes)
        return found or (None if hashes else self._models_by_name.get(name))

    def step_known(self, step: RecordId) -> bool:
        """Whether it is recorded or of this run."""
        return step in self._steps or self._known.step_known(step)

    def is_withdrawn(self, step: RecordId) -> bool:
        """The record's answer: a scan or a stream of lines takes nothing back."""
        return self._known.is_withdrawn(step)

    def making_withdrawn(self, version: RecordId, source: str) -> bool:
        """The record's answer."""
        return self._known.making_withdrawn(version, source)

    def frames_of(self, version: RecordId) -> KnownFrames | None:
        """This run's, else the recorded ones."""
        return self._frames.get(version) or self._known.frames_of(version)

    def step_line(self, step: RecordId) -> str:
        """This run's, else the record's."""
        return self._steps.get(step) or self._known.step_line(step)

    def makings_of(self, digest: str) -> set[tuple[str, str]]:
        """Recorded ones and this run's."""
        found = (self._makings.get(version, set()) for version in self.version_of_content(digest))
        return self._known.makings_of(digest).union(*found)

    def version_of_code(self, written: str) -> list[RecordId]:
        """The record's answer; codes of this run's versions are not printed yet."""
        return self._known.version_of_code(written)

    def is_version(self, version: RecordId) -> bool:
        """Whether it is recorded or of this run."""
        return version in self._versions or self._known.is_version(version)


def contradicted(known: Known, place: Place, digest: str) -> bool:
    """Whether another content than this was seen last at a place."""
    version = known.version_at(place)
    return version is not None and version not in known.version_of_content(digest)


def _frames_in(event: VersionSeen | SequenceSeen) -> KnownFrames | None:
    if isinstance(event, SequenceSeen):
        fact = event.fact
        return fact.first, fact.last + 1, tuple((low, high + 1) for low, high in fact.missing)
    media = event.fact.media
    if media.media_class not in ("video", "sequence") or media.frames <= 0:
        return None
    return media.first_frame, media.first_frame + media.frames, ()


def _keys_of(hashes: HashesSection | None) -> list[tuple[str, str]]:
    return [] if hashes is None else [*hashes.computed.items(), *hashes.claimed.items()]


def recipe_mark(recipe: Recipe | None) -> str:
    """What tells one recipe from another, as the index keeps it; "" for none."""
    return msgspec.json.encode(recipe, order="sorted").decode() if recipe is not None else ""
