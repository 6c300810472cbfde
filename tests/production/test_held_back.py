"""A file that an erasure took from the record and that still lies there is recognised, said, and not recorded again."""

import wave
from pathlib import Path

import pytest

from edgecode.index.catalogue import versions_of_content
from edgecode.ingest.intake import Intake
from edgecode.production import Production
from edgecode.production.erasing.ordering import erase_person
from edgecode.production.held_back import FILE
from edgecode.production.persons.noting import depict
from production.erased_person import Film, all_bytes, make_film


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return make_film(tmp_path / "film")


@pytest.fixture
def media(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    for number, name in enumerate(("capture", "plain"), 1):
        with wave.open(str(tmp_path / "media" / f"{name}.wav"), "wb") as file:
            file.setparams((1, 2, 48_000, 0, "NONE", ""))
            file.writeframes(bytes([number, 0]) * 4_800)
    return tmp_path / "media"


def _erased(film: Film, media: Path, *, completely: bool = False) -> str:
    """The digest of a file that was scanned, declared somebody's own and erased."""
    with film.open() as production:
        production.scan([media])
        digest = production.digest_of(media / "capture.wav")
        depict(production, film.alias, digest, how="heard", biometric=True)
        production.remembers_erased_files = not completely
        erase_person(production, film.order(production))
    return digest


def _codes(intake: Intake) -> list[str]:
    return [one.code for one in intake.diagnostics]


def _is_recorded(production: Production, digest: str) -> bool:
    return bool(versions_of_content(production.index, digest))


def test_a_scan_holds_an_erased_file_back_until_it_is_told_otherwise(film: Film, media: Path) -> None:
    digest = _erased(film, media)
    with film.open() as production:
        held = production.scan([media])
        before = _is_recorded(production, digest)
        residue = [name for name, data in all_bytes(film.folder).items() if bytes.fromhex(digest) in data]
        taken = production.scan([media], erased_too=True)
        after = _is_recorded(production, digest)

    assert (_codes(held), held.new, before, residue) == (["person.erased_file"], 0, False, [])
    assert (_codes(taken), taken.new, after) == ([], 1, True)


def test_a_record_of_a_step_does_not_bring_an_erased_file_back(film: Film, media: Path) -> None:
    digest = _erased(film, media)
    line = f'{{"schema":"edgecode.step/1","kind":"generate","outputs":[{{"path":"{media / "capture.wav"}"}}]}}'
    with film.open() as production:
        intake = production.record_lines([line.encode()])

        assert ("person.erased_file" in _codes(intake), _is_recorded(production, digest)) == (True, False)


def test_what_is_kept_of_an_erased_file_is_not_its_digest(film: Film, media: Path) -> None:
    digest = _erased(film, media)
    kept = (film.state / FILE).read_text()

    assert (digest in kept, len(kept.split()), {len(line) for line in kept.split()}) == (False, 2, {64})


def test_an_erasure_that_forgets_completely_keeps_no_mark(film: Film, media: Path) -> None:
    digest = _erased(film, media, completely=True)
    with film.open() as production:
        intake = production.scan([media])

        assert ((film.state / FILE).exists(), _codes(intake), intake.new) == (False, [], 1)
        assert _is_recorded(production, digest)
