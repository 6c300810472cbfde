"""A cut of proxies and its ALE in a real production: the tables lead on to the originals, and it is said how."""

import json
from pathlib import Path

from media.media_writers import movie
from running import run_command

EDL = """TITLE: Reel 1
FCM: NON-DROP FRAME

001  AX       V     C        00:00:01:00 00:00:03:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: 12A-1
002  AX       V     C        00:00:00:00 00:00:02:07 01:00:02:00 01:00:04:07
* FROM CLIP NAME: 12B-1
"""
ALE = "Heading\nFIELD_DELIM\tTABS\nFPS\t24\n\nColumn\nName\tTape\tStart\tEnd\tSource File\n\nData\n" + (
    "12A-1\tA001\t00:00:00:00\t00:00:10:00\tA001_C002.mov\n"
)


def show(tmp_path: Path) -> Path:
    media, folder = tmp_path / "media", tmp_path / "show"
    media.mkdir()
    (media / "A001_C002.mov").write_bytes(movie(frames=240, units=24000, step=1000))
    (tmp_path / "Reel 1.edl").write_text(EDL)
    (tmp_path / "log.ale").write_text(ALE)
    assert run_command("init", str(folder), "--title", "Test", cwd=tmp_path).status == 0
    assert run_command("scan", str(media), cwd=folder).status == 0
    return folder


def rows(folder: Path) -> list[dict[str, object]]:
    done = run_command("conform", "Reel 1", "--json", cwd=folder)
    found: list[dict[str, object]] = json.loads(done.out)["rows"]
    return found


def test_a_table_given_with_a_recorded_cut_is_laid_beside_it(tmp_path: Path) -> None:
    folder = show(tmp_path)
    assert run_command("cut", "add", "../Reel 1.edl", "--rate", "24", cwd=folder).status == 0
    before = [row["method"] for row in rows(folder)]
    done = run_command("cut", "add", "../Reel 1.edl", "--rate", "24", "--table", "../log.ale", cwd=folder)

    assert (done.status, before) == (0, ["none", "none"])
    assert "the tables speak of 1 of 2 clips" in done.out
    assert [(row["method"], row["confidence"]) for row in rows(folder)] == [("inferred", 75), ("none", 0)]
    assert str(rows(folder)[0]["why"]).startswith("table 1, row 9 (joined by name) leads to it by its file name")


def test_the_same_table_twice_is_recorded_once(tmp_path: Path) -> None:
    folder = show(tmp_path)
    add = ("cut", "add", "../Reel 1.edl", "--rate", "24", "--table", "../log.ale")
    assert run_command(*add, cwd=folder).status == 0
    once = run_command("log", "show", "--json", cwd=folder).out
    assert run_command(*add, cwd=folder).status == 0

    assert once.count("cut.joined/1") == run_command("log", "show", "--json", cwd=folder).out.count("cut.joined/1") == 1


def test_a_file_that_is_no_table_is_refused_before_the_cut_is_recorded(tmp_path: Path) -> None:
    folder = show(tmp_path)
    done = run_command("cut", "add", "../Reel 1.edl", "--rate", "24", "--table", "../Reel 1.edl", cwd=folder)

    assert done.status == 20
    assert "table.format_unknown" in done.err
    assert run_command("cut", "list", cwd=folder).out == ""


OTIO = """{"OTIO_SCHEMA": "Timeline.1", "name": "Proxies", "global_start_time": {"OTIO_SCHEMA": "RationalTime.1", "value": 0, "rate": 24},
"tracks": {"OTIO_SCHEMA": "Stack.1", "children": [{"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": [
{"OTIO_SCHEMA": "Clip.1", "name": "12A-1", "media_reference": {"OTIO_SCHEMA": "ExternalReference.1", "target_url": "%s"},
"source_range": {"OTIO_SCHEMA": "TimeRange.1", "start_time": {"OTIO_SCHEMA": "RationalTime.1", "value": 10, "rate": 24},
"duration": {"OTIO_SCHEMA": "RationalTime.1", "value": 48, "rate": 24}}}]}]}}"""


def test_the_original_of_a_proxy_on_the_screen_accounts_for_its_frames_as_declared(tmp_path: Path) -> None:
    folder = show(tmp_path)
    original, proxy = tmp_path / "media" / "A001_C002.mov", tmp_path / "media" / "12A-1.mov"
    proxy.write_bytes(movie(frames=240, units=24000, step=1000, keys={"made": "smaller"}))
    (tmp_path / "Proxies.otio").write_text(OTIO % proxy)
    (tmp_path / "paths.csv").write_text(f"Name,Source File,FPS\n12A-1,{original},24\n")
    step = {"schema": "edgecode.step/1", "kind": "camera", "grade": "logged", "outputs": [{"path": str(original)}]}
    assert run_command("scan", "../media", cwd=folder).status == 0
    assert run_command("record", "-", cwd=folder, stdin=json.dumps(step).encode()).status == 0
    assert run_command("cut", "add", "../Proxies.otio", cwd=folder).status == 0
    before = json.loads(run_command("coverage", "Proxies", "--json", cwd=folder).out)
    done = run_command("cut", "add", "../Proxies.otio", "--table", "../paths.csv", cwd=folder)
    after = json.loads(run_command("coverage", "Proxies", "--json", cwd=folder).out)

    assert "; 1 proxies newly linked to what they were made from" in done.out
    assert (before["accounted"], after["accounted"], after["by_grade"]["declared"]) == (0, 48, 48)
    assert after["by_origin"]["C"] == 48


def proxied(tmp_path: Path) -> Path:
    """A production with a cut of a proxy, and two tables that say what it was made from: a camera's file, a model's."""
    folder, media = show(tmp_path), tmp_path / "media"
    for number, name in enumerate(("cam", "gen", "12A-1")):
        path = media / f"{name}.mov"
        path.write_bytes(movie(frames=240, units=24000, step=1000, keys={"made": str(number)}))
        (tmp_path / f"{name}.csv").write_text(f"Name,Source File,FPS\n12A-1,{path},24\n")
    (tmp_path / "nothing.csv").write_text("Name,Source File\nelse,z.mov\n")
    (tmp_path / "Proxies.otio").write_text(OTIO % (media / "12A-1.mov"))
    assert run_command("scan", "../media", cwd=folder).status == 0
    for name, kind in (("cam", "camera"), ("gen", "generate")):
        step = {"schema": "edgecode.step/1", "kind": kind, "outputs": [{"path": str(media / f"{name}.mov")}]}
        assert run_command("record", "-", cwd=folder, stdin=json.dumps(step).encode()).status == 0
    return folder


def laid(folder: Path, table: str) -> tuple[str, dict[str, int]]:
    """What is said when a table is laid beside the cut, and of what origin its frames are then."""
    done = run_command("cut", "add", "../Proxies.otio", "--table", f"../{table}.csv", cwd=folder)
    assert done.status == 0
    found = json.loads(run_command("coverage", "Proxies", "--json", cwd=folder).out)["by_origin"]
    return done.out, {letter: frames for letter, frames in found.items() if frames}


def test_with_a_table_that_is_replaced_goes_what_it_said_of_a_proxy(tmp_path: Path) -> None:
    folder = proxied(tmp_path)
    said = [laid(folder, table) for table in ("cam", "gen", "nothing", "cam", "cam")]

    assert [origin for _, origin in said] == [{"C": 48}, {"G": 48}, {"U": 48}, {"C": 48}, {"C": 48}]
    assert ["links of the tables before taken back" in out for out, _ in said] == [False, True, True, False, False]


def test_a_link_that_somebody_took_back_is_not_made_again_by_a_table_that_said_it_already(tmp_path: Path) -> None:
    folder = proxied(tmp_path)
    laid(folder, "cam")
    shown = json.loads(run_command("matchback", "Proxies", "3", "--json", cwd=folder).out)
    (step,) = {one["step"] for one in shown["on_screen"][0]["lineage"] if one["kind"] == "transcode"}
    assert run_command("record", "--withdraw", step, cwd=folder).status == 0

    assert laid(folder, "cam")[1] == {"U": 48}
