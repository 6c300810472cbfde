"""Patterns of names in edgecode.toml are recorded before they decide anything, and outlive the machine that said them."""

import json
from pathlib import Path

from media.media_writers import movie
from running import run_command

EDL = b"001  AX V C 00:00:01:00 00:00:03:00 01:00:00:00 01:00:02:00\n* FROM CLIP NAME: sh010_comp_v3\n"
NAMES = '\n[conform]\nnames = ["(?P<seq>sq[0-9]+)?_?(?P<shot>sh[0-9]+)_(?P<task>[a-z]+)_v(?P<version>[0-9]+)"]\n'


def test_a_pattern_is_recorded_once_and_holds_where_the_settings_do_not_say_it(tmp_path: Path) -> None:
    media, show = tmp_path / "media", tmp_path / "show"
    media.mkdir()
    (media / "sq1_sh010_comp_v003.mov").write_bytes(movie(frames=240, units=24000, step=1000))
    (tmp_path / "Reel 1.edl").write_bytes(EDL)
    assert run_command("init", str(show), "--title", "Test", cwd=tmp_path).status == 0
    assert run_command("scan", str(media), cwd=show).status == 0
    assert run_command("cut", "add", "../Reel 1.edl", "--rate", "24", cwd=show).status == 0
    bare = (show / "edgecode.toml").read_text()

    def method() -> tuple[str, str]:
        done = run_command("conform", "Reel 1", "--json", cwd=show)
        return json.loads(done.out)["rows"][0]["method"], done.err

    assert method() == ("none", "")
    (show / "edgecode.toml").write_text(bare + NAMES)
    found, told = method()
    assert (found, "recorded how this production names its files" in told) == ("inferred", True)
    assert method() == ("inferred", "")
    (show / "edgecode.toml").write_text(bare)
    assert method() == ("inferred", "")
    (show / "edgecode.toml").write_text(bare + "\n[conform]\nnames = []\n")
    assert method()[0] == "none"


def test_a_bad_pattern_is_refused_with_the_setting_s_name(tmp_path: Path) -> None:
    show = tmp_path / "show"
    assert run_command("init", str(show), "--title", "Test", cwd=tmp_path).status == 0
    (show / "edgecode.toml").write_text((show / "edgecode.toml").read_text() + '\n[conform]\nnames = ["(sh"]\n')
    done = run_command("cut", "list", cwd=show)

    assert (done.status, "conform.names: '(sh' is no regular expression" in done.err) == (20, True)
