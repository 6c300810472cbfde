"""What a production was told to be durable, and whether its files still say so: the oracle of every crash."""

from dataclasses import dataclass, field
from pathlib import Path

from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.errors import NotFoundError
from edgecode.events.codec import SALT_BYTES, Leaf, canonical, commitment, leaf_id
from edgecode.events.sealed import SealedEvent, SealedSection
from edgecode.ledger.audit import audit
from edgecode.ledger.log import Log
from edgecode.ledger.policy import Policy
from edgecode.ledger.sections import SectionJudge
from edgecode.ledger.store import LogStore, Signer
from edgecode.people.sealing import opener
from edgecode.people.store import KeyStore
from sample_log import Chance


@dataclass
class Told:
    """Everything acknowledged so far, and what was begun since: of that either outcome is right."""

    begun: bool = False
    heads: dict[int, bytes] = field(default_factory=dict)
    places: dict[bytes, int] = field(default_factory=dict)
    sections: dict[tuple[int, str], str] = field(default_factory=dict)
    erased: dict[tuple[int, str], bytes] = field(default_factory=dict)
    may_be_erased: set[tuple[int, str]] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    may_be_destroyed: set[str] = field(default_factory=set)
    destroyed: dict[str, bytes] = field(default_factory=dict)
    cosigned: dict[int, set[bytes]] = field(default_factory=dict)
    accepted: set[bytes] = field(default_factory=set)
    resealed: dict[tuple[int, str], set[str]] = field(default_factory=dict)
    replaced: list[bytes] = field(default_factory=list)
    frozen: bytes | None = None
    may_be_frozen: bytes | None = None
    published: int = 0
    high_water: int = 0


class Wrong(Exception):
    """A state that breaks a promise; *kind* as `Counts.add` takes it."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(what)
        self.kind = kind


def require(holds: object, what: str, *, kind: str = "lost") -> None:
    """Raises Wrong unless it holds."""
    if not holds:
        raise Wrong(kind, what)


def judge_folder(folder: Path, signer: Signer, told: Told) -> None:
    """Open the production's files as after a restart, compare with what was told, and record once more. Raises Wrong."""
    judge_residue(folder, told)
    if not (folder / "ledger.db").exists():
        require(not told.begun, "ledger.db is gone")
        return
    (folder / "keys.db").touch(0o600)
    keys = store = None
    try:
        keys, store = SqliteKeys(folder / "keys.db"), SqliteLedger(folder / "ledger.db")
        judge_stores(store, keys, signer, told)
    except NotFoundError as error:
        require(error.code == "ledger.absent" and not told.begun, str(error))
    except Wrong:
        raise
    except Exception as error:  # whatever a damaged file leads to: it is counted, not hidden
        raise Wrong("corrupt", f"{type(error).__name__} {error}") from error
    finally:
        for one in (keys, store):
            if one is not None:
                one.close()
    judge_residue(folder, told)


def judge_stores(store: LogStore, keys: KeyStore, signer: Signer, told: Told) -> None:
    """The same for stores that are open already. Raises Wrong, and what opening the log raises."""
    if told.frozen is not None:
        require(store.frozen() == told.frozen, "no longer frozen")
        return
    if told.may_be_frozen is not None and store.frozen() == told.may_be_frozen:
        return
    log = Log.open(store, signer)
    entries = {entry.index: entry for entry in log.entries()}
    require(log.size >= max(told.heads, default=0), f"{log.size} entries of {max(told.heads, default=0)} acknowledged")
    for size, root in told.heads.items():
        require(log.root_at(size) == root, f"another history at {size} entries")
    for identity, index in told.places.items():
        require(leaf_id(entries[index].leaf) == identity, f"another event at {index}")
    judge_sections(entries_sections(entries), told)
    judge_keys(keys, told)
    noted = dict(store.cosigned()) if told.cosigned else {}
    for size, notes in told.cosigned.items():
        require(noted.get(size) in notes, f"the cosigned head of {size} entries is gone")
    judge_inbox(store, told)
    erased = set(told.erased) | (told.may_be_erased - set(entries_sections(entries)))
    judge = SectionJudge(opener(keys), keys.is_destroyed, erased)
    report = audit(store, Policy.of_keys(log.key), judge=judge).report
    require(not report.findings, f"{[str(one) for one in report.findings][:3]}", kind="corrupt")
    size, after = log.size, log.append([one_more(signer)])
    require((after.first, after.size) == (size, size + 1), "the next event has another place")


def one_more(signer: Signer) -> SealedEvent:
    """An event that nobody else records: to show that a log can go on."""
    return keyless(Chance(99), signer, count=1)[0]


def keyless(chance: Chance, signer: Signer, *, count: int, padding: str = "") -> list[SealedEvent]:
    """Events whose one section is plain, so that no key is needed."""
    made = []
    for number in range(count):
        salt, fact = chance.bytes(SALT_BYTES), canonical({"number": number, "padding": padding})
        committed = {"fact": commitment(salt, fact)}
        leaf = Leaf(
            id=chance.id(), ts=chance.now, type="fault.tried/1", actor=signer.actor, refs=(), commitments=committed
        )
        made.append(SealedEvent(leaf.encode(), (SealedSection("fact", salt, "", fact),)))
    return made


def entries_sections(entries: dict[int, object]) -> dict[tuple[int, str], tuple[str, bytes]]:
    """(index, name) of every section to its key and its bytes."""
    return {(i, one.name): (one.key_id, one.data) for i, entry in entries.items() for one in entry.sections}


def judge_sections(found: dict[tuple[int, str], tuple[str, bytes]], told: Told) -> None:
    """Acknowledged sections are there under their keys, erased ones are not."""
    for place, key_id in told.sections.items():
        if place in told.may_be_erased:
            continue
        require(place in found, f"section {place} is gone")
        right = told.resealed.get(place, {key_id})
        require(found[place][0] in right, f"section {place} is under another key")
    back = set(found) & set(told.erased)
    require(not back, f"erased sections are back: {sorted(back)[:3]}")


def judge_keys(keys: KeyStore, told: Told) -> None:
    """Acknowledged keys are there, destroyed ones never come back."""
    for key_id in told.keys - told.may_be_destroyed:
        require(keys.key(key_id) is not None, "a key is gone")
    for key_id in told.destroyed:
        require(keys.key(key_id) is None and keys.is_destroyed(key_id), "a destroyed key is back")


def judge_inbox(store: LogStore, told: Told) -> None:
    """What was accepted waits, or is in the log, and never both."""
    if not told.accepted:
        return
    waiting = {leaf_id(event.leaf) for _, event in store.waiting(1 << 20)}
    sealed = set(store.indexes_of(sorted(told.accepted | waiting)))
    require(told.accepted <= waiting | sealed, "an accepted event is gone")
    require(not waiting & sealed, "an event waits although it is in the log")


def judge_residue(folder: Path, told: Told) -> None:
    """No file of the stores holds what was erased. Raises Wrong."""
    secrets = {**told.destroyed, **{str(place): data for place, data in told.erased.items()}}
    secrets |= {f"replaced {number}": data for number, data in enumerate(told.replaced)}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        left = [name for name, secret in secrets.items() if secret in content]
        require(not left, f"{path.name} still holds {len(left)} erased things")
