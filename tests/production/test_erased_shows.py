"""Random persons, captures, cuts and erasures: coverage never moves, the record verifies, and what is left is exactly what should be."""

import tempfile
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answers.recorded_film import shown
from edgecode.answers.coverage.answer import Coverage
from edgecode.drivers.key_files import FileSigner
from edgecode.events.cut_facts import cut_added
from edgecode.events.kinds import (
    Event,
    HashesSection,
    HeaderWords,
    MediaFacts,
    ModelFact,
    ModelKnown,
    NameSection,
    PlaceSection,
    RootFact,
    RootNamed,
    RootPlace,
    SequenceBytes,
    SequenceFact,
    SequenceSeen,
    StepFact,
    StepInput,
    StepPerformed,
    VersionBytes,
    VersionFact,
    VersionSeen,
)
from edgecode.index.catalogue import edge_code, version_rows
from edgecode.index.persons import persons
from edgecode.index.rows import number as numbered
from edgecode.ledger.verify import Verdict
from edgecode.production import Production, audit_of
from edgecode.production.erasing.ordering import erase_person
from edgecode.production.persons.noting import add_person, depict, name_approver, note_person, person_of, place_hold
from edgecode.terms.cuts import CutReading, Track
from edgecode.terms.evidence import Grade
from edgecode.terms.identity import RecordId, sequence_root
from edgecode.terms.places import Place
from edgecode.terms.steps import InputRole, StepKind
from edgecode.terms.timebase import Rate
from production.erased_person import Film, digest_of, holding

KINDS = ("still", "video", "audio", "sequence", "model", "twin", "tape")
CLASSES = ("agreement", "claim", "session", "other")


def events(film: Film, kinds: list[str]) -> list[tuple[RecordId, Event]]:
    """A version of each kind under `captures/`; a twin has the bytes of the first version at another place, a tape its reel's name."""
    found: list[tuple[RecordId, Event]] = []
    for number, kind in enumerate(kinds):
        identity = film.world.new_id()
        found.append((identity, seen(identity, number, kind)))
    return found


def seen(version: RecordId, number: int, kind: str) -> Event:
    if kind == "sequence":
        frames = [(n, bytes.fromhex(digest_of(f"{number}.{n}"))) for n in range(1001, 1025)]
        place = Place.of_sequence("media", f"captures/c{number}.", ".exr")
        media = MediaFacts("sequence", rate="24/1", frames=24, first_frame=1001)
        rows = tuple((n, digest.hex(), 10) for n, digest in frames)
        return SequenceSeen(
            SequenceFact(version, 1001, 1024, 24, media, 4),
            SequenceBytes(sequence_root(frames), 240, rows),
            PlaceSection(place.root, place.path, place.text),
        )
    if kind == "model":
        place = Place.of("media", f"captures/c{number}.safetensors")
        return ModelKnown(
            ModelFact(version, "lora"),
            NameSection(f"c{number}"),
            HashesSection({"sha256": digest_of(str(number))}),
            PlaceSection(place.root, place.path, place.text),
        )
    content = "0" if kind == "twin" else str(number)
    place = Place.of("media", f"captures/c{number}.mov")
    media = MediaFacts("video", rate="24/1", frames=48) if kind in ("video", "twin") else MediaFacts(kind)  # type: ignore[arg-type]
    if kind == "tape":
        media = MediaFacts("video", rate="24/1", frames=48, start=0, start_label="00:00:00:00")
    return VersionSeen(
        VersionFact(version, media),
        VersionBytes(digest_of(content), 100),
        PlaceSection(place.root, place.path, place.text),
        HeaderWords(reel=f"TAPE{number}") if kind == "tape" else None,
    )


def a_cut(film: Film, kinds: list[str]) -> Event:
    clips = []
    for number, kind in enumerate(kinds):
        suffix = {"sequence": "%04d.exr", "model": "safetensors"}.get(kind, "mov")
        source = 1001 if kind == "sequence" else 0
        path = f"/mnt/show/captures/c{number}.{suffix}" if kind != "tape" else ""
        name, reel = (f"c{number}", "") if path else (f"shot {number}", f"TAPE{number}")
        clips.append(shown(name, path, 24 * number, 24 * number + 24, source=source, reel=reel))
    tracks = (Track("V1", "picture"), Track("V2", "picture"), Track("A1", "sound"))
    reading = CutReading("reel1", "otio", "test", Rate(24), False, 86_400, 24 * len(kinds), tracks, tuple(clips))
    return cut_added(reading, cut=film.world.new_id(), clip_ids=[film.world.new_id() for _ in clips])


def coverage(production: Production) -> Coverage:
    found = production.coverage(production.view("reel1"))
    return msgspec.structs.replace(found, ledger=msgspec.structs.replace(found.ledger, size=0, root=""))


@st.composite
def shows(draw: st.DrawFn) -> dict[str, object]:
    kinds = ["video", *draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5))]
    count = draw(st.integers(1, 3))
    version = st.integers(0, len(kinds) - 1)
    people = [
        {
            "captures": draw(st.lists(version, max_size=2, unique=True)),
            "seen": draw(st.lists(version, max_size=2, unique=True)),
            "notes": draw(st.lists(st.sampled_from(CLASSES), max_size=3)),
            "keeps": draw(st.lists(st.sampled_from(CLASSES), max_size=2, unique=True)),
        }
        for _ in range(count)
    ]
    made = draw(st.lists(st.tuples(version, version), max_size=3))
    order = draw(st.permutations(range(count)))
    return {"kinds": kinds, "people": people, "made": made, "gone": order[: draw(st.integers(1, count))]}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(show=shows())
def test_whoever_is_erased_the_cut_counts_the_same_and_the_record_verifies(show: dict) -> None:  # type: ignore[type-arg]
    with tempfile.TemporaryDirectory() as folder:
        film = built(Path(folder) / "film", show)
        with film.open() as production:
            before = coverage(production)
            refs = {person.alias: person.ref for person in persons(production.index)}
            left = {f"P-{number + 1:02d}" for number in range(len(show["people"]))}
            codes = codes_of_captures(production)
            words: list[bytes] = []
            for number in show["gone"]:
                film.alias = f"P-{number + 1:02d}"
                kept = held(show["people"][number])
                order = film.order(production)
                erase_person(production, order)

                assert order.fact.scope == ("limited" if kept else "whole")
                assert coverage(production) == before
                words.append(f"name of {number}".encode())
                if kept:
                    assert sorted({note.holds for note in person_of(production, film.alias).notes}) == sorted(kept)
                    continue
                left.discard(film.alias)
                words.append(refs[film.alias].encode())

            assert {person.alias for person in persons(production.index)} == left
            assert codes_of_captures(production) == codes
            grown = production.index_dump()
            production.rebuild_index()
            assert production.index_dump() == grown
        found, _ = audit_of(film.folder)
        assert (found.verdict, found.report.findings) == (Verdict.UNWITNESSED, ())
        assert holding(film.folder, *words) == []


def codes_of_captures(production: Production) -> dict[RecordId, str]:
    """The characters of the edge code of everything that is somebody's own, erased or not."""
    ids = [numbered(row[0]) for row in production.index.rows("all_versions", 0, 1_000)]
    rows = [row for row in version_rows(production.index, ids).values() if row.committed is not None]
    codes = {row.key: edge_code(production.index, row) for row in rows}
    return {key: code.digits for key, code in codes.items() if code is not None}


def held(person: dict) -> set[str]:  # type: ignore[type-arg]
    """The classes of notes that a hold keeps."""
    return set(person["notes"]) & set(person["keeps"])


def built(folder: Path, show: dict) -> Film:  # type: ignore[type-arg]
    film = Film(folder)
    with Production.create(folder, title="Random", world=film.world) as production:
        versions = events(film, show["kinds"])
        keys = [version for version, _ in versions]
        production.append([RootNamed(RootFact("media"), RootPlace(("/mnt/show",))), *(event for _, event in versions)])
        for source, made in show["made"]:
            if source < made:
                inputs = (StepInput(keys[source], InputRole.PICTURE),)
                fact = StepFact(film.world.new_id(), StepKind.COMP, "record", Grade.LOGGED, (keys[made],), inputs)
                production.append([StepPerformed(fact)])
        first = StepFact(film.world.new_id(), StepKind.CAMERA, "record", Grade.LOGGED, (keys[0],))
        production.append([StepPerformed(first), a_cut(film, show["kinds"])])
        for number, person in enumerate(show["people"]):
            alias = add_person(production, identity={"name": f"name of {number}"}, contact={})
            for holds in person["notes"]:
                note_person(production, alias, holds, {"what": f"name of {number} again"})
            for version in person["captures"]:
                depict(production, alias, keys[version], how="likeness-source", biometric=True)
            for version in person["seen"]:
                depict(production, alias, keys[version], how="depicted")
            if person["keeps"]:
                place_hold(production, alias, "dispute", person["keeps"])
        film.signers = [FileSigner(Ed25519PrivateKey.generate()) for _ in range(2)]
        for signer in film.signers:
            name_approver(production, signer.public.hex())
    return film
