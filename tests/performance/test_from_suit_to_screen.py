"""A body in a shot leads back to the performer's session and consent, and the shot is refused once she takes the consent back."""

import json
from pathlib import Path
from typing import cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desk.desk_at_work import Desk
from edgecode.drivers.key_files import FileSigner
from edgecode.events.door_kinds import TakeNoted
from edgecode.index.rights import rights
from edgecode.production import Production
from edgecode.production.erasing.ordering import approve, erase_person, plan
from edgecode.production.persons.noting import name_approver
from performance.performer_story import LABEL, NAME, captured, made, performed
from production.erased_person import REQUEST

REFUSED = 11


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, str]:
    desk = performed(tmp_path_factory.mktemp("performed"))
    session = captured(desk)
    made(desk)
    return desk, session


def test_every_frame_leads_through_retarget_and_solve_to_her_capture_and_to_her(show: tuple[Desk, str]) -> None:
    desk, _ = show
    (clip,) = json.loads(desk.did("matchback", "reel1", "3", "--json"))["on_screen"]

    assert [(row["depth"], row["kind"]) for row in clip["lineage"]] == [
        (0, "render"),
        (1, "animate"),
        (1, "model"),
        (2, "capture"),
        (2, "capture"),
    ]
    assert [(one["alias"], one["how"]) for one in clip["people"]] == [("P-01", "performed")]
    assert [one["agreement"] for one in clip["agreements"]] == ["C-01", "C-01"]


def test_the_capture_that_only_the_sheet_explains_is_performance_capture_on_somebodys_word(
    show: tuple[Desk, str],
) -> None:
    desk, _ = show
    (clip,) = json.loads(desk.did("matchback", "reel1", "3", "--json"))["on_screen"]

    assert (clip["origin"], clip["lineage"][-1]["kind"], clip["lineage"][-1]["grade"]) == (
        "M{P,H}",
        "capture",
        "declared",
    )


def test_the_take_belongs_to_her_session(show: tuple[Desk, str]) -> None:
    desk, session = show
    (take,) = json.loads(desk.did("take", "list", "--json"))["takes"]

    assert (take["people"], take["sessions"], take["circled"]) == (["P-01"], [session], "yes")


def test_the_shot_is_clear_under_her_consent_and_refused_with_her_named_after_it_is_taken_back(tmp_path: Path) -> None:
    desk = performed(tmp_path)
    captured(desk)
    made(desk)
    before = desk.run("check", "reel1", "--gate", "deliver", "--json")
    desk.did("consent", "revoke", "C-01")
    after = desk.run("check", "reel1", "--gate", "deliver", "--json")
    lost = [one for one in json.loads(after.out)["findings"] if one["code"] == "consent.revoked_finished"]

    assert (before.status, json.loads(before.out)["word"]) == (0, "CLEARED")
    assert (after.status, json.loads(after.out)["word"]) == (REFUSED, "REFUSED")
    assert [(one["person"], one["frames"]) for one in lost] == [("P-01", 24)]


def test_without_the_take_sheet_nobody_is_known_in_the_shot_and_it_does_not_pass(tmp_path: Path) -> None:
    desk = performed(tmp_path)
    made(desk)
    done = desk.run("check", "reel1", "--gate", "deliver", "--json")

    assert json.loads(done.out)["word"] != "CLEARED"


def test_an_erased_performers_take_says_neither_label_nor_slate_and_its_file_is_not_noted_anew(tmp_path: Path) -> None:
    desk = performed(tmp_path)
    captured(desk)
    with Production.open(desk.folder) as production:
        signers = [FileSigner(Ed25519PrivateKey.generate()) for _ in range(2)]
        for signer in signers:
            name_approver(production, signer.public.hex())
        order = plan(production, "P-01", REQUEST).order
        for signer in signers:
            order = approve(production, order, signer)
        erase_person(production, order)
        (kept,) = rights(production.index, TakeNoted)
    again = desk.run("take", "import", desk.file("again.csv", "file,take\nt01.c3d,1\n"), "--yes")
    held = b"".join(one.read_bytes() for one in desk.folder.rglob("*") if one.is_file())

    assert (kept.person, kept.of_person, cast(TakeNoted, kept.event).place) == (None, True, None)
    assert again.status != 0
    assert [word for word in (NAME, LABEL, "the slow walk") if word.encode() in held] == []
