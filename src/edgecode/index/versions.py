"""What reading a file, a sequence, a model or a set of material adds to the index. Reducers: no clock, no chance, no files."""

import msgspec

from edgecode.events.file_facts import FileFacts, out_of_sections
from edgecode.events.kinds import (
    DatasetKnown,
    HashesSection,
    ModelKnown,
    NameSection,
    PlaceSection,
    SequenceBytes,
    SequenceSeen,
    VersionSeen,
)
from edgecode.index.frames import frames_with, kin_of, mark_of
from edgecode.index.keys import key_of
from edgecode.index.rows import first_number, ids_text, number
from edgecode.index.store import IndexStore
from edgecode.index.targets import backwards_of_place, folded, stem_of
from edgecode.terms.identity import RecordId, Sha256

FILE, SEQUENCE, ERASED_FILE, ERASED_SEQUENCE = 0, 1, 2, 3
"""Kinds of content: by the digest of bytes, by a sequence root, and by the commitment to one that was erased."""

IS_DECLARED = 5
"""The column of `version_state` that says whether a version was ever called somebody's scan, voice or capture."""

NUMBERED, COUNTED = 1, 2
"""Clocks of a version: numbers in file names, frames counted from the start; 0 is none."""


def version_of(store: IndexStore, record: RecordId, log_index: int) -> int:
    """The dense id of a version; one that was never heard of becomes a placeholder."""
    key = key_of(record)
    found = store.rows("version_id", key)
    return first_number(found or store.rows("add_version", key, log_index))


def content_of(store: IndexStore, digest: Sha256, *, sequence: bool, size: int | None, committed: Sha256 = "") -> int:
    """The dense id of a content, known from now on. *committed*: the commitment to the section that says these bytes were read.

    The first one is kept: it names the content in edge codes while it is somebody's own (`settle_personal`).
    """
    data, commitment = bytes.fromhex(digest), bytes.fromhex(committed) or None
    found = store.rows("content_of_digest", data)
    if not found:
        content = first_number(store.rows("add_content", data, int(sequence), size, commitment))
        holders = [] if sequence else frames_with(store, [data]).get(data, [])
        for holder, frame in holders:
            store.run("add_frame_copy", content, holder, frame)
        if holders:
            settle_personal(store, content)
        return content
    content = first_number(found)
    if size is not None or commitment is not None:
        store.run("complete_content", content, size, commitment)
    return content


def settle_personal(store: IndexStore, content: int) -> None:
    """Tell anew whether a content, and files that are frames of it, are somebody's scan, voice or capture.

    Asked whenever a depiction is declared or withdrawn, and when a version that was called so comes to a content.
    """
    store.run("settle_personal", content)


def see_version(store: IndexStore, event: VersionSeen, log_index: int, committed: Sha256) -> None:
    """A file was read at a place. *committed*, here and below: the commitment to the event's `bytes` section; "" without one."""
    media, version = out_of_sections(event.fact.media, event.recipe), version_of(store, event.fact.version, log_index)
    content = None
    if event.bytes is not None:
        content = content_of(store, event.bytes.sha256, sequence=False, size=event.bytes.size, committed=committed)
        for algorithm, value in event.bytes.other.items():
            store.run("add_alias", algorithm, value, content, "computed")
    counted = media.media_class in ("video", "sequence") and media.frames > 0
    extent = (media.first_frame, media.first_frame + media.frames) if counted else (None, None)
    _see(store, version, media, content, extent, "", COUNTED if counted else 0, event.fact.supersedes, log_index)
    _place(store, version, event.place, log_index)


def see_sequence(store: IndexStore, event: SequenceSeen, log_index: int, committed: Sha256) -> None:
    """An image sequence was read at a place."""
    fact, version = event.fact, version_of(store, event.fact.version, log_index)
    content = None
    if event.bytes is not None:
        root = event.bytes.sequence_root
        content = content_of(store, root, sequence=True, size=event.bytes.size, committed=committed)
        _keep_frames(store, content, event.bytes)
    holes = msgspec.json.encode([(first, last + 1) for first, last in fact.missing]).decode() if fact.missing else ""
    extent = (fact.first, fact.last + 1)
    media = out_of_sections(fact.media, event.recipe)
    _see(store, version, media, content, extent, holes, NUMBERED, fact.supersedes, log_index)
    _place(store, version, event.place, log_index)


def know_model(store: IndexStore, event: ModelKnown, log_index: int, committed: Sha256) -> None:
    """A file of weights is known, perhaps by name alone."""
    fact, version = event.fact, version_of(store, event.fact.version, log_index)
    store.run("set_version_known", version, "model")
    called = event.recipe or NameSection("")
    store.run("set_version_name", version, called.name)
    store.run("add_model", version, called.name, fact.kind, msgspec.json.encode(called.header, order="sorted").decode())
    for hashes in (event.bytes.computed, event.bytes.claimed) if event.bytes is not None else ():
        store.run_many("add_model_hash", ((algorithm, value.lower(), version) for algorithm, value in hashes.items()))
    _known_by_hashes(store, version, event.bytes, committed)
    _place(store, version, event.place, log_index)


def know_dataset(store: IndexStore, event: DatasetKnown, log_index: int, committed: Sha256) -> None:
    """A set of material is known; a member that is made from the set itself is left out and listed as a problem."""
    fact, version = event.fact, version_of(store, event.fact.version, log_index)
    store.run("set_version_known", version, "dataset")
    called = event.recipe or NameSection("")
    store.run("set_version_name", version, called.name)
    store.run("add_dataset", version, called.name, fact.items)
    for record in fact.members:
        member = version_of(store, record, log_index)
        if version in ancestors(store, [member]):
            store.run("add_problem", log_index, "dataset.cycle", 0, member)
        else:
            store.run("add_member", version, member)
    _known_by_hashes(store, version, event.bytes, committed)
    _place(store, version, event.place, log_index)


def know_by_commitment(store: IndexStore, record: RecordId, committed: str) -> None:
    """The digests of a version were erased: the commitment to them, which leads back to nothing, names its content from here on."""
    version = first_number(store.rows("version_id", key_of(record)))
    (state,) = store.rows("version_state", version)
    if state[1] is None:
        kind = ERASED_SEQUENCE if first_number(store.rows("version_clock", version)) == NUMBERED else ERASED_FILE
        name = bytes.fromhex(committed)
        content = first_number(store.rows("add_content", name, kind, None, name))
        store.run("set_version_content", version, content)
        if state[IS_DECLARED]:
            settle_personal(store, content)


def ancestors(store: IndexStore, versions: list[int]) -> set[int]:
    """Everything that *versions* were made from by recorded steps and memberships, themselves included."""
    return {number(row[0]) for row in store.rows("ancestors", ids_text(versions))}


def _see(
    store: IndexStore,
    version: int,
    media: FileFacts,
    content: int | None,
    extent: tuple[int | None, int | None],
    holes: str,
    clock: int,
    supersedes: RecordId,
    log_index: int,
) -> None:
    (state,) = store.rows("version_state", version)
    seen, known = state[0], state[1]
    if known is not None and content is not None and known != content:
        # A claim about an input gives way to bytes that were read; two readings of one version cannot both be right.
        store.run("add_problem", log_index, "version.two_contents" if seen == 1 else "claim.differs", 0, version)
        content = number(known) if seen == 1 else content
    content = number(known) if content is None and known is not None else content
    replaced = version_of(store, supersedes, log_index) if supersedes else None
    facts = msgspec.json.encode(media, order="sorted").decode()
    values = (media.media_class, content, *extent, holes or None, clock, media.rate, facts, replaced)
    store.run("set_version_seen", version, *values)
    if state[IS_DECLARED] and content is not None:
        settle_personal(store, content)
    if media.reel:
        store.run("add_reel", folded(media.reel), version)
    for name, value in media.header.items():
        if name.lower().endswith("umid") and value:
            store.run("add_unique_id", value.lower(), version)


def _keep_frames(store: IndexStore, content: int, seen: SequenceBytes) -> None:
    if store.rows("sequence_frames", content):
        return
    runs = msgspec.json.encode(_runs([frame for frame, _, _ in seen.frames])).decode()
    digests = [bytes.fromhex(digest) for _, digest, _ in seen.frames]
    for kin in kin_of(store, digests):
        store.run("add_sequence_kin", content, kin)
        store.run("add_sequence_kin", kin, content)
    store.run("add_sequence_frames", content, runs, b"".join(digests))
    store.run_many("add_frame_mark", ((mark_of(digest), content) for digest in digests))
    numbered = zip(digests, seen.frames, strict=True)
    store.run_many("link_frame", ((digest, content, frame) for digest, (frame, _, _) in numbered))


def _known_by_hashes(store: IndexStore, version: int, hashes: HashesSection | None, committed: Sha256) -> None:
    if hashes is None:
        return
    digest = hashes.computed.get("sha256") or hashes.claimed.get("sha256")
    if not digest or len(digest) != 64:
        return
    content = content_of(store, digest.lower(), sequence=False, size=hashes.size or None, committed=committed)
    store.run("set_version_content", version, content)
    if store.rows("version_state", version)[0][IS_DECLARED]:
        settle_personal(store, content)
    for trust, known in (("computed", hashes.computed), ("claimed", hashes.claimed)):
        for algorithm, value in known.items():
            store.run("add_alias", algorithm, value.lower(), content, trust)


def _place(store: IndexStore, version: int, place: PlaceSection | None, log_index: int) -> None:
    if place is None:
        return
    backwards = backwards_of_place(place.path)
    name = backwards.partition("/")[0]
    store.run("retire_place", place.root, place.path)
    store.run("add_place", place.root, place.path, version, log_index, place.text, backwards, stem_of(name))
    store.run("set_version_name", version, (place.text or place.path).rpartition("/")[2])


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Frame numbers as runs, both ends included."""
    runs: list[tuple[int, int]] = []
    for frame in numbers:
        if runs and runs[-1][1] == frame - 1:
            runs[-1] = (runs[-1][0], frame)
        else:
            runs.append((frame, frame))
    return runs
