"""What `conform --csv` offers as a candidate can be written into its form as it stands."""

import csv
from io import StringIO
from pathlib import Path

from running import run_command


def test_every_candidate_that_the_form_offers_settles_its_clip(demo: Path) -> None:
    rows = csv.DictReader(StringIO(run_command("conform", "cut13", "--open", "--csv", cwd=demo).out))
    (row,) = [row for row in rows if ";" in row["candidates"]]
    for candidate in row["candidates"].split("; "):
        (demo / "open.csv").write_text(f"no,version\n{row['no']},{candidate}\n", encoding="utf-8")
        done = run_command("conform", "cut13", "--settle", "open.csv", cwd=demo)
        run_command("conform", "cut13", "--clip", row["no"], "--undo", cwd=demo)

        assert (done.status, "recorded 1 decision" in done.err) == (0, True), done.err
