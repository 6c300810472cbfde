"""A keeper of a log who lies: packs whose event binds the lie, cosigned by an honest witness, so that only the content can refuse them."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from edgecode.drivers.world import World
from edgecode.events.codec import canonical, strict
from edgecode.events.kinds import (
    AnswerFact,
    AnswerGiven,
    AnswerWithdrawn,
    Claim,
    ConformDecided,
    ConformDecision,
    ConformFact,
    StepFact,
    StepPerformed,
    WithdrawalFact,
)
from edgecode.production.packs import making as packing
from edgecode.terms.evidence import Grade
from edgecode.terms.steps import StepKind
from pack_samples import WITNESS, Packed, keep_cosigned, short_programs, tiny_show
from witness_samples import policy

Answer = dict[str, Any]
Lie = Callable[[Answer], None]
LIES: dict[str, Lie] = {}


class Keeper:
    """Keeps the tiny show, with somebody's word and a decision taken back, and a step that *failed*: all standing that can be a lie."""

    def __init__(self, folder: Path, *, failed: bool = False) -> None:
        self.show, new = tiny_show(folder), World().new_id
        view = self.show.view("tiny")
        (plate,) = self._versions("camera")
        (dream,) = self._versions("generate")
        clip, word = view.keys[2], new()
        step = StepFact(new(), StepKind.CAMERA, "record", Grade.CORROBORATED, (dream,), status="failed")
        self.show.append(
            [
                *([StepPerformed(step)] if failed else []),
                AnswerGiven(AnswerFact(word, view.cut, Claim(StepKind.CAMERA), clips=(clip,), by=("clip",))),
                ConformDecided(ConformFact(view.cut, (ConformDecision(clip, plate, 0),))),
                AnswerWithdrawn(WithdrawalFact(word)),
                ConformDecided(ConformFact(view.cut, (ConformDecision(clip),))),
            ]
        )
        with lying():
            data, _ = packing.cut_pack(self.show, "tiny")
        self.events = {
            int(name.split("/")[1]): ("fact", "bytes")
            for name in packing.read_zip(data).members
            if name.startswith("events/") and name.endswith("/leaf")
        }
        self.answer = self.said(data)

    def _versions(self, kind: str) -> list[str]:
        with lying():
            data, _ = packing.cut_pack(self.show, "tiny")
        return [step["outputs"][0] for step in self.said(data)["steps"] if step["kind"] == kind]

    @staticmethod
    def said(data: bytes) -> Answer:
        answer = strict(packing.read_zip(data).members["answer.json"])
        assert isinstance(answer, dict)
        return answer

    def pack(self, lie: Lie | None = None, *, about: str = "", kind: str = "cut", events: Any = None) -> Packed:
        """A pack whose answer *lie* has changed."""
        answer, point = copy.deepcopy(self.answer), self.show.ledger_point()
        for place in (answer, answer["coverage"]):
            place["ledger"] = {"origin": point.origin, "size": point.size, "root": point.root}
        if lie is not None:
            lie(answer)
        shown = self.events if events is None else events
        with lying():
            data = packing.make_pack(
                self.show,
                kind=kind,  # type: ignore[arg-type]
                about=about or self.answer["cuts"][0]["id"],
                answer=canonical(answer),
                text="0 frames unaccounted.\n",
                events=shown,
            )
            keep_cosigned(self.show)
            data = packing.renew_pack(self.show, data)
        key = self.show.log.key
        return Packed(data, key, policy([key], {"w1": WITNESS.key}, "quorum w1"))


@contextmanager
def lying() -> Iterator[None]:
    """Within it, packs are handed out whatever is wrong with them, and hold one line for each program."""
    with pytest.MonkeyPatch.context() as patched:
        short_programs(patched)
        patched.setattr(packing, "_refuse_wrong", lambda findings: None)
        patched.setattr(packing, "_refuse_wrong_answer", lambda record, answer: None)
        yield


def lie(change: Lie) -> Lie:
    """Lists a change of the answer as a lie that its own pack contradicts."""
    LIES[change.__name__.strip("_").replace("_", " ")] = change
    return change


def moved(answer: Answer, number: int, **said: Any) -> None:
    """A range says something else, and every sum goes along."""
    one = answer["ranges"][number]
    before, one_is = dict(one), {**one, **said}
    for figures in (answer["coverage"], *answer["coverage"]["reels"]):
        for name, of in (("by_origin", "origin"), ("ai", "ai"), ("by_grade", "grade"), ("by_conform", "conform")):
            figures[name][before[of]] -= one["out"] - one["in"]
            figures[name][one_is[of]] += one["out"] - one["in"]
        if before["origin"] == "M" and one_is["origin"] != "M":
            figures["mixed"] = {}
        open_ = figures["by_origin"]["U"]
        figures |= {"unaccounted": open_, "accounted": figures["frames"] - open_}
    one |= said
    answer["six"] |= {name: answer["coverage"][name] for name in ("unaccounted", "by_grade")}
    answer["six"]["generated"] = sum(answer["coverage"]["mixed"].values())


CAMERA = {"origin": "C", "classes": "C", "ai": "unknown", "grade": "declared", "conform": "inferred"}


@lie
def _six_numbers_of_another_cut(answer: Answer) -> None:
    answer["six"].update(unaccounted=0, generated=0)


@lie
def _no_six_numbers(answer: Answer) -> None:
    del answer["six"]


@lie
def _everything_waived(answer: Answer) -> None:
    answer["coverage"]["waived"] = answer["six"]["waived"] = answer["coverage"]["unaccounted"]


@lie
def _a_gap_at_other_frames(answer: Answer) -> None:
    answer["coverage"]["gaps"][0].update({"in": 0, "out": 6, "in_tc": "01:00:00:00", "out_tc": "01:00:00:06"})


@lie
def _a_gap_beyond_the_cut(answer: Answer) -> None:
    answer["coverage"]["gaps"][0].update({"in": 1018, "out": 1024})


@lie
def _a_gap_of_no_frames(answer: Answer) -> None:
    answer["coverage"]["gaps"][0].update(frames=0)


@lie
def _a_gap_of_another_clip(answer: Answer) -> None:
    answer["coverage"]["gaps"][0].update(clip="clip 1")


@lie
def _a_gap_for_another_reason(answer: Answer) -> None:
    answer["coverage"]["gaps"][0].update(reason="vendor-open")


@lie
def _other_timecodes(answer: Answer) -> None:
    for one in answer["ranges"]:
        one["in_tc"] = one["out_tc"] = "23:59:59:00"


@lie
def _another_rate_and_start(answer: Answer) -> None:
    answer["coverage"].update(rate="25/1", start=0)


@lie
def _no_reels(answer: Answer) -> None:
    answer["coverage"]["reels"] = []


@lie
def _a_reel_without_gaps(answer: Answer) -> None:
    answer["coverage"]["reels"][0].update(unaccounted=0, accounted=24)


@lie
def _a_name_that_is_not_opened(answer: Answer) -> None:
    answer["coverage"]["cut"] = "Another Film R1"


@lie
def _no_cut(answer: Answer) -> None:
    answer["cuts"] = []


@lie
def _camera_where_a_model_made_it(answer: Answer) -> None:
    moved(answer, 1, **CAMERA)


@lie
def _camera_all_through_for_what_a_model_made(answer: Answer) -> None:
    moved(answer, 1, **CAMERA)
    made = answer["ranges"][1]["shown"][0]
    made["origin"] = "C"
    version = next(row for row in answer["versions"] if row["id"] == made["version"])
    version.update(origin="C", edge_code=f"C{version['edge_code'][1:]}")


@lie
def _nothing_on_screen(answer: Answer) -> None:
    moved(answer, 1, **{**CAMERA, "origin": "H", "classes": "H", "conform": "content"}, shown=[])


@lie
def _no_gap_at_all(answer: Answer) -> None:
    moved(answer, 2, **CAMERA, reasons=[])
    answer["ranges"][2]["shown"][0].update(origin="C", grade="declared", conform="inferred")
    answer["coverage"]["gaps"] = []


@lie
def _a_shorter_cut(answer: Answer) -> None:
    moved(answer, 2, **CAMERA)
    answer["ranges"].pop()
    answer["coverage"]["gaps"] = []


@lie
def _a_better_grade(answer: Answer) -> None:
    moved(answer, 0, grade="corroborated")
    answer["ranges"][0]["shown"][0]["grade"] = "corroborated"


@lie
def _another_tool(answer: Answer) -> None:
    answer["steps"][1].update(ai="none", tool="Painted by hand", source="camera")


@lie
def _another_role(answer: Answer) -> None:
    answer["steps"][1]["inputs"][0]["role"] = "tool"


@lie
def _the_making_failed(answer: Answer) -> None:
    answer["steps"][1]["standing"] = "failed"


def the_failed_step_counts(answer: Answer) -> None:
    """For a keeper whose record has one."""
    for step in answer["steps"]:
        step["standing"] = "counts" if step["standing"] == "failed" else step["standing"]


@lie
def _a_step_twice(answer: Answer) -> None:
    answer["steps"].append({**answer["steps"][1], "standing": "withdrawn"})


@lie
def _a_step_left_out_that_is_in_the_pack(answer: Answer) -> None:
    gone = answer["steps"].pop(1)["id"]
    for row in answer["versions"]:
        row["steps"] = [step for step in row.get("steps", []) if step != gone]


@lie
def _a_version_that_no_step_made(answer: Answer) -> None:
    for row in answer["versions"]:
        row.pop("steps", None)


@lie
def _another_edge_code(answer: Answer) -> None:
    answer["versions"][0]["edge_code"] = "C 00000 00000"


@lie
def _more_frames_than_the_file_has(answer: Answer) -> None:
    answer["versions"][0]["frames"] = [0, 9_999]


@lie
def _a_digest_called_a_persons(answer: Answer) -> None:
    answer["versions"][0].pop("sha256")
    answer["versions"][0]["personal"] = True


@lie
def _a_digest_left_out(answer: Answer) -> None:
    answer["versions"][0].pop("sha256")
    answer["versions"][0].pop("edge_code")


@lie
def _the_plate_where_the_dream_is(answer: Answer) -> None:
    answer["ranges"][1]["shown"][0]["version"] = answer["ranges"][0]["shown"][0]["version"]


@lie
def _nothing_hidden(answer: Answer) -> None:
    for one in answer["ranges"]:
        one["effects_hidden"] = False
    for figures in (answer["coverage"], *answer["coverage"]["reels"]):
        figures["effects_not_visible"] = 0


@lie
def _nothing_opened(answer: Answer) -> None:
    answer["opened"] = []


@lie
def _a_word_of_its_own(answer: Answer) -> None:
    answer["verdict"] = "CLEARED"


@lie
def _the_withdrawn_word_stands(answer: Answer) -> None:
    answer["answers"][0].pop("withdrawn")


@lie
def _the_withdrawn_word_is_rested_on(answer: Answer) -> None:
    moved(answer, 2, **{**CAMERA, "conform": "declared"}, reasons=[])
    shown = {"origin": "C", "grade": "declared", "conform": "declared", "answer": answer["answers"][0]["id"]}
    answer["ranges"][2]["shown"][0].update(shown)
    answer["coverage"]["gaps"] = []


@lie
def _the_withdrawal_is_not_told(answer: Answer) -> None:
    answer["withdrawn"] = []


@lie
def _another_word_than_was_given(answer: Answer) -> None:
    answer["answers"][0].update(kind="capture", versions=999)


@lie
def _the_decision_that_was_taken_back(answer: Answer) -> None:
    moved(answer, 2, **{**CAMERA, "conform": "declared"}, reasons=[])
    plate = answer["ranges"][0]["shown"][0]["version"]
    shown = {"origin": "C", "grade": "declared", "conform": "declared", "version": plate, "source": [0, 6]}
    answer["ranges"][2]["shown"][0].update(shown, decision=answer["decisions"][0]["id"])
    answer["coverage"]["gaps"] = []


@lie
def _a_decision_of_another_record(answer: Answer) -> None:
    answer["decisions"][0]["clips"] = 40


def _set(*path: str | int, value: Any) -> Lie:
    def change(answer: Answer) -> None:
        place: Any = answer
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


for _path, _value in (
    (("versions", 0, "also"), None),
    (("versions", 0, "steps"), None),
    (("versions", 0, "sequence_root"), None),
    (("steps", 0, "inputs"), None),
    (("steps", 0, "kind"), None),
    (("steps", 0, "ledger"), [True]),
    (("ranges", 0, "reasons"), None),
    (("ranges", 0, "effects_hidden"), []),
    (("ranges", 0, "effects_hidden"), {}),
    (("ranges", 1, "classes"), ["CG"]),
    (("ranges", 2, "ai"), None),
    (("ranges", 2, "ai"), True),
    (("ranges", 2, "ai"), ["unknown"]),
    (("ranges", 2, "ai"), "__proto__"),
    (("ranges", 2, "shown", 0, "version"), None),
    (("coverage", "audio", "frames"), False),
    (("coverage", "by_origin", "H"), []),
    (("coverage", "mixed"), {"CG": 8, "": 0}),
    (("coverage", "rows_missing"), "0"),
    (("constructor",), 1),
):
    LIES[f"{'.'.join(map(str, _path))} is {_value!r}"] = _set(*_path, value=_value)
