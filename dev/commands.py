"""Writes docs/reference/commands.md from the commands' own help; with --check, says whether it is up to date."""

import sys
from pathlib import Path

import click

from edgecode.cli.app import COMMANDS, edgecode

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "commands.md"
HEAD = """# Commands

Made from the commands' own help by `python dev/commands.py`; do not edit.

Answers go to stdout, talk and progress to stderr. `--json` prints a contract with a versioned schema (`schemas/`). Every command
finds its production in the current folder or above it; `--production DIR` names another.

| exit | means |
|---|---|
| 0 | done |
| 1 | our defect |
| 2 | wrong usage |
| 10 | held: a person must act |
| 11 | refused |
| 20 | bad input |
| 21 | not found |
| 30 31 32 33 | the record: invalid, unwitnessed, unverifiable, diverged |
| 40 | something outside cannot be used |
"""


def section(name: str, command: click.Command, *, level: int = 2) -> str:
    """A command's heading and help, and its subcommands'."""
    context = click.Context(command, info_name=f"edgecode {name}", max_content_width=100, terminal_width=100)
    text = f"\n{'#' * level} {name}\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            below = command.get_command(context, each)
            if below is not None:
                text += section(f"{name} {each}", below, level=level + 1)
    return text


def page() -> str:
    """The whole page."""
    context = click.Context(edgecode, info_name="edgecode")
    commands = [(name, edgecode.get_command(context, name)) for name in COMMANDS]
    return HEAD + "".join(section(name, command) for name, command in commands if command is not None)


def main() -> int:
    """Write the page, or with --check compare it; 1 when it differs."""
    text = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            print("out of date: docs/reference/commands.md (run python dev/commands.py)")
            return 1
        return 0
    PAGE.write_text(text, encoding="utf-8")
    print(f"{len(COMMANDS)} commands written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
