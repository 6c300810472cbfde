"""A production with a person in it: a voice capture that a generated shot was made from, prompts, notes, and a cut that shows the shot."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from answers.recorded_film import shown
from edgecode.drivers.key_files import FileSigner
from edgecode.drivers.world import World
from edgecode.events.cut_facts import cut_added
from edgecode.events.kinds import (
    Event,
    MediaFacts,
    PlaceSection,
    Recipe,
    RootFact,
    RootNamed,
    RootPlace,
    StepBytes,
    StepFact,
    StepInput,
    StepPerformed,
    StepPlace,
    TextSection,
    VersionBytes,
    VersionFact,
    VersionSeen,
)
from edgecode.ingest.digests import Mark
from edgecode.ingest.stat_cache import CachedFile
from edgecode.production import Production
from edgecode.production.erasing.ordering import Order, Request, approve, plan
from edgecode.production.persons.noting import add_person, depict, name_approver, note_person
from edgecode.terms.cuts import CutReading, Track
from edgecode.terms.evidence import Grade
from edgecode.terms.identity import RecordId
from edgecode.terms.places import Place
from edgecode.terms.steps import InputRole, StepKind
from edgecode.terms.timebase import Rate

NAME, MAIL, FEE, PROMPT = (
    "Wilhelmina Oxenstierna",
    "mina@oxen.example",
    "18,500 EUR a day",
    "make her say goodbye in the rain",
)
VOICE_PATH, SHOT_PATH = "capture/mina_take_0042.wav", "shots/sh010_v003.mov"
PLAIN_PATH = "shots/sh020_v001.mov"
REQUEST = Request("2026-11-20", "person", "identity-document", "consent-withdrawn", "handed-over")


def digest_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


@dataclass
class Clock:
    """A clock that tests set to a day."""

    day: str = "2026-11-23"
    ticks: int = 0

    def __call__(self) -> int:
        self.ticks += 1
        days = date.fromisoformat(self.day).toordinal() - date(1970, 1, 1).toordinal()
        return days * 86_400_000 + 36_000_000 + self.ticks


@dataclass
class Film:
    """Where everything lies, and the ids that tests ask about."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    ids: dict[str, RecordId] = field(default_factory=dict)
    signers: list[FileSigner] = field(default_factory=list)
    alias: str = ""

    @property
    def world(self) -> World:
        return World(milliseconds=self.clock)

    @property
    def state(self) -> Path:
        return self.folder / ".edgecode"

    def open(self) -> Production:
        return Production.open(self.folder, world=self.world)

    def order(self, production: Production, request: Request = REQUEST, *, also_text: Sequence[RecordId] = ()) -> Order:
        order = plan(production, self.alias, request, also_text=also_text).order
        for signer in self.signers:
            order = approve(production, order, signer)
        return order


def make_film(
    folder: Path, *, stores: dict[str, str] | None = None, biometric: bool = True, clock: Clock | None = None
) -> Film:
    """A film with one person: `P-01`."""
    film = Film(folder, clock or Clock())
    with Production.create(folder, title="A Film", stores=stores, world=film.world) as production:
        new = film.world.new_id
        film.ids |= {name: new() for name in ("voice", "shot", "plain", "step", "other step", "cut")}
        production.append(list(_events(film)))
        production.cache.remember(
            "media", [(VOICE_PATH.encode(), _cached("voice")), (SHOT_PATH.encode(), _cached("shot"))]
        )
        production.append([_cut(film)])
        film.alias = add_person(production, identity={"name": NAME}, contact={"email": MAIL})
        note_person(production, film.alias, "agreement", {"fee": FEE})
        depict(production, film.alias, film.ids["voice"], how="likeness-source", biometric=biometric)
        depict(production, film.alias, film.ids["shot"], how="heard", first=0, end=48)
        film.signers = [FileSigner(Ed25519PrivateKey.generate()) for _ in range(2)]
        for signer in film.signers:
            name_approver(production, signer.public.hex())
    return film


def _events(film: Film) -> Iterator[Event]:
    yield RootNamed(RootFact("media"), RootPlace(("/mnt/show",)))
    yield _seen(film, "voice", VOICE_PATH, MediaFacts("audio", samples=96_000, sample_rate=48_000))
    yield _seen(film, "shot", SHOT_PATH, MediaFacts("video", rate="24/1", frames=96))
    yield _seen(film, "plain", PLAIN_PATH, MediaFacts("video", rate="24/1", frames=96))
    inputs = (StepInput(film.ids["voice"], InputRole.REFERENCE),)
    yield StepPerformed(
        StepFact(film.ids["step"], StepKind.GENERATE, "record", Grade.LOGGED, (film.ids["shot"],), inputs),
        StepBytes({film.ids["voice"]: digest_of("voice")}),
        StepPlace({film.ids["voice"]: f"/mnt/show/{VOICE_PATH}"}),
        recipe=Recipe(seeds=("7",)),
        text=TextSection((("prompt", PROMPT),)),
    )
    recorded = StepFact(film.ids["other step"], StepKind.CAPTURE, "record", Grade.LOGGED, (film.ids["voice"],))
    yield StepPerformed(recorded)


def _seen(film: Film, name: str, path: str, media: MediaFacts) -> VersionSeen:
    place = Place.of("media", path)
    return VersionSeen(
        VersionFact(film.ids[name], media),
        VersionBytes(digest_of(name), 1_000),
        PlaceSection(place.root, place.path, place.text),
    )


def _cached(name: str) -> CachedFile:
    return CachedFile(Mark(1, 2, 3, 4, 5), 6, bytes.fromhex(digest_of(name)), b"1" * 16, b"{}", "r1", False)


def _cut(film: Film) -> Event:
    reading = CutReading(
        "reel1",
        "otio",
        "test",
        Rate(24),
        False,
        86_400,
        144,
        (Track("V1", "picture"), Track("V2", "picture"), Track("A1", "sound")),
        (
            shown("sh010", f"/mnt/show/{SHOT_PATH}", 0, 96),
            shown("sh020", f"/mnt/show/{PLAIN_PATH}", 96, 144),
            shown("line 1", f"/mnt/show/{VOICE_PATH}", 0, 48, track=2),
        ),
    )
    return cut_added(reading, cut=film.ids["cut"], clip_ids=[film.world.new_id() for _ in reading.clips])


def another_cut(film: Film) -> Event:
    """A later cut that plays the voice as well."""
    reading = CutReading(
        "reel2",
        "otio",
        "test",
        Rate(24),
        False,
        86_400,
        48,
        (Track("V1", "picture"), Track("V2", "picture"), Track("A1", "sound")),
        (shown("line 2", f"/mnt/show/{VOICE_PATH}", 0, 48, track=2),),
    )
    return cut_added(reading, cut=film.world.new_id(), clip_ids=[film.world.new_id()])


def all_bytes(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def holding(folder: Path, *wanted: bytes) -> list[str]:
    """The files that hold one of these."""
    return [name for name, data in all_bytes(folder).items() if any(one in data for one in wanted)]
