"""What is new in a Kitsu since the last look, by its own log of events; the cursor that remembers how far that was.

Zou stamps an event before it commits, in whole seconds as it tells them, and pages by *older than*. So looks overlap, pages overlap, and
ids say what was seen. Stamps come from the host's clock, which may be wrong and put right: the cursor never stands later than that clock,
and everything is listed when it was put back, and once a day (docs/decisions/0022-kitsu.md).
"""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
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
SET_BACK_SECONDS = 60.0
"""A host's clock that lost more than this, against what it said before or against ours, was put back."""
LISTED_EVERY_SECONDS = 24 * 60 * 60.0
"""How long events alone are believed: what a clock hid from them between two looks comes with the next list."""
EVENTS_OF_A_PAGE = 1000
"""The most that Zou gives at once (blueprints/events)."""
PUBLISHED, COMMENTED, CAST = "preview-file:add-file", "comment:new", "shot:casting-update"
_STATE = "polled.json"


class KitsuMark(Struct):
    """How far one project was read. *cursor*: the newest event that is not stamped later than the host's clock was; *at*: its time, or
    that of the clock; *seen*: ids of events from `OVERLAP` before it on, later ones among them, that are recorded; *previews*, *comments*:
    ids of what could not be settled yet. *host_seconds*, *own_seconds*: both clocks at the last look, *listed_seconds*: ours when all of it
    was listed; 0: nobody says."""

    cursor: str = ""
    at: str = ""
    seen: list[str] = []
    previews: list[str] = []
    comments: list[str] = []
    host_seconds: float = 0.0
    own_seconds: float = 0.0
    listed_seconds: float = 0.0


class KitsuNews(Struct):
    """What a look found. *listing*: everything has to be listed too, as there is no cursor, or events alone cannot be believed.

    *newest*: the last event. *events*: those that are new, oldest first, of every kind that is read.
    """

    listing: bool
    newest: KitsuEvent | None
    events: list[KitsuEvent] = []
    within: list[KitsuEvent] = []
    """Every event of the last look's overlap and since, those of other kinds among them, so that ids can be kept."""
    said: list[Diagnostic] = []
    only_unknown: bool = False
    """Nobody asked for the list: of it only what is not on record at all is taken, and no file is read again."""
    host_seconds: float = 0.0
    own_seconds: float = 0.0


class KitsuCursor:
    """The cursor of one project of one Kitsu in the production in *production*. *own_clock*: this machine's, in seconds since 1970."""

    def __init__(
        self, kitsu: Kitsu, project: str, *, production: Path, own_clock: Callable[[], float] = time.time
    ) -> None:
        self._kitsu, self._project, self._own_clock = kitsu, project, own_clock
        name = sha256(f"{kitsu.site}\n{project}".encode()).hexdigest()[:16]
        self._path = production / STATE_FOLDER / "polled" / name / _STATE
        self.mark = self._read()
        self._has_unread = False

    def news(self, *, again: bool = False) -> KitsuNews:
        """What is new. *again*: list everything, whatever the cursor says. Raises what `Kitsu.get` raises."""
        # Asked before anything is listed: what happens meanwhile is behind it and comes with the next look.
        self._has_unread = False
        newest = next(iter(self._events([("limit", "1")])[0]), None)
        own = self._own_clock()
        host = self._kitsu.seconds or own
        if not self.mark.cursor:
            return self._everything(newest, host, own)
        if self._kitsu.get("data/events/last", [("cursor_event_id", self.mark.cursor), ("limit", "1")]) is None:
            return self._everything(newest, host, own, _purged())
        within, said = self._since(min(self.mark.at, _written(host)))
        seen = set(self.mark.seen)
        fresh = [one for one in within if one.id not in seen and one.name in (PUBLISHED, COMMENTED, CAST)]
        if was_set_back := self._was_set_back(host, own):
            said.append(_set_back())
        if self._has_unread:
            said.append(_unread())
        unasked = was_set_back or self._has_unread or not 0 <= own - self.mark.listed_seconds < LISTED_EVERY_SECONDS
        return KitsuNews(again or unasked, newest, fresh, within, said, not again, host, own)

    def note(self, events: Iterable[KitsuEvent]) -> None:
        """These events are recorded, although the cursor stays where it is."""
        self.mark.seen = list(dict.fromkeys((*self.mark.seen, *(one.id for one in events))))
        self._write()

    def advance(self, news: KitsuNews) -> None:
        """Everything of *news* is recorded, or waits in `mark`."""
        now = _written(news.host_seconds)
        found = sorted(
            (*news.within, *([news.newest] if news.newest else [])),
            key=lambda one: (one.created_at <= now, one.created_at),
        )
        if found:
            # One that is stamped later than the host's clock is read and remembered; what happens until then is looked for all the same.
            self.mark.cursor, self.mark.at = found[-1].id, min(max(one.created_at for one in found), now)
            border = _before(self.mark.at, OVERLAP)
            self.mark.seen = [one.id for one in news.within if one.created_at >= border]
        elif news.listing:
            self.mark.cursor, self.mark.at = "", ""
        self.mark.host_seconds, self.mark.own_seconds = news.host_seconds, news.own_seconds
        if news.listing:
            self.mark.listed_seconds = news.own_seconds
        self._write()

    def _everything(self, newest: KitsuEvent | None, host: float, own: float, *said: Diagnostic) -> KitsuNews:
        """Events before the list is made are in it, so they are seen with it."""
        within = self._since(min(newest.created_at, _written(host)))[0] if newest is not None else []
        said = (*said, _unread()) if self._has_unread else said
        return KitsuNews(True, newest, [], within, list(said), host_seconds=host, own_seconds=own)

    def _was_set_back(self, host: float, own: float) -> bool:
        """Whether the host's clock lost time since the last look: events in between may be stamped earlier than what was read."""
        mark = self.mark
        lost = max(mark.host_seconds - host, (mark.host_seconds - host) - (mark.own_seconds - own))
        return bool(mark.host_seconds) and lost > SET_BACK_SECONDS

    def _since(self, at: str) -> tuple[list[KitsuEvent], list[Diagnostic]]:
        """Every event since *at* less the overlap, oldest first."""
        found: dict[str, KitsuEvent] = {}
        said: list[Diagnostic] = []
        asked = [("after", _before(at, OVERLAP)), ("limit", str(EVENTS_OF_A_PAGE))]
        older: list[tuple[str, str]] = []
        crowded = ""
        while True:
            page, is_full = self._events([*asked, *older])
            if not (page and is_full):
                break
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

    def _events(self, query: Query) -> tuple[list[KitsuEvent], bool]:
        """The events of a page that can be read, and whether there may be more behind it."""
        rows = self._kitsu.rows("data/events/last", [("project_id", self._project), *query])
        found, unread = rows_of(KitsuEvent, rows)
        self._has_unread = self._has_unread or unread > 0
        return found, len(rows) >= EVENTS_OF_A_PAGE

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


def _written(seconds: float) -> str:
    """Seconds since 1970 as Zou writes a time."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _unread() -> Diagnostic:
    text = "events of Kitsu have a shape that this release does not know; everything that is there now is listed"
    return Diagnostic("kitsu.unread", text, effect="row-missing")


def _set_back() -> Diagnostic:
    text = (
        "Kitsu's clock was put back since the last look: what happened in between may be stamped earlier than what was read;"
        " everything that is there now is listed"
    )
    return Diagnostic("kitsu.clock", text, effect="none")


def _purged() -> Diagnostic:
    text = (
        "Kitsu has forgotten the event at which the last look ended: events in between may be gone;"
        " everything that is there now is listed, what was deleted meanwhile is in no list"
    )
    return Diagnostic("kitsu.purged", text, effect="approximate")
