"""Asking a witness over HTTP: submit a checkpoint, fetch the latest it signed. Short waits; an answer is bytes until it is verified."""

import http.client
import re
from collections.abc import Callable
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from edgecode.errors import EdgecodeError, InvalidError, UnavailableError, UnverifiableError, UsageError
from edgecode.ledger.witness import MAX_REQUEST_BYTES, SIZE_TYPE, Request, monitoring_name

TIMEOUT_SECONDS = 10
MOST_TRIES = 3
"""Another process may submit too, so that a witness is ahead of what it said a moment ago; not for ever."""
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,17})\n")


class Reply(NamedTuple):
    """What a witness answered."""

    status: int
    body: bytes
    content_type: str


class Asked(Protocol):
    """A witness that can be asked; `HttpWitness` is one, tests and faults have their own."""

    def add_checkpoint(self, body: bytes) -> Reply:
        """POST add-checkpoint. Raises UnavailableError ``witness.unreachable``."""

    def latest(self, origin: str) -> bytes | None:
        """The latest checkpoint that it cosigned of a log; None when it shows none. Raises UnavailableError."""


class HttpWitness:
    """The witness whose submission and monitoring prefix is *url*."""

    def __init__(self, url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Raises UsageError ``witness.url`` unless it is an http or https URL without a user, query or fragment."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        bare = not (parts.username or parts.password or parts.query or parts.fragment)
        if parts.scheme not in ("http", "https") or not parts.hostname or port == -1 or not bare:
            raise UsageError("witness.url", "a witness's URL is no http or https prefix", "Mend it in the policy")
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, port
        self._prefix, self._timeout_seconds = parts.path.rstrip("/"), timeout_seconds

    def add_checkpoint(self, body: bytes) -> Reply:
        return self._ask("POST", "/add-checkpoint", body)

    def latest(self, origin: str) -> bytes | None:
        reply = self._ask("GET", f"/{monitoring_name(origin)}/checkpoint")
        return reply.body if reply.status == 200 else None

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Reply:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=self._timeout_seconds)
        try:
            connection.request(method, self._prefix + path, body, {"Content-Type": "text/plain; charset=utf-8"})
            answer = connection.getresponse()
            data = answer.read(MAX_REQUEST_BYTES + 1)
        except (OSError, http.client.HTTPException) as error:
            raise unreachable(type(error).__name__) from error
        finally:
            connection.close()
        if len(data) > MAX_REQUEST_BYTES:
            raise unreachable("too long an answer")
        return Reply(answer.status, data, answer.headers.get_content_type())


class Ahead(NamedTuple):
    """The witness says that it signed *size* entries, which is more than the checkpoint has."""

    size: int


class Forked(NamedTuple):
    """The witness refused the proof: by it *size* entries that it signed are not the beginning of this log."""

    size: int


def lines_for(
    witness: Asked, checkpoint: bytes, *, size: int, known: int, proof: Callable[[int], list[bytes]]
) -> bytes | Ahead | Forked:
    """A witness's signature lines for *checkpoint* of *size* entries, yet to be verified; or what it has signed instead.

    *known*: the size that it is believed to have signed last. *proof*: from that many entries to *size*. Raises UnavailableError
    ``witness.unreachable``, UnverifiableError ``witness.unknown_log``, InvalidError ``witness.refused``.
    """
    for _ in range(MOST_TRIES):
        reply = witness.add_checkpoint(Request(known, tuple(proof(known)), checkpoint).encode())
        if reply.status == 200:
            return reply.body
        if reply.status == 422:
            return Forked(known)
        stands = _SIZE.fullmatch(reply.body) if reply.status == 409 and reply.content_type == SIZE_TYPE else None
        if stands is None:
            raise _refused(reply.status)
        if (known := int(stands[1])) > size:
            return Ahead(known)
    raise unreachable("another size each time")


def unreachable(why: str) -> UnavailableError:
    """What is said of a witness that gives no answer one can use. It never holds up recording."""
    return UnavailableError("witness.unreachable", f"the witness gives no answer ({why})", "Try again later")


def _refused(status: int) -> EdgecodeError:
    if status == 404:
        return UnverifiableError(
            "witness.unknown_log",
            "the witness does not watch this log",
            "Send its keeper: edgecode log checkpoint --key",
        )
    if status in (400, 403):
        return InvalidError(
            "witness.refused",
            f"the witness refuses the checkpoint (status {status})",
            "See that it knows the key that signs now: edgecode log checkpoint --key",
        )
    return unreachable(f"status {status}")
