"""The versions that a step/1 record means by paths, digests, version ids and edge codes; what is not known is only referred to."""

from collections.abc import Collection, Sequence

from edgecode.events.kinds import Event
from edgecode.ingest.known import KnownSoFar
from edgecode.ingest.lookup import Lookup, is_absolute
from edgecode.ingest.making import NewId
from edgecode.ingest.step_record import RecordedFile
from edgecode.ingest.storable import whole_text
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import RecordId, is_record_id
from edgecode.terms.places import readable


class NamedFiles:
    """Collects, for one step: events of files read on the way, names as written, digests claimed for files nobody read."""

    def __init__(self, folder: str, *, known: KnownSoFar, look: Lookup, new_id: NewId) -> None:
        self._folder = folder
        self._known = known
        self._look = look
        self._new_id = new_id
        self._referred: dict[tuple[str, ...], RecordId] = {}
        self.events: list[Event] = []
        self.diagnostics: list[Diagnostic] = []
        self.names: dict[RecordId, str] = {}
        self.claimed: dict[RecordId, str] = {}
        self.aliases: dict[RecordId, dict[str, str]] = {}

    def version(
        self,
        file: RecordedFile,
        frames: Sequence[int] | None,
        *,
        apart_from: Collection[RecordId] = (),
    ) -> RecordId:
        """The version that *file* means; a fresh one that is only referred to when nothing known fits. *frames*: only these.

        *apart_from*: what the step took in; an output that is read and equal to it is a version of its own.
        """
        version = self._named(file) or self._read(file, frames, apart_from=apart_from) or self._claimed(file)
        written = file.path or file.name or file.edge_code
        if written:
            self.names.setdefault(version, whole_text(written))
        if file.hashes:
            self.aliases.setdefault(version, {}).update(
                {name: value.lower() if name != "c4" else value for name, value in file.hashes.items()}
            )
        return version

    def _named(self, file: RecordedFile) -> RecordId | None:
        """By version id or edge code."""
        if file.version:
            if is_record_id(file.version):
                digest = file.sequence_root or file.sha256
                if digest:
                    # Kept as a claim: bytes that were read beat it, and two records of one content must meet.
                    self.claimed.setdefault(file.version, digest.lower())
                if not self._known.is_version(file.version):
                    self._say(
                        "record.version_unknown", "a version id that this production does not know is only referred to"
                    )
                return file.version
            self._say("record.version_invalid", "a version id is no UUIDv7 and was passed over")
        if not file.edge_code:
            return None
        meant = self._known.version_of_code(file.edge_code)
        if len(meant) == 1:
            return meant[0]
        digest = (file.sha256 or file.sequence_root or "").lower()
        fitting = [version for version in self._known.version_of_content(digest) if version in meant] if digest else []
        if fitting:
            return fitting[0]
        what = "means several versions" if meant else "means no version of this production"
        self._say("record.edge_code_open", f"edge code {readable(file.edge_code)} {what}")
        return None

    def _read(
        self, file: RecordedFile, frames: Sequence[int] | None, *, apart_from: Collection[RecordId]
    ) -> RecordId | None:
        """By path, unless the file there is no longer the one that was recorded."""
        if not file.path:
            return None
        path = file.path if is_absolute(file.path) or not self._folder else f"{self._folder.rstrip('/')}/{file.path}"
        looked = self._look(path, frames=frames, apart_from=apart_from)
        self.diagnostics += looked.diagnostics
        self.events += looked.events
        self._known.note(looked.events)
        if looked.version is None:
            return None
        said = {digest.lower() for digest in (file.sha256, file.sequence_root) if digest}
        if said and looked.digest not in said:
            text = f"{readable(file.path)} holds other bytes now than when the step was recorded"
            self._say("record.content_changed", text)
            return None
        return looked.version

    def _claimed(self, file: RecordedFile) -> RecordId:
        """By content, known or only claimed; else by nothing but its name."""
        digest = (file.sequence_root or file.sha256 or "").lower()
        candidates = self._known.version_of_content(digest) if digest else []
        if candidates:
            return candidates[0]
        key = (digest,) if digest else ("", file.path, file.name, file.edge_code)
        if key not in self._referred or not any(key):
            self._referred[key] = self._new_id()
            if digest:
                self.claimed[self._referred[key]] = digest
        return self._referred[key]

    def _say(self, code: str, text: str) -> None:
        self.diagnostics.append(Diagnostic(code, text))
