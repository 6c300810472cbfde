"""docs/how-to/read-content-credentials.md and docs/how-to/record-nuke.md say what happens."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from credential_samples import Signer, firefly, picture
from doc_pages import ROOT
from edgecode.ingest.nuke import NukeScript
from edgecode.production import Production
from edgecode.settings import read_settings

PAGE = (ROOT / "docs/how-to/read-content-credentials.md").read_text("utf-8")
NUKE_PAGE = (ROOT / "docs/how-to/record-nuke.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_shows_what_inspect_and_scan_do_with_its_own_settings(tmp_path: Path) -> None:
    studio = Signer()
    show, media = tmp_path / "show", tmp_path / "show" / "media"
    with Production.create(show, title="A Show"):
        pass
    media.mkdir()
    (show / "sky.png").write_bytes(studio.signed(picture(), firefly())[0])
    (media / "sky.png").write_bytes((show / "sky.png").read_bytes())
    (show / "studio.pem").write_text(studio.anchor)
    with (show / "edgecode.toml").open("a") as settings:
        settings.write(blocks("toml")[0])
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    _, inspect, scan = (line for block in blocks("sh") for line in block.splitlines())

    said = [
        subprocess.run([sys.executable, "-m", *line.split()], cwd=show, env=environment, capture_output=True, text=True)
        for line in (inspect, scan)
    ]

    versionless = re.compile(r"c2pa-python [\d.]+")
    shown = versionless.sub("", blocks("text")[0])
    assert shown in versionless.sub("", said[0].stdout)
    assert [one.returncode for one in said] == [0, 0], said
    assert read_settings(show).trust == tuple(tomllib.loads(blocks("toml")[0])["credentials"]["trust"])


def test_the_page_about_nuke_names_every_code_that_its_reader_says() -> None:
    named = set(re.findall(r"`(nuke\.\w+)`", NUKE_PAGE))

    script = (
        "Root {\n}\nRead {\n inputs 0\n file %V.exr\n}\nPrecomp {\n inputs 0\n file [x].nk\n}\n"
        "Merge2 {\n inputs 2\n}\nWrite {\n file a.exr\n}\nWrite {\n}\n"
    )
    said = {getattr(one, "code", "") for one in NukeScript().read(script.encode(), name="a.nk")} - {""}

    assert said == named
