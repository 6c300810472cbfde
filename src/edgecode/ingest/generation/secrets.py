"""Takes tokens, keys and passwords out of records before anything is kept; the rest of each record stays the received bytes."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from edgecode.ingest.generation.records import DEPTH_AT_MOST, Record, json_of

# Looked for first, so that a large graph without secrets costs one pass: words in every secret's name, starts of every shape.
_SECRET_WORD = re.compile(
    r"key|token|auth|secret|passw|passphrase|bearer|credential|cookie|session|webhook|jwt|[_-]pat", re.IGNORECASE
)
_SHAPE_MARKS = (
    "earer", "asic", "eyJ", "sk-", "sk_", "pk-", "pk_", "rk-", "rk_", "hf_", "hf-", "r8_", "r8-", "ghp", "ghs", "gho", "ghu", "tok_",
    "tok-", "nvapi", "gsk", "fal_", "fal-", "key_", "key-", "glpat", "xox", "github_pat", "AIza", "AKIA", "ASIA", "comfyui-", "key=",
    "token=", "auth=", "sig=", "signature=", "Signature=", "Credential=", "://",
)  # fmt: skip

REMOVED = "[removed]"
"""What stands where a secret stood."""

_SECRET_KEY = re.compile(
    r"api[\s_-]?key|auth(?!or)|authori[sz]|secret|passw(?:or)?d|passphrase|bearer|credential|private[\s_-]?key|cookie|session[\s_-]?(?:id|key)"
    r"|access[\s_-]?key|client[\s_-]?key|[_\-](?:key|pat|jwt)$|webhook",
    re.IGNORECASE,
)
_TOKEN_KEY = re.compile(
    r"token(?!s?[\s_-]*(?:normal|merg|count|limit|len|ratio|type|ind|level|num|weight|strength|iz|max|min))",
    re.IGNORECASE,
)
_COUNTED_TOKENS = re.compile(
    r"(?:max|min|num|new|special|total|image|text|style|trigger|prompt|negative|instance|bos|eos|pad|stop)[\s_-]*(?:new[\s_-]*)?tokens?|^tokens$",
    re.IGNORECASE,
)
_NOT_A_SECRET = re.compile(
    r"^(?:|none|null|true|false|default|enable[d]?|disable[d]?|auto|-?[\d.]{1,6})$", re.IGNORECASE
)

_SHAPES = re.compile(
    r"(?P<scheme>\bBearer\s+)(?:(?=[A-Za-z._~+/=\-]*\d)[A-Za-z0-9._~+/=\-]{8,}|[A-Za-z0-9._~+/=\-]{20,})"
    r"|(?P<basic>\bBasic\s+)(?=[A-Za-z+/]*[\d=])[A-Za-z0-9+/]{12,}={0,2}"
    r"|\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}(?:\.[A-Za-z0-9_\-]*)?"
    r"|\b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]+[-_])*[A-Za-z0-9]{16,}"
    r"|\b(?:hf|r8|ghp|gho|ghs|ghu|tok|nvapi|gsk|fal|key)[-_](?=[A-Za-z]*\d)[A-Za-z0-9]{16,}"
    r"|\b(?:glpat|xox[abprs])-[A-Za-z0-9_\-]{16,}"
    r"|\bgithub_pat_[A-Za-z0-9_]{20,}|\bAIza[0-9A-Za-z_\-]{30,}|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bcomfyui-[0-9a-f]{24,}"
    r"|(?P<query>[?&](?:api_?key|key|token|access_token|auth|sig|signature|X-Amz-Signature|X-Amz-Credential)=)[^&\s\"'\\<>]+"
    r"|(?P<login>://)[^/\s\"'@:\\<>]{1,200}:[^/\s\"'@\\<>]{1,200}(?=@)"
)
# "name": "value" wherever it stands; the second form is JSON inside JSON, whose quotes are escaped.
_PAIR = re.compile(
    r"(?<!\\)(?P<quote>[\"'])(?P<key>[^\"'\\\n]{1,80}+)(?P=quote)(?P<colon>\s{0,8}+:\s{0,8}+)(?P=quote)(?P<value>(?:\\.|[^\"'\\])*+)"
)
_ESCAPED_PAIR = re.compile(
    r"(?P<quote>\\{1,15}+[\"'])(?P<key>[^\"'\\\n]{1,80}+)(?P=quote)(?P<colon>\s{0,8}+:\s{0,8}+)(?P=quote)(?P<value>.{0,4096}?)(?=(?P=quote))"
)
_LINE = re.compile(r"(?P<key>[A-Za-z][\w \-]{0,60})(?P<colon>\s{0,8}[:=]\s{0,8})(?P<value>[^\s,;\"'{}\[\]]{6,}+)")
_WORTH_REPLACING_EVERYWHERE = 6


@lru_cache(maxsize=4096)
def names_a_secret(key: str) -> bool:
    """Whether a value under this name is a secret: keys of services, tokens, passwords; not counts of language tokens."""
    if key.isdigit():
        return False
    if _SECRET_KEY.search(key):
        return True
    return bool(_TOKEN_KEY.search(key)) and not _COUNTED_TOKENS.search(key)


def scrub(records: Sequence[Record]) -> tuple[list[Record], tuple[str, ...]]:
    """(the records without secrets, where secrets stood as key paths). Values found once are taken out of every record."""
    where: dict[str, None] = {}
    values: set[str] = set()
    holding: set[int] = set()
    for index, record in enumerate(records):
        for path, value in _secrets_in(json_of(record.text), record.key, 0):
            where[_safe_path(path)] = None
            values.add(value)
            holding.add(index)
    cleaned = [_cleaned(record, values, where, holds=index in holding) for index, record in enumerate(records)]
    return cleaned, tuple(where)


def _safe_path(path: str) -> str:
    return _SHAPES.sub(REMOVED, path)[:200]


def _secrets_in(value: object, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """(path, value) of every secret: values under secret names, and the widgets of nodes that have a secretly named one."""
    if depth > DEPTH_AT_MOST:
        return
    if isinstance(value, dict):
        if isinstance(widgets := value.get("widgets_values"), list) and _holds_secret_widget(value):
            for index, widget in enumerate(widgets):
                if (
                    isinstance(widget, str)
                    and re.fullmatch(r"\S{12,}", widget)
                    and not re.search(r"\.\w{2,11}$", widget)
                ):
                    yield f"{path}.widgets_values.{index}", widget
        for key, inner in value.items():
            below = f"{path}.{key}"
            if names_a_secret(str(key)):
                yield from ((below, text) for text in _texts_in(inner, depth) if not _NOT_A_SECRET.match(text.strip()))
            else:
                yield from _secrets_in(inner, below, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _secrets_in(inner, f"{path}.{index}", depth + 1)
    elif isinstance(value, str) and value.lstrip()[:1] in ("{", "[") and depth < DEPTH_AT_MOST:
        yield from _secrets_in(json_of(value), path, depth + 8)


def _holds_secret_widget(node: dict[str, object]) -> bool:
    names = [str(node.get("type", ""))]
    inputs = node.get("inputs")
    names += [
        str(item.get("name", "")) for item in (inputs if isinstance(inputs, list) else ()) if isinstance(item, dict)
    ]
    return any(names_a_secret(name) for name in names)


def _texts_in(value: object, depth: int) -> Iterator[str]:
    """The texts and long numbers under a secret name; a link to another node (id, slot) is no secret."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > 999_999:
        yield str(value)
    elif isinstance(value, dict) and depth < DEPTH_AT_MOST:
        for inner in value.values():
            yield from _texts_in(inner, depth + 1)
    elif isinstance(value, list) and depth < DEPTH_AT_MOST:
        is_link = (
            len(value) == 2
            and isinstance(value[0], (str, int))
            and isinstance(value[1], int)
            and len(str(value[0])) <= 12
        )
        for inner in () if is_link else value:
            yield from _texts_in(inner, depth + 1)


def _cleaned(record: Record, values: set[str], where: dict[str, None], *, holds: bool) -> Record:
    text = record.text
    document = json_of(text)
    scrubbed = _without(text, values, record.key, where, is_json=document is not None)
    if scrubbed == text and not holds:
        return record
    if document is not None and (again := json_of(scrubbed)) is not None and _still_secret(again):
        # Escapes hid a secret from the exact replacement: the record is written anew, and is no longer the received bytes.
        scrubbed = json.dumps(_emptied(again, 0), ensure_ascii=False)
        scrubbed = _without(scrubbed, values, record.key, where, is_json=True)
    elif document is not None and json_of(scrubbed) is None:
        scrubbed = json.dumps(_emptied(document, 0), ensure_ascii=False)
        scrubbed = _without(scrubbed, values, record.key, where, is_json=False)
    return Record(record.key, scrubbed.encode("utf-8", "replace"), scrubbed)


def _still_secret(document: object) -> bool:
    return any(REMOVED not in value for _, value in _secrets_in(document, "", 0))


def _without(text: str, values: set[str], key: str, where: dict[str, None], *, is_json: bool) -> str:
    def pair(match: re.Match[str]) -> str:
        if not names_a_secret(match["key"]) or _NOT_A_SECRET.match(match["value"]) or match["value"] == REMOVED:
            return match[0]
        where[_safe_path(f"{key}: {match['key']}")] = None
        return f"{match['quote']}{match['key']}{match['quote']}{match['colon']}{match['quote']}{REMOVED}"

    def line(match: re.Match[str]) -> str:
        if not names_a_secret(match["key"].strip()) or match["value"] == REMOVED or _NOT_A_SECRET.match(match["value"]):
            return match[0]
        where[_safe_path(f"{key}: {match['key'].strip()}")] = None
        return f"{match['key']}{match['colon']}{REMOVED}"

    def shape(match: re.Match[str]) -> str:
        if match[0].endswith(REMOVED):
            return match[0]
        where[f"{key}: a value shaped like a key or token"] = None
        return (match["scheme"] or match["basic"] or match["query"] or match["login"] or "") + REMOVED

    for value in sorted(values, key=len, reverse=True):
        if len(value) >= _WORTH_REPLACING_EVERYWHERE:
            for written in dict.fromkeys((value, *_escaped(value))):
                text = text.replace(written, REMOVED)
    if _SECRET_WORD.search(text):
        text = _ESCAPED_PAIR.sub(pair, _PAIR.sub(pair, text))
    if any(mark in text for mark in _SHAPE_MARKS):
        text = _SHAPES.sub(shape, text)
    return text if is_json or not _SECRET_WORD.search(text) else _LINE.sub(line, text)


def _escaped(value: str) -> Iterator[str]:
    """The value as it stands in JSON, in JSON inside JSON, and with every non-ASCII character escaped."""
    for ascii_only in (True, False):
        once = json.dumps(value, ensure_ascii=ascii_only)[1:-1]
        yield once
        yield json.dumps(once, ensure_ascii=ascii_only)[1:-1]
        yield once.replace("/", "\\/")


def _emptied(value: object, depth: int) -> object:
    """A copy of a document with everything under a secret name taken out."""
    if depth > DEPTH_AT_MOST:
        return REMOVED
    if isinstance(value, dict):
        return {
            str(key): REMOVED
            if names_a_secret(str(key)) and any(_texts_in(inner, depth))
            else _emptied(inner, depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_emptied(inner, depth + 1) for inner in value]
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") and any(_secrets_in(json_of(value), "", 0)):
        return REMOVED
    return value
