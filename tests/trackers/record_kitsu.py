"""Records kitsu-transcript.json: what a real Zou answers to each request of ours, in an invented project. Run by hand:

    EDGECODE_ZOU_PYTHON=… PYTHONPATH=tests:tests/trackers python tests/trackers/record_kitsu.py

Tokens and the names of people are taken out; ids are random, and nobody is anybody.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

from zou_server import ADMIN, Film, Zou, real_zou

from cli_png import picture
from postgres_server import postgres_server

FILE = Path(__file__).parent / "kitsu-transcript.json"
NOBODY = "00000000-0000-4000-8000-000000000000"
_TAKEN_OUT = {"person", "first_name", "last_name", "full_name", "email", "access_token", "refresh_token", "user"}


def story(zou: Zou, *, pause_seconds: float = 1.1) -> Film:
    """What happens in the recorded project; Zou tells whole seconds, so people have to be slower."""
    film = Film(zou)
    film.cast("SH010", "Keeper", "Lamp")
    for said in (("wfa", "first", 1), ("retake", "more fog", 0), ("wfa", "", 2), ("done", "good", 0)):
        sleep(pause_seconds)
        comment = film.say("SH010", said[0], said[1])
        if said[2]:
            film.publish("SH010", comment, picture(said[2]), name=f"sh010_v00{said[2]}.png")
    film.say("SH020", "wip")
    return film


def exchanges(zou: Zou, film: Film) -> Iterator[dict[str, Any]]:
    """Every request that the connector makes, with its answer, scrubbed."""
    last = f"data/events/last?project_id={film.id}"
    events = zou.json("GET", f"{last}&limit=1000")
    previews = zou.json("GET", f"data/projects/{film.id}/preview-files")
    comments = zou.json("GET", f"data/projects/{film.id}/comments")
    middle = events[len(events) // 2]
    paths = [
        "",
        "data/projects",
        *(f"{last}&limit={limit}" for limit in (1, 7, 1000)),
        f"{last}&after={middle['created_at']}&limit=1000",
        f"{last}&before={middle['created_at']}&limit=1000",
        f"data/events/last?cursor_event_id={events[0]['id']}&limit=1",
        f"data/events/last?cursor_event_id={NOBODY}&limit=1",
        *(
            f"data/projects/{film.id}/{what}"
            for what in ("tasks", "assets", "preview-files", "comments", "metadata-descriptors")
        ),
        f"data/projects/{film.id}/sequences/all/casting",
        *("data/task-types", "data/task-status", f"data/shots?project_id={film.id}"),
        *(f"data/preview-files/{one['id']}" for one in previews),
        *(f"data/comments/{one['id']}" for one in comments),
        *(f"data/tasks/{task}/previews" for task in film.tasks.values()),
        f"data/preview-files/{NOBODY}",
        f"data/comments/{NOBODY}",
    ]
    for path in paths:
        status, data = zou.ask("GET", f"/{path}")
        yield {"method": "GET", "path": f"/{path}", "status": status, "body": scrubbed(json.loads(data))}
    for token in ("", "nonsense"):
        bearer = {"Authorization": f"Bearer {token}" if token else ""}
        status, data = zou.ask("GET", "/data/projects", headers=bearer)
        yield {"method": "GET", "path": "/data/projects", "token": token, "status": status, "body": json.loads(data)}
    for password in (zou.password, "wrong"):
        status, data = zou.ask("POST", "/auth/login", {"email": ADMIN, "password": password})
        body = scrubbed(json.loads(data))
        right = password == zou.password
        yield {"method": "POST", "path": "/auth/login", "right": right, "status": status, "body": body}


def scrubbed(value: Any) -> Any:
    """Without tokens and people."""
    if isinstance(value, dict):
        return {name: scrubbed(one) for name, one in value.items() if name not in _TAKEN_OUT and name != "organisation"}
    return [scrubbed(one) for one in value] if isinstance(value, list) else value


def files(zou: Zou, film: Film) -> dict[str, str]:
    """SHA-256 of the files that it gives out, by preview."""
    from hashlib import sha256

    previews = zou.json("GET", f"data/projects/{film.id}/preview-files")
    paths = {one["id"]: f"/pictures/originals/preview-files/{one['id']}.{one['extension']}" for one in previews}
    return {identity: sha256(zou.ask("GET", path)[1]).hexdigest() for identity, path in paths.items()}


def main() -> None:
    with postgres_server(durable=False) as postgres, real_zou(postgres) as zou:
        film = story(zou)
        film_data = {"project": film.id, "files": files(zou, film), "exchanges": list(exchanges(zou, film))}
        version = zou.json("GET", "")["version"]
    text = json.dumps({"zou": version, **film_data}, indent=1, ensure_ascii=True)
    FILE.write_text(
        re.sub(r"\n +(\"[a-z_]+\": (?:null|\[\]|\{\}|\d+|true|false|\"[^\"\n]{0,40}\"),?)(?=\n)", r" \1", text) + "\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
