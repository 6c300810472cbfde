"""The double of Zou answers as the real one did, request for request."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from kitsu_double import LOGIN, PASSWORD, TOKEN, TRANSCRIPT, kitsu_double

ASKED = [one for one in TRANSCRIPT["exchanges"] if "token" not in one and one["method"] == "GET"]


def answer(url: str, path: str, *, token: str | None = TOKEN, body: bytes | None = None) -> tuple[int, object]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with urlopen(Request(url + path, data=body, headers=headers)) as found:
            return found.status, json.loads(found.read())
    except HTTPError as error:
        return error.code, json.loads(error.read())


@pytest.mark.parametrize("one", ASKED, ids=lambda one: str(one["path"])[:60])
def test_a_recorded_request_has_the_recorded_answer(one: dict[str, object]) -> None:
    with kitsu_double() as double:
        status, body = answer(double.url, str(one["path"]))

    assert (status, body) == (one["status"], one["body"])


def test_who_is_not_let_in_hears_what_the_real_server_says() -> None:
    recorded = [(one["status"], one["body"]) for one in TRANSCRIPT["exchanges"] if "token" in one]
    with kitsu_double() as double:
        found = [answer(double.url, "/data/projects", token=token) for token in (None, "nonsense")]

    assert found == recorded


def test_a_login_is_answered_like_the_real_one() -> None:
    recorded = [(one["status"], one["body"]) for one in TRANSCRIPT["exchanges"] if one["path"] == "/auth/login"]
    with kitsu_double() as double:
        bodies = [json.dumps({"email": LOGIN, "password": word}).encode() for word in (PASSWORD, "wrong")]
        (right, wrong) = [answer(double.url, "/auth/login", token=None, body=body) for body in bodies]

    assert (right[0], {**recorded[0][1], "access_token": TOKEN}) == (recorded[0][0], right[1])
    assert wrong == recorded[1]


def test_the_transcript_names_nobody() -> None:
    text = json.dumps(TRANSCRIPT).casefold()

    assert [word for word in ("@", "first_name", "full_name", "eyj", "admin") if word in text] == []
