"""A stand-in for Nuke's module with what the connector uses of it: nodes, knobs, dependencies, callbacks, renders and saves."""
# ruff: noqa: N803 - the names are Nuke's

from __future__ import annotations

import re
from collections.abc import Callable, Sequence


class Knob:
    def __init__(self, value: object, evaluated: str | None = None) -> None:
        self._value = value
        self._evaluated = evaluated

    def value(self) -> object:
        return self._value

    def evaluate(self) -> str:
        return str(self._value) if self._evaluated is None else self._evaluated


class Node:
    def __init__(self, kind: str, name: str, *feeding: Node, parent: Node | None = None, **knobs: object) -> None:
        self._kind, self._name, self._feeding, self._parent = kind, name, list(feeding), parent
        self._inner: list[Node] = []
        self._knobs = {
            "disable": Knob(False),
            **{key: one if isinstance(one, Knob) else Knob(one) for key, one in knobs.items()},
        }
        if parent is not None:
            parent._inner.append(self)

    def Class(self) -> str:
        return self._kind

    def name(self) -> str:
        return self._name

    def fullName(self) -> str:
        return f"{self._parent.fullName()}.{self._name}" if self._parent is not None else self._name

    def parent(self) -> Node | None:
        return self._parent

    def nodes(self) -> list[Node]:
        return self._inner

    def dependencies(self, kinds: int) -> list[Node]:
        assert kinds == 7
        return self._feeding

    def knobs(self) -> dict[str, Knob]:
        return self._knobs

    def __getitem__(self, name: str) -> Knob:
        return self._knobs[name]


class FakeNuke:
    """One session. *render* and *save* call what was added, as Nuke does: a callback that raises ends the render."""

    INPUTS, HIDDEN_INPUTS, EXPRESSIONS = 1, 2, 4
    REPLACE = 8
    NUKE_VERSION_STRING = "15.1v2"
    GUI = False

    def __init__(self, script: str, *nodes: Node) -> None:
        self._root = Node("Root", script, project_directory="")
        self._nodes = list(nodes)
        self._this: Node | None = None
        self._frame = 0
        self._added: dict[tuple[str, str], list[Callable[[], object]]] = {}

    def _add(self, when: str, call: Callable[[], object], kind: str) -> None:
        self._added.setdefault((when, kind), []).append(call)

    def addBeforeRender(self, call: Callable[[], object], nodeClass: str = "Write") -> None:
        self._add("before", call, nodeClass)

    def addAfterFrameRender(self, call: Callable[[], object], nodeClass: str = "Write") -> None:
        self._add("frame", call, nodeClass)

    def addAfterRender(self, call: Callable[[], object], nodeClass: str = "Write") -> None:
        self._add("after", call, nodeClass)

    def addOnScriptSave(self, call: Callable[[], object]) -> None:
        self._add("save", call, "Root")

    def addOnScriptClose(self, call: Callable[[], object]) -> None:
        self._add("close", call, "Root")

    def thisNode(self) -> Node:
        assert self._this is not None
        return self._this

    def root(self) -> Node:
        return self._root

    def allNodes(self, recurseGroups: bool = False) -> list[Node]:
        return [each for node in self._nodes for each in (node, *(node.nodes() if recurseGroups else ()))]

    def filename(self, node: Node, how: int = 0) -> str | None:
        if "file" not in node.knobs():
            return None
        path = node["file"].evaluate()
        return (
            re.sub(r"%0?(\d*)d", lambda found: f"{self._frame:0{found[1] or 1}d}", path)
            if how == self.REPLACE
            else path
        )

    def _call(self, when: str, node: Node) -> None:
        self._this = node
        for call in self._added.get((when, node.Class()), []):
            call()

    def render(self, node: Node, frames: Sequence[int], *, breaks_at: int | None = None) -> list[str]:
        """Render; the files that were written. *breaks_at*: the frame at which it breaks off, and nobody is told of an end."""
        written = []
        self._call("before", node)
        for frame in frames:
            if frame == breaks_at:
                return written
            self._frame = frame
            written.append(self.filename(node, self.REPLACE) or "")
            self._call("frame", node)
        self._call("after", node)
        return written

    def save(self) -> None:
        self._call("save", self._root)

    def close(self) -> None:
        self._call("close", self._root)
