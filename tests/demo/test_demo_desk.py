"""The demo's desk: a consent taken back refuses exactly its frames, two things lift that, a waiver ends, nothing personal leaks."""

import json
import shutil
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from edgecode.answers.agreements.impact_text import summary
from edgecode.cli.app import edgecode
from edgecode.cli.demo import desk_story as story
from edgecode.cli.demo.desk import Desk
from edgecode.cli.demo.desk_entries import NEW_CONSENT, TERM_SHORT
from edgecode.cli.demo.desk_shown import REVOKED, show_desk
from edgecode.cli.demo.run import CUT, NEXT_CUT, run_demo
from edgecode.drivers.world import World
from edgecode.errors import EdgecodeError, RefusedError
from edgecode.index.persons import day_of
from edgecode.production import Production
from edgecode.production.agreements.impact import impact
from edgecode.production.agreements.sheets import import_agreements
from edgecode.production.checking.answering import answer_finding
from edgecode.production.checking.cuts import Checked, check
from running import command_runner

LINE = [(1468, 1560, "01:01:01:04", "01:01:05:00", "the last verse, voice")]
"""By hand: 92 frames of sound at frame 1,468 of the cut."""
REEL = [(480, 576, "01:00:20:00", "01:00:24:00", "T0103 super 8, half speed")]
"""By hand: 96 frames from frame 480, 48 frames of film at half speed."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder, lines = tmp_path_factory.mktemp("desk") / "here", list[str]()
    run_demo(folder, open_page=False, tamper=False, out=lines.append)
    return folder, lines


@pytest.fixture
def folder(made: tuple[Path, list[str]], tmp_path: Path) -> Path:
    """A copy of the record with its papers; the media stay where they are."""
    copy = tmp_path / "demo"
    for part in (".edgecode", "records", "papers"):
        shutil.copytree(made[0] / part, copy / part)
    shutil.copy(made[0] / "edgecode.toml", copy)
    return copy


@contextmanager
def opened(folder: Path, *, days: int = 0) -> Iterator[Production]:
    """The production as it is *days* from now."""
    now = World().milliseconds() + days * 86_400_000
    with Production.open(folder, world=World(milliseconds=lambda: now)) as production:
        yield production


def checked(folder: Path, cut: str = CUT, *, days: int = 0) -> Checked:
    with opened(folder, days=days) as production:
        return check(production, cut, gate="deliver")


def held(found: Checked) -> list[tuple[str, str, str]]:
    """What is not open, without the frames that coverage lists."""
    return [(one.code, one.verdict, one.held) for one in found.answer.findings if one.pack != "edgecode"]


def places(found: Checked, code: str) -> list[tuple[int, int, str, str, str | None]]:
    return [
        (place.in_, place.out, place.in_tc, place.out_tc, place.clip)
        for one in found.answer.findings
        if one.code == code
        for place in one.spans
    ]


UNDECIDED = ("model.training_undisclosed", "unknown", "held")


def test_the_withdrawn_consent_refuses_exactly_the_frames_of_the_line(folder: Path) -> None:
    found = checked(folder)

    assert (found.answer.word, places(found, REVOKED)) == ("REFUSED", LINE)
    assert held(found) == [(REVOKED, "fail", "refused"), UNDECIDED, (TERM_SHORT, "waived", "open")]
    assert sum(one.pack == "edgecode" for one in found.answer.findings) == 7


def test_nobody_may_waive_that_the_consent_was_taken_back(folder: Path) -> None:
    with opened(folder) as production:
        by = Desk(production, folder).called("legal")
        (name,) = (one.finding for one in check(production, CUT).answer.findings if one.code == REVOKED)
        with pytest.raises(RefusedError) as refused:
            answer_finding(production, name, "waived", by=by, reason="we would like to", until="2099-01-01", cut=CUT)

    assert refused.value.code == "finding.may_not"


def test_pulling_the_shot_lifts_the_refusal_and_moves_nothing_else(folder: Path) -> None:
    before, after = checked(folder), checked(folder, NEXT_CUT)
    gaps = [
        [(one.code, one.in_, one.out) for one in each.answer.findings if one.pack == "edgecode"]
        for each in (before, after)
    ]

    assert (after.answer.word, places(after, REVOKED)) == ("HELD", [])
    assert held(after) == [UNDECIDED, (TERM_SHORT, "waived", "open")]
    assert gaps[0] == gaps[1]


def test_a_new_consent_lifts_the_refusal_in_the_cut_as_it_is(folder: Path) -> None:
    with opened(folder) as production:
        sheet = folder / "papers" / NEW_CONSENT
        import_agreements(production, sheet.read_bytes(), name=sheet.name, kind="consent", folder=sheet.parent)
        reached = impact(production, story.VOICE, kind="consent")

    assert (checked(folder).answer.word, held(checked(folder))) == ("HELD", [UNDECIDED, (TERM_SHORT, "waived", "open")])
    # It begins today: the model was trained before, and stays frozen by the clause of the consent that stood then.
    assert {one.kind: one.instead for one in reached.uses} == {"replica_use": "C-04", "train": ""}


def test_taking_the_consent_back_reaches_the_line_and_the_model_trained_under_it(folder: Path) -> None:
    with opened(folder) as production:
        reached = impact(production, story.VOICE, kind="consent")
    uses = [(use.cut, use.kind, [(place.in_, place.out) for place in use.places], use.effect) for use in reached.uses]

    assert uses == [
        (CUT, "replica_use", [(1468, 1560)], "withdraw"),
        (CUT, "train", [(1468, 1560)], "freeze"),
    ]
    assert [(model.name, model.effect, model.frames) for model in reached.models] == [
        ("verse_voice_v2.safetensors", "freeze", 92)
    ]


def _day_beside(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def test_what_is_on_screen_is_never_said_not_to_be_made(folder: Path) -> None:
    """By hand: the hand that plays is 60 and 72 frames of picture, its guitar the same 132 of sound, in each of two cuts."""
    nothing, hand = (0, 0, 0), (6, 2, 264)
    with opened(folder) as production:
        made_on = {day_of(use.made) for use in check(production, CUT).uses if use.made and use.how == "performed"}
        # The film of these tests may be made while one day becomes another.
        first, last = min(made_on), max(made_on)
        eve, day, after = _day_beside(first, -1), first, _day_beside(last, 1)
        found = [impact(production, story.HAND, kind="consent", on=on) for on in (eve, day, after)]
    sums = [{one.bucket: (one.uses, one.cuts, one.frames) for one in each.sums} for each in found]

    assert [(each["not_generated"], each["made_since"], each["generated_unlocked"]) for each in sums] == [
        (nothing, hand, nothing),
        (nothing, hand, nothing),
        (nothing, nothing, hand),
    ]
    assert "  made on that day or later: 6 uses in 2 cuts, 264 frames" in list(summary(found[1]))
    assert {one.effect for one in found[1].uses} == {"block"}


def test_a_license_of_the_tapes_is_no_consent_of_the_songwriter_to_the_model(folder: Path) -> None:
    with opened(folder) as production:
        reached = impact(production, story.VOICE, kind="consent")

    assert {one.instead for one in reached.uses} == {""}


def test_the_waiver_names_a_member_and_a_day_and_counts_to_the_end_of_it(folder: Path) -> None:
    with opened(folder) as production:
        by = Desk(production, folder).called("legal")
    found = checked(folder)
    (short,) = (one for one in found.answer.findings if one.code == TERM_SHORT)
    last = (date.fromisoformat(short.answer.until) - datetime.now(UTC).date()).days
    after = {
        days: [one for one in checked(folder, days=days).answer.findings if one.code == TERM_SHORT]
        for days in (last, last + 1)
    }

    assert (short.answer.action, short.answer.by, short.answer.role, last) == ("waived", by, "legal", 21)
    assert places(found, TERM_SHORT) == REEL
    assert [(one.verdict, one.answer.state, one.held) for one in after[last]] == [("waived", "waived", "open")]
    assert [(one.verdict, one.answer.state, one.held) for one in after[last + 1]] == [("fail", "lapsed", "held")]


def test_once_the_license_is_over_the_reel_is_refused(folder: Path) -> None:
    found = checked(folder, NEXT_CUT, days=46)

    assert (found.answer.word, places(found, "license.none_on_file")) == ("REFUSED", REEL)


def test_a_second_run_enters_nothing_twice_and_one_that_was_stopped_goes_on(folder: Path) -> None:
    kept = folder / "records" / "desk.json"
    entered = json.loads(kept.read_text("utf-8"))
    with opened(folder) as production:
        size = production.log.size
        show_desk(Desk(production, folder), cut=CUT, next_cut=NEXT_CUT, columns=100, out=lambda line: None)
        again = production.log.size
        kept.write_text(
            json.dumps({name: word for name, word in entered.items() if name not in ("_decided", "credit")}), "utf-8"
        )
        show_desk(Desk(production, folder), cut=CUT, next_cut=NEXT_CUT, columns=100, out=lambda line: None)
        after = production.log.size

    assert (again, after) == (size, size + 1)
    assert json.loads(kept.read_text("utf-8")).keys() == entered.keys()


def test_the_demo_says_who_waived_until_when_what_is_reached_and_the_two_ways_out(made: tuple[Path, list[str]]) -> None:
    text = "\n".join(made[1])

    assert "REFUSED: 1 finding refuses, 1 finding holds, 1 is answered, 7 gaps above hold as well." in text
    assert "waived by P-06 (legal) until" in text
    assert "01:01:01:04  01:01:05:00  92  cut13  A1  the last verse, voice  withdraw" in text
    assert "cut14 has the sea where the line was, and is HELD; nothing in it is refused" in text


def test_without_the_extra_the_demo_says_what_to_install_and_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cel_expr_python", None)
    lines: list[str] = []
    with opened(folder) as production:
        show_desk(Desk(production, folder), cut=CUT, next_cut=NEXT_CUT, columns=1000, out=lines.append)

    assert [line for line in lines if "pip install 'edgecode[policy]'" in line] == lines[1:2]
    assert any("01:01:01:04  01:01:05:00  92  cut13" in line for line in lines)


# ------------------------------------------------------------------------------------------ nothing personal


def secrets() -> list[str]:
    """Every name, fee, reason, description and clause of the demo."""
    written: list[object] = [name for name, _ in story.PEOPLE.values()]
    agreed = [
        story.OF_THE_VOICE,
        story.OF_THE_HAND,
        story.OF_THE_RECORDINGS,
        *(one for one, _ in story.LICENSES.values()),
    ]
    for fields in agreed:
        written += [fields.get(name) for name in ("description", "licensor", "revocation_clause")]
        written += str(fields.get("compensation", "")).split()[1:2]
    written += [reason for *_, reason in story.JUDGED.values()]
    written += [story.WHY_WAIVED, story.WHY_TAKEN_BACK, "The hand that plays the last verse."]
    return [str(one) for one in written if one]


def leaked(text: str) -> list[str]:
    return [word for word in secrets() if word in text]


SAID: tuple[str, ...] = (
    "person list --json",
    "person show P-01",
    "person show P-06",
    "consent list --json",
    "consent show C-01",
    "consent show C-01 --json",
    "consent impact C-01",
    "consent impact C-01 --json",
    "consent changes cut13 --from 2020-01-01 --json",
    "license list",
    "license show L-01 --json",
    "license impact L-01 --json",
    "desk list --json",
    "desk profile",
    "packs list --json",
    "check cut13 --all",
    "check cut13 --gate deliver --json",
    "finding list cut13",
    "coverage cut13 --json",
    "matchback cut13 01:01:03:00 --json",
    "where-used --consent C-01 --json",
    "where-used --person P-01 --csv",
    "ask --person P-01 --act use_this_work --json",
    "cut show cut13 --json",
    "missing cut13 --json",
    "log verify --allow-unwitnessed --json",
    "log show --first 0 --json",
    "consent show C-77",
    "person show P-77",
    "waive F-00000000 --by P-01 --reason secret --until 2099-01-01",
)


@pytest.mark.parametrize("command", SAID)
def test_no_command_says_a_name_a_fee_or_a_reason_without_being_asked_to(
    folder: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    done = command_runner().invoke(edgecode, command.split())
    error = str(done.exception) if done.exception is not None else ""

    assert leaked(done.stdout + done.stderr + error) == []
    assert done.exception is None or isinstance(done.exception, EdgecodeError | SystemExit), error


def test_the_demo_itself_its_page_and_its_leaves_hold_none(made: tuple[Path, list[str]]) -> None:
    folder, lines = made
    with opened(folder) as production:
        entries = list(production.ledger.entries(0, production.log.size))
    leaves = b"".join(entry.leaf for entry in entries).decode()
    plain = b"".join(one.data for entry in entries for one in entry.sections if not one.key_id).decode()

    assert [leaked(text) for text in ("\n".join(lines), (folder / "look.html").read_text("utf-8"), leaves, plain)] == [
        []
    ] * 4


def test_the_ledger_and_the_names_of_files_hold_none(made: tuple[Path, list[str]]) -> None:
    folder = made[0]
    # The index is what the keeper reads, beside the keys; papers are the papers themselves.
    record = [
        path for path in sorted((folder / ".edgecode").rglob("*")) if path.is_file() and "index.db" not in path.name
    ]
    holding = [path.name for path in record if any(word.encode() in path.read_bytes() for word in secrets())]

    assert holding == []
    assert leaked(" ".join(path.relative_to(folder).as_posix() for path in folder.rglob("*"))) == []
    assert leaked((folder / "records" / "desk.json").read_text("utf-8")) == []


def test_the_evidence_pack_of_the_cut_holds_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    done = command_runner().invoke(edgecode, ["pack", CUT, "--name", "--out", "pack.zip"])
    with zipfile.ZipFile("pack.zip") as pack:
        members = {name: pack.read(name) for name in pack.namelist()}

    assert (done.exit_code, len(members) > 3) == (0, True)
    assert [name for name, data in members.items() if any(word.encode() in data for word in secrets())] == []


def test_whoever_may_see_them_is_shown_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    shown = command_runner().invoke(edgecode, ["consent", "show", "C-01", "--reveal"]).stdout

    assert str(story.OF_THE_VOICE["description"])[:40] in shown
