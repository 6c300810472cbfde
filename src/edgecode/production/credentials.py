"""Reads the C2PA manifests that scanned files come with, and records how they stand and what they say of making."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from io import BufferedReader
from itertools import count, groupby, takewhile
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from edgecode.answers.inspection.media import InspectedCredential, inspected_credential
from edgecode.errors import InputError, NotFoundError
from edgecode.events.door_kinds import CredentialRead
from edgecode.events.kinds import Event, StepPerformed, StepWithdrawalFact, StepWithdrawn, TextSection
from edgecode.index.memory import Memory
from edgecode.index.projector import watermark
from edgecode.index.rights import rights
from edgecode.index.store import IndexStore
from edgecode.ingest.credential_events import Carrier, events_of
from edgecode.ingest.credential_making import action_names, making_in, source_types
from edgecode.ingest.credentials import (
    SIDECAR_BYTES_AT_MOST,
    Credential,
    Trust,
    is_installed,
    read_credential,
    reader_name,
    trust_in,
)
from edgecode.ingest.known import NothingKnown
from edgecode.ingest.making import NewId
from edgecode.ingest.regular_files import opened_regular
from edgecode.ingest.seen import CarriedCredential, FileSeen, Seen, SequenceFound
from edgecode.ingest.walk import MediaRoot
from edgecode.settings import Settings, production_folder, read_settings
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import RecordId, record_id
from edgecode.terms.places import Place, readable

_Item = TypeVar("_Item")
_WORDS_OF = {
    "untrusted": ("credential.untrusted", "is intact and signed by somebody whom this production does not trust"),
    "expired": ("credential.expired", "is intact; its certificate was out of date when it was signed or read"),
    "invalid": (
        "credential.invalid",
        "does not hold: its content or signature does not match, so nothing it says was taken",
    ),
    "remote": ("credential.remote", "is somewhere else, and nobody fetched it"),
}
_WHOLE, _INSIDE, _NOTHING = "whole", "inside", "nothing"
_INTACT = ("trusted", "untrusted", "expired")


class _Found(Struct, frozen=True):
    """The manifests that lie at one place, of a file or of frames of a sequence."""

    place: Place
    is_sequence: bool
    carried: tuple[CarriedCredential, ...]


Judgment = Callable[[], tuple[list[Event], list[Diagnostic]]]
"""What is to be recorded of one file's manifest as the record stands, and what is said of it."""


def trust_of(settings: Settings, folder: Path) -> Trust:
    """The certificates that a production trusts. Raises InputError ``credentials.trust``."""
    return trust_in(folder / written for written in settings.trust)


class CredentialDesk:
    """What the manifests of one scan's files say. Let the scan pass through `watched`, and ask `waiting` when it is recorded."""

    def __init__(self, index: IndexStore, *, trust: Trust, roots: Mapping[str, MediaRoot], new_id: NewId) -> None:
        self._index = index
        self._trust = trust
        self._roots = roots
        self._new_id = new_id
        self._waiting: list[_Found] = []
        self._known: dict[RecordId, list[CredentialRead]] = {}
        self._stands, self._made = -1, list[Event]()

    def watched(self, items: Iterable[_Item]) -> Iterator[_Item]:
        """The same items; files with manifests are remembered."""
        for item in items:
            if isinstance(item, (FileSeen, SequenceFound)) and (found := carried_by(item)):
                self._waiting.append(_Found(item.place, isinstance(item, SequenceFound), found))
            yield item

    def waiting(self) -> Iterator[Judgment]:
        """A judgment for each file whose manifest may never have been read by these certificates and this reader; ask each again when
        somebody else recorded in between.

        The record must hold the versions. Without the extra nothing is read, and one Diagnostic says of how many files
        (``credential.unread``).
        """
        if self._waiting and not is_installed():
            text = unread(sum(len({one.relative for one in found.carried}) for found in self._waiting))
            yield lambda: ([], [text])
            return
        for found in self._waiting:
            yield partial(self._judge, found)

    def _judge(self, found: _Found) -> tuple[list[Event], list[Diagnostic]]:
        memory = Memory(self._index)
        version = memory.version_at(found.place)
        if version is None:
            return [], []
        before = self._before().get(version, [])
        self._made, said = self._of_version(version, found, memory=memory, before=before)
        return self._made, said

    def _before(self) -> dict[RecordId, list[CredentialRead]]:
        """What is recorded of every version, read again when others recorded since the last judgment."""
        size, _ = watermark(self._index)
        if size == self._stands + len(self._made):
            made = (event for event in self._made if isinstance(event, CredentialRead))
        else:
            self._known = {}
            made = (one.event for one in rights(self._index, CredentialRead) if isinstance(one.event, CredentialRead))
        for event in made:
            self._known.setdefault(event.fact.version, []).append(event)
        self._stands, self._made = size, []
        return self._known

    def _of_version(
        self, version: RecordId, found: _Found, *, memory: Memory, before: list[CredentialRead]
    ) -> tuple[list[Event], list[Diagnostic]]:
        sidecars = [_sidecar(self._root(one), one) for one in found.carried]
        if before and self._is_settled(before[-1], found, sidecars):
            return [], []
        earlier = [one.fact.step for one in before if one.fact.step]
        taken_back = _taken_back(before, memory, is_sequence=found.is_sequence)
        said_of_it = " ".join(sorted(taken_back)) or _NOTHING if before else ""
        events: list[Event] = [_withdrawn(step) for step in earlier if not memory.is_withdrawn(step)]
        said: list[Diagnostic] = []
        for frames, credential, sidecar, name in self._read(found, sidecars):
            carrier = Carrier(version, frames, sidecar, _together(sidecars), said_of_it)
            sources = _sources(frames, sidecar[0] if sidecar else "", is_sequence=found.is_sequence)
            events += events_of(
                credential,
                carrier,
                trust=self._trust.mark,
                with_step=_WHOLE not in taken_back and not sources <= taken_back,
                known=memory,
                new_id=self._new_id,
            )
            said += said_of(credential, name)
        return events, said

    def _is_settled(self, last: CredentialRead, found: _Found, sidecars: Sequence[bytes | None]) -> bool:
        words = _words(last)
        marks = {sha256(data).hexdigest() for data in sidecars if data is not None}
        beside = {last.bytes.sha256} if last.bytes is not None else set()
        is_same = words.get("beside", "") == _together(sidecars) and (len(sidecars) > 1 or beside == marks)
        # Earlier releases took what one frame of a sequence said for all of it.
        is_same = is_same and bool(last.fact.covers) == found.is_sequence
        return last.fact.reader == reader_name() and words.get("trust", "") == self._trust.mark and is_same

    def _read(
        self, found: _Found, sidecars: Sequence[bytes | None]
    ) -> Iterator[tuple[tuple[tuple[int, int], ...], Credential, tuple[str, int] | None, str]]:
        """A file's manifests one by one; those of a sequence's frames that say the same and stand alike together, with their frames. And
        the name that each goes by."""
        read = [
            (one, credential, data)
            for one, data in zip(found.carried, sidecars, strict=True)
            if (credential := credential_of(self._root(one), one, data, trust=self._trust)) is not None
        ]
        if len(read) == 1 or not found.is_sequence:
            for one, credential, data in read:
                name = one.sidecar if one.sidecar and len(read) > 1 else one.relative
                yield _frames([one.frame]) if found.is_sequence else (), credential, _named(data), name
            return
        for _, alike in groupby(sorted(read, key=_likeness), key=_likeness):
            group = list(alike)
            yield _frames([one.frame for one, _, _ in group]), group[0][1], None, group[0][0].relative

    def _root(self, one: CarriedCredential) -> Path:
        return self._roots[one.root].path


def carried_by(seen: Seen) -> tuple[CarriedCredential, ...]:
    """The manifests that a file or sequence comes with."""
    return seen.credentials


def credential_of(root: Path, one: CarriedCredential, sidecar: bytes | None, *, trust: Trust) -> Credential | None:
    """The manifest of one file below *root*. Raises UnavailableError ``extra.missing``."""
    try:
        with (root / one.relative).open("rb") as file:
            return read_credential(file, one.carried.media_type, sidecar=sidecar, trust=trust)
    except OSError as error:
        text = f"the file could not be opened again to read its C2PA manifest ({error.strerror or 'unknown'})"
        problem = Diagnostic("credential.unreadable", text, effect="approximate")
        return Credential("invalid", ("general.error",), problem=problem)


def inspected_credentials(
    seen: Seen, files: Sequence[Path], *, trust: Sequence[Path], here: Path, reveal: bool
) -> tuple[list[InspectedCredential], list[Diagnostic]]:
    """The manifests of a file or sequence, read and not recorded; those that say the same once. *here*: a folder whose production's
    certificates count beside those in *trust*. Raises InputError ``credentials.trust``."""
    found = carried_by(seen)
    if found and not is_installed():
        return [], [unread(len({one.relative for one in found}))]
    folder = files[0].absolute() if files[0].is_dir() else files[0].absolute().parent
    judged_by = trust_in([*trust, *_trusted_here(here)]) if found else Trust()
    read = [(one, credential_of(folder, one, _sidecar(folder, one), trust=judged_by)) for one in found]
    alike = {
        _likeness((one, credential, None)): (one, credential) for one, credential in read if credential is not None
    }
    said = [item for one, credential in alike.values() for item in said_of(credential, one.relative)]
    return [_inspected(credential, reveal=reveal) for _, credential in alike.values()], said


def _trusted_here(here: Path) -> list[Path]:
    try:
        folder = production_folder(here)
    except NotFoundError:
        return []
    return [folder / written for written in read_settings(folder).trust]


def _inspected(credential: Credential, *, reveal: bool) -> InspectedCredential:
    numbers = count(1)
    events = events_of(
        credential,
        Carrier(""),
        trust="",
        with_step=True,
        known=NothingKnown(),
        new_id=lambda: record_id(next(numbers), bytes(10)),
    )
    *_, last = events
    assert isinstance(last, CredentialRead)
    made = next((one for one in events if isinstance(one, StepPerformed) and one.fact.step == last.fact.step), None)
    tool = (made.place.tool if made.place is not None else None) or made.fact.tool if made is not None else None
    called = f"{tool.name} {tool.version}".strip() if tool is not None else ""
    words = last.recipe.values if last.recipe is not None else {}
    return inspected_credential(last.fact, words, made.fact if made else None, tool=called, reveal=reveal)


def unread(count: int) -> Diagnostic:
    """That manifests were not read for want of the library."""
    files = "1 file carries a C2PA manifest that was" if count == 1 else f"{count} files carry C2PA manifests that were"
    text = f"{files} not read: pip install 'edgecode[credentials]'"
    return Diagnostic("credential.unread", text, effect="approximate")


def said_of(credential: Credential, relative: str) -> list[Diagnostic]:
    """What people are told of a manifest that is not trusted."""
    name = readable(relative)
    if credential.problem is not None:
        text = f"{name}: {credential.problem.text}"
        return [msgspec.structs.replace(credential.problem, text=text, path=name)]
    if credential.standing == "trusted":
        return []
    code, what = _WORDS_OF[credential.standing]
    return [Diagnostic(code, f"the C2PA manifest of {name} {what}", path=name)]


def steps_in(events: Iterable[Event]) -> int:
    """How many acts of making are among *events*."""
    return sum(isinstance(event, StepPerformed) for event in events)


def _withdrawn(step: RecordId) -> StepWithdrawn:
    why = "the manifest that it was read from was judged again, by other certificates or another reader"
    return StepWithdrawn(StepWithdrawalFact(step), TextSection((("note", why),)))


def _words(read: CredentialRead) -> Mapping[str, str]:
    return read.recipe.values if read.recipe is not None else {}


def _reading(read: CredentialRead) -> tuple[str, str, str, bool]:
    """Equal for all that one reading of a version recorded."""
    words = _words(read)
    return read.fact.reader, words.get("trust", ""), words.get("beside", ""), bool(read.fact.covers)


def _sources(covers: tuple[tuple[int, int], ...], sidecar: str, *, is_sequence: bool) -> set[str]:
    """What tells one manifest of a version from its others: the SHA-256 of the file beside it, or the frames that carry it."""
    if is_sequence:
        return {f"{first}-{end}" for first, end in covers} or {_WHOLE}
    return {sidecar or _INSIDE}


def _taken_back(before: Sequence[CredentialRead], memory: Memory, *, is_sequence: bool) -> set[str]:
    """The sources whose step a person took back. A reading takes back what the one before it recorded, so only the steps of the last one
    tell what people did since; what they had done by then it says itself."""
    if not before:
        return set()
    last = before[-1]
    is_alone = not _words(last).get("beside") and not last.fact.covers
    alike = list(takewhile(lambda one: _reading(one) == _reading(last), reversed(before)))
    found = {one for one in _words(last).get("taken_back", "").split() if one != _NOTHING}
    for one in alike[:1] if is_alone else alike:
        step = one.fact.step
        if not step and "taken_back" not in _words(last) and one.fact.standing in _INTACT:
            # Earlier releases did not say why a reading that was repeated had no step.
            step = next((each.fact.step for each in reversed(before) if each.fact.step), "")
        if step and memory.is_withdrawn(step):
            sidecar = one.bytes.sha256 if one.bytes is not None else ""
            found |= _sources(one.fact.covers, sidecar, is_sequence=is_sequence)
    return found


def _sidecar(root: Path, one: CarriedCredential) -> bytes | None:
    if not one.sidecar:
        return None
    try:
        with BufferedReader(opened_regular(root / one.sidecar)) as file:
            return file.read(SIDECAR_BYTES_AT_MOST + 1)
    except (OSError, InputError):
        return b""


def _together(sidecars: Sequence[bytes | None]) -> str:
    """One digest of what lies beside the frames of a sequence, in their order; "" for a single file, and where nothing does."""
    if len(sidecars) == 1 or not any(data is not None for data in sidecars):
        return ""
    return sha256(b"".join(sha256(data or b"").digest() for data in sidecars)).hexdigest()


def _named(sidecar: bytes | None) -> tuple[str, int] | None:
    return (sha256(sidecar).hexdigest(), len(sidecar)) if sidecar is not None else None


def _frames(numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Frame numbers, each counted once, as half open ranges."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number:
            runs[-1] = runs[-1][0], number + 1
        else:
            runs.append((number, number + 1))
    return tuple(runs)


def _likeness(read: tuple[CarriedCredential, Credential, bytes | None]) -> bytes:
    """Equal for frames whose manifests stand alike and tell the same; titles and times may differ from frame to frame."""
    credential, store = read[1], read[1].store
    said = (making_in(store), action_names(store), source_types(store)) if store is not None else ()
    return msgspec.json.encode((credential.standing, credential.binds, said))
