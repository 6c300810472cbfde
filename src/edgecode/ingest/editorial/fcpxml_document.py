"""FCPXML text into plain elements, guarded: no entities, nothing fetched, bounded depth and number, the line of every element kept.

Source: Final Cut Pro XML DTD 1.8 to 1.14. What no cut needs (bookmarks, keywords, smart collections, opaque data) is not kept.
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias
from xml.parsers import expat

from edgecode.errors import InputError
from edgecode.ingest.editorial.limits import MAX_PARAMETER_BYTES, MAX_XML_DEPTH, MAX_XML_ELEMENTS

_LEFT_OUT = frozenset(
    (
        *("bookmark", "data", "reserved", "keyword", "keyword-collection", "smart-collection", "rating"),
        *("analysis-marker", "array", "locator"),
    )
)
Weight: TypeAlias = Literal["none", "approximate", "row-missing"]
"""What a problem did to the rows, as `Diagnostic.effect`."""

_WITH_TEXT = frozenset(("note", "text", "text-style"))
_AGAIN = "Export the cut again from Final Cut Pro"


class Element:
    """One element: *attributes* as written, *text* only where it is words of people, *line* in the file from 1."""

    __slots__ = ("attributes", "children", "line", "parent", "place", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str], line: int, parent: "Element | None", place: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""
        self.line = line
        self.parent = parent
        self.place = place

    def says(self, attribute: str) -> str:
        """An attribute as written, "" where it is missing."""
        return self.attributes.get(attribute, "")

    def first(self, tag: str) -> "Element | None":
        """The first child called *tag*."""
        return next((child for child in self.children if child.tag == tag), None)

    def all(self, tag: str) -> list["Element"]:
        """The children called *tag*."""
        return [child for child in self.children if child.tag == tag]

    def within(self) -> Iterator["Element"]:
        """The element and everything in it, in the order of the file."""
        waiting = [self]
        while waiting:
            each = waiting.pop()
            yield each
            waiting.extend(reversed(each.children))

    @property
    def where(self) -> str:
        """Its place in the document, without any name: ``sequence/spine/asset-clip.3``."""
        steps: list[str] = []
        each: Element | None = self
        while each is not None and each.tag not in ("project", "resources", "fcpxml"):
            steps.append(f"{each.tag}.{each.place}" if each.place else each.tag)
            each = each.parent
        return "/".join(reversed(steps))


def parse_fcpxml(data: bytes, *, name: str) -> Element:
    """The document's root.

    Raises InputError: ``xml.malformed`` (no whole XML document, or another one), ``entity.refused``, ``schema.too_deep``,
    ``cut.too_large`` (more elements than any cut has).
    """
    builder = _Builder(name)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = lambda tag, attributes: builder.start(tag, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.words
    parser.EntityDeclHandler = builder.refuse_entity
    parser.ExternalEntityRefHandler = builder.refuse_entity
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        # A ValueError or LookupError is an encoding that the first line names and nobody has.
        line = error.lineno if isinstance(error, expat.ExpatError) else 1
        text = f"{name} is no whole XML document: reading ended in line {line}"
        raise InputError("xml.malformed", text, _AGAIN) from error
    if builder.root is None or builder.root.tag != "fcpxml":
        raise InputError("xml.malformed", f"{name} is XML of another kind than FCPXML", _AGAIN)
    return builder.root


class _Builder:
    """Collects the elements that expat announces."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Element | None = None
        self._open: list[Element] = []
        self._depth = 0
        self._left_out = 0
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_XML_DEPTH:
            raise InputError(
                "schema.too_deep",
                f"{self.name} opens more than {MAX_XML_DEPTH} elements inside one another",
                "Flatten the innermost compound clips before exporting",
            )
        if self._count > MAX_XML_ELEMENTS:
            raise InputError(
                "cut.too_large",
                f"{self.name} holds more than {MAX_XML_ELEMENTS} elements",
                "Export the reels one by one",
            )
        if self._left_out or tag in _LEFT_OUT:
            self._left_out = self._left_out or self._depth
            return
        parent = self._open[-1] if self._open else None
        element = Element(tag, attributes, line, parent, len(parent.children) if parent is not None else 0)
        if parent is None:
            self.root = element
        else:
            parent.children.append(element)
        self._open.append(element)

    def end(self, _tag: str) -> None:
        if not self._left_out:
            self._open.pop()
        elif self._left_out == self._depth:
            self._left_out = 0
        self._depth -= 1

    def words(self, text: str) -> None:
        if self._open and not self._left_out and self._open[-1].tag in _WITH_TEXT:
            element = self._open[-1]
            if len(element.text) < MAX_PARAMETER_BYTES:
                element.text += text[:MAX_PARAMETER_BYTES]

    def refuse_entity(self, *_: object) -> int:
        raise InputError(
            "entity.refused",
            f"{self.name} declares entities of its own, which no editing program does",
            "Export the cut again; do not open files of this kind from strangers",
        )
