"""Publishing to a folder and to buckets: one suite for all; stopped anywhere, what strangers read is the old log or the new one."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from small_s3 import SmallS3, small_s3

from edgecode.cli.verify import main as verify_main
from edgecode.drivers.buckets import BucketShelf, bucket_shelf
from edgecode.drivers.published import FolderShelf
from edgecode.errors import DivergedError, EdgecodeError, RefusedError, UnavailableError, UsageError
from edgecode.ledger.export import bundles_of, tiles_of
from edgecode.ledger.notes import (
    COSIGNATURE_ED25519,
    Checkpoint,
    Note,
    Signature,
    VerifierKey,
    cosigned_message,
    open_checkpoint,
)
from edgecode.ledger.policy import Policy
from edgecode.ledger.publishing import Seen, Shelf, ShelfMovedError, headers_of, publish_on
from edgecode.ledger.tiles import decode_bundle, tile_path
from edgecode.ledger.verify import Report, Verdict, verify_log
from edgecode.testing.fault_stores import Fault, Faults, faulty
from sample_log import Production, new_production

obstore = pytest.importorskip("obstore", reason="buckets need the extra s3")

OpenShelf = Callable[[], Shelf]
"""Opens the same place again, as another process would."""


@contextmanager
def folder_place(tmp_path: Path) -> Iterator[OpenShelf]:
    shelves: list[FolderShelf] = []

    def opened() -> Shelf:
        shelves.append(FolderShelf(tmp_path / "out"))
        return shelves[-1].__enter__()

    yield opened
    for shelf in shelves:
        shelf.__exit__(None, None, None)


@contextmanager
def memory_place(tmp_path: Path) -> Iterator[OpenShelf]:
    store = obstore.store.MemoryStore()
    yield lambda: BucketShelf(store, name="memory")


@contextmanager
def local_place(tmp_path: Path) -> Iterator[OpenShelf]:
    (tmp_path / "out").mkdir()
    yield lambda: BucketShelf(obstore.store.LocalStore(tmp_path / "out"), name="local")


@contextmanager
def s3_place(tmp_path: Path) -> Iterator[OpenShelf]:
    with small_s3() as server:
        yield lambda: BucketShelf(s3_store(server), name="s3")


def s3_store(server: SmallS3) -> object:
    return obstore.store.S3Store(
        "film",
        prefix="log",
        config={
            "endpoint": f"http://127.0.0.1:{server.server_port}",
            "region": "nowhere",
            "access_key_id": "a",
            "secret_access_key": "b",
            "virtual_hosted_style_request": False,
        },
        client_options={"allow_http": True},
    )


PLACES = {"folder": folder_place, "memory": memory_place, "local": local_place, "s3": s3_place}


@pytest.fixture(params=sorted(PLACES))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenShelf]:
    with PLACES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Production]:
    (tmp_path / "record").mkdir()
    made = new_production(tmp_path / "record")
    made.log.append(made.events(300))
    yield made
    made.close()


def judged(shelf: Shelf, production: Production, read: Callable[[str], bytes | None]) -> Report:
    """What a stranger says of the shelf, who reads only files."""
    seen = shelf.checkpoint()
    assert seen is not None
    policy = Policy.of_keys(production.log.key)
    size = open_checkpoint(seen.note, policy).checkpoint.size

    def entries() -> Iterator[tuple[int, list[bytes]]]:
        for name in bundles_of(size):
            data = read(tile_path(name))
            if data is not None:
                yield int(name.number) << 8, decode_bundle(data, width=name.width)

    return verify_log(entries(), tiles=lambda name: read(tile_path(name)), checkpoints=[seen.note], policy=policy)


def reader(shelf: Shelf) -> Callable[[str], bytes | None]:
    def read(path: str) -> bytes | None:
        if isinstance(shelf, FolderShelf):
            file = shelf._folder / path
            return file.read_bytes() if file.exists() else None
        assert isinstance(shelf, BucketShelf)
        try:
            return bytes(obstore.get(shelf._store, path).bytes())
        except FileNotFoundError:
            return None

    return read


def sound(shelf: Shelf, production: Production) -> int:
    """The size of a published log that has no fault."""
    report = judged(shelf, production, reader(shelf))
    assert (report.findings, report.verdict) == ((), Verdict.UNWITNESSED)
    assert report.checkpoint is not None
    return report.checkpoint.size


# ------------------------------------------------------------------------------------------ the suite


def test_what_is_published_verifies_at_every_size_that_it_was_published_at(
    place: OpenShelf, production: Production
) -> None:
    for more in (0, 1, 211, 300):
        production.log.append(production.events(more))
        head = publish_on(place(), production.log)

        assert sound(place(), production) == head.size == production.log.size


def test_the_checkpoint_is_put_last_and_partial_tiles_behind_full_ones(
    place: OpenShelf, production: Production
) -> None:
    shelf = place()
    order: list[str] = []

    class Told:
        def __getattr__(self, name: str) -> object:
            found = getattr(shelf, name)

            def call(*arguments: object, **named: object) -> object:
                order.append(str(arguments[0]) if name == "put" else name)
                return found(*arguments, **named)

            return call if callable(found) else found

    publish_on(Told(), production.log)  # type: ignore[arg-type]
    put = [path for path in order if path.startswith("tile")]

    assert order[-1] == "put_checkpoint"
    assert put == sorted(put, key=lambda path: ".p/" in path)
    assert len(put) == len([*tiles_of(300), *bundles_of(300)])


def test_the_slower_of_two_publishers_cannot_take_the_log_back(place: OpenShelf, production: Production) -> None:
    slow = place()
    publish_on(slow, production.log)
    seen = slow.checkpoint()
    production.log.append(production.events(5))
    publish_on(place(), production.log)

    with pytest.raises(ShelfMovedError):
        slow.put_checkpoint(b"older", after=seen)
    with pytest.raises(ShelfMovedError):
        slow.put_checkpoint(b"older", after=None)
    assert sound(place(), production) == 305


def test_two_publishers_at_once_end_with_the_newer_log(place: OpenShelf, production: Production) -> None:
    shelf = place()

    class Overtaken:
        """Another publisher comes in right before the first checkpoint is put."""

        left = 1

        def __getattr__(self, name: str) -> object:
            return getattr(shelf, name)

        def put_checkpoint(self, note: bytes, *, after: Seen | None) -> None:
            if self.left:
                self.left = 0
                production.log.append(production.events(3))
                publish_on(place(), production.log)
            shelf.put_checkpoint(note, after=after)

    head = publish_on(Overtaken(), production.log)  # type: ignore[arg-type]

    assert (head.size, sound(place(), production)) == (303, 303)


def test_another_log_and_another_history_are_refused(place: OpenShelf, production: Production, tmp_path: Path) -> None:
    publish_on(place(), production.log)
    before = place().checkpoint()
    (tmp_path / "other").mkdir()
    other = new_production(tmp_path / "other", seed=2)
    with pytest.raises(RefusedError, match=r"publish\.other_log"):
        publish_on(place(), other.log)
    other.close()
    (tmp_path / "fork").mkdir()
    fork = new_production(tmp_path / "fork", seed=3)
    fork.log.sign_with(production.signer)
    fork.log.append(fork.events(400))
    with pytest.raises(DivergedError, match=r"ledger\.rolled_back"):
        publish_on(place(), fork.log)
    fork.close()

    assert place().checkpoint() == before


def test_a_head_that_witnesses_signed_too_is_published_and_not_replaced_by_less(
    place: OpenShelf, production: Production
) -> None:
    own = production.log.checkpoint()
    parsed = Note.parse(own)
    witness = VerifierKey("guild.example/w1", COSIGNATURE_ED25519, production.signer.public)
    line = (1).to_bytes(8, "big") + production.signer.sign(cosigned_message(witness, parsed.text, seconds=1))
    cosigned = Note(parsed.text, (*parsed.signatures, Signature(witness.name, witness.id, line))).encode()
    publish_on(place(), production.log)
    publish_on(place(), production.log, cosigned=[(200, b"of another size"), (300, cosigned)])
    publish_on(place(), production.log)
    seen = place().checkpoint()

    assert seen is not None
    assert seen.note == cosigned


def test_a_partial_tile_with_other_bytes_is_replaced(place: OpenShelf, production: Production) -> None:
    publish_on(place(), production.log)
    partial = next(tile_path(name) for name in tiles_of(300) if name.width < 256)
    place().put(partial, b"wrong")
    publish_on(place(), production.log)

    assert sound(place(), production) == 300


STEPS = ["checkpoint", "has", "put", "put_checkpoint"]


@pytest.mark.parametrize("persisted", [False, True], ids=["failed", "failed but persisted"])
@pytest.mark.parametrize("step", STEPS)
def test_stopped_at_any_step_strangers_read_the_old_log_or_the_new_one(
    place: OpenShelf, production: Production, step: str, persisted: bool
) -> None:
    publish_on(place(), production.log)
    production.log.append(production.events(230))
    counted = Faults()
    publish_on(faulty(place(), counted), production.log)
    for number in range(1, counted.calls[step] + 1):
        old = production.log.size
        production.log.append(production.events(256))
        faults = Faults(Fault(step, number, UnavailableError("publish.unwritten", "the disk is full"), persisted))
        with pytest.raises(UnavailableError):
            publish_on(faulty(place(), faults), production.log)

        assert sound(place(), production) in (old, production.log.size)
        publish_on(place(), production.log)
        assert sound(place(), production) == production.log.size


# ------------------------------------------------------------------------------------------ a folder


CALLS = ["fsync", "replace", "write", "open", "mkdir"]


@pytest.mark.parametrize("call", CALLS)
def test_an_error_of_the_disk_at_any_write_is_told_and_leaves_a_sound_log(
    production: Production, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    folder, failed, old = tmp_path / "out", 0, 0
    for number in range(1, 100):
        with monkeypatch.context() as patched:
            happened = fail_once(patched, call, number=number)
            try:
                with FolderShelf(folder) as shelf:
                    publish_on(shelf, production.log)
            except UnavailableError as error:
                assert error.code == "publish.unwritten"
                failed += 1
            else:
                assert happened == []
        if not happened:
            break
        if (folder / "checkpoint").exists():
            with FolderShelf(folder) as shelf:
                assert sound(shelf, production) in (production.log.size, old)
        with FolderShelf(folder) as shelf:
            publish_on(shelf, production.log)
        old = production.log.size
        production.log.append(production.events(256))

    assert failed >= (1 if call == "mkdir" else 5)
    assert verify_main([str(folder), "--key", str(production.log.key), "--allow-unwitnessed"]) == 0


def fail_once(monkeypatch: pytest.MonkeyPatch, call: str, *, number: int) -> list[int]:
    """The *number*-th call of a kind fails with EIO, told in the list that comes back."""
    calls, happened = [0], list[int]()

    def counting(real: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **named: object) -> object:
            if call == "open" and arguments[1:2] != ("wb",):
                return real(*arguments, **named)
            calls[0] += 1
            if calls[0] == number:
                happened.append(number)
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return real(*arguments, **named)

        return counted

    if call == "fsync":
        monkeypatch.setattr(os, "fsync", counting(os.fsync))
    elif call == "write":
        import edgecode.drivers.published as module

        monkeypatch.setattr(module, "_write_beside", counting(module._write_beside))
    else:
        monkeypatch.setattr(Path, call, counting(getattr(Path, call)))
    return happened


def test_every_folder_that_got_a_name_is_flushed_before_the_checkpoint_is_named(
    production: Production, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    flush, rename = os.fsync, Path.replace
    monkeypatch.setattr(
        os, "fsync", lambda fd: told.append(("flush", str(Path(f"/proc/self/fd/{fd}").readlink()))) or flush(fd)
    )
    monkeypatch.setattr(Path, "replace", lambda one, to: told.append(("rename", str(to))) or rename(one, to))
    with FolderShelf(tmp_path / "out") as shelf:
        publish_on(shelf, production.log)
    at = told.index(("rename", str(tmp_path / "out" / "checkpoint")))
    named = {str(Path(path).parent) for what, path in told[:at] if what == "rename"}
    last = {path: place for place, (what, path) in enumerate(told[:at]) if what == "flush"}

    assert named <= last.keys()
    assert all(last[str(Path(path).parent)] > place for place, (what, path) in enumerate(told[:at]) if what == "rename")
    assert told[at + 1 :] == [("flush", str(tmp_path / "out"))]


# ------------------------------------------------------------------------------------------ a bucket


def test_a_bucket_serves_each_file_with_its_kind_and_how_long_it_may_be_kept(production: Production) -> None:
    with small_s3() as server:
        publish_on(BucketShelf(s3_store(server), name="s3"), production.log)
        kinds = {key: (kept.content_type, kept.cache_control) for key, kept in server.objects.items()}
        puts = [key for method, key in server.log if method == "PUT"]

    assert kinds.pop("film/log/checkpoint") == ("text/plain; charset=utf-8", "public, max-age=5")
    assert set(kinds.values()) == {tuple(headers_of("tile/0/000"))}
    assert next(iter(kinds.values()))[0] == "application/octet-stream"
    assert puts[-1] == "film/log/checkpoint"


def test_a_bucket_that_does_not_answer_is_said_in_our_words(production: Production) -> None:
    with small_s3() as server:
        store = obstore.store.S3Store(
            "film",
            config={
                "endpoint": f"http://127.0.0.1:{server.server_port}",
                "access_key_id": "a",
                "secret_access_key": "b",
            },
            client_options={"allow_http": True, "timeout": "1s"},
            retry_config={"max_retries": 0},
        )
    with pytest.raises(UnavailableError, match=r"publish\.unwritten"):
        publish_on(BucketShelf(store, name="s3"), production.log)


def test_a_place_that_is_no_bucket_is_refused() -> None:
    for url in ("s3:film", "s3://"):
        with pytest.raises(UsageError, match=r"publish\.place"):
            bucket_shelf(url)
    assert bucket_shelf("s3://film/log/").name == "s3://film/log"


def test_the_word_of_an_error_is_not_an_address(production: Production) -> None:
    with pytest.raises(EdgecodeError) as refused:
        publish_on(faulty(FolderShelf(Path("/proc/nowhere/out")), Faults()), production.log)

    assert "/proc" not in str(refused.value)


def test_a_checkpoint_goes_round(production: Production, place: OpenShelf) -> None:
    head = publish_on(place(), production.log)
    seen = place().checkpoint()

    assert seen is not None
    assert Checkpoint.parse(Note.parse(seen.note).text) == head
