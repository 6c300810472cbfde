"""What is new in a Kitsu since the last look, by its own log of events; the cursor that remembers how far that was.

Zou stamps an event before it commits, in whole seconds as it tells them, and pages by *older than*. So looks overlap, pages overlap, and
ids say what was seen (docs/decisions/0022-kitsu.md).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from edgecode.drivers.kitsu_client import Kitsu, Query
from edgecode.ingest.kitsu import KitsuEvent, rows_of
from edgecode.settings import STATE_FOLDER
from edgecode.terms.cuts import Diagnostic

OVERLAP = timedelta(minutes=10)
"""How far behind the newest event a look begins: longer than a transaction of Zou's may last."""
EVENTS_OF_A_PAGE = 1000
"""The most that Zou gives at once (blueprints/events)."""
PUBLISHED, COMMENTED, CAST = "preview-file:add-file", "comment:new", "shot:casting-update"
_STATE = "polled.json"


class KitsuMark(Struct):
    """How far one project was read. *cursor*: id and time of the newest event; *seen*: ids of events within `OVERLAP` of it that are
    recorded; *previews*, *comments*: ids of what could not be settled yet."""

    cursor: str = ""
    at: str = ""
    seen: list[str] = []
    previews: list[str] = []
    comments: list[str] = []


class KitsuNews(Struct):
    """What a look found. *listing*: everything has to be listed, for there is no cursor or it is too old. *newest*: the last event.

    *events*: those that are new, oldest first, of every kind that is read.
    """

    listing: bool
    newest: KitsuEvent | None
    events: list[KitsuEvent] = []
    within: list[KitsuEvent] = []
    """Every event of the last look's overlap and since, those of other kinds among them, so that ids can be kept."""
    said: list[Diagnostic] = []


class KitsuCursor:
    """The cursor of one project of one Kitsu in the production in *production*."""

    def __init__(self, kitsu: Kitsu, project: str, *, production: Path) -> None:
        self._kitsu, self._project = kitsu, project
        name = sha256(f"{kitsu.site}\n{project}".encode()).hexdigest()[:16]
        self._path = production / STATE_FOLDER / "polled" / name / _STATE
        self.mark = self._read()

    def news(self, *, again: bool = False) -> KitsuNews:
        """What is new. *again*: list everything, whatever the cursor says. Raises what `Kitsu.get` raises."""
        # Asked before anything is listed: what happens meanwhile is behind it and comes with the next look.
        newest = next(iter(self._events([("limit", "1")])), None)
        if again or not self.mark.cursor:
            return self._everything(newest)
        if self._kitsu.get("data/events/last", [("cursor_event_id", self.mark.cursor), ("limit", "1")]) is None:
            return self._everything(newest, _purged())
        within, said = self._since(self.mark.at)
        seen = set(self.mark.seen)
        fresh = [one for one in within if one.id not in seen and one.name in (PUBLISHED, COMMENTED, CAST)]
        return KitsuNews(False, newest, fresh, within, said)

    def note(self, events: Iterable[KitsuEvent]) -> None:
        """These events are recorded, although the cursor stays where it is."""
        self.mark.seen = list(dict.fromkeys((*self.mark.seen, *(one.id for one in events))))
        self._write()

    def advance(self, news: KitsuNews) -> None:
        """Everything of *news* is recorded, or waits in `mark`."""
        newest = max(
            (*news.within, *([news.newest] if news.newest else [])), key=lambda one: one.created_at, default=None
        )
        if news.listing or newest is not None:
            self.mark.cursor, self.mark.at = (newest.id, newest.created_at) if newest is not None else ("", "")
        if newest is not None:
            border = _before(newest.created_at, OVERLAP)
            self.mark.seen = [one.id for one in news.within if one.created_at >= border]
        self._write()

    def _everything(self, newest: KitsuEvent | None, *said: Diagnostic) -> KitsuNews:
        """Events before the list is made are in it, so they are seen with it."""
        within = self._since(newest.created_at)[0] if newest is not None else []
        return KitsuNews(True, newest, [], within, list(said))

    def _since(self, at: str) -> tuple[list[KitsuEvent], list[Diagnostic]]:
        """Every event since *at* less the overlap, oldest first."""
        found: dict[str, KitsuEvent] = {}
        said: list[Diagnostic] = []
        asked = [("after", _before(at, OVERLAP)), ("limit", str(EVENTS_OF_A_PAGE))]
        older: list[tuple[str, str]] = []
        crowded = ""
        while len(page := self._events([*asked, *older])) >= EVENTS_OF_A_PAGE:
            last = page[-1]
            if last.created_at != crowded and any(one.id not in found for one in page):
                # A page may end within a second, and the rest of that second is on the next one.
                older = [("before", _before(last.created_at, timedelta(seconds=-1)))]
            else:
                crowded = last.created_at
                older = [("cursor_event_id", last.id)]
            found |= {one.id: one for one in page}
        found |= {one.id: one for one in page}
        if crowded:
            text = (
                f"more than {EVENTS_OF_A_PAGE} events of one second: some may be missing;"
                " edgecode poll kitsu URL --again lists everything"
            )
            said.append(Diagnostic("kitsu.crowded", text, effect="approximate"))
        # Zou gives the newest first; those of one second keep its order, turned round.
        oldest_first = [*found.values()]
        oldest_first.reverse()
        return sorted(oldest_first, key=lambda one: one.created_at), said

    def _events(self, query: Query) -> list[KitsuEvent]:
        rows = self._kitsu.rows("data/events/last", [("project_id", self._project), *query])
        return rows_of(KitsuEvent, rows)[0]

    def _read(self) -> KitsuMark:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=KitsuMark)
        except (OSError, msgspec.DecodeError):
            return KitsuMark()

    def _write(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = self._path.with_name(f".{self._path.name}.new")
        temporary.write_bytes(msgspec.json.encode(self.mark))
        temporary.replace(self._path)


def _before(written: str, span: timedelta) -> str:
    """A time of Zou's, *span* earlier; the same text where it cannot be read."""
    try:
        return (datetime.fromisoformat(written) - span).strftime("%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return written


def _purged() -> Diagnostic:
    text = (
        "Kitsu has forgotten the event at which the last look ended: events in between may be gone;"
        " everything that is there now is listed, what was deleted meanwhile is in no list"
    )
    return Diagnostic("kitsu.purged", text, effect="approximate")
