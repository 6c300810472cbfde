"""Asks the publish gate of every instance. Only CLEARED goes on; HELD, REFUSED and no answer stop, with what holds and what to do."""

import pyblish.api
from edgecode_pyblish.door import Unanswered
from edgecode_pyblish.publish import Published, Wrong
from edgecode_pyblish.settings import door_for, setting

_SHOWN = 8


class NotCleared(Exception):
    """The publish gate does not let the instance pass. Its text says why, and what to do."""


class ValidateEdgecodeGate(pyblish.api.InstancePlugin):
    """May this be published? By consents, licenses and rules, through everything that it was made from."""

    label = "edgecode: publish gate"
    order = pyblish.api.ValidatorOrder + 0.4
    families = ["*"]
    optional = False

    # Settings, each "" for what the environment says: see the package's README.
    production = ""
    command = ""
    unsaid = ""
    timeout_seconds = ""

    def process(self, instance):
        """Stop the instance unless the gate says CLEARED."""
        instance.data.pop("edgecodeGate", None)
        try:
            published = Published(instance, staged=True)
            if published.is_nothing:
                self.log.info("it names no file, so there is nothing to ask the publish gate")
                return
            gates = self._gates(instance, published)
        except Wrong as wrong:
            raise NotCleared("the publish gate cannot be asked: %s" % wrong) from None
        except Unanswered as why:
            raise NotCleared(
                "the publish gate did not answer: %s. Nothing is published until it does; whoever keeps the production can see why "
                "with: edgecode assets --stdio" % why
            ) from None
        for gate in gates:
            for finding in gate["findings"]:
                if finding["held"] == "open":
                    self.log.info("later (%s): %s" % (finding["later"], _sentence(finding)))
        stopped = [gate for gate in gates if gate["word"] != "CLEARED"]
        if stopped:
            raise NotCleared(_told(stopped))
        instance.data["edgecodeGate"] = {"word": "CLEARED", "ledger": gates[0]["ledger"]}

    def _gates(self, instance, published):
        """What the gate says of the step, or of each file where nobody says how it was made."""
        line = published.line()
        what = {"steps": [line]} if line is not None else {"of": published.paths()}
        unsaid = setting("unsaid", self, instance.context)
        elements = door_for(self, instance.context).elements(
            ask="gate", unsaid="later" if unsaid == "later" else "hold", **what
        )
        for element in elements:
            if "error" in element:
                raise Wrong("%s. %s" % (element["error"]["text"], element["error"]["remedy"]))
        if not elements:
            raise Wrong("it says of what kind it is not, and names no file")
        return [element["gate"] for element in elements]


def _told(gates):
    words = [gate["word"] for gate in gates]
    findings = [one for gate in gates for one in gate["findings"] if one["held"] != "open"]
    lines = ["%s at the publish gate." % ("REFUSED" if "REFUSED" in words else "HELD")]
    lines += ["- %s. %s" % (_sentence(one), one["fix"]) for one in findings[:_SHOWN]]
    if len(findings) > _SHOWN:
        lines.append("- and %d more" % (len(findings) - _SHOWN))
    if not findings:
        lines.append("- no rule judges: switch packs of rules on")
    return "\n".join(lines)


def _sentence(finding):
    return " ".join(part for part in (finding["number"], finding["description"]) if part)
