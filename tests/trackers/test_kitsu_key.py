"""Who asks a Kitsu: keys come from the environment or a file, go to its own host alone, and are never said."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from kitsu_double import LOGIN, PASSWORD, TOKEN, KitsuDouble, kitsu_double

from edgecode.drivers.kitsu_client import Kitsu, KitsuKey, kitsu_key
from edgecode.errors import EdgecodeError, InputError, UnavailableError, UsageError
from edgecode.production import Production
from edgecode.production.kitsu.following import KitsuProject
from running import Done


@pytest.fixture
def double() -> Iterator[KitsuDouble]:
    with kitsu_double() as host:
        yield host


def poll(url: str, *options: str, cwd: Path, **environment: str) -> Done:
    known = {name: value for name, value in os.environ.items() if not name.startswith("EDGECODE_KITSU")}
    command = [sys.executable, "-m", "edgecode", "poll", "kitsu", url, *options]
    done = subprocess.run(command, cwd=cwd, env={**known, **environment}, capture_output=True, check=False, timeout=60)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_file_goes_before_the_environment_and_a_token_before_a_login(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t1\n")
    (tmp_path / "login").write_text("me@example.com\n\nword of mine\n")
    everything = {"EDGECODE_KITSU_TOKEN": "t2", "EDGECODE_KITSU_LOGIN": "l", "EDGECODE_KITSU_PASSWORD": "p"}
    keys = [
        kitsu_key(everything, file=tmp_path / "token"),
        kitsu_key(everything, file=tmp_path / "login"),
        kitsu_key(everything),
        kitsu_key({name: value for name, value in everything.items() if "TOKEN" not in name}),
    ]

    assert [(one.token, one.login, one.password) for one in keys] == [
        ("t1", "", ""), ("", "me@example.com", "word of mine"), ("t2", "", ""), ("", "l", "p"),
    ]  # fmt: skip


def test_without_a_key_nothing_is_asked() -> None:
    with pytest.raises(UsageError) as refused:
        kitsu_key({"EDGECODE_KITSU_LOGIN": "me"})

    assert refused.value.code == "kitsu.no_key"


@pytest.mark.parametrize("content", ["", "a\nb\nc\n"])
def test_a_file_that_holds_no_key_is_refused_without_its_content(tmp_path: Path, content: str) -> None:
    (tmp_path / "key").write_text(content)
    with pytest.raises(InputError) as refused:
        kitsu_key({}, file=tmp_path / "key")

    assert (refused.value.code, str(refused.value).startswith("key holds no key")) == ("kitsu.key_file", True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither in a folder")
def test_what_is_no_plain_file_or_too_large_is_no_key(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    (tmp_path / "large").write_bytes(b"a" * (1 << 20))
    codes = []
    for name in ("pipe", "link", "large", "nowhere", ""):
        with pytest.raises(InputError) as refused:
            kitsu_key({}, file=tmp_path / name)
        codes.append(refused.value.code)

    assert codes == ["file.not_regular", "file.not_regular", "file.too_large", "kitsu.key_file", "kitsu.key_file"]


@pytest.mark.parametrize("url", ["ftp://x", "http://user:word@x", "http://", "http://x/?token=1", "http://x:99999"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        Kitsu(url, KitsuKey(token="t"))

    assert refused.value.code == "kitsu.url"


@pytest.mark.parametrize(
    "key", [KitsuKey(token="token-of-nobody"), KitsuKey(token="nonsense"), KitsuKey(login=LOGIN, password="no")]
)
def test_a_key_that_is_not_let_in_is_said(double: KitsuDouble, key: KitsuKey) -> None:
    kitsu = Kitsu(double.url, key)
    with pytest.raises(UnavailableError) as refused:
        kitsu.enter()
        KitsuProject(kitsu)

    assert refused.value.code == "kitsu.login"


def test_a_login_whose_token_ran_out_logs_in_again(double: KitsuDouble) -> None:
    kitsu = Kitsu(double.url, KitsuKey(login=LOGIN, password=PASSWORD))
    kitsu.enter()
    double.token = "token-of-the-next-week"

    assert len(kitsu.rows("data/task-types")) > 3


def test_the_api_below_the_pages_of_kitsu_is_found(double: KitsuDouble) -> None:
    double.prefix = "/api"
    kitsu = Kitsu(double.url, KitsuKey(token=TOKEN))
    kitsu.enter()

    assert (kitsu.version, KitsuProject(kitsu).id) == ("1.0.97", double.project)


def test_what_is_no_kitsu_is_said(double: KitsuDouble) -> None:
    double.prefix = "/elsewhere"
    with pytest.raises(UnavailableError) as refused:
        Kitsu(double.url, KitsuKey(token=TOKEN)).enter()

    assert refused.value.code == "kitsu.unreachable"


def test_a_kitsu_that_is_away_is_said() -> None:
    with kitsu_double() as double:
        url = double.url
    with pytest.raises(UnavailableError) as away:
        Kitsu(url, KitsuKey(token=TOKEN), timeout_seconds=2).enter()

    assert away.value.code == "kitsu.unreachable"


def test_a_token_with_a_line_break_is_no_traceback_and_is_not_said(double: KitsuDouble) -> None:
    with pytest.raises(EdgecodeError) as refused:
        Kitsu(double.url, KitsuKey(token="first\r\nX-Other: second")).enter()

    assert (refused.value.code, "first" in str(refused.value)) == ("kitsu.login", False)


def test_plain_http_to_another_machine_is_in_the_open() -> None:
    urls = ["http://kitsu.example", "https://kitsu.example", "http://127.0.0.1:5000", "http://localhost"]

    assert [Kitsu(url, KitsuKey()).in_the_open for url in urls] == [True, False, False, False]


def test_the_command_takes_its_key_from_the_environment_and_says_it_nowhere(
    double: KitsuDouble, tmp_path: Path
) -> None:
    Production.create(tmp_path / "show", title="x").close()
    show = tmp_path / "show"
    first = poll(double.url, cwd=show, EDGECODE_KITSU_TOKEN=TOKEN)
    second = poll(double.url, cwd=show, EDGECODE_KITSU_LOGIN=LOGIN, EDGECODE_KITSU_PASSWORD=PASSWORD)
    wrong = poll(double.url, cwd=show, EDGECODE_KITSU_LOGIN=LOGIN, EDGECODE_KITSU_PASSWORD="word of another")
    none = poll(double.url, cwd=show)
    kept = b"".join(path.read_bytes() for path in show.rglob("*") if path.is_file())
    said = "".join((*first[1:], *second[1:], *wrong[1:], *none[1:]))

    assert (first.out, second.out) == ("recorded: 2 published files, 1 approved, 1 note, 1 rejected\n", "")
    assert (wrong.status, none.status) == (40, 2)
    assert [word for word in (TOKEN, PASSWORD, "word of another") if word in said or word.encode() in kept] == []


def test_a_project_that_cannot_be_told_is_refused_without_naming_others(double: KitsuDouble, tmp_path: Path) -> None:
    Production.create(tmp_path / "show", title="x").close()
    done = poll(double.url, "--project", "Nowhere", cwd=tmp_path / "show", EDGECODE_KITSU_TOKEN=TOKEN)

    assert (done.status, "[kitsu.project]" in done.err, "Lighthouse" in done.err) == (20, True, False)
