"""Two heads of a log, each a file or a published folder: read, and compared with the history that the larger one is the head of."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from edgecode.drivers.published_tree import PublishedTree
from edgecode.errors import EdgecodeError, NotFoundError
from edgecode.ledger.evidence import Evidence, evidence_against
from edgecode.ledger.notes import Checkpoint, Note, VerifierKey
from edgecode.ledger.policy import Policy
from edgecode.ledger.reader import Reader
from edgecode.production.witnessing import policy_ever

if TYPE_CHECKING:
    from edgecode.production import Production

MAX_NOTE_BYTES = 1 << 20


def compared(
    one: Path, other: Path, *, keys: Sequence[VerifierKey] = (), production: "Production | None" = None
) -> Evidence | None:
    """Evidence that two heads are of two histories; None when they are of one.

    *keys*: the log's, where there is no *production*. Raises what `evidence_against` raises, and NotFoundError ``file.absent``.
    """
    policy = Policy.of_keys(*keys) if production is None else policy_ever(production)
    first, second = _note(one), _note(other)
    larger = max((Checkpoint.parse(Note.parse(note).text) for note in (first, second)), key=lambda head: head.size)
    readers = [Reader(PublishedTree(path)) for path in (one, other) if path.is_dir()]
    if production is not None:
        readers.append(Reader(production.ledger))
    fitting = next((reader for reader in readers if _holds(reader, larger)), None)
    return evidence_against(
        first,
        second,
        policy,
        root_at=(lambda size: b"") if fitting is None else fitting.root,
        consistency=(lambda old, new: []) if fitting is None else fitting.consistency,
    )


def _holds(reader: Reader, head: Checkpoint) -> bool:
    try:
        return reader.root(head.size) == head.root
    except EdgecodeError:
        return False


def _note(path: Path) -> bytes:
    if path.is_dir():
        return PublishedTree(path).checkpoint
    try:
        with path.open("rb") as file:
            return file.read(MAX_NOTE_BYTES)
    except OSError as error:
        raise NotFoundError(
            "file.absent", f"{path.name} cannot be read ({error.strerror})", "Check the path"
        ) from error
