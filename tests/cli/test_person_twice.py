"""Two aliases for one person would let an erasure of one leave the other, so a name that is here already is said."""

from pathlib import Path

from running import run_command


def test_a_name_that_is_noted_already_is_refused_with_its_alias_unless_it_is_another_person(tmp_path: Path) -> None:
    run_command("init", "--title", "Film", cwd=tmp_path)
    first = run_command("person", "add", "--name", "Jane Example", cwd=tmp_path)
    again = run_command("person", "add", "--name", " jane  example", cwd=tmp_path)
    another = run_command("person", "add", "--name", "Jane Example", "--another", cwd=tmp_path)

    assert (first.out, another.out) == ("P-01\n", "P-02\n")
    assert (again.status, again.out, "P-01" in again.err, "Jane" in again.err) == (11, "", True, False)
