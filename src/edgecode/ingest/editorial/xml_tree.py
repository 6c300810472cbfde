"""XML files as trees of plain elements: no entity is ever declared or fetched, and nothing is deeper or larger than it may be.

Names are without their namespace; the root's is kept beside the tree.
"""

from typing import NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from edgecode.errors import InputError
from edgecode.ingest.editorial.limits import MAX_XML_DEPTH, MAX_XML_ELEMENTS
from edgecode.ingest.editorial.texts import decoded, recordable
from edgecode.terms.cuts import Diagnostic


class XmlTree(NamedTuple):
    """*root* with names that lost their *namespace*; *problems*: what was unusual about the text."""

    root: Element
    namespace: str
    problems: tuple[Diagnostic, ...]


def parse_xml(data: bytes, *, name: str) -> XmlTree:
    """The whole tree of *data*.

    Raises InputError: ``xml.malformed`` (with the line where reading ended), ``entity.refused``, ``schema.too_deep``,
    ``cut.too_large``.
    """
    data = _unpadded(data)
    try:
        return _Building(name).tree(data, encoding=None, problems=())
    except (ValueError, LookupError) as error:
        # The first line names an encoding that nobody has, or one that expat cannot be given.
        raise InputError(
            "xml.malformed",
            f"{name} is no XML file that can be read: line 1 names an encoding that is not read",
            "Export it again; programs of the trade write UTF-8",
        ) from error
    except expat.ExpatError as error:
        text, encoding = decoded(data)
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN] and encoding in ("cp1252", "latin-1"):
            said = Diagnostic("text.encoding", f"the file is not UTF-8; it was read as {encoding}")
            try:
                return _Building(name).tree(text.encode("utf-8"), encoding="utf-8", problems=(said,))
            except expat.ExpatError as again:
                raise _malformed(name, again) from error
        raise _malformed(name, error) from error


def _unpadded(data: bytes) -> bytes:
    """*data* without padding behind it; in UTF-16 the last sign has a zero of its own, and signs are two bytes."""
    encoding = decoded(data[:4096])[1]
    if not encoding.startswith("utf-16"):
        return data.lstrip(b" \t\r\n").rstrip(b"\0")
    zeros = len(data) - len(data.rstrip(b"\0"))
    padding = (max(zeros - 1, 0) if encoding == "utf-16-le" else zeros) // 2 * 2
    return data[: len(data) - padding]


def text_at(element: Element, path: str) -> str:
    """The text of the first element at *path*, stripped and fit for a record; "" where there is none."""
    return recordable((element.findtext(path) or "").strip())


def _malformed(name: str, error: expat.ExpatError) -> InputError:
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]:
        return InputError(
            "xml.malformed",
            f"{name} goes on behind the end of its document, at line {error.lineno}: it holds more than one",
            "Give every document a file of its own, or export the sequences into one document",
        )
    return InputError(
        "xml.malformed",
        f"{name} is no whole XML file: reading ended at line {error.lineno}, column {error.offset + 1}",
        "Export the cut again; the file may be cut short",
    )


class _Building:
    def __init__(self, name: str) -> None:
        self.name = name
        self.builder = TreeBuilder()
        self.namespace = ""
        self.depth = 0
        self.elements = 0

    def tree(self, data: bytes, *, encoding: str | None, problems: tuple[Diagnostic, ...]) -> XmlTree:
        parser = expat.ParserCreate(encoding, namespace_separator="\n")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.builder.data
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = self._entity
        parser.SkippedEntityHandler = self._entity
        parser.Parse(data, True)
        return XmlTree(self.builder.close(), self.namespace, problems)

    def _start(self, written: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_XML_DEPTH:
            raise InputError(
                "schema.too_deep",
                f"{self.name} nests more than {MAX_XML_DEPTH} elements inside one another",
                "Export the cut with its nested sequences flattened",
            )
        if self.elements > MAX_XML_ELEMENTS:
            raise InputError(
                "cut.too_large",
                f"{self.name} holds more than {MAX_XML_ELEMENTS} elements",
                "Export the reels one by one",
            )
        namespace, _, tag = written.rpartition("\n")
        if self.depth == 1:
            self.namespace = namespace
        self.builder.start(tag, {key.rpartition("\n")[2]: value for key, value in attributes.items()})

    def _end(self, written: str) -> None:
        self.depth -= 1
        self.builder.end(written.rpartition("\n")[2])

    def _entity(self, *_: object) -> int:
        raise InputError(
            "entity.refused",
            f"{self.name} declares entities of its own, which no editing program writes",
            "Export the cut again from the editing program",
        )
