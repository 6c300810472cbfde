"""The OpenAssetIO manager as a host uses it: reading, lineage, the gate that fails closed, and publishes that are never lost."""

import ast
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

pytest.importorskip("openassetio")
pytest.importorskip("openassetio_mediacreation")

from asset_show import program
from openassetio import hostApi, log
from openassetio.access import EntityTraitsAccess, PolicyAccess, PublishingAccess, RelationsAccess, ResolveAccess
from openassetio.errors import BatchElementError, ConfigurationException
from openassetio.pluginSystem import PythonPluginSystemManagerImplementationFactory
from openassetio.trait import TraitsData
from openassetio.utils import FileUrlPathConverter
from openassetio_mediacreation.specifications.lifecycle import (
    EntityVersionsRelationshipSpecification_v1 as EntityVersions,
)
from openassetio_mediacreation.specifications.lifecycle import (
    StableReferenceRelationshipSpecification_v1 as StableReference,
)
from openassetio_mediacreation.traits.content import LocatableContentTrait_v1 as Locatable
from openassetio_mediacreation.traits.managementPolicy import ManagedTrait_v1 as Managed
from openassetio_mediacreation.traits.timeDomain import FrameRangedTrait_v1 as FrameRanged
from openassetio_mediacreation.traits.usage import EntityTrait_v1 as Entity
from openassetio_show import CONNECTOR, make_suite

from edgecode.production import Production
from edgecode.production.spools.taking import take_spool

MAKING = "edgecode:lineage.Making"
Code = BatchElementError.ErrorCode


class Host(hostApi.HostInterface):
    """A host for tests."""

    def identifier(self) -> str:
        return "edgecode.tests"

    def displayName(self) -> str:
        return "tests"


class Heard(log.LoggerInterface):
    """What a host logs from warnings on."""

    def __init__(self) -> None:
        log.LoggerInterface.__init__(self)
        self.warnings: list[str] = []

    def log(self, severity: object, message: str) -> None:
        if severity in (self.Severity.kWarning, self.Severity.kError, self.Severity.kCritical):
            self.warnings.append(message)


class Show:
    """A production, and a manager that a host made for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.suite = make_suite(folder)
        self.named: dict[str, str] = self.suite["references"]
        self.heard = Heard()
        self.manager = self.managed()

    def managed(self, **settings: object) -> hostApi.Manager:
        plugins = PythonPluginSystemManagerImplementationFactory(self.heard, str(CONNECTOR))
        manager = hostApi.ManagerFactory.createManagerForInterface("edgecode.manager", Host(), plugins, self.heard)
        manager.initialize(self.suite["settings"] | settings)
        return manager

    def production(self) -> Production:
        return Production.open(self.folder / "show")

    def ask(self, method: Callable[..., object], *arguments: object) -> list[Any]:
        """The elements of a batch call in order: answers, or the errors."""
        found: dict[int, Any] = {}
        context = self.manager.createContext()
        method(*arguments, context, found.__setitem__, found.__setitem__)
        return [found[index] for index in range(len(found))]

    def reference(self, name: str) -> Any:
        return self.manager.createEntityReference(self.named.get(name, name))


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Show]:
    monkeypatch.syspath_prepend(str(CONNECTOR))
    for name in [name for name in sys.modules if name.partition(".")[0] == "edgecode_openassetio"]:
        monkeypatch.delitem(sys.modules, name)
    yield Show(tmp_path)


def making(kind: str, *, path: Path | None = None, **inputs: str) -> TraitsData:
    data = TraitsData({Entity.kId, Locatable.kId, MAKING})
    data.setTraitProperty(MAKING, "kind", kind)
    for role, written in inputs.items():
        data.setTraitProperty(MAKING, role, written)
    if path is not None:
        Locatable(data).setLocation(FileUrlPathConverter().pathToUrl(str(path)))
    return data


def codes(answers: list[Any]) -> list[object]:
    return [one.code if isinstance(one, BatchElementError) else None for one in answers]


# ------------------------------------------------------------------------------------------ reading


def test_a_sequence_resolves_to_a_location_with_a_frame_number_and_its_range(show: Show) -> None:
    (data,) = show.ask(
        show.manager.resolve, [show.reference("run")], {Locatable.kId, FrameRanged.kId}, ResolveAccess.kRead
    )

    path = FileUrlPathConverter().pathFromUrl(Locatable(data).getLocation())
    assert (path, Locatable(data).getIsTemplated()) == (f"{show.folder}/media/run.{{frame:04d}}.png", True)
    assert (FrameRanged(data).getStartFrame(), FrameRanged(data).getEndFrame()) == (1001, 1003)


def test_a_place_tells_a_host_where_to_write_before_anything_stands_there(show: Show) -> None:
    still, frames, pinned = show.ask(
        show.manager.resolve,
        [show.reference("later"), show.reference("later_run"), show.reference("plate")],
        {Locatable.kId},
        ResolveAccess.kManagerDriven,
    )

    urls = FileUrlPathConverter()
    assert urls.pathFromUrl(Locatable(still).getLocation()) == f"{show.folder}/media/later.png"
    assert urls.pathFromUrl(Locatable(frames).getLocation()) == f"{show.folder}/media/later.{{frame:04d}}.png"
    assert codes([pinned]) == [Code.kEntityAccessError]


def test_one_bad_reference_costs_its_own_element_alone(show: Show) -> None:
    asked = [show.reference(name) for name in ("edgecode://cut/1", "plate", "later", "edgecode://")]

    answers = show.ask(show.manager.resolve, asked, {Locatable.kId}, ResolveAccess.kRead)

    assert codes(answers) == [
        Code.kMalformedEntityReference,
        None,
        Code.kEntityResolutionError,
        Code.kMalformedEntityReference,
    ]


def test_a_moving_reference_leads_to_the_version_that_pins_it(show: Show) -> None:
    def related(relation: TraitsData) -> list[str]:
        pagers = show.ask(
            lambda *asked: show.manager.getWithRelationship(*asked[:-3], *asked[-3:]),
            [show.reference("plate_place")],
            relation,
            10,
            RelationsAccess.kRead,
        )
        return [one.toString() for one in pagers[0].get()]

    stable = related(StableReference.create().traitsData())
    versions = related(EntityVersions.create().traitsData())

    assert (stable, versions) == ([show.named["plate"]], [show.named["plate"]])


def test_the_policy_offers_what_it_can_do_and_nothing_else(show: Show) -> None:
    context = show.manager.createContext()
    asked = [{Entity.kId, Locatable.kId, "somebody:else"}, {Entity.kId}, set()]

    reads, writes, drives, below = (
        [set(one.traitSet()) for one in show.manager.managementPolicy(asked, access, context)]
        for access in (
            PolicyAccess.kRead,
            PolicyAccess.kWrite,
            PolicyAccess.kManagerDriven,
            PolicyAccess.kCreateRelated,
        )
    )

    assert [Managed.kId in one for one in (*reads, *writes, *drives, *below)] == [True, False, False] * 3 + [False] * 3
    assert all("somebody:else" not in one for one in (*reads, *writes, *drives))
    assert not show.manager.hasCapability(hostApi.Manager.Capability.kDefaultEntityReferences)
    assert not show.manager.hasCapability(hostApi.Manager.Capability.kStatefulContexts)


# ------------------------------------------------------------------------------------------ the gate


def test_the_gate_lets_a_comp_of_a_plate_pass_and_stops_what_a_model_made_of_a_face(show: Show) -> None:
    hints = [making("comp", picture=show.named["plate"]), making("generate", picture=show.named["face"])]

    passed, stopped = show.ask(show.manager.preflight, [show.reference("later")] * 2, hints, PublishingAccess.kWrite)

    assert passed.toString() == show.named["later"]
    assert stopped.code == Code.kEntityAccessError
    assert stopped.message.startswith(("HELD at the publish gate: ", "REFUSED at the publish gate: "))
    assert "Ana Lind" not in stopped.message


def test_a_gate_that_says_nothing_of_making_is_held_unless_that_is_left_to_delivery(show: Show) -> None:
    hint, place = TraitsData({Entity.kId, Locatable.kId}), show.reference("sky_place")

    (held,) = show.ask(show.manager.preflight, [place], [hint], PublishingAccess.kWrite)
    show.manager = show.managed(unsaid="later")
    (later,) = show.ask(show.manager.preflight, [place], [hint], PublishingAccess.kWrite)

    assert "nobody says how sky.png was made" in held.message
    assert later.toString() == show.named["sky_place"]


@pytest.mark.parametrize("command", ["edgecode-that-is-not-there", f"{sys.executable} -c 'print(1)'", "false"])
def test_nothing_passes_a_gate_that_nobody_answers(show: Show, command: str) -> None:
    show.manager = show.managed(command=command)

    (error,) = show.ask(
        show.manager.preflight,
        [show.reference("later")],
        [making("comp", picture=show.named["plate"])],
        PublishingAccess.kWrite,
    )

    assert error.code == Code.kUnknown
    assert error.message.endswith("nothing may be published until the publish gate answers")


def test_a_production_that_is_not_there_is_said_in_its_own_sentence(show: Show) -> None:
    show.manager = show.managed(production=str(show.folder / "media"))

    (error,) = show.ask(show.manager.preflight, [show.reference("later")], [making("comp")], PublishingAccess.kWrite)

    assert error.message.startswith("edgecode: ")


def test_an_answer_that_takes_too_long_is_no_answer(show: Show) -> None:
    show.manager = show.managed(command=f"{sys.executable} -c 'import time; time.sleep(60)'", timeout_seconds=0.5)

    (error,) = show.ask(show.manager.preflight, [show.reference("later")], [making("comp")], PublishingAccess.kWrite)

    assert "did not answer within 0.5 seconds" in error.message


# ------------------------------------------------------------------------------------------ recording


def test_a_publish_is_a_step_on_record_with_the_gate_that_it_passed(show: Show) -> None:
    place = show.reference("later")
    path = show.folder / "media" / "later.png"
    hint = making("comp", path=path, picture=f"{show.named['plate']}\n{show.named['sky_place']}")

    show.ask(show.manager.preflight, [place], [hint], PublishingAccess.kWrite)
    path.write_bytes(b"a comp")
    (made,) = show.ask(show.manager.register, [place], [hint], PublishingAccess.kWrite)

    from_ = show.ask(
        show.manager.getWithRelationship,
        [made],
        TraitsData({"edgecode:lineage.MadeFrom"}),
        10,
        RelationsAccess.kRead,
    )
    with show.production() as production:
        (record,) = [one.recipe.settings for one in steps_of(production) if one.recipe is not None]
    assert made.toString().startswith("edgecode://version/")
    assert [one.toString() for one in from_[0].get()] == [show.named["plate"], show.named["sky"]]
    assert record["publish.gate"] == "CLEARED"
    assert (show.folder / "spool").exists() is False


def steps_of(production: Production) -> list[Any]:
    from edgecode.events.kinds import StepPerformed

    return [one.event for one in production.recorded() if isinstance(one.event, StepPerformed)]


def test_a_published_sequence_is_exactly_the_frames_that_the_host_says(show: Show) -> None:
    hint = making("render", picture=show.named["plate"])
    hint.addTrait(FrameRanged.kId)
    url = FileUrlPathConverter().pathToUrl(f"{show.folder}/media/shot.{{frame:04d}}.png")
    Locatable(hint).setLocation(url)
    Locatable(hint).setIsTemplated(True)
    FrameRanged(hint).setStartFrame(1)
    FrameRanged(hint).setEndFrame(2)
    for number in (1, 2, 3):
        (show.folder / "media" / f"shot.{number:04d}.png").write_bytes(b"frame %d" % number)

    (made,) = show.ask(show.manager.register, [show.reference("later_run")], [hint], PublishingAccess.kWrite)
    (data,) = show.ask(show.manager.resolve, [made], {FrameRanged.kId}, ResolveAccess.kRead)

    assert (FrameRanged(data).getStartFrame(), FrameRanged(data).getEndFrame()) == (1, 2)


def test_a_publish_that_cannot_be_recorded_waits_in_the_spool_and_fails_nobody(show: Show) -> None:
    path = show.folder / "media" / "later.png"
    path.write_bytes(b"a comp")
    show.manager = show.managed(command="edgecode-that-is-not-there")

    (kept,) = show.ask(
        show.manager.register,
        [show.reference("later")],
        [making("comp", path=path, picture=show.named["plate"])],
        PublishingAccess.kWrite,
    )
    with show.production() as production:
        taken = take_spool(
            show.folder / "spool", production=production.folder, record=production.record_lines, now_seconds=0.0
        )

    assert kept.toString() == show.named["later"]
    assert [one for one in show.heard.warnings if "It waits in" in one]
    assert (taken.intake.steps, taken.intake.diagnostics[0].code) == (1, "media.not_its_suffix")


def test_a_full_disk_keeps_a_record_waiting_and_fails_nobody(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    path = show.folder / "media" / "later.png"
    path.write_bytes(b"a comp")
    import edgecode_openassetio.door as door

    asked = door.Door.ask

    def full(self: Any, **request: Any) -> dict[str, Any]:
        if request["ask"] != "record":
            answer: dict[str, Any] = asked(self, **request)
            return answer
        error = {"code": "ledger.unwritable", "text": "no space left on the device", "remedy": "Make room"}
        return {"elements": [{"error": error}] * len(request["steps"])}

    for module in [one for name, one in sys.modules.items() if hasattr(one, "Unanswered") and hasattr(one, "Door")]:
        monkeypatch.setattr(module.Door, "ask", full)

    (kept,) = show.ask(
        show.manager.register,
        [show.reference("later")],
        [making("comp", path=path, picture=show.named["plate"])],
        PublishingAccess.kWrite,
    )

    assert kept.toString() == show.named["later"]
    assert len(list((show.folder / "spool").glob("*.jsonl"))) == 1


def test_a_line_that_contradicts_itself_is_an_error_and_is_not_spooled(show: Show) -> None:
    hint = making("comp", path=show.folder / "media" / "plate.png", picture=show.named["plate"])
    Locatable(hint).setLocation("http://elsewhere/plate.png")

    answers = show.ask(show.manager.register, [show.reference("later")], [hint], PublishingAccess.kWrite)

    assert codes(answers) == [Code.kInvalidTraitSet]
    assert not (show.folder / "spool").exists()


# ------------------------------------------------------------------------------------------ the plug-in itself


@pytest.mark.parametrize(
    "wrong", [{"unsaid": "never"}, {"colour": "red"}, {"production": 7}, {"timeout_seconds": True}]
)
def test_a_setting_that_there_is_not_is_refused(show: Show, wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigurationException):
        show.managed(**wrong)


def test_the_door_opens_again_after_the_program_ended(show: Show) -> None:
    import edgecode_openassetio.door as door

    one = door.Door([str(program(show.folder / "again"))], str(show.folder / "show"))
    first = one.ask(ask="hello")["hello"]["production"]
    one._process.kill()
    one._process.wait()

    second = one.ask(ask="hello")["hello"]["production"]
    one.close()

    assert (first, second) == ("Film", "Film")


def test_the_plug_in_names_no_module_of_edgecode(show: Show) -> None:
    imported: set[str] = set()
    for path in (CONNECTOR / "edgecode_openassetio").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(str(node.module).partition(".")[0])

    assert imported <= sys.stdlib_module_names | {"openassetio", "openassetio_mediacreation"}


def test_a_kind_of_making_that_the_plug_in_offers_is_one_of_step_1(show: Show) -> None:
    from edgecode_openassetio.words import AI, KINDS

    schema = json.loads((CONNECTOR.parents[1] / "schemas" / "step-1.json").read_text("utf-8"))["$defs"]

    # Nothing is published as an import: that would claim a making that nobody knows.
    assert set(schema["StepKind"]["enum"]) - {"import"} == KINDS
    assert {""} | set(schema["AiUse"]["enum"]) == AI


def test_the_traits_that_are_published_for_generators_are_those_that_the_manager_reads(show: Show) -> None:
    from edgecode_openassetio import words

    written = yaml.safe_load((CONNECTOR / "edgecode_openassetio" / "traits.yml").read_text("utf-8"))
    (members,) = [one["members"] for one in written["traits"].values()]
    properties = {name: set(one["versions"]["1"]["properties"]) for name, one in members.items()}

    assert {f"{written['package']}:lineage.{name}" for name in members} == {
        words.MAKING,
        words.MADE_FROM,
        words.MADE_INTO,
    }
    assert properties == {
        "Making": {"kind", "ai", "tool", "toolVersion", "models", *words.ROLES},
        "MadeFrom": {"role"},
        "MadeInto": {"role"},
    }


def test_writing_needs_a_place_and_what_a_place_asks_for_is_said(show: Show) -> None:
    asked = [show.reference("later"), show.reference("later_run"), show.reference("plate")]
    still, frames, pinned = show.ask(show.manager.entityTraits, asked, EntityTraitsAccess.kWrite)

    assert (still, frames) == ({Entity.kId, Locatable.kId}, {Entity.kId, Locatable.kId, FrameRanged.kId})
    assert pinned.code == Code.kEntityAccessError
