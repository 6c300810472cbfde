"""What is delivered is on record by its bytes, once, and only after the comparison and the gate."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from edgecode.errors import HeldError
from edgecode.production import Production
from edgecode.production.checking.cuts import check
from edgecode.production.delivering.comparing import compare
from edgecode.production.delivering.recording import delivered_on, record_delivery
from running import run_command

Render = Callable[..., Path]


def _copied(film: Path, folder: Path) -> Path:
    return Path(shutil.copytree(film, folder / "film", symlinks=True))


def test_a_master_is_recorded_once_by_the_digest_of_its_whole_file(
    film: Path, rendered: Render, tmp_path: Path
) -> None:
    master = rendered("plain")
    with Production.open(_copied(film, tmp_path)) as production:
        compared = compare(production, "cut12", {"": master})
        answer = replace(check(production, "cut12", gate="deliver").answer, word="CLEARED")

        counts = [record_delivery(production, compared, answer) for _ in range(2)]

        assert counts == [1, 0]
        assert list(delivered_on(production.index, answer.cut_id)) == [sha256(master.read_bytes()).hexdigest()]


def test_what_the_gate_holds_or_the_comparison_refuses_is_never_on_record(
    film: Path, rendered: Render, tmp_path: Path
) -> None:
    with Production.open(_copied(film, tmp_path)) as production:
        held = check(production, "cut12", gate="deliver").answer
        same = compare(production, "cut12", {"": rendered("plain")})
        other = compare(production, "cut13", {"": rendered("plain")})
        size = production.log.size

        with pytest.raises(HeldError, match=r"the deliver gate says HELD of cut12"):
            record_delivery(production, same, held)
        with pytest.raises(ValueError, match="no delivery"):
            record_delivery(production, other, replace(held, word="CLEARED"))

        assert production.log.size == size


def test_the_schedule_says_of_a_master_whether_its_delivery_is_on_record(
    film: Path, rendered: Render, tmp_path: Path
) -> None:
    shown = _copied(film, tmp_path)
    shutil.copy(rendered("plain"), tmp_path / "master.mp4")
    with Production.open(shown) as production:
        compared = compare(production, "cut12", {"": tmp_path / "master.mp4"})
        answer = replace(check(production, "cut12", gate="deliver").answer, word="CLEARED")
        before = _master_row(shown, tmp_path)
        record_delivery(production, compared, answer)

    after = _master_row(shown, tmp_path)
    assert "no delivery of these bytes is on record" in before["Gaps"]
    assert "on record" not in after["Gaps"]
    assert after["Date"][:2] == "20"


def _master_row(film: Path, folder: Path) -> dict[str, str]:
    (folder / "exhibits.toml").write_text('[1]\nfile = "master.mp4"\n')
    done = run_command("schedule", "cut12", "--exhibits", str(folder / "exhibits.toml"), "--json", cwd=film)
    table = next(block for block in json.loads(done.out)["blocks"] if block["type"] == "table")
    return next(dict(zip(table["columns"], one, strict=True)) for one in table["rows"] if one[2] == "Master")
