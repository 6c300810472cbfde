"""The tables of what comes through each format that is no cut say what the readers do."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_says_what_the_readers_do() -> None:
    for library in ("avb", "c2pa", "pxr"):
        pytest.importorskip(library)
    done = subprocess.run([sys.executable, "dev/door_formats.py", "--check"], cwd=ROOT, check=False)

    assert done.returncode == 0


def test_no_format_tells_who_owns_it_or_whose_body_it_is() -> None:
    from door_facts import headers

    assert [form for form, said in headers().items() if said["owner, author, subjects"]] == []
