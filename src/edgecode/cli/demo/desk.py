"""A desk that is being entered: what each entry is called, from which day its days count, and where its papers lie."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import ParamSpec

from edgecode.cli.demo.film import source_named
from edgecode.cli.demo.script import MEDIA
from edgecode.production import Production
from edgecode.production.documents import PaperFile, read_paper
from edgecode.production.persons.noting import today

_P = ParamSpec("_P")
PAPERS = "papers"
"""The folder below the film's folder that holds its papers."""


class Desk:
    """Every entry is made once. What it is called is kept in a file beside the film, which holds aliases and record ids only.

    Days count from the day on which the first entry was made, so that the story is the same whenever somebody begins it.
    """

    def __init__(self, production: Production, folder: Path) -> None:
        self.production, self.folder = production, folder
        self._file = folder / "records" / "desk.json"
        self._kept: dict[str, str] = json.loads(self._file.read_text("utf-8")) if self._file.is_file() else {}
        self._versions: dict[str, str] = {}
        self._begun = date.fromisoformat(self.once("begun", today, production))

    def once(self, name: str, make: Callable[_P, str], *given: _P.args, **named: _P.kwargs) -> str:
        """What the entry *name* is called; *make* makes it of what is given if no earlier run has."""
        if name not in self._kept:
            self._kept[name] = make(*given, **named)
            self._file.write_text(json.dumps(self._kept, indent=1) + "\n", "utf-8")
        return self._kept[name]

    def day(self, days: int) -> str:
        """The day so many days after the beginning."""
        return (self._begun + timedelta(days=days)).isoformat()

    def written(self, fields: Mapping[str, str | int]) -> dict[str, str]:
        """Fields as people write them; a number stands for a day."""
        return {name: self.day(value) if isinstance(value, int) else value for name, value in fields.items()}

    def called(self, name: str) -> str:
        """What an entry, a source of the film or a file of weights is called in the production."""
        return self._kept.get(name) or self._version(name)

    def all_called(self, names: Sequence[str]) -> tuple[str, ...]:
        """The same of several."""
        return tuple(map(self.called, names))

    def paper(self, name: str, words: str) -> PaperFile:
        """A paper of the film as evidence."""
        return read_paper(self.production, self.written_paper(name, words))

    def written_paper(self, name: str, words: str) -> Path:
        """Where a paper of the film lies; it is written where it is not there yet."""
        path = self.folder / PAPERS / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_text(words + "\n", "utf-8")
        return path

    def _version(self, name: str) -> str:
        if name not in self._versions:
            path = f"models/{name}" if name.endswith(".safetensors") else source_named(name).path.replace("#", "%04d")
            (media,) = (root.path for root in self.production.media_roots() if root.path.name == MEDIA)
            written = str(media / path)
            self._versions[name] = self.production.look_up([written])[written]
        return self._versions[name]
