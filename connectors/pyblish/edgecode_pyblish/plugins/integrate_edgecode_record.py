"""Records what was published: the files as versions, and the step that made them. Never fails a publish; what nobody takes is spooled."""

import pyblish.api
from edgecode_pyblish.door import Unanswered
from edgecode_pyblish.publish import Published, Wrong
from edgecode_pyblish.settings import door_for, faults, setting, spool_for


class IntegrateEdgecodeRecord(pyblish.api.InstancePlugin):
    """The publish on record, with what the gate said of it."""

    label = "edgecode: record"
    order = pyblish.api.IntegratorOrder + 0.49
    families = ["*"]

    # Settings, each "" for what the environment says: see the package's README.
    production = ""
    command = ""
    spool = ""
    timeout_seconds = ""

    def process(self, instance):
        """Record the instance. ``instance.data["edgecodeVersions"]``: what pins each version; empty where it waits in the spool."""
        instance.data["edgecodeVersions"] = []
        try:
            if failed(instance):
                self.log.info("the instance failed before, so nothing of it is recorded")
                return
            published = Published(instance, staged=False)
            if not published.files:
                return
            self._record(instance, published, published.line(of_gate(instance.data.get("edgecodeGate"))))
        except Wrong as wrong:
            self.log.warning("edgecode could not record this publish: %s" % wrong)
        except Exception:
            faults.count("integrate")
            self.log.warning("edgecode could not record this publish; edgecode scan will find the files")

    def _record(self, instance, published, line):
        what = {"steps": [line]} if line is not None else {"of": published.paths()}
        try:
            elements = door_for(self, instance.context).elements(ask="record", **what)
        except Unanswered as why:
            self._keep(instance, line, str(why))
            return
        for element in elements:
            if "error" in element:
                self._keep(instance, line, element["error"]["text"])
                continue
            for said in element["recorded"].get("said", ()):
                self.log.info("edgecode: %s" % said["text"])
            made = [one["reference"] for one in element["recorded"]["outputs"]]
            instance.data["edgecodeVersions"] += made
            self.log.info("edgecode recorded: %s" % ", ".join(made))

    def _keep(self, instance, line, why):
        """The publish stands; its record waits."""
        if line is None:
            self.log.warning("edgecode could not record this publish (%s); edgecode scan will find the files" % why)
            return
        before = faults.counts().get("spool", 0)
        spool_for(self, instance.context).write(line)
        if faults.counts().get("spool", 0) > before:
            self.log.warning("edgecode could not record this publish (%s), and the spool cannot be written now" % why)
            return
        folder = setting("spool", self, instance.context)
        self.log.warning(
            "edgecode could not record this publish (%s). It waits in %s; edgecode record --spool takes it in"
            % (why, folder)
        )


def failed(instance):
    """Whether a plug-in before failed at this instance, or at the whole."""
    for result in instance.context.data.get("results") or ():
        about = result.get("instance")
        if result.get("error") is not None and (about is None or about is instance):
            return True
    return False


def of_gate(gate):
    """What a step's settings say of the gate that it passed."""
    if not gate:
        return {"publish.gate": "not asked"}
    ledger = gate["ledger"]
    return {"publish.gate": gate["word"], "publish.gate.size": str(ledger["size"]), "publish.gate.root": ledger["root"]}
