"""Stories told as far as a test needs them, and what a test asks of the production that came of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stories.story_run import HERE, Telling, read_story, told


def story(number: str, *, until: int | None = None) -> dict[str, Any]:
    """The story whose file begins with *number*, without the entries from *until* on, and without what asks or answers gates."""
    found = read_story(next(HERE.glob(f"{number}-*.yaml")))
    entries = [entry for entry in found["story"][:until] if not {"gate", "waive"} & entry.keys()]
    return {**found, "story": entries}


@contextmanager
def production_of(number: str, folder: Path, *, until: int | None = None) -> Iterator[Telling]:
    """The production of a story, still open."""
    with told(story(number, until=until), folder) as telling:
        yield telling
