"""Recording what was published in a Kitsu: each preview one step, and a second one only for other bytes."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from edgecode.drivers.kitsu_client import Kitsu
from edgecode.errors import InputError
from edgecode.index.catalogue import VersionRow, outputs, steps, version_rows
from edgecode.index.keys import key_of
from edgecode.index.rows import first_number
from edgecode.ingest.intake import Intake
from edgecode.ingest.kitsu import Kept, KitsuEvent, Names, Preview, Shown, file_addresses, publish_record, step_name
from edgecode.ingest.records import id_of_text
from edgecode.ingest.step_record import StepRecord
from edgecode.ingest.tables.headings import moment_of
from edgecode.production.lines import line_secret
from edgecode.terms.cuts import Diagnostic

if TYPE_CHECKING:
    from edgecode.production.corridor import Production

SOURCE = "kitsu"
_NEVER = 1 << 62


class Publish(Struct, frozen=True):
    """A preview that is to be recorded. *event*: what told of it; None: a listing did. *only_unknown*: not if it is on record at all."""

    preview: Preview
    event: KitsuEvent | None = None
    only_unknown: bool = False


class Upload(Struct, frozen=True):
    """Bytes that a preview was seen to show, and the versions that they are here."""

    versions: Sequence[VersionRow]
    shown: Shown
    number: int = 1

    @property
    def surely(self) -> int:
        """Since when they were shown at the latest, milliseconds since 1970."""
        # Nobody has to say it of the first ones: there was nothing else to speak of.
        return moment_of(self.shown.surely) or (0 if self.number == 1 else _NEVER)

    @property
    def earliest(self) -> int:
        """Before which they were not shown."""
        return moment_of(self.shown.earliest) or 0


class PublishDesk:
    """Records publishes in one production. *fetch*: read the files that Kitsu keeps, for their digests. *said*: what is said of it."""

    def __init__(self, production: "Production", kitsu: Kitsu, names: Names, *, fetch: bool) -> None:
        self._production, self._kitsu, self._names, self._fetch = production, kitsu, names, fetch
        self._secret = line_secret(production.keys, production.settings.production)
        self._told: dict[str, list[str]] = {}
        self._unclear: set[tuple[str, int]] = set()
        self.said: list[Diagnostic] = []

    def hear(self, some: Iterable[Publish]) -> None:
        """These are all that a look found. A preview that was told of more than once shows the last one's file, and that of those before it
        is gone."""
        for one in some:
            if one.event is not None:
                self._told[one.preview.id] = sorted({*self._told.get(one.preview.id, ()), one.event.created_at})

    def record(self, some: Sequence[Publish]) -> Intake:
        """Record those that are new, in their order. Raises UnavailableError ``kitsu.…`` and what `Production.record_lines` raises."""
        each = {one.preview.id: one for one in some}.values()
        records = [record for one in each if (record := self._record(one.preview)) is not None]
        if not records:
            return Intake()
        return self._production.record_lines((msgspec.json.encode(record) for record in records), source=SOURCE)

    def versions(self, preview_id: str) -> list[VersionRow]:
        """What a preview's file ever was here: by bytes where they were read, else what its name alone refers to; none: not recorded."""
        uploads = self._uploads(preview_id)
        if not uploads:
            return self._made_by(step_name(preview_id, fetched=False))
        return [row for one in uploads for row in one.versions]

    def versions_at(self, preview_id: str, at: int) -> list[VersionRow] | None:
        """What a preview's file was *at* that moment (milliseconds since 1970): of bytes the newest that are not later. None: its file was
        uploaded again at about that time, and which bytes it showed is not known; that is said."""
        shown: Upload | None = None
        for one in self._uploads(preview_id):
            if one.surely <= at:
                shown = one
            elif one.earliest <= at:
                self._say_unclear(preview_id, at)
                return None
        return list(shown.versions) if shown is not None else self._made_by(step_name(preview_id, fetched=False))

    def knows(self, preview_id: str) -> bool:
        """Whether a preview is on record, by its bytes or by its name."""
        return any(self._is_known(step_name(preview_id, fetched=fetched)) for fetched in (True, False))

    def _record(self, preview: Preview) -> StepRecord | None:
        uploads, told = self._uploads(preview.id), self._told.get(preview.id, [])
        known = bool(uploads) or self._is_known(step_name(preview.id, fetched=False))
        if known and not self._fetch:
            return None
        updated = preview.updated_at or ""
        if uploads and not told and updated and uploads[-1].shown.updated == updated:
            return None
        kept = self._kept(preview) if self._fetch else None
        if kept is None:
            return None if known else publish_record(preview, self._names, kept=None, version=self._kitsu.version)
        if uploads:
            return self._again(preview, kept, uploads[-1])
        shown = Shown(told[-1] if len(told) > 1 else "", updated=updated)
        return publish_record(preview, self._names, kept=kept, version=self._kitsu.version, shown=shown)

    def _again(self, preview: Preview, kept: Kept, before: Upload) -> StepRecord | None:
        """The file of a preview that is recorded may have been uploaded again. No event tells when: its row was written then or later."""
        later = [at for at in self._told.get(preview.id, []) if (moment_of(at) or 0) > before.surely]
        is_comparable = all(row.digest is not None and row.committed is None for row in before.versions)
        if any(row.digest == kept.sha256 for row in before.versions) or not (is_comparable or later):
            return None
        updated = preview.updated_at or ""
        shown = Shown(later[-1], later[0], updated) if later else Shown(updated, before.shown.surely, updated)
        self._say("kitsu.replaced", "the file of a preview was uploaded again with other bytes; both are recorded")
        return publish_record(
            preview, self._names, kept=kept, version=self._kitsu.version, upload=before.number + 1, shown=shown
        )

    def _uploads(self, preview_id: str) -> list[Upload]:
        """The bytes of a preview's file that are on record, in the order in which they were seen."""
        found: list[Upload] = []
        while (step := self._step(step_name(preview_id, fetched=True, upload=len(found) + 1))) is not None:
            recipe = steps(self._production.index, [step])[step].recipe
            shown = Shown.read(recipe.settings) if recipe is not None else Shown()
            found.append(Upload(self._outputs(step), shown, len(found) + 1))
        return found

    def _kept(self, preview: Preview) -> Kept | None:
        """What Kitsu gives out of a preview; None, said, where that is nothing or too much."""
        for address, how in file_addresses(preview):
            try:
                found = self._kitsu.fetched(address)
            except InputError as error:
                self._say(error.code, f"{error.sentence}; its content is not known")
                return None
            if found is not None and found.size:
                return Kept(found.sha256, how)
        self._say("kitsu.no_file", "a preview has no file that Kitsu gives out; its content is not known")
        return None

    def _is_known(self, name: str) -> bool:
        return self._step(name) is not None

    def _step(self, name: str) -> int | None:
        rows = self._production.index.rows("step_id", key_of(id_of_text(name, self._secret)))
        return first_number(rows) if rows else None

    def _made_by(self, name: str) -> list[VersionRow]:
        step = self._step(name)
        return self._outputs(step) if step is not None else []

    def _outputs(self, step: int) -> list[VersionRow]:
        return list(version_rows(self._production.index, outputs(self._production.index, step)).values())

    def _say_unclear(self, preview_id: str, at: int) -> None:
        if (preview_id, at) not in self._unclear:
            self._unclear.add((preview_id, at))
            text = "something was said of a preview whose file was uploaded again then; of which file is not known, so it is not noted"
            self._say("kitsu.which_file", text)

    def _say(self, code: str, text: str) -> None:
        self.said.append(Diagnostic(code, text, effect="approximate"))
