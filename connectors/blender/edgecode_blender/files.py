"""What a file of Blender's is made from: images, clips, sounds, caches, linked files. The one module that asks `bpy.data`."""

import os
import re

_DIGITS = re.compile(r"(\d+)(?=\.[^./\\]+$)")
_GROUPS = (
    ("images", "picture"),
    ("movieclips", "picture"),
    ("sounds", "sound"),
    ("cache_files", "reference"),
    ("volumes", "reference"),
    ("fonts", "tool"),
)


def inputs(bpy):
    """Every file behind the open one as inputs of step/1, each once: the file itself and linked ones are tools, what is in them counts."""
    found = []
    own = _absolute(bpy, bpy.data.filepath, None) if bpy.data.filepath else ""
    if own:
        _add(found, {"path": own, "role": "tool"})
    for library in bpy.data.libraries:
        path = _absolute(bpy, library.filepath, None)
        if not _is_bundled(bpy, path):
            _add(found, {"path": path, "role": "tool"})
    for name, role in _GROUPS:
        for block in getattr(bpy.data, name, ()):
            one = _named(bpy, block)
            if one:
                _add(found, dict(one, role=role))
    return sorted(found, key=lambda one: (one["role"], one.get("path", ""), one.get("name", "")))


def _add(found, one):
    if one not in found:
        found.append(one)


def _named(bpy, block):
    """Where a block comes from; None for what is in no file (a render's result, something generated inside) or is not used."""
    source = getattr(block, "source", "FILE")
    written = getattr(block, "filepath", "")
    if source in ("GENERATED", "VIEWER") or not written or written == "<builtin>" or not block.users:
        return None
    path = _absolute(bpy, written, block.library)
    if _is_bundled(bpy, path):
        return None
    if getattr(block, "packed_file", None):
        # What is packed is no longer the file that it came from.
        return {"name": "packed into the file: %s" % os.path.basename(path)}
    if "<UDIM>" in path or "<UVTILE>" in path:
        return {"name": path}
    if source == "SEQUENCE":
        path = _DIGITS.sub(lambda digits: "%%0%dd" % len(digits.group(1)), path)
    return {"path": path}


def _absolute(bpy, path, library):
    return os.path.normpath(bpy.path.abspath(path, library=library))


def _is_bundled(bpy, path):
    """Whether it comes with Blender itself (brushes, fonts)."""
    folders = (bpy.utils.resource_path(kind) for kind in ("LOCAL", "SYSTEM"))
    return any(folder and path.startswith(os.path.normpath(folder) + os.sep) for folder in folders)
