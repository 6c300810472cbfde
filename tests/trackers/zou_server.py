"""A real Zou (Kitsu's API server) for slow tests, with a PostgreSQL and a Redis of its own, all on this machine and gone at the end.

Zou is AGPL-3.0 and pins what it needs, so it lives in an environment of its own: EDGECODE_ZOU_PYTHON names its interpreter, or
`.ci/slow` makes one. Nothing of it is imported here: it is started, asked over HTTP, and ended by its process.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from postgres_server import PostgresServer

VERSION = "1.0.97"
ADMIN = "admin@example.com"
START_SECONDS = 90


class Zou:
    """A running server. *token*: of a bot with the role admin; *login* and *password* are the administrator's."""

    def __init__(self, home: Path, postgres: PostgresServer, python: Path, redis: str) -> None:
        self._home, self._python, self._processes = home, python, list[subprocess.Popen[bytes]]()
        self._redis_port, self.port = _free_port(), _free_port()
        self.login, self.password, self.token = ADMIN, secrets.token_hex(12), ""
        database = postgres.url("zou")
        postgres.command("create database zou")
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("EDGECODE_", "PYTHONPATH"))},
            # An empty host lets libpq take the folder of the socket out of PGHOST.
            "DB_HOST": "",
            "PGHOST": database.partition("host=")[2],
            "DB_PASSWORD": "-",
            "DB_DATABASE": "zou",
            "KV_HOST": "127.0.0.1",
            "KV_PORT": str(self._redis_port),
            "SECRET_KEY": secrets.token_hex(32),
            "PREVIEW_FOLDER": str(home / "previews"),
            "TMP_DIR": str(home / "tmp"),
            "MAIL_ENABLED": "False",
            "MAIL_CHECK_DELIVERABILITY": "False",
            "INDEXER_HOST": "127.0.0.1",
            "INDEXER_PORT": "9",
        }
        for name in ("previews", "tmp"):
            (home / name).mkdir()
        self._begin([redis, "--port", str(self._redis_port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def set_up(self) -> None:
        """Tables, words that Kitsu begins with, an administrator, a bot."""
        for command in (["init-db"], ["init-data"], ["create-admin", "--password", self.password, ADMIN]):
            self.command(*command)
        said = self.command("create-bot", "--email", "bot@example.com", "--name", "bot", "--role", "admin")
        self.token = said.split()[-1]

    def start(self) -> None:
        """Serve, and wait until it answers."""
        self._begin(
            [
                str(self._python),
                "-m",
                "gunicorn",
                "-k",
                "gevent",
                "-w",
                "1",
                "-b",
                f"127.0.0.1:{self.port}",
                "zou.app:app",
            ]
        )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                if self.ask("GET", "/")[0] == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError((self._home / "log").read_text("utf-8", "replace")[-4000:])

    def command(self, *words: str) -> str:
        """Run `zou WORDS`; what it prints."""
        done = subprocess.run(
            [self._python.parent / "zou", *words],
            env=self._environment,
            cwd=self._home,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode("utf-8", "replace")[-4000:])
        return done.stdout.decode("utf-8", "replace")

    def ask(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """(status, bytes) of a request with the bot's token."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}", **(headers or {})}
        try:
            connection.request(method, path, data, {name: value for name, value in sent.items() if value})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def json(self, method: str, path: str, body: object = None) -> Any:
        """The JSON of a request that is done."""
        status, data = self.ask(method, f"/{path}", body)
        assert 200 <= status < 300, (method, path, status, data[:500])
        return json.loads(data)

    def close(self) -> None:
        """End what was started here."""
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _begin(self, command: list[str]) -> None:
        with (self._home / "log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(command, env=self._environment, cwd=self._home, stdout=log, stderr=log)
            )


class Film:
    """A small project in a Zou: two shots, a character and a lamp, a task for each shot; and what people do in it."""

    def __init__(self, zou: Zou, name: str = "Lighthouse") -> None:
        self.zou, self.name = zou, name
        self.id = zou.json("POST", "data/projects", {"name": name, "production_type": "short"})["id"]
        self.statuses = {one["short_name"]: one["id"] for one in zou.json("GET", "data/task-status")}
        types = {one["name"]: one["id"] for one in zou.json("GET", "data/asset-types")}
        self.assets = {
            called: zou.json("POST", f"data/projects/{self.id}/asset-types/{types[kind]}/assets/new", {"name": called})[
                "id"
            ]
            for called, kind in (("Keeper", "Character"), ("Lamp", "Prop"))
        }
        sequence = zou.json("POST", f"data/projects/{self.id}/sequences", {"name": "SEQ01"})["id"]
        ranges = {"SH010": (1001, 1024), "SH020": (1001, 1012)}
        self.shots = {
            called: zou.json(
                "POST",
                f"data/projects/{self.id}/shots",
                {
                    "name": called,
                    "sequence_id": sequence,
                    "nb_frames": last - first + 1,
                    "data": {"frame_in": first, "frame_out": last},
                },
            )["id"]
            for called, (first, last) in ranges.items()
        }
        task_type = next(one["id"] for one in zou.json("GET", "data/task-types") if one["name"] == "Compositing")
        status = {"task_status_id": self.statuses["todo"], "assignees": [], "name": "main"}
        task = {"project_id": self.id, "task_type_id": task_type, **status}
        self.tasks = {
            called: zou.json("POST", "data/tasks", {**task, "entity_id": shot})["id"]
            for called, shot in self.shots.items()
        }

    def cast(self, shot: str, *assets: str) -> None:
        """Put assets into a shot, and take all others out."""
        casting = [{"asset_id": self.assets[one], "nb_occurences": 1} for one in assets]
        self.zou.json("PUT", f"data/projects/{self.id}/entities/{self.shots[shot]}/casting", casting)

    def say(self, shot: str, status: str, text: str = "") -> str:
        """Comment on a shot's task; the comment's id."""
        body = {"task_status_id": self.statuses[status], "comment": text}
        return str(self.zou.json("POST", f"actions/tasks/{self.tasks[shot]}/comment", body)["id"])

    def publish(self, shot: str, comment: str, data: bytes, *, name: str) -> str:
        """Put a file with a comment; the preview's id."""
        path = f"actions/tasks/{self.tasks[shot]}/comments/{comment}/add-preview"
        preview = str(self.zou.json("POST", path, {})["id"])
        self.upload(preview, data, name=name)
        return preview

    def upload(self, preview: str, data: bytes, *, name: str) -> None:
        """Upload the file of a preview."""
        border = uuid.uuid4().hex
        head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
        body = head.encode() + data + f"\r\n--{border}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={border}"}
        status, said = self.zou.ask("POST", f"/pictures/preview-files/{preview}", body, headers=kind)
        assert 200 <= status < 300, said[:500]


@contextmanager
def real_zou(postgres: PostgresServer) -> Iterator[Zou]:
    """A server until the block ends. Skips the test where Zou or Redis is not installed."""
    python = Path(os.environ.get("EDGECODE_ZOU_PYTHON", ""))
    redis = shutil.which("redis-server")
    if not (python.name and python.is_file() and (python.parent / "zou").is_file()):
        pytest.skip(
            "no Zou to test with: EDGECODE_ZOU_PYTHON names the interpreter of an environment that has it (.ci/slow)"
        )
    if redis is None:
        pytest.skip("no Redis to test with: apt-get install redis-server")
    home = Path(tempfile.mkdtemp(prefix="eczou-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        zou = Zou(home, postgres, python, redis)
        stack.callback(zou.close)
        zou.set_up()
        zou.start()
        yield zou


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
