"""What goes to a hosted generator and comes back is passed on unchanged and recorded; what a service does not say stays not said."""

import json
import sys
import threading
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from edgecode.drivers.boundary import BoundaryServer
from edgecode.errors import InputError, UsageError
from edgecode.ingest.declared_generations import COLUMNS, DeclaredGenerations, blank_form
from edgecode.ingest.hosted import NOT_SAID, Boundary, Exchange, Service
from edgecode.ingest.step_record import RecordedFile, RecordedInput, RecordedModel, RecordedText, StepRecord
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import InputRole, StepKind
from running import run_command

FILM = b"a film of many frames" * 40


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


class HostedDouble(ThreadingHTTPServer):
    """A hosted generator that does what is common: a job that is asked for until it is done, or a picture at once."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.asked = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Answers(BaseHTTPRequestHandler):
    server: HostedDouble

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.seen.append(("POST", self.path, dict(self.headers), body))
        if self.path == "/v1/images":
            answer = {
                "model": "pictures-4-2026-05",
                "data": [{"b64_json": b64encode(FILM).decode()}],
                "seed": 2**64 - 1,
            }
            self.tell(200, json.dumps(answer).encode())
        elif self.path == "/v1/refuse":
            self.tell(400, b'{"error": "no"}')
        else:
            self.tell(201, json.dumps({"id": "job-7", "status": "queued", "model": "film-2"}).encode())

    def do_GET(self) -> None:
        self.server.seen.append(("GET", self.path, dict(self.headers), b""))
        if self.path.startswith("/files/"):
            self.tell(200, FILM, "video/mp4")
            return
        self.server.asked += 1
        link = f"http://127.0.0.1:{self.server.server_address[1]}/files/out.mp4?signature=open-sesame-0123456789"
        done = {"id": "job-7", "status": "succeeded", "model": "film-2", "model_version": "2.1.3", "output": [link]}
        self.tell(200, json.dumps(done if self.server.asked > 1 else {"id": "job-7", "status": "running"}).encode())

    def tell(self, status: int, data: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[ThreadingHTTPServer]:
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def hosted() -> Iterator[HostedDouble]:
    with serving(HostedDouble()) as server:
        yield server


def ask(url: str, body: object = None, **headers: str) -> tuple[int, bytes]:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@contextmanager
def bordered(hosted: HostedDouble, **more: object) -> Iterator[tuple[str, list[StepRecord], Boundary]]:
    """The proxy's address, the steps so far, and what remembers the jobs."""
    steps: list[StepRecord] = []
    boundary = Boundary(Service("Film Service", b"Version 3: all yours.", "terms.txt"))

    def told(exchange: Exchange) -> None:
        steps.extend(boundary.steps(exchange))

    with serving(BoundaryServer(hosted.url, told=told, **more)) as server:
        yield server.url, steps, boundary


def test_a_picture_that_comes_at_once_is_a_step_with_the_model_as_returned(hosted: HostedDouble) -> None:
    with bordered(hosted) as (url, steps, _):
        status, _ = ask(
            f"{url}/images",
            {"model": "pictures-4", "prompt": "a pier at dawn", "seed": 12},
            Authorization="Bearer k-secret-123",
        )
    (step,) = steps

    assert (status, step.kind, step.grade, step.status) == (200, StepKind.GENERATE, "logged", "done")
    assert step.outputs == (RecordedFile(sha256=digest(FILM), name="result 1"),)
    assert step.models == (RecordedModel("pictures-4-2026-05"),)
    assert (step.seeds, step.texts) == (("12", "18446744073709551615"), (RecordedText("a pier at dawn", "prompt"),))
    assert step.settings == {
        "service": "Film Service", "endpoint": "POST /v1/images", "model_asked": "pictures-4", "model_returned": "pictures-4-2026-05",
        "model_version_returned": NOT_SAID, "job": NOT_SAID, "terms_sha256": digest(b"Version 3: all yours."),
    }  # fmt: skip
    assert step.graph[-1].text == "Version 3: all yours."


def test_the_key_reaches_the_service_and_nothing_else(hosted: HostedDouble) -> None:
    with bordered(hosted) as (url, steps, _):
        ask(
            f"{url}/images?key=url-secret",
            {"prompt": "x", "api_key": "body-secret"},
            Authorization="Bearer k-secret-123",
        )
    sent = hosted.seen[0]

    assert (sent[1], sent[2]["Authorization"], json.loads(sent[3])["api_key"]) == (
        "/v1/images?key=url-secret", "Bearer k-secret-123", "body-secret",
    )  # fmt: skip
    assert [word for word in ("k-secret-123", "url-secret", "body-secret") if word in str(steps)] == []


def test_a_job_is_one_step_when_its_result_comes_by(hosted: HostedDouble) -> None:
    with bordered(hosted, results_from=("127.0.0.1",)) as (url, steps, boundary):
        picture = b64encode(b"plate" * 30).decode()
        ask(f"{url}/videos", {"model": "film", "prompt": "the sea", "image": f"data:image/png;base64,{picture}"})
        before = list(steps)
        ask(f"{url}/videos/job-7")
        ask(f"{url}/videos/job-7")
    (step,) = steps

    assert (before, boundary.abandoned()) == ([], [])
    assert step.outputs == (RecordedFile(sha256=digest(FILM), name="out.mp4"),)
    assert step.inputs == (RecordedInput(sha256=digest(b"plate" * 30), name="sent 1", role=InputRole.PICTURE),)
    assert (step.kind, step.settings["job"], step.settings["model_version_returned"]) == (
        StepKind.GENERATIVE_EDIT, "job-7", "2.1.3",
    )  # fmt: skip
    assert [part.name for part in step.graph] == ["request", "begun", "answer", "terms terms.txt"]
    assert "open-sesame" not in str(step), "who has the link has the film"
    assert picture not in str(step)


def test_a_result_that_was_not_fetched_is_known_by_name_alone(hosted: HostedDouble) -> None:
    with bordered(hosted) as (url, steps, _):
        ask(f"{url}/videos", {"prompt": "the sea"})
        for _ in range(2):
            ask(f"{url}/videos/job-7")

    assert [step.outputs for step in steps] == [(RecordedFile(name="out.mp4"),)]


def test_a_job_whose_end_nobody_saw_is_unknown(hosted: HostedDouble) -> None:
    with bordered(hosted) as (url, _, boundary):
        ask(f"{url}/videos", {"prompt": "the sea"})

    assert [(step.status, step.outputs) for step in boundary.abandoned()] == [("unknown", ())]


def test_a_refused_request_made_nothing(hosted: HostedDouble) -> None:
    with bordered(hosted) as (url, steps, boundary):
        assert ask(f"{url}/refuse", {"prompt": "x"}) == (400, b'{"error": "no"}')

    assert (steps, boundary.abandoned()) == ([], [])


def test_an_answer_is_passed_on_when_recording_fails(hosted: HostedDouble) -> None:
    def broken(exchange: Exchange) -> None:
        raise RuntimeError("broken on purpose")

    with serving(BoundaryServer(hosted.url, told=broken)) as server:
        status, data = ask(f"{server.url}/images", {"prompt": "x"})

    assert (status, json.loads(data)["model"], server.faults) == (200, "pictures-4-2026-05", 1)


def test_a_form_with_a_file_is_read() -> None:
    from edgecode.drivers.boundary import _form

    body = (
        b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nthe sea\r\n--b\r\n'
        b'Content-Disposition: form-data; name="image"; filename="plate.png"\r\nContent-Type: image/png\r\n\r\nPLATE\r\n--b--\r\n'
    )
    fields, files = _form("multipart/form-data; boundary=b", body)

    assert (fields, [(one.name, one.sha256, one.kind) for one in files]) == (
        {"prompt": "the sea"}, [("plate.png", digest(b"PLATE"), "image")],
    )  # fmt: skip


@pytest.mark.parametrize("url", ["ftp://x", "https://", "https://u:p@x", "https://x?key=1"])
def test_what_is_no_service_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        BoundaryServer(url, told=print)

    assert refused.value.code == "boundary.url"


def test_the_command_runs_a_program_behind_the_boundary_and_records_it(hosted: HostedDouble, tmp_path: Path) -> None:
    run_command("init", "show", cwd=tmp_path)
    (tmp_path / "terms.txt").write_text("Version 3")
    program = tmp_path / "make.py"
    program.write_text(
        "import os, sys, urllib.request\n"
        "kind = {'Content-Type': 'application/json'}\n"
        "request = urllib.request.Request(os.environ['SERVICE_URL'] + '/images', b'{\"prompt\": \"x\"}', kind)\n"
        "sys.exit(7 if urllib.request.urlopen(request).status == 200 else 1)\n"
    )
    done = run_command(
        "boundary", hosted.url, "--service", "Film Service", "--terms", "../terms.txt", "--env", "SERVICE_URL", "--",
        sys.executable, str(program), cwd=tmp_path / "show",
    )  # fmt: skip

    assert (done.status, done.err.splitlines()[-1]) == (7, "edgecode: recorded 1 step")


@pytest.mark.parametrize(("own", "status"), [(0, 20), (7, 7)])
def test_the_command_says_by_its_status_that_a_row_is_missing_unless_the_program_says_more(
    hosted: HostedDouble, tmp_path: Path, own: int, status: int
) -> None:
    run_command("init", "show", cwd=tmp_path)
    program = tmp_path / "make.py"
    program.write_text(
        "import os, pathlib, sys, urllib.request\n"
        "kind = {'Content-Type': 'application/json'}\n"
        "request = urllib.request.Request(os.environ['SERVICE_URL'] + '/images', b'{\"prompt\": \"x\"}', kind)\n"
        "urllib.request.urlopen(request).read()\n"
        "(pathlib.Path('.edgecode') / 'boundary' / 'http-other.ndjson').write_text('{\"cut\": short\\n')\n"
        f"sys.exit({own})\n"
    )
    done = run_command(
        "boundary", hosted.url, "--service", "Film Service", "--env", "SERVICE_URL", "--", sys.executable, str(program),
        cwd=tmp_path / "show",
    )  # fmt: skip

    assert (done.status, done.err.splitlines()[-1]) == (status, "edgecode: recorded 1 step")


# ------------------------------------------------------------------------------------------ declared


def test_a_row_of_the_form_is_a_declared_step() -> None:
    row = "shots/sea.mp4,,Film Service,,film-2,2.1.3,job-7,7,the sea,plate.png; depth.png,2026-11-02T14:05:00+01:00,Version 3,by hand\r\n"
    (step,) = DeclaredGenerations().read((blank_form() + row).encode("utf-8-sig"), name="form.csv")

    assert isinstance(step, StepRecord)
    assert (step.grade, step.kind, step.seeds, step.ended) == (
        "declared",
        StepKind.GENERATIVE_EDIT,
        ("7",),
        "2026-11-02T14:05:00+01:00",
    )
    assert step.outputs == (RecordedFile(path="shots/sea.mp4"),)
    assert [used.path for used in step.inputs] == ["plate.png", "depth.png"]
    assert step.models == (RecordedModel("film-2"),)
    assert step.settings == {
        "service": "Film Service",
        "model_version_said": "2.1.3",
        "job": "job-7",
        "terms": "Version 3",
    }


def test_the_same_row_has_the_same_id_and_another_row_another() -> None:
    def identity(row: str) -> str:
        (step,) = DeclaredGenerations().read(f"file,service,seed\n{row}\n".encode(), name="form.csv")
        return step.id

    assert identity("a.mp4,Film,1") == identity("a.mp4, Film ,1") != identity("a.mp4,Film,2")


def test_a_row_without_a_file_or_a_service_is_named_and_the_others_are_read() -> None:
    data = b"file,service,sha256\n,Film,\na.mp4,,\nb.mp4,Film,xyz\nc.mp4,Film,\n"
    found = list(DeclaredGenerations().read(data, name="form.csv"))

    assert [(item.code, item.line) if isinstance(item, Diagnostic) else item.outputs[0].path for item in found] == [
        ("declared.incomplete", 2), ("declared.incomplete", 3), ("declared.incomplete", 4), "c.mp4",
    ]  # fmt: skip


def test_another_table_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        list(DeclaredGenerations().read(b"Name,Tape,Start\n", name="log.csv"))

    assert (refused.value.code, DeclaredGenerations().recognises(b"Name,Tape,Start\n", name="log.csv")) == (
        "declared.columns",
        False,
    )
    assert DeclaredGenerations().recognises(blank_form().encode(), name="x")
    assert set(COLUMNS) >= {"file", "service", "model", "job", "terms"}


def test_a_row_with_more_cells_than_columns_is_named_and_not_cut_short() -> None:
    data = b'file,service,prompt\na.png,Film,a castle, at night\nb.png,Film,"a castle, at night",,\n'
    said, step = DeclaredGenerations().read(data, name="form.csv")

    assert isinstance(said, Diagnostic)
    assert (said.code, said.line, said.effect) == ("declared.unclear", 2, "row-missing")
    assert isinstance(step, StepRecord)
    assert step.texts == (RecordedText("a castle, at night", "prompt"),)


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError, match="twice"):
        list(DeclaredGenerations().read(b"file,service,model,model\na.png,Film,film-2,\n", name="form.csv"))
