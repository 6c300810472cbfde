"""Recording what was published in a Kitsu: each preview one step, and a second one only for other bytes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from edgecode.drivers.kitsu_client import Kitsu
from edgecode.index.catalogue import VersionRow, outputs, version_rows
from edgecode.index.keys import key_of
from edgecode.index.rows import first_number
from edgecode.ingest.intake import Intake
from edgecode.ingest.kitsu import Kept, KitsuEvent, Names, Preview, file_addresses, publish_record, step_name
from edgecode.ingest.records import id_of_text
from edgecode.ingest.step_record import StepRecord
from edgecode.production.lines import line_secret
from edgecode.terms.cuts import Diagnostic

if TYPE_CHECKING:
    from edgecode.production.corridor import Production

SOURCE = "kitsu"


class Publish(Struct, frozen=True):
    """A preview that is to be recorded. *event*: what told of it; None: a listing did. *only_unknown*: not if it is on record at all."""

    preview: Preview
    event: KitsuEvent | None = None
    only_unknown: bool = False


class PublishDesk:
    """Records publishes in one production. *fetch*: read the files that Kitsu keeps, for their digests. *said*: what is said of it."""

    def __init__(self, production: "Production", kitsu: Kitsu, names: Names, *, fetch: bool) -> None:
        self._production, self._kitsu, self._names, self._fetch = production, kitsu, names, fetch
        self._secret = line_secret(production.keys, production.settings.production)
        self.said: list[Diagnostic] = []

    def record(self, some: Sequence[Publish]) -> Intake:
        """Record those that are new, in their order. Raises UnavailableError ``kitsu.…`` and what `Production.record_lines` raises."""
        records = [record for one in some if (record := self._record(one)) is not None]
        if not records:
            return Intake()
        return self._production.record_lines((msgspec.json.encode(record) for record in records), source=SOURCE)

    def versions(self, preview_id: str) -> list[VersionRow]:
        """What a preview's file is here: by its bytes where they were read, else what its name alone refers to; none: not recorded."""
        return self._made_by(step_name(preview_id, fetched=True)) or self._made_by(step_name(preview_id, fetched=False))

    def knows(self, preview_id: str) -> bool:
        """Whether a preview is on record, by its bytes or by its name."""
        return any(self._is_known(step_name(preview_id, fetched=fetched)) for fetched in (True, False))

    def _record(self, one: Publish) -> StepRecord | None:
        by_bytes, by_name = (step_name(one.preview.id, fetched=fetched) for fetched in (True, False))
        read = self._is_known(by_bytes)
        known = read or self._is_known(by_name)
        if (known and not self._fetch) or (read and one.event is None):
            return None
        kept = self._kept(one.preview) if self._fetch else None
        if self._fetch and kept is None:
            self._say("kitsu.no_file", "a preview has no file that Kitsu gives out; its content is not known")
        if read:
            return self._again(one, kept, self._made_by(by_bytes))
        if known and kept is None:
            return None
        return publish_record(one.preview, self._names, kept=kept, version=self._kitsu.version)

    def _again(self, one: Publish, kept: Kept | None, before: Sequence[VersionRow]) -> StepRecord | None:
        """The file of a preview that is recorded may have been uploaded again."""
        if kept is None or one.event is None or not before or any(row.digest in (None, kept.sha256) for row in before):
            return None
        if self._is_known(step_name(one.preview.id, fetched=True, event=one.event.id)):
            return None
        self._say("kitsu.replaced", "the file of a preview was uploaded again with other bytes; both are recorded")
        return publish_record(one.preview, self._names, kept=kept, version=self._kitsu.version, event=one.event.id)

    def _kept(self, preview: Preview) -> Kept | None:
        for address, how in file_addresses(preview):
            found = self._kitsu.fetched(address)
            if found is not None and found.size:
                return Kept(found.sha256, how)
        return None

    def _is_known(self, name: str) -> bool:
        return bool(self._production.index.rows("step_id", key_of(id_of_text(name, self._secret))))

    def _made_by(self, name: str) -> list[VersionRow]:
        rows = self._production.index.rows("step_id", key_of(id_of_text(name, self._secret)))
        if not rows:
            return []
        return list(version_rows(self._production.index, outputs(self._production.index, first_number(rows))).values())

    def _say(self, code: str, text: str) -> None:
        self.said.append(Diagnostic(code, text, effect="approximate"))
