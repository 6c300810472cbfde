"""Where a media root lies is nowhere on the page, in no spelling: the page is passed on, and a path may name somebody's home."""

import html
import json
import os
import shlex
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from edgecode.answers.cuts.subjects import Rule
from edgecode.answers.cuts.view import CutView
from edgecode.answers.look.gathered import look_data
from edgecode.answers.look.redacted import root_taken_out
from edgecode.production import Production
from edgecode.terms.timebase import Rate

HOME = "Ann O'Hare “é” 100% & co"


@pytest.fixture
def production(tmp_path: Path) -> Production:
    """A production whose cut writes whole paths wherever a cut can, some of which nobody can match."""
    media = tmp_path / HOME / "show"
    lines = ["TITLE: R1", "FCM: NON-DROP FRAME"]
    names = ["OCF/day 1/A001C001.png", "OCF/day 1/A001C002.png", "VFX/sh010.png", "gone/insert.png"]
    for number, name in enumerate(names):
        path = media / name
        if not name.startswith("gone"):
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (16, 9), (40 * number, 9, 9)).save(path)
        record = f"01:00:0{number}:00 01:00:0{number + 1}:00"
        lines.append(f"00{number + 1}  AX V C 00:00:00:00 00:00:01:00 {record}")
        lines.append(f"* FROM CLIP NAME: {path if number % 2 else path.as_uri()}")
        lines.append(f"* SOURCE FILE: {path}")
    cut = tmp_path / "R1.edl"
    cut.write_text("\n".join(lines), "utf-8")
    made = Production.create(tmp_path / "made", title=f"Made of {media}")
    made.scan([media])
    made.add_cut([cut], rate=Rate.of("24/1"))
    return made


def spellings(folder: str) -> set[str]:
    """The path as it stands, in JSON, in HTML, in a URL and in a shell, folded."""
    plain = {folder, folder.replace("/", "\\")}
    encoded = {quote(folder), quote(folder, safe=""), Path(folder).as_uri()}
    written = {json.dumps(one)[1:-1] for one in plain} | {json.dumps(one, ensure_ascii=False)[1:-1] for one in plain}
    escaped = {html.escape(one) for one in plain} | {shlex.quote(folder)[1:-1], html.escape(shlex.quote(folder))}
    inert = {one.replace("&", "\\u0026").replace("<", "\\u003c") for one in written}
    return {one.casefold() for one in plain | encoded | written | escaped | inert}


@pytest.mark.parametrize("recorded", [True, False])
def test_no_name_of_a_root_is_on_the_page_in_any_spelling(production: Production, recorded: bool) -> None:
    text = production.look(production.view("R1"), recorded=recorded).casefold()

    names = [name for known in production.root_names().values() for name in known]
    assert [one for name in names for one in spellings(name) if one in text] == []
    assert "o'hare" not in html.unescape(text)
    assert "o%27hare" not in text


def test_a_command_of_the_page_picks_out_what_its_question_is_about(production: Production) -> None:
    view = production.view("R1")
    asked = production.questions(view)

    shown = look_data(
        production.index,
        view,
        production=production.title(),
        ledger=production.ledger_point(),
        roots=production.root_names(),
    ).questions

    assert any(HOME in question.text for question in asked)
    assert [(len(one.gaps) > 0, picked(production, view, one.command)) for one in shown] == [
        (True, picked(production, view, question.command)) for question in asked
    ]


def picked(production: Production, view: CutView, command: str) -> tuple[str, ...]:
    """The versions and clips that the options of `edgecode answer` pick out."""
    words = shlex.split(command)[3:]
    options = dict(zip(words[::2], words[1::2], strict=True))
    options.pop("--as", None)
    question = int(options.pop("--question", 0))
    rule = None if question else Rule(**{name.removeprefix("--"): value for name, value in options.items()})
    chosen, _ = production.select(view, question=question, rule=rule)
    return chosen.versions + chosen.clips


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("under /mnt/ann/show/OCF", "under OCF"),
        ("under /mnt/ann/show", "under the media root"),
        ("under /mnt/ann/show/", "under the media root"),
        ("file:///mnt/ann/show/OCF/a%20b.mov", "OCF/a%20b.mov"),
        ("file://localhost/mnt/ann/show/OCF", "OCF"),
        ("%2Fmnt%2fann%2Fshow%2FOCF", "OCF"),
        ("\\mnt\\ann\\show\\OCF", "OCF"),
        ("/MNT/Ann/Show/OCF", "OCF"),
        ("/mnt/%61nn/show/OCF", "OCF"),
        ("/mnt/ann/show_old/a.mov", "…_old/a.mov"),
        ("Z:\\OCF\\a.mov", "OCF\\a.mov"),
        ("take Z: of three", "take Z: of three"),
        ("a/media/b of /media/c", "a/media/b of c"),
        ("mixed media", "mixed media"),
    ],
)
def test_a_text_keeps_what_lies_below_a_root(text: str, said: str) -> None:
    write = root_taken_out({"r-1": ("/mnt/ann/show", "Z:\\"), "r-2": ("/media",)})

    assert write(text) == said


def test_a_root_in_other_accents_is_the_same_root() -> None:
    write = root_taken_out({"r-1": ("/home/ren\u00e9e",)})

    assert write("/home/rene\u0301e/a.mov, /home/ren%C3%A9e/b.mov") == "a.mov, b.mov"


def test_without_roots_every_text_stays(tmp_path: Path) -> None:
    assert root_taken_out({})(os.fspath(tmp_path)) == os.fspath(tmp_path)
