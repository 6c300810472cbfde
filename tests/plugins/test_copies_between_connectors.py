"""What connectors share is copied, for each is an installable of its own: the copies stay equal but for what is a connector's own."""

import ast
from pathlib import Path

import pytest

CONNECTORS = Path(__file__).resolve().parents[2] / "connectors"
NAMES = sorted(path.name for path in CONNECTORS.iterdir() if (path / "pyproject.toml").exists())
OWN_FORMAT = "comfyui"
"""Its spool has words of its own (edgecode.comfyui/1) and a time on every line; everything else of it is the others'."""


def copies(name: str) -> dict[str, str]:
    """The text of a module in every connector that has it."""
    found = ((one, CONNECTORS / one / f"edgecode_{one}" / name) for one in NAMES)
    return {one: path.read_text("utf-8") for one, path in found if path.exists()}


def methods(source: str) -> dict[str, str]:
    """Every function of a module by its name, as it is parsed."""
    return {node.name: ast.dump(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("module", "at_least"), [("faults.py", 3), ("spool.py", 3), ("door.py", 2)])
def test_a_shared_module_is_copied_at_least_so_often(module: str, at_least: int) -> None:
    assert len(copies(module)) >= at_least


@pytest.mark.parametrize("module", ["faults.py", "door.py"])
def test_copies_are_equal_to_the_letter(module: str) -> None:
    assert len(set(copies(module).values())) == 1


def test_spools_of_step_1_differ_in_the_connectors_name_alone() -> None:
    plain = {
        text.replace(f'"{name}-%s.jsonl"', '"NAME-%s.jsonl"')
        for name, text in copies("spool.py").items()
        if name != OWN_FORMAT
    }

    assert len(plain) == 1
    assert "NAME-%s.jsonl" in plain.pop()


def test_the_spool_with_words_of_its_own_keeps_and_drops_lines_like_the_others() -> None:
    spools = copies("spool.py")
    other, own = (
        methods(spools["nuke"].replace("nuke-%s", "NAME-%s")),
        methods(spools[OWN_FORMAT].replace("comfyui-%s", "NAME-%s")),
    )

    assert own.keys() == other.keys()
    assert [name for name in own if own[name] != other[name]] == ["write"]
