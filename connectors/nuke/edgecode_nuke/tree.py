"""What a Write depends on: the nodes above it through groups, and the files that they name. The one module that asks nodes."""

import os

MODELS = "modelFile"
_SOUND = ("AudioRead",)
_GEOMETRY = ("ReadGeo", "ReadGeo2", "GeoImport", "GeoReference")
_CONTROL_KNOBS = ("vfield_file", "cdl_file", "read_from_file_path")
_NODES_AT_MOST = 100000


def above(nuke, node):
    """Every node that *node* may be made from, itself left out."""
    kinds = 0
    for name in ("INPUTS", "HIDDEN_INPUTS", "EXPRESSIONS"):
        kinds |= getattr(nuke, name, 0)
    found, seen, waiting = [], {_key(node)}, _feeding(node, kinds)
    while waiting and len(found) < _NODES_AT_MOST:
        one = waiting.pop()
        if one is None or _key(one) in seen:
            continue
        seen.add(_key(one))
        found.append(one)
        waiting.extend(_feeding(one, kinds))
    return found


def _key(node):
    return "%s %s" % (node.fullName(), node.Class())


def _feeding(node, kinds):
    feeding = list(node.dependencies(kinds))
    if node.Class() in ("Group", "LiveGroup"):
        feeding.extend(inner for inner in node.nodes() if inner.Class() == "Output")
    if node.Class() == "Input":
        parent = getattr(node, "parent", lambda: None)()
        feeding.extend(parent.dependencies(kinds) if parent is not None and parent.Class() != "Root" else ())
    return feeding


def inputs(nuke, nodes):
    """The files of *nodes* as inputs of step/1, each once. Frame numbers stay open (``%04d``), everything else is evaluated."""
    found = []
    for node in nodes:
        kind = node.Class()
        if kind.endswith("Write") or kind == "WriteGeo":
            continue
        for knob in ("file", *_CONTROL_KNOBS):
            path = named(nuke, node, knob)
            if path:
                one = {"path": path, "role": _role(kind, knob)}
                if one not in found:
                    found.append(one)
    return sorted(found, key=lambda one: (one["role"], one["path"]))


def models(nuke, nodes):
    """Trained models that *nodes* load, by the names of their files."""
    paths = {named(nuke, node, MODELS) for node in nodes} - {""}
    return [{"name": os.path.basename(path.replace("\\", "/"))} for path in sorted(paths)]


def named(nuke, node, knob="file"):
    """The file that a knob names, expressions evaluated and frame numbers left open; "" for none."""
    if knob not in node.knobs():
        return ""
    if knob == "file":
        return nuke.filename(node) or ""
    return node[knob].evaluate() or ""


def _role(kind, knob):
    if kind in _SOUND:
        return "sound"
    if kind in _GEOMETRY:
        return "reference"
    return "picture" if "Read" in kind and knob == "file" else "control"
