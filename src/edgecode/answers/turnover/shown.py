"""How far turnovers are answered, as the contracts turnovers/1 and turnover/1, and as text."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from edgecode.answers.columns import counted
from edgecode.answers.sheets import Sheet, cell
from edgecode.events.door_kinds import AskedFrames, TurnoverReturned, TurnoverSent
from edgecode.index.accounts import Piece, accounts
from edgecode.index.catalogue import version
from edgecode.index.rights import Kept, rights
from edgecode.index.store import IndexStore
from edgecode.terms.frame_spans import FrameSpans, count, lacking, said_spans, shared, spans
from edgecode.terms.origins import letter_of, reasons_of

Spans = tuple[tuple[int, int], ...]


class TurnoverLine(Struct, frozen=True):
    """One asked range. Spans are half open, in frames of the *version* or, with a *clip*, of the cut. *open*: asked and in no return.
    *unaccounted*: of those asked, what the record leaves open, answered or not, and why (*reasons*); None: no version is known."""

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
    """A turnover in figures. Frames that are asked twice count once. *returns*: how many came, *forms* and *logs*."""

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
    fact, returned = sent.fact, returns_of(store, sent.fact.turnover)
    asked, answered = by_what(fact.asks), _answered(returned)
    total = sum(map(count, asked.values()))
    said = sum(count(shared(one, answered.get(what, ()))) for what, one in asked.items())
    forms = sum(1 for one in returned if one.fact.form == "form")
    number = sent.place.number if sent.place is not None else ""
    return TurnoverCounts(fact.turnover, number, fact.due, total, said, total - said, forms, len(returned) - forms)


def lines_of(store: IndexStore, sent: TurnoverSent) -> list[TurnoverLine]:
    """Every asked range, with what came and what the record makes of it."""
    answered = _answered(returns_of(store, sent.fact.turnover))
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
    known = version(store, one.version) if one.version else None
    if known is None:
        return None, set()
    return open_pieces(accounts(store, [known.id]).get(known.id, ()), spans([(one.first, one.end)]))


def _answered(returned: Sequence[TurnoverReturned]) -> Mapping[str, FrameSpans]:
    return by_what([one for each in returned for one in each.fact.answered])
