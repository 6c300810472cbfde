"""What a scan finds: files and image sequences with their digests, and, before anything is hashed, sightings of them."""

from msgspec import Struct

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.credential_marks import Carried
from edgecode.ingest.digests import Digests
from edgecode.terms.identity import Sha256
from edgecode.terms.places import Place
from edgecode.terms.steps import Generation

FrameDigest = tuple[int, bytes, int]
"""Frame number, SHA-256 in bytes, size in bytes."""

Span = tuple[int, int]


class CarriedCredential(Struct, frozen=True):
    """That a file comes with a C2PA manifest (it may come with several), which nobody has read yet. *relative*: the file, *sidecar*:
    the manifest beside it, below the root ("" where it is not beside). *root*: the media root's id. *frame*: of a sequence."""

    root: str
    relative: str
    carried: Carried
    sidecar: str = ""
    frame: int = 0


class Sighting(Struct, frozen=True):
    """A file or sequence that was found but not hashed yet: enough for first figures by name, timecode and header.

    *frames* is empty for a single file. *is_known*: it is unchanged since an earlier scan, so its digests are there already.
    """

    place: Place
    facts: FileFacts
    size: int
    generation: Generation | None = None
    frames: tuple[int, ...] = ()
    padding: int = 0
    missing: tuple[Span, ...] = ()
    is_known: bool = False


class FileSeen(Struct, frozen=True):
    """One file that was read. *generation*: what a generative tool wrote into it, None when nothing (or its making is settled).
    *credentials*: its C2PA manifests."""

    place: Place
    digests: Digests
    facts: FileFacts
    generation: Generation | None = None
    credentials: tuple[CarriedCredential, ...] = ()

    @property
    def digest(self) -> Sha256:
        """The content's name."""
        return self.digests.sha256.hex()


class SequenceFound(Struct, frozen=True):
    """An image sequence that was read: frames ascending, *missing* numbers between them as ranges with both ends included.

    *digest* is the sequence root over (frame number, SHA-256). *before* and *after* stand around the frame number in every
    member's path below the root (*after* has no slash). *generation* joins what frames carry, *made* are the frames that
    carry it, as half open ranges; empty: all of them. *credentials*: frames that come with C2PA manifests.
    """

    place: Place
    before: str
    after: str
    padding: int
    frames: tuple[FrameDigest, ...]
    digest: Sha256
    facts: FileFacts
    missing: tuple[Span, ...] = ()
    generation: Generation | None = None
    made: tuple[tuple[int, int], ...] = ()
    credentials: tuple[CarriedCredential, ...] = ()

    @property
    def size(self) -> int:
        """All frames together, in bytes."""
        return sum(size for _, _, size in self.frames)


Seen = FileSeen | SequenceFound
