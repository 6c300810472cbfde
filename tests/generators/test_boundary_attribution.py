"""What passes the boundary belongs to the one request or job that it can be attributed to, or to none; what was sent is no result."""

import http.client
import io
import json
import threading
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from edgecode.drivers.boundary import BoundaryServer
from edgecode.ingest.hosted import UNCLEAR, UNREAD, Boundary, Exchange, SentFile, Service
from edgecode.ingest.step_record import RecordedFile, RecordedInput, StepRecord

PNG = b"\x89PNG\r\n\x1a\n" + b"a picture" * 20
PLATE = "https://cdn.example/plate.png"
RESULT = "https://cdn.example/result.png?sig=1"


class Passing:
    """Exchanges as they pass: what the boundary makes of each."""

    def __init__(self) -> None:
        self.boundary, self._count = Boundary(Service("Film Service")), 0

    def asked(
        self, method: str, path: str, body: object = None, answer: object = None, **more: object
    ) -> list[StepRecord]:
        self._count += 1
        asked = json.dumps(body) if body is not None else ""
        answered = json.dumps(answer) if answer is not None else ""
        exchange = Exchange(str(self._count), method, path, 200, 1, 2, asked=asked, answered=answered, **more)  # type: ignore[arg-type]
        return self.boundary.steps(exchange)

    @property
    def unknown(self) -> int:
        return len(self.boundary.abandoned())


def names(steps: list[StepRecord]) -> list[tuple[str, tuple[str, ...]]]:
    return [(step.settings["job"], tuple(file.name for file in step.outputs)) for step in steps]


def test_what_an_answer_echoes_of_the_request_is_no_result() -> None:
    passing = Passing()
    wanted = {"input": {"prompt": "a beast", "image": PLATE, "seed": 42}}
    echo = {"id": "pred-7", "input": wanted["input"]}
    begun = passing.asked("POST", "/v1/predictions", wanted, echo | {"status": "starting"})
    (step,) = passing.asked("GET", "/v1/predictions/pred-7", None, echo | {"status": "succeeded", "output": RESULT})

    assert (begun, step.seeds, [used.name for used in step.inputs]) == ([], ("42",), ["plate.png"])
    assert (step.outputs, passing.unknown) == ((RecordedFile(name="result.png"),), 0)


@pytest.mark.parametrize("key", ["input_image", "init_image_url", "reference", "webhook", "upload_url"])
def test_what_stands_under_words_of_asking_is_no_result(key: str) -> None:
    passing = Passing()
    answer = {"id": "j1", key: "https://cdn.example/copy.png"}

    assert passing.asked("POST", "/v1/make", {"prompt": "x", "image": PLATE}, answer) == []
    assert passing.unknown == 1


def test_the_bytes_that_were_sent_are_no_result_under_any_name() -> None:
    passing = Passing()
    sent = {"prompt": "x", "image": "data:image/png;base64," + b64encode(PNG).decode()}
    copy = "https://cdn.example/0001.png"
    steps = passing.asked(
        "POST",
        "/v1/make",
        sent,
        {"id": "j", "a": copy, "b": RESULT},
        results={copy: sha256(PNG).hexdigest(), RESULT: "ab" * 32},
    )

    assert names(steps) == [("j", ("result.png",))]


def test_a_preview_of_a_job_that_is_not_finished_is_no_end_of_it() -> None:
    passing = Passing()
    passing.asked("POST", "/v1/jobs", {"prompt": "x"}, {"id": "j"})

    assert passing.asked("GET", "/v1/jobs/j", None, {"id": "j", "status": "processing", "preview": RESULT}) == []
    assert passing.unknown == 1


def test_a_list_of_jobs_gives_each_result_to_its_own_job() -> None:
    passing = Passing()
    for name, seed in (("A", 1), ("B", 2)):
        passing.asked("POST", "/v1/jobs", {"prompt": name, "seed": seed}, {"id": f"job-{name}", "status": "queued"})
    rows = [{"id": f"job-{name}", "status": "done", "output": f"https://c.example/{name}.png"} for name in "ABC"]
    steps = passing.asked("GET", "/v1/jobs", None, {"data": rows})

    assert [(*names([step])[0], step.seeds) for step in steps] == [
        ("job-A", ("A.png",), ("1",)), ("job-B", ("B.png",), ("2",)),
    ]  # fmt: skip
    assert dict(passing.boundary.counts) == {UNCLEAR: 1}, "nobody here asked for C"


def test_an_id_that_two_jobs_were_given_names_neither() -> None:
    passing = Passing()
    for prompt in ("A", "B"):
        passing.asked("POST", "/v1/jobs", {"prompt": prompt}, {"id": "operations"})

    assert passing.asked("GET", "/v1/jobs/operations", None, {"id": "operations", "output": RESULT}) == []
    assert (passing.boundary.counts[UNCLEAR], passing.unknown) == (1, 2)


def test_an_id_of_each_request_beside_the_jobs_own_hides_no_result() -> None:
    passing = Passing()
    passing.asked("POST", "/v1/gen", {"prompt": "x"}, {"request_id": "req-1", "id": "gen-55", "status": "queued"})
    steps = passing.asked("GET", "/v1/gen/gen-55", None, {"request_id": "req-9", "id": "gen-55", "image": RESULT})

    assert ([step.outputs for step in steps], passing.unknown) == ([(RecordedFile(name="result.png"),)], 0)


def test_a_result_asked_for_by_the_id_of_its_file_belongs_to_the_job() -> None:
    passing = Passing()
    passing.asked("POST", "/v1/video", {"prompt": "x"}, {"task_id": "t1"})
    passing.asked("GET", "/v1/query", None, {"task_id": "t1", "status": "Success", "file_id": "f1"}, named=("t1",))
    steps = passing.asked("GET", "/v1/files", None, {"file": {"file_id": "f1", "download_url": RESULT}}, named=("f1",))

    assert names(steps) == [("t1", ("result.png",))]


def test_an_upload_is_an_input_of_the_request_that_uses_it_and_no_generation() -> None:
    passing = Passing()
    digest = sha256(PNG).hexdigest()
    up = passing.asked(
        "POST", "/v1/files", None, {"id": "file-1", "url": PLATE}, sent=(SentFile("plate.png", digest, "image"),)
    )
    (step,) = passing.asked("POST", "/v1/edit", {"prompt": "x", "image": PLATE}, {"id": "j", "output": RESULT})

    assert (up, step.inputs, passing.unknown) == ([], (RecordedInput(sha256=digest, name="plate.png"),), 0)


def test_a_result_that_comes_twice_is_one_step() -> None:
    passing = Passing()
    passing.asked("POST", "/v1/jobs", {"prompt": "x"}, {"id": "j"})
    found = [passing.asked("GET", "/v1/jobs/j", None, {"id": "j", "output": RESULT + str(n)}) for n in range(3)]

    assert [len(each) for each in found] == [1, 0, 0]


class _Answer(BaseHTTPRequestHandler):
    answer: tuple[int, str, bytes] = (200, "", b"")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        status, kind, data = self.answer
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def _serving(server: ThreadingHTTPServer) -> Iterator[int]:
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def told(method: str, status: int, kind: str, data: bytes) -> tuple[list[StepRecord], dict[str, int]]:
    handler = type("Handler", (_Answer,), {"answer": (status, kind, data)})
    boundary, steps = Boundary(Service("Film Service")), list[StepRecord]()
    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as upstream:
        proxy = BoundaryServer(f"http://127.0.0.1:{upstream}", told=lambda one: steps.extend(boundary.steps(one)))
        with _serving(proxy) as port:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            body = b'{"prompt": "x"}' if method == "POST" else None
            connection.request(method, "/v1/make", body, {"Content-Type": "application/json"})
            assert connection.getresponse().read() == data
            connection.close()
    return steps, dict(boundary.counts)


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("image_0.png", PNG)
        archive.writestr("about.json", "{}")
    return file.getvalue()


_EVENT = (
    b"event: completed\ndata: " + json.dumps({"b64_json": b64encode(PNG).decode()}).encode() + b"\n\ndata: [DONE]\n\n"
)
_UNDER_ANY_KEY = json.dumps({"images": [b64encode(PNG).decode()]}).encode()


@pytest.mark.parametrize(
    ("status", "kind", "data"),
    [
        (200, "application/octet-stream", PNG),
        (201, "image/png", PNG),
        (200, "application/x-zip-compressed", _zip()),
        (200, "text/event-stream", _EVENT),
        (200, "application/json", _UNDER_ANY_KEY),
    ],
)
def test_a_picture_is_recorded_in_whatever_manner_it_comes(status: int, kind: str, data: bytes) -> None:
    steps, counts = told("POST", status, kind, data)

    assert ([[file.sha256 for file in step.outputs] for step in steps], counts) == ([[sha256(PNG).hexdigest()]], {})


def test_a_picture_that_nobody_asked_for_in_a_body_is_counted_and_not_guessed() -> None:
    assert told("GET", 200, "image/png", PNG) == ([], {UNCLEAR: 1})


@pytest.mark.parametrize(
    ("kind", "data"),
    [("application/x-msgpack", b"\x81\xa5image"), ("application/zip", b"PK\x03\x04half"), ("text/plain", b"aGVs")],
)
def test_an_answer_that_cannot_be_read_is_counted(kind: str, data: bytes) -> None:
    assert told("POST", 200, kind, data) == ([], {UNREAD: 1})
