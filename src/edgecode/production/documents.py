"""Papers kept as evidence: their bytes are committed to, the files stay where they are and can be compared later.

Where the file of one person's paper lies is sealed with that person's key, because its name often says who they are.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from msgspec import Struct

from edgecode.errors import InputError, NotFoundError
from edgecode.events.kinds import PlaceSection
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import DocumentBytes, DocumentFact, DocumentKept
from edgecode.index.persons import PersonRow
from edgecode.index.rights import rights
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId, Sha256, is_record_id
from edgecode.terms.places import Place
from edgecode.terms.rights import DocumentKind

HERE = "."
"""Root of a file below the production's folder; "" of any other, with its whole path."""
DOCUMENT_PATH = "document path"
"""Under which name a person's section keeps where a paper of theirs lies, percent-encoded."""
_BLOCK = 1 << 20
State = Literal["same", "changed", "missing", "erased"]


class PaperFile(Struct, frozen=True):
    """A file's bytes and where it lies."""

    sha256: Sha256
    size: int
    place: PlaceSection


class Kept(Struct, frozen=True):
    """A document that is kept: what its newest event says. *place* None: erased. *superseded*: a later version is kept."""

    document: RecordId
    kind: DocumentKind
    sha256: Sha256
    size: int
    person: int | None
    log_index: int
    superseded: bool


class DocumentState(Struct, frozen=True):
    """How the file of a document compares with what was kept. *name*: the file's, "" where it is erased."""

    document: RecordId
    state: State
    kind: DocumentKind = "other"
    name: str = ""


def read_paper(record: Record, path: Path) -> PaperFile:
    """The bytes of a file of evidence. Raises NotFoundError ``document.absent``, which does not say its name."""
    digest, size = sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise NotFoundError(
            "document.absent",
            f"a document cannot be read ({error.strerror})",
            "Give the path of a readable file, or the id of a document that is kept",
        ) from error
    return PaperFile(digest.hexdigest(), size, _place(record, path.resolve()))


def documents(record: Record) -> list[Kept]:
    """Every document in the order in which it was kept; withdrawn ones are not there, erased ones have no digest."""
    from edgecode.checks.register import Register

    here = Register.read(record.index, origin=record.log.origin).documents
    superseded = {row.supersedes for row in here.values() if row.supersedes}
    return [
        Kept(
            fact.document, fact.kind, row.sha256, row.size, row.whom.person, kept.log_index, fact.document in superseded
        )
        for kept in rights(record.index, DocumentKept)
        if (fact := _fact(kept.event)).document in here and (row := here[fact.document])
    ]


def _fact(event: object) -> DocumentFact:
    assert isinstance(event, DocumentKept)
    return event.fact


class Evidence:
    """Documents that one append refers to: each file is read once and kept once, whoever names it. An append that is judged again, because
    somebody else recorded in between, begins with `anew`."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._kept: list[Kept] | None = None
        self._read: dict[Path, PaperFile] = {}
        self._new: dict[tuple[Sha256, int | None], RecordId] = {}

    def anew(self) -> None:
        """Forget what was promised to an append that did not come about: it was never kept."""
        self._kept = None
        self._new.clear()

    def read(self, written: str, *, folder: Path, only_below: bool = False) -> str | PaperFile:
        """What *written* names: the id of a document that is kept, or a file, seen from *folder*. *only_below*: no other file will do, as
        somebody else's sheet may name any. Raises NotFoundError ``document.absent`` and ``document.unknown``."""
        if is_record_id(written):
            self._refuse_unknown(written)
            return written
        path = folder / written
        if only_below and not path.resolve().is_relative_to(folder.resolve()):
            raise NotFoundError(
                "document.absent",
                "a document lies outside the folder of the sheet",
                "Put it below the folder of the sheet",
            )
        if path not in self._read:
            self._read[path] = read_paper(self._record, path)
        return self._read[path]

    def events(
        self, papers: Sequence[str | PaperFile], *, kind: DocumentKind, person: PersonRow | None
    ) -> tuple[list[DocumentKept], tuple[RecordId, ...]]:
        """What has to be recorded to keep *papers*, and the ids of all of them; one that is kept already is not kept again."""
        events: list[DocumentKept] = []
        ids: list[RecordId] = []
        for paper in papers:
            if isinstance(paper, str):
                ids.append(paper)
                continue
            key = (paper.sha256, person.id if person is not None else None)
            known = self._new.get(key) or self._known(*key)
            if not known:
                known = self._record.world.new_id()
                events.append(_kept_event(known, paper, kind=kind, person=person))
            self._new[key] = known
            ids.append(known)
        return events, tuple(dict.fromkeys(ids))

    def _known(self, digest: Sha256, person: int | None) -> RecordId:
        same = [one for one in self._all() if one.sha256 == digest and one.person == person]
        return same[-1].document if same else ""

    def _refuse_unknown(self, document: RecordId) -> None:
        if not any(one.document == document for one in self._all()):
            raise no_such_document()

    def _all(self) -> list[Kept]:
        if self._kept is None:
            self._kept = documents(self._record)
        return self._kept


def keep_document(
    record: Record, path: Path, *, kind: DocumentKind, supersedes: RecordId = "", person: PersonRow | None = None
) -> RecordId:
    """Keep a file as evidence; returns its id. *supersedes*: the version before it, to which it is then linked by its digest.

    Raises NotFoundError ``document.absent`` and ``document.unknown``, InputError ``document.superseded`` and ``document.same``.
    """
    paper = read_paper(record, path)
    before = ""
    if supersedes:
        known = next((one for one in documents(record) if one.document == supersedes), None)
        if known is None:
            raise no_such_document()
        if known.superseded:
            raise InputError(
                "document.superseded",
                "another version supersedes that one already",
                "Give the newest: edgecode desk list",
            )
        if known.sha256 == paper.sha256:
            raise InputError(
                "document.same", "the file has the bytes of the version before it", "Nothing has to be kept"
            )
        before = known.sha256
    identity = record.world.new_id()
    record.append([_kept_event(identity, paper, kind=kind, person=person, supersedes=supersedes, before=before)])
    return identity


def document_states(record: Record) -> Iterator[DocumentState]:
    """How each document that nothing supersedes compares with its file as it is now; reads every file."""
    for one in documents(record):
        if not one.superseded:
            place = _kept_place(record, one)
            name = Path(unquote(place.path)).name if place is not None else ""
            yield DocumentState(one.document, _state(record, one, place), one.kind, name)


def no_such_document() -> NotFoundError:
    """That no document is kept under an id."""
    return NotFoundError("document.unknown", "no document is kept under this id", "List them: edgecode desk list")


def _kept_place(record: Record, kept: Kept) -> PlaceSection | None:
    (recorded,) = record.recorded(kept.log_index, kept.log_index + 1)
    event = recorded.event
    assert isinstance(event, DocumentKept)
    return event.place or _of_person(event.person)


def _state(record: Record, kept: Kept, place: PlaceSection | None) -> State:
    if place is None or not kept.sha256:
        return "erased"
    try:
        found = read_paper(record, _path(record, place))
    except NotFoundError:
        return "missing"
    return "same" if found.sha256 == kept.sha256 else "changed"


def _kept_event(
    identity: RecordId,
    paper: PaperFile,
    *,
    kind: DocumentKind,
    person: PersonRow | None,
    supersedes: RecordId = "",
    before: Sha256 = "",
) -> DocumentKept:
    fact, content = DocumentFact(identity, kind, supersedes), DocumentBytes(paper.sha256, paper.size, before)
    if person is None:
        return DocumentKept(fact, content, paper.place)
    values = {"document root": paper.place.root, DOCUMENT_PATH: paper.place.path}
    return DocumentKept(fact, content, None, PersonSection(person.ref, person.alias, values))


def _of_person(section: PersonSection | None) -> PlaceSection | None:
    if section is None or DOCUMENT_PATH not in section.values:
        return None
    return PlaceSection(section.values.get("document root", ""), section.values[DOCUMENT_PATH])


def _place(record: Record, path: Path) -> PlaceSection:
    folder = record.folder.resolve()
    root, relative = (HERE, path.relative_to(folder)) if path.is_relative_to(folder) else ("", path)
    place = Place.of(root, relative.as_posix())
    return PlaceSection(place.root, place.path, place.text)


def _path(record: Record, place: PlaceSection) -> Path:
    relative = Place(place.root, place.path, "").relative.decode("utf-8", "surrogateescape")
    return (record.folder if place.root == HERE else Path()) / relative
