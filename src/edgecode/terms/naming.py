"""How a production builds the names of its files: patterns that find sequence, shot, task and version in a name."""

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from edgecode.errors import InputError

GROUPS = ("seq", "shot", "task", "version")
_LONGEST = 500
_REPEATED = re.compile(r"[)\]][*+}?]*\)[*+{]|[*+]\)[*+{]")
"""A repeat of a repeat, which may take as long as it likes over a name that does not fit."""


class ShotName(Struct, frozen=True):
    """What a name says, folded; "" where it does not say. A version is compared by its number: ``v003`` is ``v3``."""

    seq: str = ""
    shot: str = ""
    task: str = ""
    version: str = ""

    def fits(self, other: "ShotName") -> bool:
        """Whether *other* says everything that this name says."""
        pairs = [(getattr(self, group), getattr(other, group)) for group in GROUPS]
        return all(not said or said == theirs for said, theirs in pairs)


class NamePattern(Struct, frozen=True):
    """A regular expression over a whole name without frame number and suffix, case not regarded."""

    written: str

    @classmethod
    def of(cls, written: str) -> "NamePattern":
        """Raises InputError ``names.pattern`` for what is no such pattern."""
        why = ""
        groups: set[str] = set()
        try:
            groups = set(re.compile(written).groupindex)
        except (re.error, OverflowError, RecursionError) as error:
            why = f"is no regular expression ({error})"
        if not why and len(written) > _LONGEST:
            why = f"is longer than {_LONGEST} characters"
        elif not why and _REPEATED.search(written):
            why = "repeats a repeat, which may never end"
        elif not why and not {"shot", "version"} <= groups <= set(GROUPS):
            why = "must have the groups shot and version, and may have seq and task"
        if why:
            raise InputError(
                "names.pattern",
                f"{written[:60]!r} {why}",
                "Write it as in (?P<seq>sq[0-9]+)_(?P<shot>sh[0-9]+)_(?P<task>[a-z]+)_v(?P<version>[0-9]+)",
            )
        return cls(written)

    def read(self, name: str) -> ShotName | None:
        """What a name says; None when it is not built so."""
        found = _compiled(self.written).fullmatch(name)
        if found is None:
            return None
        said = {group: (value or "").casefold() for group, value in found.groupdict().items()}
        version = said.get("version", "")
        digits = version.lstrip("v_-.")
        said["version"] = str(int(digits)) if digits.isascii() and digits.isdigit() else version
        return ShotName(**said)


@lru_cache(maxsize=64)
def _compiled(written: str) -> re.Pattern[str]:
    return re.compile(written, re.IGNORECASE)


def shot_in(name: str, patterns: Sequence[NamePattern]) -> ShotName | None:
    """What the first pattern that fits says of a name; None where none does."""
    return next((found for one in patterns if (found := one.read(name)) is not None), None)
