"""A loss that legal released, and what was decided on profile and rules, stand on every paper that says where a cut stands."""

import json
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from edgecode.answers.agreements.consent_changes_text import changes_text
from edgecode.answers.ask.text import ask_text
from edgecode.answers.coverage.text import coverage_text
from edgecode.answers.layout.sheets import sheet_csv, sheet_text
from edgecode.answers.paper_notes.cut import NO_NOTES, CutNotes, notes_text
from edgecode.checks.register import Register
from edgecode.drivers.key_files import FileSigner, create_key_file
from edgecode.errors import UnavailableError
from edgecode.events.rights_kinds import PackDecided, PackDecisionFact
from edgecode.ledger.packs import verify_pack
from edgecode.ledger.zips import read_zip
from edgecode.production.agreements.resting import where_rests
from edgecode.production.checking.asking import AskDraft, ask
from edgecode.production.checking.changing import consent_changes
from edgecode.production.desk.profiling import describe_production
from edgecode.production.noting import notes_for
from edgecode.production.packs.making import cut_pack
from edgecode.production.persons.parties import name_member
from edgecode.production.rule_packs.choosing import decide_pack, pack_states
from edgecode.production.witnessing import policy_for
from running import run_command
from stories.story_run import Telling
from stories.test_ways_round_a_loss import LOST, USED, after, asked, release

SAID = "released by P-02 (legal) on 2026-11-21, citing the clause of C-01"
LINE = "P-03, replica_use: line.wav, 01:00:00:04 to 01:00:01:00, 20 frames: "
"""By hand: the line is in the cut from frame 4 up to 24, at 24 frames a second."""


def papers(telling: Telling) -> dict[str, tuple[str, CutNotes]]:
    """What papers about the film say: text, and the notes of their JSON."""
    production, view = telling.production, telling.production.view("Film")
    use = next(one.subject for one in asked(telling).released) if asked(telling).released else ""
    coverage = production.coverage(view)
    changes = consent_changes(production, "Film", since="2026-11-19")
    found = {
        "coverage": (coverage_text(coverage, view, columns=200), coverage.notes),
        "changes": (changes_text(changes), changes.notes),
    }
    if use:
        answer = ask(production, AskDraft(cut="Film", use=use))
        found["ask"] = (ask_text(answer), answer.notes)
    return found


def test_a_released_loss_is_on_every_paper_with_its_frames_who_and_when(tmp_path: Path) -> None:
    with after(USED + LOST, tmp_path) as telling:
        before = papers(telling)
        release(telling)
        found, notes = papers(telling), notes_for(telling.production, telling.production.view("Film"))

    assert {name: one[1] for name, one in before.items()} == {"coverage": NO_NOTES, "changes": NO_NOTES}
    assert {name: LINE + SAID in text for name, (text, _) in found.items()} == dict.fromkeys(
        ("coverage", "changes", "ask"), True
    )
    assert {name: one[1] for name, one in found.items()} == dict.fromkeys(("coverage", "changes", "ask"), notes)
    assert [(one.person, one.in_tc, one.out_tc, one.frames) for one in notes.released] == [
        ("P-03", "01:00:00:04", "01:00:01:00", 20)
    ]


def test_where_somebody_is_used_says_of_each_row_that_legal_released_it(tmp_path: Path) -> None:
    with after(USED + LOST, tmp_path) as telling:
        before = where_rests(telling.production, "consent", "C-01")
        release(telling)
        sheets = [
            where_rests(telling.production, what, name) for what, name in (("consent", "C-01"), ("person", "P-03"))
        ]

    said = [dict(zip(sheet.columns, row, strict=True)) for sheet in (before, *sheets) for row in sheet.rows]
    assert [(row["How"], row["Released"]) for row in said if row["How"].startswith("replica_use")] == [
        ("replica_use, heard", "no"),
        ("replica_use, heard", SAID),
        ("replica_use, heard", SAID),
    ]
    assert all(SAID in sheet_csv(sheet) and SAID in sheet_text(sheet, limit=90) for sheet in sheets)


# ------------------------------------------------------------------------------------------ profile and rules


SAG = "production.sag changed from tvth-2026 to none on 2026-11-21 by P-04, signed"
OFF = "ab1836: switched off by P-04 on 2026-11-21, signed"
FORGED = "ny-gbl-396b: switched off by P-04 on 2026-11-21: it does not count, for it is not signed by a key of whoever made it"


def decided(telling: Telling, key: FileSigner) -> None:
    """Undeclare an agreement and switch a pack off, both signed; then lay that signature beside a decision on another pack."""
    production = telling.production
    name_member(production, telling.aliases["paul"], ["producer"], key=key.public.hex())
    describe_production(production, {"production.sag": "tvth-2026"})
    describe_production(production, {"production.sag": "none"}, by="P-04", reason="it was not", signer=key)
    decide_pack(production, "ab1836", "off", by="P-04", reason="no use of that kind", signer=key)
    (real,) = Register.read(production.index).pack_decisions
    pack = next(one.pack for one in pack_states(production) if one.pack.id == "ny-gbl-396b")
    said = (production.world.new_id(), pack.id, pack.header.version, pack.digest, "off", real.by, real.at)
    production.append([PackDecided(PackDecisionFact(*said, signature=real.signature))])


def test_what_was_decided_on_profile_and_rules_is_on_every_paper_and_a_forged_signature_is_said(tmp_path: Path) -> None:
    with after(USED, tmp_path) as telling:
        decided(telling, create_key_file(tmp_path / "paul.key"))
        found = papers(telling)
        asked_of = ask(telling.production, AskDraft(act="use_this_work", person="P-03"))
        found["ask"] = ask_text(asked_of), asked_of.notes
        states = {one.pack.id: one.state for one in pack_states(telling.production)}
        notes = notes_for(telling.production, None)

    assert {name: [sentence in text for sentence in (SAG, OFF, FORGED)] for name, (text, _) in found.items()} == (
        dict.fromkeys(("coverage", "changes", "ask"), [True] * 3)
    )
    assert {name: one[1] for name, one in found.items()} == dict.fromkeys(("coverage", "changes", "ask"), notes)
    assert [(one.pack, one.counts, one.signed) for one in notes.rules_decided] == [
        ("ab1836", True, True),
        ("ny-gbl-396b", False, False),
    ]
    assert (states["ab1836"], states["ny-gbl-396b"]) == ("off", "on")


def test_a_pack_says_it_beside_its_figures_without_what_is_sealed(tmp_path: Path) -> None:
    with after(USED + LOST, tmp_path) as telling:
        production, key = telling.production, create_key_file(tmp_path / "paul.key")
        without, _ = cut_pack(production, "Film")
        release(telling)
        decided(telling, key)
        day = {"production.release_date": "2027-03-01"}
        describe_production(production, day, by="P-04", reason="a later slot")
        notes = notes_for(production, production.view("Film"))
        data, answer = cut_pack(production, "Film")
        _, opened = cut_pack(production, "Film", also_open=["recipe"])
        found = verify_pack(data, policy_for(production)).findings
    text = read_zip(data).members["answer.txt"].decode()
    said = " ".join(text.split())

    (let_go,) = answer.coverage.notes.released
    assert (found, let_go) == ((), replace(notes.released[0], clip=""))
    assert [sentence in said for sentence in (SAID, SAG, OFF, FORGED)] == [True] * 4
    assert ("line.wav" in text, "2027-03-01" in text) == (False, False)
    assert opened.coverage.notes.profile_changes == notes.profile_changes
    assert b"BESIDE THE FIGURES" not in read_zip(without).members["answer.txt"]


def test_where_packs_cannot_be_read_nobody_says_that_a_decision_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with after(USED, tmp_path) as telling:
        decided(telling, create_key_file(tmp_path / "paul.key"))
        monkeypatch.setattr("edgecode.production.noting.packs_of", _not_installed)
        notes = notes_for(telling.production, None)

    assert [one.counts for one in notes.rules_decided] == [None, None]
    assert "whether it counts cannot be told here" in notes_text(notes)[-1]


def _not_installed(*_: object, **__: object) -> None:
    raise UnavailableError("extra.missing", "it is not here", "install it")


def test_the_cut_as_it_was_read_and_the_command_line_say_so_too(tmp_path: Path) -> None:
    with after(USED + LOST, tmp_path) as telling:
        release(telling)
        decided(telling, create_key_file(tmp_path / "paul.key"))
        folder = telling.production.folder
        notes = json.loads(msgspec.json.encode(notes_for(telling.production, telling.production.view("Film"))))
    shown = run_command("cut", "show", "Film", cwd=folder)
    as_json = [
        json.loads(run_command(*words, "--json", cwd=folder).out)
        for words in (("cut", "show", "Film"), ("coverage", "Film"))
    ]

    assert [sentence in shown.out for sentence in (LINE + SAID, SAG, OFF, FORGED)] == [True] * 4
    assert [one["notes"]["released"] == notes["released"] for one in as_json] == [True, True]
