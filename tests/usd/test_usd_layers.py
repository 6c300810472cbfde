"""USD layers: what they name, what leads nowhere, who says to have made them; and copies that carry names of the record."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from edgecode.cli.app import edgecode
from edgecode.errors import InputError, UnavailableError
from edgecode.ingest import usd
from edgecode.ingest.doors import StepReader
from edgecode.ingest.step_record import RecordedFile, RecordedInput, RecordedTool, StepRecord
from edgecode.ingest.usd import Authorship, Dependencies, UsdLayer, UsdLayers, dependencies, layer_in, stamp
from edgecode.production.doors.readers import step_readers
from edgecode.production.doors.usd import inspect_usd
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import InputRole, StepKind
from edgecode.testing.reader_suites import StepReaderSuite
from shared_data import DATA, needs_shared_data

pytest.importorskip("pxr", reason="needs the extra: pip install 'edgecode[usd]'")

TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SHOT = """#usda 1.0
(
    defaultPrim = "Shot"
    subLayers = [@./light.usda@]
)

def Xform "Shot" (
    assetInfo = {
        asset identifier = @shot.usda@
        string name = "sh010"
    }
)
{
    def "Bunny" (
        prepend references = @gone/bunny.usdc@
    )
    {
        uniform asset inputs:file = @./tex/fur.<UDIM>.png@
    }
}
"""
BUNNY = f"""#usda 1.0
(
    defaultPrim = "Bunny"
)

def "Bunny" (
    prepend apiSchemas = ["PreliminaryAuthorshipAPI:gen"]
)
{{
    uniform string preliminaryAuthorship:gen:producer = "com.example.meshes"
    uniform string preliminaryAuthorship:gen:version = "2.1"
    uniform string preliminaryAuthorship:gen:digitalSourceType = "{TERMS}trainedAlgorithmicMedia"
    uniform string[] preliminaryAuthorship:gen:creator = ["Ann Example", "Bo Example"]
    uniform string preliminaryAuthorship:gen:prompt = "a fluffy bunny"
}}
"""


class TestUsdLayers(StepReaderSuite):
    @pytest.fixture
    def reader(self) -> UsdLayers:
        return UsdLayers()

    @pytest.fixture
    def samples(self) -> dict[str, bytes]:
        return {"shot.usda": SHOT.encode(), "bunny.usda": BUNNY.encode()}


def test_a_layer_names_sublayers_references_and_files_of_attributes_as_written() -> None:
    assert layer_in(SHOT.encode(), name="shot.usda") == UsdLayer(
        ("./light.usda", "gone/bunny.usdc", "./tex/fur.<UDIM>.png"),
        (),
        {"/Shot": {"identifier": "shot.usda", "name": "sh010"}},
    )


def test_what_leads_nowhere_is_listed_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "shot.usda").write_text(SHOT)
    (tmp_path / "light.usda").write_text("#usda 1.0\n")

    found = dependencies(tmp_path / "shot.usda")

    assert (found.layers, found.assets, len(found.unresolved)) == ((str(tmp_path / "light.usda"),), (), 2)


def test_an_assembly_is_a_plan_and_a_generated_asset_is_somebodys_word_that_a_model_made_it() -> None:
    (plan,) = UsdLayers().read(SHOT.encode(), name="shot.usda")
    (made,) = UsdLayers().read(BUNNY.encode(), name="bunny.usda")

    assert isinstance(plan, StepRecord) and isinstance(made, StepRecord)
    assert (plan.kind, plan.status, plan.grade) == (StepKind.COMP, "unknown", "declared")
    assert plan.inputs == (
        RecordedInput(path="./light.usda", role=InputRole.REFERENCE),
        RecordedInput(path="gone/bunny.usdc", role=InputRole.REFERENCE),
        RecordedInput(path="./tex/fur.<UDIM>.png", role=InputRole.PICTURE),
    )
    assert (made.kind, made.ai, made.status, made.grade, made.tool, made.outputs) == (
        StepKind.GENERATIVE_EDIT,
        AiUse.GENERATIVE,
        "done",
        "declared",
        RecordedTool("com.example.meshes", "2.1"),
        (RecordedFile(path="bunny.usda"),),
    )


def test_names_and_prompts_of_an_authorship_stand_in_texts_alone() -> None:
    (made,) = UsdLayers().read(BUNNY.encode(), name="bunny.usda")
    assert isinstance(made, StepRecord)

    assert sorted(one.text for one in made.texts) == ["Ann Example; Bo Example", "a fluffy bunny"]
    assert [value for value in made.settings.values() if "Ann" in value or "bunny" in value] == []


def test_what_is_stamped_into_a_copy_is_read_back_and_the_layer_stays(tmp_path: Path) -> None:
    layer, copy = tmp_path / "shot.usda", tmp_path / "shot_stamped.usda"
    layer.write_text(SHOT)
    said = Authorship(
        "/Shot", "edgecode", {"producer": "Example", "version": "1", "creator": "A; B", "usageTerms": "MIT"}
    )

    stamp(layer, copy, prim="", asset_info={"version": "7", "identifier": "edgecode:G 7K3F9"}, authorship=said)

    found = layer_in(copy.read_bytes(), name=copy.name)
    assert layer.read_text() == SHOT
    assert found.references == layer_in(SHOT.encode(), name="shot.usda").references
    assert found.asset_info == {"/Shot": {"identifier": "edgecode:G 7K3F9", "name": "sh010", "version": "7"}}
    assert found.authorship == (said,)


@pytest.mark.parametrize(
    ("out", "prim", "code"),
    [("shot.usda", "", "usd.copy"), ("a/b.usda", "", "usd.copy"), ("b.usda", "/No", "usd.no_prim")],
)
def test_nothing_is_written_over_or_elsewhere_or_on_a_prim_that_is_not_there(
    tmp_path: Path, out: str, prim: str, code: str
) -> None:
    (tmp_path / "shot.usda").write_text(SHOT)
    (tmp_path / "a").mkdir()

    with pytest.raises(InputError) as refused:
        stamp(tmp_path / "shot.usda", tmp_path / out, prim=prim, asset_info={"name": "x"})

    assert (refused.value.code, (tmp_path / "shot.usda").read_text()) == (code, SHOT)


def test_a_spoilt_layer_is_refused_with_a_sentence() -> None:
    with pytest.raises(InputError) as refused:
        layer_in(b"#usda 1.0\ndef {{{", name="a.usda")

    assert refused.value.code == "usd.unreadable"


def test_without_the_library_reading_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usd, "find_spec", lambda name: None)

    with pytest.raises(UnavailableError) as refused:
        layer_in(SHOT.encode(), name="shot.usda")

    assert (refused.value.code, "edgecode[usd]" in refused.value.remedy) == ("extra.missing", True)


def test_inspect_lists_what_leads_nowhere_and_keeps_names_back(tmp_path: Path) -> None:
    (tmp_path / "shot.usda").write_text(SHOT)
    (tmp_path / "bunny.usda").write_text(BUNNY)

    def asked(*arguments: str) -> str:
        done = CliRunner().invoke(edgecode, ["inspect", *arguments], catch_exceptions=False)
        assert done.exit_code == 0
        return done.output

    shot = json.loads(asked(str(tmp_path / "shot.usda"), "--json"))
    assert (shot["kind"], len(shot["unresolved"])) == ("usd", 3)
    assert ["Ann" in asked(str(tmp_path / "bunny.usda"), *more) for more in ((), ("--reveal",))] == [False, True]


def test_the_command_stamps_a_copy(tmp_path: Path) -> None:
    (tmp_path / "shot.usda").write_text(SHOT)
    out = tmp_path / "copy.usda"

    done = CliRunner().invoke(
        edgecode,
        [
            "usd",
            "stamp",
            str(tmp_path / "shot.usda"),
            "--out",
            str(out),
            "--identifier",
            "G 7K3F9 Q2MT4",
            "--source-type",
            "digitalCreation",
        ],
        catch_exceptions=False,
    )

    found = layer_in(out.read_bytes(), name=out.name)
    assert (done.exit_code, found.asset_info["/Shot"]["identifier"]) == (0, "edgecode:G 7K3F9 Q2MT4")
    assert [one.values for one in found.authorship] == [{"digitalSourceType": f"{TERMS}digitalCreation"}]


DEEP = b"#usda 1.0\n" + b'def "a" {\n' * 100_000 + b"}\n" * 100_000


def usd_door() -> StepReader:
    return next(reader for reader in step_readers() if reader.name == "usd")


@pytest.mark.parametrize("text", [SHOT, BUNNY])
def test_the_door_reads_a_layer_in_a_process_of_its_own_as_the_reader_does(text: str) -> None:
    assert list(usd_door().read(text.encode(), name="a.usda")) == list(UsdLayers().read(text.encode(), name="a.usda"))


def test_a_layer_that_ends_its_library_is_refused_and_takes_nobody_along(tmp_path: Path) -> None:
    (tmp_path / "deep.usda").write_bytes(DEEP)
    with pytest.raises(InputError) as at_the_door:
        list(usd_door().read(DEEP, name="deep.usda"))
    with pytest.raises(InputError) as inspected:
        inspect_usd(tmp_path / "deep.usda", reveal=False)

    assert (at_the_door.value.code, inspected.value.code) == ("reader.crashed", "reader.crashed")


@needs_shared_data
def test_every_layer_of_the_trade_is_read_or_refused_and_what_leads_nowhere_is_listed() -> None:
    refused, unresolved, count = [], 0, 0
    for path in sorted((DATA / "usd").rglob("*")):
        if path.suffix not in usd.SUFFIXES:
            continue
        count += 1
        try:
            list(UsdLayers().read(path.read_bytes(), name=path.name))
            found = dependencies(path)
            assert isinstance(found, Dependencies)
            unresolved += len(found.unresolved)
        except InputError as error:
            refused.append((path.name, error.code))

    assert (len(refused), count, unresolved > 50) == (2, 110, True)
