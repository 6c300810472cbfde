"""A double of Zou's HTTP on loopback, loaded with what a real one answered (kitsu-transcript.json, made by record_kitsu.py).

Tests let things happen in it: comments, publishes, deletions, a log that is purged. It answers the recorded requests as the real one did.
"""

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

TRANSCRIPT = json.loads((Path(__file__).parent / "kitsu-transcript.json").read_text("utf-8"))
TOKEN, LOGIN, PASSWORD = "token-of-a-bot", "bot@example.com", "word of nobody"
_NOT_FOUND = {
    "error": True,
    "message": "404 Not Found: The requested URL was not found on the server. If you entered the URL manually please check your "
    "spelling and try again.",
}


def recorded(path: str) -> Any:
    """What the real server answered to a GET of *path* (up to its first query)."""
    return deepcopy(
        next(one["body"] for one in TRANSCRIPT["exchanges"] if one["path"] == path and one["status"] == 200)
    )


def _bare(preview: dict[str, Any]) -> dict[str, Any]:
    """A preview as lists show it."""
    return {word: value for word, value in preview.items() if word != "comments"}


class KitsuDouble(ThreadingHTTPServer):
    """A Zou at `url`. *most*: events of a page at most. *log*: its events, oldest first. *asked*: paths in the order of the requests.

    *forbidden*: beginnings of paths that this key may not read.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.project: str = TRANSCRIPT["project"]
        of_project = f"/data/projects/{self.project}"
        self.log: list[dict[str, Any]] = recorded(f"/data/events/last?project_id={self.project}&limit=1000")[::-1]
        self.previews = {
            one["id"]: recorded(f"/data/preview-files/{one['id']}") for one in recorded(f"{of_project}/preview-files")
        }
        self.comments = {one["id"]: one for one in recorded(f"{of_project}/comments")}
        self.tasks = recorded(f"{of_project}/tasks")
        self.assets = recorded(f"{of_project}/assets")
        self.shots = {one["id"]: one for one in recorded(f"/data/shots?project_id={self.project}")}
        self.casting = recorded(f"{of_project}/sequences/all/casting")
        self.descriptors: list[dict[str, Any]] = []
        self.statuses = {one["short_name"]: one["id"] for one in recorded("/data/task-status")}
        self.files: dict[str, bytes] = {}
        self.most = 1000
        self.prefix = ""
        self.asked: list[str] = []
        self.forbidden: tuple[str, ...] = ()
        self.token = TOKEN
        self.now = datetime.fromisoformat(self.log[-1]["created_at"]) + timedelta(hours=1)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    # ------------------------------------------------------------------------------------------ what happens in it

    def task_of(self, shot: str) -> str:
        """The id of a shot's task."""
        (wanted,) = [one["id"] for one in self.shots.values() if one["name"] == shot]
        return str(next(one["id"] for one in self.tasks if one["entity_id"] == wanted))

    def happened(self, name: str, data: dict[str, Any], *, seconds: float = 1) -> str:
        """Add to the log, *seconds* after what was last; the event's id."""
        self.now += timedelta(seconds=seconds)
        event = {"id": str(uuid.uuid4()), "created_at": self.stamp, "name": name, "user_id": str(uuid.uuid4())}
        self.log.append({**event, "project_id": self.project, "data": {**data, "project_id": self.project}})
        return event["id"]

    @property
    def stamp(self) -> str:
        """Its time now, as Zou writes times."""
        return self.now.replace(microsecond=0).isoformat()

    def say(self, shot: str, status: str, text: str = "", *, previews: tuple[str, ...] = (), seconds: float = 1) -> str:
        """Comment on a shot's task; the comment's id."""
        model = next(iter(self.comments.values()))
        one = {
            **model,
            "id": str(uuid.uuid4()),
            "object_id": self.task_of(shot),
            "text": text,
            "previews": list(previews),
        }
        one["task_status_id"] = self.statuses[status]
        words = ("task_status_id", "person_id")
        told = {"comment_id": one["id"], "task_id": one["object_id"], **{word: one[word] for word in words}}
        self.happened("comment:new", told, seconds=seconds)
        self.comments[one["id"]] = {**one, "created_at": self.stamp}
        return str(one["id"])

    def publish(self, shot: str, data: bytes = b"", *, status: str = "ready", seconds: float = 1) -> str:
        """Put up a file; the preview's id. Without *data* Kitsu has no file to give out."""
        model = next(iter(self.previews.values()))
        task = self.task_of(shot)
        revision = 1 + max((one["revision"] for one in self.previews.values() if one["task_id"] == task), default=0)
        one = {**model, "id": str(uuid.uuid4()), "task_id": task, "revision": revision, "status": status}
        one["original_name"] = f"{shot.lower()}_v{revision:03d}"
        if data:
            self.files[one["id"]] = data
        self.previews[one["id"]] = one
        self.uploaded(one["id"], seconds=seconds)
        one["created_at"] = self.stamp
        return str(one["id"])

    def uploaded(self, preview: str, *, seconds: float = 1) -> None:
        """Tell that the file of a preview was uploaded."""
        one = self.previews[preview]
        words = ("task_id", "revision", "extension", "status")
        told = {"preview_file_id": preview, **{word: one[word] for word in words}}
        self.happened("preview-file:add-file", told, seconds=seconds)
        one["updated_at"] = self.stamp

    # ------------------------------------------------------------------------------------------ answering

    def answer(self, path: str) -> tuple[int, object]:
        """(status, JSON or bytes) of a GET."""
        parts = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        words = parts.path.strip("/").split("/")
        if parts.path.strip("/").startswith(self.forbidden or ("\0",)):
            return 403, {"message": "Permission denied"}
        match words:
            case [""]:
                return 200, recorded("/")
            case ["data", "events", "last"]:
                return self._events(query)
            case ["data", "projects"]:
                return 200, recorded("/data/projects")
            case ["data", "projects", _, "sequences", "all", "casting"]:
                return 200, self.casting
            case ["data", "projects", _, kind]:
                known = {"preview-files": self.previews, "comments": self.comments}
                others = {"tasks": self.tasks, "assets": self.assets, "metadata-descriptors": self.descriptors}
                rows = [_bare(one) if kind == "preview-files" else one for one in known.get(kind, {}).values()]
                return 200, rows if kind in known else others[kind]
            case ["data", "preview-files" | "comments" as kind, identity]:
                rows = self.previews if kind == "preview-files" else self.comments
                return (200, rows[identity]) if identity in rows else (404, _NOT_FOUND)
            case ["data", "tasks", task, "previews"]:
                found = [_bare(one) for one in self.previews.values() if one["task_id"] == task]
                return 200, sorted(found, key=lambda one: -one["revision"])
            case ["data", "shots"]:
                return 200, list(self.shots.values())
            case ["data", "task-types" | "task-status" as kind]:
                return 200, recorded(f"/data/{kind}")
            case ["pictures", "originals", "preview-files", name]:
                data = self.files.get(name.partition(".")[0])
                return (200, data) if data is not None else (404, _NOT_FOUND)
        return 404, _NOT_FOUND

    def _events(self, query: dict[str, str]) -> tuple[int, object]:
        """Newest first. Zou keeps microseconds and tells seconds: what is *after* a second may lie within it (services/events_service)."""
        found = sorted(self.log, key=lambda one: str(one["created_at"]))[::-1]
        if cursor := query.get("cursor_event_id"):
            at = next((place for place, one in enumerate(found) if one["id"] == cursor), None)
            if at is None:
                return 400, {"error": True, "message": f"No event found with id: {cursor}", "data": None}
            found = found[at + 1 :]
        if after := query.get("after"):
            found = [one for one in found if one["created_at"] >= after]
        if before := query.get("before"):
            found = [one for one in found if one["created_at"] < before]
        if "project_id" in query:
            found = [one for one in found if one["project_id"] == query["project_id"]]
        return 200, found[: min(int(query.get("limit", "100")), self.most)]

    def written(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, object]:
        """(status, JSON) of a POST or PUT."""
        match (method, path.strip("/").split("/")):
            case ("POST", ["auth", "login"]):
                if (body.get("email"), body.get("password")) == (LOGIN, PASSWORD):
                    return 200, {"login": True, "access_token": self.token}
                return 400, {"login": False, "message": "Wrong email or password."}
            case ("POST", ["data", "projects", _, "metadata-descriptors"]):
                made = {**body, "id": str(uuid.uuid4()), "field_name": str(body["name"]).lower()}
                self.descriptors.append(made)
                return 201, made
            case ("PUT", ["data", "entities", identity]):
                shot = self.shots[identity]
                shot["data"] = {**(shot["data"] or {}), **body["data"]}
                return 200, shot
        return 404, _NOT_FOUND


class _Handler(BaseHTTPRequestHandler):
    server: KitsuDouble

    def do_GET(self) -> None:
        path = self._below()
        if path is None:
            self._tell(200, b"<!doctype html><title>Kitsu</title>")
        elif path in ("", "/") or self._is_let_in():
            self._tell(*self.server.answer(path))

    def do_POST(self) -> None:
        path = self._below() or ""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"{}")
        if path == "/auth/login" or self._is_let_in():
            self._tell(*self.server.written(self.command, path, body))

    do_PUT = do_POST  # noqa: N815

    def _below(self) -> str | None:
        """The path below the API's prefix; None for Kitsu's own pages."""
        prefix = self.server.prefix
        self.server.asked.append(self.path)
        return self.path.removeprefix(prefix) if self.path.startswith(prefix) else None

    def _is_let_in(self) -> bool:
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if given == self.server.token:
            return True
        if given.count(".") < 2 and given and not given.startswith("token"):
            self._tell(422, {"msg": "Not enough segments"})
        else:
            missing = 'Missing cookie "access_token_cookie"; Missing Authorization Header'
            self._tell(401, {"msg": f"Missing JWT in cookies or headers ({missing})"})
        return False

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The double's own clock."""
        return format_datetime(self.server.now)

    def _tell(self, status: int, content: object) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def kitsu_double() -> Iterator[KitsuDouble]:
    """A double that answers until the block ends."""
    with KitsuDouble() as double:
        thread = threading.Thread(target=double.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield double
        finally:
            double.shutdown()
            thread.join()


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal characters."""
    return sha256(data).hexdigest()
