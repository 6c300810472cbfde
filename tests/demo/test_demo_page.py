"""The demo's page in a real Chromium: at every frame it names what is on screen as matchback does."""

from pathlib import Path

import pytest

import chromium
from edgecode.answers.matchback.answer import matchback_frame
from edgecode.cli.demo.film import FRAMES
from edgecode.cli.demo.run import CUT, run_demo
from edgecode.production import Production

pytestmark = chromium.needs_browser

NAMES = """[...Array(%d).keys()].map((frame) => ["picture", "sound"].flatMap((kind) => seenAt(frame, kind)).map((clip) => clip.name))"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "here"
    run_demo(folder, open_page=False, tamper=False, out=lambda line: None)
    return folder


def test_the_page_names_what_is_seen_and_heard_in_the_order_of_matchback(folder: Path, tmp_path: Path) -> None:
    with chromium.opened(tmp_path / "profile") as browser:
        browser.open(folder / "look.html", width=1400, height=1000)
        shown = browser.value(NAMES % FRAMES)
        browser.value("select(1308)")
        panel = browser.value('[...document.querySelectorAll("#panel h3")].map((one) => one.lastChild.textContent)')

    assert isinstance(shown, list)
    with Production.open(folder) as production:
        view = production.view(CUT)
        asked = range(0, FRAMES, 12)
        named = [[one.clip for one in matchback_frame(production.index, view, frame).on_screen] for frame in asked]
    assert [shown[frame] for frame in asked] == named
    assert max(map(len, named)) > 1
    assert panel == shown[1308]
