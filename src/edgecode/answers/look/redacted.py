"""Takes out of the page's texts where media roots lie: the page is passed on, and where a root lies may name somebody's home."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import cast

import msgspec

from edgecode.answers.cuts.explained import MediaRoots
from edgecode.answers.cuts.subjects import forward
from edgecode.answers.look.data import LookData

ROOT_ITSELF = "the media root"
"""What a text says in the place of a media root's own path; what lies below it is said relative to it."""

_SEPARATORS = "/\\"


def root_taken_out(roots: MediaRoots) -> Callable[[str], str]:
    """What writes a text without where any of *roots* lies: with slashes of either kind, percent-encoded, in any case, as a URL."""
    names = {forward(name) for known in roots.values() for name in known} - {"", "/"}
    if not names:
        return str
    spelled = {unicodedata.normalize(form, name) for name in names for form in ("NFC", "NFD")} | names
    longest_first = sorted(spelled, key=lambda name: (-len(name), name))
    pattern = re.compile(
        rf"(?:file://(?:localhost)?/?)?(?:{'|'.join(map(_spellings, longest_first))})(?P<below>[/\\]|%2F|%5C)?",
        re.IGNORECASE,
    )
    # Names of files and tools come back thousands of times on one page.
    known: dict[str, str] = {}

    def taken_out(text: str) -> str:
        found = known.get(text)
        if found is None:
            found = known[text] = pattern.sub(lambda match: _said(match, text), text)
        return found

    return taken_out


def _said(match: re.Match[str], text: str) -> str:
    ends = match.end() == len(text) or not (text[match.end()].isalnum() or text[match.end()] in "._-")
    if match["below"]:
        return ROOT_ITSELF if ends else ""
    # A neighbour of the root, as in /home/somebody/show_old, lies in somebody's home as well.
    return ROOT_ITSELF if ends else "…"


def _spellings(name: str) -> str:
    """A pattern of every way to write *name*."""
    pattern = "".join(_character(character) for character in name)
    if name.strip(_SEPARATORS).count("/"):
        return pattern
    # A root of one part, as /media or Z:, may begin only where a path does, or it would be found in the middle of other names.
    return rf"(?<![\w.-]){pattern}(?:(?=[/\\%])|\b)" if not name.endswith(":") else rf"(?<![\w.-]){pattern}(?=[/\\%]|$)"


def _character(character: str) -> str:
    if character in _SEPARATORS:
        return r"(?:[/\\]|%2F|%5C)"
    encoded = "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))
    return f"(?:{re.escape(character)}|{encoded})"


def without_roots(data: LookData, roots: MediaRoots) -> LookData:
    """The page's data with every text of it written without where a media root lies."""
    return msgspec.convert(_mapped(msgspec.to_builtins(data), root_taken_out(roots)), LookData)


def _mapped(value: object, write: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return write(value)
    if isinstance(value, dict):
        return {key: _mapped(one, write) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(one, write) for one in cast("Iterable[object]", value)]
    return value
