"""A statement that went out is argued with on the record."""

import shutil
from pathlib import Path

from running import run_command


def test_a_dispute_stands_on_every_later_statement_until_it_is_answered(demo: Path, tmp_path: Path) -> None:
    show = Path(shutil.copytree(demo, tmp_path / "demo", symlinks=True))
    issued = run_command("statement", "P-01", "--issue-by", "P-07", "--contest-by", "2027-01-31", cwd=show)
    disputed = run_command(
        "contest",
        "P-01/1",
        "--line",
        "5",
        "--as",
        "dispute",
        "--reason",
        "Ann was paid",
        "--due",
        "2027-01-10",
        cwd=show,
    )
    later = run_command("statement", "P-01", cwd=show)
    other = run_command("statement", "P-04", cwd=show)
    answer = ("contest", "P-01/1", "--line", "5", "--as", "answered", "--reason", "she was not")
    nobody = run_command(*answer, cwd=show)
    answered = run_command(*answer, "--by", "P-07", cwd=show)
    again = run_command(*answer, "--by", "P-07", cwd=show)
    settled = run_command("statement", "P-01", cwd=show)

    assert (issued.status, disputed.status, answered.status) == (0, 0, 0), (issued.err, disputed.err, answered.err)
    assert "issued as P-01/1" in issued.err
    assert "Statement 1, line 5: disputed on " in later.out
    assert "an answer was asked for by 2027-01-10." in later.out
    assert "Nothing in an earlier statement." in other.out
    assert "Nothing in an earlier statement." in settled.out
    assert (nobody.status, again.err.rstrip().rpartition("[")[2]) == (21, "statement.no_contest]")
    assert "Ann was paid" not in later.out + settled.out


def test_a_contest_of_what_was_never_sent_or_without_a_reason_is_refused(demo: Path) -> None:
    unsent = run_command("contest", "P-01/9", "--reason", "x", cwd=demo)
    wordless = run_command("contest", "P-01/1", cwd=demo)

    assert (unsent.status, unsent.err.rstrip().rpartition("[")[2]) == (21, "statement.unknown]")
    assert (wordless.status, wordless.err.rstrip().rpartition("[")[2]) == (2, "statement.reason]")


def test_a_statement_whose_file_cannot_be_written_is_not_on_record_as_sent(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "there.pdf").write_bytes(b"")
    done = run_command("statement", "P-04", "--to", str(tmp_path / "there.pdf"), "--issue-by", "P-07", cwd=demo)

    assert (done.status, "issued" in done.err) == (11, False)
    unsent = run_command("contest", "P-04/1", "--reason", "x", cwd=demo)
    assert unsent.err.rstrip().endswith("[statement.unknown]")
