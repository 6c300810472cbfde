"""Tells a story to a real production: one entry after the other on its day, through the functions that the commands call.

A story (`edgecode-story/1`, described in tests/stories/README.md) injects no fact of a use or a person: files are written and scanned,
steps are recorded, people, agreements and papers are entered, cuts are handed over, and gates are asked.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from edgecode.drivers.world import World
from edgecode.production import Production
from stories import story_desk
from stories.story_film import write_files

SCHEMA = "edgecode-story/1"
HERE = Path(__file__).parent
Entry = Mapping[str, Any]


@dataclass
class Clock:
    """Noon of the story's day, a millisecond later each time somebody asks."""

    day: str
    ticks: int = 0

    def __call__(self) -> int:
        self.ticks += 1
        days = date.fromisoformat(self.day).toordinal() - date(1970, 1, 1).toordinal()
        return days * 86_400_000 + 43_200_000 + self.ticks


@dataclass
class Telling:
    """A story being told. *aliases* of people, *labels* of agreements and *records* of everything else that has a name in the story."""

    production: Production
    folder: Path
    clock: Clock
    rate: int
    files: Mapping[str, Mapping[str, Any]]
    aliases: dict[str, str] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)

    @property
    def media(self) -> Path:
        """Where the files of the story lie."""
        return self.folder / "media"


def stories() -> list[Path]:
    """Every story of this folder."""
    return sorted(HERE.glob("*.yaml"))


def read_story(path: Path) -> dict[str, Any]:
    """A story as its file says it."""
    story: dict[str, Any] = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    story = _typed(story)
    assert story["schema"] == SCHEMA, path.name
    return _with_parts(story)


def _with_parts(story: dict[str, Any]) -> dict[str, Any]:
    """The same with the shared parts that it begins with written out."""
    parts = _typed(story_desk.USUAL["parts"])
    files, entries = dict(story.get("files", {})), []
    for entry in story["story"]:
        part = parts[entry["part"]] if "part" in entry else {"files": {}, "story": [entry]}
        files |= part["files"]
        entries += part["story"]
    return {**story, "files": files, "story": entries}


def _typed(value: Any) -> Any:
    """Whole numbers as numbers; everything else stays the text that it is, days and yes and no too."""
    if isinstance(value, dict):
        return {key: _typed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_typed(one) for one in value]
    return int(value) if value.isdecimal() else value


@contextmanager
def told(
    story: Mapping[str, Any],
    folder: Path,
    *,
    without: int | None = None,
    changed: Callable[[Entry], Entry] = lambda entry: entry,
) -> Iterator[Telling]:
    """Tell *story* below *folder* and hand over what came of it, the production still open.

    *without*: the number of an entry that is left out, as if nobody had written it down. *changed*: what becomes of an entry first.
    """
    clock = Clock(story["begins"])
    rate = story.get("rate", 24)
    write_files(folder / "media", story["files"], rate=rate)
    with Production.create(folder / "production", title=story["title"], world=World(milliseconds=clock)) as production:
        telling = Telling(production, folder, clock, rate, story["files"])
        production.scan([telling.media])
        for number, entry in enumerate(story["story"]):
            clock.day = entry.get("on", clock.day)
            if number != without:
                story_desk.tell(telling, changed(entry))
        yield telling
