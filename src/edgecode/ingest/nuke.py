"""Reads Nuke scripts as plans: a step for each Write, from the files of the Reads above it. What could be rendered, not that it was."""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256

from msgspec import Struct

from edgecode.errors import InputError
from edgecode.ingest.nuke_script import Node, Script, looks_like_script, read_script, upstream
from edgecode.ingest.step_record import (
    SCHEMA,
    RecordedFile,
    RecordedInput,
    RecordedModel,
    RecordedTool,
    StepRecord,
)
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import InputRole, StepKind

FILE_KNOBS = (
    "file", "proxy", "vfield_file", "cdl_file", "customOCIOConfigPath", "project_directory", "modelFile", "read_from_file_path",
)  # fmt: skip
"""Knobs that name files. A text knob of somebody's own gizmo may name one too: nobody can tell."""

_EXPRESSION = re.compile(r"\[|\$env|\{\{")
_VIEW = re.compile(r"%[vV]")
_FRAMES = re.compile(r"%0?\d*d|#+")
_SOUND = ("AudioRead",)
_GEOMETRY = ("ReadGeo", "ReadGeo2", "GeoImport", "GeoReference")
_OTHER_SCRIPTS = ("Precomp", "LiveGroup")
_TEXT_AT_MOST = 4096


class FileKnob(Struct, frozen=True):
    """A knob that names a file. *written*: with Tcl's backslashes, *value*: without them; nothing in brackets was evaluated.

    *marks*: what of it stands for something else: ``expression``, ``view`` (``%V``), ``frames`` (``%04d``, ``####``).
    """

    kind: str
    node: str
    knob: str
    written: str
    value: str
    marks: tuple[str, ...] = ()

    @property
    def is_path(self) -> bool:
        """Whether it names one file or sequence as it stands."""
        return not {"expression", "view"} & set(self.marks)


def file_knobs(node: Node) -> list[FileKnob]:
    """The knobs of a node that name files."""
    found = []
    for knob in FILE_KNOBS:
        written = node.knobs.get(knob, "")
        if written:
            value = node.value(knob)
            tests = (("expression", _EXPRESSION), ("view", _VIEW), ("frames", _FRAMES))
            marks = tuple(mark for mark, sought in tests if sought.search(value))
            found.append(FileKnob(node.kind, node.name, knob, written, value, marks))
    return found


class NukeScript:
    """A step reader (`doors.StepReader`)."""

    name = "nuke"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """By the first command: Nuke's own line, its version, or the root node."""
        return looks_like_script(head, name=name)

    def read(self, data: bytes, *, name: str) -> Iterator[StepRecord | Diagnostic]:
        """A step for each Write in the order of the script: a plan, so its status is unknown and its grade declared.

        Raises InputError ``nuke.not_one`` and ``nuke.too_long``.
        """
        script = script_in(data, name=name)
        own = sha256(data).hexdigest()
        if not script.is_whole:
            text = "a brace or group is not closed: nodes after it may be missing or in the wrong place"
            yield Diagnostic("nuke.cut_short", text, effect="row-missing")
        writes = [node for node in script.nodes if node.kind.endswith("Write") or node.kind == "WriteGeo"]
        for node in writes:
            yield from _planned(node, script, own)
        if not writes:
            yield Diagnostic("nuke.says_nothing", "the script has no Write: nothing is made from it", path=name)


def script_in(data: bytes, *, name: str) -> Script:
    """A script's nodes. Raises InputError ``nuke.not_one`` for another file, ``nuke.too_long``."""
    if not looks_like_script(data[:8192], name=name):
        raise InputError(
            "nuke.not_one", f"{name} is no Nuke script", "Save the script as .nk, or copy its nodes into a file"
        )
    return read_script(data.decode("utf-8-sig", "replace"))


def _planned(node: Node, script: Script, own: str) -> Iterator[StepRecord | Diagnostic]:
    said: list[Diagnostic] = []
    target = next((one for one in file_knobs(node) if one.knob == "file"), None)
    if target is None or node.is_disabled:
        what = "is switched off" if target is not None else "names no file"
        yield Diagnostic("nuke.write_unused", f"a {node.kind} {what}: it renders nothing", line=node.line)
        return
    feeding = upstream(node)
    inputs = [one for fed in reversed(feeding) for one in _inputs(fed, said)]
    models = {
        knob.value: RecordedModel(_base(knob.value))
        for fed in feeding
        for knob in file_knobs(fed)
        if knob.knob == "modelFile"
    }
    yield StepRecord(
        schema=SCHEMA,
        kind=StepKind.MODEL if node.kind == "WriteGeo" else StepKind.COMP,
        outputs=(_file(target, node, said),),
        id=_own_id(own, node),
        tool=RecordedTool("Nuke", script.version.replace(" ", "")[:_TEXT_AT_MOST]),
        status="unknown",
        folder=_folder(script),
        inputs=_each_once(inputs),
        models=tuple(models.values()),
        settings=_settings(node, feeding),
    )
    yield from dict.fromkeys(said)


def _each_once(inputs: Iterable[RecordedInput]) -> tuple[RecordedInput, ...]:
    named = {(one.path, one.name, one.role): one for one in inputs}
    return tuple(named.values())


def _own_id(script: str, node: Node) -> str:
    """The same whenever these bytes are read again."""
    own = "\n".join((script, node.name, str(node.line)))
    return f"nuke:{sha256(own.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _inputs(node: Node, said: list[Diagnostic]) -> Iterator[RecordedInput]:
    for knob in file_knobs(node):
        if knob.knob in ("proxy", "modelFile", "project_directory", "customOCIOConfigPath"):
            continue
        if node.kind.endswith("Write"):
            # A Write in the middle of the tree passes its input on; what it writes is another step.
            continue
        role = _role(node, knob)
        if node.kind in _OTHER_SCRIPTS:
            text = f"a {node.kind} takes in what another script makes; what that is made from is not in this one"
            said.append(Diagnostic("nuke.other_script", text, line=node.line, effect="approximate"))
        named = _file(knob, node, said)
        yield RecordedInput(path=named.path, name=named.name, role=role)


def _role(node: Node, knob: FileKnob) -> InputRole:
    if node.kind in _SOUND:
        return InputRole.SOUND
    if node.kind in _GEOMETRY:
        return InputRole.REFERENCE
    if node.kind in _OTHER_SCRIPTS:
        return InputRole.TOOL
    is_picture = "Read" in node.kind and knob.knob == "file"
    return InputRole.PICTURE if is_picture else InputRole.CONTROL


def _file(knob: FileKnob, node: Node, said: list[Diagnostic]) -> RecordedFile:
    """As a path where it is one; else as a name, which nobody looks for on a disk."""
    value = knob.value[:_TEXT_AT_MOST]
    if knob.is_path:
        return RecordedFile(path=value)
    code, what = (
        ("nuke.expression", "an expression that only Nuke can evaluate")
        if "expression" in knob.marks
        else ("nuke.view", "the name of a view")
    )
    text = f"the file of a {node.kind} holds {what}: it is kept as written, and not looked for"
    said.append(Diagnostic(code, text, line=node.line, effect="approximate"))
    return RecordedFile(name=value)


def _folder(script: Script) -> str:
    """The project directory, where it is a plain path."""
    root = script.root
    written = root.value("project_directory") if root is not None else ""
    return "" if _EXPRESSION.search(written) else written[:_TEXT_AT_MOST]


def _settings(node: Node, feeding: list[Node]) -> dict[str, str]:
    """Sealed with the recipe: names of nodes are people's words."""
    off = sorted(fed.name for fed in feeding if fed.is_disabled and file_knobs(fed))
    root_frames = {"node": node.name, "channels": node.value("channels"), "switched_off": ", ".join(off)}
    return {
        name: value
        for name, value in {"plan": "a script: nobody says that it was rendered", **root_frames}.items()
        if value
    }


def _base(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2][:_TEXT_AT_MOST]
