"""Making packs: what goes in, what stays sealed, what a renewed one keeps, and that the same record gives the same answer."""

import json
import shutil
from pathlib import Path

import jsonschema
import msgspec
import pytest

from doc_pages import ROOT
from edgecode.answers.contracts import CONTRACTS
from edgecode.answers.packs.evidence import PackAnswer
from edgecode.answers.packs.limits import LIMITS
from edgecode.drivers.world import World
from edgecode.errors import HeldError, InputError, NotFoundError, RefusedError
from edgecode.events.codec import canonical, strict
from edgecode.events.record_kinds import PackMade
from edgecode.ledger.packs import ANSWER, HEAD, PAGE, PROGRAM, SEALED, TEXT, verify_pack
from edgecode.ledger.packs import LIMITS as LIMITS_NAME
from edgecode.ledger.verify import Verdict
from edgecode.ledger.zips import read_zip
from edgecode.production import Production
from edgecode.production.packs import making as packing
from edgecode.production.packs.making import cut_pack, make_pack, renew_pack
from edgecode.production.persons.noting import add_person, depict
from edgecode.production.witnessing import policy_for
from pack_samples import Packed, keep_cosigned, tiny_show

NAMES_ARE_NOT_SAID = ("garden_dream", "verse_voice", "last_verse", ".exr", ".wav", "records/", "media/", "/tmp")


def members(data: bytes) -> dict[str, bytes]:
    read = read_zip(data)
    assert read.findings == []
    return read.members


def point(production: Production) -> dict[str, str | int]:
    said = production.ledger_point()
    return {"origin": said.origin, "size": said.size, "root": said.root}


def test_a_pack_of_the_demo_holds_an_event_for_every_statement_and_verifies(demo_pack: Packed) -> None:
    report = verify_pack(demo_pack.data, demo_pack.policy)
    answer = msgspec.json.decode(demo_pack.members[ANSWER], type=PackAnswer)

    assert (report.verdict, report.findings, report.kind) == (Verdict.WITNESSED, (), "cut")
    assert sum(one.out - one.in_ for one in answer.ranges) == answer.coverage.frames == 2_160
    assert all(step.ledger for step in answer.steps)


def test_a_pack_says_no_names_of_files_and_opens_nothing_that_is_sealed(demo_pack: Packed) -> None:
    said = b"".join(
        data for name, data in demo_pack.members.items() if name not in (PAGE, PROGRAM) and not name.startswith(SEALED)
    ).decode()
    sections = {name.split("/")[2] for name in demo_pack.members if name.startswith("events/")}

    assert [name for name in NAMES_ARE_NOT_SAID if name in said] == []
    assert sections == {"leaf", "fact", "bytes"}


def test_more_is_opened_only_when_asked_and_every_opening_is_listed(demo: Path) -> None:
    with Production.open(demo) as production:
        data, answer = cut_pack(production, "cut13", also_open=["recipe"])

        opened = [name for name in members(data) if name.endswith("/recipe")]
        assert {one.section: one.events for one in answer.opened}["recipe"] == len(opened) > 0
        assert verify_pack(data, policy_for(production)).findings == ()


def test_steps_that_failed_or_were_taken_back_are_in_the_pack_too(demo: Path) -> None:
    with Production.open(demo) as production:
        _, before = cut_pack(production, "cut13")
        step = next(one for one in before.steps if one.standing == "counts")
        production.withdraw_step(step.id)
        data, after = cut_pack(production, "cut13")

        (again,) = (one for one in after.steps if one.id == step.id)
        assert again.standing == "withdrawn"
        assert step.id in {one.id for one in after.withdrawn}
        assert verify_pack(data, policy_for(production)).findings == ()


def test_the_same_record_and_cut_give_the_same_answer_and_events(demo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(demo, other)
    packs = []
    for folder in (demo, other):
        with Production.open(folder) as production:
            packs.append(members(cut_pack(production, "cut13")[0]))
    one, two = ({name: data for name, data in pack.items() if not name.startswith(SEALED)} for pack in packs)
    del one["pack.json"], two["pack.json"]

    assert one == two


def test_making_a_pack_is_itself_recorded(tmp_path: Path) -> None:
    with tiny_show(tmp_path / "show") as production:
        before = production.log.size
        data, _ = cut_pack(production, "tiny")
        (recorded,) = production.recorded(before)

        assert isinstance(recorded.event, PackMade)
        assert recorded.event.fact.pack == verify_pack(data).pack
        assert verify_pack(data).made == before


def test_a_renewed_pack_keeps_its_content_and_gains_the_witness(tmp_path: Path) -> None:
    with tiny_show(tmp_path / "show") as production:
        first, _ = cut_pack(production, "tiny")
        production.append([])
        keep_cosigned(production)
        renewed = renew_pack(production, first)
        before, after = members(first), members(renewed)

        assert {name for name in after if after[name] != before.get(name)} <= {
            name for name in after if name.startswith(SEALED)
        }
        assert b"guild.example/w1" in after[HEAD]
        assert renew_pack(production, renewed) == renewed


def test_a_pack_is_renewed_only_where_it_was_made_and_only_whole(tmp_path: Path, tiny: Packed) -> None:
    with tiny_show(tmp_path / "show") as production:
        with pytest.raises(InputError, match=r"pack\.other_log"):
            renew_pack(production, tiny.data)
        with pytest.raises(InputError, match=r"pack\.unreadable"):
            renew_pack(production, tiny.data[:-1])


def test_an_answer_that_the_record_has_outgrown_is_not_packed(tmp_path: Path) -> None:
    with tiny_show(tmp_path / "show") as production:
        stale = canonical({"ledger": point(production)})
        cut_pack(production, "tiny")

        with pytest.raises(HeldError, match=r"pack\.stale"):
            make_pack(production, kind="cut", about=World().new_id(), answer=stale, text="", events={})


def test_another_kind_of_answer_is_packed_the_same_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_refuse_wrong", lambda findings: None)  # it is no whole certificate
    with tiny_show(tmp_path / "show") as production:
        answer = canonical({"schema": "edgecode.erasure/1", "ledger": point(production), "kept": []})
        data = make_pack(
            production,
            kind="erasure",
            about=World().new_id(),
            answer=answer,
            text="It is gone.\n",
            events={0: ("fact",)},
        )
        report = verify_pack(data, policy_for(production))

        assert (report.verdict, report.kind, report.entries) == (Verdict.INVALID, "erasure", 1)
        assert (members(data)[TEXT], "events/000000000000/fact" in members(data)) == (b"It is gone.\n", True)


def test_a_personal_section_goes_into_no_pack_but_a_disclosure(tmp_path: Path) -> None:
    with tiny_show(tmp_path / "show") as production:
        answer = canonical({"ledger": point(production)})

        with pytest.raises(RefusedError, match=r"pack\.person_section"):
            make_pack(production, kind="cut", about=World().new_id(), answer=answer, text="", events={0: ("person",)})


def test_the_digests_of_what_is_a_persons_own_voice_or_scan_stay_sealed(tmp_path: Path) -> None:
    with tiny_show(tmp_path / "show") as production:
        alias = add_person(production, identity={"name": "Somebody"}, contact={})
        plate = next(one.id for one in cut_pack(production, "tiny")[1].versions if one.sha256 == "a" * 64)
        depict(production, alias, version=plate, how="likeness-source", biometric=True)
        data, answer = cut_pack(production, "tiny")
        row = next(one for one in answer.versions if one.id == plate)
        said = b"".join(data for name, data in members(data).items() if name not in (PAGE, PROGRAM))

        assert (row.personal, row.sha256, row.sequence_root, "NANAN" in row.edge_code) == (True, "", "", False)
        assert row.edge_code in said.decode("utf-8", "replace")
        assert not any(one in said for one in (b"a" * 64, b"NANAN ANANA", b"Somebody", b"plate.mov"))
        assert verify_pack(data, policy_for(production)).findings == ()


def test_an_event_that_is_not_there_is_not_packed(tmp_path: Path) -> None:
    with tiny_show(tmp_path / "show") as production:
        answer = canonical({"ledger": point(production)})

        with pytest.raises(NotFoundError, match=r"ledger\.no_entry"):
            make_pack(production, kind="erasure", about=World().new_id(), answer=answer, text="", events={99: ()})


def test_every_pack_says_what_it_does_not_prove(tiny: Packed) -> None:
    said = tiny.members[LIMITS_NAME].decode()

    assert len(LIMITS) == 12
    assert all(text in said for text in LIMITS)
    assert "WHAT THIS DOES NOT PROVE" in tiny.members[TEXT].decode()


def test_the_answer_fits_its_published_schema(demo_pack: Packed) -> None:
    schema = json.loads((ROOT / "schemas" / "pack-answer-1.json").read_text("utf-8"))

    assert "pack-answer/1" in CONTRACTS
    jsonschema.validate(strict(demo_pack.members[ANSWER]), schema)


def test_a_pack_that_is_too_large_to_hold_is_refused_before_it_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tiny_show(tmp_path / "show") as production:
        before = production.log.size
        monkeypatch.setattr(packing, "MAX_BYTES", 100_000)

        with pytest.raises(RefusedError, match=r"edgecode cut add.*pack\.too_large"):
            cut_pack(production, "tiny")
        assert production.log.size == before
