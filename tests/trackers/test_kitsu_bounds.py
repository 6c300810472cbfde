"""Answers of a Kitsu that drip, or that never end, are given up in time, however their bytes come."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from following import codes, look, versions_of
from kitsu_double import TOKEN, kitsu_double

from cli_png import picture
from edgecode.drivers import kitsu_client
from edgecode.drivers.kitsu_client import Fetched, Kitsu, KitsuKey
from edgecode.errors import InputError, UnavailableError
from edgecode.production import Production

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@contextmanager
def answering(begins: bytes, drips: bytes) -> Iterator[str]:
    """The address of a host that sends *begins*, and then *drips* for ever."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        thread = threading.Thread(target=_drip, args=(server, begins, drips), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def _drip(server: socket.socket, begins: bytes, drips: bytes) -> None:
    with suppress(OSError):
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(begins)
            while True:
                connection.sendall(drips)
                time.sleep(0.02)


ANSWERS = {
    "a head": (HEAD, b"X"),
    "lines of a head": (HEAD, b"X: y\r\n"),
    "a body of a length": (HEAD + b"Content-Length: 1000000\r\n\r\n", b" "),
    "a body without an end": (HEAD + b"\r\n", b" "),
    "chunks": (CHUNKED, b"1\r\n \r\n"),
    "the length of a chunk": (CHUNKED, b"0"),
}
ASKED: dict[str, Callable[[Kitsu], object]] = {
    "JSON": lambda kitsu: kitsu.get("data/projects"),
    "a file": lambda kitsu: kitsu.fetched("movies/originals/x.mp4"),
    "the API": lambda kitsu: kitsu.enter(),
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_drips_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch, answer: str, asked: str) -> None:
    monkeypatch.setattr(kitsu_client, "ANSWER_SECONDS_AT_MOST", 0.3)
    monkeypatch.setattr(kitsu_client, "FILE_SECONDS_AT_MOST", 0.3)
    began = time.monotonic()
    with answering(*ANSWERS[answer]) as url, pytest.raises(UnavailableError) as given_up:
        ASKED[asked](Kitsu(url, KitsuKey(token=TOKEN)))

    assert (given_up.value.code, time.monotonic() - began < 5) == ("kitsu.unreachable", True)


@pytest.mark.parametrize("head", [b"\r\n", b"Content-Length: 5000\r\n\r\n"], ids=["as it comes", "as it is promised"])
def test_a_file_is_read_up_to_its_bound(monkeypatch: pytest.MonkeyPatch, head: bytes) -> None:
    monkeypatch.setattr(kitsu_client, "FILE_BYTES_AT_MOST", 4000)
    monkeypatch.setattr(kitsu_client, "_BLOCK_BYTES", 100)
    with answering(HEAD + head, bytes(100)) as url, pytest.raises(InputError) as refused:
        Kitsu(url, KitsuKey(token=TOKEN)).fetched("movies/originals/x.mp4")

    assert refused.value.code == "kitsu.file_too_large"


def test_a_file_that_ends_in_time_is_read_whole() -> None:
    with kitsu_double() as double:
        preview = double.publish("SH010", bytes(3 << 20))
        found = Kitsu(double.url, KitsuKey(token=TOKEN)).fetched(f"pictures/originals/preview-files/{preview}.png")

    assert found is not None and isinstance(found, Fetched) and found.size == 3 << 20


def test_a_file_beyond_the_bound_is_said_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kitsu_client, "FILE_BYTES_AT_MOST", 1 << 20)
    Production.create(tmp_path / "show", title="x").close()
    with kitsu_double() as double:
        large, small = double.publish("SH010", bytes(2 << 20)), double.publish("SH010", picture(7))
        taken = look(double.url, tmp_path / "show", token=TOKEN, fetch=True)
    digests = [versions_of(tmp_path / "show", one)[0] is not None for one in (large, small)]

    assert (taken.publishes, codes(taken)["kitsu.file_too_large"], digests) == (4, 1, [False, True])
