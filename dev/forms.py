"""Writes docs/reference/forms.md from the forms that ship; with --check, says whether it is up to date."""

import sys
from pathlib import Path

from edgecode.answers.forms.answering import ANSWERS
from edgecode.answers.forms.preset import shipped, shipped_names

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "forms.md"
HEAD = """# Forms

Made from the forms that ship by `python dev/forms.py`; do not edit. How to fill one: [fill a form](../how-to/fill-a-form.md).

A form is a TOML file: `title`, `issuer`, `edition`, `citation`, `confidence` (high, medium or low: of the transcription), `note`, and one
`[[question]]` for each of its questions, with `question` (its words) and `asks` (what of the record answers it). Nothing else may be in it.

| asks | also names | answers |
|---|---|---|
| `generated_frames`, `generated_sound` | | how many frames a generative model had a hand in |
| `hpf_tier` | | 1 none, 2 assistive, 3 generative |
| `replicas` | | who is shown or heard by a replica, and with which consent |
| `tools` | | the tools with their versions |
| `tools_train`, `tools_enterprise` | | what the terms of all tools say |
| `training_data` | | what is described of each model |
| `material_of_others` | | uses of material of others and their licenses |
| `human_direction` | | human acts on record for what models made |
| `determination` | `fact` | what a named human determined of every use that a model had a hand in |
| `record` | `family`, `kind` | a notice, approval, disclosure, attestation or payment for every such use |
| `pack` | `pack` | whether rules of a pack hold a delivery |

"""


def page() -> str:
    """The page."""
    parts = [HEAD]
    for name in shipped_names():
        preset = shipped(name, asks=frozenset(ANSWERS))
        parts.append(f"## `{name}`\n\n{preset.title}. {preset.issuer}, {preset.edition}.\n\n{preset.citation}. ")
        parts.append(f"Transcribed with {preset.confidence} confidence. {preset.note}\n\n")
        parts += [f"* {one.question} `{one.asks}`\n" for one in preset.questions]
        parts.append("\n")
    return "".join(parts).rstrip() + "\n"


def main() -> int:
    """0: up to date or written; 1: ``--check`` found the page out of date."""
    made = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.is_file() or PAGE.read_text("utf-8") != made:
            print("out of date: docs/reference/forms.md (python dev/forms.py)")
            return 1
        return 0
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
