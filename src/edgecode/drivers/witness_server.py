"""A witness over HTTP (c2sp.org/tlog-witness): two routes, small bodies, short waits, and no word about who asked."""

import io
import re
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from edgecode.drivers.witness_store import WitnessStore
from edgecode.errors import EdgecodeError
from edgecode.ledger.notes import MalformedError
from edgecode.ledger.policy import Policy
from edgecode.ledger.witness import MAX_REQUEST_BYTES, Answer, Cosigner, Request, decide, refusal

TIMEOUT_SECONDS = 15
"""For a whole request, however many pieces it comes in."""
MOST_AT_ONCE = 64
_LATEST = re.compile(r"/([0-9a-f]{64})/checkpoint")


class Witness(NamedTuple):
    """Everything an answer comes from. *logs*: read afresh for every request, so that a log can be added while serving."""

    store: WitnessStore
    cosigner: Cosigner
    logs: Callable[[], Policy]
    seconds: Callable[[], int]

    def add_checkpoint(self, data: bytes) -> Answer:
        """The answer to a request body; what it signs is on disk before it is returned. Raises UnavailableError."""
        logs = self.logs()
        try:
            origin = Request.parse(data).origin
        except MalformedError as error:
            return refusal(400, error.sentence)
        return self.store.answer(
            origin,
            lambda latest: decide(data, latest, logs=logs, cosigner=self.cosigner, seconds=self.seconds()),
        )

    def latest(self, name: str) -> Answer:
        """The latest cosigned checkpoint of the log of this name (`monitoring_name`)."""
        note = self.store.latest_named(name)
        return refusal(404, "nothing was cosigned of that log") if note is None else Answer(200, note)


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness. *said*: called with a line about each answer, which names neither a caller nor a log."""

    daemon_threads = True
    request_queue_size = MOST_AT_ONCE

    def __init__(
        self,
        witness: Witness,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        prefix: str = "",
        said: Callable[[str], None],
        seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        """Listen on *host*; *port* 0 is any free one; *seconds*: for each whole request. Raises OSError when that cannot be."""
        self.witness, self.prefix, self.said, self.seconds = witness, prefix.rstrip("/"), said, seconds
        self.room = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__((host, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Turn away who comes when all places are taken: a thread for everybody would be a way to stop the witness."""
        if self.room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer one connection in its thread, and give its place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.room.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that broke off is nobody's business; the standard handler would print who it was."""
        self.said("broken off")


class _Until(io.RawIOBase):
    """Reads a connection up to a moment of `time.monotonic`: somebody who sends a byte now and then gets no more time by it."""

    def __init__(self, connection: socket.socket, *, end: float) -> None:
        self._connection, self._end = connection, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the request took too long")
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class _Handler(BaseHTTPRequestHandler):
    """One request a connection: what follows it is never taken for another one, whatever a server before this one thinks."""

    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "edgecode-witness", ""

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self.rfile = io.BufferedReader(_Until(self.connection, end=time.monotonic() + self.server.seconds))

    def parse_request(self) -> bool:
        """Refuse what two servers could read as two different requests (RFC 9112, 6.3 and 11.2)."""
        if not super().parse_request():
            return False
        lengths = self.headers.get_all("Content-Length", [])
        if self.headers.defects or "Transfer-Encoding" in self.headers or len(lengths) > 1:
            self._tell(refusal(400, "one Content-Length and no Transfer-Encoding"))
            return False
        if self.command == "GET" and lengths not in ([], ["0"]):
            self._tell(refusal(400, "a GET has no body"))
            return False
        return True

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != f"{self.server.prefix}/add-checkpoint":
            self._tell(refusal(404, "there is no such page"))
        elif not re.fullmatch("[0-9]{1,9}", length):
            self._tell(refusal(411, "say the length of the body"))
        elif int(length) > MAX_REQUEST_BYTES:
            self._tell(refusal(413, f"a request has at most {MAX_REQUEST_BYTES} bytes"))
        elif len(data := self.rfile.read(int(length))) == int(length):
            self._tell(self._answer(lambda: self.server.witness.add_checkpoint(data)))
        else:
            self.close_connection = True

    def do_GET(self) -> None:
        path = self.path.removeprefix(self.server.prefix) if self.path.startswith(self.server.prefix) else ""
        match = _LATEST.fullmatch(path)
        if match is None:
            self._tell(refusal(404, "there is no such page"))
        else:
            self._tell(self._answer(lambda: self.server.witness.latest(match[1])))

    def _answer(self, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except EdgecodeError as error:
            # Nothing is signed and nothing told beyond that: the keeper of the witness reads the code.
            self.server.said(f"failed: {error.code}")
            return refusal(500, "the witness cannot answer now")

    def _tell(self, answer: Answer) -> None:
        """Send an answer, and end the connection."""
        self.connection.settimeout(self.server.seconds)
        self.send_response_only(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(answer.body)
        self.server.said(f"{self.command} {answer.status}")

    def log_message(self, format: str, *args: object) -> None:
        """The standard handler would print the caller's address."""
