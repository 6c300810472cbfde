"""OTIO files as plain JSON objects: any schema version, the dialect's own numbers, and a guard against deep nesting.

The dialect is wider than JSON (a bare ``Inf``, ``Infinity``, ``NaN``, integers of any size); reading it as data instead of
through the library means that one unknown schema never costs the whole file.
"""

import json
import re
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias

import msgspec

from edgecode.errors import InputError
from edgecode.ingest.editorial.limits import MAX_JSON_DEPTH
from edgecode.ingest.editorial.texts import decoded, recordable
from edgecode.terms.cuts import Diagnostic

JsonObject: TypeAlias = dict[str, object]

_ALIASES = {"Sequence": "Track", "Filler": "Gap", "SerializeableCollection": "SerializableCollection"}
"""Names of schemas before OTIO 0.9."""

_SHOWS = {
    *(
        "OTIO_SCHEMA",
        "kind",
        "enabled",
        "value",
        "rate",
        "time_scalar",
        "effect_name",
        "transition_type",
        "generator_kind",
    ),
    *("target_url", "target_url_base", "name_prefix", "name_suffix", "start_frame", "frame_step"),
    "active_media_reference_key",
}
"""Keys of the format with plain values that what a cut shows hangs on."""

_ALL_BUT_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"'))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_BARE_INFINITY = re.compile(r'("(?:[^"\\]|\\.)*")|\bInf\b')


def parse_otio(data: bytes, *, name: str) -> tuple[JsonObject, list[Diagnostic]]:
    """The root object of an OTIO file, and what was unusual about its text.

    Raises InputError: ``schema.too_deep``, ``otio.malformed`` (with the line where reading ended).
    """
    deepest = depth_of(data)
    if deepest > MAX_JSON_DEPTH:
        raise _too_deep(name, deepest)
    try:
        root, problems = _decoded(data)
    except json.JSONDecodeError as error:
        raise InputError(
            "otio.malformed",
            f"{name} is no whole OTIO file: reading ended at line {error.lineno}, column {error.colno}",
            "Export the cut again; the file may be cut short",
        ) from error
    except (RecursionError, ValueError) as error:
        raise _too_deep(name, deepest) from error
    if not isinstance(root, dict):
        raise InputError("otio.malformed", f"{name} holds no OTIO object", "Export the cut again as OTIO")
    return root, problems


def _too_deep(name: str, deepest: int) -> InputError:
    return InputError(
        "schema.too_deep",
        f"{name} nests {deepest} brackets or numbers beyond reading, and at most {MAX_JSON_DEPTH} are read",
        "Export the cut with its nested sequences flattened",
    )


def _decoded(data: bytes) -> tuple[object, list[Diagnostic]]:
    try:
        strict: object = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
        # Every key and string that was written is there again, unless a key stands twice in one object.
        if _strings(msgspec.json.encode(strict)) == _strings(data):
            return strict, []
        pairs = _Pairs()
        json.loads(data.decode("utf-8-sig"), object_pairs_hook=pairs.joined)
        return strict, pairs.problems()
    except (msgspec.MsgspecError, ValueError):  # the dialect, or bytes that are not UTF-8
        pass
    text, encoding = decoded(data)
    problems = []
    if encoding != "utf-8":
        problems.append(Diagnostic("text.encoding", f"the file is not UTF-8; it was read as {encoding}"))
    pairs = _Pairs()
    try:
        root: object = json.loads(text, object_pairs_hook=pairs.joined)
    except json.JSONDecodeError:
        pairs = _Pairs()
        strict_text = _BARE_INFINITY.sub(lambda match: match[1] or "Infinity", text)
        root = json.loads(strict_text, object_pairs_hook=pairs.joined)
    problems.append(Diagnostic("json.dialect", "the file holds numbers or text that are not strict JSON"))
    return root, problems + pairs.problems()


def _strings(data: bytes) -> int:
    """How many quotation marks open or close a string."""
    return data.replace(b"\\\\", b"").replace(b'\\"', b"").count(b'"')


class _Pairs:
    """Builds objects from their pairs, and remembers keys that stand twice with different values: JSON does not say which holds."""

    def __init__(self) -> None:
        self.twice: dict[str, bool] = {}
        """Key to whether it is more than a note: what a cut shows hangs on it."""

    def joined(self, pairs: list[tuple[str, object]]) -> JsonObject:
        """The last value of each key, as every reader of JSON takes it."""
        found = dict(pairs)
        if len(found) != len(pairs):
            for key, value in pairs:
                if found[key] is not value and found[key] != value:
                    shows = key in _SHOWS or isinstance(value, (dict, list)) or isinstance(found[key], (dict, list))
                    self.twice[key] = self.twice.get(key, False) or shows
        return found

    def problems(self) -> list[Diagnostic]:
        """One for each key."""
        return [
            Diagnostic(
                "json.key_twice",
                f"the key {text_of(key)[:60]} stands twice in one object with different values: the last was taken",
                effect="row-missing" if shows else "approximate",
            )
            for key, shows in self.twice.items()
        ]


def depth_of(data: bytes) -> int:
    """How many brackets are open at once at most, without parsing: strings are dropped first, so brackets in names do not count."""
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    marks = plain.translate(None, _ALL_BUT_STRUCTURE).replace(b'""', b"")
    if b'"' in marks:
        marks = re.sub(rb'"[^"]*(?:"|$)', b"", marks)
    return max(accumulate(map(_STEPS.__getitem__, marks)), default=0)


@lru_cache(maxsize=4096)
def _schema_name(written: str) -> str:
    name = written.partition(".")[0]
    return _ALIASES.get(name, name)


def schema_of(item: object) -> str:
    """The schema's name without its version, old names lifted; "" for what is no OTIO object."""
    if not isinstance(item, dict):
        return ""
    written = item.get("OTIO_SCHEMA")
    return _schema_name(written) if isinstance(written, str) else ""


def schema_written(item: JsonObject) -> str:
    """The schema as written, version included."""
    return text_of(item.get("OTIO_SCHEMA"))


def text_of(value: object) -> str:
    """A string that can be recorded; "" for anything else."""
    return recordable(value) if isinstance(value, str) else ""


def object_of(value: object) -> JsonObject:
    """A JSON object; an empty one for anything else (null included)."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[object]:
    """A JSON array; an empty one for anything else (null included)."""
    return value if isinstance(value, list) else []


def whole_number(value: object, otherwise: int) -> int:
    """An integer within 2^53 from an integer or a whole float; *otherwise* for anything else."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    usable = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53
    return value if usable and isinstance(value, int) else otherwise
