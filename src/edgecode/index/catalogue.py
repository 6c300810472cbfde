"""Versions and steps as people know them: rows with record ids outside and dense ids inside, and the edge codes of contents."""

import sys
from collections.abc import Iterable
from typing import Literal, cast

import msgspec
from msgspec import Struct

from edgecode.events.file_facts import FileFacts
from edgecode.events.kinds import FrameMap, Recipe
from edgecode.index.accounts import accounts, joined_account
from edgecode.index.frames import frames_with
from edgecode.index.keys import key_of, record_of
from edgecode.index.rows import data, first_number, ids_text, number, text
from edgecode.index.steps import ROLES
from edgecode.index.store import IndexStore, Row
from edgecode.index.versions import ERASED_FILE, ERASED_SEQUENCE, FILE, SEQUENCE
from edgecode.terms.evidence import AiUse, Grade
from edgecode.terms.identity import CROCKFORD, EdgeCode, RecordId, Sha256
from edgecode.terms.origins import letter_of
from edgecode.terms.places import Place
from edgecode.terms.steps import InputRole, ModelUse, StepKind


class VersionRow(Struct, frozen=True):
    """One version. *id* is private to this index. *sha256* of a file, *sequence_root* of a sequence, neither for what was never read.

    *first*, *end*: its frame numbers, half open; None for what has none. *step*: the step that stands as its maker.
    *standing*: seen, known (a model or set of material named only), or referred (a placeholder). *committed*: the commitment to the
    digests of a version that is somebody's scan, voice or capture, or whose digests were erased; its edge code is made from it, and
    its digest is not here. *numbered*: its frames have numbers in file names.
    """

    id: int
    key: RecordId
    name: str
    media: FileFacts | None
    sha256: Sha256 | None
    sequence_root: Sha256 | None
    size: int | None
    first: int | None
    end: int | None
    holes: tuple[tuple[int, int], ...]
    step: int | None
    standing: Literal["referred", "seen", "known"]
    supersedes: RecordId | None
    content: int | None
    log_index: int
    places: tuple[Place, ...] = ()
    committed: Sha256 | None = None
    numbered: bool = False
    erased: bool = False

    @property
    def digest(self) -> Sha256 | None:
        """The name of its bytes, whichever kind it is; of erased ones and of a person's own the commitment to it."""
        return self.sha256 or self.sequence_root or self.committed

    @property
    def count(self) -> int | None:
        """How many frames it has, holes not counted."""
        if self.first is None or self.end is None:
            return None
        return self.end - self.first - sum(end - first for first, end in self.holes)


class InputRow(Struct, frozen=True):
    """One input of a step."""

    version: int
    role: InputRole
    frames: tuple[FrameMap, ...] = ()


class StepRow(Struct, frozen=True):
    """One act of making, with its recipe where the production's key still opens it. *covers* and *origins*: a vendor's words."""

    id: int
    key: RecordId
    kind: StepKind
    source: str
    grade: Grade
    status: str
    ai: AiUse | None
    tool: str
    tool_version: str
    started: int
    ended: int
    turnover: str
    covers: tuple[tuple[int, int], ...] | None
    origins: str
    recipe: Recipe | None
    log_index: int
    inputs: tuple[InputRow, ...] = ()


_STANDING: tuple[Literal["referred", "seen", "known"], ...] = ("referred", "seen", "known")


def version_rows(store: IndexStore, ids: Iterable[int], *, places: bool = True) -> dict[int, VersionRow]:
    """Versions by dense id; ids that do not exist are left out. *places*: also where they were seen, current ones first."""
    rows = store.rows("versions", ids_text(ids))
    return {number(row[0]): _version(store, row, places=places) for row in rows}


class VersionContent(Struct, frozen=True, gc=False):
    """The record id of a version and the dense id of its content, None while that is not known."""

    key: RecordId
    content: int | None


def version_contents(store: IndexStore, ids: Iterable[int]) -> dict[int, VersionContent]:
    """The least of versions by dense id, for looking at very many."""
    rows = store.rows("version_contents", ids_text(ids))
    return {
        number(identity): VersionContent(record_of(data(key)), cast("int | None", content))
        for identity, key, content in rows
    }


class WorkRow(Struct, frozen=True, gc=False):
    """What rights ask of a step. *models*: as its recipe names them. *entered*: its entry in the log."""

    kind: StepKind
    ai: AiUse | None
    tool: str
    started: int
    ended: int
    models: tuple[ModelUse, ...]
    entered: int


class _Models(Struct):
    models: tuple[ModelUse, ...] = ()


def work_rows(store: IndexStore, ids: Iterable[int]) -> dict[int, WorkRow]:
    """What rights ask of steps, by dense id, for looking at very many."""
    models = msgspec.json.Decoder(_Models).decode
    return {
        number(step): WorkRow(
            _STEP_KINDS[text(kind)],
            _AI_USES[ai] if isinstance(ai, str) else None,
            sys.intern(text(tool)),
            number(started),
            number(ended),
            models(body).models if isinstance(body, str) else (),
            number(entered),
        )
        for step, kind, ai, tool, started, ended, body, entered in store.rows("works", ids_text(ids))
    }


_STEP_KINDS = {one.value: one for one in StepKind}
_AI_USES = {one.value: one for one in AiUse}


def version(store: IndexStore, key: RecordId) -> VersionRow | None:
    """The version with this record id; None when it was never heard of."""
    found = store.rows("version_id", key_of(key))
    return version_rows(store, [first_number(found)])[first_number(found)] if found else None


def versions_of_content(store: IndexStore, digest: Sha256) -> list[VersionRow]:
    """Every version with these bytes (SHA-256 or sequence root), oldest first; empty when nobody saw them."""
    found = store.rows("content_of_digest", bytes.fromhex(digest))
    if not found:
        return []
    return _seen_with(store, [first_number(found)])


def twins(store: IndexStore, version: VersionRow) -> list[VersionRow]:
    """Every version with the same bytes, itself included, oldest first; empty when nobody knows them."""
    return _seen_with(store, [version.content]) if version.content is not None else []


def frames_of_content(store: IndexStore, digest: Sha256) -> list[tuple[VersionRow, int]]:
    """(version, frame number) of every known sequence that holds a file with these bytes as a frame."""
    found = frames_with(store, [bytes.fromhex(digest)]).get(bytes.fromhex(digest), [])
    pairs = [
        (number(row[0]), frame) for content, frame in found for row in store.rows("seen_versions_of_content", content)
    ]
    rows = version_rows(store, [identity for identity, _ in pairs])
    return [(rows[identity], frame) for identity, frame in pairs]


def versions_of_alias(
    store: IndexStore, algorithm: str, value: str
) -> list[tuple[VersionRow, Literal["computed", "claimed"]]]:
    """Versions by another digest than SHA-256 (xxh128, md5, c4, autov2, …), and whether we computed it or a tool claims it.

    Only SHA-256 proves: any other digest finds a file, and its bytes decide.
    """
    found = []
    for content, trust in store.rows("contents_of_alias", algorithm, value.lower()):
        ids = [number(row[0]) for row in store.rows("seen_versions_of_content", number(content))]
        trusted: Literal["computed", "claimed"] = "computed" if trust == "computed" else "claimed"
        found += [(row, trusted) for row in version_rows(store, ids).values()]
    return found


def version_at(store: IndexStore, root: str, path: str) -> VersionRow | None:
    """The version that was last seen at a place (*path* percent-encoded, as in `terms.places`)."""
    found = store.rows("version_at", root, path)
    return version_rows(store, [first_number(found)])[first_number(found)] if found else None


def superseding(store: IndexStore, version: int) -> list[int]:
    """Versions that say they replace this one at its place."""
    return [number(row[0]) for row in store.rows("superseding", version)]


def steps(store: IndexStore, ids: Iterable[int]) -> dict[int, StepRow]:
    """Steps by dense id, with their inputs in recorded order."""
    listed = ids_text(ids)
    inputs: dict[int, list[InputRow]] = {}
    for step, source, role, _, maps in store.rows("inputs_of_steps", listed):
        read = msgspec.json.decode(maps, type=tuple[FrameMap, ...]) if isinstance(maps, str) else ()
        inputs.setdefault(number(step), []).append(InputRow(number(source), ROLES[number(role)], read))
    rows = store.rows("steps", listed)
    return {number(row[0]): _step(row, tuple(inputs.get(number(row[0]), ()))) for row in rows}


def made_by(store: IndexStore, versions: Iterable[VersionRow]) -> dict[int, list[StepRow]]:
    """Every step that stands and explains one of *versions*, by the version's dense id; the one that stands as its maker first."""
    rows = {row.id: row for row in versions}
    found: dict[int, list[int]] = {row.id: [row.step] if row.step is not None else [] for row in rows.values()}
    for version, step, rank in store.rows("other_producers", ids_text(rows)):
        if number(rank) > 0:
            found[number(version)].append(number(step))
    read = steps(store, {step for each in found.values() for step in each})
    return {version: [read[step] for step in each] for version, each in found.items()}


def outputs(store: IndexStore, step: int) -> list[int]:
    """Versions that a step made or claims to have made."""
    return [number(row[0]) for row in store.rows("outputs_of_step", step)]


def made_into(store: IndexStore, versions: Iterable[int]) -> list[tuple[int, InputRole]]:
    """What steps made from any of *versions* directly, and as what they used it; oldest first."""
    return [(number(made), ROLES[number(role)]) for made, role in store.rows("made_into", ids_text(versions))]


def edge_code(store: IndexStore, version: VersionRow, *, frame: int | None = None) -> EdgeCode | None:
    """The edge code of a version's content with the origin letter that the record gives it now; None for what was never read.

    Ten characters, fifteen when another content of this production shares them. *frame* counts from zero.
    """
    if version.digest is None:
        return None
    letter = letter_of(joined_account(accounts(store, [version.id]).get(version.id, ())))
    short = EdgeCode.of_digest(version.digest, origin=letter, frame=frame)
    return (
        EdgeCode.of_digest(version.digest, origin=letter, frame=frame, groups=3) if is_shared(store, short) else short
    )


def is_shared(store: IndexStore, code: EdgeCode) -> bool:
    """Whether several contents of this production have the characters of *code*."""
    return len(_contents_with(store, code.digits)) > 1


def resolve_edge_code(store: IndexStore, code: EdgeCode, *, retired: bool = False) -> list[VersionRow]:
    """Every version of every content that the code names: after a clash, ten characters name several contents, all listed.

    The letter is not looked at: it was printed at one time, and the record may know better now. *retired*: also what had this code
    before it was declared somebody's scan, voice or capture; for those who may see whose, and for matching without telling anybody.
    """
    contents = _contents_with(store, code.digits)
    if retired:
        contents += _contents_with(store, code.digits, query="contents_retired")
    return _seen_with(store, dict.fromkeys(contents))


def _seen_with(store: IndexStore, contents: Iterable[int]) -> list[VersionRow]:
    ids = [number(row[0]) for content in contents for row in store.rows("seen_versions_of_content", content)]
    return list(version_rows(store, ids).values())


def _contents_with(store: IndexStore, digits: str, *, query: str = "contents_between") -> list[int]:
    value = 0
    for character in digits:
        value = value << 5 | CROCKFORD.index(character)
    rest = 256 - 5 * len(digits)
    low, high = value << rest, (value + 1 << rest) - 1
    rows = store.rows(query, low.to_bytes(32, "big"), high.to_bytes(32, "big"))
    return [number(row[0]) for row in rows]


def _version(store: IndexStore, row: Row, *, places: bool) -> VersionRow:
    identity, digest = number(row[0]), row[6]
    is_erased, is_personal = row[7] in (ERASED_FILE, ERASED_SEQUENCE), row[17] == 1
    hexadecimal = digest.hex() if isinstance(digest, bytes) and not is_personal else None
    commitment = row[16].hex() if isinstance(row[16], bytes) and (is_personal or is_erased) else None
    facts, holes, replaced = text(row[12]), row[11], row[14]
    where = store.rows("places_of_version", identity) if places else []
    return VersionRow(
        id=identity,
        key=record_of(data(row[1])),
        name=text(row[4]),
        media=msgspec.json.decode(facts, type=FileFacts) if facts else None,
        sha256=hexadecimal if row[7] == FILE else None,
        sequence_root=hexadecimal if row[7] == SEQUENCE else None,
        size=cast("int | None", row[8]),
        first=cast("int | None", row[9]),
        end=cast("int | None", row[10]),
        holes=msgspec.json.decode(holes, type=tuple[tuple[int, int], ...]) if isinstance(holes, str) else (),
        step=cast("int | None", row[13]),
        standing=_STANDING[number(row[2])],
        supersedes=record_of(replaced) if isinstance(replaced, bytes) else None,
        content=cast("int | None", row[5]),
        log_index=number(row[15]),
        places=tuple(Place(text(one[0]), text(one[1]), text(one[2])) for one in where),
        committed=commitment,
        numbered=row[7] in (SEQUENCE, ERASED_SEQUENCE),
        erased=is_erased,
    )


def _step(row: Row, inputs: tuple[InputRow, ...]) -> StepRow:
    ai, covers, body = row[6], row[12], row[14]
    return StepRow(
        id=number(row[0]),
        key=record_of(data(row[1])),
        kind=StepKind(text(row[2])),
        source=text(row[3]),
        grade=Grade(text(row[4])),
        status=text(row[5]),
        ai=AiUse(ai) if isinstance(ai, str) else None,
        tool=text(row[7]),
        tool_version=text(row[8]),
        started=number(row[9]),
        ended=number(row[10]),
        turnover=text(row[11]),
        covers=msgspec.json.decode(covers, type=tuple[tuple[int, int], ...]) if isinstance(covers, str) else None,
        origins=text(row[13]),
        recipe=msgspec.json.decode(body, type=Recipe) if isinstance(body, str) else None,
        log_index=number(row[15]),
        inputs=inputs,
    )
