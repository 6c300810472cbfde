"""How long items of an OTIO document are, in frames of the cut: their source range, else their media, else their children."""

from edgecode.ingest.editorial.exact import Clock, Exact
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
        schema = schema_of(item)
        if schema in ("Track", "Stack"):
            key = id(item)
            if key not in self._known:
                children = [object_of(child) for child in list_of(item.get("children"))]
                self._known[key] = self.along(children) if schema == "Track" else self.beside(children)
            return self._known[key]
        if schema == "Gap":
            return None
        available = available_span(references_of(item), self.clock)
        return None if available is None else available[1]

    def along(self, children: list[JsonObject]) -> Exact:
        """How long the items of a track are together. One without a length counts as nothing; the walk says so."""
        return sum(self._known_lengths(children))

    def beside(self, children: list[JsonObject]) -> Exact:
        """How long the longest layer of a stack is."""
        return max(self._known_lengths(children), default=0)

    def _known_lengths(self, children: list[JsonObject]) -> list[Exact]:
        return [length for child in children if schema_of(child) != "Transition" and (length := self.of(child))]
