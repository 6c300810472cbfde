"""How far turnovers are answered, as the contracts turnovers/1 and turnover/1, and as text."""

from collections.abc import Sequence

from msgspec import Struct

from edgecode.answers.layout.columns import counted
from edgecode.answers.layout.sheets import Sheet, cell
from edgecode.events.door_kinds import AskedFrames, TurnoverReturned, TurnoverSent
from edgecode.index.accounts import Piece, accounts
from edgecode.index.catalogue import version
from edgecode.index.rights import Kept, rights
from edgecode.index.store import IndexStore
from edgecode.index.withdrawn import is_withdrawn
from edgecode.terms.frame_spans import FrameSpans, count, lacking, said_spans, shared, spans
from edgecode.terms.origins import letter_of, reasons_of

Spans = tuple[tuple[int, int], ...]


class TurnoverLine(Struct, frozen=True):
    """One asked range. Spans are half open, in frames of the *version* or, with a *clip*, of the cut. *answered*: what stands: in a return
    that was not taken back, and not left open by the record all the same. *open*: asked and not answered. *unaccounted*: of those asked,
    what the record leaves open, and why (*reasons*); None: no version is known."""

    row: int
    shot: str
    version: str
    clip: str
    asked: Spans
    answered: Spans
    open: Spans
    unaccounted: Spans | None
    reasons: tuple[str, ...]


class TurnoverCounts(Struct, frozen=True):
    """A turnover in figures. Frames asked twice count once. *answered*, *open*: as in `TurnoverLine`. How many returns came: *forms*
    and *logs*; the same file twice is one."""

    turnover: str
    number: str
    due: str
    asked: int
    answered: int
    open: int
    forms: int
    logs: int


class TurnoversAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.turnovers/1"):
    """Every turnover, oldest first."""

    turnovers: tuple[TurnoverCounts, ...]


class TurnoverAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.turnover/1"):
    """One turnover, row by row."""

    counts: TurnoverCounts
    rows: tuple[TurnoverLine, ...]


def turnovers(store: IndexStore) -> list[Kept]:
    """The turnovers that were sent, oldest first."""
    return rights(store, TurnoverSent)


def returns_of(store: IndexStore, turnover: str) -> list[TurnoverReturned]:
    """The returns for a turnover, oldest first."""
    events = [one.event for one in rights(store, TurnoverReturned)]
    return [one for one in events if isinstance(one, TurnoverReturned) and one.fact.turnover == turnover]


def by_what(asked: Sequence[AskedFrames]) -> dict[str, FrameSpans]:
    """Asked frames by the version or clip that they are frames of, each once."""
    found: dict[str, list[tuple[int, int]]] = {}
    for one in asked:
        found.setdefault(one.version or one.clip, []).append((one.first, one.end))
    return {what: spans(pairs) for what, pairs in found.items()}


def counts_of(store: IndexStore, sent: TurnoverSent) -> TurnoverCounts:
    """A turnover in figures."""
    fact, returned = sent.fact, _files(returns_of(store, sent.fact.turnover))
    asked = by_what(fact.asks)
    total = sum(map(count, asked.values()))
    said = sum(map(count, standing(store, sent).values()))
    forms = sum(1 for one in returned if one.fact.form == "form")
    number = sent.place.number if sent.place is not None else ""
    return TurnoverCounts(fact.turnover, number, fact.due, total, said, total - said, forms, len(returned) - forms)


def standing(store: IndexStore, sent: TurnoverSent) -> dict[str, FrameSpans]:
    """The asked frames, by version or clip, that a return accounts for and that still are: steps that were taken back answer nothing, nor
    do frames that the record leaves open all the same, above all where answers contradict each other."""
    answered: list[AskedFrames] = []
    for one in _files(returns_of(store, sent.fact.turnover)):
        taken_back = [is_withdrawn(store, step) for step in one.fact.steps]
        # Which step closed a clip's frames is not in the event: with one of them taken back, none of its clips counts.
        is_whole, stands = not any(taken_back), not all(taken_back)
        answered += [each for each in one.fact.answered if (stands if each.version else is_whole)]
    said = by_what(answered)
    clips = {one.clip for one in sent.fact.asks if not one.version}
    found = {}
    for what, asked in by_what(sent.fact.asks).items():
        here = shared(asked, said.get(what, ()))
        found[what] = here if what in clips else lacking(here, left_open(store, what, here)[0])
    return found


def left_open(store: IndexStore, key: str, frames: FrameSpans) -> tuple[FrameSpans, set[str]]:
    """Which of the *frames* of a version the record leaves unaccounted for, and why; all of them for a version that it does not know."""
    if not frames:
        return (), set()
    known = version(store, key)
    if known is None:
        return frames, set()
    return open_pieces(accounts(store, [known.id]).get(known.id, ()), frames)


def lines_of(store: IndexStore, sent: TurnoverSent) -> list[TurnoverLine]:
    """Every asked range, with what came and what the record makes of it."""
    answered = standing(store, sent)
    shots = sent.place.shots if sent.place is not None else ()
    found = []
    for number, one in enumerate(sent.fact.asks):
        asked = spans([(one.first, one.end)])
        said = shared(asked, answered.get(one.version or one.clip, ()))
        open_, reasons = _unaccounted(store, one)
        shot = shots[number] if number < len(shots) else ""
        found.append(
            TurnoverLine(
                number + 1,
                shot,
                one.version,
                one.clip,
                asked,
                said,
                lacking(asked, said),
                open_,
                tuple(sorted(reasons)),
            )
        )
    return found


def turnovers_sheet(rows: Sequence[TurnoverCounts]) -> Sheet:
    """The list of turnovers for a terminal and CSV."""
    columns = ("Turnover", "Due", "Asked", "Answered", "Open", "Returns", "Record")
    lines = tuple(
        (
            cell(one.number),
            one.due or "no day",
            str(one.asked),
            str(one.answered),
            str(one.open),
            f"{counted(one.forms, 'form')}, {counted(one.logs, 'log')}",
            one.turnover,
        )
        for one in rows
    )
    return Sheet("TURNOVERS", columns, lines)


def turnover_sheet(answer: TurnoverAnswer) -> Sheet:
    """One turnover for a terminal and CSV."""
    columns = ("No.", "Shot", "Counted in", "Asked", "Answered", "Open", "Unaccounted", "Why")
    lines = tuple(
        (
            str(one.row),
            cell(one.shot),
            "file" if one.version else "cut",
            said_spans(one.asked),
            said_spans(one.answered) or "none",
            said_spans(one.open) or "none",
            "no file known" if one.unaccounted is None else said_spans(one.unaccounted) or "none",
            ", ".join(one.reasons) or "none",
        )
        for one in answer.rows
    )
    each = answer.counts
    head = (
        f"{counted(each.asked, 'frame')} asked, {each.answered:,} answered, {each.open:,} open"
        + (f"   due {each.due}" if each.due else ""),
    )
    return Sheet(f"TURNOVER {each.number}", columns, lines, head=head)


def open_pieces(pieces: Sequence[Piece], asked: FrameSpans) -> tuple[FrameSpans, set[str]]:
    """The frames of *asked* that an account leaves open, and why. What has no frame numbers is frame 0."""
    found: list[tuple[int, int]] = []
    reasons: set[str] = set()
    for piece in pieces:
        low = asked[0][0] if piece.first is None else piece.first
        high = asked[-1][1] if piece.end is None else piece.end
        here = shared(asked, spans([(low, high)]))
        if here and letter_of(piece.account) == "U":
            found += here
            reasons |= {reason.value for reason in reasons_of(piece.account)}
    return spans(found), reasons


def _unaccounted(store: IndexStore, one: AskedFrames) -> tuple[FrameSpans | None, set[str]]:
    if not one.version or version(store, one.version) is None:
        return None, set()
    return left_open(store, one.version, spans([(one.first, one.end)]))


def _files(returned: Sequence[TurnoverReturned]) -> list[TurnoverReturned]:
    """Each file once, as it was taken the last time: given again after a clip was matched or a step taken back, it says something else."""
    last = {one.bytes.sha256 if one.bytes is not None else one.fact.returned: one for one in returned}
    return list(last.values())
