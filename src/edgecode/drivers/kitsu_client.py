"""Asks a Kitsu over HTTP: its API server, Zou. Short waits, answers bounded in size and time, no redirects; the key goes to one host."""

import http.client
import io
import json
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from edgecode.errors import InputError, UnavailableError, UsageError
from edgecode.ingest.regular_files import regular_bytes
from edgecode.ingest.storable import whole_text

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

TIMEOUT_SECONDS = 30.0
"""For a piece of an answer; a whole one has `ANSWER_SECONDS_AT_MOST`, and a file `FILE_SECONDS_AT_MOST`."""
ANSWER_SECONDS_AT_MOST = 5 * 60.0
ANSWER_BYTES_AT_MOST = 256 << 20
FILE_SECONDS_AT_MOST = 30 * 60.0
FILE_BYTES_AT_MOST = 64 << 30
_BLOCK_BYTES = 1 << 20
_KEY_BYTES_AT_MOST = 64 << 10
_NOT_LET_IN = (401, 422)
"""Zou answers 422 to what is no token at all."""

Query = Sequence[tuple[str, str]]


class KitsuKey:
    """What lets one in: a bot's token, or a login with its password. It is never printed, and never part of an error."""

    def __init__(self, *, token: str = "", login: str = "", password: str = "") -> None:
        self.token, self.login, self.password = token, login, password


class Fetched(NamedTuple):
    """The content of a file as Kitsu gave it out."""

    sha256: str
    size: int


def kitsu_key(environment: Mapping[str, str], *, file: Path | None = None) -> KitsuKey:
    """The key out of *file* (one line: a token; two: login and password), else of EDGECODE_KITSU_TOKEN, else of EDGECODE_KITSU_LOGIN and
    EDGECODE_KITSU_PASSWORD. Raises UsageError ``kitsu.no_key``, InputError ``kitsu.key_file``, ``file.not_regular``, ``file.too_large``."""
    if file is not None:
        try:
            text = regular_bytes(file, at_most=_KEY_BYTES_AT_MOST).decode()
            lines = [line.strip() for line in text.splitlines() if line.strip()]
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                "kitsu.key_file", f"{file.name} cannot be read", "Give a text file that you may read"
            ) from error
        if len(lines) == 1:
            return KitsuKey(token=lines[0])
        if len(lines) == 2:
            return KitsuKey(login=lines[0], password=lines[1])
        raise InputError(
            "kitsu.key_file",
            f"{file.name} holds no key",
            "One line with a bot's token, or one with a login and one with its password",
        )
    if token := environment.get("EDGECODE_KITSU_TOKEN", ""):
        return KitsuKey(token=token)
    login, password = (environment.get(f"EDGECODE_KITSU_{word}", "") for word in ("LOGIN", "PASSWORD"))
    if login and password:
        return KitsuKey(login=login, password=password)
    raise UsageError(
        "kitsu.no_key",
        "nothing says who asks Kitsu",
        "Set EDGECODE_KITSU_TOKEN to a bot's token, or give --key FILE that holds it",
    )


class Kitsu:
    """The Kitsu whose address is *url*: of its pages (``https://kitsu.example``) or of Zou itself."""

    def __init__(self, url: str, key: KitsuKey, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Raises UsageError ``kitsu.url`` unless it is an http or https address without a user, query or fragment."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        bare = not (parts.username or parts.password or parts.query or parts.fragment)
        if parts.scheme not in ("http", "https") or not parts.hostname or port == -1 or not bare:
            raise UsageError("kitsu.url", "that is no address of a Kitsu", "As in: https://kitsu.example")
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, port
        self._prefix, self._timeout_seconds = parts.path.rstrip("/"), timeout_seconds
        self._key, self._token = key, key.token
        self.version = ""
        self.seconds = 0.0
        """The host's own clock at its last answer, in seconds since 1970; 0 where it does not tell."""
        self.site = f"{self._host}:{port or (443 if self._secure else 80)}{self._prefix}"
        """What tells one Kitsu from another, for whoever keeps a cursor."""

    @property
    def in_the_open(self) -> bool:
        """Whether the key travels where others may read it: plain HTTP to another machine."""
        return not self._secure and self._host not in ("localhost", "127.0.0.1", "::1")

    def enter(self) -> None:
        """Find the API below the address, and log in. Raises UnavailableError ``kitsu.unreachable`` and ``kitsu.login``."""
        if not (self._token.isascii() and self._token.isprintable()):
            raise _not_let_in()
        self._prefix, self.version = self._api()
        if not self._token:
            self._log_in()

    def get(self, path: str, query: Query = ()) -> object:
        """The JSON at *path* (``data/projects``); None where it does not exist (any more).

        Raises UnavailableError ``kitsu.unreachable``, ``kitsu.login``, ``kitsu.forbidden``.
        """
        status, data = self._answer("GET", _at(path, query))
        if status in (400, 404):
            return None
        self._require_done(status)
        return _json(data)

    def rows(self, path: str, query: Query = ()) -> list[dict[str, object]]:
        """A list of objects, empty where there is none; what is no object in it is an empty one. Raises like `get`."""
        found = self.get(path, query)
        if not isinstance(found, list | None):
            raise unreachable("its answer is no list")
        return [dict(one) if isinstance(one, Mapping) else {} for one in found or ()]

    def fetched(self, path: str) -> Fetched | None:
        """The digest of the file at *path*; None when it is not there. Raises like `get`, and InputError ``kitsu.file_too_large``."""
        with self._asked("GET", f"/{path}", None, seconds_at_most=FILE_SECONDS_AT_MOST) as answer:
            if answer.status != 200:
                answer.read(_BLOCK_BYTES)
                if answer.status not in (400, 404):
                    self._require_done(answer.status)
                return None
            promised = answer.getheader("Content-Length")
            found, size = sha256(), 0
            if answer.length is not None and answer.length > FILE_BYTES_AT_MOST:
                raise _file_too_large()
            while block := answer.read(_BLOCK_BYTES):
                found.update(block)
                size += len(block)
                if size > FILE_BYTES_AT_MOST:
                    raise _file_too_large()
            if promised is not None and promised != str(size):
                raise unreachable("it broke off in a file")
            return Fetched(found.hexdigest(), size)

    def send(self, method: str, path: str, body: Mapping[str, object]) -> object:
        """Write to Kitsu: ``POST`` something new, ``PUT`` fields of what is there. Returns its answer. Raises like `get`."""
        status, data = self._answer(method, f"/{path}", body)
        self._require_done(status)
        return _json(data)

    def _api(self) -> tuple[str, str]:
        """(prefix, version) of Zou: at the address itself, or below ``/api`` where Kitsu's own pages are at it."""
        for prefix in (self._prefix, f"{self._prefix}/api"):
            with self._asked("GET", "/", None, prefix=prefix) as answer:
                status, data = answer.status, answer.read(_BLOCK_BYTES)
            try:
                found = json.loads(data) if status == 200 else None
            except (ValueError, RecursionError):
                found = None
            if isinstance(found, Mapping) and "version" in found and "api" in found:
                return prefix, str(found["version"])
        raise unreachable("there is no API of Kitsu at this address")

    def _log_in(self) -> None:
        body = {"email": self._key.login, "password": self._key.password}
        with self._asked("POST", "/auth/login", body, with_token=False) as answer:
            status, data = answer.status, answer.read(_BLOCK_BYTES)
        found = _json(data) if status == 200 else None
        token = found.get("access_token") if isinstance(found, Mapping) else None
        if not isinstance(token, str) or not token:
            raise _not_let_in()
        self._token = token

    def _answer(self, method: str, path: str, body: Mapping[str, object] | None = None) -> tuple[int, bytes]:
        status, data = self._read(method, path, body)
        if status in _NOT_LET_IN and self._key.login:
            # A token lasts for days, and a follower for longer.
            self._log_in()
            status, data = self._read(method, path, body)
        return status, data

    def _read(self, method: str, path: str, body: Mapping[str, object] | None) -> tuple[int, bytes]:
        with self._asked(method, path, body) as answer:
            data = answer.read(ANSWER_BYTES_AT_MOST + 1)
            if len(data) > ANSWER_BYTES_AT_MOST:
                raise unreachable("its answer is too long")
            return answer.status, data

    @contextmanager
    def _asked(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None,
        *,
        with_token: bool = True,
        prefix: str | None = None,
        seconds_at_most: float | None = None,
    ) -> Iterator[http.client.HTTPResponse]:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=self._timeout_seconds)
        deadline = time.monotonic() + (ANSWER_SECONDS_AT_MOST if seconds_at_most is None else seconds_at_most)
        connection.response_class = partial(_TimedAnswer, deadline=deadline)  # type: ignore[assignment]  # called as the class is
        headers = {"Accept-Encoding": "identity", "User-Agent": "edgecode"}
        if with_token and self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        data = json.dumps(body).encode() if body is not None else None
        try:
            connection.request(method, (self._prefix if prefix is None else prefix) + path, data, headers)
            answer = connection.getresponse()
            self.seconds = _clock(answer)
            yield answer
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise unreachable(type(error).__name__) from error
        finally:
            connection.close()

    def _require_done(self, status: int) -> None:
        if status in _NOT_LET_IN:
            raise _not_let_in()
        if status == 403:
            raise UnavailableError(
                "kitsu.forbidden",
                "Kitsu lets this key in and does not let it read that",
                "Give the bot or person the role of manager in the project, or admin",
            )
        if not 200 <= status < 300:
            raise unreachable(f"status {status}")


class _TimedAnswer(http.client.HTTPResponse):
    """An answer that has to be there, to its last byte, before *deadline* (of the monotonic clock), however its pieces come."""

    def __init__(self, sock: socket.socket, debuglevel: int = 0, *, deadline: float, **more: str | None) -> None:
        super().__init__(sock, debuglevel, **more)
        self.fp.close()
        self.fp = io.BufferedReader(_TimedReads(sock, deadline))


class _TimedReads(io.RawIOBase):
    """Reads of a socket, each of which waits no longer than its timeout and until *deadline*."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._socket, self._deadline, self._each_seconds = sock, deadline, sock.gettimeout()
        # It keeps the socket open when the connection is closed before its answer is read, as http.client does.
        self._reads = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left if self._each_seconds is None else min(left, self._each_seconds))
        return self._reads.readinto(buffer)

    def close(self) -> None:
        self._reads.close()
        super().close()


def _file_too_large() -> InputError:
    return InputError(
        "kitsu.file_too_large",
        f"a file that Kitsu gives out is larger than {FILE_BYTES_AT_MOST >> 30} GiB",
        "Scan the file where it lies",
    )


def unreachable(why: str) -> UnavailableError:
    """What is said of a Kitsu that gives no answer one can use."""
    return UnavailableError(
        "kitsu.unreachable", f"Kitsu gives no answer that can be used ({why})", "See that it runs, and ask again"
    )


def _not_let_in() -> UnavailableError:
    return UnavailableError(
        "kitsu.login",
        "Kitsu does not let this key in",
        "Make a bot in Kitsu and give its token; a login with a second factor cannot be used",
    )


def _at(path: str, query: Query) -> str:
    return f"/{quote(path, safe='/')}" + (f"?{urlencode(query)}" if query else "")


def _json(data: bytes) -> object:
    try:
        # Half of a character is legal in JSON and nowhere else; somebody's cut-off comment must not stop all the others.
        return _whole(json.loads(data)) if b"\\ud" in data.lower() else json.loads(data)
    except (ValueError, RecursionError) as error:
        raise unreachable("its answer is no JSON") from error


def _whole(value: object) -> object:
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, dict):
        return {whole_text(str(name)): _whole(one) for name, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list) else value


def _clock(answer: http.client.HTTPResponse) -> float:
    try:
        told = parsedate_to_datetime(answer.getheader("Date", ""))
        return (told if told.tzinfo is not None else told.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return 0.0
