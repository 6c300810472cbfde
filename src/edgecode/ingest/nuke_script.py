"""Nuke scripts as nodes: knobs as written, who feeds whom through groups. Runs none of the Tcl in them.

A script is a list of Tcl commands that drive a stack of nodes (The Foundry's documentation of `.nk` files): ``Class { knob value … }``
takes its inputs from the stack and puts itself there; ``set`` and ``push`` name and fetch; ``end_group`` closes a group.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from edgecode.errors import InputError

NODES_AT_MOST = 500_000
_NO_INPUT = frozenset(
    ("Read", "Input", "Constant", "ColorBars", "ColorWheel", "CheckerBoard2", "Root", "BackdropNode", "StickyNote", "DeepRead", "ReadGeo",
     "ReadGeo2", "Camera", "Camera2", "Camera3", "Axis", "Axis2", "AudioRead")
)  # fmt: skip
_OFF_THE_STACK = frozenset(("Root", "BackdropNode", "StickyNote", "Viewer"))
_GROUPS = frozenset(("Group", "LiveGroup"))
_BRACE = re.compile(r"[{}]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_RECOGNISED = re.compile(rb"\s*(?:#![^\n]*Nuke|version \d+\.\d+|set cut_paste_input|Root \{)")
_NODES = re.compile(rb"\s*(?:#[^\n]*\n\s*)*(?:version \d|set \w+ \[|push |add_layer \{|[A-Za-z_]\w* \{)")


@dataclass(slots=True, eq=False)
class Node:
    """One node. *group*: dotted names of the groups around it, *owner*: the innermost. *inputs*: the nodes that feed it, None for an
    open one.

    *knobs*: as written, the first of each name, with Tcl's backslashes. *inner*: what a group gives out.
    """

    kind: str
    group: str
    knobs: dict[str, str]
    line: int
    owner: "Node | None" = None
    inputs: list["Node | None"] = field(default_factory=list)
    inner: list["Node | None"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name with those of its groups: ``CleanUp.Patch``."""
        own = self.knobs.get("name", "")
        return f"{self.group}.{own}" if self.group else own

    @property
    def is_disabled(self) -> bool:
        """Whether it is switched off; an expression is not: it may be on."""
        return self.knobs.get("disable") == "true"

    def value(self, knob: str) -> str:
        """A knob's value as Nuke sees it before it evaluates anything; "" where it has none."""
        return unescaped(self.knobs.get(knob, ""))


@dataclass(slots=True)
class Script:
    """*version* of the program as the script says it. *is_whole*: every brace and group is closed."""

    version: str = ""
    nodes: list[Node] = field(default_factory=list)
    is_whole: bool = True

    @property
    def root(self) -> Node | None:
        """The node with the settings of the script."""
        return next((node for node in self.nodes if node.kind == "Root"), None)


def looks_like_script(head: bytes, *, name: str) -> bool:
    """Whether a file begins as scripts do. Nodes that were copied into a ``.nk`` file may begin with any node."""
    begins = _NODES if name.lower().endswith(".nk") else _RECOGNISED
    return begins.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def unescaped(written: str) -> str:
    """Without Tcl's backslashes. Nothing in brackets is evaluated."""
    return _ESCAPE.sub(r"\1", written)


def read_script(text: str) -> Script:
    """The nodes of a script. Raises InputError ``nuke.too_long``."""
    return _Stack(text).read()


def upstream(node: Node) -> list[Node]:
    """Every node that *node* may be made from, each once: through groups both ways, in no order that means anything."""
    seen: set[int] = {id(node)}
    waiting: list[Node | None] = _feeding(node)
    found: list[Node] = []
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        found.append(one)
        waiting += _feeding(one)
    return found


def _feeding(node: Node) -> list[Node | None]:
    outside = node.owner.inputs if node.kind == "Input" and node.owner is not None else []
    return [*node.inputs, *node.inner, *outside]


class _Stack:
    def __init__(self, text: str) -> None:
        self.text = text
        self.script = Script()
        self.stack: list[Node | None] = []
        self.saved: dict[str, Node | None] = {}
        self.groups: list[tuple[Node, list[Node | None]]] = []
        self.last: Node | None = None

    def read(self) -> Script:
        at, line = 0, 1
        while at < len(self.text):
            words, end, is_closed = command(self.text, at)
            self.script.is_whole &= is_closed
            if words:
                self._run(words, line)
            line += self.text.count("\n", at, end)
            at = end
        self.script.is_whole &= not self.groups
        return self.script

    def _run(self, words: list[tuple[str, bool]], line: int) -> None:
        name = words[0][0]
        if name == "version":
            self.script.version = " ".join(word for word, _ in words[1:])
        elif name == "set" and len(words) >= 3:
            is_clone = "clone" in words[2][0]
            self.saved[words[1][0]] = self.last if is_clone else self.stack[-1] if self.stack else None
        elif name == "push" and len(words) == 2:
            word = words[1][0]
            self.stack.append(self.saved.get(word[1:]) if word.startswith("$") else None)
        elif name == "end_group":
            self._close()
        elif len(words) >= 2 and words[-1][1] and name not in ("define_window_layout_xml", "add_layer", "addUserKnob"):
            self._node(words, line)

    def _close(self) -> None:
        if not self.groups:
            self.script.is_whole = False
            return
        owner, outside = self.groups.pop()
        owner.inner = self.stack[-1:]
        self.stack = outside

    def _node(self, words: list[tuple[str, bool]], line: int) -> None:
        if len(self.script.nodes) >= NODES_AT_MOST:
            raise InputError("nuke.too_long", f"the script has more than {NODES_AT_MOST} nodes", "Split it")
        kind, knobs = words[0][0], dict(_knobs(words[-1][0]))
        if kind == "clone" and len(words) == 3:
            first = self.saved.get(words[1][0].lstrip("$"))
            kind = first.kind if first is not None else "clone"
            knobs = {**(first.knobs if first is not None else {}), **knobs}
        owner = self.groups[-1][0] if self.groups else None
        group = owner.name if owner is not None else ""
        node = Node(kind, group, knobs, line, owner)
        node.inputs = [self.stack.pop() if self.stack else None for _ in range(_taken(kind, knobs))]
        self.script.nodes.append(node)
        self.last = node
        if kind not in _OFF_THE_STACK:
            self.stack.append(node)
        if kind in _GROUPS:
            self.groups.append((node, self.stack))
            self.stack = []


def _taken(kind: str, knobs: dict[str, str]) -> int:
    """How many inputs a node takes from the stack: ``2+1`` are two and a mask."""
    written = knobs.get("inputs", "0" if kind in _NO_INPUT else "1")
    return min(sum(int(number) for number in re.findall(r"\d{1,4}", written)), 10_000)


def _knobs(body: str) -> Iterator[tuple[str, str]]:
    """Name and value of each knob, later ones of a name left out; a user's knob is declared by ``addUserKnob``, which is none."""
    at, seen = 0, set[str]()
    while at < len(body):
        words, at, _ = command(body, at)
        if words and not words[0][1] and words[0][0] not in seen and words[0][0] != "addUserKnob":
            seen.add(words[0][0])
            yield words[0][0], " ".join(word for word, _ in words[1:])


def command(text: str, at: int) -> tuple[list[tuple[str, bool]], int, bool]:
    """One Tcl command from *at*: its words as written without their outer quotes, whether each stood in braces, where the next command
    begins, and whether every brace and quote was closed."""
    words: list[tuple[str, bool]] = []
    end, is_closed = len(text), True
    while at < end:
        sign = text[at]
        if sign in " \t\r":
            at += 1
        elif sign in "\n;":
            return words, at + 1, is_closed
        elif sign == "#" and not words:
            found = text.find("\n", at)
            return [], end if found < 0 else found + 1, is_closed
        else:
            read = _braced if sign == "{" else _quoted if sign == '"' else _bare
            word, at, closed = read(text, at)
            is_closed &= closed
            words.append((word, sign == "{"))
    return words, at, is_closed


def _braced(text: str, at: int) -> tuple[str, int, bool]:
    depth = 0
    for found in _BRACE.finditer(text, at):
        if _is_escaped(text, found.start()):
            continue
        depth += 1 if found.group() == "{" else -1
        if not depth:
            return text[at + 1 : found.start()], found.end(), True
    return text[at + 1 :], len(text), False


def _is_escaped(text: str, at: int) -> bool:
    before = at
    while before and text[before - 1] == "\\":
        before -= 1
    return bool((at - before) % 2)


def _quoted(text: str, at: int) -> tuple[str, int, bool]:
    end = at + 1
    while end < len(text) and text[end] != '"':
        end += 2 if text[end] == "\\" else 1
    return text[at + 1 : min(end, len(text))], min(end + 1, len(text)), end < len(text)


def _bare(text: str, at: int) -> tuple[str, int, bool]:
    end, depth = at, 0
    while end < len(text) and text[end] != "\n" and (depth or text[end] not in " \t\r;"):
        if text[end] == "\\":
            end += 1
        elif text[end] in "[]":
            depth += 1 if text[end] == "[" else -1
        end += 1
    return text[at : min(end, len(text))], min(end, len(text)), True
