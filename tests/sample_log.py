"""A recorded production in a folder: real events, sealed, on a real SQLite file, under a key in a file."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from edgecode.drivers.key_files import FileSigner, create_key_file, open_key_file
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.events.kinds import (
    Event,
    MediaFacts,
    PlaceSection,
    StepFact,
    StepPerformed,
    TextSection,
    VersionBytes,
    VersionFact,
    VersionSeen,
)
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.audit import Audit, audit
from edgecode.ledger.log import Log
from edgecode.ledger.notes import VerifierKey
from edgecode.ledger.policy import Policy
from edgecode.ledger.sections import SectionJudge
from edgecode.people.sealing import opener, seal
from edgecode.terms.evidence import Grade
from edgecode.terms.identity import record_id
from edgecode.terms.steps import StepKind

ORIGIN = "example.org/edgecode/sample"
CLOCK = 1_795_000_000_000


class Chance:
    """Ids and random bytes from a seed."""

    def __init__(self, seed: int = 1) -> None:
        self.random = Random(seed)
        self.now = CLOCK
        self.production = record_id(CLOCK, self.random.randbytes(10))

    def bytes(self, count: int) -> bytes:
        return self.random.randbytes(count)

    def id(self) -> str:
        self.now += 1
        return record_id(self.now, self.random.randbytes(10))


def version_seen(chance: Chance) -> VersionSeen:
    """A still at a place."""
    return VersionSeen(
        VersionFact(chance.id(), MediaFacts("still", width=1920, height=1080)),
        VersionBytes(chance.bytes(32).hex(), 1_048_576),
        PlaceSection("root", f"shots/sh{chance.random.randrange(100):03}/plate.png"),
    )


def step_with_prompt(chance: Chance) -> StepPerformed:
    """A generative step with a prompt."""
    fact = StepFact(chance.id(), StepKind.GENERATE, "record", Grade.DECLARED, (chance.id(),))
    return StepPerformed(fact, text=TextSection((("prompt", "rain on a window, night"),)))


def sealed(event: Event, chance: Chance, keys: SqliteKeys, signer: FileSigner) -> SealedEvent:
    """*event* as production seals it."""
    return seal(
        event,
        id=chance.id(),
        ts=chance.now,
        actor=signer.actor,
        keys=keys,
        production=chance.production,
        randomness=chance.bytes,
    )


@dataclass
class Production:
    """An open production; `close` leaves only its files."""

    folder: Path
    chance: Chance
    signer: FileSigner
    keys: SqliteKeys
    store: SqliteLedger
    log: Log

    def events(self, count: int) -> list[SealedEvent]:
        """Stills, and every fourth a step with a prompt."""
        made = (step_with_prompt if place % 4 == 3 else version_seen for place in range(count))
        with self.keys.together():
            return [sealed(make(self.chance), self.chance, self.keys, self.signer) for make in made]

    def judge(self) -> SectionJudge:
        return SectionJudge(opener(self.keys), self.keys.is_destroyed)

    def audit(self) -> Audit:
        return audit(self.store, Policy.of_keys(self.log.key), judge=self.judge())

    def close(self) -> None:
        self.store.close()
        self.keys.close()


def new_production(folder: Path, *, seed: int = 1) -> Production:
    """An empty production in *folder*."""
    signer = create_key_file(folder / "log.key")
    keys, store = SqliteKeys(folder / "keys.db", create=True), SqliteLedger(folder / "ledger.db")
    return Production(folder, Chance(seed), signer, keys, store, Log.create(store, signer, origin=ORIGIN))


def audit_files(folder: Path, key: VerifierKey) -> Audit:
    """What an audit of the files in *folder* finds, without opening the log."""
    keys, store = SqliteKeys(folder / "keys.db", create=True), SqliteLedger(folder / "ledger.db")
    try:
        return audit(store, Policy.of_keys(key), judge=SectionJudge(opener(keys), keys.is_destroyed))
    finally:
        store.close()
        keys.close()


def reopened(production: Production) -> Production:
    """The same production opened from its files."""
    production.close()
    signer = open_key_file(production.folder / "log.key")
    keys, store = SqliteKeys(production.folder / "keys.db"), SqliteLedger(production.folder / "ledger.db")
    return Production(production.folder, production.chance, signer, keys, store, Log.open(store, signer))
