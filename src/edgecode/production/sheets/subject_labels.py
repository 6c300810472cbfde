"""Whose body a label in a capture is: labels that were linked to people, in notes and takes, and the labels that C3D files hold."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from edgecode.errors import InputError
from edgecode.index.catalogue import VersionRow
from edgecode.index.persons import PersonRow, persons
from edgecode.ingest.media.c3d import subjects
from edgecode.ingest.media.window import Window
from edgecode.production.persons.noting import folded_name, person_of

if TYPE_CHECKING:
    from edgecode.production.corridor import Production

FIELD = "subject"
"""The field of a note, or of a take, that says what somebody is called in captures."""

_ALIAS = re.compile(r"P-\d+")


class SubjectLabels:
    """The links of one production. Everybody's record is opened once, when a name or label is first asked for."""

    def __init__(self, production: "Production") -> None:
        self._production = production
        self._rows = {row.alias: row for row in persons(production.index)}
        self._named: dict[str, set[str]] | None = None
        self._linked: dict[str, set[str]] = {}

    def person(self, written: str) -> PersonRow | None:
        """Somebody by alias, or by a name that only they have; None for nobody."""
        if _ALIAS.fullmatch(written):
            return self._rows.get(written)
        return self._only(self._names().get(folded_name(written), set()))

    def linked(self, label: str) -> PersonRow | None:
        """Whom a label was linked to; None for nobody, and where it was linked to several."""
        self._names()
        return self._only(self._linked.get(folded_name(label), set()))

    def link(self, label: str, person: PersonRow) -> None:
        """Take *label* as *person*'s from now on, beside what is recorded: a sheet says it on one of its lines."""
        self._names()
        if name := folded_name(label):
            self._linked.setdefault(name, set()).add(person.alias)

    def in_files(self, versions: Iterable[VersionRow]) -> tuple[str, ...]:
        """Labels of the subjects in C3D files, as far as they lie under a media root that is mounted here."""
        found: dict[str, None] = {}
        for row in versions:
            if row.media is not None and row.media.media_type == "model/x-c3d":
                found |= dict.fromkeys(self._in_file(row))
        return tuple(found)

    def _in_file(self, row: VersionRow) -> tuple[str, ...]:
        roots = {root.id: root.path for root in self._production.media_roots()}
        for place in row.places:
            if place.root not in roots:
                continue
            try:
                path = roots[place.root] / Path(os.fsdecode(place.relative))
                with Window(path) as window:
                    return subjects(window)
            except (OSError, InputError, ValueError):
                continue
        return ()

    def _names(self) -> dict[str, set[str]]:
        if self._named is None:
            self._named = {}
            for alias in self._rows:
                person = person_of(self._production, alias)
                said = [note.values for note in person.notes] + [right.values for right in person.rights]
                for values in said:
                    if name := folded_name(values.get("name", "")):
                        self._named.setdefault(name, set()).add(alias)
                    for field in (FIELD, f"person.{FIELD}"):
                        if label := folded_name(values.get(field, "")):
                            self._linked.setdefault(label, set()).add(alias)
        return self._named

    def _only(self, aliases: set[str]) -> PersonRow | None:
        return self._rows.get(next(iter(aliases))) if len(aliases) == 1 else None
