"""The rules of the house that can be counted: sizes of files and functions, words we do not say, what help may import."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "edgecode"
MODULES = sorted(PACKAGE.rglob("*.py"))
TRUSTED = [PACKAGE / "ledger" / f"{name}.py" for name in ("verify", "merkle", "tiles", "notes")] + [
    PACKAGE / "events" / "codec.py"
]
PACKS = ("zips", "packs", "pack_answers", "pack_facts", "pack_forms", "pack_papers")
TRUSTED_BESIDE = [path for name in ("policy", *PACKS) if (path := PACKAGE / "ledger" / f"{name}.py").exists()]
WORLD = {"io", "os", "socket", "time", "random", "secrets", "apsw", "sqlite3", "threading", "subprocess", "pathlib"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "base", "misc"}


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_no_file_is_longer_than_600_lines_and_no_function_longer_than_60() -> None:
    long = []
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > 600:
            long.append(f"{path.name}: {text.count(chr(10))} lines")
        long += [
            f"{path.name}: {node.name}"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= 60
        ]

    assert long == []


def test_every_module_says_its_job_in_its_first_line() -> None:
    silent = [
        path.name
        for path in MODULES
        if not (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").strip()
    ]

    assert silent == []


def test_everything_public_in_the_benchmarks_says_what_it_does() -> None:
    silent = [
        f"{path.name}: {node.name}"
        for path in sorted((ROOT / "benchmarks").rglob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]

    assert silent == []


def test_no_module_is_called_after_nothing() -> None:
    assert [path for path in MODULES if path.stem in FORBIDDEN_NAMES] == []


def test_the_trusted_path_is_at_most_900_lines_on_the_standard_library_and_cryptography() -> None:
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in TRUSTED)
    foreign = {
        module
        for path in TRUSTED
        for module in imports_of(path)
        if module.partition(".")[0] not in sys.stdlib_module_names | {"cryptography", "edgecode"}
    }
    inside = {m for path in TRUSTED for m in imports_of(path) if m.startswith("edgecode.")}
    allowed = {"edgecode.errors", "edgecode.events", "edgecode.events.codec"} | {
        f"edgecode.ledger{part}" for part in ("", ".verify", ".merkle", ".tiles", ".notes", ".policy")
    }

    assert (lines <= 900, foreign, inside - allowed) == (True, set(), set())


def test_what_a_policy_and_a_pack_add_to_the_trusted_path_is_at_most_1900_lines_under_the_same_rules() -> None:
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in TRUSTED_BESIDE)
    foreign = {
        module
        for path in TRUSTED_BESIDE
        for module in imports_of(path)
        if module.partition(".")[0] not in sys.stdlib_module_names | {"cryptography", "edgecode"}
    }
    inside = {m for path in TRUSTED_BESIDE for m in imports_of(path) if m.startswith("edgecode.")}
    allowed = {"edgecode.errors", "edgecode.events", "edgecode.events.codec"} | {
        f"edgecode.ledger{part}"
        for part in ("", ".verify", ".merkle", ".tiles", ".notes", ".policy", *(f".{name}" for name in PACKS))
    }

    assert (lines <= 1_900, foreign, inside - allowed) == (True, set(), set())


def test_modules_that_decide_or_prove_cannot_touch_the_world() -> None:
    deciding = [
        *TRUSTED,
        *TRUSTED_BESIDE,
        *(PACKAGE / "ledger" / f"{name}.py" for name in ("witness", "evidence")),
        *(PACKAGE / "terms").glob("*.py"),
        *(PACKAGE / "events").glob("*.py"),
        *(PACKAGE / "index").glob("*.py"),
        *(PACKAGE / "checks").glob("*.py"),
    ]
    touching = {
        f"{path.parent.name}/{path.name}: {module}"
        for path in deciding
        for module in imports_of(path)
        if module.partition(".")[0] in WORLD and not (module == "pathlib" and path.name == "places.py")
    }

    assert touching == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = f"""
import sys
sys.argv = ['edgecode', *{arguments!r}]
try:
    import edgecode.cli.app as app
    app.main()
except SystemExit:
    pass
print(sorted(sys.modules), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"apsw", "msgspec", "cryptography", "rich", "PIL", "xxhash", "json", "asyncio"}

    assert heavy & set(ast.literal_eval(done.stderr.strip().splitlines()[-1])) == set()


def test_the_repository_says_no_word_that_we_do_not_say() -> None:
    never = re.compile(r"\b(block" + r"chain|tamper-" + r"proof|immut" + r"able)\b", re.IGNORECASE)
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    if not tracked:
        pytest.skip("not a git checkout: the list of files is unknown")
    said = []
    for name in tracked:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".sql", ".html", ".js", ".css", ".yaml", ""} and path.is_file():
            said += [f"{name}: {m[0]}" for m in never.finditer(path.read_text(encoding="utf-8", errors="replace"))]

    assert said == []
