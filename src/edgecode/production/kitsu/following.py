"""Follows a Kitsu: what was published and said there becomes steps and reviews, each once, wherever a look was stopped.

The record itself says what is known: a publish by its step's id, a comment by its keyed mark. The cursor only saves asking.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct

from edgecode.drivers.kitsu_client import Kitsu
from edgecode.errors import InputError, UnavailableError
from edgecode.events.door_kinds import ReviewOutcome
from edgecode.ingest.intake import Intake
from edgecode.ingest.kitsu import (
    Comment,
    KitsuEvent,
    Named,
    Names,
    Preview,
    Shot,
    Status,
    Task,
    previews_meant,
    rows_of,
)
from edgecode.production.kitsu.cursor import CAST, COMMENTED, PUBLISHED, KitsuCursor, KitsuNews
from edgecode.production.kitsu.publishes import Publish, PublishDesk
from edgecode.production.kitsu.reviews import CommentDesk, ReviewsTaken
from edgecode.production.spools.taking import joined
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import RecordId

if TYPE_CHECKING:
    from edgecode.production.corridor import Production

SETTLE_SECONDS = 60.0
"""How long a comment that names no file may still get one: Kitsu tells first what was written, then what was put with it."""
_AT_ONCE = 50
_Row = TypeVar("_Row", bound=Struct)


class KitsuTaken(Struct, frozen=True):
    """What a look brought. *publishes*: new steps. *waiting*: previews and comments that cannot be settled yet."""

    publishes: int = 0
    reviews: ReviewsTaken = ReviewsTaken()
    waiting: int = 0
    said: tuple[Diagnostic, ...] = ()


class KitsuProject:
    """One project of one Kitsu, as it can be asked about. *said*: what is said of answers that could not be read."""

    def __init__(self, kitsu: Kitsu, called: str = "") -> None:
        """*called*: its name or id; "": the only one there is. Raises InputError ``kitsu.project``, UnavailableError ``kitsu.…``."""
        self.kitsu = kitsu
        self.said: list[Diagnostic] = []
        projects = self.all(Named, "data/projects")
        found = [one for one in projects if called in ("", one.id, one.name)]
        if len(found) != 1:
            few = f"{len(found)} projects" if found else "no project"
            raise InputError(
                "kitsu.project", f"{few} of that Kitsu can be meant", "Give --project with the name or id of one"
            )
        self.id = found[0].id

    def all(self, kind: type[_Row], path: str, query: Sequence[tuple[str, str]] = ()) -> list[_Row]:
        """The rows at *path*. Raises UnavailableError ``kitsu.…``."""
        return self._read(kind, self.kitsu.rows(path, query))

    def one(self, kind: type[_Row], path: str) -> _Row | None:
        """The row at *path*; None when it is gone. Raises UnavailableError ``kitsu.…``."""
        found = self.kitsu.get(path)
        rows = self._read(kind, [found]) if isinstance(found, dict) else []
        return rows[0] if rows else None

    def shots(self) -> list[Shot]:
        """Every shot that is not cancelled."""
        return [one for one in self.all(Shot, "data/shots", [("project_id", self.id)]) if not one.canceled]

    def names(self) -> Names:
        """What tasks, their types and their entities are called."""
        tasks = self.all(Task, f"data/projects/{self.id}/tasks")
        assets = self.all(Named, f"data/projects/{self.id}/assets")
        shots = self.all(Shot, "data/shots", [("project_id", self.id)])
        return Names(
            {one.id: one for one in tasks},
            {one.id: one.name for one in self.all(Named, "data/task-types")},
            {one.id: one.name for one in assets} | {one.id: one.called for one in shots},
        )

    def previews(self) -> list[Preview]:
        """Every preview, oldest first. Where the key may not list them (a manager's), each task is asked."""
        try:
            found = self.all(Preview, f"data/projects/{self.id}/preview-files")
        except UnavailableError as error:
            if error.code != "kitsu.forbidden":
                raise
            tasks = self.all(Task, f"data/projects/{self.id}/tasks")
            found = [one for task in tasks for one in self.all(Preview, f"data/tasks/{task.id}/previews")]
        return sorted(found, key=lambda one: (one.at, one.revision or 0, one.id))

    def say(
        self, code: str, text: str, *, effect: Literal["none", "approximate", "row-missing"] = "approximate"
    ) -> None:
        """Something that whoever looks should know."""
        self.said.append(Diagnostic(code, text, effect=effect))

    def _read(self, kind: type[_Row], rows: Sequence[Mapping[str, object]]) -> list[_Row]:
        found, unread = rows_of(kind, rows)
        if unread:
            text = f"{unread} rows of Kitsu have a shape that this release does not know"
            self.say("kitsu.unread", text, effect="row-missing")
        return found


class KitsuFollower:
    """Takes what is new in one project into a production. *statuses*: what words of its own mean (folded), *members*: Kitsu's id of a
    person to the alias of a member."""

    def __init__(
        self,
        project: KitsuProject,
        cursor: KitsuCursor,
        *,
        statuses: Mapping[str, ReviewOutcome] | None = None,
        members: Mapping[str, str] | None = None,
        settle_seconds: float = SETTLE_SECONDS,
    ) -> None:
        self._project, self._cursor = project, cursor
        self._meant, self._members, self._settle_seconds = statuses or {}, members or {}, settle_seconds
        self._of_task: dict[str, list[Preview]] = {}

    def news(self, *, again: bool = False) -> KitsuNews:
        """What is new, told without the production. *again*: everything. Raises UnavailableError ``kitsu.…``."""
        return self._cursor.news(again=again)

    def has_work(self, news: KitsuNews) -> bool:
        """Whether `take` may record anything."""
        return bool(news.listing or news.events or self._cursor.mark.previews or self._cursor.mark.comments)

    def take(self, production: "Production", news: KitsuNews, *, fetch: bool) -> KitsuTaken:
        """Record what is new and move the cursor behind it. *fetch*: read the files that Kitsu keeps, for their digests.

        Raises UnavailableError ``kitsu.…``; what was recorded until then stays, and the next look goes on.
        """
        self._of_task = {}
        desk = PublishDesk(production, self._project.kitsu, self._project.names(), fetch=fetch)
        publishes, comments = self._found(news)
        publishes = [one for one in publishes if not (one.only_unknown and desk.knows(one.preview.id))]
        publishes += [Publish(one) for one in self._waited_for()]
        later = [one for one in publishes if _must_wait(one, fetch=fetch)]
        now = [one for one in publishes if not _must_wait(one, fetch=fetch)]
        desk.hear(now)
        intakes = []
        for first in range(0, len(now), _AT_ONCE):
            some = now[first : first + _AT_ONCE]
            intakes.append(desk.record(some))
            self._cursor.note(one.event for one in some if one.event is not None)
        unsettled = [one for one in comments if self._is_open(one)]
        reviews = self._noted(production, desk, [one for one in comments if one not in unsettled])
        self._cursor.mark.previews = _once(one.preview.id for one in later)
        self._cursor.mark.comments = _once((*(one.id for one in unsettled), *reviews.early))
        self._cursor.advance(news)
        whole: Intake = joined(intakes)
        said = (*news.said, *self._project.said, *desk.said, *whole.diagnostics)
        self._project.said = []
        waiting = len(self._cursor.mark.previews) + len(self._cursor.mark.comments)
        return KitsuTaken(whole.steps, reviews, waiting, said)

    def _told(self, events: Iterable[KitsuEvent]) -> tuple[list[Publish], list[Comment]]:
        """What events tell of. What is gone from Kitsu by now is taken from the event alone."""
        publishes: list[Publish] = []
        comments: dict[str, Comment] = {}
        for event in events:
            if event.name == PUBLISHED and (preview_id := event.about("preview_file_id")):
                found = self._project.one(Preview, f"data/preview-files/{preview_id}")
                publishes.append(Publish(found or _gone_preview(event), event))
            elif event.name == COMMENTED and (comment_id := event.about("comment_id")):
                comments[comment_id] = self._comment(comment_id) or _gone_comment(event)
            elif event.name == CAST and (event.data or {}).get("removed_asset_ids"):
                text = "Kitsu took somebody out of a shot; what is noted here stays until it is withdrawn here"
                self._project.say("kitsu.cast_less", text)
        waiting = {each: self._comment(each) for each in self._cursor.mark.comments if each not in comments}
        return publishes, [*(one for one in waiting.values() if one is not None), *comments.values()]

    def _found(self, news: KitsuNews) -> tuple[list[Publish], list[Comment]]:
        """What events tell of, and what a list holds beyond it."""
        publishes, comments = self._told(news.events)
        if not news.listing:
            return publishes, comments
        told = {one.preview.id for one in publishes} | {one.id for one in comments} | {*self._cursor.mark.previews}
        listed, written = self._listed(only_unknown=news.only_unknown)
        publishes += [one for one in listed if one.preview.id not in told]
        comments += [one for one in written if one.id not in told]
        return publishes, sorted(comments, key=lambda one: (one.at, one.id))

    def _listed(self, *, only_unknown: bool) -> tuple[list[Publish], list[Comment]]:
        """Everything that the project has now."""
        previews = self._project.previews()
        for one in previews:
            self._of_task.setdefault(one.task_id or "", []).append(one)
        comments = self._project.all(Comment, f"data/projects/{self._project.id}/comments")
        return [Publish(one, only_unknown=only_unknown) for one in previews], comments

    def _comment(self, comment_id: str) -> Comment | None:
        return self._project.one(Comment, f"data/comments/{comment_id}")

    def _waited_for(self) -> Iterator[Preview]:
        for one in self._cursor.mark.previews:
            found = self._project.one(Preview, f"data/preview-files/{one}")
            if found is not None:
                yield found
            else:
                text = "a preview was deleted in Kitsu before its file was there"
                self._project.say("kitsu.vanished", text, effect="row-missing")

    def _noted(self, production: "Production", desk: PublishDesk, comments: Sequence[Comment]) -> ReviewsTaken:
        if not comments:
            return ReviewsTaken()
        statuses = {one.id: one for one in self._project.all(Status, "data/task-status")}

        def about(comment: Comment) -> list[RecordId] | None:
            meant = previews_meant(comment, () if comment.named else self._previews_of(comment.object_id or ""))
            found = [desk.versions_at(one, comment.at) for one in meant]
            known = [row.key for rows in found if rows is not None for row in rows]
            return None if None in found and not known else known

        taken = CommentDesk(production, about, statuses=statuses, meant=self._meant, members=self._members).note(
            comments
        )
        if taken.unattached:
            counted = "1 comment is" if taken.unattached == 1 else f"{taken.unattached} comments are"
            text = f"{counted} about nothing that was published, and not noted"
            self._project.say("kitsu.unattached", text, effect="none")
        return taken

    def _previews_of(self, task_id: str) -> list[Preview]:
        if task_id not in self._of_task:
            self._of_task[task_id] = self._project.all(Preview, f"data/tasks/{task_id}/previews") if task_id else []
        return self._of_task[task_id]

    def _is_open(self, comment: Comment) -> bool:
        """Whether a file may still be put with it; told by the host's own clock."""
        now = self._project.kitsu.seconds
        # One from the host's future was stamped by a wrong clock, and is not waited for until then.
        return not comment.named and bool(now and comment.at) and abs(now - comment.at / 1000) < self._settle_seconds


def _must_wait(one: Publish, *, fetch: bool) -> bool:
    """A listing shows previews before anything was uploaded; of those that an event tells, only the bytes may have to be waited for."""
    return one.preview.is_waiting and (fetch or one.event is None)


def _gone_preview(event: KitsuEvent) -> Preview:
    """A preview that was deleted since: the event still tells that it was published."""
    revision = (event.data or {}).get("revision")
    return Preview(
        event.about("preview_file_id"),
        task_id=event.about("task_id") or None,
        person_id=event.user_id,
        extension=event.about("extension") or None,
        revision=revision if isinstance(revision, int) else None,
        created_at=event.created_at,
    )


def _gone_comment(event: KitsuEvent) -> Comment:
    return Comment(
        event.about("comment_id"),
        object_id=event.about("task_id") or None,
        task_status_id=event.about("task_status_id") or None,
        person_id=event.about("person_id") or None,
        created_at=event.created_at,
    )


def _once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))
