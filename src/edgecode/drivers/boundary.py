"""A reverse proxy on loopback in front of a hosted generator: passes everything on unchanged and tells what it saw.

Whatever goes wrong in the telling, the answer reaches whoever asked. Headers, and with them every key, are passed on and never kept.
"""

import contextlib
import email.parser
import email.policy
import http.client
import json
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from edgecode.drivers.answered_media import kind_of, media_of
from edgecode.errors import UsageError
from edgecode.ingest.hosted import Exchange, SentFile, media_links
from edgecode.ingest.hosted_bodies import documents_of_stream

TIMEOUT_SECONDS = 600.0
"""A generation may take minutes before its answer begins."""
SETTLING_SECONDS = 90.0
"""How long telling waits for earlier exchanges, and the end for all of them: fetching a result may take a minute."""
KEPT_BYTES_AT_MOST = 64 << 20
"""A longer body is passed on and only hashed."""
_BLOCK_BYTES = 1 << 16
_ONE_HOP = frozenset(
    (
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "host",
        "accept-encoding",
    )
)  # fmt: skip


class BoundaryServer(ThreadingHTTPServer):
    """Listens at `url` and asks *upstream*. *told*: called with every exchange, in the thread that answered it; it may raise.

    *results_from*: hosts whose links to media in an answer are fetched too, without any key, for their digests alone.
    """

    daemon_threads = True

    def __init__(
        self, upstream: str, *, told: Callable[[Exchange], object], port: int = 0, results_from: tuple[str, ...] = ()
    ) -> None:
        """Raises UsageError ``boundary.url`` for no http or https address, OSError when the port is taken."""
        parts = urlsplit(upstream)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.username
            or parts.query
            or parts.fragment
        ):
            raise UsageError(
                "boundary.url",
                "that is no address of a service",
                "As in: edgecode boundary https://api.service.example",
            )
        self.upstream, self.told, self.results_from = parts, told, results_from
        self.faults = 0
        self._tickets, self._under_way, self._changed = 0, dict[int, bool](), threading.Condition()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        """Where the program that uses the service is to be pointed instead."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.upstream.path.rstrip('/')}"

    def begin(self, method: str) -> int:
        """A number for an exchange whose answer begins to go out; to be given back to `end`."""
        with self._changed:
            self._tickets += 1
            self._under_way[self._tickets] = method not in ("GET", "HEAD")
            return self._tickets

    def end(self, ticket: int) -> None:
        """An exchange has been told, or will not be."""
        with self._changed:
            self._under_way.pop(ticket, None)
            self._changed.notify_all()

    def wait_for_earlier(self, ticket: int) -> None:
        """Wait until requests that may have begun what *ticket* speaks of are told: their results may still be fetched."""
        with self._changed:
            self._changed.wait_for(
                lambda: not any(begins and each < ticket for each, begins in self._under_way.items()),
                timeout=SETTLING_SECONDS,
            )

    def settle(self) -> None:
        """Wait until every exchange that was answered is told; whatever is not by then counts as a fault."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._under_way, timeout=SETTLING_SECONDS):
                self.faults += len(self._under_way)

    def server_close(self) -> None:
        """Close, once what was answered is told."""
        super().server_close()
        self.settle()

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that broke off is the client's business."""


class _Body:
    """A body as it goes by: its digest, and its bytes as long as they are few."""

    def __init__(self) -> None:
        self._hash, self._kept, self.size = sha256(), bytearray(), 0

    def add(self, block: bytes) -> None:
        self._hash.update(block)
        self.size += len(block)
        if self.size <= KEPT_BYTES_AT_MOST:
            self._kept += block

    @property
    def data(self) -> bytes:
        return bytes(self._kept) if self.size <= KEPT_BYTES_AT_MOST else b""

    @property
    def head(self) -> bytes:
        return bytes(self._kept[:64])

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class _Handler(BaseHTTPRequestHandler):
    server: BoundaryServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._pass_on()

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_GET  # noqa: N815

    def _pass_on(self) -> None:
        self.close_connection = True
        started, upstream = time.time_ns() // 1_000_000, self.server.upstream
        asked, answered = _Body(), _Body()
        for block in self._request_body():
            asked.add(block)
        kind = http.client.HTTPSConnection if upstream.scheme == "https" else http.client.HTTPConnection
        connection = kind(upstream.hostname or "", upstream.port, timeout=TIMEOUT_SECONDS)
        ticket = 0
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _ONE_HOP}
            headers["Accept-Encoding"] = "identity"
            body = asked.data if asked.size else None
            if asked.size > KEPT_BYTES_AT_MOST:
                self.send_error(413)
                return
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            ticket = self.server.begin(self.command)
            self._answer(answer, answered)
            self._tell(answer, asked, answered, started, ticket)
        except (OSError, http.client.HTTPException):
            if not ticket:
                self.send_error(502)
            else:
                self.server.faults += 1  # it broke off: what came is no answer
        finally:
            self.server.end(ticket)
            connection.close()

    def _tell(self, answer: http.client.HTTPResponse, asked: _Body, answered: _Body, started: int, ticket: int) -> None:
        promised = answer.getheader("Content-Length")
        if promised is not None and self.command != "HEAD" and promised != str(answered.size):
            self.server.faults += 1  # it broke off: what came is no answer
            return
        with contextlib.suppress(OSError):
            # Whoever reads until the end is not to wait for what is done here.
            self.connection.shutdown(socket.SHUT_WR)
        try:
            exchange = self._exchange(answer, asked, answered, started)
            self.server.wait_for_earlier(ticket)
            self.server.told(exchange)
        except Exception:  # The work goes on; how often this happened is said at the end.
            self.server.faults += 1

    def _request_body(self) -> Iterator[bytes]:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            while size := int(self.rfile.readline(64).split(b";")[0].strip() or b"0", 16):
                yield self.rfile.read(size)
                self.rfile.readline(8)
            self.rfile.readline(8)
            return
        left = int(self.headers.get("Content-Length") or 0)
        while left and (block := self.rfile.read(min(left, _BLOCK_BYTES))):
            left -= len(block)
            yield block

    def _answer(self, answer: http.client.HTTPResponse, answered: _Body) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _ONE_HOP:
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        while block := answer.read1(_BLOCK_BYTES):
            answered.add(block)
            self.wfile.write(block)
            self.wfile.flush()

    def _exchange(self, answer: http.client.HTTPResponse, asked: _Body, answered: _Body, started: int) -> Exchange:
        path, _, query = self.path.partition("?")
        name = path.rstrip("/").rpartition("/")[2]
        media, text, unread = _answer_read(answer, answered, name)
        asked_text, fields, sent = _request_read(
            self.headers.get_content_type(), self.headers.get("Content-Type", ""), asked
        )
        return Exchange(
            id=uuid.uuid4().hex,
            method=self.command,
            path=path,
            status=answer.status,
            started=started,
            ended=time.time_ns() // 1_000_000,
            asked=asked_text,
            answered=text,
            fields=fields,
            sent=sent,
            media=media,
            results=self._results(asked_text, json.dumps(fields), text),
            named=tuple(value for _, value in parse_qsl(query[:4096])),
            unread=unread,
        )

    def _results(self, *texts: str) -> dict[str, str]:
        """What links lead to, of the request too: what was sent by its address is told apart from what came by its content."""
        found = {}
        for link in [link for text in texts for link in media_links(text)] if self.server.results_from else ():
            parts = urlsplit(link)
            if link not in found and parts.hostname in self.server.results_from and (digest := _fetched(link)):
                found[link] = digest
        return found

    def log_message(self, format: str, *args: object) -> None:
        """The standard handler would print paths."""


def _answer_read(
    answer: http.client.HTTPResponse, answered: _Body, name: str
) -> tuple[tuple[SentFile, ...], str, bool]:
    """(the media in an answer, its text where it is JSON or a stream of it, whether it holds something that cannot be read)."""
    kind = answer.headers.get_content_type() if answer.getheader("Content-Type") else "application/octet-stream"
    if answer.status >= 300 or not answered.size:
        return (), "", False
    if answer.getheader("Content-Encoding", "identity").lower() not in ("", "identity"):
        return (), "", True
    media = media_of(kind, answered.head, answered.data, name=name, digest=answered.sha256)
    if media is not None:
        return media, "", False
    is_text = kind.endswith("json") or answered.head.lstrip()[:1] in (b"{", b"[")
    text = answered.data.decode("utf-8", "replace") if answered.data else ""
    if kind in ("text/event-stream", "application/x-ndjson", "application/jsonl", "application/stream+json"):
        documents = documents_of_stream(text)
        return (), json.dumps(documents or []), documents is None or not text
    if is_text and text:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return (), "", True
        return (), text, text.lstrip()[:1] not in "{["
    return (), "", kind not in ("text/html", "text/css", "text/javascript", "application/javascript")


def _request_read(kind: str, header: str, asked: _Body) -> tuple[str, dict[str, str], tuple[SentFile, ...]]:
    """(a request's JSON, the fields of its form, the files in it)."""
    if kind == "multipart/form-data":
        return "", *_form(header, asked.data)
    if kind == "application/x-www-form-urlencoded":
        pairs = parse_qsl(asked.data.decode("utf-8", "replace"))
        if pairs or not asked.head.lstrip().startswith(b"{"):
            return "", dict(pairs), ()
    if kind.endswith("json") or asked.head.lstrip()[:1] in (b"{", b"["):
        return asked.data.decode("utf-8", "replace"), {}, ()
    if asked.size and (family := kind_of(kind, asked.head)) != "other":
        return "", {}, (SentFile("sent", asked.sha256, family),)
    return "", {}, ()


def _form(content_type: str, data: bytes) -> tuple[dict[str, str], tuple[SentFile, ...]]:
    """The fields and the files of a form (RFC 7578)."""
    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + data)
    fields: dict[str, str] = {}
    files: list[SentFile] = []
    for part in message.iter_parts() if message.is_multipart() else ():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        family = kind_of(part.get_content_type(), content[:64])
        if part.get_filename() is not None or family != "other":
            files.append(SentFile(str(part.get_filename() or "sent"), sha256(content).hexdigest(), family))
        else:
            name = part.get_param("name", header="content-disposition")
            fields[str(name)] = content.decode("utf-8", "replace")
    return fields, tuple(files)


def _fetched(link: str) -> str:
    """The SHA-256 of what a link leads to; "" where it cannot be had. Nothing of the client's is sent along."""
    parts = urlsplit(link)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        answer = connection.getresponse()
        if answer.status != 200:
            return ""
        found = sha256()
        while block := answer.read(_BLOCK_BYTES):
            found.update(block)
        return found.hexdigest()
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()
