"""A small film on a real index: events in ledger order, projected as production would, in memory."""

from fractions import Fraction
from hashlib import sha256

from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.events.codec import Leaf
from edgecode.events.cut_facts import cut_added
from edgecode.events.file_facts import FileFacts, in_sections
from edgecode.events.kinds import (
    AnswerFact,
    AnswerGiven,
    AnswerWithdrawn,
    Claim,
    Event,
    ModelFact,
    ModelKnown,
    NameSection,
    PlaceSection,
    ProductionFact,
    ProductionOpened,
    Recipe,
    SequenceBytes,
    SequenceFact,
    SequenceSeen,
    StepFact,
    StepInput,
    StepPerformed,
    Tool,
    VersionBytes,
    VersionFact,
    VersionSeen,
    WithdrawalFact,
)
from edgecode.events.registry import Recorded
from edgecode.index.projector import project
from edgecode.terms.cuts import Clip, CutReading, EffectsVisible, Media, Track
from edgecode.terms.evidence import Grade
from edgecode.terms.identity import RecordId, record_id, sequence_root
from edgecode.terms.places import Place
from edgecode.terms.steps import InputRole, ModelUse, StepKind
from edgecode.terms.timebase import Rate

ROOTS = {"media": ["/mnt/show", "Z:\\show"]}
POINT = LedgerPoint("edgecode.test/film", 9, "11" * 32)


class RecordedFilm:
    """Events one after the other; `index` projects them. Names stand for record ids."""

    def __init__(self, title: str = "The Last Verse") -> None:
        self.events: list[Event] = []
        self.ids: dict[str, RecordId] = {}
        self.store = SqliteIndex(":memory:")
        self._projected = 0
        self.add(ProductionOpened(ProductionFact(self.id("production"), title, "0")))

    def id(self, name: str) -> RecordId:
        if name not in self.ids:
            self.ids[name] = record_id(1_790_000_000_000 + len(self.ids), sha256(name.encode()).digest()[:10])
        return self.ids[name]

    def add(self, event: Event) -> None:
        self.events.append(event)

    def index(self) -> SqliteIndex:
        fresh = self.events[self._projected :]
        recorded = [
            Recorded(
                self._projected + n,
                Leaf(self.id(f"event {self._projected + n}"), 0, event.TYPE, "k:00000000", (), _sealed(event)),
                event,
            )
            for n, event in enumerate(fresh)
        ]
        self._projected = len(self.events)
        project(self.store, recorded, size=self._projected, root=bytes(32))
        return self.store

    def file(
        self, path: str, *, frames: int = 0, start: int | None = None, media_class: str = "video", **facts: object
    ) -> str:
        """A file below the media root was read; its digest."""
        digest = sha256(path.encode()).hexdigest()
        media, words = in_sections(
            FileFacts(media_class, rate="24/1" if frames else "", frames=frames, start=start, **facts)  # type: ignore[arg-type]
        )
        place = Place.of("media", path)
        self.add(
            VersionSeen(
                VersionFact(self.id(path), media),
                VersionBytes(digest, 1000),
                PlaceSection(place.root, place.path, place.text),
                words,
            )
        )
        return digest

    def sequence(
        self,
        before: str,
        after: str,
        first: int,
        last: int,
        *,
        copied: dict[int, str] | None = None,
        missing: tuple[int, ...] = (),
        **facts: object,
    ) -> str:
        """An image sequence below the media root was read; its name is *before* and *after* with a star between.

        *copied*: the path whose bytes a frame has, where they are not its own.
        """
        wanted = [n for n in range(first, last + 1) if n not in missing]
        paths = {n: f"{before}{n}{after}" for n in wanted} | (copied or {})
        digests = [(n, sha256(path.encode()).digest()) for n, path in sorted(paths.items())]
        root = sequence_root(digests)
        media, words = in_sections(
            FileFacts("sequence", rate="24/1", frames=len(paths), first_frame=first, **facts)  # type: ignore[arg-type]
        )
        place = Place.of_sequence("media", before, after)
        self.add(
            SequenceSeen(
                SequenceFact(self.id(f"{before}*{after}"), first, last, len(paths), media, 4),
                SequenceBytes(root, 1000, tuple((n, digest.hex(), 10) for n, digest in digests)),
                PlaceSection(place.root, place.path, place.text),
                words,
            )
        )
        return root

    def weights(self, name: str) -> None:
        self.add(ModelKnown(ModelFact(self.id(name), "checkpoint"), NameSection(name)))

    def step(
        self,
        kind: StepKind,
        outputs: list[str],
        inputs: list[tuple[str, InputRole]] | None = None,
        *,
        tool: str = "",
        models: tuple[ModelUse, ...] = (),
        seeds: tuple[str, ...] = (),
        status: str = "done",
    ) -> None:
        name = f"step {len(self.events)}"
        self.add(
            StepPerformed(
                StepFact(
                    self.id(name),
                    kind,
                    "record",
                    Grade.LOGGED,
                    tuple(self.id(output) for output in outputs),
                    tuple(StepInput(self.id(source), role) for source, role in inputs or []),
                    Tool(tool) if tool else None,
                    status=status,  # type: ignore[arg-type]
                ),
                recipe=Recipe(models, seeds) if models or seeds else None,
            )
        )

    def cut(
        self,
        name: str,
        clips: list[Clip],
        *,
        tracks: tuple[Track, ...] = (Track("V1", "picture"), Track("V2", "picture"), Track("A1", "sound")),
        frames: int | None = None,
        start: int = 86_400,
        edl: bool = False,
    ) -> None:
        reading = CutReading(
            name,
            "edl" if edl else "otio",
            "test",
            Rate(24),
            False,
            start,
            frames if frames is not None else int(max(clip.record_out for clip in clips)),
            tracks,
            tuple(clips),
            effects_visible=EffectsVisible.NO if edl else EffectsVisible.YES,
        )
        ids = [self.id(f"{name} clip {number}") for number in range(len(clips))]
        self.add(cut_added(reading, cut=self.id(f"cut {name}"), clip_ids=ids))

    def answer(
        self,
        name: str,
        cut: str,
        kind: StepKind,
        *,
        versions: tuple[RecordId, ...] = (),
        clips: tuple[RecordId, ...] = (),
    ) -> None:
        fact = AnswerFact(self.id(name), self.id(f"cut {cut}"), Claim(kind), "making", (), versions, clips)
        self.add(AnswerGiven(fact))

    def withdraw(self, name: str) -> None:
        self.add(AnswerWithdrawn(WithdrawalFact(self.id(name))))


def _sealed(event: Event) -> dict[str, str]:
    """The commitment to a section about a person; the index looks only whether there is one."""
    return {"person": "00" * 32} if getattr(event, "person", None) is not None else {}


def shown(name: str, path: str, first: int, end: int, *, track: int = 0, source: int = 0, reel: str = "") -> Clip:
    """A clip that names a file by its path."""
    media = Media("file" if path else "none", targets=(path,) if path else (), reel=reel)
    kind = "sound" if track == 2 else "picture"
    return Clip(
        name,
        kind,  # type: ignore[arg-type]
        (track,),
        Fraction(first),
        Fraction(end),
        media,
        Rate(24),
        Fraction(source),
    )


def last_verse() -> RecordedFilm:
    """Rushes, a generated sky in a comp, an unexplained render, a missing insert, a voice."""
    film = RecordedFilm()
    film.file("dailies/A045C012.mov", frames=200, reel="A045C012", header_key="ARRI")
    film.step(StepKind.CAMERA, ["dailies/A045C012.mov"], tool="ARRI")
    film.weights("wan2.2.safetensors")
    film.file("ref/garden.png", media_class="still")
    film.step(StepKind.PAINT, ["ref/garden.png"], tool="Krita")
    film.sequence("gen/sky.", ".png", 1, 100)
    film.step(
        StepKind.GENERATE,
        ["gen/sky.*.png"],
        [("wan2.2.safetensors", InputRole.WEIGHTS), ("ref/garden.png", InputRole.REFERENCE)],
        tool="ComfyUI",
        models=(ModelUse("wan2.2.safetensors", "checkpoint", {"sha256": "9f3c" * 16}), ModelUse("dream.lora", "lora")),
        seeds=("18446744073709551615",),
    )
    film.sequence("vfx/sh0420_v012.", ".exr", 1001, 1100)
    film.step(
        StepKind.COMP,
        ["vfx/sh0420_v012.*.exr"],
        [("dailies/A045C012.mov", InputRole.PICTURE), ("gen/sky.*.png", InputRole.PICTURE)],
        tool="Nuke",
    )
    film.file("vfx/sh0512_v003.mov", frames=24)
    film.file("sound/voice.wav", media_class="audio")
    film.step(StepKind.SOUND_RECORDING, ["sound/voice.wav"])
    film.cut(
        "Cut 13",
        [
            shown("A045C012", "/mnt/show/dailies/A045C012.mov", 0, 100),
            shown("sh0420", "/mnt/show/vfx/sh0420_v012.%04d.exr", 90, 150, source=1001),
            shown("sh0512", "/mnt/show/vfx/sh0512_v003.mov", 150, 174),
            shown("insert7", "", 200, 209),
            shown("voice", "/mnt/show/sound/voice.wav", 10, 60, track=2),
        ],
        frames=240,
    )
    return film
