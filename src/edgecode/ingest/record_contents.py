"""The parts of a step/1 record that need care before they become sections: numbered paths, documents, unknown fields."""

import binascii
from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeVar

import msgspec
from msgspec import inspect
from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.scrubbing import without_secrets
from edgecode.ingest.sequence_tokens import SequencePath, TokenDialect, written
from edgecode.ingest.sequences import group
from edgecode.ingest.step_record import RecordedDocument, RecordedFile, RecordedInput, StepRecord
from edgecode.ingest.storable import whole_text
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import GraphPart

_File = TypeVar("_File", bound=RecordedFile)


def grouped_paths(files: Sequence[_File]) -> list[tuple[_File, Sequence[int] | None]]:
    """Files given frame by frame become one sequence, with the frames it has; everything else stays as it is (None).

    Only files of which nothing but the path (and the role) is said are grouped.
    """
    buckets: dict[tuple[str, str], dict[str, _File]] = defaultdict(dict)
    for file in files:
        if _is_only_a_path(file):
            folder, name = _folder_and_name(file.path)
            buckets[_role(file), folder].setdefault(name, file)
    whole: dict[int, tuple[_File, Sequence[int] | None]] = {}
    for (_, folder), named in buckets.items():
        for sequence in group(named).sequences:
            path = SequencePath(f"{folder}{sequence.before}", sequence.after, sequence.padding)
            members = [named[name] for name in sequence.names]
            try:
                together = replace(members[0], path=written(path, TokenDialect.PRINTF))
            except InputError:
                continue  # the folder's name looks like a token: its frames stay single files
            whole.update({id(member): (together, sequence.frames) for member in members})
    found: dict[int, tuple[_File, Sequence[int] | None]] = {}
    for file in files:
        entry = whole.get(id(file), (file, None))
        found.setdefault(id(entry[0]), entry)
    return list(found.values())


def _is_only_a_path(file: RecordedFile) -> bool:
    bare = RecordedInput(role=file.role) if isinstance(file, RecordedInput) else type(file)()
    return bool(file.path) and replace(file, path="") == bare


def _role(file: RecordedFile) -> str:
    return file.role if isinstance(file, RecordedInput) else ""


def _folder_and_name(path: str) -> tuple[str, str]:
    end = max(path.rfind("/"), path.rfind("\\")) + 1
    return path[:end], path[end:]


def documents_of(documents: Sequence[RecordedDocument]) -> tuple[list[GraphPart], list[Diagnostic]]:
    """Documents as bytes, without secrets where they are text. One that cannot be read is left out and said."""
    parts: list[GraphPart] = []
    said: list[Diagnostic] = []
    for document in documents:
        name = whole_text(document.name)
        try:
            data, where = _bytes_of(document)
        except ValueError:
            text = f"document {name!r} has neither text nor valid base64 and was left out"
            said.append(Diagnostic("record.document_unreadable", text, effect="row-missing"))
            continue
        if where:
            text = f"{len(where)} values that look like secrets were taken out of a document"
            said.append(Diagnostic("record.secret_removed", text))
        parts.append(GraphPart(name, document.media_type, data))
    return parts, said


def _bytes_of(document: RecordedDocument) -> tuple[bytes, tuple[str, ...]]:
    """A document's bytes and where secrets stood. Raises ValueError."""
    if document.text is not None:
        text = document.text
    elif document.base64 is not None:
        try:
            data = b64decode(document.base64, validate=True)
        except binascii.Error as error:
            raise ValueError("no base64") from error
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return data, ()
    else:
        raise ValueError("empty")
    cleaned = without_secrets([(document.name, text)])
    return cleaned.texts[0].encode("utf-8", "surrogatepass"), cleaned.where


def unknown_fields(line: bytes) -> list[Diagnostic]:
    """One diagnostic counting fields of a (readable) line that step/1 does not have; they are left out of the record.

    It says where they stand by step/1's own words: what a sender calls a field may be a name or a prompt.
    """
    found = Counter(_unknown(msgspec.json.decode(line), _shape(), ""))
    if not found:
        return []
    where = ", ".join(f"{many} in {place or 'the step'}" for place, many in sorted(found.items()))
    text = f"fields that step/1 does not have were left out: {where}"
    return [Diagnostic("record.unknown_field", text, effect="approximate")]


@cache
def _shape() -> inspect.Type:
    return inspect.type_info(StepRecord)


def _unknown(value: object, shape: inspect.Type, where: str) -> Iterator[str]:
    if isinstance(shape, inspect.UnionType):
        shape = next((each for each in shape.types if isinstance(each, inspect.StructType)), shape)
    if isinstance(shape, inspect.StructType) and isinstance(value, dict):
        fields = {field.encode_name: field.type for field in shape.fields}
        for key, inner in value.items():
            if key not in fields:
                yield where.rstrip(".")
            else:
                yield from _unknown(inner, fields[key], f"{where}{key}.")
    elif isinstance(shape, inspect.VarTupleType) and isinstance(value, list):
        for inner in value:
            yield from _unknown(inner, shape.item_type, where)
