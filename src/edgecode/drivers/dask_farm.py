"""A farm that is a Dask cluster: chunks go to its workers as bytes, parts come back as bytes, and a worker that dies costs time alone.

Needs the extra ``dask``. Whoever may speak to a scheduler may run code on its workers: a cluster is trusted by those who run it.
"""

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import urlsplit

from edgecode.drivers.signers import signer_at
from edgecode.errors import EdgecodeError, UnavailableError, UsageError
from edgecode.ingest.chunk_reading import part_of_chunk

KEY_VARIABLE = "EDGECODE_WORKER_KEY"
"""Names the worker's key (``file:/path``) in its environment, where parts shall be signed."""
CONNECT_SECONDS = 10
PATIENCE_SECONDS = 30.0
"""How long a cluster may be without any worker before the scan gives up."""
_SCHEMES = {"dask": "tcp", "dask+tls": "tls"}
_LOOK_SECONDS = 0.5
_FETCH_SECONDS = 10.0
_GONE = ("cancelled", "lost")
_LOST_AT_MOST = 10
_WAITING_PER_THREAD = 3

Outcome = bytes | EdgecodeError
"""A part, or why there is none."""


class _Future(Protocol):
    """What we use of ``distributed.Future``."""

    status: str

    def done(self) -> bool: ...

    def exception(self, timeout: float) -> BaseException | None: ...

    def result(self, timeout: float) -> object: ...


class _Client(Protocol):
    """What we use of ``distributed.Client``."""

    status: str

    def submit(self, function: Callable[[bytes], bytes], argument: bytes, *, pure: bool) -> _Future: ...

    def nthreads(self) -> Mapping[str, int]: ...

    def as_current(self) -> AbstractContextManager[object]: ...

    def close(self, timeout: float) -> None: ...


class _Library(Protocol):
    """What we use of ``distributed``."""

    def Client(self, address: str, *, timeout: float, set_as_default: bool) -> _Client: ...  # noqa: N802 - its name there

    def wait(self, futures: Sequence[_Future], *, timeout: float, return_when: str) -> object: ...


def read_for_farm(manifest: bytes) -> bytes:
    """Runs on a worker: the part of a chunk, signed where the worker has a key. Raises what `part_of_chunk` and opening the key raise."""
    uri = os.environ.get(KEY_VARIABLE, "")
    if not uri:
        return part_of_chunk(manifest)
    signer = signer_at(uri, folder=Path.cwd())
    return part_of_chunk(manifest, key=signer.public.hex(), sign=signer.sign)


def scheduler_of(url: str) -> str:
    """The address that Dask knows a ``dask://host:port`` by. Raises UsageError ``farm.url``."""
    parts = urlsplit(url)
    try:
        is_whole = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port is not None
    except ValueError:
        is_whole = False
    if not is_whole or parts.path.strip("/") or parts.query or parts.username:
        raise UsageError(
            "farm.url", "that names no farm", "As in --on dask://scheduler:8786, or dask+tls://scheduler:8786"
        )
    return f"{_SCHEMES[parts.scheme]}://{parts.netloc}"


class DaskFarm:
    """One cluster, by its scheduler's URL."""

    def __init__(self, url: str, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Raises UsageError ``farm.url``, UnavailableError ``extra.missing``."""
        self._address = scheduler_of(url)
        self._patience_seconds = patience_seconds
        try:
            self._dask = cast(_Library, import_module("distributed"))
        except ImportError as error:
            raise UnavailableError(
                "extra.missing", "a Dask cluster needs an extra", "Install it: pip install 'edgecode[dask]'"
            ) from error

    def parts_of(
        self, manifests: Mapping[int, bytes], *, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[tuple[int, Outcome]]:
        """(number, part) of each chunk as it is done, in any order. A worker that dies has its chunks read by another one.

        Raises UnavailableError: ``farm.unreachable`` when the scheduler is not there or goes away, ``farm.no_workers`` when for
        the whole patience no worker was left. What was given until then stays good. Ends early when *stop* says so.
        """
        with _quiet(), self._client() as client:
            waiting = list(manifests.items())[::-1]
            running: dict[_Future, int] = {}
            watch = _Workers(client, self._patience_seconds)
            while (waiting or running) and not stop():
                while waiting and len(running) < max(watch.threads * _WAITING_PER_THREAD, 2):
                    number, manifest = waiting.pop()
                    running[client.submit(read_for_farm, manifest, pure=False)] = number
                is_moving = False
                for future in self._done(client, list(running)):
                    outcome = _outcome(future)
                    if outcome is not None:
                        is_moving = True
                        yield running.pop(future), outcome
                    elif future.status in _GONE:
                        number = running.pop(future)
                        waiting.append((number, manifests[number]))
                        watch.has_lost(number)
                watch.look(is_moving=is_moving)

    @contextmanager
    def _client(self) -> Iterator[_Client]:
        try:
            client = self._dask.Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise _unreachable() from error
        try:
            yield client
        finally:
            client.close(timeout=CONNECT_SECONDS)

    def _done(self, client: _Client, running: Sequence[_Future]) -> list[_Future]:
        try:
            with client.as_current():
                self._dask.wait(running, timeout=_LOOK_SECONDS, return_when="FIRST_COMPLETED")
        except TimeoutError:
            return []
        except CancelledError:
            pass  # what was cancelled counts as done, and is looked at one by one
        except OSError as error:
            raise _unreachable() from error
        return [future for future in running if future.done()]


class _Workers:
    """Looks after a cluster: how many threads it has, and since when it has none."""

    def __init__(self, client: _Client, patience_seconds: float) -> None:
        self._client = client
        self._patience_seconds = patience_seconds
        self._alive = time.monotonic()
        self._lost: Counter[int] = Counter()
        self.threads = 0
        self.look(is_moving=True)

    def has_lost(self, number: int) -> None:
        """A chunk's part went with its worker, or with the scheduler. Raises UnavailableError ``farm.unreachable`` for the latter, and
        when it happens to one chunk again and again."""
        self._lost[number] += 1
        if self._client.status != "running" or self._lost[number] > _LOST_AT_MOST:
            raise _unreachable()

    def look(self, *, is_moving: bool) -> None:
        """Raises UnavailableError ``farm.no_workers`` and ``farm.unreachable``."""
        try:
            self.threads = sum(self._client.nthreads().values())
        except (OSError, TimeoutError, ValueError) as error:
            raise _unreachable() from error
        now = time.monotonic()
        if self.threads or is_moving:
            self._alive = now
        elif now - self._alive >= self._patience_seconds:
            raise UnavailableError(
                "farm.no_workers",
                f"for {self._patience_seconds:g} seconds the cluster has had no worker; nothing was recorded, what was read is kept",
                "Start workers and scan again: it goes on where it ended",
            )


def _outcome(future: _Future) -> Outcome | None:
    """What a chunk came to; None when its part went with the worker that had it, so that another one has to read it again."""
    if future.status in _GONE:
        return None
    try:
        error = future.exception(timeout=_FETCH_SECONDS)
        found = future.result(timeout=_FETCH_SECONDS) if error is None else b""
    except (TimeoutError, CancelledError):
        return None
    except OSError as gone:
        raise _unreachable() from gone
    if error is not None:
        return error if isinstance(error, EdgecodeError) else _failed(error)
    return found if isinstance(found, bytes) else _failed(TypeError())


def _failed(error: BaseException) -> EdgecodeError:
    return UnavailableError(
        "farm.worker_failed",
        f"a worker could not read its chunk ({type(error).__name__})",
        "Install this release of edgecode on every worker, and see what the worker's log says",
    )


def _unreachable() -> UnavailableError:
    return UnavailableError(
        "farm.unreachable",
        "the cluster's scheduler does not answer; nothing was recorded, what was read is kept",
        "Start it, or give the right address; then scan again: it goes on where it ended",
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """What the library logs of lost workers is said by us, once."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
