"""Keeps what passes the boundary to a hosted generator: each step a line in a spool of the production as soon as it is complete."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from edgecode.drivers.boundary import BoundaryServer
from edgecode.ingest.hosted import Boundary, Exchange, Service
from edgecode.ingest.step_record import StepRecord
from edgecode.settings import STATE_FOLDER

FOLDER = "boundary"
"""Below the state folder: files of step/1 lines, which `take_spool` records."""


class Recorder:
    """Writes steps of *service*'s exchanges to a file of its own in *folder*. *steps*: how many so far."""

    def __init__(self, service: Service, folder: Path, *, name: str) -> None:
        self._boundary, self._path, self._lock = Boundary(service), folder / f"http-{name}.ndjson", threading.Lock()
        self.steps = 0

    def tell(self, exchange: Exchange) -> None:
        """Take one exchange in. Raises OSError when it cannot be written."""
        with self._lock:
            for step in self._boundary.steps(exchange):
                self._write(step)

    def end(self) -> None:
        """Write what is known of jobs whose end never came by."""
        with self._lock:
            for step in self._boundary.abandoned():
                self._write(step)

    @property
    def counts(self) -> dict[str, int]:
        """What could not be recorded, by sentence."""
        return dict(self._boundary.counts)

    def _write(self, step: StepRecord) -> None:
        line = msgspec.json.encode(step) + b"\n"
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line)
            os.fsync(file)
        finally:
            os.close(file)
        self.steps += 1


@contextmanager
def listening(
    upstream: str,
    service: Service,
    *,
    production: Path,
    name: str,
    port: int = 0,
    results_from: tuple[str, ...] = (),
) -> Iterator[tuple[BoundaryServer, Recorder]]:
    """A proxy in front of *upstream* until the block ends; what passes is in `boundary_folder` then. *name*: of the file, no other's.

    Raises UsageError ``boundary.url``, OSError when the port is taken or the folder cannot be written.
    """
    folder = boundary_folder(production)
    folder.mkdir(mode=0o700, exist_ok=True)
    recorder = Recorder(service, folder, name=name)
    with BoundaryServer(upstream, told=recorder.tell, port=port, results_from=results_from) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server, recorder
        finally:
            server.shutdown()
            thread.join()
            server.settle()
            recorder.end()


def boundary_folder(production: Path) -> Path:
    """Where the lines of boundaries lie in the production whose folder this is."""
    return production / STATE_FOLDER / FOLDER
