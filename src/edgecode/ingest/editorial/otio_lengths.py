"""How long items of an OTIO document are, in frames of the cut: their source range, else their media, else their children."""

from edgecode.ingest.editorial.exact import Clock, Exact
from edgecode.ingest.editorial.limits import refuse_fine
from edgecode.ingest.editorial.otio_effects import bends_time
from edgecode.ingest.editorial.otio_json import JsonObject, list_of, object_of, schema_of
from edgecode.ingest.editorial.otio_media import available_span, references_of


class Lengths:
    """Remembers the lengths of compositions, which their parents ask for again and again."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._known: dict[int, Exact | None] = {}

    def of(self, item: JsonObject) -> Exact | None:
        """The item's length; None when nothing in the file says it. Transitions take no time."""
        span = self.clock.span(item.get("source_range"))
        if span is not None:
            return span[1]
        told = self.clock.frames(object_of(item.get("source_range")).get("duration"))
        if told is not None and told > 0:
            return told  # only its start cannot be read
        schema = schema_of(item)
        if schema in ("Track", "Stack"):
            key = id(item)
            if key not in self._known:
                children = [object_of(child) for child in list_of(item.get("children"))]
                self._known[key] = self.along(children) if schema == "Track" else self.beside(children)
            return self._known[key]
        if schema == "Gap":
            return None
        references = references_of(item)
        spans = (available_span(each, self.clock) for each in (references.active, *references.others))
        return next((span[1] for span in spans if span is not None), None)

    def says_it(self, item: JsonObject) -> bool:
        """Whether the item's length is the file's word: a readable range, or none and a length of its media or children."""
        if item.get("source_range") is not None:
            return self.clock.span(item.get("source_range")) is not None
        if schema_of(item) in ("Track", "Stack", "Gap", "Transition"):
            return True
        return available_span(references_of(item).active, self.clock) is not None

    def shown(self, item: JsonObject) -> Exact:
        """How far into the item something is on: what is switched off at its end makes no cut longer.

        Gaps count as they stand, except where they only lead to, or follow, what is switched off.
        """
        length = self.of(item) or 0
        if item.get("enabled") is False:
            return 0
        schema, children = schema_of(item), [object_of(child) for child in list_of(item.get("children"))]
        if schema == "Track":
            whole, reach = self.along(children), self._reach(children)
        elif schema == "Stack":
            whole, reach = self.beside(children), max(map(self.shown, children), default=0)
        else:
            return length
        span = self.clock.span(item.get("source_range"))
        first = max(span[0], 0) if span is not None else 0
        if reach == whole or (bends_time(item) and reach > first):
            return length
        return min(max(reach - first, 0), length)

    def _reach(self, children: list[JsonObject]) -> Exact:
        """Where on a track the last item that is on ends; with nothing switched off after it, the track's end."""
        position: Exact = 0
        reach: Exact = 0
        off = False
        for child in children:
            schema = schema_of(child)
            if schema == "Transition":
                continue
            length = self.of(child) or 0
            plain_gap = schema == "Gap" and not child.get("effects")
            on = 0 if plain_gap else self.shown(child)
            if on:
                reach, off = position + on, on < length
            elif not plain_gap and length:
                off = True
            position += length
            refuse_fine(position)
        return reach if off else position

    def along(self, children: list[JsonObject]) -> Exact:
        """How long the items of a track are together. One without a length counts as nothing; the walk says so."""
        total: Exact = 0
        for length in self._known_lengths(children):
            total += length
            refuse_fine(total)
        return total

    def beside(self, children: list[JsonObject]) -> Exact:
        """How long the longest layer of a stack is."""
        return max(self._known_lengths(children), default=0)

    def _known_lengths(self, children: list[JsonObject]) -> list[Exact]:
        return [length for child in children if schema_of(child) != "Transition" and (length := self.of(child))]
