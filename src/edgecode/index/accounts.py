"""What versions are made of, frame by frame: the accounts of everything behind them, joined along picture, sound and reference.

Two halves: `making` gathers each version behind the asked ones once, a frontier at a time; here each account is computed once,
inputs before outputs. Ids are nearly in that order, because makers are usually recorded before users; where they are not, a
walk goes deeper first. What explains a version, the first that holds:

1. its own step (the best recorded: done, strongest grade); a further done step that says otherwise makes it `ambiguous`;
2. steps of versions with the same content; if they say different classes, `ambiguous`;
3. an answer in force that names the version (for a version that was only referred to: also one that names its content);
4. nothing: `no-step`, or `dangling-parent` for a version that was referred to and never seen.

Unknown things are bits that are joined like any other, so nothing unknown can be lost on the way.
"""

from collections.abc import Iterable

from msgspec import Struct

from edgecode.index.alignment import NO_FRAMES, Extent, leaves_open
from edgecode.index.making import Making, gather
from edgecode.index.pieces import FOLLOWED, HOLE, OUTSIDE, Span, Spread, joined, reached, settled, spans_of, whole
from edgecode.index.stepwork import input_spans, step_spans
from edgecode.index.store import IndexStore
from edgecode.terms.evidence import AiUse, Grade, Reason
from edgecode.terms.origins import NEEDS_INPUTS, Account, classes_of, reasons_of, step_account, unaccounted
from edgecode.terms.steps import StepKind

_DANGLING = unaccounted(Reason.DANGLING_PARENT)
_AMBIGUOUS = unaccounted(Reason.AMBIGUOUS)
_NO_STEP = unaccounted(Reason.NO_STEP)


class Piece(Struct, frozen=True):
    """What frames *first* up to *end* of a version are made of, in the version's own frame numbers; None is an open end."""

    first: int | None
    end: int | None
    account: Account


def accounts(store: IndexStore, versions: Iterable[int]) -> dict[int, tuple[Piece, ...]]:
    """The account of every asked version, as pieces in frame order that cover all frames from open end to open end.

    Frames that a sequence or video does not have are `range-outside`. A version without frame numbers has one piece.
    """
    asked = list(dict.fromkeys(versions))
    made = gather(store, asked)
    spreads = _computed(made)
    return {version: _pieces(made, version, spreads[version]) for version in asked if version in spreads}


def joined_account(pieces: Iterable[Piece]) -> Account:
    """One account for all frames that a version has."""
    account = 0
    for piece in pieces:
        if piece.account != OUTSIDE:
            account |= piece.account
    return account


def _pieces(made: Making, version: int, spread: Spread) -> tuple[Piece, ...]:
    extent = made.extent(version)
    if extent.first is None or extent.end is None:
        return (Piece(None, None, whole(spread)),)
    spans = spans_of(spread, extent.first, extent.end)
    inside = (Piece(first, end, account & ~HOLE) for first, end, account in spans)
    return (Piece(None, extent.first, OUTSIDE), *inside, Piece(extent.end, None, OUTSIDE))


def _computed(made: Making) -> dict[int, Spread]:
    spreads: dict[int, Spread] = {}
    known, plain, loose, inputs, frames = spreads.get, made.plain, made.loose, made.followed, made.frames
    for version in sorted(made.nodes):
        if version in spreads:
            continue
        account = plain.get(version)
        if account is not None:
            # Nearly every version takes this way: one step without maps, inputs known and the same over all their frames.
            mine = frames[version] if version not in loose else NO_FRAMES
            for source in inputs[version]:
                spread = known(source)
                if spread.__class__ is not int:
                    break
                theirs = frames[source]
                if theirs is not mine and leaves_open(mine, theirs):
                    break
                account |= spread
            else:
                spreads[version] = account
                continue
        _deeper_first(made, version, spreads)
    return spreads


def _deeper_first(made: Making, version: int, spreads: dict[int, Spread]) -> None:
    """Compute *version* after everything it needs. Recorded steps form no cycle and twins in a cycle were cut (`making`)."""
    stack, opened = [version], set()
    while stack:
        current = stack[-1]
        missing = [needed for needed in made.needs(current) if needed not in spreads]
        if current in spreads or (missing and current in opened):
            # Needed by itself after all: a damaged index. What it rests on is unknown, and says so.
            spreads.setdefault(current, _DANGLING)
            stack.pop()
        elif missing:
            opened.add(current)
            stack += missing
        else:
            spreads[current] = _account_of(made, current, spreads)
            stack.pop()


def _account_of(made: Making, version: int, spreads: dict[int, Spread]) -> Spread:
    extent = made.extent(version)
    step = made.step(version)
    if step is None:
        layers = _explained(made, version, spreads)
    else:
        layers = step_spans(made, step, extent, spreads)
        said = [layers, *(step_spans(made, other, extent, spreads) for other in made.others(version))]
        if _disagree([_union(one) for one in said]):
            layers = [*layers, (extent.low, extent.high, _AMBIGUOUS)]
    spans = [(low, high, bits & ~FOLLOWED) for low, high, bits in joined(extent.low, extent.high, layers)]
    return settled(_with_holes(spans, made.holes(version), extent.low, extent.high) if made.holes(version) else spans)


def _explained(made: Making, version: int, spreads: dict[int, Spread]) -> list[Span]:
    """The layers of a version that no step of its own explains. Inputs of an import or a failed step count in any case."""
    extent = made.extent(version)
    unexplaining = made.others(version, explaining=False)
    brought_in = [span for step in unexplaining for span in input_spans(made, step, extent, spreads)]
    alike = [_same_frames(made, version, twin, spreads) for twin in made.twins(version)]
    alike += [_one_frame(made, holder, frame, extent, spreads) for holder, frame in made.frames_of(version)]
    if alike:
        # A twin that is itself unexplained says nothing against one that is explained.
        known = [layer for layer in alike if not reasons_of(_union(layer))] or alike
        ambiguous = _AMBIGUOUS if _disagree([_union(layer) for layer in known]) else 0
        return [*brought_in, *(span for layer in known for span in layer), (extent.low, extent.high, ambiguous)]
    answer = made.answer(version)
    if answer is not None:
        return [*brought_in, (extent.low, extent.high, declared_account(*answer))]
    failed = [span for step in unexplaining for span in step_spans(made, step, extent, spreads)]
    return [*failed, (extent.low, extent.high, _NO_STEP if made.was_seen(version) else _DANGLING)]


def declared_account(kind: StepKind, ai: AiUse | None) -> Account:
    """What an answer's words are worth: declared, and open where the kind of step says nothing without its inputs."""
    account = step_account(kind, grade=Grade.DECLARED, ai=ai)
    if kind in NEEDS_INPUTS:
        account |= _DANGLING
    return account | (unaccounted(Reason.VENDOR_OPEN) if kind is StepKind.VENDOR else 0)


def _same_frames(made: Making, version: int, twin: int, spreads: dict[int, Spread]) -> list[Span]:
    """The account of the same bytes under another name: frame by frame where both count frames alike."""
    extent, other, spread = made.extent(version), made.extent(twin), spreads.get(twin, _DANGLING)
    if (extent.first, extent.end) == (other.first, other.end):
        return list(spans_of(spread, extent.low, extent.high))
    return [(extent.low, extent.high, whole(spread))]


def _one_frame(made: Making, holder: int, frame: int, extent: Extent, spreads: dict[int, Spread]) -> list[Span]:
    """The account of a single file that is one frame of a known sequence."""
    source = made.extent(holder)
    spans = spans_of(spreads.get(holder, _DANGLING), source.low, source.high)
    return [(extent.low, extent.high, reached(spans, frame, frame + 1))]


def _union(layer: list[Span]) -> Account:
    return whole(tuple(layer))


def _disagree(said: list[Account]) -> bool:
    """Whether records of one thing name different classes of origin."""
    return len({classes_of(account) for account in said}) > 1


def _with_holes(spans: list[Span], holes: list[tuple[int, int]], first: int, end: int) -> list[Span]:
    absent = joined(first, end, [(low, high, HOLE) for low, high in holes])
    over = joined(first, end, [*spans, *absent])
    return [(low, high, OUTSIDE | HOLE if bits & HOLE else bits) for low, high, bits in over]
