"""What bodies of requests and answers of hosted services say: words, links to media, media inside them, ids of jobs, states.

Pure. Services differ in shape and agree in few words; what is listed here are those words.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from hashlib import sha256

from msgspec import Struct

from edgecode.ingest.generation.records import NumberText, json_of
from edgecode.ingest.media_kinds import media_class_of


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MODEL_KEYS = ("model", "model_name", "model_id", "engine", "engine_id")
VERSION_KEYS = ("model_version", "version", "model_revision", "revision")
_JOB_KEYS = _words(
    "id uuid name job jobid jobname taskid requestid predictionid generationid operation operationid operationname runid promptid callid"
    " eventid inferenceid videoid imageid fileid messageid"
)
_WRAPPERS = _words(
    "data job task result response prediction generation operation output request payload video image audio file files images videos"
    " sdgenerationjob clips jobs tasks generations predictions"
)
_ECHO_KEYS = re.compile(
    r"^(?:input|init|source|reference|ref|control|mask|request|param|original|start_?frame|end_?frame|first_?frame|last_?frame|keyframe"
    r"|webhook|callback|upload|put_?url|avatar|logo|icon|arguments|config|settings|prompt)",
    re.IGNORECASE,
)
_PROMPT_KEYS = re.compile(
    r"^(?:text_?)?prompts?$|^negative_?prompt$|^prompt_?text$|^text(?:_?inputs?)?$|^instructions?$|^inputs?$|^lyrics$",
    re.IGNORECASE,
)
_SEED_KEY = re.compile(r"^seeds?$", re.IGNORECASE)
_DATA_URI = re.compile(r"^data:(image|video|audio)/[\w.+-]{1,40};base64,(.*)$", re.DOTALL)
_BASE64_KEY = re.compile(r"b64|base64|bytes_?encoded|inline_?data|^data$", re.IGNORECASE)
_BASE64_SIGNS = re.compile(r"[A-Za-z0-9+/]{64,}={0,2}\s*\Z")
_FAILED = re.compile(
    r"^(?:fail(?:ed|ure)?|error(?:ed)?|cancell?ed|aborted|rejected|moderated|expired|nsfw)$", re.IGNORECASE
)
_UNFINISHED = re.compile(
    r"^(?:in[_ -]?)?(?:queued?|pending|start(?:ing|ed)|process(?:ing)?|progress|running|submit(?:ted|ting)?|accepted|wait(?:ing)?|scheduled"
    r"|generating|rendering|throttled|initiali[sz]ing|preparing|not[_ -]?start(?:ed)?|dreaming|uploading|partial)$",
    re.IGNORECASE,
)
_STATE_KEYS = ("status", "state", "task_status", "job_status", "taskstatus", "jobstatus")
_DEPTH_AT_MOST = 32


class Found(Struct, frozen=True):
    """A medium in an answer: bytes that stand in it (*sha256*, no *link*) or a *link* to some; *key*: what it stands under."""

    key: str
    link: str = ""
    sha256: str = ""


def walk(value: object, key: str = "", depth: int = 0) -> Iterator[tuple[str, object]]:
    """(key, value) of everything that is no object or list, outermost first within each."""
    if depth > _DEPTH_AT_MOST:
        return
    if isinstance(value, dict):
        inner = sorted(value.items(), key=lambda item: isinstance(item[1], (dict, list)))
        for name, one in inner:
            yield from walk(one, str(name), depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from walk(one, key, depth + 1)
    else:
        yield key, value


def first(document: object, keys: tuple[str, ...]) -> str | None:
    """The first short text or number under one of *keys*, tried in their order, outer levels first."""
    for wanted in keys:
        for key, value in walk(document):
            if key.lower() == wanted and (text := _short(value)):
                return text
    return None


def _short(value: object) -> str:
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return ""
    text = str(value).strip()
    return text if len(text) <= 200 else ""


def state_of(part: object) -> str:
    """``failed``, ``unfinished`` or "" (finished, or nothing said): by the outermost word of a state."""
    said = first(part, _STATE_KEYS) or ""
    return "failed" if _FAILED.match(said) else "unfinished" if _UNFINISHED.match(said) else ""


# ------------------------------------------------------------------------------------------ jobs


def ids_of(part: Mapping[str, object]) -> dict[str, str]:
    """The ids that an object gives itself: id to the key that it stands under."""
    found = {}
    for key, value in part.items():
        if _plain(key) in _JOB_KEYS and (text := _short(value)):
            found[text] = _plain(key)
    return found


def begun_ids(answer: object, depth: int = 0) -> dict[str, str]:
    """The ids under which a job that an answer begins may come back: its own, and those of what it wraps."""
    found: dict[str, str] = {}
    for each in answer if isinstance(answer, list) else [answer]:
        if isinstance(each, dict):
            found |= ids_of(each)
            for key, inner in each.items() if depth < 4 else ():
                if _plain(str(key)) in _WRAPPERS:
                    found |= begun_ids(inner, depth + 1)
    return found


def _plain(key: str) -> str:
    return re.sub(r"[_\- ]", "", key).lower()


def parts_with_ids(answer: object, known: Mapping[str, object], depth: int = 0) -> Iterator[dict[str, object]]:
    """The objects of an answer that give themselves one of the ids *known*, outermost first. Echoes of what was asked are left out."""
    if depth > _DEPTH_AT_MOST:
        return
    if isinstance(answer, dict):
        if any(one in known for one in ids_of(answer)):
            yield answer
        for key, inner in answer.items():
            if not _ECHO_KEYS.match(str(key)):
                yield from parts_with_ids(inner, known, depth + 1)
    elif isinstance(answer, list):
        for inner in answer:
            yield from parts_with_ids(inner, known, depth + 1)


def without(answer: object, parts: list[dict[str, object]], depth: int = 0) -> object:
    """An answer without *parts* of it (these very objects)."""
    if depth > _DEPTH_AT_MOST or any(answer is part for part in parts):
        return None
    if isinstance(answer, dict):
        return {key: without(inner, parts, depth + 1) for key, inner in answer.items()}
    return [without(inner, parts, depth + 1) for inner in answer] if isinstance(answer, list) else answer


# ------------------------------------------------------------------------------------------ media


def results_in(answer: object, asked: object) -> list[Found]:
    """The media in an answer that may be results: not what stands under words of asking, nor what *asked* sent or linked to.

    A key under which the request had media is an echo where there are others beside it.
    """
    sent = {found.sha256 or bare(found.link) for found in media_in(asked)}
    echoed = {found.key for found in media_in(asked)}
    found = [each for each in _media_outside_echoes(answer) if (each.sha256 or bare(each.link)) not in sent]
    others = [each for each in found if each.key not in echoed]
    return others or found


def _media_outside_echoes(answer: object, key: str = "", depth: int = 0) -> Iterator[Found]:
    if depth > _DEPTH_AT_MOST:
        return
    if isinstance(answer, dict):
        for name, inner in answer.items():
            if not _ECHO_KEYS.match(str(name)):
                yield from _media_outside_echoes(inner, str(name), depth + 1)
    elif isinstance(answer, list):
        for inner in answer:
            yield from _media_outside_echoes(inner, key, depth + 1)
    else:
        yield from media_in({key: answer})


def media_in(document: object) -> Iterator[Found]:
    """Every medium that a body holds or links to, each once."""
    seen = set()
    for key, value in walk(document):
        if is_media_link(value):
            found = Found(key, link=str(value))
        elif (inside := _inside(key, value)) is not None:
            found = Found(key, sha256=sha256(inside[1]).hexdigest())
        else:
            continue
        if (found.link, found.sha256) not in seen:
            seen.add((found.link, found.sha256))
            yield found


def is_media_link(value: object) -> bool:
    """Whether a value is an address of something whose name says that it is picture or sound."""
    is_link = isinstance(value, str) and value.startswith(("https://", "http://"))
    return is_link and media_class_of(file_name(str(value))) in ("still", "video", "audio")


def links_in(document: object) -> Iterator[str]:
    """The links to media in a body, each once."""
    yield from dict.fromkeys(str(value) for _, value in walk(document) if is_media_link(value))


def bare(link: str) -> str:
    """A link without what follows its path: that may be a signature, and changes from answer to answer."""
    return re.split(r"[?#]", link)[0]


def file_name(link: str) -> str:
    """The last part of a link's path."""
    return bare(link).rstrip("/").rpartition("/")[2]


def inline(document: object) -> Iterator[tuple[str, bytes]]:
    """(kind, bytes) of media that stand in a body as base64."""
    for key, value in walk(document):
        if (found := _inside(key, value)) is not None:
            yield found


def _inside(key: str, value: object) -> tuple[str, bytes] | None:
    if not isinstance(value, str) or len(value) < 64:
        return None
    match = _DATA_URI.match(value)
    written = match[2] if match else value if _BASE64_SIGNS.match(value) else None
    if written is None:
        return None
    try:
        kind = match[1] if match else family_of(b64decode(written[:64], validate=False))
        if not kind and not _BASE64_KEY.search(key):
            return None
        return kind or "image", b64decode(written, validate=False)
    except (binascii.Error, ValueError):
        return None


_HEADS = (
    (b"\x89PNG\r\n\x1a\n", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"II*\0", "image"), (b"MM\0*", "image"),
    (b"\x76\x2f\x31\x01", "image"), (b"\xff\x0a", "image"), (b"SDPX", "image"), (b"XPDS", "image"), (b"8BPS", "image"),
    (b"\x1aE\xdf\xa3", "video"), (b"\x00\x00\x01\xba", "video"), (b"OggS", "audio"), (b"fLaC", "audio"), (b"ID3", "audio"),
    (b"\xff\xfb", "audio"), (b"\xff\xf3", "audio"), (b"\xff\xf1", "audio"),
)  # fmt: skip
_RIFF = {b"WEBP": "image", b"WAVE": "audio", b"AVI ": "video"}


def family_of(head: bytes) -> str:
    """image, video or audio by the first bytes of a file (12 are enough); "" for none of the kinds that services send."""
    if head[:4] in (b"RIFF", b"RF64"):
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return (
            "image"
            if head[8:12] in (b"avif", b"avis", b"heic", b"mif1")
            else "audio"
            if head[8:11] == b"M4A"
            else "video"
        )
    return next((family for magic, family in _HEADS if head.startswith(magic)), "")


# ------------------------------------------------------------------------------------------ words


def prompts_in(request: object, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(key, words) of what was asked in words."""
    for key, value in [*walk(request), *fields.items()]:
        is_words = (
            isinstance(value, str) and not isinstance(value, NumberText) and not value.startswith(("http", "data:"))
        )
        if is_words and _PROMPT_KEYS.match(key) and value and _inside(key, value) is None:
            yield key, str(value)


def seeds_in(document: object) -> Iterator[str]:
    """The seeds that a body names, as written."""
    for key, value in walk(document):
        if _SEED_KEY.match(key) and isinstance(value, int) and not isinstance(value, bool):
            yield str(value)


def seed_fields(fields: Mapping[str, str]) -> Iterator[str]:
    """The seeds among the fields of a form."""
    yield from (value for key, value in fields.items() if _SEED_KEY.match(key) and re.fullmatch(r"\d{1,30}", value))


def documents_of_stream(text: str) -> list[object] | None:
    """The JSON of each event of a stream of server-sent events (HTML, 9.2.6), or of each line of NDJSON; None where one cannot be read.

    A line that is a bare data URI or link counts as ``{"data": …}``; ``[DONE]`` ends some streams.
    """
    found: list[object] = []
    events = re.split(r"\r\n\r\n|\n\n|\r\r", text) if re.search(r"^data:", text, re.MULTILINE) else text.splitlines()
    for event in events:
        lines = event.splitlines()
        data = "\n".join(line[5:].removeprefix(" ") for line in lines if line.startswith("data:"))
        if not data and not any(line.startswith((":", "event:", "id:", "retry:")) for line in lines):
            data = event
        if not data.strip() or data.strip() in ("[DONE]", "done", "null", "{}"):
            continue
        value = json_of(data)
        if value is None and not data.startswith(("http", "data:")):
            return None
        found.append(value if value is not None else {"data": data.strip()})
    return found
