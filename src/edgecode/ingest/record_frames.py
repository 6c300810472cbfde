"""Whether the inputs of a step have the frames that its frame maps ask for, said while the step can still be mended."""

from collections.abc import Iterable, Mapping, Sequence

from edgecode.events.kinds import FrameMap, StepInput
from edgecode.ingest.known import Known, KnownFrames
from edgecode.ingest.making import base_name
from edgecode.ingest.sequences import Span, spoken
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import RecordId
from edgecode.terms.places import readable


def frames_outside(
    inputs: Sequence[StepInput], outputs: Sequence[RecordId], *, known: Known, names: Mapping[RecordId, str]
) -> list[Diagnostic]:
    """One ``record.frames_outside`` for every input whose known frames do not hold what its maps need for the frames made.

    An input of which nobody knows the frames is not judged.
    """
    made = [(frames[0], frames[1]) for frames in map(known.frames_of, outputs) if frames is not None]
    said = []
    for used in inputs:
        has = known.frames_of(used.version)
        if has is None or not used.role.carries_origin:
            continue
        needs = _united(span for one in used.frames for span in _needed(one, made))
        present = _present(has)
        if all(any(low <= first and end <= high for low, high in present) for first, end in needs):
            continue
        name = readable(base_name(names.get(used.version, ""))) or "without a name"
        text = f"input {name} has frames {_text(present)}, and the step needs {_text(needs)} of it"
        said.append(Diagnostic("record.frames_outside", text, effect="approximate"))
    return said


def _needed(one: FrameMap, made: Sequence[Span]) -> list[Span]:
    """Input frames that a map asks for, for the output frames that there are (all of the map's where nobody knows)."""
    over = [(max(one.first, low), min(one.end, high)) for low, high in made] or [(one.first, one.end)]
    if one.kind == "any":
        return [(one.low, one.high + 1)] if any(low < high for low, high in over) else []
    last = one.low if one.kind == "same" else one.high
    return [(low + one.low, high + last) for low, high in over if low < high]


def _present(has: KnownFrames) -> list[Span]:
    first, end, holes = has
    edges = [first, *(edge for hole in holes for edge in hole), end]
    return [(low, high) for low, high in zip(edges[::2], edges[1::2], strict=True) if low < high]


def _united(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for low, high in sorted(span for span in spans if span[0] < span[1]):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _text(spans: Iterable[Span]) -> str:
    return spoken([(low, high - 1) for low, high in spans])
