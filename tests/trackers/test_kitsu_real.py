"""A real Zou with PostgreSQL and Redis: programs that follow it are killed again and again, and nothing is lost or doubled."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from following import codes, look, noted, versions_of
from kitsu_double import TRANSCRIPT
from record_kitsu import exchanges, story
from zou_server import Film, Zou, real_zou

from cli_png import picture
from edgecode.events.kinds import StepPerformed
from edgecode.production import Production
from postgres_server import PostgresServer
from running import run_command

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def zou(postgres: PostgresServer) -> Iterator[Zou]:
    with real_zou(postgres) as running:
        yield running


@pytest.fixture
def show(tmp_path: Path) -> Path:
    Production.create(tmp_path / "show", title="The lighthouse").close()
    return tmp_path / "show"


def test_one_film_is_followed_from_nothing(zou: Zou, show: Path) -> None:
    """The first test of the module: the only project."""
    film = story(zou)
    first = look(zou.url, show, token=zou.token, fetch=True)
    third = film.publish("SH020", film.say("SH020", "wfa", "new"), picture(9), name="sh020_v001.png")
    second = look(zou.url, show, token=zou.token, fetch=True)

    assert (first.publishes, first.reviews.outcomes) == (2, {"note": 1, "rejected": 1, "approved": 1})
    assert (second.publishes, second.reviews.outcomes) == (1, {"note": 1})
    assert versions_of(show, third) == [sha256(picture(9)).hexdigest()]
    assert noted(show).reviews == [
        "note: sh010_v001.png", "rejected: sh010_v001.png", "approved: sh010_v002.png", "note: sh020_v001.png",
    ]  # fmt: skip

    gone = film.publish("SH020", film.say("SH020", "retake", "no"), picture(10), name="sh020_v002.png")
    zou.ask("DELETE", f"/data/preview-files/{gone}?force=true")
    before = noted(show)
    zou.ask("DELETE", f"/data/preview-files/{third}?force=true")
    after = look(zou.url, show, token=zou.token)

    assert noted(show).publishes[: len(before.publishes)] == before.publishes
    assert (after.publishes, len(noted(show).publishes)) == (1, 4)
    _purge_is_noticed(zou, film, show)
    _the_shots_are_written_back(zou, film, show)
    _the_transcript_still_has_the_shape_of_the_answers(zou, film)


def _purge_is_noticed(zou: Zou, film: Film, show: Path) -> None:
    zou.command("remove-old-data", "--days", "0")
    film.publish("SH020", film.say("SH020", "wfa", "after the purge"), picture(11), name="sh020_v003.png")
    purged = look(zou.url, show, token=zou.token)
    later = look(zou.url, show, token=zou.token)

    assert (codes(purged)["kitsu.purged"], purged.publishes, purged.reviews.outcomes) == (1, 1, {"note": 1})
    assert (codes(later)["kitsu.purged"], later.publishes, later.reviews.new) == (0, 0, 0)


def _the_shots_are_written_back(zou: Zou, film: Film, show: Path) -> None:
    edl = "TITLE: R\nFCM: NON-DROP FRAME\n001  AX V C 00:00:41:17 00:00:42:16 01:00:00:00 01:00:00:23\n* FROM CLIP NAME: SEQ01_SH010_v002\n"
    (show / "r.edl").write_text(edl)
    run_command("cut", "add", "r.edl", "--name", "r", "--rate", "24", cwd=show)
    (show / "key").write_text(f"{zou.login}\n{zou.password}\n")
    done = run_command("poll", "kitsu", zou.url, "--key", "key", "--cut", "r", "--write-back", cwd=show)
    shots = {one["name"]: one["data"] for one in zou.json("GET", f"data/shots?project_id={film.id}")}
    (descriptor,) = zou.json("GET", f"data/projects/{film.id}/metadata-descriptors")

    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[1:] == [
        "SEQ01/SH010: Kitsu 1001-1024, r 1001-1023: 1 frame fewer at the tail",
        "SEQ01/SH020: Kitsu 1001-1012, r ?: no clip of the cut shows it",
        "written back: 2 shots",
    ]
    assert (descriptor["name"], descriptor["field_name"], descriptor["entity_type"]) == (
        "Provenance",
        "provenance",
        "Shot",
    )
    assert shots["SH010"] == {"frame_in": 1001, "frame_out": 1024, "provenance": "0 of 23 frames accounted for"}
    assert shots["SH020"]["provenance"] == "not in the cut"


def _the_transcript_still_has_the_shape_of_the_answers(zou: Zou, film: Film) -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return sorted(value) if "id" in value or "error" in value else sorted(map(len, value))
        return shape(value[0]) if isinstance(value, list) and value else type(value).__name__

    def shapes(found: list[dict[str, object]]) -> dict[str, object]:
        named = {
            str(one["path"]).partition("?")[0].replace(film.id, "P").replace(TRANSCRIPT["project"], "P"): one
            for one in found
        }
        return {path: shape(one["body"]) for path, one in named.items() if path.count("-") < 4 and one["status"] == 200}

    recorded, now = shapes(TRANSCRIPT["exchanges"]), shapes(list(exchanges(zou, film)))
    recorded.pop("/data/projects/P/metadata-descriptors")
    now.pop("/data/projects/P/metadata-descriptors")

    assert now == recorded


def test_programs_that_are_killed_lose_and_double_nothing(zou: Zou, show: Path) -> None:
    film = Film(zou, "Storm")
    environment = {**os.environ, "EDGECODE_KITSU_TOKEN": zou.token}
    command = [sys.executable, "-m", "edgecode", "poll", "kitsu", zou.url, "--project", "Storm"]
    options = ["--fetch", "--every", "1", "--settle", "3"]
    expected_files, expected_reviews, killed = [], [], 0

    def follower() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*command, *options], cwd=show, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    running = follower()
    for number in range(1, 25):
        comment = film.say("SH010", ("retake", "done")[number % 2], f"take {number}")
        film.publish("SH010", comment, picture(number), name=f"sh010_v{number:03d}.png")
        expected_files.append(f"sh010_v{number:03d}.png")
        expected_reviews.append(("rejected", "approved")[number % 2])
        if number % 3 == 0:
            # At some moment of its start, its asking, its recording or its waiting.
            time.sleep(0.35 * (number % 7))
            running.send_signal(signal.SIGKILL)
            running.wait()
            killed += 1
            running = follower()
    time.sleep(8)
    running.send_signal(signal.SIGKILL)
    said = running.communicate()[0].decode()
    last = subprocess.run(
        [*command, "--fetch", "--settle", "0"], cwd=show, env=environment, capture_output=True, check=True
    )
    found = noted(show)

    assert (killed, "Traceback" in said, last.stdout) == (8, False, b"")
    assert Counter(found.publishes) == Counter(expected_files)
    assert Counter(one.partition(":")[0] for one in found.reviews) == Counter(expected_reviews)
    assert run_command("log", "verify", "--allow-unwitnessed", cwd=show).status == 0


def test_the_key_stands_in_no_file_of_the_production_and_in_no_output(zou: Zou, show: Path) -> None:
    Film(zou, "Quiet")
    environment = {**os.environ, "EDGECODE_KITSU_LOGIN": zou.login, "EDGECODE_KITSU_PASSWORD": zou.password}
    command = [sys.executable, "-m", "edgecode", "poll", "kitsu", zou.url, "--project", "Quiet"]
    done = subprocess.run(command, cwd=show, env=environment, capture_output=True, check=True)
    written = b"".join(path.read_bytes() for path in show.rglob("*") if path.is_file())

    assert [word for word in (zou.password, zou.token) if word.encode() in written + done.stdout + done.stderr] == []
    assert json.loads(next((show / ".edgecode" / "polled").rglob("polled.json")).read_bytes())["cursor"] != ""


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="Zou makes its movies with ffmpeg")
def test_a_movie_has_the_digest_of_what_kitsu_made_of_it_and_says_so(zou: Zou, show: Path, tmp_path: Path) -> None:
    film = Film(zou, "Movie")
    movie = tmp_path / "sh010_v001.mp4"
    sources = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=24:duration=1", "-f", "lavfi", "-i", "sine=duration=1"]
    subprocess.run(["ffmpeg", "-loglevel", "error", *sources, "-pix_fmt", "yuv420p", movie], check=True)
    preview = film.publish("SH010", film.say("SH010", "wfa"), movie.read_bytes(), name=movie.name)
    taken = look(zou.url, show, token=zou.token, fetch=True, project="Movie")
    kept = zou.ask("GET", f"/movies/originals/preview-files/{preview}.mp4")[1]
    with Production.open(show) as production:
        entries = production.recorded(0, production.log.size)
        (recipe,) = [one.event.recipe for one in entries if isinstance(one.event, StepPerformed)]

    assert (taken.publishes, dict(codes(taken))) == (1, {})
    assert versions_of(show, preview) == [sha256(kept).hexdigest()]
    assert kept != movie.read_bytes()
    assert recipe is not None and recipe.settings["kitsu_bytes"] == "normalised"
