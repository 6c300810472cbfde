"""The commands of README, tutorial and how-to pages, run as they stand there on the demo film."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from doc_pages import ROOT, commands_in, examples
from edgecode.ledger.notes import VerifierKey
from witness_samples import policy_text, served, witness_in

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the examples are written for a POSIX shell")

MAY_END_WITH = {
    "coverage": {0, 10},
    "questions": {0, 10},
    "missing": {0, 10},
    "verify": {0, 31},
    "look": {0, 10},
    "demo": {0},
    "check": {0, 10, 11},
    "ask": {0, 10, 11},
    "turnover": {0, 10},
}


PROGRAMS = {"edgecode": "edgecode.cli.app", "edgecode-verify": "edgecode.cli.verify"}


def programs_of(folder: Path) -> Path:
    """A folder with our programs for the shell, run by this very Python."""
    folder.mkdir()
    for name, module in PROGRAMS.items():
        program = folder / name
        program.write_text(
            f"#!{sys.executable}\nimport sys\nfrom {module} import main\nsys.exit(main())\n", encoding="utf-8"
        )
        program.chmod(0o755)
    return folder


def run_lines(lines: Iterable[str], *, cwd: Path, home: Path, programs: Path) -> list[str]:
    """Run lines of an example in a shell, in order, as they stand; says which did not end as they should, and what they said."""
    environment = os.environ | {
        "HOME": str(home),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "BROWSER": "true",
    }
    failed = []
    for line in lines:
        done = subprocess.run(
            ["/bin/sh", "-c", line], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
        words = next(commands_in(line, page="")).words
        allowed = next((MAY_END_WITH[word] for word in words if word in MAY_END_WITH), {0})
        if done.returncode not in allowed:
            failed.append(f"{line}: exit {done.returncode}: {done.stderr.strip()[-300:]}")
    return failed


def lines_of(page: str, *, starting: str = "edgecode", language: str = "sh") -> list[str]:
    """The lines of a page's examples in *language* that start with *starting*."""
    return [
        line
        for text in examples(ROOT / page, language)
        for line in text.replace("\\\n", " ").splitlines()
        if line.startswith(starting)
    ]


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    return programs_of(tmp_path / "bin")


@pytest.fixture
def show(made_demo: Path, tmp_path: Path) -> Path:
    """A folder for the reader of the README: `reel1.edl` here, `~/show` with the film's files."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "show").symlink_to(made_demo / "media", target_is_directory=True)
    work = tmp_path / "work"
    work.mkdir()
    shutil.copy(made_demo / "cut" / "last_verse_cut13_v1.edl", work / "reel1.edl")
    return work


def test_the_readme_works_on_a_show_as_it_stands(show: Path, programs: Path) -> None:
    lines = lines_of("README.md")

    assert len(lines) >= 9
    assert run_lines(lines, cwd=show, home=show.parent / "home", programs=programs) == []


def test_the_tutorial_works_on_the_demo_as_it_stands(demo: Path, made_demo: Path, programs: Path) -> None:
    shutil.copytree(made_demo / "papers", demo / "papers")
    lines = lines_of("docs/tutorial/first-ten-minutes.md")
    lines = [line for line in lines if not line.startswith(("edgecode demo", "edgecode look"))]

    assert len(lines) >= 12
    assert run_lines(lines, cwd=demo, home=demo, programs=programs) == []
    log = subprocess.run(
        [str(programs / "edgecode"), "log", "verify", "--json"], cwd=demo, capture_output=True, text=True, check=False
    )
    # What the reader sees who has done everything above it.
    size = json.loads(log.stdout)["size"]
    assert f"INVALID: 1 line of {size} entries fails" in (ROOT / "docs/tutorial/first-ten-minutes.md").read_text(
        "utf-8"
    )


def test_a_record_is_checked_offline_as_the_page_says(demo: Path, programs: Path) -> None:
    lines = [line.replace("412", "41") for line in lines_of("docs/how-to/check-a-record.md")]
    told = [
        line.replace("--key", "--allow-unwitnessed --key") if line.startswith("edgecode-verify") else line
        for line in lines
    ]

    assert len(told) >= 7
    assert run_lines(told, cwd=demo, home=demo, programs=programs) == []


def test_a_cut_is_checked_and_a_finding_waived_as_the_page_says(demo: Path, programs: Path) -> None:
    lines = lines_of("docs/how-to/check-a-cut.md")
    until = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    told = [line.replace("2026-12-15", until) for line in lines]

    assert len(told) >= 9
    assert run_lines(told, cwd=demo, home=demo, programs=programs) == []


def test_the_key_is_changed_as_the_page_says(demo: Path, programs: Path) -> None:
    lines = lines_of("docs/how-to/change-the-key.md")

    assert len(lines) == 6
    assert run_lines(lines, cwd=demo, home=demo, programs=programs) == []


def test_a_lost_key_is_replaced_as_the_page_says(demo: Path, programs: Path) -> None:
    (demo / ".edgecode" / "signing.key").unlink()
    lines = lines_of("docs/how-to/change-the-key.md", starting="edgecode key ", language="text")
    lines = [line for line in lines if "rotation v1" not in line]

    assert len(lines) == 2
    assert run_lines([*lines, "edgecode log verify"], cwd=demo, home=demo, programs=programs) == []


def test_steps_are_recorded_without_the_key_as_the_page_says(demo: Path, programs: Path, tmp_path: Path) -> None:
    key = demo / ".edgecode" / "signing.key"
    lines = lines_of("docs/how-to/record-without-the-key.md", starting="e")
    key.rename(tmp_path / "signing.key")
    without = run_lines(lines[:3], cwd=demo, home=demo, programs=programs)
    refused = run_lines(lines[3:], cwd=demo, home=demo, programs=programs)
    (tmp_path / "signing.key").rename(key)

    assert (len(lines), without, len(refused)) == (4, [], 1)
    assert run_lines(lines[3:], cwd=demo, home=demo, programs=programs) == []


def test_a_log_is_recovered_as_the_page_says(demo: Path, programs: Path, tmp_path: Path) -> None:
    ledger = demo / ".edgecode" / "ledger.db"
    shutil.copy(ledger, tmp_path / "older.db")
    settled = """echo '{"schema":"edgecode.step/1","kind":"paint","outputs":[{"name":"a"}]}' | edgecode record - """
    assert run_lines([settled], cwd=demo, home=demo, programs=programs) == []
    for path in ledger.parent.glob("ledger.db*"):
        path.unlink()
    shutil.copy(tmp_path / "older.db", ledger)
    lines = lines_of("docs/how-to/recover-a-log.md")

    assert len(lines) == 4
    assert run_lines(lines, cwd=demo, home=demo, programs=programs) == []


def test_a_pack_is_handed_over_as_the_page_says(demo: Path, programs: Path, tmp_path: Path) -> None:
    key = VerifierKey.parse((demo / ".edgecode" / "log.vkey").read_text("utf-8").strip())
    witness = witness_in(tmp_path / "guild", key)
    with served(witness) as url:
        (demo / "policy.txt").write_bytes(policy_text([], {"guild": f"{witness.cosigner.key} {url}"}, "quorum guild"))
        settings = (demo / "edgecode.toml").read_text("utf-8")
        (demo / "edgecode.toml").write_text(f'{settings}\n[witness]\npolicy = "policy.txt"\n', "utf-8")
        lines = lines_of("docs/how-to/hand-over-a-pack.md")
        done = run_lines(
            [*lines[:7], f"echo log {key} >> policy.txt", *lines[7:]], cwd=demo, home=demo, programs=programs
        )
        words = run_lines(["edgecode-verify pack.zip --policy policy.txt"], cwd=demo, home=demo, programs=programs)

    assert (len(lines), done, words) == (10, [], [])


def test_a_command_that_fails_in_an_example_would_be_seen(demo: Path, programs: Path) -> None:
    (failure,) = run_lines(["edgecode coverage cut99"], cwd=demo, home=demo, programs=programs)

    assert "exit 21" in failure
    assert "[cut.unknown]" in failure


def test_a_person_is_noted_and_erased_as_the_page_says(film: Path, programs: Path) -> None:
    lines = lines_of("docs/how-to/erase-a-person.md")
    kept = [
        line for line in lines if "person hold" not in line and "person release" not in line and "disclose" not in line
    ]

    assert len(kept) >= 20
    assert run_lines(kept, cwd=film, home=film, programs=programs) == []


def test_consents_and_licenses_are_recorded_as_the_page_says(film: Path, programs: Path) -> None:
    page = "docs/how-to/record-consents-and-licenses.md"
    (sheet,) = examples(ROOT / page, "csv")
    for name, text in (("consents.csv", sheet), ("rider.txt", "a rider"), ("terms.txt", "terms of a service")):
        (film / name).write_text(text, encoding="utf-8")
    lines = lines_of(page)

    assert len(lines) >= 40
    assert run_lines(lines, cwd=film, home=film, programs=programs) == []


def test_people_are_entered_as_the_page_says(film: Path, programs: Path) -> None:
    page = "docs/how-to/enter-people.md"
    lines = [line for text in examples(ROOT / page, "sh") for line in text.splitlines() if line]
    done = run_lines(lines, cwd=film, home=film, programs=programs)
    listed = subprocess.run(
        [str(programs / "edgecode"), "person", "list"], cwd=film, capture_output=True, text=True, check=True
    ).stdout

    assert (len(lines) >= 19, done) == (True, [])
    assert re.findall(r"^P-\d+", listed, re.MULTILINE) == ["P-01", "P-02", "P-03", "P-04", "P-05"]


def test_a_guild_pack_is_adopted_as_the_page_says(demo: Path, programs: Path) -> None:
    page = "docs/how-to/adopt-a-guild-pack.md"
    lines, (settings,) = lines_of(page), examples(ROOT / page, "toml")
    named = next(at for at, line in enumerate(lines) if "packs verify" in line) + 1
    before = run_lines(lines[:named], cwd=demo, home=demo, programs=programs)
    with (demo / "edgecode.toml").open("a", encoding="utf-8") as written:
        written.write(f"\n{settings}")
    after = run_lines(lines[named:], cwd=demo, home=demo, programs=programs)
    listed = subprocess.run(
        [str(programs / "edgecode"), "packs", "list", "--json"], cwd=demo, capture_output=True, check=True
    ).stdout
    states = {pack["pack"]: pack["state"] for pack in json.loads(listed)["packs"]}

    assert (len(lines) >= 20, before, after) == (True, [], [])
    assert {name: state for name, state in states.items() if name.startswith(("tvth", "wga", "sag-aftra-tv"))} == {
        "sag-aftra-tv-theatrical-2023": "off",
        "sag-aftra-tv-theatrical-2026": "off",
        "tvth-2026-as-read": "on",
        "wga": "on",
    }


def as_named_here(lines: list[str], *, cwd: Path, programs: Path) -> list[str]:
    """Lines of a page that begins with somebody new and their consent, with the alias and label that come next in this production."""

    def known(*words: str) -> int:
        done = subprocess.run([str(programs / "edgecode"), *words], cwd=cwd, capture_output=True, text=True, check=True)
        return len(set(re.findall(r"^[PC]-\d+", done.stdout, re.MULTILINE)))

    alias, label = known("person", "list") + 1, known("consent", "list") + 1
    return [line.replace("P-01", f"P-{alias:02}").replace("C-01", f"C-{label:02}") for line in lines]


def test_questions_are_asked_before_anything_is_made_as_the_page_says(demo: Path, programs: Path) -> None:
    # The demo has a profile already, which its clearance (P-05) says otherwise here.
    lines = [
        line.replace("desk profile kind", "desk profile --by P-05 --reason 'another show' kind")
        for line in lines_of("docs/how-to/ask-before-you-use.md")
    ]

    assert len(lines) >= 11
    assert run_lines(as_named_here(lines, cwd=demo, programs=programs), cwd=demo, home=demo, programs=programs) == []


def test_a_consent_is_withdrawn_as_the_page_says(demo: Path, programs: Path) -> None:
    lines = lines_of("docs/how-to/withdraw-a-consent.md")

    assert len(lines) >= 12
    assert run_lines(as_named_here(lines, cwd=demo, programs=programs), cwd=demo, home=demo, programs=programs) == []


def test_a_house_outside_is_asked_and_answers_as_the_page_says(demo: Path, programs: Path) -> None:
    page = "docs/how-to/ask-a-house-outside.md"
    lines = lines_of(page)
    asked = next(at for at, line in enumerate(lines) if "turnover return" in line)
    before = run_lines(lines[:asked], cwd=demo, home=demo, programs=programs)
    edgecode = [str(programs / "edgecode"), "turnover"]
    told = subprocess.run([*edgecode, "list", "--json"], cwd=demo, capture_output=True, check=True).stdout
    (form,) = examples(ROOT / page, "json")
    (sent,) = json.loads(told)["turnovers"]
    (demo / "return-T-01.json").write_text(form.replace("TURNOVER", sent["turnover"]), encoding="utf-8")
    after = run_lines(lines[asked:], cwd=demo, home=demo, programs=programs)
    shown = subprocess.run([*edgecode, "show", "T-01", "--json"], cwd=demo, capture_output=True, check=False).stdout

    assert (len(lines), before, after) == (6, [], [])
    assert [(row["answered"], row["unaccounted"]) for row in json.loads(shown)["rows"]] == [
        ([[1089, 1093]], [[1093, 1097]]),
        ([[1001, 1025]], []),
    ]


def test_copies_are_followed_as_the_page_says(demo: Path, programs: Path) -> None:
    (demo / "card").mkdir()
    (demo / "card" / "A001C001.mov").write_bytes(b"a clip")
    lines = lines_of("docs/how-to/follow-copies.md")

    assert len(lines) == 4
    assert run_lines(lines, cwd=demo, home=demo, programs=programs) == []
