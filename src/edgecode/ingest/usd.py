"""Reads USD layers: what they depend on, who says to have made them, what their assets are called; writes the last two into copies.

Authorship is that of the OpenUSD proposal 106 in its preliminary spelling (``preliminaryAuthorship:INSTANCE:FIELD``), as plain attributes
that need no schema. Extra ``usd``; every call of the library is here.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import cast

from msgspec import Struct

from edgecode.errors import InputError, UnavailableError
from edgecode.ingest.credential_claims import GENERATIVE, source_term
from edgecode.ingest.step_record import SCHEMA, RecordedFile, RecordedInput, RecordedText, RecordedTool, StepRecord
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import InputRole, StepKind

SUFFIXES = (".usd", ".usda", ".usdc", ".usdz")
FIELDS = (
    "producer", "version", "softwarePackage", "softwareVersion", "digitalSourceType", "instanceID", "creator", "prompt", "created",
    "usageTerms", "contact", "description",
)  # fmt: skip
"""Of an authorship. *producer* and *version* became *softwarePackage* and *softwareVersion* in a later text of the proposal."""
_PREFIXES = ("preliminaryAuthorship", "authorship")
_LISTS = ("creator", "contact")
_PERSONAL = ("creator", "contact", "prompt", "description")
_VALUE_AT_MOST = 4096


class Authorship(Struct, frozen=True):
    """Who says to have made a prim. *values*: by the proposal's fields; several values of one field with ``; `` between."""

    prim: str
    instance: str
    values: dict[str, str]

    @property
    def is_generated(self) -> bool:
        """Whether it says that a model made some of it."""
        said = self.values.get("digitalSourceType", "").split("; ")
        return any(source_term(one) in GENERATIVE for one in said)

    @property
    def tool(self) -> RecordedTool:
        """The program, as it calls itself."""
        name = self.values.get("producer") or self.values.get("softwarePackage", "")
        return RecordedTool(name, self.values.get("version") or self.values.get("softwareVersion", ""))


class UsdLayer(Struct, frozen=True):
    """What one layer says itself. *references*: asset paths as written, of sublayers, references, payloads and attributes, each once.

    *asset_info*: of each prim that has some: name, version, identifier …"""

    references: tuple[str, ...]
    authorship: tuple[Authorship, ...]
    asset_info: dict[str, dict[str, str]]


class Dependencies(Struct, frozen=True):
    """Everything that a stage is read from, resolved where it is: layers, other files, and asset paths that lead nowhere."""

    layers: tuple[str, ...]
    assets: tuple[str, ...]
    unresolved: tuple[str, ...]


def dependencies(path: Path) -> Dependencies:
    """Everything below a layer. Raises InputError ``usd.unreadable``, UnavailableError ``extra.missing``."""
    pxr = _library()
    with _Quiet(pxr):
        try:
            layers, assets, unresolved = pxr.UsdUtils.ComputeAllDependencies(pxr.Sdf.AssetPath(str(path)))
        except pxr.Tf.ErrorException as error:
            raise _unreadable(path.name) from error
    if not layers:
        raise _unreadable(path.name)
    own = str(path.resolve())
    below = sorted({layer.realPath or layer.identifier for layer in layers} - {own})
    return Dependencies(tuple(below), tuple(sorted(set(assets))), tuple(sorted(set(unresolved))))


def layer_in(data: bytes, *, name: str) -> UsdLayer:
    """One layer by its bytes; opens nothing that it names. Raises like `dependencies`."""
    pxr = _library()
    with TemporaryDirectory(prefix="edgecode-") as folder, _Quiet(pxr):
        # The library reads binary layers from files alone; its own copy leads no relative path anywhere.
        path = Path(folder) / f"layer{_suffix(data)}"
        path.write_bytes(data)
        return _said(pxr, _opened(pxr, path, name=name))


def stamp(
    path: Path, to: Path, *, prim: str, asset_info: Mapping[str, str], authorship: Authorship | None = None
) -> None:
    """Write a copy of a layer with *asset_info* and *authorship* on a prim ("": the default prim). The layer itself stays as it is.

    Raises InputError ``usd.unreadable``, ``usd.copy`` (the copy exists, or lies in another folder, where relative paths would lead
    elsewhere), ``usd.package``, ``usd.no_prim``.
    """
    if path.suffix.lower() == ".usdz":
        raise InputError(
            "usd.package",
            f"{path.name} is a package, which is never written into",
            "Stamp the layer before it is packed",
        )
    if to.exists() or to.resolve().parent != path.resolve().parent:
        raise InputError(
            "usd.copy", f"{to.name} is there, or lies in another folder", "Name a new file in the layer's own folder"
        )
    pxr = _library()
    with _Quiet(pxr):
        layer = _opened(pxr, path, name=path.name)
        at = prim or (f"/{layer.defaultPrim}" if layer.defaultPrim else "")
        if not at or layer.GetPrimAtPath(at) is None:
            raise InputError(
                "usd.no_prim", f"{path.name} has no such prim, or no default prim", "Give one: --prim /Root"
            )
        copy = pxr.Sdf.Layer.CreateNew(str(to))
        copy.TransferContent(layer)
        spec = copy.GetPrimAtPath(at)
        info = dict(spec.assetInfo)
        for key, value in asset_info.items():
            info[key] = pxr.Sdf.AssetPath(value) if key == "identifier" else value
        spec.SetInfo("assetInfo", info)
        if authorship is not None:
            _write_authorship(pxr, spec, authorship)
        copy.Save()


class UsdLayers:
    """A step reader (`doors.StepReader`)."""

    name = "usd"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """By the first bytes of text and binary layers; a package by its name."""
        return bool(_suffix(head)) and (not head.startswith(b"PK") or name.lower().endswith(".usdz"))

    def read(self, data: bytes, *, name: str) -> Iterator[StepRecord | Diagnostic]:
        """One step for a layer that names others or says who made it: declared, and of status unknown unless it says that a model made
        something. Raises like `layer_in`."""
        layer = layer_in(data, name=name)
        generated = [one for one in layer.authorship if one.is_generated]
        if not layer.references and not layer.authorship:
            yield Diagnostic("usd.says_nothing", "the layer names no other file and nobody as its maker", path=name)
            return
        speaker = next(iter(generated or layer.authorship), None)
        yield StepRecord(
            schema=SCHEMA,
            kind=StepKind.GENERATIVE_EDIT if generated else StepKind.COMP,
            outputs=(RecordedFile(path=name),),
            id=f"usd:{sha256(data).hexdigest()}",
            tool=speaker.tool if speaker is not None and speaker.tool.name else None,
            ai=AiUse.GENERATIVE if generated else None,
            status="done" if generated else "unknown",
            inputs=tuple(RecordedInput(path=path[:_VALUE_AT_MOST], role=_role(path)) for path in layer.references),
            settings=_settings(layer),
            texts=tuple(_texts(layer)),
        )


class LayerSaid:
    """`layer_in` with a `read`, for a process of its own."""

    def read(self, data: bytes, *, name: str) -> UsdLayer:
        """As `layer_in`."""
        return layer_in(data, name=name)


class DependenciesSaid:
    """`dependencies` with a `read`, for a process of its own: its data is the layer's path."""

    def read(self, data: bytes, *, name: str) -> Dependencies:
        """As `dependencies`."""
        return dependencies(Path(os.fsdecode(data)))


def _role(path: str) -> InputRole:
    return (
        InputRole.REFERENCE
        if Path(path).suffix.lower() in (*SUFFIXES, ".abc", ".obj", ".fbx", ".vdb")
        else InputRole.PICTURE
    )


def _settings(layer: UsdLayer) -> dict[str, str]:
    found = {
        f"{one.prim} {one.instance} {key}": value
        for one in layer.authorship
        for key, value in one.values.items()
        if key not in _PERSONAL
    }
    return found | {
        f"{prim} assetInfo {key}": value for prim, info in layer.asset_info.items() for key, value in info.items()
    }


def _texts(layer: UsdLayer) -> Iterator[RecordedText]:
    """Prompts and names of people, with a key of their own."""
    for one in layer.authorship:
        yield from (
            RecordedText(value, f"{key} of {one.prim}") for key, value in one.values.items() if key in _PERSONAL
        )


def _suffix(data: bytes) -> str:
    known = ((b"#usda ", ".usda"), (b"PXR-USDC", ".usdc"), (b"PK\x03\x04", ".usdz"))
    return next((suffix for magic, suffix in known if data.startswith(magic)), "")


def _unreadable(name: str) -> InputError:
    return InputError(
        "usd.unreadable", f"{name} cannot be read as USD", "Save it again, or give the layer and not a part of it"
    )


def _library() -> ModuleType:
    """The library has no types; nothing of it leaves this module."""
    if find_spec("pxr") is None:
        raise UnavailableError(
            "extra.missing", "USD is read by a library that is not installed", "Install it: pip install 'edgecode[usd]'"
        )
    import pxr
    from pxr import Sdf, Tf, UsdUtils  # noqa: F401 - makes them attributes of the package

    return cast(ModuleType, pxr)


class _Quiet:
    """What the library would print of unresolved paths is said in the answer; its own lines hold paths of the machine."""

    def __init__(self, pxr: ModuleType) -> None:
        self._pxr = pxr

    def __enter__(self) -> None:
        self._delegate = self._pxr.UsdUtils.CoalescingDiagnosticDelegate()

    def __exit__(self, *problem: object) -> None:
        self._delegate.TakeUncoalescedDiagnostics()
        del self._delegate


def _opened(pxr: ModuleType, path: Path, *, name: str):  # type: ignore[no-untyped-def]  # a layer of the library
    try:
        layer = (
            pxr.Sdf.Layer.OpenAsAnonymous(str(path)) if path.suffix != ".usdz" else pxr.Sdf.Layer.FindOrOpen(str(path))
        )
    except pxr.Tf.ErrorException as error:
        raise _unreadable(name) from error
    if layer is None:
        raise _unreadable(name)
    return layer


def _said(pxr: ModuleType, layer) -> UsdLayer:  # type: ignore[no-untyped-def]
    references = dict.fromkeys(layer.GetCompositionAssetDependencies())
    authorship: dict[tuple[str, str], dict[str, str]] = {}
    info: dict[str, dict[str, str]] = {}

    def visit(path) -> None:  # type: ignore[no-untyped-def]
        spec = layer.GetObjectAtPath(path)
        if isinstance(spec, pxr.Sdf.PrimSpec) and spec.HasInfo("assetInfo"):
            info[str(path)] = {str(key): _text(pxr, value) for key, value in dict(spec.assetInfo).items()}
        if isinstance(spec, pxr.Sdf.AttributeSpec):
            if spec.typeName.scalarType == pxr.Sdf.ValueTypeNames.Asset:
                references.update(dict.fromkeys(_paths(pxr, spec, layer)))
            prefix, _, rest = spec.name.partition(":")
            instance, _, key = rest.partition(":")
            if prefix in _PREFIXES and key in FIELDS and spec.default is not None:
                authorship.setdefault((str(path.GetPrimPath()), instance), {})[key] = _text(pxr, spec.default)

    layer.Traverse(pxr.Sdf.Path.absoluteRootPath, visit)
    said = tuple(Authorship(prim, instance, values) for (prim, instance), values in sorted(authorship.items()))
    return UsdLayer(tuple(one for one in references if one), said, info)


def _paths(pxr: ModuleType, spec, layer) -> Iterator[str]:  # type: ignore[no-untyped-def]
    values = [
        spec.default,
        *(layer.QueryTimeSample(spec.path, time) for time in layer.ListTimeSamplesForPath(spec.path)),
    ]
    for value in values:
        each = value if isinstance(value, pxr.Sdf.AssetPathArray) else [value]
        yield from (one.path for one in each if isinstance(one, pxr.Sdf.AssetPath))


def _text(pxr: ModuleType, value: object) -> str:
    if isinstance(value, pxr.Sdf.AssetPath):
        return str(value.path)[:_VALUE_AT_MOST]
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "; ".join(map(str, value))[:_VALUE_AT_MOST]
    return str(value)[:_VALUE_AT_MOST]


def _write_authorship(pxr: ModuleType, spec, authorship: Authorship) -> None:  # type: ignore[no-untyped-def]
    schemas = list(spec.GetInfo("apiSchemas").prependedItems) if spec.HasInfo("apiSchemas") else []
    applied = pxr.Sdf.TokenListOp()
    applied.prependedItems = list(dict.fromkeys([*schemas, f"PreliminaryAuthorshipAPI:{authorship.instance}"]))
    spec.SetInfo("apiSchemas", applied)
    types = pxr.Sdf.ValueTypeNames
    for key, value in authorship.values.items():
        name, kind = f"{_PREFIXES[0]}:{authorship.instance}:{key}", types.StringArray if key in _LISTS else types.String
        attribute = spec.attributes.get(name) or pxr.Sdf.AttributeSpec(spec, name, kind, pxr.Sdf.VariabilityUniform)
        attribute.default = value.split("; ") if key in _LISTS else value
