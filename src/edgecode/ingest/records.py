"""Turns lines of step/1 (see `step_record`) into events. A bad line is said with its number; the good ones are kept."""

import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from edgecode.errors import InputError
from edgecode.events.kinds import (
    DatasetFact,
    DatasetKnown,
    Event,
    FrameMap,
    HashesSection,
    NameSection,
    StepBytes,
    StepFact,
    StepInput,
    StepPerformed,
    StepPlace,
    Tool,
)
from edgecode.ingest.known import KnownSoFar
from edgecode.ingest.lookup import Lookup
from edgecode.ingest.making import base_name, graph_of, models_used, recipe_of, texts_of, tool_in_sections
from edgecode.ingest.record_contents import documents_of, grouped_paths, unknown_fields
from edgecode.ingest.record_files import NamedFiles
from edgecode.ingest.record_frames import frames_outside
from edgecode.ingest.scrubbing import settings_without_secrets, without_secrets
from edgecode.ingest.step_record import Moment, RecordedDataset, RecordedInput, StepRecord
from edgecode.ingest.storable import storable
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import Grade
from edgecode.terms.identity import RecordId, is_record_id, record_id
from edgecode.terms.steps import GraphPart, InputRole, ModelUse, NamedText

LINE_BYTES_AT_MOST = 64 << 20


class RecordedStep(Struct, frozen=True):
    """One line that became a step: its number (from 1), the step, its events in order (none: the step was recorded before)."""

    line: int
    step: RecordId
    events: tuple[Event, ...]


class Refusal(Diagnostic, frozen=True):
    """Why a line is no step. Nothing of it is kept; every other Diagnostic is about a line that is."""


def read_records(
    lines: Iterable[bytes], *, known: KnownSoFar, look: Lookup, secret: bytes, source: str = "record"
) -> Iterator[RecordedStep | Diagnostic]:
    """Every line of an NDJSON stream as a step or as Diagnostics with its number; empty lines are passed over.

    *secret* is 32 bytes of the production: ids made from a line's own id (or from the line itself when it has none) are keyed
    with it, so that a line sent twice is one step, and nobody can guess a line from an id. Events are noted in *known*.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield from read_record(line, number, known=known, look=look, secret=secret, source=source)


def read_record(
    line: bytes, number: int, *, known: KnownSoFar, look: Lookup, secret: bytes, source: str = "record"
) -> list[RecordedStep | Diagnostic]:
    """The same of one line, the step last; it may be asked again when more is known, and gives a step the same id then."""
    found: list[RecordedStep | Diagnostic] = []
    try:
        record = parsed(line)
        found += unknown_fields(line)
        done, said = events_of_record(
            record, line=number, known=known, look=look, secret=secret, source=source, own=line.strip()
        )
        found += (*said, done)
    except InputError as error:
        found.append(Refusal(error.code, error.sentence, effect="row-missing"))
    return [_at(number, item) if isinstance(item, Diagnostic) else item for item in found]


def parsed(line: bytes) -> StepRecord:
    """The record in one line. Raises InputError ``record.malformed`` and ``record.too_long``; values are never repeated."""
    if len(line) > LINE_BYTES_AT_MOST:
        raise InputError(
            "record.too_long", f"the line is longer than {LINE_BYTES_AT_MOST >> 20} MiB", "Send less in one step"
        )
    try:
        return msgspec.json.decode(line, type=StepRecord)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        # What stands in quotes may be the sender's own text.
        expected = what if what.startswith(("Expected", "Object missing")) else "not one of the allowed values"
        where = where.strip("`").partition("[...")[0] or "$"
        raise InputError("record.malformed", f"the line does not fit step/1 at {where}: {expected}", _REMEDY) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError("record.malformed", "the line is no JSON in UTF-8", _REMEDY) from error


_REMEDY = "See docs/reference/step-record.md"


def step_id(record: StepRecord, own: bytes, secret: bytes) -> RecordId:
    """The step's record id: the record's own when it is a UUIDv7, else one derived from its id text or, without one, from *own*."""
    if is_record_id(record.id):
        return record.id
    return id_of_text(record.id, secret) if record.id else _derived(b"step\n" + own, secret)


def id_of_text(written: str, secret: bytes) -> RecordId:
    """The record id of the step whose line calls it *written*, which is not empty and no UUIDv7."""
    return _derived(b"step\n" + written.encode("utf-8", "surrogatepass"), secret)


def line_mark(record: StepRecord, secret: bytes) -> str:
    """What tells one line from another that has its id: keyed, because it stands where strangers may see it."""
    return hmac.digest(secret, b"edgecode.step/1\nline\n" + msgspec.json.encode(record, order="sorted"), "sha256")[
        :16
    ].hex()


def events_of_record(
    record: StepRecord,
    *,
    line: int,
    known: KnownSoFar,
    look: Lookup,
    secret: bytes,
    source: str,
    own: bytes,
) -> tuple[RecordedStep, list[Diagnostic]]:
    """The events of one record: files read on the way, models and datasets that are new, the step. *own*: the record's bytes.

    Raises InputError for values that contradict themselves (an empty frame range, a step that made nothing).
    """
    step = step_id(record, own, secret)
    if known.is_withdrawn(step):
        raise InputError(
            "record.withdrawn", "the step with this id was taken back", "Give the corrected step an id of its own"
        )
    words = line_mark(record, secret)
    if known.step_known(step):
        if known.step_line(step) not in ("", words):
            raise InputError(
                "record.id_reused",
                "the line has the id of a recorded step and says something else",
                "Give every step an id of its own; to correct one, take it back first",
            )
        return RecordedStep(line, step, ()), []
    if not record.outputs and record.status == "done":
        raise InputError(
            "record.no_outputs", "the step is done and names no output", "Name what it made, or say failed"
        )
    made = _Making(record, step, words, known=known, look=look, secret=secret)
    performed = made.performed(source)
    events = (*made.files.events, *made.events, performed)
    known.note((*made.events, performed))
    return RecordedStep(line, step, events), [*made.files.diagnostics, *made.diagnostics]


class _Making:
    """One record on its way to a StepPerformed."""

    def __init__(
        self, record: StepRecord, step: RecordId, words: str, *, known: KnownSoFar, look: Lookup, secret: bytes
    ) -> None:
        self.record = record
        self.step = step
        self.words = words
        self.known = known
        self.secret = secret
        self.new_id = _ids(step, secret)
        self.files = NamedFiles(record.folder, known=known, look=look, new_id=self.new_id)
        self.events: list[Event] = []
        self.diagnostics: list[Diagnostic] = []

    def performed(self, source: str) -> StepPerformed:
        record, files = self.record, self.files
        self._check()
        inputs = [self._input(used, frames) for used, frames in grouped_paths(record.inputs)]
        taken_in = frozenset(used.version for used in inputs)
        outputs = tuple(
            files.version(file, frames, apart_from=taken_in) for file, frames in grouped_paths(record.outputs)
        )
        self.diagnostics += frames_outside(inputs, outputs, known=self.known, names=files.names)
        inputs += [self._dataset(dataset) for dataset in record.datasets]
        models = tuple(ModelUse(model.name, model.kind, model.hashes, model.strength) for model in record.models)
        new_models, weights = models_used(models, known=self.known, new_id=self.new_id)
        self.events += new_models
        settings, where = settings_without_secrets(record.settings)
        texts, documents = self._words()
        self._say_removed(where)
        called = record.tool
        tool, sealed = tool_in_sections(called.name, called.version) if called is not None else (None, None)
        fact = self._fact(source, tuple(dict.fromkeys(outputs)), (*_each_once(inputs), *weights), tool)
        turnover = record.vendor.turnover if record.vendor is not None else ""
        place = StepPlace(files.names, record.folder, sealed, turnover)
        return StepPerformed(
            storable(fact),
            bytes=storable(StepBytes(files.claimed, files.aliases)) if files.claimed or files.aliases else None,
            place=storable(place) if place != StepPlace() else None,
            recipe=recipe_of(models, record.seeds, settings),
            graph=graph_of(documents),
            text=texts_of(texts),
        )

    def _fact(
        self, source: str, outputs: tuple[RecordId, ...], inputs: tuple[StepInput, ...], tool: Tool | None
    ) -> StepFact:
        record, vendor = self.record, self.record.vendor
        declared = record.grade != "logged" or vendor is not None
        return StepFact(
            step=self.step,
            kind=record.kind,
            source=source,
            grade=Grade.DECLARED if declared else Grade.LOGGED,
            outputs=outputs,
            inputs=inputs,
            tool=tool,
            ai=record.ai,
            status=record.status,
            started=self._moment(record.started, "started"),
            ended=self._moment(record.ended, "ended"),
            covers=vendor.covers if vendor else None,
            origins=vendor.origins if vendor else "",
            line=self.words,
        )

    def _check(self) -> None:
        maps = [(each.first, each.end) for used in self.record.inputs for each in used.frames]
        covers = self.record.vendor.covers if self.record.vendor else ()
        if any(end <= first for first, end in (*maps, *covers)):
            raise InputError(
                "record.range_empty", "a frame range of the step holds nothing", "Give an end after the first"
            )

    def _input(self, used: RecordedInput, frames: Sequence[int] | None) -> StepInput:
        maps = tuple(FrameMap(each.kind, each.first, each.end, each.low, each.high) for each in used.frames)
        return StepInput(self.files.version(used, frames), used.role, maps)

    def _dataset(self, dataset: RecordedDataset) -> StepInput:
        """A dataset by its content or, when only its name is known, by that name in this production."""
        name = base_name(dataset.name or dataset.path)
        is_only_named = not (dataset.path or dataset.version or dataset.edge_code)
        claims = dataset.sha256 or dataset.sequence_root
        if is_only_named and not claims:
            version = _derived(b"dataset\n" + name.encode("utf-8", "surrogatepass"), self.secret)
        else:
            version = self.files.version(dataset, None)
        if not self.known.is_version(version):
            members = tuple(self.files.version(member, None) for member in dataset.members)
            fact, called = storable(DatasetFact(version, dataset.items, members)), storable(NameSection(name))
            hashes = HashesSection(claimed={"sha256": claims}) if claims else None
            self.events.append(DatasetKnown(fact, called, hashes))
            self.known.note(self.events[-1:])
        return StepInput(version, InputRole.TRAINING)

    def _words(self) -> tuple[list[NamedText], list[GraphPart]]:
        documents, said = documents_of(self.record.graph)
        self.diagnostics += said
        named = [(item.name, item.text) for item in self.record.texts]
        cleaned = without_secrets(named)
        self._say_removed(cleaned.where)
        texts = [NamedText(text, name) for (name, _), text in zip(named, cleaned.texts, strict=True)]
        return texts, documents

    def _say_removed(self, where: Sequence[str]) -> None:
        if where:
            text = f"{len(where)} values that look like secrets were taken out before recording"
            self.diagnostics.append(Diagnostic("record.secret_removed", text))

    def _moment(self, moment: Moment, name: str) -> int:
        if isinstance(moment, int):
            return moment
        try:
            time = datetime.fromisoformat(moment)
        except ValueError:
            time = None
        if time is None or time.tzinfo is None or time.timestamp() < 0:
            text = f"{name} is no RFC 3339 time with a zone, so the time is not known"
            self.diagnostics.append(Diagnostic("record.time_unclear", text, effect="approximate"))
            return 0
        return int(time.timestamp()) * 1000 + time.microsecond // 1000


def _each_once(inputs: Iterable[StepInput]) -> list[StepInput]:
    found: list[StepInput] = []
    seen: set[bytes] = set()
    for used in inputs:
        key = msgspec.json.encode(used)
        if key not in seen:
            seen.add(key)
            found.append(used)
    return found


def _derived(what: bytes, secret: bytes) -> RecordId:
    # Keyed, because ids stand in leaves that strangers see, and what they are made from may be guessed.
    return record_id(0, hmac.digest(secret, b"edgecode.step/1\n" + what, "sha256")[:10])


def _ids(step: RecordId, secret: bytes) -> Callable[[], RecordId]:
    """Ids for what this step alone refers to; the same ones when the same record is read again."""
    count = 0

    def new_id() -> RecordId:
        nonlocal count
        count += 1
        return _derived(f"part {count} of {step}".encode(), secret)

    return new_id


def _at(line: int, said: Diagnostic) -> Diagnostic:
    return msgspec.structs.replace(said, line=line)
