"""Turns what a scan saw into events: new versions, further places, replaced files, models, and the steps that files tell of."""

from collections.abc import Callable

import msgspec

from edgecode.events.file_facts import FileFacts, in_sections
from edgecode.events.kinds import (
    Event,
    HashesSection,
    ModelFact,
    ModelKnown,
    NameSection,
    PlaceSection,
    SequenceBytes,
    SequenceFact,
    SequenceSeen,
    StepBytes,
    StepFact,
    StepInput,
    StepPerformed,
    StepPlace,
    VersionBytes,
    VersionFact,
    VersionSeen,
)
from edgecode.ingest.known import Known, recipe_mark
from edgecode.ingest.making import (
    AUTOV2_DIGITS,
    base_name,
    graph_of,
    models_used,
    recipe_of,
    texts_of,
    tool_in_sections,
)
from edgecode.ingest.media_kinds import media_class_of, suffix_of
from edgecode.ingest.seen import FileSeen, Seen, SequenceFound, Sighting
from edgecode.ingest.storable import storable, whole_text
from edgecode.terms.evidence import Grade
from edgecode.terms.identity import RecordId, is_sha256
from edgecode.terms.places import Place
from edgecode.terms.steps import Generation

NewId = Callable[[], RecordId]


def events_for(seen: Seen, *, known: Known, new_id: NewId) -> list[Event]:
    """The events that *seen* adds to what is *known*; none for a file that is where it was and tells nothing new.

    The same content elsewhere is the same version with a further place. Other content at a known place is a new version that
    supersedes the old one, also when that content is known from elsewhere: several versions may share content, and a version
    never supersedes itself through another. A record of making in a file becomes a step of its own, whatever else is
    recorded of the content: the index joins what several records say.
    """
    version, events = version_for(seen, known=known, new_id=new_id)
    return events + making_for(seen, version, known=known, new_id=new_id)


def version_for(seen: Seen, *, known: Known, new_id: NewId) -> tuple[RecordId, list[Event]]:
    """The version that *seen* is, and the events that say so."""
    at = known.version_at(seen.place)
    same = known.version_of_content(seen.digest)
    if at is not None and at in same:
        return at, []
    replaced = at or _still_before(seen, known)
    if replaced is None and same:
        return same[0], [_seen(seen, same[0], "")]
    version = (None if same else _named_model(seen, known)) or new_id()
    events: list[Event] = [_seen(seen, version, replaced or "")]
    if seen.facts.media_class == "model" and isinstance(seen, FileSeen):
        events.append(_model(seen, version))
    return version, events


def making_for(seen: Seen, version: RecordId, *, known: Known, new_id: NewId) -> list[Event]:
    """The step that the file's own record tells of, unless this very record is recorded of the content, or was taken back."""
    generation, suffix = seen.generation, suffix_of(seen.place.name)
    if generation is None or not _is_product(seen.facts):
        return []
    source = _source(generation, suffix)
    recipe = recipe_of(generation.models, generation.seeds, generation.settings)
    if (source, recipe_mark(recipe)) in known.makings_of(seen.digest) or known.making_withdrawn(version, source):
        return []
    covers = seen.made if isinstance(seen, SequenceFound) else ()
    return step_of(generation, version, suffix, covers=covers, known=known, new_id=new_id)


def copy_for(seen: Seen, *, new_id: NewId) -> tuple[RecordId, list[Event]]:
    """A version of its own for content that a step took in and left unchanged: two versions may share content."""
    version = new_id()
    return version, [_seen(seen, version, "")]


def part_for(seen: SequenceFound, *, known: Known, new_id: NewId) -> tuple[RecordId, list[Event]]:
    """The version that some frames of a larger sequence are. It has no place of its own: the whole sequence stands there."""
    same = known.version_of_content(seen.digest)
    if same:
        return same[0], []
    version = new_id()
    return version, [msgspec.structs.replace(_seen(seen, version, ""), place=None)]


def preview_of(sighting: Sighting, *, known: Known, new_id: NewId) -> list[Event]:
    """Events without digests, for first figures in an index that is thrown away. They are never recorded."""
    version = new_id()
    place = PlaceSection(sighting.place.root, sighting.place.path, sighting.place.text)
    facts, words = in_sections(storable(sighting.facts))
    events: list[Event]
    if sighting.frames:
        first, last = sighting.frames[0], sighting.frames[-1]
        fact = SequenceFact(version, first, last, len(sighting.frames), facts, sighting.padding, sighting.missing)
        events = [SequenceSeen(fact, place=place, recipe=words)]
    else:
        events = [VersionSeen(VersionFact(version, facts), place=place, recipe=words)]
    if sighting.generation is not None and _is_product(sighting.facts):
        suffix = suffix_of(sighting.place.name)
        events += step_of(sighting.generation, version, suffix, known=known, new_id=new_id)
    return events


def _still_before(seen: Seen, known: Known) -> RecordId | None:
    """The still that a sequence grew out of: one of its frames, seen when it was alone."""
    if not isinstance(seen, SequenceFound) or known.version_of_content(seen.digest):
        return None
    for frame, content, _ in seen.frames:
        for version in known.version_of_content(content.hex()):
            number = f"{abs(frame):0{seen.padding}d}"
            place = Place.of(seen.place.root, f"{seen.before}{'-' if frame < 0 else ''}{number}{seen.after}")
            if known.version_at(place) == version:
                return version
    return None


def _seen(seen: Seen, version: RecordId, supersedes: RecordId) -> Event:
    place = PlaceSection(seen.place.root, seen.place.path, seen.place.text)
    facts, words = in_sections(storable(seen.facts))
    if isinstance(seen, SequenceFound):
        first, last = seen.frames[0][0], seen.frames[-1][0]
        fact = SequenceFact(version, first, last, len(seen.frames), facts, seen.padding, seen.missing, supersedes)
        frames = tuple((number, content.hex(), size) for number, content, size in seen.frames)
        return SequenceSeen(fact, SequenceBytes(seen.digest, seen.size, frames), place, words)
    content = VersionBytes(seen.digest, seen.digests.size, {"xxh128": seen.digests.xxh128.hex()})
    return VersionSeen(VersionFact(version, facts, supersedes), content, place, words)


# ---------------------------------------------------------------------------------------------------- models


def _computed(seen: FileSeen) -> dict[str, str]:
    return {"sha256": seen.digest, "autov2": seen.digest[:AUTOV2_DIGITS]}


def _named_model(seen: Seen, known: Known) -> RecordId | None:
    """The version that steps already refer to, when this file's own digest is one that they claim for it."""
    if not isinstance(seen, FileSeen) or seen.facts.media_class != "model":
        return None
    return known.model(base_name(seen.place.text), _computed(seen))


def _model(seen: FileSeen, version: RecordId) -> ModelKnown:
    hashes = HashesSection(computed=_computed(seen), size=seen.digests.size)
    place = PlaceSection(seen.place.root, seen.place.path, seen.place.text)
    name = storable(NameSection(base_name(seen.place.text), seen.facts.header))
    return ModelKnown(ModelFact(version), name, hashes, place)


# ---------------------------------------------------------------------------------------------------- steps


def _is_product(facts: FileFacts) -> bool:
    """Whether a record of making in the file tells how the file itself was made. A workflow's own file (JSON) is a recipe."""
    return facts.media_class != "other"


def _source(generation: Generation, suffix: str) -> str:
    """The reader and the kind of file; a suffix that is nobody's format may be anybody's name."""
    known = media_class_of(f"file.{suffix}") is not None or suffix == "json"
    beside = ".beside" if generation.beside else ""
    return f"{generation.tool}.{suffix}{beside}" if known else f"{generation.tool}{beside}"


def step_of(
    generation: Generation,
    version: RecordId,
    suffix: str,
    *,
    covers: tuple[tuple[int, int], ...] = (),
    known: Known,
    new_id: NewId,
) -> list[Event]:
    """The step that a file's own record tells of, preceded by the models it used that were not known. *covers*: frames with it."""
    events, inputs = models_used(generation.models, known=known, new_id=new_id)
    named, claimed, names = _named_inputs(generation, known=known, new_id=new_id)
    plain, sealed = tool_in_sections(generation.tool, generation.tool_version)
    step = StepFact(
        step=new_id(),
        kind=generation.kind,
        source=_source(generation, suffix),
        grade=Grade.DECLARED if generation.beside or generation.declared else Grade.LOGGED,
        outputs=(version,),
        inputs=(*named, *inputs),
        tool=plain,
        ai=generation.ai,
        covers=covers or None,
    )
    performed = StepPerformed(
        storable(step),
        bytes=StepBytes(claimed) if claimed else None,
        place=storable(StepPlace(names, tool=sealed)) if names or sealed else None,
        recipe=recipe_of(generation.models, generation.seeds, generation.settings),
        graph=graph_of(generation.graph),
        text=texts_of(generation.texts),
    )
    return [*events, performed]


def _named_inputs(
    generation: Generation, *, known: Known, new_id: NewId
) -> tuple[list[StepInput], dict[RecordId, str], dict[RecordId, str]]:
    """Inputs by digest where one is claimed and known; else a version that is only referred to, with its claim and name."""
    inputs: list[StepInput] = []
    claimed: dict[RecordId, str] = {}
    names: dict[RecordId, str] = {}
    by_claim: dict[tuple[str, str], RecordId] = {}
    for used in generation.inputs:
        digest = used.sha256.lower() if is_sha256(used.sha256.lower()) else ""
        candidates = known.version_of_content(digest) if digest else []
        key = (digest, "" if digest else used.name)
        version = candidates[0] if candidates else by_claim.get(key)
        if version is None:
            version = by_claim[key] = new_id()
            if digest:
                claimed[version] = digest
        names.setdefault(version, whole_text(used.name))
        entry = StepInput(version, used.role)
        if entry not in inputs:
            inputs.append(entry)
    return inputs, claimed, names
