"""Exchanges with a hosted generator as steps: what was asked, which model it says it ran, the job, the bytes that came back.

Pure: `drivers.boundary` listens and hands over what it saw. What was sent is no result, whatever an answer echoes; a result belongs to the
one job or request that it can be attributed to, or to none, and then it is counted. A key that is missing is said as not said.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Literal

from msgspec import Struct

from edgecode.ingest import hosted_bodies as bodies
from edgecode.ingest.generation.records import json_of
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
UNCLEAR = "pictures or sounds came that could not be attributed to one request: they are not recorded as made"
UNREAD = "answers could not be read, so what they may hold is not recorded"
_DEPTH_AT_MOST = 32
_JOBS_AT_MOST = 10_000
_SEEN_AT_MOST = 200_000


class Service(Struct, frozen=True):
    """Whose service it is and on what terms: *terms* as a document, b"" for none given."""

    name: str
    terms: bytes = b""
    terms_name: str = ""


class SentFile(Struct, frozen=True):
    """A file in a request or an answer: its name as sent, its content, image, video or audio."""

    name: str
    sha256: str
    kind: Literal["image", "video", "audio", "other"] = "other"


class Exchange(Struct, frozen=True):
    """One request and its answer. *path* without its query. *asked*, *answered*: the bodies where they are JSON (or a stream of it, then a
    list), else "".

    *sent*: files in a request; *media*: the answer's own bytes where it is media, or the media in its archive; *results*: media from
    links in request and answer (link to SHA-256). *fields*: the other fields of a form. *named*: values of the query, only to find jobs by.
    *unread*: whether the answer holds something that is no text and cannot be read. Times in milliseconds since 1970.
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
    media: tuple[SentFile, ...] = ()
    results: Mapping[str, str] = {}
    named: tuple[str, ...] = ()
    unread: bool = False


class _Job(Struct):
    """A request whose results may come later, or did. *inputs*: what it used of what went by before. *is_upload*: it only sent files."""

    exchange: Exchange
    name: str
    inputs: tuple[RecordedInput, ...] = ()
    is_upload: bool = False
    ended: bool = False
    made: tuple[RecordedFile, ...] = ()


class Boundary:
    """Turns exchanges into steps; remembers jobs that were begun until their result comes by, or `abandoned` is asked.

    *counts*: what could not be recorded, by sentence.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._jobs: dict[str, _Job] = {}
        self._by_id: dict[str, str] = {}
        self._sent: dict[str, None] = {}
        self._made_at: dict[str, str] = {}
        self.counts: Counter[str] = Counter()

    def steps(self, exchange: Exchange) -> list[StepRecord]:
        """The steps that this exchange completes; none when it made nothing, only began a job, or cannot be attributed."""
        if exchange.status >= 400:
            # A refused request made nothing; a job that can no longer be asked for is told as unknown at the end.
            return []
        asked, answer = json_of(exchange.asked), json_of(exchange.answered)
        cited = self._cited(exchange, asked)
        self._remember_sent(exchange, asked)
        asks = _asks(exchange, asked)
        reads = exchange.method in ("GET", "HEAD")
        words = any(True for _ in bodies.prompts_in(asked, exchange.fields))
        # What is asked anew in words is a job of its own, even where its answer has an id that was there before.
        by_job, parts = ({}, []) if words and not reads else self._parts(answer, asked, reads=reads)
        rest = bodies.without(answer, parts)
        named = self._named(exchange) if reads else None
        if named is not None:
            by_job.setdefault(named, []).append(rest)
        if exchange.unread and (asks or reads):
            self.counts[UNREAD] += 1
        steps = []
        for key, about in by_job.items():
            steps += self._job_told(key, about, exchange, exchange.media if key == named else ())
        if reads and named is None:
            self.counts[UNCLEAR] += len(self._new(rest, asked, exchange, exchange.media))
        elif not reads:
            steps += self._made_at_once(exchange, asked, rest, cited, asks=asks, speaks_of_others=bool(by_job))
        return steps

    def abandoned(self) -> list[StepRecord]:
        """Jobs whose end was never seen, as steps of status unknown; they are forgotten here."""
        waiting = [job for job in self._jobs.values() if not job.ended]
        self._jobs, self._by_id = {}, {}
        return [self._record(each, each.exchange, [], [], "unknown") for each in waiting]

    def _made_at_once(
        self,
        exchange: Exchange,
        asked: object,
        rest: object,
        cited: tuple[RecordedInput, ...],
        *,
        asks: bool,
        speaks_of_others: bool,
    ) -> list[StepRecord]:
        """What a request's own answer holds; where that is nothing yet, a job may have begun."""
        state = bodies.state_of(rest)
        found = self._new(rest, asked, exchange, exchange.media, of=exchange.id) if state == "" else []
        said = any(True for _ in bodies.prompts_in(asked, exchange.fields))
        is_upload = not said and bool(exchange.sent or any(True for _ in bodies.inline(asked)))
        ids = bodies.begun_ids(rest)
        job = _Job(exchange, next(iter(ids), ""), cited, is_upload)
        if found and not asks:
            self.counts[UNCLEAR] += len(found)
            return []
        if found and not (is_upload and all(not each.sha256 for each in found)):
            return self._ended(self._keep(exchange.id, job, ids), [rest], found, exchange, "done")
        if found and not ids:
            # A file went up and a link came: that may be the file itself under an address of the service, or what was made of it.
            ids = {bodies.bare(link): "link" for link in bodies.links_in(rest)}
        if asks and state != "failed" and ids and not speaks_of_others and not self._is_the_file_itself(exchange, rest):
            self._keep(
                exchange.id, job, ids | {bodies.bare(link): "link" for link in bodies.links_in(rest) if is_upload}
            )
        return []

    def _is_the_file_itself(self, exchange: Exchange, answer: object) -> bool:
        """Whether an answer to an upload links to the very bytes that were sent."""
        sent = {file.sha256 for file in exchange.sent}
        return any(exchange.results.get(link) in sent for link in bodies.links_in(answer))

    def _job_told(
        self, key: str, about: list[object], exchange: Exchange, media: tuple[SentFile, ...]
    ) -> list[StepRecord]:
        job, told = self._jobs[key], json_of(self._jobs[key].exchange.asked)
        states = [bodies.state_of(part) for part in about]
        found: list[RecordedFile] = []
        for part, state in zip(about, states, strict=True):
            if state != "unfinished":
                fresh = self._new(part, told, exchange, (), of=key)
                found += [each for each in fresh if each not in found]
            if isinstance(part, dict):
                self._also_called(key, bodies.begun_ids(part))
        found += self._new(None, told, exchange, media, of=key)
        if found:
            return self._ended(key, about, found, exchange, "done")
        if not job.ended and "failed" in states and "unfinished" not in states:
            return self._ended(key, about, [], exchange, "failed")
        return []

    def _ended(
        self,
        key: str,
        about: list[object],
        found: list[RecordedFile],
        exchange: Exchange,
        status: Literal["done", "failed"],
    ) -> list[StepRecord]:
        job = self._jobs[key]
        step = self._record(job, exchange, about, found, status)
        job.ended, job.made = True, (*job.made, *found)
        links = [link for part in about for link in bodies.links_in(part)]
        for file in found:
            if file.sha256:
                self._made_at[file.sha256] = key
        for link in links:
            if any(bodies.file_name(link) == file.name for file in found):
                self._made_at[bodies.bare(link)] = key
                self._made_at["/" + bodies.bare(link).partition("://")[2].partition("/")[2]] = key
        _bounded(self._made_at, _SEEN_AT_MOST)
        return [step]

    # ---------------------------------------------------------------------------------- what belongs to what

    def _keep(self, key: str, job: _Job, ids: Mapping[str, str]) -> str:
        """Remember a job, and its key. An id that another request was given too names neither, unless it asked the same."""
        for one in ids:
            other = self._jobs.get(self._by_id.get(one, ""))
            if other is not None and not other.ended and (other.exchange.asked, other.exchange.path) == (
                job.exchange.asked, job.exchange.path,
            ) and job.exchange.asked:  # fmt: skip
                return self._by_id[one]  # the same asked again: one job
        self._jobs[key] = job
        self._also_called(key, ids)
        while len(self._jobs) > _JOBS_AT_MOST:
            oldest = next(iter(self._jobs))
            if not self._jobs.pop(oldest).ended:
                self.counts["jobs were begun too many to remember; what came of them is not recorded"] += 1
        _bounded(self._by_id, _SEEN_AT_MOST)
        return key

    def _also_called(self, key: str, ids: Mapping[str, str]) -> None:
        for one in ids:
            if self._by_id.setdefault(one, key) != key:
                self._by_id[one] = ""

    def _parts(
        self, answer: object, asked: object, *, reads: bool
    ) -> tuple[dict[str, list[object]], list[dict[str, object]]]:
        """(parts of an answer by the job that they speak of, all parts that speak of some job). One that names two is of neither."""
        in_request = {value for _, value in bodies.walk(asked) if isinstance(value, str)} if not reads else set()
        by_job: dict[str, list[dict[str, object]]] = {}
        parts = []
        for part in list(bodies.parts_with_ids(answer, self._by_id)):
            ids = bodies.ids_of(part)
            fresh = [one for one, key in ids.items() if one not in self._by_id and key != "requestid"]
            if fresh and all(one in in_request for one in ids if one in self._by_id):
                continue  # A new job that says which one it was asked to go on from.
            keys = {self._by_id[one] for one in ids if self._by_id.get(one) in self._jobs}
            parts.append(part)
            if len(keys) == 1:
                by_job.setdefault(keys.pop(), []).append(part)
            else:
                self.counts[UNCLEAR] += len(bodies.results_in(part, asked))
        cut: dict[str, list[object]] = {key: [_alone(part, parts) for part in about] for key, about in by_job.items()}
        return cut, parts

    def _named(self, exchange: Exchange) -> str | None:
        """The job that a request for something names: by an id in its path or query, or by the address of a result."""
        pieces = exchange.path.strip("/").split("/")[:24]
        spans = [
            "/".join(pieces[first:end]) for first in range(len(pieces)) for end in range(first + 1, len(pieces) + 1)
        ]
        keys = {self._by_id[one] for one in (*spans, *exchange.named) if self._by_id.get(one) in self._jobs}
        if not keys and exchange.media:
            keys = {key for key in (self._made_at.get(exchange.path),) if key in self._jobs and key is not None}
        return keys.pop() if len(keys) == 1 else None

    def _new(
        self, part: object, asked: object, exchange: Exchange, media: tuple[SentFile, ...], *, of: str | None = None
    ) -> list[RecordedFile]:
        """The results in a part of an answer that were never sent and are not of job *of* yet (None: of any job)."""
        files = [RecordedFile(sha256=each.sha256, name=each.name) for each in media]
        for number, found in enumerate(bodies.results_in(part, asked)):
            if found.link and self._is_known(bodies.bare(found.link), of):
                continue
            digest = found.sha256 or exchange.results.get(found.link) or None
            name = bodies.file_name(found.link) if found.link else f"result {number + 1}"
            files.append(RecordedFile(sha256=digest, name=name))
        return [each for each in files if not (each.sha256 and self._is_known(each.sha256, of))]

    def _is_known(self, content: str, of: str | None) -> bool:
        made_by = self._made_at.get(content)
        return content in self._sent or (made_by is not None and of in (made_by, None))

    def _cited(self, exchange: Exchange, asked: object) -> tuple[RecordedInput, ...]:
        """What a request uses of what went by before: a file that was sent up, a result. A file that is used so was no job."""
        found: dict[str, RecordedInput] = {}
        if exchange.method in ("GET", "HEAD"):
            return ()
        for value in (*(value for _, value in bodies.walk(asked)), *exchange.fields.values()):
            said = bodies.bare(value) if isinstance(value, str) and value.startswith("http") else str(value)
            key = self._by_id.get(said) or self._made_at.get(said) or ""
            job = self._jobs.get(key)
            if job is None:
                continue
            if job.is_upload and not job.ended:
                del self._jobs[key]
                for file in job.exchange.sent if len(job.exchange.sent) == 1 else ():
                    self._sent[said] = None
                    found[file.sha256] = RecordedInput(sha256=file.sha256, name=file.name, role=_ROLES[file.kind])
            elif len(job.made) == 1 and job.made[0].sha256:
                file_made = job.made[0]
                role = InputRole.SOUND if media_class_of(file_made.name) == "audio" else InputRole.PICTURE
                found[str(file_made.sha256)] = RecordedInput(sha256=file_made.sha256, name=file_made.name, role=role)
        return tuple(found.values())

    def _remember_sent(self, exchange: Exchange, asked: object) -> None:
        for file in exchange.sent:
            self._sent[file.sha256] = None
        for found in bodies.media_in([asked, dict(exchange.fields)]) if exchange.method not in ("GET", "HEAD") else ():
            if found.sha256 not in self._made_at:
                self._sent[found.sha256 or bodies.bare(found.link)] = None
            if digest := exchange.results.get(found.link):
                self._sent[digest] = None
        _bounded(self._sent, _SEEN_AT_MOST)

    def _record(
        self,
        job: _Job,
        answered: Exchange,
        about: list[object],
        outputs: list[RecordedFile],
        status: Literal["done", "failed", "unknown"],
    ) -> StepRecord:
        """The step of a job: what was asked, and *about*: those parts of an answer that speak of it."""
        asked = job.exchange
        request, begun = json_of(asked.asked), json_of(asked.answered)
        inputs = tuple(_inputs(asked, request, job.inputs))
        pictures = any(used.role in (InputRole.PICTURE, InputRole.SOUND) for used in inputs)
        wanted = bodies.first(request, bodies.MODEL_KEYS)
        told = bodies.first(about, bodies.MODEL_KEYS) or bodies.first(begun, bodies.MODEL_KEYS)
        version = bodies.first(about, bodies.VERSION_KEYS) or bodies.first(begun, bodies.VERSION_KEYS)
        settings = {
            "service": self._service.name,
            "endpoint": f"{asked.method} {_without_ids(asked.path)}",
            "model_asked": wanted or asked.fields.get("model", "") or NOT_SAID,
            "model_returned": told or NOT_SAID,
            "model_version_returned": version or NOT_SAID,
            "job": job.name or NOT_SAID,
            "terms_sha256": sha256(self._service.terms).hexdigest() if self._service.terms else NOT_SAID,
        }
        model = told or settings["model_asked"]
        name = model if model != NOT_SAID else f"{self._service.name}: model not said"
        return StepRecord(
            schema=SCHEMA,
            kind=StepKind.GENERATIVE_EDIT if pictures else StepKind.GENERATE,
            outputs=tuple(outputs),
            id=f"http:{asked.id}:{answered.id}" if job.ended else f"http:{asked.id}",
            tool=RecordedTool(self._service.name, version or ""),
            ai=AiUse.GENERATIVE,
            grade="logged",
            status=status,
            started=asked.started,
            ended=answered.ended if status != "unknown" else 0,
            inputs=inputs,
            models=(RecordedModel(name),),
            seeds=tuple(
                dict.fromkeys([*bodies.seeds_in(request), *bodies.seed_fields(asked.fields), *bodies.seeds_in(about)])
            ),
            settings=settings,
            texts=tuple(RecordedText(words, key) for key, words in bodies.prompts_in(request, asked.fields)),
            graph=tuple(self._documents(asked, answered, about)),
        )

    def _documents(self, asked: Exchange, answered: Exchange, about: list[object]) -> Iterator[RecordedDocument]:
        later = [json.dumps(part) for part in about if part] if asked is not answered else []
        first = "answer" if asked is answered else "begun"
        for name, text in (("request", asked.asked), (first, asked.answered), *(("answer", each) for each in later)):
            if text:
                yield RecordedDocument(name, "application/json", text=_kept(text))
        if self._service.terms:
            text = self._service.terms.decode("utf-8", "replace")
            yield RecordedDocument(f"terms {self._service.terms_name}".strip(), "text/plain", text=text)


_ROLES = {"image": InputRole.PICTURE, "video": InputRole.PICTURE, "audio": InputRole.SOUND, "other": InputRole.TOOL}


def media_links(body: str) -> list[str]:
    """The links to media in a body of JSON, each once."""
    return list(bodies.links_in(json_of(body)))


def _inputs(asked: Exchange, request: object, cited: tuple[RecordedInput, ...]) -> Iterator[RecordedInput]:
    for file in asked.sent:
        yield RecordedInput(sha256=file.sha256, name=file.name, role=_ROLES[file.kind])
    for number, (kind, data) in enumerate(bodies.inline(request)):
        yield RecordedInput(sha256=sha256(data).hexdigest(), name=f"sent {number + 1}", role=_ROLES[kind])
    known = {used.sha256 for used in cited}
    yield from cited
    for link in dict.fromkeys((*bodies.links_in(request), *bodies.links_in(dict(asked.fields)))):
        digest = asked.results.get(link) or None
        name = bodies.file_name(link)
        if (digest and digest in known) or any(used.name == name for used in cited):
            continue
        is_sound = media_class_of(name) == "audio"
        yield RecordedInput(name=name, sha256=digest, role=InputRole.SOUND if is_sound else InputRole.PICTURE)


def _asks(exchange: Exchange, asked: object) -> bool:
    """Whether a request may ask that something be made: in words, with a seed or a model, or by sending or naming media."""
    return bool(
        exchange.sent
        or any(True for _ in bodies.prompts_in(asked, exchange.fields))
        or any(True for _ in bodies.media_in([asked, dict(exchange.fields)]))
        or any(True for _ in bodies.seeds_in(asked))
        or bodies.first([asked, dict(exchange.fields)], bodies.MODEL_KEYS)
    )


def _alone(part: dict[str, object], parts: list[dict[str, object]]) -> object:
    """A part without the parts of other jobs inside it."""
    return {key: bodies.without(inner, parts) for key, inner in part.items()}


def _bounded(seen: dict[str, str] | dict[str, None], at_most: int) -> None:
    while len(seen) > at_most:
        del seen[next(iter(seen))]


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
        if media := next(iter(bodies.inline({key: value})), None):
            return f"sha256:{sha256(media[1]).hexdigest()}"
    return value
