"""The door for asset managers: a request in one line, its answer in one line, each element for itself (docs/reference/assets-door.md)."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from edgecode import __version__
from edgecode.answers.assets import (
    AssetAnswer,
    AssetElement,
    AssetError,
    AssetGate,
    AssetHello,
    AssetRecorded,
    AssetRequest,
    Unsaid,
)
from edgecode.answers.cuts.shown_alone import last_part
from edgecode.answers.inspection.answer import inspected_problem
from edgecode.errors import EdgecodeError, InputError
from edgecode.index.catalogue import version
from edgecode.ingest.lookup import is_absolute
from edgecode.ingest.records import parsed, step_id
from edgecode.production.assets.gate import (
    SOURCE,
    gate_of_file,
    gate_of_nothing,
    gate_of_step,
    gate_of_versions,
    made_by,
    refusal,
)
from edgecode.production.assets.references import Assets
from edgecode.production.corridor import Production
from edgecode.production.lines import line_secret

LINE_BYTES_AT_MOST = 64 << 20
Element = TypeVar("Element")


def answered(production: Production, line: bytes) -> AssetAnswer:
    """The answer to one request. What one element asks wrongly costs that element; a line that is no request has an error as its answer.

    Raises what opening and bringing up the production's stores raise: then nobody can answer anything.
    """
    try:
        request = msgspec.json.decode(line, type=AssetRequest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return AssetAnswer(error=_NO_REQUEST)
    production.catch_up()
    if request.ask == "hello":
        return AssetAnswer(request.id, hello=AssetHello(production.title(), __version__, production.ledger_point()))
    return AssetAnswer(request.id, elements=tuple(_elements(production, request)))


TOO_LONG = AssetError(
    "asset.request", f"the line is longer than {LINE_BYTES_AT_MOST >> 20} MiB", "Ask in smaller batches"
)
_NO_REQUEST = AssetError("asset.request", "the line is no request of assets/1", "See docs/reference/assets-door.md")


def _elements(production: Production, request: AssetRequest) -> list[AssetElement]:
    assets = Assets(production.index, production.media_roots())
    if request.ask == "find":
        return _each(request.of, lambda one: AssetElement(asset=assets.found(one)))
    if request.ask == "related":
        ways = {"made-from": assets.made_from, "made-into": assets.made_into}
        if request.way == "versions":
            return _each(request.of, lambda one: AssetElement(related=tuple(assets.versions(assets.row(one)))))
        way = ways[request.way]
        return _each(request.of, lambda one: AssetElement(related=tuple(way(assets.row(one), request.roles))))
    if request.ask == "record":
        seen = _each(request.of, lambda one: AssetElement(recorded=_seen(production, one)))
        return seen + _each(request.steps, lambda one: AssetElement(recorded=_recorded(production, bytes(one))))
    seen = _each(request.of, lambda one: AssetElement(gate=_gate(production, assets, one, unsaid=request.unsaid)))
    return seen + _each(
        request.steps, lambda one: AssetElement(gate=gate_of_step(production, bytes(one), unsaid=request.unsaid))
    )


def _each(elements: Iterable[Element], asked: Callable[[Element], AssetElement]) -> list[AssetElement]:
    found = []
    for one in elements:
        try:
            found.append(asked(one))
        except EdgecodeError as error:
            found.append(AssetElement(error=AssetError(error.code, error.sentence, error.remedy)))
    return found


def _gate(production: Production, assets: Assets, written: str, *, unsaid: Unsaid) -> AssetGate:
    if is_absolute(written):
        return gate_of_file(production, written, unsaid=unsaid)
    found = assets.found(written)
    if not found.version:
        return gate_of_nothing(production, last_part(written), unsaid=unsaid)
    return gate_of_versions(production, [assets.row(found.reference)], unsaid=unsaid)


def _seen(production: Production, path: str) -> AssetRecorded:
    """The file or sequence at a path, on record as it is now; how it was made is nobody's word."""
    found = production.look_up([path]) if is_absolute(path) else {}
    if path not in found:
        raise InputError(
            "asset.file",
            "no file of a media root can be read there",
            "Give a whole path; edgecode scan FOLDER adds a media root",
        )
    row = version(production.index, found[path])
    assets = Assets(production.index, production.media_roots())
    return AssetRecorded("", (assets.asset(row),) if row is not None else ())


def _recorded(production: Production, line: bytes) -> AssetRecorded:
    """The step of one line, on record. Raises InputError as `refusal` has it where the line became none."""
    record = parsed(line)
    intake = production.record_lines([line], source=SOURCE)
    step = step_id(record, line.strip(), line_secret(production.keys, production.settings.production))
    rows = made_by(production.index, step)
    if not intake.steps and any(one.effect == "row-missing" for one in intake.diagnostics):
        raise refusal(intake.diagnostics)
    assets = Assets(production.index, production.media_roots())
    outputs = tuple(assets.asset(row) for row in rows)
    return AssetRecorded(step, outputs, tuple(map(inspected_problem, intake.diagnostics)))
