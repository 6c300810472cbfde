"""What versions are made of, frame by frame: the accounts of everything behind them, joined along picture, sound and reference.

Two halves: `making` gathers each version behind the asked ones once, a frontier at a time; here each account is computed once,
inputs before outputs. Ids are nearly in that order, because makers are usually recorded before users; where they are not, a
walk goes deeper first. What explains a frame of a version:

1. every recorded step of its bytes, joined (`sayings`): of the version, of versions with the same content, of a sequence that
   holds them as a frame; where they name different classes of origin, `ambiguous`;
2. where none speaks, an answer in force that names the version (for a version that was never seen: also one that names its content);
3. nothing: `no-step`, or `dangling-parent` for a version that was referred to and never seen.

Unknown things are bits that are joined like any other, so nothing unknown can be lost on the way.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from edgecode.index.alignment import NO_FRAMES, leaves_open
from edgecode.index.making import Making, gather, only_growing
from edgecode.index.pieces import FOLLOWED, HOLE, OUTSIDE, SILENT, Span, Spread, joined, settled, spans_of, whole
from edgecode.index.sayings import declared_account as declared_account
from edgecode.index.sayings import joined_sayings, unexplained
from edgecode.index.stepwork import step_spans
from edgecode.index.store import IndexStore
from edgecode.terms.evidence import Reason
from edgecode.terms.origins import Account, is_generated, is_open, unaccounted

_DANGLING = unaccounted(Reason.DANGLING_PARENT)


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
    with only_growing():
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
    known, plain, loose, inputs, frames, aside = (
        spreads.get,
        made.plain,
        made.loose,
        made.followed,
        made.frames,
        made.aside,
    )
    for version in sorted(made.nodes):
        if version in spreads:
            continue
        account = plain.get(version)
        if account is not None and (version not in aside or _are_harmless(aside[version], spreads)):
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


def _are_harmless(sources: tuple[int, ...], spreads: dict[int, Spread]) -> bool:
    """Whether control and tool inputs are computed already and no generative model is known to have made any."""
    found = [spreads.get(source) for source in sources]
    return all(isinstance(spread, int) and not is_generated(spread) for spread in found)


def _deeper_first(made: Making, version: int, spreads: dict[int, Spread]) -> None:
    """Compute *version* after everything it needs; versions that need each other by equal bytes together (`making`)."""
    stack, opened = [version], set()
    while stack:
        current = stack[-1]
        circle = made.circle(current)
        members = circle or (current,)
        missing = [one for member in members for one in made.needs(member) if one not in spreads and one not in circle]
        if current in spreads or (missing and current in opened):
            # Needed by itself after all: a damaged index. What it rests on is unknown, and says so.
            spreads.setdefault(current, _DANGLING)
            stack.pop()
        elif missing:
            opened.add(current)
            stack += missing
        else:
            spreads.update(
                _in_circle(made, circle, spreads) if circle else {current: _account_of(made, current, spreads)}
            )
            stack.pop()


def _in_circle(made: Making, circle: frozenset[int], spreads: dict[int, Spread]) -> dict[int, Spread]:
    """Accounts of versions that rest on each other: the least that says everything said of any of them, whole versions at a time.

    What nothing outside of the circle explains stays open: content is not explained by its own copy.
    """
    found: dict[int, Spread] = {**spreads, **dict.fromkeys(circle, 0)}
    for judged in (False, True):
        # First everything that is said, then what follows from contradictions and silence: so the order of members cannot matter.
        while True:
            before = {member: found[member] for member in circle}
            after = {member: whole(_account_of(made, member, found, judged=judged)) for member in sorted(circle)}
            found.update({member: whole(before[member]) | account for member, account in after.items()})
            if before == {member: found[member] for member in circle}:
                break
    return {member: _account_of(made, member, found) for member in circle}


def _account_of(made: Making, version: int, spreads: Mapping[int, Spread], *, judged: bool = True) -> Spread:
    """*judged* False: what the records say, without the reasons that contradiction and silence give."""
    extent, step, holes = made.extent(version), made.step(version), made.holes(version)
    if step is None or made.is_spoken_of(version):
        layers = joined_sayings(made, version, spreads, judged=judged)
    else:
        layers = step_spans(made, step, extent, spreads, version=version)
    spans = [(low, high, bits & ~(FOLLOWED | SILENT)) for low, high, bits in joined(extent.low, extent.high, layers)]
    if judged:
        open_ = unexplained(made, version)
        spans = [(low, high, bits | open_ if is_open(bits) else bits) for low, high, bits in spans]
    return settled(_with_holes(spans, holes, extent.low, extent.high) if holes else spans)


def _with_holes(spans: list[Span], holes: list[tuple[int, int]], first: int, end: int) -> list[Span]:
    absent = joined(first, end, [(low, high, HOLE) for low, high in holes])
    over = joined(first, end, [*spans, *absent])
    return [(low, high, OUTSIDE | HOLE if bits & HOLE else bits) for low, high, bits in over]
