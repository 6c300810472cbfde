"""Turns Nuke's callbacks into lines: a step for each render of a Write, and at every save a plan for each Write. Never raises into Nuke."""

import hashlib
import json
import os
import threading
import time
import uuid

from .faults import Faults
from .spool import Spool
from .tree import above, inputs, models, named

SCHEMA = "edgecode.step/1"
WRITES = ("Write", "DeepWrite", "WriteGeo")


class Recorder:
    """One for each Nuke. *folder*: of the spool; else ``EDGECODE_SPOOL``, else beside Nuke's own settings."""

    def __init__(self, nuke, folder=None):
        self._nuke = nuke
        self._lock = threading.Lock()
        self._runs = {}
        self.faults = Faults()
        home = os.path.join(os.path.expanduser("~"), ".nuke", "edgecode", "spool")
        self.spool = Spool(folder or os.environ.get("EDGECODE_SPOOL") or home, self.faults)

    def listen(self):
        """Add the callbacks to Nuke."""
        nuke = self._nuke
        for kind in WRITES:
            nuke.addBeforeRender(self.faults.swallowed("beforeRender", self._begin), nodeClass=kind)
            nuke.addAfterFrameRender(self.faults.swallowed("afterFrameRender", self._frame), nodeClass=kind)
            nuke.addAfterRender(self.faults.swallowed("afterRender", self._end), nodeClass=kind)
        nuke.addOnScriptSave(self.faults.swallowed("onScriptSave", self._saved))
        nuke.addOnScriptClose(self.faults.swallowed("onScriptClose", self._closed))

    def _begin(self):
        node = self._nuke.thisNode()
        with self._lock:
            self._broken_off(node.fullName())
            self._runs[node.fullName()] = self._run(node)

    def _run(self, node):
        """What is known of a render as it begins: knobs may be changed while it runs."""
        nodes = above(self._nuke, node)
        return {
            "schema": SCHEMA,
            "kind": _kind(node),
            "id": "nuke-%s" % uuid.uuid4().hex,
            "grade": "logged",
            "tool": self._tool(),
            "started": _now(),
            "folder": self._folder(),
            "inputs": inputs(self._nuke, nodes),
            "models": models(self._nuke, nodes),
            "settings": {"node": node.fullName()},
            "outputs": [],
        }

    def _frame(self):
        nuke = self._nuke
        node = nuke.thisNode()
        with self._lock:
            run = self._runs.get(node.fullName())
            if run is None:
                run = self._runs[node.fullName()] = self._run(node)
            written = {"path": nuke.filename(node, nuke.REPLACE)}
            if written["path"] and written not in run["outputs"][-1:]:
                run["outputs"].append(written)

    def _end(self):
        name = self._nuke.thisNode().fullName()
        with self._lock:
            run = self._runs.pop(name, None)
            if run is not None:
                self._tell(run, "done" if run["outputs"] else "unknown")

    def _broken_off(self, name):
        """A render that began and of which no end was told."""
        run = self._runs.pop(name, None)
        if run is not None:
            self._tell(run, "failed")

    def _closed(self):
        with self._lock:
            for name in sorted(self._runs):
                self._broken_off(name)

    def _tell(self, run, status):
        outputs = []
        for one in run["outputs"]:
            if one not in outputs:
                outputs.append(one)
        self.spool.write(dict(run, status=status, ended=_now(), outputs=outputs))

    def _saved(self):
        """What each Write depends on, as a plan. The same plan has the same id, so that saving again adds nothing to the record."""
        for node in self._nuke.allNodes(recurseGroups=True):
            if node.Class() not in WRITES or not named(self._nuke, node) or node["disable"].value():
                continue
            nodes = above(self._nuke, node)
            plan = {
                "schema": SCHEMA,
                "kind": _kind(node),
                "status": "unknown",
                "tool": self._tool(),
                "folder": self._folder(),
                "inputs": inputs(self._nuke, nodes),
                "models": models(self._nuke, nodes),
                "settings": {"node": node.fullName(), "plan": "a saved script: nobody says that it was rendered"},
                "outputs": [{"path": named(self._nuke, node)}],
            }
            words = json.dumps(plan, sort_keys=True).encode("ascii")
            self.spool.write(dict(plan, id="nuke-plan-%s" % hashlib.sha256(words).hexdigest()))

    def _tool(self):
        return {"name": "Nuke", "version": str(self._nuke.NUKE_VERSION_STRING)}

    def _folder(self):
        """What relative paths start from: the project directory, else where the script lies."""
        root = self._nuke.root()
        project = root["project_directory"].evaluate() if "project_directory" in root.knobs() else ""
        return project or os.path.dirname(root.name())


def _kind(node):
    return "model" if node.Class() == "WriteGeo" else "comp"


def _now():
    return int(time.time() * 1000)
