"""From a pyblish instance to what edgecode is told: the files that it publishes, how they were made, and of what."""

import os
import re
import uuid

SCHEMA = "edgecode.step/1"
VERSION = "edgecode://version/"
_ASIDE = {"thumbnail", "review", "delete"}
"""Tags of representations that are made for looking at, or go again."""
_FRAME = re.compile(r"^(.*?)(\d+)(\D*)$")


class Wrong(Exception):
    """What stands under ``edgecode`` in an instance's data cannot be understood; its text says what."""


class Published:
    """What an instance publishes. *files*: paths, a sequence frame by frame. *staged*: whether they still lie where they were made."""

    def __init__(self, instance, staged):
        self.said = instance.data.get("edgecode") or {}
        if not isinstance(self.said, dict):
            raise Wrong('instance.data["edgecode"] is a dictionary: kind, inputs …')
        self.files = _files(instance, staged)

    @property
    def is_nothing(self):
        """Whether there is no file, and nobody says that there is something to ask about."""
        return not self.files and not self.said

    def line(self, settings=None):
        """The line of step/1; None where nobody says how it was made. Raises Wrong."""
        kind = self.said.get("kind")
        if not kind:
            return None
        line = {
            "schema": SCHEMA,
            "kind": _text("kind", kind),
            "id": "pyblish-%s" % uuid.uuid4().hex,
            "outputs": [{"path": path} for path in self.files] or [{"name": "something that names no file"}],
            "inputs": [_input(one) for one in _list("inputs", self.said.get("inputs"))],
            "settings": dict(_texts(self.said.get("settings")), **(settings or {})),
        }
        if self.said.get("ai"):
            line["ai"] = _text("ai", self.said["ai"])
        tool = self.said.get("tool")
        if tool:
            tool = {"name": tool} if isinstance(tool, str) else dict(tool)
            line["tool"] = {name: _text("tool", tool[name]) for name in ("name", "version") if tool.get(name)}
        models = [
            {"name": one} if isinstance(one, str) else dict(one) for one in _list("models", self.said.get("models"))
        ]
        if models:
            line["models"] = models
        if self.said.get("seeds"):
            line["seeds"] = [str(one) for one in _list("seeds", self.said["seeds"])]
        return line

    def paths(self):
        """The files as `of` of a question: a sequence as one path with ``%04d``."""
        return as_tokens(self.files)


def as_tokens(files):
    """Paths with every sequence as one: ``a.1001.exr, a.1002.exr`` as ``a.%04d.exr``."""
    grouped = {}
    for path in files:
        folder, name = os.path.split(path)
        found = _FRAME.match(name)
        if found is None:
            grouped.setdefault((path,), []).append(path)
        else:
            before, digits, after = found.groups()
            width = len(digits) if digits.startswith("0") or len(digits) > 3 else 0
            grouped.setdefault((folder, before, width, after), []).append(path)
    named = []
    for key, paths in grouped.items():
        if len(paths) == 1:
            named.append(paths[0])
        else:
            folder, before, width, after = key
            named.append(os.path.join(folder, before + ("%%0%dd" % width if width else "%d") + after))
    return named


def _files(instance, staged):
    """Every file of the representations that are published to be used."""
    found = []
    every = [one for one in instance.data.get("representations") or () if isinstance(one, dict)]
    used = [one for one in every if not _ASIDE & set(one.get("tags") or ()) and one.get("name") != "thumbnail"]
    for representation in used or every:
        folder = representation.get("stagingDir") or instance.data.get("stagingDir") or ""
        moved = [] if staged else _moved(instance, representation)
        found += moved or [os.path.join(folder, name) for name in _names(representation.get("files"))]
    if not every:
        found += _names(instance.data.get("files"))
    return [os.path.abspath(path) for path in found]


def _moved(instance, representation):
    """Where the files of a representation lie after they were integrated; nothing where nobody says."""
    for one in (instance.data.get("published_representations") or {}).values():
        if (one.get("representation") or {}).get("name") == representation.get("name"):
            return _names(one.get("published_files"))
    path, names = representation.get("published_path"), _names(representation.get("files"))
    if not path or len(names) < 2:
        return [path] if path else []
    # One path stands for the first frame: its neighbours have the same name with their own numbers.
    folder, first = os.path.split(path)
    to, numbers = _FRAME.match(first), [_FRAME.match(name) for name in names]
    if to is None or not all(numbers):
        return [path]
    width = len(to.group(2))
    return [os.path.join(folder, "%s%s%s" % (to.group(1), one.group(2).zfill(width), to.group(3))) for one in numbers]


def _names(files):
    if isinstance(files, str):
        return [files]
    return [one for one in files or () if isinstance(one, str)]


def _input(said):
    """An input of step/1 from a path, a reference, or a dictionary of step/1's own fields."""
    if isinstance(said, dict):
        named = said.get("reference")
        rest = {name: value for name, value in said.items() if name != "reference"}
        return dict(_input(named), **rest) if named else rest
    if not isinstance(said, str) or not said:
        raise Wrong("an input is a path, a reference, or a dictionary of step/1")
    if said.startswith(VERSION):
        return {"version": said[len(VERSION) :]}
    if said.startswith("edgecode://"):
        raise Wrong("an input is pinned by edgecode://version/…; other references move")
    return {"path": said}


def _list(name, said):
    if said is None:
        return []
    if isinstance(said, (str, bytes)) or not hasattr(said, "__iter__"):
        raise Wrong("%s is a list" % name)
    return list(said)


def _text(name, said):
    if not isinstance(said, str):
        raise Wrong("%s is text" % name)
    return said


def _texts(said):
    return {str(name): str(value) for name, value in (said or {}).items()}
