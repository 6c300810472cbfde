"""Reading the record: verifying a large log, proofs from a tree of millions of leaves, the size of what one hands over, erasure."""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.drivers.key_files import create_key_file
from edgecode.drivers.spilled import Spilled
from edgecode.drivers.sqlite import connect
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.ledger import notes
from edgecode.ledger.audit import TableIds, audit, stored_tile
from edgecode.ledger.differences import Told, differences, runs_of
from edgecode.ledger.growth import Growth, integrate
from edgecode.ledger.log import Log
from edgecode.ledger.merkle import TILE_HASHES
from edgecode.ledger.notes import Note, Proof, Signature, VerifierKey
from edgecode.ledger.policy import Policy
from edgecode.ledger.reader import Reader
from edgecode.ledger.sections import SectionJudge
from edgecode.ledger.verify import Walk
from ledger_table import ORIGIN, Line, at_least, events

VERIFIED = 1_000_000
AUDITED_PART = 5
PROVED = 10_000_128  # whole tiles, so that no leaf has to be stored
PYMERKLE_ENTRIES = 1_000_000
BUNDLED = 72_366
COLD, LOCAL, RIVAL = 200, 20_000, 20
ERASED_SECTIONS = 1_000


class ToTheRoot(Walk):
    """Leaf hashes, tiles, root and signed head; the form of leaves and event ids are passed over."""

    def _judge(self, first: int, leaves: Sequence[bytes]) -> None:
        return


def measured(folder: Path, *, scale: float) -> Iterator[Line]:
    """Every line about reading."""
    yield from _verification(folder, int(VERIFIED * scale))
    yield from _proofs(folder, max(TILE_HASHES, int(PROVED * scale) & ~0xFF))
    yield from _pymerkle(folder, int(PYMERKLE_ENTRIES * scale))
    yield from _bundles(folder, max(1_000, int(BUNDLED * min(1, scale * 10))))
    yield from _erasure(folder, max(5_000, int(100_000 * scale)))


# ------------------------------------------------------------------------------------------ verifying


def _verification(folder: Path, entries: int) -> Iterator[Line]:
    for name, count, sections in (("leaves", entries, False), ("whole", entries // AUDITED_PART, True)):
        _large_log(folder / name, count, sections=sections)
    leaves, audited = f"verify {entries:,} events of 326 bytes", f"{entries // AUDITED_PART:,} events of two sections"
    for mode, name, what in (
        ("root", "leaves", f"{leaves}: leaf hashes, tiles, root and signed head"),
        ("log", "leaves", f"{leaves}: and the form of every leaf, event ids unique"),
        ("verify", "whole", f"`log verify` of {audited}, commitments included, without the index"),
        ("audit", "whole", f"`log audit` of {audited}, without the index"),
    ):
        seconds, mebibytes, count = _in_a_process_of_its_own(mode, folder / name)
        size = (folder / name / "ledger.db").stat().st_size
        per_million = seconds * 1_000_000 / count
        aim = ("≤ 2.0 CPU-s", per_million <= 2.0) if mode == "root" else ("", None)
        figure = f"{per_million:.2f} CPU-s a million, peak {mebibytes} MiB"
        yield Line(what, figure, f"file of {size >> 20} MiB", None, *aim)


def _large_log(place: Path, entries: int, *, sections: bool) -> None:
    place.mkdir()
    store = SqliteLedger(place / "ledger.db")
    log = Log.create(store, create_key_file(place / "log.key"), origin=ORIGIN)
    (place / "log.vkey").write_text(str(log.key))
    for begin in range(0, entries, 5_000):
        log.append(events(min(5_000, entries - begin), sections=sections))
    store.close()


def _in_a_process_of_its_own(mode: str, place: Path) -> tuple[float, int, int]:
    """CPU seconds, peak resident MiB, entries."""
    program = [sys.executable, __file__, mode, str(place)]
    seconds, mebibytes, count = json.loads(subprocess.run(program, capture_output=True, check=True, text=True).stdout)
    return seconds, mebibytes, count


def verify_alone(mode: str, place: Path) -> None:
    """What the process does that is measured."""
    policy = Policy.of_keys(VerifierKey.parse((place / "log.vkey").read_text()))
    store = SqliteLedger(place / "ledger.db", read_only=True)
    begin = time.process_time()
    if mode == "audit":
        with Spilled(place) as spilled:
            told = Told(print)
            differences(store, policy, told=told, judge=SectionJudge(), lost_ids=spilled.lost_ids)
            wrong = sum(told.codes.values())
    elif mode == "verify":
        wrong = len(audit(store, policy).report.findings)
    else:
        made = ToTheRoot if mode == "root" else Walk
        walk = made(lambda name: stored_tile(store, name), policy, [store.checkpoint() or b""], TableIds(store))
        for first, leaves in runs_of(store):
            walk.take(first, leaves)
        wrong = len(walk.report().findings)
    seconds = time.process_time() - begin
    if wrong:
        raise SystemExit(f"{wrong} findings in a log that was just made")
    # Not ru_maxrss: it begins with what the process that started this one had.
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps([seconds, int(peak) >> 10, store.entry_end()]))


# ------------------------------------------------------------------------------------------ proofs


def _proofs(folder: Path, size: int) -> Iterator[Line]:
    store = _tree_of_tiles(folder / "tree.db", size)
    random = Random(size)
    places = [random.randrange(size) for _ in range(COLD)]
    begin = time.process_time()
    for index in places:
        proof = Reader(store).inclusion(index, size)
    cold = (time.process_time() - begin) / COLD
    reader, first = Reader(store), random.randrange(max(1, size - LOCAL))
    begin = time.process_time()
    for index in range(first, min(first + LOCAL, size)):
        reader.inclusion(index, size)
    local = min(LOCAL, size) / (time.process_time() - begin)
    what = f"inclusion proof of {len(proof)} hashes in a tree of {size:,} leaves"
    yield Line(f"{what}, nothing remembered", f"{cold * 1e3:.2f} ms CPU", "", None, "≤ 0.5 ms", cold <= 0.0005)
    yield Line(f"{what}, one behind the other", f"{local:,.0f} /s", "", None, "≥ 20,000 /s", local >= 20_000)
    _COLD.append(cold)


_COLD: list[float] = []


def _tree_of_tiles(path: Path, size: int) -> SqliteLedger:
    """A store with the tiles of a log of *size* entries, whole tiles only, written past it because it takes no tiles without entries."""
    store = SqliteLedger(path)
    store.create(ORIGIN)
    tiles = connect(path, durable=False)
    grown = Growth(0, [], [])

    def earlier(level: int, first: int, end: int) -> list[bytes]:
        return store.tile_roots(level - 1, first, end)

    for begin in range(0, size, 1 << 18):
        numbers = range(begin, min(begin + (1 << 18), size))
        hashes = [sha256(b"\x00" + number.to_bytes(8, "big")).digest() for number in numbers]
        grown = integrate(grown.size, grown.stack, hashes, earlier)
        tiles.execute("begin")
        rows = [(tile.level << 40 | tile.number, tile.root, tile.hashes) for tile in grown.tiles]
        tiles.executemany("insert into tile(pk, root, hashes) values (?, ?, ?)", rows)
        tiles.execute("commit")
    tiles.close()
    return store


def _pymerkle(folder: Path, entries: int) -> Iterator[Line]:
    try:
        from pymerkle import SqliteTree
    except ImportError:
        return
    tree = SqliteTree(str(folder / "pymerkle.db"))
    tree.append_entries([number.to_bytes(8, "big") for number in range(entries)])
    tree.close()
    random, seconds = Random(1), 0.0
    for _ in range(RIVAL):
        # A new one each time: it remembers subroots as ours remembers tiles.
        tree = SqliteTree(str(folder / "pymerkle.db"))
        begin = time.process_time()
        tree.prove_inclusion(random.randrange(1, entries))
        seconds += time.process_time() - begin
        tree.close()
    rival = seconds / RIVAL
    what, against = "the same, nothing remembered", f"pymerkle at {entries:,} leaves {rival * 1e3:.1f} ms"
    yield at_least(what, f"{_COLD[-1] * 1e3:.2f} ms CPU", against, rival / _COLD[-1], 50)


# ------------------------------------------------------------------------------------------ what one hands over


def _bundles(folder: Path, entries: int) -> Iterator[Line]:
    """The proof file of one entry, with the log's signature and one witness's."""
    place = folder / "bundled"
    place.mkdir()
    store = SqliteLedger(place / "ledger.db")
    log = Log.create(store, create_key_file(place / "log.key"), origin="studio.example/edgecode/4f1c9a7be2d05c8f3a61")
    for begin in range(0, entries, 5_000):
        log.append(events(min(5_000, entries - begin), sections=False))
    head = Note.parse(log.checkpoint())
    proof = Proof.parse(log.proof(entries // 3))
    for kind, word, aim in (
        (notes.COSIGNATURE_ED25519, "classic", 1_331),
        (notes.COSIGNATURE_ML_DSA_44, "with ML-DSA-44", 5_120),
    ):
        lines = [*head.signatures, _cosigned(head.text, notes.COSIGNATURE_ED25519)]
        if kind == notes.COSIGNATURE_ML_DSA_44:
            lines.append(_cosigned(head.text, kind))
        note = Note(head.text, tuple(lines)).encode()
        size = len(Proof(proof.index, proof.hashes, note).encode())
        what = f"proof file of one of {entries:,} events with a witness, {word}"
        yield Line(what, f"{size:,} bytes", "", None, f"≤ {aim:,} bytes", size <= aim)
    store.close()


def _cosigned(text: str, kind: int) -> Signature:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    made: dict[int, Callable[[], Ed25519PrivateKey | MLDSA44PrivateKey]] = {
        notes.COSIGNATURE_ED25519: Ed25519PrivateKey.generate,
        notes.COSIGNATURE_ML_DSA_44: MLDSA44PrivateKey.generate,
    }
    signer, seconds = made[kind](), 1_795_000_000
    key = VerifierKey("guild.example/witness-1", kind, signer.public_key().public_bytes_raw())
    signed = signer.sign(notes.cosigned_message(key, text, seconds=seconds))
    return Signature(key.name, key.id, seconds.to_bytes(8, "big") + signed)


# ------------------------------------------------------------------------------------------ forgetting


def _erasure(folder: Path, entries: int) -> Iterator[Line]:
    """Destroying one key and removing the sections under it from a log with two sections an event; the event itself is one append."""
    place = Path(tempfile.mkdtemp(dir=folder))
    store, keys = SqliteLedger(place / "ledger.db"), SqliteKeys(place / "keys.db", create=True)
    log = Log.create(store, create_key_file(place / "log.key"), origin=ORIGIN)
    for begin in range(0, entries, 5_000):
        log.append(events(min(5_000, entries - begin), sections=True))
    keys.create("s:somebody", bytes(32))
    gone = [(index, "fact") for index in Random(1).sample(range(entries), min(ERASED_SECTIONS, entries))]
    begin = time.perf_counter()
    keys.destroy_forever("s:somebody")
    store.erase_forever(gone)
    seconds = time.perf_counter() - begin
    what = f"erasure: one key and {len(gone):,} sections of {entries:,} events, overwritten in every file"
    yield Line(what, f"{seconds:.2f} s")


if __name__ == "__main__":
    verify_alone(sys.argv[1], Path(sys.argv[2]))
