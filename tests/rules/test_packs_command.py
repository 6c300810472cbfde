"""`edgecode packs` as somebody types it: listing, checking, testing, signing, deciding."""

import json
from pathlib import Path

from edgecode.drivers.key_files import create_key_file
from rule_samples import SAMPLE
from running import run_command


def test_a_production_lists_every_pack_and_what_does_not_judge_too(tmp_path: Path) -> None:
    run_command("init", "--title", "A film", cwd=tmp_path)

    answer = json.loads(run_command("packs", "list", "--json", cwd=tmp_path).out)

    assert answer["schema"] == "edgecode.packs/1"
    assert {one["state"] for one in answer["packs"]} == {"on", "watch", "not_checked"}
    assert all(one["why"] and len(one["digest"]) == 64 for one in answer["packs"])


def test_check_says_each_problem_with_its_line_and_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(SAMPLE, "utf-8")
    (tmp_path / "bad.yaml").write_text(SAMPLE.replace("use.final\n", "use.finall\n"), "utf-8")

    good, bad = (run_command("packs", "check", name, cwd=tmp_path) for name in ("good.yaml", "bad.yaml"))

    assert (good.status, "2 rules, 6 tests, no problems" in good.out) == (0, True)
    assert (bad.status, bad.out.startswith("bad.yaml:30: rule FLAT: when: use.finall is no fact")) == (20, True)


def test_a_test_that_comes_out_otherwise_ends_with_10(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(SAMPLE.replace("incidental (no)", "incidental (maybe)"), "utf-8")

    done = run_command("packs", "test", "wrong.yaml", cwd=tmp_path)

    assert (done.status, "the explanation does not say 'incidental (maybe)'" in done.out) == (10, True)


def test_a_signed_pack_verifies_until_one_letter_changes(tmp_path: Path) -> None:
    file = tmp_path / "sample.yaml"
    file.write_text(SAMPLE, "utf-8")
    signer, other = create_key_file(tmp_path / "guild.key"), create_key_file(tmp_path / "other.key")
    key = signer.public.hex()

    signed = run_command("packs", "sign", "sample.yaml", "--signer", "file:guild.key", cwd=tmp_path)
    good = run_command("packs", "verify", "sample.yaml", "--key", key, cwd=tmp_path)
    strange = run_command("packs", "verify", "sample.yaml", "--key", other.public.hex(), cwd=tmp_path)
    file.write_text(SAMPLE.replace("Two rules", "Two rulez"), "utf-8")
    changed = run_command("packs", "verify", "sample.yaml", "--key", key, cwd=tmp_path)

    assert [signed.status, good.status, strange.status, changed.status] == [0, 0, 30, 20]
    assert ("pack.not_signed_by" in strange.err, "pack.signature" in changed.err) == (True, True)


def test_a_decision_is_taken_by_a_member_and_shown_in_the_list(tmp_path: Path) -> None:
    run_command("init", "--title", "A film", cwd=tmp_path)
    alias = run_command("person", "add", "--name", "Ada Nowhere", cwd=tmp_path).out.strip()
    key = create_key_file(tmp_path / "own.key")
    run_command("person", "role", alias, "--role", "clearance", "--key", key.public.hex(), cwd=tmp_path)

    signed = ("--reason", "no registration", "--signer", "file:own.key")
    done = run_command("packs", "off", "usco", "--by", alias, *signed, cwd=tmp_path)
    listed = run_command("packs", "list", cwd=tmp_path).out

    assert (done.status, done.err) == (0, "")
    assert [line for line in listed.splitlines() if " usco " in line and line.startswith("off") and alias in line] != []
    assert ("Ada" in listed, "registration" in listed) == (False, False)


def test_a_rule_is_explained_with_what_it_reads_and_what_that_means(tmp_path: Path) -> None:
    done = run_command("packs", "explain", "ab1836", "AB1836-01", cwd=tmp_path)

    assert (
        done.status,
        "reads consent.by_estate (record): granted by a valid representative of a deceased person" in done.out,
    ) == (0, True)
