"""A real Dask cluster on this machine: a scheduler and workers, each a process of its own that may be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import edgecode

_SOURCE = Path(edgecode.__file__).resolve().parents[1]
_PATIENCE_SECONDS = 60


class Cluster:
    """*url* is what ``--on`` takes; *workers* are running processes."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._file = folder, folder / "scheduler.json"
        self.workers: list[subprocess.Popen[bytes]] = []
        self._scheduler = self._started("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.url = f"dask://{_address(self._file)}"

    def start_worker(self, **environment: str) -> int:
        """One more worker with one thread; returns its pid."""
        words = ("--no-nanny", "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard", "--death-timeout", "60")
        self.workers.append(self._started("dask_worker", *words, **environment))
        return self.workers[-1].pid

    def kill_worker(self, pid: int) -> None:
        """End one worker at once, whatever it is doing."""
        (worker,) = [one for one in self.workers if one.pid == pid]
        worker.kill()
        worker.wait()
        self.workers.remove(worker)

    def kill_scheduler(self) -> None:
        """End the scheduler at once."""
        self._scheduler.kill()
        self._scheduler.wait()

    def close(self) -> None:
        """End every process that was started here."""
        for one in (*self.workers, self._scheduler):
            one.send_signal(signal.SIGKILL)
            one.wait()

    def _started(self, module: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", str(self._file), *words],
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(_SOURCE), **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def running_cluster(folder: Path, *, workers: int = 2, **environment: str) -> Iterator[Cluster]:
    """A cluster with so many workers; gone with its block."""
    folder.mkdir()
    cluster = Cluster(folder)
    try:
        for _ in range(workers):
            cluster.start_worker(**environment)
        yield cluster
    finally:
        cluster.close()


def _address(path: Path) -> str:
    import json

    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            return str(json.loads(path.read_text("utf-8"))["address"]).removeprefix("tcp://")
        except (OSError, ValueError):
            time.sleep(0.05)
    raise TimeoutError("the scheduler did not start")
