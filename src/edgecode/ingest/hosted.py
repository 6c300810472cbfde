"""Exchanges with a hosted generator as steps: what was asked, which model it says it ran, the job, the bytes that came back.

Pure: `drivers.boundary` listens and hands over what it saw. Known by the keys that services use; a key that is missing is said as not
said. Only an exchange that brings media, or a job that will, is a step.
"""

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Literal

from msgspec import Struct

from edgecode.ingest.generation.records import NumberText, json_of
from edgecode.ingest.generation.secrets import REMOVED, names_a_secret
from edgecode.ingest.media_kinds import media_class_of
from edgecode.ingest.step_record import (
    SCHEMA,
    RecordedDocument,
    RecordedFile,
    RecordedInput,
    RecordedModel,
    RecordedText,
    RecordedTool,
    StepRecord,
)
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import InputRole, StepKind

NOT_SAID = "not said"
_JOB_KEYS = ("job_id", "task_id", "request_id", "prediction_id", "generation_id", "operation", "id", "uuid", "name")
_MODEL_KEYS = ("model", "model_name", "model_id", "engine", "engine_id")
_VERSION_KEYS = ("model_version", "version", "model_revision", "revision")
_PROMPT_KEYS = re.compile(
    r"^(?:text_?)?prompts?$|^negative_?prompt$|^prompt_?text$|^text$|^instructions?$|^input$", re.IGNORECASE
)
_SEED_KEY = re.compile(r"^seeds?$", re.IGNORECASE)
_DATA_URI = re.compile(r"^data:(image|video|audio)/[\w.+-]{1,40};base64,(.*)$", re.DOTALL)
_BASE64_KEY = re.compile(r"b64|base64|bytes_?encoded|inline_?data|^data$", re.IGNORECASE)
_BASE64_SIGNS = re.compile(r"[A-Za-z0-9+/]{64,}={0,2}\s*\Z")
_FAILED = re.compile(r"^(?:failed|failure|error|cancell?ed|rejected|moderated|expired)$", re.IGNORECASE)
_DEPTH_AT_MOST = 32
_JOBS_AT_MOST = 10_000


class Service(Struct, frozen=True):
    """Whose service it is and on what terms: *terms* as a document, b"" for none given."""

    name: str
    terms: bytes = b""
    terms_name: str = ""


class SentFile(Struct, frozen=True):
    """A file in a request: its name as sent, its content, image, video or audio."""

    name: str
    sha256: str
    kind: Literal["image", "video", "audio", "other"] = "other"


class Exchange(Struct, frozen=True):
    """One request and its answer. *path* without its query. *asked*, *answered*: the bodies where they are JSON, else "".

    *sent*: files in a form; *media*: the answer's own bytes where it is media; *results*: media fetched from links in the answer (name to
    SHA-256). *fields*: the other fields of a form. Times in milliseconds since 1970.
    """

    id: str
    method: str
    path: str
    status: int
    started: int
    ended: int
    asked: str = ""
    answered: str = ""
    fields: Mapping[str, str] = {}
    sent: tuple[SentFile, ...] = ()
    media: SentFile | None = None
    results: Mapping[str, str] = {}


class _Job(Struct, frozen=True):
    exchange: Exchange
    job: str


class Boundary:
    """Turns exchanges into steps; remembers jobs that were begun until their result comes by, or `abandoned` is asked."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._jobs: dict[str, _Job] = {}

    def step(self, exchange: Exchange) -> StepRecord | None:
        """The step that this exchange completes; None when it made nothing, or only began a job."""
        answer = json_of(exchange.answered)
        begun = self._job_named(exchange, answer)
        outputs = list(_outputs(exchange, answer))
        failed = bool(_FAILED.match(_first(answer, ("status", "state")) or ""))
        if exchange.status >= 400:
            # A refused request made nothing; a job that can no longer be asked for is told as unknown at the end.
            return None
        if begun is not None:
            if outputs or failed:
                del self._jobs[begun.job]
                return self._record(begun.exchange, exchange, outputs, begun.job, "failed" if failed else "done")
            return None
        job = _first(answer, _JOB_KEYS) or ""
        if outputs and exchange.method != "GET":
            return self._record(exchange, exchange, outputs, job, "done")
        if job and exchange.method == "POST" and not outputs and _asks_for_media(exchange):
            self._jobs[job] = _Job(exchange, job)
            while len(self._jobs) > _JOBS_AT_MOST:
                del self._jobs[next(iter(self._jobs))]
        return None

    def abandoned(self) -> list[StepRecord]:
        """Jobs whose end was never seen, as steps of status unknown; they are forgotten here."""
        waiting, self._jobs = list(self._jobs.values()), {}
        return [self._record(each.exchange, each.exchange, [], each.job, "unknown") for each in waiting]

    def _job_named(self, exchange: Exchange, answer: object) -> _Job | None:
        """The begun job that an exchange speaks of: by its id in the answer, or as a part of the path that was asked."""
        said = [_first(answer, (key,)) for key in _JOB_KEYS]
        parts = exchange.path.split("/")
        return next((self._jobs[one] for one in (*said, *parts) if one and one in self._jobs), None)

    def _record(
        self,
        asked: Exchange,
        answered: Exchange,
        outputs: list[RecordedFile],
        job: str,
        status: Literal["done", "failed", "unknown"],
    ) -> StepRecord:
        request, answer = json_of(asked.asked), json_of(answered.answered)
        inputs = tuple(_inputs(asked, request))
        pictures = any(used.role in (InputRole.PICTURE, InputRole.SOUND) for used in inputs)
        told, wanted = (
            _first(answer, _MODEL_KEYS) or _first(json_of(asked.answered), _MODEL_KEYS),
            _first(request, _MODEL_KEYS),
        )
        version = _first(answer, _VERSION_KEYS) or _first(json_of(asked.answered), _VERSION_KEYS)
        settings = {
            "service": self._service.name,
            "endpoint": f"{asked.method} {_without_ids(asked.path)}",
            "model_asked": wanted or asked.fields.get("model", "") or NOT_SAID,
            "model_returned": told or NOT_SAID,
            "model_version_returned": version or NOT_SAID,
            "job": job or NOT_SAID,
            "terms_sha256": sha256(self._service.terms).hexdigest() if self._service.terms else NOT_SAID,
        }
        model = told or settings["model_asked"]
        name = model if model != NOT_SAID else f"{self._service.name}: model not said"
        return StepRecord(
            schema=SCHEMA,
            kind=StepKind.GENERATIVE_EDIT if pictures else StepKind.GENERATE,
            outputs=tuple(outputs),
            id=f"http:{asked.id}",
            tool=RecordedTool(self._service.name, version or ""),
            ai=AiUse.GENERATIVE,
            grade="logged",
            status=status,
            started=asked.started,
            ended=answered.ended if status != "unknown" else 0,
            inputs=inputs,
            models=(RecordedModel(name),),
            seeds=tuple(dict.fromkeys([*_seeds(request), *_seeds(answer)])),
            settings=settings,
            texts=tuple(_prompts(request, asked.fields)),
            graph=tuple(self._documents(asked, answered)),
        )

    def _documents(self, asked: Exchange, answered: Exchange) -> Iterator[RecordedDocument]:
        for name, text in (("request", asked.asked), ("begun", asked.answered), ("answer", answered.answered)):
            if text and not (name == "begun" and asked is answered):
                yield RecordedDocument(name, "application/json", text=_kept(text))
        if self._service.terms:
            text = self._service.terms.decode("utf-8", "replace")
            yield RecordedDocument(f"terms {self._service.terms_name}".strip(), "text/plain", text=text)


# ------------------------------------------------------------------------------------------ what bodies say


def _walk(value: object, key: str = "", depth: int = 0) -> Iterator[tuple[str, object]]:
    """(key, value) of everything that is no object or list, outermost first within each."""
    if depth > _DEPTH_AT_MOST:
        return
    if isinstance(value, dict):
        inner = sorted(value.items(), key=lambda item: isinstance(item[1], (dict, list)))
        for name, one in inner:
            yield from _walk(one, str(name), depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _walk(one, key, depth + 1)
    else:
        yield key, value


def _first(document: object, keys: tuple[str, ...]) -> str | None:
    """The first short text or number under one of *keys*, tried in their order, outer levels first."""
    for wanted in keys:
        for key, value in _walk(document):
            if key.lower() == wanted and isinstance(value, (str, int)) and not isinstance(value, bool):
                text = str(value).strip()
                if 0 < len(text) <= 200:
                    return text
    return None


def _outputs(exchange: Exchange, answer: object) -> Iterator[RecordedFile]:
    if exchange.media is not None:
        yield RecordedFile(sha256=exchange.media.sha256, name=exchange.media.name)
    for number, (_, data) in enumerate(_inline(answer)):
        yield RecordedFile(sha256=sha256(data).hexdigest(), name=f"result {number + 1}")
    for link in _links(answer):
        yield RecordedFile(name=_file_name(link), sha256=exchange.results.get(link))


def media_links(answered: str) -> list[str]:
    """The links to media in an answer's JSON, each once."""
    return list(_links(json_of(answered)))


def _links(answer: object) -> Iterator[str]:
    seen = set()
    for _, value in _walk(answer):
        is_link = isinstance(value, str) and value.startswith(("https://", "http://"))
        if is_link and value not in seen and media_class_of(_file_name(str(value))) in ("still", "video", "audio"):
            seen.add(value)
            yield str(value)


def _file_name(link: str) -> str:
    """The last part of a link's path: what follows may be a signature that opens the file to anybody."""
    return re.split(r"[?#]", link)[0].rstrip("/").rpartition("/")[2]


def _inline(document: object) -> Iterator[tuple[str, bytes]]:
    """(kind, bytes) of media that stand in a body as base64."""
    for key, value in _walk(document):
        if not isinstance(value, str) or len(value) < 64:
            continue
        match = _DATA_URI.match(value)
        written = match[2] if match else value if _BASE64_KEY.search(key) and _BASE64_SIGNS.match(value) else None
        if written is None:
            continue
        try:
            yield (match[1] if match else "image"), b64decode(written, validate=False)
        except (binascii.Error, ValueError):
            continue


def _inputs(asked: Exchange, request: object) -> Iterator[RecordedInput]:
    roles = {"image": InputRole.PICTURE, "video": InputRole.PICTURE, "audio": InputRole.SOUND, "other": InputRole.TOOL}
    for file in asked.sent:
        yield RecordedInput(sha256=file.sha256, name=file.name, role=roles[file.kind])
    for number, (kind, data) in enumerate(_inline(request)):
        yield RecordedInput(sha256=sha256(data).hexdigest(), name=f"sent {number + 1}", role=roles[kind])
    for link in _links(request):
        is_sound = media_class_of(_file_name(link)) == "audio"
        yield RecordedInput(name=_file_name(link), role=InputRole.SOUND if is_sound else InputRole.PICTURE)


def _seeds(document: object) -> Iterator[str]:
    for key, value in _walk(document):
        if _SEED_KEY.match(key) and isinstance(value, int) and not isinstance(value, bool):
            yield str(value)


def _prompts(request: object, fields: Mapping[str, str]) -> Iterator[RecordedText]:
    found = [*_walk(request), *fields.items()]
    for key, value in found:
        is_words = (
            isinstance(value, str) and not isinstance(value, NumberText) and not value.startswith(("http", "data:"))
        )
        if is_words and _PROMPT_KEYS.match(key) and value:
            yield RecordedText(str(value), key)


def _asks_for_media(exchange: Exchange) -> bool:
    """Whether a request without a result yet may have begun a job: it asks something in words or sends a picture."""
    request = json_of(exchange.asked)
    return (
        bool(exchange.sent)
        or any(True for _ in _prompts(request, exchange.fields))
        or any(True for _ in _inline(request))
    )


def _without_ids(path: str) -> str:
    """A path with what looks like an id or a key taken out."""
    return "/".join("*" if re.search(r"\d", part) and len(part) > 12 else part for part in path.split("/"))[:200]


def _kept(text: str) -> str:
    """A body as it is kept: without secrets, and with digests in place of media."""
    return json.dumps(_lightened(json_of(text), "", 0), ensure_ascii=False)


def _lightened(value: object, key: str, depth: int) -> object:
    if depth > _DEPTH_AT_MOST:
        return None
    if isinstance(value, dict):
        return {str(name): _lightened(one, str(name), depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_lightened(one, key, depth + 1) for one in value]
    if isinstance(value, str):
        if names_a_secret(key) and value:
            return REMOVED
        if value.startswith(("https://", "http://")):
            return re.split(r"[?#]", value)[0]
        if media := next(iter(_inline({key: value})), None):
            return f"sha256:{sha256(media[1]).hexdigest()}"
    return value
