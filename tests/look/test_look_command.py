"""`edgecode look` as a command: whether its page can be written is known before anything is scanned."""

from pathlib import Path

import pytest

from edgecode.cli.looking import look
from edgecode.errors import InputError

EDL = """TITLE: R1
FCM: NON-DROP FRAME
001  A001 V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00
* FROM CLIP NAME: A001C001.MOV
"""


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "media").mkdir()
    (tmp_path / "R1.edl").write_text(EDL)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(*words: str) -> None:
    look.main(["R1.edl", "media", "--rate", "24", "--no-open", *words], standalone_mode=False)


def refuse_to_scan(*_: object, **__: object) -> None:
    raise AssertionError("something was scanned")


def test_a_page_that_cannot_be_written_is_refused_before_anything_is_scanned(
    show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgecode.production.Production.create", refuse_to_scan)

    with pytest.raises(InputError) as refused:
        asked("--out", "absent/page.html")

    assert str(refused.value) == ("page.html cannot be written here. Give another place: --out FILE. [look.unwritable]")


def test_a_folder_that_may_not_be_written_to_is_refused(show: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgecode.production.Production.create", refuse_to_scan)
    # Permission bits stop nobody who runs as root, so the answer of the system is given here.
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != show)

    with pytest.raises(InputError) as refused:
        asked()

    assert refused.value.sentence == "R1.html cannot be written here"


def test_the_page_of_a_folder_says_how_to_begin_a_record(show: Path) -> None:
    asked()

    text = (show / "R1.html").read_text("utf-8")
    assert "To record answers: <code>edgecode init; edgecode scan FOLDER; edgecode cut add FILE</code>" in text
    assert "edgecode answer" not in text[: text.index("<script>")]
