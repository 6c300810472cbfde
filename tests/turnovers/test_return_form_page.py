"""The return form in a real browser: it asks the network for nothing, and what it saves is what the reader of forms takes."""

import base64
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chromium import Page, needs_browser, opened
from edgecode.answers.turnover.form_page import form_page
from edgecode.answers.turnover.request import RequestRow, TurnoverRequest
from edgecode.ingest.turnover_form import FormRow, FormSignatory, read_form

TURNOVER = "0199c82c-c001-7000-8000-000000000001"
HOSTILE = '</script><img src=x onerror="document.title=1">'
REQUEST = TurnoverRequest(
    TURNOVER,
    "T-01",
    f"A Show {HOSTILE}",
    "asking.example/edgecode/1",
    "reel",
    "24/1",
    "2027-03-01",
    (
        RequestRow(1, HOSTILE, "file", 1001, 1049, (0, 48), ("01:00:00:00", "01:00:02:00"), "V1", "sh010.#.exr"),
        RequestRow(2, "sh020", "cut", 48, 60, (48, 60), ("01:00:02:00", "01:00:02:12"), "V1"),
    ),
)

SAVED = """
new Promise((resolve) => {
  URL.createObjectURL = (blob) => { blob.text().then(resolve); return "#saved"; };
  document.getElementById("save").click();
  setTimeout(() => resolve(""), 1500);
})
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("form")
    path = folder / "return-form.html"
    path.write_text(form_page(REQUEST), "utf-8")
    with opened(folder / "profile") as found:
        found.go_offline()
        found.open(path, width=1100, height=900)
        picture = os.environ.get("EDGECODE_PICTURES")
        if picture:
            Path(picture, "return-form.png").write_bytes(found.screenshot(whole=True))
        yield found


def fill(page: Page, part: int, field: str, text: str) -> None:
    script = f"""(() => {{
        const one = document.querySelectorAll('.part')[{part}].querySelector('[data-field="{field}"]');
        one.value = {text!r};
        one.dispatchEvent(new Event('input', {{ bubbles: true }}));
    }})()"""
    page.value(script)


def tick(page: Page, part: int, word: str) -> None:
    page.value(f"document.querySelectorAll('.part')[{part}].querySelector('input[value={word}]').click()")


@needs_browser
def test_the_page_is_filled_in_and_saves_what_the_reader_takes(page: Page) -> None:
    assert page.value("document.getElementById('progress').textContent") == "0 of 60 frames answered, 60 open"
    tick(page, 0, "people")
    tick(page, 0, "model")
    fill(page, 0, "frames", "1001-1040")
    fill(page, 0, "people", "Ann Nightingale")
    assert page.value("document.getElementById('progress').textContent") == "40 of 60 frames answered, 20 open"

    assert page.value(SAVED) == ""
    assert "Say who stands" in str(page.value("document.getElementById('said').textContent"))
    page.value("document.getElementById('sign-name').value = 'A. Producer'")
    form, said = read_form(str(page.value(SAVED)).encode(), name="return.json")

    row = FormRow(1, HOSTILE, "1001-1040", ("people", "model"), people="Ann Nightingale")
    assert (form.turnover, form.rows, form.signatory, said) == (TURNOVER, (row,), FormSignatory("A. Producer"), [])


@needs_browser
def test_frames_that_are_no_numbers_are_said_before_anything_is_saved(page: Page) -> None:
    tick(page, 1, "camera")
    fill(page, 1, "frames", "the first half")

    assert (
        page.value("document.querySelectorAll('.problem')[1].textContent") == "Write frames as numbers: 1001-1048, 1060"
    )
    assert page.value(SAVED) == ""
    fill(page, 1, "frames", "")
    tick(page, 1, "camera")


@needs_browser
def test_a_name_that_is_markup_stays_a_name_and_nothing_is_asked_of_a_network(page: Page) -> None:
    assert page.value("document.querySelector('h2').textContent") == f"1. {HOSTILE}"
    assert page.value("document.images.length") == 0
    assert page.messages == []
    assert [one for one in page.asked if not one.startswith(("file:", "data:"))] == []


@needs_browser
def test_every_field_has_a_label(page: Page) -> None:
    bare = "[...document.querySelectorAll('input, select, textarea')].filter((one) => !one.labels.length).length"

    assert page.value(bare) == 0


def test_the_page_allows_no_script_and_no_style_but_its_own() -> None:
    text = form_page(REQUEST)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    digests = re.findall(r"'sha256-([^']+)'", policy)

    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert [len(base64.b64decode(one)) for one in digests] == [32, 32]
    assert "http" not in re.sub(r'http-equiv="[^"]+"', "", text)
