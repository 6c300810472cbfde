"""What a scan records of the manifests that files come with, and what follows from it for a picture."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from credential_samples import Signer, action, comfy_picture, firefly, manifest, picture
from edgecode.cli.app import edgecode
from edgecode.errors import InputError
from edgecode.events.door_kinds import CredentialRead
from edgecode.events.kinds import StepPerformed, StepWithdrawn
from edgecode.index.accounts import accounts, joined_account
from edgecode.index.catalogue import versions_of_content
from edgecode.index.rights import rights
from edgecode.production import Production
from edgecode.production import credentials as desk
from edgecode.settings import write_settings
from edgecode.terms.evidence import Grade, Reason
from edgecode.terms.origins import ai_of, grade_of, letter_of, reasons_of
from edgecode.terms.steps import StepKind

STUDIO = Signer("Ann's Example Studio")
SECRETS = (b"Ann", b"lighthouse")
WHOLE = "application/octet-stream"
"""Bytes of no kind that the library knows: a manifest beside them binds all of them, one that is inside too."""
CAMERA = manifest(action("created", "digitalCapture", "Example Camera"))


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    return folder


@pytest.fixture
def show(tmp_path: Path, media: Path) -> Path:
    folder = tmp_path / "show"
    with Production.create(folder, title="A Show"):
        pass
    return folder


def trusting(show: Path, *signers: Signer) -> None:
    """Let the production trust these."""
    with Production.open(show) as production:
        settings = production.settings
    for number, signer in enumerate(signers):
        (show / f"{number}.pem").write_text(signer.anchor)
    names = tuple(f"{number}.pem" for number in range(len(signers)))
    write_settings(show, msgspec.structs.replace(settings, trust=names))


def scan(show: Path, media: Path) -> list[str]:
    """Scan, and the codes of what was said."""
    with Production.open(show) as production:
        return [said.code for said in production.scan([media]).diagnostics]


def read(show: Path) -> list[tuple[str, str, bool]]:
    """Standing, AI use and whether there is a step, of every manifest read, in order."""
    with Production.open(show) as production:
        facts = [kept.event.fact for kept in rights(production.index, CredentialRead)]  # type: ignore[attr-defined]
        return [(fact.standing, fact.ai, bool(fact.step)) for fact in facts]


def account(show: Path, path: Path) -> tuple[str, str, str, list[Reason]]:
    """Letter, AI use, grade and open reasons of a file."""
    with Production.open(show) as production:
        digest = production.digest_of(path)
        (row, *_) = versions_of_content(production.index, digest)
        found = joined_account(accounts(production.index, [row.id])[row.id])
        return (
            letter_of(found),
            ai_of(found).value,
            str(grade_of(found) or ""),
            reasons_of(found) if letter_of(found) == "U" else [],
        )


def test_a_picture_of_a_generator_that_the_production_trusts_is_generated_and_signed(show: Path, media: Path) -> None:
    path = media / "sky.png"
    path.write_bytes(STUDIO.signed(picture(), firefly())[0])
    trusting(show, STUDIO)

    said = scan(show, media)

    assert (said, read(show)) == ([], [("trusted", "generative", True)])
    assert account(show, path) == ("G", "generative", "signed", [])
    with Production.open(show) as production:
        (step,) = (one.event for one in production.recorded() if isinstance(one.event, StepPerformed))
        tool = step.place.tool if step.place is not None else None
        assert (step.fact.source, step.fact.kind, step.fact.grade, tool and tool.name) == (
            "c2pa",
            StepKind.GENERATE,
            Grade.SIGNED,
            "Adobe Firefly",
        )


def test_the_same_picture_signed_by_a_stranger_is_generated_and_only_declared(show: Path, media: Path) -> None:
    path = media / "sky.png"
    path.write_bytes(STUDIO.signed(picture(), firefly())[0])

    said = scan(show, media)

    assert (said, read(show)) == (["credential.untrusted"], [("untrusted", "generative", True)])
    assert account(show, path) == ("G", "generative", "declared", [])


def test_a_picture_that_was_changed_after_it_was_signed_leaves_a_finding_and_no_step(show: Path, media: Path) -> None:
    spoilt = bytearray(STUDIO.signed(picture(), firefly())[0])
    spoilt[-30] ^= 1
    (media / "sky.png").write_bytes(spoilt)
    trusting(show, STUDIO)

    said = scan(show, media)

    assert (said, read(show)) == (["credential.invalid"], [("invalid", "generative", False)])
    assert account(show, media / "sky.png")[3] == [Reason.NO_STEP]


def test_a_manifest_beside_an_exr_speaks_of_it(show: Path, media: Path) -> None:
    exr = b"\x76\x2f\x31\x01" + bytes(300)
    (media / "plate.exr").write_bytes(exr)
    (media / "plate.exr.c2pa").write_bytes(STUDIO.signed(exr, CAMERA, "image/x-exr", beside=True)[1])
    trusting(show, STUDIO)

    scan(show, media)

    assert account(show, media / "plate.exr") == ("C", "none", "signed", [])


def test_a_manifest_that_is_laid_beside_a_known_file_later_is_read_then(show: Path, media: Path) -> None:
    data = picture()
    (media / "plate.png").write_bytes(data)
    trusting(show, STUDIO)
    scan(show, media)
    (media / "plate.c2pa").write_bytes(STUDIO.signed(data, CAMERA, beside=True)[1])

    before = read(show)
    scan(show, media)

    assert (before, read(show)) == ([], [("trusted", "none", True)])


def test_a_manifest_that_changed_beside_one_frame_of_several_is_read_again_and_no_other_scan_reads_any(
    show: Path, media: Path
) -> None:
    frames = [picture(colour=(9, 99, number)) for number in range(3)]
    for number, data in enumerate(frames):
        (media / f"plate.{number:04d}.png").write_bytes(data)
        (media / f"plate.{number:04d}.png.c2pa").write_bytes(STUDIO.signed(data, CAMERA, beside=True)[1])
    trusting(show, STUDIO)
    scan(show, media)
    first = read(show)
    scan(show, media)
    again = read(show)
    (media / "plate.0001.png.c2pa").write_bytes(STUDIO.signed(frames[1], firefly(), beside=True)[1])
    scan(show, media)

    assert (first, again) == ([("trusted", "none", True)], [("trusted", "none", True)])
    assert sorted(read(show)[1:]) == [("trusted", "generative", True), ("trusted", "none", True)]


def test_a_camera_manifest_on_a_picture_that_says_it_was_generated_is_a_question(show: Path, media: Path) -> None:
    path = media / "plate.png"
    path.write_bytes(STUDIO.signed(comfy_picture(), CAMERA)[0])
    trusting(show, STUDIO)

    scan(show, media)

    assert account(show, path) == ("U", "generative", "", [Reason.AMBIGUOUS])


def test_nothing_is_recorded_twice(show: Path, media: Path) -> None:
    (media / "sky.png").write_bytes(STUDIO.signed(picture(), firefly())[0])
    trusting(show, STUDIO)
    scan(show, media)

    with Production.open(show) as production:
        size = production.log.size
        production.scan([media])
        assert production.log.size == size


def test_who_is_trusted_later_raises_the_grade_and_who_is_no_longer_lowers_it(show: Path, media: Path) -> None:
    path = media / "sky.png"
    path.write_bytes(STUDIO.signed(picture(), firefly())[0])
    grades = []
    for signers in ((), (STUDIO,), ()):
        trusting(show, *signers)
        scan(show, media)
        grades.append(account(show, path)[2])

    assert grades == ["declared", "signed", "declared"]


def test_a_step_that_somebody_took_back_does_not_return_with_other_certificates(show: Path, media: Path) -> None:
    path = media / "sky.png"
    path.write_bytes(STUDIO.signed(picture(), firefly())[0])
    scan(show, media)
    with Production.open(show) as production:
        (step,) = (one.event.fact.step for one in production.recorded() if isinstance(one.event, StepPerformed))
        production.withdraw_step(step)
    trusting(show, STUDIO)

    scan(show, media)

    assert (account(show, path)[3], read(show)[-1]) == ([Reason.NO_STEP], ("trusted", "generative", False))
    with Production.open(show) as production:
        assert sum(isinstance(one.event, StepWithdrawn) for one in production.recorded()) == 1


def test_frames_that_say_the_same_are_one_reading_and_frames_without_a_manifest_stay_open(
    show: Path, media: Path
) -> None:
    for frame in range(1001, 1005):
        data = picture(colour=(frame % 256, 0, 0))
        (media / f"sky.{frame}.png").write_bytes(STUDIO.signed(data, firefly())[0] if frame < 1004 else data)
    trusting(show, STUDIO)

    scan(show, media)

    with Production.open(show) as production:
        (fact,) = (kept.event.fact for kept in rights(production.index, CredentialRead))  # type: ignore[attr-defined]
        (row,) = versions_of_content(production.index, production.digest_of(media))
        pieces = [(one.first, one.end, letter_of(one.account)) for one in accounts(production.index, [row.id])[row.id]]
    assert (fact.standing, fact.covers) == ("trusted", ((1001, 1004),))
    assert [one for one in pieces if one[0] is not None and one[1] is not None] == [
        (1001, 1004, "G"),
        (1004, 1005, "U"),
    ]


@pytest.mark.parametrize("is_beside", [False, True])
def test_what_one_frame_of_a_sequence_says_is_said_of_no_other(show: Path, media: Path, is_beside: bool) -> None:
    for frame in range(1001, 1005):
        data = picture(colour=(frame % 256, 0, 0))
        path = media / f"plate.{frame}.png"
        path.write_bytes(data)
        if frame == 1002 and is_beside:
            (media / f"{path.name}.c2pa").write_bytes(STUDIO.signed(data, CAMERA, beside=True)[1])
        elif frame == 1002:
            path.write_bytes(STUDIO.signed(data, CAMERA)[0])
    trusting(show, STUDIO)

    scan(show, media)
    scan(show, media)

    with Production.open(show) as production:
        (fact,) = (kept.event.fact for kept in rights(production.index, CredentialRead))  # type: ignore[attr-defined]
        (row,) = versions_of_content(production.index, production.digest_of(media))
        pieces = [(one.first, one.end, letter_of(one.account)) for one in accounts(production.index, [row.id])[row.id]]
    assert fact.covers == ((1002, 1003),)
    assert [one for one in pieces if one[0] is not None and one[1] is not None] == [
        (1001, 1002, "U"),
        (1002, 1003, "C"),
        (1003, 1005, "U"),
    ]


def test_a_frame_whose_claim_was_once_recorded_for_its_whole_sequence_is_read_again(
    show: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for frame in range(1001, 1004):
        data = picture(colour=(frame % 256, 0, 0))
        (media / f"sky.{frame}.png").write_bytes(STUDIO.signed(data, CAMERA)[0] if frame == 1002 else data)
    trusting(show, STUDIO)
    with monkeypatch.context() as earlier:
        earlier.setattr(desk, "_frames", lambda numbers: ())
        scan(show, media)

    scan(show, media)

    with Production.open(show) as production:
        facts = [kept.event.fact for kept in rights(production.index, CredentialRead)]  # type: ignore[attr-defined]
        gone = {one.event.fact.step for one in production.recorded() if isinstance(one.event, StepWithdrawn)}
    assert [(fact.covers, fact.step in gone) for fact in facts] == [((), True), (((1002, 1003),), False)]


@pytest.mark.parametrize(("inside", "beside"), [(CAMERA, firefly()), (firefly(), CAMERA)])
def test_a_manifest_inside_and_one_beside_that_disagree_are_a_question(
    show: Path, media: Path, inside: dict[str, Any], beside: dict[str, Any]
) -> None:
    path = media / "plate.png"
    path.write_bytes(STUDIO.signed(picture(), inside)[0])
    (media / "plate.png.c2pa").write_bytes(STUDIO.signed(path.read_bytes(), beside, WHOLE, beside=True)[1])
    trusting(show, STUDIO)

    said = scan(show, media)

    assert (said, sorted(read(show))) == ([], [("trusted", "generative", True), ("trusted", "none", True)])
    assert account(show, path) == ("U", "generative", "", [Reason.AMBIGUOUS])


def test_two_manifests_beside_one_picture_that_disagree_are_a_question_also_when_the_second_comes_later(
    show: Path, media: Path
) -> None:
    path = media / "plate.png"
    path.write_bytes(picture())
    (media / "plate.png.c2pa").write_bytes(STUDIO.signed(picture(), CAMERA, beside=True)[1])
    trusting(show, STUDIO)
    scan(show, media)
    alone = account(show, path)
    (media / "plate.c2pa").write_bytes(STUDIO.signed(picture(), firefly(), beside=True)[1])
    for _ in range(2):
        scan(show, media)

    assert (alone, len(read(show))) == (("C", "none", "signed", []), 3)
    assert account(show, path) == ("U", "generative", "", [Reason.AMBIGUOUS])


def test_a_manifest_that_does_not_hold_is_said_and_weakens_no_other(show: Path, media: Path) -> None:
    path = media / "plate.png"
    path.write_bytes(STUDIO.signed(picture(), CAMERA)[0])
    (media / "plate.c2pa").write_bytes(b"junk")
    trusting(show, STUDIO)

    with Production.open(show) as production:
        (said,) = production.scan([media]).diagnostics

    assert "plate.c2pa" in said.text
    assert account(show, path) == ("C", "none", "signed", [])


def test_the_step_of_one_of_two_manifests_that_somebody_took_back_stays_away_and_the_other_stands(
    show: Path, media: Path
) -> None:
    path = media / "plate.png"
    path.write_bytes(STUDIO.signed(picture(), CAMERA)[0])
    sidecar = media / "plate.c2pa"
    store = STUDIO.signed(path.read_bytes(), firefly(), WHOLE, beside=True)[1]
    sidecar.write_bytes(store)
    scan(show, media)
    with Production.open(show) as production:
        (step,) = (
            one.event.fact.step
            for one in production.recorded()
            if isinstance(one.event, StepPerformed) and one.event.fact.kind is StepKind.GENERATE
        )
        production.withdraw_step(step)
    trusting(show, STUDIO)
    found = []
    for is_there in (True, False, True):
        sidecar.write_bytes(store) if is_there else sidecar.unlink()
        scan(show, media)
        found.append(account(show, path))

    assert found == [("C", "none", "signed", [])] * 3


def test_a_manifest_that_was_away_and_is_laid_beside_again_counts_again(show: Path, media: Path) -> None:
    path = media / "plate.png"
    path.write_bytes(STUDIO.signed(picture(), CAMERA)[0])
    sidecar = media / "plate.c2pa"
    store = STUDIO.signed(path.read_bytes(), firefly(), WHOLE, beside=True)[1]
    trusting(show, STUDIO)
    found = []
    for is_there in (True, False, True):
        sidecar.write_bytes(store) if is_there else sidecar.unlink()
        scan(show, media)
        found.append(account(show, path)[0])

    assert found == ["U", "C", "U"]


def test_a_frame_with_two_manifests_that_say_the_same_is_counted_once(show: Path, media: Path) -> None:
    for frame in range(1001, 1003):
        data = STUDIO.signed(picture(colour=(frame % 256, 0, 0)), CAMERA)[0]
        (media / f"sky.{frame}.png").write_bytes(data)
        (media / f"sky.{frame}.png.c2pa").write_bytes(STUDIO.signed(data, CAMERA, WHOLE, beside=True)[1])
    trusting(show, STUDIO)

    scan(show, media)

    with Production.open(show) as production:
        facts = [kept.event.fact for kept in rights(production.index, CredentialRead)]  # type: ignore[attr-defined]
    assert {fact.covers for fact in facts} == {((1001, 1003),)}


def test_without_the_library_a_scan_counts_the_manifests_that_it_did_not_read(
    show: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (media / f"{name}.png").write_bytes(STUDIO.signed(picture(colour=(1, 2, ord(name))), firefly())[0])
    (media / "c.png").write_bytes(picture())
    monkeypatch.setattr(desk, "is_installed", lambda: False)

    with Production.open(show) as production:
        (said,) = production.scan([media]).diagnostics

    assert (said.code, said.text, said.effect) == (
        "credential.unread",
        "2 files carry C2PA manifests that were not read: pip install 'edgecode[credentials]'",
        "approximate",
    )
    assert read(show) == []


def test_names_in_a_manifest_stand_in_no_leaf_and_nowhere_unsealed(show: Path, media: Path) -> None:
    (media / "sky.png").write_bytes(STUDIO.signed(picture(), firefly())[0])
    trusting(show, STUDIO)
    scan(show, media)

    with Production.open(show) as production:
        entries = list(production.log.entries(0, production.log.size))
        whole = b"".join(entry.leaf + b"".join(section.data for section in entry.sections) for entry in entries)
        read_back = [one.event for one in production.recorded() if isinstance(one.event, CredentialRead)]

    assert [secret for secret in SECRETS if secret in whole] == []
    assert read_back[0].recipe is not None
    assert read_back[0].recipe.values["title"] == "Ann Example's lighthouse"


def test_inspect_says_what_a_manifest_says_and_keeps_names_back(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = media / "sky.png"
    path.write_bytes(STUDIO.signed(picture(), firefly())[0])
    (media / "studio.pem").write_text(STUDIO.anchor)
    monkeypatch.chdir(media)

    def asked(*arguments: str) -> str:
        done = CliRunner().invoke(
            edgecode, ["inspect", str(path), "--trust", "studio.pem", *arguments], catch_exceptions=False
        )
        assert done.exit_code == 0
        return done.stdout

    (found,) = json.loads(asked("--json"))["credentials"]
    assert (found["standing"], found["says"], found["grade"], found["source_types"]) == (
        "trusted",
        ["generate", "generative", "Adobe Firefly 3.1"],
        "signed",
        ["trainedAlgorithmicMedia"],
    )
    assert "manifest    C2PA, trusted" in asked()
    assert ("lighthouse" in asked(), "lighthouse" in asked("--reveal")) == (False, True)


def test_a_file_of_certificates_that_is_none_is_refused(show: Path, media: Path) -> None:
    (show / "none.pem").write_text("nothing")
    with Production.open(show) as production:
        settings = production.settings
    write_settings(show, msgspec.structs.replace(settings, trust=("none.pem",)))

    done = CliRunner().invoke(edgecode, ["scan", str(media), "--production", str(show)])

    assert isinstance(done.exception, InputError)
    assert (done.exception.code, done.exception.sentence) == (
        "credentials.trust",
        "none.pem holds no certificate in PEM",
    )
