"""`edgecode ingest`: files of other programs become steps, beside what the media itself tells, and a bad one keeps nobody else's out."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from edgecode.events.kinds import StepPerformed
from edgecode.ingest.step_record import SCHEMA, RecordedFile, StepRecord
from edgecode.production import Production
from edgecode.production.doors import readers as doors
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import StepKind

WORDS = (
    "a garden\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 4471, Size: 8x8, Model hash: 0123456789, Model: meadow"
)

DIGITS = 64
FROM_THE_SHEET, FROM_THE_FILE = ("paint-sheet", StepKind.PAINT), ("a1111.png", StepKind.GENERATE)


class Sheet:
    """Lines of ``file`` each of which somebody painted; a line that says nothing is a problem."""

    name, version = "paint-sheet", "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        return head.startswith(b"painted\n")

    def read(self, data: bytes, *, name: str) -> Iterator[StepRecord | Diagnostic]:
        for number, line in enumerate(data.decode().splitlines()[1:], start=2):
            if line:
                file = RecordedFile(sha256=line) if len(line) == DIGITS else RecordedFile(line)
                yield StepRecord(schema=SCHEMA, kind=StepKind.PAINT, outputs=(file,), id=f"{name}:{number}")
            else:
                yield Diagnostic("paint.empty", "the line is empty", line=number, effect="row-missing")


@pytest.fixture
def production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Production]:
    monkeypatch.setattr(doors, "step_readers", lambda: (Sheet(),))
    media = tmp_path / "media"
    media.mkdir()
    words = PngImagePlugin.PngInfo()
    words.add_text("parameters", WORDS)
    Image.new("RGB", (8, 8)).save(media / "ai.png", pnginfo=words)
    (media / "sheet.txt").write_text("painted\nai.png\n\n", "utf-8")
    (media / "letter.txt").write_text("Dear all,", "utf-8")
    with Production.create(tmp_path / "show", title="Film") as opened:
        opened.add_root(media)
        yield opened


def steps(production: Production) -> list[tuple[str, StepKind]]:
    events = [entry.event for entry in production.recorded(0, production.log.size)]
    return [(event.fact.source, event.fact.kind) for event in events if isinstance(event, StepPerformed)]


def test_what_a_file_tells_is_recorded_once_with_its_reader_and_its_bad_lines_are_said(
    production: Production, tmp_path: Path
) -> None:
    media = tmp_path / "media"
    first = doors.take_in_files([media / "letter.txt", media / "sheet.txt"], record=production.record_lines)
    again = doors.take_in_files([media / "sheet.txt"], record=production.record_lines)

    assert (first.steps, again.steps, steps(production)) == (2, 0, [FROM_THE_FILE, FROM_THE_SHEET])
    assert [(said.code, said.path, said.line) for said in first.diagnostics] == [
        ("ingest.format_unknown", "letter.txt", 0),
        ("paint.empty", "sheet.txt", 3),
    ]


def test_a_pictures_own_record_is_read_although_a_sheet_told_of_its_bytes_first(
    production: Production, tmp_path: Path
) -> None:
    media = tmp_path / "media"
    digest = sha256((media / "ai.png").read_bytes()).hexdigest()
    (media / "digests.txt").write_text(f"painted\n{digest}\n", "utf-8")
    doors.take_in_files([media / "digests.txt"], record=production.record_lines)
    production.scan()
    production.scan()

    assert steps(production) == [FROM_THE_SHEET, FROM_THE_FILE]
