"""`edgecode stamp` on the demo's film: what we wrote is read back by its codes, in another production's empty hands too."""

import json
from pathlib import Path

from media.media_writers import movie
from running import run_command


def rows(folder: Path, cut: str) -> list[tuple[str, str | None, str | None]]:
    done = run_command("conform", cut, "--json", cwd=folder)
    return [(row["method"], row["version"], row["frame"]) for row in json.loads(done.out)["rows"]]


def made_cut(made_demo: Path) -> Path:
    return made_demo / "cut" / "last_verse_cut13.otio"


def test_every_matched_clip_of_a_stamped_timeline_is_matched_by_its_code(film: Path, made_demo: Path) -> None:
    done = run_command("stamp", "cut13", str(made_cut(made_demo)), "--out", "stamped.otio", cwd=film)
    assert done.status == 0, done.err
    assert run_command("cut", "add", "stamped.otio", cwd=film).status == 0
    before, after = rows(film, "cut13"), rows(film, "stamped")

    shown = [(version, frame) for method, version, frame in before if version]
    assert [(version, frame) for method, version, frame in after if method == "id"] == shown
    assert len(shown) > 5


def test_nothing_is_written_over_and_the_input_stays_as_it_was(film: Path, made_demo: Path) -> None:
    data = made_cut(made_demo).read_bytes()
    done = run_command("stamp", "cut13", str(made_cut(made_demo)), "--out", str(made_cut(made_demo)), cwd=film)

    assert (done.status, "stamp.over_input" in done.err) == (2, True)
    assert made_cut(made_demo).read_bytes() == data


def test_a_file_that_the_cut_was_not_read_from_is_refused(film: Path, made_demo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.edl"
    other.write_text("001  A V C 01:00:00:00 01:00:01:00 00:00:00:00 00:00:01:00\n")
    done = run_command("stamp", "cut13", str(other), "--out", str(tmp_path / "new.edl"), cwd=film)

    assert (done.status, "stamp.other_file" in done.err) == (20, True)
    assert not (tmp_path / "new.edl").exists()


def test_a_cut_may_be_printed_as_a_list_with_its_codes(film: Path, made_demo: Path) -> None:
    done = run_command("stamp", "cut13", str(made_cut(made_demo)), "--out", "stamped.edl", cwd=film)

    assert done.status == 0, done.err
    assert (film / "stamped.edl").read_text().count("* EDGECODE: ") > 5


EDL = b"001  AX V C 00:00:01:00 00:00:03:00 01:00:00:00 01:00:02:00\n* FROM CLIP NAME: 12A-1\n"
ALE = b"Heading\nFPS\t24\n\nColumn\nName\tStart\tEnd\tSource File\n\nData\n12A-1\t00:00:00:00\t00:00:10:00\tA001.mov\n"


def test_a_stamped_log_leads_from_a_clip_that_says_nothing_else_to_its_file(tmp_path: Path) -> None:
    media, show = tmp_path / "media", tmp_path / "show"
    media.mkdir()
    (media / "A001.mov").write_bytes(movie(frames=240, units=24000, step=1000))
    (tmp_path / "Reel 1.edl").write_bytes(EDL)
    (tmp_path / "log.ale").write_bytes(ALE)
    assert run_command("init", str(show), "--title", "Test", cwd=tmp_path).status == 0
    assert run_command("scan", str(media), cwd=show).status == 0
    add = ("cut", "add", "../Reel 1.edl", "--rate", "24", "--table")
    assert run_command(*add, "../log.ale", cwd=show).status == 0
    done = run_command("stamp", "Reel 1", "../log.ale", "--out", "../stamped.ale", cwd=show)
    assert done.out == "stamped.ale: 1 of 1 rows carry their edge code\n"
    assert b"Source File\tEDGECODE" in (tmp_path / "stamped.ale").read_bytes()
    (tmp_path / "coded.ale").write_bytes((tmp_path / "stamped.ale").read_bytes().replace(b"A001.mov", b""))
    assert run_command(*add, "../coded.ale", cwd=show).status == 0
    (row,) = json.loads(run_command("conform", "Reel 1", "--json", cwd=show).out)["rows"]

    assert row["why"].startswith("table 1, row 8 (joined by name) leads to it by its edge code")


def test_an_edl_of_a_production_comes_back_by_its_code(tmp_path: Path) -> None:
    media, show = tmp_path / "media", tmp_path / "show"
    media.mkdir()
    (media / "12A-1.mov").write_bytes(movie(frames=240, units=24000, step=1000))
    (tmp_path / "Reel 1.edl").write_bytes(EDL)
    assert run_command("init", str(show), "--title", "Test", cwd=tmp_path).status == 0
    assert run_command("scan", str(media), cwd=show).status == 0
    assert run_command("cut", "add", "../Reel 1.edl", "--rate", "24", cwd=show).status == 0
    assert run_command("stamp", "Reel 1", "../Reel 1.edl", "--out", "../stamped.edl", cwd=show).status == 0
    assert (tmp_path / "stamped.edl").read_bytes().startswith(EDL + b"* EDGECODE: U ")
    assert run_command("cut", "add", "../stamped.edl", "--rate", "24", cwd=show).status == 0

    assert [method for method, _, _ in rows(show, "Reel 1")] == ["inferred"]
    assert [method for method, _, _ in rows(show, "stamped")] == ["id"]
