"""What a Kitsu tells, in our words: publishes become lines of step/1, comments reviews, castings who is in a shot. Pure.

Written from answers of Zou 1.0.97 (tests/trackers/kitsu-transcript.json). Rows hold more than is read here; names of people are not
read at all.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec
from msgspec import Struct

from edgecode.events.door_kinds import ReviewOutcome
from edgecode.ingest.step_record import RecordedFile, RecordedText, RecordedTool, StepRecord
from edgecode.ingest.tables.headings import folded, moment_of
from edgecode.ingest.tables.review_sheets import STATUSES
from edgecode.terms.steps import StepKind

TOOL = "Kitsu"
WAITING = "processing"
"""The status of a preview whose file is not there yet, or is still being made from what was uploaded."""

Row = TypeVar("Row", bound=Struct)


class KitsuEvent(Struct, frozen=True):
    """One entry of Zou's own log. *created_at*: UTC, in whole seconds, as Zou writes it. *data*: ids of what it is about."""

    id: str
    created_at: str
    name: str
    data: dict[str, object] | None = None
    user_id: str | None = None

    def about(self, word: str) -> str:
        """The id that its data holds under *word*; "" for none."""
        value = (self.data or {}).get(word)
        return value if isinstance(value, str) else ""


class Preview(Struct, frozen=True):
    """A file that was put up for review. *extension*: of what Kitsu keeps, which for video is its own MP4. *updated_at*: when
    the row was written last, not before its file was uploaded."""

    id: str
    task_id: str | None = None
    person_id: str | None = None
    original_name: str | None = None
    extension: str | None = None
    revision: int | None = None
    status: str | None = None
    created_at: str | None = None
    updated_at: str | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether its file may still come."""
        return self.status == WAITING

    @property
    def at(self) -> int:
        """When it was made, milliseconds since 1970; 0: nobody says."""
        return moment_of(self.created_at or "") or 0


class Comment(Struct, frozen=True):
    """Something that was said of a task, with the status that it was given. *previews*: those that it names."""

    id: str
    object_id: str | None = None
    text: str | None = None
    task_status_id: str | None = None
    person_id: str | None = None
    previews: list[str | dict[str, object]] | None = None
    created_at: str | None = None

    @property
    def named(self) -> list[str]:
        """The ids of the previews that it names; some answers of Zou hold the whole rows."""
        ids = (one if isinstance(one, str) else one.get("id") for one in self.previews or ())
        return [one for one in ids if isinstance(one, str)]

    @property
    def at(self) -> int:
        """When it was written, milliseconds since 1970; 0: nobody says."""
        return moment_of(self.created_at or "") or 0


class Status(Struct, frozen=True):
    """A status of tasks: its two names, and what Kitsu itself takes it for."""

    id: str
    name: str = ""
    short_name: str = ""
    is_done: bool | None = None
    is_retake: bool | None = None


class Task(Struct, frozen=True):
    id: str
    entity_id: str | None = None
    task_type_id: str | None = None


class Named(Struct, frozen=True):
    """Anything with an id and a name: projects, task types, assets."""

    id: str
    name: str = ""


class Shot(Struct, frozen=True):
    """*data*: what was filled in of it; ``frame_in`` and ``frame_out`` are both inside it."""

    id: str
    name: str = ""
    sequence_name: str | None = None
    nb_frames: int | None = None
    data: dict[str, object] | None = None
    canceled: bool | None = None

    @property
    def called(self) -> str:
        """As people say it: ``SEQ01/SH010``."""
        return f"{self.sequence_name}/{self.name}" if self.sequence_name else self.name


class Cast(Struct, frozen=True):
    """An asset in a shot."""

    asset_id: str
    asset_name: str | None = None
    asset_type_name: str | None = None

    @property
    def is_character(self) -> bool:
        """Whether its type says that it may be somebody."""
        return folded(self.asset_type_name or "") in ("character", "characters", "cast")


def rows_of(kind: type[Row], rows: Iterable[Mapping[str, object]]) -> tuple[list[Row], int]:
    """The rows that fit *kind*, and how many do not."""
    found: list[Row] = []
    unread = 0
    for row in rows:
        try:
            found.append(msgspec.convert(row, kind))
        except msgspec.ValidationError:
            unread += 1
    return found, unread


class Kept(Struct, frozen=True):
    """The bytes that Kitsu gave out for a preview. *how*: ``source``, what was uploaded; ``file``, a file or picture that it keeps;
    ``normalised``, the video that it made from what was uploaded."""

    sha256: str
    how: str


def file_addresses(preview: Preview) -> list[tuple[str, str]]:
    """(address, how) of what Kitsu may give out for a preview, nearest to what was uploaded first; none for what has no file."""
    extension = (preview.extension or "").lower()
    if not extension or not extension.isalnum():
        return []
    if extension == "mp4":
        return [
            (f"movies/source/preview-files/{preview.id}.mp4", "source"),
            (f"movies/originals/preview-files/{preview.id}.mp4", "normalised"),
        ]
    return [(f"pictures/originals/preview-files/{preview.id}.{extension}", "file")]


def step_name(preview_id: str, *, fetched: bool, upload: int = 1) -> str:
    """The id of a publish among steps. *upload*: which of the bytes that a preview was seen to show, in their order."""
    return f"kitsu/{preview_id}" + ("/bytes" if fetched else "") + (f"/{upload}" if upload > 1 else "")


class Shown(Struct, frozen=True):
    """Since when a preview shows bytes, as Zou writes times. *surely*: since then at the latest, *earliest*: not before; "": nobody says.
    *updated*: when the preview's row had been written last as its file was read."""

    surely: str = ""
    earliest: str = ""
    updated: str = ""

    @property
    def settings(self) -> dict[str, str]:
        """As a step keeps it."""
        return {"kitsu_shown": self.surely, "kitsu_shown_earliest": self.earliest, "kitsu_updated": self.updated}

    @classmethod
    def read(cls, settings: Mapping[str, str]) -> "Shown":
        """What `settings` wrote."""
        return cls(*(settings.get(word, "") for word in cls().settings))


class Names(Struct, frozen=True):
    """What tasks, their types and their entities are called, by id."""

    tasks: Mapping[str, Task] = {}
    types: Mapping[str, str] = {}
    entities: Mapping[str, str] = {}

    def entity_of(self, task_id: str) -> str:
        """The id of the shot or asset of a task; "" where nobody knows."""
        task = self.tasks.get(task_id)
        return (task.entity_id or "") if task is not None else ""


def publish_record(
    preview: Preview, names: Names, *, kept: Kept | None, version: str, upload: int = 1, shown: Shown | None = None
) -> StepRecord:
    """A publish as a line of step/1: an import, which accounts for nothing. *version*: Zou's, *upload*: as in `step_name`, *shown*: of its
    bytes. Who published is Kitsu's id of them, in a text of its own."""
    task = names.tasks.get(preview.task_id or "")
    settings = {
        "kitsu_preview": preview.id,
        "kitsu_revision": str(preview.revision or ""),
        "kitsu_entity": names.entities.get(task.entity_id or "", "") if task is not None else "",
        "kitsu_task": names.types.get(task.task_type_id or "", "") if task is not None else "",
        "kitsu_bytes": kept.how if kept is not None else "",
        **(shown.settings if shown is not None else {}),
    }
    name = f"{preview.original_name or preview.id}.{preview.extension or ''}".rstrip(".")
    return StepRecord(
        "edgecode.step/1",
        StepKind.IMPORT,
        (RecordedFile(name=name[:4096], sha256=kept.sha256 if kept is not None else None),),
        id=step_name(preview.id, fetched=kept is not None, upload=upload),
        tool=RecordedTool(TOOL, version[:200]),
        started=preview.at,
        ended=preview.at,
        settings={word: value[:4096] for word, value in settings.items() if value},
        texts=(RecordedText(preview.person_id, "kitsu_person"),) if preview.person_id else (),
    )


def outcome_of(
    comment: Comment, statuses: Mapping[str, Status], meant: Mapping[str, ReviewOutcome]
) -> tuple[ReviewOutcome | None, str]:
    """(outcome, the status' name): by what somebody said that it means, by words that mean the same everywhere, by Kitsu's own flags.

    None: the status says nothing that is known and there are no words. *meant*: folded words to outcomes.
    """
    status = statuses.get(comment.task_status_id or "")
    if status is not None:
        words = [folded(status.name), folded(status.short_name)]
        found = next((table[word] for table in (meant, STATUSES) for word in words if word in table), None)
        found = found or ("rejected" if status.is_retake else "approved" if status.is_done else None)
        if found is not None:
            return found, status.name
    return ("note" if (comment.text or "").strip() else None), status.name if status is not None else ""


def previews_meant(comment: Comment, of_task: Iterable[Preview]) -> list[str]:
    """The previews that a comment is about: those that it names, else the newest revision that its task had by then."""
    if comment.named:
        return comment.named
    earlier = [one for one in of_task if one.at <= comment.at]
    newest = max((one.revision or 0 for one in earlier), default=0)
    return sorted(one.id for one in earlier if (one.revision or 0) == newest)
