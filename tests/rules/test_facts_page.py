"""The page on packs says every fact that rules may read."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_on_packs_lists_every_fact_of_the_catalogue() -> None:
    done = subprocess.run([sys.executable, "dev/facts.py", "--check"], cwd=ROOT, check=False)

    assert done.returncode == 0
