"""Everything that the command line prints as JSON has a type, a versioned name and a schema, and reads back as it was."""

import json
from pathlib import Path

import jsonschema
import msgspec
import pytest
from recorded_film import ROOTS, last_verse

from edgecode.answers.chain import Chains
from edgecode.answers.conform_sheet import ConformAnswer, conform_sheet
from edgecode.answers.contracts import CONTRACTS
from edgecode.answers.cuts.listing import cuts_answer
from edgecode.answers.cuts.loading import load_cut, load_open
from edgecode.answers.inspection.answer import CutInspection
from edgecode.answers.inspection.media import media_inspection
from edgecode.answers.intake.acknowledged import Acknowledged
from edgecode.answers.intake.report import intake_answer
from edgecode.answers.layout.sheets import sheet_answer
from edgecode.answers.lists import cut_list
from edgecode.answers.questions import QuestionsAnswer, questions
from edgecode.answers.record.verdict import problems_answer
from edgecode.index.cuts import cuts
from edgecode.index.projector import problems
from edgecode.ingest.intake import Intake
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import Generation, NamedText

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


def made_answers() -> dict[str, object]:
    film = last_verse()
    store = film.index()
    view = load_cut(store, "Cut 13", roots=ROOTS)
    found = load_open(store, view, roots=ROOTS)
    asked = questions(found.subjects, found.cells, cut=view.name, clips_of=found.clips_of)
    problem = Diagnostic("file.empty", "a.exr is empty", path="a.exr")
    generation = Generation("comfyui", texts=(NamedText("a garden"),))
    return {
        "conform/1": ConformAnswer(view.name, tuple(conform_sheet(store, view)[1])),
        "cuts/1": cuts_answer(cuts(store)),
        "inspect/1 media": media_inspection(sha256="00", generation=generation, diagnostics=[problem], reveal=True),
        "inspect/1 sequence": media_inspection(sequence_root="00", generation=None, diagnostics=[], reveal=False),
        "inspect/1 cut": CutInspection((), ()),
        "intake/1": intake_answer(Intake(assets=2, diagnostics=(problem,)), Acknowledged("accepted")),
        "problems/1": problems_answer(problems(store)),
        "questions/1": QuestionsAnswer(view.name, tuple(asked)),
        "sheet/1": sheet_answer(cut_list(view, Chains(store))),
    }


ANSWERS = made_answers()


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_keeps_its_schema_and_reads_back(name: str) -> None:
    contract = name.partition(" ")[0]
    answer = msgspec.json.encode(ANSWERS[name])
    jsonschema.validate(
        json.loads(answer), json.loads((SCHEMAS / f"{contract.replace('/', '-')}.json").read_text(encoding="utf-8"))
    )

    assert json.loads(answer)["schema"] == f"edgecode.{contract}"
    assert msgspec.json.decode(answer, type=CONTRACTS[contract]) == ANSWERS[name]


def test_every_contract_but_a_line_of_a_request_says_its_own_name() -> None:
    said = {name: contract for name, contract in CONTRACTS.items() if not name.startswith("assets-request/")}
    schemas = {name: json.dumps(msgspec.json.schema(contract)) for name, contract in said.items()}

    assert [name for name, schema in schemas.items() if f'"edgecode.{name}"' not in schema] == []


def test_prompts_are_in_an_inspection_only_when_they_are_asked_for() -> None:
    generation = Generation("comfyui", texts=(NamedText("a garden"),))
    kept = media_inspection(sha256="00", generation=generation, diagnostics=[], reveal=False)

    assert b"garden" not in msgspec.json.encode(kept)
    assert b"garden" in msgspec.json.encode(ANSWERS["inspect/1 media"])
