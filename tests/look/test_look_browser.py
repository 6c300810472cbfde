"""The look page in a real Chromium: offline, without a word on the console, and with no lost frame hidden."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import chromium
import look_samples
from edgecode.answers.look.data import LookData
from edgecode.answers.look.page import page

pytestmark = chromium.needs_browser

RED_COLUMNS = """(() => {
  const canvas = document.getElementById("strip"), row = view.rows.find((one) => one.kind === "%s");
  const ratio = window.devicePixelRatio || 1, y = Math.round((row.y + %s) * ratio);
  const line = canvas.getContext("2d").getImageData(0, y, canvas.width, 1).data, red = [];
  for (let x = 0; x < canvas.width; x++) if (line[4 * x] > 180 && line[4 * x + 1] < 90 && line[4 * x + 2] < 100) red.push(x);
  return red;
})()"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Page]:
    with chromium.opened(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def show(browser: chromium.Page, data: LookData, folder: Path, *, width: int = 1400, dark: bool = False) -> Path:
    path = folder / "look.html"
    path.write_text(page(data, {}), "utf-8")
    browser.messages.clear()
    browser.asked.clear()
    browser.open(path, width=width, height=1000, dark=dark)
    return path


def place_of(browser: chromium.Page, frame: int, row: str) -> tuple[float, float]:
    """Where a frame of a row stands in the window."""
    box = browser.value("(() => { const b = canvas.getBoundingClientRect(); return [b.left, b.top] })()")
    x = browser.value(f"xOf({frame}) + view.scale / 2")
    y = browser.value(
        f'(() => {{ const r = view.rows.find((one) => one.kind === "{row}"); return r.y + r.height / 2 }})()'
    )
    assert isinstance(box, list)
    return float(box[0]) + float(str(x)), float(box[1]) + float(str(y))


def panel(browser: chromium.Page) -> str:
    return str(browser.value('document.getElementById("panel").innerText'))


def test_the_page_opens_without_a_word_on_the_console_and_asks_for_nothing_but_itself(
    browser: chromium.Page, tmp_path: Path
) -> None:
    path = show(browser, look_samples.small(), tmp_path)

    assert browser.messages == []
    assert browser.asked == [path.as_uri()]


def test_hostile_names_run_nothing_and_are_shown_as_they_are(browser: chromium.Page, tmp_path: Path) -> None:
    path = show(browser, look_samples.hostile(), tmp_path)

    assert browser.messages == []
    assert browser.asked == [path.as_uri()]
    assert "</script><img src=x onerror=alert(1)>" in panel(browser)
    assert browser.value('document.querySelectorAll("img").length') == 0


def test_a_click_on_a_gap_says_why_and_what_would_settle_it(browser: chromium.Page, tmp_path: Path) -> None:
    show(browser, look_samples.small(), tmp_path)

    browser.click(*place_of(browser, 98, "picture"))

    shown = panel(browser)
    assert "01:00:04:02" in shown
    assert "no-match: matches no known file, 4 frames" in shown
    assert "edgecode scan /renders" in shown


def test_a_click_on_a_camera_frame_shows_its_chain_and_edge_code(browser: chromium.Page, tmp_path: Path) -> None:
    show(browser, look_samples.small(), tmp_path)

    browser.click(*place_of(browser, 30, "picture"))

    shown = panel(browser)
    assert "C 7K3F9 Q2M01 0034" in shown
    assert "cut from A001" in shown


def test_keys_walk_frames_and_gaps(browser: chromium.Page, tmp_path: Path) -> None:
    show(browser, look_samples.small(), tmp_path)
    browser.value("canvas.focus()")

    browser.press("Home")
    browser.press("ArrowRight")
    first = browser.value("view.frame")
    browser.press("n")

    assert (first, browser.value("view.frame")) == (1, 96)
    assert browser.value('canvas.getAttribute("aria-valuetext")') == "01:00:04:00, unaccounted, insert7"


def test_keys_work_before_anything_is_clicked_and_after_a_button_was(browser: chromium.Page, tmp_path: Path) -> None:
    data = look_samples.feature(frames=2000, clips=40, unaccounted=3)
    show(browser, data, tmp_path)
    gaps = [gap.first for gap in data.gaps]

    opened = browser.value("view.frame")
    browser.press("n")
    second = browser.value("view.frame")
    browser.value('(() => { const b = document.getElementById("next-gap"); b.focus(); b.click() })()')
    browser.press("p")
    browser.press("ArrowRight")
    browser.press("+")

    assert (opened, second, browser.value("view.frame")) == (gaps[0], gaps[1], gaps[1] + 1)
    assert browser.value("view.scale > whole() * 1.5") is True


def test_keys_that_a_page_scrolls_or_presses_with_stay_the_pages_outside_the_strip(
    browser: chromium.Page, tmp_path: Path
) -> None:
    show(browser, look_samples.feature(frames=2000, clips=40, unaccounted=3), tmp_path)
    before = browser.value("view.frame")

    for key in ("Home", "End", "PageDown"):
        browser.press(key)
    browser.value('document.querySelector("summary").focus()')
    browser.press("n")

    assert browser.value("view.frame") == before


def test_a_key_with_control_is_the_browsers_own(browser: chromium.Page, tmp_path: Path) -> None:
    show(browser, look_samples.small(), tmp_path)

    taken = browser.value(
        '(() => { const e = new KeyboardEvent("keydown", { key: "p", ctrlKey: true, bubbles: true, cancelable: true });'
        " document.body.dispatchEvent(e); return e.defaultPrevented })()"
    )

    assert taken is False


@pytest.mark.parametrize("width", [480, 1000, 1200, 1440])
def test_nothing_is_cut_off_or_wider_than_the_window(browser: chromium.Page, tmp_path: Path, width: int) -> None:
    show(browser, look_samples.long_names(), tmp_path, width=width)

    over = browser.value(
        '[...document.querySelectorAll("body, .side section, .panel, .gaps, .questions, header, footer")]'
        ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.id || one.className || one.tagName)"
    )

    assert over == []


def test_the_pointer_brings_up_a_card_and_takes_it_away(browser: chromium.Page, tmp_path: Path) -> None:
    show(browser, look_samples.small(), tmp_path)

    browser.hover(*place_of(browser, 70, "picture"))
    shown = browser.value('document.getElementById("card").innerText')
    browser.hover(5, 5)

    assert "ComfyUI" in str(shown)
    assert browser.value('document.getElementById("card").hidden') is True


@pytest.mark.parametrize("width", [1400, 500])
def test_every_lost_frame_of_a_feature_is_red_at_any_width(browser: chromium.Page, tmp_path: Path, width: int) -> None:
    data = look_samples.feature(frames=131_040, clips=2500, unaccounted=25)
    show(browser, data, tmp_path, width=width)
    browser.value("(() => { view.frame = -1; draw() })()")

    wanted = browser.value("GAPS.map((gap) => Math.floor(xOf(gap.first)))")
    in_band = browser.value(RED_COLUMNS % ("picture", "3"))
    in_gaps = browser.value(RED_COLUMNS % ("gaps", "7"))

    assert isinstance(wanted, list)
    assert isinstance(in_band, list)
    assert isinstance(in_gaps, list)
    assert [x for x in wanted if not {x, x + 1} & set(in_band)] == []
    assert [x for x in wanted if not {x, x + 1} & set(in_gaps)] == []


def test_a_feature_draws_within_a_screens_frame(browser: chromium.Page, tmp_path: Path) -> None:
    show(browser, look_samples.feature(frames=131_040, clips=2500, unaccounted=25), tmp_path)

    spent = browser.value(
        "(() => { const start = performance.now(); for (let i = 0; i < 20; i++) { zoom(1.2); draw() }"
        " return (performance.now() - start) / 20 })()"
    )

    assert float(str(spent)) < 100


def test_the_address_of_a_frame_opens_it(browser: chromium.Page, tmp_path: Path) -> None:
    path = show(browser, look_samples.small(), tmp_path)
    browser.call("Page.navigate", url="about:blank")

    browser.open(path, width=1200, height=900, fragment="#f=61")

    assert browser.value("view.frame") == 61


def test_a_class_in_the_legend_dims_the_others_and_says_that_it_is_pressed(
    browser: chromium.Page, tmp_path: Path
) -> None:
    show(browser, look_samples.small(), tmp_path)

    browser.value(
        '[...document.querySelectorAll("#legend button")].find((b) => b.innerText.includes("generated")).click()'
    )

    assert browser.value("view.only") == "G"
    assert browser.value('document.querySelectorAll("#legend [aria-pressed=true]").length') == 1


def test_the_table_lists_every_clip_once_it_is_opened(browser: chromium.Page, tmp_path: Path) -> None:
    show(browser, look_samples.feature(frames=20_000, clips=700, unaccounted=2), tmp_path)

    rows = browser.value(
        'new Promise((done) => { document.getElementById("clips").open = true;'
        ' setTimeout(() => done(document.querySelectorAll("#clip-table tbody tr").length), 600) })'
    )

    assert rows == 700
