"""Turns Blender's handlers into lines: a step for each render, and at every save a plan for each scene. Never raises into Blender."""

import hashlib
import json
import os
import re
import time
import uuid

from .faults import Faults
from .files import inputs
from .spool import Spool

SCHEMA = "edgecode.step/1"
_SECONDS_OF_DOUBT = 2.0
"""Clocks of file systems and of the machine may differ by that much."""


class Recorder:
    """One for each Blender. *folder*: of the spool; else ``EDGECODE_SPOOL``, else in the user's home."""

    def __init__(self, bpy, folder=None):
        self._bpy = bpy
        self._run = None
        self._note = None
        self._handlers = []
        self.faults = Faults()
        home = os.path.join(os.path.expanduser("~"), ".edgecode", "blender", "spool")
        self.spool = Spool(folder or os.environ.get("EDGECODE_SPOOL") or home, self.faults)

    def listen(self):
        """Add the handlers; they stay when another file is opened."""
        for name, function in (
            ("render_init", self._begin),
            ("render_write", self._written),
            ("render_complete", self._complete),
            ("render_cancel", self._cancelled),
            ("save_post", self._saved),
            ("load_post", self._loaded),
        ):
            quiet = self._bpy.app.handlers.persistent(self.faults.swallowed(name, function))
            getattr(self._bpy.app.handlers, name).append(quiet)
            self._handlers.append((name, quiet))

    def leave(self):
        """Take the handlers away."""
        for name, quiet in self._handlers:
            among = getattr(self._bpy.app.handlers, name)
            if quiet in among:
                among.remove(quiet)
        self._handlers = []

    def _begin(self, scene=None, *rest):
        self._end("failed")
        scene = scene or self._bpy.context.scene
        self._run = {
            "schema": SCHEMA,
            "kind": "render",
            "id": "blender-%s" % uuid.uuid4().hex,
            "grade": "logged",
            "tool": self._tool(),
            "started": int(time.time() * 1000),
            "inputs": inputs(self._bpy),
            "settings": _settings(scene),
            "outputs": [],
        }
        if _uses_denoiser(scene):
            self._run["ai"] = "assistive"
        self._stamp(scene, self._run["id"])

    def _written(self, scene=None, *rest):
        scene = scene or self._bpy.context.scene
        if self._run is None:
            self._begin(scene)
        path = self._path_of_frame(scene)
        if path and {"path": path} not in self._run["outputs"]:
            self._run["outputs"].append({"path": path})

    def _path_of_frame(self, scene):
        """The file that was just written: of a frame, or of a still, which Blender gives no number."""
        render = scene.render
        still = os.path.normpath(self._bpy.path.abspath(render.filepath))
        still += "" if still.endswith(render.file_extension) or not render.use_file_extension else render.file_extension
        since = self._run["started"] / 1000 - _SECONDS_OF_DOUBT
        for path in (render.frame_path(frame=scene.frame_current), still):
            if os.path.isfile(path) and os.path.getmtime(path) >= since:
                return path
        self.faults.count("no such frame")
        return ""

    def _complete(self, *rest):
        self._end("done")

    def _cancelled(self, *rest):
        self._end("failed")

    def _loaded(self, *rest):
        # The scene whose note was set is gone with its file.
        self._note = None
        self._end("failed")

    def _end(self, status):
        """A render that wrote nothing was looked at and made nothing."""
        run, self._run = self._run, None
        self._unstamp()
        if run is not None and (run["outputs"] or status == "failed"):
            self.spool.write(dict(run, status=status, ended=int(time.time() * 1000)))

    def _saved(self, *rest):
        """What each scene would be rendered from, as a plan. The same plan has the same id, so that saving again adds nothing."""
        for scene in self._bpy.data.scenes:
            plan = {
                "schema": SCHEMA,
                "kind": "render",
                "status": "unknown",
                "tool": self._tool(),
                "inputs": inputs(self._bpy),
                "settings": dict(_settings(scene), plan="a saved file: nobody says that it was rendered"),
                "outputs": [{"path": _pattern(self._bpy, scene)}],
            }
            words = json.dumps(plan, sort_keys=True).encode("ascii")
            self.spool.write(dict(plan, id="blender-plan-%s" % hashlib.sha256(words).hexdigest()))

    def _tool(self):
        return {"name": "Blender", "version": ".".join(map(str, self._bpy.app.version))}

    def _stamp(self, scene, identity):
        """The render's id in the metadata field Note, unless the scene has a note of its own."""
        render = scene.render
        if os.environ.get("EDGECODE_EMBED") == "0" or (render.use_stamp_note and render.stamp_note_text):
            return
        self._note = (scene.name, render.use_stamp_note, render.stamp_note_text)
        render.use_stamp_note = True
        render.stamp_note_text = "edgecode:%s" % identity

    def _unstamp(self):
        note, self._note = self._note, None
        scene = self._bpy.data.scenes.get(note[0]) if note is not None else None
        if scene is not None:
            scene.render.use_stamp_note, scene.render.stamp_note_text = note[1:]


def _settings(scene):
    return {"scene": scene.name, "engine": scene.render.engine}


def _uses_denoiser(scene):
    """Whether a trained model cleans the picture: Cycles' denoisers are."""
    cycles = getattr(scene, "cycles", None)
    return scene.render.engine == "CYCLES" and bool(getattr(cycles, "use_denoising", False))


def _pattern(bpy, scene):
    """Where frames would go, the number open."""
    render = scene.render
    path = os.path.normpath(bpy.path.abspath(render.filepath))
    if render.is_movie_format:
        return render.frame_path(frame=scene.frame_start)
    if "#" not in os.path.basename(path):
        path += "####"
    path = re.sub(r"#+(?=[^#]*$)", lambda found: "%%0%dd" % len(found.group()), path)
    return (
        path if path.endswith(render.file_extension) or not render.use_file_extension else path + render.file_extension
    )
