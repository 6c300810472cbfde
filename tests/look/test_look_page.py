"""The look page: one file that runs nothing but its own script and loads nothing at all."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from io import BytesIO

import msgspec
import pytest
from PIL import Image

import look_samples
from edgecode.answers.look import page as page_module
from edgecode.answers.look.data import LookData, LookQuestion
from edgecode.answers.look.page import page


def jpeg(color: tuple[int, int, int]) -> bytes:
    out = BytesIO()
    Image.new("RGB", (32, 18), color).save(out, "JPEG")
    return out.getvalue()


class Outline(HTMLParser):
    """Every element with its attributes, and the text of scripts and styles, as a browser's parser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.inside.append((tag, ""))

    def handle_data(self, data: str) -> None:
        if self.inside and self.elements[-1][0] in ("script", "style") and not data.isspace():
            self.inside[-1] = (self.inside[-1][0], self.inside[-1][1] + data)


def policy_of(text: str) -> str:
    return next(a["content"] or "" for tag, a in Outline(text).elements if tag == "meta" and "http-equiv" in a)


def data_in(text: str) -> object:
    found = re.search(r'<script type="application/json" id="look-data">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_a_clip_named_like_markup_adds_no_element_to_the_page() -> None:
    plain = [tag for tag, _ in Outline(page(look_samples.small(), {})).elements]
    hostile = [tag for tag, _ in Outline(page(look_samples.hostile(), {})).elements]

    assert sorted(set(hostile)) == sorted(set(plain))
    assert hostile.count("script") == plain.count("script") == 3
    assert "img" not in hostile


def test_hostile_texts_arrive_in_the_pages_data_exactly_as_they_were() -> None:
    text = page(look_samples.hostile(), {})

    assert msgspec.convert(data_in(text), LookData) == look_samples.hostile()


def test_the_policy_allows_the_pages_own_script_and_style_and_nothing_else() -> None:
    text = page(look_samples.small(), {})
    outline = Outline(text)
    digests = {
        kind: base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        for kind, body in outline.inside
        if kind == "style" or not body.startswith("{")
    }

    assert policy_of(text) == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digests['style']}'; "
        f"script-src 'sha256-{digests['script']}'; base-uri 'none'; form-action 'none'"
    )


def test_nothing_in_the_page_names_an_address_to_load() -> None:
    text = page(look_samples.feature(frames=2000, clips=40, unaccounted=3), {})
    loading = [
        (tag, name, value)
        for tag, attributes in Outline(text).elements
        for name, value in attributes.items()
        if name in ("src", "href", "srcset", "action", "data", "poster") and not (value or "").startswith("#")
    ]

    assert loading == []
    assert not re.search(r"https?://|@import|url\(|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\(|eval\(", text)


def test_no_element_carries_a_script_or_a_style_of_its_own() -> None:
    attributes = [name for _, given in Outline(page(look_samples.hostile(), {})).elements for name in given]

    assert [name for name in attributes if name.startswith("on") or name == "style"] == []


def test_a_hundred_percent_is_said_only_of_every_frame() -> None:
    nearly = look_samples.feature(frames=131_040, clips=2500, unaccounted=1)

    assert "<b>99.9&thinsp;%</b>" in page(nearly, {})


def test_the_headline_says_frames_ai_gaps_and_what_to_answer() -> None:
    text = page(look_samples.small(), {})

    headline = re.search(r'<p class="headline">(.*?)</p>', text)
    assert headline
    assert (
        re.sub(r"<.*?>", "", headline[1]) == "100 frames; 36 with generative AI; 4 nobody can explain; answer this one."
    )


def test_pictures_beyond_the_budget_are_left_out_shortest_screen_time_first(monkeypatch: pytest.MonkeyPatch) -> None:
    data = look_samples.small()
    versions = tuple(
        msgspec.structs.replace(version, picture=f"v{place}") for place, version in enumerate(data.versions)
    )
    data = msgspec.structs.replace(data, versions=versions)
    long, short = jpeg((200, 10, 10)), jpeg((10, 10, 200))
    monkeypatch.setattr(page_module, "PICTURE_BUDGET_BYTES", len(base64.b64encode(long)))

    text = page(data, {"v0": long, "v1": short})

    assert base64.b64encode(long).decode() in text
    assert base64.b64encode(short).decode() not in text


def test_bytes_that_are_no_picture_are_not_embedded() -> None:
    data = look_samples.small()
    versions = tuple(msgspec.structs.replace(version, picture="x") for version in data.versions)

    text = page(msgspec.structs.replace(data, versions=versions), {"x": b"<svg onload=alert(1)>"})

    assert '<script type="application/json" id="look-pictures">{}</script>' in text


def test_a_features_page_without_pictures_stays_below_two_megabytes() -> None:
    text = page(look_samples.feature(frames=131_040, clips=2500, unaccounted=20), {})

    assert len(text) < 2_000_000


def test_the_page_says_unwitnessed_and_what_it_does_not_prove() -> None:
    text = page(look_samples.small(), {})

    assert "412 entries" in text
    assert "<b>UNWITNESSED</b>: nobody outside has seen this record yet" in text
    assert "What this does not prove" in text


def test_the_same_data_gives_the_same_page() -> None:
    assert page(look_samples.small(), {}) == page(look_samples.small(), {})


def test_a_page_that_no_production_stands_behind_gives_no_command_that_would_fail() -> None:
    data = msgspec.structs.replace(look_samples.long_names(), questions=(LookQuestion("Who?", 4, ""),) * 5)

    text = page(data, {})

    asked = text[text.index('<section id="questions"') : text.index('<section id="gaps"')]
    assert "edgecode init; edgecode scan FOLDER; edgecode cut add FILE" in asked
    assert "edgecode answer" not in asked
    assert "None was kept" in text
    assert "UNWITNESSED" not in text[text.index("<footer>") : text.index('<script type="application/json"')]


def test_commands_of_a_page_name_the_cut() -> None:
    data = msgspec.structs.replace(look_samples.small(), cut="R1 final", questions=(LookQuestion("Who?", 4),) * 5)

    assert "2 more: <code>edgecode questions &#x27;R1 final&#x27;</code>" in page(data, {})
