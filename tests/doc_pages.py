"""The documentation as tests read it: its pages, headings, links and the commands in its examples."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
_FENCE = re.compile(r"^( *)```([a-z]*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_ENDS = {"&&", "||", ";", "|", "&"}


class Command(NamedTuple):
    """One command of an example. *words* are those of a shell, without comments, redirections and what follows a pipe."""

    page: str
    words: tuple[str, ...]


def pages() -> list[Path]:
    """Every Markdown file of the checkout, apart from hidden folders and what is installed."""
    found = [
        path for path in ROOT.rglob("*.md") if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    ]
    return sorted(path for path in found if "node_modules" not in path.parts)


def examples(page: Path, language: str = "sh") -> list[str]:
    """The text of each fenced block in *language*."""
    return [match[3] for match in _FENCE.finditer(page.read_text(encoding="utf-8")) if match[2] == language]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """Where the page's links and pictures lead, apart from other sites; code in backquotes holds none."""
    targets = _LINK.findall(re.sub(r"`[^`\n]*`", "", prose(page)))
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


def anchors(page: Path) -> set[str]:
    """The ``#`` names of a page's headings, by the rule of the code hosts: small letters, hyphens for spaces, no other signs."""
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *$", prose(page), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        again = sum(1 for one in found if re.fullmatch(rf"{re.escape(name)}(-\d+)?", one))
        found.add(f"{name}-{again}" if again else name)
    return found


def commands_in(text: str, *, page: str) -> Iterator[Command]:
    """Every command of a shell example, in order."""
    for line in text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars="&|;<>")
        lexer.whitespace_split = True
        words: list[str] = []
        is_target = False
        for token in [*lexer, ";"]:
            if token in _ENDS:
                if words:
                    yield Command(page, tuple(words))
                words = []
            elif token in ("<", ">", ">>"):
                is_target = True
            elif is_target:
                is_target = False
            else:
                words.append(token)


def example_commands(program: str) -> list[Command]:
    """Every command of *program* in the shell examples of all pages."""
    found = [
        command
        for page in pages()
        for text in examples(page)
        for command in commands_in(text, page=page.relative_to(ROOT).as_posix())
    ]
    return [command for command in found if command.words[0].rpartition("/")[2] == program]


def spoken_commands(program: str) -> list[Command]:
    """Every command of *program* that a sentence names in backquotes."""
    return [
        command
        for page in pages()
        for text in re.findall(r"`([^`]+)`", prose(page))
        if text.startswith(f"{program} ") and "…" not in text
        for command in commands_in(text.replace("\n", " "), page=page.relative_to(ROOT).as_posix())
    ]
