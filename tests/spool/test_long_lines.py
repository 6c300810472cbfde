"""A line that is longer than is ever read at once is refused and counted, and hides nothing of what stands behind it."""

from pathlib import Path

import pytest

from edgecode.answers.intake.line_answers import SpoolAnswer
from edgecode.production import Production
from edgecode.production.spools import taking
from edgecode.production.spools.keeping import spool_status
from edgecode.production.spools.taking import SpoolTaken, has_news, take_spool
from spool.killed_spool import line

BATCH = 1024
LONG = b'{"x":"' + b"a" * (3 * BATCH) + b'"}'


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(taking, "BATCH_BYTES", BATCH)
    monkeypatch.setattr(taking, "_SKIPPED_BYTES", 100)
    Production.create(tmp_path / "show", title="A Show").close()
    (tmp_path / "spool").mkdir()
    return tmp_path / "show"


def taken(show: Path) -> SpoolTaken:
    with Production.open(show) as production:
        return take_spool(show.parent / "spool", production=show, record=production.record_lines, now_seconds=0)


def counts(show: Path) -> tuple[int, int, int]:
    """(recorded, waiting, refused)."""
    found: SpoolAnswer = spool_status(show.parent / "spool", production=show)
    return found.recorded, found.waiting, found.refused


@pytest.mark.parametrize("where", [0, 1, 3])
def test_a_line_too_long_to_be_read_is_refused_and_what_is_behind_it_is_read(show: Path, where: int) -> None:
    lines = [line(1), line(2), line(3)]
    lines.insert(where, LONG)
    (show.parent / "spool" / "node.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    before = counts(show)
    first, after, second = taken(show), counts(show), taken(show)

    assert (before, after) == ((0, 4, 0), (3, 0, 1))
    assert [(one.code, one.path, one.effect) for one in first.intake.diagnostics] == [
        ("record.too_long", "node.jsonl", "row-missing")
    ]
    assert (first.intake.steps, second.intake.steps, second.intake.diagnostics) == (3, 0, ())


def test_a_long_line_is_waited_for_until_its_end_is_written(show: Path) -> None:
    path = show.parent / "spool" / "node.jsonl"
    path.write_bytes(line(1) + b"\n" + LONG)
    first, half = taken(show), counts(show)
    news = [has_news(show.parent / "spool", production=show, now_seconds=0)]
    with path.open("ab") as file:
        file.write(b"\n" + line(2) + b"\n")
    news.append(has_news(show.parent / "spool", production=show, now_seconds=0))
    second = taken(show)

    assert (first.intake.steps, half, news) == (1, (1, 0, 0), [False, True])
    assert (second.intake.steps, counts(show)) == (1, (2, 0, 1))
