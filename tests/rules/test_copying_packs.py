"""Copying a pack that ships, so that somebody can fill in its sources under a name of their own."""

from pathlib import Path

from msgspec import structs

from edgecode.checks.rules.pack_reading import read_pack
from edgecode.production.rule_packs.choosing import copied_pack, shipped_packs
from running import run_command


def test_a_copy_is_the_pack_under_another_name_and_nothing_else() -> None:
    for pack in shipped_packs():
        copy = read_pack(copied_pack(pack.id, called="as-read"), name=pack.name)

        assert copy.digest != pack.digest
        assert structs.replace(copy.header, pack=pack.id) == pack.header
        assert (copy.rules, copy.base, copy.tests) == (pack.rules, pack.base, pack.tests)


def test_a_copy_takes_the_place_of_no_file_and_no_pack(tmp_path: Path) -> None:
    done = [
        run_command("packs", "copy", "wga", name, cwd=tmp_path)
        for name in ("rules/as-read.yaml", "rules/as-read.yaml", "dga.yaml", "As-Read.yaml", "as-read.txt")
    ]

    assert [(one.status, one.err.rpartition("[")[2].strip()) for one in done] == [
        (0, ""),
        (11, "pack.exists]"),
        (20, "pack.taken]"),
        (20, "pack.invalid]"),
        (2, "pack.file_name]"),
    ]
    assert [path.name for path in tmp_path.rglob("*.yaml")] == ["as-read.yaml"]
