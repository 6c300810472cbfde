"""Manifests and chain files of ASC MHL as values: read in any order of elements, written in the order of the schema (ASCMHL.xsd)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from msgspec import Struct

from edgecode.errors import InputError
from edgecode.ingest.editorial.texts import recordable
from edgecode.ingest.editorial.xml_tree import parse_xml
from edgecode.ingest.mhl.formats import FORMATS, is_hash
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.places import readable

NAMESPACE, CHAIN_NAMESPACE = "urn:ASC:MHL:v2.0", "urn:ASC:MHL:DIRECTORY:v2.0"
OURS = "urn:edgecode:mhl:1"
"""The namespace of what we put into ``metadata``; other programs pass it over."""

Action = Literal["original", "verified", "failed", ""]
Process = Literal["in-place", "transfer", "flatten"]
_ACTIONS: Mapping[str, Action] = {"original": "original", "verified": "verified", "failed": "failed"}
_PROCESSES: Mapping[str, Process] = {"in-place": "in-place", "transfer": "transfer", "flatten": "flatten"}
MANIFEST_BYTES_AT_MOST = 512 << 20


class FileHash(Struct, frozen=True):
    """One hash of a file. *action*: as written, "" where it says none. *date*: RFC 3339 text as written."""

    format: str
    value: str
    action: Action = ""
    date: str = ""


class FileEntry(Struct, frozen=True):
    """A file of a generation. *path*: relative, forward slashes. *size* in bytes, None where it is not said. *previous*: its path before it
    was renamed. *sha256*, *version*: what we wrote into its metadata, or another edgecode did."""

    path: str
    hashes: tuple[FileHash, ...]
    size: int | None = None
    modified: str = ""
    previous: str = ""
    sha256: str = ""
    version: str = ""

    @property
    def is_failed(self) -> bool:
        """Whether the generation itself found that the file is no longer what it was."""
        return any(one.action == "failed" for one in self.hashes)


class FolderEntry(Struct, frozen=True):
    """A folder's hashes of hashes by format: of what is in it (*content*) and with the names (*structure*). *path* "": the root."""

    path: str
    content: Mapping[str, str] = {}
    structure: Mapping[str, str] = {}
    modified: str = ""


class Author(Struct, frozen=True):
    """Somebody who stands in a manifest: personal data."""

    name: str = ""
    email: str = ""
    phone: str = ""
    role: str = ""


class Creator(Struct, frozen=True):
    """Who made a generation. *created*: as written. All but the tool are words about persons or places."""

    created: str
    hostname: str = ""
    tool: str = ""
    tool_version: str = ""
    authors: tuple[Author, ...] = ()
    location: str = ""
    comment: str = ""


class Reference(Struct, frozen=True):
    """A manifest of a history below, by its path and C4."""

    path: str
    c4: str


class Manifest(Struct, frozen=True):
    """One generation, or a packing list. *entries* keep the order of the file: folders behind what is in them."""

    creator: Creator
    process: Process
    entries: tuple[FileEntry | FolderEntry, ...] = ()
    root: FolderEntry | None = None
    ignore: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    problems: tuple[Diagnostic, ...] = ()

    @property
    def files(self) -> list[FileEntry]:
        """The files in the order of the manifest."""
        return [one for one in self.entries if isinstance(one, FileEntry)]


class ChainLink(Struct, frozen=True):
    """A generation as the chain file lists it."""

    number: int
    path: str
    c4: str


def read_manifest(data: bytes, *, name: str) -> Manifest:
    """Raises InputError ``mhl.unreadable`` for what is no manifest, and ``mhl.version`` for one of MHL 1.x."""
    root = _tree(data, name=name, tag="hashlist", namespace=NAMESPACE)
    said: list[Diagnostic] = []
    process = _text(root, "processinfo/process")
    if process not in _PROCESSES:
        said.append(Diagnostic("mhl.process", "the generation does not say what was done", effect="approximate"))
    info = root.find("processinfo")
    top = info.find("roothash") if info is not None else None
    entries = (one for group in root.findall("hashes") for each in group if (one := _entry(each, said)) is not None)
    return Manifest(
        _creator(root),
        _PROCESSES.get(process, "in-place"),
        tuple(entries),
        _folder(top, "") if top is not None else None,
        tuple(recordable(one.text or "") for one in root.findall("processinfo/ignore/pattern") if one.text),
        tuple(Reference(_text(one, "path"), _text(one, "c4")) for one in root.findall("references/hashlistreference")),
        tuple(said),
    )


def read_chain(data: bytes, *, name: str) -> list[ChainLink]:
    """The generations that a chain file lists, in its order. Raises InputError ``mhl.unreadable``."""
    root = _tree(data, name=name, tag="ascmhldirectory", namespace=CHAIN_NAMESPACE)
    found = []
    for one in root.findall("hashlist"):
        number = one.get("sequencenr", "")
        found.append(
            ChainLink(
                int(number) if number.isdecimal() and len(number) < 9 else 0, _text(one, "path"), _text(one, "c4")
            )
        )
    return found


def _bytes(written: str) -> int | None:
    """A size; None for what is none, or is larger than any file and than a number of the record may be."""
    size = int(written) if written.isdecimal() and len(written) < 17 else None
    return size if size is not None and size < 1 << 53 else None


def write_manifest(manifest: Manifest) -> bytes:
    """The bytes of a manifest; `read_manifest` gives it back, whatever it does not hold (the order of formats) apart."""
    top = Element(_q("hashlist"), {"version": "2.0"})
    _write_creator(top, manifest.creator)
    info = _add(top, "processinfo")
    _add(info, "process", manifest.process)
    if manifest.root is not None and manifest.root.content:
        _write_both(_add(info, "roothash"), manifest.root, manifest.creator.created)
    if manifest.ignore:
        ignore = _add(info, "ignore")
        for pattern in manifest.ignore:
            _add(ignore, "pattern", pattern)
    if manifest.entries:
        hashes = _add(top, "hashes")
        for one in manifest.entries:
            if isinstance(one, FileEntry):
                _write_file(hashes, one)
            else:
                folder = _add(hashes, "directoryhash")
                _add(folder, "path", one.path, **({"lastmodificationdate": one.modified} if one.modified else {}))
                _write_both(folder, one, manifest.creator.created)
    if manifest.references:
        references = _add(top, "references")
        for each in manifest.references:
            reference = _add(references, "hashlistreference")
            _add(reference, "path", each.path)
            _add(reference, "c4", each.c4)
    return _written(top, NAMESPACE)


def write_chain(links: Iterable[ChainLink]) -> bytes:
    """The bytes of a chain or collection file."""
    top = Element(f"{{{CHAIN_NAMESPACE}}}ascmhldirectory")
    for one in links:
        row = SubElement(top, f"{{{CHAIN_NAMESPACE}}}hashlist", {"sequencenr": str(one.number)})
        SubElement(row, f"{{{CHAIN_NAMESPACE}}}path").text = one.path
        SubElement(row, f"{{{CHAIN_NAMESPACE}}}c4").text = one.c4
    return _written(top, CHAIN_NAMESPACE)


def is_inside(path: str) -> bool:
    """Whether a path of a manifest stays in its folder: relative, without ``..`` and without a drive."""
    parts = path.split("/")
    return bool(path) and not path.startswith("/") and ":" not in parts[0] and not {"", ".", ".."} & set(parts)


def _tree(data: bytes, *, name: str, tag: str, namespace: str) -> Element:
    if len(data) > MANIFEST_BYTES_AT_MOST:
        raise _unreadable(name, f"it is larger than {MANIFEST_BYTES_AT_MOST >> 20} MiB")
    try:
        tree = parse_xml(data, name=name)
    except InputError as error:
        raise _unreadable(name, f"it is no whole XML file ({error.code})") from error
    if tree.root.tag == "hashlist" and tree.namespace != NAMESPACE and tag == "hashlist":
        raise InputError(
            "mhl.version",
            f"{readable(name)} is a list of the older MHL 1.x, which has no history",
            "Make an ASC MHL history of the folder: edgecode mhl write FOLDER",
        )
    if tree.root.tag != tag or tree.namespace != namespace:
        raise _unreadable(name, "it is of another kind")
    return tree.root


def _creator(root: Element) -> Creator:
    tool = root.find("creatorinfo/tool")
    return Creator(
        _text(root, "creatorinfo/creationdate"),
        _text(root, "creatorinfo/hostname"),
        _text(root, "creatorinfo/tool"),
        recordable(tool.get("version", "")) if tool is not None else "",
        tuple(_author(one) for one in root.findall("creatorinfo/author")),
        _text(root, "creatorinfo/location"),
        _text(root, "creatorinfo/comment"),
    )


def _author(element: Element) -> Author:
    # Version 1.0 has attributes; what was written before it has elements.
    words = {key: recordable(element.get(key, "") or _text(element, key)) for key in ("email", "phone", "role")}
    return Author(recordable((element.text or "").strip()) or _text(element, "name"), **words)


def _entry(element: Element, said: list[Diagnostic]) -> FileEntry | FolderEntry | None:
    if element.tag not in ("hash", "directoryhash"):
        return None
    # The specification's own example writes a folder with a slash behind it.
    path = _text(element, "path") if element.tag == "hash" else _text(element, "path").rstrip("/")
    if not is_inside(path) and not (element.tag == "directoryhash" and path == "."):
        said.append(Diagnostic("mhl.path", "an entry leads out of its folder and was left out", effect="row-missing"))
        return None
    at = element.find("path")
    modified = at.get("lastmodificationdate", "") if at is not None else ""
    if element.tag == "directoryhash":
        return _folder(element, path, modified)
    hashes = tuple(one for each in element if (one := _hash(each, said)) is not None)
    size = at.get("size", "") if at is not None else ""
    previous = _text(element, "previousPath")
    ours = element.find("metadata/content")
    return FileEntry(
        path,
        hashes,
        _bytes(size),
        recordable(modified),
        previous if is_inside(previous) else "",
        recordable(ours.get("sha256", "")) if ours is not None else "",
        recordable(ours.get("version", "")) if ours is not None else "",
    )


def _hash(element: Element, said: list[Diagnostic]) -> FileHash | None:
    if element.tag not in FORMATS:
        return None
    value = (element.text or "").strip()
    if not is_hash(element.tag, value):
        said.append(Diagnostic("mhl.hash", f"a {element.tag} hash is none and was left out", effect="row-missing"))
        return None
    action = _ACTIONS.get(element.get("action", ""), "")
    return FileHash(element.tag, value, action, recordable(element.get("hashdate", "")))


def _folder(element: Element, path: str, modified: str = "") -> FolderEntry:
    content, structure = (
        {one.tag: (one.text or "").strip() for one in element.findall(f"{part}/*") if one.tag in FORMATS}
        for part in ("content", "structure")
    )
    return FolderEntry(path, content, structure, recordable(modified))


def _text(element: Element, path: str) -> str:
    return recordable((element.findtext(path) or "").strip())


def _write_creator(top: Element, creator: Creator) -> None:
    made = _add(top, "creatorinfo")
    _add(made, "creationdate", creator.created)
    _add(made, "hostname", creator.hostname)
    _add(made, "tool", creator.tool, version=creator.tool_version)
    for one in creator.authors:
        words = {key: value for key in ("email", "phone", "role") if (value := getattr(one, key))}
        _add(made, "author", one.name, **words)
    for word in ("location", "comment"):
        if text := getattr(creator, word):
            _add(made, word, text)


def _write_file(hashes: Element, one: FileEntry) -> None:
    element = _add(hashes, "hash")
    words = {"size": str(one.size)} if one.size is not None else {}
    _add(element, "path", one.path, **words, **({"lastmodificationdate": one.modified} if one.modified else {}))
    for name in FORMATS:
        for each in (each for each in one.hashes if each.format == name):
            known = {"action": each.action, "hashdate": each.date}
            _add(element, name, each.value, **{key: value for key, value in known.items() if value})
    if one.previous:
        _add(element, "previousPath", one.previous)
    ours = {key: value for key in ("sha256", "version") if (value := getattr(one, key))}
    if ours:
        SubElement(_add(element, "metadata"), f"{{{OURS}}}content", ours)


def _write_both(parent: Element, folder: FolderEntry, created: str) -> None:
    for part, values in (("content", folder.content), ("structure", folder.structure)):
        element = _add(parent, part)
        for name in FORMATS:
            if name in values:
                _add(element, name, values[name], hashdate=created)


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    element = SubElement(parent, _q(tag), attributes)
    element.text = text or None
    return element


def _q(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _written(top: Element, default: str) -> bytes:
    register_namespace("", default)
    register_namespace("edgecode", OURS)
    indent(top)
    data: bytes = tostring(top, encoding="UTF-8", xml_declaration=True)
    return data + b"\n"


def _unreadable(name: str, why: str) -> InputError:
    return InputError(
        "mhl.unreadable", f"{readable(name)} is no part of an ASC MHL history: {why}", "Ask whoever made it"
    )


def earliest(manifests: Iterable[Manifest]) -> dict[str, dict[str, str]]:
    """The first hash of each format of each file that did not fail, by path; what later generations are held against."""
    known: dict[str, dict[str, str]] = {}
    for one in _files(manifests):
        if one.previous in known and one.path not in known:
            known[one.path] = dict(known[one.previous])
        for each in one.hashes:
            if each.action != "failed":
                known.setdefault(one.path, {}).setdefault(each.format, each.value)
    return known


def _files(manifests: Iterable[Manifest]) -> Iterator[FileEntry]:
    for manifest in manifests:
        yield from manifest.files
