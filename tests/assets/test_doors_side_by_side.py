"""Several doors on one production: questions that are taken back and records that stay, at the same time."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from asset_show import ROOT, make_show, program, step

from cli_png import picture
from edgecode.production import Production

CONNECTOR = ROOT / "connectors" / "openassetio"
TIMES = 12


def test_questions_taken_back_beside_records_that_stay_leave_the_index_that_the_log_makes(tmp_path: Path) -> None:
    make_show(tmp_path).close()
    media = tmp_path / "media"
    for number in range(TIMES):
        (media / f"new{number}.png").write_bytes(picture(100 + number))
    sys.path.insert(0, str(CONNECTOR))
    try:
        from edgecode_openassetio.door import Door
    finally:
        sys.path.remove(str(CONNECTOR))
    command, folder = [str(program(tmp_path / "bin"))], str(tmp_path / "show")
    asking, recording = Door(command, folder), Door(command, folder)

    def ask() -> list[Any]:
        line = step("generate", "never.png", "face.png", folder=media)
        return [asking.elements(ask="gate", steps=[line])[0]["gate"]["word"] for _ in range(TIMES)]

    def record() -> list[Any]:
        lines = [step("paint", f"new{number}.png", folder=media, id=f"p{number}") for number in range(TIMES)]
        return [recording.elements(ask="record", steps=[line])[0]["recorded"]["step"] for line in lines]

    with ThreadPoolExecutor(2) as threads:
        words, steps = threads.submit(ask), threads.submit(record)
        asked, recorded = set(words.result(timeout=240)), set(steps.result(timeout=240))
    asking.close()
    recording.close()

    assert (len(asked), "CLEARED" in asked, len(recorded)) == (1, False, TIMES)
    with Production.open(tmp_path / "show") as production:
        stands = production.index_dump()
    (tmp_path / "show" / ".edgecode" / "index.db").unlink()
    with Production.open(tmp_path / "show") as production:
        assert production.index_dump() == stands
