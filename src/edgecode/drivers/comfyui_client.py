"""Asks a ComfyUI over HTTP what it ran: its queue, its history, its files. It is only read; short waits, bounded answers."""

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from edgecode.errors import UnavailableError, UsageError

TIMEOUT_SECONDS = 20.0
ANSWER_BYTES_AT_MOST = 256 << 20
_BLOCK_BYTES = 1 << 20


class Fetched(NamedTuple):
    """The content of a file as the host gave it out; *host_seconds*: the host's own clock then, since 1970 (0: it told none);
    *modified_seconds*: when the file was last written, in whole seconds, 0 likewise."""

    sha256: str
    size: int
    host_seconds: float
    modified_seconds: float


class ComfyUi:
    """The ComfyUI whose address is *url*."""

    def __init__(self, url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Raises UsageError ``comfyui.url`` unless it is an http or https address without a user, query or fragment."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        bare = not (parts.username or parts.password or parts.query or parts.fragment)
        if parts.scheme not in ("http", "https") or not parts.hostname or port == -1 or not bare:
            raise UsageError("comfyui.url", "that is no address of a ComfyUI", "As in: http://127.0.0.1:8188")
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, port
        self._prefix, self._timeout_seconds = parts.path.rstrip("/"), timeout_seconds

    def version(self) -> str:
        """What it calls its version; "" where it does not say."""
        system = _object(self._json("/system_stats")).get("system")
        return str(_object(system).get("comfyui_version", ""))

    def waiting(self) -> list[tuple[float, str]]:
        """(number, prompt id) of everything that runs or waits."""
        queue = _object(self._json("/queue"))
        entries = [*_list(queue.get("queue_running")), *_list(queue.get("queue_pending"))]
        return [(float(_number(one[0])), str(one[1])) for one in entries if isinstance(one, list) and len(one) > 2]

    def history(self, *, most: int, offset: int | None = None) -> dict[str, object]:
        """At most *most* entries of the history by prompt id, oldest first: from *offset* on, or the last ones."""
        asked = {"max_items": most} if offset is None else {"max_items": most, "offset": offset}
        return _object(self._json(f"/history?{urlencode(asked)}"))

    def history_of(self, prompt_id: str) -> dict[str, object] | None:
        """The entry of one prompt; None when the host does not know (any more) how it ended."""
        found = _object(self._json(f"/history/{quote(prompt_id, safe='')}")).get(prompt_id)
        return found if isinstance(found, dict) else None

    def module_of(self, node_class: str) -> str:
        """The Python module that a class of nodes comes from; "" where the host does not say."""
        found = _object(self._json(f"/object_info/{quote(node_class, safe='')}")).get(node_class)
        return str(_object(found).get("python_module", ""))

    def fetched(self, filename: str, *, subfolder: str, kind: str) -> Fetched | None:
        """The digest of a file of the host's *kind* of folder (output, temp, input); None when it is not there (any more)."""
        asked = urlencode({"filename": filename, "subfolder": subfolder, "type": kind})
        with self._asked(f"/view?{asked}") as answer:
            if answer.status != 200:
                answer.read(_BLOCK_BYTES)
                return None
            found, size = sha256(), 0
            while block := answer.read(_BLOCK_BYTES):
                found.update(block)
                size += len(block)
            promised = answer.getheader("Content-Length")
            if promised is not None and promised != str(size):
                raise unreachable("it broke off in a file")
            return Fetched(found.hexdigest(), size, _clock(answer), _clock(answer, "Last-Modified"))

    def host_seconds(self) -> float:
        """The host's own clock, in seconds since 1970; 0 where it does not tell."""
        with self._asked("/queue") as answer:
            answer.read(ANSWER_BYTES_AT_MOST)
            return _clock(answer)

    @contextmanager
    def _asked(self, path: str) -> Iterator[http.client.HTTPResponse]:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=self._timeout_seconds)
        try:
            connection.request("GET", self._prefix + path, headers={"Accept-Encoding": "identity"})
            yield connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise unreachable(type(error).__name__) from error
        finally:
            connection.close()

    def _json(self, path: str) -> object:
        with self._asked(path) as answer:
            data = answer.read(ANSWER_BYTES_AT_MOST + 1)
            status = answer.status
        if status != 200 or len(data) > ANSWER_BYTES_AT_MOST:
            raise unreachable(f"status {status}, {len(data)} bytes")
        try:
            found: object = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise unreachable("its answer is no JSON") from error
        return found


def unreachable(why: str) -> UnavailableError:
    """What is said of a host that gives no answer one can use."""
    return UnavailableError(
        "comfyui.unreachable", f"ComfyUI gives no answer that can be used ({why})", "See that it runs, and ask again"
    )


def _clock(answer: http.client.HTTPResponse, header: str = "Date") -> float:
    try:
        return parsedate_to_datetime(answer.getheader(header, "")).timestamp()
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _object(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _number(value: object) -> float:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0
