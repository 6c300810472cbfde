"""A look at a Kitsu as tests take it, and what the record holds of it afterwards."""

import time
from collections import Counter
from pathlib import Path
from typing import cast

from msgspec import Struct

from edgecode.drivers.kitsu_client import Kitsu, KitsuKey
from edgecode.events.door_kinds import ReviewNoted
from edgecode.events.kinds import StepPerformed
from edgecode.index.rights import rights
from edgecode.ingest.kitsu import Names
from edgecode.production import Production
from edgecode.production.kitsu.cursor import KitsuCursor
from edgecode.production.kitsu.following import KitsuFollower, KitsuProject, KitsuTaken
from edgecode.production.kitsu.publishes import PublishDesk


class Noted(Struct, frozen=True):
    """What the record holds: names of steps' outputs as Kitsu's file names, reviews as outcome with Kitsu's revision numbers."""

    publishes: list[str]
    reviews: list[str]


def look(
    url: str,
    folder: Path,
    *,
    token: str,
    fetch: bool = False,
    again: bool = False,
    project: str = "",
    settle_seconds: float = 0,
    statuses: dict[str, str] | None = None,
    members: dict[str, str] | None = None,
    own_seconds: float | None = None,
) -> KitsuTaken:
    """One look by a program that has just been started. *own_seconds*: what its own clock says."""
    kitsu = Kitsu(url, KitsuKey(token=token), timeout_seconds=20)
    kitsu.enter()
    found = KitsuProject(kitsu, project)
    own_clock = time.time if own_seconds is None else lambda: own_seconds
    cursor = KitsuCursor(kitsu, found.id, production=folder, own_clock=own_clock)
    follower = KitsuFollower(
        found,
        cursor,
        statuses=statuses,  # type: ignore[arg-type]
        members=members,
        settle_seconds=settle_seconds,
    )
    news = follower.news(again=again)
    with Production.open(folder) as production:
        return follower.take(production, news, fetch=fetch)


def noted(folder: Path) -> Noted:
    """What is on record of publishes and reviews, in order."""
    with Production.open(folder) as production:
        entries = production.recorded(0, production.log.size)
        steps = [one.event for one in entries if isinstance(one.event, StepPerformed)]
        names = {key: name for step in steps if step.place is not None for key, name in step.place.names.items()}
        said = [cast(ReviewNoted, kept.event) for kept in rights(production.index, ReviewNoted)]
        return Noted(
            [names[output] for step in steps for output in step.fact.outputs],
            [f"{one.fact.outcome}: {', '.join(names[version] for version in one.fact.about)}" for one in said],
        )


def codes(taken: KitsuTaken) -> Counter[str]:
    """The codes of what was said, with how often."""
    return Counter(one.code for one in taken.said)


def versions_of(folder: Path, preview: str) -> list[str | None]:
    """The digests of the versions that a preview is here; None for one that is only referred to."""
    with Production.open(folder) as production:
        desk = PublishDesk(production, Kitsu("http://127.0.0.1:9", KitsuKey()), Names(), fetch=False)
        return [row.digest for row in desk.versions(preview)]
