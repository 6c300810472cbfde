"""Ignore patterns of a history: those of gitignore (ASC MHL 1.0, 6.5.3), matched in time that grows with their length alone."""

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import lru_cache

DEFAULT = (".DS_Store", "ascmhl", "ascmhl/")
"""What every history leaves out; patterns may be added later and never taken back."""
PATTERNS_AT_MOST = 10_000


def with_patterns(known: Iterable[str], more: Iterable[str] = ()) -> tuple[str, ...]:
    """The patterns of a next generation: all that were, the default ones, and the new ones."""
    return tuple(dict.fromkeys((*known, *DEFAULT, *more)))


class Ignoring:
    """Tells which paths a list of patterns leaves out."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._rules = [rule for one in list(patterns)[:PATTERNS_AT_MOST] if (rule := _Rule.of(one)) is not None]

    def leaves_out(self, path: str, *, is_folder: bool) -> bool:
        """Whether *path* (relative, forward slashes), whose folders are not left out, is; the last pattern that fits decides."""
        parts, found = tuple(path.split("/")), False
        for rule in self._rules:
            if rule.fits(parts, is_folder=is_folder):
                found = not rule.negated
        return found


class _Rule:
    def __init__(self, parts: tuple[str, ...], *, negated: bool, folders_only: bool) -> None:
        self.parts = parts
        self.negated = negated
        self.folders_only = folders_only

    @classmethod
    def of(cls, written: str) -> "_Rule | None":
        text = written.rstrip("\r\n")
        text = text if text.endswith("\\ ") else text.rstrip(" ")
        if not text or text.startswith("#"):
            return None
        negated = text.startswith("!")
        text = text[1:] if negated else text.removeprefix("\\") if text[:2] in ("\\#", "\\!") else text
        folders_only = text.endswith("/")
        inner = text.rstrip("/")
        is_anchored = "/" in inner
        parts = tuple(part for part in inner.split("/") if part)
        if not parts:
            return None
        # Without a slash before its end, a pattern fits at every depth.
        return cls(parts if is_anchored else ("**", *parts), negated=negated, folders_only=folders_only)

    def fits(self, path: tuple[str, ...], *, is_folder: bool) -> bool:
        if self.folders_only and not is_folder:
            return False
        # The lengths of the path that the parts up to here can have eaten; no part is ever tried twice at one place.
        reached = {0}
        for number, part in enumerate(self.parts):
            if part == "**":
                low = min(reached, default=len(path) + 1)
                is_last = number == len(self.parts) - 1
                reached = set(range(low + is_last, len(path) + 1))
            else:
                reached = {at + 1 for at in reached if at < len(path) and _pattern(part).match(path[at])}
            if not reached:
                return False
        return len(path) in reached


@lru_cache(maxsize=4096)
def _pattern(part: str) -> re.Pattern[str]:
    return re.compile(translate(part))
