"""Every status of c2sp.org/tlog-witness, decided alone and over real HTTP; races, crashes, and what an outsider makes of a cosignature."""

import http.client
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.drivers.witness_client import Ahead, Forked, HttpWitness, Reply, lines_for
from edgecode.drivers.witness_folder import STATE_FILE, create_witness, memory, remember_latest, watch
from edgecode.drivers.witness_server import Witness
from edgecode.errors import DivergedError, EdgecodeError, InputError, RefusedError, UnavailableError
from edgecode.ledger.merkle import EMPTY_ROOT
from edgecode.ledger.notes import Checkpoint, MalformedError, Note, Signature, VerifierKey, base64_text, open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.ledger.witness import MAX_REQUEST_BYTES, SIZE_TYPE, Answer, Request, decide, monitoring_name
from sample_log import Production, new_production
from witness_samples import SECONDS, cosigner_named, policy, reopened_witness, served, signed_note, signer, witness_in

Post = Callable[[bytes], Reply]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Production:
    """A log of 300 entries."""
    production = new_production(tmp_path_factory.mktemp("log"))
    production.log.append(production.events(300))
    return production


def note_at(log: Production, size: int) -> bytes:
    return signed_note(Checkpoint(log.log.origin, size, log.log.root_at(size)), log.log.key, log.signer)


def body(log: Production, old: int, new: int) -> bytes:
    return Request(old, tuple(log.log.consistency(old, new)), note_at(log, new)).encode()


@pytest.fixture
def witness(log: Production, tmp_path: Path) -> Iterator[Witness]:
    made = witness_in(tmp_path / "guild", log.log.key)
    yield made
    made.store.close()


@pytest.fixture(params=["decided", "over HTTP"])
def post(request: pytest.FixtureRequest, witness: Witness) -> Iterator[Post]:
    """A way to ask the witness."""
    if request.param == "decided":
        yield lambda data: reply_of(witness.add_checkpoint(data))
    else:
        with served(witness, prefix="/w") as url:
            yield HttpWitness(url).add_checkpoint


def reply_of(answer: Answer) -> Reply:
    return Reply(answer.status, answer.body, answer.content_type.partition(";")[0])


# ------------------------------------------------------------------------------------------ each status


def test_200_a_log_that_grows_is_cosigned_each_time(log: Production, witness: Witness, post: Post) -> None:
    trust = policy([log.log.key], {"w": witness.cosigner.key}, "quorum w")
    sizes = [0, 0, 1, 100, 100, 256, 300]

    for old, new in pairwise(sizes):
        reply = post(body(log, old, new))
        opened = open_checkpoint(note_at(log, new) + reply.body, trust)
        assert (reply.status, opened.cosigned) == (200, {witness.cosigner.key.label: SECONDS})
        assert trust.judge(opened.cosigned, origin=log.log.origin).reached


def test_404_a_log_that_it_does_not_watch(log: Production, post: Post) -> None:
    other = VerifierKey("example.org/unknown", 1, signer(9).public)
    note = signed_note(Checkpoint(other.name, 1, bytes(32)), other, signer(9))

    assert post(Request(0, (), note).encode()).status == 404


@pytest.mark.parametrize("how", ["by a stranger", "by nobody known", "a false signature of the log's key"])
def test_403_a_checkpoint_that_no_trusted_key_has_signed(log: Production, post: Post, how: str) -> None:
    head, own = Checkpoint(log.log.origin, 1, log.log.root_at(1)), log.log.key
    notes = {
        "by a stranger": signed_note(head, VerifierKey(own.name, 1, signer(9).public), signer(9)),
        "by nobody known": Note(head.text, (Signature("x", b"abcd", b"12345"),)).encode(),
        "a false signature of the log's key": Note(head.text, (Signature(own.name, own.id, bytes(64)),)).encode(),
    }

    assert post(Request(0, (), notes[how]).encode()).status == 403


def test_400_what_is_no_request(log: Production, post: Post) -> None:
    good = body(log, 0, 1)
    bad = [
        b"",
        b"old 0\n",
        good.replace(b"old 0", b"old 00"),
        good.replace(b"old 0", b"old +0"),
        good.replace(b"old 0", b"OLD 0"),
        good.replace(b"old 0\n", b"old 0\r\n"),
        good.replace(b"old 0\n", b"old 0\nnot base64!\n"),
        good[:-1],
        Request(0, (bytes(32),) * 64, note_at(log, 1)).encode(),
    ]

    assert [post(data).status for data in bad] == [400] * len(bad)


def test_400_an_old_size_beyond_the_checkpoints(log: Production, post: Post) -> None:
    assert post(Request(2, (), note_at(log, 1)).encode()).status == 400


def test_409_tells_the_size_that_it_signed_last(log: Production, post: Post) -> None:
    first = post(body(log, 50, 100))
    post(body(log, 0, 100))

    assert first == Reply(409, b"0\n", SIZE_TYPE)
    assert post(body(log, 0, 300)) == post(body(log, 99, 300)) == Reply(409, b"100\n", SIZE_TYPE)


def test_422_a_proof_that_does_not_lead_there(log: Production, post: Post) -> None:
    assert post(Request(0, (bytes(32),), note_at(log, 100)).encode()).status == 422
    post(body(log, 0, 100))
    proof = log.log.consistency(100, 300)
    fork = signed_note(Checkpoint(log.log.origin, 100, bytes(32)), log.log.key, log.signer)

    assert post(Request(100, tuple(proof[:-1]), note_at(log, 300)).encode()).status == 422
    assert post(Request(100, (*proof, bytes(32)), note_at(log, 300)).encode()).status == 422
    assert post(Request(100, (proof[0][:31], *proof[1:]), note_at(log, 300)).encode()).status == 422
    assert post(Request(100, (), fork).encode()).status == 422
    assert post(Request(100, (bytes(32),), note_at(log, 100)).encode()).status == 422
    assert post(body(log, 100, 300)).status == 200


def test_422_a_log_of_no_entries_with_a_root(log: Production, post: Post) -> None:
    text = f"{log.log.origin}\n0\n{base64_text(bytes(32))}\n"
    signed = Note(text, (Signature(log.log.origin, log.log.key.id, log.signer.sign(text.encode())),)).encode()
    unsigned = Note(text, (Signature(log.log.origin, log.log.key.id, bytes(64)),)).encode()

    assert [post(Request(0, (), note).encode()).status for note in (signed, unsigned)] == [422, 400]


def test_a_log_of_no_entries_is_cosigned(log: Production, post: Post) -> None:
    empty = signed_note(Checkpoint(log.log.origin, 0, EMPTY_ROOT), log.log.key, log.signer)

    assert post(Request(0, (), empty).encode()).status == 200
    assert post(body(log, 0, 300)).status == 200


def test_every_key_of_a_log_that_has_changed_keys_is_taken(log: Production, tmp_path: Path) -> None:
    newer = signer(11)
    new_key = VerifierKey(log.log.origin, 1, newer.public)
    witness = witness_in(tmp_path / "guild", log.log.key, new_key)
    later = signed_note(Checkpoint(log.log.origin, 300, log.log.root_at(300)), new_key, newer)

    assert witness.add_checkpoint(body(log, 0, 100)).status == 200
    assert witness.add_checkpoint(Request(100, tuple(log.log.consistency(100, 300)), later).encode()).status == 200
    witness.store.close()


# ------------------------------------------------------------------------------------------ HTTP itself


def raw(url: str, method: str, path: str, *, data: bytes | None = None, headers: dict[str, str] | None = None) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(method, path, data, headers or {})
        return connection.getresponse().status
    finally:
        connection.close()


def test_only_two_routes_answer_and_large_bodies_are_not_read(log: Production, witness: Witness) -> None:
    name = monitoring_name(log.log.origin)
    with served(witness, prefix="/w") as url:
        told = [
            raw(url, "POST", "/add-checkpoint", data=body(log, 0, 1)),
            raw(url, "POST", "/w/add-checkpoint/", data=body(log, 0, 1)),
            raw(url, "GET", "/w/add-checkpoint"),
            raw(url, "GET", f"/{name}/checkpoint"),
            raw(url, "GET", f"/w/{name.upper()}/checkpoint"),
            raw(url, "GET", f"/w/{name}/checkpoint"),
            raw(url, "PUT", "/w/add-checkpoint", data=b"x"),
            raw(url, "POST", "/w/add-checkpoint", headers={"Content-Length": str(MAX_REQUEST_BYTES + 1)}),
            raw(url, "POST", "/w/add-checkpoint", headers={"Content-Length": "-1"}),
            raw(url, "POST", "/w/add-checkpoint", headers={"Transfer-Encoding": "chunked"}),
            raw(url, "POST", "/w/add-checkpoint", data=body(log, 0, 1)),
            raw(url, "GET", f"/w/{name}/checkpoint"),
        ]

    assert told == [404, 404, 404, 404, 404, 404, 501, 413, 411, 400, 200, 200]


def sent(url: str, *pieces: bytes, pause: float = 0) -> list[str]:
    """The status lines that come back for bytes sent in pieces, until the witness ends the connection."""
    with socket.create_connection((urlsplit(url).hostname or "", urlsplit(url).port or 0), timeout=10) as connection:
        for piece in pieces:
            with suppress(OSError):
                connection.sendall(piece)
            time.sleep(pause)
        came = b""
        with suppress(ConnectionResetError):
            while more := connection.recv(1 << 16):
                came += more
    return [line.decode() for line in came.split(b"\r\n") if line.startswith(b"HTTP/")]


POST, NEXT = b"POST /add-checkpoint HTTP/1.1\r\nHost: a\r\n", b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(NEXT),
        POST + b"Content-Length: 4\r\nContent-Length: 60\r\n\r\nabcd",
        POST + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding : chunked\r\nContent-Length: 4\r\n\r\nabcd",
    ],
)
def test_what_two_servers_could_read_as_two_requests_is_refused_and_ends_the_connection(
    witness: Witness, request_bytes: bytes
) -> None:
    with served(witness) as url:
        told = sent(url, request_bytes + NEXT)

    assert told == ["HTTP/1.1 400 Bad Request"]


def test_a_connection_brings_one_request(witness: Witness) -> None:
    with served(witness) as url:
        assert sent(url, NEXT * 3) == ["HTTP/1.1 404 Not Found"]


def test_a_caller_who_sends_a_little_now_and_then_gets_no_more_time_by_it(witness: Witness) -> None:
    with served(witness, seconds=0.4) as url:
        began = time.monotonic()
        told = sent(url, b"GET /x HTTP/1.1\r\n", *[b"a: b\r\n"] * 6, b"\r\n", pause=0.1)
        slow_body = sent(url, POST + b"Content-Length: 9\r\n\r\n", *[b"x"] * 9, pause=0.1)

    assert (told, slow_body) == ([], [])
    assert time.monotonic() - began < 5


def test_the_latest_checkpoint_carries_the_logs_and_the_witnesss_signature_and_no_others(
    log: Production, witness: Witness
) -> None:
    key = witness.cosigner.key
    stranger = str(cosigner_named("stranger.example/w", 12).cosign(note_at(log, 5).decode(), seconds=1))
    with served(witness) as url:
        before = HttpWitness(url).latest(log.log.origin)
        asked = Request(0, (), note_at(log, 5) + stranger.encode()).encode()
        line = HttpWitness(url).add_checkpoint(asked).body
        after = HttpWitness(url).latest(log.log.origin)

    assert (before, after) == (None, note_at(log, 5) + line)
    assert open_checkpoint(after or b"", policy([log.log.key], {"w": key}, "quorum w")).cosigned == {key.label: SECONDS}


def test_no_word_about_a_caller_or_a_log_is_said(
    log: Production, witness: Witness, capfd: pytest.CaptureFixture[str]
) -> None:
    with served(witness) as url:
        HttpWitness(url).add_checkpoint(body(log, 0, 1))
        raw(url, "GET", "/somebody@example.org")

    assert capfd.readouterr() == ("", "")


def test_a_witness_that_is_not_there_or_talks_nonsense_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"witness\.unreachable"):
        HttpWitness("http://127.0.0.1:1", timeout_seconds=1).latest("x")
    for url in ("ftp://a/", "http://", "http://u:p@a/", "http://a/?q", "http://a:99999/", "file:///etc/passwd"):
        with pytest.raises(EdgecodeError, match=r"witness\.url"):
            HttpWitness(url)


# ------------------------------------------------------------------------------------------ the client's side


class Scripted:
    """A witness that answers what a test wants."""

    def __init__(self, *replies: Reply) -> None:
        self.replies, self.asked = list(replies), list[int]()

    def add_checkpoint(self, data: bytes) -> Reply:
        self.asked.append(Request.parse(data).old)
        return self.replies.pop(0)

    def latest(self, origin: str) -> bytes | None:
        return None


def size_told(size: int) -> Reply:
    return Reply(409, f"{size}\n".encode(), SIZE_TYPE)


@pytest.mark.parametrize(
    ("replies", "asked", "outcome"),
    [
        ([Reply(200, b"line", "text/plain")], [7], b"line"),
        ([size_told(5), Reply(200, b"line", "text/plain")], [7, 5], b"line"),
        ([size_told(5), size_told(6), size_told(7)], [7, 5, 6], "witness.unreachable"),
        ([size_told(11)], [7], Ahead(11)),
        ([Reply(422, b"", "text/plain")], [7], Forked(7)),
        ([size_told(5), Reply(422, b"", "text/plain")], [7, 5], Forked(5)),
        ([Reply(409, b"5\n", "text/plain")], [7], "witness.unreachable"),
        ([Reply(409, b"05\n", SIZE_TYPE)], [7], "witness.unreachable"),
        ([Reply(409, b"5", SIZE_TYPE)], [7], "witness.unreachable"),
        ([Reply(404, b"", "text/plain")], [7], "witness.unknown_log"),
        ([Reply(403, b"", "text/plain")], [7], "witness.refused"),
        ([Reply(400, b"", "text/plain")], [7], "witness.refused"),
        ([Reply(500, b"", "text/plain")], [7], "witness.unreachable"),
        ([Reply(302, b"", "text/plain")], [7], "witness.unreachable"),
    ],
)
def test_the_client_makes_of_each_status_what_the_standard_says(
    log: Production, replies: list[Reply], asked: list[int], outcome: object
) -> None:
    witness = Scripted(*replies)
    try:
        got: object = lines_for(
            witness, note_at(log, 10), size=10, known=7, proof=lambda old: log.log.consistency(old, 10)
        )
    except EdgecodeError as error:
        got = error.code

    assert (got, witness.asked) == (outcome, asked)


# ------------------------------------------------------------------------------------------ races and crashes


def test_of_two_requests_at_once_the_smaller_never_rolls_the_larger_back(log: Production, witness: Witness) -> None:
    witness.add_checkpoint(body(log, 0, 10))
    with served(witness) as url:
        for size in range(20, 260, 20):
            start, replies = threading.Barrier(2), list[tuple[int, int]]()
            old = Checkpoint.parse(Note.parse(witness.store.latest(log.log.origin) or b"").text).size

            def ask(
                new: int, *, start: threading.Barrier = start, old: int = old, to: list[tuple[int, int]] = replies
            ) -> None:
                data = body(log, old, new)
                start.wait()
                to.append((new, HttpWitness(url).add_checkpoint(data).status))

            threads = [threading.Thread(target=ask, args=(new,)) for new in (size, size + 10)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            signed = [new for new, status in replies if status == 200]
            latest = Checkpoint.parse(Note.parse(witness.store.latest(log.log.origin) or b"").text).size

            assert (len(signed), sorted(status for _, status in replies)) == (1, [200, 409])
            assert latest == signed[0]


def test_two_processes_on_one_state_file_sign_one_history(log: Production, tmp_path: Path) -> None:
    first = witness_in(tmp_path / "guild", log.log.key)
    second = reopened_witness(tmp_path / "guild")
    answers = [one.add_checkpoint(body(log, 0, 100)).status for one in (first, second)]

    assert answers == [200, 409]
    first.store.close()
    second.store.close()


def test_a_crash_between_keeping_and_answering_loses_the_answer_and_not_the_memory(
    log: Production, tmp_path: Path
) -> None:
    witness = witness_in(tmp_path / "guild", log.log.key)
    witness.add_checkpoint(body(log, 0, 100))
    witness.store.close()  # the answer never arrived
    again = reopened_witness(tmp_path / "guild")
    got = lines_for(
        ServedDirectly(again), note_at(log, 100), size=100, known=0, proof=lambda old: log.log.consistency(old, 100)
    )

    assert again.add_checkpoint(body(log, 0, 50)).status == 409
    assert isinstance(got, bytes) and got.startswith("\u2014 guild.example/w1 ".encode())
    again.store.close()


class ServedDirectly:
    """A witness asked without a network."""

    def __init__(self, witness: Witness) -> None:
        self.witness = witness

    def add_checkpoint(self, data: bytes) -> Reply:
        return reply_of(self.witness.add_checkpoint(data))

    def latest(self, origin: str) -> bytes | None:
        return self.witness.store.latest(origin)


def test_a_signature_that_cannot_be_made_leaves_the_memory_as_it_was(log: Production, witness: Witness) -> None:
    class Broken:
        public = witness.cosigner.signer.public
        actor = "k:00000000"

        def sign(self, message: bytes) -> bytes:
            raise UnavailableError("key.plugin", "the key is away", "")

    broken = witness._replace(cosigner=witness.cosigner._replace(signer=Broken()))

    with pytest.raises(UnavailableError):
        broken.add_checkpoint(body(log, 0, 100))
    with served(broken) as url:
        assert HttpWitness(url).add_checkpoint(body(log, 0, 100)).status == 500
    assert witness.store.latest(log.log.origin) is None
    assert witness.add_checkpoint(body(log, 0, 100)).status == 200


def test_a_memory_that_cannot_be_read_signs_nothing(log: Production) -> None:
    with pytest.raises(MalformedError):
        decide(
            body(log, 0, 100),
            b"scribble",
            logs=Policy.of_keys(log.log.key),
            cosigner=cosigner_named("guild.example/w1", 2),
            seconds=SECONDS,
        )


def test_a_lost_memory_is_not_begun_anew(log: Production, tmp_path: Path) -> None:
    witness_in(tmp_path / "guild", log.log.key).store.close()
    (tmp_path / "guild" / STATE_FILE).unlink()

    with pytest.raises(UnavailableError, match=r"witness\.state_absent"):
        memory(tmp_path / "guild")


def emptied(folder: Path) -> None:
    (folder / STATE_FILE).write_bytes(b"")


def of_another(folder: Path) -> None:
    create_witness(folder.with_name("other"), name="guild.example/w1")
    shutil.copy(folder.with_name("other") / STATE_FILE, folder / STATE_FILE)


def without_its_row(folder: Path) -> None:
    with closing(apsw.Connection(str(folder / STATE_FILE))) as connection:
        connection.execute("delete from witness")


def begun_by_hand(folder: Path) -> None:
    (folder / STATE_FILE).unlink()
    with closing(apsw.Connection(str(folder / STATE_FILE))) as connection:
        connection.execute("create table cosigned(origin text primary key, note blob not null)")


def scribbled(folder: Path) -> None:
    (folder / STATE_FILE).write_bytes(b"scribble" * 1_000)


@pytest.mark.parametrize("lose", [emptied, of_another, without_its_row, begun_by_hand, scribbled])
def test_a_memory_that_is_empty_damaged_or_anothers_signs_nothing(
    log: Production, tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    witness = witness_in(tmp_path / "guild", log.log.key)
    assert witness.add_checkpoint(body(log, 0, 100)).status == 200
    witness.store.close()
    lose(tmp_path / "guild")

    with pytest.raises(UnavailableError, match=r"witness\.state_lost"):
        reopened_witness(tmp_path / "guild")


def test_the_four_files_that_are_kept_are_the_whole_witness_while_it_still_runs(
    log: Production, tmp_path: Path
) -> None:
    witness = witness_in(tmp_path / "guild", log.log.key)
    assert witness.add_checkpoint(body(log, 0, 100)).status == 200
    (tmp_path / "copy").mkdir()
    for name in ("witness.key", "witness.vkey", "logs.policy", "witness.db"):
        shutil.copy(tmp_path / "guild" / name, tmp_path / "copy" / name)
    beside = sorted(path.name for path in (tmp_path / "guild").iterdir())
    witness.store.close()
    copied = reopened_witness(tmp_path / "copy")
    again = copied.add_checkpoint(body(log, 0, 50))
    copied.store.close()

    assert beside == ["logs.policy", "witness.db", "witness.key", "witness.vkey"]
    assert (again.status, again.body) == (409, b"100\n")


def test_a_witness_back_from_an_old_copy_is_told_what_it_has_signed_since(log: Production, tmp_path: Path) -> None:
    witness = witness_in(tmp_path / "guild", log.log.key)
    first = witness.add_checkpoint(body(log, 0, 100))
    old = (tmp_path / "guild" / STATE_FILE).read_bytes()
    newest = witness.add_checkpoint(body(log, 100, 200)).latest or b""
    witness.store.close()
    (tmp_path / "guild" / STATE_FILE).write_bytes(old)
    told = [remember_latest(tmp_path / "guild", note or b"")[1] for note in (newest, first.latest)]
    restored = reopened_witness(tmp_path / "guild")
    again = restored.add_checkpoint(body(log, 100, 150))
    restored.store.close()

    assert (told, again.status, again.body) == ([200, 200], 409, b"200\n")


def test_a_witness_believes_nobody_but_itself_about_what_it_has_signed(log: Production, tmp_path: Path) -> None:
    witness = witness_in(tmp_path / "guild", log.log.key)
    witness.add_checkpoint(body(log, 0, 100))
    forked = Note.parse(signed_note(Checkpoint(log.log.origin, 100, bytes(32)), log.log.key, log.signer))
    own_line = witness.cosigner.cosign(forked.text, seconds=SECONDS)
    witness.store.close()

    with pytest.raises(InputError, match=r"witness\.not_signed_here"):
        remember_latest(tmp_path / "guild", note_at(log, 200))
    with pytest.raises(DivergedError, match=r"witness\.signed_two"):
        remember_latest(tmp_path / "guild", Note(forked.text, (*forked.signatures, own_line)).encode())


def test_a_witness_is_not_made_over_another_and_its_files_are_its_own(log: Production, tmp_path: Path) -> None:
    create_witness(tmp_path / "guild", name="guild.example/w1")
    watch(tmp_path / "guild", [log.log.key, log.log.key])

    with pytest.raises(RefusedError, match=r"witness\.exists"):
        create_witness(tmp_path / "guild", name="guild.example/w2")
    assert {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "guild").glob("witness.[kd]*")} == {
        "witness.key": 0,
        "witness.db": 0,
    }


# ------------------------------------------------------------------------------------------ form


@given(
    st.integers(0, 2**62),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
)
def test_a_request_reads_back_as_it_was_written(old: int, proof: list[bytes]) -> None:
    note = Note("origin\n1\nroot\n", (Signature("n", b"abcd", b"e"),)).encode()
    request = Request(old, tuple(proof), note)

    assert Request.parse(request.encode()) == request


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_refused_as_malformed(data: bytes) -> None:
    try:
        read = Request.parse(data)
    except MalformedError:
        return
    assert read.encode() == data


def test_no_flip_of_a_bit_of_a_request_is_cosigned_as_another_head(log: Production) -> None:
    """The old size and the proof may be flipped into another request that holds; the head that is signed is never another one."""
    data, trust = body(log, 0, 5), Policy.of_keys(log.log.key)
    cosigner = cosigner_named("guild.example/w1", 2)
    signed = set()
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit >> 3] ^= 1 << (bit & 7)
        answer = decide(bytes(flipped), None, logs=trust, cosigner=cosigner, seconds=SECONDS)
        if answer.latest is not None:
            signed.add(Note.parse(answer.latest).text)

    assert signed == set()


@pytest.mark.skipif(not find_spec("tlog_scales"), reason="NOT CHECKED by tlog-scales: pip install tlog-scales")
def test_a_verifier_of_other_people_takes_our_cosignature_and_no_changed_one(log: Production, witness: Witness) -> None:
    from tlog_scales.signing import NoteSignature, Vkey, VkeySet
    from tlog_scales.tlog import Checkpoint as TheirCheckpoint

    line = witness.add_checkpoint(body(log, 0, 300)).body.decode().rstrip("\n")
    head = TheirCheckpoint(log.log.origin, 300, log.log.root_at(300), [])
    signature = NoteSignature.from_line(line)
    keys = VkeySet(Vkey.from_string(str(witness.cosigner.key)))
    later = NoteSignature(signature.name, signature.key_id, bytes([1]) + signature.payload[1:])

    assert len(keys.verify([signature], head)) == 1
    assert len(keys.verify([later], head)) == 0
