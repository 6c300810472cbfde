"""Small AAF files, made with the library that reads them; their places are known by hand. Needs pyaaf2."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

Build = Callable[["AafBuilder"], None]


class AafBuilder:
    """A composition of one picture track and one sound track, over clips that come from tapes and files."""

    def __init__(self, file: object, rate: int) -> None:
        self.file = file
        self.rate = rate
        self.operations: dict[str, object] = {}
        self.composition = file.create.CompositionMob("Reel 1")
        self.composition.usage = "Usage_TopLevel"
        file.content.mobs.append(self.composition)
        timecode = self.composition.create_timeline_slot(edit_rate=rate)
        timecode["PhysicalTrackNumber"].value = 1
        timecode.segment = file.create.Timecode(rate, drop=False, length=1000)
        timecode.segment.start = 86400

    def clip(
        self, name: str, *, tape: str = "", tape_start: int = 0, length: int = 200, kind: str = "picture"
    ) -> object:
        """A master clip of a file, which was taken from a tape whose timecode begins at *tape_start*."""
        create = self.file.create
        master, source = create.MasterMob(name), create.SourceMob(f"{name}.PHYS")
        self.file.content.mobs.extend([master, source])
        source.descriptor = create.ImportDescriptor()  # the one that asks for nothing more
        locator = create.NetworkLocator()
        locator["URLString"].value = f"file:///media/{name}.mxf"
        source.descriptor["Locator"].append(locator)
        file_slot = source.create_timeline_slot(edit_rate=self.rate)
        if tape:
            reel = create.SourceMob(tape)
            self.file.content.mobs.append(reel)
            slot, timecode = reel.create_tape_slots(tape, self.rate, self.rate, media_kind=kind)
            timecode.segment.start = tape_start
            file_slot.segment = reel.create_source_clip(slot.slot_id, start=100, length=length, media_kind=kind)
        else:
            file_slot.segment = create.SourceClip(length=length, media_kind=kind)
        master_slot = master.create_timeline_slot(edit_rate=self.rate)
        master_slot.segment = source.create_source_clip(file_slot.slot_id, start=0, length=length, media_kind=kind)
        return master

    def use(self, master: object, start: int, length: int, kind: str = "picture") -> object:
        return master.create_source_clip(master.slots[0].slot_id, start=start, length=length, media_kind=kind)

    def track(self, *parts: object, kind: str = "picture") -> object:
        slot = self.composition.create_empty_sequence_slot(self.rate, media_kind=kind)
        slot.segment.components.extend(parts)
        slot.segment.length = sum(
            part.length if type(part).__name__ != "Transition" else -part.length for part in parts
        )
        return slot

    def filler(self, length: int, kind: str = "picture") -> object:
        return self.file.create.Filler(kind, length)

    def operation(self, name: str, length: int, *inputs: object, warps: bool = False) -> object:
        from aaf2.auid import AUID

        number = sum(map(ord, name))
        ident = AUID(f"00000000-0000-4000-8000-{number:012d}")
        known = self.operations.get(name)
        definition = known or self.file.create.OperationDef(ident, name)
        if known is None:
            definition.media_kind = "picture"
            definition["NumberInputs"].value = len(inputs)
            definition["IsTimeWarp"].value = warps
            self.file.dictionary.register_def(definition)
            self.operations[name] = definition
        group = self.file.create.OperationGroup(definition, length, "picture")
        group.segments.extend(inputs)
        return group

    def dissolve(self, length: int) -> object:
        transition = self.file.create.Transition("picture", length)
        transition["OperationGroup"].value = self.operation("VideoDissolve_2", length)
        transition.cutpoint = length // 2
        return transition


def aaf_bytes(build: Build, *, rate: int = 24) -> bytes:
    """The file that *build* makes."""
    aaf2 = pytest.importorskip("aaf2")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.aaf"
        with aaf2.open(str(path), "w") as file:
            build(AafBuilder(file, rate))
        return path.read_bytes()


def reel(builder: AafBuilder) -> None:
    """a 0-60, a dissolve of 12 (48-60), b to 100; sound from 10 to 40."""
    a = builder.clip("a", tape="A001", tape_start=86400)
    b = builder.clip("b")
    line = builder.clip("line 12", kind="sound")
    builder.track(builder.use(a, 10, 60), builder.dissolve(12), builder.use(b, 20, 52))
    builder.track(builder.filler(10, "sound"), builder.use(line, 5, 30, "sound"), kind="sound")
