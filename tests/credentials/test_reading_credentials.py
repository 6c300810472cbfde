"""How a C2PA manifest stands here, and what it says of making."""

import io
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from credential_samples import TERMS, Signer, action, firefly, manifest, picture
from edgecode.errors import UnavailableError
from edgecode.ingest import credentials
from edgecode.ingest.credential_claims import Agent, store_of
from edgecode.ingest.credential_events import grade_of
from edgecode.ingest.credential_making import SaidInput, SaidMaking, ai_in, making_in
from edgecode.ingest.credentials import Credential, Trust, read_credential
from edgecode.terms.evidence import AiUse, Grade
from edgecode.terms.steps import InputRole, StepKind
from shared_data import DATA, needs_shared_data

STUDIO = Signer()
TRUSTED = Trust(STUDIO.anchor)


def read(
    data: bytes, *, media_type: str = "image/png", beside: bytes | None = None, trust: Trust = TRUSTED
) -> Credential:
    found = read_credential(io.BytesIO(data), media_type, sidecar=beside, trust=trust)
    assert found is not None
    return found


def said(*actions: dict[str, object], **others: object) -> SaidMaking | None:
    """What a manifest with these actions says, read back from a signed file."""
    data, _ = STUDIO.signed(picture(), manifest(*actions), **others)  # type: ignore[arg-type]
    store = read(data).store
    assert store is not None
    return making_in(store)


# ------------------------------------------------------------------------------------------ standing


def test_a_manifest_signed_by_somebody_trusted_is_trusted_and_binds_the_bytes() -> None:
    data, _ = STUDIO.signed(picture(), firefly())

    found = read(data)

    assert (found.standing, found.binds, found.manifests, grade_of(found)) == ("trusted", True, 1, Grade.SIGNED)


def test_the_same_manifest_is_untrusted_where_nobody_vouches_for_its_signer() -> None:
    data, _ = STUDIO.signed(picture(), firefly())

    stands = [read(data, trust=trust) for trust in (Trust(), Trust(Signer("Somebody Else").anchor))]

    assert [(one.standing, grade_of(one), one.codes[0]) for one in stands] == [
        ("untrusted", Grade.DECLARED, "signingCredential.untrusted")
    ] * 2


def test_one_changed_byte_of_the_picture_makes_a_trusted_manifest_invalid() -> None:
    data, _ = STUDIO.signed(picture(), firefly())
    spoilt = bytearray(data)
    spoilt[-30] ^= 1

    found = read(bytes(spoilt))

    assert (found.standing, found.codes[0]) == ("invalid", "assertion.dataHash.mismatch")


def test_a_certificate_that_ran_out_is_expired_and_neither_invalid_nor_merely_untrusted() -> None:
    brief = Signer("Brief", days=1 / 24 + 3 / 86_400)
    data, _ = brief.signed(picture(), firefly())
    time.sleep(max(0, brief.leaf.not_valid_after_utc.timestamp() + 1.1 - time.time()))

    found = read(data, trust=Trust(brief.anchor))

    assert (found.standing, grade_of(found)) == ("expired", Grade.DECLARED)


def test_a_manifest_beside_a_file_that_cannot_hold_one_binds_the_whole_file() -> None:
    exr = b"\x76\x2f\x31\x01" + bytes(300)
    _, store = STUDIO.signed(exr, firefly(), "image/x-exr", beside=True)

    stands = [read(data, media_type="", beside=store).standing for data in (exr, exr + b"x", exr[:-1])]

    assert stands == ["trusted", "invalid", "invalid"]


def test_a_manifest_that_is_no_manifest_is_invalid_and_says_so_in_a_sentence() -> None:
    found = read(picture(), beside=b"junk")

    assert (found.standing, found.problem and found.problem.code) == ("invalid", "credential.unreadable")


def test_a_file_without_a_manifest_has_none() -> None:
    assert read_credential(io.BytesIO(picture()), "image/png", trust=TRUSTED) is None


def test_a_remote_manifest_is_remote_and_nobody_asks_for_it() -> None:
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/elsewhere.c2pa"
    try:
        data, _ = STUDIO.signed(picture(), firefly(), remote=url)
        found = read(data)
        time.sleep(0.2)
    finally:
        server.shutdown()
        server.server_close()

    assert (found.standing, found.location, found.store, asked) == ("remote", url, None, [])


def test_without_the_library_reading_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "is_installed", lambda: False)

    with pytest.raises(UnavailableError) as refused:
        read_credential(io.BytesIO(picture()), "image/png", trust=TRUSTED)

    assert (refused.value.code, "edgecode[credentials]" in refused.value.remedy) == ("extra.missing", True)


def test_a_file_cut_short_anywhere_ends_in_a_standing_and_never_in_an_accident() -> None:
    data, _ = STUDIO.signed(picture("JPEG"), firefly(), "image/jpeg")

    stands = set()
    for end in range(0, len(data), max(1, len(data) // 60)):
        found = read_credential(io.BytesIO(data[:end]), "image/jpeg", trust=TRUSTED)
        stands.add(found.standing if found is not None else "none")

    assert stands <= {"none", "invalid"}


def test_a_second_validator_judges_the_same_files_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encypher = pytest.importorskip("encypher_c2pa")
    for home in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(home, str(tmp_path))
    data, _ = STUDIO.signed(picture(), firefly())
    spoilt = bytearray(data)
    spoilt[-30] ^= 1
    other = Signer("Somebody Else")

    cases = [(data, TRUSTED), (bytes(spoilt), TRUSTED), (data, Trust(other.anchor))]
    ours = [read(one, trust=trust).standing for one, trust in cases]
    theirs = [_second(encypher, one, trust, tmp_path / "asked.png") for one, trust in cases]

    assert (ours, theirs) == (["trusted", "invalid", "untrusted"], ["trusted", "invalid", "untrusted"])


def _second(encypher: ModuleType, data: bytes, trust: Trust, path: Path) -> str:
    path.write_bytes(data)
    report = encypher.verify(path, telemetry=False, online=False, no_default_trust=True, trust_pem=trust.anchors)
    codes = json.dumps(report)
    if "assertion.dataHash.mismatch" in codes:
        return "invalid"
    return "trusted" if '"signingCredential.trusted"' in codes else "untrusted"


# ------------------------------------------------------------------------------------------ what it says


def test_a_generated_picture_is_generated_by_the_tool_that_the_manifest_names() -> None:
    assert said(action("created", "trainedAlgorithmicMedia", "Adobe Firefly")) == SaidMaking(
        StepKind.GENERATE, AiUse.GENERATIVE, Agent("Adobe Firefly", "3.1")
    )


def test_a_camera_picture_that_was_only_cropped_and_converted_is_a_camera_picture() -> None:
    assert said(
        action("created", "digitalCapture", "Example Camera"), action("cropped"), action("converted")
    ) == SaidMaking(StepKind.CAMERA, None, Agent("Example Camera", "3.1"))


def test_a_camera_picture_into_which_a_model_painted_is_an_edit_of_a_camera_picture() -> None:
    found = said(
        action("created", "digitalCapture", "Example Camera"),
        action("edited", "compositeWithTrainedAlgorithmicMedia", "Example Fill"),
    )

    camera = SaidMaking(StepKind.CAMERA, None, Agent("Example Camera", "3.1"))
    assert found == SaidMaking(
        StepKind.GENERATIVE_EDIT, AiUse.GENERATIVE, Agent("Example Fill", "3.1"), (SaidInput("", making=camera),)
    )


def test_an_edit_that_does_not_say_who_did_it_leaves_the_use_of_models_unknown() -> None:
    found = said(action("created", "digitalCapture", "Example Camera"), action("edited"))

    assert found is not None
    assert (found.kind, found.ai, len(found.inputs)) == (StepKind.COMP, AiUse.UNKNOWN, 1)


def test_an_edit_by_hand_of_a_camera_picture_keeps_both() -> None:
    found = said(action("created", "digitalCapture"), action("edited", "humanEdits"))

    assert found is not None
    assert (found.kind, [one.making and one.making.kind for one in found.inputs]) == (StepKind.PAINT, [StepKind.CAMERA])


@pytest.mark.parametrize("source", ["negativeFilm", "print", "screenCapture", "composite"])
def test_a_source_that_does_not_say_whose_picture_it_was_makes_no_step(source: str) -> None:
    assert said(action("created", source)) is None


def test_a_word_that_only_looks_like_a_source_type_counts_for_nothing() -> None:
    bogus = {"action": "c2pa.created", "digitalSourceType": "http://example.com/trainedAlgorithmicMedia"}

    assert said(bogus) is None


_IN_OTHER_WORDS = [
    f"{TERMS}trainedAlgorithmicMedia/",
    "digsrctype:trainedAlgorithmicMedia",
    "cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    "https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    "trainedalgorithmicmedia",
]


@pytest.mark.parametrize("written", _IN_OTHER_WORDS)
def test_a_source_type_is_the_same_in_each_of_its_spellings(written: str) -> None:
    found = said(action("created", "digitalCapture"), {"action": "c2pa.filtered", "digitalSourceType": written})

    assert found is not None
    assert (found.kind, found.ai) == (StepKind.GENERATIVE_EDIT, AiUse.GENERATIVE)


@pytest.mark.parametrize(
    "written", [f"{TERMS}fullyModelMadeMedia", "http://example.com/trainedAlgorithmicMedia", f"{TERMS}composite"]
)
@pytest.mark.parametrize("others", [(), ("algorithmicallyEnhanced",), ("humanEdits",)])
def test_a_source_type_that_says_not_enough_leaves_the_use_of_models_unknown(written: str, others: tuple[str]) -> None:
    beside = [action("edited", one) for one in others]
    found = said(
        action("created", "digitalCapture"), {"action": "c2pa.filtered", "digitalSourceType": written}, *beside
    )

    assert found is not None
    assert (found.kind, found.ai) == (StepKind.COMP, AiUse.UNKNOWN)


@pytest.mark.parametrize("name", ["c2pa.filtered", "*"])
def test_a_template_speaks_of_the_actions_that_it_names(name: str) -> None:
    template = {
        "action": name,
        "digitalSourceType": f"{TERMS}trainedAlgorithmicMedia",
        "softwareAgent": {"name": "Adobe Firefly"},
    }
    whole = manifest(action("created", "digitalCapture", "Example Camera"), action("filtered"))
    whole["assertions"][0]["data"]["templates"] = [template]

    store = read(STUDIO.signed(picture(), whole)[0]).store

    assert store is not None
    camera = SaidMaking(StepKind.CAMERA, None, Agent("Example Camera", "3.1"))
    assert (making_in(store), ai_in(store)) == (
        SaidMaking(StepKind.GENERATIVE_EDIT, AiUse.GENERATIVE, Agent("Adobe Firefly"), (SaidInput("", making=camera),)),
        "generative",
    )


def test_a_template_of_another_action_says_nothing_of_this_one() -> None:
    whole = manifest(action("created", "digitalCapture"), action("filtered"))
    template = {"action": "c2pa.edited", "digitalSourceType": f"{TERMS}trainedAlgorithmicMedia"}
    whole["assertions"][0]["data"]["templates"] = [template]

    store = read(STUDIO.signed(picture(), whole)[0]).store

    assert store is not None and (making := making_in(store)) is not None
    assert (making.kind, making.ai) == (StepKind.CAMERA, None)


@pytest.mark.parametrize(
    "data",
    [
        {"actions": [action("created", "digitalCapture"), {"action": 7}]},
        {"actions": [action("created", "digitalCapture"), {"action": "c2pa.filtered", "digitalSourceType": {"a": 1}}]},
        {"actions": [action("created", "digitalCapture", related=[{"action": "c2pa.edited"}])]},
    ],
)
def test_an_action_that_cannot_be_read_is_not_left_out(data: dict[str, object]) -> None:
    assertion = {"label": "c2pa.actions.v2", "data": data}
    store = store_of(json.dumps({"active_manifest": "a", "manifests": {"a": {"assertions": [assertion]}}}))

    making = making_in(store)

    assert making is not None
    assert (making.ai, ai_in(store)) == (AiUse.UNKNOWN, "unsaid")


def test_what_was_created_of_a_kind_that_nobody_knows_is_not_only_its_ingredients() -> None:
    sky, _ = STUDIO.signed(picture(), manifest(action("created", "digitalCapture")))
    about = {"title": "sky.png", "relationship": "componentOf", "label": "sky"}
    created = {"action": "c2pa.created", "digitalSourceType": f"{TERMS}fullyModelMadeMedia"}

    found = said(created, ingredients=[(about, "image/png", sky)])

    assert found is not None
    assert [(one.name, one.making is None) for one in found.inputs] == [("", True), ("sky.png", False)]


def test_what_an_ingredient_with_a_manifest_went_through_is_part_of_the_story() -> None:
    before, _ = STUDIO.signed(
        picture(), manifest(action("created", "trainedAlgorithmicMedia", "Adobe Firefly"), title="sky")
    )
    opened = action("opened", parameters={"ingredientIds": ["before"]})
    about = {"title": "sky.png", "relationship": "parentOf", "label": "before"}
    data, _ = STUDIO.signed(
        picture(colour=(1, 2, 3)), manifest(opened, action("cropped")), ingredients=[(about, "image/png", before)]
    )
    store = read(data).store
    assert store is not None

    generated = SaidMaking(StepKind.GENERATE, AiUse.GENERATIVE, Agent("Adobe Firefly", "3.1"))
    assert (making_in(store), ai_in(store)) == (
        SaidMaking(
            StepKind.TRANSCODE,
            AiUse.NONE,
            Agent("Example Writer", "1.2"),
            (SaidInput("sky.png", InputRole.PICTURE, "", generated),),
        ),
        "generative",
    )


def test_an_ingredient_whose_manifest_failed_says_nothing_of_its_making() -> None:
    document = {
        "active_manifest": "b",
        "manifests": {
            "a": {"assertions": [_created("digitalCapture")]},
            "b": {
                "assertions": [{"label": "c2pa.actions", "data": {"actions": [{"action": "c2pa.opened"}]}}],
                "ingredients": [
                    {
                        "title": "a.jpg",
                        "relationship": "parentOf",
                        "active_manifest": "a",
                        "validation_status": [{"code": "claimSignature.mismatch"}],
                    }
                ],
            },
        },
    }

    found = making_in(store_of(json.dumps(document)))

    assert found is not None
    assert found.inputs == (SaidInput("a.jpg"),)


def test_manifests_that_name_each_other_as_ingredients_end() -> None:
    def of(label: str) -> dict[str, object]:
        opened = {"label": "c2pa.actions", "data": {"actions": [{"action": "c2pa.opened"}]}}
        return {"assertions": [opened], "ingredients": [{"title": label, "active_manifest": label}]}

    store = store_of(json.dumps({"active_manifest": "a", "manifests": {"a": of("b"), "b": of("a")}}))

    found = making_in(store)

    assert found is not None and found.inputs[0].making is not None
    assert found.inputs[0].making.inputs == (SaidInput("a"),)


def test_silence_about_models_is_not_no() -> None:
    def store(*sources: str) -> str:
        return ai_in(
            store_of(
                json.dumps({"active_manifest": "a", "manifests": {"a": {"assertions": [*map(_created, sources)]}}})
            )
        )

    assert [store(), store("digitalCapture"), store("composite"), store("algorithmicallyEnhanced")] == [
        "unsaid",
        "none",
        "unsaid",
        "assistive",
    ]


def _created(source: str) -> dict[str, object]:
    return {"label": "c2pa.actions", "data": {"actions": [action("created", source)]}}


# ------------------------------------------------------------------------------------------ others' files


@needs_shared_data
def test_the_public_test_files_stand_as_their_publisher_says() -> None:
    folder = DATA / "c2pa-public"
    stands: dict[str, str] = {}
    for path in sorted((folder / "image/jpeg").glob("*.jpg")):
        with path.open("rb") as file:
            found = read_credential(file, "image/jpeg", trust=Trust())
        stands[path.stem] = found.standing if found is not None else "none"
        published = folder / "expected" / path.stem / "manifest_store.json"
        assert published.is_file() == (found is not None)
        if found is not None and found.store is not None:
            expected = json.loads(published.read_text("utf-8"))
            assert found.store.active_manifest == expected["active_manifest"]
            assert found.store.manifests.keys() == expected["manifests"].keys()
            assert found.store.active.title == expected["manifests"][expected["active_manifest"]]["title"]

    unsigned = {"adobe-20220124-A", "adobe-20220124-I"}
    assert stands == {name: "none" if name in unsigned else "untrusted" for name in stands}
    assert len(stands) == 13


@needs_shared_data
def test_the_bad_ingredient_of_a_public_file_is_an_input_of_unknown_making() -> None:
    with (DATA / "c2pa-public/image/jpeg/adobe-20220124-CIE-sig-CA.jpg").open("rb") as file:
        found = read_credential(file, "image/jpeg", trust=Trust())

    assert found is not None and found.store is not None
    making = making_in(found.store)
    assert making is not None
    assert [(one.name, one.making) for one in making.inputs if one.name.startswith("E-")] == [("E-sig-CA.jpg", None)]
