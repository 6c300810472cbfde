"""Steps outside the store that fail, or are done and told as failed: a shelf that is published to, and witnesses that are asked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from edgecode.drivers.key_files import create_key_file
from edgecode.drivers.published import FolderShelf
from edgecode.drivers.witness_client import Reply
from edgecode.drivers.witness_server import Witness
from edgecode.errors import EdgecodeError, UnavailableError
from edgecode.ledger.log import Log
from edgecode.ledger.notes import Checkpoint, Note, VerifierKey
from edgecode.ledger.publishing import publish_on
from edgecode.production import Production, witnessing
from edgecode.settings import read_settings, write_settings
from edgecode.testing.fault_stores import Fault, Faults, faulty
from faults.fault_counts import Counts
from faults.power_loss import quick_folder
from faults.sequencer_process import store_at
from faults.syscall_faults import judge_published
from faults.told import Wrong, keyless, require
from sample_log import ORIGIN, Chance, version_seen
from witness_samples import policy_text, witness_in

_FAILED = UnavailableError("publish.unwritten", "told so by a test", "Try again")
_UNREACHABLE = UnavailableError("witness.unreachable", "told so by a test", "Try again later")


def every_fault(trial: Callable[[Faults], None], error: UnavailableError, counts: Counts) -> Counts:
    """Run *trial* once with each of its calls failing, and once with each done and told as failed."""
    whole = Faults()
    trial(whole)
    for step, calls in whole.calls.items():
        for number in range(1, calls + 1):
            for persisted in (False, True):
                try:
                    trial(Faults(Fault(step, number, error, persisted)))
                    counts.add("fine")
                except Wrong as wrong:
                    counts.add(
                        wrong.kind, f"{step} {number} {'done and told as failed' if persisted else 'failed'}: {wrong}"
                    )
    return counts


# ------------------------------------------------------------------------------------------------ publishing


Databases = Callable[[], str]
"""The URL of a fresh PostgreSQL database each time; None in its place: SQLite."""


def publishing_failures(databases: Databases | None = None) -> Counts:
    """Each call of the shelf, while a log of 250 entries is published, grows over a tile, and is published again."""
    name = f"publishing{_over(databases)}: each step failed, or done and told as failed"
    return every_fault(lambda faults: _publish(faults, databases), _FAILED, Counts(name))


def _over(databases: Databases | None) -> str:
    return "" if databases is None else " from PostgreSQL"


def _publish(faults: Faults, databases: Databases | None) -> None:
    with quick_folder() as folder:
        signer, chance = create_key_file(folder / "log.key"), Chance(8)
        store = store_at(str(folder / "ledger.db") if databases is None else databases())
        log = Log.create(store, signer, origin=ORIGIN)
        published = folder / "published"
        for count in (250, 10):
            log.append(keyless(chance, signer, count=count))
            try:
                with FolderShelf(published) as shelf:
                    publish_on(faulty(shelf, faults), log)
            except UnavailableError:
                require(faults.happened, "publishing failed by itself")
            _whole_or_older(log, published)
            # Trying again must succeed, whatever the first try left.
            with FolderShelf(published) as shelf:
                publish_on(shelf, log)
            judge_published(log, published, at_least=log.size)
        store.close()  # type: ignore[attr-defined]


def _whole_or_older(log: Log, published: Path) -> None:
    if (published / "checkpoint").exists():
        judge_published(log, published, at_least=0)


# ------------------------------------------------------------------------------------------------ witnesses


@dataclass
class Near:
    """A witness without a network between."""

    witness: Witness
    signed: list[bytes] = field(default_factory=list)

    def add_checkpoint(self, body: bytes) -> Reply:
        answer = self.witness.add_checkpoint(body)
        if answer.latest is not None:
            self.signed.append(answer.latest)
        return Reply(answer.status, answer.body, answer.content_type)

    def latest(self, origin: str) -> bytes | None:
        return self.witness.store.latest(origin)


def witness_failures(databases: Databases | None = None) -> Counts:
    """Each call to two witnesses, while a production records and submits three times."""
    name = f"witnesses{_over(databases)}: each request lost, or answered and the answer lost"
    return every_fault(lambda faults: _submit(faults, databases), _UNREACHABLE, Counts(name))


def _submit(faults: Faults, databases: Databases | None) -> None:
    stores = None if databases is None else dict.fromkeys(("ledger", "keys", "index"), databases())
    with quick_folder() as folder, _production(folder, stores) as (production, witnesses):
        asked = {f"https://{name}/": faulty(near, faults) for name, near in witnesses.items()}
        for size in (2, 3, 4):
            production.append([version_seen(Chance(size))])
            with suppress(UnavailableError):
                witnessing.submit(production, ask=lambda url: asked[url])
            require(production.log.size == size, "a witness held up recording")
        came = witnessing.submit(production, ask=lambda url: asked[url])
        require(came.quorum.reached, f"the quorum is not reached although the witnesses are back: {came.outcomes}")
        require(production.ledger.frozen() is None, "a lost answer froze the log")
        for near in witnesses.values():
            for note in near.signed:
                head = Checkpoint.parse(Note.parse(note).text)
                require(production.log.root_at(head.size) == head.root, "a witness signed a fork")


@contextmanager
def _production(folder: Path, stores: dict[str, str] | None) -> Iterator[tuple[Production, dict[str, Near]]]:
    show = folder / "show"
    Production.create(show, title="A Show", domain="studio.example", stores=stores).close()
    key = VerifierKey.parse((show / ".edgecode" / "log.vkey").read_text().strip())
    names = ("guild.example", "estate.example")
    witnesses = {name: Near(witness_in(folder / name, key, name=f"{name}/w1")) for name in names}
    lines: dict[str, VerifierKey | str] = {
        name.partition(".")[0]: f"{near.witness.cosigner.key} https://{name}/" for name, near in witnesses.items()
    }
    (show / "policy.txt").write_bytes(policy_text([], lines, "group both all guild estate\nquorum both"))
    write_settings(show, replace(read_settings(show), policy="policy.txt"))
    try:
        with Production.open(show) as production:
            yield production, witnesses
    except EdgecodeError as error:
        raise Wrong("corrupt", f"{error.code} {error}") from error
    finally:
        for near in witnesses.values():
            near.witness.store.close()
