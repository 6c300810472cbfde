"""Lists every code of an error, a diagnostic or a finding in the package, from the source; docs/reference/errors.md has each.

Every string constant that is spelled like a dotted code counts as one, however it reaches the place that says it; what is only
spelled like one stands in `LOOKALIKES` with a reason. So a code can be listed that is none (mend the list), and none can be missed.
"""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from edgecode import errors
from edgecode.checks.rules.catalogue import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "edgecode"
PAGE = ROOT / "docs" / "reference" / "errors.md"
DOTTED = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
WORD = re.compile(r"[a-z][a-z0-9_]*")

_REASONS: dict[str, str] = {
    "a setting of edgecode.toml": "production.title publish.to store.signer_before witness.policy",
    "a file of named queries": "facts.postgres keys.postgres ledger.postgres session.postgres",
    "a file of our own that the code opens": """
        edgecode.toml edgecode_capture.json commands.txt polled.json spools.json index.db keys.db ledger.db log.vkey
        form.css form.html form.js look.css look.html look.js look_panel.js look_strip.js signing.key
        logs.policy witness.db witness.key witness.vkey answer.js json.js merkle.js notes.js pack.js page.js policy.js facts.js forms.js
        papers.js sha256.js verify.css verify.html zip.js part.parquet paper.json report.css report.typ""",
    "a member of a pack, or a file that one is taken apart into": "answer.json answer.txt limits.txt made.leaf pack.json policy.txt",
    "a kind of event, without its version": """
        answer.given answer.withdrawn approver.named conform.decided cut.added dataset.known model.known person.erased person.noted
        section.disclosed sequence.seen step.performed step.withdrawn version.seen""",
    "a file of the demo's film": """
        garden_of_verses_v2.safetensors desk.json new_consent.yaml last_verse_cut13.otio last_verse_cut13_v1.edl
        last_verse_cut14.otio letter_reference_final.png
        meadowlight_xl_v3.safetensors steps.ndjson verse_voice_v2.safetensors""",
    "a file of an operating system that a scan passes over": "desktop.ini",
    "a word of C2PA": "c2pa.actions c2pa.actions.v2 c2pa.created c2pa.types.dataset c2pa.types.model "
    "edited.metadata general.error resized.proportional watermarked.bound "
    "watermarked.unbound",
    "a member of a turnover": "readme.txt request.json request.otio",
    "a file of a history of copies": "ascmhl_chain.xml ascmhl_collection.xml",
    "a file of the suites for readers": "empty.bin letter.txt picture.png zeros.bin",
    "a group of entry points": "edgecode.cut_readers edgecode.signers edgecode.step_readers edgecode.table_readers",
    "a key in a foreign file's header": """
        com.apple.proapps.reel com.apple.proapps.scene com.apple.proapps.shot com.apple.quicktime.creationdate
        com.apple.quicktime.make com.apple.quicktime.model com.apple.quicktime.software modelspec.architecture modelspec.author
        modelspec.description modelspec.license modelspec.sai_model_spec modelspec.thumbnail modelspec.title
        modelspec.usage_hint sd.next""",
    "a module of the package": """
        demo.command edgecode.answers.look edgecode.answers.turnover edgecode.answers.verify_page edgecode.checks edgecode.drivers
        edgecode.drivers.apart_entry
        edgecode.drivers.hook_entry edgecode.drivers.video_entry""",
    "a nested key of a sheet of people": """
        agent.acts agent.capacity agent.decision agent.documents agent.email agent.name agent.share agent.since agent.until
        contact.address contact.email contact.phone""",
    "a type that expressions are checked against": "ec.candidate ec.proto",
    "a module that a program is put together from": "errors.py",
    "what a shipped suite throws to stop a store in the middle": "suite.stopped",
    "the domain of a log that nobody gave one": "log.invalid",
}
RULE_CODES = frozenset(
    code
    for pack in (PACKAGE / "checks" / "packs").glob("*.yaml")
    for code in re.findall(r"^ +code: ([a-z_.]+)$", pack.read_text(encoding="utf-8"), re.MULTILINE)
)
"""Codes of findings that rules of the packs that ship give: docs/reference/rules.md lists them."""
LOOKALIKES = dict.fromkeys(CATALOGUE, "a fact of the catalogue") | {
    name: reason for reason, names in _REASONS.items() for name in names.split()
}
"""What is spelled like a code and is none, with the reason."""
_NO_CODES = LOOKALIKES.keys() | RULE_CODES

_STATUS = {
    name: kind.exit_status
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.EdgecodeError)
}


class Said(NamedTuple):
    """One place that says a code. *kind*: ``error``, ``Diagnostic``, ``Finding`` or "" where a function in between hides it.

    *status*: an error's exit status, else 0. *effect*: a Diagnostic's, "" where it is not a constant.
    """

    code: str
    where: str
    kind: str
    status: int = 0
    effect: str = ""


def said_in(source: str, *, where: str) -> Iterator[Said]:
    """Every code in one module, with what is known of it."""
    tree = ast.parse(source)
    bases = {
        node.name: _name(node.bases[0]) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.bases
    }
    owner = {inner: node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for inner in ast.walk(node)}
    explained: set[ast.expr] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _is_text(node.args[0]):
            made = bases.get(owner[node], "") if _is_init_of_parent(node) and node in owner else _name(node.func)
            said = _said(node, made, where=f"{where}:{node.lineno}")
            if said is not None:
                explained.add(node.args[0])
                yield said
    for text in (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in explained):
        if isinstance(text.value, str) and DOTTED.fullmatch(text.value) and text.value not in _NO_CODES:
            yield Said(text.value, f"{where}:{text.lineno}", "")


def _said(node: ast.Call, made: str, *, where: str) -> Said | None:
    first = node.args[0]
    code = str(first.value) if isinstance(first, ast.Constant) else ""
    # A word without a dot is no good code, and it is found all the same.
    if not (DOTTED.fullmatch(code) or WORD.fullmatch(code)):
        return None
    if made in _STATUS:
        return Said(code, where, "error", status=_STATUS[made])
    if made == "Diagnostic":
        return Said(code, where, made, effect=_effect(node))
    return Said(code, where, made) if made == "Finding" else None


def _effect(node: ast.Call) -> str:
    given = next((keyword.value for keyword in node.keywords if keyword.arg == "effect"), ast.Constant("none"))
    return str(given.value) if isinstance(given, ast.Constant) else ""


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_init_of_parent(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and ast.unparse(node.func) == "super().__init__"


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@cache
def all_said() -> tuple[Said, ...]:
    """Every place in the package that says a code, in the order of files and lines."""
    return tuple(
        said
        for path in sorted(PACKAGE.rglob("*.py"))
        for said in said_in(path.read_text(encoding="utf-8"), where=path.relative_to(PACKAGE).as_posix())
    )


def all_codes() -> set[str]:
    """Every code in the package."""
    return {said.code for said in all_said()}


def put_together() -> list[str]:
    """Places that put a code together from parts, where nobody can look it up: there may be none."""
    makers = {*_STATUS, "Diagnostic", "Finding"}
    return [
        f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and _name(node.func) in makers
        if isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]


def constants() -> set[str]:
    """Every string constant of the package."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py"))
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def sections() -> dict[str, str]:
    """The page's text below the heading of each code."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    parts = re.split(r"^### `([a-z0-9_.]+)`\n", text, flags=re.MULTILINE)
    return {
        code: re.split(r"^## ", below, flags=re.MULTILINE)[0].strip()
        for code, below in zip(parts[1::2], parts[2::2], strict=True)
    }


def main() -> int:
    """Print codes without a heading, headings without a code, and look-alikes that are gone; 1 when there are any."""
    codes, headed = all_codes(), set(sections())
    wrong = [f"no heading: {code}" for code in sorted(codes - headed)]
    wrong += [f"no such code: {code}" for code in sorted(headed - codes)]
    wrong += [f"a look-alike that is in no file: {name}" for name in sorted(LOOKALIKES.keys() - constants())]
    wrong += [f"a code that is put together: {where}" for where in put_together()]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
