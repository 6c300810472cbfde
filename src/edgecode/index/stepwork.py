"""What a step and its inputs add to the frames of one output, as layers to be joined."""

from collections.abc import Mapping

from edgecode.index.alignment import Extent, carried, leaves_open, mapped
from edgecode.index.making import Making, StepDetail
from edgecode.index.pieces import FOLLOWED, Span, Spread, joined
from edgecode.index.steps import MOVES_TIME
from edgecode.terms.evidence import AiUse, Reason
from edgecode.terms.origins import NEEDS_INPUTS, Account, classes_of, origin, unaccounted, used
from edgecode.terms.steps import InputRole, StepKind

_DANGLING = unaccounted(Reason.DANGLING_PARENT)
_VENDOR_OPEN = unaccounted(Reason.VENDOR_OPEN)


def step_spans(made: Making, step: int, output: Extent, spreads: Mapping[int, Spread]) -> list[Span]:
    """The layers of a step over its output's frames: itself, its followed inputs, and what it leaves open."""
    detail = made.detail(step)
    layers = [(output.low, output.high, detail.account), *input_spans(made, step, output, spreads)]
    if detail.kind is StepKind.VENDOR:
        layers = _vendor(detail, output, layers)
    elif detail.kind in NEEDS_INPUTS:
        layers += _left_open(output, layers)
    return layers


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
    return [*layers, (output.low, output.high, even)] if even else layers


def _left_open(output: Extent, layers: list[Span]) -> list[Span]:
    """Frames that no input reaches, of a step that adds nothing itself."""
    reach = joined(output.low, output.high, layers)
    return [(low, high, _DANGLING) for low, high, bits in reach if not bits & FOLLOWED]


def _vendor(detail: StepDetail, output: Extent, layers: list[Span]) -> list[Span]:
    """A vendor's return explains the frames that it covers, as far as it says classes or brings accounted inputs."""
    covers = detail.covers
    if covers is None:
        covers = ((output.low, output.high),) if detail.origins or detail.inputs else ()
    elif output.first is None and covers:
        covers = ((output.low, output.high),)
    declared = _classes(detail.origins)
    covered = joined(output.low, output.high, [(low, high, FOLLOWED | declared) for low, high in covers])
    layers = [*layers, *((low, high, bits & ~FOLLOWED) for low, high, bits in covered)]
    open_ = [(low, high, _VENDOR_OPEN) for low, high, bits in covered if not bits & FOLLOWED]
    silent = [
        (low, high, _VENDOR_OPEN) for low, high, bits in joined(output.low, output.high, layers) if not classes_of(bits)
    ]
    return [*layers, *open_, *silent]


def _classes(letters: str) -> Account:
    account = 0
    for letter in letters:
        account |= origin(letter) if letter in "CPHGA" else _VENDOR_OPEN  # type: ignore[arg-type]
    return account | (used(AiUse.GENERATIVE) if "G" in letters else 0)
