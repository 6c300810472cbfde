"""From what a host says of something that it publishes to a line of step/1."""

import uuid

from openassetio.errors import BatchElementError

from .words import AI, KINDS, MAKING, ROLES, path_in, text_of

SCHEMA = "edgecode.step/1"
VERSION, FILE = "edgecode://version/", "edgecode://file/"


class Hint:
    """What a host says of one publish: *making* None where it says nothing of how it was made. *path*: where it lies, "" where nobody says.

    Raises ValueError, with a sentence, for words that nobody has.
    """

    def __init__(self, data):
        self.path = path_in(data)
        self.making = None
        self.used = {}
        if not data.hasTrait(MAKING):
            return
        kind, ai = text_of(data, MAKING, "kind"), text_of(data, MAKING, "ai")
        if kind not in KINDS:
            raise ValueError("its kind of making is none that edgecode knows: %s" % ", ".join(sorted(KINDS)))
        if ai not in AI:
            raise ValueError("what a model did is one of none, assistive, generative, unknown")
        self.making = {"kind": kind}
        if ai:
            self.making["ai"] = ai
        tool = text_of(data, MAKING, "tool")
        if tool:
            self.making["tool"] = {"name": tool, "version": text_of(data, MAKING, "toolVersion")}
        models = _lines(text_of(data, MAKING, "models"))
        if models:
            self.making["models"] = [{"name": name} for name in models]
        self.used = {role: _lines(text_of(data, MAKING, role)) for role in ROLES}

    def places(self):
        """The references to places that it was made from: which versions stand there has to be asked."""
        return [one for named in self.used.values() for one in named if one.startswith(FILE)]

    def line(self, path, *, name, pinned, settings=None):
        """The line of step/1. *path*: where the output lies, else it is only called *name*. *pinned*: reference to a place to version id,
        "" where nothing stands."""
        inputs = []
        for role, named in self.used.items():
            for one in named:
                inputs.append(dict(_input(one, pinned), role=role))
        return dict(
            self.making,
            schema=SCHEMA,
            id="openassetio-%s" % uuid.uuid4().hex,
            inputs=inputs,
            outputs=[{"path": path} if path else {"name": name}],
            settings=dict(settings or {}),
        )


def _input(written, pinned):
    if written.startswith(VERSION):
        return {"version": written[len(VERSION) :]}
    if written.startswith(FILE):
        return {"version": pinned[written]} if pinned.get(written) else {"name": written.rpartition("/")[2]}
    return {"path": written}


def _lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def refused_by(gate):
    """The error of an element that the publish gate does not let pass; None where it does."""
    word = gate.get("word", "HELD")
    if word == "CLEARED":
        return None
    stops = [one for one in gate.get("findings", ()) if one["held"] != "open"]
    said = "; ".join(
        "%s%s (%s)" % ("%s " % one["number"] if one["number"] else "", one["description"], one["fix"])
        for one in stops[:5]
    )
    more = "; and %d more" % (len(stops) - 5) if len(stops) > 5 else ""
    return BatchElementError(
        BatchElementError.ErrorCode.kEntityAccessError,
        "%s at the publish gate: %s%s" % (word, said or "no rule judges", more),
    )
