"""A bucket over HTTP as S3 has it, as far as publishing needs: put, get, head, list, conditions on ETags. Nothing is authorized."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit


class Kept(NamedTuple):
    """One object with the headers it was put with."""

    data: bytes
    content_type: str
    cache_control: str

    @property
    def etag(self) -> str:
        return f'"{md5(self.data, usedforsecurity=False).hexdigest()}"'


class SmallS3(ThreadingHTTPServer):
    """Listens on a port of its own; *objects* by ``bucket/key``, *log* of the methods and keys in order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.objects: dict[str, Kept] = {}
        self.log: list[tuple[str, str]] = []
        self.lock = threading.Lock()


class _Answers(BaseHTTPRequestHandler):
    server: SmallS3
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        key, data = self._key(), self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            there = self.server.objects.get(key)
            wanted = self.headers.get("If-Match")
            if (self.headers.get("If-None-Match") == "*" and there) or (wanted and (not there or there.etag != wanted)):
                self._answer(412)
                return
            kept = Kept(data, self.headers.get("Content-Type", ""), self.headers.get("Cache-Control", ""))
            self.server.objects[key] = kept
        self._answer(200, etag=kept.etag)

    def do_GET(self) -> None:
        key, query = self._key(), parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            prefix = f"{key.rstrip('/')}/{query.get('prefix', [''])[0]}"
            found = [name.partition("/")[2] for name in sorted(self.server.objects) if name.startswith(prefix)]
            rows = "".join(
                f"<Contents><Key>{name}</Key><Size>1</Size><ETag>x</ETag><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
                for name in found
            )
            self._answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode())
            return
        kept = self.server.objects.get(key)
        if kept is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._answer(200, kept.data, etag=kept.etag)

    def _key(self) -> str:
        key = unquote(urlsplit(self.path).path).strip("/")
        self.server.log.append((self.command, key))
        return key

    def _answer(self, status: int, body: bytes = b"", *, etag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def small_s3() -> Iterator[SmallS3]:
    """A running server; stopped at the end."""
    server = SmallS3()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
