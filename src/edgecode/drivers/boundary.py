"""A reverse proxy on loopback in front of a hosted generator: passes everything on unchanged and tells what it saw.

Whatever goes wrong in the telling, the answer reaches whoever asked. Headers, and with them every key, are passed on and never kept.
"""

import email.parser
import email.policy
import http.client
import time
import uuid
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import urlsplit

from edgecode.errors import UsageError
from edgecode.ingest.hosted import Exchange, SentFile, media_links

TIMEOUT_SECONDS = 600.0
"""A generation may take minutes before its answer begins."""
KEPT_BYTES_AT_MOST = 64 << 20
"""A longer body is passed on and only hashed."""
_BLOCK_BYTES = 1 << 16
_ONE_HOP = frozenset(
    (
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "host",
        "accept-encoding",
    )
)  # fmt: skip
_MEDIA = ("image", "video", "audio")


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
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        """Where the program that uses the service is to be pointed instead."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.upstream.path.rstrip('/')}"

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
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _ONE_HOP}
            headers["Accept-Encoding"] = "identity"
            body = asked.data if asked.size else None
            if asked.size > KEPT_BYTES_AT_MOST:
                self.send_error(413)
                return
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            self._answer(answer, answered)
        except (OSError, http.client.HTTPException):
            self.send_error(502)
            return
        finally:
            connection.close()
        promised = answer.getheader("Content-Length")
        if promised is not None and self.command != "HEAD" and promised != str(answered.size):
            self.server.faults += 1  # it broke off: what came is no answer
            return
        try:
            self.server.told(self._exchange(answer, asked, answered, started))
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
        path = self.path.partition("?")[0]
        asked_type, answered_type = self.headers.get_content_type(), answer.headers.get_content_type()
        family = answered_type.partition("/")[0]
        media = None
        if family in _MEDIA and answer.status == 200 and answered.size:
            media = SentFile(path.rstrip("/").rpartition("/")[2], answered.sha256, _kind(family))
        form = (
            _form(self.headers.get("Content-Type", ""), asked.data) if asked_type == "multipart/form-data" else ({}, ())
        )
        text = answered.data.decode("utf-8", "replace") if answered_type.endswith("json") else ""
        return Exchange(
            id=uuid.uuid4().hex,
            method=self.command,
            path=path,
            status=answer.status,
            started=started,
            ended=time.time_ns() // 1_000_000,
            asked=asked.data.decode("utf-8", "replace") if asked_type.endswith("json") else "",
            answered=text,
            fields=form[0],
            sent=form[1],
            media=media,
            results=self._results(text),
        )

    def _results(self, text: str) -> dict[str, str]:
        found = {}
        for link in media_links(text) if text and self.server.results_from else ():
            parts = urlsplit(link)
            if parts.hostname in self.server.results_from and (digest := _fetched(link)):
                found[link] = digest
        return found

    def log_message(self, format: str, *args: object) -> None:
        """The standard handler would print paths."""


def _kind(family: str) -> Literal["image", "video", "audio", "other"]:
    return "image" if family == "image" else "video" if family == "video" else "audio" if family == "audio" else "other"


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
        if part.get_filename() is not None:
            family = part.get_content_maintype()
            files.append(SentFile(str(part.get_filename()), sha256(content).hexdigest(), _kind(family)))
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
