"""The lines of a ComfyUI spool (edgecode.comfyui/1) as they are written by the capture node and by the poller.

Explained in docs/reference/comfyui-spool.md. Unknown fields are passed over: the node may be newer than this release.
"""

from typing import Literal

from msgspec import Raw, Struct

FORMAT: Literal["edgecode.comfyui/1"] = "edgecode.comfyui/1"


class Capture(Struct, frozen=True):
    """The ids of one capture, as they are also stamped into the files."""

    capture_id: str = ""
    prompt_id: str = ""


class HashedFile(Struct, frozen=True):
    """A file as it was read. *missing*: it was not there; *changing*: it changed while it was read. Then it has no digest."""

    path: str | None = None
    size: int | None = None
    sha256: str = ""
    missing: bool = False
    changing: bool = False


class NamedFile(HashedFile, frozen=True, rename={"kind": "class"}):
    """A file that a node's input names. *folder*: the model folder, ``input``, ``path`` for a whole path; None: nobody found it."""

    node: str = ""
    kind: str = ""
    input: str = ""
    name: str = ""
    folder: str | None = None


class OpenedFile(HashedFile, frozen=True):
    """A file that was opened and that the graph does not name. *how*: the function that opened or found it."""

    how: str = ""


class Output(HashedFile, frozen=True):
    """What a node announced: a file, or a *text* made at run time. *made_here*: this run made it, and no earlier one."""

    node: str = ""
    kind: str = ""
    type: str | None = None
    text: str | None = None
    made_here: bool = True
    name: str = ""


class NodeErrors(Struct, frozen=True, rename={"kind": "class"}):
    """Why validation left a node out: (kind of error, input), and the outputs that were dropped with it."""

    kind: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    dependent_outputs: tuple[str, ...] = ()


class Program(Struct, frozen=True):
    """The host as it calls itself."""

    name: str = "ComfyUI"
    version: str = ""


class Line(Struct, frozen=True):
    """One line. *event*: ``queued``, ``refused``, ``finished``, ``faults``, or ``taken``, which a taker adds to say when it is.

    *t* and *finished_at* in seconds, *started_at* in milliseconds since 1970. *grade*: ``declared`` where the bytes were fetched late.
    """

    event: str
    capture_id: str | None = None
    prompt_id: str | None = None
    capture: Capture | None = None
    status: str | None = None
    cached: tuple[str, ...] = ()
    executed: tuple[str, ...] | None = None
    node_errors: dict[str, NodeErrors] = {}
    prompt: Raw = Raw(b"null")
    modules: dict[str, str | None] | None = None
    tool: Program = Program()
    packs: dict[str, str] = {}
    files: tuple[NamedFile, ...] = ()
    input_hashes: tuple[HashedFile, ...] = ()
    opened_only: tuple[OpenedFile, ...] = ()
    outputs: tuple[Output, ...] = ()
    counts: dict[str, int] = {}
    started_at: float | None = None
    finished_at: float | None = None
    t: float | None = None
    grade: Literal["logged", "declared"] = "logged"
    seen_by: Literal["node", "poller"] = "node"

    @property
    def own_id(self) -> str:
        """The id of the capture, else of the prompt; "" for neither."""
        stamped = self.capture.capture_id if self.capture is not None else ""
        return self.capture_id or stamped or self.prompt_id or ""
