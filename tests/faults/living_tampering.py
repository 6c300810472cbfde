"""Tampering with a production that lived: erased a person, changed its key, and was cosigned. What is touched must be named."""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from edgecode.drivers.key_files import create_key_file, open_key_file
from edgecode.drivers.sqlite import connect
from edgecode.errors import EdgecodeError
from edgecode.events.person_kinds import PersonErased
from edgecode.events.record_kinds import KeyRetired, KeyRotated
from edgecode.ledger.notes import ED25519, Checkpoint, Note, Signature, VerifierKey
from edgecode.ledger.verify import Verdict
from edgecode.production import audit_of
from edgecode.production.erasing.ordering import erase_person
from edgecode.production.keys import retire_key, rotate_key
from edgecode.settings import read_settings, write_settings
from faults.fault_counts import Counts
from faults.power_loss import quick_folder
from pack_samples import WITNESS, keep_cosigned
from production.erased_person import make_film
from witness_samples import policy_text

_STATE = ".edgecode"


@dataclass(frozen=True)
class Lived:
    """The production's folder, and what happened where in its log."""

    folder: Path
    erased: tuple[tuple[int, str], ...]
    types: dict[str, int]
    size: int


class Touching:
    """A copy of it that may be written to at will, with no trigger in the way."""

    def __init__(self, lived: Lived, folder: Path, random: Random) -> None:
        shutil.copytree(lived.folder, folder)
        self.lived, self.folder, self.random = lived, folder, random
        self.ledger = connect(folder / _STATE / "ledger.db", durable=False)
        self.ledger.pragma("synchronous", 0)

    def flip(self, data: bytes) -> bytes:
        changed = bytearray(data)
        changed[self.random.randrange(len(data))] ^= 1 << self.random.randrange(8)
        return bytes(changed)

    def change_section(self, index: int, name: str) -> None:
        data = self.ledger.execute("select data from payload where pk = ? and section = ?", (index, name)).get
        self.ledger.execute("update payload set data = ? where pk = ? and section = ?", (self.flip(data), index, name))

    def own(self, key: str, head: Checkpoint) -> bytes:
        """A head as one key file of this production signs it."""
        signer = open_key_file(self.folder / _STATE / key)
        public = VerifierKey(head.origin, ED25519, signer.public)
        return Note(head.text, (Signature(head.origin, public.id, signer.sign(head.text.encode())),)).encode()

    def head(self) -> Checkpoint:
        return Checkpoint.parse(Note.parse(self.ledger.execute("select note from checkpoint").get).text)


def lived(folder: Path) -> Lived:
    """A film with a person who was erased, a key that was changed and retired, and a head that a witness signed."""
    film = make_film(folder)
    with film.open() as production:
        erase_person(production, film.order(production))
    create_key_file(folder / _STATE / "second.key")
    rotate_key(folder, f"file:{_STATE}/second.key", world=film.world)
    retire_key(folder, world=film.world)
    (folder / "policy.txt").write_bytes(policy_text([], {"guild": WITNESS.key}, "quorum guild"))
    write_settings(folder, replace(read_settings(folder), policy="policy.txt"))
    with film.open() as production:
        keep_cosigned(production)
        recorded = list(production.recorded())
        erased = [
            (place, gone_name)
            for one in recorded
            if isinstance(one.event, PersonErased)
            for gone in one.event.fact.erased
            for place in production.ledger.indexes_of([bytes.fromhex(gone.event.replace("-", ""))]).values()
            for gone_name in gone.sections
        ]
        return Lived(
            folder,
            tuple(erased),
            {one.event.TYPE: one.index for one in recorded if one.event is not None},
            production.log.size,
        )


Touch = Callable[[Touching], set[str]]
"""Touches something and returns the objects of which one must be named."""


def bit_in_cosigned_head(copy: Touching) -> set[str]:
    note = copy.ledger.execute("select note from cosigned").get
    copy.ledger.execute("update cosigned set note = ?", (copy.flip(note),))
    # Where a witness's name or key id was touched, its line is one of a stranger: nothing is named, and nobody has witnessed.
    return {"checkpoint", "key", f"checkpoint of {copy.lived.size} entries", "cosigned checkpoint", "unwitnessed"}


def cosigned_head_of_another_history(copy: Touching) -> set[str]:
    size = copy.random.randrange(1, copy.lived.size + 1)
    head = Checkpoint(copy.head().origin, size, copy.random.randbytes(32))
    line = str(WITNESS.cosign(head.text, seconds=1_795_000_000)).encode()
    copy.ledger.execute("insert or replace into cosigned values (?, ?)", (size, copy.own("second.key", head) + line))
    return {f"checkpoint of {size} entries"}


def erased_section_put_back(copy: Touching) -> set[str]:
    index, name = copy.random.choice(copy.lived.erased)
    row = (index, name, copy.random.randbytes(32), "", copy.random.randbytes(40))
    copy.ledger.execute("insert into payload values (?, ?, ?, ?, ?)", row)
    return {f"section {name} of entry {index}"}


def section_removed_without_an_erasure(copy: Touching) -> set[str]:
    rows = copy.ledger.execute("select pk, section from payload where section <> 'fact'").fetchall()
    index, name = copy.random.choice(rows)
    copy.ledger.execute("delete from payload where pk = ? and section = ?", (index, name))
    return {f"section {name} of entry {index}"}


def erasure_rewritten(copy: Touching) -> set[str]:
    index = copy.lived.types[PersonErased.TYPE]
    copy.change_section(index, "fact")
    return {f"section fact of entry {index}"}


def change_of_keys_rewritten(copy: Touching) -> set[str]:
    index = copy.lived.types[copy.random.choice((KeyRotated.TYPE, KeyRetired.TYPE))]
    copy.change_section(index, "fact")
    return {f"section fact of entry {index}", f"entry {index}"}


def list_of_keys_replaced(copy: Touching) -> set[str]:
    path = copy.folder / _STATE / "log.vkey"
    lines = path.read_text().splitlines()
    place = len(lines) - 1
    other = Ed25519PrivateKey.from_private_bytes(copy.random.randbytes(32)).public_key().public_bytes_raw()
    lines[place] = str(VerifierKey(copy.head().origin, ED25519, other))
    path.write_text("\n".join(lines) + "\n")
    return {"key", "checkpoint"}


def head_signed_by_a_retired_key_alone(copy: Touching) -> set[str]:
    size = copy.lived.size
    head = Checkpoint(copy.head().origin, size, copy.head().root)
    copy.ledger.execute("update checkpoint set note = ?", (copy.own("signing.key", head),))
    copy.ledger.execute("delete from cosigned")
    return {f"checkpoint of {size} entries"}


def key_put_back_under_another(copy: Touching) -> set[str]:
    with closing(connect(copy.folder / _STATE / "keys.db", durable=False)) as keys:
        rows = keys.execute("select key_id from subject_key").fetchall()
        used = copy.ledger.execute("select distinct key_id from payload where key_id <> ''").fetchall()
        (key_id,) = copy.random.choice([row for row in rows if row in used])
        keys.execute("update subject_key set dek = ? where key_id = ?", (copy.random.randbytes(32), key_id))
    places = copy.ledger.execute("select pk, section from payload where key_id = ?", (key_id,)).fetchall()
    return {f"section {name} of entry {index}" for index, name in places}


CLASSES: tuple[Touch, ...] = (
    bit_in_cosigned_head,
    cosigned_head_of_another_history,
    erased_section_put_back,
    section_removed_without_an_erasure,
    erasure_rewritten,
    change_of_keys_rewritten,
    list_of_keys_replaced,
    head_signed_by_a_retired_key_alone,
    key_put_back_under_another,
)


def living_tampering(*, mutants: int) -> list[Counts]:
    """*mutants* of each class. An untouched copy must be WITNESSED without a finding."""
    found = []
    with quick_folder() as folder:
        record = lived(folder / "film")
        whole, _ = audit_of(record.folder)
        for touch in CLASSES:
            counts = Counts(f"tampering: {touch.__name__.replace('_', ' ')}")
            if (whole.verdict, whole.report.findings) != (Verdict.WITNESSED, ()):
                counts.add("corrupt", f"untouched: {whole.verdict.name} {whole.report.findings[:2]}")
            for seed in range(mutants):
                what = _unnoticed(record, touch, folder / "copy", seed)
                counts.add("accepted" if what else "fine", f"{seed}: {what}")
            found.append(counts)
    return found


def _unnoticed(record: Lived, touch: Touch, folder: Path, seed: int) -> str:
    """What went unnoticed or unnamed; "" when it was refused and named."""
    copy = Touching(record, folder, Random(sha256(f"{touch.__name__} {seed}".encode()).digest()))
    try:
        named = touch(copy)
        copy.ledger.close()
        audit, _ = audit_of(folder)
        objects = {finding.object for finding in audit.report.findings}
        if not objects and audit.verdict is Verdict.UNWITNESSED:
            objects = {"unwitnessed"}
        return (
            "" if objects & named else f"{audit.verdict.name}, named {sorted(objects)[:4]} and not {sorted(named)[:4]}"
        )
    except EdgecodeError as error:
        return f"the audit ends with {error.code}"
    finally:
        shutil.rmtree(folder)
