"""One record of making for a whole image sequence out of what each of its frames carries."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TypeVar

import msgspec

from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import Generation, StepKind

_AI_ORDER = (AiUse.NONE, AiUse.ASSISTIVE, AiUse.UNKNOWN, AiUse.GENERATIVE)
_GENERATIVE_KINDS = (StepKind.GENERATE, StepKind.GENERATIVE_EDIT)
_Item = TypeVar("_Item")


class FrameRecords:
    """Collects the frames' records one by one; equal ones are kept once, and documents of the first alone (memory)."""

    def __init__(self) -> None:
        self._distinct: dict[bytes, Generation] = {}
        self._with: list[int] = []
        self._frames = 0

    def add(self, generation: Generation | None, frame: int) -> None:
        """This *frame* carries this, or nothing."""
        self._frames += 1
        if generation is None:
            return
        self._with.append(frame)
        key = sha256(msgspec.json.encode(generation)).digest()
        if key not in self._distinct:
            kept = msgspec.structs.replace(generation, graph=()) if self._distinct else generation
            self._distinct[key] = kept

    def joined(self, label: str) -> tuple[Generation | None, list[Diagnostic]]:
        """What the frames that carry a record say together (`frames`); ``sequence.making_in_part`` when some carry nothing.

        Frames that differ (another seed, another model) are joined: every model, seed, input and text is kept once, the graph
        of the first frame only (``sequence.records_differ`` says so).
        """
        if not self._distinct:
            return None, []
        said: list[Diagnostic] = []
        without = self._frames - len(self._with)
        if without:
            text = f"{label}: {without} of {self._frames} frames carry no record of their making; it is taken for the others alone"
            said.append(Diagnostic("sequence.making_in_part", text))
        distinct = list(self._distinct.values())
        if len(distinct) == 1:
            return distinct[0], said
        text = f"{label}: its frames carry {len(distinct)} different records; all models, seeds, inputs and texts are kept, one graph"
        return _union(distinct), [*said, Diagnostic("sequence.records_differ", text, effect="approximate")]

    @property
    def frames(self) -> tuple[tuple[int, int], ...]:
        """The frames that carry a record, as half open ranges; empty when all of them do."""
        if len(self._with) == self._frames:
            return ()
        ranges: list[tuple[int, int]] = []
        for frame in sorted(self._with):
            if ranges and ranges[-1][1] == frame:
                ranges[-1] = (ranges[-1][0], frame + 1)
            else:
                ranges.append((frame, frame + 1))
        return tuple(ranges)


def _union(records: Sequence[Generation]) -> Generation:
    first = records[0]
    kinds = [record.kind for record in records]
    settings: dict[str, str] = {}
    for record in reversed(records):
        settings.update(record.settings)
    return msgspec.structs.replace(
        first,
        kind=next((kind for kind in kinds if kind in _GENERATIVE_KINDS), first.kind),
        ai=max((record.ai for record in records), key=_AI_ORDER.index),
        models=_each_once(model for record in records for model in record.models),
        seeds=_each_once(seed for record in records for seed in record.seeds),
        settings=settings,
        inputs=_each_once(used for record in records for used in record.inputs),
        texts=_each_once(text for record in records for text in record.texts),
        scrubbed=_each_once(place for record in records for place in record.scrubbed),
    )


def _each_once(items: Iterable[_Item]) -> tuple[_Item, ...]:
    found: dict[bytes, _Item] = {}
    for item in items:
        found.setdefault(msgspec.json.encode(item), item)
    return tuple(found.values())
