"""The assets of a scan while they are worked on: a single file, or the files of one sequence, and what is said about them."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from msgspec.structs import replace

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.file_reading import FileReading
from edgecode.ingest.inspection import facts_by_suffix
from edgecode.ingest.seen import Sighting
from edgecode.ingest.sequences import NameSequence
from edgecode.ingest.walk import FoundFile
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.places import Place, readable


@dataclass(slots=True)
class Asset:
    """Files in frame order with the work that is under way for each (None: nothing to do)."""

    parts: list[FileReading]
    sequence: NameSequence | None = None
    work: list[Future[Diagnostic | None] | None] = field(default_factory=list)

    @property
    def lead(self) -> FileReading:
        """The first file; its header speaks for a sequence."""
        return self.parts[0]

    @property
    def place(self) -> Place:
        """Where it is, below its media root."""
        file = self.lead.file
        if self.sequence is None:
            return Place.of(file.root.id, file.relative)
        return Place.of_sequence(file.root.id, below(file, self.sequence.before), self.sequence.after)

    @property
    def size(self) -> int:
        """All files together in bytes, as listed."""
        return sum(part.file.mark.size for part in self.parts)

    @property
    def facts(self) -> FileFacts:
        """What the first file's header says; of a sequence with its own count and first frame."""
        inspection = self.lead.inspection
        facts = facts_by_suffix(self.lead.file.name) if inspection is None else inspection.facts
        if self.sequence is None:
            return facts
        frames = self.sequence.frames
        return replace(facts, media_class="sequence", frames=len(frames), first_frame=frames[0])


def below(file: FoundFile, name: str) -> str:
    """*name* in the folder of *file*, relative to the root."""
    return f"{file.folder}/{name}" if file.folder else name


def sighting_of(asset: Asset) -> Sighting:
    """The asset before anything is hashed."""
    inspection, sequence = asset.lead.inspection, asset.sequence
    return Sighting(
        asset.place,
        asset.facts,
        asset.size,
        inspection.generation if inspection else None,
        frames=sequence.frames if sequence else (),
        padding=sequence.padding if sequence else 0,
        missing=sequence.missing if sequence else (),
        is_known=not any(part.needs_reading for part in asset.parts),
    )


def said_by_headers(label: str, parts: Iterable[FileReading]) -> list[Diagnostic]:
    """What the readers said of an asset's files, each sentence with its file's name: of many frames with one problem the first,
    and how many more."""
    said: dict[str, list[Diagnostic]] = {}
    for part in parts:
        for item in part.inspection.diagnostics if part.inspection is not None else ():
            said.setdefault(item.code, []).append(_named(item, part))
    return [
        items[0]
        if len(items) == 1
        else replace(items[0], text=f"{items[0].text} (and {len(items) - 1} more of {label})")
        for items in said.values()
    ]


def _named(item: Diagnostic, part: FileReading) -> Diagnostic:
    name = readable(part.file.relative)
    text = item.text if readable(part.file.name) in item.text else f"{name}: {item.text}"
    return replace(item, text=text, path=name)


def said_of_ignored(ignored: Mapping[str, int]) -> list[Diagnostic]:
    """How many files were no media, by suffix, most frequent first."""
    if not ignored:
        return []
    by_count = sorted(ignored.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{count} .{suffix}" if suffix else f"{count} without suffix" for suffix, count in by_count[:12])
    rest = f" and {len(by_count) - 12} other kinds" if len(by_count) > 12 else ""
    return [
        Diagnostic("scan.ignored", f"{sum(ignored.values())} files are no media and were left alone: {shown}{rest}")
    ]
