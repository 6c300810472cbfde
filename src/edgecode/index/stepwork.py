"""What a step and its inputs add to the frames of one output, as layers to be joined."""

from collections.abc import Mapping

from edgecode.index.alignment import Extent, carried, leaves_open, mapped
from edgecode.index.making import Making, StepDetail
from edgecode.index.pieces import FOLLOWED, SILENT, Span, Spread, joined, whole
from edgecode.index.steps import MOVES_TIME
from edgecode.terms.evidence import AiUse, Grade, Reason
from edgecode.terms.origins import (
    CONTRIBUTIONS,
    NEEDS_INPUTS,
    Account,
    classes_of,
    contents_of,
    is_generated,
    origin,
    step_account,
    unaccounted,
    used,
    without,
)
from edgecode.terms.steps import InputRole, StepKind

_DANGLING = unaccounted(Reason.DANGLING_PARENT)
_VENDOR_OPEN = unaccounted(Reason.VENDOR_OPEN)


def step_spans(made: Making, step: int, output: Extent, spreads: Mapping[int, Spread], *, version: int) -> list[Span]:
    """The layers of a step over the frames of its output *version*: itself, its inputs, and what it leaves open."""
    detail = made.detail(step)
    account = without(detail.account, AiUse.UNKNOWN) if _is_copy(made, detail, version) else detail.account
    layers = [(output.low, output.high, account), *input_spans(made, step, output, spreads)]
    if detail.kind is StepKind.VENDOR:
        return _vendor(detail, output, layers)
    if detail.kind in NEEDS_INPUTS:
        layers += _left_open(output, layers)
    return _covered(detail, output, layers)


def said_in_passing(made: Making, step: int, output: Extent, spreads: Mapping[int, Spread]) -> list[Span]:
    """The layers of a step that explains nothing (it failed, or brought something in): its classes, its AI use and its inputs."""
    detail = made.detail(step)
    own = contents_of(step_account(detail.kind, grade=Grade.DECLARED, ai=detail.ai, has_models=detail.has_models))
    if detail.kind is StepKind.IMPORT and detail.ai is None:
        own = without(own, AiUse.UNKNOWN)
    own |= contents_of(_classes(detail.origins))
    return _covered(detail, output, [(output.low, output.high, own), *input_spans(made, step, output, spreads)])


def _is_copy(made: Making, detail: StepDetail, version: int) -> bool:
    """Whether a closed box left the bytes of an input as they were: then no model changed them, whatever worked inside."""
    content = made.nodes[version][7]
    if (
        detail.ai is not None
        or detail.has_models
        or CONTRIBUTIONS[detail.kind].ai is not AiUse.UNKNOWN
        or content is None
    ):
        return False
    return any(made.nodes[source][7] == content for source, _, _ in detail.inputs)


def _covered(detail: StepDetail, output: Extent, layers: list[Span]) -> list[Span]:
    """Only the frames that the step speaks of: a record of making that lies in some frames of a sequence says nothing of the others."""
    if not detail.covers or output.first is None or detail.kind is StepKind.VENDOR:
        return layers
    return [
        (max(low, first), min(high, end), bits)
        for low, high, bits in layers
        for first, end in detail.covers
        if max(low, first) < min(high, end)
    ]


def input_spans(made: Making, step: int, output: Extent, spreads: Mapping[int, Spread]) -> list[Span]:
    """The layers that the followed inputs of a step bring, without the step itself."""
    detail = made.detail(step)
    layers: list[Span] = []
    even, mine = 0, (output.first, output.end, output.clock)
    for source, role, maps in detail.inputs:
        spread = spreads.get(source, _DANGLING)
        if maps:
            layers += mapped(output, made.extent(source), spread, maps)
        elif isinstance(spread, int) and not leaves_open(mine, made.frames[source]):
            even |= spread | FOLLOWED
        else:
            keeps_time = detail.kind not in MOVES_TIME and role is not InputRole.REFERENCE
            layers += carried(output, made.extent(source), spread, keeps_time=keeps_time)
    if any(is_generated(whole(spreads.get(source, 0))) for source in detail.aside):
        even |= used(AiUse.UNKNOWN)
    return [*layers, (output.low, output.high, even)] if even else layers


def _left_open(output: Extent, layers: list[Span]) -> list[Span]:
    """Frames that no input reaches, of a step that adds nothing itself."""
    reach = joined(output.low, output.high, layers)
    return [(low, high, _DANGLING) for low, high, bits in reach if not bits & FOLLOWED]


def _vendor(detail: StepDetail, output: Extent, layers: list[Span]) -> list[Span]:
    """A vendor's return explains the frames that it covers, as far as it says classes or brings accounted inputs.

    Those outside are marked `SILENT`: open, unless another return for the same bytes covers them (`sayings`).
    """
    covers = detail.covers
    if covers is None:
        covers = ((output.low, output.high),) if detail.origins or detail.inputs else ()
    elif output.first is None:
        # What has no frame numbers is one picture or sound: frame 0 where frames are counted from zero, frame 1 where from one.
        covers = ((output.low, output.high),) if any(first <= 1 and end > 0 for first, end in covers) else ()
    declared = _classes(detail.origins)
    covered = joined(output.low, output.high, [(low, high, FOLLOWED | declared) for low, high in covers])
    layers = [*layers, *((low, high, bits & ~FOLLOWED) for low, high, bits in covered)]
    open_ = [(low, high, _VENDOR_OPEN | SILENT) for low, high, bits in covered if not bits & FOLLOWED]
    silent = [
        (low, high, _VENDOR_OPEN) for low, high, bits in joined(output.low, output.high, layers) if not classes_of(bits)
    ]
    return [*layers, *open_, *silent]


def _classes(letters: str) -> Account:
    account = 0
    for letter in letters:
        account |= origin(letter) if letter in "CPHGA" else _VENDOR_OPEN  # type: ignore[arg-type]
    return account | (used(AiUse.GENERATIVE) if "G" in letters else 0)
