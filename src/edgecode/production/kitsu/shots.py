"""A Kitsu's shots beside a cut: who is cast in them, which frames are expected, how much of each is accounted for."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING

from msgspec import Struct

from edgecode.answers.cuts.accounts import Run, medium_of
from edgecode.answers.cuts.view import CutView
from edgecode.errors import EdgecodeError, UsageError
from edgecode.index.catalogue import version_rows
from edgecode.ingest.kitsu import Cast, Names, Shot, rows_of
from edgecode.ingest.kitsu_shots import ShotDifference, clips_of_shots, differences
from edgecode.ingest.tables.kitsu_people import WhoIsWho
from edgecode.production.kitsu.following import KitsuProject
from edgecode.production.kitsu.publishes import PublishDesk
from edgecode.production.persons.noting import depict
from edgecode.terms.cuts import Clip
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import letter_of

if TYPE_CHECKING:
    from edgecode.production.corridor import Production

DESCRIPTOR = "provenance"
"""The metadata of shots that is written back; its field has the same name (Zou makes it by folding the name)."""


class Castings(Struct, frozen=True):
    """What a casting came to. *noted*: new depictions; *open*: characters by id and name that nobody was named for, with how many shots
    they are in."""

    noted: int = 0
    open: Mapping[tuple[str, str], int] = {}


class ShotDesk:
    """The shots of one project beside one cut (*view*; None: no cut was named). Raises UnavailableError ``kitsu.…``."""

    def __init__(self, production: "Production", project: KitsuProject, view: CutView | None) -> None:
        self._production, self._project, self._view = production, project, view
        self.shots: list[Shot] = project.shots()
        self._clips = tuple(view.clips) if view is not None else ()
        self._shown = {
            shot: tuple(number for number in numbers if self._is_seen(number))
            for shot, numbers in clips_of_shots(self.shots, self._clips).items()
        }

    def differences(self) -> list[ShotDifference]:
        """Every shot whose frames in the cut are not those that Kitsu expects."""
        return differences(self.shots, self._clips, self._shown)

    def cast(self, who: WhoIsWho) -> Castings:
        """Note everybody whom the casting puts into a shot in the versions that were published for it, and in those that the cut shows
        of it. Somebody's word, nothing more; the same is not noted twice, and nothing is taken back."""
        versions = self._versions()
        answer = self._project.kitsu.get(f"data/projects/{self._project.id}/sequences/all/casting")
        noted = unknown_rows = 0
        unknown: dict[tuple[str, str], int] = {}
        for shot_id, rows in (answer if isinstance(answer, dict) else {}).items():
            listed = rows if isinstance(rows, list) else [rows]
            casts, unread = rows_of(Cast, [row if isinstance(row, dict) else {} for row in listed])
            unknown_rows += unread
            for one in casts:
                aliases = who.people.get(one.asset_id) or who.people.get(one.asset_name or "", ())
                if not aliases and one.is_character:
                    key = (one.asset_id, one.asset_name or "")
                    unknown[key] = unknown.get(key, 0) + 1
                noted += sum(self._depicted(alias, versions.get(shot_id, ())) for alias in aliases)
        if unknown_rows:
            text = f"{unknown_rows} rows of Kitsu's casting have a shape that this release does not know"
            self._project.say("kitsu.unread", text, effect="row-missing")
        if unknown:
            characters = "1 character" if len(unknown) == 1 else f"{len(unknown)} characters"
            text = f"{characters} of Kitsu's casting: nobody here is named for them, so who is in their shots is open"
            self._project.say("kitsu.cast_open", text)
        return Castings(noted, unknown)

    def write_back(self) -> int:
        """Write into every shot how many of its frames in the cut are accounted for; returns how many shots changed. No names, no digests.

        Raises UsageError ``kitsu.no_cut`` without a cut.
        """
        if self._view is None:
            raise UsageError("kitsu.no_cut", "no cut was named to say how shots stand in", "Add --cut CUT")
        field = self._field()
        runs = self._view.runs()
        changed = 0
        for shot in self.shots:
            standing = self.standing(shot, runs)
            if (shot.data or {}).get(field) != standing:
                # Zou joins the fields of a shot itself, so that what somebody else writes meanwhile stays.
                self._project.kitsu.send("PUT", f"data/entities/{shot.id}", {"data": {field: standing}})
                changed += 1
        return changed

    def standing(self, shot: Shot, runs: Sequence[Run]) -> str:
        """As in ``20 of 24 frames accounted for (C, G)``."""
        numbers = self._shown.get(shot.id, ())
        if not numbers:
            return "not in the cut"
        frames = accounted = 0
        letters: set[str] = set()
        for first, end in _joined([_frames(self._clips[number]) for number in numbers]):
            for run in runs[bisect_right(runs, first, key=lambda one: one.end) :]:
                if run.first >= end:
                    break
                inside, letter = min(run.end, end) - max(run.first, first), letter_of(run.account)
                frames += inside
                if letter != "U":
                    accounted += inside
                    letters.add(letter)
        return f"{accounted} of {frames} frames accounted for" + (f" ({', '.join(sorted(letters))})" if letters else "")

    def _is_seen(self, number: int) -> bool:
        """Whether a clip is one of the picture's, and on."""
        clip = self._clips[number]
        return clip.enabled and self._view is not None and medium_of(clip, self._view.tracks) == "picture"

    def _depicted(self, alias: str, versions: Sequence[RecordId]) -> int:
        before = self._production.log.size
        for version in versions:
            try:
                depict(self._production, alias, version, how="depicted")
            except EdgecodeError as error:
                self._project.say(error.code, f"somebody's casting could not be noted: {error.sentence}")
                break
        return self._production.log.size - before

    def _versions(self) -> dict[str, list[RecordId]]:
        """By shot: versions that were published for it, and those that the cut shows of it."""
        names: Names = self._project.names()
        desk = PublishDesk(self._production, self._project.kitsu, names, fetch=False)
        found: dict[str, list[RecordId]] = {shot.id: [] for shot in self.shots}
        for preview in self._project.previews():
            shot = names.entity_of(preview.task_id or "")
            if shot in found:
                found[shot] += [row.key for row in desk.versions(preview.id)]
        if self._view is not None:
            matched = {
                number: match.version for number, match in self._view.match_of.items() if match.version is not None
            }
            rows = version_rows(self._production.index, matched.values())
            for shot, numbers in self._shown.items():
                found[shot] += [rows[matched[number]].key for number in numbers if number in matched]
        return {shot: list(dict.fromkeys(keys)) for shot, keys in found.items()}

    def _field(self) -> str:
        """The field of the descriptor; made where it is not there yet."""
        path = f"data/projects/{self._project.id}/metadata-descriptors"
        for row in self._project.kitsu.rows(path):
            if row.get("name") == DESCRIPTOR.capitalize() and row.get("entity_type") == "Shot":
                return str(row.get("field_name", DESCRIPTOR))
        body = {
            "name": DESCRIPTOR.capitalize(),
            "entity_type": "Shot",
            "data_type": "string",
            "choices": [],
            "for_client": False,
            "departments": [],
        }
        made = self._project.kitsu.send("POST", path, body)
        return str(made.get("field_name", DESCRIPTOR)) if isinstance(made, dict) else DESCRIPTOR


def _frames(clip: Clip) -> tuple[int, int]:
    """The whole frames of the cut in which a clip is seen, half open."""
    return ceil(clip.record_in), ceil(clip.record_out)


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same frames, none twice."""
    found: list[tuple[int, int]] = []
    for first, end in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif first < end:
            found.append((first, end))
    return found
