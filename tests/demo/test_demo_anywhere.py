"""The demo's edit decision list holds the path of any folder, for the demo is the first thing that a newcomer starts."""

from pathlib import Path

import pytest

from edgecode.cli.demo.edl import edl
from edgecode.cli.demo.film import RATE
from edgecode.production import read_cuts


@pytest.mark.parametrize("folder", ["/home/me", "/home/Mein Prüf Ordner ü", "/home/映画 ✂"])
def test_the_list_of_the_demo_names_its_media_in_any_folder(folder: str, tmp_path: Path) -> None:
    (tmp_path / "cut.edl").write_bytes(edl(media=folder))

    (cut,) = read_cuts([tmp_path / "cut.edl"], rate=RATE)
    targets = {target for clip in cut.clips for target in clip.media.targets}

    assert targets and all(target.startswith(f"{folder}/") for target in targets)


def test_a_folder_whose_name_is_no_text_keeps_its_bytes() -> None:
    assert b"* SOURCE FILE: /home/\xfcber/" in edl(media=b"/home/\xfcber".decode("utf-8", "surrogateescape"))
