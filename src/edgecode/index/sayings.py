"""What several records say of one version's bytes, joined frame by frame: nothing that one of them says is lost by what another says.

Returns of a vendor complete each other: what one does not cover is open only where no other covers it.
Where records name different classes of origin, the frame is `ambiguous`. Records that agree in everything have the grade of the best
of them; where they add to each other, the weakest link counts. None of this depends on the order in which they were recorded.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from edgecode.index.making import Making, Record
from edgecode.index.pieces import FOLLOWED, HOLE, SILENT, Span, Spread, joined, lying_over, reached, whole
from edgecode.index.stepwork import said_in_passing, step_spans
from edgecode.terms.evidence import AiUse, Grade, Reason
from edgecode.terms.origins import (
    NEEDS_INPUTS,
    Account,
    classes_in,
    contents_of,
    is_generated,
    is_open,
    step_account,
    unaccounted,
    used,
    weakest_grade,
    without_grades,
)
from edgecode.terms.steps import StepKind

_AMBIGUOUS = unaccounted(Reason.AMBIGUOUS)
_DANGLING = unaccounted(Reason.DANGLING_PARENT)
_NO_STEP = unaccounted(Reason.NO_STEP)


class _Saying(Struct, frozen=True):
    """What one record says. *explains*: it accounts for the frames it speaks of; *compared*: its classes must be those of the others.
    *is_silence*: it counts only where no record explains a frame. *returned*: it is a vendor's return."""

    spans: Sequence[Span]
    explains: bool
    compared: bool = True
    is_silence: bool = False
    returned: bool = False


class _Voice(Struct, frozen=True):
    """What one record says of the frames between two changes."""

    said: Account
    by: _Saying


def joined_sayings(made: Making, version: int, spreads: Mapping[int, Spread], *, judged: bool = True) -> list[Span]:
    """The account of a version's frames by everything that is recorded of its bytes. *judged* False: without the reasons that
    contradiction and silence give."""
    extent = made.extent(version)
    sayings = [*_sayings(made, version, spreads), *(_silence(made, version, spreads) if judged else [])]
    answers = [declared_account(*one) for one in made.answers(version)]
    answer = made.answer(version)
    words = declared_account(*answer) if answer is not None else 0
    edges = {extent.low, extent.high, *(edge for one in sayings for span in one.spans for edge in span[:2])}
    inside = sorted({min(max(edge, extent.low), extent.high) for edge in edges})
    voices = [(span, _Voice(span[2] & ~FOLLOWED, one)) for one in sayings for span in one.spans]
    numbered = [(low, high, number) for number, ((low, high, _), voice) in enumerate(voices) if voice.said]
    return [
        (low, high, _judged([voices[number][1] for number in over], words, answers, judged=judged))
        for low, high, over in lying_over(inside, numbered)
    ]


def declared_account(kind: StepKind, ai: AiUse | None) -> Account:
    """What an answer's words are worth: declared, and open where the kind of step says nothing without its inputs."""
    account = step_account(kind, grade=Grade.DECLARED, ai=ai)
    if kind in NEEDS_INPUTS:
        account |= _DANGLING
    return account | (unaccounted(Reason.VENDOR_OPEN) if kind is StepKind.VENDOR else 0)


def unexplained(made: Making, version: int) -> Account:
    """Why frames that nothing explains are open."""
    return _NO_STEP if made.was_seen(version) else _DANGLING


def _judged(voices: Sequence[_Voice], words: Account, answers: Iterable[Account], *, judged: bool) -> Account:
    """One account of everything that is said of some frames."""
    spoken = _completed([voice for voice in voices if not voice.by.is_silence])
    compared = [bits for voice in spoken if voice.by.compared and (bits := voice.said & ~SILENT)]
    account = _together([bits for voice in spoken if voice.by.explains and (bits := voice.said & ~SILENT)])
    if is_open(account):
        account |= words
        compared.append(words)
        if is_open(account):
            account |= _union(voice.said for voice in voices if voice.by.is_silence)
    account |= _union(voice.said & ~SILENT for voice in spoken if not voice.by.explains)
    for answer in answers:
        # A recorded step beats an answer; but an answer that a model was at work is not overruled in silence.
        account |= _model_words(answer)
        if is_generated(answer):
            compared.append(answer)
    classes = {classes_in(bits) for bits in compared} - {0}
    return account | (_AMBIGUOUS if judged and len(classes) > 1 else 0)


def _completed(spoken: Sequence[_Voice]) -> Sequence[_Voice]:
    """Without the returns that leave a frame to another return, which covers it."""
    returns = [voice for voice in spoken if voice.by.returned]
    silent = [voice for voice in returns if voice.said & SILENT]
    return [voice for voice in spoken if voice not in silent] if len(silent) < len(returns) else spoken


def _together(said: Sequence[Account]) -> Account:
    """Records of one making: if they say the same, the best of them gives the grade."""
    words = {without_grades(bits) for bits in said}
    if len(said) < 2 or len(words) > 1:
        return _union(said)
    return words.pop() | max(map(weakest_grade, said))


def _model_words(answer: Account) -> Account:
    return used(AiUse.GENERATIVE) if is_generated(answer) else contents_of(answer) & used(AiUse.ASSISTIVE)


def _union(several: Iterable[Account]) -> Account:
    account = 0
    for bits in several:
        account |= bits
    return account


def _sayings(made: Making, version: int, spreads: Mapping[int, Spread]) -> Iterator[_Saying]:
    extent = made.extent(version)
    for record in made.records(version):
        spans = _spans_of(made, version, record, spreads, in_passing=not record.explains)
        if not record.explains:
            # Its inputs are joined whatever else explains the output; its own classes must be those of the others.
            detail = made.detail(record.step)
            has_classes = bool(classes_in(detail.account) or detail.origins)
            yield _Saying(joined(extent.low, extent.high, spans), explains=False, compared=has_classes)
        elif record.relation == "frame":
            # A file that is one frame of a sequence speaks of that frame and does not explain the sequence.
            plain = [(low, high, without_grades(bits)) for low, high, bits in spans]
            yield _Saying(joined(extent.low, extent.high, plain), explains=False)
        else:
            returned = made.detail(record.step).kind is StepKind.VENDOR
            yield _Saying(joined(extent.low, extent.high, spans), explains=True, returned=returned)


def _silence(made: Making, version: int, spreads: Mapping[int, Spread]) -> list[_Saying]:
    """What holds where nothing explains a frame: why it is open, and all that failed steps and imports say."""
    extent = made.extent(version)
    layers: list[Span] = [(extent.low, extent.high, unexplained(made, version))]
    for record in made.records(version):
        if not record.explains and record.relation == "same":
            layers += _spans_of(made, version, record, spreads)
    return [_Saying(joined(extent.low, extent.high, layers), explains=False, is_silence=True)]


def _spans_of(
    made: Making, version: int, record: Record, spreads: Mapping[int, Spread], *, in_passing: bool = False
) -> list[Span]:
    """One record's layers over the frames of *version*, whatever name it knows the bytes by."""
    extent, theirs = made.extent(version), made.extent(record.producer)
    is_alike = (extent.first, extent.end) == (theirs.first, theirs.end)
    output = extent if record.relation == "same" and theirs.first is None else theirs
    if in_passing:
        layers = said_in_passing(made, record.step, output, spreads)
    else:
        layers = step_spans(made, record.step, output, spreads, version=record.producer)
    if record.relation == "same":
        return layers if is_alike or theirs.first is None else [(extent.low, extent.high, _all(made, record, layers))]
    if record.relation == "frame-of":
        spans = joined(output.low, output.high, layers)
        return [(extent.low, extent.high, reached(spans, record.frame, record.frame + 1))]
    return [(record.frame, record.frame + 1, _all(made, record, layers))]


def _all(made: Making, record: Record, layers: Sequence[Span]) -> Account:
    """All frames that the producer has: its holes are no frames."""
    extent, holes = made.extent(record.producer), made.holes(record.producer)
    absent = [(low, high, HOLE) for low, high in holes]
    return whole(joined(extent.low, extent.high, [*layers, *absent])) & ~SILENT
